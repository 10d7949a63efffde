/// An attachment as received, or to be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Identifier inside the packet, without `cid:`.
    pub content_id: String,
    /// File name, without folders and control characters.
    pub name: String,
    /// Description.
    pub description: String,
    /// The type the sender claims. Never to be trusted; when sending, what the packet will claim.
    pub declared_type: String,
    /// The type by the bytes. Not used when sending.
    pub content_type: String,
    /// Size in bytes, decoded and unwrapped. Not used when sending.
    pub bytes: u64,
    /// SHA-256 of those bytes in lower-case hexadecimal. Not used when sending.
    pub sha256: String,
    /// Whether the packet wrapped the file in a one-entry ZIP. Not used when sending.
    pub unwrapped: bool,
}

/// What is known of an attachment when its bytes begin. Element order is free, so any text may still be empty;
/// the full data is in [`Attachment`] at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttachmentHead {
    /// Position among the attachments, from 0; also the position of its sink.
    pub index: usize,
    /// Identifier inside the packet, without `cid:`.
    pub content_id: String,
    /// File name, without folders and control characters.
    pub name: String,
}

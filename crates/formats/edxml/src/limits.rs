/// What one packet may cost us. Anything beyond is quarantined, so memory stays flat whatever arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole packet.
    pub total_bytes: u64,
    /// Bytes of everything that is not attachment content (elements, fields, signature).
    pub header_bytes: u64,
    /// `To` elements.
    pub recipients: usize,
    /// Entries of all other lists together (trace headers, replies, places, receivers, replacements).
    pub list_items: usize,
    /// Attachments, and references in the manifest.
    pub attachments: usize,
    /// Bytes of one attachment, decoded and, where it was a one-entry ZIP, unwrapped.
    pub attachment_bytes: u64,
    /// Bytes of one field; values above 256 KiB, the largest single tag or text, have no effect.
    pub field_bytes: usize,
    /// Nested elements.
    pub depth: usize,
    /// Largest ZIP held in memory to see whether it wraps a single file; a larger one is streamed as it is.
    pub zip_spool_bytes: usize,
    /// Largest expansion (unwrapped bytes for one packed byte) once more than 1 MiB came out.
    pub zip_ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total_bytes: 256 << 20,
            header_bytes: 16 << 20,
            recipients: 10_000,
            list_items: 10_000,
            attachments: 100,
            attachment_bytes: 128 << 20,
            field_bytes: 32 << 10,
            depth: 32,
            zip_spool_bytes: 16 << 20,
            zip_ratio: 200,
        }
    }
}

use std::fmt;

/// What a call of this crate answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was not signed, or a signature not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The stable reason.
    pub reason: Reason,
    /// What exactly; for logs, in English, may hold text of the document.
    pub detail: String,
}

/// The reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Not XML, or XML with a DTD.
    NotXml,
    /// Larger, deeper or with more nodes than the limits let in.
    TooLarge,
    /// There is no signature.
    Absent,
    /// More than one signature, or one inside another.
    Several,
    /// Not of the profile: an element, attribute, transform or reference that it does not have.
    Profile,
    /// An algorithm that is not taken, or a key that is not.
    Algorithm,
    /// Two elements with one identifier.
    DoubleId,
    /// The certificate cannot be read, or is not the one that was signed.
    Certificate,
    /// A digest is not that of what it names.
    Digest,
    /// The signature is not that of the key over what it signs.
    Signature,
    /// The signer did not sign.
    Signer,
}

impl Reason {
    /// The stable machine key.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotXml => "not_xml",
            Self::TooLarge => "too_large",
            Self::Absent => "absent",
            Self::Several => "several",
            Self::Profile => "profile",
            Self::Algorithm => "algorithm",
            Self::DoubleId => "double_id",
            Self::Certificate => "certificate",
            Self::Digest => "digest",
            Self::Signature => "signature",
            Self::Signer => "signer",
        }
    }
}

impl Error {
    /// An error with its detail.
    pub fn new(reason: Reason, detail: impl fmt::Display) -> Self {
        Self { reason, detail: detail.to_string() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail.as_str() {
            "" => f.write_str(self.reason.code()),
            detail => write!(f, "{}: {detail}", self.reason.code()),
        }
    }
}

impl std::error::Error for Error {}

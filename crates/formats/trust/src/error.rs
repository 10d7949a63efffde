//! Why something is not trusted.

use std::fmt;

/// What a call of this crate answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something could not be made or is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// It cannot be read: which part of it.
    Damaged(&'static str),
    /// It is larger than the limit.
    TooLarge,
    /// A name that no node may have.
    Name,
    /// The signature does not belong to these bytes.
    Signature,
    /// Somebody else than the authority issued or signed it.
    Stranger,
    /// It is not valid yet, or no longer.
    OutOfTime,
    /// It was revoked.
    Revoked,
    /// A newer one was seen before.
    Older,
    /// It does not continue what was seen before.
    OtherHistory,
    /// It could not be made.
    Unmade,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Error::Damaged(part) => return write!(f, "{part} cannot be read"),
            Error::TooLarge => "it is larger than the limit",
            Error::Name => "no node may have this name: small letters, digits and hyphens, at most 40",
            Error::Signature => "the signature is wrong",
            Error::Stranger => "it is not of the authority that is trusted",
            Error::OutOfTime => "it is not valid yet, or no longer",
            Error::Revoked => "it was revoked",
            Error::Older => "a newer one was seen before",
            Error::OtherHistory => "it does not continue what was seen before",
            Error::Unmade => "it could not be made",
        })
    }
}

impl std::error::Error for Error {}

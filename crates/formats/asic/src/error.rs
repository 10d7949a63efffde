use std::fmt;

/// What a call of this crate answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a container was not written or not read.
#[derive(Debug)]
pub enum Error {
    /// The source or the output failed.
    Io(std::io::Error),
    /// No ZIP, or one that is damaged.
    Damaged(String),
    /// Not laid out as a container is.
    Layout(String),
    /// More than the limits let in.
    TooLarge,
    /// A signature is not right, or not of what is there.
    Signature(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Damaged(what) => write!(f, "damaged: {what}"),
            Self::Layout(what) => write!(f, "layout: {what}"),
            Self::TooLarge => f.write_str("too large"),
            Self::Signature(what) => write!(f, "signature: {what}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<zip::result::ZipError> for Error {
    fn from(error: zip::result::ZipError) -> Self {
        match error {
            zip::result::ZipError::Io(error) => Self::Io(error),
            error => Self::Damaged(error.to_string()),
        }
    }
}

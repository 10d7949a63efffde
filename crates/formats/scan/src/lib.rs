#![doc = include_str!("../README.md")]

mod jpeg;
mod pdf;
mod picture;
mod tiff;

pub use pdf::pdf;

/// How much is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Pictures in one PDF.
    pub pictures: usize,
    /// Bytes of one picture.
    pub bytes: usize,
    /// Points of one picture, its width times its height.
    pub points: u64,
}

impl Default for Limits {
    /// A telephone's picture has 12 million points, an A4 page at 600 dpi has 35.
    fn default() -> Limits {
        Limits { pictures: 50, bytes: 32 << 20, points: 64_000_000 }
    }
}

/// Why pictures are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is no JPEG, PNG or TIFF, or of a sort that is not taken.
    Kind,
    /// It ends too early, or is damaged.
    Broken,
    /// It has too many points.
    Points,
    /// It has too many bytes.
    Bytes,
    /// There are too many pictures, or none.
    Number,
}

impl Reason {
    /// Its code; it never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Reason::Kind => "picture_kind",
            Reason::Broken => "picture_broken",
            Reason::Points => "picture_points",
            Reason::Bytes => "picture_bytes",
            Reason::Number => "picture_number",
        }
    }
}

/// What stopped the writing.
#[derive(Debug)]
pub enum Error {
    /// A picture is not taken: which one, counted from 1, and why.
    Refused(usize, Reason),
    /// Reading or writing failed.
    Io(std::io::Error),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Refused(at, reason) => write!(f, "picture {at}: {}", reason.code()),
            Error::Io(cause) => cause.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(cause: std::io::Error) -> Error {
        Error::Io(cause)
    }
}

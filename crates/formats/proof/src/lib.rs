#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod entry;
mod file;
mod judge;
mod merkle;
mod seal;
mod verify;

pub use entry::{Direction, Entry};
pub use file::{Proof, Signed, write};
pub use merkle::{Hash, Tree, path, root_of};
pub use seal::{REFERENCES, Seal};
pub use verify::{Cause, Deed, Fault, verify};

/// Lower-case hexadecimal of a SHA-256.
pub fn sha256(bytes: &[u8]) -> String {
    trust::hex(&trust::fingerprint(bytes))
}

#![doc = include_str!("../README.md")]

mod envelope;

pub use envelope::{Attachment, Document, Envelope, Party, Reference, Sealed, Signer, Status, Trace};

#![doc = include_str!("../README.md")]

mod envelope;
pub mod events;
pub mod packet;
pub mod print;
mod questions;
mod reading;
pub mod signing;

pub use envelope::{
    Attachment, Business, Document, Envelope, Party, Reference, Replace, Sealed, Signer, Status, Trace,
    Update,
};
pub use questions::{DocumentFacts, FiledFile, IncomingFacts, OutgoingFacts};
pub use reading::{BeingRead, ReadPage, ReadWord, ToRead, WereRead};

#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod canonical;
pub mod detached;
mod document;
pub mod enveloped;
mod error;
mod key;
mod names;
mod read;
mod value;
mod write;

pub use canonical::canonical;
pub use document::Limits;
pub use error::{Error, Reason, Result};
pub use key::{Sign, Signer};

//! PDF signatures as PAdES lays them down (ETSI EN 319 142): signing, timestamps, augmentation, validation.
//!
//! Bytes go in, bytes come out. Every change is an incremental update, so earlier bytes – and earlier signatures –
//! stay as they are. The crate opens no file and no connection and knows no clock: the moment of signing, the
//! timestamp authority and the signing service are handed in. `README.md` states the invariants and the sources.
#![warn(missing_docs)]

pub mod cms;
mod error;
pub mod pdf;
pub mod sign;
pub mod signer;
pub mod timestamp;
pub mod trust;
pub mod verify;

pub use error::{Error, Reason, Result};

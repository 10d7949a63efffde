//! Signed messages (CMS, RFC 5652) with the attributes CAdES asks for.

mod algorithm;
mod build;
mod digest;
pub mod oids;
mod parsed;

pub use algorithm::Algorithm;
pub(crate) use build::{attributes, message, with_timestamp};
pub use digest::Digest;
pub(crate) use parsed::bad;
pub use parsed::{Message, parse};

//! Timestamps (RFC 3161) over signatures and documents, and what proves a signature for a long time: later
//! augmentation from PAdES B-B to B-T, B-LT and B-LTA.

mod add;
mod document;
mod evidence;
mod standing;
mod token;

use crate::Result;
pub use add::add_to_signature;
pub use document::add_to_document;
pub use evidence::{Evidence, add_evidence};
pub use standing::{Standing, standing};
pub(crate) use token::{TIMESTAMP_ROOM_BYTES, token};
pub use token::{checked, imprint, over};

/// A timestamp authority: gets an encoded request, posts it as `application/timestamp-query` and gives back the answer
/// as it came (RFC 3161, 3.4).
pub type Authority<'a> = dyn Fn(&[u8]) -> Result<Vec<u8>> + 'a;

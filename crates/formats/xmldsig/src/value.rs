//! Digests and other bytes, as XML holds them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest;

use crate::{Error, Reason, Result};

/// Bytes of a SHA-256.
pub(crate) const DIGEST: usize = 32;

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; DIGEST] {
    let mut value = [0; DIGEST];
    value.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    value
}

/// As text.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// From text, which may be broken into lines. One value has one text: spare bits are nothing.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>> {
    let text: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(text).map_err(|error| Error::new(Reason::Profile, error))
}

/// A digest from text.
pub(crate) fn decode_digest(text: &str) -> Result<[u8; DIGEST]> {
    let bytes = decode(text)?;
    bytes.try_into().map_err(|_| Error::new(Reason::Profile, "a digest of another length"))
}

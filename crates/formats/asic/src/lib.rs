#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod error;
mod read;
mod write;

pub use error::{Error, Result};
pub use read::{Container, Limits, Object};
pub use write::Writer;

const MIMETYPE: &str = "mimetype";
/// What the first entry says.
const MEDIA_TYPE: &str = "application/vnd.etsi.asic-e+zip";
const META: &str = "META-INF/";
const MANIFEST: &str = "META-INF/manifest.xml";

/// The label of a signature file: `META-INF/signatures-packet.xml` is `packet`.
fn label(name: &str) -> Option<&str> {
    name.strip_prefix("META-INF/signatures-")?.strip_suffix(".xml")
}

/// True for a name an object may have.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
            && !part.bytes().all(|byte| byte == b'.')
    };
    name.len() <= 255 && name.split('/').all(part)
}

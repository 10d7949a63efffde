//! The one-entry ZIP some senders wrap a file in.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::limits::Limits;
use crate::outcome::{Quarantine, Reason};

/// A real wrapper has one central header; more than this many, or more than random data would show, and the
/// archive is not even indexed, because an index of a million names would cost more memory than the file.
const MAX_CENTRAL_HEADERS: usize = 16;
/// Output below this is never a bomb, whatever the ratio: a blank page compresses a thousandfold.
const RATIO_FREE_BYTES: u64 = 1 << 20;

/// What a ZIP turned out to be.
pub(crate) enum Shape {
    /// One file: it was given to the sink.
    Unwrapped,
    /// Several entries, a folder or nothing: keep the ZIP.
    Bundle,
    /// Encrypted, damaged or packed in a way we do not read: keep the ZIP and say so.
    Unreadable(String),
}

/// Gives the only file in `bytes` to `sink`. The entry's name is ignored: the packet names the attachment.
pub(crate) fn unwrap_single(
    bytes: &[u8],
    limits: &Limits,
    sink: &mut dyn FnMut(&[u8]) -> Result<(), Quarantine>,
) -> Result<Shape, Quarantine> {
    if bytes.windows(4).filter(|window| *window == b"PK\x01\x02").count() > MAX_CENTRAL_HEADERS {
        return Ok(Shape::Bundle);
    }
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(error) => return Ok(Shape::Unreadable(error.to_string())),
    };
    if archive.len() != 1 {
        return Ok(Shape::Bundle);
    }
    let mut entry = match archive.by_index(0) {
        Ok(entry) if entry.is_dir() => return Ok(Shape::Bundle),
        Ok(entry) => entry,
        Err(error) => return Ok(Shape::Unreadable(error.to_string())),
    };
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let allowed = limits.attachment_bytes.min(packed.saturating_mul(limits.zip_ratio).max(RATIO_FREE_BYTES));
    let mut buffer = vec![0; 64 << 10];
    let mut total = 0_u64;
    loop {
        // The sizes in the headers are the sender's word; only what comes out counts.
        let count = entry
            .read(&mut buffer)
            .map_err(|error| Quarantine::new(Reason::AttachmentCorrupt, format!("one-entry ZIP: {error}")))?;
        let part = buffer.get(..count).unwrap_or_default();
        if part.is_empty() {
            return Ok(Shape::Unwrapped);
        }
        total = total.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        if total > allowed {
            return Err(Quarantine::new(Reason::ZipBomb, format!("{packed} bytes expand to over {allowed}")));
        }
        sink(part)?;
    }
}

//! The ZIP a document is: its parts, inflated within limits.

use crate::{Limits, Unreadable};
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// The first bytes of an OLE file: an older Word, or a DOCX behind a password.
const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// How an entry of the central directory begins.
const CENTRAL: &[u8] = b"PK\x01\x02";

/// An opened file.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    limits: &'a Limits,
}

impl<'a> Package<'a> {
    pub(crate) fn open(bytes: &'a [u8], limits: &'a Limits) -> Result<Package<'a>, Unreadable> {
        if bytes.starts_with(OLE) {
            return Err(Unreadable::OldOrLocked);
        }
        if !bytes.starts_with(b"PK") {
            return Err(Unreadable::NotDocx);
        }
        // Counted before the archive is indexed: an index of a million names costs more than the file.
        let entries = bytes.windows(CENTRAL.len()).filter(|window| *window == CENTRAL).count();
        if bytes.len() > limits.file_bytes || entries > limits.entries {
            return Err(Unreadable::TooLarge);
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
        Ok(Package { archive, limits })
    }

    /// A part as text; nothing when the file has none of that name.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<String>, Unreadable> {
        let part = match self.archive.by_name(name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::InvalidPassword) => return Err(Unreadable::OldOrLocked),
            Err(_) => return Err(Unreadable::Damaged),
        };
        let mut text = Vec::new();
        // The sizes in the headers are the sender's word; only what comes out counts.
        let read = part.take(self.limits.part_bytes.saturating_add(1)).read_to_end(&mut text);
        read.map_err(|_| Unreadable::Damaged)?;
        if u64::try_from(text.len()).unwrap_or(u64::MAX) > self.limits.part_bytes {
            return Err(Unreadable::TooLarge);
        }
        String::from_utf8(text).map(Some).map_err(|_| Unreadable::Damaged)
    }

    /// How many parts have a name that begins so.
    pub(crate) fn count(&self, beginning: &str) -> usize {
        self.archive.file_names().flatten().filter(|name| name.starts_with(beginning)).count()
    }
}

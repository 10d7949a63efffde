//! Attachment content on its way to the caller's sinks: counted, hashed, sniffed, unwrapped, never collected.
//!
//! The one exception is a ZIP: whether it wraps a single file shows only at its end, so it is held in memory up to
//! [`Limits::zip_spool_bytes`]. A larger ZIP is streamed as it is, with a warning.

use std::io::{self, Write};

use ring::digest::{Context, SHA256};

use crate::attachment::{Attachment, AttachmentHead};
use crate::limits::Limits;
use crate::outcome::{Quarantine, Reason, Warnings};
use crate::sniff::{self, HEAD_BYTES};
use crate::unzip::{self, Shape};

/// Bytes held before the first write, enough to tell a ZIP from the rest.
const HOLD_BYTES: usize = 4 << 10;

pub(crate) type Opener<'a, W> = &'a mut dyn FnMut(&AttachmentHead) -> io::Result<W>;

/// The content of one attachment.
pub(crate) struct Intake<W> {
    held: Vec<u8>,
    tap: Option<Tap<W>>,
    received: u64,
}

/// What happened to the content, with the sink it went to.
pub(crate) struct Settled<W> {
    pub(crate) sink: W,
    pub(crate) content_type: &'static str,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
    pub(crate) unwrapped: bool,
    pub(crate) macros: bool,
}

impl<W> Settled<W> {
    /// Completes what the elements said about the attachment, warns where bytes and name disagree or the bytes
    /// can run, and hands over the sink.
    pub(crate) fn complete(self, attachment: &mut Attachment, warnings: &mut Warnings) -> W {
        self.content_type.clone_into(&mut attachment.content_type);
        attachment.bytes = self.bytes;
        attachment.sha256 = self.sha256;
        attachment.unwrapped = self.unwrapped;
        let detail = format!("{} is {}", attachment.name, self.content_type);
        if self.bytes == 0 {
            warnings.add("attachment_empty", &attachment.name);
        } else if sniff::contradicts(self.content_type, &attachment.name) {
            warnings.add("attachment_type_mismatch", &detail);
        }
        if sniff::is_executable(self.content_type) {
            warnings.add("attachment_executable", &detail);
        }
        if self.macros {
            warnings.add("attachment_macro", &detail);
        }
        self.sink
    }
}

struct Tap<W> {
    sink: W,
    digest: Context,
    bytes: u64,
    head: Vec<u8>,
}

impl<W: Write> Tap<W> {
    fn open(head: &AttachmentHead, open: Opener<'_, W>) -> Result<Self, Quarantine> {
        let sink = open(head).map_err(|error| sink_failed(&error))?;
        Ok(Self { sink, digest: Context::new(&SHA256), bytes: 0, head: Vec::new() })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Quarantine> {
        let missing = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend_from_slice(bytes.get(..missing).unwrap_or(bytes));
        self.digest.update(bytes);
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.sink.write_all(bytes).map_err(|error| sink_failed(&error))
    }

    fn settle(mut self, name: &str, unwrapped: bool) -> Result<Settled<W>, Quarantine> {
        self.sink.flush().map_err(|error| sink_failed(&error))?;
        let content_type = sniff::content_type(&self.head, name);
        let macros = sniff::has_macros(&self.head);
        let sha256 = hex(self.digest.finish().as_ref());
        Ok(Settled { sink: self.sink, content_type, bytes: self.bytes, sha256, unwrapped, macros })
    }
}

impl<W: Write> Intake<W> {
    pub(crate) fn new() -> Self {
        Self { held: Vec::new(), tap: None, received: 0 }
    }

    /// Takes decoded bytes.
    pub(crate) fn push(
        &mut self,
        bytes: &[u8],
        head: &AttachmentHead,
        limits: &Limits,
        open: Opener<'_, W>,
    ) -> Result<(), Quarantine> {
        self.received = self.received.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.received > limits.attachment_bytes {
            let detail = format!("{}: over {} bytes", head.name, limits.attachment_bytes);
            return Err(Quarantine::new(Reason::AttachmentTooLarge, detail));
        }
        if let Some(tap) = &mut self.tap {
            return tap.write(bytes);
        }
        self.held.extend_from_slice(bytes);
        let hold = if is_zip(&self.held) { limits.zip_spool_bytes } else { HOLD_BYTES };
        if self.held.len() <= hold {
            return Ok(());
        }
        let mut tap = Tap::open(head, open)?;
        tap.write(&std::mem::take(&mut self.held))?;
        self.tap = Some(tap);
        Ok(())
    }

    /// The content is complete: decides about a held ZIP, now that the name is surely known.
    pub(crate) fn settle(
        self,
        head: &AttachmentHead,
        limits: &Limits,
        open: Opener<'_, W>,
        warnings: &mut Warnings,
    ) -> Result<Settled<W>, Quarantine> {
        let keeps_zip = sniff::extension(&head.name) == "zip";
        if let Some(tap) = self.tap {
            if is_zip(&tap.head) && !keeps_zip && sniff::content_type(&tap.head, &head.name) == sniff::ZIP {
                warnings.add("attachment_zip_kept", format!("{}: too large to unwrap", head.name));
            }
            return tap.settle(&head.name, false);
        }
        let mut tap = Tap::open(head, open)?;
        if is_zip(&self.held) && !keeps_zip {
            match unzip::unwrap_single(&self.held, limits, &mut |part| tap.write(part))? {
                Shape::Unwrapped => return tap.settle(&head.name, true),
                Shape::Bundle => {}
                Shape::Unreadable(why) => {
                    warnings.add("attachment_zip_kept", format!("{}: {why}", head.name));
                }
            }
        }
        tap.write(&self.held)?;
        // The names in a ZIP are repeated at its end, where the type shows when the first entry is large.
        let tail_at = self.held.len().saturating_sub(HEAD_BYTES).max(tap.head.len());
        tap.head.extend_from_slice(self.held.get(tail_at..).unwrap_or_default());
        tap.settle(&head.name, false)
    }
}

/// A file name without folders and control characters: the sender must not choose where anything lands.
pub(crate) fn clean_name(raw: &str) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|c| !c.is_control()).collect();
    match visible.trim() {
        "." | ".." => String::new(),
        name => name.to_owned(),
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

fn sink_failed(error: &io::Error) -> Quarantine {
    Quarantine::new(Reason::SinkFailed, error.to_string())
}

//! The byte source, metered: nothing behind it can buffer or read more than the limits allow.

use std::io::{self, BufRead, Read};

use crate::limits::Limits;
use crate::outcome::{Quarantine, Reason};

/// Most bytes one tag, text or comment may have. A field limit above it has no effect.
const PIECE_BYTES: usize = 256 << 10;
/// Most bytes handed out at once, however much the source holds: what bounds every buffer downstream.
const CHUNK_BYTES: usize = 64 << 10;

pub(crate) struct Meter<R> {
    inner: R,
    total_left: u64,
    header_left: u64,
    piece_left: usize,
    streaming: bool,
    tripped: Option<Quarantine>,
}

impl<R: BufRead> Meter<R> {
    pub(crate) fn new(inner: R, limits: &Limits) -> Self {
        Self {
            inner,
            total_left: limits.total_bytes,
            header_left: limits.header_bytes,
            piece_left: PIECE_BYTES,
            streaming: false,
            tripped: None,
        }
    }

    /// Starts the next tag, text or comment.
    pub(crate) fn next_piece(&mut self) {
        self.piece_left = PIECE_BYTES;
        self.streaming = false;
    }

    /// From here to the next piece bytes are attachment content: only the total counts.
    pub(crate) fn stream_content(&mut self) {
        self.streaming = true;
    }

    /// Why the last read failed, if it was here.
    pub(crate) fn take_trip(&mut self) -> Option<Quarantine> {
        self.tripped.take()
    }

    fn trip(&mut self, reason: Reason, detail: impl Into<String>) -> io::Error {
        self.tripped = Some(Quarantine::new(reason, detail));
        io::Error::other("stopped by the meter")
    }

    /// Bytes that may be read now, or why none may.
    fn allowed(&mut self) -> io::Result<usize> {
        let header_left = usize::try_from(self.header_left).unwrap_or(usize::MAX);
        match (self.streaming, self.piece_left, header_left) {
            (true, ..) => Ok(CHUNK_BYTES),
            (false, 0, _) => Err(self.trip(Reason::FieldTooLong, format!("over {PIECE_BYTES} bytes"))),
            (false, _, 0) => Err(self.trip(Reason::TooLarge, "the header")),
            (false, piece, header) => Ok(piece.min(header).min(CHUNK_BYTES)),
        }
    }
}

impl<R: BufRead> BufRead for Meter<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let allowed = self.allowed()?;
        let total_left = usize::try_from(self.total_left).unwrap_or(usize::MAX);
        // The borrow checker cannot see that an early return ends the borrow, so the length is taken first.
        let held = loop {
            match self.inner.fill_buf() {
                Ok(bytes) => break bytes.len(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.tripped = Some(Quarantine::new(Reason::SourceFailed, error.to_string()));
                    return Err(error);
                }
            }
        };
        if held > 0 && total_left == 0 {
            return Err(self.trip(Reason::TooLarge, "the packet"));
        }
        let bytes = self.inner.fill_buf()?;
        Ok(bytes.get(..held.min(allowed).min(total_left)).unwrap_or(bytes))
    }

    fn consume(&mut self, used: usize) {
        self.inner.consume(used);
        let used_bytes = u64::try_from(used).unwrap_or(u64::MAX);
        self.total_left = self.total_left.saturating_sub(used_bytes);
        if !self.streaming {
            self.header_left = self.header_left.saturating_sub(used_bytes);
            self.piece_left = self.piece_left.saturating_sub(used);
        }
    }
}

impl<R: BufRead> Read for Meter<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let count = bytes.len().min(buf.len());
        if let (Some(from), Some(into)) = (bytes.get(..count), buf.get_mut(..count)) {
            into.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

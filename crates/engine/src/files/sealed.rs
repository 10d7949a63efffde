//! How a stored file lies on disk (ADR 11): a head, then the content in pieces of 64 KiB, each sealed by itself,
//! so that it is written as it comes and read from any place without the rest.

use super::keys::{self, WRAPPED, Wrapping};
use base::{Error, Result};
use bytes::Bytes;
use futures_util::{Stream, stream};
use ring::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Content a piece holds.
pub(super) const PIECE: usize = 64 * 1024;
const TAG: usize = 16;
const MAGIC: &[u8; 8] = b"VLFILE01";
/// Mark, length of the content, name of the tenant's key, wrapped key of the file.
pub(super) const HEAD: usize = 8 + 8 + 8 + WRAPPED;
const PIECE_U64: u64 = 64 * 1024;
const TAG_U64: u64 = 16;
const HEAD_U64: u64 = 84;
const _: () = assert!(HEAD == 84 && PIECE == 65_536, "the numbers above are the same twice");
/// How many pieces are read at once for a reader who waits elsewhere.
const AT_ONCE: usize = 4;

/// Seals a file piece by piece.
pub(super) struct Sealer {
    secret: [u8; 32],
    key: LessSafeKey,
    next: u64,
}

impl Sealer {
    pub(super) fn new() -> Result<Sealer> {
        let secret = keys::chance();
        Ok(Sealer { key: keys::aead(&secret)?, secret, next: 0 })
    }

    /// The sealer of a file that was begun, with what is there of it; `None` when the file is another one, or empty.
    pub(super) fn reopen(
        file: &mut File,
        tenant: &Wrapping,
        (sha256, length): (&str, u64),
    ) -> Result<Option<(Sealer, Content)>> {
        let Ok((secret, noted)) = secret_of(file, tenant, sha256) else { return Ok(None) };
        if noted != length {
            return Ok(None);
        }
        let mut copy = file.try_clone().map_err(super::io_error)?;
        copy.seek(SeekFrom::Start(0)).map_err(super::io_error)?;
        let content = Content::open(copy, tenant, sha256)?;
        Ok(Some((Sealer { key: keys::aead(&secret)?, secret, next: 0 }, content)))
    }

    /// So many pieces are sealed already.
    pub(super) fn go_on_from(&mut self, pieces: u64) {
        self.next = pieces;
    }

    /// Seals the next piece, which is the end of `out` from `start` on, where it lies; its tag is added.
    pub(super) fn seal(&mut self, out: &mut Vec<u8>, start: usize) -> Result<()> {
        let nonce = nonce(self.next);
        self.next += 1;
        let piece = out.get_mut(start..).unwrap_or_default();
        let tag = self.key.seal_in_place_separate_tag(nonce, Aad::empty(), piece);
        out.extend_from_slice(tag.map_err(|_| Error::internal("a piece could not be sealed"))?.as_ref());
        Ok(())
    }

    /// The head of the finished file.
    pub(super) fn head(&self, tenant: &Wrapping, (sha256, length): (&str, u64)) -> Result<[u8; HEAD]> {
        head(tenant, (&self.secret, sha256, length))
    }
}

/// A stored file that is open: its content is read from any place, in clear.
pub struct Content {
    file: File,
    key: LessSafeKey,
    length: u64,
    at: u64,
    /// The piece that was read last, and its number.
    piece: Vec<u8>,
    held: Option<u64>,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a file of {} bytes, at {}", self.length, self.at)
    }
}

impl Content {
    pub(super) fn open(mut file: File, tenant: &Wrapping, sha256: &str) -> Result<Content> {
        let (secret, length) = secret_of(&mut file, tenant, sha256)?;
        let key = keys::aead(&secret)?;
        Ok(Content { file, key, length, at: 0, piece: Vec::new(), held: None })
    }

    /// Its length in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Reads it whole: for files that are known to be small.
    ///
    /// # Errors
    /// `Internal` when it was changed on disk.
    pub async fn read_all(mut self) -> Result<Vec<u8>> {
        super::blocking(move || {
            let mut out = Vec::new();
            self.read_to_end(&mut out)?;
            Ok(out)
        })
        .await
    }

    /// The bytes from one place to before another, read while whoever asks takes them.
    pub fn stream(self, from: u64, to: u64) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        let begun = Some((self, from, to.max(from)));
        stream::try_unfold(begun, |state| async move {
            let Some((mut content, from, to)) = state.filter(|(_, from, to)| from < to) else {
                return Ok(None);
            };
            let read = move || {
                content.seek(SeekFrom::Start(from))?;
                let wanted = usize::try_from(to - from).unwrap_or(usize::MAX).min(AT_ONCE * PIECE);
                let mut out = vec![0; wanted];
                content.read_exact(&mut out)?;
                io::Result::Ok((out, content))
            };
            let (out, content) = tokio::task::spawn_blocking(read).await.map_err(io::Error::other)??;
            let next = from.saturating_add(u64::try_from(out.len()).unwrap_or(u64::MAX));
            Ok(Some((Bytes::from(out), Some((content, next, to)))))
        })
    }

    /// Brings the piece with this number into memory.
    fn hold(&mut self, number: u64) -> io::Result<()> {
        if self.held == Some(number) {
            return Ok(());
        }
        self.held = None;
        let start = number * PIECE_U64;
        let length = usize::try_from((self.length - start).min(PIECE_U64)).map_err(io::Error::other)?;
        self.piece.resize(length + TAG, 0);
        self.file.seek(SeekFrom::Start(HEAD_U64 + number * (PIECE_U64 + TAG_U64)))?;
        self.file.read_exact(&mut self.piece).map_err(|_| damaged())?;
        let opened = self.key.open_in_place(nonce(number), Aad::empty(), &mut self.piece);
        opened.map_err(|_| damaged())?;
        self.piece.truncate(length);
        self.held = Some(number);
        Ok(())
    }
}

impl Read for Content {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length || out.is_empty() {
            return Ok(0);
        }
        self.hold(self.at / PIECE_U64)?;
        let within = usize::try_from(self.at % PIECE_U64).map_err(io::Error::other)?;
        let mut left = self.piece.get(within..).unwrap_or_default();
        let read = left.read(out)?;
        self.at += u64::try_from(read).map_err(io::Error::other)?;
        Ok(read)
    }
}

impl Seek for Content {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let moved = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = moved.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

/// The head for a file of another tenant: the same pieces, their key wrapped for this one. Leaves the file where
/// its pieces begin.
pub(super) fn rewrapped(
    file: &mut File,
    (from, to): (&Wrapping, &Wrapping),
    sha256: &str,
) -> Result<[u8; HEAD]> {
    let (secret, length) = secret_of(file, from, sha256)?;
    head(to, (&secret, sha256, length))
}

fn head(tenant: &Wrapping, (secret, sha256, length): (&[u8; 32], &str, u64)) -> Result<[u8; HEAD]> {
    let start = start(tenant, length);
    let wrapped = tenant.wrap(secret, &about(&start, sha256))?;
    let mut head = [0; HEAD];
    let (first, rest) = head.split_at_mut(start.len());
    first.copy_from_slice(&start);
    rest.copy_from_slice(&wrapped);
    Ok(head)
}

fn start(tenant: &Wrapping, length: u64) -> [u8; 24] {
    let mut start = [0; 24];
    let parts = MAGIC.iter().copied().chain(length.to_be_bytes()).chain(tenant.name_bytes());
    for (place, byte) in start.iter_mut().zip(parts) {
        *place = byte;
    }
    start
}

/// What the wrapped key is bound to: length and name of the file, so that neither a shortened file nor another
/// one in its place passes.
fn about(start: &[u8; 24], sha256: &str) -> Vec<u8> {
    [start, sha256.as_bytes()].concat()
}

/// Reads the head: the key of the file, and the length of its content.
fn secret_of(file: &mut File, tenant: &Wrapping, sha256: &str) -> Result<([u8; 32], u64)> {
    let mut head = [0; HEAD];
    let said = |what: &str| Error::internal(format!("stored file {sha256} {what}"));
    file.read_exact(&mut head).map_err(|_| said("has no head: it was changed on disk"))?;
    let (start, wrapped) = head.split_at(24);
    let start: [u8; 24] = start.try_into().map_err(|_| said("has no head"))?;
    let length = start.get(8..16).and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
    let length = length.filter(|_| start.starts_with(MAGIC));
    let length = length.ok_or_else(|| said("has no head: it was changed on disk"))?;
    if start.get(16..) != Some(&tenant.name_bytes()) {
        return Err(said("was sealed under another tenant's key"));
    }
    match tenant.unwrap(wrapped, &about(&start, sha256)) {
        Some(secret) => Ok((secret, length)),
        None => Err(said("does not open: it was changed on disk, or is another file")),
    }
}

fn nonce(number: u64) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    let (_, end) = nonce.split_at_mut(NONCE_LEN - 8);
    end.copy_from_slice(&number.to_be_bytes());
    // A file has a key of its own, and a piece its own number.
    Nonce::assume_unique_for_key(nonce)
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a stored file was changed on disk")
}

//! A file that comes from another machine in parts. What has come lies sealed on disk in whole pieces, so that it goes on
//! where it stopped, whichever end was cut off and wherever. A part is named after the file it is to be.

use super::sealed::{Content, PIECE, Sealer};
use super::{Store, Stored, WRITTEN, blocking, io_error, make_folders};
use base::{Error, Instant, Refusal, Result};
use ring::digest::{Context, SHA256};
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// Nobody goes on with a part after so long.
const KEPT: Duration = Duration::from_hours(24);
const PIECE_BYTES: u64 = 64 * 1024;
const SEALED_PIECE_BYTES: u64 = PIECE_BYTES + 16;
const HEAD_BYTES: u64 = 84;

/// A part that is being added to; nobody else can meanwhile. Dropped, it stays for whoever goes on.
pub(crate) struct Part {
    store: Store,
    file: File,
    path: PathBuf,
    sha256: String,
    bytes: u64,
    sealer: Sealer,
    hash: Context,
    /// How much has come, what is not sealed yet with it.
    have: u64,
    /// What is sealed and not written, then what is not sealed: less than a piece.
    out: Vec<u8>,
    start: usize,
}

impl Store {
    /// How much of a file lies here in parts that can be gone on with.
    pub(crate) fn part_length(&self, sha256: &str) -> u64 {
        let length =
            self.part_path(sha256).ok().and_then(|path| fs::metadata(path).ok()).map_or(0, |m| m.len());
        length.saturating_sub(HEAD_BYTES) / SEALED_PIECE_BYTES * PIECE_BYTES
    }

    /// Begins to take a file of a known name and length, or goes on with it.
    ///
    /// # Errors
    /// `Busy` while somebody else adds to it; `Internal` when the disk refuses.
    pub(crate) async fn part(&self, sha256: &str, bytes: u64) -> Result<Part> {
        let (store, path, sha256) = (self.clone(), self.part_path(sha256)?, sha256.to_owned());
        let opened = tokio::task::spawn_blocking(move || open(store, path, (sha256, bytes)));
        opened.await.map_err(|cause| Error::Internal(cause.into()))?
    }

    /// Removes parts nobody went on with for a day.
    ///
    /// # Errors
    /// `Internal` when the disk refuses.
    pub(crate) fn clear_parts(&self, now: Instant) -> Result<()> {
        let Ok(entries) = fs::read_dir(self.parts()) else { return Ok(()) };
        let now = Duration::from_micros(now.micros().unsigned_abs());
        for entry in entries {
            let entry = entry.map_err(io_error)?;
            let changed = entry.metadata().and_then(|known| known.modified());
            let changed = changed.ok().and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
            let old = changed.is_some_and(|at| now.saturating_sub(at) > KEPT);
            if old && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
                fs::remove_file(entry.path()).map_err(io_error)?;
            }
        }
        Ok(())
    }

    fn parts(&self) -> PathBuf {
        self.root.join("parts")
    }

    fn part_path(&self, sha256: &str) -> Result<PathBuf> {
        // The name is looked at where whole files are named.
        self.path(sha256).map(|_| self.parts().join(sha256))
    }
}

fn open(store: Store, path: PathBuf, (sha256, bytes): (String, u64)) -> Result<Part> {
    fs::create_dir_all(store.parts()).map_err(io_error)?;
    let mut options = OpenOptions::new();
    let mut file =
        options.read(true).write(true).create(true).truncate(false).open(&path).map_err(io_error)?;
    file.try_lock().map_err(|_| Error::Busy("somebody else sends this file"))?;
    let begun = Sealer::reopen(&mut file, &store.key, (&sha256, bytes));
    let (sealer, hash, have) = match begun {
        Ok(Some((sealer, content))) => go_on(&file, sealer, content)?,
        // Not begun, of another length, or spoilt by a power cut.
        _ => {
            let sealer = Sealer::new()?;
            let head = sealer.head(&store.key, (&sha256, bytes))?;
            file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0))).map_err(io_error)?;
            file.write_all(&head).map_err(io_error)?;
            (sealer, Context::new(&SHA256), 0)
        }
    };
    file.seek(SeekFrom::End(0)).map_err(io_error)?;
    Ok(Part { store, file, path, sha256, bytes, sealer, hash, have, out: Vec::new(), start: 0 })
}

/// Reads what is there once more: its hash goes on from there, and what does not open is cut off.
fn go_on(file: &File, mut sealer: Sealer, mut content: Content) -> Result<(Sealer, Context, u64)> {
    let length = file.metadata().map_err(io_error)?.len();
    let pieces = length.saturating_sub(HEAD_BYTES) / SEALED_PIECE_BYTES;
    let (mut hash, mut have, mut piece) = (Context::new(&SHA256), 0_u64, vec![0; PIECE]);
    let mut whole = 0;
    while whole < pieces && content.read_exact(&mut piece).is_ok() {
        hash.update(&piece);
        have += PIECE_BYTES;
        whole += 1;
    }
    file.set_len(HEAD_BYTES + whole * SEALED_PIECE_BYTES).map_err(io_error)?;
    sealer.go_on_from(whole);
    Ok((sealer, hash, have))
}

impl Part {
    /// Where the next byte belongs.
    pub(crate) fn offset(&self) -> u64 {
        self.have
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// `Refused` when there are more than were announced; `Busy` when the disk is full.
    pub(crate) async fn write(mut self, mut bytes: &[u8]) -> Result<Part> {
        self.have = self.have.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.have > self.bytes {
            return Err(Refusal::new("platform.exchange.file_length").into());
        }
        self.hash.update(bytes);
        while !bytes.is_empty() {
            let room = PIECE - (self.out.len() - self.start);
            let (now, rest) = bytes.split_at(bytes.len().min(room));
            self.out.extend_from_slice(now);
            bytes = rest;
            if self.out.len() - self.start == PIECE {
                self.sealer.seal(&mut self.out, self.start)?;
                self.start = self.out.len();
            }
        }
        if self.start < WRITTEN { Ok(self) } else { self.flush().await }
    }

    /// Writes what is sealed.
    ///
    /// # Errors
    /// `Busy` when the disk is full.
    pub(crate) async fn flush(mut self) -> Result<Part> {
        blocking(move || {
            self.file.write_all(self.out.get(..self.start).unwrap_or_default())?;
            self.out.drain(..self.start);
            self.start = 0;
            Ok(self)
        })
        .await
    }

    /// How much of it lies on disk, for whoever goes on.
    pub(crate) fn kept(&self) -> u64 {
        let waits = self.out.len() - self.start;
        self.have.saturating_sub(u64::try_from(waits).unwrap_or(0))
    }

    /// True when all of it has come.
    pub(crate) fn is_whole(&self) -> bool {
        self.have == self.bytes
    }

    /// Brings the file to disk under its name. Bytes that are not what the name says are thrown away.
    ///
    /// # Errors
    /// `Refused` when the hash is another; `Busy` when the disk is full.
    pub(crate) async fn finish(mut self) -> Result<Stored> {
        if self.out.len() > self.start {
            self.sealer.seal(&mut self.out, self.start)?;
            self.start = self.out.len();
        }
        let Part { store, file, path, sha256, bytes, hash, .. } = self.flush().await?;
        if kernel::hex(hash.finish().as_ref()) != sha256 {
            blocking(move || fs::remove_file(path)).await?;
            return Err(Refusal::new("platform.exchange.file_hash").into());
        }
        let to = store.path(&sha256)?;
        blocking(move || {
            file.sync_all()?;
            make_folders(&to)?;
            store.folders.keep(&store.root, (tempfile::TempPath::try_from_path(path)?, &to))?;
            drop(file);
            Ok(())
        })
        .await?;
        Ok(Stored { sha256, bytes, content_type: "" })
    }
}

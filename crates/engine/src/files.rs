//! Stored files, named by the SHA-256 of their content: the same file is kept once, a name is never a
//! client's, and a changed byte shows.

use base::{Error, Refusal, Result, WhileDoing};
use ring::digest::{Context, SHA256};
use std::fmt::Write;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempPath;
use tokio::io::AsyncWriteExt;

/// How much of the beginning is kept to tell the type. Office files show their kind in the first entries.
const HEAD: usize = 16 * 1024;
const MEGABYTE: u64 = 1024 * 1024;
const UNKNOWN: &str = "application/octet-stream";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// The files of one tenant, in a folder. Clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    root: Arc<Path>,
}

/// A file that is in the store, and on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its name: SHA-256 of the content in lower-case hexadecimal.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its type, told from the content.
    pub content_type: &'static str,
}

/// A file on its way in. Dropped before `finish`, it leaves nothing behind.
pub struct Incoming {
    store: Store,
    file: tokio::fs::File,
    path: TempPath,
    hash: Context,
    head: Vec<u8>,
    bytes: u64,
    limit: u64,
}

impl Store {
    /// Opens the store in `root`, makes the folder where needed, and clears away what a crash left half
    /// written. Uploads of another running process are left alone.
    ///
    /// # Errors
    /// `Internal` when the folder cannot be made or read.
    pub async fn open(root: &Path) -> Result<Store> {
        let store = Store { root: root.into() };
        let opened = store.clone();
        blocking(move || {
            fs::create_dir_all(opened.incoming())?;
            clear(&opened.incoming())
        })
        .await
        .while_doing("opening the file store", root.display())?;
        Ok(store)
    }

    /// Begins to take a file of at most `limit` bytes.
    ///
    /// # Errors
    /// `Internal` when no file can be made.
    pub async fn receive(&self, limit: u64) -> Result<Incoming> {
        let folder = self.incoming();
        let made = blocking(move || {
            let (file, path) = tempfile::Builder::new().tempfile_in(folder)?.into_parts();
            // The lock tells a process that starts meanwhile that somebody is writing here.
            file.lock()?;
            Ok((file, path))
        });
        let (file, path) = made.await?;
        Ok(Incoming {
            store: self.clone(),
            file: tokio::fs::File::from_std(file),
            path,
            hash: Context::new(&SHA256),
            head: Vec::new(),
            bytes: 0,
            limit,
        })
    }

    /// Stores bytes that are in memory already.
    ///
    /// # Errors
    /// As for [`Incoming::finish`].
    pub async fn put(&self, content: &[u8]) -> Result<Stored> {
        let mut incoming = self.receive(u64::MAX).await?;
        incoming.write(content).await?;
        incoming.finish().await
    }

    /// Opens a file for reading; with its length in bytes.
    ///
    /// # Errors
    /// `NotFound` when there is none of that name.
    pub async fn get(&self, sha256: &str) -> Result<(tokio::fs::File, u64)> {
        let path = self.path(sha256)?;
        let file = tokio::fs::File::open(&path).await.map_err(io_error)?;
        let length = file.metadata().await.map_err(io_error)?.len();
        Ok((file, length))
    }

    /// Takes over a file of another store, without copying where both are on one disk.
    ///
    /// # Errors
    /// `NotFound` when the other store has no such file.
    pub async fn hard_link_from(&self, other: &Store, sha256: &str) -> Result<()> {
        let (store, from, to) = (self.clone(), other.path(sha256)?, self.path(sha256)?);
        blocking(move || {
            make_folders(&to)?;
            match fs::hard_link(&from, &to) {
                Ok(()) => {}
                Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {}
                Err(cause) if cause.kind() == ErrorKind::NotFound => return Err(cause),
                Err(_) => {
                    let (mut copy, path) =
                        tempfile::Builder::new().tempfile_in(store.incoming())?.into_parts();
                    io::copy(&mut fs::File::open(&from)?, &mut copy)?;
                    copy.sync_all()?;
                    keep(path, &to)?;
                }
            }
            store.sync_folders(&to)
        })
        .await
    }

    /// Removes a file, for good; one that is not there is no error. Retention decides when.
    ///
    /// # Errors
    /// `Internal` when the disk refuses.
    pub async fn remove(&self, sha256: &str) -> Result<()> {
        let path = self.path(sha256)?;
        match tokio::fs::remove_file(&path).await {
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(()),
            done => done.map_err(io_error),
        }
    }

    fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    /// Two levels of folders keep each small. A name that is no hash cannot be in the store.
    fn path(&self, sha256: &str) -> Result<PathBuf> {
        let is_hash = sha256.len() == 64 && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        match (is_hash, sha256.get(..2), sha256.get(2..4)) {
            (true, Some(first), Some(second)) => Ok(self.root.join(first).join(second).join(sha256)),
            _ => Err(Error::NotFound),
        }
    }

    /// A renamed file is only safe once the folders on the way to it are on disk too.
    fn sync_folders(&self, path: &Path) -> io::Result<()> {
        let mut within = path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root));
        within.try_for_each(|folder| fs::File::open(folder)?.sync_all())
    }
}

impl Incoming {
    /// Takes the next piece.
    ///
    /// # Errors
    /// `Refused` when the file has become longer than its limit; `Busy` when the disk is full.
    pub async fn write(&mut self, piece: &[u8]) -> Result<()> {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(length);
        if self.bytes > self.limit {
            let limit = self.limit / MEGABYTE;
            return Err(Refusal::new("kernel.file_too_large").with("limit", limit).into());
        }
        self.hash.update(piece);
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend(piece.iter().take(room));
        self.file.write_all(piece).await.map_err(io_error)
    }

    /// Brings the file to disk under its name. A file the store has already is not kept twice.
    ///
    /// # Errors
    /// `Busy` when the disk is full; `Internal` when it refuses.
    pub async fn finish(mut self) -> Result<Stored> {
        self.file.flush().await.map_err(io_error)?;
        self.file.sync_all().await.map_err(io_error)?;
        let sha256 = hex(self.hash.finish().as_ref());
        let to = self.store.path(&sha256)?;
        let (store, path, file) = (self.store, self.path, self.file);
        blocking(move || {
            make_folders(&to)?;
            keep(path, &to)?;
            drop(file);
            store.sync_folders(&to)
        })
        .await?;
        Ok(Stored { sha256, bytes: self.bytes, content_type: sniff(&self.head) })
    }
}

/// Tells the type of a file from its first bytes, whatever its name says. `head` should hold 16 KiB or the
/// whole file.
pub fn sniff(head: &[u8]) -> &'static str {
    match infer::get(head).map(|found| found.mime_type()) {
        Some("application/zip") => packed(head),
        Some("text/xml") if contains(head, b"<svg") => "image/svg+xml",
        Some("text/xml") => "application/xml",
        Some(known) => known,
        None => written(head),
    }
}

/// An office file is a ZIP; some programs write its entries in an unusual order.
fn packed(head: &[u8]) -> &'static str {
    match head {
        head if contains(head, b"word/") => WORD,
        head if contains(head, b"xl/") => SHEET,
        head if contains(head, b"ppt/") => SLIDES,
        _ => "application/zip",
    }
}

/// Text, or XML without its first line, as some senders of eDoc packages leave it out.
fn written(head: &[u8]) -> &'static str {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let is_text = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A letter cut in two by the end of the piece.
        Err(cause) => cause.error_len().is_none(),
    };
    let is_text = is_text && !head.iter().any(|b| matches!(b, 0..=8 | 11 | 14..=31 | 127));
    match head {
        [] => UNKNOWN,
        _ if !is_text => UNKNOWN,
        [b'<', ..] if head.starts_with(b"<svg") => "image/svg+xml",
        [b'<', ..] if contains(head, b"xmlns") => "application/xml",
        _ => "text/plain",
    }
}

fn contains(head: &[u8], wanted: &[u8]) -> bool {
    head.windows(wanted.len()).any(|window| window == wanted)
}

fn make_folders(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

/// Gives the file its name, unless one of that name, and so of that content, is there.
fn keep(path: TempPath, to: &Path) -> io::Result<()> {
    match path.persist_noclobber(to) {
        Err(cause) if cause.error.kind() != ErrorKind::AlreadyExists => Err(cause.error),
        _ => Ok(()),
    }
}

/// Removes files that nobody is writing.
fn clear(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if fs::File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(io_error),
        Err(cause) => Err(Error::internal(format!("a thread of the file store was lost: {cause}"))),
    }
}

fn io_error(cause: io::Error) -> Error {
    match cause.kind() {
        ErrorKind::NotFound => Error::NotFound,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::Busy("disk full"),
        _ => Error::Internal(Box::new(cause)),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

//! Stored files, named by the SHA-256 of their content: the same file is kept once, a name is never a
//! client's, and a changed byte shows. On disk they are sealed under the tenant's key.

mod folders;
mod keys;
mod sealed;
mod sniff;

pub(crate) use keys::Wrapping;
pub use keys::{Master, add_wrapping, has_key, keep_only};
pub use sealed::Content;
pub use sniff::sniff;

use base::{Error, Refusal, Result, WhileDoing};
use folders::Folders;
use ring::digest::{Context, SHA256};
use sealed::{HEAD as SEALED_HEAD, PIECE, Sealer};
use std::fs;
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempPath;
use tokio::task::JoinHandle;

/// How much of the beginning is kept to tell the type. Office files show their kind in the first entries.
const HEAD: usize = 16 * 1024;
/// Sealed pieces are written when they are so many bytes.
const WRITTEN: usize = 512 * 1024;
const MEGABYTE: u64 = 1024 * 1024;

/// The files of one tenant, in a folder. Clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    root: Arc<Path>,
    key: Wrapping,
    folders: Arc<Folders>,
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
    file: Arc<fs::File>,
    path: TempPath,
    hash: Context,
    sealer: Sealer,
    /// What is sealed and not written yet, and then what has come and is not sealed yet: less than a piece. A file
    /// begins with the place of its head.
    out: Vec<u8>,
    /// Where in it the piece that is not sealed begins.
    start: usize,
    /// The write that is under way, while the next pieces are sealed; it gives its memory back.
    writing: Option<JoinHandle<io::Result<Vec<u8>>>>,
    /// True when the beginning is written, without its head.
    begun: bool,
    head: Vec<u8>,
    bytes: u64,
    limit: u64,
}

/// A file that has come whole and lies on disk without its name. Dropped, it leaves nothing behind.
pub struct Whole {
    store: Store,
    path: TempPath,
    file: Arc<fs::File>,
    stored: Stored,
}

impl Store {
    /// Opens the store in `root`, makes the folder and the tenant's key where needed, and clears away what a
    /// crash left half written. Uploads of another running process are left alone.
    ///
    /// # Errors
    /// `Internal` when the folder cannot be made or read, or the master key is not the one that belongs to it.
    pub async fn open(root: &Path, master: &Master) -> Result<Store> {
        let (folder, incoming, master) = (root.to_owned(), root.join("incoming"), master.clone());
        let opened = tokio::task::spawn_blocking(move || {
            let doing = "opening the file store";
            fs::create_dir_all(&incoming).while_doing(doing, incoming.display())?;
            clear(&incoming).while_doing(doing, incoming.display())?;
            keys::tenant_key(&folder, &master)
        });
        let key = opened.await.map_err(|cause| Error::Internal(cause.into()))??;
        Ok(Store { root: root.into(), key, folders: Arc::default() })
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
            file: Arc::new(file),
            path,
            hash: Context::new(&SHA256),
            sealer: Sealer::new()?,
            // The head is filled in last, when hash and length are known.
            out: vec![0; SEALED_HEAD],
            start: SEALED_HEAD,
            writing: None,
            begun: false,
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
    pub async fn get(&self, sha256: &str) -> Result<(Content, u64)> {
        let (path, key, name) = (self.path(sha256)?, self.key.clone(), sha256.to_owned());
        let opened = tokio::task::spawn_blocking(move || {
            let file = fs::File::open(&path).map_err(io_error)?;
            Content::open(file, &key, &name)
        });
        let content = opened.await.map_err(|cause| Error::Internal(cause.into()))??;
        let length = content.length();
        Ok((content, length))
    }

    /// True when the store has the file.
    pub fn has(&self, sha256: &str) -> bool {
        self.path(sha256).is_ok_and(|path| path.is_file())
    }

    /// Takes over a file of another tenant's store: its sealed pieces are copied as they are, only its key is
    /// wrapped anew.
    ///
    /// # Errors
    /// `NotFound` when the other store has no such file.
    pub async fn take_over(&self, other: &Store, sha256: &str) -> Result<()> {
        let (store, from, to) = (self.clone(), other.path(sha256)?, self.path(sha256)?);
        let (theirs, name) = (other.key.clone(), sha256.to_owned());
        let copied = tokio::task::spawn_blocking(move || {
            if to.is_file() {
                return store.folders.settle(&store.root, &to).map_err(io_error);
            }
            let mut source = fs::File::open(&from).map_err(io_error)?;
            let head = sealed::rewrapped(&mut source, (&theirs, &store.key), &name)?;
            let mut copy = || {
                make_folders(&to)?;
                let (mut copy, path) = tempfile::Builder::new().tempfile_in(store.incoming())?.into_parts();
                copy.lock()?;
                copy.write_all(&head)?;
                io::copy(&mut source, &mut copy)?;
                copy.sync_all()?;
                store.folders.keep(&store.root, (path, &to))
            };
            copy().map_err(io_error)
        });
        copied.await.map_err(|cause| Error::Internal(cause.into()))?
    }

    /// How many bytes the stored files take, and how many are free on their disk.
    ///
    /// # Errors
    /// `Internal` when the folder cannot be read.
    pub async fn measure(&self) -> Result<(i64, i64)> {
        let root = Arc::clone(&self.root);
        blocking(move || {
            let (mut bytes, mut folders) = (0_u64, vec![root.to_path_buf()]);
            while let Some(folder) = folders.pop() {
                for entry in fs::read_dir(&folder)? {
                    let entry = entry?;
                    // One that is collected while we count is none.
                    let Ok(known) = entry.metadata() else { continue };
                    if known.is_dir() {
                        folders.push(entry.path());
                    } else {
                        bytes = bytes.saturating_add(known.len());
                    }
                }
            }
            let disk = rustix::fs::statvfs(&*root)?;
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
            Ok((number(bytes), number(free)))
        })
        .await
    }

    /// Removes a file, for good; one that is not there is no error. Retention decides when.
    ///
    /// # Errors
    /// `Internal` when the disk refuses.
    pub fn remove(&self, sha256: &str) -> Result<()> {
        let path = self.path(sha256)?;
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(()),
            done => done.map_err(io_error),
        }
    }

    pub(crate) fn key(&self) -> &Wrapping {
        &self.key
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
        let mut rest = piece;
        while !rest.is_empty() {
            let room = PIECE - (self.out.len() - self.start);
            let (now, later) = rest.split_at(rest.len().min(room));
            self.out.extend_from_slice(now);
            rest = later;
            if self.out.len() - self.start == PIECE {
                self.seal()?;
            }
            // The disk is asked seldom: each time costs a change of threads.
            if self.start >= WRITTEN {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Seals what has come.
    fn seal(&mut self) -> Result<()> {
        self.sealer.seal(&mut self.out, self.start)?;
        self.start = self.out.len();
        Ok(())
    }

    /// Writes what is sealed, once what was sealed before is written. Meanwhile the next pieces come.
    async fn flush(&mut self) -> Result<()> {
        let mut next = self.written().await?;
        next.clear();
        next.extend_from_slice(self.out.get(self.start..).unwrap_or_default());
        self.out.truncate(self.start);
        let sealed = std::mem::replace(&mut self.out, next);
        (self.start, self.begun) = (0, true);
        let file = Arc::clone(&self.file);
        let write = move || (&*file).write_all(&sealed).map(|()| sealed);
        self.writing = Some(tokio::task::spawn_blocking(write));
        Ok(())
    }

    /// Waits for the write that is under way; its memory.
    async fn written(&mut self) -> Result<Vec<u8>> {
        match self.writing.take() {
            Some(writing) => writing.await.map_err(lost)?.map_err(io_error),
            None => Ok(Vec::new()),
        }
    }

    /// Brings the file to disk under its name. A file the store has already is not kept twice.
    ///
    /// # Errors
    /// `Busy` when the disk is full; `Internal` when it refuses.
    pub async fn finish(self) -> Result<Stored> {
        self.close().await?.keep().await
    }

    /// Brings the file to disk, not yet under its name.
    ///
    /// # Errors
    /// `Busy` when the disk is full; `Internal` when it refuses.
    pub async fn close(mut self) -> Result<Whole> {
        if self.out.len() > self.start {
            self.seal()?;
        }
        self.written().await?;
        let sha256 = kernel::hex(self.hash.finish().as_ref());
        let head = self.sealer.head(&self.store.key, (&sha256, self.bytes))?;
        let (file, mut rest, begun) = (Arc::clone(&self.file), self.out, self.begun);
        blocking(move || {
            match rest.get_mut(..SEALED_HEAD) {
                Some(place) if !begun => place.copy_from_slice(&head),
                _ => {}
            }
            let mut file = &*file;
            file.write_all(&rest)?;
            if begun {
                file.seek(SeekFrom::Start(0))?;
                file.write_all(&head)?;
            }
            file.sync_all()
        })
        .await?;
        let stored = Stored { sha256, bytes: self.bytes, content_type: sniff(&self.head) };
        Ok(Whole { store: self.store, path: self.path, file: self.file, stored })
    }
}

impl Whole {
    /// The name it will have.
    pub fn sha256(&self) -> &str {
        &self.stored.sha256
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// `Busy` when the disk is full; `Internal` when it refuses.
    pub async fn keep(self) -> Result<Stored> {
        let Whole { store, path, file, stored } = self;
        let to = store.path(&stored.sha256)?;
        blocking(move || {
            make_folders(&to)?;
            store.folders.keep(&store.root, (path, &to))?;
            drop(file);
            Ok(())
        })
        .await?;
        Ok(stored)
    }
}

fn make_folders(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
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
        Err(cause) => Err(lost(cause)),
    }
}

fn lost(cause: tokio::task::JoinError) -> Error {
    Error::internal(format!("a thread of the file store was lost: {cause}"))
}

fn io_error(cause: io::Error) -> Error {
    match cause.kind() {
        ErrorKind::NotFound => Error::NotFound,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::Busy("disk full"),
        _ => Error::Internal(Box::new(cause)),
    }
}

//! Names of stored files on disk. A renamed file is only safe once the folders on the way to it are on disk too, and to
//! bring a folder to disk costs a wait even when nothing in it has changed: those above are brought there once.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::TempPath;

/// What is known of the folders of a store.
#[derive(Debug, Default)]
pub(super) struct Folders(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Folders, by the first letters of the names in them, that are on disk with all above them.
    safe: BTreeSet<[u8; 4]>,
    /// Files that have their name, but whose folder may not be on disk yet.
    named: BTreeSet<PathBuf>,
}

impl Folders {
    /// Gives a file that is on disk its name, unless one of that name, and so of that content, is there. On disk when it
    /// returns.
    pub(super) fn keep(&self, root: &Path, (path, to): (TempPath, &Path)) -> io::Result<()> {
        self.known().named.insert(to.to_owned());
        let kept = match path.persist_noclobber(to) {
            Err(cause) if cause.error.kind() != ErrorKind::AlreadyExists => Err(cause.error),
            _ => self.sync(root, to),
        };
        // One that could not be brought to disk stays unsafe.
        if kept.is_ok() {
            self.known().named.remove(to);
        }
        kept
    }

    /// Brings a file that has its name to disk, if another thread is not done with that.
    pub(super) fn settle(&self, root: &Path, to: &Path) -> io::Result<()> {
        let named = self.known().named.contains(to);
        if named { self.sync(root, to) } else { Ok(()) }
    }

    fn sync(&self, root: &Path, to: &Path) -> io::Result<()> {
        let letters = letters(to);
        let safe = letters.is_some_and(|letters| self.known().safe.contains(&letters));
        let mut within = to.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
        // The folder itself each time, as it has a new name in it.
        let needed = if safe { 1 } else { usize::MAX };
        within.by_ref().take(needed).try_for_each(|folder| fs::File::open(folder)?.sync_all())?;
        self.known().safe.extend(letters);
        Ok(())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The letters of a file's name that name its two folders.
fn letters(to: &Path) -> Option<[u8; 4]> {
    to.file_name()?.as_encoded_bytes().first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::Folders;
    use std::fs;
    use tempfile::NamedTempFile;

    #[test]
    fn a_file_gets_its_name_once_and_its_folders_are_brought_to_disk() {
        let (root, folders) = (tempfile::tempdir().unwrap(), Folders::default());
        let to = root.path().join("ab/cd/abcdef");
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        for _ in 0..2 {
            let file = NamedTempFile::new_in(root.path()).unwrap();
            folders.keep(root.path(), (file.into_temp_path(), &to)).unwrap();
        }
        assert!(to.is_file());
        assert!(folders.known().named.is_empty() && folders.known().safe.contains(b"abcd"));
        // One that cannot be brought to disk is not safe, whoever asks next.
        let lost = root.path().join("ff/ff/ffff");
        let file = NamedTempFile::new_in(root.path()).unwrap();
        assert!(folders.keep(root.path(), (file.into_temp_path(), &lost)).is_err());
        assert!(folders.settle(root.path(), &lost).is_err() && folders.settle(root.path(), &to).is_ok());
    }
}

//! What a node keeps on disk, in `<data>/node`: its key sealed under the master key, and beside it the certificate; the
//! authority's certificate; the newest list of the revoked and the newest directory. Each file is written whole or not
//! at all.

use crate::files::{Master, bytes_of, write_new};
use base::{Error, Result, WhileDoing};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// First word of a line that holds a sealed key.
const SEALED: &str = "vanlang-key-1";
const CERTIFICATE: &str = "certificate";

/// The folder of a node.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
    master: Master,
}

/// A private key as PKCS #8, and the certificate of it.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// Whose key a file holds: what is sealed for one is not opened as another's.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whose {
    Node,
    Authority,
}

impl Whose {
    const fn file(self) -> &'static str {
        match self {
            Whose::Node => "identity",
            Whose::Authority => "authority/identity",
        }
    }

    const fn about(self) -> &'static [u8] {
        match self {
            Whose::Node => b"vanlang-node-1",
            Whose::Authority => b"vanlang-authority-1",
        }
    }
}

impl Folder {
    /// The folder of a node in a data folder.
    pub(crate) fn of(data: &Path, master: &Master) -> Folder {
        Folder { root: data.join("node"), master: master.clone() }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// A file, when there is one.
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let path = self.path(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(cause).while_doing("reading", path.display()),
        }
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(name);
        write_new(&path, bytes, true).while_doing("writing", path.display())
    }

    pub(super) fn forget(&self, names: &[&str]) -> Result<()> {
        for name in names {
            let path = self.path(name);
            match fs::remove_file(&path) {
                Err(cause) if cause.kind() != ErrorKind::NotFound => {
                    return Err(cause).while_doing("removing", path.display());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A key and its certificate, when they are there.
    pub(super) fn pair(&self, whose: Whose) -> Result<Option<Pair>> {
        let Some(bytes) = self.read(whose.file())? else { return Ok(None) };
        let text = String::from_utf8_lossy(&bytes);
        let certificate = text.lines().find_map(|line| line.strip_prefix(CERTIFICATE)).map(str::trim);
        let key = opened(&text, &self.master, whose);
        match (key, certificate.and_then(bytes_of)) {
            (Some(key), Some(certificate)) => Ok(Some((key, certificate))),
            _ => Err(Error::internal(format!(
                "{} is damaged or was sealed under another master key than {}",
                self.path(whose.file()).display(),
                self.master.name()
            ))),
        }
    }

    pub(super) fn keep_pair(&self, whose: Whose, (key, certificate): (&[u8], &[u8])) -> Result<()> {
        let line = sealed(&self.master, key, whose)?;
        let text = format!("{CERTIFICATE} {}\n{line}", trust::hex(certificate));
        self.write(whose.file(), text.as_bytes())
    }
}

fn sealed(master: &Master, key: &[u8], whose: Whose) -> Result<String> {
    let sealed = master.seal(key, whose.about())?;
    Ok(format!("{SEALED} {} {}\n", master.name(), trust::hex(&sealed)))
}

fn opened(text: &str, master: &Master, whose: Whose) -> Option<Vec<u8>> {
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let ours = words.next() == Some(SEALED) && words.next() == Some(&master.name());
        let sealed = words.next().filter(|_| ours).and_then(bytes_of)?;
        master.unseal(&sealed, whose.about())
    })
}

/// Adds a sealing under another master key beside the one that is there, see [`keep_only`].
///
/// # Errors
/// `Internal` in plain words when a key was sealed under another master key than the old one.
pub fn add_sealing(data: &Path, (old, new): (&Master, &Master)) -> Result<()> {
    for whose in [Whose::Node, Whose::Authority] {
        let folder = Folder::of(data, old);
        let Some((key, _)) = folder.pair(whose)? else { continue };
        let text = String::from_utf8_lossy(&folder.read(whose.file())?.unwrap_or_default()).into_owned();
        if opened(&text, new, whose).is_none() {
            folder.write(whose.file(), format!("{text}{}", sealed(new, &key, whose)?).as_bytes())?;
        }
    }
    Ok(())
}

/// Forgets every sealing but the one under this master key.
///
/// # Errors
/// As [`add_sealing`].
pub fn keep_only(data: &Path, master: &Master) -> Result<()> {
    let folder = Folder::of(data, master);
    for whose in [Whose::Node, Whose::Authority] {
        if let Some((key, certificate)) = folder.pair(whose)? {
            folder.keep_pair(whose, (&key, &certificate))?;
        }
    }
    Ok(())
}

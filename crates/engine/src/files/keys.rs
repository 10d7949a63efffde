//! The keys files are sealed under. A master key belongs to an installation and wraps the key of each tenant; a
//! tenant's key wraps the key of each file. To change the master key only the tenants' keys are wrapped anew.

use base::{Error, Result, WhileDoing};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

const KEY: usize = 32;
const TAG: usize = 16;
/// Nonce, sealed key and tag.
pub(super) const WRAPPED: usize = NONCE_LEN + KEY + TAG;
/// First word of a key file.
const FIRST: &str = "vanlang-key-1";
/// The file of a tenant's wrapped key, beside its files.
const TENANT_FILE: &str = "tenant.key";

/// A key that wraps others, with a name that tells it from others and gives nothing away. Clones share it.
#[derive(Clone)]
pub struct Wrapping(Arc<Inner>);

struct Inner {
    name: [u8; 8],
    key: LessSafeKey,
}

/// The key of an installation.
pub type Master = Wrapping;

impl std::fmt::Debug for Wrapping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "key {}", self.name())
    }
}

impl Wrapping {
    pub(crate) fn of(bytes: &[u8; KEY]) -> Result<Wrapping> {
        let mut name = [0; 8];
        let named = digest(&SHA256, &[b"name of a key", bytes.as_slice()].concat());
        name.copy_from_slice(named.as_ref().get(..8).unwrap_or(&[0; 8]));
        Ok(Wrapping(Arc::new(Inner { name, key: aead(bytes)? })))
    }

    /// Its name, for messages and key files.
    pub fn name(&self) -> String {
        kernel::hex(&self.0.name)
    }

    pub(super) fn name_bytes(&self) -> [u8; 8] {
        self.0.name
    }

    /// Wraps a key; `about` must be the same when it is unwrapped.
    pub(super) fn wrap(&self, key: &[u8; KEY], about: &[u8]) -> Result<[u8; WRAPPED]> {
        let (mut out, nonce) = ([0; WRAPPED], chance::<NONCE_LEN>());
        let (head, rest) = out.split_at_mut(NONCE_LEN);
        let (body, end) = rest.split_at_mut(KEY);
        head.copy_from_slice(&nonce);
        body.copy_from_slice(key);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self.0.key.seal_in_place_separate_tag(nonce, Aad::from(about), body);
        end.copy_from_slice(tag.map_err(|_| Error::internal("a key could not be wrapped"))?.as_ref());
        Ok(out)
    }

    /// The wrapped key; `None` when it was wrapped under another, or changed.
    pub(super) fn unwrap(&self, wrapped: &[u8], about: &[u8]) -> Option<[u8; KEY]> {
        let (nonce, sealed) = wrapped.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let key: &[u8] = self.0.key.open_in_place(nonce, Aad::from(about), &mut sealed).ok()?;
        key.try_into().ok()
    }

    /// Seals a small secret; `about` must be the same when it is opened.
    pub(crate) fn seal(&self, secret: &[u8], about: &[u8]) -> Result<Vec<u8>> {
        let nonce = chance::<NONCE_LEN>();
        let mut sealed = secret.to_vec();
        let used = Nonce::assume_unique_for_key(nonce);
        let done = self.0.key.seal_in_place_append_tag(used, Aad::from(about), &mut sealed);
        done.map_err(|_| Error::internal("a secret could not be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// A secret that was sealed; `None` when it was under another key, or changed.
    pub(crate) fn unseal(&self, sealed: &[u8], about: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        self.0.key.open_in_place(nonce, Aad::from(about), &mut sealed).ok().map(|secret| secret.to_vec())
    }

    /// Reads the master key from its file. Where there is none it is made, readable for its owner alone, but only
    /// when `may_make`: files sealed under a lost key do not come back by making another.
    ///
    /// # Errors
    /// `Internal` in plain words when the file is missing, damaged or cannot be written.
    pub fn open(path: &Path, may_make: bool) -> Result<Master> {
        match fs::read_to_string(path) {
            Ok(text) => {
                let mode = fs::metadata(path).map_or(0, |known| known.permissions().mode());
                if mode & 0o077 != 0 {
                    tracing::warn!(path = ?path, "the master key can be read by others: chmod 600");
                }
                let bytes = text.strip_prefix(FIRST).and_then(|hex| bytes_of(hex.trim()));
                let bytes = bytes.and_then(|bytes| <[u8; KEY]>::try_from(bytes).ok());
                let bytes = bytes.ok_or_else(|| {
                    Error::internal(format!("{} is no master key: restore it", path.display()))
                })?;
                Wrapping::of(&bytes)
            }
            Err(cause) if cause.kind() == ErrorKind::NotFound && may_make => {
                Master::make(path)?;
                Master::open(path, false)
            }
            Err(cause) if cause.kind() == ErrorKind::NotFound => Err(Error::internal(format!(
                "the master key {} is missing, and stored files cannot be read without it: put it back from \
                 where it was kept, or from the backup",
                path.display()
            ))),
            Err(cause) => Err(cause).while_doing("reading the master key", path.display()),
        }
    }

    /// Writes a new master key into a file, unless there is one.
    ///
    /// # Errors
    /// `Internal` when it cannot be written.
    pub fn make(path: &Path) -> Result<()> {
        write_new(path, &format!("{FIRST} {}\n", kernel::hex(&chance::<KEY>())), false)
            .while_doing("making the master key", path.display())
    }
}

/// The tenant's key, from its file beside the tenant's files; made the first time.
///
/// # Errors
/// `Internal` in plain words when it was wrapped under another master key, or is gone though there are files.
pub(super) fn tenant_key(root: &Path, master: &Master) -> Result<Wrapping> {
    let path = root.join(TENANT_FILE);
    let read = fs::read_to_string(&path);
    let text = match read {
        Err(cause) if cause.kind() == ErrorKind::NotFound => {
            if has_files(root).while_doing("reading", root.display())? {
                return Err(Error::internal(format!(
                    "{} is missing, and the files beside it cannot be read without it: restore it from the backup",
                    path.display()
                )));
            }
            let line = line(master, &chance::<KEY>())?;
            write_new(&path, &line, false).while_doing("making", path.display())?;
            // Another process may have been faster: whichever is there is the tenant's.
            fs::read_to_string(&path).while_doing("reading", path.display())?
        }
        read => read.while_doing("reading", path.display())?,
    };
    match unwrapped(&text, master) {
        Some(key) => Wrapping::of(&key),
        None => Err(Error::internal(format!(
            "{} was wrapped under master key {}, and the master key at hand is {}: use the one that belongs to it",
            path.display(),
            text.split_whitespace().nth(1).unwrap_or("?"),
            master.name()
        ))),
    }
}

/// What sealed texts are bound to, so that none is taken for the key of a file.
const TEXT: &[u8] = b"vanlang-text-1";

impl super::Store {
    /// Seals a secret of 32 bytes under the tenant's key, as hexadecimal; `about` must be the same when it is opened.
    ///
    /// # Errors
    /// `Internal` when it cannot be sealed.
    pub(crate) fn seal_secret(&self, secret: &[u8; 32], about: &str) -> Result<String> {
        Ok(kernel::hex(&self.key.wrap(secret, about.as_bytes())?))
    }

    /// The secret of [`Store::seal_secret`]; `None` when it was sealed under another key, or changed.
    pub(crate) fn open_secret(&self, sealed: &str, about: &str) -> Option<[u8; 32]> {
        self.key.unwrap(&bytes_of(sealed)?, about.as_bytes())
    }
}

/// True when a folder holds the key of a tenant's files.
pub fn has_key(root: &Path) -> bool {
    root.join(TENANT_FILE).is_file()
}

/// Adds a wrapping under another master key beside the one that is there: both open the tenant's files until
/// [`keep_only`].
///
/// # Errors
/// As when the store is opened.
pub fn add_wrapping(root: &Path, (old, new): (&Master, &Master)) -> Result<()> {
    let path = root.join(TENANT_FILE);
    let text = fs::read_to_string(&path).while_doing("reading", path.display())?;
    if unwrapped(&text, new).is_some() {
        return Ok(());
    }
    // Says in plain words what is wrong, if something is.
    tenant_key(root, old)?;
    let key = unwrapped(&text, old).ok_or_else(|| Error::internal("a key was changed meanwhile"))?;
    let both = format!("{}{}", line(old, &key)?, line(new, &key)?);
    write_new(&path, &both, true).while_doing("writing", path.display())
}

/// Forgets every wrapping but the one under this master key.
///
/// # Errors
/// As when the store is opened.
pub fn keep_only(root: &Path, master: &Master) -> Result<()> {
    let path = root.join(TENANT_FILE);
    let text = fs::read_to_string(&path).while_doing("reading", path.display())?;
    tenant_key(root, master)?;
    let key = unwrapped(&text, master).ok_or_else(|| Error::internal("a key was changed meanwhile"))?;
    write_new(&path, &line(master, &key)?, true).while_doing("writing", path.display())
}

/// One wrapping: a word, the name of the master key, the wrapped key.
fn line(master: &Master, key: &[u8; KEY]) -> Result<String> {
    Ok(format!("{FIRST} {} {}\n", master.name(), kernel::hex(&master.wrap(key, FIRST.as_bytes())?)))
}

fn unwrapped(text: &str, master: &Master) -> Option<[u8; KEY]> {
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let ours = words.next() == Some(FIRST) && words.next() == Some(&master.name());
        let wrapped = words.next().filter(|_| ours).and_then(bytes_of)?;
        master.unwrap(&wrapped, FIRST.as_bytes())
    })
}

/// True when something is stored: the folders of stored files have names of two letters.
fn has_files(root: &Path) -> std::io::Result<bool> {
    for entry in fs::read_dir(root)? {
        if entry?.file_name().len() == 2 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes a small file whole or not at all, for its owner's eyes. Without `over`, one that is there stays.
fn write_new(path: &Path, text: &str, over: bool) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // A temporary file is readable for its owner alone from the first moment.
    let mut file = tempfile::Builder::new().prefix(".key").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    let kept = if over { file.persist(path) } else { file.persist_noclobber(path) };
    match kept {
        Err(cause) if over || cause.error.kind() != ErrorKind::AlreadyExists => return Err(cause.error),
        _ => {}
    }
    fs::File::open(folder)?.sync_all()
}

pub(super) fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    digits.collect()
}

pub(super) fn chance<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    crate::system_chance(&mut bytes);
    bytes
}

pub(super) fn aead(key: &[u8; KEY]) -> Result<LessSafeKey> {
    let key =
        UnboundKey::new(&AES_256_GCM, key).map_err(|_| Error::internal("a key has the wrong length"))?;
    Ok(LessSafeKey::new(key))
}

impl super::Store {
    /// Seals a short text under the tenant's key, for a column.
    ///
    /// # Errors
    /// `Internal` when it cannot be sealed.
    pub fn seal_text(&self, text: &str) -> Result<String> {
        Ok(kernel::hex(&self.key.seal(text.as_bytes(), TEXT)?))
    }

    /// The text that was sealed; `None` when it was sealed under another key, or changed.
    pub fn open_text(&self, sealed: &str) -> Option<String> {
        let bytes = bytes_of(sealed)?;
        String::from_utf8(self.key.unseal(&bytes, TEXT)?).ok()
    }
}

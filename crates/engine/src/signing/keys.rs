//! Keys: read from an uploaded file, sealed under their PIN and the tenant's key, and opened to sign.

use super::pkcs12;
use super::web::Service;
use crate::auth::password;
use crate::files::Store;
use base::{Error, Instant, Refusal, Result, WhileDoing};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contracts::signing::Certificate as Facts;
use pades::signer::{Authorization, RemoteKey, Signer, SoftwareKey, TokenKey, Where};
use serde::{Deserialize, Serialize};
use std::path::Path;
use x509_cert::Certificate;
use x509_cert::der::Decode;

/// A key and its certificates as they are sealed, DER in base 64.
#[derive(Serialize, Deserialize)]
struct Bare {
    key: String,
    certificates: Vec<String>,
}

/// A software key that was read.
pub(super) struct Read {
    bare: Bare,
    key: SoftwareKey,
}

/// A key that is open.
pub(crate) enum Open {
    Software(Box<SoftwareKey>),
    Token(Box<TokenKey>),
    Remote { service: Service, credential: String, pin: String },
}

/// What opening came to.
pub(super) enum Opening {
    Open(Open),
    /// The PIN is another.
    WrongPin,
}

/// What binds a sealed key to its use.
const ABOUT: &[u8] = b"signer";

impl Read {
    /// Reads a key and its certificates from PKCS #12 or PEM.
    ///
    /// # Errors
    /// `Refused` in plain words.
    pub(super) fn from_file(file: &[u8], password: &str) -> Result<Read> {
        let unreadable =
            || Refusal::new("engine.signing.refuse.key_file").hint("engine.signing.hint.key_file");
        let (key, certificates) = if file.starts_with(b"-----") {
            let keys = blocks(file, "PRIVATE KEY");
            (keys.into_iter().next().ok_or_else(unreadable)?, blocks(file, "CERTIFICATE"))
        } else {
            let opened = pkcs12::open(file, password).ok_or_else(unreadable)?;
            (opened.key, opened.certificates)
        };
        let certificates = ordered(&key, certificates).ok_or_else(unreadable)?;
        let bare = Bare {
            key: STANDARD.encode(&key),
            certificates: certificates.iter().map(|der| STANDARD.encode(der)).collect(),
        };
        let key = bare.open().map_err(|error| super::refused(&error, ""))?;
        Ok(Read { bare, key })
    }

    pub(super) fn signer(self) -> (Sealable, Open) {
        (Sealable(self.bare), Open::Software(Box::new(self.key)))
    }
}

/// A key that is to be sealed.
pub(super) struct Sealable(Bare);

impl Sealable {
    /// Seals it under a PIN, then under the tenant's key.
    ///
    /// # Errors
    /// `Internal` when a library refuses.
    pub(super) async fn seal(&self, store: &Store, pin: String) -> Result<String> {
        let plain = serde_json::to_vec(&self.0).while_doing("writing", "a key")?;
        let mut salt = [0; 16];
        crate::system_chance(&mut salt);
        let under_pin = password::sealing_key(pin, salt).await?.seal(&plain, ABOUT)?;
        let whole = store.key().seal(&[salt.as_slice(), &under_pin].concat(), ABOUT)?;
        Ok(STANDARD.encode(whole))
    }
}

impl Bare {
    fn open(&self) -> pades::Result<SoftwareKey> {
        let der = |text: &String| STANDARD.decode(text).unwrap_or_default();
        let certificates: Vec<Vec<u8>> = self.certificates.iter().map(der).collect();
        let above: Vec<&[u8]> = certificates.iter().skip(1).map(Vec::as_slice).collect();
        SoftwareKey::new(&der(&self.key), certificates.first().map_or(&[], Vec::as_slice), &above)
    }
}

/// Opens a sealed software key.
///
/// # Errors
/// `Internal` when it was sealed under another tenant's key, or is damaged.
pub(super) async fn unseal(store: &Store, sealed: &str, pin: String) -> Result<Opening> {
    let Some(bare) = bare(store, sealed, pin).await? else { return Ok(Opening::WrongPin) };
    bare.open().map(Box::new).map(Open::Software).map(Opening::Open).map_err(|_| damaged())
}

/// Seals a software key under another PIN; `None` when the old one is wrong.
///
/// # Errors
/// As [`unseal`].
pub(super) async fn reseal(
    store: &Store,
    sealed: &str,
    (old, new): (String, String),
) -> Result<Option<String>> {
    let Some(bare) = bare(store, sealed, old).await? else { return Ok(None) };
    bare.open().map_err(|_| damaged())?;
    Sealable(bare).seal(store, new).await.map(Some)
}

async fn bare(store: &Store, sealed: &str, pin: String) -> Result<Option<Bare>> {
    let whole = STANDARD.decode(sealed).map_err(|_| damaged())?;
    let inner = store.key().unseal(&whole, ABOUT).ok_or_else(damaged)?;
    let (salt, under_pin) = inner.split_at_checked(16).ok_or_else(damaged)?;
    let salt = <[u8; 16]>::try_from(salt).map_err(|_| damaged())?;
    let plain = password::sealing_key(pin, salt).await?.unseal(under_pin, ABOUT);
    plain.map(|plain| serde_json::from_slice(&plain).map_err(|_| damaged())).transpose()
}

fn damaged() -> Error {
    Error::internal("a sealed key cannot be read: was it restored without its tenant's key?")
}

/// Opens a key on a token. Waits for the token.
///
/// # Errors
/// `Refused` when there is no module, token or key.
pub(super) fn on_token(module: Option<&Path>, (token, key): (&str, &str), pin: &str) -> Result<Opening> {
    let module = module.ok_or_else(|| Refusal::new("engine.signing.refuse.no_module"))?;
    let place =
        Where { module, token: (!token.is_empty()).then_some(token), key: (!key.is_empty()).then_some(key) };
    match TokenKey::open(&place, pin) {
        Ok(key) => Ok(Opening::Open(Open::Token(Box::new(key)))),
        Err(error) if is_pin(&error.detail) => Ok(Opening::WrongPin),
        Err(error) => Err(super::refused(&error, "")),
    }
}

/// Gives a token another PIN; false when the old one is wrong. Waits for the token.
///
/// # Errors
/// As [`on_token`].
pub(super) fn repin_token(module: Option<&Path>, token: &str, (old, new): (&str, &str)) -> Result<bool> {
    let module = module.ok_or_else(|| Refusal::new("engine.signing.refuse.no_module"))?;
    let place = Where { module, token: (!token.is_empty()).then_some(token), key: None };
    match pades::signer::change_pin(&place, (old, new)) {
        Ok(()) => Ok(true),
        Err(error) if is_pin(&error.detail) => Ok(false),
        Err(error) => Err(super::refused(&error, "")),
    }
}

/// True for the words in which a token says that the PIN is another.
fn is_pin(detail: &str) -> bool {
    let detail = detail.to_lowercase();
    detail.contains("pin")
}

impl Open {
    /// Signs with the key, wherever it is. Waits for it.
    ///
    /// # Errors
    /// What `sign` answers, and what a service refuses.
    pub(super) fn with<V>(&self, sign: impl FnOnce(&dyn Signer) -> pades::Result<V>) -> pades::Result<V> {
        match self {
            Open::Software(key) => sign(key.as_ref()),
            Open::Token(key) => sign(key.as_ref()),
            Open::Remote { service, credential, pin } => {
                let post = |path: &str, body: &serde_json::Value| service.post_json(path, body);
                let said = serde_json::json!([{ "id": "PIN", "value": pin }]);
                sign(&RemoteKey::open(&post, credential, Authorization::Ask(said))?)
            }
        }
    }

    /// What its certificate says.
    ///
    /// # Errors
    /// As [`Open::with`].
    pub(super) fn facts(&self) -> pades::Result<Facts> {
        self.with(|signer| Ok(facts(signer.certificate())))
    }
}

fn facts(certificate: &Certificate) -> Facts {
    let inner = certificate.tbs_certificate();
    let seconds = |time: &x509_cert::time::Time| {
        let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX / 1_000_000);
        Instant::from_micros(seconds.saturating_mul(1_000_000))
    };
    Facts {
        subject: inner.subject().to_string(),
        issuer: inner.issuer().to_string(),
        serial: kernel::hex(inner.serial_number().as_bytes()),
        from: seconds(&inner.validity().not_before),
        until: seconds(&inner.validity().not_after),
    }
}

/// The certificate of the key first; the others behind it, in the order of the file.
fn ordered(key: &[u8], mut certificates: Vec<Vec<u8>>) -> Option<Vec<Vec<u8>>> {
    let fits = |der: &Vec<u8>| {
        let Ok(signer) = SoftwareKey::new(key, der, &[]) else { return false };
        super::trial::is_of(&signer)
    };
    let own = certificates.iter().position(fits)?;
    let own = certificates.remove(own);
    certificates.retain(|der| Certificate::from_der(der).is_ok());
    certificates.insert(0, own);
    Some(certificates)
}

/// The blocks of a PEM file with this label.
fn blocks(file: &[u8], label: &str) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(file);
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let parts = text.split(begin.as_str()).skip(1).filter_map(|part| part.split_once(end.as_str()));
    parts.filter_map(|(body, _)| STANDARD.decode(body.split_whitespace().collect::<String>()).ok()).collect()
}

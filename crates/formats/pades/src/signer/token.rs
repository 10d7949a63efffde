use std::path::Path;
use std::sync::{Mutex, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as TokenError, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use der::Decode;
use x509_cert::Certificate;

use super::{Signer, chain_of, encoding};
use crate::cms::Algorithm;
use crate::{Error, Reason, Result};

/// A key on a token or in a hardware security module, reached through PKCS #11.
#[derive(Debug)]
pub struct TokenKey {
    // A session is for one thread at a time.
    session: Mutex<Session>,
    key: ObjectHandle,
    certificate: Certificate,
    chain: Vec<Certificate>,
    algorithm: Algorithm,
}

/// Which key on which token.
#[derive(Debug, Clone, Copy)]
pub struct Where<'a> {
    /// The maker's module (`….so`).
    pub module: &'a Path,
    /// The label of the token; the first one that is plugged in when absent.
    pub token: Option<&'a str>,
    /// The label of the private key; the first one with a certificate when absent.
    pub key: Option<&'a str>,
}

impl TokenKey {
    /// Logs in, finds the key and, by the identifier they share, its certificate. The certificates above it are
    /// taken from the token too.
    ///
    /// # Errors
    /// `Signer` for a module, token, PIN or key that is not there; `Algorithm` for a kind of key not accepted.
    pub fn open(place: &Where<'_>, pin: &str) -> Result<Self> {
        let session = log_in(place, pin).map_err(failed)?;
        let session = session.ok_or_else(|| Error::new(Reason::Signer, "no such token"))?;
        let certificates = certificates(&session).map_err(failed)?;
        let mut wanted = vec![Attribute::Class(ObjectClass::PRIVATE_KEY)];
        wanted.extend(place.key.map(|label| Attribute::Label(label.as_bytes().to_vec())));
        let mut found = None;
        for key in session.find_objects(&wanted).map_err(failed)? {
            let id = read(&session, key, AttributeType::Id).map_err(failed)?;
            let certificate = certificates.iter().find(|(other, _)| !id.is_empty() && *other == id);
            found = found.or_else(|| certificate.map(|(_, certificate)| (key, certificate.clone())));
        }
        let Some((key, certificate)) = found else {
            return Err(Error::new(Reason::Signer, "no key with a certificate"));
        };
        let heap: Vec<Certificate> = certificates.into_iter().map(|(_, certificate)| certificate).collect();
        let algorithm = Algorithm::of(&certificate)?;
        let chain = chain_of(&certificate, &heap);
        Ok(Self { session: Mutex::new(session), key, certificate, chain, algorithm })
    }
}

impl Signer for TokenKey {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let digest = self.algorithm.digest();
        let hash = digest.over(&[message]);
        // The digest is taken here: every token can sign one, not every token can take one.
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        match self.algorithm {
            Algorithm::Rsa(_) => {
                let info = encoding::digest_info(digest, &hash)?;
                session.sign(&Mechanism::RsaPkcs, self.key, &info).map_err(failed)
            }
            Algorithm::P256 | Algorithm::P384 => {
                encoding::ecdsa(session.sign(&Mechanism::Ecdsa, self.key, &hash).map_err(failed)?)
            }
        }
    }
}

/// Gives a token another PIN.
///
/// # Errors
/// `Signer` for a module, token or PIN that is not there, and for a new PIN the token does not take.
pub fn change_pin(place: &Where<'_>, (old, new): (&str, &str)) -> Result<()> {
    let session = session(place, true).map_err(failed)?;
    let session = session.ok_or_else(|| Error::new(Reason::Signer, "no such token"))?;
    session.set_pin(&AuthPin::new(old.into()), &AuthPin::new(new.into())).map_err(failed)
}

fn log_in(place: &Where<'_>, pin: &str) -> cryptoki::error::Result<Option<Session>> {
    let Some(session) = session(place, false)? else { return Ok(None) };
    // One login serves all sessions of the program.
    match session.login(UserType::User, Some(&AuthPin::new(pin.into()))) {
        Ok(()) | Err(TokenError::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(Some(session)),
        Err(error) => Err(error),
    }
}

/// A session with the token, in which nobody is logged in yet.
fn session(place: &Where<'_>, writes: bool) -> cryptoki::error::Result<Option<Session>> {
    let module = Pkcs11::new(place.module)?;
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(TokenError::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(error),
    }
    for slot in module.get_slots_with_initialized_token()? {
        let info = module.get_token_info(slot)?;
        if place.token.is_some_and(|wanted| info.label() != wanted) {
            continue;
        }
        let opened = if writes { module.open_rw_session(slot) } else { module.open_ro_session(slot) };
        return opened.map(Some);
    }
    Ok(None)
}

/// The certificates of the token that can be read, each with its identifier.
fn certificates(session: &Session) -> cryptoki::error::Result<Vec<(Vec<u8>, Certificate)>> {
    let mut found = Vec::new();
    for object in session.find_objects(&[Attribute::Class(ObjectClass::CERTIFICATE)])? {
        let value = read(session, object, AttributeType::Value)?;
        if let Ok(certificate) = Certificate::from_der(&value) {
            found.push((read(session, object, AttributeType::Id)?, certificate));
        }
    }
    Ok(found)
}

/// An attribute of bytes; empty when the object has none.
fn read(session: &Session, object: ObjectHandle, kind: AttributeType) -> cryptoki::error::Result<Vec<u8>> {
    let value = session.get_attributes(object, &[kind])?.pop();
    Ok(match value {
        Some(Attribute::Id(bytes) | Attribute::Value(bytes)) => bytes,
        _ => Vec::new(),
    })
}

fn failed(error: TokenError) -> Error {
    Error::new(Reason::Signer, error)
}

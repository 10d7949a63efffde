//! The key of a node or of the authority: ECDSA on P-256.

use crate::certificate::{is_ours, signed_part};
use crate::{Error, Result, host, is_name};
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData, SigningKey};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use x509_cert::der::Decode;
use x509_cert::request::CertReq;

/// A private key.
pub struct Key(pub(crate) KeyPair);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a private key")
    }
}

impl Key {
    /// A new key.
    ///
    /// # Errors
    /// [`Error::Unmade`] when the machine has no chance to give.
    pub fn generate() -> Result<Key> {
        KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map(Key).map_err(|_| Error::Unmade)
    }

    /// The key of [`Key::pkcs8`].
    ///
    /// # Errors
    /// [`Error::Damaged`] when it is none of this kind.
    pub fn open(pkcs8: &[u8]) -> Result<Key> {
        let key = KeyPair::try_from(pkcs8).map_err(|_| Error::Damaged("the key"))?;
        if key.algorithm() == &PKCS_ECDSA_P256_SHA256 { Ok(Key(key)) } else { Err(Error::Damaged("the key")) }
    }

    /// The private key as PKCS #8. Whoever keeps it seals it.
    pub fn pkcs8(&self) -> &[u8] {
        self.0.serialized_der()
    }

    /// The public point, as it stands in a certificate.
    pub fn public(&self) -> &[u8] {
        self.0.public_key_raw()
    }

    /// Signs bytes: ECDSA with SHA-256, in DER.
    ///
    /// # Errors
    /// [`Error::Unmade`] when the machine has no chance to give.
    pub fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        SigningKey::sign(&self.0, bytes).map_err(|_| Error::Unmade)
    }

    /// Asks for a certificate: a PKCS #10 request in the name of a node.
    ///
    /// # Errors
    /// [`Error::Name`] for a name no node may have.
    pub fn request(&self, node: &str) -> Result<Vec<u8>> {
        let mut asked = CertificateParams::new(vec![node_host(node)?]).map_err(|_| Error::Name)?;
        asked.distinguished_name = rcgen::DistinguishedName::new();
        asked.distinguished_name.push(DnType::CommonName, node);
        let request = asked.serialize_request(&self.0).map_err(|_| Error::Unmade)?;
        Ok(request.der().to_vec())
    }
}

pub(crate) fn node_host(node: &str) -> Result<String> {
    if is_name(node) { Ok(host(node)) } else { Err(Error::Name) }
}

/// A request for a certificate whose sender holds the key. What it says of names counts for nothing: the authority
/// writes the name it has admitted.
pub struct Request {
    public: Vec<u8>,
}

impl Request {
    /// Reads a request and checks that whoever made it holds the private key.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it is none, [`Error::Signature`] when the key is not its sender's.
    pub fn read(der: &[u8]) -> Result<Request> {
        if der.len() > 4096 {
            return Err(Error::TooLarge);
        }
        let request = CertReq::from_der(der).map_err(|_| Error::Damaged("the request"))?;
        if !is_ours(&request.algorithm) {
            return Err(Error::Damaged("the request"));
        }
        let public = request.info.public_key.subject_public_key.raw_bytes().to_vec();
        let signed = signed_part(der).ok_or(Error::Damaged("the request"))?;
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &public)
            .verify(signed, request.signature.as_bytes().unwrap_or_default())
            .map_err(|_| Error::Signature)?;
        Ok(Request { public })
    }
}

impl PublicKeyData for Request {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

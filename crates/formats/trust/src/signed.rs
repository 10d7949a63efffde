//! Bytes with the signature of a node or the authority beside them: one line of base64, then the bytes as they are.

use crate::{Certificate, Error, Key, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What a signature is given for: one given for one thing is worth nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The directory, by the authority.
    Directory,
    /// What a node tells of its agencies.
    Agencies,
    /// A node asks for a new certificate.
    Renewal,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Purpose::Directory => "vanlang-directory-1",
            Purpose::Agencies => "vanlang-agencies-1",
            Purpose::Renewal => "vanlang-renewal-1",
        }
    }

    fn over(self, body: &[u8]) -> Vec<u8> {
        [self.word().as_bytes(), b"\n", body].concat()
    }
}

/// Bytes, who signed them, and the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// What was signed.
    pub body: Vec<u8>,
    /// The certificate of the key.
    pub certificate: Vec<u8>,
    /// ECDSA with SHA-256, in DER.
    pub signature: Vec<u8>,
}

impl Signed {
    /// Signs bytes.
    ///
    /// # Errors
    /// [`Error::Unmade`] when the machine has no chance to give.
    pub fn make(purpose: Purpose, body: Vec<u8>, (key, certificate): (&Key, &Certificate)) -> Result<Signed> {
        let signature = key.sign(&purpose.over(&body))?;
        Ok(Signed { body, certificate: certificate.der().to_vec(), signature })
    }

    /// As it is kept and sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = format!("{} {}\n", STANDARD.encode(&self.certificate), STANDARD.encode(&self.signature));
        [head.as_bytes(), &self.body].concat()
    }

    /// Reads [`Signed::to_bytes`].
    ///
    /// # Errors
    /// [`Error::Damaged`], or [`Error::TooLarge`] beyond `most` bytes.
    pub fn read(bytes: &[u8], most: usize) -> Result<Signed> {
        let damaged = Error::Damaged("the signature");
        if bytes.len() > most {
            return Err(Error::TooLarge);
        }
        let end = bytes.iter().take(16_384).position(|byte| *byte == b'\n').ok_or(damaged)?;
        let (head, body) = bytes.split_at_checked(end).ok_or(damaged)?;
        let head = std::str::from_utf8(head).map_err(|_| damaged)?;
        let (certificate, signature) = head.split_once(' ').ok_or(damaged)?;
        let decoded = |text: &str| STANDARD.decode(text).map_err(|_| damaged);
        let body = body.get(1..).unwrap_or_default().to_vec();
        Ok(Signed { body, certificate: decoded(certificate)?, signature: decoded(signature)? })
    }

    /// The certificate whose key signed the bytes for this purpose. Whether it is trusted is the caller's question.
    ///
    /// # Errors
    /// [`Error::Signature`] when the key did not.
    pub fn signer(&self, purpose: Purpose) -> Result<Certificate> {
        let certificate = Certificate::read(&self.certificate)?;
        certificate.verify(&purpose.over(&self.body), &self.signature)?;
        Ok(certificate)
    }
}

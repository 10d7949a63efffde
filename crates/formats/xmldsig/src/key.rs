use der::asn1::{ObjectIdentifier, UintRef};
use der::{Decode, Sequence};
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use x509_cert::Certificate;

use crate::names::{ECDSA_SHA256, RSA_SHA256};
use crate::{Error, Reason, Result};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

/// Bytes of each of the two numbers of an ECDSA signature on P-256.
const NUMBER: usize = 32;

/// What a key makes of a message, or why it made nothing.
pub type Sign<'a> = dyn Fn(&[u8]) -> std::result::Result<Vec<u8>, String> + 'a;

/// Who signs: a certificate, and what its key makes of a message.
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    /// The certificate, DER.
    pub certificate: &'a [u8],
    /// Signs a message: RSA PKCS #1 v1.5 or ECDSA on P-256, both with SHA-256, as certificates and messages hold
    /// signatures (ECDSA: the two numbers in DER).
    pub sign: &'a Sign<'a>,
}

/// `ECDSA-Sig-Value` (RFC 3279, 2.2.3).
#[derive(Sequence)]
struct Numbers<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// How the key of a certificate signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rsa,
    P256,
}

impl Algorithm {
    pub(crate) fn of(certificate: &Certificate) -> Result<Self> {
        let key = &certificate.tbs_certificate().subject_public_key_info().algorithm;
        let curve = || key.parameters.as_ref().and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
        match key.oid {
            RSA => Ok(Self::Rsa),
            EC if curve() == Some(P256) => Ok(Self::P256),
            oid => Err(Error::new(Reason::Algorithm, oid)),
        }
    }

    pub(crate) fn uri(self) -> &'static str {
        match self {
            Self::Rsa => RSA_SHA256,
            Self::P256 => ECDSA_SHA256,
        }
    }

    /// Whether the key of the certificate made this signature; RSA keys have 2,048 bits at least.
    pub(crate) fn check(self, certificate: &Certificate, message: &[u8], signature: &[u8]) -> Result<()> {
        let algorithm: &dyn VerificationAlgorithm = match self {
            Self::Rsa => &signature::RSA_PKCS1_2048_8192_SHA256,
            Self::P256 => &signature::ECDSA_P256_SHA256_FIXED,
        };
        let key = certificate.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes();
        UnparsedPublicKey::new(algorithm, key)
            .verify(message, signature)
            .map_err(|_| Error::new(Reason::Signature, ""))
    }
}

/// A certificate that can be read whole.
pub(crate) fn certificate(der: &[u8]) -> Result<Certificate> {
    Certificate::from_der(der).map_err(|error| Error::new(Reason::Certificate, error))
}

impl Signer<'_> {
    /// The signature as XML holds it, checked: a signer that answers something else is found here, not by the receiver.
    pub(crate) fn sign(&self, certificate: &Certificate, message: &[u8]) -> Result<Vec<u8>> {
        let algorithm = Algorithm::of(certificate)?;
        let signature = (self.sign)(message).map_err(|error| Error::new(Reason::Signer, error))?;
        let signature = match algorithm {
            Algorithm::Rsa => signature,
            Algorithm::P256 => side_by_side(&signature)?,
        };
        algorithm.check(certificate, message, &signature)?;
        Ok(signature)
    }
}

/// The two numbers of an ECDSA signature side by side, each of full length.
fn side_by_side(der: &[u8]) -> Result<Vec<u8>> {
    let wrong = || Error::new(Reason::Signer, "an ECDSA signature in DER was asked for");
    let numbers = Numbers::from_der(der).map_err(|_| wrong())?;
    let mut both = Vec::with_capacity(2 * NUMBER);
    for number in [numbers.r, numbers.s] {
        let bytes = number.as_bytes();
        let padding = NUMBER.checked_sub(bytes.len()).ok_or_else(wrong)?;
        both.resize(both.len() + padding, 0);
        both.extend_from_slice(bytes);
    }
    Ok(both)
}

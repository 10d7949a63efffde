use der::asn1::{Any, ObjectIdentifier as Oid};
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;

use super::{Digest, oids};
use crate::{Error, Reason, Result};

/// How a message is signed. SHA-1, keys under 2048 bits and RSA-PSS are not offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSA PKCS #1 v1.5 with the digest.
    Rsa(Digest),
    /// ECDSA on P-256 with SHA-256.
    P256,
    /// ECDSA on P-384 with SHA-384.
    P384,
}

impl Algorithm {
    /// What the key of a certificate signs with.
    ///
    /// # Errors
    /// `Algorithm` for another kind of key.
    pub fn of(certificate: &Certificate) -> Result<Self> {
        let key = certificate.tbs_certificate().subject_public_key_info();
        let curve = || key.algorithm.parameters.as_ref().and_then(|any| any.decode_as::<Oid>().ok());
        match (key.algorithm.oid, curve()) {
            (oids::RSA, _) => Ok(Self::Rsa(Digest::Sha256)),
            (oids::EC, Some(oids::P256)) => Ok(Self::P256),
            (oids::EC, Some(oids::P384)) => Ok(Self::P384),
            (oid, _) => Err(Error::new(Reason::Algorithm, oid)),
        }
    }

    /// The digest that goes with it.
    pub fn digest(self) -> Digest {
        match self {
            Self::Rsa(digest) => digest,
            Self::P256 => Digest::Sha256,
            Self::P384 => Digest::Sha384,
        }
    }

    /// As it is named in a message.
    pub fn identifier(self) -> AlgorithmIdentifierOwned {
        let parameters = matches!(self, Self::Rsa(_)).then(Any::null);
        AlgorithmIdentifierOwned { oid: self.oid(), parameters }
    }

    /// Its identifier.
    pub fn oid(self) -> Oid {
        match self {
            Self::Rsa(Digest::Sha256) => oids::RSA_SHA256,
            Self::Rsa(Digest::Sha384) => oids::RSA_SHA384,
            Self::Rsa(Digest::Sha512) => oids::RSA_SHA512,
            Self::P256 => oids::ECDSA_SHA256,
            Self::P384 => oids::ECDSA_SHA384,
        }
    }

    /// Whether the key of the certificate made this signature of the message.
    pub fn signed(self, certificate: &Certificate, message: &[u8], signature: &[u8]) -> bool {
        let algorithm: &dyn VerificationAlgorithm = match self {
            Self::Rsa(Digest::Sha256) => &signature::RSA_PKCS1_2048_8192_SHA256,
            Self::Rsa(Digest::Sha384) => &signature::RSA_PKCS1_2048_8192_SHA384,
            Self::Rsa(Digest::Sha512) => &signature::RSA_PKCS1_2048_8192_SHA512,
            Self::P256 => &signature::ECDSA_P256_SHA256_ASN1,
            Self::P384 => &signature::ECDSA_P384_SHA384_ASN1,
        };
        let key = certificate.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes();
        UnparsedPublicKey::new(algorithm, key).verify(message, signature).is_ok()
    }
}

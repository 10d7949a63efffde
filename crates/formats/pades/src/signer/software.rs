use std::fmt;

use der::Decode;
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, RsaEncoding, RsaKeyPair};
use x509_cert::Certificate;

use super::Signer;
use crate::cms::{self, Algorithm, Digest};
use crate::{Error, Reason, Result};

/// A key held in memory: for tests, for demonstrations, and for keys the operating system protects.
pub struct SoftwareKey {
    key: Key,
    certificate: Certificate,
    chain: Vec<Certificate>,
    algorithm: Algorithm,
}

enum Key {
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
    Ec(EcdsaKeyPair),
}

impl fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the key.
        f.debug_struct("SoftwareKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl SoftwareKey {
    /// A key in PKCS #8 with its certificate and the ones above it, all DER.
    ///
    /// # Errors
    /// `BadCms` for a certificate that cannot be read, `Algorithm` for a kind of key that is not accepted,
    /// `KeyMismatch` when the key is no such key.
    pub fn new(pkcs8: &[u8], certificate: &[u8], chain: &[&[u8]]) -> Result<Self> {
        let read = |der: &[u8]| Certificate::from_der(der).map_err(cms::bad);
        let certificate = read(certificate)?;
        let chain = chain.iter().map(|der| read(der)).collect::<Result<_>>()?;
        let algorithm = Algorithm::of(&certificate)?;
        let rejected = |error: ring::error::KeyRejected| Error::new(Reason::KeyMismatch, error);
        let ec = |algorithm| EcdsaKeyPair::from_pkcs8(algorithm, pkcs8, &SystemRandom::new());
        let key = match algorithm {
            Algorithm::Rsa(digest) => {
                Key::Rsa(RsaKeyPair::from_pkcs8(pkcs8).map_err(rejected)?, encoding(digest))
            }
            Algorithm::P256 => Key::Ec(ec(&signature::ECDSA_P256_SHA256_ASN1_SIGNING).map_err(rejected)?),
            Algorithm::P384 => Key::Ec(ec(&signature::ECDSA_P384_SHA384_ASN1_SIGNING).map_err(rejected)?),
        };
        Ok(Self { key, certificate, chain, algorithm })
    }
}

fn encoding(digest: Digest) -> &'static dyn RsaEncoding {
    match digest {
        Digest::Sha256 => &signature::RSA_PKCS1_SHA256,
        Digest::Sha384 => &signature::RSA_PKCS1_SHA384,
        Digest::Sha512 => &signature::RSA_PKCS1_SHA512,
    }
}

impl Signer for SoftwareKey {
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
        let failed = |error: ring::error::Unspecified| Error::new(Reason::Signer, error);
        let random = SystemRandom::new();
        match &self.key {
            Key::Rsa(key, encoding) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(*encoding, &random, message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Key::Ec(key) => Ok(key.sign(&random, message).map_err(failed)?.as_ref().to_vec()),
        }
    }
}

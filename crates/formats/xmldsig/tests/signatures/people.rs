//! Who signs here.

use std::process::Command;

use jiff::Timestamp;
use rcgen::{CertificateParams, KeyPair};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use xmldsig::Signer;

/// A key with its certificate.
pub(crate) struct Person {
    pub(crate) certificate: Vec<u8>,
    key: Key,
}

enum Key {
    P256(KeyPair),
    Rsa(RsaKeyPair),
}

impl Person {
    pub(crate) fn p256() -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = params().self_signed(&key).unwrap().der().to_vec();
        Self { certificate, key: Key::P256(key) }
    }

    /// `ring` makes no RSA keys, so another program does.
    pub(crate) fn rsa() -> Self {
        let made = Command::new("openssl")
            .args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
            .output()
            .unwrap();
        assert!(made.status.success(), "openssl makes a key");
        let pem = String::from_utf8(made.stdout).unwrap();
        let named = KeyPair::from_pkcs8_pem_and_sign_algo(&pem, &rcgen::PKCS_RSA_SHA256).unwrap();
        let certificate = params().self_signed(&named).unwrap().der().to_vec();
        Self { certificate, key: Key::Rsa(RsaKeyPair::from_pkcs8(&named.serialize_der()).unwrap()) }
    }

    pub(crate) fn sign<T>(&self, act: impl FnOnce(&Signer<'_>) -> T) -> T {
        act(&Signer {
            certificate: &self.certificate,
            sign: &|message| match &self.key {
                Key::P256(key) => rcgen::SigningKey::sign(key, message).map_err(|e| e.to_string()),
                Key::Rsa(key) => {
                    let mut signature = vec![0; key.public().modulus_len()];
                    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
                    Ok(signature)
                }
            },
        })
    }

    /// The key as other programs read it.
    pub(crate) fn pem(&self) -> String {
        match &self.key {
            Key::P256(key) => key.serialize_pem(),
            Key::Rsa(_) => String::new(),
        }
    }
}

fn params() -> CertificateParams {
    CertificateParams::new(vec!["phutho.node.vanlang".to_owned()]).unwrap()
}

pub(crate) fn then() -> Timestamp {
    "2026-12-01T02:15:30Z".parse().unwrap()
}

//! Keys: in memory, on a token, at a service.

mod encoding;
mod remote;
mod software;
mod token;

pub use remote::{Authorization, Post, RemoteKey};
pub use software::SoftwareKey;
pub use token::{TokenKey, Where, change_pin};
use x509_cert::Certificate;

use crate::Result;
use crate::cms::Algorithm;

/// A key with its certificate, wherever the key is.
pub trait Signer {
    /// The certificate of the key.
    fn certificate(&self) -> &Certificate;

    /// The certificates above it, as far as known; they are put into the file.
    fn chain(&self) -> &[Certificate];

    /// How the key signs.
    fn algorithm(&self) -> Algorithm;

    /// Signs a message of a few hundred bytes; the digest is taken here, with the one of [`Signer::algorithm`].
    ///
    /// # Errors
    /// `Signer`, with what the key's keeper said.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>>;
}

/// The certificates above `certificate`, from the nearest up, out of a heap.
fn chain_of(certificate: &Certificate, heap: &[Certificate]) -> Vec<Certificate> {
    let mut chain: Vec<Certificate> = Vec::new();
    let mut last = certificate;
    while let Some(above) = heap.iter().find(|one| {
        let is_issuer = one.tbs_certificate().subject() == last.tbs_certificate().issuer();
        is_issuer && *one != certificate && !chain.contains(one)
    }) {
        chain.push(above.clone());
        last = above;
    }
    chain
}

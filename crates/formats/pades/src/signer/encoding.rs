//! What a keeper of keys takes and gives differs from what a message holds.

use der::asn1::{Any, OctetString, Uint};
use der::{Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;

use crate::Result;
use crate::cms::{Digest, bad};

/// `DigestInfo` (RFC 8017, 9.2): what an RSA key signs when the digest was taken outside.
#[derive(Sequence)]
struct DigestInfo {
    algorithm: AlgorithmIdentifierOwned,
    hash: OctetString,
}

/// `ECDSA-Sig-Value` (RFC 3279, 2.2.3).
#[derive(Sequence)]
struct EcdsaSignature {
    r: Uint,
    s: Uint,
}

/// The digest with its name.
pub(super) fn digest_info(digest: Digest, hash: &[u8]) -> Result<Vec<u8>> {
    let algorithm = AlgorithmIdentifierOwned { oid: digest.oid(), parameters: Some(Any::null()) };
    DigestInfo { algorithm, hash: OctetString::new(hash).map_err(bad)? }.to_der().map_err(bad)
}

/// An ECDSA signature as a message holds it. Tokens, and some services, give the two numbers side by side.
pub(super) fn ecdsa(signature: Vec<u8>) -> Result<Vec<u8>> {
    if EcdsaSignature::from_der(&signature).is_ok() {
        return Ok(signature);
    }
    let (r, s) = signature.split_at(signature.len() / 2);
    EcdsaSignature { r: Uint::new(r).map_err(bad)?, s: Uint::new(s).map_err(bad)? }.to_der().map_err(bad)
}

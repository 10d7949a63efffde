use der::asn1::ObjectIdentifier as Oid;
use ring::signature as rs;

use super::pss;
use super::tlv::{self, Tlv};
use crate::cms::{Digest, oids};
use crate::verify::Cause;

const ED25519: Oid = Oid::new_unwrap("1.3.101.112");
const MGF1: Oid = Oid::new_unwrap("1.2.840.113549.1.1.8");

/// Checks a signature: the key and the algorithm as they are encoded, `digest` where the algorithm leaves it open.
pub(crate) fn check(
    spki: &[u8],
    algorithm: &[u8],
    digest: Option<Oid>,
    signed: (&[u8], &[u8]),
) -> Result<(), Cause> {
    let key = Key::read(spki).ok_or(Cause::UnsupportedAlgorithm)?;
    let (oid, parameters) = algorithm_parts(algorithm).ok_or(Cause::MalformedSignature)?;
    key.strong_enough()?;
    let (message, signature) = signed;
    if oid == oids::RSA_PSS && (key.oid == oids::RSA || key.oid == oids::RSA_PSS) {
        return key.pss(pss_parameters(parameters, digest)?, message, signature);
    }
    let verifier = verifier(&key, oid, digest)?;
    rs::UnparsedPublicKey::new(verifier, key.bits)
        .verify(message, signature)
        .map_err(|_| Cause::SignatureMismatch)
}

struct Key<'a> {
    oid: Oid,
    curve: Option<Oid>,
    bits: &'a [u8],
}

impl<'a> Key<'a> {
    fn read(spki: &'a [u8]) -> Option<Self> {
        let mut parts = Tlv::only(spki, tlv::SEQUENCE)?.elements();
        let (oid, parameters) = algorithm_parts(parts.take(tlv::SEQUENCE)?.whole)?;
        let bits = parts.take(tlv::BIT_STRING)?.bits()?;
        Some(Self { oid, curve: parameters.and_then(|parameters| parameters.oid()), bits })
    }

    fn pss(&self, (digest, salt): (Digest, usize), message: &[u8], signature: &[u8]) -> Result<(), Cause> {
        let ring: Option<&'static dyn rs::VerificationAlgorithm> = match (digest, salt) {
            (Digest::Sha256, 32) => Some(&rs::RSA_PSS_2048_8192_SHA256),
            (Digest::Sha384, 48) => Some(&rs::RSA_PSS_2048_8192_SHA384),
            (Digest::Sha512, 64) => Some(&rs::RSA_PSS_2048_8192_SHA512),
            _ => None,
        };
        let holds = match ring {
            Some(ring) => {
                Some(rs::UnparsedPublicKey::new(ring, self.bits).verify(message, signature).is_ok())
            }
            None => self.rsa().and_then(|key| pss::holds(key, (digest, salt), message, signature)),
        };
        match holds {
            Some(true) => Ok(()),
            Some(false) => Err(Cause::SignatureMismatch),
            None => Err(Cause::UnsupportedAlgorithm),
        }
    }

    /// Modulus and exponent of an RSA key.
    fn rsa(&self) -> Option<(&'a [u8], &'a [u8])> {
        let mut numbers = Tlv::only(self.bits, tlv::SEQUENCE)?.elements();
        let mut number = || {
            let body = numbers.take(tlv::INTEGER)?.body;
            body.get(body.iter().take_while(|byte| **byte == 0).count()..)
        };
        Some((number()?, number()?))
    }

    /// RSA of fewer than 2048 bits is refused (NIST SP 800-57 part 1: 112 bits of strength).
    fn strong_enough(&self) -> Result<(), Cause> {
        if self.oid != oids::RSA && self.oid != oids::RSA_PSS {
            return Ok(());
        }
        let (modulus, _) = self.rsa().ok_or(Cause::UnsupportedAlgorithm)?;
        if modulus.len() >= 256 { Ok(()) } else { Err(Cause::WeakAlgorithm) }
    }
}

fn algorithm_parts(algorithm: &[u8]) -> Option<(Oid, Option<Tlv<'_>>)> {
    let mut parts = Tlv::only(algorithm, tlv::SEQUENCE)?.elements();
    Some((parts.take(tlv::OID)?.oid()?, parts.any()))
}

fn verifier(
    key: &Key<'_>,
    oid: Oid,
    digest: Option<Oid>,
) -> Result<&'static dyn rs::VerificationAlgorithm, Cause> {
    if oid == ED25519 && key.oid == ED25519 {
        return Ok(&rs::ED25519);
    }
    let named = match oid {
        oids::RSA | oids::EC => digest,
        oids::RSA_SHA256 | oids::ECDSA_SHA256 => Some(oids::SHA256),
        oids::RSA_SHA384 | oids::ECDSA_SHA384 => Some(oids::SHA384),
        oids::RSA_SHA512 | oids::ECDSA_SHA512 => Some(oids::SHA512),
        other => return Err(refused(other)),
    };
    // The message and the algorithm must mean the same digest.
    if digest.is_some() && digest != named {
        return Err(Cause::MalformedSignature);
    }
    let named = named.ok_or(Cause::MalformedSignature)?;
    let digest = Digest::of(named).ok_or(refused(named))?;
    let rsa = matches!(oid, oids::RSA | oids::RSA_SHA256 | oids::RSA_SHA384 | oids::RSA_SHA512);
    match (key.oid, rsa, key.curve, digest) {
        (oids::RSA, true, _, Digest::Sha256) => Ok(&rs::RSA_PKCS1_2048_8192_SHA256),
        (oids::RSA, true, _, Digest::Sha384) => Ok(&rs::RSA_PKCS1_2048_8192_SHA384),
        (oids::RSA, true, _, Digest::Sha512) => Ok(&rs::RSA_PKCS1_2048_8192_SHA512),
        (oids::EC, false, Some(oids::P256), Digest::Sha256) => Ok(&rs::ECDSA_P256_SHA256_ASN1),
        (oids::EC, false, Some(oids::P256), Digest::Sha384) => Ok(&rs::ECDSA_P256_SHA384_ASN1),
        (oids::EC, false, Some(oids::P384), Digest::Sha256) => Ok(&rs::ECDSA_P384_SHA256_ASN1),
        (oids::EC, false, Some(oids::P384), Digest::Sha384) => Ok(&rs::ECDSA_P384_SHA384_ASN1),
        _ => Err(Cause::UnsupportedAlgorithm),
    }
}

/// RSASSA-PSS (RFC 4055, 3.1): one digest throughout, and how long the salt is.
fn pss_parameters(parameters: Option<Tlv<'_>>, digest: Option<Oid>) -> Result<(Digest, usize), Cause> {
    // Everything left out means SHA-1.
    let mut parts = parameters.ok_or(Cause::WeakAlgorithm)?.elements();
    let hash = parts.take(tlv::TAG_0).ok_or(Cause::WeakAlgorithm)?;
    let (hash, _) = algorithm_parts(hash.body).ok_or(Cause::MalformedSignature)?;
    let mask = parts.take(tlv::TAG_1).ok_or(Cause::WeakAlgorithm)?;
    let (mask, inner) = algorithm_parts(mask.body).ok_or(Cause::MalformedSignature)?;
    let inner = inner.and_then(|inner| algorithm_parts(inner.whole)).map(|(oid, _)| oid);
    let salt =
        parts.take(tlv::TAG_2).map_or(Some(20), |salt| Tlv::only(salt.body, tlv::INTEGER)?.decode::<u16>());
    if digest.is_some_and(|digest| digest != hash) {
        return Err(Cause::MalformedSignature);
    }
    let one = Digest::of(hash).ok_or(refused(hash))?;
    if mask != MGF1 || inner != Some(hash) {
        return Err(inner.map_or(Cause::WeakAlgorithm, refused));
    }
    Ok((one, usize::from(salt.ok_or(Cause::MalformedSignature)?)))
}

/// Why an algorithm that is not on the list is refused.
pub(crate) fn refused(oid: Oid) -> Cause {
    let weak = BROKEN.iter().any(|(broken, _)| *broken == oid);
    if weak { Cause::WeakAlgorithm } else { Cause::UnsupportedAlgorithm }
}

/// Algorithms that are known and no longer prove anything.
const BROKEN: &[(Oid, &str)] = &[
    (Oid::new_unwrap("1.2.840.113549.2.5"), "MD5: collisions since 2004"),
    (Oid::new_unwrap("1.3.14.3.2.26"), "SHA-1: collisions since 2017"),
    (Oid::new_unwrap("2.16.840.1.101.3.4.2.4"), "SHA-224: 112 bits against collisions, not used for signing"),
    (Oid::new_unwrap("1.2.840.113549.1.1.2"), "RSA with MD2"),
    (Oid::new_unwrap("1.2.840.113549.1.1.4"), "RSA with MD5"),
    (Oid::new_unwrap("1.2.840.113549.1.1.5"), "RSA with SHA-1"),
    (Oid::new_unwrap("1.3.14.3.2.29"), "RSA with SHA-1, the older name"),
    (Oid::new_unwrap("1.2.840.113549.1.1.14"), "RSA with SHA-224"),
    (Oid::new_unwrap("1.2.840.10045.4.1"), "ECDSA with SHA-1"),
    (Oid::new_unwrap("1.2.840.10045.4.3.1"), "ECDSA with SHA-224"),
    (Oid::new_unwrap("1.2.840.10040.4.3"), "DSA with SHA-1"),
];

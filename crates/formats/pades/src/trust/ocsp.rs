//! OCSP answers (RFC 6960), read only as far as one certificate asks.

use der::asn1::ObjectIdentifier as Oid;
use ring::digest;

use super::cert::Cert;
use super::path::Question;
use super::revocation::{Said, fresh};
use super::signature;
use super::tlv::{self, Tlv};
use super::usage::{self, Purpose};
use crate::cms::oids;

const BASIC: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.48.1.1");
const SHA1: Oid = Oid::new_unwrap("1.3.14.3.2.26");

/// What an answer says of a certificate; `None` when it is about another one, unsigned, or too old to say "good".
pub(crate) fn says(answer: &[u8], cert: &Cert, issuer: &Cert, question: &Question<'_>) -> Option<Said> {
    let basic = Tlv::only(basic(answer)?, tlv::SEQUENCE)?;
    let mut parts = basic.elements();
    let (data, algorithm) = (parts.take(tlv::SEQUENCE)?, parts.take(tlv::SEQUENCE)?);
    let signature = parts.take(tlv::BIT_STRING)?.bits()?;
    let mut fields = data.elements();
    fields.take(tlv::TAG_0);
    fields.any()?;
    fields.any()?.seconds()?;
    let singles = fields.take(tlv::SEQUENCE)?.elements().all()?;
    let said = singles.iter().find_map(|single| single_says(*single, cert, issuer, question.at))?;
    let certs = parts.take(tlv::TAG_0).and_then(|certs| Tlv::only(certs.body, tlv::SEQUENCE));
    let certs = certs.map_or(Some(Vec::new()), |certs| certs.elements().all())?;
    let delegates = certs.iter().take(4).filter_map(|cert| Cert::read(cert.whole));
    let by = |signer: &Cert| {
        signature::check(signer.spki(), algorithm.whole, None, (data.whole, signature)).is_ok()
    };
    let delegated = |delegate: &Cert| delegated(delegate, issuer) && by(delegate);
    (by(issuer) || delegates.into_iter().any(|delegate| delegated(&delegate))).then_some(said)
}

/// Both forms are met: the whole response, and the basic one within it (PAdES and CAdES keep either).
fn basic(answer: &[u8]) -> Option<&[u8]> {
    let mut parts = Tlv::only(answer, tlv::SEQUENCE)?.elements();
    let Some(status) = parts.take(tlv::ENUMERATED) else { return Some(answer) };
    if status.body != [0] {
        return None;
    }
    let mut bytes = Tlv::only(parts.take(tlv::TAG_0)?.body, tlv::SEQUENCE)?.elements();
    (bytes.take(tlv::OID)?.oid()? == BASIC).then_some(())?;
    Some(bytes.take(tlv::OCTETS)?.body)
}

/// A responder the issuer itself certified for this (RFC 6960, 4.2.2.2).
fn delegated(delegate: &Cert, issuer: &Cert) -> bool {
    if delegate.issuer() != issuer.subject() || delegate.signed_by(issuer).is_err() {
        return false;
    }
    usage::leaf(delegate, Purpose::OcspSigning).is_ok() && usage::extensions(delegate).is_ok()
}

fn single_says(single: Tlv<'_>, cert: &Cert, issuer: &Cert, at: i64) -> Option<Said> {
    let mut parts = single.elements();
    if !names(parts.take(tlv::SEQUENCE)?, cert, issuer)? {
        return None;
    }
    let status = parts.any()?;
    let this = parts.any()?.seconds()?;
    let next = parts.take(tlv::TAG_0).and_then(|next| Tlv::split(next.body)?.0.seconds());
    match status.tag {
        0x80 => fresh(this, next, at).then_some(Said::Good),
        0xa1 => Some(Said::Revoked(status.elements().any()?.seconds()?)),
        _ => None,
    }
}

/// Whether the identifier names this certificate. SHA-1 only tells certificates apart here; it proves nothing.
fn names(id: Tlv<'_>, cert: &Cert, issuer: &Cert) -> Option<bool> {
    let mut parts = id.elements();
    let algorithm = parts.take(tlv::SEQUENCE)?.elements().take(tlv::OID)?.oid()?;
    let algorithm = match algorithm {
        SHA1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        oids::SHA256 => &digest::SHA256,
        oids::SHA384 => &digest::SHA384,
        oids::SHA512 => &digest::SHA512,
        _ => return None,
    };
    let of = |bytes: &[u8]| digest::digest(algorithm, bytes);
    let (name, key) = (parts.take(tlv::OCTETS)?.body, parts.take(tlv::OCTETS)?.body);
    let serial = parts.take(tlv::INTEGER)?.body;
    Some(name == of(issuer.subject()).as_ref() && key == of(issuer.key()).as_ref() && serial == cert.serial())
}

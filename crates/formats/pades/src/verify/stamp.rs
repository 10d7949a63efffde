//! Timestamps (RFC 3161): what one proves.

use super::Cause;
use super::message::Message;
use crate::cms::{Digest, oids};
use crate::trust::{self, Cert, Evidence, Purpose, Question, Tlv, Trust, tag};

/// Clocks of an authority and of the one who checks may differ by this many seconds.
const SKEW: i64 = 300;

/// What a token is checked against.
pub(crate) struct Check<'a> {
    pub(crate) trust: &'a Trust,
    pub(crate) pool: &'a [Cert],
    pub(crate) evidence: &'a Evidence,
    /// The moment at which the authority's certificate must be valid: now, or when a later timestamp was made.
    pub(crate) at: i64,
}

/// Checks that the token is about these bytes and that its authority is trusted; answers the second it names.
pub(crate) fn check(token: &Message<'_>, stamped: &[&[u8]], check: &Check<'_>) -> Result<i64, Vec<Cause>> {
    let content = token.content.ok_or(vec![Cause::TimestampInvalid])?;
    token.check(oids::TST_INFO, &[content], true).map_err(|cause| vec![stamped_cause(cause)])?;
    let time = said(content, stamped).ok_or(vec![Cause::TimestampInvalid])?;
    if time > check.at.saturating_add(SKEW) {
        return Err(vec![Cause::TimestampInvalid]);
    }
    let cert = token.certificate().ok_or(vec![Cause::TimestampInvalid])?;
    let pool: Vec<Cert> = token.certificates.iter().chain(check.pool).cloned().collect();
    let Check { trust, evidence, at, .. } = *check;
    let question = Question { trust, pool: &pool, evidence, at, purpose: Purpose::Timestamping };
    match trust::check(cert, &question) {
        Ok(_) => Ok(time),
        Err(causes) => Err(causes.into_iter().map(stamped_cause).collect()),
    }
}

/// What is wrong with a certificate or a signature, said of a timestamp.
fn stamped_cause(cause: Cause) -> Cause {
    match cause {
        Cause::WeakAlgorithm | Cause::UnsupportedAlgorithm => cause,
        Cause::UntrustedIssuer | Cause::Expired | Cause::NotYetValid | Cause::RevocationUnknown => {
            Cause::TimestampUntrusted
        }
        _ => Cause::TimestampInvalid,
    }
}

/// The time of a token that is about these bytes.
fn said(content: &[u8], stamped: &[&[u8]]) -> Option<i64> {
    let mut parts = Tlv::only(content, tag::SEQUENCE)?.elements();
    (parts.take(tag::INTEGER)?.body == [1]).then_some(())?;
    parts.take(tag::OID)?;
    let mut imprint = parts.take(tag::SEQUENCE)?.elements();
    let digest = Digest::of(imprint.take(tag::SEQUENCE)?.elements().take(tag::OID)?.oid()?)?;
    let hash = imprint.take(tag::OCTETS)?.body;
    parts.take(tag::INTEGER)?;
    let time = moment(parts.any()?)?;
    (hash == digest.over(stamped)).then_some(time)
}

/// A moment that may have a fraction of a second, which is dropped.
fn moment(time: Tlv<'_>) -> Option<i64> {
    let text = std::str::from_utf8(time.body).ok().filter(|_| time.tag == 0x18)?;
    let (whole, fraction) = text.strip_suffix('Z')?.split_at_checked(14)?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !(fraction.is_empty() || fraction.strip_prefix('.').is_some_and(digits)) {
        return None;
    }
    let encoded = [&[0x18, 15], whole.as_bytes(), b"Z"].concat();
    Tlv::only(&encoded, 0x18)?.seconds()
}

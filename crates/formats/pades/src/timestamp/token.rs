use der::asn1::{Any, ObjectIdentifier as Oid, OctetString, Uint};
use der::{Decode, Encode, Sequence, Tag, Tagged};
use ring::rand::{SecureRandom, SystemRandom};
use spki::AlgorithmIdentifierOwned;

use jiff::Timestamp;

use super::Authority;
use crate::cms::{self, Digest, Message, bad, oids};
use crate::trust::{Evidence, Trust};
use crate::verify::{self, Cause};
use crate::{Error, Reason, Result};

/// Room for the answer of an authority with its certificates: answers in use take 3 to 7 KB.
pub(crate) const TIMESTAMP_ROOM_BYTES: usize = 10_240;

/// What a timestamp is asked for, or says it is about (RFC 3161, 2.4.1).
#[derive(Sequence)]
struct Imprint {
    algorithm: AlgorithmIdentifierOwned,
    hash: OctetString,
}

/// `TimeStampReq` without what we do not ask for.
#[derive(Sequence)]
struct Query {
    version: u8,
    imprint: Imprint,
    nonce: Uint,
    certificates: bool,
}

/// Asks the authority for a timestamp over the parts and checks that the answer is about them.
///
/// Who the authority is, is checked by whoever checks the signature.
pub(crate) fn token(parts: &[&[u8]], digest: Digest, authority: &Authority<'_>) -> Result<Vec<u8>> {
    let failed = |what: &str| Error::new(Reason::Timestamp, what);
    let hash = digest.over(parts);
    let nonce = nonce()?;
    let algorithm = AlgorithmIdentifierOwned { oid: digest.oid(), parameters: None };
    let asked = Imprint { algorithm, hash: OctetString::new(hash.as_slice()).map_err(bad)? };
    let query = Query { version: 1, imprint: asked, nonce: nonce.clone(), certificates: true };
    let answer = authority(&query.to_der().map_err(bad)?)?;
    let answer = Vec::<Any>::from_der(&answer).map_err(|_| failed("no answer of an authority"))?;
    let [status, token, ..] = answer.as_slice() else { return Err(failed("the authority refuses")) };
    let status: Vec<Any> = status.decode_as().map_err(bad)?;
    // 0 is granted, 1 granted with changes; what was changed shows below.
    if !status.first().is_some_and(|status| matches!(status.decode_as::<u8>(), Ok(0 | 1))) {
        return Err(failed("the authority refuses"));
    }
    let token = token.to_der().map_err(bad)?;
    let message = cms::parse(&token)?;
    if imprint(&message) != Some((digest, hash)) {
        return Err(failed("the answer is about something else"));
    }
    if self::nonce_of(&message).as_ref() != Some(&nonce) {
        return Err(failed("the answer is to another request"));
    }
    Ok(token)
}

/// A timestamp over any bytes, as a token (RFC 3161, 2.4.2).
///
/// # Errors
/// `Timestamp` when the authority gives none, or one about something else.
pub fn over(bytes: &[u8], authority: &Authority<'_>) -> Result<Vec<u8>> {
    token(&[bytes], Digest::Sha256, authority)
}

/// The second a token proves for these bytes, by an authority that is trusted at the moment `at`.
///
/// # Errors
/// What is wrong with it.
pub fn checked(
    token: &[u8],
    bytes: &[u8],
    (trust, at): (&Trust, Timestamp),
) -> std::result::Result<Timestamp, Vec<Cause>> {
    let mut evidence = Evidence::default();
    let invalid = || vec![Cause::TimestampInvalid];
    let message = verify::Message::read(token, &mut evidence).ok_or_else(invalid)?;
    let check = verify::Check { trust, pool: &[], evidence: &evidence, at: at.as_second() };
    let second = verify::stamped(&message, &[bytes], &check)?;
    Timestamp::from_second(second).map_err(|_| invalid())
}

/// The digest a timestamp is about.
pub fn imprint(message: &Message) -> Option<(Digest, Vec<u8>)> {
    let imprint: Imprint = info(message)?.get(2)?.decode_as().ok()?;
    Some((Digest::of(imprint.algorithm.oid)?, imprint.hash.as_bytes().to_vec()))
}

/// The fields of `TSTInfo` (RFC 3161, 2.4.2): version, policy, imprint, serial, time, and more.
fn info(message: &Message) -> Option<Vec<Any>> {
    let content_type: Oid = message.signed.encap_content_info.econtent_type;
    if content_type != oids::TST_INFO {
        return None;
    }
    Vec::<Any>::from_der(&message.content()?).ok()
}

fn nonce_of(message: &Message) -> Option<Uint> {
    let fields = info(message)?;
    fields.get(5..)?.iter().find(|field| field.tag() == Tag::Integer)?.decode_as().ok()
}

/// Never zero at the front, so that it has one encoding.
fn nonce() -> Result<Uint> {
    let mut bytes = [0; 8];
    SystemRandom::new().fill(&mut bytes).map_err(|error| Error::new(Reason::Timestamp, error))?;
    let [first, ..] = &mut bytes;
    *first |= 1;
    Uint::new(&bytes).map_err(bad)
}

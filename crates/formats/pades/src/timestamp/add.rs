use der::Encode;

use super::{Authority, token};
use crate::cms::{self, Digest, bad};
use crate::pdf::{Limits, Pdf};
use crate::sign::fill;
use crate::{Error, Reason, Result};

/// Adds a timestamp to a signature that has none (B-B becomes B-T). It goes into the room kept beside the signature,
/// which no signature covers, so the file keeps its length and its revisions.
///
/// # Errors
/// `NoSuchSignature`; `Locked` when a later signature covers the place (then [`super::add_to_document`] is the way);
/// `NoRoom` when another program left too little; `Timestamp` when the authority fails or there is one already.
pub fn add_to_signature(
    pdf: &[u8],
    field: &str,
    limits: &Limits,
    authority: &Authority<'_>,
) -> Result<Vec<u8>> {
    let opened = Pdf::open(pdf, limits)?;
    let fields = opened.signature_fields()?;
    let missing = || Error::new(Reason::NoSuchSignature, field);
    let signed = fields.iter().find(|one| one.name == field && !one.is_timestamp()).ok_or_else(missing)?;
    let (range, contents) = signed.byte_range().zip(signed.contents()).ok_or_else(missing)?;
    if !range.gap_is(pdf, contents) {
        return Err(Error::new(Reason::EarlierSignatureBroken, field));
    }
    let gap = range.gap();
    // Whatever ends behind the gap covers it, its own signature excepted.
    let covers = |other: &crate::pdf::ByteRange| *other != range && other.after.end > gap.start;
    if fields.iter().filter_map(crate::pdf::SignatureField::byte_range).any(|other| covers(&other)) {
        return Err(Error::new(Reason::Locked, field));
    }
    let message = cms::parse(contents)?;
    if message.timestamp().is_some() {
        return Err(Error::new(Reason::Timestamp, "there is one already"));
    }
    let digest = Digest::of(message.signer.digest_alg.oid).unwrap_or(Digest::Sha256);
    let token = token(&[message.signer.signature.as_bytes()], digest, authority)?;
    let extended = cms::with_timestamp(&message, &token)?;
    same_signed_bytes(contents, &message, &extended)?;
    let mut out = pdf.to_vec();
    fill(out.get_mut(gap).unwrap_or_default(), &extended)?;
    Ok(out)
}

/// Reading and writing a message may change how it is encoded; what is signed must not change.
fn same_signed_bytes(contents: &[u8], message: &cms::Message, extended: &[u8]) -> Result<()> {
    let signed = message.signer.signed_attrs.as_ref();
    let mut signed = signed.map(Encode::to_der).transpose().map_err(bad)?.unwrap_or_default();
    // Inside a message the set is tagged [0].
    if let Some(tag) = signed.first_mut() {
        *tag = 0xA0;
    }
    let holds = |bytes: &[u8]| bytes.windows(signed.len().max(1)).any(|window| window == signed);
    if holds(contents) && holds(extended) {
        return Ok(());
    }
    Err(Error::new(Reason::BadCms, "the message is not encoded in the distinguished way"))
}

//! What Decree 30/2020/NĐ-CP says about digital signatures, and what earlier signatures forbid. The one place.

use der::Encode;
use lopdf::Object;

use super::{Picture, Request};
use crate::cms;
use crate::pdf::{Area, Kind, Pdf, SignatureField};
use crate::timestamp;
use crate::trust::Cert;
use crate::verify;
use crate::{Error, Reason, Result};

/// Articles 17.2 and 32.2.d: the organisation signs only a document the competent person has signed. Annexes in
/// files of their own, copies and scans carry the organisation's signature alone.
pub(crate) fn order(fields: &[SignatureField], kind: Kind) -> Result<()> {
    if kind == Kind::Organisation && !fields.iter().any(is_persons) {
        return Err(Error::new(Reason::OrganisationBeforePerson, ""));
    }
    Ok(())
}

/// A signature of another program does not say for whom it stands; its certificate does, and one that is of no
/// organisation counts as a person's.
pub(crate) fn is_persons(field: &SignatureField) -> bool {
    let by_certificate = || {
        let message = cms::parse(field.contents()?).ok()?;
        let certificate = Cert::read(&message.certificate()?.to_der().ok()?)?;
        Some(verify::Kind::of(&certificate, false) != verify::Kind::Organisation)
    };
    match field.kind() {
        Some(kind) => kind == Kind::Person,
        None => field.value.is_some() && !field.is_timestamp() && by_certificate().unwrap_or(false),
    }
}

/// Appendix I: blue and transparent for the person, red and transparent for the organisation, no picture on annexes
/// and copies.
pub(crate) fn picture(kind: Kind, picture: &Picture) -> Result<()> {
    let wrong = |what| Err(Error::new(Reason::WrongForm, what));
    let [red, green, blue] = picture.inks();
    match kind {
        Kind::Annex | Kind::Copy => wrong("no picture on an annex or a copy"),
        _ if !picture.has_transparent_ground() => wrong("the ground is not transparent"),
        Kind::Person if blue <= red => wrong("the picture is not blue"),
        Kind::Organisation if red <= green.max(blue) => wrong("the picture is not red"),
        Kind::Person | Kind::Organisation => Ok(()),
    }
}

/// Appendix I, part I, II.8.b and III.1.d, part III, I.3.a: annexes and copies carry the signature in the upper right
/// corner of their first page.
pub(crate) fn corner(kind: Kind, page: u32, area: &Area, (width_um, height_um): (i64, i64)) -> Result<()> {
    let is_bound = matches!(kind, Kind::Annex | Kind::Copy);
    let is_right = area.left_um.saturating_mul(2) >= width_um - area.width_um;
    let is_upper = area.top_um.saturating_mul(4) <= height_um;
    if is_bound && !(page == 1 && is_right && is_upper) {
        return Err(Error::new(Reason::WrongForm, "not in the upper right corner of the first page"));
    }
    Ok(())
}

/// Appendix I, part III, I.2.a: a scan is a PDF of version 1.4 or newer.
pub(crate) fn version(pdf: &Pdf<'_>, kind: Kind) -> Result<()> {
    let digits = |text: &str| -> Option<(u32, u32)> {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    let own = pdf.catalog()?.get(b"Version").and_then(Object::as_name).ok();
    let own = own.and_then(|own| digits(std::str::from_utf8(own).ok()?));
    let version = digits(&pdf.document().version).max(own);
    if kind == Kind::Copy && version < Some((1, 4)) {
        return Err(Error::new(Reason::WrongForm, "older than PDF 1.4"));
    }
    Ok(())
}

/// A certifying signature may forbid every change (ISO 32000-1, 12.8.2.2).
pub(crate) fn locks(pdf: &Pdf<'_>) -> Result<()> {
    let entry = |dictionary, key| pdf.entry(dictionary, key);
    let certified = pdf.catalog().ok().and_then(|catalog| {
        entry(entry(entry(catalog, b"Perms")?.as_dict().ok()?, b"DocMDP")?.as_dict().ok()?, b"Reference")
    });
    let references = certified.and_then(|object| object.as_array().ok()).into_iter().flatten();
    for reference in references.filter_map(|object| pdf.resolve(object)?.as_dict().ok()) {
        let parameters = entry(reference, b"TransformParams").and_then(|object| object.as_dict().ok());
        let level = parameters.and_then(|parameters| entry(parameters, b"P"));
        if level.is_some_and(|level| level.as_i64().ok() == Some(1)) {
            return Err(Error::new(Reason::Locked, ""));
        }
    }
    Ok(())
}

/// Nobody signs over a document that is not the one the others signed. Who they are is another question, and
/// whoever asks for the signature answers it first. A copy may be of a document whose signature is of a kind we do
/// not read: the copy vouches for what is seen.
pub(crate) fn earlier(pdf: &Pdf<'_>, fields: &[SignatureField], kind: Kind) -> Result<()> {
    for field in fields.iter().filter(|field| field.value.is_some()) {
        match state(pdf, field) {
            State::Unbroken => {}
            State::Unknown if kind == Kind::Copy => {}
            State::Unknown | State::Broken => {
                return Err(Error::new(Reason::EarlierSignatureBroken, &field.name));
            }
        }
    }
    Ok(())
}

enum State {
    Unbroken,
    Broken,
    Unknown,
}

fn state(pdf: &Pdf<'_>, field: &SignatureField) -> State {
    let (Some(range), Some(contents)) = (field.byte_range(), field.contents()) else { return State::Broken };
    let Some(parts) = range.parts(pdf.bytes()) else { return State::Broken };
    if !range.gap_is(pdf.bytes(), contents) {
        return State::Broken;
    }
    let Ok(message) = cms::parse(contents) else { return State::Unknown };
    let said = if field.is_timestamp() {
        timestamp::imprint(&message)
    } else {
        cms::Digest::of(message.signer.digest_alg.oid).zip(message.message_digest())
    };
    match said {
        None => State::Unknown,
        Some((digest, hash)) if digest.over(&parts) == hash => State::Unbroken,
        Some(_) => State::Broken,
    }
}

/// What can be written into a file and read by a person.
pub(crate) fn texts(request: &Request<'_>) -> Result<()> {
    const CHARS_MAX: usize = 500;
    let bad = |what| Err(Error::new(Reason::BadRequest, what));
    if request.field.is_empty() || request.field.contains('.') {
        return bad("the name of a field is not empty and has no dot");
    }
    if request.name.trim().is_empty() {
        return bad("nobody signs");
    }
    let texts = [request.field, request.name, request.reason, request.location];
    if texts.iter().any(|text| text.chars().count() > CHARS_MAX || text.chars().any(char::is_control)) {
        return bad("a text is too long or holds control characters");
    }
    Ok(())
}

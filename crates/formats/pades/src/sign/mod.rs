//! Signing: what is asked for, what the decree says about it, and how it is written.

mod field;
mod picture;
mod place;
mod request;
mod rules;
mod value;

use lopdf::dictionary;
use x509_cert::Certificate;

pub(crate) use field::{Field, text, write as write_field};
pub(crate) use picture::Picture;
pub use request::{Appearance, Place, Request};
use value::date;
pub(crate) use value::{Value, fill, with_room};

use crate::cms::{self, Algorithm};
use crate::pdf::{Frame, Kind, Pdf, SignatureField, Update, form_of_image, form_of_nothing, form_of_page};
use crate::signer::Signer;
use crate::timestamp::{self, Authority, TIMESTAMP_ROOM_BYTES};
use crate::{Error, Reason, Result};

/// What a signature and its attributes take beside the certificates.
const SIGNATURE_ROOM_BYTES: usize = 3_072;

/// Signs a file: one more revision behind its last byte, with a timestamp when an authority is given.
///
/// Without an authority the signature is PAdES B-B, with one B-T.
///
/// # Errors
/// What the rules refuse (`OrganisationBeforePerson`, `WrongForm`, `Locked`, `EarlierSignatureBroken`), what the file
/// or the request lacks, and what the key or the authority fails at. Nothing is signed then.
pub fn sign(
    pdf: &[u8],
    request: &Request<'_>,
    signer: &dyn Signer,
    timestamp: Option<&Authority<'_>>,
) -> Result<Vec<u8>> {
    let prepared = prepare(pdf, request, (signer.certificate(), signer.chain()), signer.algorithm())?;
    let signature = signer.sign(prepared.to_sign())?;
    prepared.finish(&signature, timestamp)
}

/// A file that waits for its signature.
///
/// The same file, request and certificate always give the same bytes to sign: a service that answers after minutes
/// needs no state of ours; prepare again and finish.
#[derive(Debug)]
pub struct Prepared {
    value: Value,
    attributes: Vec<u8>,
    algorithm: Algorithm,
    certificate: Certificate,
    chain: Vec<Certificate>,
}

/// Checks the rules and writes everything but the signature.
///
/// # Errors
/// As [`sign`], before any key is used.
pub fn prepare(
    pdf: &[u8],
    request: &Request<'_>,
    (certificate, chain): (&Certificate, &[Certificate]),
    algorithm: Algorithm,
) -> Result<Prepared> {
    rules::texts(request)?;
    let pdf = Pdf::open(pdf, &request.limits)?;
    let fields = pdf.signature_fields()?;
    rules::locks(&pdf)?;
    rules::order(&fields, request.kind)?;
    rules::version(&pdf, request.kind)?;
    rules::earlier(&pdf, &fields, request.kind)?;
    let empty = empty_field(&fields, request.field)?;
    let spot = place::find(&pdf, &fields, request, empty)?;

    let mut update = Update::new(&pdf)?;
    let rectangle = match &spot.area {
        None => [0; 4],
        Some(area) => {
            rules::corner(request.kind, spot.page.number, area, spot.page.size_um())?;
            spot.page.rectangle(area)?
        }
    };
    let form = draw(&mut update, request, &Frame { page: &spot.page, rectangle })?;
    let room = room(certificate, chain)?;
    let mut dictionary = dictionary! {
        "Type" => "Sig", "Filter" => "Adobe.PPKLite", "SubFilter" => "ETSI.CAdES.detached",
        "M" => text(&date(request.time)), "Name" => text(request.name),
    };
    for (key, words) in [("Reason", request.reason), ("Location", request.location)] {
        if !words.is_empty() {
            dictionary.set(key, text(words));
        }
    }
    dictionary.set(Kind::KEY, request.kind.name());
    let value = update.add(with_room(dictionary, room));
    let label = if request.reason.is_empty() { request.name } else { request.reason };
    let field = Field { name: request.field, label, value, page: &spot.page, rectangle, form };
    write_field(&mut update, &field, empty)?;

    let value = Value::of(update.write(Some(value))?)?;
    let digest = value.digest(algorithm.digest())?;
    let attributes = cms::attributes(&digest, certificate, algorithm.digest())?;
    Ok(Prepared { value, attributes, algorithm, certificate: certificate.clone(), chain: chain.to_vec() })
}

impl Prepared {
    /// The message the key signs, digest and all.
    pub fn to_sign(&self) -> &[u8] {
        &self.attributes
    }

    /// How it is to be signed.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Puts the signature, and a timestamp over it, into the file.
    ///
    /// # Errors
    /// `KeyMismatch` when the certificate's key did not make this signature; `Timestamp`; `NoRoom`.
    pub fn finish(self, signature: &[u8], timestamp: Option<&Authority<'_>>) -> Result<Vec<u8>> {
        if !self.algorithm.signed(&self.certificate, &self.attributes, signature) {
            return Err(Error::new(Reason::KeyMismatch, self.certificate.tbs_certificate().subject()));
        }
        let certificates = (&self.certificate, self.chain.as_slice());
        let mut message = cms::message(&self.attributes, signature, self.algorithm, certificates)?;
        if let Some(authority) = timestamp {
            let token = timestamp::token(&[signature], self.algorithm.digest(), authority)?;
            message = cms::with_timestamp(&cms::parse(&message)?, &token)?;
        }
        self.value.fill(&message)
    }
}

/// The field of that name, when it is there and still empty.
pub(crate) fn empty_field<'a>(
    fields: &'a [SignatureField],
    name: &str,
) -> Result<Option<&'a SignatureField>> {
    match fields.iter().find(|field| field.name == name) {
        None => Ok(None),
        Some(field) if field.value.is_none() && !field.field.has(b"Kids") => Ok(Some(field)),
        Some(_) => Err(Error::new(Reason::FieldTaken, name)),
    }
}

fn draw(update: &mut Update<'_>, request: &Request<'_>, frame: &Frame<'_>) -> Result<lopdf::ObjectId> {
    match request.appearance {
        Appearance::None => Ok(form_of_nothing(update, frame)),
        Appearance::Image(png) => {
            let picture = Picture::read(png)?;
            rules::picture(request.kind, &picture)?;
            form_of_image(update, &picture, frame)
        }
        Appearance::Page(source) => form_of_page(update, source, frame),
    }
}

fn room(certificate: &Certificate, chain: &[Certificate]) -> Result<usize> {
    use der::Encode;
    let mut bytes = SIGNATURE_ROOM_BYTES + TIMESTAMP_ROOM_BYTES;
    for certificate in std::iter::once(certificate).chain(chain) {
        bytes += usize::try_from(certificate.encoded_len().map_err(cms::bad)?).unwrap_or(usize::MAX / 4);
    }
    Ok(bytes)
}

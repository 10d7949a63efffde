use der::Encode;
use jiff::Timestamp;
use lopdf::Object;

use crate::Result;
use crate::cms::{self, Message};
use crate::pdf::{Limits, Pdf, SignatureField};

/// How long a file is provided for.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Signatures in it; timestamps over the document do not count.
    pub signatures: usize,
    /// Timestamps over the document.
    pub stamps: usize,
    /// Whether revocation lists or answers are kept in it.
    pub has_revocation: bool,
    /// Until when the timestamps can be checked by themselves: the end of the certificate of the last one over the
    /// document, else the first end among those beside the signatures. `None` when a signature has none.
    pub stamped_until: Option<Timestamp>,
    /// The certificates the messages bring along, DER.
    pub certificates: Vec<Vec<u8>>,
}

/// Reads how long a file is provided for. Nothing is verified.
///
/// # Errors
/// What [`Pdf::open`] refuses.
pub fn standing(pdf: &[u8], limits: &Limits) -> Result<Standing> {
    let opened = Pdf::open(pdf, limits)?;
    let fields = opened.signature_fields()?;
    let mut found = Standing { has_revocation: keeps_revocation(&opened), ..Standing::default() };
    let (mut beside, mut over) = (Vec::new(), None);
    for field in fields.iter().filter(|field| field.value.is_some()) {
        let message = field.contents().and_then(|contents| cms::parse(contents).ok());
        let Some(message) = message else { continue };
        keep(&mut found.certificates, &message);
        if field.is_timestamp() {
            found.stamps += 1;
            let ends = (end_of(field), until(&message));
            over = over.max(Some(ends));
        } else {
            found.signatures += 1;
            let token = message.timestamp().and_then(|token| cms::parse(&token).ok());
            if let Some(token) = &token {
                keep(&mut found.certificates, token);
            }
            beside.push(token.as_ref().and_then(until));
        }
    }
    found.stamped_until = match over {
        Some((_, until)) => until,
        None => beside.into_iter().min().flatten(),
    };
    Ok(found)
}

/// Where the bytes end that a timestamp covers.
fn end_of(field: &SignatureField) -> usize {
    field.byte_range().map_or(0, |range| range.after.end)
}

/// The end of the certificate a message is signed with.
fn until(message: &Message) -> Option<Timestamp> {
    let end = message.certificate()?.tbs_certificate().validity().not_after.to_unix_duration();
    Timestamp::from_second(i64::try_from(end.as_secs()).ok()?).ok()
}

fn keep(known: &mut Vec<Vec<u8>>, message: &Message) {
    for certificate in &message.certificates {
        match certificate.to_der() {
            Ok(der) if !known.contains(&der) => known.push(der),
            _ => {}
        }
    }
}

fn keeps_revocation(pdf: &Pdf<'_>) -> bool {
    let store = pdf.catalog().ok().and_then(|catalog| pdf.entry(catalog, b"DSS")?.as_dict().ok());
    let holds = |key: &[u8]| {
        let list = store.and_then(|store| pdf.entry(store, key)?.as_array().ok());
        list.is_some_and(|list: &Vec<Object>| !list.is_empty())
    };
    holds(b"CRLs") || holds(b"OCSPs")
}

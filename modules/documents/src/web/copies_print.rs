//! A copy as it is printed: on paper with its own parts below the text, or the part that is copied into a file.

use crate::actions::copies::Of;
use crate::model::Incoming;
use crate::model::copies::DocumentCopy;
use crate::model::copies::Medium;
use crate::rights::OutgoingRead;
use crate::rules::copies::{head_of, printed};
use crate::rules::text::{full_name, lower_first};
use crate::rules::{layout, signing};
use crate::web::official::{body_file, official};
use crate::web::print::paper;
use base::{Result, text};
use contracts::print::{Copy, DocumentType, Head, OfficialDocument, PrintRequest, SignatureBlock, Urgency};
use kernel::{Raw, Reader, Reply, Response};
use platform::files;
use platform::organisations;

/// The file of an electronic copy; one on paper is printed.
pub(crate) fn file(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let copy = cx.open::<DocumentCopy>(cx.path_id()?)?;
    if copy.medium == Medium::Electronic {
        let file = files::of(cx, copy.id)?.into_iter().next().ok_or(base::Error::NotFound)?;
        let name = format!("{}.pdf", text::slug_ascii(&copy.symbol));
        return Ok(Response::File { sha256: file.sha256, name, content_type: file.content_type });
    }
    paper(&copy.symbol, &PrintRequest::Copy(Box::new(on_paper(cx, &copy)?)))
}

fn on_paper(cx: &Raw<'_>, copy: &DocumentCopy) -> Result<Copy> {
    let agency = organisations::agency(cx, copy.agency)?;
    let is_collective = agency.kind == "committee";
    let of = Of::open(cx, (copy.incoming, copy.outgoing))?;
    let original =
        if copy.extract.is_empty() { whole(cx, &of)? } else { Some(extract(cx, &of, &copy.extract)?) };
    let notation = copy.symbol.split_once('/').map_or("", |(_, notation)| notation);
    Ok(Copy {
        form: printed(copy.form),
        head: Head {
            parent: String::new(),
            agency: full_name(&agency.name),
            number: u32::try_from(copy.number).ok(),
            notation: notation.to_owned(),
            place: agency.place,
            date: Some(copy.made_on),
        },
        recipients: copy.to_places.lines().map(str::to_owned).collect(),
        signers: vec![SignatureBlock {
            titles: titles(cx, (&copy.signer_competence, &copy.signer_position), is_collective),
            name: copy.signer_name.clone(),
            ..SignatureBlock::default()
        }],
        original,
    })
}

/// The lines above a signature.
fn titles(cx: &Raw<'_>, (competence, position): (&str, &str), is_collective: bool) -> Vec<String> {
    let t = cx.t();
    let head = t.text(if is_collective {
        "documents.outgoing.sheet.chairman"
    } else {
        "documents.outgoing.sheet.head"
    });
    let body = is_collective.then(|| t.text("documents.outgoing.sheet.committee"));
    signing::lines(competence, position, (body, head))
}

/// The whole of a document whose words are known; else its lines go below the sheet that exists.
fn whole(cx: &Raw<'_>, of: &Of) -> Result<Option<OfficialDocument>> {
    match of {
        Of::Incoming(document) if document.words.trim().is_empty() => Ok(None),
        Of::Incoming(document) => {
            Ok(came(cx, document, &document.words).filter(|one| one.head.number.is_some()))
        }
        Of::Outgoing(document) if document.body.trim().is_empty() || body_file(cx, document)?.is_some() => {
            Ok(None)
        }
        Of::Outgoing(document) => Ok(Some(noted(cx, official(cx, document)?))),
    }
}

/// A part of a document under the head and above the signature of the whole (article 25.3b).
pub(crate) fn extract(cx: &Raw<'_>, of: &Of, part: &str) -> Result<OfficialDocument> {
    match of {
        Of::Incoming(document) => came(cx, document, part).ok_or_else(|| {
            base::Refusal::new("documents.copies.refuse.symbol").hint("documents.copies.hint.scan").into()
        }),
        Of::Outgoing(document) => {
            let mut shown = noted(cx, official(cx, document)?);
            (shown.basis, shown.body) = layout::blocks(part);
            Ok(shown)
        }
    }
}

/// Nobody signs it again.
fn noted(cx: &Raw<'_>, mut document: OfficialDocument) -> OfficialDocument {
    let note = cx.text("documents.copies.signed_already");
    document.signers.iter_mut().for_each(|signer| note.clone_into(&mut signer.note));
    document
}

/// A document that came, as its sender has it. `None` when its symbol is not one that can be set.
fn came(cx: &Raw<'_>, document: &Incoming, words: &str) -> Option<OfficialDocument> {
    let kind =
        DocumentType::ALL.iter().find(|kind| kind.name() == document.type_name).copied().unwrap_or_default();
    let (number, notation) = head_of(&document.symbol, kind)?;
    let (basis, body) = layout::blocks(words);
    let agency = full_name(&document.from_name);
    let is_collective = agency.starts_with("Ủy ban nhân dân");
    let is_letter = kind == DocumentType::OfficialLetter;
    let subject = if is_letter { lower_first(&document.subject) } else { document.subject.clone() };
    let signer = SignatureBlock {
        titles: titles(cx, (&document.signer_competence, &document.signer_position), is_collective),
        name: document.signer_name.clone(),
        ..SignatureBlock::default()
    };
    let urgency = match document.urgency {
        1 => Some(Urgency::Urgent),
        2 => Some(Urgency::VeryUrgent),
        3.. => Some(Urgency::Express),
        _ => None,
    };
    let shown = OfficialDocument {
        kind,
        head: Head {
            parent: String::new(),
            agency,
            number: Some(number),
            notation,
            place: document.place.clone(),
            date: Some(document.promulgated),
        },
        subject,
        basis,
        body,
        recipients: document.to_places.lines().map(str::to_owned).collect(),
        signers: vec![signer],
        urgency,
        ..OfficialDocument::default()
    };
    Some(noted(cx, shown))
}

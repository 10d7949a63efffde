//! What `document.pdf` is: the document as Decree 30/2020, Annex I, has it, or the file that stands for it.

use crate::actions::outgoing::files_of;
use crate::model::Outgoing;
use crate::rules::layout;
use crate::store::bodies::{self, BodyFile};
use crate::web::letter::{Parts, draft_mark};
use base::Result;
use contracts::print::{DocumentType, Head, OfficialDocument, SignatureBlock, Urgency};
use kernel::Raw;
use platform::files::FileOf;

/// The paper of a document.
pub(crate) enum Paper {
    /// To be printed.
    Print(Box<OfficialDocument>),
    /// A stored PDF, as it is.
    Stored(FileOf),
}

/// What `document.pdf` is: whoever shows, sends or signs it asks here.
pub(crate) fn paper_of(cx: &Raw<'_>, document: &Outgoing) -> Result<Paper> {
    match body_file(cx, document)? {
        Some((_, file)) => Ok(Paper::Stored(file)),
        None => Ok(Paper::Print(Box::new(official(cx, document)?))),
    }
}

/// The file that stands for the words now: marked so, and still the main file of the document.
pub(crate) fn body_file(cx: &Raw<'_>, document: &Outgoing) -> Result<Option<(BodyFile, FileOf)>> {
    let Some(marked) = bodies::of(cx, document.id)?.into_iter().find(|one| one.until_version.is_none())
    else {
        return Ok(None);
    };
    let file = files_of(cx, document)?.into_iter().find(|file| file.id == marked.file);
    Ok(file.map(|file| (marked, file)))
}

/// The document as it is printed; a draft says that it is one, and has no number yet.
pub(crate) fn official(cx: &Raw<'_>, document: &Outgoing) -> Result<OfficialDocument> {
    let parts = Parts::of(cx, document)?;
    let (basis, body) = layout::blocks(&document.body);
    let kind = DocumentType::ALL.iter().find(|kind| kind.name() == document.type_name);
    let notation = document.symbol.split_once('/').map_or("", |(_, notation)| notation);
    let signer = SignatureBlock {
        titles: parts.authority,
        name: document.signer_name.clone(),
        ..SignatureBlock::default()
    };
    Ok(OfficialDocument {
        kind: kind.copied().unwrap_or_default(),
        head: Head {
            parent: parts.parent,
            agency: parts.name,
            number: document.number.and_then(|number| u32::try_from(number).ok()),
            notation: notation.to_owned(),
            place: parts.place,
            date: document.promulgated,
        },
        subject: parts.about,
        basis,
        addressees: parts.to,
        body,
        recipients: document.to_places.lines().map(str::to_owned).collect(),
        signers: vec![signer],
        urgency: match document.urgency {
            1 => Some(Urgency::Urgent),
            2 => Some(Urgency::VeryUrgent),
            3.. => Some(Urgency::Express),
            _ => None,
        },
        circulation: draft_mark(cx.t(), document),
        ..OfficialDocument::default()
    })
}

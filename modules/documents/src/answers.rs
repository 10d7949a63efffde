//! What this module answers to others: a document as they may know it.

use crate::actions::incoming::path as incoming_path;
use crate::actions::outgoing::{files_of, path as outgoing_path};
use crate::actions::signing::SIGNED;
use crate::model::{Incoming, IncomingStatus, Outgoing, OutgoingStatus};
use crate::rights::{IncomingRead, OutgoingRead};
use base::{Id, Result};
use contracts::{DocumentFacts, FiledFile, IncomingFacts, OutgoingFacts};
use kernel::Reader;
use platform::files::{self, FileOf};
use platform::organisations;

/// An incoming document.
pub(crate) fn incoming(cx: &Reader<'_, IncomingRead>, asked: &IncomingFacts) -> Result<DocumentFacts> {
    let document = cx.open::<Incoming>(Id::of(asked.document))?;
    Ok(DocumentFacts {
        agency: document.agency,
        document_id: document.document_id.clone(),
        symbol: document.symbol.clone(),
        type_name: document.type_name.clone(),
        subject: document.subject.clone(),
        dated: Some(document.promulgated),
        author: document.from_name.clone(),
        signer_position: document.signer_position.clone(),
        signer_name: document.signer_name.clone(),
        pages: document.pages,
        urgency: document.urgency,
        arrival: Some((document.arrival_number, document.arrived_at)),
        due: document.due,
        is_draft: document.status == IncomingStatus::Returned,
        is_settled: matches!(document.status, IncomingStatus::Done | IncomingStatus::Returned),
        path: incoming_path(document.id),
        files: files::of(cx, document.id)?.into_iter().map(filed).collect(),
    })
}

/// An outgoing document.
pub(crate) fn outgoing(cx: &Reader<'_, OutgoingRead>, asked: &OutgoingFacts) -> Result<DocumentFacts> {
    let document = cx.open::<Outgoing>(Id::of(asked.document))?;
    Ok(DocumentFacts {
        agency: document.agency,
        document_id: document.document_id.clone(),
        symbol: document.symbol.clone(),
        type_name: document.type_name.clone(),
        subject: document.subject.clone(),
        dated: document.promulgated,
        author: organisations::agency(cx, document.agency)?.name,
        signer_position: document.signer_position.clone(),
        signer_name: document.signer_name.clone(),
        pages: document.pages,
        urgency: document.urgency,
        arrival: None,
        due: document.due,
        is_draft: document.status != OutgoingStatus::Issued,
        is_settled: document.status == OutgoingStatus::Issued,
        path: outgoing_path(document.id),
        files: files_of(cx, &document)?.into_iter().map(filed).collect(),
    })
}

fn filed(file: FileOf) -> FiledFile {
    let FileOf { name, content_type, bytes, sha256, role, .. } = file;
    // What was signed is the document itself.
    let role = if role == SIGNED { "main".to_owned() } else { role };
    FiledFile { name, content_type, bytes, sha256, role }
}

//! Reads an uploaded edXML packet: its files go into the store, its fields to the module that keeps
//! documents, under the job kind `document.imported`. A packet that cannot be read is told of, not lost.

use crate::files::Store;
use crate::server::Server;
use base::{AgencyId, Date, Error, Instant, PersonId, Result, WhileDoing};
use contracts::{Attachment, Document, Party, Reference, Signer, Trace};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::BufReader;
use std::sync::Arc;

/// What the module queues: job kind `edxml.import`.
#[derive(Debug, Clone, Deserialize)]
struct Ask {
    sha256: String,
    name: String,
    agency: AgencyId,
    person: PersonId,
}

/// What the module is told.
#[derive(Debug, Clone, Serialize)]
struct Imported {
    agency: AgencyId,
    person: PersonId,
    name: String,
    from: Option<Party>,
    document: Option<Document>,
    signature: String,
    /// Why it was set aside: a machine word of the format and its detail.
    reason: Option<String>,
}

/// The job.
pub(crate) fn run(
    server: Arc<Server>,
    tenant: String,
    payload: serde_json::Value,
) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let ask: Ask = serde_json::from_value(payload).while_doing("reading", "an import")?;
        let here = Arc::clone(server.tenant(&tenant).ok_or(Error::NotFound)?);
        let imported = read(&here.files, &ask).await?;
        let told = serde_json::to_value(imported).while_doing("writing", &ask.name)?;
        server.run_now(&here, "document.imported", told).await
    })
}

async fn read(store: &Store, ask: &Ask) -> Result<Imported> {
    let (file, _) = store.get(&ask.sha256).await?;
    let file = file.into_std().await;
    let parsed = tokio::task::spawn_blocking(move || {
        let source = BufReader::with_capacity(256 * 1024, file);
        edxml::read(source, &edxml::Limits::default(), |_: &edxml::AttachmentHead| tempfile::tempfile())
    })
    .await
    .map_err(|e| Error::Internal(e.into()))?;
    let mut imported = Imported {
        agency: ask.agency,
        person: ask.person,
        name: ask.name.clone(),
        from: None,
        document: None,
        signature: "none".to_owned(),
        reason: None,
    };
    let received = match parsed {
        Ok(received) => received,
        // Not the packet's fault: the job is tried again.
        Err(quarantine) if quarantine.reason.is_transient() => {
            return Err(Error::internal(quarantine.to_string()));
        }
        Err(quarantine) => {
            imported.reason = Some(quarantine.to_string());
            return Ok(imported);
        }
    };
    let edxml::Packet::Document(document) = received.packet else {
        imported.reason = Some("status_packet".to_owned());
        return Ok(imported);
    };
    if let Some(word) = unfit(document.business.kind) {
        imported.reason = Some(format!("{word}: {}", document.target().unwrap_or_default()));
        return Ok(imported);
    }
    for sink in received.sinks {
        keep(store, sink).await?;
    }
    document.signature.key().clone_into(&mut imported.signature);
    imported.from = Some(Party { code: document.from.id.clone(), name: document.from.name.clone() });
    match convert(&document) {
        // Documents are found by these, and an index takes only so much.
        Some(document)
            if [&document.document_id, &document.number, &document.notation]
                .into_iter()
                .any(|field| is_long(field)) =>
        {
            imported.reason = Some("field_too_long: Code".to_owned());
        }
        Some(document) => imported.document = Some(document),
        None => imported.reason = Some("no_promulgation_date".to_owned()),
    }
    Ok(imported)
}

/// A recall or an update speaks of a document that is here already; entered as a document of its own it would
/// be registered, assigned and worked on.
fn unfit(kind: edxml::BusinessKind) -> Option<&'static str> {
    match kind {
        edxml::BusinessKind::Recall => Some("recall_packet"),
        edxml::BusinessKind::Update => Some("update_packet"),
        edxml::BusinessKind::New | edxml::BusinessKind::Replace => None,
    }
}

/// Longer than any number or identifier in use; three of them fit an index.
fn is_long(field: &str) -> bool {
    field.len() > 800
}

/// Moves a decoded attachment from its temporary file into the store, piece by piece.
async fn keep(store: &Store, mut sink: File) -> Result<()> {
    use std::io::Seek;
    use tokio::io::AsyncReadExt;
    sink.rewind().while_doing("rewinding", "an attachment")?;
    let mut file = tokio::fs::File::from_std(sink);
    let mut incoming = store.receive(u64::MAX).await?;
    let mut piece = vec![0; 256 * 1024];
    loop {
        let n = file.read(&mut piece).await.while_doing("reading", "an attachment")?;
        if n == 0 {
            break;
        }
        incoming.write(piece.get(..n).unwrap_or_default()).await?;
    }
    incoming.finish().await.map(drop)
}

/// The packet's fields as ours. `None` when it has no date of promulgation: such a document cannot be
/// registered (Decree 30/2020, Annex VI.II: date is a required field).
fn convert(from: &edxml::Document) -> Option<Document> {
    let date = |day: jiff::civil::Date| Date::parse(&day.to_string());
    let attachments = from.attachments.iter().enumerate().map(|(at, file)| Attachment {
        // As for uploads: no letters that turn the direction of writing.
        name: base::text::clean_line(&file.name),
        content_type: file.content_type.clone(),
        bytes: i64::try_from(file.bytes).unwrap_or(i64::MAX),
        sha256: file.sha256.clone(),
        role: if at == 0 { "main" } else { "annex" }.to_owned(),
    });
    let response_for = from.response_for.iter().filter_map(|one| {
        Some(Reference {
            organ: one.organ_id.clone(),
            document_id: one.key(),
            symbol: one.code.clone(),
            promulgated: one.date.and_then(date)?,
        })
    });
    let trace = from.trace.iter().filter_map(|hop| {
        Some(Trace { organ: hop.organ_id.clone(), at: Instant::parse(&hop.at?.to_string())? })
    });
    Some(Document {
        document_id: from.key(),
        number: from.code.number.clone(),
        notation: from.code.notation.clone(),
        place: from.promulgation.place.clone(),
        promulgated: from.promulgation.date.and_then(date)?,
        type_name: from.document_type.name.clone(),
        subject: from.subject.clone(),
        text: from.content.clone(),
        signer: Signer {
            competence: from.signer.competence.clone(),
            position: from.signer.position.clone(),
            name: from.signer.full_name.clone(),
        },
        due: from.due.and_then(date),
        urgency: from.other.urgency().map_or(0, i64::from),
        pages: from.other.page_amount.parse().unwrap_or(0),
        to: from.to.iter().map(|to| Party { code: to.id.clone(), name: to.name.clone() }).collect(),
        to_places: from.to_places.clone(),
        response_for: response_for.collect(),
        forwards: None,
        trace: trace.collect(),
        attachments: attachments.collect(),
    })
}

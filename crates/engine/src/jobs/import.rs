//! Reads an uploaded edXML packet: its files go into the store, its fields to the module that keeps
//! documents, under the job kind `document.imported`. A packet that cannot be read is told of, not lost.

use crate::files::Stored;
use crate::server::{Server, Tenant};
use base::{AgencyId, Date, Error, Instant, PersonId, Result, WhileDoing};
use contracts::{Attachment, Business, Document, Party, Reference, Replace, Signer, Status, Trace, Update};
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
    person: Option<PersonId>,
}

/// What the module is told.
#[derive(Debug, Clone, Serialize)]
struct Imported {
    agency: AgencyId,
    person: Option<PersonId>,
    name: String,
    from: Option<Party>,
    document: Option<Document>,
    signature: String,
    /// What the packet says about a document that is here, or asks for.
    status: Option<Status>,
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
        let agency = ask.agency;
        let own = server
            .read_as_system(&here, server.clock.now(), move |cx| {
                Ok(platform::organisations::agency(cx, agency)?.code_102)
            })
            .await?;
        let imported = read((&server, &here), &ask, &own).await?;
        let told = serde_json::to_value(imported).while_doing("writing", &ask.name)?;
        server.run_now(&here, "document.imported", told).await
    })
}

async fn read((server, tenant): (&Server, &Tenant), ask: &Ask, own: &str) -> Result<Imported> {
    let parsed = open(tenant, &ask.sha256).await?;
    let mut imported = Imported {
        agency: ask.agency,
        person: ask.person,
        name: ask.name.clone(),
        from: None,
        document: None,
        signature: "none".to_owned(),
        status: None,
        reason: None,
    };
    let received = match parsed {
        Ok(received) => received,
        Err(quarantine) => {
            imported.reason = Some(quarantine.to_string());
            return Ok(imported);
        }
    };
    let document = match received.packet {
        edxml::Packet::Document(document) if document.business.kind != edxml::BusinessKind::Recall => {
            document
        }
        about => {
            let (from, status) = said(&about);
            (imported.from, imported.status) = (Some(from), Some(status));
            return Ok(imported);
        }
    };
    for sink in received.sinks {
        keep(tenant, sink, (ask.person, server.clock.now())).await?;
    }
    document.signature.key().clone_into(&mut imported.signature);
    imported.from = Some(party(&document.from));
    match convert(&document, own) {
        Some(document) if is_long(&document) => {
            imported.reason = Some("field_too_long: Code".to_owned());
        }
        Some(document) => imported.document = Some(document),
        None => imported.reason = Some("no_promulgation_date".to_owned()),
    }
    Ok(imported)
}

/// Reads a packet of the store. What a fault of ours breaks off is an error: it is read again.
pub(crate) async fn open(
    tenant: &Tenant,
    sha256: &str,
) -> Result<std::result::Result<edxml::Received<File>, edxml::Quarantine>> {
    let (file, _) = tenant.files.get(sha256).await?;
    let parsed = tokio::task::spawn_blocking(move || {
        let source = BufReader::with_capacity(256 * 1024, file);
        edxml::read(source, &edxml::Limits::default(), |_: &edxml::AttachmentHead| tempfile::tempfile())
    })
    .await
    .map_err(|e| Error::Internal(e.into()))?;
    match parsed {
        Err(quarantine) if quarantine.reason.is_transient() => Err(Error::internal(quarantine.to_string())),
        parsed => Ok(parsed),
    }
}

/// Longer than any number or identifier in use; three of them fit an index, by which documents are found.
pub(crate) fn is_long(document: &Document) -> bool {
    [&document.document_id, &document.number, &document.notation].into_iter().any(|field| field.len() > 800)
}

/// Moves a file that was made from its temporary place into the store, piece by piece.
pub(crate) async fn keep(
    tenant: &Tenant,
    mut sink: File,
    brought: (Option<PersonId>, Instant),
) -> Result<Stored> {
    use std::io::Seek;
    use tokio::io::AsyncReadExt;
    sink.rewind().while_doing("rewinding", "an attachment")?;
    let mut file = tokio::fs::File::from_std(sink);
    let mut incoming = tenant.files.receive(u64::MAX).await?;
    let mut piece = vec![0; 256 * 1024];
    loop {
        let n = file.read(&mut piece).await.while_doing("reading", "an attachment")?;
        if n == 0 {
            break;
        }
        incoming.write(piece.get(..n).unwrap_or_default()).await?;
    }
    tenant.keep(incoming, brought).await
}

/// Who says what about a document: a status packet, or one that asks a document back.
pub(crate) fn said(packet: &edxml::Packet) -> (Party, Status) {
    match packet {
        edxml::Packet::Document(document) => (party(&document.from), recall(document)),
        edxml::Packet::Status(status) => (party(&status.from), report(status)),
    }
}

pub(crate) fn party(organ: &edxml::Organ) -> Party {
    Party { code: organ.id.clone(), name: organ.name.clone() }
}

/// A status packet as ours.
fn report(from: &edxml::Status) -> Status {
    let about = &from.response_for;
    Status {
        of: Reference {
            organ: about.organ_id.clone(),
            document_id: from.key(),
            symbol: about.code.clone(),
            promulgated: about.date.and_then(day).unwrap_or_else(unknown_day),
        },
        code: from.code.code().to_owned(),
        description: from.description.clone(),
        at_place: from.staff.department.clone(),
        staff: from.staff.name.clone(),
        timestamp: from.at.and_then(|at| Instant::parse(&at.to_string())).unwrap_or(Instant::from_micros(0)),
        request: None,
        forwarded: Vec::new(),
    }
}

/// A packet of type 1 asks what status 13 asks.
fn recall(from: &edxml::Document) -> Status {
    let document_id = from.target_key().unwrap_or_default();
    let symbol = document_id.splitn(3, ',').nth(2).map_or_else(|| from.code.joined(), str::to_owned);
    Status {
        of: Reference {
            organ: String::new(),
            document_id,
            symbol,
            promulgated: from.promulgation.date.and_then(day).unwrap_or_else(unknown_day),
        },
        code: "13".to_owned(),
        description: from.business.reason.clone(),
        at_place: from.business.staff.department.clone(),
        staff: from.business.staff.name.clone(),
        timestamp: Instant::from_micros(0),
        request: None,
        forwarded: Vec::new(),
    }
}

/// What a packet of type 2 or 3 asks of the agency with a code.
fn business(from: &edxml::Document, own: &str) -> Business {
    let party = |one: &edxml::Receiver| Party { code: one.organ_id.clone(), name: String::new() };
    match from.business.kind {
        edxml::BusinessKind::Update => {
            let info = from.business.update.clone().unwrap_or_default();
            let of = |added| info.receivers.iter().filter(move |one| one.added == Some(added)).map(party);
            Business::Update(Update {
                request: None,
                reason: from.business.reason.clone(),
                changed: info.document_changed,
                removed: of(false).collect(),
                added: of(true).collect(),
            })
        }
        edxml::BusinessKind::Replace => {
            // A replacement may be for some recipients only.
            let ours = |organs: &[String]| organs.is_empty() || organs.iter().any(|organ| organ == own);
            let of = from.business.replacements.iter().filter(|one| ours(&one.organ_ids)).map(|one| {
                let (document_id, symbol, date) = one.key();
                let promulgated = date.and_then(day).unwrap_or_else(unknown_day);
                Reference { organ: from.from.id.clone(), document_id, symbol, promulgated }
            });
            Business::Replace(Replace { reason: from.business.reason.clone(), of: of.collect() })
        }
        edxml::BusinessKind::New | edxml::BusinessKind::Recall => Business::New,
    }
}

/// Stands where a packet names no day and nothing is decided by it.
fn unknown_day() -> Date {
    Instant::from_micros(0).date()
}

fn day(day: jiff::civil::Date) -> Option<Date> {
    Date::parse(&day.to_string())
}

/// The packet's fields as ours. `None` when it has no date of promulgation: such a document cannot be
/// registered (Decree 30/2020, Annex VI.II: date is a required field).
pub(crate) fn convert(from: &edxml::Document, own: &str) -> Option<Document> {
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
            promulgated: one.date.and_then(day)?,
        })
    });
    let trace = from.trace.iter().filter_map(|hop| {
        Some(Trace { organ: hop.organ_id.clone(), at: Instant::parse(&hop.at?.to_string())? })
    });
    Some(Document {
        document_id: from.target_key().unwrap_or_else(|| from.key()),
        number: from.code.number.clone(),
        notation: from.code.notation.clone(),
        place: from.promulgation.place.clone(),
        promulgated: from.promulgation.date.and_then(day)?,
        type_name: from.document_type.name.clone(),
        subject: from.subject.clone(),
        text: from.content.clone(),
        signer: Signer {
            competence: from.signer.competence.clone(),
            position: from.signer.position.clone(),
            name: from.signer.full_name.clone(),
        },
        due: from.due.and_then(day),
        urgency: from.other.urgency().map_or(0, i64::from),
        pages: from.other.page_amount.parse().unwrap_or(0),
        to: from.to.iter().map(|to| Party { code: to.id.clone(), name: to.name.clone() }).collect(),
        to_places: from.to_places.clone(),
        response_for: response_for.collect(),
        forwards: None,
        trace: trace.collect(),
        attachments: attachments.collect(),
        business: business(from, own),
    })
}

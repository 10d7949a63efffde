//! Putting documents into dossiers and taking them out.

use crate::actions::dossiers::{KIND, own};
use crate::model::{Access, Dossier, Entry, EntryKind};
use crate::rights::DossierKeep;
use crate::rules::dossier::{self as rules, Step};
use crate::store::entries::{self as store, New};
use base::form::Upload;
use base::{Date, Error, Id, Refusal, Result};
use contracts::{DocumentFacts, IncomingFacts, OutgoingFacts};
use kernel::{Asked, Opened, Reader, Writer};
use platform::files;
use platform::notify::note;
use uuid::Uuid;

/// A document as another module names it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document {
    pub(crate) kind: EntryKind,
    pub(crate) id: Uuid,
}

impl Document {
    /// What a page asks for: `incoming` or `outgoing` with an id.
    pub(crate) fn named((incoming, outgoing): (Option<&str>, Option<&str>)) -> Result<Document> {
        let (kind, id) = match (incoming, outgoing) {
            (Some(id), None) => (EntryKind::Incoming, id),
            (None, Some(id)) => (EntryKind::Outgoing, id),
            _ => return Err(Error::NotFound),
        };
        Ok(Document { kind, id: id.parse().map_err(|_| Error::NotFound)? })
    }
}

/// What is known of a document where it is kept, for a page.
pub(crate) fn facts_for(cx: &Reader<'_, DossierKeep>, document: Document) -> Result<Asked<DocumentFacts>> {
    match document.kind {
        EntryKind::Incoming => cx.ask(&IncomingFacts { document: document.id }),
        EntryKind::Outgoing => cx.ask(&OutgoingFacts { document: document.id }),
        EntryKind::Upload => Err(Error::NotFound),
    }
}

fn facts(cx: &mut Writer<'_, DossierKeep>, document: Document) -> Result<DocumentFacts> {
    let agency = cx.agency()?;
    let asked = match document.kind {
        EntryKind::Incoming => cx.ask(&IncomingFacts { document: document.id }, agency)?,
        EntryKind::Outgoing => cx.ask(&OutgoingFacts { document: document.id }, agency)?,
        EntryKind::Upload => return Err(Error::NotFound),
    };
    let facts = asked.or_refuse()?;
    // A right that reaches further than the own agency does not make its documents ours.
    if facts.agency == agency { Ok(facts) } else { Err(Error::NotFound) }
}

/// Files a document into dossiers of the actor: a reference in each, no copy. One that has it already is passed over.
/// Answers into how many it went, and the page where the document is kept.
pub(crate) fn file(
    cx: &mut Writer<'_, DossierKeep>,
    document: Document,
    into: &[Id<Dossier>],
    remark: &str,
) -> Result<(usize, String)> {
    let facts = facts(cx, document)?;
    let dated = rules::file(&facts)?;
    let lies_in = store::dossiers_of(cx, document.id)?;
    let mut done = 0;
    for id in into {
        let dossier = own(cx, *id)?;
        rules::step(dossier.state, Step::Change)?;
        if dossier.agency != facts.agency {
            return Err(Error::NotFound);
        }
        if lies_in.contains(id) {
            continue;
        }
        let entry = cx.new_id();
        store::add(cx, &dossier, entry, &new(document, &facts, (dated, remark)))?;
        let values = [("symbol", facts.symbol.clone()), ("subject", facts.subject.clone())];
        cx.record_noted("archives.act.filed", (KIND, dossier.id), dossier.agency, note(&values));
        done += 1;
        // A dossier of limited access is not named on the page of a document others read.
        if dossier.access == Access::Limited {
            continue;
        }
        let told = [("notation", dossier.notation.clone())];
        let of = (document.kind.word(), Id::<()>::of(document.id));
        cx.record_noted("archives.act.filed_in", of, dossier.agency, note(&told));
    }
    Ok((done, facts.path))
}

fn new(document: Document, facts: &DocumentFacts, (dated, remark): (Date, &str)) -> New {
    New {
        kind: document.kind,
        document: document.id,
        code: facts.document_id.clone(),
        symbol: facts.symbol.clone(),
        dated,
        type_name: facts.type_name.clone(),
        subject: facts.subject.clone(),
        author: facts.author.clone(),
        signer: (facts.signer_position.clone(), facts.signer_name.clone()),
        pages: facts.pages,
        urgency: facts.urgency,
        arrival: facts.arrival.map_or((None, None), |(number, at)| (number, Some(at))),
        due: facts.due,
        files: i64::try_from(facts.files.len()).unwrap_or(0),
        note: remark.to_owned(),
        path: facts.path.clone(),
    }
}

/// What is said of an uploaded file.
#[derive(Debug)]
pub(crate) struct Told<'a> {
    pub(crate) subject: &'a str,
    pub(crate) dated: Date,
    pub(crate) symbol: &'a str,
    pub(crate) type_name: &'a str,
    pub(crate) author: &'a str,
    pub(crate) pages: i64,
    pub(crate) note: &'a str,
}

/// Puts files that are no registered document into a dossier: pictures, recordings, notes (article 29.3).
pub(crate) fn upload(
    cx: &mut Writer<'_, DossierKeep>,
    dossier: &Opened<Dossier>,
    told: &Told<'_>,
    uploads: &[Upload],
) -> Result<Id<Entry>> {
    rules::step(dossier.state, Step::Change)?;
    if uploads.is_empty() {
        return Err(Error::field("files", "form.required"));
    }
    if told.dated > cx.now().date() {
        return Err(Error::field("dated", "archives.error.dated"));
    }
    let entry: Id<Entry> = cx.new_id();
    let new = New {
        kind: EntryKind::Upload,
        document: entry.uuid(),
        code: String::new(),
        symbol: told.symbol.to_owned(),
        dated: told.dated,
        type_name: told.type_name.to_owned(),
        subject: told.subject.to_owned(),
        author: told.author.to_owned(),
        signer: (String::new(), String::new()),
        pages: told.pages,
        urgency: 0,
        arrival: (None, None),
        due: None,
        files: i64::try_from(uploads.len()).unwrap_or(0),
        note: told.note.to_owned(),
        path: String::new(),
    };
    store::add(cx, dossier, entry, &new)?;
    for (sort, file) in (0_i64..).zip(uploads) {
        files::add(cx, (dossier.agency, entry), ("annex", sort), file)?;
    }
    let values = [("symbol", String::new()), ("subject", told.subject.to_owned())];
    cx.record_noted("archives.act.filed", (KIND, dossier.id), dossier.agency, note(&values));
    Ok(entry)
}

/// Takes an entry out of an open dossier, for a reason. The document stays where it is kept.
pub(crate) fn remove(cx: &mut Writer<'_, DossierKeep>, entry: &Opened<Entry>, reason: &str) -> Result<()> {
    let dossier = own(cx, entry.dossier)?;
    rules::step(dossier.state, Step::Change)?;
    if reason.trim().is_empty() {
        return Err(Refusal::new("archives.remove.refuse.reason").into());
    }
    store::remove(cx, entry)?;
    let values = [("subject", entry.subject.clone()), ("remark", reason.to_owned())];
    cx.record_noted("archives.act.removed", (KIND, dossier.id), dossier.agency, note(&values));
    Ok(())
}

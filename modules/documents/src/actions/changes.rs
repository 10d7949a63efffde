//! Other versions of an issued document, and documents that take its place (Decree 30/2020, article 18.3): both
//! are drafts that go the same way of approval.

use crate::actions::issue::{as_issued, letter, new_recipient, party};
use crate::actions::outgoing::{KIND, begin, drafted_files, files_of, make_findable, tell};
use crate::actions::recall;
use crate::actions::recipients::{self, Plan};
use crate::model::recall::{AskState, Asks};
use crate::model::{Outgoing, Recipient, RecipientStatus};
use crate::rights::{OutgoingDraft, OutgoingIssue, OutgoingRead};
use crate::rules;
use crate::rules::statuses::has_arrived;
use crate::store::changes as store;
use crate::store::outgoing::{Issued, Origin, Text};
use crate::store::recall::{self as requests, NewRequest};
use crate::store::recipients as recipients_store;
use base::form::Upload;
use base::{Refusal, Result, WhileDoing};
use contracts::{Business, Envelope, Party, Reference, Replace, Sealed, Update};
use kernel::{Opened, Raw, Writer};
use platform::exchange;
use platform::files;
use platform::notify::note;
use platform::organisations::{self, Agency};
use platform::tasks;

/// What a change of an issued document makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Another version under the same number.
    Update,
    /// Another document under a number of its own.
    Replace,
}

/// Begins the draft of a change, with everything the document holds now. Whoever asks twice gets the same draft.
pub(crate) fn draft(
    cx: &mut Writer<'_, OutgoingDraft>,
    document: &Opened<Outgoing>,
    (change, reason): (Change, &str),
) -> Result<Opened<Outgoing>> {
    rules::recall::change(document)?;
    if let Some(id) = store::in_hand(cx, document.id, cx.person()?)? {
        return cx.open(id);
    }
    let current = recall::current(cx, document)?;
    let mut text = Text::of(&current);
    let holders = recipients_store::of(cx, document.id)?;
    let agencies =
        holders.iter().filter(|one| holds(one) && one.replaced_by.is_none()).map(|one| one.to_agency);
    text.plan = Plan { agencies: agencies.collect(), groups: Vec::new() }.text();
    text.dropped_files = String::new();
    let (updates, replaces) = match change {
        Change::Update => (Some(document.id), None),
        Change::Replace => (None, Some(document.id)),
    };
    let (answers, forwards) = (document.answers, document.forwards);
    let origin = Origin { answers, forwards, updates, replaces, reason: reason.to_owned() };
    let draft = begin(cx, document.agency, text, origin)?;
    for (sort, file) in (0_i64..).zip(drafted_files(cx, &current)?) {
        let same = Upload {
            sha256: file.sha256,
            bytes: file.bytes,
            content_type: file.content_type,
            name: file.name,
        };
        files::add(cx, (draft.agency, draft.id), (&file.role, sort), &same)?;
    }
    Ok(draft)
}

/// True for a recipient that has the document, or will.
fn holds(one: &Recipient) -> bool {
    has_arrived(one.status) || one.status == RecipientStatus::Queued
}

/// What a document asks of those who get it for the first time.
pub(crate) fn business(cx: &Raw<'_>, document: &Outgoing) -> Result<Business> {
    let Some(replaced) = document.replaces else { return Ok(Business::New) };
    let replaced = cx.open::<Outgoing>(replaced)?;
    let of = Reference {
        organ: organisations::agency(cx, document.agency)?.code_102,
        document_id: replaced.document_id.clone(),
        symbol: replaced.symbol.clone(),
        promulgated: replaced.promulgated.unwrap_or_else(|| cx.now().date()),
    };
    Ok(Business::Replace(Replace { reason: document.change_reason.clone(), of: vec![of] }))
}

/// A document was issued in place of another.
pub(crate) fn replace(
    cx: &mut Writer<'_, OutgoingIssue>,
    replaced: &Opened<Outgoing>,
    by: &Opened<Outgoing>,
) -> Result<()> {
    store::replaced(cx, replaced, by.id)?;
    let values = [("symbol", by.symbol.clone()), ("remark", by.change_reason.clone())];
    cx.record_noted("documents.act.outgoing.replaced", (KIND, replaced.id), replaced.agency, note(&values));
    Ok(())
}

/// Who is kept, taken off and added by a version.
struct Changed {
    kept: Vec<Recipient>,
    removed: Vec<Recipient>,
    added: Vec<Agency>,
}

/// Issues a version under the number and date its document has: it goes to those who have the document, a word
/// goes to those who are no recipients any more, and the whole document to new ones.
pub(crate) fn issue_version(
    cx: &mut Writer<'_, OutgoingIssue>,
    (draft, original): (&Opened<Outgoing>, &Opened<Outgoing>),
    (to, plan): (&[Agency], &str),
) -> Result<String> {
    rules::recall::change(original)?;
    if draft.type_code != original.type_code {
        return Err(Refusal::new("documents.recall.refuse.other_type")
            .with("type", &original.type_name)
            .hint("documents.recall.hint.replace")
            .into());
    }
    let recipients = sorted_out(cx, original, to)?;
    let content = differs(cx, draft, original)?;
    if !content && recipients.removed.is_empty() && recipients.added.is_empty() {
        return Err(Refusal::new("documents.recall.refuse.nothing_changed").into());
    }
    let issued = as_issued(cx, original);
    let mut update = Update {
        request: Some(draft.id.uuid()),
        reason: draft.change_reason.clone(),
        changed: content,
        removed: recipients.removed.iter().map(party_of).collect(),
        added: recipients.added.iter().map(party).collect(),
    };
    let mut all: Vec<Party> = recipients.kept.iter().map(party_of).collect();
    all.extend(update.added.iter().cloned());
    let envelope = if content { to_kept(cx, (draft, &issued), (&recipients, &all), &update)? } else { None };
    update.changed = false;
    to_removed(cx, (draft, original, &issued), &recipients, update)?;
    to_added(cx, (draft, original, &issued), (&recipients, &all))?;
    store::issue_version(cx, draft, &issued, (envelope, plan))?;
    tasks::close_all(cx, draft.id, "issued")?;
    let n = recipients.kept.len() + recipients.removed.len() + recipients.added.len();
    let values =
        [("symbol", issued.symbol.clone()), ("n", n.to_string()), ("remark", draft.change_reason.clone())];
    for document in [draft.id, original.id] {
        cx.record_noted("documents.act.outgoing.updated", (KIND, document), draft.agency, note(&values));
    }
    let document = cx.open::<Outgoing>(draft.id)?;
    make_findable(cx, &document)?;
    tell(cx, &document, document.drafter, "documents.notice.outgoing.issued")?;
    Ok(issued.symbol)
}

/// A version as the envelope it was sent in (type 2); one that changed recipients only, as the word that went to
/// those who were taken off. Who took it is logged.
///
/// # Errors
/// `Refused` when it is not issued, or nobody got it.
pub(crate) fn packet(
    cx: &mut Writer<'_, OutgoingRead>,
    version: &Opened<Outgoing>,
) -> Result<serde_json::Value> {
    let original = version.updates.ok_or(base::Error::NotFound)?;
    let asked = requests::requests(cx, original)?;
    let of_version = asked.iter().filter(|one| one.version == Some(version.id));
    rules::outgoing::export(version, of_version.clone().count())?;
    let envelope = match version.envelope {
        Some(id) => exchange::sealed(cx, id)?,
        None => {
            let original = cx.open::<Outgoing>(original)?;
            let mut removed = Vec::new();
            for one in of_version.filter(|one| one.kind == Asks::Removal) {
                removed.push(party_of(&recipients_store::one(cx, &original, one.recipient)?));
            }
            removal(cx, version, removed)?
        }
    };
    cx.record("documents.act.outgoing.exported", (KIND, version.id), version.agency);
    serde_json::to_value(envelope).while_doing("writing", "an envelope")
}

fn removal(
    cx: &mut Writer<'_, OutgoingRead>,
    version: &Opened<Outgoing>,
    removed: Vec<Party>,
) -> Result<Envelope> {
    let agency = organisations::agency(cx, version.agency)?;
    let at = version.issued_at.unwrap_or_else(|| cx.now());
    let issued = as_issued(cx, version);
    let mut sealed = letter(cx, version, (&issued, &agency), (&removed, at))?;
    let (reason, added) = (version.change_reason.clone(), Vec::new());
    update_of(&mut sealed, Update { request: None, reason, changed: false, removed, added });
    Ok(Envelope { id: cx.new_id::<()>().uuid(), from: party(&agency), at, sealed })
}

/// Makes a letter an update. A word of removal carries no content.
fn update_of(sealed: &mut Sealed, update: Update) {
    if let Sealed::Document(document) = sealed {
        if !update.changed {
            document.text = String::new();
            document.attachments = Vec::new();
        }
        document.business = Business::Update(update);
    }
}

fn party_of(one: &Recipient) -> Party {
    Party { code: one.to_code.clone(), name: one.to_name.clone() }
}

/// Recipients that gave the document back, or never had it, are left alone.
fn sorted_out(cx: &Raw<'_>, original: &Opened<Outgoing>, to: &[Agency]) -> Result<Changed> {
    let open = recall::open_requests(cx, original.id)?;
    let all = recipients_store::of(cx, original.id)?;
    let known: Vec<base::AgencyId> = all.iter().map(|one| one.to_agency).collect();
    let asked_back = |one: &Recipient| {
        open.iter().any(|request| request.recipient == one.id && request.kind != Asks::Update)
    };
    let live = all.into_iter().filter(|one| holds(one) && one.replaced_by.is_none() && !asked_back(one));
    let (kept, removed) = live.partition(|one| to.iter().any(|agency| agency.id == one.to_agency));
    let added = to.iter().filter(|agency| !known.contains(&agency.id)).cloned().collect();
    Ok(Changed { kept, removed, added })
}

/// True when fields or files are other than those recipients have.
fn differs(cx: &Raw<'_>, draft: &Opened<Outgoing>, original: &Opened<Outgoing>) -> Result<bool> {
    let current = recall::current(cx, original)?;
    let told = |document: &Outgoing| {
        let signer = [&document.signer_competence, &document.signer_position, &document.signer_name];
        (
            [&document.subject, &document.body, &document.to_places].map(String::clone),
            signer.map(String::clone),
            (document.urgency, document.pages, document.due),
        )
    };
    let hashes = |document: &Outgoing| -> Result<Vec<String>> {
        Ok(files_of(cx, document)?.into_iter().map(|file| file.sha256).collect())
    };
    Ok(told(draft) != told(&current) || hashes(draft)? != hashes(&current)?)
}

/// The version, as type 2, to those who have the document.
fn to_kept(
    cx: &mut Writer<'_, OutgoingIssue>,
    (draft, issued): (&Opened<Outgoing>, &Issued),
    (recipients, all): (&Changed, &[Party]),
    update: &Update,
) -> Result<Option<uuid::Uuid>> {
    if recipients.kept.is_empty() {
        return Ok(None);
    }
    let new = NewRequest { kind: Asks::Update, reason: &update.reason, version: Some(draft.id) };
    for one in &recipients.kept {
        requests::ask(cx, one, new, AskState::Open)?;
    }
    let to: Vec<Party> = recipients.kept.iter().map(party_of).collect();
    send(cx, (draft, issued), (all, &to), Some(update.clone())).map(Some)
}

/// A word, without the content, to those who are no recipients any more.
fn to_removed(
    cx: &mut Writer<'_, OutgoingIssue>,
    (draft, original, issued): (&Opened<Outgoing>, &Opened<Outgoing>, &Issued),
    recipients: &Changed,
    update: Update,
) -> Result<()> {
    let new = NewRequest { kind: Asks::Removal, reason: &draft.change_reason, version: Some(draft.id) };
    let mut to = Vec::new();
    for one in &recipients.removed {
        if !recall::withdraw(cx, original, (one, new))? {
            requests::ask(cx, one, new, AskState::Open)?;
            to.push(party_of(one));
        }
    }
    if to.is_empty() {
        return Ok(());
    }
    send(cx, (draft, issued), (&to, &to), Some(update)).map(drop)
}

/// The whole document to those who did not have it.
fn to_added(
    cx: &mut Writer<'_, OutgoingIssue>,
    (draft, original, issued): (&Opened<Outgoing>, &Opened<Outgoing>, &Issued),
    (recipients, all): (&Changed, &[Party]),
) -> Result<()> {
    let to: Vec<Party> = recipients.added.iter().map(party).collect();
    if to.is_empty() {
        return Ok(());
    }
    let envelope = send(cx, (draft, issued), (all, &to), None)?;
    let first = i64::try_from(recipients_store::of(cx, original.id)?.len()).unwrap_or(0);
    let mut known = Vec::new();
    for (sort, agency) in (first..).zip(&recipients.added) {
        let area = recipients::area(cx, agency, &mut known)?;
        recipients_store::add(cx, original, &new_recipient(agency, area, (sort, envelope)))?;
    }
    Ok(())
}

/// Sends a version: as an update, or as a document of its own.
fn send(
    cx: &mut Writer<'_, OutgoingIssue>,
    (draft, issued): (&Opened<Outgoing>, &Issued),
    (all, to): (&[Party], &[Party]),
    update: Option<Update>,
) -> Result<uuid::Uuid> {
    let agency = organisations::agency(cx, draft.agency)?;
    let at = cx.now();
    let mut sealed = letter(cx, draft, (issued, &agency), (all, at))?;
    if let Some(update) = update {
        update_of(&mut sealed, update);
    }
    exchange::send(cx, draft.agency, (sealed, to, draft.urgency))
}

//! Asking recipients for an issued document back, and what they answer (Decree 30/2020, article 18.4b).

use crate::actions::demands;
use crate::actions::outgoing::{KIND, name_of, path, tell};
use crate::model::recall::{AskState, Asks, Request};
use crate::model::{Outgoing, Recipient, RecipientStatus};
use crate::rights::OutgoingRecall;
use crate::rules::recall as rules;
use crate::rules::statuses;
use crate::store::recall::{self as store, Answered, NewRequest};
use crate::store::recipients;
use base::{Id, Instant, PersonId, Refusal, Result, WhileDoing};
use contracts::{Party, Reference, Sealed, Status};
use kernel::{Opened, Permission, Raw, System, Writer};
use platform::exchange::{self, Overtaken};
use platform::notify::{self, Say, note};
use platform::tasks;

/// How many recipients were asked, and at how many the document had not left yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Recalled {
    pub(crate) asked: usize,
    pub(crate) withdrawn: usize,
}

/// Asks the chosen recipients for a document back; all that can be asked when none is chosen, and then it is frozen.
/// What has not left never does.
pub(crate) fn recall(
    cx: &mut Writer<'_, OutgoingRecall>,
    document: &Opened<Outgoing>,
    (chosen, reason): (&[Id<Recipient>], &str),
) -> Result<Recalled> {
    rules::issued(document)?;
    let targets = targets(cx, document, chosen)?;
    let mut done = Recalled::default();
    for recipient in &targets {
        let new = NewRequest { kind: Asks::Recall, reason, version: None };
        if take_back(cx, document, recipient, new)? {
            done.withdrawn += 1;
        } else {
            done.asked += 1;
        }
    }
    let at = cx.now();
    if chosen.is_empty() || rules::freezes(&standing(cx, document)?) {
        store::freeze(cx, document.id, Some(at))?;
    }
    let values =
        [("n", done.asked.to_string()), ("kept", done.withdrawn.to_string()), ("remark", reason.to_owned())];
    cx.record_noted("documents.act.outgoing.recalled", (KIND, document.id), document.agency, note(&values));
    tell(cx, document, document.drafter, "documents.notice.outgoing.recalled")?;
    Ok(done)
}

/// Whom to ask. A chosen recipient that cannot be asked is named; without a choice they are left out.
fn targets(cx: &Raw<'_>, document: &Opened<Outgoing>, chosen: &[Id<Recipient>]) -> Result<Vec<Recipient>> {
    let open = open_requests(cx, document.id)?;
    let asked = |one: &Recipient| open.iter().any(|request| request.recipient == one.id);
    let mut targets = Vec::new();
    for one in recipients::of(cx, document.id)?.into_iter().filter(|one| one.replaced_by.is_none()) {
        let fits = rules::may_be_asked(one.status) && !asked(&one);
        match (chosen.is_empty() || chosen.contains(&one.id), fits) {
            (true, true) => targets.push(one),
            (true, false) if !chosen.is_empty() => {
                return Err(Refusal::new("documents.recall.refuse.not_now")
                    .with("name", &one.to_name)
                    .hint("kernel.hint.reload")
                    .into());
            }
            _ => {}
        }
    }
    if targets.is_empty() {
        rules::frozen(document)?;
        return Err(Refusal::new("documents.recall.refuse.nobody")
            .hint("documents.recall.hint.replace")
            .into());
    }
    Ok(targets)
}

/// What is asked of recipients and not answered.
pub(crate) fn open_requests(cx: &Raw<'_>, document: Id<Outgoing>) -> Result<Vec<Request>> {
    let mut all = store::requests(cx, document)?;
    all.retain(|request| request.state == AskState::Open);
    Ok(all)
}

/// Takes a document back from one recipient: out of the outbox while it is there (true), else by asking (false).
pub(crate) fn take_back<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Outgoing>,
    recipient: &Recipient,
    new: NewRequest<'_>,
) -> Result<bool> {
    if withdraw(cx, document, (recipient, new))? {
        return Ok(true);
    }
    let request = store::ask(cx, recipient, new, AskState::Open)?;
    send_request(cx, document, (recipient, request), new.reason)?;
    Ok(false)
}

/// Takes a document out of the outbox; false when it is not there any more.
pub(crate) fn withdraw<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Outgoing>,
    (recipient, new): (&Recipient, NewRequest<'_>),
) -> Result<bool> {
    let Some(envelope) = recipient.envelope.filter(|_| recipient.status == RecipientStatus::Queued) else {
        return Ok(false);
    };
    if !exchange::withdraw(cx, envelope, &recipient.to_code)? {
        return Ok(false);
    }
    // A version of what never comes would be entered as a document of its own.
    for version in store::versions(cx, document.id)? {
        if let Some(envelope) = cx.open::<Outgoing>(version)?.envelope {
            exchange::withdraw(cx, envelope, &recipient.to_code)?;
        }
    }
    store::ask(cx, recipient, new, AskState::Withdrawn)?;
    store::stand(cx, recipient, (RecipientStatus::Withdrawn, new.reason))?;
    Ok(true)
}

/// 13: the sender reports, and names the agency that is asked as the organ, unlike in every other status.
fn send_request<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Outgoing>,
    (recipient, request): (&Recipient, Id<Request>),
    reason: &str,
) -> Result<()> {
    let status = Status {
        of: Reference {
            organ: recipient.to_code.clone(),
            document_id: document.document_id.clone(),
            symbol: document.symbol.clone(),
            promulgated: document.promulgated.unwrap_or_else(|| cx.now().date()),
        },
        code: "13".to_owned(),
        description: reason.to_owned(),
        at_place: String::new(),
        staff: cx.actor().person.map(|_| cx.actor().name.clone()).unwrap_or_default(),
        timestamp: cx.now(),
        request: Some(request.uuid()),
        forwarded: Vec::new(),
    };
    let to = Party { code: recipient.to_code.clone(), name: recipient.to_name.clone() };
    exchange::send(cx, document.agency, (Sealed::Status(Box::new(status)), &[to], document.urgency)).map(drop)
}

/// Where each recipient stands, and whether it is asked for the document.
fn standing(cx: &Raw<'_>, document: &Opened<Outgoing>) -> Result<Vec<(RecipientStatus, bool)>> {
    let open = open_requests(cx, document.id)?;
    let asked = |one: &Recipient| {
        open.iter().any(|request| request.recipient == one.id && request.kind != Asks::Update)
    };
    let all = recipients::of(cx, document.id)?;
    let live = all.iter().filter(|one| one.replaced_by.is_none());
    Ok(live.map(|one| (one.status, asked(one))).collect())
}

/// 15 or 16 came: the request is settled, and the recipient moves where the answer puts it. An answer to nothing
/// we asked is kept and moves nothing.
pub(crate) fn answered(
    cx: &mut Writer<'_, System>,
    document: &Opened<Outgoing>,
    (recipient, status): (&Recipient, &Status),
) -> Result<()> {
    if told_again(cx, document, (recipient, status))? {
        return Ok(());
    }
    let open = open_requests(cx, document.id)?;
    let mut of_recipient = open.into_iter().filter(|one| one.recipient == recipient.id);
    let found = match status.request {
        Some(id) => of_recipient
            .find(|one| one.id.uuid() == id || one.version.is_some_and(|version| version.uuid() == id)),
        None => of_recipient.next_back(),
    };
    let Some(request) = found else { return Ok(()) };
    let granted = status.code == "15";
    let answer = Answered {
        state: if granted { AskState::Granted } else { AskState::Refused },
        by: &status.staff,
        at: status.timestamp,
        words: &status.description,
        forwarded: &status.forwarded,
    };
    store::settle(cx, request.id, &answer)?;
    if let Some(next) = statuses::answered(recipient.status, request.kind, &status.code) {
        store::stand(cx, recipient, (next, &request.reason))?;
        no_trouble(cx, document.id)?;
    }
    // When everybody has refused, the document is what it was.
    if document.frozen_at.is_some() && rules::thaws(&standing(cx, document)?) {
        store::freeze(cx, document.id, None)?;
    }
    tell_answer(cx, document, (recipient, &request), (granted, &status.description))?;
    demands::tell_above(cx, document)
}

/// Who gave a document back says again who holds copies it passed on, when that has changed below it. True when it
/// was that.
fn told_again(
    cx: &mut Writer<'_, System>,
    document: &Opened<Outgoing>,
    (recipient, status): (&Recipient, &Status),
) -> Result<bool> {
    let Some(id) = status.request.filter(|_| status.code == "15") else { return Ok(false) };
    let all = store::requests(cx, document.id)?;
    let settled = all
        .into_iter()
        .find(|one| one.recipient == recipient.id && one.id.uuid() == id && one.state == AskState::Granted);
    let Some(request) = settled else { return Ok(false) };
    store::holders(cx, request.id, (&status.description, &status.forwarded))?;
    let values = [("name", recipient.to_name.clone()), ("remark", status.description.clone())];
    cx.record_noted("documents.act.outgoing.copies", (KIND, document.id), document.agency, note(&values));
    demands::tell_above(cx, document)?;
    Ok(true)
}

/// Asks everybody back to whom a document went that passed on one which is given back: who sent it asks (article
/// 18.4b). Those who are done keep theirs, and are told of upwards.
pub(crate) fn ask_below<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Outgoing>,
    reason: &str,
) -> Result<()> {
    let open = open_requests(cx, document.id)?;
    let mut done = Recalled::default();
    for one in recipients::of(cx, document.id)? {
        let asked = open.iter().any(|request| request.recipient == one.id);
        if asked || one.replaced_by.is_some() || !rules::may_be_asked(one.status) {
            continue;
        }
        let new = NewRequest { kind: Asks::Recall, reason, version: None };
        if take_back(cx, document, &one, new)? {
            done.withdrawn += 1;
        } else {
            done.asked += 1;
        }
    }
    if done == Recalled::default() {
        return Ok(());
    }
    let at = cx.now();
    store::freeze(cx, document.id, Some(at))?;
    let values =
        [("n", done.asked.to_string()), ("kept", done.withdrawn.to_string()), ("remark", reason.to_owned())];
    cx.record_noted("documents.act.outgoing.recalled", (KIND, document.id), document.agency, note(&values));
    tell(cx, document, document.drafter, "documents.notice.outgoing.recalled")
}

fn tell_answer(
    cx: &mut Writer<'_, System>,
    document: &Opened<Outgoing>,
    (recipient, request): (&Recipient, &Request),
    (granted, words): (bool, &str),
) -> Result<()> {
    let key = match (granted, request.kind) {
        (true, Asks::Update) => "documents.notice.outgoing.update_taken",
        (true, _) => "documents.notice.outgoing.given_back",
        (false, _) => "documents.notice.outgoing.kept",
    };
    let values =
        [("symbol", name_of(document)), ("name", recipient.to_name.clone()), ("reason", words.to_owned())];
    let page = format!("{}/tracking", path(document.id));
    let say = Say { key, values: &values, path: &page };
    let mut people: Vec<PersonId> = vec![document.drafter];
    people.extend(request.asked_person.filter(|person| *person != document.drafter));
    for person in people {
        notify::tell(cx, document.agency, person, &say)?;
    }
    Ok(())
}

/// The document had left before it could be withdrawn: the recipient is asked instead.
pub(crate) fn on_overtaken(cx: &mut Writer<'_, System>, payload: &serde_json::Value) -> Result<()> {
    let late: Overtaken =
        serde_json::from_value(payload.clone()).while_doing("reading", "an overtaken withdrawal")?;
    let Some(recipient) = recipients::by_envelope(cx, late.envelope, &late.to)? else { return Ok(()) };
    let Some(request) = store::ask_after_all(cx, recipient.id)? else { return Ok(()) };
    if recipient.status == RecipientStatus::Withdrawn {
        store::stand(cx, &recipient, (RecipientStatus::Queued, ""))?;
    }
    let document = cx.open::<Outgoing>(recipient.outgoing)?;
    let asked = store::requests(cx, document.id)?.into_iter().find(|one| one.id == request);
    let reason = asked.map(|one| one.reason).unwrap_or_default();
    send_request(cx, &document, (&recipient, request), &reason)?;
    let values = [("name", recipient.to_name.clone())];
    let subject = (KIND, document.id);
    cx.record_noted("documents.act.outgoing.overtaken", subject, document.agency, note(&values));
    Ok(())
}

/// The recipient of a document that was replaced has the new one now.
pub(crate) fn has_replacement(cx: &mut Writer<'_, System>, replaced: Id<Outgoing>, code: &str) -> Result<()> {
    let Some(recipient) = recipients::by_code(cx, replaced, code)? else { return Ok(()) };
    let Some(next) = statuses::replaced(recipient.status) else { return Ok(()) };
    store::stand(cx, &recipient, (next, ""))?;
    let document = cx.open::<Outgoing>(replaced)?;
    let values = [("name", recipient.to_name.clone())];
    let subject = (KIND, document.id);
    cx.record_noted("documents.act.outgoing.has_newer", subject, document.agency, note(&values));
    Ok(())
}

/// The task about trouble goes with the last of it.
fn no_trouble(cx: &mut Writer<'_, System>, document: Id<Outgoing>) -> Result<()> {
    if recipients::troubles_of(cx, document)? == 0 {
        tasks::close(cx, document, "documents.task.trouble", "recalled")?;
    }
    Ok(())
}

/// When a document was asked back the last time, and why.
pub(crate) fn last_recall(cx: &Raw<'_>, document: Id<Outgoing>) -> Result<Option<(Instant, String)>> {
    let mut all = store::requests(cx, document)?;
    all.retain(|request| request.kind == Asks::Recall);
    Ok(all.pop().map(|request| (request.asked_at, request.reason)))
}

/// The newest issued version of a document, or itself.
pub(crate) fn current(cx: &Raw<'_>, document: &Opened<Outgoing>) -> Result<Opened<Outgoing>> {
    let newest = store::versions(cx, document.id)?.into_iter().next();
    cx.open::<Outgoing>(newest.unwrap_or(document.id))
}

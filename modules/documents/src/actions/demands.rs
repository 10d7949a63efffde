//! What senders ask about documents the agency has received, and how the clerk answers (Decree 30/2020, article
//! 18.4b and Annex VI.I.8b: what is given back is destroyed; what is known of it stays).

use crate::actions::incoming::{KIND, path, report_answer};
use crate::actions::{arrival, capture, outgoing, recall, verdicts};
use crate::model::recall::{AskState, Asks, Demand};
use crate::model::{Incoming, IncomingStatus, Outgoing, OutgoingStatus};
use crate::rights::IncomingGiveBack;
use crate::rules;
use crate::rules::recall::Met;
use crate::rules::statuses::has_arrived;
use crate::store::captures;
use crate::store::changes;
use crate::store::recall::{self as store, NewDemand};
use crate::store::{incoming as incoming_store, polled, recipients, remarks};
use base::{AgencyId, Id, PersonId, Result, WhileDoing};
use contracts::{Attachment, Document, Party, Signer, Status};
use kernel::{Opened, Permission, Raw, System, Writer};
use platform::notify::{Say, note};
use platform::tasks::{NewTask, Owner};
use platform::{files, notify, tasks};

/// 13 came: a sender asks for its document back. Answers the page of the document.
pub(crate) fn on_recall(
    cx: &mut Writer<'_, System>,
    agency: AgencyId,
    (from, status): (&Party, &Status),
) -> Result<Option<String>> {
    // Only who sent a document can ask for it; nobody else learns whether it is here.
    let found = store::received(cx, agency, (&status.of.document_id, &from.code))?;
    let Some(id) = found else { return Ok(None) };
    let document = cx.open::<Incoming>(id)?;
    let by = if status.staff.is_empty() { &from.name } else { &status.staff };
    let new = NewDemand {
        kind: Asks::Recall,
        request: status.request,
        reason: &status.description,
        by,
        version: String::new(),
    };
    take(cx, &document, &new)?;
    Ok(Some(path(id)))
}

/// A demand comes in: it waits for the clerk, or is answered by what is so already.
pub(crate) fn take(
    cx: &mut Writer<'_, System>,
    document: &Opened<Incoming>,
    new: &NewDemand<'_>,
) -> Result<Id<Demand>> {
    let (state, words) = match rules::recall::met(new.kind, document.status) {
        Met::Clerk => (AskState::Open, String::new()),
        Met::Granted => (AskState::Granted, String::new()),
        Met::Refused(key) => (AskState::Refused, cx.text(key).to_owned()),
    };
    let id = store::demand(cx, document, new, (state, &words))?;
    let act = match new.kind {
        Asks::Recall | Asks::Removal => "documents.act.demand_recall",
        Asks::Update => "documents.act.demand_update",
    };
    let values = [("who", new.by.to_owned()), ("remark", new.reason.to_owned())];
    cx.record_noted(act, (KIND, document.id), document.agency, note(&values));
    match state {
        AskState::Open => give_task(cx, document, new)?,
        AskState::Granted | AskState::Withdrawn => {
            report_answer(cx, document, ("15", &words), (new.request, Vec::new()))?;
        }
        AskState::Refused => report_answer(cx, document, ("16", &words), (new.request, Vec::new()))?,
    }
    Ok(id)
}

/// The task of the clerks, and a word to whoever works on the document.
fn give_task(cx: &mut Writer<'_, System>, document: &Opened<Incoming>, new: &NewDemand<'_>) -> Result<()> {
    let (kind, key) = match new.kind {
        Asks::Recall | Asks::Removal => ("documents.task.recall", "documents.notice.asked_back"),
        Asks::Update => ("documents.task.update", "documents.notice.asked_update"),
    };
    let due = rules::recall::answer_due(cx.now(), document.urgency);
    let task = NewTask {
        kind,
        subject: (KIND, document.id.uuid()),
        title: &document.subject,
        detail: &format!("{} · {}", document.symbol, document.from_name),
        path: path(document.id),
        act_path: None,
        owner: Owner::Pool(IncomingGiveBack::ID),
        lead: true,
        urgency: document.urgency,
        due: Some(due),
    };
    tasks::give(cx, document.agency, &task)?;
    let people = at_work(cx, document)?;
    tell_all(cx, document, (&people, key))
}

/// Whoever answers for a document, and everybody who has an open task of their own on it.
fn at_work(cx: &Raw<'_>, document: &Opened<Incoming>) -> Result<Vec<PersonId>> {
    let open = tasks::of(cx, document.id)?;
    let mut people: Vec<PersonId> = document.lead_person.into_iter().collect();
    for person in open.iter().filter(|task| task.done_at.is_none()).filter_map(|task| task.person) {
        if !people.contains(&person) {
            people.push(person);
        }
    }
    Ok(people)
}

pub(crate) fn tell_all<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    (people, key): (&[PersonId], &'static str),
) -> Result<()> {
    let values = [("symbol", document.symbol.clone()), ("subject", document.subject.clone())];
    let page = path(document.id);
    for person in people {
        notify::tell(cx, document.agency, *person, &Say { key, values: &values, path: &page })?;
    }
    Ok(())
}

/// The people who have work on a document; the work ends here.
pub(crate) fn end_work<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    outcome: &str,
) -> Result<Vec<PersonId>> {
    let people = at_work(cx, document)?;
    tasks::close_all(cx, document.id, outcome)?;
    Ok(people)
}

/// Grants what is asked: 15 to the sender.
pub(crate) fn grant(
    cx: &mut Writer<'_, IncomingGiveBack>,
    demand: &Opened<Demand>,
    document: &Opened<Incoming>,
) -> Result<()> {
    rules::recall::answer(demand)?;
    match demand.kind {
        Asks::Recall | Asks::Removal => give_back(cx, demand, document),
        Asks::Update => take_version(cx, demand, document),
    }
}

/// Refuses it, with a reason: 16. The work goes on where it was.
pub(crate) fn refuse(
    cx: &mut Writer<'_, IncomingGiveBack>,
    (demand, document): (&Opened<Demand>, &Opened<Incoming>),
    reason: &str,
) -> Result<()> {
    rules::recall::answer(demand)?;
    store::answer(cx, demand.id, (AskState::Refused, reason), &demand.version)?;
    close_task(cx, document, demand.kind)?;
    report_answer(cx, document, ("16", reason), (demand.request, Vec::new()))?;
    let values = [("remark", reason.to_owned())];
    cx.record_noted("documents.act.demand_refused", (KIND, document.id), document.agency, note(&values));
    Ok(())
}

/// One task stands for all demands of a kind: it goes with the last.
fn close_task<P: Permission>(cx: &mut Writer<'_, P>, document: &Opened<Incoming>, kind: Asks) -> Result<()> {
    let of =
        |kind: Asks| if kind == Asks::Update { "documents.task.update" } else { "documents.task.recall" };
    let open = store::demands(cx, document.id)?;
    if open.iter().any(|one| one.state == AskState::Open && of(one.kind) == of(kind)) {
        return Ok(());
    }
    tasks::close(cx, document.id, of(kind), "answered").map(drop)
}

/// The newest version is the one to answer.
pub(crate) fn close_update_task(cx: &mut Writer<'_, System>, document: &Opened<Incoming>) -> Result<()> {
    close_task(cx, document, Asks::Update)
}

/// Destroys the agency's copy. What it was, why it went and what holds a copy that was passed on stays.
fn give_back(
    cx: &mut Writer<'_, IncomingGiveBack>,
    demand: &Opened<Demand>,
    document: &Opened<Incoming>,
) -> Result<()> {
    let others = store::demands(cx, document.id)?;
    let mut held = files::of(cx, document.id)?;
    for other in &others {
        held.extend(files::of(cx, other.id)?);
    }
    let mut hashes: Vec<String> = Vec::new();
    for file in &held {
        store::bury(cx, document, file)?;
        files::destroy_one(cx, Id::<Incoming>::of(file.subject), &file.sha256)?;
        hashes.push(file.sha256.clone());
    }
    ask_below(cx, document, &demand.reason)?;
    let forwarded = forwarded(cx, document)?;
    store::answer(cx, demand.id, (AskState::Granted, ""), "")?;
    for other in others.iter().filter(|one| one.state == AskState::Open && one.id != demand.id) {
        answer_too(cx, document, other)?;
    }
    store::give_back(cx, document)?;
    remarks::empty(cx, document)?;
    polled::gone(cx, document.id)?;
    captures::forget_words(cx, document)?;
    let people = end_work(cx, document, "recalled")?;
    tell_all(cx, document, (&people, "documents.notice.given_back"))?;
    close_drafts(cx, document, &hashes)?;
    arrival::make_findable(cx, &*cx.open::<Incoming>(document.id)?)?;
    let words = passed_on(cx, &forwarded);
    report_answer(cx, document, ("15", &words), (demand.request, forwarded))?;
    let values = [("n", held.len().to_string()), ("remark", words)];
    cx.record_noted("documents.act.given_back", (KIND, document.id), document.agency, note(&values));
    Ok(())
}

/// What else was asked about a document that is gone is answered with it.
fn answer_too(
    cx: &mut Writer<'_, IncomingGiveBack>,
    document: &Opened<Incoming>,
    other: &Demand,
) -> Result<()> {
    let (state, code, words) = match other.kind {
        Asks::Recall | Asks::Removal => (AskState::Granted, "15", String::new()),
        Asks::Update => (AskState::Refused, "16", cx.text("documents.demand.too_late.recalled").to_owned()),
    };
    store::answer(cx, other.id, (state, &words), "")?;
    report_answer(cx, document, (code, &words), (other.request, Vec::new()))
}

/// Drafts that answer a document or pass it on are given up with it; their copies of its files go too.
fn close_drafts(
    cx: &mut Writer<'_, IncomingGiveBack>,
    document: &Opened<Incoming>,
    hashes: &[String],
) -> Result<()> {
    let reason = cx.t().fill("documents.demand.draft_closed", &[("symbol", &document.symbol)]);
    for one in incoming_store::followers(cx, document)? {
        if one.status == OutgoingStatus::Issued {
            continue;
        }
        let draft = cx.open::<Outgoing>(one.id)?;
        store::close_draft(cx, &draft, &reason)?;
        for sha256 in hashes {
            files::destroy_one(cx, draft.id, sha256)?;
        }
        tasks::close_all(cx, draft.id, "recalled")?;
        let values = [("remark", reason.clone())];
        let subject = (outgoing::KIND, draft.id);
        cx.record_noted("documents.act.outgoing.voided", subject, draft.agency, note(&values));
        outgoing::tell(cx, &draft, draft.drafter, "documents.notice.outgoing.voided")?;
    }
    Ok(())
}

/// Documents that passed this one on are asked back in turn, each by the agency that sent it.
fn ask_below(cx: &mut Writer<'_, IncomingGiveBack>, document: &Opened<Incoming>, reason: &str) -> Result<()> {
    for one in incoming_store::followers(cx, document)? {
        if one.status != OutgoingStatus::Issued || one.answers.is_some() {
            continue;
        }
        let passed_on = cx.open::<Outgoing>(one.id)?;
        recall::ask_below(cx, &passed_on, reason)?;
    }
    Ok(())
}

/// Something has changed below a document that passed on one which was given back: who asked for that is told who
/// holds a copy now, and tells who asked them.
pub(crate) fn tell_above(cx: &mut Writer<'_, System>, below: &Opened<Outgoing>) -> Result<()> {
    let Some(origin) = below.forwards else { return Ok(()) };
    let document = cx.open::<Incoming>(origin)?;
    if document.status != IncomingStatus::Recalled {
        return Ok(());
    }
    let holders = forwarded(cx, &document)?;
    let words = passed_on(cx, &holders);
    let given = store::demands(cx, document.id)?
        .into_iter()
        .find(|one| one.state == AskState::Granted && one.kind != Asks::Update && one.request.is_some());
    let Some(demand) = given else { return Ok(()) };
    report_answer(cx, &document, ("15", &words), (demand.request, holders))?;
    let values = [("remark", words)];
    cx.record_noted("documents.act.copies_told", (KIND, document.id), document.agency, note(&values));
    Ok(())
}

/// Where copies are, in words; nothing when they are nowhere.
fn passed_on(cx: &Raw<'_>, holders: &[Party]) -> String {
    let names: Vec<&str> = holders.iter().map(|party| party.name.as_str()).collect();
    match names.as_slice() {
        [] => String::new(),
        names => cx.t().fill("documents.demand.passed_on", &[("names", &names.join("; "))]),
    }
}

/// The agencies that hold a copy which this one passed on, through every level that has told of its own.
pub(crate) fn forwarded(cx: &Raw<'_>, document: &Opened<Incoming>) -> Result<Vec<Party>> {
    let mut parties: Vec<Party> = Vec::new();
    let mut add = |party: Party| {
        if !parties.contains(&party) {
            parties.push(party);
        }
    };
    for one in incoming_store::followers(cx, document)? {
        if one.status != OutgoingStatus::Issued || one.answers.is_some() {
            continue;
        }
        for recipient in recipients::of(cx, one.id)? {
            let party = Party { code: recipient.to_code, name: recipient.to_name };
            let holds =
                has_arrived(recipient.status) || recipient.status == crate::model::RecipientStatus::Queued;
            if holds && recipient.replaced_by.is_none() {
                add(party);
            }
        }
        for request in store::requests(cx, one.id)?.iter().filter(|request| !request.holders.is_empty()) {
            let told: Vec<Party> =
                serde_json::from_str(&request.holders).while_doing("reading", "who holds copies")?;
            told.into_iter().for_each(&mut add);
        }
    }
    Ok(parties)
}

/// Makes the proposed version the current one; the one before is kept in its place.
fn take_version(
    cx: &mut Writer<'_, IncomingGiveBack>,
    demand: &Opened<Demand>,
    document: &Opened<Incoming>,
) -> Result<()> {
    let new: Document = serde_json::from_str(&demand.version).while_doing("reading", "a version")?;
    let before = version_of(cx, document)?;
    let before = serde_json::to_string(&before).while_doing("writing", "a version")?;
    changes::take_version(cx, document, &new)?;
    let aside = cx.new_id::<Demand>();
    files::hand_on(cx, document.id, aside)?;
    files::hand_on(cx, demand.id, document.id)?;
    files::hand_on(cx, aside, demand.id)?;
    store::answer(cx, demand.id, (AskState::Granted, ""), &before)?;
    close_task(cx, document, Asks::Update)?;
    let now = cx.open::<Incoming>(document.id)?;
    verdicts::ask_all(cx, &now)?;
    capture::read_what_came(cx, &now)?;
    arrival::make_findable(cx, &now)?;
    let people = at_work(cx, document)?;
    tell_all(cx, &now, (&people, "documents.notice.updated"))?;
    report_answer(cx, document, ("15", ""), (demand.request, Vec::new()))?;
    let values = [("remark", demand.reason.clone())];
    cx.record_noted("documents.act.version_taken", (KIND, document.id), document.agency, note(&values));
    Ok(())
}

/// A received document as it would travel: what another version is compared with.
pub(crate) fn version_of(cx: &Raw<'_>, document: &Incoming) -> Result<Document> {
    let (number, notation) = document.symbol.split_once('/').unwrap_or((&document.symbol, ""));
    let attachments = files::of(cx, document.id)?.into_iter().map(|file| Attachment {
        name: file.name,
        content_type: file.content_type,
        bytes: file.bytes,
        sha256: file.sha256,
        role: file.role,
    });
    Ok(Document {
        document_id: document.document_id.clone(),
        number: number.to_owned(),
        notation: notation.to_owned(),
        place: document.place.clone(),
        promulgated: document.promulgated,
        type_name: document.type_name.clone(),
        subject: document.subject.clone(),
        text: document.words.clone(),
        signer: Signer {
            competence: document.signer_competence.clone(),
            position: document.signer_position.clone(),
            name: document.signer_name.clone(),
        },
        due: document.due,
        urgency: document.urgency,
        pages: document.pages,
        to: Vec::new(),
        to_places: document.to_places.lines().map(str::to_owned).collect(),
        response_for: Vec::new(),
        forwards: None,
        trace: Vec::new(),
        attachments: attachments.collect(),
        business: contracts::Business::New,
    })
}

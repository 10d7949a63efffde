//! What people do to incoming documents: open → decide → write → record → tell.

use crate::actions::follow;
use crate::model::{Incoming, IncomingStatus, Source};
use crate::rights::{IncomingAssign, IncomingDirect, IncomingHandle, IncomingRegister};
use crate::rules;
use crate::store::incoming as store;
use crate::store::incoming::{Direction, Involved};
use crate::store::polled;
use base::{Date, Error, Id, Instant, PersonId, Result, UnitId};
use contracts::{Party, Reference, Sealed, Status};
use kernel::{Opened, Permission, Raw, Writer};
use platform::notify::{Say, note};
use platform::tasks::{NewTask, Owner};
use platform::{exchange, notify, numbering, organisations, people, tasks};

/// What a document is called in tasks, files and the audit log.
pub(crate) const KIND: &str = "incoming";

/// Below it documents have their pages.
pub(crate) const PAGES: &str = "/documents/incoming/";

/// The page of a document.
pub(crate) fn path(id: Id<Incoming>) -> String {
    format!("{PAGES}{id}")
}

/// Registers a document: arrival number, on to the leader, 03 to the sender.
pub(crate) fn register(cx: &mut Writer<'_, IncomingRegister>, document: &Opened<Incoming>) -> Result<i64> {
    rules::incoming::register(document)?;
    let now = cx.now();
    let number = numbering::next(cx, document.agency, &document.series)?;
    store::register(cx, document, (now.year(), number))?;
    tasks::close(cx, document.id, "documents.task.register", "registered")?;
    let detail = detail(document);
    let mut task = task_on(document, ("documents.task.direct", &detail));
    task.owner = Owner::Pool("documents.incoming.direct");
    task.due = Some(rules::incoming::direct_due(now, document.urgency));
    tasks::give(cx, document.agency, &task)?;
    let place = cx.t().fill("documents.incoming.at_number", &[("number", &number)]);
    report(cx, document, ("03", ""), &place)?;
    let values = [("number", number.to_string()), ("symbol", document.symbol.clone())];
    cx.record_noted("documents.act.registered", (KIND, document.id), document.agency, note(&values));
    Ok(number)
}

/// Sends a document back with a reason: 02 to the sender, no number used.
pub(crate) fn return_to_sender(
    cx: &mut Writer<'_, IncomingRegister>,
    document: &Opened<Incoming>,
    reason: &str,
) -> Result<()> {
    rules::incoming::return_to_sender(document)?;
    store::mark_returned(cx, document, reason)?;
    polled::gone(cx, document.id)?;
    tasks::close_all(cx, document.id, "returned")?;
    report(cx, document, ("02", reason), "")?;
    let values = [("symbol", document.symbol.clone()), ("remark", reason.to_owned())];
    cx.record_noted("documents.act.returned", (KIND, document.id), document.agency, note(&values));
    Ok(())
}

/// Somebody a direction can name: a unit or a person of the agency.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) unit: Option<UnitId>,
    pub(crate) person: Option<PersonId>,
    pub(crate) name: String,
}

/// The leader's direction: who leads, who helps, by when, in what words.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) lead: Named,
    pub(crate) with: Vec<Named>,
    pub(crate) instruction: String,
    pub(crate) due: Option<Date>,
}

/// Gives the leader's direction (article 23.2: lead, coordinators, deadline, words and state are kept).
pub(crate) fn direct(
    cx: &mut Writer<'_, IncomingDirect>,
    document: &Opened<Incoming>,
    ask: &Ask,
) -> Result<()> {
    let due = ask.due.map(rules::incoming::end_of);
    rules::incoming::direct(document, due, cx.now())?;
    let lead = answerable(cx, document, &ask.lead)?;
    let status = if lead.person.is_some() { IncomingStatus::Assigned } else { IncomingStatus::Directed };
    let to = Direction {
        status,
        instruction: &ask.instruction,
        lead_unit: lead.unit,
        lead_person: lead.person,
        lead_name: &lead.name,
        due,
    };
    store::direct(cx, document, &to)?;
    tasks::close_all(cx, document.id, "directed")?;
    involve(cx, document, (&lead, true), due)?;
    for helper in ask.with.iter().filter(|helper| helper.name != lead.name && helper.name != ask.lead.name) {
        involve(cx, document, (helper, false), due)?;
    }
    report(cx, document, ("04", ""), &lead.name)?;
    let values = [("lead", lead.name), ("remark", ask.instruction.clone())];
    cx.record_noted("documents.act.directed", (KIND, document.id), document.agency, note(&values));
    Ok(())
}

/// Who answers for the work: a unit without a head, as in a commune, has nobody who would assign it, so its
/// officer answers at once.
fn answerable(cx: &Writer<'_, IncomingDirect>, document: &Opened<Incoming>, lead: &Named) -> Result<Named> {
    if lead.person.is_some() {
        return Ok(lead.clone());
    }
    match owners_of(cx, document, lead.unit)?.first() {
        Some((person, true)) => {
            let name = people::holder(cx, *person)?.name;
            Ok(Named { unit: lead.unit, person: Some(*person), name })
        }
        _ => Ok(lead.clone()),
    }
}

/// Names a unit or person on the document and gives them their task.
fn involve(
    cx: &mut Writer<'_, IncomingDirect>,
    document: &Opened<Incoming>,
    (who, lead): (&Named, bool),
    due: Option<Instant>,
) -> Result<()> {
    let row = Involved { unit: who.unit, person: who.person, name: who.name.clone(), lead };
    store::involve(cx, document, &row)?;
    let owners = match who.person {
        Some(person) => vec![(person, true)],
        None => owners_of(cx, document, who.unit)?,
    };
    for (person, direct) in owners {
        let kind = match (lead, direct) {
            (true, true) => "documents.task.handle",
            (true, false) => "documents.task.assign",
            (false, _) => "documents.task.assist",
        };
        give(cx, document, kind, (person, who.unit, due))?;
    }
    Ok(())
}

/// The heads of a unit; where it has none, its people, who then answer for the work themselves.
fn owners_of(
    cx: &Writer<'_, IncomingDirect>,
    document: &Opened<Incoming>,
    unit: Option<UnitId>,
) -> Result<Vec<(PersonId, bool)>> {
    let holders = people::of_agency(cx, document.agency)?;
    let of_unit = |role: &str| -> Vec<PersonId> {
        holders.iter().filter(|h| h.unit == unit && h.active && h.role == role).map(|h| h.person).collect()
    };
    let heads = of_unit("head");
    if !heads.is_empty() {
        return Ok(heads.into_iter().map(|person| (person, false)).collect());
    }
    Ok(of_unit("officer").into_iter().take(1).map(|person| (person, true)).collect())
}

/// Gives one person a task on the document and tells them.
fn give<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    kind: &'static str,
    (person, unit, due): (PersonId, Option<UnitId>, Option<Instant>),
) -> Result<()> {
    let detail = detail(document);
    let mut task = task_on(document, (kind, &detail));
    task.owner = Owner::Person(person, unit);
    task.lead = kind != "documents.task.assist";
    task.due = due;
    let path = task.path.clone();
    tasks::give(cx, document.agency, &task)?;
    let values = [("symbol", document.symbol.clone()), ("subject", document.subject.clone())];
    let say = Say { key: notice_of(kind), values: &values, path: &path };
    if rules::incoming::rings(document.urgency) {
        return notify::tell_urgently(cx, document.agency, person, &say);
    }
    notify::tell(cx, document.agency, person, &say)
}

fn notice_of(kind: &str) -> &'static str {
    match kind {
        "documents.task.assign" => "documents.notice.to_assign",
        "documents.task.assist" => "documents.notice.to_assist",
        _ => "documents.notice.to_handle",
    }
}

/// The second line of a task: which letter, from whom.
fn detail(document: &Incoming) -> String {
    format!("{} · {}", document.symbol, document.from_name)
}

fn task_on<'a>(document: &'a Opened<Incoming>, (kind, detail): (&'static str, &'a str)) -> NewTask<'a> {
    NewTask {
        kind,
        subject: (KIND, document.id.uuid()),
        title: &document.subject,
        detail,
        path: path(document.id),
        act_path: None,
        owner: Owner::Pool("documents.incoming.register"),
        lead: true,
        urgency: document.urgency,
        due: None,
    }
}

/// Names the person who answers for it; they must work in the agency.
pub(crate) fn assign(
    cx: &mut Writer<'_, IncomingAssign>,
    document: &Opened<Incoming>,
    (person, due): (PersonId, Option<Date>),
) -> Result<String> {
    let due = due.map(rules::incoming::end_of);
    rules::incoming::assign(document, due, cx.now())?;
    let holder = people::holder(cx, person)?;
    if holder.agency != document.agency || !holder.active {
        return Err(Error::field("person", "documents.incoming.refuse.not_a_colleague"));
    }
    store::assign(cx, document, (person, &holder.name), due)?;
    tasks::close(cx, document.id, "documents.task.assign", "assigned")?;
    tasks::close(cx, document.id, "documents.task.handle", "reassigned")?;
    give(cx, document, "documents.task.handle", (person, holder.unit, due.or(document.handle_due)))?;
    report(cx, document, ("04", ""), &holder.name)?;
    let values = [("person", holder.name.clone())];
    cx.record_noted("documents.act.assigned", (KIND, document.id), document.agency, note(&values));
    Ok(holder.name)
}

/// The first act of whoever answers for a document begins the work: 05 to the sender. Later acts change
/// nothing.
pub(crate) fn begun<P: Permission>(cx: &mut Writer<'_, P>, document: &Opened<Incoming>) -> Result<()> {
    if !rules::incoming::may_begin(document.status) {
        return Ok(());
    }
    store::begin(cx, document)?;
    let name = cx.actor().name.clone();
    report(cx, document, ("05", ""), &name)?;
    cx.record("documents.act.begun", (KIND, document.id), document.agency);
    Ok(())
}

/// Closes a document with a note instead of an answer: 06 to the sender.
pub(crate) fn close_with_note(
    cx: &mut Writer<'_, IncomingHandle>,
    document: &Opened<Incoming>,
    remark: &str,
) -> Result<()> {
    rules::incoming::close(document)?;
    finish(cx, document, ("noted", ""), remark)
}

/// Closes the document an issued one answers: 06 to the sender, the answer's symbol into the register.
pub(crate) fn answered<P: Permission>(cx: &mut Writer<'_, P>, id: Id<Incoming>, symbol: &str) -> Result<()> {
    let document = cx.open::<Incoming>(id)?;
    if !rules::incoming::may_be_answered(document.status) {
        return Ok(());
    }
    finish(cx, &document, ("answered", symbol), "")
}

fn finish<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    (outcome, symbol): (&str, &str),
    remark: &str,
) -> Result<()> {
    store::finish(cx, document, (outcome, symbol))?;
    tasks::close_all(cx, document.id, outcome)?;
    report(cx, document, ("06", remark), symbol)?;
    let act = if outcome == "answered" { "documents.act.answered" } else { "documents.act.noted" };
    let values = [("answer", symbol.to_owned()), ("remark", remark.to_owned())];
    cx.record_noted(act, (KIND, document.id), document.agency, note(&values));
    Ok(())
}

/// Tells the issuing agency where its document stands. Statuses follow from work; nobody sets them.
pub(crate) fn report<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Incoming,
    (code, description): (&str, &str),
    at_place: &str,
) -> Result<()> {
    follow::incoming_moved(cx, document, code)?;
    let said = Status { at_place: at_place.to_owned(), ..status_of(cx, document, (code, description)) };
    send_status(cx, document, said)
}

/// Answers what the sender asked about its document: 15 or 16. `forwarded` are those who hold a copy that was
/// passed on.
pub(crate) fn report_answer<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Incoming,
    (code, description): (&str, &str),
    (request, forwarded): (Option<uuid::Uuid>, Vec<Party>),
) -> Result<()> {
    follow::incoming_moved(cx, document, code)?;
    let said = Status { request, forwarded, ..status_of(cx, document, (code, description)) };
    send_status(cx, document, said)
}

fn status_of(cx: &Raw<'_>, document: &Incoming, (code, description): (&str, &str)) -> Status {
    Status {
        of: Reference {
            organ: document.from_code.clone(),
            document_id: document.document_id.clone(),
            symbol: document.symbol.clone(),
            promulgated: document.promulgated,
        },
        code: code.to_owned(),
        description: description.to_owned(),
        at_place: String::new(),
        // The system is nobody's name.
        staff: cx.actor().person.map(|_| cx.actor().name.clone()).unwrap_or_default(),
        timestamp: cx.now(),
        request: None,
        forwarded: Vec::new(),
    }
}

fn send_status<P: Permission>(cx: &mut Writer<'_, P>, document: &Incoming, status: Status) -> Result<()> {
    if document.source != Source::Exchange || document.from_code.is_empty() {
        return Ok(());
    }
    let to = Party { code: document.from_code.clone(), name: document.from_name.clone() };
    exchange::send(cx, document.agency, (Sealed::Status(Box::new(status)), &[to], 0)).map(drop)
}

/// Reads `unit:ID` or `person:ID` as somebody of the agency the document came to.
pub(crate) fn named(
    cx: &Writer<'_, IncomingDirect>,
    document: &Opened<Incoming>,
    (word, field): (&str, &'static str),
) -> Result<Named> {
    let wrong = || Error::field(field, "form.choose");
    let (kind, id) = word.split_once(':').ok_or_else(wrong)?;
    match kind {
        "unit" => {
            let unit = organisations::unit(cx, id.parse().map_err(|_| wrong())?).map_err(|_| wrong())?;
            if unit.agency != document.agency {
                return Err(wrong());
            }
            Ok(Named { unit: Some(unit.id), person: None, name: unit.name })
        }
        "person" => {
            let holder = people::holder(cx, id.parse().map_err(|_| wrong())?).map_err(|_| wrong())?;
            if holder.agency != document.agency || !holder.active {
                return Err(wrong());
            }
            Ok(Named { unit: holder.unit, person: Some(holder.person), name: holder.name })
        }
        _ => Err(wrong()),
    }
}

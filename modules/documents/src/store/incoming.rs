//! Statements of incoming documents.

use crate::model::{Incoming, IncomingStatus, Outgoing, OutgoingStatus, SignatureVerdict};
use crate::rights::{IncomingAssign, IncomingDirect, IncomingRead, IncomingRegister};
use base::{Date, Id, Instant, PersonId, Result, UnitId};
use kernel::{Opened, Permission, Raw, Reader, Sql, Writer, q, row, values};

row! {
    /// A line of the list.
    pub(crate) struct Line {
        /// Id.
        id: Id<Incoming>,
        /// Number and notation.
        symbol: String,
        /// Who issued it.
        from_name: String,
        /// Date of promulgation.
        promulgated: Date,
        /// Type.
        type_name: String,
        /// Trích yếu.
        subject: String,
        /// 0 to 4.
        urgency: i64,
        /// Where it stands.
        status: IncomingStatus,
        /// When it came.
        arrived_at: Instant,
        /// Its arrival number.
        arrival_number: Option<i64>,
        /// Until when it must be handled.
        handle_due: Option<Instant>,
        /// Who has it.
        lead_name: String,
        /// What its signatures are worth.
        signature: SignatureVerdict,
    }
}

row! {
    /// Who works on a document beside the lead.
    pub(crate) struct Involved {
        /// The unit.
        unit: Option<UnitId>,
        /// The person.
        person: Option<PersonId>,
        /// Name.
        name: String,
        /// True for the lead.
        lead: bool,
    }
}

row! {
    /// What was directed the last time the same sender wrote.
    pub(crate) struct Precedent {
        /// The unit in the lead.
        lead_unit: Option<UnitId>,
        /// The person in the lead.
        lead_person: Option<PersonId>,
        /// What the leader said.
        instruction: String,
    }
}

row! {
    /// A document of the agency that answers an incoming one or passes it on.
    pub(crate) struct Follower {
        /// Id.
        id: Id<Outgoing>,
        /// Number and notation; empty before it is issued.
        symbol: String,
        /// Type.
        type_name: String,
        /// Where it stands.
        status: OutgoingStatus,
        /// The document it answers; one without passes on.
        answers: Option<Id<Incoming>>,
    }
}

static FOLLOWERS: Sql = q!("SELECT id, symbol, type_name, status, answers
     FROM documents_outgoing
     WHERE {scope} AND (answers = $1 OR forwards = $1) AND status <> 'voided'
     ORDER BY created_at
     LIMIT 50");
static LIST: Sql = q!(
    "SELECT id, symbol, from_name, promulgated, type_name, subject, urgency, status, arrived_at, arrival_number,
        handle_due, lead_name, signature
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND (arrived_at, id) < ($2, $3)
     ORDER BY arrived_at DESC, id DESC
     LIMIT $4"
);
static LIST_STATUS: Sql = q!(
    "SELECT id, symbol, from_name, promulgated, type_name, subject, urgency, status, arrived_at, arrival_number,
        handle_due, lead_name, signature
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND status = $2 AND (arrived_at, id) < ($3, $4)
     ORDER BY arrived_at DESC, id DESC
     LIMIT $5"
);
static BY_SYMBOL: Sql = q!(
    "SELECT id, symbol, from_name, promulgated, type_name, subject, urgency, status, arrived_at, arrival_number,
        handle_due, lead_name, signature
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND symbol = $2
     ORDER BY arrived_at DESC, id DESC
     LIMIT 50"
);
static STANDING: Sql = q!("SELECT status, n FROM documents_standing WHERE agency = $1");
// What is overdue is found by an index that holds open documents only. Counting stops at 1,000.
static LATE: Sql = q!(
    "SELECT id, symbol, from_name, promulgated, type_name, subject, urgency, status, arrived_at, arrival_number,
        handle_due, lead_name, signature
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND handle_due < $2 AND handle_due IS NOT NULL
        AND status IN ('registered', 'directed', 'assigned', 'in_progress')
     ORDER BY handle_due
     LIMIT $3"
);
static LATE_OF: Sql = q!("SELECT count(*)
     FROM (
        SELECT 1 FROM documents_incoming
        WHERE {scope} AND agency_id = $1 AND handle_due < $2 AND handle_due IS NOT NULL
            AND status IN ('registered', 'directed', 'assigned', 'in_progress')
        LIMIT 1000) AS t");
static INVOLVED: Sql = q!("SELECT unit_id, person_id, name, lead
     FROM documents_involved
     WHERE {scope} AND incoming_id = $1 AND done_at IS NULL
     ORDER BY lead DESC, name");
static PRECEDENT: Sql = q!("SELECT lead_unit, lead_person, instruction
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND from_code = $2 AND directed_at IS NOT NULL AND arrived_at > $3
     ORDER BY arrived_at DESC
     LIMIT 1");
static REGISTER: Sql = q!("UPDATE documents_incoming
     SET status = 'registered', registered_at = $2, arrival_year = $3, arrival_number = $4
     WHERE {scope} AND id = $1 AND status = 'arrived'");
static RETURN: Sql = q!("UPDATE documents_incoming
     SET status = 'returned', done_at = $2, return_reason = $3
     WHERE {scope} AND id = $1 AND status = 'arrived'");
static DIRECT: Sql = q!("UPDATE documents_incoming
     SET status = $2, directed_at = $3, instruction = $4, lead_unit = $5, lead_person = $6, lead_name = $7,
        handle_due = $8
     WHERE {scope} AND id = $1 AND status IN ('registered', 'directed')");
static RELEASE_INVOLVED: Sql =
    q!("UPDATE documents_involved SET done_at = $2 WHERE {scope} AND incoming_id = $1 AND done_at IS NULL");
static INVOLVE: Sql =
    q!("INSERT INTO documents_involved (id, agency_id, incoming_id, unit_id, person_id, name, lead, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
static ASSIGN: Sql = q!("UPDATE documents_incoming
     SET status = CASE status WHEN 'directed' THEN 'assigned' ELSE status END,
        lead_person = $2, lead_name = $3, handle_due = COALESCE($4, handle_due)
     WHERE {scope} AND id = $1 AND status IN ('directed', 'assigned', 'in_progress')");
static BEGIN: Sql = q!("UPDATE documents_incoming
     SET status = 'in_progress', begun_at = $2
     WHERE {scope} AND id = $1 AND status = 'assigned'");
static FINISH: Sql = q!("UPDATE documents_incoming
     SET status = 'done', done_at = $2, outcome = $3, answer_symbol = $4
     WHERE {scope} AND id = $1 AND status NOT IN ('done', 'returned')");

/// The newest documents of the agency before a point of the list.
pub(crate) fn list(
    cx: &Reader<'_, IncomingRead>,
    status: Option<IncomingStatus>,
    (before, id): (Instant, Id<Incoming>),
    limit: i64,
) -> Result<Vec<Line>> {
    let agency = cx.agency()?;
    match status {
        None => cx.rows(&LIST, values![agency, before, id, limit]),
        Some(status) => cx.rows(&LIST_STATUS, values![agency, status, before, id, limit]),
    }
}

/// What is overdue in the whole agency, the longest first.
pub(crate) fn late(cx: &Reader<'_, IncomingRead>, limit: i64) -> Result<Vec<Line>> {
    cx.rows(&LATE, values![cx.agency()?, cx.now(), limit])
}

/// How much is overdue in the whole agency, 1,000 at most.
pub(crate) fn count_late(cx: &Raw<'_>) -> Result<i64> {
    cx.number(&LATE_OF, values![cx.agency()?, cx.now()])
}

/// Documents with exactly this number and notation.
pub(crate) fn by_symbol(cx: &Reader<'_, IncomingRead>, symbol: &str) -> Result<Vec<Line>> {
    let agency = cx.agency()?;
    cx.rows(&BY_SYMBOL, values![agency, symbol])
}

/// How many documents of the actor's agency stand where. Asked for that agency alone: its rows have no scope.
pub(crate) fn standing(cx: &Reader<'_, IncomingRead>) -> Result<Vec<(IncomingStatus, i64)>> {
    let agency = cx.agency()?;
    if !cx.may_at::<IncomingRead>(agency) {
        return Ok(Vec::new());
    }
    cx.rows(&STANDING, values![agency])
}

/// Who works on it.
pub(crate) fn involved(cx: &Raw<'_>, document: &Opened<Incoming>) -> Result<Vec<Involved>> {
    cx.rows(&INVOLVED, values![document.id])
}

/// What was directed the last time the same sender wrote, within a year.
pub(crate) fn precedent(cx: &Raw<'_>, document: &Opened<Incoming>) -> Result<Option<Precedent>> {
    let since = cx.now().plus_days(-365);
    cx.row(&PRECEDENT, values![document.agency, &document.from_code, since])
}

/// Gives it its arrival number.
pub(crate) fn register(
    cx: &mut Writer<'_, IncomingRegister>,
    document: &Opened<Incoming>,
    (year, number): (i32, i64),
) -> Result<()> {
    let now = cx.now();
    cx.write(&REGISTER, values![document.id, now, year, number]).map(drop)
}

/// Marks it as sent back.
pub(crate) fn mark_returned(
    cx: &mut Writer<'_, IncomingRegister>,
    document: &Opened<Incoming>,
    reason: &str,
) -> Result<()> {
    let now = cx.now();
    cx.write(&RETURN, values![document.id, now, reason]).map(drop)
}

/// A leader's direction, as it is stored.
#[derive(Debug)]
pub(crate) struct Direction<'a> {
    pub(crate) status: IncomingStatus,
    pub(crate) instruction: &'a str,
    pub(crate) lead_unit: Option<UnitId>,
    pub(crate) lead_person: Option<PersonId>,
    pub(crate) lead_name: &'a str,
    pub(crate) due: Option<Instant>,
}

/// Stores the leader's direction and releases the people an earlier one named.
pub(crate) fn direct(
    cx: &mut Writer<'_, IncomingDirect>,
    document: &Opened<Incoming>,
    to: &Direction<'_>,
) -> Result<()> {
    let now = cx.now();
    cx.write(
        &DIRECT,
        values![
            document.id,
            to.status,
            now,
            to.instruction,
            to.lead_unit,
            to.lead_person,
            to.lead_name,
            to.due
        ],
    )?;
    cx.write_any(&RELEASE_INVOLVED, values![document.id, now]).map(drop)
}

/// Names a unit or a person to work on it.
pub(crate) fn involve(
    cx: &mut Writer<'_, IncomingDirect>,
    document: &Opened<Incoming>,
    who: &Involved,
) -> Result<()> {
    let (id, now) = (cx.new_id::<Involved>(), cx.now());
    let values = values![id, document.agency, document.id, who.unit, who.person, &who.name, who.lead, now];
    cx.write(&INVOLVE, values).map(drop)
}

/// Names the person who answers for it.
pub(crate) fn assign(
    cx: &mut Writer<'_, IncomingAssign>,
    document: &Opened<Incoming>,
    (person, name): (PersonId, &str),
    due: Option<Instant>,
) -> Result<()> {
    cx.write(&ASSIGN, values![document.id, person, name, due]).map(drop)
}

/// Work has begun.
pub(crate) fn begin<P: Permission>(cx: &mut Writer<'_, P>, document: &Opened<Incoming>) -> Result<()> {
    let now = cx.now();
    cx.write(&BEGIN, values![document.id, now]).map(drop)
}

/// Work is finished: `outcome` is `answered` or `noted`.
pub(crate) fn finish<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    (outcome, answer_symbol): (&str, &str),
) -> Result<()> {
    let now = cx.now();
    cx.write(&FINISH, values![document.id, now, outcome, answer_symbol]).map(drop)
}

/// What the agency has written because of a document, oldest first.
pub(crate) fn followers(cx: &Raw<'_>, document: &Opened<Incoming>) -> Result<Vec<Follower>> {
    cx.rows(&FOLLOWERS, values![document.id])
}

//! Statements of the leader's board: what is late, where, since when.

use crate::model::{Incoming, IncomingStatus, Outgoing, RecipientStatus};
use crate::rights::BoardRead;
use base::{Date, Id, Instant, PersonId, Result, UnitId};
use kernel::{Raw, Reader, Sql, q, row, values};

row! {
    /// An incoming document that should be finished already.
    pub(crate) struct LateHere {
        /// Id.
        id: Id<Incoming>,
        /// Number and notation.
        symbol: String,
        /// Trích yếu.
        subject: String,
        /// Where it stands.
        status: IncomingStatus,
        /// The unit in the lead.
        lead_unit: Option<UnitId>,
        /// Who answers for it.
        lead_person: Option<PersonId>,
        /// Who has it, in words.
        lead_name: String,
        /// Since when it is late.
        due: Instant,
        /// How often its person was reminded.
        reminded: i64,
    }
}

row! {
    /// An agency that should have answered already.
    pub(crate) struct LateThere {
        /// The document.
        id: Id<Outgoing>,
        /// Number and notation.
        symbol: String,
        /// Trích yếu.
        subject: String,
        /// The agency.
        to_name: String,
        /// Its code.
        to_code: String,
        /// Where it stands there.
        status: RecipientStatus,
        /// Unit or arrival number there.
        at_place: String,
        /// Who acts there.
        staff: String,
        /// The day it should have been answered.
        due: Date,
    }
}

row! {
    /// Open work of one hand in one step.
    pub(crate) struct HandSum {
        /// Who has it, in words; empty before it is directed.
        name: String,
        /// The step.
        status: IncomingStatus,
        /// Late.
        late: i64,
        /// Due within the next days.
        soon: i64,
        /// All that has a deadline.
        all: i64,
        /// The earliest deadline.
        first: Instant,
    }
}

row! {
    /// What one agency still owes answers to.
    pub(crate) struct AgencySum {
        /// The agency.
        name: String,
        /// Its code.
        code: String,
        /// Late.
        late: i64,
        /// Due within the next days.
        soon: i64,
        /// All that has a deadline.
        all: i64,
        /// The earliest deadline.
        first: Date,
    }
}

static LATE_HERE: Sql =
    q!("SELECT d.id, d.symbol, d.subject, d.status, d.lead_unit, d.lead_person, d.lead_name, d.handle_due,
        (SELECT count(*) FROM documents_reminders r WHERE {scope:r} AND r.subject_id = d.id)
     FROM documents_incoming d
     WHERE {scope:d} AND d.agency_id = $1 AND d.done_at IS NULL AND d.handle_due IS NOT NULL
        AND d.handle_due < $2 AND (d.lead_name = $3 OR $3 = '') AND (d.status = $4 OR $4 = '')
     ORDER BY d.handle_due, d.id
     LIMIT $5");
static LATE_THERE: Sql =
    q!("SELECT o.id, o.symbol, o.subject, r.to_name, r.to_code, r.status, r.at_place, r.staff, o.due
     FROM documents_outgoing o JOIN documents_recipients r ON r.outgoing_id = o.id
     WHERE {scope:o} AND {scope:r} AND o.agency_id = $1 AND o.status = 'issued' AND o.due IS NOT NULL
        AND o.due < $2 AND o.due >= $3 AND r.replaced_by IS NULL
        AND r.status NOT IN ('done', 'refused', 'failed') AND (r.to_code = $4 OR $4 = '')
     ORDER BY o.due, o.id, r.sort
     LIMIT $5");
static HANDS: Sql = q!("SELECT lead_name, status, sum(CASE WHEN handle_due < $2 THEN 1 ELSE 0 END),
        sum(CASE WHEN handle_due >= $2 AND handle_due < $3 THEN 1 ELSE 0 END), count(*), min(handle_due)
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND done_at IS NULL AND handle_due IS NOT NULL
     GROUP BY lead_name, status
     ORDER BY lead_name");
static AGENCIES: Sql = q!("SELECT r.to_name, r.to_code, sum(CASE WHEN o.due < $2 THEN 1 ELSE 0 END),
        sum(CASE WHEN o.due >= $2 AND o.due <= $3 THEN 1 ELSE 0 END), count(*), min(o.due)
     FROM documents_outgoing o JOIN documents_recipients r ON r.outgoing_id = o.id
     WHERE {scope:o} AND {scope:r} AND o.agency_id = $1 AND o.status = 'issued' AND o.due IS NOT NULL
        AND o.due >= $4 AND r.replaced_by IS NULL AND r.status NOT IN ('done', 'refused', 'failed')
     GROUP BY r.to_name, r.to_code
     ORDER BY 3 DESC, r.to_name
     LIMIT 400");
static STILL_LATE: Sql = q!("SELECT handle_due
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND done_at IS NULL AND handle_due IS NOT NULL AND handle_due < $2
     LIMIT 50000");
static WAS_LATE: Sql = q!("SELECT handle_due, done_at
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND done_at > handle_due AND done_at >= $2
     LIMIT 50000");

/// How much of a late list is read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Of<'a> {
    /// Only of this hand; empty for all.
    pub(crate) hand: &'a str,
    /// Only in this step; empty for all.
    pub(crate) step: &'a str,
    /// Only of the agency with this code; empty for all.
    pub(crate) code: &'a str,
}

/// What is late in the agency, the latest first.
pub(crate) fn late_here(cx: &Reader<'_, BoardRead>, of: Of<'_>, limit: i64) -> Result<Vec<LateHere>> {
    let (agency, now) = (cx.agency()?, cx.now());
    cx.rows(&LATE_HERE, values![agency, now, of.hand, of.step, limit])
}

/// Ids of what is late in the agency, the latest first.
pub(crate) fn late_ids(cx: &Raw<'_>, of: Of<'_>, limit: i64) -> Result<Vec<Id<Incoming>>> {
    let (agency, now) = (cx.agency()?, cx.now());
    let late: Vec<LateHere> = cx.rows(&LATE_HERE, values![agency, now, of.hand, of.step, limit])?;
    Ok(late.into_iter().map(|one| one.id).collect())
}

/// Answers other agencies owe, the latest first; of the last year.
pub(crate) fn late_there(cx: &Reader<'_, BoardRead>, of: Of<'_>, limit: i64) -> Result<Vec<LateThere>> {
    let (agency, today) = (cx.agency()?, cx.now().date());
    cx.rows(&LATE_THERE, values![agency, today, today.plus_days(-365), of.code, limit])
}

/// Open work by who has it and in which step. `until` ends what is soon due.
pub(crate) fn hands(cx: &Reader<'_, BoardRead>, until: Instant) -> Result<Vec<HandSum>> {
    let (agency, now) = (cx.agency()?, cx.now());
    cx.rows(&HANDS, values![agency, now, until])
}

/// Answers owed, by agency.
pub(crate) fn agencies(cx: &Reader<'_, BoardRead>, until: Date) -> Result<Vec<AgencySum>> {
    let (agency, today) = (cx.agency()?, cx.now().date());
    cx.rows(&AGENCIES, values![agency, today, until, today.plus_days(-365)])
}

/// Deadlines that were missed since a moment, each with when its work was finished; `None` while it is open.
pub(crate) fn missed(cx: &Reader<'_, BoardRead>, since: Instant) -> Result<Vec<(Instant, Option<Instant>)>> {
    let (agency, now) = (cx.agency()?, cx.now());
    let open: Vec<(Instant,)> = cx.rows(&STILL_LATE, values![agency, now])?;
    let done: Vec<(Instant, Instant)> = cx.rows(&WAS_LATE, values![agency, since])?;
    let open = open.into_iter().map(|(due,)| (due, None));
    Ok(open.chain(done.into_iter().map(|(due, done)| (due, Some(done)))).collect())
}

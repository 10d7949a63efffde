//! Statements of the monthly report: how much came, was done in time, was late; how much was issued.

use crate::rights::BoardRead;
use base::{Instant, PersonId, Result, UnitId};
use kernel::{Reader, Sql, q, values};

/// What became of the documents of a month, for one unit or person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Handled {
    /// All that came.
    pub(crate) received: i64,
    /// Finished within their deadline, or without one.
    pub(crate) in_time: i64,
    /// Finished after it.
    pub(crate) after: i64,
    /// Not finished, within their deadline or without one.
    pub(crate) open: i64,
    /// Not finished, and late.
    pub(crate) late: i64,
}

static BY_UNIT: Sql = q!("SELECT lead_unit, count(*),
        sum(CASE WHEN done_at IS NOT NULL AND (handle_due IS NULL OR done_at <= handle_due) THEN 1 ELSE 0 END),
        sum(CASE WHEN done_at > handle_due THEN 1 ELSE 0 END),
        sum(CASE WHEN done_at IS NULL AND (handle_due IS NULL OR handle_due >= $4) THEN 1 ELSE 0 END),
        sum(CASE WHEN done_at IS NULL AND handle_due < $4 THEN 1 ELSE 0 END)
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND arrived_at >= $2 AND arrived_at < $3 AND arrival_number IS NOT NULL
     GROUP BY lead_unit");
static BY_PERSON: Sql = q!("SELECT lead_person, min(lead_name), count(*),
        sum(CASE WHEN done_at IS NOT NULL AND (handle_due IS NULL OR done_at <= handle_due) THEN 1 ELSE 0 END),
        sum(CASE WHEN done_at > handle_due THEN 1 ELSE 0 END),
        sum(CASE WHEN done_at IS NULL AND (handle_due IS NULL OR handle_due >= $4) THEN 1 ELSE 0 END),
        sum(CASE WHEN done_at IS NULL AND handle_due < $4 THEN 1 ELSE 0 END)
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND arrived_at >= $2 AND arrived_at < $3 AND lead_person IS NOT NULL
     GROUP BY lead_person
     ORDER BY 2");
static ISSUED: Sql = q!("SELECT unit_id, count(*)
     FROM documents_outgoing
     WHERE {scope} AND agency_id = $1 AND status = 'issued' AND issued_at >= $2 AND issued_at < $3
     GROUP BY unit_id");
static REMINDED: Sql = q!("SELECT person_id, count(*)
     FROM documents_reminders
     WHERE {scope} AND agency_id = $1 AND at >= $2 AND at < $3
     GROUP BY person_id");

/// A stretch of time: from, until.
pub(crate) type Span = (Instant, Instant);

/// What became of what came in a stretch of time, by unit in the lead; `None` for what has no unit.
pub(crate) fn by_unit(
    cx: &Reader<'_, BoardRead>,
    (from, until): Span,
) -> Result<Vec<(Option<UnitId>, Handled)>> {
    let (agency, now) = (cx.agency()?, cx.now());
    let rows: Vec<(Option<UnitId>, i64, i64, i64, i64, i64)> =
        cx.rows(&BY_UNIT, values![agency, from, until, now])?;
    let handled = |(unit, received, in_time, after, open, late)| {
        (unit, Handled { received, in_time, after, open, late })
    };
    Ok(rows.into_iter().map(handled).collect())
}

/// The same by the person who answers for it.
pub(crate) fn by_person(
    cx: &Reader<'_, BoardRead>,
    (from, until): Span,
) -> Result<Vec<(PersonId, String, Handled)>> {
    let (agency, now) = (cx.agency()?, cx.now());
    let rows: Vec<(PersonId, String, i64, i64, i64, i64, i64)> =
        cx.rows(&BY_PERSON, values![agency, from, until, now])?;
    let handled = |(person, name, received, in_time, after, open, late)| {
        (person, name, Handled { received, in_time, after, open, late })
    };
    Ok(rows.into_iter().map(handled).collect())
}

/// How many documents were issued in a stretch of time, by the unit that drafted them.
pub(crate) fn issued(cx: &Reader<'_, BoardRead>, (from, until): Span) -> Result<Vec<(Option<UnitId>, i64)>> {
    cx.rows(&ISSUED, values![cx.agency()?, from, until])
}

/// How often people were reminded in a stretch of time.
pub(crate) fn reminded(cx: &Reader<'_, BoardRead>, (from, until): Span) -> Result<Vec<(PersonId, i64)>> {
    cx.rows(&REMINDED, values![cx.agency()?, from, until])
}

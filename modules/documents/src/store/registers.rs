//! Statements of the registers: entries in the order of their numbers.

use crate::model::{Incoming, IncomingStatus, Outgoing, Source};
use base::{Date, Id, Instant, Result, UnitId};
use kernel::{Raw, Sql, q, row, values};

row! {
    /// An incoming document as the registers tell it.
    pub(crate) struct InEntry {
        /// Id.
        id: Id<Incoming>,
        /// Its arrival number.
        number: i64,
        /// How it came.
        source: Source,
        /// Who issued it.
        from_name: String,
        /// Number and notation.
        symbol: String,
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
        /// When it was registered.
        registered_at: Option<Instant>,
        /// When the leader directed it.
        directed_at: Option<Instant>,
        /// Who has it.
        lead_name: String,
        /// Until when it must be handled.
        handle_due: Option<Instant>,
        /// When it was finished.
        done_at: Option<Instant>,
        /// Symbol of the answer.
        answer_symbol: String,
        /// Why it was sent back.
        return_reason: String,
    }
}

row! {
    /// An outgoing document as the register tells it.
    pub(crate) struct OutEntry {
        /// Id.
        id: Id<Outgoing>,
        /// Its number.
        number: i64,
        /// Number and notation.
        symbol: String,
        /// Date of promulgation.
        promulgated: Option<Date>,
        /// Type.
        type_name: String,
        /// Trích yếu.
        subject: String,
        /// 0 to 4.
        urgency: i64,
        /// Who signed it.
        signer_name: String,
        /// "Nơi nhận", a line each.
        to_places: String,
        /// The drafting unit.
        unit: Option<UnitId>,
        /// Who drafted it.
        drafter_name: String,
        /// Paper copies.
        copies: i64,
        /// When it was issued.
        issued_at: Option<Instant>,
        /// How many agencies it was sent to.
        recipients: i64,
        /// Since when it is asked back.
        frozen_at: Option<Instant>,
        /// What stands in its place.
        replaced_by: Option<Id<Outgoing>>,
    }
}

// Both registers are read by the index on (agency, series, year, number). The series is the one all
// administrative documents share; secret documents have a table and a register of their own (store/secret.rs).
static INCOMING_UP: Sql = q!(
    "SELECT id, arrival_number, source, from_name, symbol, promulgated, type_name, subject, urgency, status,
        arrived_at, registered_at, directed_at, lead_name, handle_due, done_at, answer_symbol, return_reason
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND series = 'in' AND arrival_year = $2
        AND arrival_number >= $3 AND arrival_number <= $4 AND arrived_at >= $5 AND arrived_at < $6
     ORDER BY arrival_number
     LIMIT $7"
);
static INCOMING_DOWN: Sql = q!(
    "SELECT id, arrival_number, source, from_name, symbol, promulgated, type_name, subject, urgency, status,
        arrived_at, registered_at, directed_at, lead_name, handle_due, done_at, answer_symbol, return_reason
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND series = 'in' AND arrival_year = $2
        AND arrival_number >= $3 AND arrival_number <= $4 AND arrived_at >= $5 AND arrived_at < $6
     ORDER BY arrival_number DESC
     LIMIT $7"
);
static OUTGOING_UP: Sql = q!(
    "SELECT o.id, o.number, o.symbol, o.promulgated, o.type_name, o.subject, o.urgency, o.signer_name, o.to_places,
        o.unit_id, o.drafter_name, o.copies, o.issued_at,
        (SELECT count(*) FROM documents_recipients r
         WHERE {scope:r} AND r.outgoing_id = o.id AND r.replaced_by IS NULL),
        o.frozen_at, o.replaced_by
     FROM documents_outgoing o
     WHERE {scope:o} AND o.agency_id = $1 AND o.series = 'out' AND o.number_year = $2
        AND o.number >= $3 AND o.number <= $4 AND o.promulgated >= $5 AND o.promulgated <= $6
     ORDER BY o.number
     LIMIT $7"
);
static OUTGOING_DOWN: Sql = q!(
    "SELECT o.id, o.number, o.symbol, o.promulgated, o.type_name, o.subject, o.urgency, o.signer_name, o.to_places,
        o.unit_id, o.drafter_name, o.copies, o.issued_at,
        (SELECT count(*) FROM documents_recipients r
         WHERE {scope:r} AND r.outgoing_id = o.id AND r.replaced_by IS NULL),
        o.frozen_at, o.replaced_by
     FROM documents_outgoing o
     WHERE {scope:o} AND o.agency_id = $1 AND o.series = 'out' AND o.number_year = $2
        AND o.number >= $3 AND o.number <= $4 AND o.promulgated >= $5 AND o.promulgated <= $6
     ORDER BY o.number DESC
     LIMIT $7"
);
static FIRST_INCOMING_YEAR: Sql = q!("SELECT arrival_year
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND series = 'in' AND arrival_number IS NOT NULL
     ORDER BY arrival_year
     LIMIT 1");
static FIRST_OUTGOING_YEAR: Sql = q!("SELECT number_year
     FROM documents_outgoing
     WHERE {scope} AND agency_id = $1 AND series = 'out' AND number_year IS NOT NULL
     ORDER BY number_year
     LIMIT 1");

/// A stretch of a year's register. Ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) year: i32,
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// First and last day: of arrival, or of promulgation for what goes out.
    pub(crate) days: (Option<Date>, Option<Date>),
}

/// From which end of a stretch entries are taken. They are answered in the order of numbers either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    First,
    Last,
}

/// At most `limit` incoming documents of a stretch.
pub(crate) fn incoming(cx: &Raw<'_>, stretch: &Stretch, end: End, limit: i64) -> Result<Vec<InEntry>> {
    let since = stretch.days.0.map_or(Instant::from_micros(i64::MIN), Date::start);
    let until = stretch.days.1.map_or(Instant::from_micros(i64::MAX), |day| day.plus_days(1).start());
    let agency = cx.agency()?;
    let values = values![agency, stretch.year, stretch.from, stretch.to, since, until, limit];
    in_order(end, |sql| cx.rows(sql, values), (&INCOMING_UP, &INCOMING_DOWN))
}

/// At most `limit` outgoing documents of a stretch.
pub(crate) fn outgoing(cx: &Raw<'_>, stretch: &Stretch, end: End, limit: i64) -> Result<Vec<OutEntry>> {
    let (since, until) = days(stretch);
    let agency = cx.agency()?;
    let values = values![agency, stretch.year, stretch.from, stretch.to, since, until, limit];
    in_order(end, |sql| cx.rows(sql, values), (&OUTGOING_UP, &OUTGOING_DOWN))
}

/// First and last day of promulgation of a stretch, as statements compare them.
pub(crate) fn days(stretch: &Stretch) -> (String, String) {
    let or = |day: Option<Date>, end: &str| day.map_or_else(|| end.to_owned(), Date::iso);
    (or(stretch.days.0, "0001-01-01"), or(stretch.days.1, "9999-12-31"))
}

/// Reads from one end of a stretch, and answers in the order of numbers.
pub(crate) fn in_order<R>(
    end: End,
    read: impl FnOnce(&Sql) -> Result<Vec<R>>,
    (up, down): (&Sql, &Sql),
) -> Result<Vec<R>> {
    match end {
        End::First => read(up),
        End::Last => read(down).map(|mut rows| {
            rows.reverse();
            rows
        }),
    }
}

/// The first year that has an incoming register.
pub(crate) fn first_incoming_year(cx: &Raw<'_>) -> Result<i64> {
    let agency = cx.agency()?;
    cx.number(&FIRST_INCOMING_YEAR, values![agency])
}

/// The first year that has an outgoing register.
pub(crate) fn first_outgoing_year(cx: &Raw<'_>) -> Result<i64> {
    let agency = cx.agency()?;
    cx.number(&FIRST_OUTGOING_YEAR, values![agency])
}

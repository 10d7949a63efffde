//! Statements of the list of outgoing documents.

use crate::model::{Outgoing, OutgoingStatus};
use base::{Date, Id, Instant, Result};
use kernel::{Raw, Sql, q, row, values};

row! {
    /// A line of the list.
    pub(crate) struct Line {
        /// Id.
        id: Id<Outgoing>,
        /// Number and notation; empty before it is issued.
        symbol: String,
        /// Type.
        type_name: String,
        /// Trích yếu.
        subject: String,
        /// 0 to 4.
        urgency: i64,
        /// Where it stands.
        status: OutgoingStatus,
        /// Who drafts it.
        drafter_name: String,
        /// When it last changed.
        updated_at: Instant,
        /// When recipients shall answer.
        due: Option<Date>,
        /// How many recipients have it.
        arrived: i64,
        /// Of how many.
        recipients: i64,
    }
}

static LIST: Sql = q!(
    "SELECT o.id, o.symbol, o.type_name, o.subject, o.urgency, o.status, o.drafter_name, o.updated_at, o.due,
        (SELECT count(*) FROM documents_recipients r
         WHERE {scope:r} AND r.outgoing_id = o.id AND r.replaced_by IS NULL AND r.status NOT IN ('queued', 'failed', 'refused')),
        (SELECT count(*) FROM documents_recipients r
         WHERE {scope:r} AND r.outgoing_id = o.id AND r.replaced_by IS NULL)
     FROM documents_outgoing o
     WHERE {scope:o} AND o.agency_id = $1 AND (o.updated_at, o.id) < ($2, $3)
     ORDER BY o.updated_at DESC, o.id DESC
     LIMIT $4"
);
static LIST_STATUS: Sql = q!(
    "SELECT o.id, o.symbol, o.type_name, o.subject, o.urgency, o.status, o.drafter_name, o.updated_at, o.due,
        (SELECT count(*) FROM documents_recipients r
         WHERE {scope:r} AND r.outgoing_id = o.id AND r.replaced_by IS NULL AND r.status NOT IN ('queued', 'failed', 'refused')),
        (SELECT count(*) FROM documents_recipients r
         WHERE {scope:r} AND r.outgoing_id = o.id AND r.replaced_by IS NULL)
     FROM documents_outgoing o
     WHERE {scope:o} AND o.agency_id = $1 AND o.status = $2 AND (o.updated_at, o.id) < ($3, $4)
     ORDER BY o.updated_at DESC, o.id DESC
     LIMIT $5"
);
static ONE_LINE: Sql = q!(
    "SELECT o.id, o.symbol, o.type_name, o.subject, o.urgency, o.status, o.drafter_name, o.updated_at, o.due,
        (SELECT count(*) FROM documents_recipients r
         WHERE {scope:r} AND r.outgoing_id = o.id AND r.replaced_by IS NULL AND r.status NOT IN ('queued', 'failed', 'refused')),
        (SELECT count(*) FROM documents_recipients r
         WHERE {scope:r} AND r.outgoing_id = o.id AND r.replaced_by IS NULL)
     FROM documents_outgoing o
     WHERE {scope:o} AND o.agency_id = $1 AND o.id = $2"
);
// Counting stops at 1,000: nobody needs to know more, and the page stays fast.
static COUNT: Sql = q!("SELECT count(*)
     FROM (
        SELECT 1 FROM documents_outgoing
        WHERE {scope} AND agency_id = $1 AND status = $2
        LIMIT 1000) AS t");
/// A page of the list before a point, newest first; of one status or of all.
pub(crate) fn list(
    cx: &Raw<'_>,
    status: Option<OutgoingStatus>,
    (at, id): (Instant, Id<Outgoing>),
    limit: i64,
) -> Result<Vec<Line>> {
    let agency = cx.agency()?;
    match status {
        Some(status) => cx.rows(&LIST_STATUS, values![agency, status, at, id, limit]),
        None => cx.rows(&LIST, values![agency, at, id, limit]),
    }
}

/// One document as a line, if it is the agency's.
pub(crate) fn line(cx: &Raw<'_>, id: Id<Outgoing>) -> Result<Option<Line>> {
    cx.row(&ONE_LINE, values![cx.agency()?, id])
}

/// How many stand so, up to 1,000.
pub(crate) fn count(cx: &Raw<'_>, status: OutgoingStatus) -> Result<i64> {
    cx.number(&COUNT, values![cx.agency()?, status])
}

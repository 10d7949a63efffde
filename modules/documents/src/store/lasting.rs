//! Statements of signed files that are to last.

use base::{AgencyId, Id, Instant, Result};
use kernel::{Permission, Raw, Sql, System, Writer, q, row, values};
use uuid::Uuid;

row! {
    /// A signed file that is looked at again.
    pub(crate) struct Lasting {
        /// Id.
        id: Id<Lasting>,
        /// The agency that keeps it.
        agency: AgencyId,
        /// `outgoing` or `copy`.
        kind: String,
        /// What holds it.
        subject: Uuid,
        /// Its name in the store.
        sha256: String,
    }
}

static ENTER: Sql = q!("INSERT INTO documents_lasting (id, agency_id, kind, subject_id, sha256, look_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (subject_id, sha256) DO NOTHING");
static DUE: Sql = q!("SELECT id, agency_id, kind, subject_id, sha256
     FROM documents_lasting
     WHERE {scope} AND look_at <= $1
     ORDER BY look_at, id
     LIMIT $2");
static LOOKED: Sql = q!("UPDATE documents_lasting SET look_at = $2 WHERE {scope} AND id = $1");
static FOLLOW: Sql =
    q!("UPDATE documents_lasting SET sha256 = $3 WHERE {scope} AND subject_id = $1 AND sha256 = $2");

/// Enters a file that is to last.
pub(crate) fn enter<P: Permission>(
    cx: &mut Writer<'_, P>,
    (agency, kind, subject): (AgencyId, &str, Uuid),
    (sha256, look_at): (&str, Instant),
) -> Result<()> {
    let id = cx.new_id::<Lasting>();
    cx.write_any(&ENTER, values![id, agency, kind, subject, sha256, look_at]).map(drop)
}

/// Files that are due for a look.
pub(crate) fn due(cx: &Raw<'_>, now: Instant, limit: i64) -> Result<Vec<Lasting>> {
    cx.rows(&DUE, values![now, limit])
}

/// A file was looked at; again then.
pub(crate) fn looked(cx: &mut Writer<'_, System>, file: Id<Lasting>, again: Instant) -> Result<()> {
    cx.write_any(&LOOKED, values![file, again]).map(drop)
}

/// A longer file stands for one.
pub(crate) fn follow(
    cx: &mut Writer<'_, System>,
    subject: Uuid,
    (before, after): (&str, &str),
) -> Result<()> {
    cx.write_any(&FOLLOW, values![subject, before, after]).map(drop)
}

//! Statements of what is told further up.

use crate::rights::{BoardRead, StepsEdit};
use crate::rules::escalation::{self as rules, Cause, Minutes, Rung};
use base::{AgencyId, Instant, Result, TaskId};
use kernel::{Raw, Reader, Sql, System, Writer, q, row, values};
use platform::tasks::OpenTask;

row! {
    /// Figures of an agency.
    pub(crate) struct Chosen {
        /// The agency.
        agency: AgencyId,
        /// Of which cause.
        cause: Cause,
        /// Minutes of the four rungs.
        minutes: String,
    }
}

row! {
    /// What was told, for the board.
    pub(crate) struct Told {
        /// Why.
        cause: Cause,
        /// At which rung.
        rung: Rung,
        /// What the work is about.
        title: String,
        /// One line more.
        detail: String,
        /// Its page.
        path: String,
        /// The names of those who were told.
        names: String,
        /// When.
        at: Instant,
    }
}

static CHOSEN: Sql = q!("SELECT agency_id, cause, minutes
     FROM documents_ladders
     WHERE {scope} AND from_at <= $1
     ORDER BY from_at, id");
static CHOOSE: Sql = q!("INSERT INTO documents_ladders (id, agency_id, cause, minutes, from_at, by_name)
     VALUES ($1, $2, $3, $4, $5, $6)");
static RAISED: Sql = q!("SELECT task_id, cause, rung, since
     FROM documents_escalations
     WHERE {scope} AND since >= $1");
static RAISE: Sql =
    q!("INSERT INTO documents_escalations (id, agency_id, task_id, cause, rung, since, title, detail, path, told, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (task_id, cause, rung, since) DO NOTHING");
static RECENT: Sql = q!("SELECT cause, rung, title, detail, path, told, at
     FROM documents_escalations
     WHERE {scope} AND agency_id = $1 AND at >= $2
     ORDER BY at DESC, id DESC
     LIMIT $3");

/// The figures agencies have chosen, the newest of each last.
pub(crate) fn chosen(cx: &Raw<'_>) -> Result<Vec<Chosen>> {
    cx.rows(&CHOSEN, values![cx.now()])
}

/// The figures that count in an agency.
pub(crate) fn minutes(cx: &Raw<'_>, chosen: &[Chosen], (agency, cause): (AgencyId, Cause)) -> Minutes {
    let own = chosen.iter().rfind(|one| one.agency == agency && one.cause == cause);
    own.map_or_else(|| rules::house(cause, cx.now().date()), |one| rules::read(&one.minutes))
}

/// Keeps the figures an agency chooses.
pub(crate) fn choose(
    cx: &mut Writer<'_, StepsEdit>,
    agency: AgencyId,
    (cause, minutes): (Cause, Minutes),
) -> Result<()> {
    let (id, now, by) = (cx.new_id::<Chosen>(), cx.now(), cx.actor().name.clone());
    cx.write(&CHOOSE, values![id, agency, cause, rules::text(minutes), now, by]).map(drop)
}

/// What was told of work that waits since a moment or later.
pub(crate) fn raised(cx: &Raw<'_>, since: Instant) -> Result<Vec<(TaskId, Cause, Rung, Instant)>> {
    cx.rows(&RAISED, values![since])
}

/// Enters that a rung is told; false when another process was faster.
pub(crate) fn raise(
    cx: &mut Writer<'_, System>,
    task: &OpenTask,
    (cause, rung, since): (Cause, Rung, Instant),
    told: &str,
) -> Result<bool> {
    let (id, now) = (cx.new_id::<Told>(), cx.now());
    let values = values![
        id,
        task.agency,
        task.id,
        cause,
        rung,
        since,
        &task.title,
        &task.detail,
        &task.path,
        told,
        now
    ];
    Ok(cx.write_any(&RAISE, values)? > 0)
}

/// What was told in the agency since a moment, the newest first.
pub(crate) fn recent(cx: &Reader<'_, BoardRead>, since: Instant, limit: i64) -> Result<Vec<Told>> {
    cx.rows(&RECENT, values![cx.agency()?, since, limit])
}

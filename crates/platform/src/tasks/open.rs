//! Work that is open: when its owner first looked at it, and what of it is late or was never looked at.

use super::{of, people};
use base::{AgencyId, Id, Instant, PersonId, Result, TaskId, UnitId, WhileDoing};
use kernel::{Permission, Raw, Reader, Sql, System, Writer, q, row, values};

/// The job that notes when a task was first looked at.
pub const OPENED_JOB: &str = "platform.task.opened";

row! {
    /// An open task, as whoever watches over it sees it.
    pub struct OpenTask {
        /// Id.
        id: TaskId,
        /// Agency.
        agency: AgencyId,
        /// Text key of what is to be done.
        kind: String,
        /// What the subject is.
        subject_kind: String,
        /// The thing.
        subject: uuid::Uuid,
        /// What it is about.
        title: String,
        /// One line more.
        detail: String,
        /// The page of the thing.
        path: String,
        /// Owner, when it is a person.
        person: Option<PersonId>,
        /// Their unit.
        unit: Option<UnitId>,
        /// Right whose holders own it, when it is a pool.
        pool: Option<String>,
        /// 0 normal to 4.
        urgency: i64,
        /// Until when.
        due_at: Option<Instant>,
        /// Since when.
        given_at: Instant,
        /// When its owner first looked.
        opened_at: Option<Instant>,
    }
}

static LATE: Sql = q!(
    "SELECT id, agency_id, kind, subject_kind, subject_id, title, detail, path, person_id, unit_id, pool, urgency,
        due_at, given_at, opened_at
     FROM platform_tasks
     WHERE {scope} AND done_at IS NULL AND due_at IS NOT NULL AND (due_at, id) > ($1, $2) AND due_at <= $3
     ORDER BY due_at, id
     LIMIT $4"
);
static UNOPENED: Sql = q!(
    "SELECT id, agency_id, kind, subject_kind, subject_id, title, detail, path, person_id, unit_id, pool, urgency,
        due_at, given_at, opened_at
     FROM platform_tasks
     WHERE {scope} AND done_at IS NULL AND opened_at IS NULL AND urgency > 0 AND (given_at, id) > ($1, $2)
        AND given_at <= $3
     ORDER BY given_at, id
     LIMIT $4"
);
static OPENED: Sql = q!("UPDATE platform_tasks SET opened_at = $2
     WHERE {scope} AND id = $1 AND opened_at IS NULL AND done_at IS NULL");
static PUT_OFF: Sql = q!("UPDATE platform_tasks SET due_at = $3, rank = $3 - urgency * $4
     WHERE {scope} AND subject_id = $1 AND kind = $2 AND done_at IS NULL");

/// Where a walk through open work goes on: behind a moment and a task.
pub type After = (Instant, TaskId);

/// What became late behind a point and until a moment, and is still open; `limit` tasks, the earliest first.
///
/// # Errors
/// What the database reports.
pub fn late(cx: &Raw<'_>, (at, id): After, until: Instant, limit: i64) -> Result<Vec<OpenTask>> {
    cx.rows(&LATE, values![at, id, until, limit])
}

/// Urgent work that was given behind a point and until a moment, and that nobody has looked at; `limit` tasks, the
/// earliest first.
///
/// # Errors
/// What the database reports.
pub fn unopened(cx: &Raw<'_>, (at, id): After, until: Instant, limit: i64) -> Result<Vec<OpenTask>> {
    cx.rows(&UNOPENED, values![at, id, until, limit])
}

/// Says that whoever reads this page has looked at their tasks on a thing.
///
/// # Errors
/// What the database reports.
pub fn looked<P: Permission, N: ?Sized>(cx: &Reader<'_, P>, subject: Id<N>) -> Result<()> {
    let own = people(cx);
    for task in of(cx, subject)?.iter().filter(|task| task.done_at.is_none() && task.opened_at.is_none()) {
        let mine = match (task.person, &task.pool) {
            (Some(person), _) => own.contains(&person),
            (None, Some(pool)) => cx.actor().reaches(pool, task.agency),
            (None, None) => false,
        };
        if mine {
            let payload = serde_json::json!({ "task": task.id, "at": cx.now() });
            cx.leave(OPENED_JOB, &task.id.to_string(), payload);
        }
    }
    Ok(())
}

/// Notes when a task was first looked at.
pub(crate) fn on_opened(cx: &mut Writer<'_, System>, payload: &serde_json::Value) -> Result<()> {
    let (task, at): (TaskId, Instant) =
        serde_json::from_value(serde_json::json!([payload.get("task"), payload.get("at")]))
            .while_doing("reading", "a task that was looked at")?;
    cx.write_any(&OPENED, values![task, at])?;
    cx.record_nothing("that somebody has looked is no act");
    Ok(())
}

/// Puts the deadline of open tasks of one kind on a thing off.
///
/// # Errors
/// What the database reports.
pub fn put_off<P: Permission, N: ?Sized>(
    cx: &mut Writer<'_, P>,
    subject: Id<N>,
    kind: &str,
    due: Instant,
) -> Result<u64> {
    cx.write_any(&PUT_OFF, values![subject, kind, due, super::AHEAD])
}

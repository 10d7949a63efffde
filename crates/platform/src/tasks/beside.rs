//! Working through a queue from page to page: what comes before and after the thing in front of somebody.

use super::{QUEUE_START, Task, of, people, pools, queue};
use base::{Id, Instant, Result};
use kernel::{Raw, Sql, q, values};

static BEFORE_PERSON: Sql = q!(
    "SELECT id, agency_id, kind, subject_kind, subject_id, title, detail, path, act_path, person_id, pool, lead,
        urgency, due_at, rank, given_at, opened_at, done_at
     FROM platform_tasks
     WHERE {scope} AND agency_id = $1 AND person_id = $2 AND done_at IS NULL AND (rank, id) < ($3, $4) AND kind = $5
     ORDER BY rank DESC, id DESC
     LIMIT 1"
);
static BEFORE_POOL: Sql = q!(
    "SELECT id, agency_id, kind, subject_kind, subject_id, title, detail, path, act_path, person_id, pool, lead,
        urgency, due_at, rank, given_at, opened_at, done_at
     FROM platform_tasks
     WHERE {scope} AND agency_id = $1 AND pool = $2 AND done_at IS NULL AND (rank, id) < ($3, $4) AND kind = $5
     ORDER BY rank DESC, id DESC
     LIMIT 1"
);

/// The tasks around a thing in the queue it belongs to.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// The one before it, while it waits itself.
    pub before: Option<Task>,
    /// The one after it; once it is done, the first that still waits.
    pub after: Option<Task>,
    /// When what was to be done with it was done.
    pub done_at: Option<Instant>,
}

/// What waits for the actor around a thing, in the queue of the task they have, or last had, on it.
///
/// # Errors
/// What the database reports.
pub fn beside<N: ?Sized>(cx: &Raw<'_>, subject: Id<N>) -> Result<Beside> {
    let (Some(agency), people) = (cx.actor().agency, people(cx)) else { return Ok(Beside::default()) };
    let mut all = of(cx, subject)?;
    all.retain(|task| {
        task.agency == agency
            && task.person.map_or_else(
                || task.pool.as_deref().is_some_and(|pool| cx.actor().reaches(pool, agency)),
                |person| people.contains(&person),
            )
    });
    if let Some(open) = all.iter().find(|task| task.done_at.is_none()) {
        let after = queue(cx, &open.kind, (open.rank, open.id), 1)?.into_iter().next();
        return Ok(Beside { before: before(cx, open)?, after, done_at: None });
    }
    let Some(last) = all.iter().max_by_key(|task| task.done_at) else { return Ok(Beside::default()) };
    let after = queue(cx, &last.kind, QUEUE_START, 1)?.into_iter().next();
    Ok(Beside { before: None, after, done_at: last.done_at })
}

fn before(cx: &Raw<'_>, here: &Task) -> Result<Option<Task>> {
    let mut found: Vec<Task> = Vec::new();
    for person in people(cx) {
        found.extend(
            cx.rows::<Task>(&BEFORE_PERSON, values![here.agency, person, here.rank, here.id, &here.kind])?,
        );
    }
    for pool in pools(cx, here.agency)? {
        found.extend(
            cx.rows::<Task>(&BEFORE_POOL, values![here.agency, pool, here.rank, here.id, &here.kind])?,
        );
    }
    Ok(found.into_iter().max_by_key(|task| (task.rank, task.id)))
}

//! Durable background work: a queue in the tenant's database, filled in the writer's own transaction.

use crate::actor::Permission;
use crate::db::Sql;
use crate::handle::{Raw, Writer};
use crate::{q, row, values};
use base::{Error, Id, Instant, Result};

row! {
    /// A job that was claimed.
    pub struct Job {
        /// Number of the job.
        id: i64,
        /// Which handler runs it.
        kind: String,
        /// JSON for the handler.
        payload: String,
        /// How often it was begun, this time included.
        attempts: i64,
        /// Those it was queued with, when somebody watches them.
        batch: Option<Id<Progress>>,
    }
}
row! {
    /// How far the jobs are that one act queued together.
    #[derive(PartialEq, Eq)]
    pub struct Progress {
        /// Id.
        id: Id<Progress>,
        /// How many there are.
        total: i64,
        /// How many are done.
        done: i64,
        /// How many were given up.
        failed: i64,
    }
}
row! {
    /// A job nobody could finish, for the dead-letter screen.
    pub struct DeadJob {
        /// Number of the job.
        id: i64,
        /// Which handler ran it.
        kind: String,
        /// JSON for the handler.
        payload: String,
        /// How often it was begun.
        attempts: i64,
        /// When it was given up.
        run_at: Instant,
        /// What went wrong the last time.
        error: String,
    }
}

static ENQUEUE: Sql =
    q!("INSERT INTO kernel_jobs (kind, dedup, payload, run_at, state, attempts, error, batch_id)
     VALUES ($1, $2, $3, $4, 'q', 0, '', $5)
     ON CONFLICT (kind, dedup) DO NOTHING");
static CLAIM: Sql = q!("UPDATE kernel_jobs
     SET state = 'r', attempts = attempts + 1, run_at = $2
     WHERE id IN (
        SELECT id FROM kernel_jobs
        WHERE state IN ('q', 'r') AND run_at <= $1 AND (CAST($4 AS TEXT) LIKE '% ' || kind || ' %') = (CAST($5 AS BIGINT) = 1)
        ORDER BY run_at
        LIMIT $3 {skip_locked})
     RETURNING id, kind, payload, attempts, batch_id");
static BEGIN: Sql = q!("INSERT INTO kernel_batches (id, person_id, total, done, failed, at)
     VALUES ($1, $2, $3, 0, 0, $4)");
static ADVANCE: Sql = q!("UPDATE kernel_batches SET done = done + $2, failed = failed + $3 WHERE id = $1");
static PROGRESS: Sql =
    q!("SELECT id, total, done, failed FROM kernel_batches WHERE id = $1 AND person_id = $2");
static FORGET: Sql = q!("DELETE FROM kernel_batches WHERE at < $1");
static BATCH_OF: Sql = q!("UPDATE kernel_batches SET failed = failed - 1
     WHERE id = (SELECT batch_id FROM kernel_jobs WHERE id = $1)");
static DONE: Sql = q!("DELETE FROM kernel_jobs WHERE id = $1 AND attempts = $2");
static RETRY: Sql =
    q!("UPDATE kernel_jobs SET state = $2, run_at = $3, error = $4 WHERE id = $1 AND attempts = $5");
static DEAD: Sql = q!("SELECT id, kind, payload, attempts, run_at, error
     FROM kernel_jobs
     WHERE state = 'x'
     ORDER BY run_at DESC
     LIMIT 200");
static DEAD_COUNT: Sql = q!("SELECT count(*) FROM kernel_jobs WHERE state = 'x'");
static WAITING: Sql = q!("SELECT count(*) FROM kernel_jobs WHERE state IN ('q', 'r')");
static REVIVE: Sql =
    q!("UPDATE kernel_jobs SET state = 'q', run_at = $2, attempts = 0 WHERE id = $1 AND state = 'x'");

/// Queues work in this transaction. The same `dedup` is queued once while it waits.
///
/// # Errors
/// What the database reports.
pub fn enqueue<P: Permission>(
    cx: &mut Writer<'_, P>,
    kind: &'static str,
    dedup: &str,
    payload: &serde_json::Value,
) -> Result<()> {
    let now = cx.now();
    enqueue_at(cx, kind, dedup, (payload, now))
}

/// Queues work for a later time.
///
/// # Errors
/// What the database reports.
pub fn enqueue_at<P: Permission>(
    cx: &mut Writer<'_, P>,
    kind: &'static str,
    dedup: &str,
    (payload, run_at): (&serde_json::Value, Instant),
) -> Result<()> {
    let alone: Option<Id<Progress>> = None;
    cx.write_any(&ENQUEUE, values![kind, dedup, payload.to_string(), run_at, alone])?;
    Ok(())
}

/// Queues several jobs of one kind, each a `dedup` and its payload, and answers where their progress is read. Those
/// that wait already are not counted.
///
/// # Errors
/// What the database reports.
pub fn enqueue_all<P: Permission>(
    cx: &mut Writer<'_, P>,
    kind: &'static str,
    jobs: &[(String, serde_json::Value)],
) -> Result<Id<Progress>> {
    let (id, now, person) = (cx.new_id(), cx.now(), cx.actor().person);
    let mut total = 0_i64;
    for (dedup, payload) in jobs {
        let queued = cx.write_any(&ENQUEUE, values![kind, dedup, payload.to_string(), now, Some(id)])?;
        total += i64::try_from(queued).unwrap_or(0);
    }
    cx.write(&BEGIN, values![id, person, total, now])?;
    Ok(id)
}

/// How far the jobs are that the actor queued together.
///
/// # Errors
/// `NotFound` when the actor queued nothing under this id.
pub fn progress(cx: &Raw<'_>, id: Id<Progress>) -> Result<Progress> {
    cx.one(&PROGRESS, values![id, cx.person()?])
}

/// Forgets how far jobs were that were queued before a moment.
///
/// # Errors
/// What the database reports.
pub fn forget(db: &dyn crate::Database, before: Instant) -> Result<()> {
    db.execute(&FORGET, values![before]).map(drop)
}

fn advance(db: &dyn crate::Database, job: &Job, (done, failed): (i64, i64)) -> Result<()> {
    match job.batch {
        Some(batch) => db.execute(&ADVANCE, values![batch, done, failed]).map(drop),
        None => Ok(()),
    }
}

/// Takes up to `limit` due jobs `among` these kinds, with blanks around each, or among all others, until `lease_until`.
///
/// # Errors
/// What the database reports.
pub fn claim(
    db: &dyn crate::Database,
    (now, lease_until): (Instant, Instant),
    (kinds, among): (&str, bool),
    limit: i64,
) -> Result<Vec<Job>> {
    let mut jobs = Vec::new();
    db.query(&CLAIM, values![now, lease_until, limit, kinds, among], &mut |row| {
        jobs.push(<Job as crate::FromRow>::from_row(row)?);
        Ok(())
    })?;
    Ok(jobs)
}

/// Removes a finished job.
///
/// # Errors
/// `Busy` when the lease ended and somebody else has taken the job over: what was done in this transaction is
/// theirs to do, and must not be kept twice.
pub fn done(db: &dyn crate::Database, job: &Job) -> Result<()> {
    match db.execute(&DONE, values![job.id, job.attempts])? {
        0 => Err(Error::Busy("a job was taken over")),
        _ => advance(db, job, (1, 0)),
    }
}

/// Puts a failed job back for `run_at`, or among the dead, unless somebody else has taken it over meanwhile.
///
/// # Errors
/// What the database reports.
pub fn failed(
    db: &dyn crate::Database,
    job: &Job,
    (dead, run_at): (bool, Instant),
    error: &str,
) -> Result<()> {
    let state = if dead { "x" } else { "q" };
    match db.execute(&RETRY, values![job.id, state, run_at, error, job.attempts])? {
        1.. if dead => advance(db, job, (0, 1)),
        _ => Ok(()),
    }
}

/// The jobs nobody could finish, newest first.
///
/// # Errors
/// What the database reports.
pub fn dead(cx: &Raw<'_>) -> Result<Vec<DeadJob>> {
    cx.rows(&DEAD, &[])
}

/// How many jobs nobody could finish.
///
/// # Errors
/// What the database reports.
pub fn dead_count(cx: &Raw<'_>) -> Result<i64> {
    cx.number(&DEAD_COUNT, &[])
}

/// How many jobs wait.
///
/// # Errors
/// What the database reports.
pub fn waiting(cx: &Raw<'_>) -> Result<i64> {
    cx.number(&WAITING, &[])
}

/// Tries a dead job again.
///
/// # Errors
/// `Refused` when it is not dead any more.
pub fn revive<P: Permission>(cx: &mut Writer<'_, P>, id: i64) -> Result<()> {
    let now = cx.now();
    cx.write(&REVIVE, values![id, now])?;
    cx.write_any(&BATCH_OF, values![id]).map(drop)
}

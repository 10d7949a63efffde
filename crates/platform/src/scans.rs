//! What the scanner for harmful software said of stored files. A verdict belongs to a content, whoever holds it. Until
//! there is one, only those who brought the file in open it; what is harmful nobody opens.

mod gate;

pub use gate::{Mark, gate, marks, refuse_infected};

use crate::files::{self, FileOf};
use crate::tasks;
use base::{AgencyId, Error, Id, Instant, PersonId, Result};
use kernel::{Database, FromRow, Permission, Raw, Sql, System, Writer, jobs, q, row, states, values};

states! {
    /// What is known of a content.
    pub enum State {
        /// Nobody has looked yet.
        Waiting = "waiting",
        /// Nothing was found.
        Clean = "clean",
        /// Something harmful was found.
        Infected = "infected",
        /// It cannot be looked through: it unpacks to more than anybody is ready to read.
        Unfit = "unfit",
    }
}

states! {
    /// What the operator decided about files nobody has scanned.
    pub enum Policy {
        /// Nothing was said: they are opened by those who brought them in alone.
        Unsaid = "unsaid",
        /// There is a scanner: the same until it has looked.
        Scanner = "scanner",
        /// The operator says that they may be opened unscanned.
        Open = "open",
    }
}

row! {
    /// A file the scanner is to look at.
    pub struct Due {
        /// Its name in the store.
        sha256: String,
        /// How often it was tried before.
        attempts: i64,
        /// Since when it waits.
        at: Instant,
    }
}
row! {
    /// The scanner as it was seen last.
    pub struct Scanner {
        /// What the operator decided.
        policy: Policy,
        /// What it says it is; empty when it never answered.
        version: String,
        /// When its signatures were made, if it says so.
        signatures_at: Option<Instant>,
        /// Why it could not be asked; empty when it could.
        error: String,
        /// When it was asked.
        at: Instant,
    }
}
row! {
    /// A harmful file some thing holds.
    pub struct Bad {
        /// Its row.
        id: Id<FileOf>,
        /// Agency that holds it.
        agency: AgencyId,
        /// The thing.
        subject: uuid::Uuid,
        /// Its name, for show.
        name: String,
        /// Its name in the store.
        sha256: String,
        /// `infected` or `unfit`.
        state: State,
        /// What was found.
        found: String,
        /// When.
        scanned_at: Option<Instant>,
    }
}

/// Kind of the task that waits until a harmful file is destroyed.
pub const TASK: &str = "platform.task.infected";
/// Job kind under which a module that keeps files is told of a harmful one: `{sha256}`, and `{subject}` when only one
/// thing is meant.
pub const TOLD: &str = "file.infected";

static EXPECT: Sql =
    q!("INSERT INTO platform_scans (sha256, state, found, at, attempts, next_at, leased_until)
     VALUES ($1, 'waiting', '', $2, 0, $2, 0)
     ON CONFLICT (sha256) DO NOTHING");
static BROUGHT: Sql = q!("INSERT INTO platform_brought (sha256, person_id, at) VALUES ($1, $2, $3)
     ON CONFLICT (sha256, person_id) DO NOTHING");
static ENROL: Sql =
    q!("INSERT INTO platform_scans (sha256, state, found, at, attempts, next_at, leased_until)
     SELECT DISTINCT f.sha256, 'waiting', '', CAST($1 AS BIGINT), 0, CAST($1 AS BIGINT), 0
     FROM platform_files f
     WHERE {scope:f} AND f.destroyed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM platform_scans s WHERE s.sha256 = f.sha256)
     ON CONFLICT (sha256) DO NOTHING");
static CLAIM: Sql = q!("UPDATE platform_scans
     SET leased_until = $2
     WHERE sha256 IN (
        SELECT sha256 FROM platform_scans
        WHERE state = 'waiting' AND next_at <= $1 AND leased_until <= $1
        ORDER BY next_at
        LIMIT $3 {skip_locked})
     RETURNING sha256, attempts, at");
static ANY_DUE: Sql = q!(
    "SELECT 1 FROM platform_scans WHERE state = 'waiting' AND next_at <= $1 AND leased_until <= $1 LIMIT 1"
);
static LATER: Sql =
    q!("UPDATE platform_scans SET attempts = attempts + 1, next_at = $2, found = $3, leased_until = 0
     WHERE sha256 = $1 AND state = 'waiting'");
static HURRY: Sql = q!("UPDATE platform_scans SET next_at = $1, attempts = 0
     WHERE state = 'waiting' AND next_at > $1 AND leased_until <= $1");
static SETTLE: Sql = q!("UPDATE platform_scans SET state = $2, found = $3, scanned_at = $4, leased_until = 0
     WHERE sha256 = $1 AND state = 'waiting'");
static FORGET: Sql = q!("DELETE FROM platform_scans WHERE sha256 = $1");
static FORGET_BROUGHT: Sql = q!("DELETE FROM platform_brought WHERE sha256 = $1");
static STATE: Sql = q!("SELECT state, found FROM platform_scans WHERE sha256 = $1");
static POLICY: Sql = q!(
    "INSERT INTO platform_scanner (one, policy, version, signatures_at, error, at) VALUES (1, $1, '', NULL, '', $2)
     ON CONFLICT (one) DO UPDATE SET policy = $1"
);
static SEEN: Sql =
    q!("UPDATE platform_scanner SET version = $1, signatures_at = $2, error = '', at = $3 WHERE one = 1");
static UNSEEN: Sql = q!("UPDATE platform_scanner SET error = $1, at = $2 WHERE one = 1");
static SCANNER: Sql =
    q!("SELECT policy, version, signatures_at, error, at FROM platform_scanner WHERE one = 1");
static WAITING: Sql = q!("SELECT count(*) FROM platform_scans WHERE state = 'waiting'");
static BAD: Sql =
    q!("SELECT f.id, f.agency_id, f.subject_id, f.name, f.sha256, s.state, s.found, s.scanned_at
     FROM platform_scans s JOIN platform_files f ON f.sha256 = s.sha256
     WHERE {scope:f} AND s.state IN ('infected', 'unfit') AND f.destroyed_at IS NULL
        AND (s.scanned_at, f.id) < ($1, $2)
     ORDER BY s.scanned_at DESC, f.id DESC
     LIMIT $3");
static BAD_ONE: Sql =
    q!("SELECT f.id, f.agency_id, f.subject_id, f.name, f.sha256, s.state, s.found, s.scanned_at
     FROM platform_scans s JOIN platform_files f ON f.sha256 = s.sha256
     WHERE {scope:f} AND f.id = $1 AND s.state IN ('infected', 'unfit') AND f.destroyed_at IS NULL");
static BAD_BESIDE: Sql = q!("SELECT 1
     FROM platform_files f JOIN platform_scans s ON s.sha256 = f.sha256
     WHERE {scope:f} AND f.subject_id = $1 AND f.destroyed_at IS NULL AND s.state IN ('infected', 'unfit')
     LIMIT 1");
static HOLDERS: Sql =
    q!("SELECT f.id, f.agency_id, f.subject_id, f.name, f.sha256, s.state, s.found, s.scanned_at
     FROM platform_scans s JOIN platform_files f ON f.sha256 = s.sha256
     WHERE {scope:f} AND s.sha256 = $1 AND s.state IN ('infected', 'unfit') AND f.destroyed_at IS NULL
     ORDER BY f.id");

/// Notes that a file comes in and is to be scanned, and who brings it.
///
/// # Errors
/// What the database reports.
pub fn expect(db: &dyn Database, sha256: &str, (by, now): (Option<PersonId>, Instant)) -> Result<()> {
    db.execute(&EXPECT, values![sha256, now])?;
    match by {
        Some(person) => db.execute(&BROUGHT, values![sha256, person, now]).map(drop),
        None => Ok(()),
    }
}

/// Takes in files that things hold and nobody noted: those that were here before there was a scanner.
///
/// # Errors
/// What the database reports.
pub fn enrol(db: &dyn Database, now: Instant) -> Result<()> {
    db.execute(&ENROL, values![now]).map(drop)
}

/// True when a file waits that nobody is about.
///
/// # Errors
/// What the database reports.
pub fn any_due(cx: &Raw<'_>) -> Result<bool> {
    Ok(cx.row::<(i64,)>(&ANY_DUE, values![cx.now()])?.is_some())
}

/// Takes files to scan until `lease_until`. Another process takes others; those of one that ends come back.
///
/// # Errors
/// What the database reports.
pub fn claim(db: &dyn Database, (now, lease_until): (Instant, Instant), limit: i64) -> Result<Vec<Due>> {
    let mut due = Vec::new();
    db.query(&CLAIM, values![now, lease_until, limit], &mut |row| {
        due.push(Due::from_row(row)?);
        Ok(())
    })?;
    Ok(due)
}

/// Puts a file off after a failure: 30 s, doubled each time, an hour at most.
///
/// # Errors
/// What the database reports.
pub fn later(db: &dyn Database, due: &Due, (now, why): (Instant, &str)) -> Result<()> {
    let wait = 30_i64.saturating_mul(1_i64 << due.attempts.clamp(0, 7)).min(3600);
    db.execute(&LATER, values![&due.sha256, now.plus_secs(wait), why]).map(drop)
}

/// Lets everything that was put off be tried now: the scanner is back.
///
/// # Errors
/// What the database reports.
pub fn hurry(db: &dyn Database, now: Instant) -> Result<()> {
    db.execute(&HURRY, values![now]).map(drop)
}

/// Forgets a content that is in the store no more.
///
/// # Errors
/// What the database reports.
pub fn forget(db: &dyn Database, sha256: &str) -> Result<()> {
    db.execute(&FORGET_BROUGHT, values![sha256])?;
    db.execute(&FORGET, values![sha256]).map(drop)
}

/// Keeps a verdict. What is harmful is entered in the audit log for each agency that holds it. Answers whether a
/// thing holds it: then its module is to be told.
///
/// # Errors
/// What the database reports.
pub fn settle(cx: &mut Writer<'_, System>, sha256: &str, (state, found): (State, &str)) -> Result<bool> {
    let now = cx.now();
    cx.write_any(&SETTLE, values![sha256, state, found, now])?;
    if state == State::Clean {
        cx.record_nothing("a verdict that a file is clean is no act");
        return Ok(false);
    }
    let held = holders(cx, sha256)?;
    if held.is_empty() {
        cx.record_nothing("no thing holds the file yet; who comes to hold it is told");
    }
    for file in &held {
        let values = [("name", file.name.clone()), ("found", file.found.clone())];
        cx.record_noted(
            "platform.act.infected",
            ("file", file.id),
            file.agency,
            crate::notify::note(&values),
        );
    }
    Ok(!held.is_empty())
}

/// What is known of a content, and what was found.
///
/// # Errors
/// What the database reports.
pub fn state(db: &dyn Database, sha256: &str) -> Result<(State, String)> {
    let mut known = (State::Waiting, String::new());
    db.query(&STATE, values![sha256], &mut |row| {
        known = <(State, String)>::from_row(row)?;
        Ok(())
    })?;
    Ok(known)
}

/// Tells the module that keeps a thing when a file it comes to hold is known to be harmful.
pub(crate) fn tell_if_bad<P: Permission, N: ?Sized>(
    cx: &mut Writer<'_, P>,
    subject: Id<N>,
    sha256: &str,
) -> Result<()> {
    let known = cx.row::<(State, String)>(&STATE, values![sha256])?;
    if !known.is_some_and(|(state, _)| matches!(state, State::Infected | State::Unfit)) {
        return Ok(());
    }
    let key = cx.new_id::<Bad>().to_string();
    jobs::enqueue(cx, TOLD, &key, &serde_json::json!({ "sha256": sha256, "subject": subject }))
}

/// The rows that hold a harmful content.
///
/// # Errors
/// What the database reports.
pub fn holders(cx: &Raw<'_>, sha256: &str) -> Result<Vec<Bad>> {
    cx.rows(&HOLDERS, values![sha256])
}

/// Harmful files that things in reach hold, those found out last first, beginning behind one of them.
///
/// # Errors
/// What the database reports.
pub fn bad(cx: &Raw<'_>, before: Option<(Instant, Id<FileOf>)>, limit: i64) -> Result<Vec<Bad>> {
    let newest = (cx.now().plus_days(1), Id::of(uuid::Uuid::nil()));
    let (at, file) = before.unwrap_or(newest);
    cx.rows(&BAD, values![at, file, limit])
}

/// Destroys a harmful file of one thing, and ends the task that waited for it when it was the thing's last. The act is
/// entered in the audit log.
///
/// # Errors
/// `NotFound` when nothing in reach holds it, or it is not harmful.
pub fn destroy<P: Permission>(cx: &mut Writer<'_, P>, file: Id<FileOf>) -> Result<String> {
    let one = cx.row::<Bad>(&BAD_ONE, values![file])?.ok_or(Error::NotFound)?;
    let subject = Id::<()>::of(one.subject);
    files::destroy_one(cx, subject, &one.sha256)?;
    if cx.row::<(i64,)>(&BAD_BESIDE, values![subject])?.is_none() {
        tasks::close(cx, subject, TASK, "destroyed")?;
    }
    let values = [("name", one.name.clone()), ("found", one.found.clone())];
    cx.record_noted(
        "platform.act.infected_destroyed",
        ("file", file),
        one.agency,
        crate::notify::note(&values),
    );
    Ok(one.name)
}

/// How many files wait to be scanned.
///
/// # Errors
/// What the database reports.
pub fn waiting(cx: &Raw<'_>) -> Result<i64> {
    cx.number(&WAITING, &[])
}

/// Notes what the operator decided.
///
/// # Errors
/// What the database reports.
pub fn note_policy(db: &dyn Database, policy: Policy, now: Instant) -> Result<()> {
    db.execute(&POLICY, values![policy, now]).map(drop)
}

/// Notes that the scanner answered: what it says it is, and when its signatures were made.
///
/// # Errors
/// What the database reports.
pub fn seen(
    db: &dyn Database,
    (version, signatures_at): (&str, Option<Instant>),
    now: Instant,
) -> Result<()> {
    db.execute(&SEEN, values![version, signatures_at, now]).map(drop)
}

/// Notes that the scanner did not answer.
///
/// # Errors
/// What the database reports.
pub fn unseen(db: &dyn Database, why: &str, now: Instant) -> Result<()> {
    db.execute(&UNSEEN, values![why, now]).map(drop)
}

/// The scanner as it was seen last; `None` before the first server ran.
///
/// # Errors
/// What the database reports.
pub fn scanner(cx: &Raw<'_>) -> Result<Option<Scanner>> {
    cx.row(&SCANNER, &[])
}

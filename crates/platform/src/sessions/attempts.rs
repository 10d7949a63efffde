//! Guessing is slow: sign-ins that failed lock a name for a while, and a one-time code works once.

use super::Lockout;
use base::{Instant, PersonId, Result};
use kernel::{Database, Sql, q, values};

static ATTEMPT: Sql = q!("INSERT INTO platform_attempts (username, failures, at, locked_until)
     VALUES ($1, 1, $2, 0)
     ON CONFLICT (username) DO UPDATE SET
        failures = CASE WHEN platform_attempts.at < $3 THEN 1 ELSE platform_attempts.failures + 1 END,
        at = $2
     RETURNING failures");
static LOCKED: Sql =
    q!("SELECT locked_until FROM platform_attempts WHERE username = $1 AND locked_until > $2");
static LOCK: Sql = q!("UPDATE platform_attempts SET locked_until = $2, failures = 0 WHERE username = $1");
static CLEAR: Sql = q!("DELETE FROM platform_attempts WHERE username = $1");
static FORGET: Sql = q!("DELETE FROM platform_attempts WHERE at < $1 AND locked_until < $1");

fn number(db: &dyn Database, sql: &Sql, values: &[kernel::Value]) -> Result<Option<i64>> {
    let mut found = None;
    db.query(sql, values, &mut |row| {
        found = Some(row.take()?);
        Ok(())
    })?;
    Ok(found)
}

/// Counts a sign-in before it is checked, so that many at once cannot slip under the limit. Answers false
/// when the name is locked. The last one allowed locks the name; a good one clears the count.
///
/// # Errors
/// What the database reports.
pub fn attempt(db: &dyn Database, username: &str, now: Instant, limit: Lockout) -> Result<bool> {
    if number(db, &LOCKED, values![username, now])?.is_some() {
        return Ok(false);
    }
    let forgotten = now.plus_minutes(-limit.minutes);
    let failures = number(db, &ATTEMPT, values![username, now, forgotten])?.unwrap_or(0);
    if failures >= limit.failures {
        db.execute(&LOCK, values![username, now.plus_minutes(limit.minutes)])?;
    }
    Ok(true)
}

/// Forgets the names nobody has tried since a moment: anybody may type any name, and the list must not grow.
///
/// # Errors
/// What the database reports.
pub fn forget_attempts(db: &dyn Database, before: Instant) -> Result<()> {
    db.execute(&FORGET, values![before]).map(drop)
}

/// Forgets the wrong sign-ins of a name after a good one.
///
/// # Errors
/// What the database reports.
pub fn clear_attempts(db: &dyn Database, username: &str) -> Result<()> {
    db.execute(&CLEAR, values![username]).map(drop)
}

static CODE: Sql = q!("INSERT INTO platform_codes (person_id, step)
     VALUES ($1, $2)
     ON CONFLICT (person_id) DO UPDATE SET step = $2
     WHERE platform_codes.step < $2
     RETURNING step");

/// Uses the one-time code of a time step. Answers false when it, or a later one, was used before.
///
/// # Errors
/// What the database reports.
pub fn use_code(db: &dyn Database, person: PersonId, step: i64) -> Result<bool> {
    number(db, &CODE, values![person, step]).map(|used| used.is_some())
}

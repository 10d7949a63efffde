//! Files that came in and may not belong to anything yet. A form that was never sent leaves them behind; what no
//! row names after a day is collected.

use base::{Instant, Result};
use kernel::{Database, FromRow, Raw, Sql, q, values};

static NOTE: Sql = q!("INSERT INTO platform_uploads (sha256, at) VALUES ($1, $2)
     ON CONFLICT (sha256) DO UPDATE SET at = $2");
static OLD: Sql = q!("SELECT sha256 FROM platform_uploads WHERE at < $1 ORDER BY at LIMIT $2");
static IS_OLD: Sql = q!("SELECT sha256 FROM platform_uploads WHERE sha256 = $1 AND at < $2");
static NOTED: Sql = q!("SELECT sha256 FROM platform_uploads WHERE sha256 = $1");
static FORGET: Sql = q!("DELETE FROM platform_uploads WHERE sha256 = $1");

static IN_FILES: Sql =
    q!("SELECT sha256 FROM platform_files WHERE {scope} AND sha256 = $1 AND destroyed_at IS NULL LIMIT 1");
// A job not yet done, or dead and waiting for a person, may be about the file. Reading it for the search keeps nothing
// alive: whoever gave a document back must not wait for that.
static IN_JOBS: Sql = q!("SELECT kind FROM kernel_jobs
     WHERE payload LIKE '%' || CAST($1 AS TEXT) || '%' AND kind NOT IN ('files.destroy', 'files.read')
     LIMIT 1");
// What is sealed and not yet carried: the receiver's rows come later.
static IN_ENVELOPES: Sql = q!("SELECT e.kind
     FROM platform_envelopes e
     WHERE {scope:e} AND e.body LIKE '%' || CAST($1 AS TEXT) || '%'
        AND e.id IN (SELECT o.envelope_id FROM platform_outbox o WHERE {scope:o} AND o.state <> 'sent')
     LIMIT 1");

/// Where the platform's own rows name stored files.
pub static HELD: &[&Sql] = &[&IN_FILES, &IN_JOBS, &IN_ENVELOPES];

/// Notes that a file comes in now. Stands before the file is given its name, so that none is in the store without a
/// note or a row that names it.
///
/// # Errors
/// What the database reports.
pub fn note(db: &dyn Database, sha256: &str, at: Instant) -> Result<()> {
    db.execute(&NOTE, values![sha256, at]).map(drop)
}

/// True when a file was noted and the note is still there.
///
/// # Errors
/// What the database reports.
pub fn is_noted(db: &dyn Database, sha256: &str) -> Result<bool> {
    any(db, &NOTED, values![sha256])
}

/// Files that came in before a moment, and were not looked at since.
///
/// # Errors
/// What the database reports.
pub fn old(cx: &Raw<'_>, before: Instant, limit: i64) -> Result<Vec<String>> {
    Ok(cx.rows::<(String,)>(&OLD, values![before, limit])?.into_iter().map(|(sha256,)| sha256).collect())
}

/// Takes the note of a file away and answers true when nothing holds the file: then it is to be removed, in this
/// transaction, in which nobody else can come to hold it. `held` are statements that find a row for its name.
/// False too when the file came in once more meanwhile.
///
/// # Errors
/// What the database reports.
pub fn let_go(db: &dyn Database, sha256: &str, (before, held): (Instant, &[&Sql])) -> Result<bool> {
    if !any(db, &IS_OLD, values![sha256, before])? {
        return Ok(false);
    }
    db.execute(&FORGET, values![sha256])?;
    Ok(!is_held(db, sha256, held)?)
}

/// True when a row of the tenant names a file. `held` are statements that find one for its name.
///
/// # Errors
/// What the database reports.
pub fn is_held(db: &dyn Database, sha256: &str, held: &[&Sql]) -> Result<bool> {
    for sql in held {
        if any(db, sql, values![sha256])? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn any(db: &dyn Database, sql: &Sql, values: &[kernel::Value]) -> Result<bool> {
    let mut found = false;
    db.query(sql, values, &mut |row| {
        <(String,)>::from_row(row)?;
        found = true;
        Ok(())
    })?;
    Ok(found)
}

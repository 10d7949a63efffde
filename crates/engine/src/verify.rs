//! The check of the audit log and the exchange journals, for whoever doubts them.

use crate::db::Db;
use base::Result;
use kernel::{Scope, engine};

/// What was found whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Whole {
    /// Entries of the audit log.
    pub audit: i64,
    /// Rows of the exchange journals, and lines of the agencies' own.
    pub journals: i64,
}

/// Walks the audit chain of a tenant from its first entry to its head, then compares each exchange journal
/// with it: how much was found whole, or the name of the first row that was edited, removed or slipped in.
///
/// # Errors
/// What the database reports.
pub async fn verify(db: &Db) -> Result<std::result::Result<Whole, String>> {
    db.read(Scope::Everything, |db| {
        let mut whole = Whole::default();
        match engine::verify_audit(db)? {
            Ok(entries) => whole.audit = entries,
            Err(name) => return Ok(Err(name)),
        }
        for journal in platform::exchange::JOURNALS {
            match engine::verify_journal(db, journal)? {
                Ok(rows) => whole.journals += rows,
                Err(name) => return Ok(Err(name)),
            }
        }
        match platform::evidence::verify(db)? {
            Ok(lines) => whole.journals += lines,
            Err(name) => return Ok(Err(name)),
        }
        Ok(Ok(whole))
    })
    .await
}

//! The check of the audit log, for whoever doubts it.

use crate::db::Db;
use base::Result;
use kernel::Scope;

/// Walks the audit chain of a tenant from its first entry to its head: how many entries, or the name of the
/// first that was edited, removed or slipped in.
///
/// # Errors
/// What the database reports.
pub async fn verify(db: &Db) -> Result<std::result::Result<i64, String>> {
    db.read(Scope::Everything, kernel::engine::verify_audit).await
}

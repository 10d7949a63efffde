//! What only the engine may use: making handles, and the chain of the audit log. The house test refuses a
//! module that names this page.

use crate::actor::{Permission, System};
use crate::db::Database;
use crate::handle::{Reader, Writer};
use crate::request::Context;
use base::Result;

/// Reads under a right whose reach the engine has armed.
///
/// # Errors
/// What `read` answers.
pub fn read<P: Permission, V>(
    db: &dyn Database,
    cx: &Context,
    read: impl FnOnce(&Reader<'_, P>) -> Result<V>,
) -> Result<V> {
    read(&Reader::new(db, cx))
}

/// Writes as the system and enters the acts in the audit log.
///
/// # Errors
/// What `act` answers, and an unrecorded change.
pub fn write<V>(
    db: &dyn Database,
    cx: &Context,
    act: impl FnOnce(&mut Writer<'_, System>) -> Result<V>,
) -> Result<V> {
    self::act::<System, V>(db, cx, act)
}

/// Acts under a right whose reach the engine has armed, and enters the act in the audit log.
///
/// # Errors
/// What `act` answers, and an unrecorded change.
pub fn act<P: Permission, V>(
    db: &dyn Database,
    cx: &Context,
    act: impl FnOnce(&mut Writer<'_, P>) -> Result<V>,
) -> Result<V> {
    let mut writer = Writer::new(db, cx);
    let value = act(&mut writer)?;
    writer.finish().map(|()| value)
}

/// Walks the audit chain: how many entries, or the name of the first that does not fit.
///
/// # Errors
/// What the database reports.
pub fn verify_audit(db: &dyn Database) -> Result<std::result::Result<i64, String>> {
    crate::audit::verify(db)
}

/// Compares a journal with the audit chain: how many rows, or the name of the first that does not fit.
///
/// # Errors
/// What the database reports.
pub fn verify_journal(
    db: &dyn Database,
    journal: &crate::Journal,
) -> Result<std::result::Result<i64, String>> {
    crate::journal::verify(db, journal)
}

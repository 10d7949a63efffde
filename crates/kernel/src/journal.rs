//! Journals: tables whose rows are entered once and never change. The audit chain holds the hash of what
//! each was entered with, so an edited, deleted or smuggled-in row shows.

use crate::audit::hash_of;
use crate::db::{Database, Sql, Value};
use crate::q;
use crate::rows::Row;
use base::{Result, WhileDoing};
use std::collections::HashMap;

/// A journal: its table, and a statement that reads each row's columns in the order of the values it was
/// entered with, its id first.
#[derive(Debug)]
pub struct Journal {
    /// The table.
    pub table: &'static str,
    /// The statement.
    pub rows: &'static Sql,
    /// How many columns it reads.
    pub columns: usize,
}

static WRITES: Sql = q!("SELECT seq, writes FROM kernel_audit WHERE {scope} ORDER BY seq");

/// Compares a journal with the audit chain: how many rows, or the name of the first that does not fit.
///
/// # Errors
/// What the database reports.
pub(crate) fn verify(db: &dyn Database, journal: &Journal) -> Result<std::result::Result<i64, String>> {
    let mut entered: HashMap<String, i64> = HashMap::new();
    db.query(&WRITES, &[], &mut |row| {
        let (seq, writes): (i64, String) = (row.take()?, row.take()?);
        if !writes.contains(journal.table) {
            return Ok(());
        }
        let writes: Vec<(String, String, String)> =
            serde_json::from_str(&writes).while_doing("reading the writes of audit entry", seq)?;
        for (table, verb, hash) in writes {
            if table == journal.table && verb == "insert" {
                entered.insert(hash, seq);
            }
        }
        Ok(())
    })?;
    let (mut seen, mut bad) = (0, None);
    db.query(journal.rows, &[], &mut |row: &mut Row| {
        let mut values = Vec::with_capacity(journal.columns);
        for _ in 0..journal.columns {
            values.push(row.take::<Value>()?);
        }
        seen += 1;
        if bad.is_none() && entered.remove(&hash_of(&values)).is_none() {
            bad = Some(format!("{} {}", journal.table, named(values.first())));
        }
        Ok(())
    })?;
    if bad.is_none() {
        let gone = entered.values().min();
        bad = gone.map(|seq| format!("{}: the row of audit entry {seq} is gone", journal.table));
    }
    Ok(bad.map_or(Ok(seen), Err))
}

fn named(id: Option<&Value>) -> String {
    match id {
        Some(Value::Id(id)) => id.to_string(),
        Some(Value::Bytes(bytes)) => {
            uuid::Uuid::from_slice(bytes).map(|id| id.to_string()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

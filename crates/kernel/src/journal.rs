//! Journals: tables whose rows are entered once and never change. The audit chain holds the hash of what
//! each was entered with, so an edited, deleted or smuggled-in row shows.

use crate::audit::hash_of;
use crate::db::{Database, Sql, Value};
use crate::q;
use crate::rows::Row;
use base::{Result, WhileDoing};
use std::collections::HashMap;

/// A journal: its table, and a statement that reads each row's columns in the order of the values it was
/// entered with, its id first: the rows after an id, by their ids, as many as are asked for.
#[derive(Debug)]
pub struct Journal {
    /// The table.
    pub table: &'static str,
    /// The statement.
    pub rows: &'static Sql,
    /// How many columns it reads.
    pub columns: usize,
}

/// Rows that are read at once: the journals of years fit into no memory.
const PAGE: i64 = 1000;
static WRITES: Sql =
    q!("SELECT seq, writes FROM kernel_audit WHERE {scope} AND seq > $1 ORDER BY seq LIMIT $2");

/// Compares a journal with the audit chain: how many rows, or the name of the first that does not fit.
///
/// # Errors
/// What the database reports.
pub(crate) fn verify(db: &dyn Database, journal: &Journal) -> Result<std::result::Result<i64, String>> {
    let mut entered = entered(db, journal)?;
    let (mut seen, mut after) = (0, uuid::Uuid::nil());
    loop {
        let (before, mut bad) = (seen, None);
        db.query(journal.rows, &[Value::Id(after), Value::Int(PAGE)], &mut |row: &mut Row| {
            (seen, after) = (seen + 1, row.take()?);
            let mut values = vec![Value::Id(after)];
            for _ in 1..journal.columns {
                values.push(row.take::<Value>()?);
            }
            if bad.is_none() && entered.remove(&hash_of(&values)).is_none() {
                bad = Some(format!("{} {after}", journal.table));
            }
            Ok(())
        })?;
        match bad {
            Some(bad) => return Ok(Err(bad)),
            None if seen == before => break,
            None => {}
        }
    }
    let gone = entered.values().min();
    let gone = gone.map(|seq| format!("{}: the row of audit entry {seq} is gone", journal.table));
    Ok(gone.map_or(Ok(seen), Err))
}

/// The hashes of what was entered, each with its place in the chain.
fn entered(db: &dyn Database, journal: &Journal) -> Result<HashMap<String, i64>> {
    let (mut entered, mut at) = (HashMap::new(), 0);
    loop {
        let before = at;
        db.query(&WRITES, &[Value::Int(at), Value::Int(PAGE)], &mut |row| {
            let (seq, writes): (i64, String) = (row.take()?, row.take()?);
            at = seq;
            if !writes.contains(journal.table) {
                return Ok(());
            }
            let writes: Vec<(String, String, String)> =
                serde_json::from_str(&writes).while_doing("reading the writes of audit entry", seq)?;
            let ours =
                writes.into_iter().filter(|(table, verb, _)| table == journal.table && verb == "insert");
            entered.extend(ours.map(|(_, _, hash)| (hash, seq)));
            Ok(())
        })?;
        if at == before {
            return Ok(entered);
        }
    }
}

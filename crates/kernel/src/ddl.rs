//! Migrations are written once. Types are `UUID`, `BIGINT`, `TEXT` and `BYTEA`; this page turns them into
//! each engine's own. A line `-- only: sqlite` or `-- only: postgres` limits what follows to one engine,
//! until `-- only: both`.

use crate::db::Dialect;

/// The statements of a migration for one engine.
pub fn for_engine(sql: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut included = true;
    for line in sql.lines() {
        match line.trim() {
            "-- only: sqlite" => included = dialect == Dialect::Sqlite,
            "-- only: postgres" => included = dialect == Dialect::Postgres,
            "-- only: both" => included = true,
            other if other.starts_with("--") => {}
            _ if included => {
                out.push_str(&line_for(line, dialect));
                out.push('\n');
            }
            _ => {}
        }
    }
    out
}

fn line_for(line: &str, dialect: Dialect) -> String {
    if dialect == Dialect::Postgres {
        return line.to_owned();
    }
    // `);` alone on a line closes a CREATE TABLE: SQLite's own strictness goes there.
    if line.trim_end() == ");" {
        return ") STRICT;".to_owned();
    }
    line.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .map(|word| {
            let name = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let own = match name {
                "UUID" | "BYTEA" => "BLOB",
                "BIGINT" => "INTEGER",
                _ => return word.to_owned(),
            };
            word.replacen(name, own, 1)
        })
        .collect()
}

/// Who may read the rows of a table that belong to agencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Those whose right reaches the agency.
    Scoped,
    /// Everybody in the tenant; only changes are limited. The column says why:
    /// `agency_id UUID NOT NULL, -- read by all: names stand in what other agencies read`.
    ByAll,
}

/// Tables that hold an `agency_id`: those a statement may only touch under `{scope}`, and whether reading is.
pub fn agency_tables(sql: &str) -> Vec<(String, Reading)> {
    let mut tables = Vec::new();
    let mut current: Option<String> = None;
    for line in sql.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["CREATE", "TABLE", name, ..] => current = Some(name.trim_end_matches('(').to_owned()),
            ["agency_id", ..] => {
                let by_all = line.contains("-- read by all: ");
                let reading = if by_all { Reading::ByAll } else { Reading::Scoped };
                tables.extend(current.take().map(|table| (table, reading)));
            }
            _ => {}
        }
    }
    tables
}

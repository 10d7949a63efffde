//! A tenant on PostgreSQL as the file of a SQLite tenant, and back: what a backup holds, and how a tenant moves.
//! The rows are those of one moment; triggers stay still, as what they would write is copied too.

use super::copy::{self, Kind};
use super::session::message;
use super::{Postgres, no_connection};
use crate::db::migrate::{self, Owned};
use base::{Error, Result, WhileDoing};
use bytes::Bytes;
use deadpool_postgres::Object;
use futures_util::{SinkExt, StreamExt};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::types::Value as Cell;
use std::collections::BTreeMap;
use std::path::Path;
use std::pin::pin;
use tokio::runtime::Handle;

/// A line is sent on when so much has come together.
const FULL: usize = 256 * 1024;

/// A table: its columns in order, with what they hold.
struct Table {
    name: String,
    columns: Vec<(String, Kind)>,
}

impl Table {
    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// True for a full-text index: `rowid` and words here, columns of words in SQLite.
    fn is_words(&self) -> bool {
        self.columns.iter().any(|(_, kind)| *kind == Kind::Words)
    }
}

fn lost(doing: &str) -> impl Fn(tokio_postgres::Error) -> Error {
    move |cause| Error::internal(format!("{doing}: {}", message(&cause)))
}

impl Postgres {
    /// Copies every row into a SQLite file that holds the same schema, empty but for what the migrations put in.
    pub(in crate::db) async fn dump_into(&self, file: &Path) -> Result<()> {
        let client = self.pool.get().await.map_err(|cause| no_connection(&cause))?;
        let begin = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL search_path = \"{}\";
             SET LOCAL statement_timeout = 0; SET LOCAL app.scope = '*'",
            self.tenant
        );
        let (file, tenant, handle) = (file.to_owned(), self.tenant.clone(), Handle::current());
        crate::db::blocking(move || {
            handle.block_on(client.batch_execute(&begin)).map_err(lost("beginning a backup"))?;
            let dumped = dump(&client, &handle, (&tenant, &file));
            let _ = super::end(client, &handle, "ROLLBACK");
            dumped
        })
        .await
    }

    /// Replaces every row of an empty tenant by those of a SQLite file of the same schema.
    pub(in crate::db) async fn load_from(&self, file: &Path, owned: Owned) -> Result<()> {
        let client = self.pool.get().await.map_err(|cause| no_connection(&cause))?;
        let begin = format!(
            "BEGIN; SET LOCAL search_path = \"{}\"; SET LOCAL statement_timeout = 0; SET LOCAL app.scope = '*';
             LOCK TABLE kernel_migrations IN EXCLUSIVE MODE",
            self.tenant
        );
        let (file, tenant, handle) = (file.to_owned(), self.tenant.clone(), Handle::current());
        crate::db::blocking(move || {
            handle.block_on(client.batch_execute(&begin)).map_err(lost("beginning to restore"))?;
            let loaded = load(&client, &handle, (&tenant, &file, &owned));
            let how = if loaded.is_ok() { "COMMIT" } else { "ROLLBACK" };
            let ended = super::end(client, &handle, how).map_err(lost("ending the restore"));
            loaded.and(ended)
        })
        .await
    }
}

/// The tables of the tenant but the one that remembers migrations: both sides have their own.
fn tables(client: &Object, handle: &Handle, tenant: &str) -> Result<Vec<Table>> {
    let asked = "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT), CAST(c.udt_name AS TEXT)
         FROM information_schema.columns c JOIN information_schema.tables t
            ON t.table_schema = c.table_schema AND t.table_name = c.table_name
         WHERE c.table_schema = $1 AND t.table_type = 'BASE TABLE' AND c.table_name <> 'kernel_migrations'
         ORDER BY c.table_name, c.ordinal_position";
    let rows = handle.block_on(client.query(asked, &[&tenant])).map_err(lost("reading the schema"))?;
    let mut tables: BTreeMap<String, Vec<(String, Kind)>> = BTreeMap::new();
    for row in rows {
        let (table, column, udt): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let kind = Kind::of(&udt)
            .ok_or_else(|| Error::internal(format!("{table}.{column} is a {udt}: a backup knows none")))?;
        tables.entry(table).or_default().push((column, kind));
    }
    Ok(tables.into_iter().map(|(name, columns)| Table { name, columns }).collect())
}

fn dump(client: &Object, handle: &Handle, (tenant, file): (&str, &Path)) -> Result<()> {
    let raw = Connection::open(file).while_doing("opening", file.display())?;
    let writing = "filling";
    // The file is new: whoever loses power begins again.
    raw.execute_batch("PRAGMA synchronous = OFF; BEGIN IMMEDIATE").while_doing(writing, file.display())?;
    raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)
        .while_doing(writing, file.display())?;
    for table in tables(client, handle, tenant)? {
        dump_table(client, handle, (&raw, &table)).while_doing("copying", &table.name)?;
    }
    raw.execute_batch("COMMIT").while_doing(writing, file.display())
}

fn dump_table(client: &Object, handle: &Handle, (raw, table): (&Connection, &Table)) -> Result<()> {
    let name = &table.name;
    let columns = if table.is_words() { words_columns(raw, name)? } else { table.names() };
    if !table.is_words() {
        raw.execute_batch(&format!("DELETE FROM {name}")).while_doing("emptying", name)?;
    }
    let places: Vec<String> = (1..=columns.split(',').count()).map(|n| format!("?{n}")).collect();
    let insert = format!("INSERT INTO {name} ({columns}) VALUES ({})", places.join(", "));
    let mut insert = raw.prepare(&insert).while_doing("filling", name)?;
    let asked = format!("COPY (SELECT {} FROM {name}) TO STDOUT", table.names());
    let rows = handle.block_on(client.copy_out(&asked)).map_err(lost("copying"))?;
    let mut rows = pin!(rows);
    let mut rest: Vec<u8> = Vec::new();
    while let Some(piece) = handle.block_on(rows.next()) {
        rest.extend_from_slice(&piece.map_err(lost("copying"))?);
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = rest.drain(..=end).collect();
            let line = std::str::from_utf8(&line).map_err(|e| Error::Internal(e.into()))?;
            let cells = cells(table, line.trim_end_matches('\n'))?;
            let cells = if table.is_words() { words_cells(&columns, cells) } else { cells };
            insert.execute(rusqlite::params_from_iter(cells)).while_doing("filling", name)?;
        }
    }
    Ok(())
}

fn cells(table: &Table, line: &str) -> Result<Vec<Cell>> {
    let found: Vec<Option<String>> = copy::fields(line).collect();
    if found.len() != table.columns.len() {
        return Err(Error::internal(format!("{} copied {} columns", table.name, found.len())));
    }
    found.into_iter().zip(&table.columns).map(|(field, (_, kind))| copy::cell(*kind, field)).collect()
}

/// The columns of a full-text index in SQLite: `rowid, ex, fo, ag`.
fn words_columns(raw: &Connection, table: &str) -> Result<String> {
    let mut asked = raw
        .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
        .while_doing("reading", table)?;
    let names = asked.query_map([], |row| row.get::<_, String>(0)).while_doing("reading", table)?;
    let names: rusqlite::Result<Vec<String>> = names.collect();
    Ok(format!("rowid, {}", names.while_doing("reading", table)?.join(", ")))
}

/// Row number and words of PostgreSQL as the row of SQLite's index.
fn words_cells(columns: &str, cells: Vec<Cell>) -> Vec<Cell> {
    let mut by_column: BTreeMap<&str, String> = BTreeMap::new();
    let (mut rowid, mut out) = (Cell::Null, Vec::new());
    for cell in cells {
        let Cell::Text(words) = cell else {
            rowid = cell;
            continue;
        };
        for word in words.split(' ').map(|word| word.trim_matches('\'')).filter(|word| !word.is_empty()) {
            let (column, word) = platform::search::column_of(word);
            let column = if columns.split(", ").any(|known| known == column) { column } else { "words" };
            let words = by_column.entry(column).or_default();
            words.push_str(word);
            words.push(' ');
        }
    }
    for column in columns.split(", ") {
        out.push(match column {
            "rowid" => rowid.clone(),
            column => Cell::Text(by_column.remove(column).unwrap_or_default()),
        });
    }
    out
}

fn load(client: &Object, handle: &Handle, (tenant, file, owned): (&str, &Path, &Owned)) -> Result<()> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
    let raw = Connection::open_with_flags(file, flags).while_doing("opening", file.display())?;
    let run =
        |text: String| handle.block_on(client.batch_execute(&text)).map_err(lost("preparing to restore"));
    let used = handle.block_on(client.query("SELECT 1 FROM kernel_audit LIMIT 1", &[]));
    if !used.map_err(lost("looking at the tenant"))?.is_empty() {
        return Err(Error::internal(format!(
            "{tenant} has work in it: a backup is restored into an empty tenant"
        )));
    }
    same_schema(client, handle, (&raw, file))?;
    for table in tables(client, handle, tenant)? {
        let name = &table.name;
        // The owner of a table is bound by its policies too, and nothing can be copied into it under them.
        let policies = owned.contains_key(name);
        if policies {
            run(format!("ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY"))?;
        }
        run(format!("ALTER TABLE {name} DISABLE TRIGGER USER; DELETE FROM {name}"))?;
        load_table(client, handle, (&raw, &table)).while_doing("restoring", name)?;
        run(format!("ALTER TABLE {name} ENABLE TRIGGER USER"))?;
        if policies {
            run(format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"))?;
        }
    }
    run("SELECT setval(pg_get_serial_sequence('kernel_jobs', 'id'), COALESCE(max(id), 0) + 1, false) FROM kernel_jobs"
        .to_owned())
}

/// A backup of another version of the program is restored by that version.
fn same_schema(client: &Object, handle: &Handle, (raw, file): (&Connection, &Path)) -> Result<()> {
    let ours = handle.block_on(client.query(migrate::APPLIED, &[])).map_err(lost("reading the schema"))?;
    let ours = ours.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect::<migrate::Applied>();
    let theirs = crate::db::sqlite::applied(raw).while_doing("reading the schema of", file.display())?;
    if ours == theirs {
        return Ok(());
    }
    Err(Error::internal(
        "the backup was made by another version of the program: restore it with that version",
    ))
}

fn load_table(client: &Object, handle: &Handle, (raw, table): (&Connection, &Table)) -> Result<()> {
    let name = &table.name;
    let asked = format!("COPY {name} ({}) FROM STDIN", table.names());
    let sink = handle.block_on(client.copy_in::<_, Bytes>(&asked)).map_err(lost("restoring"))?;
    let mut sink = pin!(sink);
    let mut lines = String::new();
    let mut send = |line: &str, last: bool| -> Result<()> {
        lines.push_str(line);
        if lines.len() < FULL && !last {
            return Ok(());
        }
        let full = std::mem::take(&mut lines);
        handle.block_on(sink.send(Bytes::from(full))).map_err(lost("restoring"))
    };
    if table.is_words() {
        send_words(raw, name, &mut send)?;
    } else {
        let columns = table.columns.len();
        let mut asked =
            raw.prepare(&format!("SELECT {} FROM {name}", table.names())).while_doing("reading", name)?;
        let mut rows = asked.query([]).while_doing("reading", name)?;
        while let Some(row) = rows.next().while_doing("reading", name)? {
            let mut line = String::new();
            for (at, (_, kind)) in (0..columns).zip(&table.columns) {
                if at > 0 {
                    line.push('\t');
                }
                copy::push(&mut line, *kind, &row.get(at).while_doing("reading", name)?)?;
            }
            line.push('\n');
            send(&line, false)?;
        }
    }
    send("", true)?;
    handle.block_on(sink.as_mut().finish()).map(drop).map_err(lost("restoring"))
}

/// The words of SQLite's index, which keeps no texts: read back from the index itself, row by row.
fn send_words(raw: &Connection, table: &str, send: &mut dyn FnMut(&str, bool) -> Result<()>) -> Result<()> {
    let reading = "reading the words of";
    let vocabulary =
        format!("CREATE VIRTUAL TABLE temp.{table}_all USING fts5vocab('main', '{table}', 'instance')");
    raw.execute_batch(&vocabulary).while_doing(reading, table)?;
    let asked = format!("SELECT DISTINCT doc, col, term FROM temp.{table}_all ORDER BY doc");
    let mut asked = raw.prepare(&asked).while_doing(reading, table)?;
    let mut rows = asked.query([]).while_doing(reading, table)?;
    let (mut at, mut words): (Option<i64>, Vec<String>) = (None, Vec::new());
    let mut flush = |at: Option<i64>, words: &mut Vec<String>| -> Result<()> {
        let Some(rowid) = at else { return Ok(()) };
        let line = format!("{rowid}\t{}\n", words.join(" "));
        words.clear();
        send(&line, false)
    };
    while let Some(row) = rows.next().while_doing(reading, table)? {
        let read = || Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?));
        let (doc, column, term) = read().map_err(|e: rusqlite::Error| Error::Internal(e.into()))?;
        if at != Some(doc) {
            flush(at, &mut words)?;
            at = Some(doc);
        }
        words.push(format!("'{}'", platform::search::lexeme_of(&column, &term)));
    }
    flush(at, &mut words)
}

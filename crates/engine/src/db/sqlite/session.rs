//! One SQLite connection: its settings, the scope it is armed with, and the check that no statement reads
//! rows of an agency without `{scope}`.

use super::values::{Bound, read};
use crate::db::migrate::Owned;
use crate::db::{duplicate, incident};
use base::{AgencyId, Error, Result, WhileDoing};
use kernel::ddl::Reading;
use kernel::{Columns, Database, Dialect, Row, Scope, Sql, Value};
use rusqlite::config::DbConfig;
use rusqlite::ffi::{self, ErrorCode};
use rusqlite::hooks::{AuthAction, AuthContext, Authorization, Wal};
use rusqlite::{CachedStatement, Connection, OpenFlags};
use std::cell::{Cell, RefCell};
use std::path::Path;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a connection waits for a lock of another process.
const PATIENCE: Duration = Duration::from_secs(5);
/// More statements than the program has, so that each is prepared once a connection.
const CACHED_STATEMENTS: usize = 512;
/// What a connection keeps of the file in its own memory, in KiB. Most is read where the system has it mapped;
/// this is for pages still in the write-ahead log. The writer looks through all of its own after each commit.
pub(super) const CACHE: u32 = 8 * 1024;
/// The same while a new database is being filled: fewer pages are written twice.
pub(super) const BULK_CACHE: u32 = 64 * 1024;
/// How much of the file is mapped, in bytes; a file that is smaller takes no more than it is.
const MAPPED: u32 = 1 << 30;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// The one writer.
    Write,
    /// A snapshot and its statements.
    Read,
    /// One row now and then.
    Glance,
    /// The write-ahead log, into the file.
    Move,
}

/// Opens the file with the settings of the house.
pub(super) fn connect(path: &Path, purpose: Use) -> Result<Connection> {
    let only_reads = matches!(purpose, Use::Read | Use::Glance);
    let access = if only_reads {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    let opened = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    let raw = opened.while_doing("opening", path.display())?;
    settings(&raw, purpose).while_doing("opening", path.display())?;
    Ok(raw)
}

fn settings(raw: &Connection, purpose: Use) -> rusqlite::Result<()> {
    raw.busy_timeout(PATIENCE)?;
    raw.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // Without it a statement is prepared anew whenever another value might deserve another plan: that is each
    // time, and costs more than the statement.
    raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    if purpose == Use::Write {
        raw.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    }
    let cache = if matches!(purpose, Use::Glance | Use::Move) { 256 } else { CACHE };
    raw.execute_batch(&format!(
        "PRAGMA mmap_size = {MAPPED}; PRAGMA cache_size = -{cache}; PRAGMA temp_store = MEMORY;"
    ))
}

/// What the statement being prepared may touch.
#[derive(Debug, Clone, Copy)]
enum Allowed {
    /// It is the engine's own.
    Everything,
    /// It limits itself with `{scope}`.
    Scoped,
    /// It does not: it may only insert, and see again the table it inserts into.
    Bare { inserts_into: Option<&'static str> },
}

/// A connection with its scope.
pub(super) struct Session {
    raw: Connection,
    allowed: Arc<Mutex<Allowed>>,
    armed: RefCell<Option<Scope>>,
    failed: Cell<bool>,
}

impl Session {
    /// Adds the scope and its check to a connection whose schema is complete.
    pub(super) fn new(mut raw: Connection, agency_tables: Arc<Owned>) -> Result<Session> {
        let scope = "CREATE TEMP TABLE scope (agency_id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
            CREATE TEMP TABLE scope_all (everything INTEGER NOT NULL) STRICT;
            INSERT INTO temp.scope_all VALUES (0);";
        raw.execute_batch(scope).while_doing("preparing", "a connection")?;
        let allowed = Arc::new(Mutex::new(Allowed::Everything));
        let seen = Arc::clone(&allowed);
        // SQLite asks while it prepares a statement. A cached one is not asked about again: whether it is
        // scoped is a property of its text.
        let check = move |context: AuthContext<'_>| {
            let allowed = *seen.lock().unwrap_or_else(PoisonError::into_inner);
            judge(allowed, &agency_tables, context.action)
        };
        raw.authorizer(Some(check)).while_doing("preparing", "a connection")?;
        Ok(Session { raw, allowed, armed: RefCell::new(None), failed: Cell::new(false) })
    }

    /// True when it is armed with this scope already.
    pub(super) fn holds(&self, scope: &Scope) -> bool {
        self.armed.borrow().as_ref() == Some(scope)
    }

    /// Sets which agencies `{scope}` stands for.
    pub(super) fn arm(&self, scope: &Scope) -> rusqlite::Result<()> {
        if self.holds(scope) {
            return Ok(());
        }
        self.disarm();
        self.own("DELETE FROM temp.scope")?;
        let agencies: &[AgencyId] = match scope {
            Scope::Agencies(agencies) => agencies,
            Scope::Everything => &[],
        };
        // The first is a value of each statement.
        if agencies.len() > 1 {
            let mut insert = self.raw.prepare_cached("INSERT OR IGNORE INTO temp.scope VALUES (?1)")?;
            for agency in agencies {
                insert.execute([&agency.uuid().as_bytes()[..]])?;
            }
        }
        let everything = *scope == Scope::Everything;
        self.raw.prepare_cached("UPDATE temp.scope_all SET everything = ?1")?.execute([everything])?;
        *self.armed.borrow_mut() = Some(scope.clone());
        Ok(())
    }

    /// Forgets what it is armed with: a rollback has undone it.
    pub(super) fn disarm(&self) {
        *self.armed.borrow_mut() = None;
    }

    /// Runs `act` with everything it reads taken at one moment.
    pub(super) fn snapshot<T>(&self, scope: &Scope, act: impl FnOnce() -> Result<T>) -> Result<T> {
        let begun = self.arm(scope).and_then(|()| self.own("BEGIN"));
        begun.map_err(|cause| match busy(&cause) {
            Some(what) => Error::Busy(what),
            None => Error::internal(format!("beginning to read: {cause}")),
        })?;
        let result = act();
        // Nothing was written, so there is nothing to lose.
        let _ = self.own("ROLLBACK");
        self.settle(scope);
        result
    }

    /// Forgets what it is armed with unless that is this scope, after a rollback to where it was armed: an answer
    /// that panicked inside another scope did not change it back, and the rollback has.
    pub(super) fn settle(&self, scope: &Scope) {
        if !self.holds(scope) {
            self.disarm();
        }
    }

    /// Keeps in `pages` how many pages the write-ahead log has after each commit of this connection, and moves
    /// none of them by itself.
    pub(super) fn count_log_pages(&mut self, pages: Arc<AtomicI32>) -> Result<()> {
        let counted = move |_: &mut Wal, now| {
            pages.store(now, Ordering::Relaxed);
            Ok(())
        };
        self.raw.wal_hook(Some(counted)).while_doing("watching", "the write-ahead log")
    }

    /// Runs a statement of the engine's own, such as COMMIT.
    pub(super) fn own(&self, text: &str) -> rusqlite::Result<()> {
        self.allow(Allowed::Everything);
        self.raw.prepare_cached(text)?.raw_execute().map(drop)
    }

    /// Runs statements of the engine's own that may answer rows, such as PRAGMA.
    pub(super) fn own_batch(&self, text: &str) -> rusqlite::Result<()> {
        self.allow(Allowed::Everything);
        self.raw.execute_batch(text)
    }

    /// How many rows were changed since the connection was opened.
    pub(super) fn changes(&self) -> u64 {
        self.raw.total_changes()
    }

    /// True when no transaction is open, be it that SQLite itself has rolled it back.
    pub(super) fn is_idle(&self) -> bool {
        self.raw.is_autocommit()
    }

    /// Whether a statement has failed since it was last asked.
    pub(super) fn take_failed(&self) -> bool {
        self.failed.replace(false)
    }

    /// Prepares a statement of a module, or finds it prepared.
    pub(super) fn prepare(&self, sql: &Sql) -> Result<CachedStatement<'_>> {
        self.allow(if sql.is_scoped() {
            Allowed::Scoped
        } else {
            Allowed::Bare { inserts_into: insert_target(sql.text) }
        });
        let prepared = self.raw.prepare_cached(sql.expanded(Dialect::Sqlite));
        prepared.map_err(|cause| self.fail(sql, &cause))
    }

    fn bound(&self, sql: &Sql, values: &[Value]) -> Result<CachedStatement<'_>> {
        let mut statement = self.prepare(sql)?;
        let count = statement.parameter_count().saturating_sub(usize::from(sql.is_scoped()));
        if count != values.len() {
            return Err(incident(sql, format!("{} values for {count} placeholders", values.len())));
        }
        if sql.is_scoped() {
            let first = Value::from(self.first());
            let bound = statement.raw_bind_parameter(count + 1, Bound(&first));
            bound.map_err(|cause| self.fail(sql, &cause))?;
        }
        for (at, value) in (1..).zip(values) {
            let bound = statement.raw_bind_parameter(at, Bound(value));
            bound.map_err(|cause| self.fail(sql, &cause))?;
        }
        Ok(statement)
    }

    /// The first agency of the scope.
    fn first(&self) -> Option<AgencyId> {
        match self.armed.borrow().as_ref() {
            Some(Scope::Agencies(agencies)) => agencies.first().copied(),
            _ => None,
        }
    }

    fn allow(&self, allowed: Allowed) {
        *self.allowed.lock().unwrap_or_else(PoisonError::into_inner) = allowed;
    }

    fn fail(&self, sql: &Sql, cause: &rusqlite::Error) -> Error {
        self.failed.set(true);
        if let Some(what) = busy(cause) {
            return Error::Busy(what);
        }
        match code(cause) {
            Some((
                ErrorCode::ConstraintViolation,
                ffi::SQLITE_CONSTRAINT_UNIQUE
                | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                | ffi::SQLITE_CONSTRAINT_ROWID,
            )) => duplicate(),
            Some((ErrorCode::AuthorizationForStatementDenied, _)) => {
                incident(sql, format!("{{scope}} is missing in the statement ({cause})"))
            }
            _ => incident(sql, cause),
        }
    }
}

impl Database for Session {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn query(
        &self,
        sql: &Sql,
        values: &[Value],
        each: &mut dyn FnMut(&mut Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.bound(sql, values)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|cause| self.fail(sql, &cause))? {
            each(&mut Row::new(&Stepped { session: self, sql, row, columns }))?;
        }
        Ok(())
    }

    fn execute(&self, sql: &Sql, values: &[Value]) -> Result<u64> {
        let changed = self.bound(sql, values)?.raw_execute().map_err(|cause| self.fail(sql, &cause))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn within(&self, scope: &Scope, act: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        let before = self.armed.borrow().clone();
        self.arm(scope).while_doing("changing", "the scope")?;
        let done = act();
        match before {
            Some(before) => self.arm(&before).while_doing("changing back", "the scope")?,
            None => self.disarm(),
        }
        done
    }
}

/// What to come again for, when that may help.
pub(super) fn busy(cause: &rusqlite::Error) -> Option<&'static str> {
    match code(cause)? {
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Some("database lock"),
        (ErrorCode::DiskFull, _) => Some("disk full"),
        _ => None,
    }
}

fn code(cause: &rusqlite::Error) -> Option<(ErrorCode, i32)> {
    match cause {
        rusqlite::Error::SqliteFailure(error, _) | rusqlite::Error::SqlInputError { error, .. } => {
            Some((error.code, error.extended_code))
        }
        _ => None,
    }
}

fn judge(allowed: Allowed, agency_tables: &Owned, action: AuthAction<'_>) -> Authorization {
    if matches!(allowed, Allowed::Everything) {
        return Authorization::Allow;
    }
    let deny = match action {
        AuthAction::Read { table_name, .. } => {
            let by_all = agency_tables.get(table_name) == Some(&Reading::ByAll);
            !by_all && bare(allowed, agency_tables, table_name, true)
        }
        AuthAction::Update { table_name, .. } => {
            is_scope(table_name) || bare(allowed, agency_tables, table_name, true)
        }
        AuthAction::Delete { table_name } => {
            is_scope(table_name) || bare(allowed, agency_tables, table_name, false)
        }
        AuthAction::Insert { table_name } => is_scope(table_name),
        AuthAction::Select
        | AuthAction::Function { .. }
        | AuthAction::Recursive
        // The full-text index asks its own tables whether they changed.
        | AuthAction::Pragma { pragma_name: "data_version", .. } => false,
        // Schema, attached files, settings and transactions are the engine's.
        _ => true,
    };
    if deny { Authorization::Deny } else { Authorization::Allow }
}

/// True when a statement without `{scope}` touches rows of agencies.
fn bare(allowed: Allowed, agency_tables: &Owned, table: &str, may_be_own: bool) -> bool {
    let Allowed::Bare { inserts_into } = allowed else { return false };
    let own = may_be_own && inserts_into == Some(table);
    !own && agency_tables.contains_key(table)
}

fn is_scope(table: &str) -> bool {
    matches!(table, "scope" | "scope_all")
}

/// The table an INSERT fills: it may be read by the same statement (`ON CONFLICT`, `RETURNING`).
fn insert_target(text: &'static str) -> Option<&'static str> {
    let code = text.lines().skip_while(|line| line.trim_start().starts_with("--") || line.trim().is_empty());
    let mut words = code.flat_map(str::split_whitespace);
    if words.next() != Some("INSERT") || words.next() != Some("INTO") {
        return None;
    }
    words.next().and_then(|word| word.split('(').next())
}

/// The row a statement stands at.
struct Stepped<'s> {
    session: &'s Session,
    sql: &'s Sql,
    row: &'s rusqlite::Row<'s>,
    columns: usize,
}

impl Columns for Stepped<'_> {
    fn value(&self, column: usize) -> Result<Option<kernel::ValueRef<'_>>> {
        if column >= self.columns {
            return Ok(None);
        }
        let value = self.row.get_ref(column).map_err(|cause| self.session.fail(self.sql, &cause))?;
        read(value).map(Some).ok_or_else(|| incident(self.sql, "a column is no whole number or text"))
    }
}

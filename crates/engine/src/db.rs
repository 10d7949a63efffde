//! One tenant's database. The same SQL text runs on SQLite and on PostgreSQL; which of the two is the
//! choice of whoever installs, not of whoever writes a module.
//!
//! A closure gets a `kernel::Database` whose scope has been armed. It may run again after a conflict, so
//! it sends no mail, writes no file and asks no other machine.

mod migrate;
mod pace;
mod postgres;
mod sqlite;

use base::{Error, Refusal, Result};
use kernel::{Database, Dialect, FromRow, Registered, Scope, Sql, Value};
pub(crate) use pace::Pace;
use std::path::Path;
use std::sync::Arc;

/// The schema of a tenant: each module's steps, in the order the modules depend on one another (kernel,
/// platform, then the rented ones).
#[derive(Debug, Default, Clone)]
pub struct Schema {
    /// Name of the module and its steps.
    pub modules: Vec<(&'static str, Vec<kernel::Migration>)>,
}

impl Schema {
    /// The schema of these modules.
    pub fn of(modules: &[kernel::Module]) -> Schema {
        Schema { modules: modules.iter().map(|m| (m.name, m.migrations.clone())).collect() }
    }
}

/// One tenant's database. Clones share it. What waits for PostgreSQL is large, and waits in a box: whoever reads or
/// writes is moved from hand to hand on the way, and on SQLite would carry that room for nothing.
#[derive(Clone)]
pub struct Db(Arc<Engine>, Schema);

enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Db {
    /// Opens (and where needed creates) the database of `tenant` and brings its schema up to date. `url` is
    /// `sqlite:/path/file.db` or `postgres://user@host:port/database`; on PostgreSQL the tenant is a schema
    /// of that database.
    ///
    /// # Errors
    /// `Internal` for an address of another form, for a schema step that was changed after it had been
    /// applied, and for whatever the database reports.
    pub async fn open(url: &str, tenant: &str, schema: &Schema) -> Result<Db> {
        let engine = if let Some(path) = url.strip_prefix("sqlite:") {
            let (path, schema) = (path.to_owned(), schema.clone());
            Engine::Sqlite(blocking(move || sqlite::Sqlite::open(Path::new(&path), &schema)).await?)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Engine::Postgres(postgres::Postgres::open(url, tenant, schema).await?)
        } else {
            return Err(Error::internal("a database address begins with sqlite: or postgres:"));
        };
        Ok(Db(Arc::new(engine), schema.clone()))
    }

    /// Reads in one snapshot, limited to `scope`.
    ///
    /// # Errors
    /// What `act` answers; `Busy` when the database cannot be reached; `Internal` when `act` panics.
    pub async fn read<T: Send + 'static>(
        &self,
        scope: Scope,
        act: impl FnOnce(&dyn Database) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match &*self.0 {
            Engine::Sqlite(db) => db.read(scope, act).await,
            Engine::Postgres(db) => Box::pin(db.read(scope, act)).await,
        }
    }

    /// Reads in one snapshot, and what is read with its answer in another scope in the same turn. On SQLite a quick
    /// page is read on the thread of whoever asks.
    ///
    /// # Errors
    /// As for [`Db::read`].
    pub(crate) async fn read_twice<A: Send + 'static, B: Send + 'static>(
        &self,
        (scope, act): (Scope, impl FnOnce(&dyn Database) -> Result<A> + Send + 'static),
        (then_scope, then): (Scope, impl FnOnce(&dyn Database, A) -> Result<B> + Send + 'static),
        pace: &Pace,
    ) -> Result<B> {
        match &*self.0 {
            Engine::Sqlite(db) => db.read_twice((scope, act), (then_scope, then), pace).await,
            Engine::Postgres(db) => {
                let found = Box::pin(db.read(scope, act)).await?;
                Box::pin(db.read(then_scope, move |db| then(db, found))).await
            }
        }
    }

    /// Reads the last row of a statement that finds few, of whichever agency: who asks, which is looked at with
    /// each request, before their reach is known. On SQLite it neither waits nor changes threads.
    ///
    /// # Errors
    /// `Busy` when the database cannot be reached; what it reports.
    pub async fn glance<R: FromRow + Send + 'static>(
        &self,
        sql: &'static Sql,
        values: Vec<Value>,
    ) -> Result<Option<R>> {
        match &*self.0 {
            Engine::Sqlite(db) => db.glance(sql, &values),
            Engine::Postgres(db) => {
                let look = move |db: &dyn Database| {
                    let mut found = None;
                    db.query(sql, &values, &mut |row| {
                        found = Some(R::from_row(row)?);
                        Ok(())
                    })?;
                    Ok(found)
                };
                Box::pin(db.read(Scope::Everything, look)).await
            }
        }
    }

    /// Writes in one transaction, limited to `scope`, and answers when it is on disk. On both engines the
    /// writers of a tenant come one after the other, so what `act` has read still holds when it writes.
    ///
    /// # Errors
    /// What `act` answers: then nothing was kept. `Busy` when too many wait or the disk is full. `Internal`
    /// when `act` panics, and when a statement failed and `act` went on all the same.
    pub async fn write<T: Send + 'static>(
        &self,
        scope: Scope,
        act: impl Fn(&dyn Database) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        match &*self.0 {
            Engine::Sqlite(db) => db.write(scope, act).await,
            Engine::Postgres(db) => Box::pin(db.write(scope, act)).await,
        }
    }

    /// Which engine it is.
    pub fn dialect(&self) -> Dialect {
        match &*self.0 {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Copies the whole database as it is now into the file `to`, while work goes on: on both engines the file of a
    /// SQLite tenant.
    ///
    /// # Errors
    /// `Internal` when the copy cannot be written.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        match &*self.0 {
            Engine::Sqlite(db) => db.backup(to).await,
            Engine::Postgres(db) => {
                let half = to.with_extension("half");
                let _ = std::fs::remove_file(&half);
                let url = format!("sqlite:{}", half.display());
                Box::pin(Db::open(&url, "backup", &self.1)).await?.close().await?;
                db.dump_into(&half).await?;
                // The settings of a dump are gone with its connection; what is kept is one file, on disk.
                let file = sqlite::Sqlite::open(&half, &self.1)?;
                file.backup(to).await?;
                file.close().await?;
                for rest in ["half", "half-wal", "half-shm"] {
                    let _ = std::fs::remove_file(to.with_extension(rest));
                }
                Ok(())
            }
        }
    }

    /// How many bytes the database takes on disk.
    ///
    /// # Errors
    /// What database or disk report.
    pub async fn bytes(&self) -> Result<i64> {
        match &*self.0 {
            Engine::Sqlite(db) => db.bytes(),
            Engine::Postgres(db) => db.bytes().await,
        }
    }

    /// Fills an empty tenant on PostgreSQL from the file of a backup. A SQLite tenant is its file: it is put in
    /// its place instead.
    ///
    /// # Errors
    /// `Internal` when the tenant has work in it, or the file has another schema.
    pub async fn restore(&self, from: &Path) -> Result<()> {
        match &*self.0 {
            Engine::Sqlite(_) => Err(Error::internal("the file of a SQLite tenant is put in its place")),
            Engine::Postgres(db) => {
                let owned = migrate::agency_tables(&self.1, Dialect::Postgres);
                db.load_from(from, owned).await
            }
        }
    }

    /// Gives up safety for speed while a new database is being filled, and back. A power cut in between can
    /// spoil the file. Does nothing on PostgreSQL.
    pub fn bulk(&self, on: bool) {
        if let Engine::Sqlite(db) = &*self.0 {
            db.bulk(on);
        }
    }

    /// Moves what the write-ahead log holds into the database file. Does nothing on PostgreSQL.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn checkpoint(&self) -> Result<()> {
        match &*self.0 {
            Engine::Sqlite(db) => db.checkpoint().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Finishes the writes that wait and closes; later calls on clones answer `Busy`.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn close(self) -> Result<()> {
        match &*self.0 {
            Engine::Sqlite(db) => db.close().await,
            Engine::Postgres(db) => {
                db.close();
                Ok(())
            }
        }
    }
}

/// Prepares every statement of the program that was written with `q!` and names those the engine does not
/// take: misspelt columns, words only the other engine knows, a missing `{scope}`. A statement written with
/// `q!(sqlite: …)` or `q!(postgres: …)` is prepared on that engine alone.
pub async fn prepare_all(db: &Db) -> Vec<String> {
    let dialect = db.dialect();
    let statements =
        kernel::inventory::iter::<Registered>().filter(|known| known.only.is_none_or(|only| only == dialect));
    let statements: Vec<&'static Registered> = statements.collect();
    let problems = match &*db.0 {
        Engine::Sqlite(db) => db.problems(statements).await,
        Engine::Postgres(db) => db.problems(statements).await,
    };
    problems.unwrap_or_else(|error| vec![error.to_string()])
}

fn problem(known: &Registered, cause: impl std::fmt::Display) -> String {
    format!("{}:{}: {cause}", known.at, known.line)
}

/// Runs work that blocks on a thread where that is allowed.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(cause) => Err(Error::internal(format!("a thread of the database was lost: {cause}"))),
    }
}

/// A panic in a closure is an incident of that closure and of nobody else.
fn guarded<T>(act: impl FnOnce() -> Result<T>) -> Result<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)).unwrap_or_else(|cause| {
        let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default();
        Err(Error::internal(format!("a handler panicked: {text}")))
    })
}

/// After a statement has failed PostgreSQL keeps nothing of the transaction, while SQLite would keep the
/// rest. Both keep nothing here: a handler that goes on has not understood what happened.
fn settled<T>(result: Result<T>, failed: bool) -> Result<T> {
    match result {
        Ok(_) if failed => Err(Error::internal("a statement failed and the handler went on")),
        result => result,
    }
}

/// What a person is told when a row with the same key exists.
fn duplicate() -> Error {
    Refusal::new("kernel.duplicate").hint("kernel.hint.reload").into()
}

/// What the log is told when a statement fails.
fn incident(sql: &Sql, cause: impl std::fmt::Display) -> Error {
    Error::internal(format!("{}: {cause}", sql.at))
}

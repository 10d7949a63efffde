//! SQLite: one file a tenant, one thread that writes, several connections that read.

mod mover;
mod session;
mod values;
mod writer;

use super::{Pace, Schema, blocking, guarded, migrate, problem};
use base::{Error, Result, WhileDoing};
use kernel::{Database, Dialect, FromRow, Registered, Scope, Sql, Value};
use migrate::Owned;
use mover::Mover;
use session::{Session, Use};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::Semaphore;
use writer::Writer;

/// The database of a tenant in one file.
pub(super) struct Sqlite {
    path: PathBuf,
    writer: Writer,
    readers: Arc<Readers>,
    /// For a look at one row, on the thread of whoever looks.
    glance: Mutex<Option<Session>>,
}

impl Sqlite {
    /// Opens the file, brings the schema up to date and starts the writer.
    pub(super) fn open(path: &Path, schema: &Schema) -> Result<Sqlite> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).while_doing("making the folder", parent.display())?;
        }
        let agency_tables = Arc::new(migrate::agency_tables(schema, Dialect::Sqlite));
        let mut raw = session::connect(path, Use::Write)?;
        apply(&mut raw, schema)?;
        let mut session = Session::new(raw, agency_tables.clone())?;
        let mover = Mover::start(path, &mut session, agency_tables.clone())?;
        let writer = Writer::start(session, mover)?;
        let readers = Arc::new(Readers::open(path, &agency_tables)?);
        let glance = Session::new(session::connect(path, Use::Glance)?, agency_tables)?;
        // Whoever asks is not known yet: this is how they are found.
        glance.arm(&Scope::Everything).while_doing("preparing", "a connection")?;
        Ok(Sqlite { path: path.to_owned(), writer, readers, glance: Mutex::new(Some(glance)) })
    }

    /// Reads one statement of few rows at once. A reader of the write-ahead log waits for nobody, and going to
    /// another thread costs more than such a statement.
    pub(super) fn glance<R: FromRow>(&self, sql: &Sql, values: &[Value]) -> Result<Option<R>> {
        let glance = self.glance.lock().unwrap_or_else(PoisonError::into_inner);
        let session = glance.as_ref().ok_or(Error::Busy("database closed"))?;
        let mut found = None;
        session.query(sql, values, &mut |row| {
            found = Some(R::from_row(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        scope: Scope,
        act: impl FnOnce(&dyn Database) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.turn(scope, move |session, scope| session.snapshot(scope, || guarded(|| act(session)))).await
    }

    pub(super) async fn read_twice<A: Send + 'static, B: Send + 'static>(
        &self,
        (scope, act): (Scope, impl FnOnce(&dyn Database) -> Result<A> + Send + 'static),
        (then_scope, then): (Scope, impl FnOnce(&dyn Database, A) -> Result<B> + Send + 'static),
        pace: &Pace,
    ) -> Result<B> {
        let read = move |session: &Session, scope: &Scope| {
            if then_scope == *scope {
                return session.snapshot(scope, || guarded(|| then(session, act(session)?)));
            }
            let found = session.snapshot(scope, || guarded(|| act(session)))?;
            session.snapshot(&then_scope, || guarded(|| then(session, found)))
        };
        if pace.is_quick()
            && let Ok(_permit) = self.readers.free.try_acquire()
        {
            let began = Instant::now();
            let result = self.readers.lend(&scope, read);
            pace.note(began.elapsed());
            return result;
        }
        let timed = move |session: &Session, scope: &Scope| {
            let began = Instant::now();
            let result = read(session, scope);
            Ok((result, began.elapsed()))
        };
        let (result, took) = self.turn(scope, timed).await?;
        pace.note(took);
        result
    }

    /// A turn of one of the reading connections.
    async fn turn<T: Send + 'static>(
        &self,
        scope: Scope,
        read: impl FnOnce(&Session, &Scope) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let readers = Arc::clone(&self.readers);
        let permit = Arc::clone(&readers.free).acquire_owned().await;
        let permit = permit.map_err(|_| Error::Busy("database closed"))?;
        // The connection goes back inside the thread: whoever waits for the answer may give up.
        blocking(move || {
            let result = readers.lend(&scope, read);
            drop(permit);
            result
        })
        .await
    }

    pub(super) async fn write<T: Send + 'static>(
        &self,
        scope: Scope,
        act: impl Fn(&dyn Database) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        self.writer.write(scope, act).await
    }

    /// Copies through a connection of its own, so that neither readers nor the writer wait.
    pub(super) async fn backup(&self, to: &Path) -> Result<()> {
        let (from, to) = (self.path.clone(), to.to_owned());
        blocking(move || {
            let half = to.with_extension("part");
            let _ = fs::remove_file(&half);
            let raw = session::connect(&from, Use::Read)?;
            let name = half.to_str().ok_or_else(|| Error::internal("a backup needs a name in UTF-8"))?;
            raw.execute("VACUUM INTO ?1", [name]).while_doing("backing up to", to.display())?;
            let saved = fs::File::open(&half).and_then(|file| file.sync_all());
            saved.and_then(|()| fs::rename(&half, &to)).while_doing("keeping the backup", to.display())?;
            sync_folder(&to)
        })
        .await
    }

    /// The file and its log.
    pub(super) fn bytes(&self) -> Result<i64> {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        let size = |path: &Path| fs::metadata(path).map_or(0, |known| known.len());
        let all = size(&self.path).saturating_add(size(Path::new(&log)));
        i64::try_from(all).while_doing("measuring", self.path.display())
    }

    pub(super) fn bulk(&self, on: bool) {
        self.writer.bulk(on);
    }

    pub(super) async fn checkpoint(&self) -> Result<()> {
        self.writer.checkpoint().await
    }

    pub(super) async fn close(&self) -> Result<()> {
        self.readers.free.close();
        self.readers.idle().clear();
        self.glance.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.writer.close().await
    }

    /// Prepares each statement on a reading connection.
    pub(super) async fn problems(&self, statements: Vec<&'static Registered>) -> Result<Vec<String>> {
        let (readers, scope) = (Arc::clone(&self.readers), Scope::Everything);
        blocking(move || {
            let session = readers.take(&scope)?;
            let check = |known: &&'static Registered| {
                let sql = Sql::new(known.text, known.at);
                session.prepare(&sql).err().map(|cause| problem(known, cause))
            };
            let problems = statements.iter().filter_map(check).collect();
            readers.give_back(session);
            Ok(problems)
        })
        .await
    }
}

/// Connections that only read, as many as there are processors, at least four and at most eight.
struct Readers {
    idle: Mutex<Vec<Session>>,
    free: Arc<Semaphore>,
}

impl Readers {
    fn open(path: &Path, agency_tables: &Arc<Owned>) -> Result<Readers> {
        let count = std::thread::available_parallelism().map_or(4, |n| n.get().clamp(4, 8));
        let one = |_| Session::new(session::connect(path, Use::Read)?, Arc::clone(agency_tables));
        let idle = (0..count).map(one).collect::<Result<Vec<_>>>()?;
        Ok(Readers { idle: Mutex::new(idle), free: Arc::new(Semaphore::new(count)) })
    }

    /// Reads on a connection. The semaphore has seen that there is one.
    fn lend<T>(&self, scope: &Scope, read: impl FnOnce(&Session, &Scope) -> Result<T>) -> Result<T> {
        let session = self.take(scope)?;
        let result = read(&session, scope);
        self.give_back(session);
        result
    }

    /// A connection that holds this scope already, or any. The semaphore has seen that there is one.
    fn take(&self, scope: &Scope) -> Result<Session> {
        let mut idle = self.idle();
        let fitting = idle.iter().rposition(|session| session.holds(scope));
        match fitting {
            Some(at) => Ok(idle.swap_remove(at)),
            None => idle.pop().ok_or(Error::Busy("database readers")),
        }
    }

    fn give_back(&self, session: Session) {
        if !self.free.is_closed() {
            self.idle().push(session);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A renamed file is only safe once its folder is on disk too.
fn sync_folder(of: &Path) -> Result<()> {
    match of.parent() {
        None => Ok(()),
        Some(folder) => {
            let saved = fs::File::open(folder).and_then(|folder| folder.sync_all());
            saved.while_doing("saving the folder", folder.display())
        }
    }
}

fn apply(raw: &mut rusqlite::Connection, schema: &Schema) -> Result<()> {
    let reading = "reading the schema of";
    let file = raw.path().unwrap_or_default().to_owned();
    // IMMEDIATE: a second process that opens the same file waits here and then finds nothing to do.
    let transaction = raw.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate);
    let transaction = transaction.while_doing(reading, &file)?;
    transaction.execute_batch(migrate::TABLE).while_doing(reading, &file)?;
    let applied = applied(&transaction).while_doing(reading, &file)?;
    for step in migrate::missing(schema, Dialect::Sqlite, applied)? {
        transaction.execute_batch(&step.sql).map_err(|cause| step.failed(cause))?;
        let values = rusqlite::params![step.module, step.name, step.hash, migrate::now()];
        transaction.execute(migrate::REMEMBER, values).map_err(|cause| step.failed(cause))?;
    }
    transaction.commit().while_doing("writing the schema of", &file)
}

pub(super) fn applied(raw: &rusqlite::Connection) -> rusqlite::Result<migrate::Applied> {
    let mut statement = raw.prepare(migrate::APPLIED)?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    rows.collect()
}

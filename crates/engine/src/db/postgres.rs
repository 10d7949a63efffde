//! PostgreSQL: one schema a tenant, a pool of connections, row-level security in place of `{scope}`.

mod copy;
mod portable;
mod schema;
mod session;

use super::{Schema, blocking, guarded, problem, settled};
use base::{Error, Result, WhileDoing};
use deadpool_postgres::{Manager, Object, Pool, PoolError, Runtime};
use kernel::{Database, Dialect, Registered, Scope, Sql};
use session::{Session, Trouble};
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;

const CONNECTIONS: usize = 20;
/// Writers come one after the other; a few stand ready so that the next begins while one commits. The other
/// connections are left to readers.
const WRITERS: usize = 4;
/// How many writers may wait before the next is told to come again.
const QUEUE: usize = 4096;
/// How often a transaction is tried again after a conflict.
const RETRIES: u32 = 5;
const PATIENCE: Duration = Duration::from_secs(5);

/// The database of a tenant in a schema of its own.
pub(super) struct Postgres {
    pool: Pool,
    /// The name of its schema.
    tenant: String,
    /// `SET LOCAL …` for the tenant: role, schema, time limits.
    settings: String,
    /// Takes the tenant's write lock; stands before `settings`, whose role may not.
    lock: String,
    queue: Semaphore,
    writers: Semaphore,
}

fn pool_of(url: &str) -> Result<Pool> {
    let mut config: tokio_postgres::Config = url.parse().while_doing("reading", "the database address")?;
    config.application_name("vanlang").connect_timeout(PATIENCE);
    let pool = Pool::builder(Manager::new(config, NoTls)).max_size(CONNECTIONS).runtime(Runtime::Tokio1);
    let pool = pool.wait_timeout(Some(PATIENCE)).create_timeout(Some(PATIENCE)).build();
    pool.while_doing("preparing", "the database connections")
}

impl Postgres {
    /// Opens the pool, makes the schema where there is none and brings it up to date.
    pub(super) async fn open(url: &str, tenant: &str, schema: &Schema) -> Result<Postgres> {
        schema::check_name(tenant)?;
        let pool = pool_of(url)?;
        let client = pool.get().await.map_err(|cause| no_connection(&cause))?;
        let role = schema::prepare(&client, tenant, schema).await?;
        drop(client);
        let mut settings = format!("SET LOCAL search_path = \"{tenant}\"; ");
        settings.push_str("SET LOCAL statement_timeout = '60s'; ");
        // A process that hangs must not keep the tenant's write lock.
        settings.push_str("SET LOCAL idle_in_transaction_session_timeout = '30s'; ");
        if let Some(role) = role {
            let _ = write!(settings, "SET LOCAL ROLE \"{role}\"; ");
        }
        let lock = format!(
            "SET LOCAL lock_timeout = '10s'; LOCK TABLE \"{tenant}\".kernel_migrations IN EXCLUSIVE MODE; "
        );
        Ok(Postgres {
            pool,
            tenant: tenant.to_owned(),
            settings,
            lock,
            queue: Semaphore::new(QUEUE),
            writers: Semaphore::new(WRITERS),
        })
    }

    /// True when a tenant of this name was made here.
    pub(super) async fn has(url: &str, tenant: &str) -> Result<bool> {
        schema::check_name(tenant)?;
        let pool = pool_of(url)?;
        let client = pool.get().await.map_err(|cause| no_connection(&cause))?;
        schema::is_there(&client, tenant).await
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        scope: Scope,
        act: impl FnOnce(&dyn Database) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; ";
        let begin = [begin, &self.settings, &armed(&scope)].concat();
        let client = self.connection().await?;
        let handle = Handle::current();
        blocking(move || {
            handle.block_on(client.batch_execute(&begin)).map_err(|cause| lost(&cause))?;
            let session = Session::new(&client, &handle, scope);
            let result = guarded(|| act(&session));
            end(client, &handle, "ROLLBACK").ok();
            result
        })
        .await
    }

    /// The lock makes writers wait for one another, and READ COMMITTED lets each see what the one before it
    /// has done: the rules of a module hold here exactly as under the single writer of SQLite. It costs
    /// nothing, as the audit chain lines writers up at their end in any case (64 writers, each with its audit
    /// entry: 960 a second with the lock, 860 without, and the slowest waits half as long).
    pub(super) async fn write<T: Send + 'static>(
        &self,
        scope: Scope,
        act: impl Fn(&dyn Database) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let _waiting = self.queue.try_acquire().map_err(|_| Error::Busy("write queue"))?;
        let _turn = self.writers.acquire().await.map_err(|_| Error::Busy("database closed"))?;
        let begin: Arc<str> = ["BEGIN; ", &self.lock, &self.settings, &armed(&scope)].concat().into();
        let act = Arc::new(act);
        for attempt in 0..=RETRIES {
            let client = self.connection().await?;
            let (begin, act, handle) = (Arc::clone(&begin), Arc::clone(&act), Handle::current());
            let scope = scope.clone();
            let done = blocking(move || Ok(transaction(client, &handle, (&begin, &scope), &*act))).await?;
            match done {
                Some(result) => return result,
                None => tokio::time::sleep(Duration::from_millis(2 << attempt)).await,
            }
        }
        Err(Error::Busy("database conflict"))
    }

    /// The tables of the tenant with all that belongs to them.
    pub(super) async fn bytes(&self) -> Result<i64> {
        let asked = "SELECT CAST(COALESCE(sum(pg_total_relation_size(c.oid)), 0) AS BIGINT)
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = $1 AND c.relkind = 'r'";
        let client = self.connection().await?;
        let row = client.query_one(asked, &[&self.tenant]).await.map_err(|cause| lost(&cause))?;
        row.try_get(0).map_err(|cause| lost(&cause))
    }

    pub(super) fn close(&self) {
        self.writers.close();
        self.pool.close();
    }

    /// Prepares each statement in a transaction of its own, as an error ends one, and looks at the types.
    pub(super) async fn problems(&self, statements: Vec<&'static Registered>) -> Result<Vec<String>> {
        let client = self.connection().await?;
        let begin = ["BEGIN; ", &self.settings].concat();
        let mut problems = Vec::new();
        for known in statements {
            client.batch_execute(&begin).await.map_err(|cause| lost(&cause))?;
            let sql = Sql::new(known.text, known.at);
            match client.prepare(sql.expanded(Dialect::Postgres)).await {
                Err(cause) => problems.push(problem(known, session::message(&cause))),
                Ok(statement) => {
                    problems.extend(session::unknown_types(&statement).map(|name| problem(known, name)));
                }
            }
            client.batch_execute("ROLLBACK").await.map_err(|cause| lost(&cause))?;
        }
        Ok(problems)
    }

    async fn connection(&self) -> Result<Object> {
        self.pool.get().await.map_err(|cause| no_connection(&cause))
    }
}

/// One try of a writer; `None` when it lost against another transaction and may try again.
fn transaction<T>(
    client: Object,
    handle: &Handle,
    (begin, scope): (&str, &Scope),
    act: &(impl Fn(&dyn Database) -> Result<T> + ?Sized),
) -> Option<Result<T>> {
    if let Err(cause) = handle.block_on(client.batch_execute(begin)) {
        let _ = end(client, handle, "ROLLBACK");
        return (!is_conflict(&cause)).then(|| Err(lost(&cause)));
    }
    let session = Session::new(&client, handle, scope.clone());
    let result = guarded(|| act(&session));
    let trouble = session.trouble();
    let result = settled(result, trouble != Trouble::None);
    if trouble == Trouble::Conflict {
        let _ = end(client, handle, "ROLLBACK");
        return None;
    }
    match result {
        Err(cause) => {
            let _ = end(client, handle, "ROLLBACK");
            Some(Err(cause))
        }
        Ok(value) => match end(client, handle, "COMMIT") {
            Ok(()) => Some(Ok(value)),
            Err(cause) => (!is_conflict(&cause)).then(|| Err(lost(&cause))),
        },
    }
}

/// Ends the transaction. A connection on which that fails does not go back to the pool.
fn end(client: Object, handle: &Handle, how: &str) -> std::result::Result<(), tokio_postgres::Error> {
    let ended = handle.block_on(client.batch_execute(how));
    if ended.is_err() {
        drop(Object::take(client));
    }
    ended
}

fn is_conflict(cause: &tokio_postgres::Error) -> bool {
    matches!(cause.code(), Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED))
}

/// An error outside any statement of a module.
fn lost(cause: &tokio_postgres::Error) -> Error {
    match session::busy(cause) {
        Some(what) => Error::Busy(what),
        None => Error::internal(format!("a transaction was lost: {}", session::message(cause))),
    }
}

fn no_connection(cause: &PoolError) -> Error {
    tracing::warn!(%cause, "no database connection");
    Error::Busy("database connection")
}

/// `app.scope` as the policies read it: `*`, or ids between commas.
fn armed(scope: &Scope) -> String {
    let Scope::Agencies(agencies) = scope else { return "SET LOCAL app.scope = '*'".to_owned() };
    let mut text = String::with_capacity(24 + agencies.len() * 37);
    text.push_str("SET LOCAL app.scope = '");
    for (at, agency) in agencies.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(text, "{comma}{}", agency.uuid());
    }
    text.push('\'');
    text
}

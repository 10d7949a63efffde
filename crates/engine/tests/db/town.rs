//! A small office with a register of letters, on each engine there is.

use base::{AgencyId, Id, Result};
use engine::db::{Db, Schema};
use kernel::{Database, Migration, Row, Scope, Sql, q, values};
use std::path::PathBuf;

const LETTERS: &str = "
CREATE TABLE town_letters (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    number BIGINT NOT NULL,
    title TEXT NOT NULL,
    UNIQUE (agency_id, number)
);
CREATE TABLE town_counters (
    book TEXT PRIMARY KEY,
    n BIGINT NOT NULL
);
";

/// Where the town's own steps stand in the schema.
pub(crate) const TOWN: usize = 2;

static NEXT: Sql = q!("INSERT INTO town_counters (book, n)
     VALUES ($1, 1)
     ON CONFLICT (book) DO UPDATE SET n = town_counters.n + 1
     RETURNING n");
static REGISTER: Sql = q!("INSERT INTO town_letters (id, agency_id, number, title) VALUES ($1, $2, $3, $4)");
static TITLES: Sql = q!("SELECT title FROM town_letters WHERE {scope} ORDER BY number");
static RENAME: Sql = q!("UPDATE town_letters SET title = $2 WHERE {scope} AND id = $1");
static COUNT: Sql = q!("SELECT count(*) FROM town_letters WHERE {scope}");

/// One engine with an empty register.
pub(crate) struct Town {
    pub(crate) db: Db,
    pub(crate) url: String,
    pub(crate) tenant: String,
    // Lives as long as the town: the files of SQLite are inside.
    pub(crate) folder: tempfile::TempDir,
}

impl Town {
    /// The same town on SQLite and, where the tests were given one, on PostgreSQL. `name` is the test's own.
    pub(crate) async fn both(name: &str) -> Vec<Town> {
        let mut towns = vec![Town::on_sqlite().await];
        match postgres_url() {
            Some(url) => towns.push(Town::on_postgres(&url, name).await),
            None => println!("skipped: no PostgreSQL"),
        }
        towns
    }

    pub(crate) async fn on_sqlite() -> Town {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("town.db").display());
        Town::open(url, "town", folder).await
    }

    pub(crate) async fn on_postgres(url: &str, name: &str) -> Town {
        let tenant = format!("test_{name}");
        raw_postgres(url, &format!("DROP SCHEMA IF EXISTS {tenant} CASCADE")).await;
        Town::open(url.to_owned(), &tenant, tempfile::tempdir().unwrap()).await
    }

    async fn open(url: String, tenant: &str, folder: tempfile::TempDir) -> Town {
        let db = Db::open(&url, tenant, &schema()).await.unwrap();
        Town { db, url, tenant: tenant.to_owned(), folder }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("town.db")
    }

    /// Changes the database behind the program's back.
    pub(crate) async fn tamper(&self, sql: &str) {
        if self.url.starts_with("sqlite:") {
            rusqlite::Connection::open(self.file()).unwrap().execute_batch(sql).unwrap();
        } else {
            raw_postgres(&self.url, &format!("SET search_path = {}; {sql}", self.tenant)).await;
        }
    }

    /// Registers a letter under the next number.
    pub(crate) async fn register(&self, agency: AgencyId, title: &'static str) -> Result<i64> {
        self.db.write(only(agency), move |db| register(db, agency, title)).await
    }

    pub(crate) async fn titles(&self, scope: Scope) -> Vec<String> {
        self.db.read(scope, titles).await.unwrap()
    }

    pub(crate) async fn count(&self) -> i64 {
        let count = |db: &dyn Database| Ok(numbers(db, &COUNT)?[0]);
        self.db.read(Scope::Everything, count).await.unwrap()
    }

    pub(crate) async fn rename(&self, scope: Scope, id: Id<str>, title: &'static str) -> Result<u64> {
        self.db.write(scope, move |db| db.execute(&RENAME, values![id, title])).await
    }
}

pub(crate) fn schema() -> Schema {
    let mut schema = Schema::of(&[kernel::module(), platform::module()]);
    schema.modules.push(("town", vec![Migration { name: "0001_letters", sql: LETTERS }]));
    schema
}

pub(crate) fn register(db: &dyn Database, agency: AgencyId, title: &str) -> Result<i64> {
    let mut number = 0;
    db.query(&NEXT, values!["letters"], &mut |row| {
        number = row.take()?;
        Ok(())
    })?;
    letter(db, Id::of(uuid::Uuid::now_v7()), (agency, number), title)?;
    Ok(number)
}

pub(crate) fn letter(
    db: &dyn Database,
    id: Id<str>,
    (agency, number): (AgencyId, i64),
    title: &str,
) -> Result<u64> {
    db.execute(&REGISTER, values![id, agency, number, title])
}

pub(crate) fn titles(db: &dyn Database) -> Result<Vec<String>> {
    let mut out = Vec::new();
    db.query(&TITLES, &[], &mut |row: &mut Row| {
        out.push(row.take()?);
        Ok(())
    })?;
    Ok(out)
}

pub(crate) fn numbers(db: &dyn Database, sql: &Sql) -> Result<Vec<i64>> {
    let mut out = Vec::new();
    db.query(sql, &[], &mut |row: &mut Row| {
        out.push(row.take()?);
        Ok(())
    })?;
    Ok(out)
}

pub(crate) fn agency(number: u128) -> AgencyId {
    Id::of(uuid::Uuid::from_u128(number))
}

pub(crate) fn only(agency: AgencyId) -> Scope {
    Scope::Agencies(vec![agency])
}

#[expect(clippy::disallowed_methods, reason = "where the test server listens is the machine's affair")]
fn postgres_url() -> Option<String> {
    std::env::var("VANLANG_TEST_POSTGRES").ok()
}

async fn raw_postgres(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    let running = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
    drop(client);
    running.await.unwrap().unwrap();
}

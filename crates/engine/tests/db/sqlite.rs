//! What only SQLite has: the group, the backup, the bulk switch.

use crate::town::{TOWN, Town, agency, only, register};
use base::Error;
use engine::db::Db;
use kernel::{Database, Scope, Sql, values};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_answered_when_the_engine_loses_the_group() {
    // What a full disk may do to a transaction: it is gone, and SQLite says so only afterwards.
    static LOSE: Sql =
        Sql::new("INSERT OR ROLLBACK INTO town_counters (book, n) VALUES ('letters', 0)", "lose.rs");
    let town = Town::on_sqlite().await;
    let clerks = (0..300).map(|n| {
        let db = town.db.clone();
        let act = move |db: &dyn Database| {
            register(db, agency(1), "Thư")?;
            if n == 150 { db.execute(&LOSE, &[]).map(drop) } else { Ok(()) }
        };
        tokio::spawn(async move { db.write(only(agency(1)), act).await.is_ok() })
    });
    let mut kept = 0;
    for clerk in clerks.collect::<Vec<_>>() {
        kept += i64::from(clerk.await.unwrap());
    }
    assert!(kept < 300);
    assert_eq!(town.count().await, kept);
    assert_eq!(town.register(agency(1), "Thư").await.unwrap(), kept + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_of_another_process_makes_writers_wait_and_then_come_again() {
    let town = Town::on_sqlite().await;
    let other = rusqlite::Connection::open(town.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answer = town.register(agency(1), "Thư").await;
    assert!(matches!(answer, Err(Error::Busy("database lock"))), "{answer:?}");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(town.register(agency(1), "Thư").await.unwrap(), 1);
}

#[tokio::test]
async fn the_full_text_index_works_under_the_check_of_scope() {
    static FILL: Sql = Sql::new("INSERT INTO town_search (rowid, ex) VALUES ($1, $2)", "search.rs");
    static FIND: Sql = Sql::new(
        "SELECT town_search.rowid FROM town_search WHERE town_search MATCH 'duong' ORDER BY bm25(town_search)",
        "search.rs",
    );
    static FORGET: Sql = Sql::new("DELETE FROM town_search WHERE rowid = $1", "search.rs");
    let folder = tempfile::tempdir().unwrap();
    let mut schema = crate::town::schema();
    let sql = "CREATE VIRTUAL TABLE town_search USING fts5 (ex, content = '', contentless_delete = 1);";
    schema.modules[TOWN].1.push(kernel::Migration { name: "0002_search", sql });
    let url = format!("sqlite:{}", folder.path().join("town.db").display());
    let db = Db::open(&url, "town", &schema).await.unwrap();
    let fill = |db: &dyn Database| {
        db.execute(&FILL, values![1, "duong tinh"])?;
        db.execute(&FILL, values![2, "cong van"])?;
        db.execute(&FILL, values![3, "duong xa"])?;
        db.execute(&FORGET, values![3])
    };
    assert_eq!(db.write(only(agency(1)), fill).await.unwrap(), 1);
    let found = db.read(only(agency(1)), |db| crate::town::numbers(db, &FIND)).await.unwrap();
    assert_eq!(found, [1]);
}

#[tokio::test]
async fn a_backup_is_a_whole_database_in_one_file_whatever_the_engine() {
    for town in Town::both("backup").await {
        town.register(agency(1), "Thư").await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.db");
        town.db.backup(&copy).await.unwrap();
        town.register(agency(1), "Sau bản sao").await.unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let restored =
            Db::open(&format!("sqlite:{}", copy.display()), "town", &crate::town::schema()).await.unwrap();
        let titles = restored.read(Scope::Everything, crate::town::titles).await.unwrap();
        assert_eq!(titles, ["Thư"]);
    }
}

#[tokio::test]
async fn filling_in_bulk_ends_with_everything_in_the_file() {
    let town = Town::on_sqlite().await;
    town.db.bulk(true);
    for _ in 0..50 {
        town.register(agency(1), "Thư").await.unwrap();
    }
    town.db.bulk(false);
    town.db.checkpoint().await.unwrap();
    let log = town.folder.path().join("town.db-wal");
    assert_eq!(std::fs::metadata(log).unwrap().len(), 0);
    assert_eq!(town.count().await, 50);
}

#[tokio::test]
async fn a_closed_database_says_so() {
    let town = Town::on_sqlite().await;
    town.db.clone().close().await.unwrap();
    assert!(matches!(town.register(agency(1), "Thư").await, Err(Error::Busy(_))));
    let read = town.db.read(Scope::Everything, crate::town::titles).await;
    assert!(matches!(read, Err(Error::Busy(_))));
}

#[tokio::test]
async fn a_reader_that_nobody_waits_for_gives_its_connection_back() {
    let town = Town::on_sqlite().await;
    for _ in 0..40 {
        let read = town.db.read(Scope::Everything, |_| {
            let (never, wait) = std::sync::mpsc::channel::<()>();
            let _ = wait.recv_timeout(std::time::Duration::from_millis(5));
            drop(never);
            Ok(())
        });
        let _ = tokio::time::timeout(std::time::Duration::from_millis(1), read).await;
    }
    assert_eq!(town.count().await, 0);
}

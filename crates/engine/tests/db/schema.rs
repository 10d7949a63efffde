//! Schema steps are applied once and never rewritten; every statement of the program fits the schema.

use crate::town::{TOWN, Town, agency, schema};
use engine::db::{Db, prepare_all};
use kernel::{Dialect, Migration};

#[tokio::test]
async fn opening_again_finds_the_schema_as_it_was() {
    for town in Town::both("again").await {
        town.register(agency(1), "Thư").await.unwrap();
        let again = Db::open(&town.url, &town.tenant, &schema()).await.unwrap();
        again.close().await.unwrap();
        assert_eq!(town.count().await, 1);
    }
}

#[tokio::test]
async fn several_processes_may_open_a_new_tenant_at_once() {
    for town in Town::both("at_once").await {
        let (mut url, tenant) = (town.url.clone(), town.tenant.clone());
        match town.db.dialect() {
            Dialect::Sqlite => url = format!("sqlite:{}", town.folder.path().join("new.db").display()),
            Dialect::Postgres => town.tamper("DROP SCHEMA test_at_once CASCADE").await,
        }
        let opening = (0..6).map(|_| {
            let (url, tenant) = (url.clone(), tenant.clone());
            tokio::spawn(async move { Db::open(&url, &tenant, &schema()).await.map(drop) })
        });
        for opened in opening.collect::<Vec<_>>() {
            opened.await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn a_step_that_was_rewritten_is_named() {
    for town in Town::both("rewritten").await {
        let mut other = schema();
        other.modules[TOWN].1[0].sql = "CREATE TABLE town_other (\n    id UUID PRIMARY KEY\n);";
        let told = Db::open(&town.url, &town.tenant, &other).await.err().unwrap().to_string();
        assert!(told.contains("town 0001_letters was changed"), "{told}");
    }
}

#[tokio::test]
async fn a_new_step_is_added_and_an_older_program_refuses() {
    for town in Town::both("newer").await {
        let mut newer = schema();
        let sql = "ALTER TABLE town_counters ADD COLUMN note TEXT NOT NULL DEFAULT '';";
        newer.modules[TOWN].1.push(Migration { name: "0002_note", sql });
        Db::open(&town.url, &town.tenant, &newer).await.unwrap();
        let told = Db::open(&town.url, &town.tenant, &schema()).await.err().unwrap().to_string();
        assert!(told.contains("town 0002_note was applied by a newer version"), "{told}");
    }
}

#[tokio::test]
async fn a_broken_step_leaves_the_database_as_it_was() {
    for town in Town::both("broken").await {
        let mut broken = schema();
        let sql = "CREATE TABLE town_half (\n    id UUID PRIMARY KEY\n);\nSELEC 1;";
        broken.modules[TOWN].1.push(Migration { name: "0002_broken", sql });
        let told = Db::open(&town.url, &town.tenant, &broken).await.err().unwrap().to_string();
        assert!(told.contains("town 0002_broken"), "{told}");
        Db::open(&town.url, &town.tenant, &schema()).await.unwrap();
        town.register(agency(1), "Thư").await.unwrap();
    }
}

#[tokio::test]
async fn every_statement_of_the_program_fits_both_engines() {
    for town in Town::both("prepare").await {
        assert_eq!(prepare_all(&town.db).await, Vec::<String>::new());
    }
}

//! Whoever edits, removes or slips in an entry of the audit log is found out.

use crate::town::{Town, agency, letter};
use base::{Id, Instant, Lang, T, Texts};
use engine::verify::{Whole, verify};
use kernel::{Actor, Context, Request, Scope, q, values};
use std::sync::LazyLock;

static TEXTS: LazyLock<Texts> = LazyLock::new(Texts::default);
static TITLE: kernel::Sql = q!("UPDATE town_letters SET title = $1 WHERE {scope}");

fn context() -> Context {
    Context {
        actor: Actor::system("thử"),
        request: Request { path: "/thu".to_owned(), ..Request::default() },
        t: T::new(&TEXTS, Lang::Vi),
        now: Instant::from_micros(1_489_459_320_000_000),
        tenant: "town".to_owned(),
        chance: |bytes| bytes.fill(7),
        offers: std::sync::Arc::default(),
    }
}

async fn act(town: &Town, recorded: bool) -> base::Result<()> {
    let act = move |db: &dyn kernel::Database| {
        kernel::engine::write(db, &context(), |writer| {
            writer.write_any(&TITLE, values!["Đã đổi"])?;
            if recorded {
                writer.record("town.renamed", ("letter", Id::<str>::of(uuid::Uuid::from_u128(9))), agency(1));
            }
            Ok(())
        })
    };
    town.db.write(Scope::Everything, act).await
}

async fn with_three_entries(name: &str) -> Vec<Town> {
    let towns = Town::both(name).await;
    for town in &towns {
        let write = |db: &dyn kernel::Database| letter(db, Id::of(uuid::Uuid::nil()), (agency(1), 1), "Thư");
        town.db.write(Scope::Everything, write).await.unwrap();
        for _ in 0..3 {
            act(town, true).await.unwrap();
        }
    }
    towns
}

#[tokio::test]
async fn an_untouched_log_is_whole() {
    for town in with_three_entries("audit_whole").await {
        assert_eq!(verify(&town.db).await.unwrap(), Ok(Whole { audit: 3, journals: 0 }));
    }
}

#[tokio::test]
async fn a_change_that_nobody_recorded_is_not_kept() {
    for town in with_three_entries("audit_unrecorded").await {
        assert!(act(&town, false).await.is_err());
        assert_eq!(verify(&town.db).await.unwrap(), Ok(Whole { audit: 3, journals: 0 }));
    }
}

#[tokio::test]
async fn every_way_to_tamper_is_found() {
    for (name, sql, first) in [
        ("edit", "UPDATE kernel_audit SET note = 'x' WHERE seq = 2", 2),
        ("delete", "DELETE FROM kernel_audit WHERE seq = 2", 2),
        ("cut", "DELETE FROM kernel_audit WHERE seq = 3", 3),
        (
            "insert",
            "INSERT INTO kernel_audit SELECT 4, at, person_id, person_name, stands_for, right_id, act, \
          subject_kind, subject_id, agency_id, note, path, writes, hash, hash FROM kernel_audit WHERE seq = 3",
            4,
        ),
        (
            "swap",
            "UPDATE kernel_audit SET seq = 5 - seq WHERE seq = 2; UPDATE kernel_audit SET seq = 9 \
          WHERE seq = 3",
            2,
        ),
    ] {
        for town in with_three_entries(&format!("audit_{name}")).await {
            if name == "swap" {
                town.tamper("DELETE FROM kernel_audit WHERE seq = 3").await;
            }
            town.tamper(sql).await;
            let found = verify(&town.db).await.unwrap();
            assert_eq!(found, Err(format!("kernel_audit {first}")), "{name}");
        }
    }
}

//! A backup is the same file on both engines, and a tenant moves from one to the other with it.

use crate::invariants;
use crate::story::{arrived, brought_out, drafted, id_in, pdf, press};
use base::Instant;
use engine::db::{Db, Schema};
use kernel::{Actor, Database, Scope, Sql, System};
use platform::search;
use std::path::Path;
use testkit::{Attachment, Engine, Town};
use vanlang::modules::all as modules;

/// Tables in which every row of a letter's life, and of those who lived it, must be found again.
const TABLES: &[&str] = &[
    "kernel_audit",
    "kernel_jobs",
    "kernel_once",
    "platform_agencies",
    "platform_people",
    "platform_credentials",
    "platform_posts",
    "platform_held",
    "platform_sessions",
    "platform_grants",
    "platform_tasks",
    "platform_waiting",
    "platform_files",
    "platform_findable",
    "platform_words",
    "platform_agency_words",
    "platform_envelopes",
    "platform_outbox",
    "platform_inbox",
    "documents_incoming",
    "documents_standing",
    "documents_outgoing",
];

/// How many rows each table has, and where the mark of rights stands.
fn counts(town: &Town, db: &Db) -> Vec<(&'static str, i64)> {
    let count = |db: &dyn Database| {
        let mut all = Vec::new();
        let mark = ("platform_rights_mark", "SELECT n FROM platform_rights_mark".to_owned());
        let each =
            TABLES.iter().map(|table| (*table, format!("SELECT count(*) FROM {table} WHERE {{scope}}")));
        for (table, text) in each.chain([mark]) {
            let shared = !matches!(
                table,
                "kernel_audit"
                    | "platform_people"
                    | "platform_credentials"
                    | "platform_posts"
                    | "platform_sessions"
                    | "platform_tasks"
                    | "platform_files"
                    | "platform_findable"
                    | "platform_envelopes"
                    | "platform_outbox"
                    | "platform_inbox"
                    | "documents_incoming"
                    | "documents_outgoing"
            );
            let text = if shared { text.replace(" WHERE {scope}", "") } else { text };
            let sql = Sql::new(Box::leak(text.into_boxed_str()), file!());
            db.query(&sql, &[], &mut |row| {
                all.push((table, row.take::<i64>()?));
                Ok(())
            })?;
        }
        Ok(all)
    };
    town.wait(db.read(Scope::Everything, count)).unwrap()
}

/// How often words are found by a clerk of the district.
fn found(town: &Town, db: &Db, words: &'static str) -> usize {
    let person = town.clerk("Việt Trì").id.unwrap();
    let texts = vanlang::app::texts(&vanlang::modules::all()).unwrap();
    let cx = vanlang::app::founding(texts, "phutho", town.server().clock.as_ref());
    let look = move |db: &dyn Database| {
        let actor: Actor =
            kernel::engine::read::<System, _>(db, &cx, |cx| platform::identity::actor(cx, person))?;
        let cx = kernel::Context { actor, ..cx };
        kernel::engine::read::<System, _>(db, &cx, |cx| search::find(cx, words, 50))
    };
    town.wait(db.read(Scope::Everything, look)).unwrap().len()
}

fn whole(town: &Town, db: &Db) -> (i64, i64) {
    let whole = town.wait(engine::verify::verify(db)).unwrap().expect("the chain is whole");
    (whole.audit, whole.journals)
}

fn same(town: &Town, (one, other): (&Db, &Db)) {
    assert_eq!(counts(town, one), counts(town, other));
    assert_eq!(whole(town, one), whole(town, other));
    for words in ["diễn tập", "dien tap", "diễn tập phòng", "thuỷ lợi"] {
        assert_eq!(found(town, one, words), found(town, other, words), "{words}");
    }
    assert!(found(town, other, "diễn tập") > 0);
}

fn a_letter_went_out(town: &Town) {
    let main = pdf("Thu", 2000);
    let file = Attachment { field: "main", name: "thư\\mời.pdf", bytes: &main };
    let to = id_in(town, "phutho", "Việt Trì");
    let page = drafted(town, "Phú Thọ", ("diễn tập phòng thủ\tkhu vực", &[("to", &to)]), &[file]);
    brought_out(town, "Phú Thọ", &page);
    town.settle();
    let page = arrived(town, "Việt Trì", "diễn tập");
    press(&town.clerk("Việt Trì"), &page, "accept", &[]).ok();
    town.settle();
}

async fn sqlite(file: &Path) -> Db {
    Db::open(&format!("sqlite:{}", file.display()), "phutho", &Schema::of(&modules())).await.unwrap()
}

fn moved(engine: &Engine) {
    let town = Town::on(engine, modules());
    a_letter_went_out(&town);
    invariants::hold(&town);
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first.db"), folder.path().join("second.db"));
    let home = town.db("phutho");
    town.wait(home.backup(&first)).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "one file and nothing beside it");
    let copy = town.wait(sqlite(&first));
    same(&town, (home, &copy));
    let Some(Engine::Postgres(url)) = Engine::postgres() else { return };
    // From the file to PostgreSQL, and back into a file once more.
    let name = format!("moved{}_{}", std::process::id(), i32::from(*engine == Engine::Sqlite));
    let elsewhere = town.wait(Db::open(&url, &name, &Schema::of(&modules()))).unwrap();
    town.wait(copy.close()).unwrap();
    town.wait(elsewhere.restore(&first)).unwrap();
    same(&town, (home, &elsewhere));
    town.wait(elsewhere.backup(&second)).unwrap();
    let back = town.wait(sqlite(&second));
    same(&town, (home, &back));
    // Nothing is ever written over.
    let again = town.wait(elsewhere.restore(&first)).unwrap_err().to_string();
    assert!(again.contains("has work in it"), "{again}");
    // Work goes on there: numbers of jobs do not collide, rows are scoped, the chain grows.
    let now: Instant = town.now();
    let cx = vanlang::app::founding(
        vanlang::app::texts(&vanlang::modules::all()).unwrap(),
        "phutho",
        town.server().clock.as_ref(),
    );
    let agency = town.agency("Phú Thọ").id;
    let act = move |db: &dyn Database| {
        kernel::engine::write(db, &cx, |cx| {
            kernel::jobs::enqueue_at(cx, "mail", "after the move", (&serde_json::json!({}), now))?;
            cx.record("admin.act.job_retried", ("agency", agency), agency);
            Ok(())
        })
    };
    town.wait(elsewhere.write(Scope::Everything, act)).unwrap();
    assert_eq!(whole(&town, &elsewhere).0, whole(&town, home).0 + 1);
    for db in [back, elsewhere] {
        town.wait(db.close()).unwrap();
    }
}

#[test]
fn a_backup_of_a_tenant_on_sqlite_comes_back_on_either_engine() {
    moved(&Engine::Sqlite);
}

#[test]
fn a_backup_of_a_tenant_on_postgresql_comes_back_on_either_engine() {
    if let Some(engine) = Engine::postgres() {
        moved(&engine);
    }
}

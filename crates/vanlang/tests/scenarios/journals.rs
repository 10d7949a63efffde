//! I5: whoever edits, deletes or slips in one row of the audit log or of an exchange journal is found out, and
//! the row is named.

use crate::invariants;
use crate::story::{arrived, brought_out, drafted, id_in, pdf, press};
use engine::Db;
use engine::db::Schema;
use kernel::{Module, Scope, Sql, Value};
use std::path::Path;
use testkit::{Attachment, Town};

/// What somebody with the file does to it: the statement, which takes the id of a row or a new id, and how the
/// row that is found out is named; `#` stands for that id.
struct Tampering {
    statement: &'static str,
    named: &'static str,
}

const ENVELOPES: &[Tampering] = &[
    Tampering {
        statement: "UPDATE platform_envelopes SET body = body || ' ' WHERE {scope} AND id = $1",
        named: "platform_envelopes #",
    },
    Tampering {
        statement: "DELETE FROM platform_envelopes WHERE {scope} AND id = $1",
        named: "platform_envelopes: ",
    },
    Tampering {
        statement: "INSERT INTO platform_envelopes (id, agency_id, kind, body, at)
             SELECT $2, agency_id, kind, body, at FROM platform_envelopes WHERE {scope} AND id = $1",
        named: "platform_envelopes +",
    },
];
const OUTBOX: &[Tampering] = &[
    Tampering {
        statement: "UPDATE platform_outbox SET to_code = '000.00.42.H44' WHERE {scope} AND id = $1",
        named: "platform_outbox #",
    },
    Tampering {
        statement: "DELETE FROM platform_outbox WHERE {scope} AND id = $1",
        named: "platform_outbox: ",
    },
    Tampering {
        statement:
            "INSERT INTO platform_outbox (id, agency_id, envelope_id, to_code, to_name, urgency, state,
                attempts, next_at, error, at, leased_until)
             SELECT $2, agency_id, envelope_id, to_code, to_name, urgency, state, attempts, next_at, error, at, 0
             FROM platform_outbox WHERE {scope} AND id = $1",
        named: "platform_outbox +",
    },
];
const INBOX: &[Tampering] = &[
    Tampering {
        statement: "UPDATE platform_inbox SET from_code = '000.00.42.H44' WHERE {scope} AND id = $1",
        named: "platform_inbox #",
    },
    Tampering {
        statement: "DELETE FROM platform_inbox WHERE {scope} AND id = $1",
        named: "platform_inbox: ",
    },
    Tampering {
        statement:
            "INSERT INTO platform_inbox (id, agency_id, envelope_id, kind, from_code, document_id, body, at,
                state, reason)
             SELECT $2, agency_id, $2, kind, from_code, document_id, body, at, state, reason
             FROM platform_inbox WHERE {scope} AND id = $1",
        named: "platform_inbox +",
    },
];
const AUDIT: &[Tampering] = &[
    Tampering {
        statement: "UPDATE kernel_audit SET person_name = 'Ai đó' WHERE {scope} AND seq = 5",
        named: "kernel_audit 5",
    },
    Tampering { statement: "UPDATE kernel_audit SET at = at + 1 WHERE {scope} AND seq = 7", named: "kernel_audit 7" },
    Tampering {
        statement: "UPDATE kernel_audit SET writes = '[]' WHERE {scope} AND writes <> '[]' AND seq =
             (SELECT min(seq) FROM kernel_audit WHERE {scope} AND writes <> '[]')",
        named: "kernel_audit ",
    },
    Tampering { statement: "DELETE FROM kernel_audit WHERE {scope} AND seq = 5", named: "kernel_audit 5" },
    Tampering {
        statement: "DELETE FROM kernel_audit
             WHERE {scope} AND seq = (SELECT max(seq) FROM kernel_audit WHERE {scope})",
        named: "kernel_audit ",
    },
    Tampering {
        statement: "INSERT INTO kernel_audit (seq, at, person_name, stands_for, right_id, act, subject_kind,
                subject_id, note, path, writes, prev, hash)
             SELECT seq + 1, at, person_name, stands_for, right_id, act, subject_kind, subject_id, note, path, '[]', hash, hash
             FROM kernel_audit
             WHERE {scope} AND seq = (SELECT max(seq) FROM kernel_audit WHERE {scope})",
        named: "kernel_audit ",
    },
];

fn modules() -> Vec<Module> {
    vec![kernel::module(), platform::module(), documents::module(), desk::module(), admin::module()]
}

/// A town in which letters went both ways.
fn town() -> Town {
    let town = Town::with(vec![documents::module(), desk::module(), admin::module()]);
    let main = pdf("Thu", 2000);
    let file = Attachment { field: "main", name: "thu.pdf", bytes: &main };
    let to = id_in(&town, "phutho", "Việt Trì");
    let page = drafted(&town, "Phú Thọ", ("diễn tập phòng thủ", &[("to", &to)]), &[file]);
    brought_out(&town, "Phú Thọ", &page);
    town.settle();
    let page = arrived(&town, "Việt Trì", "diễn tập");
    press(&town.clerk("Việt Trì"), &page, "accept", &[]).ok();
    town.settle();
    invariants::hold(&town);
    town
}

/// The middle row of a table.
fn some_row(town: &Town, table: &str) -> uuid::Uuid {
    let text = format!("SELECT id FROM {table} WHERE {{scope}} ORDER BY id");
    let ids: Vec<(uuid::Uuid,)> = crate::story::rows(town, "phutho", Box::leak(text.into_boxed_str()));
    ids[ids.len() / 2].0
}

/// Copies the tenant's database, lets a statement loose on the copy, and answers what the check says.
fn verdict(town: &Town, copy: &Path, (statement, ids): (&'static str, Vec<Value>)) -> Result<i64, String> {
    town.wait(async {
        town.db("phutho").backup(copy).await.unwrap();
        let db =
            Db::open(&format!("sqlite:{}", copy.display()), "phutho", &Schema::of(&modules())).await.unwrap();
        let act = move |db: &dyn kernel::Database| db.execute(&Sql::new(statement, file!()), &ids);
        let changed = db.write(Scope::Everything, act).await.unwrap();
        assert!(changed <= 1, "{statement}: {changed} rows");
        let verdict = engine::verify::verify(&db).await.unwrap();
        db.close().await.unwrap();
        verdict.map(|whole| whole.audit + whole.journals)
    })
}

fn every_tampering_is_found(table: &str, all: &[Tampering]) {
    let town = town();
    let folder = tempfile::tempdir().unwrap();
    let nothing = "UPDATE kernel_jobs SET attempts = 0 WHERE id = -1";
    let whole = verdict(&town, &folder.path().join("whole.db"), (nothing, Vec::new()));
    assert!(whole.unwrap() > 20, "the copy itself is whole");
    let new = uuid::Uuid::from_u128(7);
    for (n, Tampering { statement, named }) in all.iter().enumerate() {
        let copy = folder.path().join(format!("{n}.db"));
        let (mut ids, mut expected) = (Vec::new(), (*named).to_owned());
        if table != "kernel_audit" {
            let row = some_row(&town, table);
            expected = expected.replace('#', &row.to_string()).replace('+', &new.to_string());
            ids.push(Value::Id(row));
            if statement.contains("$2") {
                ids.push(Value::Id(new));
            }
        }
        let name = verdict(&town, &copy, (statement, ids)).expect_err(statement);
        assert!(name.starts_with(&expected), "{statement}: {name} instead of {expected}");
    }
}

#[test]
fn a_changed_audit_log_is_found_out() {
    every_tampering_is_found("kernel_audit", AUDIT);
}

#[test]
fn a_changed_envelope_is_found_out() {
    every_tampering_is_found("platform_envelopes", ENVELOPES);
}

#[test]
fn a_changed_outbox_is_found_out() {
    every_tampering_is_found("platform_outbox", OUTBOX);
}

#[test]
fn a_changed_inbox_is_found_out() {
    every_tampering_is_found("platform_inbox", INBOX);
}

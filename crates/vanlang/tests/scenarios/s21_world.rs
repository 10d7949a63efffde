//! S21, what there is to see: the documents, people and ids of one agency, and all its rows.

use crate::story::{arrived, brought_out, drafted, id_in, pdf, press, taken_in};
use base::AgencyId;
use kernel::{Row, Scope, Sql, Value};
use std::collections::BTreeSet;
use testkit::{Attachment, Person, Town};

/// Words that stand in everything Hùng Lô has, and nowhere else.
pub(crate) const SECRET: &str = "bãi bồi Chim Lạc";
/// The same in the name of its files.
pub(crate) const FILE: &str = "bai-boi-chim-lac.pdf";
/// The agency whose things these are.
pub(crate) const OWNER: &str = "Hùng Lô";

/// What Hùng Lô has.
pub(crate) struct World {
    /// Ids of all its rows.
    pub(crate) ids: BTreeSet<String>,
    /// Ids of its files.
    pub(crate) files: BTreeSet<String>,
    /// Ids of what a POST could be about: documents, groups, stand-ins.
    pub(crate) things: BTreeSet<String>,
}

/// A table with its columns.
struct Table {
    name: String,
    columns: Vec<String>,
}

/// The tables whose rows belong to an agency, as the migrations say.
fn tables(town: &Town) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let steps = town.server().modules.iter().flat_map(|module| &module.migrations);
    for line in steps.flat_map(|step| step.sql.lines()) {
        let words: Vec<&str> = line.trim().trim_end_matches(',').split_whitespace().collect();
        match words.as_slice() {
            ["CREATE", "TABLE", name, ..] => {
                tables.push(Table { name: (*name).to_owned(), columns: Vec::new() });
            }
            [name, "UUID" | "BIGINT" | "TEXT" | "BYTEA" | "INTEGER", ..] => {
                tables.last_mut().unwrap().columns.push((*name).to_owned());
            }
            _ => {}
        }
    }
    let has = |table: &Table, name: &str| table.columns.iter().any(|column| column == name);
    tables.retain(|table| has(table, "agency_id"));
    tables
}

/// All rows of an agency in a table, each column in turn.
fn rows_of(town: &Town, table: &Table, agency: AgencyId) -> Vec<Vec<Value>> {
    let columns = table.columns.join(", ");
    let text = format!("SELECT {columns} FROM {} WHERE {{scope}} AND agency_id = $1", table.name);
    let (sql, width) = (Sql::new(Box::leak(text.into_boxed_str()), file!()), table.columns.len());
    let read = town.db("phutho").read(Scope::Everything, move |db| {
        let mut rows = Vec::new();
        db.query(&sql, &[Value::from(agency)], &mut |row: &mut Row| {
            let values = (0..width).map(|_| row.take::<Value>());
            rows.push(values.collect::<base::Result<Vec<Value>>>()?);
            Ok(())
        })?;
        Ok(rows)
    });
    let mut rows = town.wait(read).unwrap();
    rows.sort_by_cached_key(|row| format!("{row:?}"));
    rows
}

/// Everything an agency has, to compare before and after.
pub(crate) fn everything_of(town: &Town, place: &str) -> Vec<(String, Vec<Vec<Value>>)> {
    let agency = town.agency(place).id;
    tables(town).into_iter().map(|table| (table.name.clone(), rows_of(town, &table, agency))).collect()
}

fn written(id: &Value) -> String {
    match id {
        Value::Id(id) => id.to_string(),
        Value::Bytes(bytes) => uuid::Uuid::from_slice(bytes).map(|id| id.to_string()).unwrap_or_default(),
        other => panic!("{other:?} is no id"),
    }
}

/// Hùng Lô receives, works, writes, numbers a secret paper, names a stand-in and saves a group; Kim Đức receives another letter.
pub(crate) fn world(town: &Town) -> World {
    let main = pdf("Chim Lac", 3000);
    let file = Attachment { field: "main", name: FILE, bytes: &main };
    let (here, above) = (id_in(town, "phutho", OWNER), id_in(town, "phutho", "Việt Trì"));
    let letter = drafted(town, "Việt Trì", (SECRET, &[("to", &here), ("due", "2017-10-31")]), &[file]);
    brought_out(town, "Việt Trì", &letter);
    let other =
        drafted(town, "Việt Trì", ("nuôi cá lồng", &[("to", &id_in(town, "phutho", "Kim Đức"))]), &[file]);
    brought_out(town, "Việt Trì", &other);
    town.settle();
    let page = arrived(town, OWNER, SECRET);
    taken_in(town, OWNER, &page);
    let (officer, leader) = (town.officer(OWNER), town.leader(OWNER));
    press(&officer, &page, "answer", &[]).ok();
    let own = drafted(town, OWNER, (SECRET, &[("to", &above)]), &[file]);
    press(&officer, &own, "comment", &[("words", SECRET)]).ok();
    brought_out(town, OWNER, &own);
    officer.get("/documents/recipients/groups").ok();
    officer.post("/documents/recipients/groups", &[("name", SECRET), ("members", &above)]).sees(SECRET);
    numbered_on_paper(&town.clerk(OWNER));
    stand_in(&leader, &town.head(OWNER));
    town.settle();
    gathered(town)
}

/// A secret document, of which the register tells more than any clerk should write.
fn numbered_on_paper(clerk: &Person<'_>) {
    clerk.get("/documents/secret/new").ok();
    let fields = [
        ("level", "secret"),
        ("type_code", "BC"),
        ("subject", SECRET),
        ("signer_name", "Bùi Minh Châu"),
        ("competence", "TM."),
        ("signer_position", "Chủ tịch"),
        ("to_places", SECRET),
        ("copies", "1"),
        ("pages", "1"),
    ];
    clerk.post("/documents/secret", &fields).sees(SECRET);
}

fn stand_in(leader: &Person<'_>, head: &Person<'_>) {
    leader.get("/settings/delegation").ok();
    let id = head.id.unwrap().to_string();
    let fields = [
        ("to_person", id.as_str()),
        ("from_at", "2017-10-16T09:00"),
        ("to_at", "2017-10-20T17:00"),
        ("reason", SECRET),
    ];
    leader.post("/settings/delegation", &fields).ok().sees(&head.name);
}

fn gathered(town: &Town) -> World {
    let agency = town.agency(OWNER).id;
    let mut world = World { ids: BTreeSet::new(), files: BTreeSet::new(), things: BTreeSet::new() };
    for table in tables(town) {
        let Some(at) = table.columns.iter().position(|column| column == "id") else { continue };
        let ids: Vec<String> = rows_of(town, &table, agency).iter().map(|row| written(&row[at])).collect();
        let target = match table.name.as_str() {
            "platform_files" => Some(&mut world.files),
            "documents_incoming"
            | "documents_outgoing"
            | "documents_groups"
            | "documents_secret"
            | "platform_delegations"
            | "platform_tasks" => Some(&mut world.things),
            _ => None,
        };
        if let Some(target) = target {
            target.extend(ids.iter().cloned());
        }
        world.ids.extend(ids);
    }
    let people = [town.clerk(OWNER), town.leader(OWNER), town.head(OWNER), town.officer(OWNER)];
    world.ids.extend(people.iter().map(|one| one.id.unwrap().to_string()));
    assert!(world.files.len() >= 2 && world.things.len() >= 5, "there is little to see");
    world
}

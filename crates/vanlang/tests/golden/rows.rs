//! Rows of another agency do not exist: every page that opens something by id is asked for the rows of every
//! table, by people of the agency that owns them and by people of another.

use super::rights::{NOBODY, filled};
use base::{AgencyId, Id};
use kernel::{Method, Module, Sql, Value};
use std::collections::BTreeSet;
use testkit::{Engine, Person, Town};
use vanlang::modules::all;

/// A column of a table: name, type, and whether it may be empty.
struct Column {
    name: String,
    kind: String,
    may_be_empty: bool,
}

/// The tables whose rows have an id and belong to an agency.
fn tables(module: &Module) -> Vec<(String, Vec<Column>)> {
    let mut tables: Vec<(String, Vec<Column>)> = Vec::new();
    for line in module.migrations.iter().flat_map(|migration| migration.sql.lines()) {
        let words: Vec<&str> = line.trim().trim_end_matches(',').split_whitespace().collect();
        match words.as_slice() {
            ["CREATE", "TABLE", name, ..] => tables.push(((*name).to_owned(), Vec::new())),
            [name, kind @ ("UUID" | "BIGINT" | "TEXT" | "BYTEA"), rest @ ..] => {
                let may_be_empty = rest.is_empty();
                let column = Column { name: (*name).to_owned(), kind: (*kind).to_owned(), may_be_empty };
                tables.last_mut().expect("a column inside a table").1.push(column);
            }
            _ => {}
        }
    }
    let has = |columns: &[Column], name: &str| columns.iter().any(|column| column.name == name);
    tables.retain(|(_, columns)| has(columns, "id") && has(columns, "agency_id"));
    tables
}

/// Puts one row into each table, whatever stands in it; answers its id.
fn plant(town: &Town, agency: AgencyId) -> Vec<Id<()>> {
    let modules = all();
    let tables: Vec<_> =
        modules.iter().filter(|m| m.sources.contains("/modules/")).flat_map(tables).collect();
    town.act("phutho", move |cx| {
        let mut ids = Vec::new();
        for (table, columns) in &tables {
            let id = cx.new_id::<()>();
            let value = |column: &Column| match (column.name.as_str(), column.kind.as_str()) {
                ("id", _) => Value::from(id),
                ("agency_id", _) => Value::from(agency),
                _ if column.may_be_empty => Value::Null,
                (_, "UUID") => Value::from(cx.new_id::<()>()),
                (_, "BIGINT") => Value::Int(1),
                (_, "BYTEA") => Value::Bytes(Vec::new()),
                _ => Value::Text("2017-10-16".to_owned()),
            };
            let values: Vec<Value> = columns.iter().map(value).collect();
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            let places: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
            let text = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
            cx.write(&Sql::new(Box::leak(text.into_boxed_str()), file!()), &values)?;
            ids.push(id);
        }
        let planted = cx.new_id::<()>();
        cx.record_plain("test.planted", ("row", planted));
        Ok(ids)
    })
}

fn people<'t>(town: &'t Town, place: &str) -> Vec<Person<'t>> {
    vec![town.clerk(place), town.leader(place), town.head(place), town.officer(place)]
}

fn rows_of_another_agency_do_not_exist(engine: &Engine) {
    let town = Town::on(engine, all());
    let ids = plant(&town, town.agency("Hùng Lô").id);
    let modules = all();
    let routes = modules.iter().flat_map(|module| &module.routes);
    let by_id: BTreeSet<&str> = routes
        .filter(|route| route.method == Method::Get && !route.data && route.path.matches('{').count() == 1)
        .map(|route| route.path)
        .collect();
    let (mut problems, mut found_by_owner) = (Vec::new(), BTreeSet::new());
    for path in by_id {
        for id in &ids {
            let path_of_row = filled(path).replace(NOBODY, &id.to_string());
            let ask = |person: &Person<'_>| person.ask(Method::Get, &path_of_row, ("", Vec::new())).status;
            for stranger in people(&town, "Kim Đức") {
                let status = ask(&stranger);
                if !matches!(status, 403 | 404) {
                    problems.push(format!("{path} shows a row of another agency: {status}"));
                }
            }
            // What stands in the row is nonsense, so the owner's page may fail; but it is there.
            if people(&town, "Hùng Lô").iter().any(|owner| !matches!(ask(owner), 403 | 404)) {
                found_by_owner.insert(path);
            }
        }
    }
    problems.sort();
    problems.dedup();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(!found_by_owner.is_empty(), "no page opens anything by id: this test tests nothing");
}

#[test]
fn rows_of_another_agency_do_not_exist_on_sqlite() {
    rows_of_another_agency_do_not_exist(&Engine::Sqlite);
}

#[test]
fn rows_of_another_agency_do_not_exist_on_postgres() {
    if let Some(engine) = Engine::postgres() {
        rows_of_another_agency_do_not_exist(&engine);
    }
}

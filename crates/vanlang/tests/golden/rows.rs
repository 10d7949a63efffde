//! Rows of another agency do not exist: every page, answer and act that opens something by id is asked for the rows of
//! every table of its module and of the platform, by people of the agency that owns them and by people of another. Which
//! of them find a row there stands in a golden file, so that one which proves nothing any more is seen.

use super::rights::{NOBODY, compare, filled};
use base::{AgencyId, Id};
use kernel::{Method, Module, Route, Sql, Value};
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
            // What is part of the key may not be empty either, on PostgreSQL.
            ["PRIMARY", "KEY", of @ ..] => {
                let of: Vec<&str> = of.iter().map(|name| name.trim_matches(['(', ')', ','])).collect();
                let columns = &mut tables.last_mut().expect("a key inside a table").1;
                columns
                    .iter_mut()
                    .filter(|one| of.contains(&one.name.as_str()))
                    .for_each(|one| one.may_be_empty = false);
            }
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

/// Puts one row into each table of the modules, whatever stands in it; answers whose table it is, and its id.
fn plant(town: &Town, agency: AgencyId) -> Vec<(&'static str, Id<()>)> {
    let modules = all();
    let tables: Vec<_> = modules
        .iter()
        .filter(|module| module.name != "kernel")
        .flat_map(|module| tables(module).into_iter().map(|(table, columns)| (module.name, table, columns)))
        .collect();
    town.act("phutho", move |cx| {
        let mut ids = Vec::new();
        for (module, table, columns) in &tables {
            let id = cx.new_id::<()>();
            let value = |column: &Column| match (column.name.as_str(), column.kind.as_str()) {
                ("id", _) => Value::from(id),
                ("agency_id", _) => Value::from(agency),
                // A task nobody owns is counted nowhere, and the counting knows it.
                ("pool", _) => Value::Text("2017-10-16".to_owned()),
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
            ids.push((*module, id));
        }
        let planted = cx.new_id::<()>();
        cx.record_plain("test.planted", ("row", planted));
        Ok(ids)
    })
}

/// What somebody is answered, without following where it leads. An act is asked for without any field.
fn status(person: &Person<'_>, route: &Route, path: &str) -> u16 {
    match (route.method, route.data) {
        (_, true) => person.api(path, None).status,
        (Method::Get, _) => person.ask(Method::Get, path, ("", Vec::new())).status,
        (Method::Post, _) => person.api(path, Some(&serde_json::json!({}))).status,
    }
}

/// The addresses of a row: alone, or with something inside it that has its id or is nobody's.
fn addresses(route: &Route, id: Id<()>) -> BTreeSet<String> {
    let (nobody, id) = (filled(route.path), id.to_string());
    [nobody.replacen(NOBODY, &id, 1), nobody.replace(NOBODY, &id)].into()
}

fn people<'t>(town: &'t Town, place: &str) -> Vec<Person<'t>> {
    vec![town.clerk(place), town.leader(place), town.head(place), town.officer(place)]
}

fn word(route: &Route) -> &'static str {
    match (route.method, route.data) {
        (_, true) => "DATA",
        (Method::Get, _) => "GET ",
        (Method::Post, _) => "POST",
    }
}

fn rows_of_another_agency_do_not_exist(engine: &Engine) {
    let town = Town::on(engine, all());
    let ids = plant(&town, town.agency("Hùng Lô").id);
    let modules = all();
    let by_id = modules.iter().flat_map(|module| module.routes.iter().map(move |route| (module.name, route)));
    let by_id: Vec<(&str, &Route)> = by_id.filter(|(_, route)| route.path.contains('{')).collect();
    let (strangers, owners) = (people(&town, "Kim Đức"), people(&town, "Hùng Lô"));
    let (mut problems, mut found) = (Vec::new(), BTreeSet::new());
    // Acts come last: what an owner does with nonsense must not be in the way of what is read.
    for acts in [false, true] {
        for (module, route) in by_id.iter().filter(|(_, route)| (route.method == Method::Post) == acts) {
            let nowhere = |person: &Person<'_>| status(person, route, &filled(route.path));
            let (of_nobody, own): (Vec<u16>, Vec<u16>) =
                (strangers.iter().map(nowhere).collect(), owners.iter().map(nowhere).collect());
            let name = format!("{}  {}", word(route), route.path);
            for (_, id) in ids.iter().filter(|(of, _)| of == module || *of == "platform") {
                for path in addresses(route, *id) {
                    for (stranger, nothing) in strangers.iter().zip(&of_nobody) {
                        let got = status(stranger, route, &path);
                        // Who reads the form first finds it empty, whatever the row.
                        if !matches!(got, 403 | 404) && (got != *nothing || got < 400) {
                            problems.push(format!("{name} shows a row of another agency: {got}"));
                        }
                    }
                    // What stands in the row is nonsense, so the owner's page may fail; but it is there.
                    let there = |(owner, nothing): (&Person<'_>, &u16)| {
                        *nothing == 404 && !matches!(status(owner, route, &path), 403 | 404)
                    };
                    if !found.contains(&name) && owners.iter().zip(&own).any(there) {
                        found.insert(name.clone());
                    }
                }
            }
        }
    }
    problems.sort();
    problems.dedup();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let mut text = String::from(
        "# Where the owner of a row finds it and a stranger does not. What is absent opens rows that need others beside\n\
         # them, or an act reads its form first: stories show those.\n",
    );
    for name in found {
        text.push_str(&name);
        text.push('\n');
    }
    compare("rows.txt", &text);
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

//! Statements: their style, whose tables they name, and that they keep to the actor's agencies.

use super::House;
use crate::db::Registered;
use crate::ddl::{Reading, agency_tables};
use crate::module::Module;
use std::collections::BTreeSet;

const KEYWORDS: &[&str] = &[
    "select",
    "insert",
    "update",
    "delete",
    "from",
    "where",
    "join",
    "and",
    "or",
    "order",
    "group",
    "having",
    "limit",
    "union",
    "values",
    "set",
    "into",
    "returning",
    "exists",
    "between",
    "distinct",
    "case",
    "when",
];

pub(super) fn problems(house: &House<'_>) -> Vec<String> {
    let tables: Vec<(String, Reading)> =
        house.module.migrations.iter().flat_map(|migration| agency_tables(migration.sql)).collect();
    let mut problems = Vec::new();
    for statement in registered().filter(|statement| is_in(statement, house)) {
        let mut found = style(statement.text);
        found.extend(scope_problem(statement.text, &tables));
        if house.is_domain() {
            let prefix = format!("{}_", house.module.name);
            let foreign =
                tables_named(statement.text).into_iter().filter(|(_, table)| !table.starts_with(&prefix));
            found.extend(foreign.map(|(_, table)| format!("names {table}, a table of somebody else")));
            found.extend(secret_named(statement.text).map(|table| format!("names {table}, who people are")));
        }
        problems.extend(found.iter().map(|text| format!("{}:{}: {text}", statement.at, statement.line)));
    }
    problems
}

/// Every statement linked into this program.
pub fn registered() -> impl Iterator<Item = &'static Registered> {
    crate::inventory::iter::<Registered>.into_iter()
}

/// The tables whose rows belong to agencies, of all these modules.
pub fn owned_tables(modules: &[Module]) -> Vec<(String, Reading)> {
    let migrations = modules.iter().flat_map(|module| &module.migrations);
    migrations.flat_map(|migration| agency_tables(migration.sql)).collect()
}

/// What is wrong when a statement reads or changes rows of agencies without `{scope}`. On PostgreSQL row-level
/// security would hide the rows silently; on SQLite the statement would not prepare.
pub fn scope_problem(text: &str, owned: &[(String, Reading)]) -> Option<String> {
    if text.contains("{scope") {
        return None;
    }
    let deletes = words(text).first() == Some(&"DELETE");
    let limited = |verb: &str, reading: Reading| match verb {
        "INTO" => false,
        "UPDATE" => true,
        _ => deletes || reading == Reading::Scoped,
    };
    let named = tables_named(text).into_iter();
    let mut touched = named
        .filter(|(verb, table)| owned.iter().any(|(name, reading)| name == table && limited(verb, *reading)));
    touched.next().map(|(_, table)| format!("touches {table} without {{scope}}"))
}

/// Accounts and the tenant's own keys. A module learns of people through `platform` and never says these words,
/// wherever in a statement they stand.
const SECRET: &[&str] = &[
    "platform_people",
    "platform_credentials",
    "platform_sessions",
    "platform_tokens",
    "platform_invitations",
    "platform_codes",
    "platform_attempts",
    "platform_keys",
    "platform_held",
    "platform_devices",
    "platform_push_wishes",
];

fn secret_named(text: &str) -> impl Iterator<Item = &'static str> {
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    SECRET.iter().copied().filter(move |table| words.contains(table))
}

/// True when a statement is written in the sources of a module. `at` is relative to the workspace.
fn is_in(statement: &Registered, house: &House<'_>) -> bool {
    statement.at.split_once("/src/").is_some_and(|(folder, _)| house.root.ends_with(folder))
}

fn style(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let words = words(text);
    if text.contains("SELECT *") || text.contains(".*") || text.contains(", *") {
        problems.push("names no columns: write them out instead of *".to_owned());
    }
    if let Some(word) = words.iter().find(|word| KEYWORDS.contains(word)) {
        problems.push(format!("writes {word} in small letters: {}", word.to_uppercase()));
    }
    problems
}

/// Words of a statement outside quotes, punctuation as words of their own.
fn words(text: &str) -> Vec<&str> {
    let outside = text.split('\'').step_by(2);
    let mut words = Vec::new();
    for part in outside {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let is_name = |c: char| c.is_alphanumeric() || "_.$:{}".contains(c);
            let length = if is_name(first) {
                rest.find(|c| !is_name(c)).unwrap_or(rest.len())
            } else {
                first.len_utf8()
            };
            let (word, tail) = rest.split_at(length);
            if !word.trim().is_empty() {
                words.push(word);
            }
            rest = tail;
        }
    }
    words
}

/// The tables a statement names, each with the word before it: `FROM`, `JOIN`, `INTO` or `UPDATE`. Names the
/// statement itself gives to subqueries, and functions, are no tables.
fn tables_named(text: &str) -> Vec<(&str, String)> {
    let words = words(text);
    let own: BTreeSet<&str> = words
        .windows(3)
        .filter_map(|three| match three {
            ["WITH" | "RECURSIVE" | ",", name, "AS" | "("] => Some(*name),
            _ => None,
        })
        .collect();
    let mut tables = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if !matches!(*word, "FROM" | "JOIN" | "INTO" | "UPDATE") {
            continue;
        }
        let (next, after) = (words.get(at + 1).copied().unwrap_or("("), words.get(at + 2).copied());
        // `INSERT INTO t (…)` names a table; `FROM f(…)` calls a function.
        let is_call = *word != "INTO" && after == Some("(");
        let is_name = next.starts_with(|c: char| c.is_ascii_lowercase());
        if is_name && !is_call && !own.contains(next) {
            tables.push((*word, next.to_owned()));
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::{scope_problem, secret_named, style, tables_named};
    use crate::ddl::Reading;

    #[test]
    fn tables_are_told_from_subqueries_and_functions() {
        let text = "WITH RECURSIVE up(id) AS (SELECT parent FROM archives_boxes WHERE id = $1), last AS (
            SELECT x FROM json_each ($2))
         SELECT a.id FROM up JOIN archives_files a ON a.box = up.id JOIN last ON TRUE WHERE a.name = 'FROM x'";
        let names: Vec<String> = tables_named(text).into_iter().map(|(_, table)| table).collect();
        assert_eq!(names, ["archives_boxes", "archives_files"]);
    }

    #[test]
    fn rows_of_agencies_are_touched_only_under_scope() {
        let owned =
            [("archives_boxes".to_owned(), Reading::Scoped), ("archives_names".to_owned(), Reading::ByAll)];
        assert!(scope_problem("SELECT id FROM archives_boxes", &owned).is_some());
        assert!(scope_problem("SELECT id FROM archives_boxes WHERE {scope}", &owned).is_none());
        assert!(scope_problem("INSERT INTO archives_boxes (id) VALUES ($1)", &owned).is_none());
        assert!(scope_problem("INSERT INTO archives_x (id) SELECT id FROM archives_boxes", &owned).is_some());
        assert!(scope_problem("SELECT id FROM archives_names", &owned).is_none());
        assert!(scope_problem("UPDATE archives_names SET name = $1", &owned).is_some());
        assert!(scope_problem("DELETE FROM archives_names WHERE id = $1", &owned).is_some());
    }

    #[test]
    fn no_module_says_the_name_of_a_table_of_accounts() {
        assert_eq!(secret_named("SELECT a.id FROM a, platform_sessions s").next(), Some("platform_sessions"));
        assert_eq!(secret_named("SELECT (SELECT 1 FROM \"platform_keys\")").next(), Some("platform_keys"));
        assert_eq!(secret_named("SELECT id FROM documents_platform_keys_x").next(), None);
    }

    #[test]
    fn the_style_of_a_statement() {
        assert!(style("SELECT count(*) FROM a WHERE state = 'set'").is_empty());
        assert_eq!(style("select * from a").len(), 1);
        assert_eq!(style("SELECT * FROM a where b = 1").len(), 2);
    }
}

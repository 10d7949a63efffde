//! Migrations, and law as data.

use super::House;

pub(super) fn problems(house: &House<'_>) -> Vec<String> {
    let mut problems = migrations(house);
    problems.extend(unheld_files(house));
    for (name, text) in &house.module.rules {
        match text.parse::<toml::Table>() {
            Ok(table) => problems.extend(rule_file(name, &table)),
            Err(error) => problems.push(format!("rules/{name}.toml: {error}")),
        }
    }
    problems
}

fn migrations(house: &House<'_>) -> Vec<String> {
    let (mut problems, mut before) = (Vec::new(), "");
    for migration in &house.module.migrations {
        let name = migration.name;
        let number = name.split('_').next().unwrap_or("");
        if number.len() != 4 || !number.chars().all(|c| c.is_ascii_digit()) || name.len() < 6 {
            problems.push(format!("migration {name}: a name is like 0001_incoming"));
        }
        if name <= before {
            problems.push(format!("migration {name} stands behind {before}"));
        }
        before = name;
        problems.extend(tables(house, name, migration.sql));
    }
    problems
}

/// Stored files no row names are removed after a day: who keeps their names in tables of their own says so.
fn unheld_files(house: &House<'_>) -> Option<String> {
    let names = |sql: &str| sql.lines().any(|line| line.trim_start().starts_with("sha256 "));
    let kept = house.module.migrations.iter().find(|migration| names(migration.sql))?;
    let silent = house.module.holds_files.is_empty();
    silent
        .then(|| format!("migration {}: a column sha256, and the manifest has no .holds_files(…)", kept.name))
}

/// A table is named after its module and belongs to agencies. One that does not says why:
/// `-- shared: the kinds of documents are the same for everybody` on the line above.
fn tables(house: &House<'_>, migration: &str, sql: &str) -> Vec<String> {
    let (mut problems, mut shared) = (Vec::new(), false);
    let owned = crate::ddl::agency_tables(sql);
    for line in sql.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (name, is_virtual) = match words.as_slice() {
            ["CREATE", "TABLE", name, ..] => (name.split('(').next().unwrap_or(name), false),
            ["CREATE", "VIRTUAL", "TABLE", name, ..] => (*name, true),
            ["--", rest @ ..] => {
                shared |= rest.first() == Some(&"shared:") && rest.len() > 1;
                continue;
            }
            _ => continue,
        };
        let mut say = |text: &str| problems.push(format!("migration {migration}: table {name} {text}"));
        if !name.starts_with(&format!("{}_", house.module.name)) {
            say("does not begin with the name of its module");
        }
        let belongs = is_virtual || shared || owned.iter().any(|(table, _)| table == name);
        if house.is_domain() && !belongs {
            say("has no agency_id and no `-- shared: why` above it");
        }
        shared = false;
    }
    problems
}

/// Each entry of a rule file says where it stands in the law, and since when it is in force.
fn rule_file(name: &str, table: &toml::Table) -> Vec<String> {
    let mut problems = Vec::new();
    for (kind, entries) in table {
        let Some(entries) = entries.as_array().filter(|entries| entries.iter().all(toml::Value::is_table))
        else {
            continue;
        };
        for (number, entry) in entries.iter().enumerate() {
            let mut say =
                |text: &str| problems.push(format!("rules/{name}.toml: {kind} {}: {text}", number + 1));
            let text = |key: &str| entry.get(key).and_then(toml::Value::as_str);
            if text("source").is_none_or(|source| source.trim().is_empty()) {
                say("`source` is missing: decree, article, clause");
            }
            if entry.get("valid_from").and_then(toml::Value::as_datetime).is_none() {
                say("`valid_from` is missing: a date such as 2020-03-05");
            }
            if entry.get("confidence").is_some() && text("confidence") != Some("secondary") {
                say("`confidence` is \"secondary\" or absent");
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::rule_file;

    #[test]
    fn a_rule_without_source_or_date_is_refused() {
        let table = "[[deadline]]\nsource = \"Nghị định 1, Điều 2\"\nvalid_from = 2020-03-05\n\
                     [[deadline]]\nsource = \" \"\nvalid_from = \"2020\"\nconfidence = \"sure\"\n"
            .parse()
            .unwrap();
        let problems = rule_file("deadlines", &table);
        assert_eq!(problems.len(), 3);
        assert!(problems.iter().all(|problem| problem.starts_with("rules/deadlines.toml: deadline 2")));
    }
}

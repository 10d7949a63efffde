//! Sizes, forbidden words and borders.

use super::House;
use super::source::{Source, is_word};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

/// What no source outside tests may hold, and why.
const NEVER: &[(&str, &str)] = &[
    ("#[allow", "write `#[expect(lint, reason = \"…\")]`"),
    ("#![allow", "write `#![expect(lint, reason = \"…\")]`"),
    ("todo!", "finish it"),
    ("unimplemented!", "finish it"),
    ("dbg!", "take it out"),
    (".unwrap()", "answer an error instead"),
    (".expect(", "answer an error instead"),
];

/// What a domain module may not see.
const NOT_IN_MODULES: &[(&str, &str)] = &[
    ("kernel::engine", "only the engine makes handles"),
    ("axum::", "domain code knows no HTTP"),
    ("tokio::", "domain code is synchronous"),
    ("rusqlite::", "domain code knows no driver"),
    ("tokio_postgres::", "domain code knows no driver"),
    ("rand::", "chance enters through cx"),
    ("anyhow::", "errors are base::Error"),
    ("engine::", "modules do not import the engine"),
    ("SystemTime::now", "time enters through cx.now()"),
    ("Instant::now", "time enters through cx.now()"),
];

pub(super) fn problems(house: &House<'_>) -> Vec<String> {
    let mut problems = of_any_crate(&house.sources);
    if house.is_domain() {
        let neighbours = neighbours(house);
        for source in &house.sources {
            for (at, text) in borders(source, &neighbours) {
                problems.push(format!("{}:{}: {text}", source.path, source.line_at(at)));
            }
            for (line, text) in misplaced_sql(source) {
                problems.push(format!("{}:{line}: {text}", source.path));
            }
        }
    }
    problems
}

/// What holds in every crate.
pub(super) fn of_any_crate(sources: &[Source]) -> Vec<String> {
    let mut problems = Vec::new();
    for source in sources {
        let mut say = |line: usize, text: String| {
            problems.push(format!("{}:{line}: {text}", source.path));
        };
        if source.lines > FILE_LINES {
            say(1, format!("{} lines; a file has at most {FILE_LINES}", source.lines));
        }
        for function in source.functions() {
            let lines = function.text.lines().count();
            if lines > FUNCTION_LINES && !is_excepted(source, function.line, "too_many_lines") {
                let name = function.name;
                say(
                    function.line,
                    format!("`{name}` has {lines} lines; a function has at most {FUNCTION_LINES}"),
                );
            }
        }
        for (word, why) in NEVER {
            for line in source.places(word).map(|at| source.line_at(at)) {
                let lint = word.trim_matches(|c: char| !is_word(c));
                if !is_excepted(source, line, &format!("clippy::{lint}_used")) {
                    say(line, format!("`{word}`: {why}"));
                }
            }
        }
    }
    problems
}

/// An exception that is written down: `#[expect(clippy::expect_used, reason = "…")]` a few lines above.
fn is_excepted(source: &Source, line: usize, lint: &str) -> bool {
    let above = source.code.lines().take(line).skip(line.saturating_sub(6));
    above.filter(|line| line.contains(lint)).count() > 0
}

/// The other modules that lie beside this one.
fn neighbours(house: &House<'_>) -> Vec<String> {
    let folder = house.root.parent().map(super::names).unwrap_or_default();
    folder.into_iter().filter(|name| name != house.module.name).map(|name| name.replace('-', "_")).collect()
}

fn borders(source: &Source, neighbours: &[String]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut look = |word: &str, why: &str| {
        for at in source.places(word) {
            let before = source.code.get(..at).unwrap_or("").chars().next_back();
            // `crate::web::desk::` and `super::engine::` are our own.
            if !before.is_some_and(|c| is_word(c) || c == ':') {
                found.push((at, format!("`{word}`: {why}")));
            }
        }
    };
    for (word, why) in NOT_IN_MODULES {
        look(word, why);
    }
    for name in neighbours {
        look(&format!("{name}::"), "modules meet only in contracts");
    }
    found
}

/// Statements live in `store`; `model` may hold the `SELECT` of its records.
fn misplaced_sql(source: &Source) -> Vec<(usize, String)> {
    let lies_in = |name: &str| {
        source.path == format!("src/{name}.rs") || source.path.starts_with(&format!("src/{name}/"))
    };
    if lies_in("store") {
        return Vec::new();
    }
    let may_select = lies_in("model");
    let is_sql = |text: &str| {
        let begins = |word: &str| text.trim_start().starts_with(word);
        ["INSERT INTO ", "UPDATE ", "DELETE FROM "].into_iter().any(begins)
            || !may_select && begins("SELECT ")
    };
    let literals = source.literals.iter().filter(|literal| is_sql(&literal.text));
    literals.map(|literal| (literal.line, "SQL lives in src/store.rs or src/store/".to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::{borders, misplaced_sql};
    use crate::house::source::Source;

    #[test]
    fn borders_are_names_of_crates_not_parts_of_paths() {
        let source = Source::new(
            "src/web.rs".to_owned(),
            "use desk::Task;\nuse crate::web::desk::x;\nmy_desk::y();\ntokio::spawn();\n",
        );
        let lines: Vec<usize> =
            borders(&source, &["desk".to_owned()]).iter().map(|(at, _)| source.line_at(*at)).collect();
        assert_eq!(lines, [4, 1]);
    }

    #[test]
    fn statements_outside_store_are_found() {
        let text = "fn f() { (\"SELECT id\", \"Selected\", \"UPDATE x SET\") }";
        let found = |path: &str| misplaced_sql(&Source::new(path.to_owned(), text)).len();
        assert_eq!((found("src/actions.rs"), found("src/model/a.rs"), found("src/store.rs")), (2, 1, 0));
    }
}

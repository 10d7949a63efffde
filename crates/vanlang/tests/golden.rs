//! All modules together: who may do what, what everybody may see, and statements on both databases.
//!
//! The files in `golden/` are read by a person when they change. `VANLANG_ACCEPT=1 cargo test -p vanlang
//! --test golden` writes them anew.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where something does not hold")]

mod golden {
    pub(crate) mod rights;
    pub(crate) mod rows;
    pub(crate) mod schema;
}

use engine::db::prepare_all;
use kernel::house::{problems_together, statements};
use kernel::{Module, Registered};
use std::path::Path;
use testkit::{Engine, Town};
use vanlang::modules::all;

/// A crate beside this one.
macro_rules! beside {
    ($name:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/../", $name)
    };
}

#[test]
fn the_modules_stand_together() {
    let mut modules = all();
    // Components and engine have texts but no manifest; one is lent to them here.
    modules.push(Module::new("ui", beside!("ui")).texts(ui::VI, ui::EN));
    modules.push(Module::new("engine", beside!("engine")).texts(engine::VI, engine::EN));
    let problems = problems_together(&modules, &[Path::new(beside!("base")), Path::new(beside!("vanlang"))]);
    assert!(problems.is_empty(), "{} things:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn every_module_keeps_the_house_rules() {
    let mut problems = Vec::new();
    for module in all() {
        let found = kernel::house::problems(&module);
        problems.extend(found.iter().map(|problem| format!("{}: {problem}", module.name)));
    }
    assert!(problems.is_empty(), "{} things:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn every_place_in_the_rail_has_its_icon() {
    for module in all() {
        let places = module.menu.iter().map(|item| (item.label, item.icon));
        for (label, icon) in places.chain(module.queues.iter().map(|queue| (queue.label, queue.icon))) {
            assert!(ui::ICONS.contains(&icon), "{label} has the unknown icon {icon}");
        }
    }
}

/// What stands in quotation marks in the walk of the demonstration is what a button says.
#[test]
fn the_walk_calls_buttons_by_their_names() {
    let mut texts = base::Texts::default();
    for module in all() {
        let (vi, en) = module.texts;
        texts.add(vi, en).unwrap();
    }
    for lang in [base::Lang::Vi, base::Lang::En] {
        let is_walk = |key: &&str| key.starts_with("demo.walk");
        let labels: Vec<&str> =
            texts.keys(lang).filter(|key| !is_walk(key)).map(|key| texts.get(lang, key)).collect();
        for key in texts.keys(lang).filter(is_walk) {
            for quoted in texts.get(lang, key).split('“').skip(1) {
                let name = quoted.split('”').next().unwrap_or_default();
                assert!(labels.contains(&name), "{key}: no button says {name:?}");
            }
        }
    }
}

#[test]
fn rows_of_agencies_are_touched_only_under_scope() {
    let owned = statements::owned_tables(&all());
    let problems: Vec<String> = statements::registered()
        .filter_map(|known| {
            let text = statements::scope_problem(known.text, &owned)?;
            Some(format!("{}:{}: {text}", known.at, known.line))
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn every_statement_prepares(engine: &Engine) {
    let town = Town::on(engine, all());
    let db = town.db("phutho");
    let mut problems = town.wait(prepare_all(db));
    // Full-text search is written once for each engine.
    let not_meant = |known: &&Registered| known.only.is_some_and(|only| only != db.dialect());
    let places: Vec<String> = statements::registered()
        .filter(not_meant)
        .map(|known| format!("{}:{}: ", known.at, known.line))
        .collect();
    problems.retain(|problem| !places.iter().any(|place| problem.starts_with(place)));
    assert!(problems.is_empty(), "{} statements:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn every_statement_prepares_on_sqlite() {
    every_statement_prepares(&Engine::Sqlite);
}

#[test]
fn every_statement_prepares_on_postgres() {
    if let Some(engine) = Engine::postgres() {
        every_statement_prepares(&engine);
    }
}

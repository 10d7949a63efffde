//! The house test finds what is wrong: a module with one of every mistake.
#![expect(clippy::unwrap_used, reason = "a test ends where something does not hold")]

use kernel::{MenuItem, Module, Public, Reader, Reply, SignedIn, Writer};
use std::fs;
use std::path::Path;

base::form! {
    struct BoxForm {
        name: String = base::form::Field::line("archives.name").required(),
    }
}

kernel::rights! {
    /// Not `archives.noun.verb`.
    Odd = "archives.odd" for ["clerk"];
}

fn page(cx: &Reader<'_, Public>) -> Reply {
    cx.page("", "")
}

fn mine(cx: &Reader<'_, SignedIn>) -> Reply {
    cx.page("", "")
}

fn save(cx: &mut Writer<'_, Odd>) -> Reply {
    cx.done("archives.saved", "/archives")
}

const VI: &str =
    "[archives]\nname = \"Tên {n}\"\nsaved = \"Đã lưu\"\nunused = \"Thừa\"\n[other]\nx = \"Của ai\"";
const EN: &str = "[archives]\nname = \"Name\"\nsaved = \"\"\nunused = \"Too much\"\n";
const RULES: &str = "[[keep]]\nvalid_from = 2020-03-05\n";
const MIGRATION: &str = "CREATE TABLE archives_box (\n    id UUID PRIMARY KEY\n);\nCREATE TABLE boxes (\n    agency_id UUID\n);\n\
    -- shared: the kinds are the same for everybody\nCREATE TABLE archives_kind (\n    id UUID\n);\n";
const SOURCE: &str = r#"
#[allow(dead_code)]
fn save(cx: &mut Cx) { let ask: BoxForm = cx.form()?; first().unwrap(); }
fn routes(r: &mut Routes) { r.post("/archives", save); }
use desk::Task;
use kernel::engine::read;
fn texts() { ("archives.saved", "archives.missing", "archives.kind.", "SELECT id FROM archives_box"); }
"#;

/// A folder of a module beside another one.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let module = folder.path().join("modules/archives");
    fs::create_dir_all(folder.path().join("modules/desk")).unwrap();
    for (path, text) in [
        ("src/web.rs", SOURCE),
        ("src/long.rs", &"\n".repeat(401)),
        ("src/wide.rs", &format!("fn wide() {{{}}}", "\n".repeat(61))),
        ("i18n/vi.toml", VI),
        ("migrations/0001_box.sql", MIGRATION),
        ("migrations/0003_forgotten.sql", ""),
        ("rules/keep.toml", RULES),
    ] {
        let path = module.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn module(sources: &Path) -> Module {
    let sources = Box::leak(sources.to_str().unwrap().to_owned().into_boxed_str());
    let menu = |path| MenuItem {
        section: "",
        label: "archives.name",
        path,
        icon: "",
        right: "public",
        waiting: None,
    };
    Module::new("archives", sources)
        .menu(menu("/archives/none"))
        .menu(menu("/archives/mine"))
        .texts(VI, EN)
        .migration("0002_later", "")
        .migration("0001_box", MIGRATION)
        .rules("keep", RULES)
        .routes(|r| {
            r.get("/archives", page);
            r.get("/archives/mine", mine);
            r.get("/archives/{id}", page);
            r.get("/archives/{box}", page);
            r.post("/archives", save);
            r.post("/archives/other", save).form::<BoxForm>().page("/archives/nowhere");
        })
}

/// Beginnings of what the list must say, each once.
const WANTED: &[&str] = &[
    "README.md is missing",
    "src/lib.rs is missing",
    "src/store.rs or src/store/ is missing",
    "migrations/0003_forgotten.sql is not in the manifest",
    "route Get /archives/{box}: is declared twice",
    "route Post /archives: its right archives.odd",
    "route Post /archives: its handler reads a form",
    "route Post /archives/other: its right archives.odd",
    "route Post /archives/other: its page /archives/nowhere",
    "menu archives.name: no GET route",
    "menu archives.name: needs public but its page needs signed-in",
    "src/long.rs:1: 401 lines",
    "src/wide.rs:1: `wide` has 62 lines",
    "src/web.rs:2: `#[allow`",
    "src/web.rs:3: `.unwrap()`",
    "src/web.rs:5: `desk::`",
    "src/web.rs:6: `kernel::engine`",
    "src/web.rs:7: SQL lives in",
    "i18n/en.toml or i18n/en/ is missing",
    "i18n en: text other.x is missing",
    "i18n en: text archives.saved is empty",
    "i18n: text archives.name has placeholders",
    "src/web.rs:7: text archives.missing is not in i18n",
    "src/web.rs:7: no text begins with archives.kind.",
    "i18n vi: text archives.name is used nowhere",
    "i18n vi: text archives.unused is used nowhere",
    "i18n vi: text other.x does not begin with archives",
    "migration 0001_box stands behind 0002_later",
    "migration 0001_box: table archives_box has no agency_id",
    "migration 0001_box: table boxes does not begin",
    "rules/keep.toml: keep 1: `source` is missing",
];

#[test]
fn every_mistake_is_named_once() {
    let folder = folder();
    let mut problems = kernel::house::problems(&module(&folder.path().join("modules/archives")));
    for wanted in WANTED {
        let before = problems.len();
        problems.retain(|problem| !problem.starts_with(wanted));
        assert_eq!(before - problems.len(), 1, "not named once: {wanted}\nleft: {problems:#?}");
    }
    assert!(problems.is_empty(), "named although fine: {problems:#?}");
}

#[test]
#[should_panic(expected = "module archives owes the house")]
fn the_house_test_fails_with_the_list() {
    let folder = folder();
    kernel::house::house_rules(module(&folder.path().join("modules/archives")));
}

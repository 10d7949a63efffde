//! The house stands on its floors: which crate may depend on which, and what every crate has.
#![expect(clippy::expect_used, reason = "a test ends where something does not hold")]

use cargo_metadata::{DependencyKind, MetadataCommand, Package};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The doors, which every module leans on.
const DOOR_LINES: usize = 2_750;
/// What checks modules: it is in no program.
const HOUSE_LINES: usize = 1_350;

/// What a module may not depend on: HTTP, threads, drivers, chance, and errors without a policy.
const NOT_IN_MODULES: &[&str] = &["anyhow", "axum", "rand", "rusqlite", "tokio", "tokio-postgres"];

/// A crate of ours.
struct Crate {
    package: Package,
    folder: PathBuf,
    floor: Floor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Floor {
    /// Counted from the ground.
    Number(u8),
    /// Only for tests.
    Tests,
    /// The chores: stands beside the house.
    Beside,
}

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    root.expect("the crate lies two folders deep").to_owned()
}

fn crates() -> BTreeMap<String, Crate> {
    let metadata = MetadataCommand::new().current_dir(root()).no_deps().exec().expect("cargo metadata");
    let mut crates = BTreeMap::new();
    for package in metadata.packages {
        let folder = package.manifest_path.parent().expect("a folder").as_std_path().to_owned();
        let floor = floor(&package.name, &folder);
        let floor =
            floor.unwrap_or_else(|| panic!("{} stands on no floor: name it in this test", package.name));
        crates.insert(package.name.to_string(), Crate { package, folder, floor });
    }
    crates
}

fn is_format(one: &Crate) -> bool {
    one.folder.parent().is_some_and(|folder| folder.ends_with("crates/formats"))
}

fn floor(name: &str, folder: &Path) -> Option<Floor> {
    let lies_in = |parent: &str| folder.parent().is_some_and(|folder| folder.ends_with(parent));
    Some(match name {
        _ if lies_in("modules") => Floor::Number(3),
        _ if lies_in("crates/formats") => Floor::Number(1),
        "base" => Floor::Number(0),
        "kernel" | "contracts" | "ui" => Floor::Number(1),
        "platform" => Floor::Number(2),
        "engine" => Floor::Number(4),
        // Programs: nothing stands on them, so that no other build waits for the typesetter.
        "vanlang" | "vanlang-print" => Floor::Number(5),
        "testkit" => Floor::Tests,
        "xtask" => Floor::Beside,
        _ => return None,
    })
}

#[test]
fn every_crate_depends_only_on_floors_below_it() {
    let crates = crates();
    let mut problems = Vec::new();
    for from in crates.values() {
        for dependency in from.package.dependencies.iter().filter(|d| d.path.is_some()) {
            let to = &crates[dependency.name.as_str()];
            let is_for_tests = dependency.kind == DependencyKind::Development;
            let fine = match (from.floor, to.floor) {
                // A story may need two modules; their code may not.
                (_, Floor::Tests) | (Floor::Number(3), Floor::Number(3)) => is_for_tests,
                // The engine does not know modules; only the program does.
                (_, Floor::Beside) | (Floor::Beside, _) | (Floor::Number(4), Floor::Number(3)) => false,
                (Floor::Tests, Floor::Number(number)) => number != 3 && number < 5,
                // A format may be made of others; a crate may name itself, for its tests, with another feature.
                (Floor::Number(1), Floor::Number(1)) if is_format(from) && is_format(to) => true,
                (Floor::Number(upper), Floor::Number(lower)) => lower < upper || from.folder == to.folder,
            };
            if !fine {
                problems.push(format!(
                    "{} ({:?}) → {} ({:?})",
                    from.package.name, from.floor, to.package.name, to.floor
                ));
            }
        }
    }
    assert!(problems.is_empty(), "an arrow goes up or sideways:\n{}", problems.join("\n"));
}

#[test]
fn modules_know_no_http_no_driver_and_no_threads() {
    let mut problems = Vec::new();
    for module in crates().values().filter(|c| c.floor == Floor::Number(3)) {
        for dependency in &module.package.dependencies {
            if NOT_IN_MODULES.contains(&dependency.name.as_str()) {
                problems.push(format!("{} → {}", module.package.name, dependency.name));
            }
        }
    }
    assert!(
        problems.is_empty(),
        "domain code depends on what only the engine knows:\n{}",
        problems.join("\n")
    );
}

#[test]
fn versions_and_features_stand_only_in_the_workspace() {
    let crates = crates();
    let mut problems = Vec::new();
    for one in crates.values() {
        let manifest: toml::Table =
            fs::read_to_string(one.folder.join("Cargo.toml")).unwrap().parse().unwrap();
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(dependencies) = manifest.get(section).and_then(toml::Value::as_table) else { continue };
            for (name, value) in dependencies {
                let mut say = |text: &str| problems.push(format!("{}: {name} {text}", one.package.name));
                if value.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                    say("does not say `workspace = true`");
                }
                if value.get("features").is_some() && !crates.contains_key(name) {
                    say("names features: they stand in the root Cargo.toml");
                }
            }
        }
        if manifest.contains_key("target") {
            problems.push(format!("{}: dependencies for one platform only", one.package.name));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_crate_has_lints_a_readme_and_the_common_settings() {
    let mut problems = Vec::new();
    for one in crates().values() {
        let text = fs::read_to_string(one.folder.join("Cargo.toml")).unwrap();
        let manifest: toml::Table = text.parse().unwrap();
        let is_shared = |value: Option<&toml::Value>| {
            value.and_then(|value| value.get("workspace")).and_then(toml::Value::as_bool) == Some(true)
        };
        if !is_shared(manifest.get("lints")) {
            problems.push(format!("{}: no `[lints] workspace = true`", one.package.name));
        }
        for key in ["version", "edition", "rust-version", "license", "publish"] {
            if !is_shared(manifest.get("package").and_then(|package| package.get(key))) {
                problems.push(format!("{}: no `{key}.workspace = true`", one.package.name));
            }
        }
        let readme = fs::read_to_string(one.folder.join("README.md")).unwrap_or_default();
        if readme.trim().is_empty() && one.floor != Floor::Beside {
            problems.push(format!("{}: README.md is missing or empty", one.package.name));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn files_and_functions_are_small_and_exceptions_are_written_down() {
    let mut problems = Vec::new();
    // The test kit ends a test where something does not hold, and the chores end the program.
    for one in crates().values().filter(|c| matches!(c.floor, Floor::Number(_))) {
        let found = kernel::house::source_problems(&one.folder);
        problems.extend(found.iter().map(|problem| format!("{} {problem}", one.package.name)));
    }
    assert!(problems.is_empty(), "{} things:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn the_kernel_keeps_to_its_budget() {
    fn lines(path: &Path) -> usize {
        if !path.is_dir() {
            return fs::read_to_string(path).unwrap().lines().count();
        }
        fs::read_dir(path).unwrap().map(|entry| lines(&entry.unwrap().path())).sum()
    }
    let kernel = root().join("crates/kernel/src");
    let house = lines(&kernel.join("house.rs")) + lines(&kernel.join("house"));
    let doors = lines(&kernel) - house;
    assert!(
        doors <= DOOR_LINES && house <= HOUSE_LINES,
        "the kernel has {doors} lines and its checks {house}, their budgets are {DOOR_LINES} and {HOUSE_LINES}: \
         move a need up"
    );
}

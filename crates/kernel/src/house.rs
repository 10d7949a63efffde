//! The house test: `house_rules(documents::module())` in a module's tests says at once what the module still
//! owes the house, each problem with its place and what to do about it.

mod code;
mod data;
mod manifest;
mod source;
pub mod statements;
mod texts;

use crate::module::Module;
use source::Source;
use std::fs;
use std::path::{Path, PathBuf};

/// A module and everything it is written in.
pub(crate) struct House<'m> {
    module: &'m Module,
    root: PathBuf,
    sources: Vec<Source>,
}

impl<'m> House<'m> {
    fn of(module: &'m Module) -> House<'m> {
        let root = PathBuf::from(module.sources);
        let sources = source::read_crate(&root);
        House { module, root, sources }
    }

    /// True for the modules of a province, false for kernel, platform and engine, which come with them.
    fn is_domain(&self) -> bool {
        self.root.parent().is_some_and(|folder| folder.ends_with("modules"))
    }

    /// A file of the module as text, its path as the problem list writes it.
    fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root.join(path)).ok()
    }

    /// Names of the files right inside a folder of the module, with this ending, in order.
    fn files(&self, folder: &str, ending: &str) -> Vec<String> {
        names(&self.root.join(folder)).into_iter().filter(|name| name.ends_with(ending)).collect()
    }
}

/// Names in a folder, in order; none when there is no such folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Fails with the list of everything the module owes the house.
///
/// # Panics
/// When there is a problem.
pub fn house_rules(module: Module) {
    let problems = problems(&module);
    assert!(
        problems.is_empty(),
        "module {} owes the house {} things:\n  {}\n",
        module.name,
        problems.len(),
        problems.join("\n  ")
    );
}

/// Everything the module owes the house, one line each.
pub fn problems(module: &Module) -> Vec<String> {
    let house = House::of(module);
    let mut problems = manifest::problems(&house);
    problems.extend(code::problems(&house));
    problems.extend(texts::problems(&house));
    problems.extend(data::problems(&house));
    problems.extend(statements::problems(&house));
    problems
}

/// What any crate owes the house in its sources: sizes, exceptions that are not written down, unfinished work.
pub fn source_problems(crate_folder: &Path) -> Vec<String> {
    code::of_any_crate(&source::read_crate(crate_folder))
}

/// What only shows when all modules stand together: text keys of one module used by another, and keys, paths
/// and rights that two modules claim. `folders` are crates without a manifest, such as the components.
pub fn problems_together(modules: &[Module], folders: &[&Path]) -> Vec<String> {
    let mut sources: Vec<Source> = folders.iter().flat_map(|folder| source::read_crate(folder)).collect();
    let mut problems = Vec::new();
    let mut claimed = std::collections::BTreeMap::new();
    for module in modules {
        sources.extend(source::read_crate(Path::new(module.sources)));
        for route in &module.routes {
            let claim = format!("{:?} {} {}", route.method, manifest::pattern(route.path), route.data);
            if let Some(other) = claimed.insert(claim, module.name) {
                problems.push(format!("{}: route {} is also one of {other}", module.name, route.path));
            }
        }
    }
    problems.extend(texts::problems_together(modules, &sources));
    problems.extend(questions(modules));
    problems
}

/// A question is asked by one module and answered by another: what only one side knows is no contract.
fn questions(modules: &[Module]) -> Vec<String> {
    let mut problems = Vec::new();
    let answered = |name: &str, by: &str| {
        modules.iter().any(|m| m.name != by && m.answers.iter().any(|answerer| answerer.question == name))
    };
    let asked = |name: &str, by: &str| modules.iter().any(|m| m.name != by && m.asks.contains(&name));
    let mut seen = std::collections::BTreeMap::new();
    for module in modules {
        for name in module.asks.iter().filter(|name| !answered(name, module.name)) {
            problems.push(format!("{}: nobody else answers its question {name}", module.name));
        }
        for answerer in &module.answers {
            let name = answerer.question;
            if !asked(name, module.name) {
                problems.push(format!("{}: nobody else asks {name}", module.name));
            }
            if let Some(other) = seen.insert(name, module.name) {
                problems.push(format!("{}: question {name} is also answered by {other}", module.name));
            }
        }
    }
    problems
}

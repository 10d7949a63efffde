//! Every text key that is used exists in both languages, and every text that exists is used.

use super::House;
use super::source::{Literal, Source};
use crate::module::Module;
use base::{Lang, Texts};
use std::collections::{BTreeMap, BTreeSet};

/// What the sources say of text keys.
#[derive(Default)]
struct Used {
    /// Whole keys, with the first place each is used at.
    keys: BTreeMap<String, String>,
    /// Beginnings of keys that are put together, such as `documents.status.`.
    beginnings: BTreeMap<String, String>,
}

impl Used {
    fn read<'s>(sources: impl Iterator<Item = &'s Source>, spaces: &BTreeSet<String>) -> Used {
        let mut used = Used::default();
        for source in sources {
            for literal in &source.literals {
                let space = literal.text.split('.').next().unwrap_or("");
                if !spaces.contains(space) || space.len() == literal.text.len() {
                    continue;
                }
                let place = format!("{}:{}", source.path, literal.line);
                let (text, is_whole) = match literal.text.split_once('{') {
                    Some((beginning, _)) => (beginning, false),
                    None => (literal.text.as_str(), true),
                };
                if text.ends_with('.') {
                    used.beginnings.entry(text.to_owned()).or_insert(place);
                } else if is_whole && is_key(text) && !is_right(source, literal) {
                    used.keys.entry(text.to_owned()).or_insert(place);
                }
            }
        }
        used
    }

    fn holds(&self, key: &str) -> bool {
        // The desk asks a kind of task for three texts more: its act, its shortcut key, what is said when done.
        let kind = [".act", ".key", ".done"].iter().find_map(|ending| key.strip_suffix(ending));
        self.keys.contains_key(key)
            || kind.is_some_and(|kind| self.keys.contains_key(kind))
            || self.beginnings.keys().any(|beginning| key.starts_with(beginning.as_str()))
    }
}

fn is_key(text: &str) -> bool {
    const FILES: &[&str] = &[".csv", ".json", ".md", ".pdf", ".toml", ".xlsx", ".xml", ".zip"];
    let letters = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c));
    letters && !FILES.iter().any(|ending| text.ends_with(ending))
}

/// True for the id in `IncomingRead = "documents.incoming.read" for [...]`.
fn is_right(source: &Source, literal: &Literal) -> bool {
    let (before, after) = source.around(literal);
    before.ends_with('=') && after.starts_with("for [")
}

/// Ids that look like text keys: rights and job kinds.
fn other_ids(module: &Module) -> BTreeSet<&'static str> {
    let routes = module.routes.iter().map(|route| route.right);
    let menu = module.menu.iter().map(|item| item.right);
    let queues = module.queues.iter().flat_map(|queue| [queue.right, queue.kind]);
    routes.chain(menu).chain(queues).chain(module.jobs.iter().map(|(kind, _)| *kind)).collect()
}

/// The first words of keys that belong to a module.
fn spaces(module: &Module, texts: &Texts) -> BTreeSet<String> {
    let first = |key: &str| key.split('.').next().unwrap_or("").to_owned();
    let mut spaces: BTreeSet<String> = texts.keys(Lang::Vi).map(first).collect();
    spaces.insert(module.name.to_owned());
    spaces
}

pub(super) fn problems(house: &House<'_>) -> Vec<String> {
    let (module, mut texts) = (house.module, Texts::default());
    let (vi, en) = module.texts;
    if let Err(error) = texts.add(vi, en) {
        return vec![format!("i18n: {error:?}")];
    }
    let mut problems = differences(&texts);
    for lang in ["vi", "en"] {
        let exists = house.files("i18n", ".toml").contains(&format!("{lang}.toml"))
            || !house.files(&format!("i18n/{lang}"), ".toml").is_empty();
        if !exists && house.is_domain() {
            problems.push(format!("i18n/{lang}.toml or i18n/{lang}/ is missing"));
        }
    }
    if !house.is_domain() {
        return problems;
    }
    let used = Used::read(house.sources.iter(), &spaces(module, &texts));
    let ids = other_ids(module);
    // Declared rights are not all asked for by routes: some only open a pool of tasks.
    let rights = declared_rights(&house.sources);
    for (key, place) in &used.keys {
        if !texts.has(Lang::Vi, key) && !ids.contains(key.as_str()) && !rights.contains(key) {
            problems.push(format!("{place}: text {key} is not in i18n vi"));
        }
    }
    for (beginning, place) in &used.beginnings {
        if !texts.keys(Lang::Vi).any(|key| key.starts_with(beginning.as_str())) {
            problems.push(format!("{place}: no text begins with {beginning}"));
        }
    }
    for key in texts.keys(Lang::Vi) {
        if !key.starts_with(&format!("{}.", module.name)) {
            problems.push(format!("i18n vi: text {key} does not begin with {}", module.name));
        } else if !used.holds(key) && !ids.contains(key) && !rights.contains(key) {
            problems.push(format!("i18n vi: text {key} is used nowhere"));
        }
    }
    problems
}

/// Ids of the rights the sources declare.
pub(super) fn declared_rights(sources: &[Source]) -> BTreeSet<String> {
    let mut rights = BTreeSet::new();
    for source in sources {
        let declared = source.literals.iter().filter(|literal| is_right(source, literal));
        rights.extend(declared.map(|literal| literal.text.clone()));
    }
    rights
}

/// Keys in one language only, and texts whose placeholders differ.
fn differences(texts: &Texts) -> Vec<String> {
    let mut problems = Vec::new();
    for (lang, other, file) in [(Lang::Vi, Lang::En, "en"), (Lang::En, Lang::Vi, "vi")] {
        for key in texts.keys(lang).filter(|key| !texts.has(other, key)) {
            problems.push(format!("i18n {file}: text {key} is missing"));
        }
    }
    for key in texts.keys(Lang::Vi).filter(|key| texts.has(Lang::En, key)) {
        let (vi, en) = (placeholders(texts.get(Lang::Vi, key)), placeholders(texts.get(Lang::En, key)));
        if vi != en {
            problems.push(format!("i18n: text {key} has placeholders {vi:?} in vi and {en:?} in en"));
        }
        for (lang, file) in [(Lang::Vi, "vi"), (Lang::En, "en")] {
            if texts.get(lang, key).trim().is_empty() {
                problems.push(format!("i18n {file}: text {key} is empty"));
            }
        }
    }
    problems
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

/// Keys that no module has, and texts of the lower floors that nobody uses.
pub(super) fn problems_together(modules: &[Module], sources: &[Source]) -> Vec<String> {
    let (mut texts, mut spaces, mut ids) = (Texts::default(), BTreeSet::new(), BTreeSet::new());
    for module in modules {
        let (vi, en) = module.texts;
        if let Err(error) = texts.add(vi, en) {
            return vec![format!("{}: {error:?}", module.name)];
        }
        spaces.insert(module.name.to_owned());
        ids.extend(other_ids(module));
    }
    spaces.extend(texts.keys(Lang::Vi).map(|key| key.split('.').next().unwrap_or("").to_owned()));
    let (used, rights) = (Used::read(sources.iter(), &spaces), declared_rights(sources));
    let is_other = |key: &str| ids.contains(key) || rights.contains(key);
    let missing = used.keys.iter().filter(|(key, _)| !texts.has(Lang::Vi, key) && !is_other(key));
    let mut problems: Vec<String> =
        missing.map(|(key, place)| format!("{place}: text {key} is in no module")).collect();
    for key in texts.keys(Lang::Vi).filter(|key| !used.holds(key) && !is_other(key)) {
        problems.push(format!("text {key} is used nowhere"));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::{Used, differences, placeholders};
    use crate::house::source::Source;
    use base::Texts;

    #[test]
    fn keys_are_told_from_rights_files_and_paths() {
        let text = r#"
            Read = "archives.box.read" for ["clerk"];
            f("archives.list", "archives.state.", "archives.csv", "/archives.x", "Archives.x", "archives");
            g(format!("archives.kind.{}", kind));
        "#;
        let source = Source::new("src/lib.rs".to_owned(), text);
        let used = Used::read([&source].into_iter(), &["archives".to_owned()].into());
        assert_eq!(used.keys.keys().collect::<Vec<_>>(), ["archives.list"]);
        assert_eq!(used.beginnings.keys().collect::<Vec<_>>(), ["archives.kind.", "archives.state."]);
        assert!(used.holds("archives.kind.paper") && !used.holds("archives.other"));
    }

    #[test]
    fn the_two_languages_must_agree() {
        let mut texts = Texts::default();
        texts.add("[a]\nx = \"{n} hộp\"\ny = \"y\"", "[a]\nx = \"{m} box|{m} boxes\"\nz = \"z\"").unwrap();
        assert_eq!(differences(&texts).len(), 3);
        assert_eq!(placeholders("{n} box of {who}|{n} boxes of {who}").len(), 2);
    }
}

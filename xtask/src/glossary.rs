//! GLOSSARY.md holds the words of every module's README, so that one noun stays one word everywhere.

use std::collections::BTreeSet;
use std::fs;

use clap::Args;

use crate::{Result, bench};

const PAGE: &str = "GLOSSARY.md";

#[derive(Args)]
pub(crate) struct Options {
    /// Write the words into GLOSSARY.md
    #[arg(long)]
    write: bool,
}

/// One row of a table `English | Tiếng Việt | Meaning`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Word {
    english: String,
    vietnamese: String,
    meaning: String,
}

/// Compares the READMEs with the glossary, or writes the glossary anew.
pub(crate) fn check(options: &Options) -> Result<()> {
    let words = words_of_modules()?;
    let page = fs::read_to_string(PAGE).unwrap_or_else(|_| "# Glossary\n".to_owned());
    if options.write {
        return Ok(fs::write(PAGE, bench::with_section(&page, "words", &table(&words)))?);
    }
    let missing = missing(&words, &page);
    if missing.is_empty() {
        println!("GLOSSARY.md has all {} words.", words.len());
        return Ok(());
    }
    Err(format!("Missing in GLOSSARY.md (cargo xtask glossary --write adds them):\n{}", missing.join("\n"))
        .into())
}

/// The words of all modules, in the order of the English terms; a word that two modules share comes once.
fn words_of_modules() -> Result<BTreeSet<Word>> {
    let mut words = BTreeSet::new();
    for entry in fs::read_dir("modules")? {
        if let Ok(readme) = fs::read_to_string(entry?.path().join("README.md")) {
            words.extend(words_of(&readme));
        }
    }
    Ok(words)
}

/// The rows of the table under the heading `## Words`.
fn words_of(readme: &str) -> Vec<Word> {
    let under = readme.lines().skip_while(|line| line.trim() != "## Words").skip(1);
    let section = under.take_while(|line| !line.starts_with('#'));
    // The first two rows of a table are its head and its rule.
    section.filter(|line| line.starts_with('|')).skip(2).filter_map(word).collect()
}

fn word(row: &str) -> Option<Word> {
    let mut cells = row.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned());
    Some(Word { english: cells.next()?, vietnamese: cells.next()?, meaning: cells.next()? })
}

fn table(words: &BTreeSet<Word>) -> String {
    let head = "| English | Tiếng Việt | Meaning |\n|---|---|---|".to_owned();
    std::iter::once(head).chain(words.iter().map(row)).collect::<Vec<_>>().join("\n")
}

fn row(word: &Word) -> String {
    format!("| {} | {} | {} |", word.english, word.vietnamese, word.meaning)
}

fn missing(words: &BTreeSet<Word>, page: &str) -> Vec<String> {
    let known: BTreeSet<Word> = page.lines().filter(|line| line.starts_with('|')).filter_map(word).collect();
    words.difference(&known).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::{missing, table, words_of, words_of_modules};
    use crate::{bench, process};

    const README: &str = "# documents\n\n## Words\n\n| English | Tiếng Việt | Meaning |\n|---|---|---|\n\
        | register | sổ | numbered book |\n| draft | dự thảo | not yet signed |\n\n## Invariants\n| a | b | c |\n";

    #[test]
    fn only_the_rows_under_words_count() {
        let english: Vec<String> = words_of(README).into_iter().map(|word| word.english).collect();
        assert_eq!(english, ["register", "draft"]);
    }

    #[test]
    fn a_written_glossary_misses_nothing() {
        let words = words_of(README).into_iter().collect();
        assert_eq!(missing(&words, "# Glossary\n").len(), 2);
        let page = bench::with_section("# Glossary\n", "words", &table(&words));
        assert!(missing(&words, &page).is_empty());
    }

    #[test]
    fn the_glossary_has_the_words_of_every_module() {
        process::enter_root().unwrap();
        let page = std::fs::read_to_string(super::PAGE).unwrap_or_default();
        let missing = missing(&words_of_modules().unwrap(), &page);
        assert!(missing.is_empty(), "run `cargo xtask glossary --write`; missing: {missing:#?}");
    }
}

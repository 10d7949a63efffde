//! Who signed, as what (annex I, boxes 7a to 7c): on the right, under the text.

use super::names::position;
use super::runs::{Run, runs};
use super::{Guess, Sheet};
use contracts::ReadPage;

/// In whose place somebody signs (Decree 30/2020, annex I).
const COMPETENCES: &[&str] = &["tm.", "kt.", "tl.", "tuq.", "q."];

pub(crate) fn read(pages: &[ReadPage]) -> Vec<Guess> {
    // Annexes follow the signature, so the first page that has one counts.
    for (number, page) in (1..).zip(pages) {
        let lines = runs(page);
        let sheet = Sheet { page, number, runs: &lines };
        if let Some(found) = block(&sheet) {
            return found;
        }
    }
    Vec::new()
}

fn block(sheet: &Sheet<'_>) -> Option<Vec<Guess>> {
    let right: Vec<&Run<'_>> =
        sheet.runs.iter().filter(|run| run.middle() > sheet.page.width / 100 * 55).collect();
    let begin = right.iter().position(|run| is_title(run))?;
    let mut titles: Vec<&Run<'_>> = Vec::new();
    for run in right.get(begin..).unwrap_or_default() {
        if !run.is_upper() || titles.last().is_some_and(|above| !run.follows(above)) {
            break;
        }
        titles.push(run);
    }
    let last = *titles.last()?;
    let under = right.iter().filter(|run| run.top > last.bottom);
    let near = |run: &&&Run<'_>| run.middle().abs_diff(last.middle()) < sheet.page.width / 8;
    let name = under.filter(near).find(|run| is_name(run));
    // Without a name under it, it is a line of the text.
    let name = name?;
    let (title, fit) = position(without_competence(&last.text()));
    let mut guesses = vec![sheet.guess(("signer_name", name.text()), &[name], 100)];
    guesses.push(sheet.guess(("signer_position", title), &[last], fit));
    Some(guesses)
}

fn is_title(run: &Run<'_>) -> bool {
    let plain = run.plain();
    let known = || position(&run.text()).1 == 100;
    run.is_upper() && (COMPETENCES.iter().any(|word| plain.starts_with(word)) || known())
}

/// `KT. CHỦ TỊCH` without its first word.
fn without_competence(text: &str) -> &str {
    match text.split_once('.') {
        Some((first, rest)) if first.chars().count() <= 3 => rest.trim(),
        _ => text,
    }
}

/// Two to six words, each with a capital at its beginning and small letters after it, behind a degree at most.
fn is_name(run: &Run<'_>) -> bool {
    let is_degree = |word: &str| word.contains('.');
    let words: Vec<&str> =
        run.words.iter().map(|word| word.text.as_str()).skip_while(|word| is_degree(word)).collect();
    let is_part = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase)
    };
    (2..=6).contains(&words.len()) && words.iter().all(is_part)
}

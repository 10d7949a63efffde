//! Reads the fields of the register off a scanned document: where Decree 30/2020, annex I, puts them, and how sure each is.

mod head;
mod names;
mod runs;
mod signer;
#[cfg(test)]
mod tests;
mod title;

use base::Date;
use contracts::ReadPage;
use runs::{Run, runs};

/// Below this a person is asked to look, in percent. Measured: the reader of pictures is sure of plain print by 90 and more.
pub(crate) const SURE: i64 = 85;

/// A value read off the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Guess {
    /// The field of the form.
    pub(crate) field: &'static str,
    /// What it says.
    pub(crate) value: String,
    /// How sure it is, in percent: of the words, and of the place they stand in.
    pub(crate) sure: i64,
    /// The page it stands on, from 1; 0 when it stands nowhere.
    pub(crate) page: i64,
    /// Left, top, width and height of its place, in thousandths of the page.
    pub(crate) place: [i64; 4],
}

/// What could be read; a field that is not there was not found.
pub(crate) fn read(pages: &[ReadPage], total: i64, today: Date) -> Vec<Guess> {
    let Some(first) = pages.first() else { return Vec::new() };
    let lines = runs(first);
    let sheet = Sheet { page: first, number: 1, runs: &lines };
    let mut guesses = head::read(&sheet, today);
    let symbol = guesses.iter().find(|guess| guess.field == "symbol").map(|guess| guess.value.clone());
    guesses.extend(title::read(&sheet, symbol.as_deref().unwrap_or(""), today));
    guesses.extend(signer::read(pages));
    guesses.push(Guess { field: "pages", value: total.to_string(), sure: 100, page: 0, place: [0; 4] });
    guesses.retain(|guess| !guess.value.is_empty());
    guesses
}

/// A page and the pieces of lines on it.
pub(crate) struct Sheet<'a> {
    page: &'a ReadPage,
    number: i64,
    runs: &'a [Run<'a>],
}

impl<'a> Sheet<'a> {
    /// A guess from the runs it was read off; `fit` says in percent how well the place and the form fit.
    fn guess(&self, (field, value): (&'static str, String), runs: &[&Run<'_>], fit: i64) -> Guess {
        let sure = runs.iter().map(|run| run.sure()).min().unwrap_or(0) * fit / 100;
        Guess { field, value, sure, page: self.number, place: self.place(runs) }
    }

    fn place(&self, runs: &[&Run<'_>]) -> [i64; 4] {
        let of = |part: u32, whole: u32| i64::from(part) * 1000 / i64::from(whole.max(1));
        let (width, height) = (self.page.width, self.page.height);
        let left = runs.iter().map(|run| run.left).min().unwrap_or(0);
        let top = runs.iter().map(|run| run.top).min().unwrap_or(0);
        let right = runs.iter().map(|run| run.right).max().unwrap_or(0);
        let bottom = runs.iter().map(|run| run.bottom).max().unwrap_or(0);
        [
            of(left, width),
            of(top, height),
            of(right.saturating_sub(left), width),
            of(bottom.saturating_sub(top), height),
        ]
    }

    /// Runs in the upper part of the page, so many hundredths of it.
    fn above(&self, hundredths: u32) -> impl Iterator<Item = &'a Run<'a>> + use<'a> {
        let limit = self.page.height / 100 * hundredths;
        self.runs.iter().filter(move |run| run.top < limit)
    }
}

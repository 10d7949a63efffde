//! The type and what it is about (annex I, boxes 5a, 5b and 10b).

use super::head::{HEAD, urgency};
use super::runs::Run;
use super::{Guess, Sheet};
use crate::rules::types::{self, Kind};
use base::Date;
use base::text::fold;

/// A title stands above this, in hundredths of the page.
const TITLE: u32 = 60;
const LETTER: &str = "Công văn";

pub(crate) fn read(sheet: &Sheet<'_>, symbol: &str, today: Date) -> Vec<Guess> {
    let title = title(sheet, today);
    let about = about(sheet);
    let mut guesses = vec![kind(sheet, (title.as_ref(), about.as_slice()), (symbol, today))];
    let subject = match &title {
        Some((run, _)) => under(sheet, run),
        None => about,
    };
    guesses.extend(subject_of(sheet, &subject));
    guesses.push(stamped(sheet));
    guesses
}

/// The name of a type in capitals in the middle of the page.
fn title<'a>(sheet: &Sheet<'a>, today: Date) -> Option<(&'a Run<'a>, &'static Kind)> {
    let named = |run: &Run<'_>| {
        let plain = run.plain();
        let plain = plain.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        types::on(today).iter().find(|kind| fold(&kind.name) == plain)
    };
    sheet
        .above(TITLE)
        .filter(|run| run.is_upper() && is_central(sheet, run))
        .find_map(|run| Some((run, named(run)?)))
}

fn is_central(sheet: &Sheet<'_>, run: &Run<'_>) -> bool {
    run.middle().abs_diff(sheet.page.width / 2) < sheet.page.width / 8
}

/// The lines of a letter that begin with "V/v", under its number.
fn about<'a>(sheet: &Sheet<'a>) -> Vec<&'a Run<'a>> {
    let left: Vec<&Run<'_>> = sheet.above(TITLE).filter(|run| run.middle() < sheet.page.width / 2).collect();
    let begins = |run: &&Run<'_>| {
        let plain = run.plain().replace(' ', "");
        ["v/v", "vv:", "vivv", "v/iv", "veviec"].iter().any(|word| plain.starts_with(word))
            && run.right < sheet.page.width * 6 / 10
    };
    let Some(at) = left.iter().position(begins) else { return Vec::new() };
    let mut lines: Vec<&Run<'_>> = Vec::new();
    for run in left.get(at..).unwrap_or_default() {
        let ends = urgency(run).is_some() || run.plain().starts_with("kinh gui");
        if ends || lines.last().is_some_and(|above| !run.follows(above)) {
            break;
        }
        lines.push(run);
    }
    lines
}

/// The lines in the middle under a title.
fn under<'a>(sheet: &Sheet<'a>, title: &'a Run<'a>) -> Vec<&'a Run<'a>> {
    let mut lines: Vec<&Run<'_>> = Vec::new();
    for run in sheet.above(TITLE).filter(|run| run.top >= title.bottom.saturating_sub(title.height() / 2)) {
        let plain = run.plain();
        let ends = ["can cu", "kinh gui", "thuc hien", "theo de nghi"].iter().any(|word| plain.starts_with(word))
            // Who decides stands in capitals under what it is about.
            || (run.is_upper() && lines.iter().any(|line| !line.is_upper()));
        if ends || !is_central(sheet, run) || !run.follows(lines.last().unwrap_or(&title)) {
            break;
        }
        lines.push(run);
    }
    lines
}

fn subject_of(sheet: &Sheet<'_>, lines: &[&Run<'_>]) -> Option<Guess> {
    let text = lines.iter().map(|run| run.text()).collect::<Vec<_>>().join(" ");
    let plain = fold(&text);
    let skipped = ["v/v", "ve viec"]
        .iter()
        .find(|word| plain.starts_with(**word))
        .map_or(0, |word| word.chars().count());
    let text: String = text.chars().skip(skipped).collect();
    let text = text.trim_matches(|c: char| c.is_whitespace() || ":;.,".contains(c));
    let mut letters = text.chars();
    let first = letters.next()?;
    let subject: String = first.to_uppercase().chain(letters).take(500).collect();
    Some(sheet.guess(("subject", subject), lines, 100))
}

/// The type by its title and by its symbol: sure when both say the same.
fn kind(
    sheet: &Sheet<'_>,
    (title, about): (Option<&(&Run<'_>, &'static Kind)>, &[&Run<'_>]),
    (symbol, today): (&str, Date),
) -> Guess {
    let first = symbol.split_once('/').and_then(|(_, notation)| notation.split('-').next()).unwrap_or("");
    let by_symbol =
        types::on(today).iter().find(|kind| !kind.abbreviation.is_empty() && kind.abbreviation == first);
    let place = |run: &[&Run<'_>]| (1, sheet.place(run));
    let (name, sure, (page, place)) = match (title, by_symbol) {
        (Some((run, kind)), Some(other)) if kind.code == other.code => (&*kind.name, 98, place(&[run])),
        (Some((run, kind)), Some(_)) => (&*kind.name, 50, place(&[run])),
        (Some((run, kind)), None) => (&*kind.name, run.sure(), place(&[run])),
        (None, Some(kind)) => (&*kind.name, 70, (0, [0; 4])),
        (None, None) if !about.is_empty() => (LETTER, 95, place(about)),
        (None, None) => {
            let addressed = sheet.above(TITLE).any(|run| run.plain().starts_with("kinh gui"));
            (LETTER, if addressed { 88 } else { 40 }, (0, [0; 4]))
        }
    };
    Guess { field: "type_name", value: name.to_owned(), sure, page, place }
}

/// The stamp of urgency; without one the document is as any other.
fn stamped(sheet: &Sheet<'_>) -> Guess {
    let found = sheet.above(HEAD).find_map(|run| {
        let degree = urgency(run)?;
        Some(sheet.guess(("urgency", degree.to_string()), &[run], 100))
    });
    found.unwrap_or(Guess { field: "urgency", value: "0".to_owned(), sure: 95, page: 0, place: [0; 4] })
}

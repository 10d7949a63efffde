//! Catalogues: what may be done to one, and how its dossiers are numbered (annex V, part I).

use crate::model::{Catalogue, CatalogueState, Heading, Line, Numbering};
use crate::rules::Ruled;
use base::{Error, Refusal, Result};
use platform::numbering;

const GROUND: &str = "Nghị định 30/2020/NĐ-CP, Điều 28";

/// Only a draft changes: units and people go by what was approved.
///
/// # Errors
/// Refuses an approved one.
pub(crate) fn change(catalogue: &Catalogue) -> Ruled {
    match catalogue.state {
        CatalogueState::Draft => Ok(()),
        CatalogueState::Approved => Err(Refusal::new("archives.catalogue.refuse.approved")
            .ground(GROUND)
            .hint("archives.hint.withdraw")),
    }
}

/// The head approves a catalogue that has something in it.
///
/// # Errors
/// Refuses one that is approved, and an empty one.
pub(crate) fn approve(catalogue: &Catalogue, lines: usize) -> Ruled {
    change(catalogue)?;
    match lines {
        0 => Err(Refusal::new("archives.catalogue.refuse.empty").ground(GROUND)),
        _ => Ok(()),
    }
}

/// Only what was approved can be withdrawn.
///
/// # Errors
/// Refuses a draft.
pub(crate) fn withdraw(catalogue: &Catalogue) -> Ruled {
    match catalogue.state {
        CatalogueState::Approved => Ok(()),
        CatalogueState::Draft => Err(Refusal::new("archives.catalogue.refuse.draft")),
    }
}

/// Dossiers are opened by an approved catalogue (article 29.2a), by a line that stands.
///
/// # Errors
/// Refuses a draft, and a line that was struck out.
pub(crate) fn open(catalogue: &Catalogue, line: &Line) -> Ruled {
    match (catalogue.state, line.voided_at) {
        (CatalogueState::Approved, None) => Ok(()),
        (CatalogueState::Draft, _) => {
            Err(Refusal::new("archives.catalogue.refuse.not_approved").ground(GROUND))
        }
        (CatalogueState::Approved, Some(_)) => Err(Refusal::new("archives.catalogue.refuse.struck_out")),
    }
}

/// The big heading a heading stands under; itself when it is one.
pub(crate) fn big<'h>(heading: &'h Heading, all: &'h [Heading]) -> &'h Heading {
    let parent = heading.parent.and_then(|parent| all.iter().find(|other| other.id == parent));
    parent.unwrap_or(heading)
}

/// The next number and the notation of a new line: `01.TCCB`.
pub(crate) fn next(
    (numbering, heading): (Numbering, &Heading),
    all: &[Heading],
    lines: &[Line],
) -> (i64, String) {
    let under = big(heading, all);
    let counts = |line: &&Line| match numbering {
        Numbering::Whole => true,
        Numbering::Heading => {
            all.iter().find(|one| one.id == line.heading).is_some_and(|one| big(one, all).id == under.id)
        }
    };
    let last = lines.iter().filter(counts).map(|line| line.number).max().unwrap_or(0);
    let number = last.saturating_add(1);
    (number, format!("{}.{}", numbering::written(number), under.symbol))
}

/// A number of years one can keep something: at least one, at most a hundred. Longer is for ever.
///
/// # Errors
/// `Invalid` at the field.
pub(crate) fn retention(years: Option<i64>) -> Result<Option<i64>> {
    match years {
        Some(years) if !(1..=100).contains(&years) => Err(Error::field("years", "archives.error.years")),
        years => Ok(years),
    }
}

/// A title for another year: where it names the old year, it names the new one.
pub(crate) fn carried_over(title: &str, (from, to): (i64, i64)) -> String {
    title.replace(&from.to_string(), &to.to_string())
}

/// A big heading in Roman numerals.
pub(crate) fn roman(n: usize) -> String {
    const DIGITS: [(usize, &str); 9] =
        [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    let (mut rest, mut out) = (n, String::new());
    for (value, digit) in DIGITS {
        while rest >= value {
            out.push_str(digit);
            rest -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{carried_over, next, retention, roman};
    use crate::model::{Heading, Line, Numbering};
    use base::Id;

    fn heading(n: u8, parent: Option<u8>, symbol: &str) -> Heading {
        let id = |n: u8| Id::born(0, [n; 10]);
        Heading { id: id(n), parent: parent.map(id), sort: 0, name: String::new(), symbol: symbol.to_owned() }
    }

    fn line(heading: u8, number: i64) -> Line {
        let (agency, catalogue) = (Id::born(0, [9; 10]), Id::born(0, [8; 10]));
        Line {
            id: Id::born(0, [7; 10]),
            agency,
            catalogue,
            heading: Id::born(0, [heading; 10]),
            number,
            notation: String::new(),
            title: String::new(),
            years: None,
            construction: false,
            person: None,
            person_name: String::new(),
            note: String::new(),
            voided_at: None,
        }
    }

    #[test]
    fn numbers_run_through_the_catalogue_or_begin_anew_under_each_big_heading() {
        let all = [heading(1, None, "TCCB"), heading(2, Some(1), ""), heading(3, None, "VX")];
        let lines = [line(1, 1), line(2, 2), line(3, 3)];
        let told = |numbering, at: usize| next((numbering, &all[at]), &all, &lines).1;
        assert_eq!(told(Numbering::Whole, 1), "04.TCCB");
        assert_eq!(told(Numbering::Heading, 1), "03.TCCB");
        assert_eq!(told(Numbering::Heading, 2), "04.VX");
        assert_eq!(next((Numbering::Heading, &all[2]), &all, &[]).1, "01.VX");
    }

    #[test]
    fn years_are_between_one_and_a_hundred_or_for_ever() {
        assert!(retention(None).is_ok() && retention(Some(1)).is_ok() && retention(Some(100)).is_ok());
        assert!(retention(Some(0)).is_err() && retention(Some(101)).is_err());
    }

    #[test]
    fn a_title_names_the_new_year() {
        assert_eq!(carried_over("Báo cáo năm 2016", (2016, 2017)), "Báo cáo năm 2017");
        assert_eq!(carried_over("Hội nghị", (2016, 2017)), "Hội nghị");
    }

    #[test]
    fn headings_are_counted_as_in_the_decree() {
        assert_eq!([1, 4, 9, 14, 40].map(roman), ["I", "IV", "IX", "XIV", "XL"]);
    }
}

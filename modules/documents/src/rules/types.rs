//! The types of documents and how a number and symbol is written (Decree 30/2020, articles 7 and 15, annex III).

use base::{Date, Result, WhileDoing};
use platform::numbering;
use serde::Deserialize;
use std::sync::LazyLock;

/// The rule file, as the manifest registers it.
pub(crate) const TOML: &str = include_str!("../../rules/types.toml");

/// One type of document.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kind {
    /// The word stored for it.
    pub(crate) code: String,
    /// Its name.
    pub(crate) name: String,
    /// Its abbreviation in symbols; empty for letters.
    pub(crate) abbreviation: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edition {
    valid_from: toml::value::Datetime,
    source: String,
    types: Vec<Kind>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    edition: Vec<Edition>,
}

#[expect(clippy::expect_used, reason = "the rule file is compiled in and every test run reads it")]
static EDITIONS: LazyLock<Vec<Edition>> = LazyLock::new(|| read(TOML).expect("rules/types.toml"));

fn read(text: &str) -> Result<Vec<Edition>> {
    let file: File = toml::from_str(text).while_doing("reading", "rules/types.toml")?;
    Ok(file.edition)
}

/// The types in force on a day; before the first edition, those of the first, so that the archive of earlier
/// years can be written with the words of today.
pub(crate) fn on(day: Date) -> &'static [Kind] {
    edition_on(day).map_or(&[], |edition| &edition.types)
}

/// On which articles the types of a day stand.
pub(crate) fn source_on(day: Date) -> &'static str {
    edition_on(day).map_or("", |edition| &edition.source)
}

fn edition_on(day: Date) -> Option<&'static Edition> {
    let begun =
        |edition: &&Edition| Date::parse(&edition.valid_from.to_string()).is_some_and(|from| from <= day);
    EDITIONS.iter().rfind(begun).or_else(|| EDITIONS.first())
}

/// A type by its code.
pub(crate) fn find(code: &str, day: Date) -> Option<&'static Kind> {
    on(day).iter().find(|kind| kind.code == code)
}

/// A number and what stands behind its slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Symbol {
    /// `07`, `1234`.
    pub(crate) number: String,
    /// `QĐ-UBND`, `UBND-KGVX`.
    pub(crate) notation: String,
}

impl Symbol {
    /// `1234/UBND-KGVX`.
    pub(crate) fn whole(&self) -> String {
        format!("{}/{}", self.number, self.notation)
    }
}

/// Writes a number and symbol: type and agency, or for letters agency and drafting unit.
pub(crate) fn symbol(number: i64, kind: &Kind, agency: &str, unit: &str) -> Symbol {
    let notation = match (kind.abbreviation.as_str(), unit) {
        ("", "") => agency.to_owned(),
        ("", unit) => format!("{agency}-{unit}"),
        (abbreviation, _) => format!("{abbreviation}-{agency}"),
    };
    Symbol { number: numbering::written(number), notation }
}

/// The identifier a document carries through every system: `OrganId,YYYY/MM/DD,number/notation`.
pub(crate) fn document_id(organ: &str, day: Date, symbol: &str) -> String {
    format!("{organ},{},{symbol}", day.slash())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> Date {
        Date::new(2026, 3, 5).unwrap()
    }

    #[test]
    fn every_worked_symbol_is_written_as_the_decree_does() {
        for row in include_str!("../../rules/cases/symbol.csv").lines().filter(|row| !row.starts_with('#')) {
            let (given, expected) = row.split_once('|').unwrap();
            let [number, code, agency, unit] = *given.split(' ').collect::<Vec<_>>() else { panic!("{row}") };
            let unit = if unit == "-" { "" } else { unit };
            let written = symbol(number.parse().unwrap(), find(code, day()).unwrap(), agency, unit);
            assert_eq!(written.whole(), expected, "{row}");
        }
    }

    #[test]
    fn there_are_twenty_nine_types_and_no_two_are_confused() {
        let kinds = on(day());
        assert_eq!(kinds.len(), 29);
        for kind in kinds {
            assert_eq!(kinds.iter().filter(|other| other.code == kind.code).count(), 1, "{}", kind.code);
        }
        assert_eq!(find("HD", day()).unwrap().name, "Hướng dẫn");
        assert_eq!(find("HĐ", day()).unwrap().name, "Hợp đồng");
        assert!(source_on(day()).contains("30/2020"));
    }

    #[test]
    fn a_document_of_2017_is_named_with_the_first_types_we_know() {
        assert_eq!(on(Date::new(2017, 3, 14).unwrap()).len(), 29);
    }

    #[test]
    fn the_identifier_names_agency_day_and_symbol() {
        let day = Date::new(2017, 5, 12).unwrap();
        assert_eq!(
            document_id("000.00.00.H44", day, "1234/UBND-VX"),
            "000.00.00.H44,2017/05/12,1234/UBND-VX"
        );
    }
}

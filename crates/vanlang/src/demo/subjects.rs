//! What documents are about, and their words.

use base::{Date, Error, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

/// One thing to write about.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Subject {
    /// Code of the issuing ministry; empty for those that many can write.
    #[serde(default)]
    pub(crate) by: String,
    pub(crate) field: String,
    /// Abbreviation of the type.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) urgency: i64,
    /// Working days until an answer is wanted; 0 for none.
    #[serde(default)]
    pub(crate) days: u32,
    pub(crate) about: String,
    pub(crate) points: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Letter {
    #[serde(default)]
    about: String,
    open: String,
    #[serde(default)]
    points: Vec<String>,
    close: String,
}

/// What people write while they work.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Phrases {
    pub(crate) direct: Vec<String>,
    pub(crate) note: Vec<String>,
    #[serde(rename = "return")]
    pub(crate) send_back: Vec<String>,
    pub(crate) revise: Vec<String>,
    pub(crate) void: String,
}

/// A document that comes on paper.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paper {
    pub(crate) from: String,
    pub(crate) symbol: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) about: String,
}

/// The table some letters carry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Annex {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<String>,
}

/// Everything there is to write about, by who writes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Library {
    letter: BTreeMap<String, Letter>,
    pub(crate) central: Vec<Subject>,
    pub(crate) province: Vec<Subject>,
    pub(crate) department: Vec<Subject>,
    pub(crate) district: Vec<Subject>,
    pub(crate) commune: Vec<Subject>,
    pub(crate) phrases: Phrases,
    pub(crate) paper: Vec<Paper>,
    pub(crate) annex: Annex,
}

/// What a letter speaks of beside its subject.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words<'a> {
    /// Who writes.
    pub(crate) who: &'a str,
    /// To whom.
    pub(crate) to: &'a str,
    /// The letter it answers or passes on: symbol, date, issuer.
    pub(crate) symbol: &'a str,
    pub(crate) date: String,
    pub(crate) from: &'a str,
    /// What that letter is about.
    pub(crate) subject: &'a str,
}

/// Reads the library.
///
/// # Errors
/// A message when the file is wrong.
pub(crate) fn library() -> Result<Library> {
    toml::from_str(include_str!("../../data/subjects.toml"))
        .map_err(|cause| Error::internal(format!("subjects.toml: {cause}")))
}

impl Library {
    /// The words of a letter on a subject, a paragraph a line.
    pub(crate) fn body(&self, subject: &Subject, words: &Words<'_>, day: Date) -> String {
        self.compose(&subject.kind, &subject.points, words, day)
    }

    /// Subject and words of an answer (`answer`) or of a letter that passes one on (`forward`).
    pub(crate) fn reply(&self, kind: &str, words: &Words<'_>, day: Date) -> (String, String) {
        let about = self.letter.get(kind).map(|letter| filled(&letter.about, words)).unwrap_or_default();
        (about.chars().take(480).collect(), self.compose(kind, &[], words, day))
    }

    fn compose(&self, kind: &str, points: &[String], words: &Words<'_>, day: Date) -> String {
        let Some(letter) = self.letter.get(kind) else { return String::new() };
        let points = if points.is_empty() { &letter.points } else { points };
        let mut lines = vec![letter.open.clone()];
        lines.extend((1..).zip(points).map(|(n, point)| format!("{n}. {point}")));
        lines.push(letter.close.clone());
        filled(&dated(&lines.join("\n"), day), words)
    }
}

fn filled(text: &str, words: &Words<'_>) -> String {
    let mut first = words.subject.chars();
    let subject: String =
        first.next().into_iter().flat_map(char::to_lowercase).chain(first.by_ref()).collect();
    let parts = [
        ("{who}", words.who),
        ("{to}", words.to),
        ("{from}", words.from),
        ("{symbol}", words.symbol),
        ("{subject}", &subject),
        ("{date}", &words.date),
    ];
    parts.iter().fold(text.to_owned(), |text, (mark, value)| text.replace(mark, value))
}

/// Fills in year, quarter and month of a day.
pub(crate) fn dated(text: &str, day: Date) -> String {
    let quarter = match day.month() {
        1..=3 => "I",
        4..=6 => "II",
        7..=9 => "III",
        _ => "IV",
    };
    text.replace("{year}", &day.year().to_string())
        .replace("{quarter}", quarter)
        .replace("{month}", &day.month().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::data::{Picture, data};

    #[test]
    fn there_is_enough_to_write_about_and_all_of_it_can_be_written() {
        let (library, tree) = (library().unwrap(), data(Picture::FourLevels).unwrap());
        let sides =
            [&library.central, &library.province, &library.department, &library.district, &library.commune];
        assert!(sides.iter().map(|side| side.len()).sum::<usize>() >= 120);
        let day = Date::new(2017, 3, 14).unwrap();
        for subject in sides.into_iter().flatten() {
            assert!(tree.fields.contains_key(&subject.field), "{}", subject.about);
            let words =
                Words { who: "Văn phòng Chính phủ", to: "UBND tỉnh Phú Thọ", ..Words::default() };
            let body = library.body(subject, &words, day);
            assert!(body.lines().count() >= 3 && !body.contains('{'), "{}: {body}", subject.about);
            assert!(!dated(&subject.about, day).contains('{'), "{}", subject.about);
        }
        for subject in &library.central {
            assert!(tree.place(&subject.by).is_some_and(|place| place.tenant.is_some()), "{}", subject.about);
        }
    }

    #[test]
    fn an_answer_names_the_letter_it_answers() {
        let words = Words {
            who: "UBND tỉnh Phú Thọ",
            to: "Bộ Nội vụ",
            symbol: "12/BNV-VP",
            date: "10/03/2017".to_owned(),
            from: "Bộ Nội vụ",
            subject: "Báo cáo kết quả",
        };
        let (about, body) = library().unwrap().reply("answer", &words, Date::new(2017, 3, 14).unwrap());
        assert_eq!(about, "Trả lời văn bản số 12/BNV-VP về việc báo cáo kết quả");
        assert!(body.contains("12/BNV-VP ngày 10/03/2017 của Bộ Nội vụ"), "{body}");
    }
}

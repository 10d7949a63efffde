//! Styles and lists: which paragraphs are headings, and what number Word shows before one.

use crate::xml::{Next, Tag, Xml};
use crate::{Limits, Unreadable};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Levels a list may have.
const LEVELS: usize = 9;

/// What a style says that matters here.
#[derive(Debug, Clone, Default)]
pub(crate) struct Style {
    based_on: Option<String>,
    heading: Option<u8>,
    list: Option<String>,
    level: Option<usize>,
}

/// The styles of a document by their id.
#[derive(Debug, Default)]
pub(crate) struct Styles(BTreeMap<String, Style>);

impl Styles {
    pub(crate) fn read(part: &str, limits: &Limits) -> Result<Styles, Unreadable> {
        let (mut xml, mut styles) = (Xml::new(part, limits), Styles::default());
        let mut open: Option<(String, Style)> = None;
        loop {
            match xml.next()? {
                Next::Open(tag) if tag.name() == "style" => {
                    open = tag.value("styleId").map(|id| (id, Style::default()));
                }
                Next::Open(tag) => {
                    if let Some((_, style)) = &mut open {
                        style.learn(&tag);
                    }
                }
                Next::Close(name) if name == "style" => {
                    styles.0.extend(open.take());
                    if styles.0.len() > limits.blocks {
                        return Err(Unreadable::TooLarge);
                    }
                }
                Next::Close(_) | Next::Text(_) => {}
                Next::End => return Ok(styles),
            }
        }
    }

    /// What a style and those it is based on say; the nearest word counts.
    pub(crate) fn of(&self, id: &str) -> Style {
        let (mut found, mut next) = (Style::default(), Some(id.to_owned()));
        // A chain longer than this is a circle.
        for _ in 0..16 {
            let Some(style) = next.as_ref().and_then(|id| self.0.get(id)) else { break };
            found.heading = found.heading.or(style.heading);
            found.list = found.list.take().or_else(|| style.list.clone());
            found.level = found.level.or(style.level);
            next.clone_from(&style.based_on);
        }
        found
    }
}

impl Style {
    fn learn(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "basedOn" => self.based_on = tag.val(),
            "numId" => self.list = tag.val(),
            "ilvl" => self.level = tag.number("val"),
            "outlineLvl" => self.heading = heading(tag.number("val")),
            "name" => {
                let name = tag.val().unwrap_or_default().to_lowercase();
                let level = name.strip_prefix("heading ").and_then(|n| n.parse::<u8>().ok());
                self.heading = level.filter(|level| (1..=9).contains(level)).or(self.heading);
            }
            _ => {}
        }
    }

    pub(crate) fn heading(&self) -> Option<u8> {
        self.heading
    }

    /// The list and the level a style puts its paragraphs in.
    pub(crate) fn list(&self) -> Option<(String, usize)> {
        Some((self.list.clone()?, self.level.unwrap_or(0)))
    }
}

/// Level 9 of an outline is body text.
pub(crate) fn heading(outline: Option<usize>) -> Option<u8> {
    u8::try_from(outline?.saturating_add(1)).ok().filter(|level| *level <= 9)
}

/// One level of a list.
#[derive(Debug, Clone, Default)]
struct Level {
    start: usize,
    format: String,
    text: String,
}

/// The lists of a document, and how far each has been counted.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    patterns: BTreeMap<String, Vec<Level>>,
    named: BTreeMap<String, (String, BTreeMap<usize, usize>)>,
    counted: BTreeMap<String, [Option<usize>; LEVELS]>,
    begun: Vec<(String, usize)>,
}

impl Lists {
    pub(crate) fn read(part: &str, limits: &Limits) -> Result<Lists, Unreadable> {
        let (mut xml, mut lists) = (Xml::new(part, limits), Lists::default());
        let (mut pattern, mut list, mut level) = (None, None, 0);
        loop {
            match xml.next()? {
                Next::Open(tag) => match tag.name() {
                    "abstractNum" => pattern = tag.value("abstractNumId"),
                    "num" => list = tag.value("numId"),
                    "lvl" | "lvlOverride" => {
                        level = tag.number("ilvl").unwrap_or(0).min(LEVELS - 1);
                        lists.level(pattern.as_deref(), level);
                    }
                    "abstractNumId" => lists.name(list.as_deref(), tag.val()),
                    "startOverride" => lists.start(list.as_deref(), (level, tag.number("val"))),
                    name => {
                        if let Some(place) = lists.level(pattern.as_deref(), level) {
                            place.learn(name, &tag);
                        }
                    }
                },
                Next::Close(name) if name == "abstractNum" => pattern = None,
                Next::Close(name) if name == "num" => list = None,
                Next::Close(_) | Next::Text(_) => {}
                Next::End => return Ok(lists),
            }
            if lists.patterns.len().saturating_add(lists.named.len()) > limits.blocks {
                return Err(Unreadable::TooLarge);
            }
        }
    }

    fn level(&mut self, pattern: Option<&str>, level: usize) -> Option<&mut Level> {
        let empty = || vec![Level { start: 1, ..Level::default() }; LEVELS];
        self.patterns.entry(pattern?.to_owned()).or_insert_with(empty).get_mut(level)
    }

    fn name(&mut self, list: Option<&str>, pattern: Option<String>) {
        if let (Some(list), Some(pattern)) = (list, pattern) {
            self.named.insert(list.to_owned(), (pattern, BTreeMap::new()));
        }
    }

    fn start(&mut self, list: Option<&str>, (level, start): (usize, Option<usize>)) {
        let list = list.and_then(|list| self.named.get_mut(list));
        if let (Some((_, starts)), Some(start)) = (list, start) {
            starts.insert(level, start);
        }
    }

    /// Counts on, and answers what stands before the paragraph.
    pub(crate) fn count(&mut self, list: &str, level: usize) -> String {
        let level = level.min(LEVELS - 1);
        let Some((pattern, starts)) = self.named.get(list) else { return String::new() };
        let Some(levels) = self.patterns.get(pattern) else { return String::new() };
        let counted = self.counted.entry(pattern.clone()).or_default();
        // A list that says where it begins begins there once, whatever was counted before it.
        let restart = starts.get(&level).filter(|_| {
            let place = (list.to_owned(), level);
            let is_first = !self.begun.contains(&place);
            if is_first {
                self.begun.push(place);
            }
            is_first
        });
        let start = |level: usize| levels.get(level).map_or(1, |one| one.start);
        for (at, place) in counted.iter_mut().enumerate() {
            match at.cmp(&level) {
                Ordering::Less => {
                    place.get_or_insert_with(|| start(at));
                }
                Ordering::Equal => {
                    *place = Some(match (restart, *place) {
                        (Some(start), _) => *start,
                        (None, Some(last)) => last.saturating_add(1),
                        (None, None) => start(at),
                    });
                }
                Ordering::Greater => *place = None,
            }
        }
        levels.get(level).map(|one| one.label(levels, counted)).unwrap_or_default()
    }
}

impl Level {
    fn learn(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "start" => self.start = tag.number("val").unwrap_or(1),
            "numFmt" => self.format = tag.val().unwrap_or_default(),
            // A pattern is some letters around at most nine numbers.
            "lvlText" => self.text = tag.val().unwrap_or_default().chars().take(40).collect(),
            _ => {}
        }
    }

    /// `Điều %1.` with its numbers.
    fn label(&self, levels: &[Level], counted: &[Option<usize>]) -> String {
        match self.format.as_str() {
            "bullet" => return "-".to_owned(),
            "none" => return String::new(),
            _ => {}
        }
        let mut label = self.text.clone();
        for (at, (level, counted)) in levels.iter().zip(counted).enumerate() {
            let number = formatted(counted.unwrap_or(level.start), &level.format);
            label = label.replace(&format!("%{}", at.saturating_add(1)), &number);
        }
        label.trim().to_owned()
    }
}

fn formatted(number: usize, format: &str) -> String {
    match format {
        "lowerLetter" => letters(number),
        "upperLetter" => letters(number).to_uppercase(),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        "decimalZero" => format!("{number:02}"),
        _ => number.to_string(),
    }
}

/// As Word counts with letters: `z` is followed by `aa`.
fn letters(number: usize) -> String {
    let place = number.saturating_sub(1);
    let letter = u8::try_from(place % 26).map_or('a', |place| char::from(b'a'.saturating_add(place)));
    String::from(letter).repeat((place / 26).min(9).saturating_add(1))
}

fn roman(number: usize) -> String {
    const SIGNS: [(usize, &str); 9] =
        [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    if number == 0 || number > 399 {
        return number.to_string();
    }
    let (mut left, mut text) = (number, String::new());
    for (value, sign) in SIGNS {
        while left >= value {
            text.push_str(sign);
            left = left.saturating_sub(value);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{letters, roman};

    #[test]
    fn numbers_are_written_as_word_writes_them() {
        assert_eq!([1, 4, 9, 14, 40, 99].map(roman), ["I", "IV", "IX", "XIV", "XL", "XCIX"]);
        assert_eq!([1, 26, 27, 53].map(letters), ["a", "z", "aa", "aaa"]);
        assert_eq!(roman(4_000), "4000");
    }
}

//! Texts by key, in Vietnamese and English.
//!
//! A text may hold placeholders `{name}`. A text whose English has two forms writes them as
//! `{n} document|{n} documents`; the value named `n` chooses.

use crate::{Error, Result};
use std::collections::HashMap;
use std::fmt::{Display, Write};
use std::hash::{BuildHasherDefault, Hasher};

/// The languages of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Vietnamese, the language of the house.
    #[default]
    Vi,
    /// English, complete.
    En,
}

impl Lang {
    /// `vi` or `en`, as in the `lang` attribute.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Vi => "vi",
            Lang::En => "en",
        }
    }

    /// Reads a language code; anything unknown is Vietnamese.
    pub fn parse(code: &str) -> Lang {
        if code.starts_with("en") { Lang::En } else { Lang::Vi }
    }
}

/// All texts of the program, in both languages.
#[derive(Debug, Default)]
pub struct Texts {
    vi: Side,
    en: Side,
}

/// The texts of one language by key.
type Side = HashMap<String, String, BuildHasherDefault<Mixer>>;

/// Mixes the letters of a key, eight at a time. A page looks for two hundred texts; the keys are those of the program, so
/// that nobody can choose them badly.
#[derive(Debug, Default)]
struct Mixer(u64);

impl Mixer {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        for byte in rest {
            self.mix(u64::from(*byte));
        }
    }

    fn finish(&self) -> u64 {
        // A table looks at the highest bits and at the lowest: what was multiplied last is in the highest only.
        self.0 ^ self.0 >> 32
    }
}

impl Texts {
    /// Adds one module's two TOML files. Nested tables become dotted keys.
    ///
    /// # Errors
    /// When a file is not TOML, a value is not a string, or a key appears twice.
    pub fn add(&mut self, vi: &str, en: &str) -> Result<()> {
        read_into(&mut self.vi, vi)?;
        read_into(&mut self.en, en)
    }

    /// The text of a key, or the key itself between marks, so that a hole is seen and nothing breaks.
    pub fn get<'a>(&'a self, lang: Lang, key: &'a str) -> &'a str {
        self.side(lang).get(key).map_or(key, String::as_str)
    }

    /// True when the key exists in the language.
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.side(lang).contains_key(key)
    }

    /// The keys of a language, in order.
    pub fn keys(&self, lang: Lang) -> impl Iterator<Item = &str> {
        let mut keys: Vec<&str> = self.side(lang).keys().map(String::as_str).collect();
        keys.sort_unstable();
        keys.into_iter()
    }

    fn side(&self, lang: Lang) -> &Side {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }
}

fn read_into(side: &mut Side, toml: &str) -> Result<()> {
    let table: toml::Table =
        toml.parse().map_err(|e: toml::de::Error| Error::internal(format!("texts: {e}")))?;
    flatten(side, "", &toml::Value::Table(table))
}

fn flatten(side: &mut Side, prefix: &str, value: &toml::Value) -> Result<()> {
    match value {
        toml::Value::String(text) => match side.insert(prefix.to_owned(), text.clone()) {
            None => Ok(()),
            Some(_) => Err(Error::internal(format!("text {prefix} is defined twice"))),
        },
        toml::Value::Table(table) => {
            for (name, inner) in table {
                // The key `_` names the table itself, so that `a` and `a.b` may both be texts.
                let path = match (prefix, name.as_str()) {
                    (_, "_") => prefix.to_owned(),
                    ("", name) => name.to_owned(),
                    (prefix, name) => format!("{prefix}.{name}"),
                };
                flatten(side, &path, inner)?;
            }
            Ok(())
        }
        other => Err(Error::internal(format!("text {prefix} is not a string: {other}"))),
    }
}

/// The texts in one person's language: what every view holds.
#[derive(Debug, Clone, Copy)]
pub struct T {
    texts: &'static Texts,
    lang: Lang,
}

impl T {
    /// The texts of the program in a language.
    pub const fn new(texts: &'static Texts, lang: Lang) -> T {
        T { texts, lang }
    }

    /// The language.
    pub const fn lang(self) -> Lang {
        self.lang
    }

    /// The text of a key.
    pub fn text<'a>(self, key: &'a str) -> &'a str
    where
        'static: 'a,
    {
        self.texts.get(self.lang, key)
    }

    /// True when the key exists.
    pub fn has(self, key: &str) -> bool {
        self.texts.has(self.lang, key)
    }

    /// The text of a key with its placeholders filled.
    pub fn fill(self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        let mut rest = self.text(key);
        if let Some((one, other)) = rest.split_once('|') {
            let single = values.iter().any(|(name, value)| *name == "n" && value.to_string() == "1");
            rest = if single { one } else { other };
        }
        let mut out = String::with_capacity(rest.len() + 24);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let named = after.split_once('}').and_then(|(name, tail)| {
                values.iter().find(|(known, _)| *known == name).map(|(_, value)| (value, tail))
            });
            rest = match named {
                Some((value, tail)) => {
                    let _ = write!(out, "{value}");
                    tail
                }
                None => {
                    out.push('{');
                    after
                }
            };
        }
        out.push_str(rest);
        out
    }

    /// A counted text: placeholder `{n}`.
    pub fn count(self, key: &str, n: i64) -> String {
        self.fill(key, &[("n", &n)])
    }
}

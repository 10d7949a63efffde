//! How the value of each type is read from a field, and what is said when it is wrong.

use super::{Field, FromField, Input, Kind};
use crate::text;
use crate::{Date, FieldErrors, Id, Instant};
use std::str::FromStr;

fn checked<'a>(field: &Field, raw: &'a str, errors: &mut FieldErrors) -> Option<&'a str> {
    if raw.chars().count() > field.max {
        errors.add(field.name, "form.too_long");
        return None;
    }
    Some(raw)
}

fn cleaned(field: &Field, raw: &str) -> String {
    match field.kind {
        Kind::Area => text::nfc(raw.trim()).replace("\r\n", "\n"),
        Kind::Password | Kind::Sealed => raw.to_owned(),
        _ => text::clean_line(raw),
    }
}

impl FromField for Option<String> {
    fn from_field(field: &Field, input: &Input, errors: &mut FieldErrors) -> Option<Self> {
        let value = cleaned(field, input.get(field.name).unwrap_or(""));
        if value.is_empty() {
            if field.required {
                errors.add(field.name, "form.required");
                return None;
            }
            return Some(None);
        }
        checked(field, &value, errors)?;
        Some(Some(value))
    }
}

impl FromField for String {
    fn from_field(field: &Field, input: &Input, errors: &mut FieldErrors) -> Option<Self> {
        Option::<String>::from_field(field, input, errors).map(Option::unwrap_or_default)
    }
}

#[expect(
    clippy::option_option,
    reason = "the outer says whether the field is right, the inner whether it is filled"
)]
/// Reads an optional value through `parse`; `key` is the message when it does not parse.
fn parsed<V>(
    field: &Field,
    input: &Input,
    errors: &mut FieldErrors,
    (parse, key): (impl Fn(&str) -> Option<V>, &'static str),
) -> Option<Option<V>> {
    match Option::<String>::from_field(field, input, errors)? {
        None => Some(None),
        Some(text) => match parse(&text) {
            Some(value) => Some(Some(value)),
            None => {
                errors.add(field.name, key);
                None
            }
        },
    }
}

/// Implements the optional and the required reading of a type with one parser.
macro_rules! from_field {
    ($t:ty, $parse:expr, $key:literal) => {
        impl FromField for Option<$t> {
            fn from_field(field: &Field, input: &Input, errors: &mut FieldErrors) -> Option<Self> {
                parsed(field, input, errors, ($parse, $key))
            }
        }
        impl FromField for $t {
            fn from_field(field: &Field, input: &Input, errors: &mut FieldErrors) -> Option<Self> {
                match parsed(field, input, errors, ($parse, $key))? {
                    Some(value) => Some(value),
                    None => {
                        errors.add(field.name, "form.required");
                        None
                    }
                }
            }
        }
    };
}

from_field!(Date, Date::parse, "form.not_a_date");
from_field!(Instant, Instant::parse, "form.not_a_time");
from_field!(i64, |text: &str| text.parse::<i64>().ok(), "form.not_a_number");
from_field!(Upload, Upload::decode, "form.not_a_file");

impl<N> FromField for Option<Id<N>> {
    fn from_field(field: &Field, input: &Input, errors: &mut FieldErrors) -> Option<Self> {
        parsed(field, input, errors, (|text: &str| Id::from_str(text).ok(), "form.choose"))
    }
}

impl<N> FromField for Id<N> {
    fn from_field(field: &Field, input: &Input, errors: &mut FieldErrors) -> Option<Self> {
        let found = Option::<Id<N>>::from_field(field, input, errors)?;
        if found.is_none() {
            errors.add(field.name, "form.choose");
        }
        found
    }
}

impl FromField for bool {
    fn from_field(field: &Field, input: &Input, _errors: &mut FieldErrors) -> Option<Self> {
        Some(matches!(input.get(field.name), Some("1" | "on" | "true" | "yes")))
    }
}

/// More values of one name than anybody chooses by hand; whole tiers are chosen as groups.
const VALUES_MAX: usize = 5_000;

/// Reads every value of a name; an empty list is wrong only when the field is required.
fn many<V>(
    field: &Field,
    input: &Input,
    errors: &mut FieldErrors,
    parse: impl Fn(&str) -> Option<V>,
) -> Option<Vec<V>> {
    let mut values = Vec::new();
    for raw in input.all(field.name).filter(|raw| !raw.trim().is_empty()) {
        if values.len() >= VALUES_MAX {
            errors.add(field.name, "form.too_many");
            return None;
        }
        match parse(checked(field, raw, errors)?) {
            Some(value) => values.push(value),
            None => {
                errors.add(field.name, "form.choose");
                return None;
            }
        }
    }
    if values.is_empty() && field.required {
        errors.add(field.name, "form.required");
        return None;
    }
    Some(values)
}

impl<N> FromField for Vec<Id<N>> {
    fn from_field(field: &Field, input: &Input, errors: &mut FieldErrors) -> Option<Self> {
        many(field, input, errors, |text| Id::from_str(text).ok())
    }
}

impl FromField for Vec<String> {
    fn from_field(field: &Field, input: &Input, errors: &mut FieldErrors) -> Option<Self> {
        many(field, input, errors, |text| Some(text::clean_line(text)))
    }
}

impl FromField for Vec<Upload> {
    fn from_field(field: &Field, input: &Input, errors: &mut FieldErrors) -> Option<Self> {
        many(&field.max(2_000), input, errors, Upload::decode)
    }
}

/// A file that was stored before the form was read. The value that travels in the page is signed by
/// the engine, so a person can only name a file they uploaded themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// SHA-256 of the bytes, lower-case hexadecimal: its name in the store.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: i64,
    /// What the bytes are, by their first bytes.
    pub content_type: String,
    /// The name the person's machine gave it; for show only.
    pub name: String,
}

impl Upload {
    /// The value that travels in a form.
    pub fn encode(&self) -> String {
        format!("{}|{}|{}|{}", self.sha256, self.bytes, self.content_type, self.name)
    }

    /// Reads the travelling value; a fifth part is the engine's signature.
    pub fn decode(text: &str) -> Option<Upload> {
        let mut parts = text.splitn(5, '|');
        let sha256 = parts.next()?.to_owned();
        let bytes = parts.next()?.parse().ok()?;
        let content_type = parts.next()?.to_owned();
        let name = parts.next()?.to_owned();
        let hex =
            sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        hex.then_some(Upload { sha256, bytes, content_type, name })
    }
}

//! One description per form gives the HTML, the validation, the error summary and the JSON of the API.

use crate::{Error, FieldErrors, Result};

mod read;
mod urlencoded;

pub use read::Upload;
pub use urlencoded::decode;

/// How a field is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    Line,
    /// Several lines of text.
    Area,
    /// A password: never written back into the page.
    Password,
    /// A secret the program must say again to another one: asked for like a password, and sealed before any handler
    /// sees it.
    Sealed,
    /// A date, `YYYY-MM-DD`.
    Date,
    /// A local date and time, `YYYY-MM-DDTHH:MM`.
    DateTime,
    /// A whole number.
    Number,
    /// One of the choices the page offers.
    Choice,
    /// Any of the choices the page offers.
    Many,
    /// Yes or no.
    Check,
    /// Carried by the page, not shown.
    Hidden,
    /// One id found through a server search at this address.
    Lookup(&'static str),
    /// Many ids found through a server search at this address.
    Lookups(&'static str),
    /// One uploaded file.
    File,
    /// Several uploaded files.
    Files,
}

/// What is read in an uploaded file before the form is acted on. What was found comes as further values of the form,
/// under the field's name, a dot and a word: `pages`, `text`, `left_out`, or `refused` with the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// The words of a DOCX as text with light marks: `text`; what was left out, a line each, with its number: `left_out`.
    Words,
    /// Whether a PDF can stand for a document: `pages`.
    Pdf,
}

/// One field of a form.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The name in the form, in JSON and in the struct.
    pub name: &'static str,
    /// Text key of the label.
    pub label: &'static str,
    /// Text key of the hint under the label.
    pub hint: Option<&'static str>,
    /// How it is asked for.
    pub kind: Kind,
    /// True when it may not be left empty.
    pub required: bool,
    /// Longest value, in characters.
    pub max: usize,
    /// What is read in the uploaded file.
    pub reads: Option<Reads>,
}

impl Field {
    /// A field of a kind with a label key.
    pub const fn new(kind: Kind, label: &'static str) -> Field {
        Field { name: "", label, hint: None, kind, required: false, max: 500, reads: None }
    }
    /// One line of text, 500 characters at most unless told otherwise.
    pub const fn line(label: &'static str) -> Field {
        Field::new(Kind::Line, label)
    }
    /// Several lines of text, 10,000 characters at most unless told otherwise.
    pub const fn area(label: &'static str) -> Field {
        Field::new(Kind::Area, label).max(10_000)
    }
    /// A date.
    pub const fn date(label: &'static str) -> Field {
        Field::new(Kind::Date, label)
    }
    /// A whole number.
    pub const fn number(label: &'static str) -> Field {
        Field::new(Kind::Number, label)
    }
    /// A secret for another program; what the handler reads is sealed.
    pub const fn sealed(label: &'static str) -> Field {
        Field::new(Kind::Sealed, label)
    }
    /// One of several choices.
    pub const fn choice(label: &'static str) -> Field {
        Field::new(Kind::Choice, label)
    }
    /// Any of several choices.
    pub const fn many(label: &'static str) -> Field {
        Field::new(Kind::Many, label)
    }
    /// Yes or no.
    pub const fn check(label: &'static str) -> Field {
        Field::new(Kind::Check, label)
    }
    /// Carried by the page.
    pub const fn hidden(label: &'static str) -> Field {
        Field::new(Kind::Hidden, label)
    }
    /// One id found by server search.
    pub const fn lookup(label: &'static str, address: &'static str) -> Field {
        Field::new(Kind::Lookup(address), label)
    }
    /// Many ids found by server search.
    pub const fn lookups(label: &'static str, address: &'static str) -> Field {
        Field::new(Kind::Lookups(address), label)
    }
    /// One file.
    pub const fn file(label: &'static str) -> Field {
        Field::new(Kind::File, label)
    }
    /// Several files.
    pub const fn files(label: &'static str) -> Field {
        Field::new(Kind::Files, label)
    }
    /// What is read in the uploaded file.
    #[must_use]
    pub const fn reading(mut self, reads: Reads) -> Field {
        self.reads = Some(reads);
        self
    }
    /// May not be left empty.
    #[must_use]
    pub const fn required(mut self) -> Field {
        self.required = true;
        self
    }
    /// Longest value in characters.
    #[must_use]
    pub const fn max(mut self, max: usize) -> Field {
        self.max = max;
        self
    }
    /// Text key of a hint.
    #[must_use]
    pub const fn hint(mut self, key: &'static str) -> Field {
        self.hint = Some(key);
        self
    }
    /// The name; given by `form!`.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Field {
        self.name = name;
        self
    }
}

/// What a person sent: names and values in the order they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input(Vec<(String, String)>);

impl Input {
    /// Wraps pairs as they came.
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Input {
        Input(pairs)
    }

    /// Reads a JSON object: scalars become text, arrays become repeated values.
    ///
    /// # Errors
    /// `Invalid` at the field whose value is an object or a nested array, or when it is no object at all.
    pub fn from_json(json: &serde_json::Value) -> Result<Input> {
        let Some(object) = json.as_object() else {
            return Err(Error::field("", "form.not_an_object"));
        };
        let mut input = Input::default();
        let mut errors = FieldErrors::default();
        for (name, value) in object {
            let many = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
            for one in many {
                match one {
                    serde_json::Value::Null => {}
                    serde_json::Value::String(text) => input.push(name, text),
                    serde_json::Value::Bool(yes) => input.push(name, if *yes { "1" } else { "" }),
                    serde_json::Value::Number(number) => input.push(name, number.to_string()),
                    _ => errors.add(name.clone(), "form.not_a_value"),
                }
            }
        }
        errors.into_result(input)
    }

    /// Adds a value.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Adds a value and returns the input, for calls in a chain.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Input {
        self.push(name, value.to_string());
        self
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// True when a value of the name is exactly this.
    pub fn holds(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|v| v == value)
    }

    /// All pairs.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// What a page needs to draw a form: what was sent before, what was wrong, and the two hidden keys.
#[derive(Debug, Clone, Copy)]
pub struct FormState<'a> {
    /// What was posted, when the form comes back.
    pub input: Option<&'a Input>,
    /// Messages at the fields.
    pub errors: &'a FieldErrors,
    /// The session's form token.
    pub csrf: &'a str,
    /// A key that makes the form act once, however often it is sent.
    pub once: &'a str,
}

impl FormState<'_> {
    /// The posted value of a field, else `otherwise`.
    pub fn value<'v>(&'v self, name: &str, otherwise: &'v str) -> &'v str {
        self.input.and_then(|input| input.get(name)).unwrap_or(otherwise)
    }
}

/// A form: a struct read from an input, and its fields.
pub trait Form: Sized {
    /// The fields, in order.
    const FIELDS: &'static [Field];
    /// Reads and checks every field.
    ///
    /// # Errors
    /// `Invalid` with a message at each wrong field.
    fn read(input: &Input) -> Result<Self>;
}

/// A type that can be read from a field.
pub trait FromField: Sized {
    /// Reads the value; adds a message and answers `None` when it is wrong.
    fn from_field(field: &Field, input: &Input, errors: &mut FieldErrors) -> Option<Self>;
}

/// Declares a form: a struct, its fields and how it is read.
///
/// ```ignore
/// form! {
///     /// A leader's direction.
///     pub struct DirectForm {
///         lead: UnitId = Field::choice("documents.direct.lead").required(),
///         instruction: String = Field::area("documents.direct.instruction"),
///     }
/// }
/// ```
#[macro_export]
macro_rules! form {
    ($(#[$m:meta])* $v:vis struct $s:ident { $($(#[$fm:meta])* $f:ident : $t:ty = $e:expr),* $(,)? }) => {
        $(#[$m])*
        #[derive(Debug, Clone)]
        $v struct $s { $($(#[$fm])* pub $f: $t),* }
        impl $crate::form::Form for $s {
            const FIELDS: &'static [$crate::form::Field] = &[$($e.named(stringify!($f))),*];
            fn read(input: &$crate::form::Input) -> $crate::Result<Self> {
                let mut errors = $crate::FieldErrors::default();
                $(let $f = <$t as $crate::form::FromField>::from_field(
                    &$e.named(stringify!($f)), input, &mut errors);)*
                match ($($f,)*) {
                    ($(Some($f),)*) if errors.is_empty() => Ok($s { $($f),* }),
                    _ => Err($crate::Error::Invalid(errors)),
                }
            }
        }
    };
}

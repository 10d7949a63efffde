//! One error policy: six variants, and a refusal that speaks to a person.

use std::borrow::Cow;
use std::fmt;

/// What can go wrong anywhere in the house. Six variants, each with one HTTP status.
#[derive(Debug)]
pub enum Error {
    /// 404. The thing does not exist, or exists but not for this actor.
    NotFound,
    /// 403. The actor holds the right nowhere.
    Forbidden,
    /// 422. A form came back with messages at its fields.
    Invalid(FieldErrors),
    /// 409. A rule said no.
    Refused(Refusal),
    /// 503. Try again: a lock, a full queue, the other side is down.
    Busy(&'static str),
    /// 500. An incident: the page shows a number, the log shows the chain.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// The result of everything that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An incident described by a message; for conditions that no library reports.
    pub fn internal(message: impl Into<Cow<'static, str>>) -> Error {
        Error::Internal(message.into().into_owned().into())
    }

    /// An error at one field of a form. `field` is the field's name, `key` a text key.
    pub fn field(field: &'static str, key: &'static str) -> Error {
        let mut errors = FieldErrors::default();
        errors.add(field, key);
        Error::Invalid(errors)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotFound => f.write_str("not found"),
            Error::Forbidden => f.write_str("forbidden"),
            Error::Invalid(errors) => write!(f, "invalid: {errors:?}"),
            Error::Refused(refusal) => write!(f, "refused: {}", refusal.key),
            Error::Busy(what) => write!(f, "busy: {what}"),
            Error::Internal(inner) => write!(f, "internal: {inner}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Internal(inner) => Some(&**inner),
            _ => None,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(refusal)
    }
}

/// Adds the name of the thing to an internal error, where the name is known.
pub trait WhileDoing<T> {
    /// Wraps an error as internal: "`doing` `what`: cause".
    fn while_doing(self, doing: &str, what: impl fmt::Display) -> Result<T>;
}

impl<T, E: Into<Box<dyn std::error::Error + Send + Sync>>> WhileDoing<T> for std::result::Result<T, E> {
    fn while_doing(self, doing: &str, what: impl fmt::Display) -> Result<T> {
        self.map_err(|cause| {
            let cause = cause.into();
            match cause.downcast::<Error>() {
                Ok(own) if !matches!(*own, Error::Internal(_)) => *own,
                Ok(own) => Error::internal(format!("{doing} {what}: {own}")),
                Err(other) => Error::internal(format!("{doing} {what}: {other}")),
            }
        })
    }
}

/// A rule's "no": which text says it, on which legal ground, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Text key of the message.
    pub key: &'static str,
    /// Article the rule stands on, as written in the rule file (empty when it is our own rule).
    pub ground: Cow<'static, str>,
    /// Text key of the next step, if there is one.
    pub hint: Option<&'static str>,
    /// Values for the placeholders of the message.
    pub values: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal with a message key.
    pub fn new(key: &'static str) -> Refusal {
        Refusal { key, ground: Cow::Borrowed(""), hint: None, values: Vec::new() }
    }

    /// The article it stands on.
    #[must_use]
    pub fn ground(mut self, ground: impl Into<Cow<'static, str>>) -> Refusal {
        self.ground = ground.into();
        self
    }

    /// The text key of what the person can do next.
    #[must_use]
    pub fn hint(mut self, key: &'static str) -> Refusal {
        self.hint = Some(key);
        self
    }

    /// A value for a placeholder of the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Refusal {
        self.values.push((name, value.to_string()));
        self
    }
}

/// Messages at the fields of a form, in the order they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(Cow<'static, str>, &'static str)>);

impl FieldErrors {
    /// Adds a message key at a field.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, key: &'static str) {
        self.0.push((field.into(), key));
    }

    /// The message key at a field, if it has one.
    pub fn at(&self, field: &str) -> Option<&'static str> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, key)| *key)
    }

    /// All (field, message key) pairs.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.0.iter().map(|(field, key)| (field.as_ref(), *key))
    }

    /// True when no field is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok(value)` when no field is wrong.
    pub fn into_result<T>(self, value: T) -> Result<T> {
        if self.is_empty() { Ok(value) } else { Err(Error::Invalid(self)) }
    }
}

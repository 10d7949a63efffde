//! Typed ids: a UUID (version 7, so that ids sort by time of birth) that knows what it names.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;
use uuid::Uuid;

/// The id of a `T`. Zero-cost over a UUID; two ids of different nouns do not compare.
pub struct Id<T: ?Sized>(Uuid, PhantomData<fn() -> T>);

impl<T: ?Sized> Id<T> {
    /// Wraps a UUID that is known to name a `T`.
    pub const fn of(uuid: Uuid) -> Id<T> {
        Id(uuid, PhantomData)
    }

    /// A new id born at `micros` (microseconds since 1970 UTC) with 74 bits of `chance`.
    pub fn born(micros: i64, chance: [u8; 10]) -> Id<T> {
        let millis = u64::try_from(micros / 1000).unwrap_or(0);
        Id::of(uuid::Builder::from_unix_timestamp_millis(millis, &chance).into_uuid())
    }

    /// The bare UUID, for a database column.
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// Writes it at the end of a text.
    pub fn push_to(self, out: &mut String) {
        out.push_str(self.0.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    }

    /// The same UUID as the id of another noun; for tables where two nouns share one key.
    pub const fn cast<U: ?Sized>(self) -> Id<U> {
        Id::of(self.0)
    }
}

impl<T: ?Sized> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: ?Sized> Copy for Id<T> {}
impl<T: ?Sized> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T: ?Sized> Eq for Id<T> {}
impl<T: ?Sized> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T: ?Sized> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T: ?Sized> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T: ?Sized> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
impl<T: ?Sized> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
impl<T: ?Sized> FromStr for Id<T> {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Id::of)
    }
}
impl<T: ?Sized> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
impl<'de, T: ?Sized> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Id::of)
    }
}

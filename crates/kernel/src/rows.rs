//! Rows as a driver holds them, and the types they are read into: nothing is copied that nobody keeps.

use crate::db::Value;
use base::{Date, Error, Id, Instant, Result};

/// A value in a column, where the driver of the database holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueRef<'r> {
    /// SQL NULL.
    Null,
    /// A whole number; booleans are 0 and 1.
    Int(i64),
    /// Text.
    Text(&'r str),
    /// Bytes.
    Bytes(&'r [u8]),
    /// A UUID.
    Id(uuid::Uuid),
}

/// A type a column can be read into.
pub trait FromValue: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// `Internal` when the column holds something else: a statement and its struct disagree.
    fn from_value(value: ValueRef<'_>) -> Result<Self>;
}

fn mismatch<T>(wanted: &str, found: ValueRef<'_>) -> Result<T> {
    Err(Error::internal(format!("a column holds {found:?}, wanted {wanted}")))
}

impl ValueRef<'_> {
    /// The text of a column.
    ///
    /// # Errors
    /// `Internal` when it holds something else.
    pub fn text(&self) -> Result<&str> {
        if let ValueRef::Text(text) = self { Ok(text) } else { mismatch("text", *self) }
    }
}

/// `Type: value => what it is read into;`
macro_rules! read_as {
    ($($kind:ty: $value:ident => $read:expr;)+) => {$(
        impl FromValue for $kind {
            fn from_value($value: ValueRef<'_>) -> Result<Self> { $read }
        }
    )+};
}
read_as! {
    i64: value => if let ValueRef::Int(n) = value { Ok(n) } else { mismatch("a number", value) };
    bool: value => Ok(i64::from_value(value)? != 0);
    String: value => value.text().map(str::to_owned);
    Instant: value => i64::from_value(value).map(Instant::from_micros);
    Date: value => Date::parse(value.text()?).map_or_else(|| mismatch("a date", value), Ok);
    Vec<u8>: value => match value {
        ValueRef::Bytes(bytes) => Ok(bytes.to_vec()),
        ValueRef::Id(id) => Ok(id.as_bytes().to_vec()),
        other => mismatch("bytes", other),
    };
    uuid::Uuid: value => match value {
        ValueRef::Id(id) => Ok(id),
        ValueRef::Bytes(bytes) => uuid::Uuid::from_slice(bytes).or_else(|_| mismatch("a UUID", value)),
        other => mismatch("a UUID", other),
    };
    Value: value => Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Int(n) => Value::Int(n),
        ValueRef::Text(text) => Value::Text(text.to_owned()),
        ValueRef::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Id(id) => Value::Id(id),
    });
}
impl<T> FromValue for Id<T> {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        uuid::Uuid::from_value(value).map(Id::of)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        if value == ValueRef::Null { Ok(None) } else { T::from_value(value).map(Some) }
    }
}

/// The columns of a row, in the hands of the driver.
pub trait Columns {
    /// What a column holds; `None` when there are fewer.
    ///
    /// # Errors
    /// `Internal` when it holds what no [`Value`] stands for.
    fn value(&self, column: usize) -> Result<Option<ValueRef<'_>>>;
}

/// One row, read column by column in the order of the statement.
pub struct Row<'r> {
    columns: &'r dyn Columns,
    next: usize,
}

impl Row<'_> {
    /// A row of a driver.
    pub fn new(columns: &dyn Columns) -> Row<'_> {
        Row { columns, next: 0 }
    }

    /// The next column.
    ///
    /// # Errors
    /// `Internal` when the statement has fewer columns or another type.
    pub fn take<T: FromValue>(&mut self) -> Result<T> {
        let value = self.columns.value(self.next)?;
        self.next += 1;
        T::from_value(value.ok_or_else(|| Error::internal("a statement has too few columns"))?)
    }
}

/// A type read from a whole row.
pub trait FromRow: Sized {
    /// Reads the row.
    ///
    /// # Errors
    /// `Internal` when statement and type disagree.
    fn from_row(row: &mut Row<'_>) -> Result<Self>;
}

macro_rules! tuple_rows {
    ($first:ident $($n:ident)*) => {
        impl<$first: FromValue, $($n: FromValue),*> FromRow for ($first, $($n,)*) {
            fn from_row(row: &mut Row<'_>) -> Result<Self> { Ok((row.take::<$first>()?, $(row.take::<$n>()?,)*)) }
        }
        tuple_rows!($($n)*);
    };
    () => {};
}
tuple_rows!(A B C D E F G H I J);

//! Records: rows that belong to an agency, and the macros that declare them.

use crate::rows::FromRow;

/// A table row that belongs to an agency and can be opened by id.
pub trait Record: FromRow {
    /// The table.
    const TABLE: &'static str;
    /// `SELECT` by id under `{scope}`, its columns in the order of the fields.
    fn open_sql() -> &'static crate::Sql;
}

/// Proof that a row was loaded inside this actor's scope. Only the kernel can make one.
#[derive(Debug)]
pub struct Opened<T> {
    pub(crate) value: T,
}

impl<T> std::ops::Deref for Opened<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// Declares a struct read from a row, its columns in the order of its fields.
#[macro_export]
macro_rules! row {
    ($(#[$m:meta])* $v:vis struct $s:ident { $($(#[$fm:meta])* $f:ident : $t:ty),* $(,)? }) => {
        $(#[$m])*
        #[derive(Debug, Clone)]
        $v struct $s { $($(#[$fm])* pub $f: $t),* }
        impl $crate::FromRow for $s {
            fn from_row(row: &mut $crate::Row<'_>) -> $crate::Result<Self> {
                Ok($s { $($f: row.take()?),* })
            }
        }
    };
}

/// Declares a record: `record! { "documents_incoming", "SELECT id, … WHERE {scope} AND id = $1"; struct … }`.
/// The statement lists the columns in the order of the fields.
#[macro_export]
macro_rules! record {
    ($table:literal, $open:literal; $($rest:tt)*) => {
        $crate::row! { $($rest)* }
        $crate::record_impl! { $table, $open; $($rest)* }
    };
}

/// The second half of [`record!`](crate::record).
#[doc(hidden)]
#[macro_export]
macro_rules! record_impl {
    ($table:literal, $open:literal; $(#[$m:meta])* $v:vis struct $s:ident { $($body:tt)* }) => {
        impl $crate::Record for $s {
            const TABLE: &'static str = $table;
            fn open_sql() -> &'static $crate::Sql {
                static OPEN: $crate::Sql = $crate::q!($open);
                &OPEN
            }
        }
    };
}

/// Declares an enum stored as text: `states! { pub enum Status { Arrived = "arrived", … } }`.
#[macro_export]
macro_rules! states {
    ($(#[$m:meta])* $v:vis enum $s:ident { $($(#[$vm:meta])* $n:ident = $text:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $v enum $s { $($(#[$vm])* $n),* }
        impl $s {
            /// Every value, in order.
            pub const ALL: &'static [$s] = &[$($s::$n),*];
            /// The word stored in the database, in URLs and in JSON.
            pub const fn word(self) -> &'static str {
                match self { $($s::$n => $text),* }
            }
            /// Reads the stored word.
            pub fn parse(word: &str) -> Option<$s> {
                match word { $($text => Some($s::$n),)* _ => None }
            }
        }
        impl From<$s> for $crate::Value {
            fn from(state: $s) -> $crate::Value { $crate::Value::from(state.word()) }
        }
        impl $crate::FromValue for $s {
            fn from_value(value: $crate::ValueRef<'_>) -> $crate::Result<Self> {
                let word = value.text()?;
                $s::parse(word).ok_or_else(|| $crate::Error::internal(
                    format!("{} has no value {word}", stringify!($s))))
            }
        }
        impl base::form::FromField for $s {
            fn from_field(field: &base::form::Field, input: &base::form::Input,
                          errors: &mut $crate::FieldErrors) -> Option<Self> {
                let found = input.get(field.name).and_then($s::parse);
                if found.is_none() { errors.add(field.name, "form.choose"); }
                found
            }
        }
    };
}

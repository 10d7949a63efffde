//! Values as SQLite takes them and gives them.

use kernel::Value;
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};

pub(super) struct Bound<'v>(pub(super) &'v Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
            Value::Id(id) => ValueRef::Blob(id.as_bytes()),
        }))
    }
}

pub(super) fn read(value: ValueRef<'_>) -> Option<kernel::ValueRef<'_>> {
    match value {
        ValueRef::Null => Some(kernel::ValueRef::Null),
        ValueRef::Integer(number) => Some(kernel::ValueRef::Int(number)),
        ValueRef::Text(text) => std::str::from_utf8(text).ok().map(kernel::ValueRef::Text),
        ValueRef::Blob(bytes) => Some(kernel::ValueRef::Bytes(bytes)),
        ValueRef::Real(_) => None,
    }
}

//! The text form in which PostgreSQL copies rows, and what its values are in the file of a SQLite tenant.

use base::{Error, Result};
use rusqlite::types::Value as Cell;
use std::fmt::Write;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    Id,
    Bytes,
    /// The words of a full-text index.
    Words,
}

impl Kind {
    /// By the name PostgreSQL gives the type.
    pub(super) fn of(udt: &str) -> Option<Kind> {
        match udt {
            "int8" | "int4" => Some(Kind::Number),
            "text" => Some(Kind::Text),
            "uuid" => Some(Kind::Id),
            "bytea" => Some(Kind::Bytes),
            "tsvector" => Some(Kind::Words),
            _ => None,
        }
    }
}

/// The values of a line, still in the words of PostgreSQL; `None` is NULL.
pub(super) fn fields(line: &str) -> impl Iterator<Item = Option<String>> {
    line.split('\t').map(|field| (field != "\\N").then(|| plain(field)))
}

/// Undoes the backslashes of a field.
fn plain(field: &str) -> String {
    let mut out = String::with_capacity(field.len());
    let mut letters = field.chars();
    while let Some(letter) = letters.next() {
        let meant = match letter {
            '\\' => match letters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some('v') => '\u{b}',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        };
        out.push(meant);
    }
    out
}

/// A field as SQLite keeps it.
pub(super) fn cell(kind: Kind, field: Option<String>) -> Result<Cell> {
    let Some(field) = field else { return Ok(Cell::Null) };
    let strange = || Error::internal(format!("PostgreSQL copied {field:?} as a {kind:?}"));
    Ok(match kind {
        Kind::Number => Cell::Integer(field.parse().map_err(|_| strange())?),
        Kind::Text | Kind::Words => Cell::Text(field),
        Kind::Id => {
            let id: uuid::Uuid = field.parse().map_err(|_| strange())?;
            Cell::Blob(id.as_bytes().to_vec())
        }
        Kind::Bytes => {
            let digits = field.strip_prefix("\\x").ok_or_else(strange)?;
            let pairs = digits.as_bytes().chunks(2);
            let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
            Cell::Blob(pairs.map(byte).collect::<Option<Vec<u8>>>().ok_or_else(strange)?)
        }
    })
}

/// Adds a value of SQLite to a line for PostgreSQL.
pub(super) fn push(line: &mut String, kind: Kind, cell: &Cell) -> Result<()> {
    match (kind, cell) {
        (_, Cell::Null) => line.push_str("\\N"),
        (Kind::Number, Cell::Integer(number)) => {
            let _ = write!(line, "{number}");
        }
        (Kind::Text | Kind::Words, Cell::Text(text)) => push_text(line, text),
        (Kind::Id, Cell::Blob(bytes)) => {
            let id = uuid::Uuid::from_slice(bytes).map_err(|e| Error::Internal(e.into()))?;
            let _ = write!(line, "{id}");
        }
        (Kind::Bytes, Cell::Blob(bytes)) => {
            line.push_str("\\\\x");
            for byte in bytes {
                let _ = write!(line, "{byte:02x}");
            }
        }
        (kind, other) => return Err(Error::internal(format!("{other:?} does not fit a {kind:?}"))),
    }
    Ok(())
}

fn push_text(line: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\t' => line.push_str("\\t"),
            '\r' => line.push_str("\\r"),
            other => line.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_as_it_was() {
        let id = vec![0x5a; 16];
        let values = [
            (Kind::Text, Cell::Text("một\thai\nba\\N \\x bốn\r".to_owned())),
            (Kind::Text, Cell::Text("\\N".to_owned())),
            (Kind::Text, Cell::Text(String::new())),
            (Kind::Number, Cell::Integer(i64::MIN)),
            (Kind::Id, Cell::Blob(id)),
            (Kind::Bytes, Cell::Blob(vec![0, 1, 254, 255])),
            (Kind::Bytes, Cell::Blob(Vec::new())),
            (Kind::Text, Cell::Null),
        ];
        let mut line = String::new();
        for (at, (kind, cell)) in values.iter().enumerate() {
            if at > 0 {
                line.push('\t');
            }
            push(&mut line, *kind, cell).unwrap();
        }
        let back: Vec<Cell> =
            fields(&line).zip(&values).map(|(field, (kind, _))| cell(*kind, field).unwrap()).collect();
        assert_eq!(back, values.map(|(_, cell)| cell));
        assert!(cell(Kind::Number, Some("x".to_owned())).is_err());
        assert!(push(&mut line, Kind::Number, &Cell::Text("1".to_owned())).is_err());
    }
}

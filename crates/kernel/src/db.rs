//! Values and statements: what a module sees of a database.

use crate::actor::Scope;
use crate::rows::Row;
use base::{Date, Id, Instant, Result};
use std::fmt::Write;
use std::sync::OnceLock;

/// A value in a statement or a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A whole number; booleans are 0 and 1.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A UUID.
    Id(uuid::Uuid),
}

macro_rules! into_value {
    ($($t:ty => $e:expr),* $(,)?) => { $(impl From<$t> for Value { fn from(v: $t) -> Value { ($e)(v) } })* };
}
into_value!(
    i64 => Value::Int,
    i32 => |v| Value::Int(i64::from(v)),
    u32 => |v| Value::Int(i64::from(v)),
    bool => |v| Value::Int(i64::from(v)),
    String => plain,
    &str => |v: &str| plain(v.to_owned()),
    &String => |v: &String| plain(v.clone()),
    Vec<u8> => Value::Bytes,
    uuid::Uuid => Value::Id,
    Instant => |v: Instant| Value::Int(v.micros()),
    Date => |v: Date| Value::Text(v.iso()),
);
/// A text without zero characters: PostgreSQL takes none, and nobody means one.
fn plain(text: String) -> Value {
    Value::Text(if text.contains('\0') { text.replace('\0', "") } else { text })
}
impl<T: ?Sized> From<Id<T>> for Value {
    fn from(id: Id<T>) -> Value {
        Value::Id(id.uuid())
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// The values of a statement, in the order of `$1`, `$2`, …
#[macro_export]
macro_rules! values {
    ($($e:expr),* $(,)?) => { &[$($crate::Value::from($e)),*] };
}

/// The two engines one SQL text runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3, WAL, STRICT tables.
    Sqlite,
    /// PostgreSQL 13 or later.
    Postgres,
}

/// One statement, written with [`q!`](crate::q). `{scope}` stands for "rows of the actor's agencies",
/// `{scope:d}` for the same on the table alias `d`.
#[derive(Debug)]
pub struct Sql {
    /// The text as written.
    pub text: &'static str,
    /// The file it is written in.
    pub at: &'static str,
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
    changes: OnceLock<(&'static str, &'static str)>,
    scoped: OnceLock<bool>,
}

impl Sql {
    /// For [`q!`](crate::q).
    pub const fn new(text: &'static str, at: &'static str) -> Sql {
        Sql {
            text,
            at,
            sqlite: OnceLock::new(),
            postgres: OnceLock::new(),
            changes: OnceLock::new(),
            scoped: OnceLock::new(),
        }
    }

    /// The text an engine is given.
    pub fn expanded(&self, dialect: Dialect) -> &str {
        match dialect {
            Dialect::Sqlite => self.sqlite.get_or_init(|| expand(self.text, dialect)),
            Dialect::Postgres => self.postgres.get_or_init(|| expand(self.text, dialect)),
        }
    }

    /// True when the statement limits itself to the actor's agencies.
    pub fn is_scoped(&self) -> bool {
        *self.scoped.get_or_init(|| self.text.contains("{scope"))
    }

    /// What the statement does to which table: `("update", "documents_incoming")`.
    pub fn changes(&self) -> (&'static str, &'static str) {
        *self.changes.get_or_init(|| verb_and_table(self.text))
    }
}

/// Reads "UPDATE documents_incoming" off a statement.
fn verb_and_table(text: &'static str) -> (&'static str, &'static str) {
    let mut words =
        text.split_whitespace().skip_while(|word| !matches!(*word, "INSERT" | "UPDATE" | "DELETE"));
    let (verb, table) = match words.next() {
        Some("INSERT") => ("insert", words.nth(1)),
        Some("UPDATE") => ("update", words.next()),
        Some("DELETE") => ("delete", words.nth(1)),
        _ => ("other", None),
    };
    (verb, table.and_then(|word| word.split('(').next()).unwrap_or(""))
}

/// Replaces `{scope}` and the two engine words. On PostgreSQL row-level security does the limiting. SQLite would
/// number `$2` by its first appearance; written `?2` it is the second value.
fn expand(text: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(text.len() + 80);
    let first = places(text) + 1;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{scope") {
        out.push_str(before);
        let (alias, tail) = after.split_once('}').unwrap_or(("", after));
        let alias = alias.trim_start_matches(':');
        let dot = if alias.is_empty() { "" } else { "." };
        match dialect {
            // The unary plus keeps the planner from driving the query by the scope instead of its index. The
            // first agency, one value more than the statement's own, is compared with first: most scopes are
            // one agency, and a look into a table for each row costs three times as much. Where the statement
            // names its one agency itself, that value is compared instead of each row's column.
            Dialect::Sqlite => {
                let own = one_agency(&format!(" AND {alias}{dot}agency_id = $"), tail);
                let column = own.unwrap_or_else(|| format!("+{alias}{dot}agency_id"));
                let _ = write!(
                    out,
                    "({column} = ${first} OR (SELECT everything FROM temp.scope_all)
        OR {column} IN (SELECT agency_id FROM temp.scope))"
                );
            }
            Dialect::Postgres => out.push_str("TRUE"),
        }
        rest = tail;
    }
    out.push_str(rest);
    match dialect {
        Dialect::Sqlite => numbered(&out.replace("{skip_locked}", "")),
        Dialect::Postgres => out.replace("{skip_locked}", "FOR UPDATE SKIP LOCKED"),
    }
}

/// The value `$1` when `{scope}` is followed by `AND agency_id = $1` and that is the whole comparison.
fn one_agency(compared: &str, after: &str) -> Option<String> {
    let rest = after.strip_prefix(compared)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (place, next) = rest.split_at(end);
    let next = next.trim_start();
    let whole = next.is_empty()
        || [")", "AND ", "ORDER ", "GROUP ", "LIMIT "].iter().any(|word| next.starts_with(word));
    (whole && !place.is_empty()).then(|| format!("${place}"))
}

/// How many values a statement takes.
fn places(text: &str) -> usize {
    let numbers = text.split('\'').step_by(2).flat_map(|outside| outside.split('$').skip(1));
    let digits = |rest: &str| rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|n| n.parse().ok());
    numbers.filter_map(digits).max().unwrap_or(0)
}

/// Writes `?1` for `$1`, outside quotes.
fn numbered(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quoted = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        quoted ^= c == '\'';
        let is_place = c == '$' && !quoted && rest.peek().is_some_and(char::is_ascii_digit);
        out.push(if is_place { '?' } else { c });
    }
    out
}

/// A statement known to the house test, which prepares each one on both engines.
#[derive(Debug)]
pub struct Registered {
    /// The text as written.
    pub text: &'static str,
    /// The file it is written in.
    pub at: &'static str,
    /// The line it is written on.
    pub line: u32,
    /// The only engine it is meant for; full-text search is the one place that needs it.
    pub only: Option<Dialect>,
}
inventory::collect!(Registered);

/// Writes a statement: `static LIST: Sql = q!("SELECT … WHERE {scope} …");`
#[macro_export]
macro_rules! q {
    ($text:literal) => { $crate::q!(@ $text, None) };
    (sqlite: $text:literal) => { $crate::q!(@ $text, Some($crate::Dialect::Sqlite)) };
    (postgres: $text:literal) => { $crate::q!(@ $text, Some($crate::Dialect::Postgres)) };
    (@ $text:literal, $only:expr) => {{
        $crate::inventory::submit! {
            $crate::Registered { text: $text, at: file!(), line: line!(), only: $only }
        }
        $crate::Sql::new($text, file!())
    }};
}

/// A database session inside one transaction (writer) or one snapshot (reader). Implemented twice, in
/// the engine.
pub trait Database {
    /// Which engine it is.
    fn dialect(&self) -> Dialect;
    /// Runs a statement and hands each row to `each`.
    ///
    /// # Errors
    /// `Busy` for locks, `Internal` for everything else a database reports.
    fn query(
        &self,
        sql: &Sql,
        values: &[Value],
        each: &mut dyn FnMut(&mut Row<'_>) -> Result<()>,
    ) -> Result<()>;
    /// Runs a statement and answers how many rows it changed.
    ///
    /// # Errors
    /// As for `query`.
    fn execute(&self, sql: &Sql, values: &[Value]) -> Result<u64>;
    /// Runs `act` with `{scope}` standing for `scope`, then for what it stood for before, whatever `act` answers.
    ///
    /// # Errors
    /// What `act` answers; what the database reports.
    fn within(&self, scope: &Scope, act: &mut dyn FnMut() -> Result<()>) -> Result<()>;
}

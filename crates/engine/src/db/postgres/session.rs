//! One PostgreSQL transaction as the kernel sees it: values in and out, and what its errors mean.

use crate::db::{duplicate, incident};
use base::{Error, Result};
use bytes::BytesMut;
use deadpool_postgres::ClientWrapper;
use kernel::{Columns, Database, Dialect, Row, Scope, Sql, Value, ValueRef};
use std::cell::{Cell, RefCell};
use tokio::runtime::Handle;
use tokio_postgres::Statement;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{Format, FromSql, IsNull, ToSql, Type, to_sql_checked};

type Boxed = Box<dyn std::error::Error + Sync + Send>;

/// Whether a statement of the transaction has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    None,
    /// Nothing of the transaction can be kept.
    Failed,
    /// The same, and trying again may help.
    Conflict,
}

/// A transaction that has been begun on a connection.
pub(super) struct Session<'c> {
    client: &'c ClientWrapper,
    handle: &'c Handle,
    scope: RefCell<Scope>,
    trouble: Cell<Trouble>,
}

impl<'c> Session<'c> {
    /// `scope` is what the transaction was begun with.
    pub(super) fn new(client: &'c ClientWrapper, handle: &'c Handle, scope: Scope) -> Session<'c> {
        Session { client, handle, scope: RefCell::new(scope), trouble: Cell::new(Trouble::None) }
    }

    /// Sets which agencies the policies let through. After a failed statement nothing can be set, and nothing is
    /// kept.
    fn arm(&self, scope: &Scope) -> Result<()> {
        if self.trouble.get() != Trouble::None {
            return Ok(());
        }
        let set = self.handle.block_on(self.client.batch_execute(&super::armed(scope)));
        set.map_err(|cause| {
            self.trouble.set(Trouble::Failed);
            Error::internal(format!("changing the scope: {}", message(&cause)))
        })
    }

    pub(super) fn trouble(&self) -> Trouble {
        self.trouble.get()
    }

    fn fail(&self, sql: &Sql, cause: &tokio_postgres::Error) -> Error {
        let conflict = super::is_conflict(cause);
        self.trouble.set(if conflict { Trouble::Conflict } else { Trouble::Failed });
        match busy(cause) {
            Some(what) => Error::Busy(what),
            None if cause.code() == Some(&SqlState::UNIQUE_VIOLATION) => duplicate(),
            None => incident(sql, message(cause)),
        }
    }
}

impl Database for Session<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn query(
        &self,
        sql: &Sql,
        values: &[Value],
        each: &mut dyn FnMut(&mut Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let values: Vec<Bound<'_>> = values.iter().map(Bound).collect();
        let values: Vec<&(dyn ToSql + Sync)> =
            values.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect();
        let rows = self.handle.block_on(async {
            let statement = self.client.prepare_cached(sql.expanded(Dialect::Postgres)).await?;
            self.client.query(&statement, &values).await
        });
        for row in rows.map_err(|cause| self.fail(sql, &cause))? {
            each(&mut Row::new(&Fetched { sql, row }))?;
        }
        Ok(())
    }

    fn execute(&self, sql: &Sql, values: &[Value]) -> Result<u64> {
        let values: Vec<Bound<'_>> = values.iter().map(Bound).collect();
        let values: Vec<&(dyn ToSql + Sync)> =
            values.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect();
        let changed = self.handle.block_on(async {
            let statement = self.client.prepare_cached(sql.expanded(Dialect::Postgres)).await?;
            self.client.execute(&statement, &values).await
        });
        changed.map_err(|cause| self.fail(sql, &cause))
    }

    fn within(&self, scope: &Scope, act: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        let before = self.scope.replace(scope.clone());
        self.arm(scope)?;
        let done = act();
        self.arm(&before)?;
        self.scope.replace(before);
        done
    }
}

/// What to come again for, when that may help.
pub(super) fn busy(cause: &tokio_postgres::Error) -> Option<&'static str> {
    let Some(code) = cause.code() else {
        return cause.is_closed().then_some("database connection");
    };
    match (code.code(), code.code().get(..2)) {
        ("40001" | "40P01", _) => Some("database conflict"),
        ("55P03", _) => Some("database lock"),
        ("57014" | "25P03", _) => Some("database time limit"),
        (_, Some("53")) => Some("database resources"),
        (_, Some("08" | "57")) => Some("database connection"),
        _ => None,
    }
}

/// The message with its code; without them the crate says only "db error".
pub(super) fn message(cause: &tokio_postgres::Error) -> String {
    match cause.as_db_error() {
        Some(told) => format!("{} ({})", told.message(), told.code().code()),
        None => {
            std::error::Error::source(cause).map_or_else(|| cause.to_string(), |s| format!("{cause}: {s}"))
        }
    }
}

/// Types in a statement that no `Value` stands for, such as the NUMERIC a sum becomes without a CAST.
pub(super) fn unknown_types(statement: &Statement) -> impl Iterator<Item = String> {
    let wrong = |ty: &Type, of: String| (!is_known(ty)).then(|| format!("{of} is of type {ty}"));
    let columns =
        statement.columns().iter().filter_map(move |c| wrong(c.type_(), format!("column {}", c.name())));
    let values = (1..).zip(statement.params()).filter_map(move |(number, ty)| {
        if is_text_search(ty) { None } else { wrong(ty, format!("${number}")) }
    });
    columns.chain(values)
}

fn is_known(ty: &Type) -> bool {
    [Type::INT8, Type::INT4, Type::INT2, Type::BOOL, Type::UUID, Type::BYTEA].contains(ty) || is_text(ty)
}

fn is_text(ty: &Type) -> bool {
    [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME, Type::UNKNOWN].contains(ty)
}

fn is_text_search(ty: &Type) -> bool {
    [Type::TS_VECTOR, Type::TSQUERY].contains(ty)
}

#[derive(Debug)]
struct Bound<'v>(&'v Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Boxed> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) if *ty == Type::INT8 => number.to_sql(ty, out),
            Value::Int(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Value::Int(number) if *ty == Type::INT2 => i16::try_from(*number)?.to_sql(ty, out),
            Value::Int(number) if *ty == Type::BOOL => (*number != 0).to_sql(ty, out),
            Value::Text(text) if is_text(ty) || is_text_search(ty) => {
                out.extend_from_slice(text.as_bytes());
                Ok(IsNull::No)
            }
            Value::Id(id) if *ty == Type::UUID => id.to_sql(ty, out),
            Value::Id(id) if *ty == Type::BYTEA => id.as_bytes().as_slice().to_sql(ty, out),
            Value::Bytes(bytes) if *ty == Type::BYTEA => bytes.to_sql(ty, out),
            Value::Bytes(bytes) if *ty == Type::UUID => uuid::Uuid::from_slice(bytes)?.to_sql(ty, out),
            other => Err(format!("{other:?} does not fit a {ty}").into()),
        }
    }

    // The binary form of a tsvector is for machines; ours is written as text.
    fn encode_format(&self, ty: &Type) -> Format {
        if is_text_search(ty) { Format::Text } else { Format::Binary }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A row the server has sent.
struct Fetched<'s> {
    sql: &'s Sql,
    row: tokio_postgres::Row,
}

impl Columns for Fetched<'_> {
    fn value(&self, column: usize) -> Result<Option<ValueRef<'_>>> {
        let Some(known) = self.row.columns().get(column) else { return Ok(None) };
        let value = match known.type_() {
            &Type::INT8 => self.get::<i64>(column)?.map(ValueRef::Int),
            &Type::INT4 => self.get::<i32>(column)?.map(|n| ValueRef::Int(n.into())),
            &Type::INT2 => self.get::<i16>(column)?.map(|n| ValueRef::Int(n.into())),
            &Type::BOOL => self.get::<bool>(column)?.map(|yes| ValueRef::Int(yes.into())),
            &Type::UUID => self.get::<uuid::Uuid>(column)?.map(ValueRef::Id),
            &Type::BYTEA => self.get::<&[u8]>(column)?.map(ValueRef::Bytes),
            text if is_text(text) => self.get::<&str>(column)?.map(ValueRef::Text),
            other => return Err(incident(self.sql, format!("column {} is of type {other}", column + 1))),
        };
        Ok(Some(value.unwrap_or(ValueRef::Null)))
    }
}

impl Fetched<'_> {
    fn get<'r, T: FromSql<'r>>(&'r self, column: usize) -> Result<Option<T>> {
        self.row.try_get::<_, Option<T>>(column).map_err(|cause| incident(self.sql, cause))
    }
}

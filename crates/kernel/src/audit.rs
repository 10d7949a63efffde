//! The audit log: a chain of hashes over every act, so that an edit, a deletion or an insertion shows.

use crate::db::{Database, Sql, Value};
use crate::q;
use crate::request::Context;
use crate::rows::Row;
use base::{AgencyId, Error, Result};
use ring::digest::{SHA256, digest};
use std::fmt::Write;

/// One statement that changed something: its table, its verb and a hash of what it wrote.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) table: &'static str,
    verb: &'static str,
    hash: String,
}

impl Written {
    pub(crate) fn of(sql: &Sql, values: &[Value]) -> Written {
        let (verb, table) = sql.changes();
        Written { table, verb, hash: hash_of(values) }
    }
}

/// What a person would say was done.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) act: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) id: uuid::Uuid,
    pub(crate) agency: Option<AgencyId>,
    pub(crate) note: String,
}

/// The hash of the values a row was written with.
pub(crate) fn hash_of(values: &[Value]) -> String {
    let mut bytes = Vec::with_capacity(256);
    for value in values {
        push_value(&mut bytes, value);
    }
    hex(digest(&SHA256, &bytes).as_ref())
}

fn push_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.push(0),
        Value::Int(n) => out.extend_from_slice(&n.to_be_bytes()),
        Value::Text(text) => out.extend_from_slice(text.as_bytes()),
        Value::Bytes(bytes) => out.extend_from_slice(bytes),
        Value::Id(id) => out.extend_from_slice(id.as_bytes()),
    }
    out.push(0x1f);
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from(if n < 10 { b'0' + n } else { b'a' + n - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

static INSERT: Sql =
    q!("INSERT INTO kernel_audit (seq, at, person_id, person_name, stands_for, right_id, act, subject_kind,
        subject_id, agency_id, note, path, writes, prev, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");
static HEAD: Sql = q!("UPDATE kernel_audit_head SET seq = $1, hash = $2 WHERE one = 1 AND seq = $3");

/// Appends the entries; the changes are told with the first.
pub(crate) fn append(
    db: &dyn Database,
    cx: &Context,
    right: &'static str,
    (entries, written): (&[Entry], &[Written]),
) -> Result<()> {
    let mut writes = told(written);
    // Writers of a tenant come one after the other, so the head stays where it is read.
    let (first, mut prev) = head(db)?.ok_or_else(|| Error::internal("the audit log has no head"))?;
    let mut seq = first;
    let away: Vec<String> = cx.actor.stands_for.iter().map(ToString::to_string).collect();
    let stands_for = away.join(" ");
    for entry in entries {
        seq += 1;
        let mut values = vec![
            Value::from(seq),
            Value::from(cx.now),
            Value::from(cx.actor.person),
            Value::from(&cx.actor.name),
            Value::from(&stands_for),
            Value::from(right),
            Value::from(entry.act),
            Value::from(entry.kind),
            Value::from(entry.id),
            Value::from(entry.agency),
            Value::from(&entry.note),
            Value::from(&cx.request.path),
            Value::from(std::mem::replace(&mut writes, "[]".to_owned())),
        ];
        let hash = chain(&prev, &values);
        values.push(Value::from(std::mem::replace(&mut prev, hash)));
        values.push(Value::from(&prev));
        db.execute(&INSERT, &values)?;
    }
    match db.execute(&HEAD, &[Value::from(seq), Value::from(prev), Value::from(first)])? {
        1 => Ok(()),
        _ => Err(Error::Busy("audit log")),
    }
}

/// The changes as JSON: `[["documents_incoming","update","…"]]`. Nothing in it needs escaping.
fn told(written: &[Written]) -> String {
    let mut out = String::from("[");
    for (at, Written { table, verb, hash }) in written.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(out, "{comma}[\"{table}\",\"{verb}\",\"{hash}\"]");
    }
    out.push(']');
    out
}

/// Number and hash of the last entry.
fn head(db: &dyn Database) -> Result<Option<(i64, String)>> {
    let mut head = None;
    db.query(&LAST, &[], &mut |row: &mut Row| {
        head = Some((row.take()?, row.take()?));
        Ok(())
    })?;
    Ok(head)
}

crate::row! {
    /// One act in the life of a thing.
    pub struct Told {
        /// When.
        at: base::Instant,
        /// Who.
        person_name: String,
        /// Text key of the act.
        act: String,
        /// JSON object of the values of its placeholders, or a plain remark, or empty.
        note: String,
    }
}

pub(crate) static TOLD: Sql = q!("SELECT at, person_name, act, note
     FROM kernel_audit
     WHERE {scope} AND subject_id = $1 AND CAST($2 AS TEXT) NOT LIKE '% ' || act || ' %'
     ORDER BY seq DESC
     LIMIT 500");

impl Told {
    /// The act as a sentence: the text of its key with its values filled in.
    pub fn sentence(&self, t: base::T) -> String {
        let Ok(serde_json::Value::Object(values)) = serde_json::from_str(&self.note) else {
            return t.text(&self.act).to_owned();
        };
        let plain: Vec<(String, String)> = values
            .into_iter()
            .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
            .collect();
        let values: Vec<(&str, &dyn std::fmt::Display)> =
            plain.iter().map(|(name, value)| -> (&str, &dyn std::fmt::Display) { (name, value) }).collect();
        t.fill(&self.act, &values)
    }

    /// The remark a person wrote with the act, if any.
    pub fn remark(&self) -> Option<String> {
        match serde_json::from_str::<serde_json::Value>(&self.note) {
            Ok(serde_json::Value::Object(values)) => {
                values.get("remark").and_then(|r| r.as_str()).filter(|r| !r.is_empty()).map(str::to_owned)
            }
            _ if self.note.is_empty() => None,
            _ => Some(self.note.clone()),
        }
    }
}

fn chain(prev: &str, values: &[Value]) -> String {
    let mut bytes = prev.as_bytes().to_vec();
    for value in values {
        push_value(&mut bytes, value);
    }
    hex(digest(&SHA256, &bytes).as_ref())
}

static ALL: Sql = q!(
    "SELECT seq, at, person_id, person_name, stands_for, right_id, act, subject_kind, subject_id, agency_id,
        note, path, writes, prev, hash
     FROM kernel_audit
     WHERE {scope} AND seq > $1
     ORDER BY seq
     LIMIT 5000"
);
static LAST: Sql = q!("SELECT seq, hash FROM kernel_audit_head WHERE one = 1");

/// Walks the whole chain. `Ok(Err(name))` names the first row that does not fit.
///
/// # Errors
/// What the database reports.
pub(crate) fn verify(db: &dyn Database) -> Result<std::result::Result<i64, String>> {
    let (mut at, mut prev) = (0_i64, String::new());
    loop {
        let (mut bad, mut seen) = (None, 0);
        db.query(&ALL, &[Value::from(at)], &mut |row| {
            seen += 1;
            if bad.is_none() {
                match check(row, at, &prev)? {
                    Ok((seq, hash)) => (at, prev) = (seq, hash),
                    Err(name) => bad = Some(name),
                }
            }
            Ok(())
        })?;
        match bad {
            Some(name) => return Ok(Err(name)),
            None if seen == 0 => break,
            None => {}
        }
    }
    let head = head(db)?.unwrap_or_default();
    Ok(if head == (at, prev) { Ok(at) } else { Err(format!("kernel_audit {}", at + 1)) })
}

type Checked = std::result::Result<(i64, String), String>;

fn check(row: &mut Row, before: i64, prev: &str) -> Result<Checked> {
    let seq: i64 = row.take()?;
    let at: i64 = row.take()?;
    let mut values = vec![Value::from(seq), Value::from(at)];
    values.push(Value::from(row.take::<Option<uuid::Uuid>>()?));
    for _ in 0..5 {
        values.push(Value::from(row.take::<String>()?));
    }
    values.push(Value::from(row.take::<Option<uuid::Uuid>>()?));
    values.push(Value::from(row.take::<Option<uuid::Uuid>>()?));
    for _ in 0..3 {
        values.push(Value::from(row.take::<String>()?));
    }
    let (stored_prev, stored): (String, String) = (row.take()?, row.take()?);
    let fits = seq == before + 1 && stored_prev == prev && stored == chain(prev, &values);
    Ok(if fits { Ok((seq, stored)) } else { Err(format!("kernel_audit {}", before + 1)) })
}

//! Seals: a root over the new lines, which the node above countersigns.

use base::{Error, Instant, Refusal, Result};
use kernel::{Database, FromRow, Raw, Sql, System, Writer, q, row, values};
use proof::{Seal, Tree};

row! {
    /// A seal that nobody has countersigned yet.
    pub struct Open {
        /// Its number.
        number: i64,
        /// The statement, JSON.
        statement: String,
    }
}
row! {
    /// How sealing goes.
    pub struct Sealing {
        /// Since when every attempt fails.
        failing_since: Option<Instant>,
        /// Why, for the operator.
        error: String,
    }
}
row! {
    /// The last seal of a node below that was countersigned here.
    pub struct Witnessed {
        /// Its number.
        number: i64,
        /// SHA-256 of the statement.
        statement: String,
        /// The signature that was given.
        signature: String,
        /// The list of the revoked that was signed with it.
        crl: Vec<u8>,
    }
}

/// What the node above, or an authority of time, gave for a seal.
#[derive(Debug, Clone, Default)]
pub struct Countersigned {
    /// The node that signed; empty when only an authority of time did.
    pub witness: String,
    /// Its signature.
    pub signature: String,
    /// The list of the revoked that is signed with it.
    pub crl: Vec<u8>,
    /// The answer of an authority of time; empty when none was asked.
    pub stamp: Vec<u8>,
}

/// Lines of one seal: enough for a minute of the busiest province, few enough to be read at once.
const LINES: i64 = 100_000;

static LAST: Sql = q!("SELECT number, last_n, statement
     FROM platform_seals
     ORDER BY number DESC
     LIMIT 1");
static HEAD: Sql = q!("SELECT n FROM platform_journal_head WHERE one = 1");
static LEAVES: Sql = q!("SELECT hash
     FROM platform_journal
     WHERE {scope} AND n > $1 AND n <= $2
     ORDER BY n");
static ADD: Sql =
    q!("INSERT INTO platform_seals (number, first_n, last_n, at, statement, witness, signature, crl, stamp)
     VALUES ($1, $2, $3, $4, $5, '', '', $6, $6)");
static OPEN: Sql = q!("SELECT number, statement
     FROM platform_seals
     WHERE sealed_at IS NULL
     ORDER BY number
     LIMIT 100");
static COUNTERSIGN: Sql = q!("UPDATE platform_seals
     SET witness = $2, signature = $3, crl = $4, stamp = $5, sealed_at = CASE WHEN $3 = '' THEN NULL ELSE CAST($6 AS BIGINT) END
     WHERE number = $1 AND sealed_at IS NULL");
static WELL: Sql = q!("UPDATE platform_sealing SET failing_since = NULL, error = '' WHERE one = 1");
static ILL: Sql = q!("UPDATE platform_sealing
     SET failing_since = COALESCE(failing_since, CAST($1 AS BIGINT)), error = $2
     WHERE one = 1");
static SEALING: Sql = q!("SELECT failing_since, error FROM platform_sealing WHERE one = 1");
static WITNESSED: Sql = q!("SELECT number, statement, signature, crl
     FROM platform_witnessed
     WHERE node = $1 AND tenant = $2");
static REMEMBER: Sql =
    q!("INSERT INTO platform_witnessed (node, tenant, number, statement, signature, crl, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (node, tenant) DO UPDATE
     SET number = $3, statement = $4, signature = $5, crl = $6, at = $7");

/// Makes a seal over the lines since the last one. Answers false when there are none.
///
/// # Errors
/// What the database reports.
pub fn make(cx: &mut Writer<'_, System>, node: &str) -> Result<bool> {
    let last = cx.row::<(i64, i64, String)>(&LAST, &[])?;
    let (number, sealed_n, statement) = last.unwrap_or_default();
    let until = cx.number(&HEAD, &[])?.min(sealed_n.saturating_add(LINES));
    if until <= sealed_n {
        return Ok(false);
    }
    let mut tree = Tree::default();
    for (hash,) in cx.rows::<(String,)>(&LEAVES, values![sealed_n, until])? {
        tree.push(unhex(&hash).ok_or_else(|| Error::internal("a line of the journal has no hash"))?);
    }
    let now = cx.now();
    let seal = Seal {
        node: node.to_owned(),
        tenant: cx.tenant().to_owned(),
        number: number + 1,
        first: sealed_n + 1,
        last: until,
        root: kernel::hex(&tree.root()),
        previous: if number == 0 { String::new() } else { proof::sha256(statement.as_bytes()) },
        at: now.micros(),
    };
    let statement = serde_json::to_string(&seal).map_err(|error| Error::Internal(error.into()))?;
    cx.write(&ADD, values![seal.number, seal.first, seal.last, now, statement, Vec::<u8>::new()])?;
    Ok(true)
}

/// The seals nobody has countersigned yet, the oldest first.
///
/// # Errors
/// What the database reports.
pub fn open(cx: &Raw<'_>) -> Result<Vec<Open>> {
    cx.rows(&OPEN, &[])
}

/// Keeps what was given for a seal; sealing goes well again. A seal that has a stamp alone stays open for the node above.
///
/// # Errors
/// What the database reports.
pub fn countersigned(cx: &mut Writer<'_, System>, number: i64, given: &Countersigned) -> Result<()> {
    let now = cx.now();
    let Countersigned { witness, signature, crl, stamp } = given;
    cx.write_any(&COUNTERSIGN, values![number, witness, signature, crl.clone(), stamp.clone(), now])?;
    cx.write_any(&WELL, &[]).map(drop)
}

/// Notes that a seal was not countersigned, and why.
///
/// # Errors
/// What the database reports.
pub fn failing(cx: &mut Writer<'_, System>, why: &str) -> Result<()> {
    let now = cx.now();
    cx.write_any(&ILL, values![now, why]).map(drop)
}

/// How sealing goes.
///
/// # Errors
/// What the database reports.
pub fn sealing(cx: &Raw<'_>) -> Result<Sealing> {
    cx.one(&SEALING, &[])
}

/// Refuses when no seal was countersigned for so many hours: then nothing more is taken or sent.
///
/// # Errors
/// `Refused`, and what the database reports.
pub fn sealed(cx: &Raw<'_>, hours: i64) -> Result<()> {
    match sealing(cx)?.failing_since {
        Some(since) if since.plus_hours(hours) <= cx.now() => {
            Err(Refusal::new("platform.exchange.unsealed").hint("platform.exchange.hint.unsealed").into())
        }
        _ => Ok(()),
    }
}

/// The last seal of a tenant of a node below that was countersigned here.
///
/// # Errors
/// What the database reports.
pub fn witnessed(db: &dyn Database, (node, tenant): (&str, &str)) -> Result<Option<Witnessed>> {
    let mut found = None;
    db.query(&WITNESSED, values![node, tenant], &mut |row| {
        found = Some(Witnessed::from_row(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Remembers a seal that is countersigned here; the next one must name it.
///
/// # Errors
/// What the database reports.
pub fn remember(
    db: &dyn Database,
    (node, tenant): (&str, &str),
    (new, at): (&Witnessed, Instant),
) -> Result<()> {
    let Witnessed { number, statement, signature, crl } = new;
    db.execute(&REMEMBER, values![node, tenant, *number, statement, signature, crl.clone(), at]).map(drop)
}

/// A hash from hexadecimal.
pub(super) fn unhex(text: &str) -> Option<proof::Hash> {
    let mut hash = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, at) in hash.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(hash)
}

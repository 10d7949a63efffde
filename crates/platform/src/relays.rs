//! Packets that pass this machine: kept until the next one has answered for good, and the answer until the one before
//! has it.

use base::{Instant, Result};
use contracts::packet::{Packet, Receipted};
use kernel::{Database, FromRow, Sql, q, row, values};
use uuid::Uuid;

row! {
    /// A packet for one recipient, to be passed on.
    pub struct Passing {
        /// Its row.
        id: Uuid,
        /// The envelope.
        envelope: Uuid,
        /// Code of the recipient.
        to_code: String,
        /// The packet, JSON.
        body: String,
        /// When it came.
        at: Instant,
    }
}
row! {
    /// What is known here of a packet for one recipient.
    pub struct Kept {
        /// Its row.
        id: Uuid,
        /// SHA-256 of the envelope.
        packet: String,
        /// The machine it came from.
        came_from: String,
        /// The final receipt; empty while there is none.
        receipt: String,
        /// The signature over it.
        signature: String,
        /// `queued`, `settled` once there is a receipt, `done` once the machine before has it.
        state: String,
    }
}

static KEEP: Sql =
    q!("INSERT INTO platform_relays (id, envelope_id, to_code, packet, body, came_from, node, urgency,
        state, next_at, receipt, receipt_signature, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', $9, '', '', $9)
     ON CONFLICT (envelope_id, to_code) DO NOTHING");
static KEPT: Sql = q!("SELECT id, packet, came_from, receipt, receipt_signature, state
     FROM platform_relays
     WHERE envelope_id = $1 AND to_code = $2");
static DUE: Sql = q!("SELECT id, envelope_id, to_code, body, at
     FROM platform_relays
     WHERE state = 'queued' AND node = $1 AND CASE WHEN urgency > 0 THEN 1 ELSE 0 END = $2 AND next_at <= $3
     ORDER BY at, envelope_id
     LIMIT $4");
static SETTLE: Sql = q!(
    "UPDATE platform_relays SET state = 'settled', receipt = $2, receipt_signature = $3, body = '', next_at = $4
     WHERE id = $1 AND state = 'queued'"
);
static REOPEN: Sql = q!(
    "UPDATE platform_relays SET state = 'queued', receipt = '', receipt_signature = '', body = $2, came_from = $3,
        node = $4, next_at = $5
     WHERE id = $1 AND state = 'done'"
);
static LATER: Sql = q!("UPDATE platform_relays SET next_at = $2 WHERE id = $1 AND state = 'queued'");
static REROUTE: Sql = q!("UPDATE platform_relays SET node = $2 WHERE id = $1 AND state = 'queued'");
static UNTOLD: Sql = q!("SELECT id, receipt, receipt_signature
     FROM platform_relays
     WHERE state = 'settled' AND came_from = $1 AND next_at <= $2
     ORDER BY at
     LIMIT $3");
static TOLD: Sql = q!("UPDATE platform_relays SET state = 'done' WHERE id = $1 AND state = 'settled'");
static UNTOLD_LATER: Sql = q!("UPDATE platform_relays SET next_at = $2 WHERE id = $1 AND state = 'settled'");
static WAITING: Sql = q!("SELECT DISTINCT node FROM platform_relays WHERE state = 'queued'
     UNION SELECT DISTINCT came_from FROM platform_relays WHERE state = 'settled'");

/// Where a packet that passes names a stored file.
pub static IN_RELAYS: Sql = q!("SELECT to_code
     FROM platform_relays
     WHERE state = 'queued' AND body LIKE '%' || CAST($1 AS TEXT) || '%'
     LIMIT 1");

/// A packet to be kept.
#[derive(Debug)]
pub struct ToKeep<'a> {
    /// The packet, its hop added.
    pub packet: &'a Packet,
    /// The envelope.
    pub envelope: Uuid,
    /// SHA-256 of it.
    pub sha256: &'a str,
    /// The recipient.
    pub to: &'a str,
    /// The machine it came from.
    pub came_from: &'a str,
    /// The machine it goes to.
    pub node: &'a str,
    /// Above 0 it goes by the urgent lane.
    pub urgency: i64,
}

/// Keeps a packet for one recipient; one that is kept already stays as it is.
///
/// # Errors
/// What the database reports.
pub fn keep(db: &dyn Database, new: &ToKeep<'_>, (id, at): (Uuid, Instant)) -> Result<()> {
    let body = serde_json::to_string(new.packet).map_err(|e| base::Error::Internal(e.into()))?;
    let row =
        values![id, new.envelope, new.to, new.sha256, body, new.came_from, new.node, new.urgency.max(0), at];
    db.execute(&KEEP, row).map(drop)
}

/// What is known of a packet for one recipient.
///
/// # Errors
/// What the database reports.
pub fn kept(db: &dyn Database, (envelope, to): (Uuid, &str)) -> Result<Option<Kept>> {
    first(db, &KEPT, values![envelope, to])
}

/// Packets to be passed on by a lane, the oldest first.
///
/// # Errors
/// What the database reports.
pub fn due(
    db: &dyn Database,
    lane: &crate::links::Lane,
    (now, limit): (Instant, i64),
) -> Result<Vec<Passing>> {
    all(db, &DUE, values![&lane.node, lane.urgent, now, limit])
}

/// Keeps the final receipt; its sender is to be told of it. Answers false when that was known.
///
/// # Errors
/// What the database reports.
pub fn settle(db: &dyn Database, id: Uuid, (receipt, now): (&Receipted, Instant)) -> Result<bool> {
    Ok(db.execute(&SETTLE, values![id, &receipt.receipt, &receipt.signature, now])? > 0)
}

/// Keeps a packet once more that was refused before, and whose sender tries again.
///
/// # Errors
/// What the database reports.
pub fn reopen(db: &dyn Database, id: Uuid, (new, now): (&ToKeep<'_>, Instant)) -> Result<()> {
    let body = serde_json::to_string(new.packet).map_err(|e| base::Error::Internal(e.into()))?;
    db.execute(&REOPEN, values![id, body, new.came_from, new.node, now]).map(drop)
}

/// Puts a packet off.
///
/// # Errors
/// What the database reports.
pub fn later(db: &dyn Database, id: Uuid, next_at: Instant) -> Result<()> {
    db.execute(&LATER, values![id, next_at]).map(drop)
}

/// The directory has changed: the packet goes another way.
///
/// # Errors
/// What the database reports.
pub fn reroute(db: &dyn Database, id: Uuid, node: &str) -> Result<()> {
    db.execute(&REROUTE, values![id, node]).map(drop)
}

/// Receipts that the machine before has not got yet, with their rows.
///
/// # Errors
/// What the database reports.
pub fn untold(
    db: &dyn Database,
    came_from: &str,
    (now, limit): (Instant, i64),
) -> Result<Vec<(Uuid, Receipted)>> {
    let rows: Vec<(Uuid, String, String)> = all(db, &UNTOLD, values![came_from, now, limit])?;
    Ok(rows.into_iter().map(|(id, receipt, signature)| (id, Receipted { receipt, signature })).collect())
}

/// The machine before has the receipt.
///
/// # Errors
/// What the database reports.
pub fn told(db: &dyn Database, id: Uuid) -> Result<()> {
    db.execute(&TOLD, values![id]).map(drop)
}

/// The machine before could not be told: it will be at a later moment.
///
/// # Errors
/// What the database reports.
pub fn told_later(db: &dyn Database, id: Uuid, next_at: Instant) -> Result<()> {
    db.execute(&UNTOLD_LATER, values![id, next_at]).map(drop)
}

/// The machines for which something is kept here.
///
/// # Errors
/// What the database reports.
pub fn waiting(db: &dyn Database) -> Result<Vec<String>> {
    Ok(all::<(String,)>(db, &WAITING, &[])?.into_iter().map(|(node,)| node).collect())
}

fn all<R: FromRow>(db: &dyn Database, sql: &Sql, values: &[kernel::Value]) -> Result<Vec<R>> {
    let mut rows = Vec::new();
    db.query(sql, values, &mut |row| {
        rows.push(R::from_row(row)?);
        Ok(())
    })?;
    Ok(rows)
}

fn first<R: FromRow>(db: &dyn Database, sql: &Sql, values: &[kernel::Value]) -> Result<Option<R>> {
    Ok(all(db, sql, values)?.into_iter().next())
}

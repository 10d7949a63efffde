//! What leaves and comes by connectors: deliveries on their way out, packets that were dealt with, and those set aside.

use crate::exchange::{Due, Sealing};
use base::{AgencyId, Instant, Result};
use kernel::{Database, FromRow, Permission, Raw, Sql, System, Writer, q, row, states, values};
use std::sync::Arc;
use uuid::Uuid;

states! {
    /// By which connector a delivery leaves.
    pub enum Way {
        /// The national axis.
        Axis = "axis",
        /// A folder.
        Folder = "folder",
    }
}

row! {
    struct Claimed {
        id: Uuid,
        agency: AgencyId,
        envelope: Uuid,
        to_code: String,
        attempts: i64,
        kind: String,
        body: String,
        from_code: String,
        next_at: Instant,
    }
}

/// A packet that could not be taken.
#[derive(Debug, Clone)]
pub struct Aside {
    /// The same for the same packet.
    pub envelope: Uuid,
    /// Code of the sender, where it can be read.
    pub from: String,
    /// Where it came from and what is wrong, in words of the machine.
    pub detail: String,
    /// Text key of the reason.
    pub reason: &'static str,
}

/// The row in the outbox is its connector's until that says what became of it.
const HELD: i64 = i64::MAX;

static HOLD: Sql =
    q!("UPDATE platform_outbox SET leased_until = $2 WHERE {scope} AND id = $1 AND state = 'queued'");
static PUT: Sql = q!("INSERT INTO platform_connector_queue (id, agency_id, way, tries, leased_until)
     VALUES ($1, $2, $3, 0, 0)
     ON CONFLICT (id) DO UPDATE SET way = excluded.way, leased_until = 0");
static LEASE: Sql = q!("UPDATE platform_connector_queue SET leased_until = $3, tries = tries + 1
     WHERE {scope} AND id IN (
        SELECT k.id
        FROM platform_connector_queue k JOIN platform_outbox o ON o.id = k.id
        WHERE {scope:k} AND {scope:o} AND k.way = $1 AND k.leased_until <= $2 AND o.state = 'queued'
            AND (k.way = 'folder' OR k.agency_id IN (
                SELECT s.agency_id FROM platform_connector_agencies s WHERE {scope:s} AND s.keeper_id = $4))
        ORDER BY o.next_at, o.envelope_id, o.id
        LIMIT $5)
     RETURNING id, tries");
static LEASED: Sql =
    q!("SELECT o.id, o.agency_id, o.envelope_id, o.to_code, o.attempts, e.kind, e.body, a.code_102,
        o.next_at
     FROM platform_outbox o JOIN platform_envelopes e ON e.id = o.envelope_id
        JOIN platform_agencies a ON a.id = o.agency_id
     WHERE {scope:o} AND {scope:e} AND o.id = $1");
static DROP: Sql = q!("DELETE FROM platform_connector_queue WHERE {scope} AND id = $1");
static STALE: Sql = q!("DELETE FROM platform_connector_queue
     WHERE {scope} AND id IN (
        SELECT k.id
        FROM platform_connector_queue k JOIN platform_outbox o ON o.id = k.id
        WHERE {scope:k} AND {scope:o} AND o.state <> 'queued')");
static WAIT: Sql = q!("UPDATE platform_connector_queue SET leased_until = 0 WHERE {scope} AND id = $1");
static WAITS: Sql = q!("SELECT count(*) FROM platform_connector_queue
     WHERE {scope} AND way = 'axis' AND agency_id IN (
        SELECT s.agency_id FROM platform_connector_agencies s WHERE {scope:s} AND s.keeper_id = $1)");
static ANY_FOLDER: Sql = q!(
    "SELECT 1 FROM platform_connector_queue WHERE {scope} AND way = 'folder' AND leased_until <= $1 LIMIT 1"
);
static UNHOLD: Sql = q!("UPDATE platform_outbox SET leased_until = 0
     WHERE {scope} AND state = 'queued' AND id IN (
        SELECT k.id
        FROM platform_connector_queue k JOIN platform_connector_agencies s ON s.agency_id = k.agency_id
        WHERE {scope:k} AND {scope:s} AND k.way = 'axis' AND s.keeper_id = $1)");
static RELEASE: Sql = q!("DELETE FROM platform_connector_queue
     WHERE {scope} AND way = 'axis' AND agency_id IN (
        SELECT s.agency_id FROM platform_connector_agencies s WHERE {scope:s} AND s.keeper_id = $1)");
static KNOWN: Sql =
    q!("SELECT taken, told FROM platform_axis_packets WHERE {scope} AND agency_id = $1 AND packet = $2");
static SETTLED: Sql = q!("INSERT INTO platform_axis_packets (agency_id, packet, taken, told, at)
     VALUES ($1, $2, $3, 0, $4)
     ON CONFLICT (agency_id, packet) DO NOTHING");
static TOLD: Sql =
    q!("UPDATE platform_axis_packets SET told = 1 WHERE {scope} AND agency_id = $1 AND packet = $2");
static NAME: Sql = q!("INSERT INTO platform_axis_names (agency_id, from_code, document_id, written)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (agency_id, from_code, document_id) DO UPDATE SET written = excluded.written");
static NAMED: Sql = q!("SELECT written FROM platform_axis_names
     WHERE {scope} AND agency_id = $1 AND from_code = $2 AND document_id = $3");
static ASIDE: Sql = q!(
    "INSERT INTO platform_inbox (id, agency_id, envelope_id, kind, from_code, document_id, body, at, state, reason)
     VALUES ($1, $2, $3, 'document', $4, $5, '', $6, 'quarantined', $7)
     ON CONFLICT (agency_id, envelope_id) DO NOTHING"
);

/// Gives a delivery to a connector.
///
/// # Errors
/// What the database reports.
pub fn hand_to(db: &dyn Database, due: &Due, way: Way) -> Result<()> {
    // Withdrawn meanwhile: then nobody carries it.
    if db.execute(&HOLD, values![due.id, HELD])? > 0 {
        db.execute(&PUT, values![due.id, due.agency, way])?;
    }
    Ok(())
}

/// Takes deliveries of a way until `lease_until`, urgent ones first; those of the axis for one connection. Each with
/// whether it was begun before.
///
/// # Errors
/// What the database reports.
pub fn claim(
    db: &dyn Database,
    (way, keeper): (Way, AgencyId),
    (now, lease_until): (Instant, Instant),
    limit: i64,
) -> Result<Vec<(Due, bool)>> {
    db.execute(&STALE, &[])?;
    let mut leased: Vec<(Uuid, i64)> = Vec::new();
    db.query(&LEASE, values![way, now, lease_until, keeper, limit], &mut |row| {
        leased.push(FromRow::from_row(row)?);
        Ok(())
    })?;
    let mut all = Vec::with_capacity(leased.len());
    for (id, tries) in leased {
        db.query(&LEASED, values![id], &mut |row| {
            let one = Claimed::from_row(row)?;
            let order = (one.next_at, one.envelope, one.id);
            let Claimed { id, agency, envelope, to_code, attempts, kind, body, from_code, .. } = one;
            let sealing = Arc::new(Sealing { kind, body, from_code });
            let due = Due { id, agency, envelope, to_code, attempts, sealing };
            all.push((order, (due, tries > 1 || attempts > 0)));
            Ok(())
        })?;
    }
    all.sort_by_key(|(order, _)| *order);
    Ok(all.into_iter().map(|(_, one)| one).collect())
}

/// A delivery is no longer its connector's: the outbox says what became of it.
///
/// # Errors
/// What the database reports.
pub fn done(db: &dyn Database, delivery: Uuid) -> Result<()> {
    db.execute(&DROP, values![delivery]).map(drop)
}

/// A delivery was not begun after all and waits for the next turn.
///
/// # Errors
/// What the database reports.
pub fn wait(db: &dyn Database, delivery: Uuid) -> Result<()> {
    db.execute(&WAIT, values![delivery]).map(drop)
}

/// How many deliveries wait for a connection.
///
/// # Errors
/// What the database reports.
pub fn waiting(cx: &Raw<'_>, keeper: AgencyId) -> Result<i64> {
    cx.number(&WAITS, values![keeper])
}

/// True when a delivery waits to be written into a folder.
///
/// # Errors
/// What the database reports.
pub fn any_for_folders(cx: &Raw<'_>) -> Result<bool> {
    Ok(cx.row::<(i64,)>(&ANY_FOLDER, values![cx.now()])?.is_some())
}

/// Gives back to the carrier what waits for a connection.
pub(super) fn release<P: Permission>(cx: &mut Writer<'_, P>, keeper: AgencyId) -> Result<()> {
    cx.write_any(&UNHOLD, values![keeper])?;
    cx.write_any(&RELEASE, values![keeper]).map(drop)
}

/// A packet of the axis that was dealt with before: whether it was taken, and whether the axis was told. `None` when it
/// was not seen.
///
/// # Errors
/// What the database reports.
pub fn known(cx: &Raw<'_>, keeper: AgencyId, packet: &str) -> Result<Option<(bool, bool)>> {
    cx.row(&KNOWN, values![keeper, packet])
}

/// Keeps that the axis was told what became of a packet.
///
/// # Errors
/// What the database reports.
pub fn told(db: &dyn Database, (keeper, packet): (AgencyId, &str)) -> Result<()> {
    db.execute(&TOLD, values![keeper, packet]).map(drop)
}

/// Keeps that a packet of the axis was dealt with.
///
/// # Errors
/// What the database reports.
pub fn settled(
    db: &dyn Database,
    (keeper, packet): (AgencyId, &str),
    (taken, now): (bool, Instant),
) -> Result<()> {
    db.execute(&SETTLED, values![keeper, packet, taken, now]).map(drop)
}

/// Keeps how the sender writes a document's identifier.
///
/// # Errors
/// What the database reports.
pub fn name(db: &dyn Database, agency: AgencyId, (from, id, written): (&str, &str, &str)) -> Result<()> {
    db.execute(&NAME, values![agency, from, id, written]).map(drop)
}

/// How the sender writes the identifier of a document, where it is not the form it is kept under.
///
/// # Errors
/// What the database reports.
pub fn written(cx: &Raw<'_>, agency: AgencyId, (from, id): (&str, &str)) -> Result<Option<String>> {
    Ok(cx.row::<(String,)>(&NAMED, values![agency, from, id])?.map(|(written,)| written))
}

/// Sets a packet aside at an agency, where its administrator finds it.
///
/// # Errors
/// What the database reports.
pub fn set_aside(cx: &mut Writer<'_, System>, agency: AgencyId, aside: &Aside) -> Result<()> {
    let (row, now) = (cx.new_id::<Aside>(), cx.now());
    let detail: String = aside.detail.chars().take(300).collect();
    let values = values![row, agency, aside.envelope, &aside.from, &detail, now, aside.reason];
    if cx.write_any(&ASIDE, values)? == 0 {
        cx.record_nothing("it was set aside before");
        return Ok(());
    }
    let remark = cx.text(aside.reason).to_owned();
    let values = [("detail", detail), ("remark", remark)];
    let subject = ("envelope", base::Id::<Aside>::of(aside.envelope));
    cx.record_noted("platform.act.packet_aside", subject, agency, crate::notify::note(&values));
    Ok(())
}

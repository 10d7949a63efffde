//! Deliveries to and from other machines: which of the outbox are due on a lane, and what proves each packet.

use crate::exchange::{Due, Sealing};
use crate::links::Lane;
use base::{AgencyId, Instant, Result};
use contracts::packet::Receipted;
use kernel::{Database, FromRow, Raw, Sql, System, Writer, q, row, values};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

row! {
    struct Waiting {
        id: Uuid,
        agency: AgencyId,
        envelope: Uuid,
        to_code: String,
        attempts: i64,
    }
}
row! {
    /// What proves a delivery.
    pub struct Proof {
        /// Code of the sender.
        counterpart: String,
        /// SHA-256 of the envelope.
        packet: String,
        /// The receipt, JSON.
        receipt: String,
        /// The signature over it.
        receipt_signature: String,
    }
}

/// The receipt comes by itself; were it lost, it is asked for.
const ASK_AGAIN_SECS: i64 = 60;

static ASSIGN: Sql = q!("UPDATE platform_outbox SET node = $2, leased_until = 0, handed = 0
     WHERE {scope} AND id = $1 AND state = 'queued'");
static FREE: Sql = q!("UPDATE platform_outbox SET leased_until = 0
     WHERE {scope} AND state = 'queued' AND leased_until > 0");
// A letter waits for the older ones to the same recipient in its lane.
static DUE: Sql = q!("SELECT o.id, o.agency_id, o.envelope_id, o.to_code, o.attempts
     FROM platform_outbox o
     WHERE {scope:o} AND o.state = 'queued' AND o.node = $1 AND o.urgency = 0 AND o.next_at <= $2
        AND NOT EXISTS (SELECT 1 FROM platform_outbox p
            WHERE {scope:p} AND p.state = 'queued' AND p.to_code = o.to_code AND p.agency_id = o.agency_id
                AND p.next_at > $2 AND p.urgency = 0 AND p.handed = 0 AND p.at < o.at)
     ORDER BY o.at, o.envelope_id
     LIMIT $3");
static DUE_URGENT: Sql = q!("SELECT o.id, o.agency_id, o.envelope_id, o.to_code, o.attempts
     FROM platform_outbox o
     WHERE {scope:o} AND o.state = 'queued' AND o.node = $1 AND o.urgency > 0 AND o.next_at <= $2
        AND NOT EXISTS (SELECT 1 FROM platform_outbox p
            WHERE {scope:p} AND p.state = 'queued' AND p.to_code = o.to_code AND p.agency_id = o.agency_id
                AND p.next_at > $2 AND p.urgency > 0 AND p.handed = 0 AND p.at < o.at)
     ORDER BY o.at, o.envelope_id
     LIMIT $3");
static SEALING: Sql = q!("SELECT e.kind, e.body, a.code_102
     FROM platform_envelopes e JOIN platform_agencies a ON a.id = e.agency_id
     WHERE {scope:e} AND e.id = $1");
static NODES: Sql =
    q!("SELECT DISTINCT node FROM platform_outbox WHERE {scope} AND state = 'queued' AND node <> ''");
static ONE: Sql = q!("SELECT id, agency_id, envelope_id, to_code, attempts
     FROM platform_outbox
     WHERE {scope} AND envelope_id = $1 AND to_code = $2");
static NOT_NOW: Sql = q!("UPDATE platform_outbox SET attempts = attempts + 1, error = $2
     WHERE {scope} AND id = $1 AND state = 'queued'");
static HANDED_ON: Sql = q!("UPDATE platform_outbox SET handed = 1, next_at = $2, error = $3
     WHERE {scope} AND id = $1 AND state = 'queued'");
static KEEP: Sql = q!(
    "INSERT INTO platform_packets (id, agency_id, envelope_id, outgoing, counterpart, node, packet, envelope,
        recipients, signature, receipt, receipt_signature, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (agency_id, envelope_id, outgoing, counterpart) DO UPDATE
     SET node = $6, recipients = $9, signature = $10, receipt = $11, receipt_signature = $12, at = $13
     WHERE platform_packets.receipt = ''"
);
static RECEIPTED: Sql = q!("UPDATE platform_packets SET node = $4, receipt = $5, receipt_signature = $6
     WHERE {scope} AND agency_id = $1 AND envelope_id = $2 AND counterpart = $3 AND outgoing = 1 AND receipt = ''");
static SIGNED: Sql = q!("SELECT packet
     FROM platform_packets
     WHERE {scope} AND agency_id = $1 AND envelope_id = $2 AND counterpart = $3 AND outgoing = 1");
static PROOF: Sql = q!("SELECT counterpart, packet, receipt, receipt_signature
     FROM platform_packets
     WHERE {scope} AND agency_id = $1 AND envelope_id = $2 AND outgoing = 0");
static SET_ASIDE: Sql = q!(
    "INSERT INTO platform_inbox (id, agency_id, envelope_id, kind, from_code, document_id, body, at, state, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'taken', '')
     ON CONFLICT (agency_id, envelope_id) DO NOTHING"
);
static MARK_ASIDE: Sql = q!("UPDATE platform_inbox SET state = 'quarantined', reason = $3
     WHERE {scope} AND agency_id = $1 AND envelope_id = $2");

/// Gives a delivery to the lane of a machine, or back to be looked at again when `node` is empty.
///
/// # Errors
/// What the database reports.
pub fn assign(cx: &mut Writer<'_, System>, delivery: Uuid, node: &str) -> Result<()> {
    cx.write_any(&ASSIGN, values![delivery, node]).map(drop)
}

/// Takes up what a process was about that ended in the middle: for one that alone works on a database and begins.
///
/// # Errors
/// What the database reports.
pub fn take_up(db: &dyn Database) -> Result<()> {
    db.execute(&FREE, &[])?;
    crate::links::free_turns(db)
}

/// What is due on a lane, the oldest first. Nobody else takes it meanwhile: a lane has one carrier.
///
/// # Errors
/// What the database reports.
pub fn due(db: &dyn Database, lane: &Lane, (now, limit): (Instant, i64)) -> Result<Vec<Due>> {
    let sql = if lane.urgent { &DUE_URGENT } else { &DUE };
    let mut waiting: Vec<Waiting> = Vec::new();
    db.query(sql, values![&lane.node, now, limit], &mut |row| {
        waiting.push(Waiting::from_row(row)?);
        Ok(())
    })?;
    let mut sealings: BTreeMap<Uuid, Arc<Sealing>> = BTreeMap::new();
    let mut due = Vec::with_capacity(waiting.len());
    for one in waiting {
        let sealing = match sealings.get(&one.envelope) {
            Some(known) => Arc::clone(known),
            None => {
                let sealing = Arc::new(sealing(db, one.envelope)?);
                sealings.insert(one.envelope, Arc::clone(&sealing));
                sealing
            }
        };
        due.push(with(one, sealing));
    }
    Ok(due)
}

/// The delivery of an envelope to one recipient, whatever its state.
///
/// # Errors
/// What the database reports.
pub fn delivery(cx: &Raw<'_>, (envelope, to): (Uuid, &str)) -> Result<Option<Due>> {
    let Some(one) = cx.row::<Waiting>(&ONE, values![envelope, to])? else { return Ok(None) };
    let sealing = Arc::new(cx.one::<Sealing>(&SEALING, values![envelope])?);
    Ok(Some(with(one, sealing)))
}

fn with(one: Waiting, sealing: Arc<Sealing>) -> Due {
    let Waiting { id, agency, envelope, to_code, attempts } = one;
    Due { id, agency, envelope, to_code, attempts, sealing }
}

fn sealing(db: &dyn Database, envelope: Uuid) -> Result<Sealing> {
    let mut found = None;
    db.query(&SEALING, values![envelope], &mut |row| {
        found = Some(Sealing::from_row(row)?);
        Ok(())
    })?;
    found.ok_or(base::Error::NotFound)
}

/// The machines for which deliveries wait.
///
/// # Errors
/// What the database reports.
pub fn nodes(cx: &Raw<'_>) -> Result<Vec<String>> {
    Ok(cx.rows::<(String,)>(&NODES, &[])?.into_iter().map(|(node,)| node).collect())
}

/// Notes that the machine of a delivery was not reached. The delivery keeps its place; `error` is a text key.
///
/// # Errors
/// What the database reports.
pub fn not_now(cx: &mut Writer<'_, System>, due: &Due, error: &str) -> Result<()> {
    cx.write_any(&NOT_NOW, values![due.id, error]).map(drop)
}

/// A machine on the way keeps a delivery; it is asked again after a while, unless the receipt has come by itself.
///
/// # Errors
/// What the database reports.
pub fn handed_on(cx: &mut Writer<'_, System>, delivery: Uuid) -> Result<()> {
    let next = cx.now().plus_secs(ASK_AGAIN_SECS);
    cx.write_any(&HANDED_ON, values![delivery, next, "platform.exchange.on_its_way"]).map(drop)
}

/// SHA-256 of the packet that left for a recipient, when a machine on the way has it.
///
/// # Errors
/// What the database reports.
pub fn signed(cx: &Raw<'_>, due: &Due) -> Result<Option<String>> {
    Ok(cx.row::<(String,)>(&SIGNED, values![due.agency, due.envelope, &due.to_code])?.map(|(packet,)| packet))
}

/// Keeps a receipt that came by itself, signed by `node`.
///
/// # Errors
/// What the database reports.
pub fn receipted(cx: &mut Writer<'_, System>, due: &Due, (node, receipt): (&str, &Receipted)) -> Result<()> {
    let row = values![due.agency, due.envelope, &due.to_code, node, &receipt.receipt, &receipt.signature];
    cx.write_any(&RECEIPTED, row).map(drop)
}

/// A packet with its receipt.
#[derive(Debug)]
pub struct ToKeep<'a> {
    /// Whose: the sender's here, the recipient's here.
    pub agency: AgencyId,
    /// The envelope.
    pub envelope: Uuid,
    /// True for one that left.
    pub outgoing: bool,
    /// Code of the other agency.
    pub counterpart: &'a str,
    /// The machine that signed: the packet that came, the receipt of the one that left.
    pub node: &'a str,
    /// SHA-256 of the envelope.
    pub packet: &'a str,
    /// The envelope's bytes; empty for one that left.
    pub body: &'a str,
    /// The recipients its signature is for.
    pub recipients: &'a [String],
    /// The signature over the packet.
    pub signature: &'a str,
    /// The receipt.
    pub receipt: &'a Receipted,
}

/// Keeps what proves a delivery; a receipt that is kept already stays.
///
/// # Errors
/// What the database reports.
pub fn keep(cx: &mut Writer<'_, System>, new: &ToKeep<'_>) -> Result<()> {
    let (id, now) = (cx.new_id::<Proof>(), cx.now());
    cx.write_any(
        &KEEP,
        values![
            id,
            new.agency,
            new.envelope,
            new.outgoing,
            new.counterpart,
            new.node,
            new.packet,
            new.body,
            new.recipients.join("\n"),
            new.signature,
            &new.receipt.receipt,
            &new.receipt.signature,
            now
        ],
    )
    .map(drop)
}

/// What proves that a packet came, if it did.
///
/// # Errors
/// What the database reports.
pub fn proof(cx: &Raw<'_>, agency: AgencyId, envelope: Uuid) -> Result<Option<Proof>> {
    cx.row(&PROOF, values![agency, envelope])
}

/// Sets other bytes under a known envelope aside, under an id made of them; once, however often they come.
///
/// # Errors
/// What the database reports.
pub fn set_aside(
    cx: &mut Writer<'_, System>,
    agency: AgencyId,
    (id, kind, from, document): (Uuid, &str, &str, &str),
    reason: &str,
) -> Result<bool> {
    let (row, now) = (cx.new_id::<Proof>(), cx.now());
    if cx.write_any(&SET_ASIDE, values![row, agency, id, kind, from, document, "", now])? == 0 {
        return Ok(false);
    }
    cx.write(&MARK_ASIDE, values![agency, id, reason])?;
    Ok(true)
}

//! The exchange: an envelope leaves with the sender's transaction, arrives with the receiver's, and has one effect.

use crate::organisations;
use base::{AgencyId, Instant, Result};
use contracts::{Envelope, Party, Sealed};
use kernel::{Database, FromRow, Permission, Raw, Sql, System, Writer, q, row, values};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

row! {
    struct Claimed {
        id: Uuid,
        agency: AgencyId,
        envelope: Uuid,
        to_code: String,
        attempts: i64,
        next_at: Instant,
    }
}
row! {
    /// An envelope on its way: read once, however many it is for.
    pub struct Sealing {
        /// `document` or `status`.
        kind: String,
        /// The envelope as JSON.
        body: String,
        /// Code of the sender.
        from_code: String,
    }
}

/// A delivery that is due.
#[derive(Debug, Clone)]
pub struct Due {
    /// Its row in the outbox.
    pub id: Uuid,
    /// The sender.
    pub agency: AgencyId,
    /// The envelope.
    pub envelope: Uuid,
    /// Code of the recipient.
    pub to_code: String,
    /// How often it was tried before.
    pub attempts: i64,
    /// What is in it, shared by all deliveries of the envelope.
    pub sealing: Arc<Sealing>,
}

row! {
    /// A delivery for the operator's page.
    pub struct Delivery {
        /// Its row in the outbox.
        id: Uuid,
        /// The envelope.
        envelope: Uuid,
        /// Code of the recipient.
        to_code: String,
        /// Name of the recipient.
        to_name: String,
        /// `queued`, `sent`, `failed` or `withdrawn`.
        state: String,
        /// How often it was tried.
        attempts: i64,
        /// Text key of what went wrong the last time.
        error: String,
        /// Since when.
        at: Instant,
    }
}

/// What a listener is handed when an envelope arrives.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Arrival {
    /// The envelope.
    pub envelope: Envelope,
    /// Code of the recipient it arrives at.
    pub to: String,
    /// What is known of the signature of the packet it came in from others; empty between our own.
    #[serde(default)]
    pub signature: String,
}

/// What a listener is handed when an envelope can never be delivered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Undelivered {
    /// The envelope.
    pub envelope: Uuid,
    /// `document` or `status`.
    pub kind: String,
    /// The sender.
    pub agency: AgencyId,
    /// Code of the recipient.
    pub to: String,
    /// Text key of the reason.
    pub reason: String,
}

/// What a listener is handed when an envelope had left before it could be withdrawn.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Overtaken {
    /// The envelope.
    pub envelope: Uuid,
    /// Code of the recipient that has it.
    pub to: String,
}

/// How the inbox took an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admitted {
    /// For the first time: act on it.
    New(AgencyId),
    /// It has been here: nothing to do.
    Again,
}

static SENDER: Sql = q!("SELECT code_102, name FROM platform_agencies WHERE id = $1");
static ADD_ENVELOPE: Sql =
    q!("INSERT INTO platform_envelopes (id, agency_id, kind, body, at) VALUES ($1, $2, $3, $4, $5)");
static ADD_DELIVERY: Sql = q!(
    "INSERT INTO platform_outbox (id, agency_id, envelope_id, to_code, to_name, urgency, state, attempts, next_at,
        error, at, leased_until)
     VALUES ($1, $2, $3, $4, $5, $6, 'queued', 0, $7, '', $8, 0)"
);
static ANY_DUE: Sql = q!("SELECT 1
     FROM platform_outbox
     WHERE {scope} AND state = 'queued' AND node = '' AND next_at <= $1 AND leased_until <= $1
     LIMIT 1");
static CLAIM: Sql = q!("UPDATE platform_outbox
     SET leased_until = $2
     WHERE {scope} AND id IN (
        SELECT o.id FROM platform_outbox o
        WHERE {scope:o} AND o.state = 'queued' AND o.node = '' AND o.next_at <= $1 AND o.leased_until <= $1
        ORDER BY o.next_at, o.envelope_id, o.id
        LIMIT $3 {skip_locked})
     RETURNING id, agency_id, envelope_id, to_code, attempts, next_at");
static SEALING: Sql = q!("SELECT e.kind, e.body, a.code_102
     FROM platform_envelopes e JOIN platform_agencies a ON a.id = e.agency_id
     WHERE {scope:e} AND e.id = $1");
static SEALED: Sql = q!("SELECT body FROM platform_envelopes WHERE {scope} AND id = $1");
static SENT: Sql =
    q!("UPDATE platform_outbox SET state = 'sent', sent_at = $2, attempts = attempts + 1, error = '',
        leased_until = 0
     WHERE {scope} AND id = $1 AND state = 'queued'");
static LATER: Sql =
    q!("UPDATE platform_outbox SET attempts = attempts + 1, next_at = $2, error = $3, leased_until = 0
     WHERE {scope} AND id = $1 AND state = 'queued'");
static FAILED: Sql =
    q!("UPDATE platform_outbox SET state = 'failed', attempts = attempts + 1, error = $2, leased_until = 0
     WHERE {scope} AND id = $1 AND state = 'queued'");
static AGAIN: Sql =
    q!("UPDATE platform_outbox SET state = 'queued', next_at = $3, leased_until = 0, node = '', handed = 0
     WHERE {scope} AND envelope_id = $1 AND to_code = $2 AND state = 'failed'");
static WITHDRAW: Sql = q!("UPDATE platform_outbox SET state = 'withdrawn'
     WHERE {scope} AND envelope_id = $1 AND to_code = $2 AND state = 'queued' AND handed = 0");
static OVERTAKEN: Sql =
    q!("UPDATE platform_outbox SET state = 'sent', sent_at = $2, attempts = attempts + 1, error = ''
     WHERE {scope} AND id = $1 AND state = 'withdrawn'");
static QUEUED: Sql = q!("SELECT count(*) FROM platform_outbox WHERE {scope} AND state = 'queued'");
static FAILURES: Sql = q!("SELECT count(*) FROM platform_outbox WHERE {scope} AND state = 'failed'");
static OLDEST: Sql = q!("SELECT min(at) FROM platform_outbox WHERE {scope} AND state = 'queued'");
// In two halves, as each has an index of its own: nearly all deliveries of all years have arrived.
static TROUBLED: Sql = q!("SELECT id, envelope_id, to_code, to_name, state, attempts, error, at
     FROM (
        SELECT id, envelope_id, to_code, to_name, state, attempts, error, at
        FROM platform_outbox
        WHERE {scope} AND state = 'failed'
        UNION ALL
        SELECT id, envelope_id, to_code, to_name, state, attempts, error, at
        FROM platform_outbox
        WHERE {scope} AND state = 'queued' AND attempts > 0) AS t
     ORDER BY at DESC
     LIMIT 200");
static ADMIT: Sql = q!(
    "INSERT INTO platform_inbox (id, agency_id, envelope_id, kind, from_code, document_id, body, at, state, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'taken', '')
     ON CONFLICT (agency_id, envelope_id) DO NOTHING"
);
static QUARANTINE: Sql = q!("UPDATE platform_inbox SET state = 'quarantined', reason = $3
     WHERE {scope} AND agency_id = $1 AND envelope_id = $2");
static QUARANTINED: Sql = q!("SELECT at, from_code, document_id, reason
     FROM platform_inbox
     WHERE {scope} AND agency_id = $1 AND state = 'quarantined'
     ORDER BY at DESC
     LIMIT 200");
static JOURNAL_ENVELOPES: Sql = q!("SELECT id, agency_id, kind, body, at
     FROM platform_envelopes
     WHERE {scope} AND id > $1 ORDER BY id LIMIT $2");
// What a delivery was first due at follows from its urgency.
static JOURNAL_OUTBOX: Sql = q!("SELECT id, agency_id, envelope_id, to_code, to_name, urgency,
        at - 86400000000 * CASE WHEN urgency > 0 THEN urgency ELSE 0 END, at
     FROM platform_outbox
     WHERE {scope} AND id > $1 ORDER BY id LIMIT $2");
static JOURNAL_INBOX: Sql = q!("SELECT id, agency_id, envelope_id, kind, from_code, document_id, body, at
     FROM platform_inbox
     WHERE {scope} AND id > $1 ORDER BY id LIMIT $2");

/// The exchange's journals: what was sealed, to whom it went, what came.
pub static JOURNALS: &[kernel::Journal] = &[
    kernel::Journal { table: "platform_envelopes", rows: &JOURNAL_ENVELOPES, columns: 5 },
    kernel::Journal { table: "platform_outbox", rows: &JOURNAL_OUTBOX, columns: 8 },
    kernel::Journal { table: "platform_inbox", rows: &JOURNAL_INBOX, columns: 8 },
];

/// Seals an envelope and queues it for every recipient, in this transaction.
///
/// # Errors
/// What the database reports.
pub fn send<P: Permission>(
    cx: &mut Writer<'_, P>,
    agency: AgencyId,
    (sealed, to, urgency): (Sealed, &[Party], i64),
) -> Result<Uuid> {
    let (code, name): (String, String) = cx.one(&SENDER, values![agency])?;
    let (id, now) = (cx.new_id::<Envelope>().uuid(), cx.now());
    let kind = sealed.kind();
    let envelope = Envelope { id, from: Party { code, name }, at: now, sealed };
    let body = serde_json::to_string(&envelope).map_err(|e| base::Error::Internal(e.into()))?;
    cx.write(&ADD_ENVELOPE, values![id, agency, kind, body, now])?;
    // Urgent envelopes overtake: the queue runs in the order of `next_at`.
    let next_at = now.plus_hours(-24 * urgency.max(0));
    for party in to {
        let delivery = cx.new_id::<Delivery>();
        let row = values![delivery, agency, id, &party.code, &party.name, urgency, next_at, now];
        cx.write(&ADD_DELIVERY, row)?;
    }
    Ok(id)
}

/// An envelope as it was sealed.
///
/// # Errors
/// `NotFound` when there is none in the scope.
pub fn sealed(cx: &Raw<'_>, id: Uuid) -> Result<Envelope> {
    let (body,): (String,) = cx.one(&SEALED, values![id])?;
    serde_json::from_str(&body).map_err(|e| base::Error::Internal(e.into()))
}

/// True when a delivery is due that nobody is about.
///
/// # Errors
/// What the database reports.
pub fn any_due(cx: &Raw<'_>) -> Result<bool> {
    Ok(cx.row::<(i64,)>(&ANY_DUE, values![cx.now()])?.is_some())
}

/// Takes deliveries that are due until `lease_until`, urgent ones first. Another process on the same database takes
/// others; those of a process that ends meanwhile come back when the lease does.
///
/// # Errors
/// What the database reports.
pub fn claim(db: &dyn Database, (now, lease_until): (Instant, Instant), limit: i64) -> Result<Vec<Due>> {
    let mut claimed: Vec<Claimed> = Vec::new();
    db.query(&CLAIM, values![now, lease_until, limit], &mut |row| {
        claimed.push(Claimed::from_row(row)?);
        Ok(())
    })?;
    claimed.sort_by_key(|one| (one.next_at, one.envelope, one.id));
    let mut sealings: BTreeMap<Uuid, Arc<Sealing>> = BTreeMap::new();
    let mut due = Vec::with_capacity(claimed.len());
    for Claimed { id, agency, envelope, to_code, attempts, .. } in claimed {
        let sealing = match sealings.get(&envelope) {
            Some(known) => Arc::clone(known),
            None => {
                let mut found = None;
                db.query(&SEALING, values![envelope], &mut |row| {
                    found = Some(Arc::new(Sealing::from_row(row)?));
                    Ok(())
                })?;
                let sealing = found.ok_or(base::Error::NotFound)?;
                sealings.insert(envelope, Arc::clone(&sealing));
                sealing
            }
        };
        due.push(Due { id, agency, envelope, to_code, attempts, sealing });
    }
    Ok(due)
}

/// Marks a delivery as arrived. Answers what to tell the sender when it was withdrawn while it was on its way.
///
/// # Errors
/// What the database reports.
pub fn sent(cx: &mut Writer<'_, System>, due: &Due) -> Result<Option<Overtaken>> {
    let now = cx.now();
    if cx.write_any(&SENT, values![due.id, now])? > 0 || cx.write_any(&OVERTAKEN, values![due.id, now])? == 0
    {
        return Ok(None);
    }
    Ok(Some(Overtaken { envelope: due.envelope, to: due.to_code.clone() }))
}

/// Withdraws a delivery that has not left. Answers false when it has left, or was given up.
///
/// # Errors
/// What the database reports.
pub fn withdraw<P: Permission>(cx: &mut Writer<'_, P>, envelope: Uuid, to_code: &str) -> Result<bool> {
    Ok(cx.write_any(&WITHDRAW, values![envelope, to_code])? > 0)
}

/// Puts a delivery off after a passing failure: 5 s, doubled each time, one hour at most.
///
/// # Errors
/// What the database reports.
pub fn later(cx: &mut Writer<'_, System>, due: &Due, error: &str) -> Result<()> {
    let wait = 5_i64.saturating_mul(1_i64.wrapping_shl(u32::try_from(due.attempts.min(10)).unwrap_or(10)));
    let next = cx.now().plus_secs(wait.min(3600));
    cx.write_any(&LATER, values![due.id, next, error]).map(drop)
}

/// Gives a delivery up for good; `reason` is a text key. Answers false when somebody else was done with it before.
///
/// # Errors
/// What the database reports.
pub fn failed(cx: &mut Writer<'_, System>, due: &Due, reason: &str) -> Result<bool> {
    Ok(cx.write_any(&FAILED, values![due.id, reason])? > 0)
}

/// Tries a failed delivery again.
///
/// # Errors
/// `Refused` when it has not failed.
pub fn again<P: Permission>(cx: &mut Writer<'_, P>, envelope: Uuid, to_code: &str) -> Result<()> {
    let now = cx.now();
    cx.write(&AGAIN, values![envelope, to_code, now]).map(drop)
}

/// How many deliveries wait.
///
/// # Errors
/// What the database reports.
pub fn queued(cx: &Raw<'_>) -> Result<i64> {
    cx.number(&QUEUED, &[])
}

/// How many deliveries have failed for good.
///
/// # Errors
/// What the database reports.
pub fn failures(cx: &Raw<'_>) -> Result<i64> {
    cx.number(&FAILURES, &[])
}

/// Since when the delivery that has waited longest waits.
///
/// # Errors
/// What the database reports.
pub fn oldest(cx: &Raw<'_>) -> Result<Option<Instant>> {
    Ok(cx.one::<(Option<Instant>,)>(&OLDEST, &[])?.0)
}

/// Deliveries that failed or had to be put off.
///
/// # Errors
/// What the database reports.
pub fn troubled(cx: &Raw<'_>) -> Result<Vec<Delivery>> {
    cx.rows(&TROUBLED, &[])
}

/// Takes an envelope into an agency's inbox. `document_id` is the document it speaks of.
///
/// # Errors
/// `NotFound` when the recipient is not an agency of this tenant.
pub fn admit(cx: &mut Writer<'_, System>, arrival: &Arrival, document_id: &str) -> Result<Admitted> {
    let agency = organisations::by_code(cx, &arrival.to)?.filter(|a| a.local).ok_or(base::Error::NotFound)?;
    let (row, now) = (cx.new_id::<Arrival>(), cx.now());
    let envelope = &arrival.envelope;
    // The body is kept by the listener in its own columns; the inbox keeps what proves the arrival.
    let changed = cx.write_any(
        &ADMIT,
        values![
            row,
            agency.id,
            envelope.id,
            envelope.sealed.kind(),
            &envelope.from.code,
            document_id,
            "",
            now
        ],
    )?;
    Ok(if changed > 0 { Admitted::New(agency.id) } else { Admitted::Again })
}

/// Sets an envelope aside; `reason` is a text key.
///
/// # Errors
/// What the database reports.
pub fn quarantine(cx: &mut Writer<'_, System>, agency: AgencyId, envelope: Uuid, reason: &str) -> Result<()> {
    cx.write(&QUARANTINE, values![agency, envelope, reason]).map(drop)
}

/// What was set aside: when, from whom, which document, why (text key).
///
/// # Errors
/// What the database reports.
pub fn quarantined(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<(Instant, String, String, String)>> {
    cx.rows(&QUARANTINED, values![agency])
}

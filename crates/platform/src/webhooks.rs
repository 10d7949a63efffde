//! Programs of others that an agency wants told. The audit log is the outbox: an act and its line are one transaction, and
//! each address has its place in the log up to which it was told.

use base::{AgencyId, Id, Instant, PersonId, Result};
use contracts::events;
use kernel::{Audited, Database, FromRow, Permission, Raw, Sql, System, Writer, q, row, values};

row! {
    /// An address to tell.
    pub struct Webhook {
        /// Id.
        id: Id<Webhook>,
        /// Whose events.
        agency: AgencyId,
        /// Who entered it.
        person: PersonId,
        /// Where to.
        url: String,
        /// Names of the events, with spaces between.
        events: String,
        /// What calls are signed with, sealed.
        secret: String,
        /// False once it was switched off.
        active: bool,
        /// How far in the log it was told.
        seq: i64,
        /// Since when each call fails.
        failing_since: Option<Instant>,
        /// Why it was switched off, a text key.
        off_reason: String,
    }
}
row! {
    /// A call that is due.
    pub struct Call {
        /// Its id: the same however often it is made.
        id: Id<Call>,
        /// Whose.
        agency: AgencyId,
        /// To which address.
        webhook: Id<Webhook>,
        /// The event.
        event: String,
        /// What is sent.
        body: String,
        /// How often it was made before.
        attempts: i64,
    }
}
row! {
    /// A call for the page of the last ones.
    pub struct Made {
        /// Id.
        id: Id<Call>,
        /// To which address.
        webhook: Id<Webhook>,
        /// The event.
        event: String,
        /// When it happened.
        at: Instant,
        /// `queued`, `sent` or `failed`.
        state: String,
        /// How often it was made.
        attempts: i64,
        /// HTTP status of the last answer; 0 when there was none.
        answer: i64,
        /// What went wrong, in words of the machine.
        error: String,
    }
}

/// What came of a call.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// HTTP status; 0 when nobody answered.
    pub answer: i64,
    /// What went wrong; `None` when it was taken.
    pub error: Option<String>,
}

/// Attempts before a call is given up: about 27 hours.
const ATTEMPTS: i64 = 10;
/// An address that took no call for so long is switched off.
const OFF_HOURS: i64 = 72;
/// Lines of the log that are told in one transaction.
const LINES: i64 = 200;

static ADD: Sql = q!(
    "INSERT INTO platform_webhooks (id, agency_id, person_id, url, events, secret, active, seq, made_at, off_reason)
     SELECT $1, $2, $3, $4, $5, $6, 1, h.seq, $7, '' FROM kernel_audit_head h WHERE h.one = 1"
);
static OF: Sql =
    q!("SELECT id, agency_id, person_id, url, events, secret, active, seq, failing_since, off_reason
     FROM platform_webhooks
     WHERE {scope} AND agency_id = $1
     ORDER BY made_at, id");
static ONE: Sql =
    q!("SELECT id, agency_id, person_id, url, events, secret, active, seq, failing_since, off_reason
     FROM platform_webhooks
     WHERE {scope} AND id = $1");
static BEHIND: Sql = q!("SELECT w.id, w.agency_id, w.person_id, w.url, w.events, w.secret, w.active, w.seq,
        w.failing_since, w.off_reason
     FROM platform_webhooks w JOIN kernel_audit_head h ON h.one = 1
     WHERE {scope:w} AND w.active = 1 AND w.seq < h.seq
     ORDER BY w.seq
     LIMIT 20");
static TOLD: Sql = q!("UPDATE platform_webhooks SET seq = $2 WHERE {scope} AND id = $1 AND seq = $3");
static HEAD: Sql = q!("SELECT seq FROM kernel_audit_head WHERE one = 1");
static SWITCH: Sql = q!("UPDATE platform_webhooks SET active = $2, off_reason = $3, failing_since = NULL,
        seq = CASE WHEN $2 = 1 THEN (SELECT h.seq FROM kernel_audit_head h WHERE h.one = 1) ELSE seq END
     WHERE {scope} AND id = $1 AND active <> $2");
static QUEUE: Sql = q!(
    "INSERT INTO platform_webhook_calls (id, agency_id, webhook_id, event, body, at, state, attempts, next_at,
        leased_until, answer, error)
     VALUES ($1, $2, $3, $4, $5, $6, 'queued', 0, $6, 0, 0, '')"
);
static CLAIM: Sql = q!("UPDATE platform_webhook_calls SET leased_until = $2
     WHERE {scope} AND id IN (
        SELECT c.id FROM platform_webhook_calls c JOIN platform_webhooks w ON w.id = c.webhook_id
        WHERE {scope:c} AND {scope:w} AND w.active = 1 AND c.state = 'queued' AND c.next_at <= $1
            AND c.leased_until <= $1
        ORDER BY c.next_at, c.id
        LIMIT $3)
     RETURNING id, agency_id, webhook_id, event, body, attempts");
static ANY_DUE: Sql = q!("SELECT 1
     FROM platform_webhook_calls c JOIN platform_webhooks w ON w.id = c.webhook_id
     WHERE {scope:c} AND {scope:w} AND w.active = 1 AND c.state = 'queued' AND c.next_at <= $1
        AND c.leased_until <= $1
     LIMIT 1");
static SENT: Sql =
    q!("UPDATE platform_webhook_calls SET state = 'sent', sent_at = $2, attempts = attempts + 1,
        answer = $3, error = '', leased_until = 0
     WHERE {scope} AND id = $1 AND state = 'queued'");
static LATER: Sql =
    q!("UPDATE platform_webhook_calls SET state = $2, attempts = attempts + 1, next_at = $3, answer = $4,
        error = $5, leased_until = 0
     WHERE {scope} AND id = $1 AND state = 'queued'");
static WELL: Sql = q!("UPDATE platform_webhooks SET failing_since = NULL WHERE {scope} AND id = $1");
static ILL: Sql =
    q!("UPDATE platform_webhooks SET failing_since = COALESCE(failing_since, CAST($2 AS BIGINT))
     WHERE {scope} AND id = $1
     RETURNING id, agency_id, person_id, url, events, secret, active, seq, failing_since, off_reason");
static AGAIN: Sql = q!("UPDATE platform_webhook_calls SET state = 'queued', next_at = $2, attempts = 0
     WHERE {scope} AND id = $1 AND state <> 'queued'
     RETURNING event");
static LAST: Sql = q!("SELECT c.id, c.webhook_id, c.event, c.at, c.state, c.attempts, c.answer, c.error
     FROM platform_webhook_calls c
     WHERE {scope:c} AND c.agency_id = $1
     ORDER BY c.at DESC, c.id DESC
     LIMIT 50");
static FORGET: Sql = q!("DELETE FROM platform_webhook_calls WHERE {scope} AND state <> 'queued' AND at < $1");

/// Enters an address. It is told of what happens from now on.
///
/// # Errors
/// What the database reports.
pub fn add<P: Permission>(
    cx: &mut Writer<'_, P>,
    agency: AgencyId,
    (url, events, secret): (&str, &str, &str),
) -> Result<Id<Webhook>> {
    let (id, now, person) = (cx.new_id::<Webhook>(), cx.now(), cx.person()?);
    cx.write(&ADD, values![id, agency, person, url, events, secret, now])?;
    Ok(id)
}

/// The addresses of an agency.
///
/// # Errors
/// What the database reports.
pub fn of(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<Webhook>> {
    cx.rows(&OF, values![agency])
}

/// One address in reach.
///
/// # Errors
/// `NotFound` when there is none.
pub fn one(cx: &Raw<'_>, id: Id<Webhook>) -> Result<Webhook> {
    cx.one(&ONE, values![id])
}

/// Switches an address on or off; switched on it is told of what happens from now on. `reason` is a text key.
///
/// # Errors
/// `Refused` when it is so already.
pub fn switch<P: Permission>(
    cx: &mut Writer<'_, P>,
    id: Id<Webhook>,
    (on, reason): (bool, &str),
) -> Result<()> {
    cx.write(&SWITCH, values![id, on, reason]).map(drop)
}

/// The last calls of an agency, newest first.
///
/// # Errors
/// What the database reports.
pub fn last(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<Made>> {
    cx.rows(&LAST, values![agency])
}

/// Makes a call once more, under its own id. Answers its event.
///
/// # Errors
/// `Refused` when it waits anyway or is not in reach.
pub fn again<P: Permission>(cx: &mut Writer<'_, P>, call: Id<Call>) -> Result<String> {
    let now = cx.now();
    Ok(cx.write_returning::<(String,)>(&AGAIN, values![call, now])?.0)
}

/// True when an address has not been told of the newest acts, or a call is due.
///
/// # Errors
/// What the database reports.
pub fn any_due(cx: &Raw<'_>) -> Result<bool> {
    Ok(!cx.rows::<Webhook>(&BEHIND, &[])?.is_empty()
        || cx.row::<(i64,)>(&ANY_DUE, values![cx.now()])?.is_some())
}

/// Queues a call for each act an address wants to be told of, as many as one transaction should. Answers true when
/// there is more.
///
/// # Errors
/// What the database reports.
pub fn fan_out(cx: &mut Writer<'_, System>) -> Result<bool> {
    cx.record_nothing("the acts are in the log; who is told of them is bookkeeping");
    let head = cx.number(&HEAD, &[])?;
    let mut more = false;
    for hook in cx.rows::<Webhook>(&BEHIND, &[])? {
        let acts = cx.acts_after((hook.agency, hook.seq), LINES)?;
        let full = i64::try_from(acts.len()).unwrap_or(i64::MAX) >= LINES;
        let until = if full { acts.last().map_or(head, |act| act.seq) } else { head };
        more |= full;
        for act in &acts {
            if let Some(event) = events::of_act(&act.act).filter(|event| wants(&hook.events, event)) {
                let (id, now) = (cx.new_id::<Call>(), cx.now());
                let body = body(id, event, act);
                cx.write(&QUEUE, values![id, hook.agency, hook.id, event, body, now])?;
            }
        }
        // Another process may have been here: then its calls stand, and ours are rolled back.
        cx.write(&TOLD, values![hook.id, until, hook.seq])?;
    }
    Ok(more)
}

fn wants(events: &str, event: &str) -> bool {
    events.split(' ').any(|one| one == event)
}

/// What is sent: which document, what happened to it, where to read it. No person, no words.
fn body(id: Id<Call>, event: &str, act: &Audited) -> String {
    let note: serde_json::Value = serde_json::from_str(&act.note).unwrap_or_default();
    let values: serde_json::Map<String, serde_json::Value> = events::VALUES
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), note.get(name)?.clone())))
        .collect();
    serde_json::json!({
        "id": id,
        "event": event,
        "at": act.at,
        "agency": act.agency,
        "subject": { "kind": act.subject_kind, "id": act.subject },
        "values": values,
        "href": format!("/api/v1/documents/{}/{}", act.subject_kind, act.subject),
    })
    .to_string()
}

/// Takes calls that are due until `lease_until`.
///
/// # Errors
/// What the database reports.
pub fn claim(db: &dyn Database, (now, lease_until): (Instant, Instant), limit: i64) -> Result<Vec<Call>> {
    let mut calls = Vec::new();
    db.query(&CLAIM, values![now, lease_until, limit], &mut |row| {
        calls.push(Call::from_row(row)?);
        Ok(())
    })?;
    Ok(calls)
}

/// Keeps what came of a call. One that was not taken is made again after 30 s, 2 min, 8 min … six hours at most; an
/// address that took none for three days is switched off, and whoever entered it is told.
///
/// # Errors
/// What the database reports.
pub fn made(cx: &mut Writer<'_, System>, call: &Call, outcome: &Outcome) -> Result<()> {
    let now = cx.now();
    let Some(error) = &outcome.error else {
        cx.write_any(&SENT, values![call.id, now, outcome.answer])?;
        cx.write_any(&WELL, values![call.webhook])?;
        cx.record_nothing("a call is no act");
        return Ok(());
    };
    let wait = (30_i64 << (2 * call.attempts.clamp(0, 9))).min(6 * 3600);
    let state = if call.attempts + 1 >= ATTEMPTS { "failed" } else { "queued" };
    cx.write_any(&LATER, values![call.id, state, now.plus_secs(wait), outcome.answer, error])?;
    let hook: Webhook = cx.write_returning(&ILL, values![call.webhook, now])?;
    let long = hook.failing_since.is_some_and(|since| now.since(since) > OFF_HOURS * 3_600_000_000);
    if !hook.active || !long {
        cx.record_nothing("a call is no act");
        return Ok(());
    }
    switch(cx, hook.id, (false, "platform.webhook.failed_long"))?;
    let values = [("url", hook.url.clone())];
    cx.record_noted(
        "platform.act.webhook_off",
        ("webhook", hook.id),
        hook.agency,
        crate::notify::note(&values),
    );
    let say =
        crate::notify::Say { key: "platform.webhook.notice_off", values: &values, path: "/admin/webhooks" };
    // A person reads notices at home, wherever they administer.
    let home = crate::people::home(cx, hook.person)?;
    crate::notify::tell(cx, home, hook.person, &say)
}

/// Forgets calls that ended before a moment.
///
/// # Errors
/// What the database reports.
pub fn forget(db: &dyn Database, before: Instant) -> Result<()> {
    db.execute(&FORGET, values![before]).map(drop)
}

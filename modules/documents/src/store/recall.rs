//! Statements of requests to recipients, of demands from senders, and of what they leave behind.

use crate::model::recall::{AskState, Asks, Demand, Request, Tombstone};
use crate::model::{Incoming, Outgoing, Recipient, RecipientStatus};
use base::{AgencyId, Id, Instant, Result, WhileDoing};
use contracts::Party;
use kernel::{Opened, Permission, Raw, Sql, Writer, q, row, values};
use platform::files::FileOf;

row! {
    /// A demand in the queue.
    pub(crate) struct Waits {
        /// Id.
        id: Id<Demand>,
        /// The document.
        incoming: Id<Incoming>,
        /// Its symbol.
        symbol: String,
        /// Trích yếu.
        subject: String,
        /// Who issued it.
        from_name: String,
        /// What is asked.
        kind: Asks,
        /// Why.
        reason: String,
        /// Since when.
        asked_at: Instant,
    }
}

static ASK: Sql = q!(
    "INSERT INTO documents_requests (id, agency_id, outgoing_id, recipient_id, version_id, kind, reason, state,
        asked_by, asked_person, asked_at, answered_by, answer, forwarded)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', '')"
);
static OF: Sql = q!(
    "SELECT id, outgoing_id, recipient_id, version_id, kind, reason, state, asked_by, asked_person, asked_at, answered_by,
        answered_at, answer, forwarded, holders
     FROM documents_requests
     WHERE {scope} AND outgoing_id = $1
     ORDER BY asked_at, id
     LIMIT 10000"
);
static SETTLE: Sql = q!("UPDATE documents_requests
     SET state = $2, answered_by = $3, answered_at = $4, answer = $5, forwarded = $6, holders = $7
     WHERE {scope} AND id = $1 AND state = 'open'");
static HOLDERS: Sql = q!("UPDATE documents_requests
     SET answer = $2, forwarded = $3, holders = $4
     WHERE {scope} AND id = $1 AND state = 'granted'");
static ASK_AFTER_ALL: Sql = q!("UPDATE documents_requests
     SET state = 'open'
     WHERE {scope} AND recipient_id = $1 AND state = 'withdrawn'
     RETURNING id");
static FREEZE: Sql = q!("UPDATE documents_outgoing
     SET frozen_at = $2, updated_at = $3
     WHERE {scope} AND (id = $1 OR updates = $1)");
static VERSIONS: Sql = q!("SELECT id
     FROM documents_outgoing
     WHERE {scope} AND updates = $1 AND status = 'issued'
     ORDER BY issued_at DESC, id DESC
     LIMIT 100");
static STAND: Sql = q!("UPDATE documents_recipients
     SET status = $2, status_at = $3, reason = $4
     WHERE {scope} AND id = $1");
static DEMAND: Sql = q!(
    "INSERT INTO documents_demands (id, agency_id, incoming_id, kind, request, reason, asked_by, asked_at, version,
        state, answered_by, answered_at, answer)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, $12)"
);
static DEMANDS: Sql = q!(
    "SELECT id, agency_id, incoming_id, kind, request, reason, asked_by, asked_at, version, state, answered_by,
        answered_at, answer
     FROM documents_demands
     WHERE {scope} AND incoming_id = $1
     ORDER BY asked_at DESC, id DESC
     LIMIT 200"
);
static WAITS: Sql =
    q!("SELECT d.id, d.incoming_id, i.symbol, i.subject, i.from_name, d.kind, d.reason, d.asked_at
     FROM documents_demands d JOIN documents_incoming i ON i.id = d.incoming_id
     WHERE {scope:d} AND {scope:i} AND d.agency_id = $1 AND d.state = 'open'
     ORDER BY d.asked_at, d.id
     LIMIT 200");
static ANSWER: Sql = q!("UPDATE documents_demands
     SET state = $2, answered_by = $3, answered_at = $4, answer = $5, version = $6
     WHERE {scope} AND id = $1 AND state = 'open'");
static FORGET_VERSIONS: Sql = q!("UPDATE documents_demands
     SET version = ''
     WHERE {scope} AND incoming_id = $1 AND version <> ''");
static RECEIVED: Sql = q!("SELECT id
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND document_id = $2 AND from_code = $3
     ORDER BY CASE status WHEN 'returned' THEN 1 ELSE 0 END, arrived_at DESC
     LIMIT 1");
static GIVE_BACK: Sql = q!("UPDATE documents_incoming
     SET status = 'recalled', words = '', done_at = COALESCE(done_at, $2)
     WHERE {scope} AND id = $1 AND status <> 'recalled'");
static RELEASE: Sql =
    q!("UPDATE documents_involved SET done_at = $2 WHERE {scope} AND incoming_id = $1 AND done_at IS NULL");
static BURY: Sql = q!(
    "INSERT INTO documents_tombstones (id, agency_id, incoming_id, role, name, content_type, bytes, was_sha256,
        destroyed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
);
static TOMBSTONES: Sql = q!("SELECT role, name, content_type, bytes, was_sha256, destroyed_at
     FROM documents_tombstones
     WHERE {scope} AND incoming_id = $1
     ORDER BY destroyed_at, name
     LIMIT 1000");
static CLOSE_DRAFT: Sql = q!("UPDATE documents_outgoing
     SET status = 'voided', updated_at = $2, voided_at = $2, voided_by = $3, void_reason = $4
     WHERE {scope} AND id = $1 AND status NOT IN ('issued', 'voided')");

/// What is asked, why, and by which version where one asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewRequest<'a> {
    pub(crate) kind: Asks,
    pub(crate) reason: &'a str,
    pub(crate) version: Option<Id<Outgoing>>,
}

/// Keeps what is asked of a recipient.
pub(crate) fn ask<P: Permission>(
    cx: &mut Writer<'_, P>,
    recipient: &Recipient,
    new: NewRequest<'_>,
    state: AskState,
) -> Result<Id<Request>> {
    let (id, now, by, person) =
        (cx.new_id::<Request>(), cx.now(), cx.actor().name.clone(), cx.actor().person);
    cx.write(
        &ASK,
        values![
            id,
            recipient.agency,
            recipient.outgoing,
            recipient.id,
            new.version,
            new.kind,
            new.reason,
            state,
            by,
            person,
            now
        ],
    )?;
    Ok(id)
}

/// What was asked of the recipients of a document, oldest first.
pub(crate) fn requests(cx: &Raw<'_>, outgoing: Id<Outgoing>) -> Result<Vec<Request>> {
    cx.rows(&OF, values![outgoing])
}

/// What a recipient answered.
#[derive(Debug)]
pub(crate) struct Answered<'a> {
    pub(crate) state: AskState,
    pub(crate) by: &'a str,
    pub(crate) at: Instant,
    pub(crate) words: &'a str,
    pub(crate) forwarded: &'a [Party],
}

/// Keeps a recipient's answer.
pub(crate) fn settle<P: Permission>(
    cx: &mut Writer<'_, P>,
    request: Id<Request>,
    answer: &Answered<'_>,
) -> Result<()> {
    let (names, parties) = told(answer.forwarded)?;
    let values = values![request, answer.state, answer.by, answer.at, answer.words, names, parties];
    cx.write(&SETTLE, values).map(drop)
}

/// Keeps who holds copies now, after an answer that was given before.
pub(crate) fn holders<P: Permission>(
    cx: &mut Writer<'_, P>,
    request: Id<Request>,
    (words, holders): (&str, &[Party]),
) -> Result<()> {
    let (names, parties) = told(holders)?;
    cx.write(&HOLDERS, values![request, words, names, parties]).map(drop)
}

/// Parties as lines for people and as JSON.
fn told(parties: &[Party]) -> Result<(String, String)> {
    let names: Vec<&str> = parties.iter().map(|party| party.name.as_str()).collect();
    let json = serde_json::to_string(parties).while_doing("writing", "who holds copies")?;
    Ok((names.join("\n"), json))
}

/// The document had left all the same: its withdrawal becomes a request.
pub(crate) fn ask_after_all<P: Permission>(
    cx: &mut Writer<'_, P>,
    recipient: Id<Recipient>,
) -> Result<Option<Id<Request>>> {
    let rows: Vec<(Id<Request>,)> = cx.write_returning_all(&ASK_AFTER_ALL, values![recipient])?;
    Ok(rows.into_iter().next().map(|(id,)| id))
}

/// Freezes a document and its versions, or lets them go again.
pub(crate) fn freeze<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: Id<Outgoing>,
    at: Option<Instant>,
) -> Result<()> {
    let now = cx.now();
    cx.write(&FREEZE, values![document, at, now]).map(drop)
}

/// Other versions of a document that were issued, newest first.
pub(crate) fn versions(cx: &Raw<'_>, document: Id<Outgoing>) -> Result<Vec<Id<Outgoing>>> {
    Ok(cx.rows::<(Id<Outgoing>,)>(&VERSIONS, values![document])?.into_iter().map(|(id,)| id).collect())
}

/// Puts a recipient where an act of ours, or an answer, puts it.
pub(crate) fn stand<P: Permission>(
    cx: &mut Writer<'_, P>,
    recipient: &Recipient,
    (status, reason): (RecipientStatus, &str),
) -> Result<()> {
    let now = cx.now();
    cx.write(&STAND, values![recipient.id, status, now, reason]).map(drop)
}

/// What is needed to keep a demand.
#[derive(Debug)]
pub(crate) struct NewDemand<'a> {
    pub(crate) kind: Asks,
    pub(crate) request: Option<uuid::Uuid>,
    pub(crate) reason: &'a str,
    pub(crate) by: &'a str,
    pub(crate) version: String,
}

/// Keeps what a sender asks; `answer` is what was answered without asking anybody.
pub(crate) fn demand<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    new: &NewDemand<'_>,
    (state, answer): (AskState, &str),
) -> Result<Id<Demand>> {
    let (id, now) = (cx.new_id::<Demand>(), cx.now());
    let answered_at = (state != AskState::Open).then_some(now);
    cx.write(
        &DEMAND,
        values![
            id,
            document.agency,
            document.id,
            new.kind,
            new.request,
            new.reason,
            new.by,
            now,
            &new.version,
            state,
            answered_at,
            answer
        ],
    )?;
    Ok(id)
}

/// What was asked about a document, newest first.
pub(crate) fn demands(cx: &Raw<'_>, document: Id<Incoming>) -> Result<Vec<Demand>> {
    cx.rows(&DEMANDS, values![document])
}

/// What waits for the agency's answer, oldest first.
pub(crate) fn waits(cx: &Raw<'_>) -> Result<Vec<Waits>> {
    let agency = cx.agency()?;
    cx.rows(&WAITS, values![agency])
}

/// Keeps the answer to a demand, and the version it leaves behind.
pub(crate) fn answer<P: Permission>(
    cx: &mut Writer<'_, P>,
    demand: Id<Demand>,
    (state, words): (AskState, &str),
    version: &str,
) -> Result<()> {
    let (now, by) = (cx.now(), cx.actor().name.clone());
    cx.write(&ANSWER, values![demand, state, by, now, words, version]).map(drop)
}

/// The document an agency has received from a sender under an identifier; one it sent back only when there is
/// no other.
pub(crate) fn received(
    cx: &Raw<'_>,
    agency: AgencyId,
    (document_id, from_code): (&str, &str),
) -> Result<Option<Id<Incoming>>> {
    let found = cx.row::<(Id<Incoming>,)>(&RECEIVED, values![agency, document_id, from_code])?;
    Ok(found.map(|(id,)| id))
}

/// Marks a document as given back: its words go, and nobody works on it. Its versions go too.
pub(crate) fn give_back<P: Permission>(cx: &mut Writer<'_, P>, document: &Opened<Incoming>) -> Result<()> {
    let now = cx.now();
    cx.write(&GIVE_BACK, values![document.id, now])?;
    cx.write_any(&FORGET_VERSIONS, values![document.id])?;
    cx.write_any(&RELEASE, values![document.id, now]).map(drop)
}

/// Keeps what is left of a file.
pub(crate) fn bury<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    file: &FileOf,
) -> Result<()> {
    let (id, now) = (cx.new_id::<Tombstone>(), cx.now());
    cx.write(
        &BURY,
        values![
            id,
            document.agency,
            document.id,
            &file.role,
            &file.name,
            &file.content_type,
            file.bytes,
            &file.sha256,
            now
        ],
    )
    .map(drop)
}

/// What is left of the files of a document.
pub(crate) fn tombstones(cx: &Raw<'_>, document: Id<Incoming>) -> Result<Vec<Tombstone>> {
    cx.rows(&TOMBSTONES, values![document])
}

/// Gives up a draft because what it was written on is gone.
pub(crate) fn close_draft<P: Permission>(
    cx: &mut Writer<'_, P>,
    draft: &Opened<Outgoing>,
    reason: &str,
) -> Result<()> {
    let (now, by) = (cx.now(), cx.actor().name.clone());
    cx.write(&CLOSE_DRAFT, values![draft.id, now, by, reason]).map(drop)
}

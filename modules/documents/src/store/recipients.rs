//! Statements of recipients, the packets that come back from them, and saved groups.

use crate::model::{Outgoing, Recipient, RecipientStatus};
use crate::rights::{OutgoingDraft, OutgoingIssue};
use base::{AgencyId, Id, Instant, Result};
use kernel::{Opened, Permission, Raw, Sql, System, Writer, q, row, values};

row! {
    /// Trouble somebody must look after.
    pub(crate) struct Trouble {
        /// The recipient.
        id: Id<Recipient>,
        /// The document.
        outgoing: Id<Outgoing>,
        /// Its symbol.
        symbol: String,
        /// Trích yếu.
        subject: String,
        /// Who did not take it.
        to_name: String,
        /// Refused or failed.
        status: RecipientStatus,
        /// Why.
        reason: String,
        /// Since when.
        status_at: Option<Instant>,
    }
}

row! {
    /// A status packet as it came.
    pub(crate) struct Packet {
        /// Who reported.
        from_code: String,
        /// The code.
        code: String,
        /// Reason or remark.
        description: String,
        /// Arrival number or unit.
        at_place: String,
        /// Who acted.
        staff: String,
        /// When it happened.
        at: Instant,
    }
}

row! {
    /// A saved group.
    pub(crate) struct Saved {
        /// Id.
        id: Id<Saved>,
        /// Name.
        name: String,
        /// Ids of its agencies, a line each.
        members: String,
    }
}

/// What is needed to enter a recipient.
#[derive(Debug)]
pub(crate) struct NewRecipient {
    pub(crate) to_agency: AgencyId,
    pub(crate) to_code: String,
    pub(crate) to_name: String,
    pub(crate) tier: &'static str,
    pub(crate) area: String,
    pub(crate) sort: i64,
    pub(crate) envelope: uuid::Uuid,
}

/// What a packet says of a recipient.
#[derive(Debug)]
pub(crate) struct Move<'a> {
    pub(crate) status: RecipientStatus,
    pub(crate) at_place: &'a str,
    pub(crate) staff: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) arrived_at: Option<Instant>,
    pub(crate) at: Instant,
}

static OF: Sql = q!(
    "SELECT id, agency_id, outgoing_id, to_agency, to_code, to_name, tier, area, status, at_place, staff, reason,
        arrived_at, status_at, envelope_id, replaced_by
     FROM documents_recipients
     WHERE {scope} AND outgoing_id = $1
     ORDER BY sort, to_name
     LIMIT 5000"
);
static ONE: Sql = q!(
    "SELECT id, agency_id, outgoing_id, to_agency, to_code, to_name, tier, area, status, at_place, staff, reason,
        arrived_at, status_at, envelope_id, replaced_by
     FROM documents_recipients
     WHERE {scope} AND outgoing_id = $1 AND id = $2"
);
static BY_CODE: Sql = q!(
    "SELECT id, agency_id, outgoing_id, to_agency, to_code, to_name, tier, area, status, at_place, staff, reason,
        arrived_at, status_at, envelope_id, replaced_by
     FROM documents_recipients
     WHERE {scope} AND outgoing_id = $1 AND to_code = $2"
);
static BY_ENVELOPE: Sql = q!(
    "SELECT id, agency_id, outgoing_id, to_agency, to_code, to_name, tier, area, status, at_place, staff, reason,
        arrived_at, status_at, envelope_id, replaced_by
     FROM documents_recipients
     WHERE {scope} AND envelope_id = $1 AND to_code = $2"
);
static TROUBLES: Sql =
    q!("SELECT r.id, r.outgoing_id, o.symbol, o.subject, r.to_name, r.status, r.reason, r.status_at
     FROM documents_recipients r JOIN documents_outgoing o ON o.id = r.outgoing_id
     WHERE {scope:r} AND {scope:o} AND r.agency_id = $1 AND r.status IN ('refused', 'failed')
        AND r.replaced_by IS NULL
     ORDER BY r.status_at DESC
     LIMIT $2");
static COUNT_TROUBLES: Sql = q!("SELECT count(*)
     FROM documents_recipients
     WHERE {scope} AND agency_id = $1 AND status IN ('refused', 'failed') AND replaced_by IS NULL");
static TROUBLES_OF: Sql = q!("SELECT count(*)
     FROM documents_recipients
     WHERE {scope} AND outgoing_id = $1 AND status IN ('refused', 'failed') AND replaced_by IS NULL");
static ADD: Sql = q!(
    "INSERT INTO documents_recipients (id, agency_id, outgoing_id, to_agency, to_code, to_name, tier, area, sort,
        envelope_id, status, at_place, staff, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', '', '', '')"
);
static MOVE: Sql = q!(
    "UPDATE documents_recipients
     SET status = $2, at_place = $3, staff = $4, reason = $5, arrived_at = COALESCE(arrived_at, $6), status_at = $7
     WHERE {scope} AND id = $1"
);
static REPLACE: Sql = q!("UPDATE documents_recipients
     SET replaced_by = $2
     WHERE {scope} AND id = $1 AND replaced_by IS NULL AND status IN ('refused', 'failed')");
static AGAIN: Sql = q!("UPDATE documents_recipients
     SET status = 'queued', reason = '', status_at = $2
     WHERE {scope} AND id = $1 AND status = 'failed' AND replaced_by IS NULL");
static KEEP: Sql = q!(
    "INSERT INTO documents_statuses (id, agency_id, outgoing_id, from_code, code, description, at_place, staff, at,
        received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
);
static PACKETS: Sql = q!("SELECT from_code, code, description, at_place, staff, at
     FROM documents_statuses
     WHERE {scope} AND outgoing_id = $1 AND from_code = $2
     ORDER BY at, received_at
     LIMIT 200");
static GROUPS: Sql = q!("SELECT id, name, members
     FROM documents_groups
     WHERE {scope} AND agency_id = $1 AND voided_at IS NULL
     ORDER BY name
     LIMIT 200");
static GROUP: Sql = q!("SELECT id, name, members
     FROM documents_groups
     WHERE {scope} AND agency_id = $1 AND id = $2 AND voided_at IS NULL");
static SAVE_GROUP: Sql = q!("INSERT INTO documents_groups (id, agency_id, name, members, at)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (agency_id, name) DO UPDATE SET members = $4, at = $5, voided_at = NULL
     RETURNING id");
static VOID_GROUP: Sql = q!("UPDATE documents_groups
     SET voided_at = $2
     WHERE {scope} AND id = $1 AND voided_at IS NULL
     RETURNING name");

/// The recipients of a document in the order they were chosen, replaced ones too.
pub(crate) fn of(cx: &Raw<'_>, outgoing: Id<Outgoing>) -> Result<Vec<Recipient>> {
    cx.rows(&OF, values![outgoing])
}

/// One recipient of a document the actor has opened.
pub(crate) fn one(cx: &Raw<'_>, outgoing: &Opened<Outgoing>, id: Id<Recipient>) -> Result<Recipient> {
    cx.one(&ONE, values![outgoing.id, id])
}

/// The recipient of a document with this code.
pub(crate) fn by_code(cx: &Raw<'_>, outgoing: Id<Outgoing>, code: &str) -> Result<Option<Recipient>> {
    cx.row(&BY_CODE, values![outgoing, code])
}

/// The recipient an envelope was for.
pub(crate) fn by_envelope(cx: &Raw<'_>, envelope: uuid::Uuid, code: &str) -> Result<Option<Recipient>> {
    cx.row(&BY_ENVELOPE, values![envelope, code])
}

/// What was refused or could not be delivered, newest first.
pub(crate) fn troubles(cx: &Raw<'_>, limit: i64) -> Result<Vec<Trouble>> {
    cx.rows(&TROUBLES, values![cx.agency()?, limit])
}

/// How much of that the agency has.
pub(crate) fn count_troubles(cx: &Raw<'_>) -> Result<i64> {
    cx.number(&COUNT_TROUBLES, values![cx.agency()?])
}

/// How much of that one document has.
pub(crate) fn troubles_of(cx: &Raw<'_>, outgoing: Id<Outgoing>) -> Result<i64> {
    cx.number(&TROUBLES_OF, values![outgoing])
}

/// Enters a recipient.
pub(crate) fn add(
    cx: &mut Writer<'_, OutgoingIssue>,
    outgoing: &Opened<Outgoing>,
    new: &NewRecipient,
) -> Result<Id<Recipient>> {
    let id = cx.new_id();
    cx.write(
        &ADD,
        values![
            id,
            outgoing.agency,
            outgoing.id,
            new.to_agency,
            &new.to_code,
            &new.to_name,
            new.tier,
            &new.area,
            new.sort,
            new.envelope
        ],
    )?;
    Ok(id)
}

/// Moves a recipient to where a packet says it is.
pub(crate) fn advance(cx: &mut Writer<'_, System>, recipient: &Recipient, to: &Move<'_>) -> Result<()> {
    let values = values![recipient.id, to.status, to.at_place, to.staff, to.reason, to.arrived_at, to.at];
    cx.write(&MOVE, values).map(drop)
}

/// Marks that another agency got the document instead.
pub(crate) fn replace(
    cx: &mut Writer<'_, OutgoingIssue>,
    recipient: &Recipient,
    by: Id<Recipient>,
) -> Result<()> {
    cx.write(&REPLACE, values![recipient.id, by]).map(drop)
}

/// Puts a failed recipient back into the queue.
pub(crate) fn again(cx: &mut Writer<'_, OutgoingIssue>, recipient: &Recipient) -> Result<()> {
    let now = cx.now();
    cx.write(&AGAIN, values![recipient.id, now]).map(drop)
}

/// Keeps a packet as it came.
pub(crate) fn keep(
    cx: &mut Writer<'_, System>,
    outgoing: &Opened<Outgoing>,
    (from, status): (&str, &contracts::Status),
) -> Result<()> {
    let (id, now) = (cx.new_id::<Packet>(), cx.now());
    cx.write(
        &KEEP,
        values![
            id,
            outgoing.agency,
            outgoing.id,
            from,
            &status.code,
            &status.description,
            &status.at_place,
            &status.staff,
            status.timestamp,
            now
        ],
    )
    .map(drop)
}

/// The packets of one recipient, oldest first.
pub(crate) fn packets(cx: &Raw<'_>, outgoing: Id<Outgoing>, code: &str) -> Result<Vec<Packet>> {
    cx.rows(&PACKETS, values![outgoing, code])
}

/// The saved groups of an agency.
pub(crate) fn groups(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<Saved>> {
    cx.rows(&GROUPS, values![agency])
}

/// One saved group.
pub(crate) fn group(cx: &Raw<'_>, agency: AgencyId, id: Id<Saved>) -> Result<Option<Saved>> {
    cx.row(&GROUP, values![agency, id])
}

/// Saves a group under its name, or replaces what the name held.
pub(crate) fn save_group(
    cx: &mut Writer<'_, OutgoingDraft>,
    agency: AgencyId,
    (name, members): (&str, &str),
) -> Result<Id<Saved>> {
    let (id, now) = (cx.new_id::<Saved>(), cx.now());
    let (id,): (Id<Saved>,) = cx.write_returning(&SAVE_GROUP, values![id, agency, name, members, now])?;
    Ok(id)
}

/// Gives a group up; answers its name.
pub(crate) fn void_group<P: Permission>(cx: &mut Writer<'_, P>, id: Id<Saved>) -> Result<String> {
    let now = cx.now();
    let (name,): (String,) = cx.write_returning(&VOID_GROUP, values![id, now])?;
    Ok(name)
}

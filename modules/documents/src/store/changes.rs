//! Statements of versions and replacements: of issued documents, and of documents that were received.

use crate::model::{Incoming, Outgoing};
use crate::rights::OutgoingIssue;
use crate::store::outgoing::Issued;
use base::{AgencyId, Id, PersonId, Result};
use contracts::{Document, Reference};
use kernel::{Opened, Permission, Raw, Sql, Writer, q, row, values};

row! {
    /// A document that another one stands in place of.
    pub(crate) struct Gone {
        /// Its identifier.
        document_id: String,
        /// Its symbol.
        symbol: String,
    }
}

static IN_HAND: Sql = q!("SELECT id
     FROM documents_outgoing
     WHERE {scope} AND (updates = $1 OR replaces = $1) AND drafter = $2 AND status = 'drafting'
     ORDER BY created_at DESC
     LIMIT 1");
static ISSUE_VERSION: Sql = q!("UPDATE documents_outgoing
     SET status = 'issued', updated_at = $2, issued_at = $2, issued_by = $3, symbol = $4, promulgated = $5,
        document_id = $6, envelope_id = $7, plan = $8
     WHERE {scope} AND id = $1 AND status = 'to_issue'");
static REPLACED: Sql = q!("UPDATE documents_outgoing
     SET replaced_by = $2, updated_at = $3
     WHERE {scope} AND id = $1 AND status = 'issued' AND replaced_by IS NULL");
static TAKE_VERSION: Sql = q!(
    "UPDATE documents_incoming
     SET type_name = $2, subject = $3, words = $4, signer_competence = $5, signer_position = $6, signer_name = $7,
        urgency = $8, pages = $9, due = $10, to_places = $11
     WHERE {scope} AND id = $1 AND status NOT IN ('returned', 'replaced', 'recalled')"
);
static REPLACES: Sql = q!("INSERT INTO documents_replaced (id, agency_id, incoming_id, document_id, symbol)
     VALUES ($1, $2, $3, $4, $5)");
static GONE: Sql = q!("SELECT document_id, symbol
     FROM documents_replaced
     WHERE {scope} AND incoming_id = $1
     ORDER BY symbol
     LIMIT 100");
static IN_PLACE: Sql = q!("SELECT r.incoming_id
     FROM documents_replaced r JOIN documents_incoming i ON i.id = r.incoming_id
     WHERE {scope:r} AND {scope:i} AND r.agency_id = $1 AND r.document_id = $2 AND i.from_code = $3
     LIMIT 1");
static MARK_REPLACED: Sql = q!("UPDATE documents_incoming
     SET status = 'replaced', replaced_by = $2, done_at = COALESCE(done_at, $3)
     WHERE {scope} AND id = $1 AND status NOT IN ('returned', 'replaced', 'recalled')");

/// The version or replacement of a document that a person is already drafting.
pub(crate) fn in_hand(cx: &Raw<'_>, of: Id<Outgoing>, drafter: PersonId) -> Result<Option<Id<Outgoing>>> {
    Ok(cx.row::<(Id<Outgoing>,)>(&IN_HAND, values![of, drafter])?.map(|(id,)| id))
}

/// Issues a version under the number its document has.
pub(crate) fn issue_version(
    cx: &mut Writer<'_, OutgoingIssue>,
    draft: &Opened<Outgoing>,
    issued: &Issued,
    (envelope, plan): (Option<uuid::Uuid>, &str),
) -> Result<()> {
    let (now, by) = (cx.now(), cx.actor().name.clone());
    cx.write(
        &ISSUE_VERSION,
        values![draft.id, now, by, &issued.symbol, issued.day, &issued.document_id, envelope, plan],
    )
    .map(drop)
}

/// Marks an issued document as no longer valid.
pub(crate) fn replaced(
    cx: &mut Writer<'_, OutgoingIssue>,
    document: &Opened<Outgoing>,
    by: Id<Outgoing>,
) -> Result<()> {
    let now = cx.now();
    cx.write(&REPLACED, values![document.id, by, now]).map(drop)
}

/// Makes another version of a received document the current one.
pub(crate) fn take_version<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    new: &Document,
) -> Result<()> {
    cx.write(
        &TAKE_VERSION,
        values![
            document.id,
            &new.type_name,
            &new.subject,
            &new.text,
            &new.signer.competence,
            &new.signer.position,
            &new.signer.name,
            new.urgency.clamp(0, 4),
            new.pages,
            new.due,
            new.to_places.join("\n")
        ],
    )
    .map(drop)
}

/// Keeps what a received document stands in place of.
pub(crate) fn replaces<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    of: &Reference,
) -> Result<()> {
    let id = cx.new_id::<Gone>();
    cx.write(&REPLACES, values![id, document.agency, document.id, &of.document_id, &of.symbol]).map(drop)
}

/// What a received document stands in place of.
pub(crate) fn gone(cx: &Raw<'_>, document: Id<Incoming>) -> Result<Vec<Gone>> {
    cx.rows(&GONE, values![document])
}

/// The document that stands in place of one that comes only now.
pub(crate) fn in_place_of(
    cx: &Raw<'_>,
    agency: AgencyId,
    (document_id, from_code): (&str, &str),
) -> Result<Option<Id<Incoming>>> {
    let found = cx.row::<(Id<Incoming>,)>(&IN_PLACE, values![agency, document_id, from_code])?;
    Ok(found.map(|(id,)| id))
}

/// Marks a received document as no longer valid.
pub(crate) fn mark_replaced<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    by: Id<Incoming>,
) -> Result<()> {
    let now = cx.now();
    cx.write(&MARK_REPLACED, values![document.id, by, now]).map(drop)
}

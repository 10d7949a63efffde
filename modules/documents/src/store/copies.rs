//! Statements of copies.

use crate::model::copies::{CopyForm, DocumentCopy, Medium};
use crate::model::{Incoming, Outgoing};
use crate::rights::CopyMake;
use base::{AgencyId, Date, Id, Instant, Result};
use kernel::{Raw, Sql, Writer, q, values};

/// Everything a copy begins with, but its number.
#[derive(Debug)]
pub(crate) struct NewCopy {
    pub(crate) agency: AgencyId,
    pub(crate) incoming: Option<Id<Incoming>>,
    pub(crate) outgoing: Option<Id<Outgoing>>,
    pub(crate) form: CopyForm,
    pub(crate) medium: Medium,
    pub(crate) of_symbol: String,
    pub(crate) subject: String,
    pub(crate) extract: String,
    pub(crate) signer: contracts::Signer,
    pub(crate) to_places: String,
    pub(crate) sha256: String,
}

static ENTER: Sql = q!(
    "INSERT INTO documents_copies (id, agency_id, incoming_id, outgoing_id, form, medium, number_year, number, symbol,
        of_symbol, subject, extract, signer_competence, signer_position, signer_name, to_places, made_on, sha256,
        made_at, made_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
);
static LIST: Sql = q!(
    "SELECT id, agency_id, incoming_id, outgoing_id, form, medium, number, symbol, of_symbol, subject, extract,
        signer_competence, signer_position, signer_name, to_places, made_on, sha256, made_at, made_by
     FROM documents_copies
     WHERE {scope} AND agency_id = $1 AND (made_at, id) < ($2, $3)
     ORDER BY made_at DESC, id DESC
     LIMIT $4"
);
static OF_INCOMING: Sql = q!(
    "SELECT id, agency_id, incoming_id, outgoing_id, form, medium, number, symbol, of_symbol, subject, extract,
        signer_competence, signer_position, signer_name, to_places, made_on, sha256, made_at, made_by
     FROM documents_copies
     WHERE {scope} AND incoming_id = $1
     ORDER BY made_at DESC
     LIMIT 50"
);
static OF_OUTGOING: Sql = q!(
    "SELECT id, agency_id, incoming_id, outgoing_id, form, medium, number, symbol, of_symbol, subject, extract,
        signer_competence, signer_position, signer_name, to_places, made_on, sha256, made_at, made_by
     FROM documents_copies
     WHERE {scope} AND outgoing_id = $1
     ORDER BY made_at DESC
     LIMIT 50"
);
static IS_COPY: Sql =
    q!("SELECT count(*) FROM documents_copies WHERE {scope} AND agency_id = $1 AND sha256 = $2");

/// Enters a copy under its number.
pub(crate) fn enter(
    cx: &mut Writer<'_, CopyMake>,
    new: &NewCopy,
    (n, symbol, day): (i64, &str, Date),
) -> Result<Id<DocumentCopy>> {
    let (id, now, by) = (cx.new_id(), cx.now(), cx.actor().name.clone());
    cx.write(
        &ENTER,
        values![
            id,
            new.agency,
            new.incoming,
            new.outgoing,
            new.form,
            new.medium,
            i64::from(day.year()),
            n,
            symbol,
            &new.of_symbol,
            &new.subject,
            &new.extract,
            &new.signer.competence,
            &new.signer.position,
            &new.signer.name,
            &new.to_places,
            day,
            &new.sha256,
            now,
            by
        ],
    )?;
    Ok(id)
}

/// Copies of the actor's agency before a point, the newest first.
pub(crate) fn list(
    cx: &Raw<'_>,
    (before, id): (Instant, Id<DocumentCopy>),
    limit: i64,
) -> Result<Vec<DocumentCopy>> {
    cx.rows(&LIST, values![cx.agency()?, before, id, limit])
}

/// Copies that were made of a document that came.
pub(crate) fn of_incoming(cx: &Raw<'_>, document: Id<Incoming>) -> Result<Vec<DocumentCopy>> {
    cx.rows(&OF_INCOMING, values![document])
}

/// Copies that were made of a document of the agency's own.
pub(crate) fn of_outgoing(cx: &Raw<'_>, document: Id<Outgoing>) -> Result<Vec<DocumentCopy>> {
    cx.rows(&OF_OUTGOING, values![document])
}

/// True for the file of a copy this agency has signed.
pub(crate) fn is_copy(cx: &Raw<'_>, agency: AgencyId, sha256: &str) -> Result<bool> {
    Ok(cx.number(&IS_COPY, values![agency, sha256])? > 0)
}

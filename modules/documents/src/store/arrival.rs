//! Statements that enter an incoming document.

use crate::model::{Incoming, SignatureVerdict, Source};
use base::{AgencyId, Date, Id, Result};
use kernel::{Permission, Raw, Sql, Writer, q, row, values};

/// Everything an incoming document is entered with.
#[derive(Debug)]
pub(crate) struct NewIncoming<'a> {
    pub(crate) source: Source,
    pub(crate) envelope: Option<uuid::Uuid>,
    pub(crate) document_id: &'a str,
    pub(crate) from_code: &'a str,
    pub(crate) from_name: &'a str,
    pub(crate) symbol: &'a str,
    pub(crate) place: &'a str,
    pub(crate) promulgated: Date,
    pub(crate) type_name: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) words: &'a str,
    pub(crate) signer: contracts::Signer,
    pub(crate) urgency: i64,
    pub(crate) pages: i64,
    pub(crate) due: Option<Date>,
    pub(crate) to_places: String,
    pub(crate) trace: String,
    pub(crate) response_for: String,
    pub(crate) forwards: Option<String>,
    pub(crate) signature: SignatureVerdict,
    pub(crate) duplicate_of: Option<Id<Incoming>>,
    pub(crate) content_hash: &'a str,
}

row! {
    /// A document that is already here under the same identifier.
    pub(crate) struct Twin {
        /// Id.
        id: Id<Incoming>,
        /// Hash of what it holds.
        content_hash: String,
        /// Who issued it.
        from_code: String,
    }
}

static ENTER: Sql = q!(
    "INSERT INTO documents_incoming (id, agency_id, source, envelope_id, document_id, from_code, from_name, symbol,
        place, promulgated, type_name, subject, words, signer_competence, signer_position, signer_name, urgency,
        pages, due, to_places, trace, response_for, forwards, signature, duplicate_of, content_hash, status,
        arrived_at, series, instruction, lead_name, outcome, answer_symbol, return_reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        $23, $24, $25, $26, 'arrived', $27, 'in', '', '', '', '', '')"
);
static BY_DOCUMENT: Sql = q!("SELECT id, content_hash, from_code
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND document_id = $2 AND status <> 'returned'
     ORDER BY arrived_at
     LIMIT 10");
// Annex VI.I.1h: an alert on the same symbol, date and issuer as well as on the same identifier.
static BY_SYMBOL: Sql = q!("SELECT id, content_hash, from_code
     FROM documents_incoming
     WHERE {scope} AND agency_id = $1 AND symbol = $2 AND promulgated = $3 AND from_name = $4
        AND status <> 'returned'
     ORDER BY arrived_at
     LIMIT 1");

/// Documents already here under an identifier.
pub(crate) fn by_document_id(cx: &Raw<'_>, agency: AgencyId, document_id: &str) -> Result<Vec<Twin>> {
    cx.rows(&BY_DOCUMENT, values![agency, document_id])
}

/// A document already here with the same symbol, date and issuer.
pub(crate) fn by_symbol(
    cx: &Raw<'_>,
    agency: AgencyId,
    (symbol, promulgated): (&str, Date),
    from_name: &str,
) -> Result<Option<Twin>> {
    cx.row(&BY_SYMBOL, values![agency, symbol, promulgated, from_name])
}

/// Enters a document that has just come.
pub(crate) fn enter<P: Permission>(
    cx: &mut Writer<'_, P>,
    agency: AgencyId,
    new: &NewIncoming<'_>,
) -> Result<Id<Incoming>> {
    let (id, now) = (cx.new_id::<Incoming>(), cx.now());
    cx.write(
        &ENTER,
        values![
            id,
            agency,
            new.source,
            new.envelope,
            new.document_id,
            new.from_code,
            new.from_name,
            new.symbol,
            new.place,
            new.promulgated,
            new.type_name,
            new.subject,
            new.words,
            &new.signer.competence,
            &new.signer.position,
            &new.signer.name,
            new.urgency,
            new.pages,
            new.due,
            &new.to_places,
            &new.trace,
            &new.response_for,
            new.forwards.clone(),
            new.signature,
            new.duplicate_of,
            new.content_hash,
            now
        ],
    )?;
    Ok(id)
}

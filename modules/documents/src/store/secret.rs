//! Statements of secret documents: they are entered, read by their register, and voided; nothing else.

use crate::model::secret::{SecrecyLevel, Secret};
use crate::rights::OutgoingNumberSecret;
use crate::store::registers::{End, Stretch, days, in_order};
use base::{AgencyId, Date, Id, Result, UnitId};
use kernel::{Opened, Raw, Sql, Writer, q, values};

/// Everything of a secret document its clerk writes.
#[derive(Debug)]
pub(crate) struct NewSecret {
    pub(crate) agency: AgencyId,
    pub(crate) level: SecrecyLevel,
    pub(crate) type_name: String,
    pub(crate) subject: String,
    pub(crate) unit: Option<UnitId>,
    pub(crate) signer: contracts::Signer,
    pub(crate) to_places: String,
    pub(crate) copies: i64,
    pub(crate) pages: i64,
}

static ENTER: Sql = q!(
    "INSERT INTO documents_secret (id, agency_id, level, type_name, subject, unit_id, signer_competence,
        signer_position, signer_name, to_places, copies, pages, number_year, number, symbol, promulgated, issued_at,
        issued_by, voided_by, void_reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, '', '')"
);
static VOID: Sql = q!("UPDATE documents_secret
     SET voided_at = $2, voided_by = $3, void_reason = $4
     WHERE {scope} AND id = $1 AND voided_at IS NULL");
static UP: Sql = q!(
    "SELECT id, agency_id, level, type_name, subject, unit_id, signer_competence, signer_position, signer_name,
        to_places, copies, pages, number, symbol, promulgated, issued_at, issued_by, voided_at, voided_by,
        void_reason
     FROM documents_secret
     WHERE {scope} AND agency_id = $1 AND number_year = $2 AND number >= $3 AND number <= $4
        AND promulgated >= $5 AND promulgated <= $6
     ORDER BY number
     LIMIT $7"
);
static DOWN: Sql = q!(
    "SELECT id, agency_id, level, type_name, subject, unit_id, signer_competence, signer_position, signer_name,
        to_places, copies, pages, number, symbol, promulgated, issued_at, issued_by, voided_at, voided_by,
        void_reason
     FROM documents_secret
     WHERE {scope} AND agency_id = $1 AND number_year = $2 AND number >= $3 AND number <= $4
        AND promulgated >= $5 AND promulgated <= $6
     ORDER BY number DESC
     LIMIT $7"
);
static FIRST_YEAR: Sql = q!("SELECT number_year
     FROM documents_secret
     WHERE {scope} AND agency_id = $1
     ORDER BY number_year
     LIMIT 1");

/// Enters a document under its number.
pub(crate) fn enter(
    cx: &mut Writer<'_, OutgoingNumberSecret>,
    new: &NewSecret,
    (n, symbol, day): (i64, &str, Date),
) -> Result<Id<Secret>> {
    let (id, now, by) = (cx.new_id(), cx.now(), cx.actor().name.clone());
    cx.write(
        &ENTER,
        values![
            id,
            new.agency,
            new.level,
            &new.type_name,
            &new.subject,
            new.unit,
            &new.signer.competence,
            &new.signer.position,
            &new.signer.name,
            &new.to_places,
            new.copies,
            new.pages,
            i64::from(day.year()),
            n,
            symbol,
            day,
            now,
            by
        ],
    )?;
    Ok(id)
}

/// Marks a number as voided; the row stays.
pub(crate) fn void(
    cx: &mut Writer<'_, OutgoingNumberSecret>,
    document: &Opened<Secret>,
    reason: &str,
) -> Result<()> {
    let (now, by) = (cx.now(), cx.actor().name.clone());
    cx.write(&VOID, values![document.id, now, by, reason]).map(drop)
}

/// At most `limit` secret documents of a stretch.
pub(crate) fn entries(cx: &Raw<'_>, stretch: &Stretch, end: End, limit: i64) -> Result<Vec<Secret>> {
    let (since, until) = days(stretch);
    let agency = cx.agency()?;
    let values = values![agency, stretch.year, stretch.from, stretch.to, since, until, limit];
    in_order(end, |sql| cx.rows(sql, values), (&UP, &DOWN))
}

/// The first year that has a register of secret documents.
pub(crate) fn first_year(cx: &Raw<'_>) -> Result<i64> {
    let agency = cx.agency()?;
    cx.number(&FIRST_YEAR, values![agency])
}

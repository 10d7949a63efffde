//! The written authority a document was signed under, and what an agency lets heads of units sign by order
//! (Decree 30/2020, article 13.3 and 13.4).

use crate::model::Outgoing;
use crate::rights::OutgoingApprove;
use crate::rules::signing::Authority;
use base::{AgencyId, Date, Result};
use kernel::{Opened, Raw, Sql, Writer, q, values};

static KEEP: Sql = q!("UPDATE documents_outgoing
     SET authority_number = $2, authority_date = $3, authority_until = $4
     WHERE {scope} AND id = $1");
static OF: Sql = q!("SELECT authority_number, authority_date, authority_until
     FROM documents_outgoing
     WHERE {scope} AND id = $1 AND authority_number IS NOT NULL");

/// Keeps it, or that there is none: a draft that came back may be signed in another authority.
pub(crate) fn keep(
    cx: &mut Writer<'_, OutgoingApprove>,
    draft: &Opened<Outgoing>,
    authority: Option<&Authority>,
) -> Result<()> {
    let number = authority.map(|one| one.number.clone());
    let (date, until) = (authority.map(|one| one.date), authority.map(|one| one.until));
    cx.write(&KEEP, values![draft.id, number, date, until]).map(drop)
}

/// The authority of a signed document, if it has one.
pub(crate) fn of(cx: &Raw<'_>, document: &Opened<Outgoing>) -> Result<Option<Authority>> {
    let rows: Vec<(String, Date, Date)> = cx.rows(&OF, values![document.id])?;
    Ok(rows.into_iter().next().map(|(number, date, until)| Authority { number, date, until }))
}

static BY_ORDER: Sql = q!("SELECT types FROM documents_by_order WHERE {scope} AND agency_id = $1");
static SAVE_BY_ORDER: Sql = q!("UPDATE documents_by_order
     SET types = $2, updated_at = $3
     WHERE {scope} AND agency_id = $1");
static ADD_BY_ORDER: Sql =
    q!("INSERT INTO documents_by_order (agency_id, types, updated_at) VALUES ($1, $2, $3)");

/// Codes of the types an agency lets be signed by order.
pub(crate) fn by_order(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = cx.rows(&BY_ORDER, values![agency])?;
    let types = rows.into_iter().next().map(|(types,)| types).unwrap_or_default();
    Ok(types.lines().map(str::to_owned).collect())
}

/// Keeps them.
pub(crate) fn save_by_order(
    cx: &mut Writer<'_, OutgoingApprove>,
    agency: AgencyId,
    types: &[String],
) -> Result<()> {
    let (types, now) = (types.join("\n"), cx.now());
    if cx.write_any(&SAVE_BY_ORDER, values![agency, &types, now])? == 0 {
        cx.write(&ADD_BY_ORDER, values![agency, &types, now])?;
    }
    Ok(())
}

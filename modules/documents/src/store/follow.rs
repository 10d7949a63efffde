//! Statements of following documents.

use crate::model::Outgoing;
use crate::rights::{IncomingRead, OutgoingRead};
use crate::store::incoming::Line as IncomingLine;
use crate::store::outgoing_list::Line as OutgoingLine;
use base::{AgencyId, Id, PersonId, Result};
use kernel::{Permission, Raw, Reader, Sql, Writer, q, values};

static FOLLOW: Sql = q!("INSERT INTO documents_follows (person_id, subject_id, agency_id, at)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (person_id, subject_id) DO NOTHING");
static UNFOLLOW: Sql =
    q!("DELETE FROM documents_follows WHERE {scope} AND person_id = $1 AND subject_id = $2");
static FOLLOWS: Sql =
    q!("SELECT count(*) FROM documents_follows WHERE {scope} AND person_id = $1 AND subject_id = $2");
static FOLLOWERS: Sql = q!("SELECT person_id FROM documents_follows WHERE {scope} AND subject_id = $1");
static INCOMING: Sql = q!(
    "SELECT d.id, d.symbol, d.from_name, d.promulgated, d.type_name, d.subject, d.urgency, d.status, d.arrived_at,
        d.arrival_number, d.handle_due, d.lead_name, d.signature
     FROM documents_follows f JOIN documents_incoming d ON d.id = f.subject_id
     WHERE {scope:f} AND {scope:d} AND f.person_id = $1
     ORDER BY f.at DESC
     LIMIT $2"
);
static OUTGOING: Sql = q!("SELECT o.id
     FROM documents_follows f JOIN documents_outgoing o ON o.id = f.subject_id
     WHERE {scope:f} AND {scope:o} AND f.person_id = $1
     ORDER BY f.at DESC
     LIMIT $2");

/// The actor wants to hear of a document.
pub(crate) fn follow<P: Permission, N>(
    cx: &mut Writer<'_, P>,
    (subject, agency): (Id<N>, AgencyId),
) -> Result<()> {
    let (person, now) = (cx.person()?, cx.now());
    cx.write_any(&FOLLOW, values![person, subject, agency, now]).map(drop)
}

/// The actor has heard enough.
pub(crate) fn unfollow<P: Permission, N>(cx: &mut Writer<'_, P>, subject: Id<N>) -> Result<()> {
    let person = cx.person()?;
    cx.write_any(&UNFOLLOW, values![person, subject]).map(drop)
}

/// True when the actor follows a document.
pub(crate) fn follows<N>(cx: &Raw<'_>, subject: Id<N>) -> Result<bool> {
    Ok(cx.number(&FOLLOWS, values![cx.person()?, subject])? > 0)
}

/// Who follows a document.
pub(crate) fn followers(cx: &Raw<'_>, subject: uuid::Uuid) -> Result<Vec<PersonId>> {
    Ok(cx.rows::<(PersonId,)>(&FOLLOWERS, values![subject])?.into_iter().map(|(person,)| person).collect())
}

/// The incoming documents the actor follows and may still see, the last followed first.
pub(crate) fn incoming(cx: &Reader<'_, IncomingRead>, limit: i64) -> Result<Vec<IncomingLine>> {
    cx.rows(&INCOMING, values![cx.person()?, limit])
}

/// The outgoing documents the actor follows and may still see, the last followed first.
pub(crate) fn outgoing(cx: &Reader<'_, OutgoingRead>, limit: i64) -> Result<Vec<OutgoingLine>> {
    let ids: Vec<(Id<Outgoing>,)> = cx.rows(&OUTGOING, values![cx.person()?, limit])?;
    let mut lines = Vec::new();
    for (id,) in ids {
        lines.extend(crate::store::outgoing_list::line(cx, id)?);
    }
    Ok(lines)
}

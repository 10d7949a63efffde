//! Kept searches.

use crate::model::{Alert, Kept};
use base::{Date, Id, Instant, Result};
use kernel::{Permission, Raw, Sql, Writer, q, values};

static ADD: Sql = q!("INSERT INTO desk_searches
        (id, agency_id, person_id, name, words, kind, from_date, to_date, alert, mark, made_at, looked_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)");
static OF: Sql = q!("SELECT id, agency_id, person_id, name, words, kind, from_date, to_date, alert, mark
     FROM desk_searches
     WHERE {scope} AND person_id = $1 AND agency_id = $2
     ORDER BY made_at, id");
static CHANGE: Sql = q!("UPDATE desk_searches SET name = $3, alert = $4, mark = $5
     WHERE {scope} AND id = $1 AND person_id = $2");
static REMOVE: Sql = q!("DELETE FROM desk_searches WHERE {scope} AND id = $1 AND person_id = $2");
static BEHIND: Sql = q!("SELECT id, agency_id, person_id, name, words, kind, from_date, to_date, alert, mark
     FROM desk_searches
     WHERE {scope} AND alert = $1 AND id > $2 AND mark < $3 AND looked_at < $4
     ORDER BY id
     LIMIT $5");
static ANY: Sql = q!("SELECT count(*) FROM desk_searches WHERE {scope} AND alert = $1");
static MARK: Sql = q!("UPDATE desk_searches SET mark = $2, looked_at = $3
     WHERE {scope} AND id = $1 AND mark < $2");

/// What a person wants to keep.
pub(crate) struct NewKept<'a> {
    pub(crate) name: &'a str,
    pub(crate) words: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) days: (Option<Date>, Option<Date>),
    pub(crate) alert: Alert,
}

/// Keeps a search of the actor; what is findable up to `mark` is not told.
pub(crate) fn add<P: Permission>(cx: &mut Writer<'_, P>, new: &NewKept<'_>, mark: i64) -> Result<Id<Kept>> {
    let (id, agency, person, now) = (cx.new_id::<Kept>(), cx.agency()?, cx.person()?, cx.now());
    let (from, to) = new.days;
    cx.write(
        &ADD,
        values![id, agency, person, new.name, new.words, new.kind, from, to, new.alert, mark, now],
    )?;
    Ok(id)
}

/// The actor's kept searches of their agency, the oldest first.
pub(crate) fn mine(cx: &Raw<'_>) -> Result<Vec<Kept>> {
    cx.rows(&OF, values![cx.person()?, cx.agency()?])
}

/// Renames a search of the actor, and says when they are told.
pub(crate) fn change<P: Permission>(
    cx: &mut Writer<'_, P>,
    kept: &Kept,
    (name, alert): (&str, Alert),
    mark: i64,
) -> Result<()> {
    cx.write(&CHANGE, values![kept.id, kept.person, name, alert, mark]).map(drop)
}

/// Forgets a search of the actor.
pub(crate) fn remove<P: Permission>(cx: &mut Writer<'_, P>, kept: &Kept) -> Result<()> {
    cx.write(&REMOVE, values![kept.id, kept.person]).map(drop)
}

/// Searches with an alert that have not looked at everything up to `last`, and not since a moment; after one of them.
pub(crate) fn behind(
    cx: &Raw<'_>,
    alert: Alert,
    (after, since): (Id<Kept>, Instant),
    (last, limit): (i64, i64),
) -> Result<Vec<Kept>> {
    cx.rows(&BEHIND, values![alert, after, last, since, limit])
}

/// True when somebody wants to be told so.
pub(crate) fn any(cx: &Raw<'_>, alert: Alert) -> Result<bool> {
    Ok(cx.number(&ANY, values![alert])? > 0)
}

/// Notes how far a search has looked. Answers false when it had looked so far before.
pub(crate) fn looked<P: Permission>(cx: &mut Writer<'_, P>, id: Id<Kept>, mark: i64) -> Result<bool> {
    let now = cx.now();
    Ok(cx.write_any(&MARK, values![id, mark, now])? > 0)
}

//! Notices: in the app at once, by mail for those who have an address, on the devices that were named for it.

use crate::push::{self, Told};
use base::{AgencyId, Id, Instant, PersonId, Result};
use kernel::{Permission, Raw, Sql, Writer, jobs, q, row, values};

row! {
    /// A notice to a person.
    pub struct Notice {
        /// Id.
        id: Id<Notice>,
        /// Text key.
        key: String,
        /// JSON of the values of its placeholders.
        note: String,
        /// Where it leads.
        path: String,
        /// When.
        at: Instant,
        /// When it was read.
        read_at: Option<Instant>,
    }
}

static ADD: Sql = q!("INSERT INTO platform_notices (id, agency_id, person_id, key, note, path, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)");
static ADDRESS: Sql =
    q!("SELECT email, name, lang FROM platform_people WHERE id = $1 AND email <> '' AND active = 1");
static UNREAD: Sql =
    q!("SELECT count(*) FROM platform_notices WHERE {scope} AND person_id = $1 AND read_at IS NULL");
static LIST: Sql = q!("SELECT id, key, note, path, at, read_at
     FROM platform_notices
     WHERE {scope} AND person_id = $1 AND (at, id) < ($2, $3)
     ORDER BY at DESC, id DESC
     LIMIT $4");
static READ_ALL: Sql =
    q!("UPDATE platform_notices SET read_at = $2 WHERE {scope} AND person_id = $1 AND read_at IS NULL");

/// What a notice says: a text key with the values of its placeholders, and where it leads.
#[derive(Debug, Clone)]
pub struct Say<'a> {
    /// Text key.
    pub key: &'static str,
    /// Values of the placeholders.
    pub values: &'a [(&'static str, String)],
    /// Where it leads.
    pub path: &'a str,
}

/// Tells a person something, in the app, by mail and on their devices. The sender does not hear of their own act.
///
/// # Errors
/// What the database reports.
pub fn tell<P: Permission>(
    cx: &mut Writer<'_, P>,
    agency: AgencyId,
    person: PersonId,
    say: &Say<'_>,
) -> Result<()> {
    tell_at(cx, (agency, person), say, false)
}

/// The same of something that may not be overlooked: a device rings, and the notice stays until it is opened.
///
/// # Errors
/// What the database reports.
pub fn tell_urgently<P: Permission>(
    cx: &mut Writer<'_, P>,
    agency: AgencyId,
    person: PersonId,
    say: &Say<'_>,
) -> Result<()> {
    tell_at(cx, (agency, person), say, true)
}

fn tell_at<P: Permission>(
    cx: &mut Writer<'_, P>,
    (agency, person): (AgencyId, PersonId),
    say: &Say<'_>,
    urgent: bool,
) -> Result<()> {
    if cx.actor().person == Some(person) {
        return Ok(());
    }
    let (id, now) = (cx.new_id::<Notice>(), cx.now());
    let note = note(say.values);
    cx.write(&ADD, values![id, agency, person, say.key, &note, say.path, now])?;
    if let Some((to, name, lang)) = cx.row::<(String, String, String)>(&ADDRESS, values![person])? {
        let payload = serde_json::json!({
            "to": to, "name": name, "key": say.key, "note": note, "path": say.path, "lang": lang
        });
        jobs::enqueue(cx, "mail", &id.to_string(), &payload)?;
    }
    push::queue(cx, person, &id.to_string(), Told { key: say.key, note: &note, path: say.path, urgent })
}

/// Placeholder values as the JSON that notices and audit entries keep.
pub fn note(values: &[(&'static str, String)]) -> String {
    let map: serde_json::Map<String, serde_json::Value> =
        values.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect();
    serde_json::Value::Object(map).to_string()
}

/// How many notices a person has not read.
///
/// # Errors
/// What the database reports.
pub fn unread(cx: &Raw<'_>, person: PersonId) -> Result<i64> {
    cx.number(&UNREAD, values![person])
}

/// The place before the newest notice of a moment, for [`list`]. Clocks of several processes may differ a little.
pub fn from_here(now: Instant) -> (Instant, Id<Notice>) {
    (now.plus_days(1), Id::of(uuid::Uuid::nil()))
}

/// A person's notices before one of them, newest first: an act that tells several things does so at one moment.
///
/// # Errors
/// What the database reports.
pub fn list(
    cx: &Raw<'_>,
    person: PersonId,
    before: (Instant, Id<Notice>),
    limit: i64,
) -> Result<Vec<Notice>> {
    cx.rows(&LIST, values![person, before.0, before.1, limit])
}

/// Marks a person's notices read.
///
/// # Errors
/// What the database reports.
pub fn read_all<P: Permission>(cx: &mut Writer<'_, P>, person: PersonId) -> Result<u64> {
    let now = cx.now();
    cx.write_any(&READ_ALL, values![person, now])
}

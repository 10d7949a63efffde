//! Statements of reminders.

use base::{AgencyId, PersonId, Result};
use kernel::{Permission, Sql, Writer, q, values};
use platform::numbering;

/// Reminders are numbered like documents: one series a year an agency.
const SERIES: &str = "reminder";

static NTH: Sql = q!("SELECT count(*)
     FROM documents_reminders
     WHERE {scope} AND subject_id = $1 AND person_id = $2");
static ADD: Sql =
    q!("INSERT INTO documents_reminders (id, agency_id, subject_id, person_id, year, number, nth, words,
        by_name, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");

/// What a reminder is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbered {
    /// Its number in the year.
    pub(crate) number: i64,
    /// The how-manieth of this person on this thing.
    pub(crate) nth: i64,
}

/// Writes a reminder of a document or a question under the next number.
pub(crate) fn add<P: Permission>(
    cx: &mut Writer<'_, P>,
    (agency, subject): (AgencyId, uuid::Uuid),
    (person, words, by): (PersonId, &str, &str),
) -> Result<Numbered> {
    let nth = cx.number(&NTH, values![subject, person])? + 1;
    let number = numbering::next(cx, agency, SERIES)?;
    let (id, now) = (cx.new_id::<Numbered>(), cx.now());
    cx.write(&ADD, values![id, agency, subject, person, now.year(), number, nth, words, by, now])?;
    Ok(Numbered { number, nth })
}

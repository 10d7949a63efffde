//! Statements of reminders.

use crate::model::Incoming;
use crate::rights::IncomingRemind;
use base::{PersonId, Result};
use kernel::{Opened, Sql, Writer, q, values};
use platform::numbering;

/// Reminders are numbered like documents: one series a year an agency.
const SERIES: &str = "reminder";

static NTH: Sql = q!("SELECT count(*)
     FROM documents_reminders
     WHERE {scope} AND incoming_id = $1 AND person_id = $2");
static ADD: Sql =
    q!("INSERT INTO documents_reminders (id, agency_id, incoming_id, person_id, year, number, nth, words,
        by_name, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");

/// What a reminder is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbered {
    /// Its number in the year.
    pub(crate) number: i64,
    /// The how-manieth of this person on this document.
    pub(crate) nth: i64,
}

/// Writes a reminder under the next number.
pub(crate) fn add(
    cx: &mut Writer<'_, IncomingRemind>,
    document: &Opened<Incoming>,
    (person, words, by): (PersonId, &str, &str),
) -> Result<Numbered> {
    let nth = cx.number(&NTH, values![document.id, person])? + 1;
    let number = numbering::next(cx, document.agency, SERIES)?;
    let (id, now) = (cx.new_id::<Numbered>(), cx.now());
    let values = values![id, document.agency, document.id, person, now.year(), number, nth, words, by, now];
    cx.write(&ADD, values)?;
    Ok(Numbered { number, nth })
}

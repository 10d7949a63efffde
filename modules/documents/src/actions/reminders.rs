//! Reminding whoever answers for work that is late.

use crate::actions::incoming::{KIND, path};
use crate::model::Incoming;
use crate::rights::IncomingRemind;
use crate::rules;
use crate::store::board::{self, Of};
use crate::store::reminders::{self as store, Numbered};
use base::{Error, Id, Result};
use kernel::{Opened, Writer};
use platform::notify::{self, Say, note};

/// How many are reminded in one press.
const AT_ONCE: i64 = 500;

/// Reminds the person who answers for a document: numbered, told, on record.
pub(crate) fn remind(
    cx: &mut Writer<'_, IncomingRemind>,
    document: &Opened<Incoming>,
    words: &str,
) -> Result<Numbered> {
    rules::board::remind(document.status, (document.handle_due, document.lead_person.is_some()), cx.now())?;
    let person = document.lead_person.ok_or(Error::NotFound)?;
    let by = cx.actor().name.clone();
    let numbered = store::add(cx, (document.agency, document.id.uuid()), (person, words, &by))?;
    let values = [
        ("number", numbered.number.to_string()),
        ("nth", numbered.nth.to_string()),
        ("who", by),
        ("symbol", document.symbol.clone()),
        ("subject", document.subject.clone()),
        ("words", words.to_owned()),
    ];
    let key = if words.is_empty() {
        "documents.board.notice.reminded"
    } else {
        "documents.board.notice.reminded_words"
    };
    let say = Say { key, values: &values, path: &path(document.id) };
    notify::tell(cx, document.agency, person, &say)?;
    cx.record_noted("documents.board.act.reminded", (KIND, document.id), document.agency, note(&values));
    Ok(numbered)
}

/// Reminds everybody whose work is late. Answers how many reminders were sent; what nobody answers for yet is left
/// to the leader.
pub(crate) fn remind_all(cx: &mut Writer<'_, IncomingRemind>) -> Result<i64> {
    let late: Vec<Id<Incoming>> = board::late_ids(cx, Of::default(), AT_ONCE)?;
    let mut sent = 0;
    for id in late {
        let document = cx.open::<Incoming>(id)?;
        if document.lead_person.is_some() {
            remind(cx, &document, "")?;
            sent += 1;
        }
    }
    Ok(sent)
}

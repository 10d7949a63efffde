//! When a question may be asked, answered, put off, closed, and its people reminded.

use crate::model::opinions::{Opinion, OpinionAnswer, Poll};
use crate::model::{Outgoing, OutgoingStatus};
use base::calendar::Calendar;
use base::{Error, Instant, PersonId, Refusal, Result};

/// How many people one question is put to at most.
pub(crate) const MOST: usize = 300;

fn open(poll: &Poll) -> Result<()> {
    match poll.closed_at {
        None => Ok(()),
        Some(_) => Err(Refusal::new("documents.opinions.refuse.closed").into()),
    }
}

fn own(poll: &Poll, actor: &[PersonId]) -> Result<()> {
    if actor.contains(&poll.asked_by) {
        return Ok(());
    }
    Err(Refusal::new("documents.opinions.refuse.not_asker").into())
}

/// A deadline lies ahead.
pub(crate) fn ahead(due: Instant, now: Instant) -> Result<()> {
    if due > now { Ok(()) } else { Err(Error::field("due", "documents.opinions.error.due_passed")) }
}

/// An answer is given before the question is closed; what is neither yes nor no needs words.
pub(crate) fn answer(poll: &Poll, (answer, words): (OpinionAnswer, &str)) -> Result<()> {
    open(poll)?;
    match answer {
        OpinionAnswer::Other if words.trim().is_empty() => Err(Error::field("words", "form.required")),
        _ => Ok(()),
    }
}

/// Only who asked puts off, and only to later.
pub(crate) fn extend(poll: &Poll, actor: &[PersonId], (due, now): (Instant, Instant)) -> Result<()> {
    open(poll)?;
    own(poll, actor)?;
    ahead(due, now)?;
    if due <= poll.due {
        return Err(Error::field("due", "documents.opinions.error.not_later"));
    }
    Ok(())
}

/// Only who asked closes.
pub(crate) fn close(poll: &Poll, actor: &[PersonId]) -> Result<()> {
    open(poll)?;
    own(poll, actor)
}

/// People are reminded by who asked, in working time.
pub(crate) fn remind(poll: &Poll, actor: &[PersonId], now: Instant) -> Result<()> {
    open(poll)?;
    own(poll, actor)?;
    if !Calendar::vietnam().is_working_time(now) {
        return Err(Refusal::new("documents.remind.refuse.resting")
            .hint("documents.remind.hint.later")
            .into());
    }
    Ok(())
}

/// Agencies are asked by a document that was issued to them, by one question at a time.
pub(crate) fn ask_agencies(document: &Outgoing, recipients: usize, asked: bool) -> Result<()> {
    if document.status != OutgoingStatus::Issued {
        return Err(Refusal::new("documents.polled.refuse.not_issued")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 5.1")
            .into());
    }
    if recipients == 0 {
        return Err(Refusal::new("documents.polled.refuse.nobody").into());
    }
    if asked {
        return Err(Refusal::new("documents.polled.refuse.asked").into());
    }
    Ok(())
}

/// What an agency says is noted by who asked.
pub(crate) fn note(poll: &Poll, actor: &[PersonId], said: (OpinionAnswer, &str)) -> Result<()> {
    open(poll)?;
    own(poll, actor)?;
    match said {
        (OpinionAnswer::Other, "") => Err(Error::field("noted", "form.required")),
        _ => Ok(()),
    }
}

/// Only who asked urges.
pub(crate) fn urge(poll: &Poll, actor: &[PersonId]) -> Result<()> {
    open(poll)?;
    own(poll, actor)
}

/// How many said yes, no, something else, and nothing yet.
pub(crate) fn count(opinions: &[Opinion]) -> [i64; 4] {
    let of = |wanted: Option<OpinionAnswer>| {
        i64::try_from(opinions.iter().filter(|one| one.said() == wanted).count()).unwrap_or(i64::MAX)
    };
    [
        of(Some(OpinionAnswer::Agree)),
        of(Some(OpinionAnswer::Disagree)),
        of(Some(OpinionAnswer::Other)),
        of(None),
    ]
}

//! Taking documents back, and putting others in their place (Decree 30/2020, articles 18.3 and 18.4b, Annex
//! VI.I.8; QCVN 102 codes 13, 15 and 16).

use crate::model::recall::{AskState, Asks, Demand};
use crate::model::{IncomingStatus as S, Outgoing, OutgoingStatus, RecipientStatus as R};
use base::calendar::Calendar;
use base::{Instant, Refusal};

/// What is asked back from everybody is frozen: kept as it is, changed by nobody.
pub(crate) fn frozen(document: &Outgoing) -> Result<(), Refusal> {
    match document.frozen_at {
        Some(at) => Err(Refusal::new("documents.recall.refuse.frozen")
            .with("at", at.dmy_hhmm())
            .ground("Nghị định 30/2020/NĐ-CP, Phụ lục VI, mục I.8.a")),
        None => Ok(()),
    }
}

/// Only what was issued under its own number can be taken back, updated or replaced; another version of it goes
/// with it.
pub(crate) fn issued(document: &Outgoing) -> Result<(), Refusal> {
    if document.status != OutgoingStatus::Issued {
        return Err(
            Refusal::new("documents.recall.refuse.not_issued").ground("Nghị định 30/2020/NĐ-CP, Điều 18.4b")
        );
    }
    if document.updates.is_some() {
        return Err(Refusal::new("documents.recall.refuse.is_version").hint("documents.recall.hint.original"));
    }
    Ok(())
}

/// An issued document gets another version, or another document in its place, while it stands.
pub(crate) fn change(document: &Outgoing) -> Result<(), Refusal> {
    issued(document)?;
    frozen(document)?;
    if document.replaced_by.is_some() {
        return Err(
            Refusal::new("documents.recall.refuse.replaced").ground("Nghị định 30/2020/NĐ-CP, Điều 18.3")
        );
    }
    Ok(())
}

/// A document is asked back while it has not been settled: 01 to 05, or before it leaves.
pub(crate) fn may_be_asked(status: R) -> bool {
    matches!(status, R::Queued | R::Arrived | R::Registered | R::Assigned | R::InProgress)
}

/// True when nobody holds a document that is not asked back: then it is frozen. Each recipient with whether a
/// request is open.
pub(crate) fn freezes(all: &[(R, bool)]) -> bool {
    let gone = |status: R| matches!(status, R::Withdrawn | R::Recalled | R::Refused | R::Failed);
    let asked = all.iter().any(|(status, open)| *open || matches!(status, R::Withdrawn | R::Recalled));
    asked && all.iter().all(|(status, open)| *open || gone(*status))
}

/// True when nothing came of a recall: nobody is asked any more, and nobody gave the document back. Then it is as
/// it was before.
pub(crate) fn thaws(all: &[(R, bool)]) -> bool {
    all.iter().all(|(status, open)| !open && !matches!(status, R::Withdrawn | R::Recalled))
}

/// What a demand meets where it arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Met {
    /// The clerk decides.
    Clerk,
    /// It is so already.
    Granted,
    /// It comes too late; the text key of the reason.
    Refused(&'static str),
}

/// A recall is answered by the clerk until the work is done; one that crosses the word that it is done comes too
/// late. An update is answered while there is something to update.
pub(crate) fn met(asked: Asks, status: S) -> Met {
    match (asked, status) {
        (Asks::Recall | Asks::Removal, S::Recalled) => Met::Granted,
        (Asks::Recall | Asks::Removal, S::Done) => Met::Refused("documents.demand.too_late.done"),
        (Asks::Update, S::Recalled) => Met::Refused("documents.demand.too_late.recalled"),
        (Asks::Update, S::Returned) => Met::Refused("documents.demand.too_late.returned"),
        (Asks::Update, S::Replaced) => Met::Refused("documents.demand.too_late.replaced"),
        _ => Met::Clerk,
    }
}

/// A demand is answered once.
pub(crate) fn answer(demand: &Demand) -> Result<(), Refusal> {
    if demand.state == AskState::Open {
        return Ok(());
    }
    Err(Refusal::new("documents.demand.refuse.answered").hint("kernel.hint.reload"))
}

/// True for what another document can take the place of.
pub(crate) fn can_be_replaced(status: S) -> bool {
    !matches!(status, S::Returned | S::Replaced | S::Recalled)
}

/// Until when a demand is answered: the decree names no time, a working day is what this house allows itself.
pub(crate) fn answer_due(asked: Instant, urgency: i64) -> Instant {
    if urgency > 0 { asked.plus_minutes(15) } else { Calendar::vietnam().due_hours(asked, 1) }
}

#[cfg(test)]
mod tests;

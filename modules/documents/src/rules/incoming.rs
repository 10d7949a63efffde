//! What may be done to an incoming document, and by when (Decree 30/2020, chapter III section 2).

use crate::model::{Incoming, IncomingStatus as S, SignatureVerdict, Source};
use base::calendar::Calendar;
use base::{Date, Instant, Refusal};

/// Hours a registering clerk works until: what is due "the next working day" is due then.
const DAY_ENDS: (i8, i8) = (17, 30);

/// A document is registered once, when it has just come, and not when its signature is broken
/// (article 21.2: it is then sent back on the system).
pub(crate) fn register(document: &Incoming) -> Result<(), Refusal> {
    stands(document)?;
    if document.status != S::Arrived {
        return Err(Refusal::new("documents.incoming.refuse.not_arrived").hint("kernel.hint.reload"));
    }
    if document.symbol.is_empty() {
        return Err(Refusal::new("documents.letter.complete.refuse")
            .ground("Nghị định 30/2020/NĐ-CP, Phụ lục VI, mục II")
            .hint("documents.letter.complete.hint"));
    }
    if document.signature == SignatureVerdict::Invalid {
        return Err(Refusal::new("documents.incoming.refuse.broken_signature")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 21.2")
            .hint("documents.incoming.hint.return"));
    }
    Ok(())
}

/// Whether a device rings for a document: "thượng khẩn" and "hỏa tốc", the second and third degree of urgency.
pub(crate) const fn rings(urgency: i64) -> bool {
    urgency >= 2
}

/// What came by e-mail is completed once, before it is registered.
pub(crate) fn complete(document: &Incoming) -> Result<(), Refusal> {
    stands(document)?;
    match (document.status, document.source) {
        (S::Arrived, Source::Mail) if document.symbol.is_empty() => Ok(()),
        _ => Err(Refusal::new("documents.incoming.refuse.not_arrived").hint("kernel.hint.reload")),
    }
}

/// What was given back or replaced is not worked on, answered or passed on any more.
pub(crate) fn stands(document: &Incoming) -> Result<(), Refusal> {
    match document.status {
        S::Recalled => Err(Refusal::new("documents.incoming.refuse.recalled")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 18.4b; Phụ lục VI, mục I.8")),
        S::Replaced => Err(Refusal::new("documents.incoming.refuse.replaced")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 18.3")
            .hint("documents.incoming.hint.newer")),
        _ => Ok(()),
    }
}

/// A document is sent back before it is registered; afterwards it is answered (article 21.2).
pub(crate) fn return_to_sender(document: &Incoming) -> Result<(), Refusal> {
    stands(document)?;
    match document.status {
        S::Arrived => Ok(()),
        _ => Err(Refusal::new("documents.incoming.refuse.too_late_to_return")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 21.2")
            .hint("documents.incoming.hint.answer")),
    }
}

/// The leader directs what is registered, and may direct anew until somebody answers for it.
pub(crate) fn direct(document: &Incoming, due: Option<Instant>, now: Instant) -> Result<(), Refusal> {
    stands(document)?;
    if !matches!(document.status, S::Registered | S::Directed) {
        return Err(Refusal::new("documents.incoming.refuse.not_registered")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 22.1"));
    }
    due_ahead(due, now)
}

/// The head of the unit in the lead names the person who answers for it, and may name another later.
pub(crate) fn assign(document: &Incoming, due: Option<Instant>, now: Instant) -> Result<(), Refusal> {
    stands(document)?;
    if !matches!(document.status, S::Directed | S::Assigned | S::InProgress) {
        return Err(Refusal::new("documents.incoming.refuse.not_directed"));
    }
    due_ahead(due, now)
}

fn due_ahead(due: Option<Instant>, now: Instant) -> Result<(), Refusal> {
    match due {
        Some(due) if due <= now => Err(Refusal::new("documents.incoming.refuse.due_passed")),
        _ => Ok(()),
    }
}

/// Work begins on what somebody answers for.
pub(crate) fn may_begin(status: S) -> bool {
    matches!(status, S::Assigned)
}

/// A document is closed with a note once it is registered and not yet closed.
pub(crate) fn close(document: &Incoming) -> Result<(), Refusal> {
    stands(document)?;
    match document.status {
        S::Registered | S::Directed | S::Assigned | S::InProgress => Ok(()),
        S::Done => Err(Refusal::new("documents.incoming.refuse.already_done")),
        S::Arrived | S::Returned | S::Replaced | S::Recalled => {
            Err(Refusal::new("documents.incoming.refuse.not_registered")
                .ground("Nghị định 30/2020/NĐ-CP, Điều 22.1"))
        }
    }
}

/// An issued answer closes a document wherever it stands, but never one that was sent back.
pub(crate) fn may_be_answered(status: S) -> bool {
    !matches!(status, S::Done | S::Returned | S::Replaced | S::Recalled)
}

/// Until when a document that has just come must be registered: urgent ones at once (shown as a quarter
/// of an hour), others by the end of the next working day (article 4.2c and 21.2c).
pub(crate) fn register_due(arrived: Instant, urgency: i64) -> Instant {
    if urgency > 0 {
        return arrived.plus_minutes(15);
    }
    let (hour, minute) = DAY_ENDS;
    Calendar::vietnam().next_working_day(arrived.date()).at(hour, minute)
}

/// Until when a registered document must be put before the leader: the same clock (article 23.1).
pub(crate) fn direct_due(registered: Instant, urgency: i64) -> Instant {
    register_due(registered, urgency)
}

/// The end of the working day of a date a person chose.
pub(crate) fn end_of(day: Date) -> Instant {
    let (hour, minute) = DAY_ENDS;
    day.at(hour, minute)
}

/// A due date to offer: one working day before the sender's own, so that an answer can still be signed and
/// sent; five working days when the sender named none.
pub(crate) fn suggested_due(now: Instant, asked: Option<Date>) -> Date {
    let calendar = Calendar::vietnam();
    let today = now.date();
    let Some(asked) = asked else { return calendar.add_working_days(today, 5) };
    let mut day = asked.plus_days(-1);
    while day > today && !calendar.is_working_day(day) {
        day = day.plus_days(-1);
    }
    if day > today { day } else { calendar.next_working_day(today) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_urgent_document_is_due_at_once_and_others_by_the_next_working_day() {
        let friday = Instant::local(2017, 3, 10, 9, 0).unwrap();
        assert_eq!(register_due(friday, 2), friday.plus_minutes(15));
        assert_eq!(register_due(friday, 0), Instant::local(2017, 3, 13, 17, 30).unwrap());
    }

    #[test]
    fn the_offered_date_leaves_a_day_to_sign_and_send() {
        let now = Instant::local(2017, 3, 14, 9, 42).unwrap();
        // Saturday 25 March is asked: Friday 24 March is offered.
        assert_eq!(suggested_due(now, Date::new(2017, 3, 25)), Date::new(2017, 3, 24).unwrap());
        assert_eq!(suggested_due(now, None), Date::new(2017, 3, 21).unwrap());
        assert_eq!(suggested_due(now, Date::new(2017, 3, 14)), Date::new(2017, 3, 15).unwrap());
    }

    #[test]
    fn an_answer_closes_all_but_what_was_sent_back() {
        assert!(may_be_answered(S::Registered) && may_be_answered(S::InProgress));
        assert!(!may_be_answered(S::Done) && !may_be_answered(S::Returned));
    }
}

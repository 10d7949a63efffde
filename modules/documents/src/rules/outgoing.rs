//! Who may do what to an outgoing document, and when (Decree 30/2020, articles 10 to 18).

use crate::model::{Outgoing, OutgoingStatus as S};
use base::calendar::Calendar;
use base::{Date, FieldErrors, Instant, PersonId, Refusal};

/// Who acts: a person, and those they stand in for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hands<'a> {
    pub(crate) person: PersonId,
    pub(crate) stands_for: &'a [PersonId],
}

impl Hands<'_> {
    /// True when they act as this person.
    pub(crate) fn are(&self, person: PersonId) -> bool {
        self.person == person || self.stands_for.contains(&person)
    }
}

/// Refused at any other step than this one.
pub(crate) fn only_while(document: &Outgoing, status: S) -> Result<(), Refusal> {
    if document.status == status {
        return Ok(());
    }
    Err(Refusal::new("documents.outgoing.refuse.not_now").hint("kernel.hint.reload"))
}

/// The text changes only while it is being drafted: what others have approved stays as they read it.
pub(crate) fn edit(document: &Outgoing) -> Result<(), Refusal> {
    crate::rules::recall::frozen(document)?;
    if document.status == S::Drafting {
        return Ok(());
    }
    Err(Refusal::new("documents.outgoing.refuse.not_drafting")
        .ground("Nghị định 30/2020/NĐ-CP, Điều 11.2")
        .hint("documents.outgoing.hint.return_first"))
}

/// Two people never write over each other: whoever saw an older text than another has saved is told.
pub(crate) fn unseen(others: &[String]) -> Result<(), Refusal> {
    match others.last() {
        None => Ok(()),
        Some(name) => Err(Refusal::new("documents.outgoing.refuse.stale")
            .with("who", name)
            .hint("documents.outgoing.hint.stale")),
    }
}

/// What a draft still lacks before it can be submitted, at its fields.
pub(crate) fn lacks(document: &Outgoing, has_file: bool, today: Date) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if document.subject.is_empty() {
        errors.add("subject", "form.required");
    }
    if document.subject.to_lowercase().starts_with("v/v") {
        errors.add("subject", "documents.outgoing.error.about_twice");
    }
    if document.body.trim().is_empty() && !has_file {
        errors.add("body", "documents.outgoing.error.no_text");
    }
    if document.due.is_some_and(|due| due < today) {
        errors.add("due", "documents.outgoing.error.due_passed");
    }
    errors
}

/// Where a submitted draft goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Submitted {
    /// To the head of the drafting unit, who answers for the content (article 12.1).
    ToHead(PersonId),
    /// The drafter is that head: the content is answered for, the form is next.
    OwnUnit,
    /// The unit has no head: the leader answers for the content when approving.
    Headless,
}

/// A draft is submitted by whoever drafts it.
pub(crate) fn submit(document: &Outgoing, heads: &[PersonId]) -> Result<Submitted, Refusal> {
    only_while(document, S::Drafting)?;
    if heads.contains(&document.drafter) {
        return Ok(Submitted::OwnUnit);
    }
    Ok(heads.first().map_or(Submitted::Headless, |head| Submitted::ToHead(*head)))
}

/// The head of the drafting unit answers for the content, and not for a draft of their own hand.
pub(crate) fn approve_content(
    document: &Outgoing,
    heads: &[PersonId],
    hands: Hands<'_>,
) -> Result<(), Refusal> {
    only_while(document, S::ContentReview)?;
    if hands.person == document.drafter {
        return Err(
            Refusal::new("documents.outgoing.refuse.own_draft").ground("Nghị định 30/2020/NĐ-CP, Điều 12.1")
        );
    }
    head_of_unit(heads, hands)
}

fn head_of_unit(heads: &[PersonId], hands: Hands<'_>) -> Result<(), Refusal> {
    if heads.iter().any(|head| hands.are(*head)) {
        return Ok(());
    }
    Err(Refusal::new("documents.outgoing.refuse.not_head").ground("Nghị định 30/2020/NĐ-CP, Điều 12.1"))
}

/// Another named person than the one for the content answers for form and layout (article 12.2).
pub(crate) fn approve_format(document: &Outgoing, person: PersonId) -> Result<(), Refusal> {
    only_while(document, S::FormatReview)?;
    if document.content_person == Some(person) {
        return Err(Refusal::new("documents.outgoing.refuse.same_person")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 12.2")
            .hint("documents.outgoing.hint.other_clerk"));
    }
    Ok(())
}

/// The competent person approves (article 11.1): the one the draft names, or who stands in for them. Where no
/// head has answered for the content, the leader does, and then is not the one who checked the form.
pub(crate) fn approve(document: &Outgoing, hands: Hands<'_>) -> Result<(), Refusal> {
    only_while(document, S::LeaderReview)?;
    if document.signer.is_some_and(|signer| !hands.are(signer)) {
        return Err(Refusal::new("documents.outgoing.refuse.other_signer").with("who", &document.signer_name));
    }
    if document.content_person.is_none() && document.format_person == Some(hands.person) {
        return Err(
            Refusal::new("documents.outgoing.refuse.same_person").ground("Nghị định 30/2020/NĐ-CP, Điều 12")
        );
    }
    Ok(())
}

/// A draft is returned at the step it waits at, by whoever decides there. What the leader has approved goes
/// back to the leader, not to the drafter (article 11.2).
pub(crate) fn send_back(document: &Outgoing, at: S) -> Result<S, Refusal> {
    only_while(document, at)?;
    Ok(if at == S::ToIssue { S::LeaderReview } else { S::Drafting })
}

/// Only the head of the unit returns at the first step.
pub(crate) fn send_back_content(
    document: &Outgoing,
    heads: &[PersonId],
    hands: Hands<'_>,
) -> Result<S, Refusal> {
    head_of_unit(heads, hands)?;
    send_back(document, S::ContentReview)
}

/// A document is issued once, after the competent person has approved it (article 15), and to somebody.
pub(crate) fn issue(document: &Outgoing, recipients: usize) -> Result<(), Refusal> {
    only_while(document, S::ToIssue)?;
    if document.signed_at.is_none() {
        return Err(Refusal::new("documents.outgoing.refuse.not_approved")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 15.2"));
    }
    if recipients == 0 && document.to_places.trim().is_empty() {
        return Err(Refusal::new("documents.outgoing.refuse.no_recipients")
            .hint("documents.outgoing.hint.recipients"));
    }
    Ok(())
}

/// A packet is made of what was issued, and names to whom.
pub(crate) fn export(document: &Outgoing, recipients: usize) -> Result<(), Refusal> {
    only_while(document, S::Issued)?;
    if recipients == 0 {
        return Err(Refusal::new("documents.outgoing.refuse.no_packet_without_recipient"));
    }
    Ok(())
}

/// A draft is given up by its drafter, or by a head or clerk of the agency in their stead, until it is issued.
pub(crate) fn void(document: &Outgoing) -> Result<(), Refusal> {
    match document.status {
        // Its number was drawn when it was signed, and a number is never lost.
        S::Drafting | S::ContentReview | S::Consulting | S::FormatReview | S::LeaderReview
            if document.number.is_some() =>
        {
            Err(Refusal::new("documents.outgoing.refuse.void_numbered")
                .with("symbol", &document.symbol)
                .ground("Nghị định 30/2020/NĐ-CP, Điều 15.1"))
        }
        S::Drafting | S::ContentReview | S::Consulting | S::FormatReview | S::LeaderReview => Ok(()),
        S::ToIssue => Err(Refusal::new("documents.outgoing.refuse.void_approved")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 11.2")
            .hint("documents.outgoing.hint.return_first")),
        S::Issued => Err(Refusal::new("documents.outgoing.refuse.void_issued")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 18.3")),
        S::Voided => Err(Refusal::new("documents.outgoing.refuse.not_now").hint("kernel.hint.reload")),
    }
}

/// Until when a reviewer looks at a draft: urgent ones at once (shown as a quarter of an hour), others within a
/// working day of eight hours, the time this house allows itself.
pub(crate) fn review_due(now: Instant, urgency: i64) -> Instant {
    if urgency > 0 { now.plus_minutes(15) } else { Calendar::vietnam().due_hours(now, 1) }
}

/// Until when an approved document leaves: urgent ones at once, others by noon of the next working day, which
/// keeps both the day named in article 18.1 and the morning of Decision 28/2018/QĐ-TTg.
pub(crate) fn issue_due(now: Instant, urgency: i64) -> Instant {
    if urgency > 0 {
        now.plus_minutes(15)
    } else {
        Calendar::vietnam().next_working_day(now.date()).at(12, 0)
    }
}

#[cfg(test)]
pub(crate) mod tests;

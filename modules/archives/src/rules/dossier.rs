//! Dossiers: the whole life is one `match`, and what each step asks for (Decree 30/2020, article 29).

use crate::model::{Access, Dossier, DossierState as S, Entry};
use crate::rules::Ruled;
use crate::rules::handover;
use base::{Date, Error, PersonId, Refusal, Result};
use contracts::DocumentFacts;

const GROUND: &str = "Nghị định 30/2020/NĐ-CP, Điều 29";

/// What can happen to a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A document is put in or taken out, or what is known of the dossier changes.
    Change,
    /// The work has ended.
    Close,
    /// It had not ended after all.
    Reopen,
    /// It is offered to the archive.
    Offer,
    /// The archive receives it.
    Receive,
    /// The archive gives it back.
    GiveBack,
    /// It is destroyed.
    Destroy,
}

/// Where a step leads.
///
/// # Errors
/// Refuses a step that does not go on from where the dossier stands.
pub(crate) fn step(now: S, step: Step) -> Ruled<S> {
    match (now, step) {
        (S::Open, Step::Change) | (S::Closed, Step::Reopen) => Ok(S::Open),
        (S::Open, Step::Close) | (S::Offered, Step::GiveBack) => Ok(S::Closed),
        (S::Closed, Step::Offer) => Ok(S::Offered),
        (S::Offered, Step::Receive) => Ok(S::Archived),
        (S::Closed | S::Archived, Step::Destroy) => Ok(S::Destroyed),
        (S::Open, _) => Err(Refusal::new("archives.refuse.open")),
        (S::Destroyed, _) => Err(Refusal::new("archives.refuse.destroyed")),
        (S::Closed, Step::Change) => {
            Err(Refusal::new("archives.refuse.closed").ground(GROUND).hint("archives.hint.reopen"))
        }
        _ => Err(Refusal::new("archives.refuse.step").hint("archives.hint.reload")),
    }
}

/// Whoever keeps a dossier answers for what is in it (article 31.3b); others do not put in or take out.
///
/// # Errors
/// Refuses everybody but the keeper and who stands in for them.
pub(crate) fn keeps(dossier: &Dossier, people: &[PersonId]) -> Ruled {
    if people.contains(&dossier.keeper) {
        return Ok(());
    }
    Err(Refusal::new("archives.refuse.not_keeper")
        .ground("Nghị định 30/2020/NĐ-CP, Điều 31.3.b")
        .with("keeper", &dossier.keeper_name))
}

/// True when somebody may know of a dossier at all.
pub(crate) fn sees(dossier: &Dossier, people: &[PersonId], reads_archive: bool) -> bool {
    match dossier.access {
        Access::Agency => true,
        Access::Limited => reads_archive || people.contains(&dossier.keeper),
    }
}

/// A document can be filed when it is one: no draft (article 29.4b), and with a date.
///
/// # Errors
/// Refuses drafts and what was sent back.
pub(crate) fn file(facts: &DocumentFacts) -> Ruled<Date> {
    match facts.dated {
        Some(dated) if !facts.is_draft => Ok(dated),
        _ => Err(Refusal::new("archives.refuse.draft").ground("Nghị định 30/2020/NĐ-CP, Điều 29.4.b")),
    }
}

/// What closing asks to be looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Review {
    /// Symbols of documents somebody still works on.
    pub(crate) under_way: Vec<String>,
    /// Subjects of documents without a file.
    pub(crate) without_file: Vec<String>,
}

/// A dossier is closed when its work has ended: nothing under way, and gaps only with open eyes (article 29.4).
///
/// # Errors
/// Refuses an empty dossier, one with work under way, and gaps nobody has confirmed; `Invalid` for a day before the
/// first or after today.
pub(crate) fn close(
    dossier: &Dossier,
    entries: &[Entry],
    review: &Review,
    (ended_on, today, gaps_confirmed): (Date, Date, bool),
) -> Result<()> {
    step(dossier.state, Step::Close)?;
    if entries.is_empty() {
        return Err(Refusal::new("archives.close.refuse.empty").ground(GROUND).into());
    }
    if !review.under_way.is_empty() {
        let symbols = review.under_way.join("; ");
        return Err(Refusal::new("archives.close.refuse.under_way")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 29.4.a")
            .with("symbols", symbols)
            .into());
    }
    if !review.without_file.is_empty() && !gaps_confirmed {
        return Err(Refusal::new("archives.close.refuse.gaps")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 29.3")
            .with("n", review.without_file.len())
            .hint("archives.hint.confirm_gaps")
            .into());
    }
    if ended_on < dossier.started_on || ended_on > today {
        return Err(Error::field("ended_on", "archives.error.ended_on"));
    }
    Ok(())
}

/// When a closed dossier is to be handed over; none when it is not.
pub(crate) fn due(dossier: &Dossier, ended_on: Date) -> Option<Date> {
    let figures = handover::on(ended_on);
    figures.is_handed_over(dossier.years).then(|| figures.due(ended_on, dossier.construction))
}

/// The first and the last date of what is in it.
pub(crate) fn span(entries: &[Entry]) -> Option<(Date, Date)> {
    let dates = || entries.iter().map(|entry| entry.dated);
    Some((dates().min()?, dates().max()?))
}

#[cfg(test)]
mod tests;

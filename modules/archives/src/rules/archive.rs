//! Hand-over, keeping back and destruction (Decree 30/2020, articles 30 and 31).

use crate::model::{Destruction, DestructionState, Dossier, DossierState, Handover, HandoverState};
use crate::rules::Ruled;
use crate::rules::dossier::{Step, step};
use crate::rules::handover;
use base::{Date, Error, Refusal, Result};

/// A closed dossier goes to the archive when it is kept long enough (article 31.3c).
///
/// # Errors
/// Refuses one that is not closed or kept too short a time.
pub(crate) fn offer(dossier: &Dossier) -> Ruled {
    step(dossier.state, Step::Offer)?;
    if dossier.due_on.is_none() {
        return Err(Refusal::new("archives.offer.refuse.short")
            .ground("Nghị định 30/2020/NĐ-CP, Điều 31.3.c")
            .with("notation", &dossier.notation));
    }
    Ok(())
}

/// Only a hand-over that waits is received or given back.
///
/// # Errors
/// Refuses one that was decided.
pub(crate) fn decide_handover(handover: &Handover, dossiers: &[DossierState], how: Step) -> Ruled {
    match handover.state {
        HandoverState::Offered => dossiers.iter().try_for_each(|now| step(*now, how).map(drop)),
        HandoverState::Received | HandoverState::Returned => {
            Err(Refusal::new("archives.refuse.step").hint("archives.hint.reload"))
        }
    }
}

/// A keeper may ask to keep back what is due, for at most two years from then (article 31.3d).
///
/// # Errors
/// Refuses what is not to be handed over; `Invalid` for a day too early or too late.
pub(crate) fn ask_to_keep(dossier: &Dossier, until: Date) -> Result<()> {
    step(dossier.state, Step::Offer)?;
    let Some(due_on) = dossier.due_on else {
        let source = handover::on(dossier.started_on).source();
        return Err(Refusal::new("archives.keep.refuse.not_due").ground(source).into());
    };
    let last = handover::on(due_on).keep_back_end(due_on);
    if until <= due_on || until > last {
        return Err(Error::field("keep_until", "archives.error.keep_until"));
    }
    Ok(())
}

/// The head answers what was asked.
///
/// # Errors
/// Refuses when nothing was.
pub(crate) fn answer_keep(dossier: &Dossier) -> Ruled<Date> {
    match (dossier.state, dossier.keep_asked) {
        (DossierState::Closed, Some(until)) => Ok(until),
        _ => Err(Refusal::new("archives.keep.refuse.not_asked").hint("archives.hint.reload")),
    }
}

/// What may be proposed for destruction: its time is over, and no destruction has it yet.
///
/// # Errors
/// Refuses what is kept for ever or longer.
pub(crate) fn propose(dossier: &Dossier, today: Date) -> Ruled {
    step(dossier.state, Step::Destroy)?;
    let is_over = dossier.expires_on.is_some_and(|last| last < today);
    match (is_over, dossier.destruction) {
        (true, None) => Ok(()),
        (false, _) => Err(Refusal::new("archives.destroy.refuse.kept").with("notation", &dossier.notation)),
        (true, Some(_)) => {
            Err(Refusal::new("archives.destroy.refuse.proposed").with("notation", &dossier.notation))
        }
    }
}

/// Only a proposal is decided.
///
/// # Errors
/// Refuses what was decided.
pub(crate) fn decide_destruction(destruction: &Destruction) -> Ruled {
    match destruction.state {
        DestructionState::Proposed => Ok(()),
        DestructionState::Done | DestructionState::Refused => {
            Err(Refusal::new("archives.refuse.step").hint("archives.hint.reload"))
        }
    }
}

//! Handing over to the archive, keeping back, destroying.

use crate::actions::dossiers::{KIND, own, path};
use crate::model::{
    Destruction, DestructionState, Dossier, DossierState, EntryKind, Handover, HandoverState,
};
use crate::rights::{ArchiveDecide, ArchiveKeep, DossierKeep};
use crate::rules::archive as rules;
use crate::rules::dossier::Step;
use crate::store::archive::{self as store, Decision};
use crate::store::{dossiers, entries};
use base::{Date, Error, Id, Result};
use kernel::{Opened, Permission, Writer};
use platform::notify::{Say, note};
use platform::tasks::{NewTask, Owner};
use platform::{files, notify, numbering, tasks};

/// The page of a hand-over.
pub(crate) fn handover_path(id: Id<Handover>) -> String {
    format!("/archives/handovers/{id}")
}

/// The page of a destruction.
pub(crate) fn destruction_path(id: Id<Destruction>) -> String {
    format!("/archives/destructions/{id}")
}

/// Offers closed dossiers to the archive, with minutes (article 30.3).
pub(crate) fn offer(
    cx: &mut Writer<'_, DossierKeep>,
    chosen: &[Id<Dossier>],
    (block, condition): (&str, &str),
) -> Result<Id<Handover>> {
    if chosen.is_empty() {
        return Err(Error::field("dossiers", "archives.error.choose_dossiers"));
    }
    let agency = cx.agency()?;
    let number = numbering::next(cx, agency, "handover")?;
    let handover = store::add_handover(cx, number, (block, condition))?;
    for id in chosen {
        let dossier = own(cx, *id)?;
        rules::offer(&dossier)?;
        store::offer(cx, &dossier, handover)?;
        tasks::close_all(cx, dossier.id, "offered")?;
        cx.record("archives.act.offered", (KIND, dossier.id), dossier.agency);
    }
    let title = cx.t().fill("archives.handover.name", &[("number", &numbering::written(number))]);
    give(
        cx,
        agency,
        (("handover", handover.uuid()), "archives.task.receive"),
        (&title, block, handover_path(handover)),
    )?;
    let values = [("n", chosen.len().to_string())];
    cx.record_noted("archives.act.handover_offered", ("handover", handover), agency, note(&values));
    Ok(handover)
}

/// A task for the archive or, when it is one to decide, for the head of the agency.
fn give<P: Permission>(
    cx: &mut Writer<'_, P>,
    agency: base::AgencyId,
    (subject, kind): ((&'static str, uuid::Uuid), &'static str),
    (title, detail, path): (&str, &str, String),
) -> Result<()> {
    let decides = kind != "archives.task.receive";
    let pool = if decides { ArchiveDecide::ID } else { ArchiveKeep::ID };
    let task = NewTask {
        kind,
        subject,
        title,
        detail,
        path,
        act_path: None,
        owner: Owner::Pool(pool),
        lead: true,
        urgency: 0,
        due: Some(cx.now().plus_days(7)),
    };
    tasks::give(cx, agency, &task).map(drop)
}

/// Receives a hand-over into the archive, or gives it back for a reason.
pub(crate) fn decide_handover(
    cx: &mut Writer<'_, ArchiveKeep>,
    handover: &Opened<Handover>,
    refused: Option<&str>,
) -> Result<u64> {
    let all = dossiers::together(cx, handover.id)?;
    let states: Vec<DossierState> = all.iter().map(|one| one.state).collect();
    let step = if refused.is_some() { Step::GiveBack } else { Step::Receive };
    rules::decide_handover(handover, &states, step)?;
    let state = if refused.is_some() { HandoverState::Returned } else { HandoverState::Received };
    let n = store::decide_handover(cx, handover, (state, refused.unwrap_or("")))?;
    tasks::close_all(cx, handover.id, state.word())?;
    let (act, of_each, told) = match refused {
        None => ("archives.act.handover_received", "archives.act.received", "archives.notice.received"),
        Some(_) => {
            ("archives.act.handover_returned", "archives.act.given_back", "archives.notice.given_back")
        }
    };
    for dossier in &all {
        cx.record(of_each, (KIND, dossier.id), handover.agency);
    }
    let values = [("n", n.to_string()), ("remark", refused.unwrap_or("").to_owned())];
    cx.record_noted(act, ("handover", handover.id), handover.agency, note(&values));
    let values = [("number", numbering::written(handover.number)), ("n", n.to_string())];
    let path = handover_path(handover.id);
    notify::tell(cx, handover.agency, handover.giver, &Say { key: told, values: &values, path: &path })?;
    Ok(n)
}

/// A keeper asks to keep back what is due.
pub(crate) fn ask_to_keep(
    cx: &mut Writer<'_, DossierKeep>,
    dossier: &Opened<Dossier>,
    (until, reason): (Date, &str),
) -> Result<()> {
    rules::ask_to_keep(dossier, until)?;
    store::ask_keep(cx, dossier, (until, reason))?;
    let subject = (KIND, dossier.id.uuid());
    tasks::close(cx, dossier.id, "archives.task.keep_back", "asked again")?;
    give(
        cx,
        dossier.agency,
        (subject, "archives.task.keep_back"),
        (&dossier.title, reason, path(dossier.id)),
    )?;
    let values = [("date", until.dmy()), ("remark", reason.to_owned())];
    cx.record_noted("archives.act.keep_asked", (KIND, dossier.id), dossier.agency, note(&values));
    Ok(())
}

/// The head consents in writing, or does not (article 31.3d).
pub(crate) fn answer_keep(
    cx: &mut Writer<'_, ArchiveDecide>,
    dossier: &Opened<Dossier>,
    consent: Option<&str>,
) -> Result<()> {
    let until = rules::answer_keep(dossier)?;
    store::answer_keep(cx, dossier, consent.map(|words| (until, words)))?;
    tasks::close(cx, dossier.id, "archives.task.keep_back", "answered")?;
    let values = [("date", until.dmy()), ("remark", consent.unwrap_or("").to_owned())];
    let (act, key) = match consent {
        Some(_) => ("archives.act.keep_granted", "archives.notice.keep_granted"),
        None => ("archives.act.keep_refused", "archives.notice.keep_refused"),
    };
    cx.record_noted(act, (KIND, dossier.id), dossier.agency, note(&values));
    let told = [("notation", dossier.notation.clone()), ("date", until.dmy())];
    let path = path(dossier.id);
    notify::tell(cx, dossier.agency, dossier.keeper, &Say { key, values: &told, path: &path })
}

/// The archive proposes dossiers whose time is over.
pub(crate) fn propose(cx: &mut Writer<'_, ArchiveKeep>, chosen: &[Id<Dossier>]) -> Result<Id<Destruction>> {
    if chosen.is_empty() {
        return Err(Error::field("dossiers", "archives.error.choose_dossiers"));
    }
    let (agency, today) = (cx.agency()?, cx.now().date());
    let number = numbering::next(cx, agency, "destruction")?;
    let id = store::add_destruction(cx, number)?;
    for chosen in chosen {
        let dossier = cx.open::<Dossier>(*chosen)?;
        rules::propose(&dossier, today)?;
        store::propose(cx, &dossier, id)?;
        cx.record("archives.act.destruction_proposed", (KIND, dossier.id), dossier.agency);
    }
    let title = cx.t().fill("archives.destruction.name", &[("number", &numbering::written(number))]);
    give(
        cx,
        agency,
        (("destruction", id.uuid()), "archives.task.destroy"),
        (&title, "", destruction_path(id)),
    )?;
    let values = [("n", chosen.len().to_string())];
    cx.record_noted("archives.act.destruction_begun", ("destruction", id), agency, note(&values));
    Ok(id)
}

/// The head decides. What is destroyed loses its files, unless something else holds the same bytes; rows, hashes and
/// the decision stay.
pub(crate) fn destroy(
    cx: &mut Writer<'_, ArchiveDecide>,
    destruction: &Opened<Destruction>,
    (decision, decided_on): (&str, Date),
) -> Result<usize> {
    rules::decide_destruction(destruction)?;
    let all = dossiers::together(cx, destruction.id)?;
    let mut gone = 0;
    for dossier in &all {
        for entry in entries::of(cx, dossier.id)?.iter().filter(|entry| entry.kind == EntryKind::Upload) {
            gone += files::destroy(cx, entry.id)?;
        }
        let values = [("decision", decision.to_owned()), ("date", decided_on.dmy())];
        cx.record_noted("archives.act.destroyed", (KIND, dossier.id), destruction.agency, note(&values));
    }
    let files = i64::try_from(gone).unwrap_or(i64::MAX);
    let decided = Decision {
        state: DestructionState::Done,
        symbol: decision,
        decided_on: Some(decided_on),
        reason: "",
        files,
    };
    store::decide(cx, destruction, &decided)?;
    tasks::close_all(cx, destruction.id, "done")?;
    let values = [("n", all.len().to_string()), ("decision", decision.to_owned())];
    let subject = ("destruction", destruction.id);
    cx.record_noted("archives.act.destruction_done", subject, destruction.agency, note(&values));
    Ok(all.len())
}

/// The head says no: the dossiers are kept.
pub(crate) fn spare(
    cx: &mut Writer<'_, ArchiveDecide>,
    destruction: &Opened<Destruction>,
    reason: &str,
) -> Result<()> {
    rules::decide_destruction(destruction)?;
    let decided =
        Decision { state: DestructionState::Refused, symbol: "", decided_on: None, reason, files: 0 };
    store::decide(cx, destruction, &decided)?;
    tasks::close_all(cx, destruction.id, "refused")?;
    let values = [("remark", reason.to_owned())];
    let subject = ("destruction", destruction.id);
    cx.record_noted("archives.act.destruction_refused", subject, destruction.agency, note(&values));
    Ok(())
}

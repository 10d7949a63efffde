//! The three approvals a draft passes, and the ways back.

use crate::actions::follow::outgoing_moved;
use crate::actions::outgoing::{KIND, give, give_due, heads, ids, name_of, path, plan_of, tell, with_hands};
use crate::actions::steps;
use crate::model::{Outgoing, OutgoingStatus};
use crate::rights::{
    OutgoingApprove, OutgoingApproveContent, OutgoingApproveFormat, OutgoingIssue, OutgoingReview,
};
use crate::rules;
use crate::rules::signing::{self, Authority, Competence};
use crate::store::authority as authorities;
use crate::store::outgoing as store;
use base::{Error, Result};
use kernel::{Opened, Permission, Raw, Writer};
use platform::notify::{self, Say, note};
use platform::organisations;
use platform::people;
use platform::signers;
use platform::tasks::{self, Owner};

/// The head of the drafting unit answers for the content; what the agency's steps say is next.
pub(crate) fn approve_content(
    cx: &mut Writer<'_, OutgoingApproveContent>,
    draft: &Opened<Outgoing>,
    remark: &str,
) -> Result<()> {
    let heads = ids(&heads(cx, draft)?);
    with_hands(cx, |hands| Ok(rules::outgoing::approve_content(draft, &heads, hands)?))?;
    let (person, name) = (cx.person()?, cx.actor().name.clone());
    let next = steps::next(cx, draft)?;
    store::approve_content(cx, draft, (person, &name), next.status)?;
    tasks::close(cx, draft.id, "documents.task.content", "approved")?;
    record(cx, draft, ("documents.act.outgoing.content", remark));
    steps::hand_on(cx, draft, &next)
}

/// The clerk answers for form and layout; what the agency's steps say is next, in the end the leader.
pub(crate) fn approve_format(
    cx: &mut Writer<'_, OutgoingApproveFormat>,
    draft: &Opened<Outgoing>,
    remark: &str,
) -> Result<()> {
    let (person, name) = (cx.person()?, cx.actor().name.clone());
    rules::outgoing::approve_format(draft, person)?;
    let next = steps::next(cx, draft)?;
    store::approve_format(cx, draft, (person, &name), next.status)?;
    tasks::close(cx, draft.id, "documents.task.format", "approved")?;
    record(cx, draft, ("documents.act.outgoing.format", remark));
    steps::hand_on(cx, draft, &next)
}

/// Hands a draft to the leader it names, or to whichever leader comes first.
pub(crate) fn give_leader<P: Permission>(cx: &mut Writer<'_, P>, draft: &Opened<Outgoing>) -> Result<()> {
    let owner = draft.signer.map_or(Owner::Pool(OutgoingApprove::ID), |signer| Owner::Person(signer, None));
    give(cx, draft, "documents.task.approve", (owner, Some("approve")))?;
    match draft.signer {
        Some(signer) => tell(cx, draft, signer, "documents.notice.outgoing.to_approve"),
        None => Ok(()),
    }
}

/// True for agencies that decide as a collective (Decree 30/2020, article 13.2).
pub(crate) fn is_collective(cx: &Raw<'_>, draft: &Outgoing) -> Result<bool> {
    Ok(organisations::agency(cx, draft.agency)?.kind == "committee")
}

/// The competent person approves; number and issue are next.
pub(crate) fn approve(
    cx: &mut Writer<'_, OutgoingApprove>,
    draft: &Opened<Outgoing>,
    (competence, authority, remark): (Option<Competence>, Option<Authority>, &str),
) -> Result<()> {
    let (signer, authority) = decide(cx, draft, (competence, authority))?;
    let person = cx.person()?;
    store::approve(cx, draft, person, &signer)?;
    authorities::keep(cx, draft, authority.as_ref())?;
    tasks::close(cx, draft.id, "documents.task.approve", "approved")?;
    record(cx, draft, ("documents.act.outgoing.approved", remark));
    tell(cx, draft, draft.drafter, "documents.notice.outgoing.approved")?;
    outgoing_moved(cx, draft, OutgoingStatus::ToIssue)?;
    let seals = signers::of_agency(cx, draft.agency)?.is_some();
    let act = (!plan_of(draft).is_empty() && !seals).then_some("issue");
    let due = rules::outgoing::issue_due(cx.now(), draft.urgency);
    give_due(cx, draft, "documents.task.issue", (Owner::Pool(OutgoingIssue::ID), act, due))
}

/// Whether the actor may approve a draft, and as whom they sign it: refused before anything is signed.
pub(crate) fn decide(
    cx: &Raw<'_>,
    draft: &Outgoing,
    (competence, authority): (Option<Competence>, Option<Authority>),
) -> Result<(contracts::Signer, Option<Authority>)> {
    with_hands(cx, |hands| Ok(rules::outgoing::approve(draft, hands)?))?;
    let holder = people::holder(cx, cx.person()?)?;
    let collective = is_collective(cx, draft)?;
    let competence = competence.unwrap_or_else(|| signing::suggested(&holder.title, collective));
    signing::check(competence, &holder.title, collective)?;
    let listed = authorities::by_order(cx, draft.agency)?;
    signing::by_order(competence, (&draft.type_code, &draft.type_name), &listed)?;
    let authority = signing::authorised(competence, authority, cx.now().date())?;
    let signer = contracts::Signer {
        competence: competence.written().to_owned(),
        position: holder.title,
        name: holder.name,
    };
    Ok((signer, authority))
}

/// The head returns a draft to its drafter.
pub(crate) fn return_content(
    cx: &mut Writer<'_, OutgoingApproveContent>,
    draft: &Opened<Outgoing>,
    reason: &str,
) -> Result<()> {
    let heads = ids(&heads(cx, draft)?);
    let to = with_hands(cx, |hands| Ok(rules::outgoing::send_back_content(draft, &heads, hands)?))?;
    send_back(cx, draft, (to, reason))
}

/// Whoever is asked at a step of the agency returns a draft to its drafter.
pub(crate) fn return_consult(
    cx: &mut Writer<'_, OutgoingReview>,
    draft: &Opened<Outgoing>,
    reason: &str,
) -> Result<()> {
    steps::check(cx, draft)?;
    return_at(cx, draft, (OutgoingStatus::Consulting, reason))
}

/// The clerk or the leader returns a draft to its drafter; the clerk returns an approved one to the leader.
pub(crate) fn return_at<P: Permission>(
    cx: &mut Writer<'_, P>,
    draft: &Opened<Outgoing>,
    (at, reason): (OutgoingStatus, &str),
) -> Result<()> {
    let to = rules::outgoing::send_back(draft, at)?;
    send_back(cx, draft, (to, reason))
}

fn send_back<P: Permission>(
    cx: &mut Writer<'_, P>,
    draft: &Opened<Outgoing>,
    (to, reason): (OutgoingStatus, &str),
) -> Result<()> {
    if reason.is_empty() {
        return Err(Error::field("reason", "form.required"));
    }
    store::send_back(cx, draft, to)?;
    crate::actions::signing::void(cx, draft)?;
    tasks::close_all(cx, draft.id, "returned")?;
    record(cx, draft, ("documents.act.outgoing.returned", reason));
    outgoing_moved(cx, draft, to)?;
    if to == OutgoingStatus::LeaderReview {
        return give_leader(cx, draft);
    }
    let owner = Owner::Person(draft.drafter, draft.unit);
    give(cx, draft, "documents.task.returned_draft", (owner, None))?;
    let values = [
        ("symbol", name_of(draft)),
        ("subject", draft.subject.clone()),
        ("who", cx.actor().name.clone()),
        ("reason", reason.to_owned()),
    ];
    let page = path(draft.id);
    notify::tell(
        cx,
        draft.agency,
        draft.drafter,
        &Say { key: "documents.notice.outgoing.returned", values: &values, path: &page },
    )
}

fn record<P: Permission>(
    cx: &mut Writer<'_, P>,
    draft: &Opened<Outgoing>,
    (act, remark): (&'static str, &str),
) {
    let values = [("symbol", name_of(draft)), ("remark", remark.to_owned())];
    cx.record_noted(act, (KIND, draft.id), draft.agency, note(&values));
}

//! Handing a draft from step to step, and choosing the steps of an agency.

use crate::actions::approvals::give_leader;
use crate::actions::follow::outgoing_moved;
use crate::actions::outgoing::{KIND, give, give_format, heads_of, ids, leaders, name_of, tell, with_hands};
use crate::model::{Outgoing, OutgoingStatus};
use crate::rights::{OutgoingDraft, OutgoingReview, StepsEdit};
use crate::rules::steps::{self as rules, Asked, Chain, Chosen, Step};
use crate::store::steps as store;
use base::{AgencyId, PersonId, Result};
use kernel::{Opened, Permission, Raw, Writer};
use platform::notify::note;
use platform::people::{self, Holder};
use platform::tasks::{self, Owner};
use platform::{identity, organisations};

/// The task of whoever is asked at a step the agency has added.
const TASK: &str = "documents.task.consult";

/// The steps of a draft: those written down when it was submitted, else those in force when it was begun.
pub(crate) fn chain_of(cx: &Raw<'_>, draft: &Outgoing) -> Result<Chain> {
    if draft.status != OutgoingStatus::Drafting
        && let Some(stands) = store::stands(cx, draft.id)?
    {
        return Ok(stands.chain);
    }
    in_force(cx, draft)
}

fn in_force(cx: &Raw<'_>, draft: &Outgoing) -> Result<Chain> {
    let chosen = store::chosen(cx, draft.agency)?;
    Ok(rules::in_force(&chosen, (&draft.type_code, draft.unit), draft.created_at))
}

/// Where a draft goes next.
#[derive(Debug)]
pub(crate) struct Next {
    /// Where it stands there.
    pub(crate) status: OutgoingStatus,
    place: usize,
    step: Step,
    asked: Vec<Holder>,
    skipped: Vec<(usize, Asked)>,
}

/// Writes down the steps of a draft that is submitted, and names their leader where it names none. `own` is true when
/// nobody else has to answer for the content first.
pub(crate) fn begin(cx: &mut Writer<'_, OutgoingDraft>, draft: &Opened<Outgoing>, own: bool) -> Result<Next> {
    let chain = in_force(cx, draft)?;
    let leaders = leaders(cx, draft.agency)?;
    if let Some(leader) = leaders.iter().find(|one| Some(one.person) == chain.leader()) {
        store::name_leader(cx, draft, (leader.person, &leader.name))?;
    }
    let next = if own { after(cx, draft, (&chain, 0))? } else { content() };
    store::begin(cx, draft, (&chain, next.place))?;
    Ok(next)
}

/// Content comes first; who answers for it is known to whoever submits.
fn content() -> Next {
    let step = Step::Content;
    Next { status: step.status(), place: 0, step, asked: Vec::new(), skipped: Vec::new() }
}

/// What follows the step a draft waits at. A step nobody is left to give, because its people have gone or the only
/// one of them is the drafter, is passed over.
pub(crate) fn next(cx: &Raw<'_>, draft: &Opened<Outgoing>) -> Result<Next> {
    let (chain, place) = place_of(cx, draft)?;
    after(cx, draft, (&chain, place))
}

/// The chain of a submitted draft and the step it waits at.
fn place_of(cx: &Raw<'_>, draft: &Opened<Outgoing>) -> Result<(Chain, usize)> {
    let (chain, kept) = match store::stands(cx, draft.id)? {
        Some(stands) => (stands.chain, stands.place),
        None => (Chain::least(), 0),
    };
    let place = match draft.status {
        OutgoingStatus::FormatReview => chain.form(),
        OutgoingStatus::Consulting => kept,
        _ => 0,
    };
    Ok((chain, place))
}

fn after(cx: &Raw<'_>, draft: &Opened<Outgoing>, (chain, place): (&Chain, usize)) -> Result<Next> {
    let mut all: Vec<(usize, Vec<Holder>)> = Vec::new();
    for (at, step) in chain.steps().iter().enumerate().skip(place + 1) {
        if let Some(asked) = step.asked() {
            all.push((at, people_of(cx, draft, asked)?));
        }
    }
    let ids: Vec<(usize, Vec<PersonId>)> = all.iter().map(|(at, people)| (*at, ids(people))).collect();
    let (passed, place) = rules::next(chain, place, &ids);
    let step = chain.at(place);
    let asked = all.into_iter().find(|(at, _)| *at == place).map(|(_, people)| people).unwrap_or_default();
    let skipped = passed.into_iter().filter_map(|at| chain.at(at).asked().map(|asked| (at, asked))).collect();
    Ok(Next { status: step.status(), place, step, asked, skipped })
}

/// Who may give a step that was added: never the drafter.
fn people_of(cx: &Raw<'_>, draft: &Outgoing, asked: Asked) -> Result<Vec<Holder>> {
    let mut people: Vec<Holder> = match asked {
        Asked::Unit(unit) => match heads_of(cx, draft.agency, unit)? {
            heads if heads.is_empty() => {
                let all = people::of_agency(cx, draft.agency)?;
                all.into_iter().filter(|one| one.active && one.unit == Some(unit)).collect()
            }
            heads => heads,
        },
        Asked::Person(person) => {
            let all = people::of_agency(cx, draft.agency)?;
            all.into_iter().filter(|one| one.active && one.person == person).collect()
        }
        Asked::Holders(right) => {
            let grants = identity::grants(cx)?;
            let holds = |role: &str| grants.iter().any(|(of, given)| of == role && given == right);
            let all = people::of_agency(cx, draft.agency)?;
            all.into_iter().filter(|one| one.active && holds(&one.role)).collect()
        }
    };
    people.retain(|one| one.person != draft.drafter);
    Ok(people)
}

/// Hands a draft to whoever gives the next step.
pub(crate) fn hand_on<P: Permission>(
    cx: &mut Writer<'_, P>,
    draft: &Opened<Outgoing>,
    next: &Next,
) -> Result<()> {
    for (place, asked) in &next.skipped {
        store::review(cx, draft, (*place, None), "")?;
        let values = [("symbol", name_of(draft)), ("who", named(cx, *asked)?)];
        cx.record_noted("documents.steps.act.passed", (KIND, draft.id), draft.agency, note(&values));
    }
    store::at_place(cx, draft, next.place)?;
    outgoing_moved(cx, draft, next.status)?;
    match next.step {
        // Given by whoever submits the draft.
        Step::Content => Ok(()),
        Step::Format => give_format(cx, draft),
        Step::Approve(_) => give_leader(cx, draft),
        Step::Consult(asked) | Step::Initials(asked) => ask(cx, draft, (asked, &next.asked)),
    }
}

fn ask<P: Permission>(
    cx: &mut Writer<'_, P>,
    draft: &Opened<Outgoing>,
    (asked, people): (Asked, &[Holder]),
) -> Result<()> {
    if let Asked::Holders(right) = asked {
        return give(cx, draft, TASK, (Owner::Pool(right), Some("consult")));
    }
    // A unit's head answers for it, their deputies when they are away; a unit without one is asked as a whole.
    let headed = people.first().is_some_and(|one| one.role == "head");
    let owners = if headed { people.get(..1).unwrap_or(people) } else { people };
    for one in owners {
        give(cx, draft, TASK, (Owner::Person(one.person, one.unit), Some("consult")))?;
        tell(cx, draft, one.person, "documents.steps.notice.asked")?;
    }
    Ok(())
}

/// The people asked at the step a draft waits at, and the step.
pub(crate) fn asked_now(cx: &Raw<'_>, draft: &Opened<Outgoing>) -> Result<(usize, Step, Vec<PersonId>)> {
    let (chain, place) = place_of(cx, draft)?;
    let step = chain.at(place);
    let people = match step.asked() {
        Some(asked) => people_of(cx, draft, asked)?.iter().map(|one| one.person).collect(),
        None => Vec::new(),
    };
    Ok((place, step, people))
}

/// Whoever is asked agrees; the next step follows.
pub(crate) fn consult(
    cx: &mut Writer<'_, OutgoingReview>,
    draft: &Opened<Outgoing>,
    remark: &str,
) -> Result<()> {
    let (place, step, asked) = asked_now(cx, draft)?;
    with_hands(cx, |hands| Ok(rules::review(draft, &asked, hands)?))?;
    let (person, name) = (cx.person()?, cx.actor().name.clone());
    let next = next(cx, draft)?;
    store::review(cx, draft, (place, Some((person, &name))), remark)?;
    store::go_on(cx, draft, next.status)?;
    tasks::close(cx, draft.id, TASK, "approved")?;
    let act = match step {
        Step::Initials(_) => "documents.steps.act.initialled",
        _ => "documents.steps.act.consulted",
    };
    let values = [("symbol", name_of(draft)), ("remark", remark.to_owned())];
    cx.record_noted(act, (KIND, draft.id), draft.agency, note(&values));
    hand_on(cx, draft, &next)
}

/// True when the actor is asked at the step a draft waits at.
pub(crate) fn may_consult(cx: &Raw<'_>, draft: &Opened<Outgoing>) -> Result<bool> {
    let (_, _, asked) = asked_now(cx, draft)?;
    with_hands(cx, |hands| Ok(rules::review(draft, &asked, hands).is_ok()))
}

/// Refuses what the actor is not asked to say.
pub(crate) fn check(cx: &Raw<'_>, draft: &Opened<Outgoing>) -> Result<()> {
    let (_, _, asked) = asked_now(cx, draft)?;
    with_hands(cx, |hands| Ok(rules::review(draft, &asked, hands)?))
}

/// Who is asked, in words.
pub(crate) fn named(cx: &Raw<'_>, asked: Asked) -> Result<String> {
    Ok(match asked {
        Asked::Unit(unit) => organisations::unit(cx, unit)?.name,
        Asked::Person(person) => people::name(cx, person)?,
        Asked::Holders(right) => cx.text(holders_key(right)).to_owned(),
    })
}

/// The words for the holders of a right.
pub(crate) fn holders_key(right: &str) -> &'static str {
    match rules::ASKABLE.iter().position(|one| *one == right) {
        Some(0) => "documents.steps.holders.heads",
        Some(1) => "documents.steps.holders.clerks",
        _ => "documents.steps.holders.leaders",
    }
}

/// Chooses the steps of an agency for some of its drafts.
pub(crate) fn choose(cx: &mut Writer<'_, StepsEdit>, agency: AgencyId, chosen: &Chosen) -> Result<()> {
    let id = store::choose(cx, agency, chosen)?;
    let mut said = Vec::new();
    for step in chosen.chain.as_ref().map(Chain::steps).unwrap_or_default() {
        said.push(match step.asked() {
            Some(asked) => named(cx, asked)?,
            None => cx.text(step_key(*step)).to_owned(),
        });
    }
    let values =
        [("type", chosen.type_code.clone()), ("from", chosen.from.dmy_hhmm()), ("remark", said.join(" → "))];
    let act = if chosen.chain.is_some() { "documents.steps.act.chosen" } else { "documents.steps.act.ended" };
    cx.record_noted(act, ("steps", id), agency, note(&values));
    Ok(())
}

/// What is done at a step, in words.
pub(crate) fn step_key(step: Step) -> &'static str {
    match step {
        Step::Content => "documents.outgoing.hand.content",
        Step::Consult(_) => "documents.steps.hand.consult",
        Step::Initials(_) => "documents.steps.hand.initials",
        Step::Format => "documents.outgoing.hand.format",
        Step::Approve(_) => "documents.outgoing.hand.approve",
    }
}

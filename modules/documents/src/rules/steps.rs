//! Which steps a draft passes between drafting and issue, and who gives them. An agency decides what stands between
//! the three that Decree 30/2020 demands and nobody can leave out: the head of the drafting unit answers for the
//! content (article 12.1), another person for the form (article 12.2), a competent person approves (articles 11 and
//! 13).

use crate::model::{Outgoing, OutgoingStatus as S};
use crate::rights::{OutgoingApprove, OutgoingApproveContent, OutgoingApproveFormat};
use crate::rules::outgoing::{Hands, only_while};
use base::{Date, Instant, PersonId, Refusal, UnitId};
use kernel::Permission;

/// How many steps an agency may add.
pub(crate) const MOST: usize = 5;

/// Rights whose holders can be asked together.
pub(crate) const ASKABLE: [&str; 3] =
    [OutgoingApproveContent::ID, OutgoingApproveFormat::ID, OutgoingApprove::ID];

/// Who gives a step that an agency has added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The head of a unit; where it has none, its people.
    Unit(UnitId),
    /// A person.
    Person(PersonId),
    /// Whoever holds a right in the agency.
    Holders(&'static str),
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The head of the drafting unit answers for the content.
    Content,
    /// Somebody else gives an opinion on the draft.
    Consult(Asked),
    /// Somebody initials it before the competent person sees it.
    Initials(Asked),
    /// Another person than the one for the content answers for the form.
    Format,
    /// A leader approves: this one where the draft names nobody, or whichever comes first.
    Approve(Option<PersonId>),
}

impl Step {
    /// Where a draft stands while it waits for this step.
    pub(crate) const fn status(self) -> S {
        match self {
            Step::Content => S::ContentReview,
            Step::Consult(_) | Step::Initials(_) => S::Consulting,
            Step::Format => S::FormatReview,
            Step::Approve(_) => S::LeaderReview,
        }
    }

    /// Who is asked at a step the agency has added.
    pub(crate) const fn asked(self) -> Option<Asked> {
        match self {
            Step::Consult(asked) | Step::Initials(asked) => Some(asked),
            Step::Content | Step::Format | Step::Approve(_) => None,
        }
    }

    /// As it is stored, and as a form names it.
    pub(crate) fn word(self) -> String {
        let of = |asked: Asked| match asked {
            Asked::Unit(unit) => format!("unit:{unit}"),
            Asked::Person(person) => format!("person:{person}"),
            Asked::Holders(right) => format!("right:{right}"),
        };
        match self {
            Step::Content => "content".to_owned(),
            Step::Consult(asked) => format!("consult {}", of(asked)),
            Step::Initials(asked) => format!("initials {}", of(asked)),
            Step::Format => "format".to_owned(),
            Step::Approve(None) => "approve".to_owned(),
            Step::Approve(Some(leader)) => format!("approve person:{leader}"),
        }
    }

    /// Reads a stored word.
    pub(crate) fn parse(word: &str) -> Option<Step> {
        let (kind, who) = word.split_once(' ').unwrap_or((word, ""));
        Some(match (kind, who) {
            ("content", "") => Step::Content,
            ("format", "") => Step::Format,
            ("approve", "") => Step::Approve(None),
            ("approve", who) => match asked(who)? {
                Asked::Person(leader) => Step::Approve(Some(leader)),
                Asked::Unit(_) | Asked::Holders(_) => return None,
            },
            ("consult", who) => Step::Consult(asked(who)?),
            ("initials", who) => Step::Initials(asked(who)?),
            _ => return None,
        })
    }
}

fn asked(word: &str) -> Option<Asked> {
    let (kind, id) = word.split_once(':')?;
    match kind {
        "unit" => id.parse().ok().map(Asked::Unit),
        "person" => id.parse().ok().map(Asked::Person),
        "right" => ASKABLE.into_iter().find(|right| *right == id).map(Asked::Holders),
        _ => None,
    }
}

/// The steps of a draft in their order. There is no way to make one without the three the decree demands, or with
/// approval anywhere but at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chain(Vec<Step>);

impl Chain {
    /// What the decree demands and nothing else: the steps of an agency that has chosen none.
    pub(crate) fn least() -> Chain {
        Chain(vec![Step::Content, Step::Format, Step::Approve(None)])
    }

    /// The steps of an agency: what it adds before the form is checked and after, and the leader who approves.
    pub(crate) fn of(
        (before, after): (&[Step], &[Step]),
        leader: Option<PersonId>,
    ) -> Result<Chain, Refusal> {
        let added: Vec<Step> = before.iter().chain(after).copied().collect();
        if added.iter().any(|step| step.asked().is_none()) {
            return Err(Refusal::new("documents.steps.refuse.least")
                .ground("Nghị định 30/2020/NĐ-CP, Điều 11, 12 và 13"));
        }
        if added.len() > MOST {
            return Err(Refusal::new("documents.steps.refuse.many").with("most", MOST));
        }
        let times = |step: &Step| added.iter().filter(|other| *other == step).count();
        let twice = added.iter().any(|step| times(step) > 1);
        if twice {
            return Err(Refusal::new("documents.steps.refuse.twice"));
        }
        let mut steps = vec![Step::Content];
        steps.extend(before);
        steps.push(Step::Format);
        steps.extend(after);
        steps.push(Step::Approve(leader));
        Ok(Chain(steps))
    }

    /// Reads a stored chain: a step a line.
    pub(crate) fn read(text: &str) -> Option<Chain> {
        let steps: Vec<Step> = text.lines().map(Step::parse).collect::<Option<_>>()?;
        let [Step::Content, between @ .., Step::Approve(leader)] = steps.as_slice() else { return None };
        let form = between.iter().position(|step| *step == Step::Format)?;
        let (before, after) = between.split_at(form);
        Chain::of((before, after.get(1..)?), *leader).ok()
    }

    /// As it is stored.
    pub(crate) fn text(&self) -> String {
        self.0.iter().map(|step| step.word()).collect::<Vec<_>>().join("\n")
    }

    /// The steps in their order.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The leader it names.
    pub(crate) fn leader(&self) -> Option<PersonId> {
        match self.0.last() {
            Some(Step::Approve(leader)) => *leader,
            _ => None,
        }
    }

    /// What was added before the form is checked, and after.
    pub(crate) fn added(&self) -> (&[Step], &[Step]) {
        let form = self.form();
        let last = self.0.len().saturating_sub(1);
        (self.0.get(1..form).unwrap_or(&[]), self.0.get(form + 1..last).unwrap_or(&[]))
    }

    /// Where the form is checked.
    pub(crate) fn form(&self) -> usize {
        self.0.iter().position(|step| *step == Step::Format).unwrap_or(1)
    }

    /// The step at a place.
    pub(crate) fn at(&self, place: usize) -> Step {
        self.0.get(place).copied().unwrap_or(Step::Approve(None))
    }
}

/// Steps an agency has chosen, for which drafts, from when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// The type of document; empty for all.
    pub(crate) type_code: String,
    /// The drafting unit; `None` for all.
    pub(crate) unit: Option<UnitId>,
    /// Drafts begun from this moment on.
    pub(crate) from: Instant,
    /// The steps; `None` takes back what was chosen for exactly these drafts.
    pub(crate) chain: Option<Chain>,
}

/// The steps of a draft begun at a moment: the newest that were chosen for its type and unit, else for its type, else
/// for its unit, else for all, else the least. `chosen` stand in the order in which they came into force.
pub(crate) fn in_force(chosen: &[Chosen], (code, unit): (&str, Option<UnitId>), begun: Instant) -> Chain {
    let mut keys = vec![(code, unit), (code, None), ("", unit), ("", None)];
    keys.dedup();
    keys.into_iter()
        .find_map(|(code, unit)| {
            let of = |one: &&Chosen| one.type_code == code && one.unit == unit && one.from <= begun;
            chosen.iter().rfind(of).and_then(|one| one.chain.clone())
        })
        .unwrap_or_else(Chain::least)
}

/// Where a draft goes from a place of its chain: the steps that are passed over because nobody but the drafter is left
/// to give them, and the place that waits for somebody. `people` answers for each step that was added.
pub(crate) fn next(chain: &Chain, place: usize, people: &[(usize, Vec<PersonId>)]) -> (Vec<usize>, usize) {
    let mut passed = Vec::new();
    let mut at = place + 1;
    while let Some(step) = chain.0.get(at) {
        let left = people.iter().any(|(place, people)| *place == at && !people.is_empty());
        if step.asked().is_none() || left {
            return (passed, at);
        }
        passed.push(at);
        at += 1;
    }
    // The last step is the leader's, who is asked by nobody's choice: the walk has ended there.
    (passed, chain.0.len().saturating_sub(1))
}

/// From when steps hold that were chosen for a day: its first minute, or now for today, so that no draft that was begun
/// before changes its way.
pub(crate) fn begins(day: Date, now: Instant) -> Instant {
    day.start().max(now)
}

/// A step the agency has added is given by whoever is asked, and not on a draft of their own hand.
pub(crate) fn review(document: &Outgoing, asked: &[PersonId], hands: Hands<'_>) -> Result<(), Refusal> {
    only_while(document, S::Consulting)?;
    if hands.person == document.drafter {
        return Err(Refusal::new("documents.steps.refuse.own_draft"));
    }
    if asked.iter().any(|person| hands.are(*person)) {
        return Ok(());
    }
    Err(Refusal::new("documents.steps.refuse.not_asked"))
}

#[cfg(test)]
mod tests;

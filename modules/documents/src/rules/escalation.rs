//! When work that waits is told further up: whom, after how long, and at which hours. The house's own figures are in
//! `rules/escalation.toml`; an agency may choose others.

use base::calendar::Calendar;
use base::{Date, Instant, PersonId, Refusal, Result, WhileDoing};
use kernel::states;
use platform::people::Holder;
use platform::tasks::OpenTask;
use serde::Deserialize;
use std::sync::LazyLock;

use crate::rules::signing::is_deputy;

/// The rule file, as the manifest registers it.
pub(crate) const TOML: &str = include_str!("../../rules/escalation.toml");

/// What is older is on the board, and nobody is told of it any more.
pub(crate) const DAYS: i64 = 14;

states! {
    /// Why work is told further up.
    pub(crate) enum Cause {
        /// Urgent, and nobody has opened it.
        Urgent = "urgent",
        /// Its deadline was missed.
        Late = "late",
        /// An opinion that was asked for and not given.
        Opinion = "opinion",
    }
}

states! {
    /// Who is told, one after the other.
    pub(crate) enum Rung {
        /// Whoever the work belongs to.
        Owner = "owner",
        /// The head of their unit.
        Head = "head",
        /// A leader: the deputies where there are some.
        Leader = "leader",
        /// Whoever leads the agency.
        Top = "top",
    }
}

/// After how many minutes each rung is told; `None` for one that is left out.
pub(crate) type Minutes = [Option<u32>; 4];

/// Minutes as they are stored: `5,15,,60`.
pub(crate) fn text(minutes: Minutes) -> String {
    minutes.map(|one| one.map(|one| one.to_string()).unwrap_or_default()).join(",")
}

/// Reads what is stored.
pub(crate) fn read(text: &str) -> Minutes {
    let mut words = text.split(',').map(|word| word.parse().ok());
    [(); 4].map(|()| words.next().flatten())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ladder {
    cause: String,
    valid_from: toml::value::Datetime,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "confidence")]
    _confidence: Option<String>,
    clock: String,
    minutes: Vec<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    ladder: Vec<Ladder>,
}

#[expect(clippy::expect_used, reason = "the rule file is compiled in and every test run reads it")]
static LADDERS: LazyLock<Vec<Ladder>> = LazyLock::new(|| parse(TOML).expect("rules/escalation.toml"));

fn parse(text: &str) -> Result<Vec<Ladder>> {
    let file: File = toml::from_str(text).while_doing("reading", "rules/escalation.toml")?;
    Ok(file.ladder)
}

fn ladder(cause: Cause, day: Date) -> Option<&'static Ladder> {
    let begun = |one: &&Ladder| Date::parse(&one.valid_from.to_string()).is_some_and(|from| from <= day);
    let of = |one: &&Ladder| one.cause == cause.word();
    LADDERS.iter().filter(of).rfind(begun).or_else(|| LADDERS.iter().find(of))
}

/// The house's own figures on a day; before the first edition, those of the first.
pub(crate) fn house(cause: Cause, day: Date) -> Minutes {
    let mut minutes = ladder(cause, day).map(|one| one.minutes.as_slice()).unwrap_or_default().iter();
    [(); 4].map(|()| minutes.next().copied())
}

/// True when the clock of a cause stands still outside office hours.
pub(crate) fn rests(cause: Cause, day: Date) -> bool {
    ladder(cause, day).is_none_or(|one| one.clock != "always")
}

/// Why a task may be told further up, and from when its minutes count. Urgent work nobody has opened is a matter of
/// its own; once opened it is late like any other.
pub(crate) fn cause(task: &OpenTask) -> Option<(Cause, Instant)> {
    match (task.urgency > 0 && task.opened_at.is_none(), task.due_at) {
        (true, _) => Some((Cause::Urgent, task.given_at)),
        (false, Some(due)) if task.kind == "documents.task.opinion" => Some((Cause::Opinion, due)),
        (false, Some(due)) => Some((Cause::Late, due)),
        (false, None) => None,
    }
}

/// The rungs that are due at a moment. Nobody is told outside office hours, but of urgent work.
pub(crate) fn due((cause, since): (Cause, Instant), minutes: Minutes, now: Instant) -> Vec<Rung> {
    let (calendar, rests) = (Calendar::vietnam(), rests(cause, now.date()));
    if rests && !calendar.is_working_time(now) {
        return Vec::new();
    }
    let reached = |after: u32| {
        let at =
            if rests { calendar.due_minutes(since, after) } else { since.plus_minutes(i64::from(after)) };
        at <= now
    };
    let rungs = Rung::ALL.iter().zip(minutes);
    rungs.filter(|(_, after)| after.is_some_and(reached)).map(|(rung, _)| *rung).collect()
}

/// Who is told at a rung: nobody twice of their own work, and where a rung is empty the one above it. `pool` are the
/// people who share the work when it belongs to nobody yet.
pub(crate) fn told<'a>(
    (rung, task): (Rung, &OpenTask),
    holders: &'a [Holder],
    pool: &[PersonId],
) -> Vec<&'a Holder> {
    let owns = |one: &Holder| task.person.map_or(pool.contains(&one.person), |person| one.person == person);
    let owners: Vec<&Holder> = holders.iter().filter(|one| one.active && owns(one)).collect();
    let leaders = || holders.iter().filter(|one| one.active && one.role == "leader");
    let rungs = Rung::ALL.iter().copied().skip_while(|one| *one != rung);
    for rung in rungs {
        let mut people: Vec<&Holder> = match rung {
            Rung::Owner => owners.clone(),
            Rung::Head => {
                let of = |one: &&Holder| {
                    one.active
                        && one.role == "head"
                        && one.unit.is_some()
                        && (one.unit == task.unit || owners.iter().any(|owner| owner.unit == one.unit))
                };
                let mut heads: Vec<&Holder> = holders.iter().filter(of).collect();
                heads.sort_by_key(|one| is_deputy(&one.title));
                heads.dedup_by_key(|one| one.unit);
                heads
            }
            Rung::Leader if leaders().any(|one| is_deputy(&one.title)) => {
                leaders().filter(|one| is_deputy(&one.title)).collect()
            }
            Rung::Leader => leaders().collect(),
            Rung::Top => leaders().filter(|one| !is_deputy(&one.title)).collect(),
        };
        if rung != Rung::Owner {
            people.retain(|one| !owns(one));
        }
        if !people.is_empty() {
            return people;
        }
    }
    Vec::new()
}

/// Each rung comes no earlier than the one below it.
pub(crate) fn rises(minutes: Minutes) -> std::result::Result<(), Refusal> {
    let set: Vec<u32> = minutes.into_iter().flatten().collect();
    if set.is_sorted() { Ok(()) } else { Err(Refusal::new("documents.escalation.refuse.falls")) }
}

#[cfg(test)]
mod tests;

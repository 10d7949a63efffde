//! Who may open what, and how a page says so.

use super::{Policy, STATE, State, scanner, state};
use crate::files;
use base::{Error, Id, PersonId, Refusal, Result};
use kernel::{Actor, Database, FromRow, Raw, Sql, q, values};

/// How a file stands for whoever looks at a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// May be opened.
    Open,
    /// Not scanned; this person may open it all the same.
    Own,
    /// Not scanned, and not to be opened yet.
    Waiting,
    /// Harmful.
    Infected,
    /// Cannot be looked through.
    Unfit,
}

impl Mark {
    /// Text key of what the page says beside the file; nothing for one that may be opened.
    pub const fn key(self) -> Option<&'static str> {
        match self {
            Mark::Open => None,
            Mark::Own => Some("platform.scan.mark.own"),
            Mark::Waiting => Some("platform.scan.mark.waiting"),
            Mark::Infected => Some("platform.scan.mark.infected"),
            Mark::Unfit => Some("platform.scan.mark.unfit"),
        }
    }

    /// True when the page has a link.
    pub const fn opens(self) -> bool {
        matches!(self, Mark::Open | Mark::Own)
    }

    /// True for what will never be opened.
    pub const fn is_bad(self) -> bool {
        matches!(self, Mark::Infected | Mark::Unfit)
    }
}

static IS_OWN: Sql = q!("SELECT 1 FROM platform_brought WHERE sha256 = $1 AND person_id = $2");

/// Refuses a file that may not leave the store for this actor.
///
/// # Errors
/// `Refused` when it is harmful, cannot be looked through, or was not scanned and somebody else brought it in.
pub fn gate(db: &dyn Database, (actor, policy): (&Actor, Policy), sha256: &str) -> Result<()> {
    let (state, found) = state(db, sha256)?;
    let no = |key| Err(Error::from(Refusal::new(key)));
    match state {
        State::Infected => Err(infected(found)),
        State::Unfit => no("platform.scan.refuse.unfit"),
        State::Waiting if policy != Policy::Open && !is_own(db, sha256, actor.person)? => {
            let key = match policy {
                Policy::Scanner => "platform.scan.refuse.waiting",
                _ => "platform.scan.refuse.no_scanner",
            };
            no(key)
        }
        State::Waiting | State::Clean => Ok(()),
    }
}

fn infected(found: String) -> Error {
    Refusal::new("platform.scan.refuse.infected")
        .with("found", found)
        .hint("platform.scan.hint.infected")
        .into()
}

fn is_own(db: &dyn Database, sha256: &str, person: Option<PersonId>) -> Result<bool> {
    let Some(person) = person else { return Ok(false) };
    let mut found = false;
    db.query(&IS_OWN, values![sha256, person], &mut |row| {
        <(i64,)>::from_row(row)?;
        found = true;
        Ok(())
    })?;
    Ok(found)
}

/// How files stand for whoever looks, in their order.
///
/// # Errors
/// What the database reports.
pub fn marks<'a>(cx: &Raw<'_>, names: impl IntoIterator<Item = &'a str>) -> Result<Vec<Mark>> {
    let policy = scanner(cx)?.map_or(Policy::Unsaid, |scanner| scanner.policy);
    let mut marks = Vec::new();
    for sha256 in names {
        let state =
            cx.row::<(State, String)>(&STATE, values![sha256])?.map_or(State::Waiting, |(state, _)| state);
        let person = cx.actor().person;
        marks.push(match state {
            State::Infected => Mark::Infected,
            State::Unfit => Mark::Unfit,
            State::Waiting if policy != Policy::Open => {
                let own = match person {
                    Some(person) => cx.row::<(i64,)>(&IS_OWN, values![sha256, person])?.is_some(),
                    None => false,
                };
                if own { Mark::Own } else { Mark::Waiting }
            }
            State::Waiting | State::Clean => Mark::Open,
        });
    }
    Ok(marks)
}

/// Refuses a thing that holds a harmful file.
///
/// # Errors
/// `Refused` naming what was found.
pub fn refuse_infected<N: ?Sized>(cx: &Raw<'_>, subject: Id<N>) -> Result<()> {
    for file in files::of(cx, subject)? {
        match cx.row::<(State, String)>(&STATE, values![&file.sha256])? {
            Some((State::Infected, found)) => return Err(infected(found)),
            Some((State::Unfit, _)) => return Err(Refusal::new("platform.scan.refuse.unfit").into()),
            _ => {}
        }
    }
    Ok(())
}

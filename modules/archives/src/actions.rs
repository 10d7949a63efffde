//! Verbs that change something: open, decide, write, record, tell.

pub(crate) mod archive;
pub(crate) mod catalogues;
pub(crate) mod daily;
pub(crate) mod dossiers;
pub(crate) mod entries;

use base::PersonId;
use kernel::Raw;

/// The people an actor acts for: themselves and those they stand in for.
pub(crate) fn people(cx: &Raw<'_>) -> Vec<PersonId> {
    let actor = cx.actor();
    actor.person.iter().chain(&actor.stands_for).copied().collect()
}

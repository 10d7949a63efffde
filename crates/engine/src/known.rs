//! What people may do, kept from one request to the next. Who asks is looked up with each request; what follows
//! from it – posts, roles, stand-ins – is worked out anew only when the mark of the tenant's rights has moved,
//! or a moment has come at which time alone changes something.

use crate::server::{Server, Tenant};
use base::{Error, Instant, PersonId, Result};
use kernel::Actor;
use platform::identity;
use platform::sessions::Marked;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many people are kept; a few kilobytes each.
const PEOPLE: usize = 4096;

/// The people of a tenant that were seen lately.
#[derive(Default)]
pub(crate) struct Known(Mutex<HashMap<PersonId, Kept>>);

struct Kept {
    actor: Actor,
    /// Under which mark it was worked out.
    mark: i64,
    from: Instant,
    until: Instant,
}

impl Known {
    fn people(&self) -> MutexGuard<'_, HashMap<PersonId, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, person: PersonId, mark: i64, now: Instant) -> Option<Actor> {
        let people = self.people();
        let kept = people.get(&person)?;
        let holds = kept.mark == mark && kept.from <= now && now < kept.until;
        holds.then(|| kept.actor.clone())
    }

    fn keep(&self, person: PersonId, kept: Kept) {
        let mut people = self.people();
        if people.len() >= PEOPLE && !people.contains_key(&person) {
            people.clear();
        }
        people.insert(person, kept);
    }
}

impl Server {
    /// The person behind a session or token as an actor; `None` when their last post has ended.
    ///
    /// # Errors
    /// What the database reports.
    pub(crate) async fn actor<T>(
        &self,
        tenant: &Tenant,
        (person, now): (PersonId, Instant),
        found: &Marked<T>,
    ) -> Result<Option<Actor>> {
        let mark = found.mark;
        if let Some(actor) = tenant.known.find(person, mark, now) {
            return Ok(Some(actor));
        }
        // This snapshot is no older than the mark: at worst what is newer is kept under the older one.
        let read = move |cx: &kernel::Raw<'_>| match identity::actor(cx, person) {
            Ok(actor) => Ok(Some((actor, identity::until(cx)?))),
            Err(Error::Forbidden) => Ok(None),
            Err(other) => Err(other),
        };
        let Some((actor, until)) = self.read_as_system(tenant, now, read).await? else { return Ok(None) };
        tenant.known.keep(person, Kept { actor: actor.clone(), mark, from: now, until });
        Ok(Some(actor))
    }
}

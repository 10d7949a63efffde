//! Server-sent events: the counts in the rail and the bell, as they change.

use super::Reply;
use super::errors::Fault;
use super::visit::Visit;
use crate::dispatch::Caller;
use crate::server::{Server, Tenant};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use base::{Error, PersonId};
use futures_util::stream;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::Instant;

// Many writes in a row are one change to a person.
const REST: Duration = Duration::from_secs(2);
// The browser comes back by itself, and its session and rights are read again.
const LIFE: Duration = Duration::from_mins(10);

struct Stream {
    server: Arc<Server>,
    tenant: Arc<Tenant>,
    caller: Caller,
    person: PersonId,
    wakes: Receiver<Option<PersonId>>,
    closing: watch::Receiver<bool>,
    /// What was sent last.
    sent: String,
    first: bool,
    until: Instant,
}

/// The stream of a person's counts. It does not count as use of the session.
pub(super) fn stream(visit: &Visit) -> Reply {
    let person = visit.caller.actor.person.ok_or(Fault::House(Error::Forbidden))?;
    let state = Stream {
        server: Arc::clone(&visit.server),
        tenant: Arc::clone(&visit.tenant),
        caller: visit.caller.clone(),
        person,
        wakes: visit.tenant.events.subscribe(),
        closing: visit.server.closing.subscribe(),
        sent: String::new(),
        first: true,
        until: Instant::now() + LIFE,
    };
    let events = stream::unfold(state, |mut state| async {
        let event = state.next().await?;
        Some((Ok::<Event, Infallible>(event), state))
    });
    let beat = KeepAlive::new().interval(Duration::from_secs(25));
    Ok(Sse::new(events).keep_alive(beat).into_response())
}

impl Stream {
    /// Waits until the counts differ from what was sent.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.first {
                self.first = false;
            } else {
                self.wake().await?;
                tokio::time::sleep(REST).await;
                self.wakes = self.wakes.resubscribe();
            }
            self.caller.now = self.server.clock.now();
            let Ok(frame) = self.server.frame(&self.tenant, &self.caller).await else { continue };
            let counts = frame.counts().to_string();
            if counts != self.sent {
                self.sent.clone_from(&counts);
                return Some(Event::default().event("counts").data(counts));
            }
        }
    }

    /// Waits for a wake that is meant for this person. `None` when the stream has lived long enough or the
    /// process stops.
    async fn wake(&mut self) -> Option<()> {
        loop {
            let woken = tokio::select! {
                woken = self.wakes.recv() => woken,
                _ = self.closing.wait_for(|closing| *closing) => return None,
                () = tokio::time::sleep_until(self.until) => return None,
            };
            match woken {
                Ok(Some(person)) if person != self.person => {}
                // Having missed some is reason enough to look.
                Ok(_) | Err(RecvError::Lagged(_)) => return Some(()),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

//! What was refused to other nodes is logged each time, and entered in the audit log of each tenant – but not each time:
//! whoever knocks all night must not fill it.

use crate::server::Server;
use base::{Instant, Result};
use kernel::{Database, Scope, engine};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The same refusal of the same node or address is entered once in so long.
const AGAIN_MINUTES: i64 = 10;
/// So many are remembered; more in that time are logged only.
const MOST: usize = 200;

/// Which refusals were entered lately.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<BTreeMap<(String, String), Instant>>);

impl Refusals {
    /// True when a refusal is to be entered now.
    fn is_due(&self, whose: &str, why: &str, now: Instant) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, at| now < at.plus_minutes(AGAIN_MINUTES));
        let key = (whose.to_owned(), why.to_owned());
        if seen.len() >= MOST || seen.contains_key(&key) {
            return false;
        }
        seen.insert(key, now);
        true
    }
}

impl Server {
    /// Tells of a refusal: to the log, and to the audit log of each tenant. `whose` is a node by its certificate, or an
    /// address.
    pub(crate) fn refuse_node(self: &Arc<Self>, whose: &str, why: &str) {
        tracing::warn!(node = whose, why, "a node was refused");
        let Some(node) = &self.node else { return };
        let now = self.clock.now();
        if !node.rounds.refusals.is_due(whose, why, now) {
            return;
        }
        let (server, whose, why) = (Arc::clone(self), whose.to_owned(), why.to_owned());
        tokio::spawn(async move {
            for tenant in server.tenants() {
                let (cx, whose, why) = (server.system(tenant, now), whose.clone(), why.clone());
                let enter = move |db: &dyn Database| -> Result<()> {
                    engine::write(db, &cx, |cx| platform::nodes::refused(cx, &whose, &why))
                };
                if let Err(error) = tenant.db.write(Scope::Everything, enter).await {
                    tracing::error!(tenant = tenant.name, %error, "a refusal was not entered");
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Refusals};
    use base::Instant;

    #[test]
    fn the_same_refusal_is_entered_once_in_ten_minutes_and_never_too_many() {
        let (refusals, now) = (Refusals::default(), Instant::local(2026, 12, 1, 8, 0).unwrap());
        assert!(
            refusals.is_due("prov", "revoked", now)
                && !refusals.is_due("prov", "revoked", now.plus_minutes(9))
        );
        assert!(
            refusals.is_due("prov", "stranger", now)
                && refusals.is_due("prov", "revoked", now.plus_minutes(11))
        );
        let entered = (0..1000).filter(|n| refusals.is_due(&n.to_string(), "", now.plus_minutes(11))).count();
        assert!(entered < MOST, "{entered}");
    }
}

//! In which tenant of this machine an agency works.

use crate::server::Server;
use base::{Instant, Result};
use platform::exchange::Due;
use platform::homes::{self, Holding};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

impl Server {
    /// The tenants in which each sender and recipient of a batch works. A tenant that does not answer is taken as
    /// it was seen last: it must not stop the letters of the others.
    pub(super) async fn homes_of(&self, due: &[Due], at: Instant) -> Homes {
        let codes = due.iter().flat_map(|one| [&one.to_code, &one.sealing.from_code]).cloned();
        self.homes_among(codes.collect(), at).await
    }

    /// The tenants in which agencies of these codes work.
    pub(super) async fn homes_among(&self, codes: BTreeSet<String>, at: Instant) -> Homes {
        let codes = Arc::new(codes);
        let mut homes = Homes::default();
        for tenant in self.tenants() {
            let asked = Arc::clone(&codes);
            let look = move |cx: &kernel::Raw<'_>| {
                let held = asked.iter().map(|code| Ok((code.clone(), homes::holding(cx, code)?)));
                held.collect::<Result<Vec<(String, Option<Holding>)>>>()
            };
            let seen = self.read_as_system(tenant, at, look).await;
            let mut known = tenant.codes.lock().unwrap_or_else(PoisonError::into_inner);
            match seen {
                Ok(seen) => known.extend(seen),
                Err(error) => {
                    tracing::warn!(tenant = tenant.name, %error, "a tenant was not asked for its agencies");
                    homes.blind |= codes.iter().any(|code| !known.contains_key(code));
                }
            }
            for code in codes.iter() {
                if let Some(holding) = known.get(code).copied().flatten() {
                    homes.of.entry(code.clone()).or_default().push((holding, tenant.name.clone()));
                }
            }
        }
        for holders in homes.of.values_mut() {
            holders.sort();
        }
        homes
    }
}

/// Which tenants hold an agency under a code, the one with the best claim first.
#[derive(Default)]
pub(super) struct Homes {
    of: BTreeMap<String, Vec<(Holding, String)>>,
    /// True when a tenant did not answer, and what it holds was never seen.
    pub(super) blind: bool,
}

/// Where a delivery goes.
pub(super) enum Home {
    In(String),
    Nowhere,
    /// Nobody that was asked knows the recipient, and not everybody was asked.
    Unseen,
    /// The code is another tenant's, or it cannot be told whose: until an operator settles it, nothing goes from one
    /// tenant to another under it. Else whoever enters the code of a stranger in their own directory would read
    /// the stranger's letters, and write in its name.
    Contested,
}

impl Homes {
    /// The tenant a code belongs to: the one in which an agency had it first, as its own code before the other
    /// form. Whoever claims it later changes nothing for those who write to its owner, or get letters from it.
    pub(super) fn owner(&self, code: &str) -> std::result::Result<Option<&str>, ()> {
        match self.of.get(code).map_or(&[][..], Vec::as_slice) {
            [] => Ok(None),
            [(first, _), (second, _), ..] if first == second => Err(()),
            [(_, tenant), ..] => Ok(Some(tenant)),
        }
    }

    /// The sender's own tenant when the recipient works there, else the owner of the code.
    pub(super) fn home(&self, sender: &str, due: &Due) -> Home {
        let holders = self.of.get(&due.to_code).map_or(&[][..], Vec::as_slice);
        if holders.iter().any(|(_, tenant)| tenant == sender) {
            return Home::In(sender.to_owned());
        }
        match (self.owner(&due.to_code), self.owner(&due.sealing.from_code)) {
            (Ok(None), _) if self.blind => Home::Unseen,
            (Ok(None), _) => Home::Nowhere,
            (Ok(Some(to)), Ok(from)) if from.is_none_or(|from| from == sender) => Home::In(to.to_owned()),
            _ => Home::Contested,
        }
    }
}

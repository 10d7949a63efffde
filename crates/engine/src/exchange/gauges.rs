//! How the links to other machines are, in Prometheus text.

use crate::server::{Server, Tenant};
use platform::links;
use std::fmt::Write;

impl Server {
    /// What waits on each link of a tenant, and how the other machine answers; -1 for what is not known.
    pub(crate) async fn link_gauges(&self, tenant: &Tenant, out: &mut String) {
        let now = self.clock.now();
        let Ok(links) = self.read_as_system(tenant, now, links::all).await else { return };
        for link in links {
            let labels = format!("{{tenant=\"{}\",node=\"{}\"}}", tenant.name, link.node);
            let seconds = |at: Option<base::Instant>| at.map(|at| now.since(at).max(0) / 1_000_000);
            let figures = [
                ("waiting", Some(link.queued)),
                ("passing", Some(link.passing)),
                ("oldest_seconds", Some(seconds(link.oldest).unwrap_or(0))),
                ("round_trip_microseconds", link.round_trip_us),
                ("clock_ahead_microseconds", link.skew_us),
                ("failing_seconds", Some(seconds(link.failing_since).unwrap_or(0))),
            ];
            for (figure, n) in figures {
                let _ = writeln!(out, "vanlang_link_{figure}{labels} {}", n.unwrap_or(-1));
            }
        }
    }
}

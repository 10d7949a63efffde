//! How much a tenant takes, and how much room is left: measured now and then and kept in its database, so that a page
//! or a monitor that asks costs nothing.

use crate::server::{Server, Tenant};
use base::{Error, Instant, Result};
use kernel::upkeep::{self, Figure};
use kernel::{Database, Scope};
use platform::exchange;
use std::fmt::Write;

impl Server {
    /// Measures a tenant and notes what was found.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant; what database and disk report.
    pub async fn measure(&self, tenant: &str, now: Instant) -> Result<()> {
        let tenant = self.tenant(tenant).ok_or(Error::NotFound)?;
        let (files, free) = tenant.files.measure().await?;
        let database = tenant.db.bytes().await?;
        let note = move |db: &dyn Database| {
            upkeep::note(db, Figure::Database, (database, now))?;
            upkeep::note(db, Figure::Files, (files, now))?;
            upkeep::note(db, Figure::DiskFree, (free, now))
        };
        tenant.db.write(Scope::Everything, note).await
    }

    /// The figures of a tenant in Prometheus text; -1 for what is not known.
    pub(crate) async fn gauges(&self, tenant: &Tenant, out: &mut String) {
        let now = self.clock.now();
        let read = |cx: &kernel::Raw<'_>| {
            let bytes = |figure| -> Result<Option<i64>> { Ok(upkeep::noted(cx, figure)?.map(|(n, _)| n)) };
            let age = |at: Option<Instant>| at.map(|at| cx.now().since(at).max(0) / 1_000_000);
            let backup = upkeep::noted(cx, Figure::Backup)?.map(|(_, at)| at);
            let failing = platform::evidence::sealing(cx)?.failing_since;
            let sealing = failing.map_or(Some(0), |at| age(Some(at)));
            let oldest = exchange::oldest(cx)?.map_or(Some(0), |at| age(Some(at)));
            Ok([
                ("jobs_waiting", Some(kernel::jobs::waiting(cx)?)),
                ("jobs_dead", Some(kernel::jobs::dead_count(cx)?)),
                ("envelopes_waiting", Some(exchange::queued(cx)?)),
                ("envelopes_failed", Some(exchange::failures(cx)?)),
                ("oldest_envelope_seconds", oldest),
                ("database_bytes", bytes(Figure::Database)?),
                ("files_bytes", bytes(Figure::Files)?),
                ("disk_free_bytes", bytes(Figure::DiskFree)?),
                ("backup_age_seconds", age(backup)),
                ("sealing_fails_seconds", sealing),
                ("files_unscanned", Some(platform::scans::waiting(cx)?)),
            ])
        };
        let name = &tenant.name;
        match self.read_as_system(tenant, now, read).await {
            Ok(figures) => {
                for (figure, n) in figures {
                    let _ = writeln!(out, "vanlang_{figure}{{tenant=\"{name}\"}} {}", n.unwrap_or(-1));
                }
            }
            // Whoever watches must see that nothing is known, not what was known last.
            Err(_) => {
                let _ = writeln!(out, "vanlang_jobs_waiting{{tenant=\"{name}\"}} -1");
            }
        }
    }
}

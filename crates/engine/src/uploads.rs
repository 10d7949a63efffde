//! Files on their way in: noted, kept, and collected again when nothing came to hold them.

use crate::files::{Incoming, Store, Stored};
use crate::server::{Server, Tenant};
use base::form::{Field, Input, Kind, Upload};
use base::{Error, Instant, PersonId, Result};
use kernel::{Database, Scope, Sql};
use platform::scans::{self, State};
use platform::uploads;

/// A form is filled in on one day, with its files.
const HOURS: i64 = 24;
const BATCH: i64 = 50;

impl Tenant {
    /// Brings a file that has arrived into the store. Kept for a day, or as long as a row names it.
    ///
    /// # Errors
    /// As for [`Incoming::finish`], and what the database reports.
    pub(crate) async fn keep(
        &self,
        incoming: Incoming,
        (by, now): (Option<PersonId>, Instant),
    ) -> Result<Stored> {
        let whole = incoming.close().await?;
        self.announce(whole.sha256(), (by, now)).await?;
        whole.keep().await
    }

    /// Notes that a file is about to come into the store, who brings it, and that it is to be scanned.
    ///
    /// # Errors
    /// What the database reports.
    pub(crate) async fn announce(&self, sha256: &str, (by, now): (Option<PersonId>, Instant)) -> Result<()> {
        let sha256 = sha256.to_owned();
        let note = move |db: &dyn Database| {
            uploads::note(db, &sha256, now)?;
            scans::expect(db, &sha256, (by, now))
        };
        self.db.write(Scope::Everything, note).await
    }
}

impl Server {
    /// Removes files of a tenant that came in a day before `now` and that no row names. Answers how many.
    ///
    /// A row that comes to name a file and the look for such rows are transactions one after the other, and
    /// a form that names a file is only acted on while the file is there: never is a file removed that is named.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant; what database and disk report.
    pub async fn collect_files(&self, tenant: &str, now: Instant) -> Result<usize> {
        let tenant = self.tenant(tenant).ok_or(Error::NotFound)?;
        let before = now.plus_hours(-HOURS);
        let held: Vec<&'static Sql> =
            self.modules.iter().flat_map(|module| module.holds_files.clone()).collect();
        let mut removed = 0;
        tenant.files.clear_parts(now)?;
        loop {
            let old = self.read_as_system(tenant, now, move |cx| uploads::old(cx, before, BATCH)).await?;
            if old.is_empty() {
                return Ok(removed);
            }
            let (store, held) = (tenant.files.clone(), held.clone());
            let collect = move |db: &dyn Database| {
                let mut removed = 0;
                for sha256 in &old {
                    if uploads::let_go(db, sha256, (before, &held))? {
                        // Done again after a conflict it does no harm; were the transaction lost, the note stays.
                        store.remove(sha256)?;
                        scans::forget(db, sha256)?;
                        removed += 1;
                    }
                }
                Ok(removed)
            };
            removed += tenant.db.write(Scope::Everything, collect).await?;
        }
    }
}

/// Files a posted form names, each with its field.
pub(crate) fn named(fields: &'static [Field], posted: Option<&Input>) -> Vec<(&'static str, String)> {
    let files = fields.iter().filter(|field| matches!(field.kind, Kind::File | Kind::Files));
    let mut named = Vec::new();
    for field in files {
        let values = posted.into_iter().flat_map(|posted| posted.all(field.name));
        named.extend(values.filter_map(Upload::decode).map(|upload| (field.name, upload.sha256)));
    }
    named
}

/// A form that waited longer than its files were kept is not acted on: they are to be chosen again.
///
/// # Errors
/// `Invalid` at the field whose file is gone.
pub(crate) fn present(store: &Store, named: &[(&'static str, String)]) -> Result<()> {
    match named.iter().find(|(_, sha256)| !store.has(sha256)) {
        Some((field, _)) => Err(Error::field(field, "form.not_a_file")),
        None => Ok(()),
    }
}

/// A file that is known to be harmful enters nowhere.
///
/// # Errors
/// `Invalid` at its field.
pub(crate) fn harmless(db: &dyn Database, named: &[(&'static str, String)]) -> Result<()> {
    for (field, sha256) in named {
        if matches!(scans::state(db, sha256)?.0, State::Infected | State::Unfit) {
            return Err(Error::field(field, "engine.antivirus.harmful"));
        }
    }
    Ok(())
}

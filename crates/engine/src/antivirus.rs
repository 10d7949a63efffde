//! Looks for harmful software in every file that came in: a loop a tenant, each file read in clear from the store and
//! streamed to clamd. Without its word a file is opened by nobody but who brought it in.

mod archive;
mod clamd;

use crate::config::Antivirus;
use crate::files::Store;
use crate::server::{Server, Tenant};
use base::{Error, Instant, Result};
use clamd::Answer;
use kernel::{Database, Response, Scope, engine, jobs};
use platform::scans::{self, Due, Policy, State};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

const POLL: Duration = Duration::from_millis(500);
/// Files taken at a time: few, so that another process has its share.
const BATCH: i64 = 8;
const LEASE_MINUTES: i64 = 30;
/// How often the scanner is asked how it is, though nothing waits. In microseconds.
const LOOK: i64 = 60_000_000;
/// A file that is not in the store after so long was collected or destroyed.
const GONE_HOURS: i64 = 25;

impl Antivirus {
    /// What follows for files nobody has scanned.
    pub fn policy(&self) -> Policy {
        match self {
            Antivirus::Unsaid => Policy::Unsaid,
            Antivirus::None => Policy::Open,
            Antivirus::Clamd(_) => Policy::Scanner,
        }
    }
}

impl Server {
    /// Starts the scanner's loops, one a tenant; none when there is no scanner.
    pub fn spawn_scanner(self: &Arc<Self>) -> Vec<JoinHandle<()>> {
        match self.config.antivirus {
            Antivirus::Clamd(_) => {
                let start = |tenant| tokio::spawn(Arc::clone(self).scan_forever(Arc::clone(tenant)));
                self.tenants().map(start).collect()
            }
            Antivirus::Unsaid => {
                tracing::warn!(
                    "no scanner is configured: files are opened by nobody but who brought them in. \
                     Say [server.antivirus] or antivirus = \"none\""
                );
                Vec::new()
            }
            Antivirus::None => Vec::new(),
        }
    }

    async fn scan_forever(self: Arc<Self>, tenant: Arc<Tenant>) {
        let mut looked = Instant::from_micros(0);
        loop {
            let now = self.clock.now();
            let idle = match self.scan_batch(&tenant, now, now.since(looked) > LOOK).await {
                Ok(Some(n)) => {
                    looked = now;
                    n == 0
                }
                Ok(None) => true,
                Err(error) => {
                    tracing::error!(tenant = tenant.name, %error, "files could not be scanned");
                    true
                }
            };
            if idle {
                tokio::time::sleep(POLL).await;
            }
        }
    }

    /// Scans all files of a tenant that are due at a moment. Answers how many were tried; none when the scanner does
    /// not answer. For demonstrations and tests.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant, and what the database reports.
    pub async fn scan(&self, tenant: &str, at: Instant) -> Result<usize> {
        let tenant = Arc::clone(self.tenant(tenant).ok_or(Error::NotFound)?);
        let mut all = 0;
        loop {
            match self.scan_batch(&tenant, at, true).await? {
                Some(n) if n > 0 => all += n,
                _ => return Ok(all),
            }
        }
    }

    /// One batch; `None` when the scanner was not asked, as nothing waits, or did not answer.
    async fn scan_batch(&self, tenant: &Arc<Tenant>, now: Instant, look: bool) -> Result<Option<usize>> {
        let Antivirus::Clamd(clamd) = &self.config.antivirus else { return Ok(None) };
        if !look && !self.read_as_system(tenant, now, scans::any_due).await? {
            return Ok(None);
        }
        // Nothing is taken, and no turn used up, while the scanner is away.
        if !self.look(tenant, clamd, now).await? {
            return Ok(None);
        }
        let until = now.plus_minutes(LEASE_MINUTES);
        let claim = move |db: &dyn Database| scans::claim(db, (now, until), BATCH);
        let due = tenant.db.write(Scope::Everything, claim).await?;
        let tried = due.len();
        for one in due {
            let seen = examine(clamd, &tenant.files, &one.sha256).await;
            self.note(tenant, (one, seen), now).await?;
        }
        Ok(Some(tried))
    }

    /// Asks the scanner how it is and notes it. When it comes back, what was put off is tried at once.
    async fn look(&self, tenant: &Tenant, clamd: &crate::config::Clamd, now: Instant) -> Result<bool> {
        let seen = clamd::version(clamd).await;
        let was = self.read_as_system(tenant, now, scans::scanner).await?;
        let away = was.as_ref().is_some_and(|was| !was.error.is_empty() || was.version.is_empty());
        match seen {
            Ok(said) => {
                let note = move |db: &dyn Database| {
                    scans::seen(db, (&said.version, said.signatures_at), now)?;
                    if away { scans::hurry(db, now) } else { Ok(()) }
                };
                tenant.db.write(Scope::Everything, note).await?;
                Ok(true)
            }
            Err(why) => {
                if !away {
                    tracing::warn!(tenant = tenant.name, why, "the scanner does not answer");
                }
                tenant.db.write(Scope::Everything, move |db| scans::unseen(db, &why, now)).await?;
                Ok(false)
            }
        }
    }

    /// Keeps what became of a file.
    async fn note(&self, tenant: &Arc<Tenant>, (due, seen): (Due, Seen), now: Instant) -> Result<()> {
        let (state, found) = match seen {
            Seen::Verdict(state, found) => (state, found),
            Seen::Gone if now.since(due.at) > GONE_HOURS * 3_600_000_000 => {
                let forget = move |db: &dyn Database| scans::forget(db, &due.sha256);
                return tenant.db.write(Scope::Everything, forget).await;
            }
            Seen::Gone => return self.put_off(tenant, due, ("not in the store yet".to_owned(), now)).await,
            Seen::Failed(why) => {
                tracing::warn!(tenant = tenant.name, sha256 = due.sha256, why, "a file was not scanned");
                return self.put_off(tenant, due, (why, now)).await;
            }
        };
        let told = self.handler(scans::TOLD).is_some();
        let cx = self.system(tenant, now);
        let keep = move |db: &dyn Database| {
            engine::write(db, &cx, |cx| {
                if scans::settle(cx, &due.sha256, (state, &found))? && told {
                    let payload = serde_json::json!({ "sha256": due.sha256 });
                    jobs::enqueue(cx, scans::TOLD, &due.sha256, &payload)?;
                }
                Ok(())
            })
        };
        tenant.db.write(Scope::Everything, keep).await?;
        tenant.wake(None);
        tenant.work.notify_one();
        Ok(())
    }

    async fn put_off(&self, tenant: &Tenant, due: Due, (why, now): (String, Instant)) -> Result<()> {
        tenant.db.write(Scope::Everything, move |db| scans::later(db, &due, (now, &why))).await
    }
}

/// What came of looking at one file.
enum Seen {
    Verdict(State, String),
    Gone,
    Failed(String),
}

async fn examine(clamd: &crate::config::Clamd, store: &Store, sha256: &str) -> Seen {
    let file = match store.get(sha256).await {
        Ok((file, _)) => file,
        Err(Error::NotFound) => return Seen::Gone,
        Err(error) => return Seen::Failed(error.to_string()),
    };
    match clamd::scan(clamd, file).await {
        Ok(Answer::Found(name)) => Seen::Verdict(State::Infected, name),
        Ok(Answer::TooLarge) => Seen::Verdict(State::Unfit, "stream".to_owned()),
        // Asked to read more than it is ready to, clamd says OK: what unpacks to more is not called clean.
        Ok(Answer::Nothing) => match unpacks(store, sha256, clamd.unpacked_bytes).await {
            Ok(None) => Seen::Verdict(State::Clean, String::new()),
            Ok(Some(why)) => Seen::Verdict(State::Unfit, why.to_owned()),
            Err(why) => Seen::Failed(why),
        },
        Err(why) => Seen::Failed(why),
    }
}

async fn unpacks(
    store: &Store,
    sha256: &str,
    limit: u64,
) -> std::result::Result<Option<&'static str>, String> {
    let (file, _) = store.get(sha256).await.map_err(|error| error.to_string())?;
    let measured = tokio::task::spawn_blocking(move || archive::unfit(file, limit)).await;
    measured.map_err(|cause| cause.to_string())?.map_err(|cause| cause.to_string())
}

/// An answer whose files may leave the store for this actor.
///
/// # Errors
/// `Refused` when one of them may not.
pub(crate) fn gate(
    db: &dyn Database,
    (actor, policy): (&kernel::Actor, Policy),
    reply: Response,
) -> Result<Response> {
    let may = |sha256: &str| scans::gate(db, (actor, policy), sha256);
    match &reply {
        Response::File { sha256, .. } => may(sha256)?,
        Response::Bundle { parts, .. } => {
            for part in parts {
                if let kernel::Content::Stored(sha256) = &part.content {
                    may(sha256)?;
                }
            }
        }
        // Files that are bound into a print.
        Response::Paper { request, .. } => {
            let parts = request.get("parts").and_then(serde_json::Value::as_array);
            for part in parts.into_iter().flatten() {
                if let Some(sha256) = part.get("stored").and_then(serde_json::Value::as_str) {
                    may(sha256)?;
                }
            }
        }
        Response::Evidence { files, .. } => {
            for sha256 in files {
                may(sha256)?;
            }
        }
        Response::Packet { envelope, .. } => {
            let files = envelope.pointer("/sealed/attachments").and_then(serde_json::Value::as_array);
            for file in files.into_iter().flatten() {
                let name = file.get("sha256").and_then(serde_json::Value::as_str);
                may(name.ok_or_else(|| Error::internal("a packet's file has no name"))?)?;
            }
        }
        _ => {}
    }
    Ok(reply)
}

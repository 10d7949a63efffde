//! Runs what was queued: one loop a tenant, each job in its own transaction, tried again when it fails.

pub(crate) mod augment;
pub(crate) mod destroy;
pub(crate) mod import;
pub(crate) mod mail;
pub(crate) mod push;
pub(crate) mod read;
pub(crate) mod verify;

use crate::once;
use crate::server::{Server, Tenant};
use base::{Date, Error, Instant, Result};
use futures_util::future::BoxFuture;
use kernel::jobs::{self, Job};
use kernel::{Database, JobRun, Scope};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// Work that waits on the outside world: a mail, another server. It may run more than once.
pub type AsyncJob = fn(Arc<Server>, String, serde_json::Value) -> BoxFuture<'static, Result<()>>;

const POLL: Duration = Duration::from_millis(500);
const BATCH: i64 = 20;
const LEASE_MINUTES: i64 = 5;
const ATTEMPTS: i64 = 8;
/// After how many minutes what waits on the outside world is tried again, the last as often as it takes: a mail server
/// may be away for a night.
const WAITS: [i64; 5] = [1, 5, 30, 120, 360];
const AT_ONCE: usize = 16;
// A form is not sent again after two days.
const ONCE_DAYS: i64 = 2;
/// For so long the calls of webhooks can be looked up and made again.
const CALLS_DAYS: i64 = 30;

impl Server {
    /// Starts the loops of all tenants. They end when the handles are aborted: a job cut off in the middle
    /// is taken up again when its lease ends.
    pub fn spawn_jobs(self: &Arc<Self>) -> Vec<JoinHandle<()>> {
        self.tenants().map(|tenant| tokio::spawn(Arc::clone(self).run_forever(Arc::clone(tenant)))).collect()
    }

    /// Runs all jobs of a tenant that are due at a moment, and those they queue, until none is left. Answers
    /// how many ran. For demonstrations and tests.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant, and what the database reports.
    pub async fn run_jobs(self: &Arc<Self>, tenant: &str, at: Instant) -> Result<usize> {
        let tenant = Arc::clone(self.tenant(tenant).ok_or(Error::NotFound)?);
        let mut ran = 0;
        loop {
            let due = self.claim(&tenant, at, BATCH).await?;
            if due.ours.is_empty() && due.outside.is_empty() {
                return Ok(ran);
            }
            ran += due.ours.len() + due.outside.len();
            for job in due.ours.into_iter().chain(due.outside) {
                self.run_job(&tenant, job, at).await?;
            }
        }
    }

    /// Queues what modules do once a day. For the loop, demonstrations and tests.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant, and what the database reports.
    pub async fn begin_day(&self, tenant: &str, at: Instant) -> Result<()> {
        let all = self.modules.iter().flat_map(|module| module.daily.iter().copied());
        self.queue_kinds(tenant, at, all.map(|kind| (kind, at.date().iso())).collect()).await
    }

    /// Queues what modules do whenever the clock passes so many minutes, if this is such a minute. For the loop,
    /// demonstrations and tests.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant, and what the database reports.
    pub async fn begin_minute(&self, tenant: &str, at: Instant) -> Result<()> {
        let minute = minute_of(at);
        self.begin_minutes(tenant, at, (minute - 1, minute)).await
    }

    /// The same for all minutes after one, up to another: a loop that was kept waiting leaves out none.
    async fn begin_minutes(&self, tenant: &str, at: Instant, (after, until): (i64, i64)) -> Result<()> {
        let all = self.modules.iter().flat_map(|module| module.every.iter().copied());
        let passed = all.filter_map(|(kind, minutes)| {
            let turn = until - until.rem_euclid(minutes);
            (turn > after).then(|| (kind, turn.to_string()))
        });
        let kinds: Vec<(&'static str, String)> = passed.collect();
        if kinds.is_empty() {
            return Ok(());
        }
        self.queue_kinds(tenant, at, kinds).await
    }

    async fn queue_kinds(&self, tenant: &str, at: Instant, kinds: Vec<(&'static str, String)>) -> Result<()> {
        let tenant = self.tenant(tenant).ok_or(Error::NotFound)?;
        let cx = self.system(tenant, at);
        let act = move |db: &dyn Database| {
            kernel::engine::write(db, &cx, |cx| {
                for (kind, turn) in &kinds {
                    jobs::enqueue(cx, kind, turn, &serde_json::Value::Null)?;
                }
                cx.record_nothing("queueing is no act; what the work changes is recorded by it");
                Ok(())
            })
        };
        tenant.db.write(Scope::Everything, act).await
    }

    async fn run_forever(self: Arc<Self>, tenant: Arc<Tenant>) {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        let mut swept = Instant::from_micros(0);
        let mut begun = Begun { day: None, minute: minute_of(self.clock.now()) - 1 };
        loop {
            let now = self.clock.now();
            if let Err(error) = self.begin(&tenant, now, &mut begun).await {
                tracing::error!(tenant = tenant.name, %error, "the work of the day or the minute was not queued");
            }
            if now.since(swept) > 3_600_000_000 {
                swept = now;
                self.sweep(&tenant, now).await;
            }
            let free = i64::try_from(turns.available_permits()).unwrap_or(BATCH);
            match self.claim(&tenant, now, free).await {
                Ok(due) if due.ours.is_empty() && due.outside.is_empty() => {
                    let _ = tokio::time::timeout(POLL, tenant.work.notified()).await;
                }
                Ok(due) => self.run_batch(&tenant, (due, now), &turns).await,
                Err(error) => {
                    tracing::error!(tenant = tenant.name, %error, "jobs could not be claimed");
                    tokio::time::sleep(POLL * 10).await;
                }
            }
        }
    }

    /// Queues what the clock has passed since the last time. What could not be queued is queued the next time.
    async fn begin(&self, tenant: &Tenant, now: Instant, begun: &mut Begun) -> Result<()> {
        if begun.day != Some(now.date()) {
            self.begin_day(&tenant.name, now).await?;
            begun.day = Some(now.date());
        }
        let minute = minute_of(now);
        if begun.minute != minute {
            self.begin_minutes(&tenant.name, now, (begun.minute, minute)).await?;
            begun.minute = minute;
        }
        Ok(())
    }

    /// Our own work keeps its order. What waits on the outside world runs beside the loop, so that a slow mail
    /// server holds up nothing else; only this loop takes turns, and it claims no more than are free.
    async fn run_batch(
        self: &Arc<Self>,
        tenant: &Arc<Tenant>,
        (due, now): (Due, Instant),
        turns: &Arc<Semaphore>,
    ) {
        for job in due.outside {
            let (server, tenant) = (Arc::clone(self), Arc::clone(tenant));
            let Ok(turn) = Arc::clone(turns).acquire_owned().await else { return };
            tokio::spawn(async move {
                server.run_and_keep(&tenant, job, now).await;
                drop(turn);
                // What waited for a turn has one now.
                tenant.work.notify_one();
            });
        }
        for job in due.ours {
            self.run_and_keep(tenant, job, now).await;
        }
    }

    async fn run_and_keep(self: &Arc<Self>, tenant: &Arc<Tenant>, job: Job, now: Instant) {
        let id = job.id;
        if let Err(error) = self.run_job(tenant, job, now).await {
            tracing::error!(tenant = tenant.name, job.id = id, %error, "a job's outcome was not kept");
        }
    }

    /// Takes what is due: our own, and at most `free` of what waits on the outside world.
    async fn claim(&self, tenant: &Tenant, now: Instant, free: i64) -> Result<Due> {
        let kinds: Vec<&str> = self.async_jobs.keys().copied().collect();
        let outside = format!(" {} ", kinds.join(" "));
        let until = now.plus_minutes(LEASE_MINUTES);
        let act = move |db: &dyn Database| {
            let ours = jobs::claim(db, (now, until), (&outside, false), BATCH)?;
            let outside = match free {
                1.. => jobs::claim(db, (now, until), (&outside, true), free.min(BATCH))?,
                _ => Vec::new(),
            };
            Ok(Due { ours, outside })
        };
        tenant.db.write(Scope::Everything, act).await
    }

    async fn run_job(self: &Arc<Self>, tenant: &Arc<Tenant>, job: Job, now: Instant) -> Result<()> {
        let began = std::time::Instant::now();
        let outcome = self.attempt(tenant, &job, now).await;
        let ms = began.elapsed().as_millis();
        let Err(error) = outcome else {
            tracing::info!(tenant = tenant.name, job.id, job.kind, ms, "a job is done");
            tenant.wake(None);
            return Ok(());
        };
        let dead = job.attempts >= ATTEMPTS;
        tracing::warn!(tenant = tenant.name, job.id, job.kind, job.attempts, dead, %error, "a job failed");
        // Where somebody watches how far the jobs of an act are, an hour is too long.
        let patient = job.batch.is_none() && self.async_jobs.contains_key(job.kind.as_str());
        let wait = if patient { long_wait(job.attempts) } else { short_wait(job.attempts) };
        let (next, text) = (now.plus_secs(wait), error.to_string());
        let act = move |db: &dyn Database| jobs::failed(db, &job, (dead, next), &text);
        tenant.db.write(Scope::Everything, act).await
    }

    async fn attempt(self: &Arc<Self>, tenant: &Arc<Tenant>, job: &Job, now: Instant) -> Result<()> {
        if job.attempts > ATTEMPTS {
            // Its lease ended each time without a word: the process died of it.
            return Err(Error::internal("whoever ran this job never came back"));
        }
        let payload: serde_json::Value = serde_json::from_str(&job.payload)
            .map_err(|e| Error::internal(format!("the payload of job {}: {e}", job.id)))?;
        if let Some(run) = self.handler(&job.kind) {
            let (cx, job) = (self.system(tenant, now), job.clone());
            let act = move |db: &dyn Database| {
                run(db, &cx, &payload)?;
                jobs::done(db, &job)
            };
            return tenant.db.write(Scope::Everything, act).await;
        }
        let run = self.async_jobs.get(job.kind.as_str());
        let run = run.ok_or_else(|| Error::internal(format!("nobody runs jobs of kind {}", job.kind)))?;
        run(Arc::clone(self), tenant.name.clone(), payload).await?;
        let job = job.clone();
        tenant.db.write(Scope::Everything, move |db| jobs::done(db, &job)).await
    }

    /// Runs a module's handler at once, outside the queue.
    ///
    /// # Errors
    /// `Internal` when no module handles the kind, and what the handler answers.
    pub(crate) async fn run_now(
        &self,
        tenant: &Arc<Tenant>,
        kind: &str,
        payload: serde_json::Value,
    ) -> Result<()> {
        let run = self.handler(kind);
        let run = run.ok_or_else(|| Error::internal(format!("nobody runs jobs of kind {kind}")))?;
        let cx = self.system(tenant, self.clock.now());
        tenant.db.write(Scope::Everything, move |db| run(db, &cx, &payload)).await
    }

    pub(crate) fn handler(&self, kind: &str) -> Option<JobRun> {
        let all = self.modules.iter().flat_map(|module| &module.jobs);
        all.filter(|(name, _)| *name == kind).map(|(_, run)| Arc::clone(run)).next()
    }

    async fn sweep(&self, tenant: &Tenant, now: Instant) {
        let before = now.plus_days(-ONCE_DAYS);
        let forget = move |db: &dyn Database| {
            once::forget(db, before)?;
            jobs::forget(db, before)?;
            platform::scans::enrol(db, now)?;
            platform::webhooks::forget(db, now.plus_days(-CALLS_DAYS))?;
            platform::sessions::forget_attempts(db, before)
        };
        let swept = tenant.db.write(Scope::Everything, forget).await;
        if let Err(error) = swept {
            tracing::warn!(tenant = tenant.name, %error, "old form keys were not forgotten");
        }
        if let Err(error) = self.measure(&tenant.name, now).await {
            tracing::warn!(tenant = tenant.name, %error, "the tenant was not measured");
        }
        match self.collect_files(&tenant.name, now).await {
            Ok(0) => {}
            Ok(files) => {
                tracing::info!(tenant = tenant.name, files, "files nobody came to hold were removed");
            }
            Err(error) => tracing::warn!(tenant = tenant.name, %error, "files were not collected"),
        }
    }
}

/// Jobs that are due.
struct Due {
    ours: Vec<Job>,
    outside: Vec<Job>,
}

/// Up to when the work of the clock was queued.
struct Begun {
    day: Option<Date>,
    minute: i64,
}

fn minute_of(at: Instant) -> i64 {
    at.micros().div_euclid(60_000_000)
}

/// Seconds until our own work is tried again.
fn short_wait(attempts: i64) -> i64 {
    1_i64.checked_shl(u32::try_from(attempts).unwrap_or(0)).unwrap_or(1)
}

/// Seconds until the outside world is asked again.
fn long_wait(attempts: i64) -> i64 {
    let at = usize::try_from(attempts - 1).unwrap_or(0).min(WAITS.len() - 1);
    WAITS.get(at).copied().unwrap_or(1) * 60
}

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
use base::{Error, Instant, Result};
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
            let due = claim(&tenant, at).await?;
            if due.is_empty() {
                return Ok(ran);
            }
            ran += due.len();
            for job in due {
                self.run_job(&tenant, job, at).await?;
            }
        }
    }

    /// Queues what modules do once a day. For the loop, demonstrations and tests.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant, and what the database reports.
    pub async fn begin_day(&self, tenant: &str, at: Instant) -> Result<()> {
        let kinds = self.modules.iter().flat_map(|module| module.daily.iter().copied()).collect();
        self.queue_kinds(tenant, at, (kinds, at.date().iso())).await
    }

    /// Queues what modules do whenever the clock passes so many minutes, if this is such a minute. For the loop,
    /// demonstrations and tests.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant, and what the database reports.
    pub async fn begin_minute(&self, tenant: &str, at: Instant) -> Result<()> {
        let minute = at.micros().div_euclid(60_000_000);
        let all = self.modules.iter().flat_map(|module| module.every.iter().copied());
        let kinds: Vec<&'static str> =
            all.filter(|(_, minutes)| minute.rem_euclid(*minutes) == 0).map(|(kind, _)| kind).collect();
        if kinds.is_empty() {
            return Ok(());
        }
        self.queue_kinds(tenant, at, (kinds, minute.to_string())).await
    }

    async fn queue_kinds(
        &self,
        tenant: &str,
        at: Instant,
        (kinds, turn): (Vec<&'static str>, String),
    ) -> Result<()> {
        let tenant = self.tenant(tenant).ok_or(Error::NotFound)?;
        let cx = self.system(tenant, at);
        let act = move |db: &dyn Database| {
            kernel::engine::write(db, &cx, |cx| {
                for kind in &kinds {
                    jobs::enqueue(cx, kind, &turn, &serde_json::Value::Null)?;
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
        let (mut day, mut minute) = (None, None);
        loop {
            let now = self.clock.now();
            if day != Some(now.date()) {
                day = Some(now.date());
                if let Err(error) = self.begin_day(&tenant.name, now).await {
                    tracing::error!(tenant = tenant.name, %error, "the work of the day was not queued");
                }
            }
            let passed = now.micros().div_euclid(60_000_000);
            if minute != Some(passed) {
                minute = Some(passed);
                if let Err(error) = self.begin_minute(&tenant.name, now).await {
                    tracing::error!(tenant = tenant.name, %error, "the work of the minute was not queued");
                }
            }
            if now.since(swept) > 3_600_000_000 {
                swept = now;
                self.sweep(&tenant, now).await;
            }
            match claim(&tenant, now).await {
                Ok(due) if due.is_empty() => {
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

    /// Our own work keeps its order. What waits on the outside world runs beside the loop, so that a slow mail
    /// server holds up nothing else.
    async fn run_batch(
        self: &Arc<Self>,
        tenant: &Arc<Tenant>,
        (due, now): (Vec<Job>, Instant),
        turns: &Arc<Semaphore>,
    ) {
        for job in due {
            let outside = self.async_jobs.contains_key(job.kind.as_str());
            let (server, tenant) = (Arc::clone(self), Arc::clone(tenant));
            let run = async move {
                let id = job.id;
                if let Err(error) = server.run_job(&tenant, job, now).await {
                    tracing::error!(tenant = tenant.name, job.id = id, %error, "a job's outcome was not kept");
                }
            };
            match Arc::clone(turns).try_acquire_owned() {
                Ok(turn) if outside => {
                    let run = async move {
                        run.await;
                        drop(turn);
                    };
                    tokio::spawn(run);
                }
                _ => run.await,
            }
        }
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
        let wait = 1_i64.checked_shl(u32::try_from(job.attempts).unwrap_or(0)).unwrap_or(1);
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

async fn claim(tenant: &Tenant, now: Instant) -> Result<Vec<Job>> {
    let lease = now.plus_minutes(LEASE_MINUTES);
    tenant.db.write(Scope::Everything, move |db| jobs::claim(db, now, lease, BATCH)).await
}

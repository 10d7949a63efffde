//! Carries envelopes from the outbox of one agency into the inbox of another: between agencies of one tenant, between
//! tenants of this process, and to other machines. At least once from here, once only in the inbox.

mod arrivals;
mod carrier;
mod gauges;
mod homes;
mod looking;
mod parcels;
mod parts;
mod passing;
pub(crate) mod port;
mod receipts;
mod sealed;
mod sending;
mod settle;
mod taking;
mod wire;

use crate::evidence::Noting;
use crate::server::{Server, Tenant};
use base::{Error, Instant, Result};
use homes::Home;
use kernel::{Database, Dialect, JobRun, Refusal, Scope, System, engine};
use parcels::Way;
use platform::exchange::{self, Due};
use platform::{organisations, packets};
pub(crate) use settle::Outcome;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

const POLL: Duration = Duration::from_millis(500);
/// Deliveries a transaction carries: enough for a fast commit, few enough to keep the writer free.
const BATCH: i64 = 64;

/// For so long a batch is this process's: longer than any takes, short enough when a process ends in the middle.
const LEASE_MINUTES: i64 = 2;
const UNREACHABLE: &str = "platform.exchange.unreachable";
const CONTESTED: &str = "platform.exchange.contested";
const BUSY: &str = "platform.exchange.busy";
const UNKNOWN: &str = "platform.exchange.unknown_recipient";
const LOCKED: &str = "platform.exchange.locked_recipient";
const ENDED: &str = "platform.exchange.ended_recipient";

impl Server {
    /// Starts the carriers of all tenants. They end when the handles are aborted; what was not carried waits
    /// in its outbox.
    pub fn spawn_exchange(self: &Arc<Self>) -> Vec<JoinHandle<()>> {
        self.tenants().map(|tenant| tokio::spawn(Arc::clone(self).carry_all(Arc::clone(tenant)))).collect()
    }

    /// Near and far. On a file of its own a process takes up at once what the one before it was about; on PostgreSQL
    /// there may be others, and leases end by themselves.
    async fn carry_all(self: Arc<Self>, tenant: Arc<Tenant>) {
        if tenant.db.dialect() == Dialect::Sqlite
            && let Err(error) = tenant.db.write(Scope::Everything, packets::take_up).await
        {
            tracing::error!(tenant = tenant.name, %error, "what was under way waits until its leases end");
        }
        match self.node.clone() {
            Some(node) => {
                let far = Arc::clone(&self).carry_far(node, Arc::clone(&tenant));
                tokio::join!(self.carry_forever(tenant), far);
            }
            None => self.carry_forever(tenant).await,
        }
    }

    async fn carry_forever(self: Arc<Self>, tenant: Arc<Tenant>) {
        let mut news = tenant.events.subscribe();
        loop {
            match self.carry(&tenant, self.clock.now()).await {
                Ok(0) => {
                    let _ = tokio::time::timeout(POLL, news.recv()).await;
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(tenant = tenant.name, %error, "envelopes could not be carried");
                    tokio::time::sleep(POLL * 4).await;
                }
            }
        }
    }

    /// Carries everything that is due at a moment, and what that causes, until nothing is left. Answers how
    /// many deliveries were tried. For demonstrations and tests.
    ///
    /// # Errors
    /// What a database reports.
    pub async fn pump(self: &Arc<Self>, at: Instant) -> Result<usize> {
        let mut carried = 0;
        loop {
            let mut now = 0;
            for tenant in self.tenants() {
                now += self.carry(tenant, at).await? + self.pump_far(tenant, at).await?;
            }
            if now == 0 {
                return Ok(carried);
            }
            carried += now;
        }
    }

    /// One batch of one tenant's outbox.
    async fn carry(&self, sender: &Arc<Tenant>, at: Instant) -> Result<usize> {
        if !self.read_as_system(sender, at, exchange::any_due).await? {
            return Ok(0);
        }
        self.may_exchange(sender, at).await?;
        let until = at.plus_minutes(LEASE_MINUTES);
        let claim = move |db: &dyn Database| exchange::claim(db, (at, until), BATCH);
        let due = sender.db.write(Scope::Everything, claim).await?;
        let tried = due.len();
        let mut outcomes: Vec<(Due, Outcome)> = Vec::with_capacity(tried);
        let mut by_tenant: BTreeMap<String, Vec<Due>> = BTreeMap::new();
        let mut elsewhere = Vec::new();
        let homes = self.homes_of(&due, at).await;
        for one in due {
            match homes.home(&sender.name, &one) {
                Home::In(tenant) => by_tenant.entry(tenant).or_default().push(one),
                Home::Nowhere => match self.beyond(&one.to_code, at) {
                    Outcome::Failed(UNKNOWN) => elsewhere.push(one),
                    outcome => outcomes.push((one, outcome)),
                },
                Home::Unseen => {
                    let why = "a tenant could not be asked".to_owned();
                    outcomes.push((one, Outcome::Later(UNREACHABLE, why)));
                }
                Home::Contested => {
                    let why = "two tenants hold the code".to_owned();
                    outcomes.push((one, Outcome::Later(CONTESTED, why)));
                }
            }
        }
        for (name, batch) in by_tenant {
            if let Some(receiver) = self.tenant(&name) {
                outcomes.extend(self.deliver((sender, receiver), batch, at).await);
                receiver.wake(None);
                receiver.work.notify_one();
            }
        }
        outcomes.extend(self.leave_by_connectors(sender, elsewhere, at).await?);
        self.settle_outcomes(sender, (outcomes, Vec::new()), at).await?;
        sender.wake(None);
        Ok(tried)
    }

    /// The way to a recipient that works in no tenant here, by the directory.
    fn beyond(&self, code: &str, at: Instant) -> Outcome {
        let Some(node) = &self.node else { return Outcome::Failed(UNKNOWN) };
        match parcels::way(node, code, at) {
            Way::By(next) => Outcome::Far(next),
            Way::None(key) => Outcome::Failed(key),
            // The directory says it works here, and no tenant has it.
            Way::Here => Outcome::Failed(UNKNOWN),
            Way::Unseen => Outcome::Later(UNREACHABLE, "no directory was seen yet".to_owned()),
        }
    }

    /// Delivers a batch in one transaction; when that fails, one by one, so that a bad letter holds up no
    /// other.
    async fn deliver(
        &self,
        (sender, receiver): (&Arc<Tenant>, &Arc<Tenant>),
        batch: Vec<Due>,
        at: Instant,
    ) -> Vec<(Due, Outcome)> {
        let mut outcomes = Vec::with_capacity(batch.len());
        let mut ready = Vec::with_capacity(batch.len());
        let mut carried: BTreeMap<uuid::Uuid, Option<String>> = BTreeMap::new();
        for due in batch {
            if let std::collections::btree_map::Entry::Vacant(entry) = carried.entry(due.envelope) {
                let own = Arc::ptr_eq(sender, receiver);
                let carried = carry_files((sender, receiver), (&due, at), false);
                let trouble = if own { None } else { carried.await.err() };
                entry.insert(trouble.map(|error| error.to_string()));
            }
            match carried.get(&due.envelope).and_then(Option::as_ref) {
                Some(why) => outcomes.push((due, Outcome::Later(UNREACHABLE, why.clone()))),
                None => ready.push(due),
            }
        }
        let ready = Arc::new(ready);
        if self.hand_over(receiver, Arc::clone(&ready), at).await.is_ok() {
            self.complete((sender, receiver), &ready, at).await;
            outcomes.extend(ready.iter().map(|due| (due.clone(), Outcome::Sent)));
            return outcomes;
        }
        for due in ready.iter() {
            let outcome = match self.hand_over(receiver, Arc::new(vec![due.clone()]), at).await {
                Ok(()) => Outcome::Sent,
                Err(Error::Refused(refusal)) => Outcome::Failed(refusal.key),
                Err(error) => Outcome::unreachable(&error),
            };
            outcomes.push((due.clone(), outcome));
        }
        outcomes
    }

    /// A file may have been destroyed between its arrival and the row that names it: now that the row is there it
    /// stays.
    async fn complete(&self, (sender, receiver): (&Arc<Tenant>, &Arc<Tenant>), ready: &[Due], at: Instant) {
        if Arc::ptr_eq(sender, receiver) {
            return;
        }
        for due in ready.chunk_by(|a, b| a.envelope == b.envelope).filter_map(<[Due]>::first) {
            if let Err(error) = carry_files((sender, receiver), (due, at), true).await {
                tracing::error!(tenant = receiver.name, %error, "files of a delivery may be missing");
            }
        }
    }

    async fn hand_over(&self, receiver: &Arc<Tenant>, batch: Arc<Vec<Due>>, at: Instant) -> Result<()> {
        let mut listeners: BTreeMap<String, JobRun> = BTreeMap::new();
        for due in batch.iter() {
            let kind = format!("envelope.{}", due.sealing.kind);
            if let Some(run) = self.handler(&kind) {
                listeners.insert(due.sealing.kind.clone(), run);
            }
        }
        let cx = self.system(receiver, at);
        let act = move |db: &dyn Database| {
            let mut read: Option<(uuid::Uuid, serde_json::Value)> = None;
            let mut noting = Noting::default();
            for due in batch.iter() {
                engine::read::<System, ()>(db, &cx, |cx| may_receive(cx, &due.to_code))?;
                let kind = &due.sealing.kind;
                let listener = listeners
                    .get(kind)
                    .ok_or_else(|| Error::internal(format!("nobody listens to {kind} envelopes")))?;
                // A broadcast is one envelope for many: it is read once, and only the address changes.
                if read.as_ref().is_none_or(|(id, _)| *id != due.envelope) {
                    let body: serde_json::Value =
                        serde_json::from_str(&due.sealing.body).map_err(|e| Error::Internal(e.into()))?;
                    read = Some((due.envelope, serde_json::json!({ "envelope": body, "to": "" })));
                }
                let Some((_, payload)) = &mut read else { continue };
                if let Some(to) = payload.get_mut("to") {
                    *to = serde_json::Value::String(due.to_code.clone());
                }
                listener(db, &cx, payload)?;
                engine::write(db, &cx, |cx| {
                    cx.record_nothing("the journal is a chain of its own");
                    let packet = (due.envelope, due.sealing.body.as_str());
                    noting.received(cx, packet, (&due.sealing.from_code, &due.to_code)).map(drop)
                })?;
            }
            Ok(())
        };
        receiver.db.write(Scope::Everything, act).await
    }
}

/// A locked agency takes nothing, even from those who sealed before it was locked.
fn may_receive(cx: &kernel::Raw<'_>, code: &str) -> Result<()> {
    match organisations::by_code(cx, code)? {
        Some(agency) if agency.locked => Err(Refusal::new(LOCKED).into()),
        Some(_) => Ok(()),
        None => Err(Refusal::new(UNKNOWN).into()),
    }
}

/// Brings the files of an envelope into the receiver's store, as they lie sealed on disk; only their keys are wrapped
/// anew. Those that are there may be left out.
async fn carry_files(
    (sender, receiver): (&Tenant, &Tenant),
    (due, now): (&Due, Instant),
    only_missing: bool,
) -> Result<()> {
    if due.sealing.kind != "document" {
        return Ok(());
    }
    let body: contracts::Envelope =
        serde_json::from_str(&due.sealing.body).map_err(|e| Error::Internal(e.into()))?;
    if let contracts::Sealed::Document(document) = body.sealed {
        for file in document.attachments {
            if only_missing && receiver.files.has(&file.sha256) {
                continue;
            }
            // Nothing holds it here until the letter is handed over.
            receiver.announce(&file.sha256, (None, now)).await?;
            receiver.files.take_over(&sender.files, &file.sha256).await?;
        }
    }
    Ok(())
}

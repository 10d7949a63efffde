//! Carries envelopes from the outbox of one agency into the inbox of another, in this process: between
//! agencies of one tenant and between tenants. At least once from here, once only in the inbox.

use crate::server::{Server, Tenant};
use base::{Error, Instant, Result};
use kernel::{Database, JobRun, Refusal, Scope, System, engine};
use platform::exchange::{self, Due, Undelivered};
use platform::organisations;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

const POLL: Duration = Duration::from_millis(500);
/// Deliveries a transaction carries: enough for a fast commit, few enough to keep the writer free.
const BATCH: i64 = 64;

/// What became of a delivery.
enum Outcome {
    Sent,
    /// It will never arrive; the text key of the reason.
    Failed(&'static str),
    /// It may arrive later.
    Later(String),
}

impl Server {
    /// Starts the carriers of all tenants. They end when the handles are aborted; what was not carried waits
    /// in its outbox.
    pub fn spawn_exchange(self: &Arc<Self>) -> Vec<JoinHandle<()>> {
        self.tenants()
            .map(|tenant| tokio::spawn(Arc::clone(self).carry_forever(Arc::clone(tenant))))
            .collect()
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
                now += self.carry(tenant, at).await?;
            }
            if now == 0 {
                return Ok(carried);
            }
            carried += now;
        }
    }

    /// One batch of one tenant's outbox.
    async fn carry(&self, sender: &Arc<Tenant>, at: Instant) -> Result<usize> {
        let due = self.read_as_system(sender, at, |cx| exchange::due(cx, BATCH)).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let tried = due.len();
        let mut outcomes: Vec<(Due, Outcome)> = Vec::with_capacity(tried);
        let mut by_tenant: BTreeMap<String, Vec<Due>> = BTreeMap::new();
        let homes = self.homes_of(&due, at).await?;
        for one in due {
            match home(&homes, &sender.name, &one) {
                Ok(Some(tenant)) => by_tenant.entry(tenant.to_owned()).or_default().push(one),
                Err(Contested) => {
                    outcomes.push((one, Outcome::Later("two tenants hold the code".to_owned())));
                }
                Ok(None) => outcomes.push((one, Outcome::Failed("platform.exchange.unknown_recipient"))),
            }
        }
        for (name, batch) in by_tenant {
            if let Some(receiver) = self.tenant(&name) {
                outcomes.extend(self.deliver((sender, receiver), batch, at).await);
                receiver.wake(None);
                receiver.work.notify_one();
            }
        }
        self.settle_outcomes(sender, outcomes, at).await?;
        sender.wake(None);
        Ok(tried)
    }

    /// The tenants in which each sender and recipient of a batch works.
    async fn homes_of(&self, due: &[Due], at: Instant) -> Result<Homes> {
        let codes = due.iter().flat_map(|one| [&one.to_code, &one.from_code]).cloned();
        let codes: Arc<BTreeSet<String>> = Arc::new(codes.collect());
        let mut homes = Homes::new();
        for tenant in self.tenants() {
            let codes = Arc::clone(&codes);
            let local = self
                .read_as_system(tenant, at, move |cx| {
                    let mut local = Vec::new();
                    for code in codes.iter() {
                        if organisations::by_code(cx, code)?.is_some_and(|agency| agency.local) {
                            local.push(code.clone());
                        }
                    }
                    Ok(local)
                })
                .await?;
            for code in local {
                homes.entry(code).or_default().push(tenant.name.clone());
            }
        }
        Ok(homes)
    }

    /// Delivers a batch in one transaction; when that fails, one by one, so that a bad letter holds up no
    /// other.
    async fn deliver(
        &self,
        (sender, receiver): (&Arc<Tenant>, &Arc<Tenant>),
        batch: Vec<Due>,
        at: Instant,
    ) -> Vec<(Due, Outcome)> {
        let batch = Arc::new(batch);
        if !Arc::ptr_eq(sender, receiver)
            && let Err(error) = carry_files(sender, receiver, &batch).await
        {
            let later = |due: &Due| (due.clone(), Outcome::Later(error.to_string()));
            return batch.iter().map(later).collect();
        }
        if self.hand_over(receiver, Arc::clone(&batch), at).await.is_ok() {
            return batch.iter().map(|due| (due.clone(), Outcome::Sent)).collect();
        }
        let mut outcomes = Vec::with_capacity(batch.len());
        for due in batch.iter() {
            let outcome = match self.hand_over(receiver, Arc::new(vec![due.clone()]), at).await {
                Ok(()) => Outcome::Sent,
                Err(Error::Refused(refusal)) => Outcome::Failed(refusal.key),
                Err(error) => Outcome::Later(error.to_string()),
            };
            outcomes.push((due.clone(), outcome));
        }
        outcomes
    }

    async fn hand_over(&self, receiver: &Arc<Tenant>, batch: Arc<Vec<Due>>, at: Instant) -> Result<()> {
        let mut listeners: BTreeMap<String, JobRun> = BTreeMap::new();
        for due in batch.iter() {
            let kind = format!("envelope.{}", due.kind);
            if let Some(run) = self.handler(&kind) {
                listeners.insert(due.kind.clone(), run);
            }
        }
        let cx = self.system(receiver, at);
        let act = move |db: &dyn Database| {
            let mut read: Option<(uuid::Uuid, serde_json::Value)> = None;
            for due in batch.iter() {
                engine::read::<System, ()>(db, &cx, |cx| may_receive(cx, &due.to_code))?;
                let listener = listeners
                    .get(&due.kind)
                    .ok_or_else(|| Error::internal(format!("nobody listens to {} envelopes", due.kind)))?;
                // A broadcast is one envelope for many: its body is read once.
                if read.as_ref().is_none_or(|(id, _)| *id != due.envelope) {
                    let body = serde_json::from_str(&due.body).map_err(|e| Error::Internal(e.into()))?;
                    read = Some((due.envelope, body));
                }
                let body = read.as_ref().map(|(_, body)| body.clone()).unwrap_or_default();
                let payload = serde_json::json!({ "envelope": body, "to": due.to_code });
                listener(db, &cx, &payload)?;
            }
            Ok(())
        };
        receiver.db.write(Scope::Everything, act).await
    }

    /// Writes into the sender's outbox what became of its deliveries, and tells the sender's module of those
    /// that will never arrive.
    async fn settle_outcomes(
        &self,
        sender: &Arc<Tenant>,
        outcomes: Vec<(Due, Outcome)>,
        at: Instant,
    ) -> Result<()> {
        let undelivered = self.handler("envelope.undelivered");
        let cx = self.system(sender, at);
        let act = move |db: &dyn Database| {
            engine::write(db, &cx, |cx| {
                cx.record_nothing("the outbox keeps its own states");
                for (due, outcome) in &outcomes {
                    match outcome {
                        Outcome::Sent => exchange::sent(cx, due.id)?,
                        Outcome::Failed(reason) => exchange::failed(cx, due, reason)?,
                        Outcome::Later(why) => {
                            tracing::warn!(to = due.to_code, why, "a delivery is put off");
                            exchange::later(cx, due, "platform.exchange.unreachable")?;
                        }
                    }
                }
                Ok(())
            })?;
            let Some(listener) = &undelivered else { return Ok(()) };
            for (due, outcome) in &outcomes {
                let Outcome::Failed(reason) = outcome else { continue };
                let told = Undelivered {
                    envelope: due.envelope,
                    kind: due.kind.clone(),
                    agency: due.agency,
                    to: due.to_code.clone(),
                    reason: (*reason).to_owned(),
                };
                let payload = serde_json::to_value(told).map_err(|e| Error::Internal(e.into()))?;
                listener(db, &cx, &payload)?;
            }
            Ok(())
        };
        sender.db.write(Scope::Everything, act).await
    }
}

/// The tenants that hold an agency under a code.
type Homes = BTreeMap<String, Vec<String>>;

/// Two tenants hold an agency under one code: until an operator settles whose it is, nothing goes from one
/// tenant to another under it. Else whoever enters the code of a stranger in their own directory would read the
/// stranger's letters, and write in its name.
struct Contested;

/// The tenant a delivery goes to: the sender's own when the recipient works there. `None` when nobody knows it.
fn home<'h>(homes: &'h Homes, sender: &str, due: &Due) -> std::result::Result<Option<&'h str>, Contested> {
    let of = |code: &str| homes.get(code).map_or(&[][..], Vec::as_slice);
    let to = of(&due.to_code);
    if let Some(own) = to.iter().find(|tenant| *tenant == sender) {
        return Ok(Some(own));
    }
    match to {
        [] => Ok(None),
        [one] if of(&due.from_code).iter().all(|tenant| tenant == sender) => Ok(Some(one)),
        _ => Err(Contested),
    }
}

/// A locked agency takes nothing, even from those who sealed before it was locked.
fn may_receive(cx: &kernel::Raw<'_>, code: &str) -> Result<()> {
    match organisations::by_code(cx, code)? {
        Some(agency) if agency.locked => Err(Refusal::new("platform.exchange.locked_recipient").into()),
        Some(_) => Ok(()),
        None => Err(Refusal::new("platform.exchange.unknown_recipient").into()),
    }
}

/// Brings the files of a batch into the receiver's store: the same bytes on disk, linked, not copied, where
/// both stores are on one disk.
async fn carry_files(sender: &Tenant, receiver: &Tenant, batch: &[Due]) -> Result<()> {
    let mut seen: Option<uuid::Uuid> = None;
    for due in batch.iter().filter(|due| due.kind == "document") {
        if seen == Some(due.envelope) {
            continue;
        }
        seen = Some(due.envelope);
        let body: contracts::Envelope =
            serde_json::from_str(&due.body).map_err(|e| Error::Internal(e.into()))?;
        if let contracts::Sealed::Document(document) = body.sealed {
            for file in document.attachments {
                receiver.files.hard_link_from(&sender.files, &file.sha256).await?;
            }
        }
    }
    Ok(())
}

//! Carries envelopes from the outbox of one agency into the inbox of another, in this process: between
//! agencies of one tenant and between tenants. At least once from here, once only in the inbox.

use crate::server::{Server, Tenant};
use base::{Error, Instant, Result};
use kernel::{Database, JobRun, Refusal, Scope, System, Writer, engine, jobs};
use platform::exchange::{self, Due, Undelivered};
use platform::homes::{self, Holding};
use platform::organisations;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;

const POLL: Duration = Duration::from_millis(500);
/// Deliveries a transaction carries: enough for a fast commit, few enough to keep the writer free.
const BATCH: i64 = 64;

/// For so long a batch is this process's: longer than any takes, short enough when a process ends in the middle.
const LEASE_MINUTES: i64 = 2;
const UNREACHABLE: &str = "platform.exchange.unreachable";
const CONTESTED: &str = "platform.exchange.contested";

/// What became of a delivery.
pub(crate) enum Outcome {
    Sent,
    /// It will never arrive; the text key of the reason.
    Failed(&'static str),
    /// It may arrive later: the text key people read, and why, for the log.
    Later(&'static str, String),
}

impl Outcome {
    fn unreachable(why: &Error) -> Outcome {
        Outcome::Later(UNREACHABLE, why.to_string())
    }
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
        if !self.read_as_system(sender, at, exchange::any_due).await? {
            return Ok(0);
        }
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
                Home::Nowhere => elsewhere.push(one),
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
        self.settle_outcomes(sender, outcomes, at).await?;
        sender.wake(None);
        Ok(tried)
    }

    /// The tenants in which each sender and recipient of a batch works. A tenant that does not answer is taken as
    /// it was seen last: it must not stop the letters of the others.
    async fn homes_of(&self, due: &[Due], at: Instant) -> Homes {
        let codes = due.iter().flat_map(|one| [&one.to_code, &one.sealing.from_code]).cloned();
        let codes: Arc<BTreeSet<String>> = Arc::new(codes.collect());
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
            }
            Ok(())
        };
        receiver.db.write(Scope::Everything, act).await
    }

    /// Writes into the sender's outbox what became of its deliveries. The sender's module is told of those that will
    /// never arrive by a job of its own: were it to fail, the batch would be carried for ever.
    pub(crate) async fn settle_outcomes(
        &self,
        sender: &Arc<Tenant>,
        outcomes: Vec<(Due, Outcome)>,
        at: Instant,
    ) -> Result<()> {
        let told = self.handler(UNDELIVERED).is_some();
        let overtaken = self.handler(OVERTAKEN).is_some();
        let cx = self.system(sender, at);
        let act = move |db: &dyn Database| {
            engine::write(db, &cx, |cx| {
                cx.record_nothing("the outbox keeps its own states");
                for (due, outcome) in &outcomes {
                    match outcome {
                        Outcome::Sent => {
                            if let Some(late) = exchange::sent(cx, due)?
                                && overtaken
                            {
                                let payload =
                                    serde_json::to_value(late).map_err(|e| Error::Internal(e.into()))?;
                                jobs::enqueue(cx, OVERTAKEN, &due.id.to_string(), &payload)?;
                            }
                        }
                        Outcome::Failed(reason) => {
                            if exchange::failed(cx, due, reason)? && told {
                                tell(cx, due, reason)?;
                            }
                        }
                        Outcome::Later(key, why) => {
                            tracing::warn!(to = due.to_code, why, "a delivery is put off");
                            exchange::later(cx, due, key)?;
                        }
                    }
                }
                Ok(())
            })
        };
        sender.db.write(Scope::Everything, act).await?;
        sender.work.notify_one();
        Ok(())
    }
}

const UNDELIVERED: &str = "envelope.undelivered";
/// What was withdrawn too late.
const OVERTAKEN: &str = "envelope.overtaken";

/// Queues the news that a delivery has failed for good.
fn tell(cx: &mut Writer<'_, System>, due: &Due, reason: &str) -> Result<()> {
    let told = Undelivered {
        envelope: due.envelope,
        kind: due.sealing.kind.clone(),
        agency: due.agency,
        to: due.to_code.clone(),
        reason: reason.to_owned(),
    };
    let payload = serde_json::to_value(told).map_err(|e| Error::Internal(e.into()))?;
    jobs::enqueue(cx, UNDELIVERED, &format!("{} {}", due.id, due.attempts), &payload)
}

/// Which tenants hold an agency under a code, the one with the best claim first.
#[derive(Default)]
struct Homes {
    of: BTreeMap<String, Vec<(Holding, String)>>,
    /// True when a tenant did not answer, and what it holds was never seen.
    blind: bool,
}

/// Where a delivery goes.
enum Home {
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
    fn owner(&self, code: &str) -> std::result::Result<Option<&str>, ()> {
        match self.of.get(code).map_or(&[][..], Vec::as_slice) {
            [] => Ok(None),
            [(first, _), (second, _), ..] if first == second => Err(()),
            [(_, tenant), ..] => Ok(Some(tenant)),
        }
    }

    /// The sender's own tenant when the recipient works there, else the owner of the code.
    fn home(&self, sender: &str, due: &Due) -> Home {
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

/// A locked agency takes nothing, even from those who sealed before it was locked.
fn may_receive(cx: &kernel::Raw<'_>, code: &str) -> Result<()> {
    match organisations::by_code(cx, code)? {
        Some(agency) if agency.locked => Err(Refusal::new("platform.exchange.locked_recipient").into()),
        Some(_) => Ok(()),
        None => Err(Refusal::new("platform.exchange.unknown_recipient").into()),
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

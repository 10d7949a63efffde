//! Carries to other machines: a lane for each machine and urgency, one carrier a lane, several packets in one request on
//! a connection that is kept.

use super::parcels::{self, Load, Of, Parcel};
use super::receipts;
use super::settle::{Outcome, Proved};
use super::wire::Wire;
use super::{BUSY, POLL, UNREACHABLE};
use crate::node::Node;
use crate::server::{Server, Tenant};
use base::{Error, Instant, Result};
use contracts::packet::{Answer, Handed, Receipted};
use kernel::{Database, Scope};
use platform::exchange::Due;
use platform::links::{self, Lane};
use platform::packets;
use platform::relays::{self, Passing};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Deliveries one request carries at most.
const BATCH: i64 = 64;
/// A lane is a process's for so long after it was used.
const TURN_SECS: i64 = 30;
/// A carrier that has found nothing so often ends; its connection with it.
const IDLE: u32 = 40;
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// Whoever carries on one lane of one tenant.
pub(super) struct Carrier {
    pub(super) server: Arc<Server>,
    pub(super) node: Arc<Node>,
    pub(super) tenant: Arc<Tenant>,
    pub(super) lane: Lane,
    turn_until: Instant,
    pub(super) wire: Option<Wire>,
    /// More connections, for files.
    pub(super) spare: Vec<Wire>,
    /// How often in a row the machine was not reached.
    failed: u32,
}

/// What a round came to.
enum Round {
    Nothing,
    Carried,
    Wait(Duration),
}

impl Server {
    /// Starts a carrier for each lane on which something waits, for ever.
    pub(super) async fn carry_far(self: Arc<Self>, node: Arc<Node>, tenant: Arc<Tenant>) {
        let mut news = tenant.events.subscribe();
        let (mut busy, mut carriers) = (BTreeSet::new(), JoinSet::new());
        loop {
            match self.lanes(&tenant).await {
                Ok(lanes) => {
                    for lane in lanes {
                        if busy.insert(lane.clone()) {
                            let carrier = self.carrier(&node, &tenant, lane);
                            carriers.spawn(carrier.carry_on());
                        }
                    }
                }
                Err(error) => tracing::error!(tenant = tenant.name, %error, "lanes could not be read"),
            }
            while let Some(ended) = carriers.try_join_next() {
                match ended {
                    Ok(lane) => drop(busy.remove(&lane)),
                    // Which lane it was is not said; those that are still carried refuse a second carrier.
                    Err(cause) => {
                        tracing::error!(%cause, "a carrier was lost");
                        busy.clear();
                        carriers.abort_all();
                    }
                }
            }
            let _ = tokio::time::timeout(POLL, news.recv()).await;
        }
    }

    /// Carries what waits on all lanes of a tenant until nothing moves any more. For demonstrations and tests.
    ///
    /// # Errors
    /// What a database reports.
    pub(super) async fn pump_far(self: &Arc<Self>, tenant: &Arc<Tenant>, at: Instant) -> Result<usize> {
        let Some(node) = &self.node else { return Ok(0) };
        let mut carried = 0;
        for lane in self.lanes(tenant).await? {
            let mut carrier = self.carrier(node, tenant, lane);
            while matches!(carrier.round(at).await?, Round::Carried) {
                carried += 1;
            }
        }
        Ok(carried)
    }

    fn carrier(self: &Arc<Self>, node: &Arc<Node>, tenant: &Arc<Tenant>, lane: Lane) -> Carrier {
        Carrier {
            server: Arc::clone(self),
            node: Arc::clone(node),
            tenant: Arc::clone(tenant),
            lane,
            turn_until: Instant::from_micros(0),
            wire: None,
            spare: Vec::new(),
            failed: 0,
        }
    }

    /// The lanes on which something waits. What only passes this machine is kept in the first tenant.
    async fn lanes(&self, tenant: &Arc<Tenant>) -> Result<BTreeSet<Lane>> {
        let passing = self.keeps_passing(tenant);
        let now = self.clock.now();
        let nodes = self.read_as_system(tenant, now, packets::nodes).await?;
        let mut nodes: BTreeSet<String> = nodes.into_iter().collect();
        if passing {
            nodes.extend(tenant.db.read(Scope::Everything, relays::waiting).await?);
        }
        let both = |node: String| [false, true].map(|urgent| Lane { node: node.clone(), urgent });
        Ok(nodes.into_iter().flat_map(both).collect())
    }

    pub(super) fn keeps_passing(&self, tenant: &Arc<Tenant>) -> bool {
        self.tenants().next().is_some_and(|first| Arc::ptr_eq(first, tenant))
    }
}

impl Carrier {
    async fn carry_on(mut self) -> Lane {
        let mut news = self.tenant.events.subscribe();
        let mut idle = 0;
        while idle < IDLE {
            let wait = match self.round(self.server.clock.now()).await {
                Ok(Round::Carried) => {
                    idle = 0;
                    continue;
                }
                Ok(Round::Nothing) => {
                    idle += 1;
                    let _ = tokio::time::timeout(POLL, news.recv()).await;
                    continue;
                }
                Ok(Round::Wait(wait)) => wait,
                Err(error) => {
                    tracing::error!(tenant = self.tenant.name, to = self.lane.node, %error, "a lane stands still");
                    POLL * 4
                }
            };
            tokio::time::sleep(wait).await;
        }
        self.lane
    }

    /// One request, with everything around it.
    async fn round(&mut self, now: Instant) -> Result<Round> {
        if !self.has_turn(now).await? {
            return Ok(Round::Wait(POLL * 4));
        }
        let told = self.tell_receipts(now).await;
        let (due, passing) = self.due(now).await?;
        if due.is_empty() && passing.is_empty() {
            return Ok(match told {
                Ok(true) => Round::Carried,
                Ok(false) => Round::Nothing,
                Err(error) => self.missed(Vec::new(), &error, now).await?,
            });
        }
        self.server.may_exchange(&self.tenant, now).await?;
        let load = parcels::load(&self.node, &self.lane.node, (due, passing), now)?;
        let Load { mut parcels, mut outcomes, rerouted } = load;
        self.reroute(rerouted).await?;
        if parcels.is_empty() {
            self.server.settle_outcomes(&self.tenant, (outcomes, Vec::new()), now).await?;
            self.tenant.wake(None);
            return Ok(Round::Carried);
        }
        match self.send(&mut parcels, &mut outcomes, now).await {
            Ok(Sent::Answered(answers)) => {
                self.failed = 0;
                self.settle(parcels, answers, (outcomes, now)).await
            }
            Ok(Sent::Busy(wait)) => Ok(Round::Wait(wait)),
            Err(error @ Error::Busy(_)) => {
                let due = parcels.into_iter().flat_map(|parcel| match parcel.of {
                    Of::Ours(due) => due,
                    Of::Passing(_) => Vec::new(),
                });
                self.missed(due.collect(), &error, now).await
            }
            Err(error) => Err(error),
        }
    }

    /// A lane is carried by one process, so that letters keep their order.
    async fn has_turn(&mut self, now: Instant) -> Result<bool> {
        if now < self.turn_until.plus_secs(-TURN_SECS / 2) {
            return Ok(true);
        }
        let until = now.plus_secs(TURN_SECS);
        let (lane, holder) = (self.lane.clone(), self.server.places.process.clone());
        let take = move |db: &dyn Database| links::take_turn(db, (&lane, &holder), (now, until));
        let mine = self.tenant.db.write(Scope::Everything, take).await?;
        if mine {
            self.turn_until = until;
        }
        Ok(mine)
    }

    async fn due(&self, now: Instant) -> Result<(Vec<Due>, Vec<Passing>)> {
        let (lane, passing) = (self.lane.clone(), self.server.keeps_passing(&self.tenant));
        let read = move |db: &dyn Database| {
            let due = packets::due(db, &lane, (now, BATCH))?;
            let passing = if passing { relays::due(db, &lane, (now, BATCH))? } else { Vec::new() };
            Ok((due, passing))
        };
        self.tenant.db.read(Scope::Everything, read).await
    }

    async fn reroute(&self, rerouted: Vec<(uuid::Uuid, String)>) -> Result<()> {
        if rerouted.is_empty() {
            return Ok(());
        }
        let act = move |db: &dyn Database| {
            rerouted.iter().try_for_each(|(id, node)| relays::reroute(db, *id, node))
        };
        self.tenant.db.write(Scope::Everything, act).await
    }

    /// The machine was not reached: nothing loses its place, and the next try waits longer each time.
    async fn missed(&mut self, due: Vec<Due>, error: &Error, now: Instant) -> Result<Round> {
        self.wire = None;
        let wait = FIRST_WAIT.saturating_mul(1 << self.failed.min(8)).min(LONGEST_WAIT);
        self.failed = self.failed.saturating_add(1);
        tracing::warn!(to = self.lane.node, %error, "a node was not reached");
        let outcomes = due.into_iter().map(|one| (one, Outcome::NotNow(UNREACHABLE))).collect();
        self.server.settle_outcomes(&self.tenant, (outcomes, Vec::new()), now).await?;
        let name = self.lane.node.clone();
        let note = move |db: &dyn Database| links::failing(db, &name, (UNREACHABLE, now));
        self.tenant.db.write(Scope::Everything, note).await?;
        Ok(Round::Wait(wait))
    }

    async fn settle(
        &mut self,
        parcels: Vec<Parcel>,
        answers: Vec<Vec<Answer>>,
        (mut outcomes, now): (Vec<(Due, Outcome)>, Instant),
    ) -> Result<Round> {
        let mut proofs = Vec::new();
        let mut passed: Vec<(Passing, Passed)> = Vec::new();
        for (parcel, answers) in parcels.into_iter().zip(answers) {
            let Parcel { handed: Handed { packet, .. }, hash, of, .. } = parcel;
            match of {
                Of::Ours(due) => {
                    for (one, answer) in due.into_iter().zip(answers) {
                        let (outcome, proof) = self.judge(&one, &hash, answer, now).await?;
                        if let Some((node, receipt)) = proof {
                            let (recipients, signature) = (packet.to.clone(), packet.signature.clone());
                            let due = one.clone();
                            proofs.push(Proved {
                                due,
                                node,
                                packet: hash.clone(),
                                recipients,
                                signature,
                                receipt,
                            });
                        }
                        outcomes.push((one, outcome));
                    }
                }
                Of::Passing(one) => {
                    let Some(answer) = answers.into_iter().next() else { continue };
                    let came = self.judge_passing(&one, &hash, answer, now).await?;
                    passed.push((one, came));
                }
            }
        }
        self.server.settle_outcomes(&self.tenant, (outcomes, proofs), now).await?;
        if !passed.is_empty() {
            let act =
                move |db: &dyn Database| passed.iter().try_for_each(|(one, came)| came.keep(db, one, now));
            self.tenant.db.write(Scope::Everything, act).await?;
        }
        self.tenant.wake(None);
        Ok(Round::Carried)
    }

    /// What an answer means for a delivery of ours, and what is kept of it.
    async fn judge(
        &self,
        due: &Due,
        hash: &str,
        answer: Answer,
        now: Instant,
    ) -> Result<(Outcome, Option<(String, Receipted)>)> {
        Ok(match answer {
            Answer::Receipt(receipted) => {
                match receipts::judged(&self.node, &receipted, (hash, &due.to_code)) {
                    Ok((receipt, by)) => (receipts::outcome(&receipt), Some((by, receipted))),
                    Err(why) => {
                        let seen = (why, self.lane.node.as_str(), due.envelope);
                        self.server.suspect(Some(&self.tenant), seen, now).await?;
                        (Outcome::Later(why, "a receipt is no good".to_owned()), None)
                    }
                }
            }
            Answer::Kept => {
                let none = Receipted { receipt: String::new(), signature: String::new() };
                (Outcome::Kept, Some((self.lane.node.clone(), none)))
            }
            Answer::Files { .. } => (Outcome::Later(UNREACHABLE, "files are missing there".to_owned()), None),
            Answer::Later { reason, .. } => (Outcome::Later(BUSY, reason), None),
        })
    }

    async fn judge_passing(&self, one: &Passing, hash: &str, answer: Answer, now: Instant) -> Result<Passed> {
        Ok(match answer {
            Answer::Receipt(receipted) => {
                match receipts::judged(&self.node, &receipted, (hash, &one.to_code)) {
                    Ok(_) => Passed::Settled(receipted),
                    Err(why) => {
                        let seen = (why, self.lane.node.as_str(), one.envelope);
                        self.server.suspect(Some(&self.tenant), seen, now).await?;
                        Passed::Later(60)
                    }
                }
            }
            Answer::Kept => Passed::Later(60),
            Answer::Files { .. } => Passed::Later(5),
            Answer::Later { seconds, .. } => Passed::Later(seconds.clamp(1, 600)),
        })
    }
}

/// What became of a packet that only passes.
enum Passed {
    Settled(Receipted),
    /// Again after so many seconds.
    Later(i64),
}

impl Passed {
    fn keep(&self, db: &dyn Database, one: &Passing, now: Instant) -> Result<()> {
        match self {
            Passed::Settled(receipt) => relays::settle(db, one.id, (receipt, now)).map(drop),
            Passed::Later(seconds) => relays::later(db, one.id, now.plus_secs(*seconds)),
        }
    }
}

/// What a request came to.
pub(super) enum Sent {
    Answered(Vec<Vec<Answer>>),
    /// The machine has enough to do for so long.
    Busy(Duration),
}

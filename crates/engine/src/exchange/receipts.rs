//! Receipts: whose word counts, and what they settle here.

use super::sealed;
use super::settle::Outcome;
use crate::evidence::Noting;
use crate::node::Node;
use crate::server::{Server, Tenant};
use base::{Id, Instant, Result};
use contracts::packet::{Receipt, Receipted, Verdict};
use kernel::{Database, Scope, engine};
use platform::exchange::Arrival;
use platform::notify::note;
use platform::{packets, relays};
use std::sync::Arc;
use uuid::Uuid;

/// A refusal that gives a reason nobody here knows.
const REFUSED: &str = "platform.exchange.refused";
pub(super) const FORGED: &str = "platform.exchange.forged";

/// Reasons a machine may give for a refusal. Another one is not shown: it is a stranger's text.
const REASONS: [&str; 15] = [
    super::UNKNOWN,
    super::LOCKED,
    super::ENDED,
    sealed::BAD_PACKET,
    sealed::BAD_SIGNATURE,
    sealed::ALTERED,
    sealed::NOT_HOME,
    sealed::CLOCK,
    sealed::REVOKED,
    "platform.exchange.too_large",
    "platform.exchange.secret",
    "platform.exchange.file_hash",
    "platform.exchange.file_length",
    "platform.exchange.other_bytes",
    "platform.exchange.loop",
];

/// What a receipt means for a delivery.
pub(super) fn outcome(receipt: &Receipt) -> Outcome {
    match receipt.verdict {
        Verdict::Taken => Outcome::Sent,
        Verdict::Refused => {
            let known = REASONS.iter().find(|known| **known == receipt.reason);
            Outcome::Failed(known.copied().unwrap_or(REFUSED))
        }
    }
}

/// Reads a receipt for a packet. "Taken" is the word of the recipient's home alone; "refused" may be said by every
/// machine of the directory, as each could keep the packet back anyway.
pub(super) fn judged(
    node: &Node,
    receipted: &Receipted,
    (hash, to): (&str, &str),
) -> std::result::Result<(Receipt, String), &'static str> {
    let (receipt, by) = sealed::open_receipt(node, receipted).map_err(|_| FORGED)?;
    let directory = node.directory().ok_or(FORGED)?;
    let may = match receipt.verdict {
        Verdict::Taken => directory.may_speak(&by, to),
        Verdict::Refused => directory.node(&by).is_some(),
    };
    if may && receipt.packet == hash && receipt.to == to { Ok((receipt, by)) } else { Err(FORGED) }
}

impl Server {
    /// A receipt comes by itself: it settles what a machine on the way had kept, or what we keep for another. Answers
    /// false when it is no good.
    ///
    /// # Errors
    /// What a database reports.
    pub(super) async fn take_receipt(
        self: &Arc<Self>,
        node: &Node,
        (receipted, peer): (Receipted, &str),
        now: Instant,
    ) -> Result<bool> {
        let Ok((said, _)) = sealed::open_receipt(node, &receipted) else {
            self.suspect(None, (FORGED, peer, Uuid::nil()), now).await?;
            return Ok(false);
        };
        if self.settle_passing(node, (&receipted, &said), now).await? {
            return Ok(true);
        }
        for tenant in self.tenants() {
            let (envelope, to) = (said.envelope, said.to.clone());
            let look = move |cx: &kernel::Raw<'_>| {
                let Some(due) = packets::delivery(cx, (envelope, &to))? else { return Ok(None) };
                let packet = packets::signed(cx, &due)?;
                Ok(packet.map(|packet| (due, packet)))
            };
            let Some((due, packet)) = self.read_as_system(tenant, now, look).await? else { continue };
            let Ok((receipt, by)) = judged(node, &receipted, (&packet, &due.to_code)) else {
                self.suspect(Some(tenant), (FORGED, peer, due.envelope), now).await?;
                return Ok(false);
            };
            let (cx, kept, delivery) = (self.system(tenant, now), receipted.clone(), due.clone());
            let taken = matches!(outcome(&receipt), Outcome::Sent);
            let act = move |db: &dyn Database| {
                engine::write(db, &cx, |cx| {
                    cx.record_nothing("a receipt is kept beside its packet");
                    if taken {
                        Noting::default().sent(cx, &delivery, Some(&kept))?;
                    }
                    packets::receipted(cx, &delivery, (&by, &kept))
                })
            };
            tenant.db.write(Scope::Everything, act).await?;
            self.settle_outcomes(tenant, (vec![(due, outcome(&receipt))], Vec::new()), now).await?;
            tenant.wake(None);
            return Ok(true);
        }
        // Settled before, or nothing of ours.
        Ok(true)
    }

    /// Keeps the receipt of a packet that passed here, for the machine it came from.
    async fn settle_passing(
        &self,
        node: &Node,
        (receipted, said): (&Receipted, &Receipt),
        now: Instant,
    ) -> Result<bool> {
        let Some(tenant) = self.tenants().next() else { return Ok(false) };
        let (envelope, to) = (said.envelope, said.to.clone());
        let look = move |db: &dyn Database| relays::kept(db, (envelope, &to));
        let Some(kept) = tenant.db.read(Scope::Everything, look).await? else { return Ok(false) };
        if kept.receipt.is_empty() && judged(node, receipted, (&kept.packet, &said.to)).is_ok() {
            let (receipted, id) = (receipted.clone(), kept.id);
            let act = move |db: &dyn Database| relays::settle(db, id, (&receipted, now)).map(drop);
            tenant.db.write(Scope::Everything, act).await?;
            tenant.wake(None);
        }
        Ok(true)
    }

    /// Enters in the audit log that a machine sent something that was refused.
    ///
    /// # Errors
    /// What the database reports.
    pub(super) async fn suspect(
        &self,
        tenant: Option<&Arc<Tenant>>,
        (key, peer, envelope): (&'static str, &str, Uuid),
        now: Instant,
    ) -> Result<()> {
        tracing::warn!(peer, %envelope, key, "something from a node is refused");
        let Some(tenant) = tenant.or_else(|| self.tenants().next()) else { return Ok(()) };
        let (cx, peer) = (self.system(tenant, now), peer.to_owned());
        let act = move |db: &dyn Database| {
            engine::write(db, &cx, |cx| {
                let why = cx.text(key).to_owned();
                let values = [("node", peer.clone()), ("remark", why)];
                let subject = ("envelope", Id::<Arrival>::of(envelope));
                match platform::organisations::local(cx)?.first() {
                    Some(agency) => {
                        let agency = agency.id;
                        cx.record_noted("platform.exchange.act.refused", subject, agency, note(&values));
                    }
                    None => cx.record_plain("platform.exchange.act.refused", subject),
                }
                Ok(())
            })
        };
        tenant.db.write(Scope::Everything, act).await
    }
}

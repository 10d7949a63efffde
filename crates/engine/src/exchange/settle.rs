//! What became of deliveries, written into the sender's outbox.

use super::UNREACHABLE;
use crate::evidence::Noting;
use crate::server::{Server, Tenant};
use base::{Error, Instant, Result};
use contracts::packet::Receipted;
use kernel::{Database, Scope, System, Writer, engine, jobs};
use platform::exchange::{self, Due, Undelivered};
use platform::packets;
use std::sync::Arc;

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

/// What became of a delivery.
pub(crate) enum Outcome {
    Sent,
    /// It will never arrive; the text key of the reason.
    Failed(&'static str),
    /// It may arrive later: the text key people read, and why, for the log.
    Later(&'static str, String),
    /// It waits for this machine; looked at again when there is no name.
    Far(String),
    /// Its machine was not reached: it keeps its place. The text key people read.
    NotNow(&'static str),
    /// A machine on the way keeps it until the recipient's has answered.
    Kept,
}

/// What proves how a delivery to another machine went.
pub(crate) struct Proved {
    pub(super) due: Due,
    /// Who signed the receipt; whoever keeps the packet, while there is none.
    pub(super) node: String,
    pub(super) packet: String,
    pub(super) recipients: Vec<String>,
    pub(super) signature: String,
    pub(super) receipt: Receipted,
}

impl Outcome {
    pub(super) fn unreachable(why: &Error) -> Outcome {
        Outcome::Later(UNREACHABLE, why.to_string())
    }
}

impl Server {
    /// Writes into the sender's outbox what became of its deliveries. The sender's module is told of those that will
    /// never arrive by a job of its own: were it to fail, the batch would be carried for ever.
    pub(crate) async fn settle_outcomes(
        &self,
        sender: &Arc<Tenant>,
        (outcomes, proofs): (Vec<(Due, Outcome)>, Vec<Proved>),
        at: Instant,
    ) -> Result<()> {
        let told = self.handler(UNDELIVERED).is_some();
        let overtaken = self.handler(OVERTAKEN).is_some();
        let cx = self.system(sender, at);
        let act = move |db: &dyn Database| {
            engine::write(db, &cx, |cx| {
                cx.record_nothing("the outbox keeps its own states");
                let mut noting = Noting::default();
                for (due, outcome) in &outcomes {
                    settle(cx, (due, outcome), (told, overtaken))?;
                    if matches!(outcome, Outcome::Sent) {
                        let proved = proofs.iter().find(|proved| proved.due.id == due.id);
                        noting.sent(cx, due, proved.map(|proved| &proved.receipt))?;
                    }
                }
                for proved in &proofs {
                    prove(cx, proved)?;
                }
                Ok(())
            })
        };
        sender.db.write(Scope::Everything, act).await?;
        sender.work.notify_one();
        Ok(())
    }
}

fn settle(
    cx: &mut Writer<'_, System>,
    (due, outcome): (&Due, &Outcome),
    (told, overtaken): (bool, bool),
) -> Result<()> {
    match outcome {
        Outcome::Sent => match exchange::sent(cx, due)? {
            Some(late) if overtaken => {
                let payload = serde_json::to_value(late).map_err(|e| Error::Internal(e.into()))?;
                jobs::enqueue(cx, OVERTAKEN, &due.id.to_string(), &payload)
            }
            _ => Ok(()),
        },
        Outcome::Failed(reason) => {
            if exchange::failed(cx, due, reason)? && told {
                tell(cx, due, reason)?;
            }
            Ok(())
        }
        Outcome::Later(key, why) => {
            tracing::warn!(to = due.to_code, why, "a delivery is put off");
            exchange::later(cx, due, key)
        }
        Outcome::Far(node) => packets::assign(cx, due.id, node),
        Outcome::NotNow(key) => packets::not_now(cx, due, key),
        Outcome::Kept => packets::handed_on(cx, due.id),
    }
}

fn prove(cx: &mut Writer<'_, System>, proved: &Proved) -> Result<()> {
    let due = &proved.due;
    packets::keep(
        cx,
        &packets::ToKeep {
            agency: due.agency,
            envelope: due.envelope,
            outgoing: true,
            counterpart: &due.to_code,
            node: &proved.node,
            packet: &proved.packet,
            body: "",
            recipients: &proved.recipients,
            signature: &proved.signature,
            receipt: &proved.receipt,
        },
    )
}

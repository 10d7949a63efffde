//! Letters from other machines at their recipients here: one transaction with effect, proof and receipt.

use super::arrivals::{Letter, OTHER_BYTES, busy, refusal};
use super::passing::{Standing, set_aside};
use super::{LOCKED, UNKNOWN, sealed};
use crate::evidence::Noting;
use crate::node::Node;
use crate::server::{Server, Tenant};
use base::{AgencyId, Error, Instant, Result};
use contracts::packet::{Answer, Receipt, Receipted, Verdict};
use kernel::{Context, Database, JobRun, Scope, System, engine};
use platform::packets;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A journal that cannot be sealed is soon sealed again, or a person has to look at it.
const UNSEALED_SECS: i64 = 300;

type Listeners = BTreeMap<&'static str, JobRun>;

impl Server {
    /// Hands letters to their recipients in one transaction; when that fails, one by one, so that a bad one holds up
    /// no other.
    pub(super) async fn hand_over_to(
        &self,
        node: &Arc<Node>,
        tenant: &Arc<Tenant>,
        letters: Vec<Letter>,
        now: Instant,
    ) -> Vec<Answer> {
        // What cannot be sealed is not taken: whoever sends keeps it.
        if let Err(why) = self.may_exchange(tenant, now).await {
            tracing::error!(tenant = tenant.name, %why, "nothing is taken from other machines");
            return letters.iter().map(|_| busy(UNSEALED_SECS)).collect();
        }
        let letters: Vec<Arc<Letter>> = letters.into_iter().map(Arc::new).collect();
        if let Ok(answers) = self.hand_in_all(node, tenant, letters.clone(), now).await {
            return answers;
        }
        let mut answers = Vec::with_capacity(letters.len());
        for letter in letters {
            let one = self.hand_in_all(node, tenant, vec![Arc::clone(&letter)], now).await;
            let answer = match one.map(|mut all| all.pop()) {
                Ok(answer) => answer.unwrap_or_else(|| busy(5)),
                Err(Error::Refused(why)) => {
                    let of = (letter.good.envelope.id, letter.good.hash.as_str());
                    refusal(node, of, (&letter.to, why.key), now).unwrap_or_else(|_| busy(5))
                }
                Err(error) => {
                    tracing::error!(tenant = tenant.name, %error, "a packet could not be taken in");
                    busy(10)
                }
            };
            answers.push(answer);
        }
        answers
    }

    async fn hand_in_all(
        &self,
        node: &Arc<Node>,
        tenant: &Arc<Tenant>,
        letters: Vec<Arc<Letter>>,
        now: Instant,
    ) -> Result<Vec<Answer>> {
        let mut listeners: Listeners = Listeners::new();
        for letter in &letters {
            let kind = letter.good.envelope.sealed.kind();
            let run = self.handler(&format!("envelope.{kind}"));
            let run = run.ok_or_else(|| Error::internal(format!("nobody listens to {kind} envelopes")))?;
            listeners.insert(kind, run);
        }
        let (cx, node) = (self.system(tenant, now), Arc::clone(node));
        let act = move |db: &dyn Database| {
            let take = |letter: &Arc<Letter>| take_in(db, (&cx, &node), &listeners, letter);
            letters.iter().map(take).collect::<Result<Vec<Answer>>>()
        };
        tenant.db.write(Scope::Everything, act).await
    }
}

/// One letter, in the transaction of its recipient: its effect, its proof and its receipt, or the receipt it got before.
fn take_in(
    db: &dyn Database,
    (cx, node): (&Context, &Node),
    listeners: &Listeners,
    letter: &Letter,
) -> Result<Answer> {
    let (good, to) = (&letter.good, letter.to.as_str());
    let of = (good.envelope.id, good.hash.as_str());
    let standing = engine::read::<System, Standing>(db, cx, |cx| {
        Standing::of(cx, (to, &good.envelope.from.code), (good.envelope.id, &good.hash))
    })?;
    let agency = match standing {
        Standing::New(agency) => agency,
        Standing::Before(receipt) => return Ok(Answer::Receipt(receipt)),
        Standing::Unknown => return refusal(node, of, (to, UNKNOWN), cx.now),
        Standing::Locked => return refusal(node, of, (to, LOCKED), cx.now),
        Standing::Other(agency) => {
            set_aside(db, cx, agency, good)?;
            return refusal(node, of, (to, OTHER_BYTES), cx.now);
        }
    };
    let kind = good.envelope.sealed.kind();
    let listener = listeners.get(kind).ok_or_else(|| Error::internal("nobody listens"))?;
    listener(db, cx, &serde_json::json!({ "envelope": good.body, "to": to }))?;
    let place = engine::write(db, cx, |cx| {
        cx.record_nothing("the journal is a chain of its own");
        let packet = (good.envelope.id, good.packet.envelope.as_str());
        Noting::default().received(cx, packet, (&good.envelope.from.code, to))
    })?;
    let receipt = sealed::receipted(node, &taken(letter, place, cx.now))?;
    engine::write(db, cx, |cx| {
        cx.record_nothing("the arrival is recorded by whoever listens");
        packets::keep(cx, &proof(agency, letter, &receipt))
    })?;
    Ok(Answer::Receipt(receipt))
}

fn taken(letter: &Letter, place: i64, at: Instant) -> Receipt {
    Receipt {
        envelope: letter.good.envelope.id,
        to: letter.to.clone(),
        packet: letter.good.hash.clone(),
        verdict: Verdict::Taken,
        reason: String::new(),
        place: Some(place),
        at,
    }
}

fn proof<'a>(agency: AgencyId, letter: &'a Letter, receipt: &'a Receipted) -> packets::ToKeep<'a> {
    let good = &letter.good;
    packets::ToKeep {
        agency,
        envelope: good.envelope.id,
        outgoing: false,
        counterpart: &good.envelope.from.code,
        node: &good.by,
        packet: &good.hash,
        body: &good.packet.envelope,
        recipients: &good.packet.to,
        signature: &good.packet.signature,
        receipt,
    }
}

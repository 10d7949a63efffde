//! Where a packet stands at its recipient before it is taken in, and packets that only pass this machine.

use super::arrivals::{OTHER_BYTES, refusal};
use super::looking::Good;
use super::sealed;
use crate::node::Node;
use crate::server::{Server, Tenant};
use base::{AgencyId, Id, Instant, Result};
use contracts::Sealed;
use contracts::packet::{Answer, Hop, Packet, Receipt, Receipted, Verdict};
use kernel::{Context, Database, Raw, Scope, System, engine};
use platform::exchange::Arrival;
use platform::notify::note;
use platform::relays::Kept;
use platform::{organisations, packets, relays};
use ring::digest::{SHA256, digest};
use std::sync::Arc;
use uuid::Uuid;

/// How a recipient stands to a packet.
pub(super) enum Standing {
    /// It has not been here.
    New(AgencyId),
    /// It was taken; the receipt it got.
    Before(Receipted),
    /// Other bytes were taken under the same envelope.
    Other(AgencyId),
    Locked,
    Unknown,
}

impl Standing {
    /// # Errors
    /// What the database reports.
    pub(super) fn of(
        cx: &Raw<'_>,
        (to, from): (&str, &str),
        (envelope, hash): (Uuid, &str),
    ) -> Result<Standing> {
        let found = organisations::by_code(cx, to)?.filter(|agency| agency.local);
        let Some(agency) = found else { return Ok(Standing::Unknown) };
        if let Some(proof) = packets::proof(cx, agency.id, envelope)? {
            let same = proof.packet == hash && proof.counterpart == from;
            let receipt = Receipted { receipt: proof.receipt, signature: proof.receipt_signature };
            return Ok(if same { Standing::Before(receipt) } else { Standing::Other(agency.id) });
        }
        Ok(if agency.locked { Standing::Locked } else { Standing::New(agency.id) })
    }
}

/// Other bytes under a known envelope are shown to the administrators and have no other effect (Annex VI.I.1h).
///
/// # Errors
/// What the database reports.
pub(super) fn set_aside(db: &dyn Database, cx: &Context, agency: AgencyId, good: &Good) -> Result<()> {
    let envelope = &good.envelope;
    let document = match &envelope.sealed {
        Sealed::Document(document) => &document.document_id,
        Sealed::Status(status) => &status.of.document_id,
    };
    let mut id = [0; 16];
    let hash = digest(&SHA256, good.packet.envelope.as_bytes());
    id.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
    let id = uuid::Builder::from_custom_bytes(id).into_uuid();
    let (kind, from) = (envelope.sealed.kind(), envelope.from.code.as_str());
    engine::write(db, cx, |cx| {
        if !packets::set_aside(cx, agency, (id, kind, from, document), OTHER_BYTES)? {
            cx.record_nothing("it was set aside before");
            return Ok(());
        }
        tracing::error!(from, document, "other bytes came under a known envelope");
        let values = [("node", envelope.from.name.clone()), ("remark", cx.text(OTHER_BYTES).to_owned())];
        let subject = ("envelope", Id::<Arrival>::of(envelope.id));
        cx.record_noted("platform.exchange.act.refused", subject, agency, note(&values));
        Ok(())
    })
}

impl Server {
    /// Keeps a packet for another machine, or tells how it went.
    ///
    /// # Errors
    /// What the database reports.
    pub(super) async fn keep_for(
        &self,
        node: &Arc<Node>,
        (good, to): (&Arc<Good>, &str),
        (peer, next): (&str, &str),
        (landing, now): (Option<&Arc<Tenant>>, Instant),
    ) -> Result<Answer> {
        let of = (good.envelope.id, good.hash.as_str());
        let Some(tenant) = self.tenants().next() else {
            return refusal(node, of, (to, super::UNKNOWN), now);
        };
        let missing = self.files_missing((tenant, landing), sealed::files(&good.envelope), now).await?;
        if !missing.is_empty() {
            return Ok(Answer::Files { missing });
        }
        let mut packet: Packet = good.packet.clone();
        packet.hops.push(Hop { node: node.name().to_owned(), at: now });
        let urgency = match &good.envelope.sealed {
            Sealed::Document(document) => document.urgency,
            Sealed::Status(_) => 0,
        };
        let cx = self.system(tenant, now);
        let (code, peer, next, kept) = (to.to_owned(), peer.to_owned(), next.to_owned(), Arc::clone(good));
        let keep = move |db: &dyn Database| {
            let known = relays::kept(db, (kept.envelope.id, &code))?;
            let new = relays::ToKeep {
                packet: &packet,
                envelope: kept.envelope.id,
                sha256: &kept.hash,
                to: &code,
                came_from: &peer,
                node: &next,
                urgency,
            };
            keep_one(db, &cx, (known, &new))
        };
        let known = tenant.db.write(Scope::Everything, keep).await?;
        tenant.wake(None);
        match known {
            Some(kept) if kept.packet != of.1 => refusal(node, of, (to, OTHER_BYTES), now),
            Some(kept) if !kept.receipt.is_empty() => {
                Ok(Answer::Receipt(Receipted { receipt: kept.receipt, signature: kept.signature }))
            }
            _ => Ok(Answer::Kept),
        }
    }
}

/// Keeps a packet that is not kept yet; else answers what is known of it.
fn keep_one(
    db: &dyn Database,
    cx: &Context,
    (known, new): (Option<Kept>, &relays::ToKeep<'_>),
) -> Result<Option<Kept>> {
    let Some(known) = known else {
        let row = engine::read::<System, Uuid>(db, cx, |cx| Ok(cx.new_id::<()>().uuid()))?;
        relays::keep(db, new, (row, cx.now))?;
        return Ok(None);
    };
    // Its sender knows the "no", and tries again.
    if known.state == "done" && known.packet == new.sha256 && is_refusal(&known.receipt) {
        relays::reopen(db, known.id, (new, cx.now))?;
        return Ok(None);
    }
    relays::told(db, known.id)?;
    Ok(Some(known))
}

fn is_refusal(receipt: &str) -> bool {
    serde_json::from_str::<Receipt>(receipt).is_ok_and(|receipt| receipt.verdict == Verdict::Refused)
}

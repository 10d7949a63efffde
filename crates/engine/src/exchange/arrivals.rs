//! Packets that come from other machines: looked at before anything changes, then handed to the recipients here in one
//! transaction with their receipts, or kept for the next machine.

use super::homes::Homes;
use super::looking::{Good, HOPS, looked_at};
use super::parcels::{Way, way};
use super::sealed::{self, CLOCK, Why};
use super::{BUSY, UNKNOWN};
use crate::node::Node;
use crate::server::{Server, Tenant};
use base::{Instant, Result};
use contracts::Attachment;
use contracts::packet::{Answer, Handed, Receipt, Receipted, Verdict};
use platform::{organisations, packets};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

pub(super) const OTHER_BYTES: Why = "platform.exchange.other_bytes";
const LOOP: Why = "platform.exchange.loop";

/// A packet for one recipient here, and where its answer belongs.
pub(super) struct Letter {
    pub(super) good: Arc<Good>,
    pub(super) to: String,
    pub(super) place: (usize, usize),
}

/// The answers of one request, and what is still to be handed in.
#[derive(Default)]
struct Desk {
    answers: Vec<Vec<Answer>>,
    letters: BTreeMap<String, Vec<Letter>>,
}

/// Who hands something over, and what is known where.
#[derive(Clone, Copy)]
struct Round<'a> {
    node: &'a Arc<Node>,
    peer: &'a str,
    homes: &'a Homes,
    now: Instant,
}

impl Server {
    /// Takes what a machine hands over. The answers stand in the order of the recipients of each packet.
    ///
    /// # Errors
    /// What a database reports of all of it.
    pub(super) async fn take_packets(
        self: &Arc<Self>,
        node: &Arc<Node>,
        (handed, peer): (Vec<Handed>, &str),
        now: Instant,
    ) -> Result<Vec<Vec<Answer>>> {
        let codes: BTreeSet<String> = handed.iter().flat_map(|one| one.deliver.iter().cloned()).collect();
        let homes = self.homes_among(codes, now).await;
        let round = Round { node, peer, homes: &homes, now };
        let mut desk = Desk::default();
        for one in handed {
            self.sort(round, one, &mut desk).await?;
        }
        for (name, letters) in std::mem::take(&mut desk.letters) {
            let Some(tenant) = self.tenant(&name) else { continue };
            let places: Vec<(usize, usize)> = letters.iter().map(|letter| letter.place).collect();
            let answers = self.hand_over_to(node, tenant, letters, now).await;
            for ((packet, recipient), answer) in places.into_iter().zip(answers) {
                if let Some(place) = desk.answers.get_mut(packet).and_then(|of| of.get_mut(recipient)) {
                    *place = answer;
                }
            }
            tenant.wake(None);
            tenant.work.notify_one();
        }
        Ok(desk.answers)
    }

    /// Answers for a packet at once, or puts it where it is handed in.
    async fn sort(self: &Arc<Self>, round: Round<'_>, handed: Handed, desk: &mut Desk) -> Result<()> {
        let number = desk.answers.len();
        let Handed { packet, deliver } = handed;
        let hash = sealed::hash(&packet.envelope);
        let landing = deliver.first().and_then(|code| self.landing(round.homes, code));
        let good = match looked_at(round.node, (packet, &deliver), (round.peer, &hash), round.now) {
            Ok(good) => Arc::new(good),
            Err(no) => {
                let answers = self.turn_away(round, (no, &hash), (&deliver, landing)).await?;
                desk.answers.push(answers);
                return Ok(());
            }
        };
        let mut answers = Vec::with_capacity(deliver.len());
        for (at, to) in deliver.into_iter().enumerate() {
            let tenant = match self.place(round, (&good, &to), landing).await? {
                Ok(tenant) => tenant,
                Err(answer) => {
                    answers.push(answer);
                    continue;
                }
            };
            let missing =
                self.files_missing((tenant, landing), sealed::files(&good.envelope), round.now).await?;
            if missing.is_empty() {
                let letter = Letter { good: Arc::clone(&good), to, place: (number, at) };
                desk.letters.entry(tenant.name.clone()).or_default().push(letter);
                // Until it is handed in.
                answers.push(busy(1));
            } else {
                answers.push(Answer::Files { missing });
            }
        }
        desk.answers.push(answers);
        Ok(())
    }

    /// The tenant a packet is for, or the answer when it is for none here.
    async fn place(
        &self,
        Round { node, peer, homes, now }: Round<'_>,
        (good, to): (&Arc<Good>, &str),
        landing: Option<&Arc<Tenant>>,
    ) -> Result<std::result::Result<&Arc<Tenant>, Answer>> {
        let no = |why| refusal(node, (good.envelope.id, &good.hash), (to, why), now);
        Ok(Err(match way(node, to, now) {
            Way::Here => match homes.owner(to) {
                Ok(Some(name)) => match self.tenant(name) {
                    Some(tenant) => return Ok(Ok(tenant)),
                    None => no(UNKNOWN)?,
                },
                Ok(None) if !homes.blind => no(UNKNOWN)?,
                _ => busy(5),
            },
            Way::Unseen => busy(5),
            Way::None(why) => no(why)?,
            Way::By(next) => {
                let hops = &good.packet.hops;
                let round_again = hops.iter().any(|hop| hop.node == node.name());
                if round_again || next == peer || hops.len() >= HOPS {
                    no(LOOP)?
                } else {
                    self.keep_for(node, (good, to), (peer, &next), (landing, now)).await?
                }
            }
        }))
    }

    /// A packet that is not good gets its "no", signed, and a line in the audit log. One that is only too old may have
    /// been taken in its time: then it gets the receipt it got then.
    async fn turn_away(
        &self,
        Round { node, peer, now, .. }: Round<'_>,
        ((why, envelope), hash): ((Why, Uuid), &str),
        (deliver, landing): (&[String], Option<&Arc<Tenant>>),
    ) -> Result<Vec<Answer>> {
        if let (CLOCK, Some(tenant)) = (why, landing) {
            let (codes, hash) = (deliver.to_vec(), hash.to_owned());
            let look = move |cx: &kernel::Raw<'_>| {
                let receipts = codes.iter().map(|code| receipt_of(cx, code, (envelope, &hash)));
                receipts.collect::<Result<Option<Vec<Receipted>>>>()
            };
            if let Some(receipts) = self.read_as_system(tenant, now, look).await? {
                return Ok(receipts.into_iter().map(Answer::Receipt).collect());
            }
        }
        self.suspect(landing, (why, peer, envelope), now).await?;
        deliver.iter().map(|to| refusal(node, (envelope, hash), (to, why), now)).collect()
    }

    /// In which tenant's store the files of a packet land: that of its first recipient; those of a packet that only
    /// passes, in the first.
    pub(super) fn landing(&self, homes: &Homes, code: &str) -> Option<&Arc<Tenant>> {
        let owner = homes.owner(code).ok().flatten().and_then(|name| self.tenant(name));
        owner.or_else(|| self.tenants().next())
    }

    /// Which files a tenant does not have; those that landed in another tenant's store are taken over.
    pub(super) async fn files_missing(
        &self,
        (tenant, landing): (&Arc<Tenant>, Option<&Arc<Tenant>>),
        files: &[Attachment],
        now: Instant,
    ) -> Result<Vec<String>> {
        let mut missing = Vec::new();
        for file in files {
            if tenant.files.has(&file.sha256) || missing.contains(&file.sha256) {
                continue;
            }
            match landing {
                Some(other) if !Arc::ptr_eq(other, tenant) && other.files.has(&file.sha256) => {
                    tenant.announce(&file.sha256, (None, now)).await?;
                    tenant.files.take_over(&other.files, &file.sha256).await?;
                }
                _ => missing.push(file.sha256.clone()),
            }
        }
        Ok(missing)
    }
}

/// The receipt a packet got, if just these bytes were taken.
fn receipt_of(cx: &kernel::Raw<'_>, to: &str, (envelope, hash): (Uuid, &str)) -> Result<Option<Receipted>> {
    let Some(agency) = organisations::by_code(cx, to)? else { return Ok(None) };
    let proof = packets::proof(cx, agency.id, envelope)?.filter(|proof| proof.packet == hash);
    Ok(proof.map(|proof| Receipted { receipt: proof.receipt, signature: proof.receipt_signature }))
}

/// A signed "no".
///
/// # Errors
/// `Internal` when the key does not sign.
pub(super) fn refusal(
    node: &Node,
    (envelope, hash): (Uuid, &str),
    (to, why): (&str, &str),
    now: Instant,
) -> Result<Answer> {
    let receipt = Receipt {
        envelope,
        to: to.to_owned(),
        packet: hash.to_owned(),
        verdict: Verdict::Refused,
        reason: why.to_owned(),
        place: None,
        at: now,
    };
    sealed::receipted(node, &receipt).map(Answer::Receipt)
}

/// Come again.
pub(super) fn busy(seconds: i64) -> Answer {
    Answer::Later { seconds, reason: BUSY.to_owned() }
}

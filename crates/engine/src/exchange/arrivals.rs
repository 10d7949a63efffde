//! Packets that come from other machines: looked at before anything changes, then handed to the recipients here in one
//! transaction with their receipts, or kept for the next machine.

use super::homes::Homes;
use super::parcels::{Way, way};
use super::passing::Standing;
use super::sealed::{self, BAD_PACKET, Signature, Why};
use super::{LOCKED, UNKNOWN};
use crate::node::Node;
use crate::server::{Server, Tenant};
use base::{Error, Instant, Result};
use contracts::packet::{Answer, Handed, Packet, Receipt, Verdict};
use contracts::{Attachment, Envelope};
use kernel::{Context, Database, JobRun, Scope, System, engine};
use platform::packets;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

const ENVELOPE_BYTES: usize = 4 * 1024 * 1024;
const RECIPIENTS: usize = 2_000;
const FILES: usize = 200;
const FILE_BYTES: i64 = 3 * 1024 * 1024 * 1024;
const HOPS: usize = 8;
const TOO_LARGE: Why = "platform.exchange.too_large";
const SECRET: Why = "platform.exchange.secret";
const OTHER_BYTES: Why = "platform.exchange.other_bytes";
const LOOP: Why = "platform.exchange.loop";
const BUSY: Why = "platform.exchange.busy";

/// A packet that has passed every look that needs no database.
pub(super) struct Good {
    pub(super) packet: Packet,
    pub(super) envelope: Envelope,
    /// The envelope for the listeners.
    body: serde_json::Value,
    /// SHA-256 of the envelope's bytes.
    pub(super) hash: String,
    by: Signature,
}

/// A packet for one recipient here, and where its answer belongs.
struct Letter {
    good: Arc<Good>,
    to: String,
    place: (usize, usize),
}

/// The answers of one request, and what is still to be done for some.
struct Desk {
    answers: Vec<Vec<Answer>>,
    letters: BTreeMap<String, Vec<Letter>>,
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
        let mut desk = Desk { answers: Vec::new(), letters: BTreeMap::new() };
        for one in handed {
            self.sort(node, (one, peer), (&homes, now), &mut desk).await?;
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
    async fn sort(
        self: &Arc<Self>,
        node: &Arc<Node>,
        (handed, peer): (Handed, &str),
        (homes, now): (&Homes, Instant),
        desk: &mut Desk,
    ) -> Result<()> {
        let number = desk.answers.len();
        let Handed { packet, deliver } = handed;
        let hash = sealed::hash(&packet.envelope);
        let good = match looked_at(node, (packet, &deliver), (peer, &hash), now) {
            Ok(good) => Arc::new(good),
            Err((why, envelope)) => {
                let tenant = deliver.first().and_then(|code| self.landing(homes, code));
                self.suspect(tenant, (why, peer, envelope), now).await?;
                let refused = |to: &String| refusal(node, (envelope, &hash), (to, why), now);
                desk.answers.push(deliver.iter().map(refused).collect::<Result<_>>()?);
                return Ok(());
            }
        };
        let landing = deliver.first().and_then(|code| self.landing(homes, code));
        let mut answers = Vec::with_capacity(deliver.len());
        for (at, to) in deliver.into_iter().enumerate() {
            let target = match way(node, &to, now) {
                Way::Here => match homes.owner(&to) {
                    Ok(Some(name)) => self.tenant(name),
                    Ok(None) if !homes.blind => None,
                    _ => {
                        answers.push(busy(5));
                        continue;
                    }
                },
                Way::Unseen => {
                    answers.push(busy(5));
                    continue;
                }
                Way::None(key) => {
                    answers.push(refusal(node, (good.envelope.id, &hash), (&to, key), now)?);
                    continue;
                }
                Way::By(next) => {
                    let turns = good.packet.hops.iter().any(|hop| hop.node == node.name());
                    let answer = if turns || next == peer || good.packet.hops.len() >= HOPS {
                        refusal(node, (good.envelope.id, &hash), (&to, LOOP), now)?
                    } else {
                        self.pass_on(node, (&good, &to), (peer, &next), (landing, now)).await?
                    };
                    answers.push(answer);
                    continue;
                }
            };
            let Some(tenant) = target else {
                answers.push(refusal(node, (good.envelope.id, &hash), (&to, UNKNOWN), now)?);
                continue;
            };
            let missing = self.files_missing((tenant, landing), sealed::files(&good.envelope), now).await?;
            if missing.is_empty() {
                let letter = Letter { good: Arc::clone(&good), to, place: (number, at) };
                desk.letters.entry(tenant.name.clone()).or_default().push(letter);
                answers.push(busy(1));
            } else {
                answers.push(Answer::Files { missing });
            }
        }
        desk.answers.push(answers);
        Ok(())
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

    /// Hands letters to their recipients in one transaction; when that fails, one by one, so that a bad one holds up
    /// no other.
    async fn hand_over_to(
        &self,
        node: &Arc<Node>,
        tenant: &Arc<Tenant>,
        letters: Vec<Letter>,
        now: Instant,
    ) -> Vec<Answer> {
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
        let mut listeners: BTreeMap<&'static str, JobRun> = BTreeMap::new();
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
    listeners: &BTreeMap<&'static str, JobRun>,
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
            super::passing::set_aside(db, cx, agency, good)?;
            return refusal(node, of, (to, OTHER_BYTES), cx.now);
        }
    };
    let kind = good.envelope.sealed.kind();
    let listener = listeners.get(kind).ok_or_else(|| Error::internal("nobody listens"))?;
    listener(db, cx, &serde_json::json!({ "envelope": good.body, "to": to }))?;
    let receipt = Receipt {
        envelope: good.envelope.id,
        to: to.to_owned(),
        packet: good.hash.clone(),
        verdict: Verdict::Taken,
        reason: String::new(),
        place: None,
        at: cx.now,
    };
    let receipt = sealed::receipted(node, &receipt)?;
    engine::write(db, cx, |cx| {
        cx.record_nothing("the arrival is recorded by whoever listens");
        packets::keep(
            cx,
            &packets::ToKeep {
                agency,
                envelope: good.envelope.id,
                outgoing: false,
                counterpart: &good.envelope.from.code,
                node: &good.by.node,
                packet: &good.hash,
                body: &good.packet.envelope,
                recipients: &good.packet.to,
                signature: &good.packet.signature,
                receipt: &receipt,
            },
        )
    })?;
    Ok(Answer::Receipt(receipt))
}

/// Everything about a packet that needs no database. With a "no" the id of its envelope, as far as it can be read.
fn looked_at(
    node: &Node,
    (packet, deliver): (Packet, &[String]),
    (peer, hash): (&str, &str),
    now: Instant,
) -> std::result::Result<Good, (Why, Uuid)> {
    let unread = |why| (why, Uuid::nil());
    if packet.envelope.len() > ENVELOPE_BYTES || packet.to.len() > RECIPIENTS {
        return Err(unread(TOO_LARGE));
    }
    let mut known: BTreeSet<&String> = packet.to.iter().collect();
    if deliver.is_empty() || !deliver.iter().all(|code| known.remove(code)) || packet.hops.len() > HOPS {
        return Err(unread(BAD_PACKET));
    }
    let body: serde_json::Value = serde_json::from_str(&packet.envelope).map_err(|_| unread(BAD_PACKET))?;
    let envelope: Envelope = serde_json::from_str(&packet.envelope).map_err(|_| unread(BAD_PACKET))?;
    let said = |why| (why, envelope.id);
    let by = sealed::open(
        node,
        (&envelope, &packet.envelope, &packet.to),
        (&packet.signature, peer),
        now,
    )
    .map_err(said)?;
    let files = sealed::files(&envelope);
    if files.len() > FILES || files.iter().any(|file| !(0..=FILE_BYTES).contains(&file.bytes)) {
        return Err(said(TOO_LARGE));
    }
    if is_secret(&body) {
        return Err(said(SECRET));
    }
    Ok(Good { packet, envelope, body, hash: hash.to_owned(), by })
}

/// Ours have no such field: what is secret never gets as far as an envelope here. Another program may set it.
fn is_secret(body: &serde_json::Value) -> bool {
    let marks = ["secrecy", "secret"].map(|name| body.pointer(&format!("/sealed/{name}")));
    marks.into_iter().flatten().any(|mark| !matches!(mark, serde_json::Value::Null | serde_json::Value::Bool(false)) && mark != &serde_json::json!(0) && mark != "")
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

fn busy(seconds: i64) -> Answer {
    Answer::Later { seconds, reason: BUSY.to_owned() }
}

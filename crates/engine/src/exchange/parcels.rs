//! From deliveries that wait to packets: one for each envelope, with all recipients that are reached by the same way.

use super::sealed;
use super::settle::Outcome;
use super::{ENDED, UNKNOWN};
use crate::node::Node;
use base::{Instant, Result};
use contracts::Attachment;
use contracts::packet::{Handed, Packet};
use platform::exchange::Due;
use platform::relays::Passing;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Bytes of envelopes that travel together; one that is larger travels alone.
const TOGETHER: usize = 4 * 1024 * 1024;

/// A packet that is ready to go, and the rows it settles.
pub(super) struct Parcel {
    pub(super) handed: Handed,
    /// SHA-256 of the envelope.
    pub(super) hash: String,
    pub(super) files: Vec<Attachment>,
    pub(super) of: Of,
}

/// Whose it is.
pub(super) enum Of {
    /// Agencies' here; in the order of `deliver`.
    Ours(Vec<Due>),
    /// It only passes.
    Passing(Passing),
}

/// What a lane is to carry now.
#[derive(Default)]
pub(super) struct Load {
    pub(super) parcels: Vec<Parcel>,
    /// What is settled without being carried.
    pub(super) outcomes: Vec<(Due, Outcome)>,
    /// Packets of others that go another way by now, and by which.
    pub(super) rerouted: Vec<(Uuid, String)>,
}

/// Puts together what is due on a lane to `next`.
///
/// # Errors
/// `Internal` when an envelope cannot be read or the key does not sign.
pub(super) fn load(
    node: &Node,
    next: &str,
    (due, passing): (Vec<Due>, Vec<Passing>),
    now: Instant,
) -> Result<Load> {
    let mut load = Load::default();
    let (mut order, mut by_envelope) = (Vec::new(), BTreeMap::<Uuid, Vec<Due>>::new());
    for one in due {
        match way(node, &one.to_code, now) {
            Way::By(name) if name == next => {
                let same = by_envelope.entry(one.envelope).or_default();
                if same.is_empty() {
                    order.push(one.envelope);
                }
                same.push(one);
            }
            Way::By(_) | Way::Here | Way::Unseen => load.outcomes.push((one, Outcome::Far(String::new()))),
            Way::None(key) => load.outcomes.push((one, Outcome::Failed(key))),
        }
    }
    let mut bytes = 0;
    for envelope in order {
        let Some(due) = by_envelope.remove(&envelope) else { continue };
        bytes += due.first().map_or(0, |one| one.sealing.body.len());
        if bytes > TOGETHER && !load.parcels.is_empty() {
            break;
        }
        load.parcels.push(ours(node, due, now)?);
    }
    for one in passing {
        bytes += one.body.len();
        if bytes > TOGETHER && !load.parcels.is_empty() {
            break;
        }
        match way(node, &one.to_code, now) {
            Way::By(name) if name == next => load.parcels.push(passed(one)?),
            Way::By(name) => load.rerouted.push((one.id, name)),
            // Found out again, and answered for, by the machine whose it is.
            Way::Here | Way::None(_) | Way::Unseen => load.parcels.push(passed(one)?),
        }
    }
    Ok(load)
}

/// Where a packet for an agency goes from here.
pub(super) enum Way {
    Here,
    By(String),
    /// Nowhere; the text key of why.
    None(&'static str),
    /// No directory was seen yet.
    Unseen,
}

pub(super) fn way(node: &Node, code: &str, now: Instant) -> Way {
    let Some(directory) = node.directory() else { return Way::Unseen };
    match directory.route(code, (node.name(), &now.date().iso())) {
        trust::Route::Here => Way::Here,
        trust::Route::Direct(next) | trust::Route::Through(next) => Way::By(next.name.clone()),
        trust::Route::Ended(_) => Way::None(ENDED),
        trust::Route::Unknown => Way::None(UNKNOWN),
    }
}

fn ours(node: &Node, due: Vec<Due>, now: Instant) -> Result<Parcel> {
    let text = due.first().map(|one| one.sealing.body.clone()).unwrap_or_default();
    let envelope: contracts::Envelope =
        serde_json::from_str(&text).map_err(|e| base::Error::Internal(e.into()))?;
    let to: Vec<String> = due.iter().map(|one| one.to_code.clone()).collect();
    let files = sealed::files(&envelope).to_vec();
    let signature = sealed::seal(node, (&text, &files), &to, now)?;
    let packet = Packet { envelope: text, to: to.clone(), signature, hops: Vec::new() };
    let hash = sealed::hash(&packet.envelope);
    Ok(Parcel { handed: Handed { packet, deliver: to }, hash, files, of: Of::Ours(due) })
}

fn passed(one: Passing) -> Result<Parcel> {
    let packet: Packet = serde_json::from_str(&one.body).map_err(|e| base::Error::Internal(e.into()))?;
    let envelope: contracts::Envelope =
        serde_json::from_str(&packet.envelope).map_err(|e| base::Error::Internal(e.into()))?;
    let (files, hash) = (sealed::files(&envelope).to_vec(), sealed::hash(&packet.envelope));
    let handed = Handed { packet, deliver: vec![one.to_code.clone()] };
    Ok(Parcel { handed, hash, files, of: Of::Passing(one) })
}

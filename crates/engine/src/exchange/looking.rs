//! What is looked at in a packet before any database is asked.

use super::sealed::{self, BAD_PACKET, Why};
use crate::node::Node;
use base::Instant;
use contracts::Envelope;
use contracts::packet::Packet;
use std::collections::BTreeSet;
use uuid::Uuid;

const ENVELOPE_BYTES: usize = 4 * 1024 * 1024;
const RECIPIENTS: usize = 2_000;
const FILES: usize = 200;
const FILE_BYTES: i64 = 3 * 1024 * 1024 * 1024;
/// Machines a packet may have passed.
pub(super) const HOPS: usize = 8;
const TOO_LARGE: Why = "platform.exchange.too_large";
const SECRET: Why = "platform.exchange.secret";

/// A packet that has passed every look that needs no database.
pub(super) struct Good {
    pub(super) packet: Packet,
    pub(super) envelope: Envelope,
    /// The envelope for the listeners.
    pub(super) body: serde_json::Value,
    /// SHA-256 of the envelope's bytes.
    pub(super) hash: String,
    /// The machine that signed it.
    pub(super) by: String,
}

/// Everything about a packet that needs no database. With a "no" the id of its envelope, as far as it can be read.
pub(super) fn looked_at(
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
    let by = sealed::open(node, (&envelope, &packet.envelope, &packet.to), (&packet.signature, peer), now)
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
    marks.into_iter().flatten().any(|mark| match mark {
        serde_json::Value::Null => false,
        serde_json::Value::Bool(set) => *set,
        serde_json::Value::Number(level) => level.as_i64() != Some(0),
        _ => true,
    })
}

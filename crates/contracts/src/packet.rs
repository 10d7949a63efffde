//! What travels between two machines: a packet with an envelope inside, and the receipt that comes back.

use base::Instant;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A letter on its way between machines. What is signed never changes; what is outside the signature does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packet {
    /// The envelope as it was sealed, byte for byte.
    pub envelope: String,
    /// Codes of the recipients the signature is for.
    pub to: Vec<String>,
    /// XML signature of the node that is home of the sender: over the envelope, the recipients and each file.
    pub signature: String,
    /// The machines it has passed, the first one first. Outside the signature.
    pub hops: Vec<Hop>,
}

/// A machine a packet has passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hop {
    /// Its name in the directory.
    pub node: String,
    /// When it took the packet.
    pub at: Instant,
}

/// A packet as it is handed to one machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handed {
    /// The packet.
    pub packet: Packet,
    /// Which of its recipients are reached by this way.
    pub deliver: Vec<String>,
}

/// What became of a packet at one recipient, for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The recipient has it.
    Taken,
    /// It will never have it.
    Refused,
}

/// A receipt. Signed by the recipient's home; a refusal may come from a machine on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The envelope.
    pub envelope: Uuid,
    /// Code of the recipient.
    pub to: String,
    /// SHA-256 of the envelope's bytes, lower-case hexadecimal.
    pub packet: String,
    /// Taken or refused.
    pub verdict: Verdict,
    /// Text key of why it was refused; empty when it was taken.
    pub reason: String,
    /// Its place in the recipient's journal, where one is kept.
    pub place: Option<i64>,
    /// When.
    pub at: Instant,
}

/// A receipt as its bytes were signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipted {
    /// The receipt, JSON.
    pub receipt: String,
    /// XML signature over it.
    pub signature: String,
}

/// What a machine answers for one recipient of a packet it was handed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Answer {
    /// It is settled.
    Receipt(Receipted),
    /// The machine keeps it and passes it on; the receipt comes later.
    Kept,
    /// These files are not here yet.
    Files {
        /// Their hashes.
        missing: Vec<String>,
    },
    /// Not now.
    Later {
        /// Come again after so many seconds.
        seconds: i64,
        /// Text key of why.
        reason: String,
    },
}

/// A file a packet will need, asked about before it is sent. The answer is where to begin, or nothing when it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Its hash.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// The first recipient of the packet that is reached by this way: it says whose files these are.
    pub to: String,
}

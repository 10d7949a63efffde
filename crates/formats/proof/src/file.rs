use std::io::{Read, Seek, Write};

use serde::{Deserialize, Serialize};

use crate::Entry;

/// An object with the signature over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Its bytes.
    pub bytes: String,
    /// The XML signature.
    pub signature: String,
}

/// Everything that proves one delivery, but its files.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The envelope as it was sealed, and the signature of the sender's node, empty within one node.
    pub packet: Signed,
    /// The recipients the packet's signature names.
    pub recipients: Option<String>,
    /// The receipt, when it went between nodes.
    pub receipt: Option<Signed>,
    /// The line of the journal.
    pub entry: Entry,
    /// Its path, hashes in hexadecimal.
    pub path: Vec<String>,
    /// The statement over the root, and the signature of the node above.
    pub seal: Signed,
    /// The list of the revoked that is signed with it.
    pub crl: Vec<u8>,
    /// The directory that says who was home of whom.
    pub directory: Option<Vec<u8>>,
    /// The answer of an authority of time.
    pub timestamp: Option<Vec<u8>>,
}

/// The object `journal`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    pub(crate) entry: Entry,
    pub(crate) path: Vec<String>,
}

/// The objects that two nodes sign, as they name them.
pub(crate) const PACKET: &str = "packet.json";
pub(crate) const RECEIPT: &str = "receipt.json";

const JSON: &str = "application/json";
const BYTES: &str = "application/octet-stream";

/// Writes the evidence file. `files` are the packet's, each with its hash.
///
/// # Errors
/// When a name is not of the allowed ones, or the output or a source fails.
pub fn write<W: Write + Seek>(
    proof: &Proof,
    files: &mut [(String, Box<dyn Read + Send>)],
    out: W,
) -> asic::Result<W> {
    let mut container = asic::Writer::new(out)?;
    container.add(PACKET, JSON, &mut proof.packet.bytes.as_bytes())?;
    if let Some(recipients) = &proof.recipients {
        container.add("recipients", "text/plain", &mut recipients.as_bytes())?;
    }
    for (hash, source) in files {
        container.add(&format!("files/{hash}"), BYTES, source)?;
    }
    let line = Line { entry: proof.entry.clone(), path: proof.path.clone() };
    let line = serde_json::to_vec(&line).map_err(|error| asic::Error::Layout(error.to_string()))?;
    container.add("journal", JSON, &mut line.as_slice())?;
    container.add("seal", JSON, &mut proof.seal.bytes.as_bytes())?;
    container.add("crl", "application/pkix-crl", &mut proof.crl.as_slice())?;
    if let Some(receipt) = &proof.receipt {
        container.add(RECEIPT, JSON, &mut receipt.bytes.as_bytes())?;
        container.sign("receipt", &receipt.signature)?;
    }
    if let Some(directory) = &proof.directory {
        container.add("directory", BYTES, &mut directory.as_slice())?;
    }
    if let Some(timestamp) = &proof.timestamp {
        container.add("timestamp", "application/vnd.etsi.timestamp-token", &mut timestamp.as_slice())?;
    }
    if !proof.packet.signature.is_empty() {
        container.sign("packet", &proof.packet.signature)?;
    }
    container.sign("seal", &proof.seal.signature)?;
    container.finish()
}

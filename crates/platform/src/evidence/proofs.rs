//! Everything kept of one delivery, gathered for the file that proves it.

use super::journal::Line;
use super::seals::unhex;
use base::{Error, Id, Refusal, Result};
use kernel::{Raw, Sql, q, row, values};
use proof::{Hash, Proof, Signed, path};
use uuid::Uuid;

row! {
    struct Packet {
        envelope: String,
        recipients: String,
        signature: String,
        receipt: String,
        receipt_signature: String,
    }
}
row! {
    struct Seal {
        first: i64,
        last: i64,
        statement: String,
        signature: String,
        crl: Vec<u8>,
        stamp: Vec<u8>,
    }
}

/// A delivery that can be proved.
#[derive(Debug)]
pub struct Found {
    /// Everything but the files and the directory.
    pub proof: Proof,
    /// Hashes of its files.
    pub files: Vec<String>,
}

static ONE: Sql =
    q!("SELECT id, agency_id, n, agency_code, seq, at, direction, envelope_id, kind, document_id,
        counterpart, packet, receipt, previous, hash
     FROM platform_journal
     WHERE {scope} AND id = $1");
static OF: Sql =
    q!("SELECT id, agency_id, n, agency_code, seq, at, direction, envelope_id, kind, document_id,
        counterpart, packet, receipt, previous, hash
     FROM platform_journal
     WHERE {scope} AND envelope_id = $1
     ORDER BY n");
static BODY: Sql = q!("SELECT body FROM platform_envelopes WHERE {scope} AND id = $1");
static PACKET: Sql = q!("SELECT envelope, recipients, signature, receipt, receipt_signature
     FROM platform_packets
     WHERE {scope} AND agency_id = $1 AND envelope_id = $2 AND counterpart = $3 AND outgoing = $4");
static SEAL: Sql = q!("SELECT first_n, last_n, statement, signature, crl, stamp
     FROM platform_seals
     WHERE first_n <= $1 AND last_n >= $1 AND signature <> ''");
static SEALED: Sql = q!("SELECT COALESCE(max(last_n), 0) FROM platform_seals WHERE signature <> ''");
static LEAVES: Sql = q!("SELECT hash
     FROM platform_journal
     WHERE {scope} AND n >= $1 AND n <= $2
     ORDER BY n");

/// The lines that tell of an envelope.
///
/// # Errors
/// What the database reports.
pub fn find(cx: &Raw<'_>, envelope: Uuid) -> Result<Vec<Line>> {
    cx.rows(&OF, values![envelope])
}

/// Gathers what proves the delivery of a line.
///
/// # Errors
/// `NotFound` for an unknown line; `Refused` when it is not sealed yet, or its packet is kept elsewhere.
pub fn proof(cx: &Raw<'_>, line: Id<Line>) -> Result<Found> {
    let line: Line = cx.one(&ONE, values![line])?;
    let seal: Option<Seal> = cx.row(&SEAL, values![line.n])?;
    let seal = seal.ok_or_else(|| {
        Refusal::new("platform.evidence.refuse.not_sealed").hint("platform.evidence.hint.not_sealed")
    })?;
    let leaves = cx.rows::<(String,)>(&LEAVES, values![seal.first, seal.last])?;
    let leaves: Option<Vec<Hash>> = leaves.iter().map(|(hash,)| unhex(hash)).collect();
    let index = usize::try_from(line.n - seal.first).ok();
    let path = leaves.zip(index).and_then(|(leaves, index)| path(&leaves, index));
    let path = path.ok_or_else(|| Error::internal("a line has no path to its root"))?;
    let (envelope, packet) = kept(cx, &line)?;
    let files = files(&envelope)?;
    let signature = packet.as_ref().map(|packet| packet.signature.clone()).unwrap_or_default();
    let proof = Proof {
        packet: Signed { bytes: envelope, signature },
        recipients: packet.as_ref().map(|packet| packet.recipients.clone()),
        receipt: packet.map(|packet| Signed { bytes: packet.receipt, signature: packet.receipt_signature }),
        entry: line.entry()?,
        path: path.iter().map(|hash| kernel::hex(hash)).collect(),
        seal: Signed { bytes: seal.statement, signature: seal.signature },
        crl: seal.crl,
        directory: None,
        timestamp: Some(seal.stamp).filter(|stamp| !stamp.is_empty()),
    };
    Ok(Found { proof, files })
}

/// A line of an agency in reach, and the hashes of its packet's files.
///
/// # Errors
/// `NotFound` for an unknown line; `Refused` when its packet is kept elsewhere.
pub fn line(cx: &Raw<'_>, id: Id<Line>) -> Result<(Line, Vec<String>)> {
    let line: Line = cx.one(&ONE, values![id])?;
    let files = files(&kept(cx, &line)?.0)?;
    Ok((line, files))
}

/// Up to which line of the tenant the node above has sealed.
///
/// # Errors
/// What the database reports.
pub fn sealed_until(cx: &Raw<'_>) -> Result<i64> {
    cx.number(&SEALED, &[])
}

/// The envelope of a line, and what travelled with it between nodes.
fn kept(cx: &Raw<'_>, line: &Line) -> Result<(String, Option<Packet>)> {
    let body = cx.row::<(String,)>(&BODY, values![line.envelope])?.map(|(body,)| body);
    let key = values![line.agency_id, line.envelope, &line.counterpart, line.direction == "sent"];
    let packet: Option<Packet> = cx.row(&PACKET, key)?;
    let kept = packet.as_ref().map(|packet| packet.envelope.clone()).filter(|kept| !kept.is_empty());
    let envelope = kept.or(body).ok_or_else(|| {
        Refusal::new("platform.evidence.refuse.elsewhere").hint("platform.evidence.hint.elsewhere")
    })?;
    Ok((envelope, packet))
}

/// Hashes of the files of an envelope, each once.
fn files(envelope: &str) -> Result<Vec<String>> {
    let envelope: contracts::Envelope =
        serde_json::from_str(envelope).map_err(|error| Error::Internal(error.into()))?;
    let mut files = match envelope.sealed {
        contracts::Sealed::Document(document) => {
            document.attachments.into_iter().map(|file| file.sha256).collect::<Vec<_>>()
        }
        contracts::Sealed::Status(_) => Vec::new(),
    };
    files.sort();
    files.dedup();
    Ok(files)
}

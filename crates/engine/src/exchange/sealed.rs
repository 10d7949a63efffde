//! What is signed of a packet and of a receipt, and what a signature must be worth before anything else is looked at.

use crate::node::Node;
use base::{Error, Instant, Result};
use contracts::packet::{Receipt, Receipted};
use contracts::{Attachment, Envelope, Sealed};
use ring::digest::{SHA256, digest};
use std::collections::BTreeSet;
use trust::Certificate;
use xmldsig::detached::{self, Reference, Signed};
use xmldsig::{Limits, Signer};

/// Text key of what refuses a packet or a receipt.
pub(super) type Why = &'static str;

pub(super) const BAD_PACKET: Why = "platform.exchange.bad_packet";
pub(super) const BAD_SIGNATURE: Why = "platform.exchange.bad_signature";
pub(super) const ALTERED: Why = "platform.exchange.altered";
pub(super) const NOT_HOME: Why = "platform.exchange.not_home";
pub(super) const CLOCK: Why = "platform.exchange.clock";
pub(super) const REVOKED: Why = "platform.exchange.revoked";

const ENVELOPE: &str = "packet.json";
const RECIPIENTS: &str = "recipients";
const RECEIPT: &str = "receipt.json";
const SKEW_MICROS: i64 = 2 * 3_600_000_000;
/// A packet that came by way of others may have lain there for so long.
const WAY_DAYS: i64 = 60;

/// Signs a packet for these recipients.
///
/// # Errors
/// `Internal` when the key does not sign.
pub(super) fn seal(
    node: &Node,
    (envelope, files): (&str, &[Attachment]),
    to: &[String],
    now: Instant,
) -> Result<String> {
    sign(node, &packet_parts(envelope, to, files)?, now)
}

/// Looks at the signature of a packet: it is right, over just this packet, by the home of the sender, and of our time.
/// Answers the name of that machine.
pub(super) fn open(
    node: &Node,
    (envelope, text, to): (&Envelope, &str, &[String]),
    (signature, peer): (&str, &str),
    now: Instant,
) -> std::result::Result<String, Why> {
    let signed = detached::verify(signature, &Limits::default()).map_err(|_| BAD_SIGNATURE)?;
    let parts = packet_parts(text, to, files(envelope)).map_err(|_| BAD_PACKET)?;
    let (certificate, at) = judged(node, &signed)?;
    if !same(&parts, &signed.references) {
        return Err(ALTERED);
    }
    let directory = node.directory().ok_or(NOT_HOME)?;
    if !directory.may_speak(&certificate.name, &envelope.from.code) {
        return Err(NOT_HOME);
    }
    let early = if certificate.name == peer { SKEW_MICROS } else { WAY_DAYS * 24 * 3_600_000_000 };
    let age = now.since(at);
    if age > early || age < -SKEW_MICROS {
        return Err(CLOCK);
    }
    in_time(certificate, at)
}

/// The files that travel with an envelope.
pub(super) fn files(envelope: &Envelope) -> &[Attachment] {
    match &envelope.sealed {
        Sealed::Document(document) => &document.attachments,
        Sealed::Status(_) => &[],
    }
}

/// Signs a receipt.
///
/// # Errors
/// `Internal` when the key does not sign.
pub(super) fn receipted(node: &Node, receipt: &Receipt) -> Result<Receipted> {
    let text = serde_json::to_string(receipt).map_err(|e| Error::Internal(e.into()))?;
    let parts = [Reference { name: RECEIPT.to_owned(), sha256: sha256(text.as_bytes()) }];
    let signature = sign(node, &parts, receipt.at)?;
    Ok(Receipted { receipt: text, signature })
}

/// Reads a receipt and who signed it. Whether that machine may say so is for the caller.
pub(super) fn open_receipt(
    node: &Node,
    receipted: &Receipted,
) -> std::result::Result<(Receipt, String), Why> {
    let signed = detached::verify(&receipted.signature, &Limits::default()).map_err(|_| BAD_SIGNATURE)?;
    let (certificate, at) = judged(node, &signed)?;
    let by = in_time(certificate, at)?;
    let parts = [Reference { name: RECEIPT.to_owned(), sha256: sha256(receipted.receipt.as_bytes()) }];
    if !same(&parts, &signed.references) {
        return Err(ALTERED);
    }
    let receipt = serde_json::from_str(&receipted.receipt).map_err(|_| BAD_PACKET)?;
    Ok((receipt, by))
}

/// Lower-case hexadecimal SHA-256.
pub(super) fn hash(text: &str) -> String {
    kernel::hex(&sha256(text.as_bytes()))
}

fn sign(node: &Node, parts: &[Reference], now: Instant) -> Result<String> {
    let certificate = node.certificate();
    let sign = |message: &[u8]| {
        node.sign(message).map(|(signature, _)| signature).map_err(|cause| cause.to_string())
    };
    let signer = Signer { certificate: certificate.der(), sign: &sign };
    let time = jiff::Timestamp::from_microsecond(now.micros()).map_err(|e| Error::Internal(e.into()))?;
    detached::sign(parts, &signer, time).map_err(|e| Error::Internal(e.into()))
}

/// Whose certificate it is, and when it signed: of our authority, and not revoked.
fn judged(node: &Node, signed: &Signed) -> std::result::Result<(Certificate, Instant), Why> {
    let certificate = Certificate::read(&signed.certificate).map_err(|_| BAD_SIGNATURE)?;
    certificate.issued_by(node.authority()).map_err(|_| BAD_SIGNATURE)?;
    if node.crl().names(&certificate.serial) {
        return Err(REVOKED);
    }
    Ok((certificate, Instant::from_micros(signed.time.as_microsecond())))
}

/// A certificate signs in its time only.
fn in_time(certificate: Certificate, at: Instant) -> std::result::Result<String, Why> {
    certificate.valid_at(at.micros().div_euclid(1_000_000)).map_err(|_| BAD_SIGNATURE)?;
    Ok(certificate.name)
}

fn packet_parts(envelope: &str, to: &[String], files: &[Attachment]) -> Result<Vec<Reference>> {
    let mut parts = vec![
        Reference { name: ENVELOPE.to_owned(), sha256: sha256(envelope.as_bytes()) },
        Reference { name: RECIPIENTS.to_owned(), sha256: sha256(to.join("\n").as_bytes()) },
    ];
    let hashes: BTreeSet<&str> = files.iter().map(|file| file.sha256.as_str()).collect();
    for hash in hashes {
        let sha256 = unhex(hash).ok_or_else(|| Error::internal("a file has no hash"))?;
        parts.push(Reference { name: format!("files/{hash}"), sha256 });
    }
    Ok(parts)
}

fn same(wanted: &[Reference], signed: &[Reference]) -> bool {
    wanted.len() == signed.len() && wanted.iter().all(|part| signed.contains(part))
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    if text.len() != 64 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    for (at, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(out)
}

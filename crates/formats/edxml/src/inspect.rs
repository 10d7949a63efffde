//! One packet in one flat value, for people and scripts.

use std::io::{self, BufRead};

use jiff::civil::Date;
use serde::Serialize;

use crate::limits::Limits;
use crate::model::{Document, Packet, ResponseFor};
use crate::outcome::{Quarantine, Warning};
use crate::read::read;
use crate::status::Status;

/// What a packet says, serializable as one JSON object. Absent texts are `null`; days are `yyyy-MM-dd`; every
/// text is the sender's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// The file name given.
    pub file: String,
    /// `document`, `status` or `quarantined`.
    pub verdict: &'static str,
    /// Reason key and detail of a quarantine.
    pub reason: Option<String>,
    /// `new`, `recall`, `update` or `replace`.
    pub business: Option<&'static str>,
    /// Identifier as written, or our key where the sender left it out; of a status, the document meant.
    pub document_id: Option<String>,
    /// Code of a status.
    pub status_code: Option<String>,
    /// Agency code of the sender.
    pub from: Option<String>,
    /// Agency codes of the recipients.
    pub to: Vec<String>,
    /// Number.
    pub number: Option<String>,
    /// Notation.
    pub notation: Option<String>,
    /// Place of promulgation.
    pub place: Option<String>,
    /// Day of promulgation.
    pub promulgated: Option<String>,
    /// Name of the type.
    #[serde(rename = "type")]
    pub type_name: Option<String>,
    /// Subject.
    pub subject: Option<String>,
    /// Signer.
    pub signer: Option<SignerLine>,
    /// Day an answer is due.
    pub due: Option<String>,
    /// Urgency as written.
    pub priority: Option<String>,
    /// Identifiers of the documents answered.
    pub response_for: Vec<String>,
    /// The attachments, decoded and unwrapped.
    pub attachments: Vec<Piece>,
    /// `none`, `unverifiable`, `valid` or `invalid`.
    pub signature: &'static str,
    /// Each as `key: detail`.
    pub warnings: Vec<String>,
}

/// The signer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SignerLine {
    /// Competence.
    pub competence: Option<String>,
    /// Position.
    pub position: Option<String>,
    /// Full name.
    pub name: Option<String>,
}

/// An attachment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// File name.
    pub name: String,
    /// Type by the bytes.
    pub content_type: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

/// Reads a packet with the default limits and keeps nothing of it but this description.
pub fn inspect(file_name: &str, source: impl BufRead) -> Inspection {
    let base = Inspection { file: file_name.to_owned(), signature: "none", ..Inspection::default() };
    match read(source, &Limits::default(), |_| Ok(io::sink())) {
        Err(quarantine) => quarantined(base, &quarantine),
        Ok(received) => {
            let warnings = received.warnings.iter().map(Warning::to_string).collect();
            let base = Inspection { warnings, ..base };
            match received.packet {
                Packet::Document(document) => of_document(base, &document),
                Packet::Status(status) => of_status(base, &status),
            }
        }
    }
}

fn quarantined(base: Inspection, quarantine: &Quarantine) -> Inspection {
    Inspection { verdict: "quarantined", reason: Some(quarantine.to_string()), ..base }
}

fn of_document(base: Inspection, document: &Document) -> Inspection {
    let signer = &document.signer;
    let line = SignerLine {
        competence: some(&signer.competence),
        position: some(&signer.position),
        name: some(&signer.full_name),
    };
    let pieces = document.attachments.iter().map(|attachment| Piece {
        name: attachment.name.clone(),
        content_type: attachment.content_type.clone(),
        bytes: attachment.bytes,
        sha256: attachment.sha256.clone(),
    });
    Inspection {
        verdict: "document",
        business: Some(document.business.kind.key()),
        document_id: some(&document.document_id).or_else(|| some(&document.key())),
        from: some(&document.from.id),
        to: document.to.iter().map(|organ| organ.id.clone()).collect(),
        number: some(&document.code.number),
        notation: some(&document.code.notation),
        place: some(&document.promulgation.place),
        promulgated: document.promulgation.date.as_ref().map(Date::to_string),
        type_name: some(&document.document_type.name),
        subject: some(&document.subject),
        signer: Some(line).filter(|line| *line != SignerLine::default()),
        due: document.due.as_ref().map(Date::to_string),
        priority: some(&document.other.priority),
        response_for: document.response_for.iter().filter_map(about).collect(),
        attachments: pieces.collect(),
        signature: document.signature.key(),
        ..base
    }
}

fn of_status(base: Inspection, status: &Status) -> Inspection {
    Inspection {
        verdict: "status",
        document_id: some(&status.response_for.document_id).or_else(|| some(&status.key())),
        status_code: some(status.code.code()),
        from: some(&status.from.id),
        response_for: about(&status.response_for).into_iter().collect(),
        signature: status.signature.key(),
        ..base
    }
}

/// The document meant: its id, else our key, else its code.
fn about(about: &ResponseFor) -> Option<String> {
    some(&about.document_id).or_else(|| some(&about.key())).or_else(|| some(&about.code))
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

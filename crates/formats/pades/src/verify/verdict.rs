use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::fmt::Display;

use super::diff::Change;
use super::field::{self, Signed};
use super::file::Object;
use super::kind::Kind;
use super::message::Message;
use super::{Cause, Status};
use crate::trust::{Cert, hex};

/// The answer about one signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The name of the field, in full.
    pub field: String,
    /// Who signed, as far as the certificate tells.
    pub kind: Kind,
    /// The answer.
    pub status: Status,
    /// Why it is not valid; empty when it is.
    pub reasons: Vec<Cause>,
    /// More about the reasons; for logs, in English, may hold text of the file.
    pub details: Vec<String>,
    /// The subject of the certificate, as RFC 4514 writes it.
    pub signer: Option<String>,
    /// The certificate.
    pub certificate: Option<Certificate>,
    /// When the signer says that he signed. This proves nothing.
    #[serde(serialize_with = "moment")]
    pub claimed_at: Option<Timestamp>,
    /// The moment a trusted timestamp proves that the signature existed.
    #[serde(serialize_with = "moment")]
    pub proven_at: Option<Timestamp>,
    /// Whether nothing stands behind what it covers.
    pub covers_whole_file: bool,
    /// What was changed since, all of it permitted.
    pub changes: Vec<Change>,
    /// For a certification: what it permits (1 nothing, 2 filling in and signing, 3 notes too).
    pub certifies: Option<i64>,
    /// Whether fresh revocation data cleared the certificates.
    pub revocation_checked: bool,
}

/// A certificate, as one looks it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// The serial number, in hexadecimal digits.
    pub serial: String,
    /// Who issued it, as RFC 4514 writes it.
    pub issuer: String,
    /// First moment of its validity.
    #[serde(serialize_with = "moment")]
    pub from: Option<Timestamp>,
    /// Last moment of its validity.
    #[serde(serialize_with = "moment")]
    pub until: Option<Timestamp>,
    /// SHA-256 of the certificate, in hexadecimal digits.
    pub sha256: String,
}

/// The answer about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Whether the file is signed, every signature is valid, and all that is shown is covered by one.
    pub accepted: bool,
    /// Why not, beside what the signatures say.
    pub reasons: Vec<Cause>,
    /// The signatures, in the order they were made.
    pub signatures: Vec<Verdict>,
}

impl Answer {
    /// The answer about a file from those about its signatures.
    pub fn of(signatures: Vec<Verdict>) -> Self {
        let mut reasons = Vec::new();
        match signatures.last() {
            None => reasons.push(Cause::NoSignature),
            // Validation data behind the last signature is what long-term validation adds, and shows nothing.
            Some(last) => {
                let silent = !last.changes.is_empty() && last.changes.iter().all(Change::silent);
                if !last.covers_whole_file && !silent {
                    reasons.push(Cause::NotWholeFile);
                }
            }
        }
        let valid = signatures.iter().all(|verdict| verdict.status == Status::Valid);
        Self { accepted: valid && reasons.is_empty(), reasons, signatures }
    }
}

impl Verdict {
    pub(super) fn of(signed: &Signed) -> Self {
        let claimed = signed.signature.get("M").and_then(Object::as_text);
        Self {
            field: signed.name.clone(),
            kind: Kind::Unknown,
            status: Status::Valid,
            reasons: Vec::new(),
            details: Vec::new(),
            signer: None,
            certificate: None,
            claimed_at: claimed.and_then(|claimed| date(&field::text(&claimed.bytes))),
            proven_at: None,
            covers_whole_file: false,
            changes: Vec::new(),
            certifies: None,
            revocation_checked: false,
        }
    }

    /// What the certificate says of the signer.
    pub(super) fn signer(&mut self, message: &Message<'_>, signed: &Signed, stamp: bool) {
        if let Some(claimed) = message.claimed() {
            self.claimed_at = self.claimed_at.or(Timestamp::from_second(claimed).ok());
        }
        let Some(cert) = message.certificate() else { return };
        self.kind = match Kind::of(cert, stamp) {
            Kind::Unknown => Kind::claimed(&signed.signature),
            told => told,
        };
        self.signer = Some(cert.subject_text());
        self.certificate = Some(Certificate::of(cert));
    }

    pub(super) fn fail(&mut self, cause: Cause) {
        if !self.reasons.contains(&cause) {
            self.reasons.push(cause);
        }
        match (self.status, cause.weight()) {
            (Status::Invalid, _) | (_, Status::Valid) => {}
            (_, weight) => self.status = weight,
        }
    }

    pub(super) fn refuse(&mut self, cause: Cause, detail: impl Display) {
        self.details.push(detail.to_string());
        self.fail(cause);
    }
}

impl Certificate {
    fn of(cert: &Cert) -> Self {
        let (from, until) = cert.validity();
        Self {
            serial: cert.serial_text(),
            issuer: cert.issuer_text(),
            from: Timestamp::from_second(from).ok(),
            until: Timestamp::from_second(until).ok(),
            sha256: hex(&cert.sha256()),
        }
    }
}

#[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
fn moment<S: Serializer>(moment: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match moment {
        Some(moment) => serializer.collect_str(moment),
        None => serializer.serialize_none(),
    }
}

/// A date of a PDF: `D:YYYYMMDDHHmmSS` and the offset from UTC (ISO 32000-1, 7.9.4).
fn date(text: &str) -> Option<Timestamp> {
    let text = text.strip_prefix("D:")?;
    let (digits, offset) = text.split_at_checked(14)?;
    let pick = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
    let small = |from, to| i8::try_from(pick(from, to)?).ok();
    let civil = jiff::civil::DateTime::new(
        pick(0, 4)?,
        small(4, 6)?,
        small(6, 8)?,
        small(8, 10)?,
        small(10, 12)?,
        small(12, 14)?,
        0,
    );
    let utc = jiff::tz::Offset::UTC.to_timestamp(civil.ok()?).ok()?;
    let digits: String = offset.chars().filter(char::is_ascii_digit).take(4).collect();
    let minutes = match digits.len() {
        2 => digits.parse::<i64>().ok()?.checked_mul(60)?,
        4 => digits
            .get(..2)?
            .parse::<i64>()
            .ok()?
            .checked_mul(60)?
            .checked_add(digits.get(2..)?.parse().ok()?)?,
        _ => 0,
    };
    let ahead = if offset.starts_with('-') { minutes } else { -minutes };
    Timestamp::from_second(utc.as_second().checked_add(ahead.checked_mul(60)?)?).ok()
}

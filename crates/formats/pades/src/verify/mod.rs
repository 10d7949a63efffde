//! Checking the signatures of a file.
//!
//! `verify` answers about every signature, `Answer::of` about the file. `README.md` states what is checked.

mod cause;
mod diff;
mod dss;
mod field;
pub(crate) mod file;
mod kind;
mod message;
mod stamp;
mod verdict;

pub use cause::{Cause, Status};
pub use diff::Change;
pub use kind::Kind;
pub(crate) use message::Message;
pub(crate) use stamp::{Check, check as stamped};
pub use verdict::{Answer, Certificate, Verdict};

use jiff::Timestamp;

use crate::trust::{self, Cert, Evidence, Purpose, Question, Standing, Trust};
use crate::{Error, Reason, Result};
use field::{Covered, Signed};
use file::{Fault, File, limits};

/// Bytes of the signed messages of all signatures of a file together.
const MESSAGES: usize = 32 << 20;

/// Bytes of all revisions of a file together: each is digested and compared.
const REVISIONS: usize = 2 << 30;

/// Checks every signature of a file, in the order they were made.
///
/// `at` is the moment of checking. A signature is judged at the moment a trusted timestamp proves, and at `at` when none
/// does: the time a signer claims proves nothing. A file without signatures has an empty list; ask `Answer::of` before
/// calling a file signed.
///
/// # Errors
/// `TooLarge`, `Encrypted` and `Corrupt`: nothing can be said about such a file, so nothing is.
pub fn verify(pdf: &[u8], trust: &Trust, at: Timestamp) -> Result<Vec<Verdict>> {
    if pdf.len() > limits::FILE {
        return Err(Error::new(Reason::TooLarge, format!("{} bytes", pdf.len())));
    }
    let file = File::open(pdf).map_err(corrupt)?;
    if file.sections().iter().any(|section| section.trailer.get("Encrypt").is_some()) {
        return Err(Error::new(Reason::Encrypted, ""));
    }
    let signed = field::signed(&file).map_err(corrupt)?;
    let mut evidence = Evidence::default();
    let mut pool = dss::collect(&file, &mut evidence).map_err(corrupt)?;
    let contents: Vec<&[u8]> = signed.iter().map(contents).collect();
    if contents.iter().map(|contents| contents.len()).sum::<usize>() > MESSAGES {
        return Err(Error::new(Reason::TooLarge, "signed messages"));
    }
    let mut looked: Vec<Looked<'_>> = signed
        .iter()
        .zip(contents)
        .map(|(signed, contents)| look(&file, signed, contents, &mut evidence))
        .collect();
    let ends = looked.iter().filter_map(|looked| Some(looked.covered.ok()?.end));
    if ends.fold(0, usize::saturating_add) > REVISIONS {
        return Err(Error::new(Reason::TooLarge, "revisions"));
    }
    looked.sort_by_key(|looked| looked.covered.map_or(0, |covered| covered.end));
    for message in looked.iter().filter_map(|looked| looked.message.as_ref()) {
        pool.extend(message.certificates.iter().cloned());
    }
    let shared = Shared { file: &file, trust, pool: &pool, evidence: &evidence };
    // From the last to the first: what a timestamp over the document proves holds for all that it covers.
    let mut proven: Option<i64> = None;
    let mut verdicts = Vec::new();
    for looked in looked.iter().rev() {
        let at = proven.unwrap_or(at.as_second());
        let verdict = shared.judge(looked, at, proven);
        if looked.stamp && verdict.status == Status::Valid {
            proven = verdict.proven_at.map(Timestamp::as_second).or(proven);
        }
        verdicts.push(verdict);
    }
    verdicts.reverse();
    Ok(verdicts)
}

fn corrupt(fault: Fault) -> Error {
    Error::new(Reason::Corrupt, fault)
}

fn contents(signed: &Signed) -> &[u8] {
    signed.signature.get("Contents").and_then(file::Object::as_text).map_or(&[], |text| text.bytes.as_slice())
}

/// A signature as it is written.
struct Looked<'a> {
    signed: &'a Signed,
    covered: std::result::Result<Covered, Cause>,
    message: Option<Message<'a>>,
    /// Whether it is a timestamp over the document.
    stamp: bool,
}

fn look<'a>(file: &File<'_>, signed: &'a Signed, contents: &'a [u8], evidence: &mut Evidence) -> Looked<'a> {
    let covered = Covered::read(file, signed);
    let message = Message::read(contents, evidence);
    Looked { signed, covered, message, stamp: signed.signature.is("SubFilter", "ETSI.RFC3161") }
}

/// What all signatures of a file have in common.
struct Shared<'a> {
    file: &'a File<'a>,
    trust: &'a Trust,
    pool: &'a [Cert],
    evidence: &'a Evidence,
}

impl Shared<'_> {
    fn judge(&self, looked: &Looked<'_>, at: i64, proven: Option<i64>) -> Verdict {
        let mut verdict = Verdict::of(looked.signed);
        if let Some(message) = &looked.message {
            verdict.signer(message, looked.signed, looked.stamp);
        }
        self.integrity(looked, &mut verdict);
        match (&looked.message, looked.covered) {
            (Some(message), Ok(covered)) if looked.stamp => self.stamped(message, covered, at, &mut verdict),
            (Some(message), _) => self.signer(message, (at, proven), &mut verdict),
            (None, _) => verdict.fail(Cause::MalformedSignature),
        }
        verdict
    }

    /// What does not depend on trust: the bytes covered, the digest, the key, and what was changed since.
    fn integrity(&self, looked: &Looked<'_>, verdict: &mut Verdict) {
        let covered = match looked.covered {
            Ok(covered) => covered,
            Err(cause) => return verdict.fail(cause),
        };
        verdict.covers_whole_file = covered.end == self.file.bytes().len();
        let sub_filter = looked.signed.signature.name("SubFilter").unwrap_or_default();
        let required = match sub_filter {
            b"ETSI.CAdES.detached" | b"ETSI.RFC3161" => true,
            b"adbe.pkcs7.detached" => false,
            // Both sign a SHA-1 digest.
            b"adbe.pkcs7.sha1" | b"adbe.x509.rsa_sha1" => return verdict.fail(Cause::WeakAlgorithm),
            _ => return verdict.fail(Cause::MalformedSignature),
        };
        if let (Some(message), false) = (&looked.message, looked.stamp) {
            if message.content.is_some() {
                verdict.fail(Cause::MalformedSignature);
            }
            let parts = covered.parts(self.file.bytes());
            if let Err(cause) = message.check(crate::cms::oids::DATA, &parts, required) {
                verdict.fail(cause);
            }
        }
        self.changes(looked.signed, covered, verdict);
    }

    fn changes(&self, signed: &Signed, covered: Covered, verdict: &mut Verdict) {
        let bytes = self.file.bytes().get(..covered.end).unwrap_or_default();
        let before = match File::open(bytes) {
            Ok(before) => before,
            Err(fault) => return verdict.refuse(Cause::ByteRangeGap, fault),
        };
        // The signature must be in the revision it covers, in the same field.
        let own = field::signed(&before).unwrap_or_default();
        if !own
            .iter()
            .any(|own| own.value == signed.value && own.field == signed.field && own.name == signed.name)
        {
            return verdict.refuse(Cause::ByteRangeGap, "the covered revision has no such signature");
        }
        verdict.certifies = diff::level(&before, &signed.signature).ok().flatten();
        if verdict.covers_whole_file {
            return;
        }
        match diff::changes(&before, self.file, signed) {
            Ok(changes) => verdict.changes = changes,
            Err(refused) => verdict.refuse(Cause::ChangedAfterSigning, refused.0),
        }
    }

    /// A timestamp over the document.
    fn stamped(&self, token: &Message<'_>, covered: Covered, at: i64, verdict: &mut Verdict) {
        let parts = covered.parts(self.file.bytes());
        match stamp::check(token, &parts, &self.check(at)) {
            Ok(time) => verdict.proven_at = Timestamp::from_second(time).ok(),
            Err(causes) => causes.into_iter().for_each(|cause| verdict.fail(cause)),
        }
    }

    fn check(&self, at: i64) -> stamp::Check<'_> {
        stamp::Check { trust: self.trust, pool: self.pool, evidence: self.evidence, at }
    }

    /// The signer's certificate at the moment that is proven.
    fn signer(&self, message: &Message<'_>, (at, proven): (i64, Option<i64>), verdict: &mut Verdict) {
        let mut at = at;
        let mut proven = proven;
        match self.timestamp(message, at) {
            Ok(Some(time)) => {
                at = time.min(at);
                proven = Some(at);
            }
            Ok(None) => {}
            Err(causes) => causes.into_iter().for_each(|cause| verdict.fail(cause)),
        }
        verdict.proven_at = proven.and_then(|proven| Timestamp::from_second(proven).ok());
        let Some(cert) = message.certificate() else { return verdict.fail(Cause::NoCertificate) };
        let pool: Vec<Cert> = message.certificates.iter().chain(self.pool).cloned().collect();
        let Shared { trust, evidence, .. } = *self;
        match trust::check(cert, &Question { trust, pool: &pool, evidence, at, purpose: Purpose::Signing }) {
            Ok(standing) => verdict.revocation_checked = standing == Standing::Good,
            Err(causes) => causes.into_iter().for_each(|cause| verdict.fail(cause)),
        }
    }

    /// The second the timestamp in the message proves.
    fn timestamp(&self, message: &Message<'_>, at: i64) -> std::result::Result<Option<i64>, Vec<Cause>> {
        let Some(bytes) = message.timestamp().map_err(|cause| vec![cause])? else { return Ok(None) };
        let mut evidence = self.evidence.clone();
        let token = Message::read(bytes, &mut evidence).ok_or(vec![Cause::TimestampInvalid])?;
        let check = stamp::Check { evidence: &evidence, ..self.check(at) };
        stamp::check(&token, &[message.signature()], &check).map(Some)
    }
}

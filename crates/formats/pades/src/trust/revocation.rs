use der::Decode;
use der::asn1::ObjectIdentifier as Oid;
use x509_cert::crl::CertificateList;

use super::cert::Cert;
use super::ocsp;
use super::path::Question;
use super::signature;
use super::tlv::{self, Tlv};
use crate::verify::Cause;

const DISTRIBUTION: Oid = Oid::new_unwrap("2.5.29.28");
const NUMBER: Oid = Oid::new_unwrap("2.5.29.20");
const AUTHORITY_KEY: Oid = Oid::new_unwrap("2.5.29.35");
/// Lists and answers looked at for one certificate: a file may hold any number of them.
const LOOKED_AT: usize = 16;

/// Revocation lists and OCSP answers, from the file or the operator. Each counts only for what its signature proves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    pub(crate) lists: Vec<Crl>,
    pub(crate) answers: Vec<Vec<u8>>,
}

impl Evidence {
    pub(crate) fn add_list(&mut self, der: &[u8]) -> bool {
        let read = Crl::read(der);
        let found = read.is_some();
        self.lists.extend(read);
        found
    }
}

/// What is known about the revocation of a certificate, or of all of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// A fresh list or answer says that it was not revoked.
    Good,
    /// Nothing that is fresh says anything.
    Unknown,
}

/// A revocation list with the bytes it was read from.
#[derive(Debug, Clone)]
pub(crate) struct Crl {
    whole: Vec<u8>,
    tbs: Vec<u8>,
    algorithm: Vec<u8>,
    issuer: Vec<u8>,
    parsed: CertificateList,
}

/// The state of every certificate of a path but the last, which the operator trusts himself.
pub(crate) fn path(path: &[&Cert], question: &Question<'_>) -> Result<Standing, Cause> {
    let mut all = Standing::Good;
    for pair in path.windows(2) {
        let [cert, issuer] = pair else { continue };
        if one(cert, issuer, question)? == Standing::Unknown {
            all = Standing::Unknown;
        }
    }
    Ok(all)
}

fn one(cert: &Cert, issuer: &Cert, question: &Question<'_>) -> Result<Standing, Cause> {
    let (found, own) = (question.evidence, &question.trust.evidence);
    let mut standing = Standing::Unknown;
    let lists = own.lists.iter().chain(&found.lists).filter(|list| list.issuer == issuer.subject());
    for list in lists.take(LOOKED_AT) {
        match list.says(cert, issuer, question.at) {
            Some(Said::Revoked(when)) if when <= question.at => return Err(Cause::Revoked),
            Some(Said::Good | Said::Revoked(_)) => standing = Standing::Good,
            None => {}
        }
    }
    // The certificate of a responder is not itself asked about: that question would not end.
    if question.purpose != super::usage::Purpose::OcspSigning {
        for answer in own.answers.iter().chain(&found.answers).take(LOOKED_AT) {
            match ocsp::says(answer, cert, issuer, question) {
                Some(Said::Revoked(when)) if when <= question.at => return Err(Cause::Revoked),
                Some(Said::Good | Said::Revoked(_)) => standing = Standing::Good,
                None => {}
            }
        }
    }
    Ok(standing)
}

/// What a list or an answer says of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    Good,
    /// Revoked, since this second.
    Revoked(i64),
}

/// Whether something published from `this` to `next` tells the state at a moment: it was valid then, or is later.
pub(crate) fn fresh(this: i64, next: Option<i64>, at: i64) -> bool {
    this >= at || next.is_some_and(|next| next >= at)
}

impl Crl {
    pub(crate) fn read(der: &[u8]) -> Option<Self> {
        let parsed = CertificateList::from_der(der).ok()?;
        let mut parts = Tlv::only(der, tlv::SEQUENCE)?.elements();
        let (tbs, algorithm) = (parts.take(tlv::SEQUENCE)?, parts.take(tlv::SEQUENCE)?);
        let mut fields = tbs.elements();
        fields.take(tlv::INTEGER);
        let inner = fields.take(tlv::SEQUENCE)?;
        let issuer = fields.take(tlv::SEQUENCE)?.whole.to_vec();
        if inner.whole != algorithm.whole {
            return None;
        }
        Some(Self {
            whole: der.to_vec(),
            tbs: tbs.whole.to_vec(),
            algorithm: algorithm.whole.to_vec(),
            issuer,
            parsed,
        })
    }

    /// As it was read.
    pub(crate) fn der(&self) -> &[u8] {
        &self.whole
    }

    /// Whose list it is.
    pub(crate) fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    /// `None` when the list is not of this issuer, does not cover the certificate, or is too old to say "good".
    fn says(&self, cert: &Cert, issuer: &Cert, at: i64) -> Option<Said> {
        if issuer.key_usage().is_some_and(|usage| !usage.crl_sign()) || !self.covers(cert) {
            return None;
        }
        let signature = self.parsed.signature.raw_bytes();
        signature::check(issuer.spki(), &self.algorithm, None, (&self.tbs, signature)).ok()?;
        let list = &self.parsed.tbs_cert_list;
        let serial = cert.parsed.tbs_certificate().serial_number();
        let mut revoked = list.revoked_certificates.iter().flatten();
        if let Some(entry) = revoked.find(|entry| entry.serial_number == *serial) {
            return Some(Said::Revoked(seconds(entry.revocation_date)));
        }
        let next = list.next_update.map(seconds);
        fresh(seconds(list.this_update), next, at).then_some(Said::Good)
    }

    /// A list that is partial, indirect or limited in a way not understood here says nothing (RFC 5280, 5.2).
    fn covers(&self, cert: &Cert) -> bool {
        let extensions = self.parsed.tbs_cert_list.crl_extensions.iter().flatten();
        let mut covers = true;
        for extension in extensions {
            covers &= match extension.extn_id {
                DISTRIBUTION => distribution(extension.extn_value.as_bytes(), cert).unwrap_or(false),
                NUMBER | AUTHORITY_KEY => true,
                _ => !extension.critical,
            };
        }
        covers
    }
}

fn distribution(bytes: &[u8], cert: &Cert) -> Option<bool> {
    let authority = cert.basic_constraints().is_some_and(|constraints| constraints.ca);
    for part in Tlv::only(bytes, tlv::SEQUENCE)?.elements().all()? {
        match part.tag {
            // Where it is published.
            0xa0 => {}
            0x81 if !authority => {}
            0x82 if authority => {}
            // Some reasons only, indirect, or for attribute certificates.
            _ if part.body == [0] => {}
            _ => return Some(false),
        }
    }
    Some(true)
}

fn seconds(time: x509_cert::time::Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
}

//! Certificates of nodes and of the authority, as they are read.

use crate::{Error, Result, host};
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use std::fmt::Write;
use x509_cert::der::{Decode, Encode, Reader, SliceReader};
use x509_cert::ext::pkix::{BasicConstraints, SubjectAltName, name::GeneralName};
use x509_cert::name::Name;

/// SHA-256 of a certificate.
pub type Fingerprint = [u8; 32];

/// The fingerprint of a certificate, or of any bytes.
pub fn fingerprint(bytes: &[u8]) -> Fingerprint {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}

/// Bytes in small hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing into a text does not fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// A certificate that was read. Whether it is trusted is a question of its own: [`Certificate::issued_by`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    /// Whom it names: a node, or the authority's title.
    pub name: String,
    /// True for an authority's.
    pub authority: bool,
    /// The serial number, without leading zeros.
    pub serial: Vec<u8>,
    /// Valid from this second of the epoch.
    pub from: i64,
    /// Valid until this second of the epoch.
    pub until: i64,
    public: Vec<u8>,
    subject: Name,
    issuer: Name,
    signature: Vec<u8>,
}

impl Certificate {
    /// Reads a certificate.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it is none of the kind an authority of ours issues.
    pub fn read(der: &[u8]) -> Result<Certificate> {
        let damaged = Error::Damaged("the certificate");
        if der.len() > 8192 {
            return Err(Error::TooLarge);
        }
        let read = x509_cert::Certificate::from_der(der).map_err(|_| damaged)?;
        let tbs = read.tbs_certificate();
        if !is_ours(read.signature_algorithm()) {
            return Err(damaged);
        }
        let second = |time: &x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs());
        let constraints: Option<(bool, BasicConstraints)> = tbs.get_extension().map_err(|_| damaged)?;
        let authority = constraints.is_some_and(|(_, constraints)| constraints.ca);
        let name = common_name(tbs.subject()).ok_or(damaged)?;
        if !authority {
            let names: Option<(bool, SubjectAltName)> = tbs.get_extension().map_err(|_| damaged)?;
            let wanted = host(&name);
            let named =
                |one: &GeneralName| matches!(one, GeneralName::DnsName(dns) if dns.as_str() == wanted);
            if !names.is_some_and(|(_, names)| matches!(names.0.as_slice(), [one] if named(one))) {
                return Err(Error::Name);
            }
        }
        Ok(Certificate {
            name,
            authority,
            serial: plain(tbs.serial_number().as_bytes()),
            from: second(&tbs.validity().not_before).map_err(|_| damaged)?,
            until: second(&tbs.validity().not_after).map_err(|_| damaged)?,
            public: tbs.subject_public_key_info().subject_public_key.raw_bytes().to_vec(),
            subject: tbs.subject().clone(),
            issuer: tbs.issuer().clone(),
            signature: read.signature().as_bytes().ok_or(damaged)?.to_vec(),
            der: der.to_vec(),
        })
    }

    /// Its bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its fingerprint.
    pub fn fingerprint(&self) -> Fingerprint {
        fingerprint(&self.der)
    }

    /// The public point of its key.
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// Checks a signature of its key over bytes.
    ///
    /// # Errors
    /// [`Error::Signature`] when it is not one.
    pub fn verify(&self, bytes: &[u8], signature: &[u8]) -> Result<()> {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &self.public)
            .verify(bytes, signature)
            .map_err(|_| Error::Signature)
    }

    /// Checks that an authority issued it. Time and revocation are not asked here.
    ///
    /// # Errors
    /// [`Error::Stranger`] when another one did, [`Error::Signature`] when it was changed.
    pub fn issued_by(&self, authority: &Certificate) -> Result<()> {
        if !authority.authority || self.issuer != authority.subject {
            return Err(Error::Stranger);
        }
        let signed = signed_part(&self.der).ok_or(Error::Damaged("the certificate"))?;
        authority.verify(signed, &self.signature)
    }

    /// Checks that a second of the epoch lies within its time.
    ///
    /// # Errors
    /// [`Error::OutOfTime`] when it does not.
    pub fn valid_at(&self, second: i64) -> Result<()> {
        if (self.from..=self.until).contains(&second) { Ok(()) } else { Err(Error::OutOfTime) }
    }

    pub(crate) fn is_issuer(&self, issuer: &Name) -> bool {
        self.subject == *issuer
    }
}

/// True for the one way of signing there is here: ECDSA with SHA-256 (RFC 5758, 3.2).
pub(crate) fn is_ours(algorithm: &x509_cert::AlgorithmIdentifier) -> bool {
    algorithm.oid.to_string() == "1.2.840.10045.4.3.2" && algorithm.parameters.is_none()
}

/// The first part of a signed structure (certificate, request, list): what the signature is over, byte for byte.
pub(crate) fn signed_part(der: &[u8]) -> Option<&[u8]> {
    let mut outer = SliceReader::new(der).ok()?;
    x509_cert::der::Header::decode(&mut outer).ok()?;
    outer.tlv_bytes().ok()
}

/// A serial number without the zeros that only make it positive.
pub(crate) fn plain(serial: &[u8]) -> Vec<u8> {
    serial.iter().copied().skip_while(|byte| *byte == 0).collect()
}

fn common_name(name: &Name) -> Option<String> {
    let mut found = None;
    for part in name.iter() {
        if part.oid.to_string() != "2.5.4.3" || found.is_some() {
            return None;
        }
        let value = part.value.to_der().ok()?;
        let text = x509_cert::der::asn1::Utf8StringRef::from_der(&value).ok()?;
        found = Some(text.as_str().to_owned());
    }
    found
}

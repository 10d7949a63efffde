use der::Decode;
use der::asn1::ObjectIdentifier as Oid;
use der::oid::AssociatedOid;
use ring::digest;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};

use super::signature;
use super::tlv::{self, Tlv};
use crate::verify::Cause;

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// A certificate with the bytes it was read from.
#[derive(Debug, Clone)]
pub(crate) struct Cert {
    der: Vec<u8>,
    tbs: Vec<u8>,
    algorithm: Vec<u8>,
    spki: Vec<u8>,
    subject: Vec<u8>,
    issuer: Vec<u8>,
    pub(crate) parsed: Certificate,
}

impl PartialEq for Cert {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Cert {
    pub(crate) fn read(der: &[u8]) -> Option<Self> {
        let parsed = Certificate::from_der(der).ok()?;
        let mut parts = Tlv::only(der, tlv::SEQUENCE)?.elements();
        let (tbs, algorithm) = (parts.take(tlv::SEQUENCE)?, parts.take(tlv::SEQUENCE)?);
        let mut fields = tbs.elements();
        fields.take(tlv::TAG_0);
        fields.take(tlv::INTEGER)?;
        let inner = fields.take(tlv::SEQUENCE)?;
        let issuer = fields.take(tlv::SEQUENCE)?.whole.to_vec();
        fields.take(tlv::SEQUENCE)?;
        let subject = fields.take(tlv::SEQUENCE)?.whole.to_vec();
        let spki = fields.take(tlv::SEQUENCE)?.whole.to_vec();
        // The algorithm outside the signed part must be the one inside (RFC 5280, 4.1.1.2).
        if inner.whole != algorithm.whole {
            return None;
        }
        let (tbs, algorithm) = (tbs.whole.to_vec(), algorithm.whole.to_vec());
        Some(Self { der: der.to_vec(), tbs, algorithm, spki, subject, issuer, parsed })
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    pub(crate) fn subject(&self) -> &[u8] {
        &self.subject
    }

    pub(crate) fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    pub(crate) fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The bytes of the key, without its algorithm.
    pub(crate) fn key(&self) -> &[u8] {
        self.parsed.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes()
    }

    pub(crate) fn serial(&self) -> &[u8] {
        self.parsed.tbs_certificate().serial_number().as_bytes()
    }

    pub(crate) fn self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    pub(crate) fn sha256(&self) -> Vec<u8> {
        digest::digest(&digest::SHA256, &self.der).as_ref().to_vec()
    }

    /// Whether this certificate is signed with that key.
    pub(crate) fn signed_by(&self, issuer: &Cert) -> Result<(), Cause> {
        let signature = self.parsed.signature().raw_bytes();
        signature::check(&issuer.spki, &self.algorithm, None, (&self.tbs, signature))
    }

    /// First and last second of its validity.
    pub(crate) fn validity(&self) -> (i64, i64) {
        let validity = self.parsed.tbs_certificate().validity();
        let seconds = |time: x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
        };
        (seconds(validity.not_before), seconds(validity.not_after))
    }

    pub(crate) fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.extension::<BasicConstraints>().map(|(_, value)| value)
    }

    pub(crate) fn key_usage(&self) -> Option<KeyUsage> {
        self.extension::<KeyUsage>().map(|(_, value)| value)
    }

    /// Whether it is critical, and what it lists.
    pub(crate) fn extended_key_usage(&self) -> Option<(bool, Vec<Oid>)> {
        self.extension::<ExtendedKeyUsage>().map(|(critical, value)| (critical, value.0))
    }

    pub(crate) fn extension<T: for<'a> Decode<'a> + AssociatedOid>(&self) -> Option<(bool, T)> {
        self.raw(T::OID).and_then(|(critical, bytes)| Some((critical, T::from_der(bytes).ok()?)))
    }

    /// An extension by its identifier: whether it is critical, and its bytes.
    pub(crate) fn raw(&self, oid: Oid) -> Option<(bool, &[u8])> {
        let extensions = self.parsed.tbs_certificate().extensions()?;
        let found = extensions.iter().find(|extension| extension.extn_id == oid)?;
        Some((found.critical, found.extn_value.as_bytes()))
    }

    /// Its extensions: which, and whether critical.
    pub(crate) fn extensions(&self) -> Vec<(Oid, bool)> {
        let extensions = self.parsed.tbs_certificate().extensions().map_or(&[][..], Vec::as_slice);
        extensions.iter().map(|extension| (extension.extn_id, extension.critical)).collect()
    }

    /// The subject as RFC 4514 writes it.
    pub(crate) fn subject_text(&self) -> String {
        self.parsed.tbs_certificate().subject().to_string()
    }

    pub(crate) fn issuer_text(&self) -> String {
        self.parsed.tbs_certificate().issuer().to_string()
    }

    pub(crate) fn serial_text(&self) -> String {
        hex(self.serial()).to_uppercase()
    }

    /// The text of the first attribute of the subject with this identifier.
    pub(crate) fn subject_attribute(&self, oid: Oid) -> Option<String> {
        let found = self.parsed.tbs_certificate().subject().iter().find(|attribute| attribute.oid == oid)?;
        std::str::from_utf8(found.value.value()).ok().map(str::to_owned)
    }
}

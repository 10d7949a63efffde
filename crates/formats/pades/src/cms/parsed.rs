use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{Any, ObjectIdentifier as Oid, OctetString};
use der::{Decode, Encode};
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use super::oids;
use crate::{Error, Reason, Result};

/// A signed message with exactly one signer. Nothing of it is verified yet.
#[derive(Debug, Clone)]
pub struct Message {
    /// The whole structure.
    pub signed: SignedData,
    /// Its one signer.
    pub signer: SignerInfo,
    /// The certificates in it.
    pub certificates: Vec<Certificate>,
}

/// Reads a message; zeros behind it are what a PDF pads with.
///
/// # Errors
/// `BadCms` for anything that is not one signed message of one signer, or has other bytes than zeros behind it.
pub fn parse(bytes: &[u8]) -> Result<Message> {
    let (info, rest) = ContentInfo::from_der_partial(bytes).map_err(bad)?;
    if rest.iter().any(|byte| *byte != 0) {
        return Err(Error::new(Reason::BadCms, "bytes behind the message"));
    }
    if info.content_type != oids::SIGNED_DATA {
        return Err(Error::new(Reason::BadCms, "no signed message"));
    }
    let signed: SignedData = info.content.decode_as().map_err(bad)?;
    let [signer] = signed.signer_infos.0.as_slice() else {
        return Err(Error::new(Reason::BadCms, "not exactly one signer"));
    };
    let signer = signer.clone();
    let certificates = signed.certificates.iter().flat_map(|set| set.0.iter());
    let certificates = certificates.filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
        CertificateChoices::Other(_) => None,
    });
    let certificates = certificates.collect();
    Ok(Message { signed, signer, certificates })
}

impl Message {
    /// The certificate the signer names.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificates.iter().find(|certificate| {
            let tbs = certificate.tbs_certificate();
            match &self.signer.sid {
                SignerIdentifier::IssuerAndSerialNumber(named) => {
                    *tbs.issuer() == named.issuer && *tbs.serial_number() == named.serial_number
                }
                SignerIdentifier::SubjectKeyIdentifier(named) => tbs
                    .get_extension::<SubjectKeyIdentifier>()
                    .is_ok_and(|found| found.is_some_and(|(_, own)| own == *named)),
            }
        })
    }

    /// The one value of a signed attribute; `None` when it is absent, doubled or has several values.
    pub fn signed_attribute(&self, oid: Oid) -> Option<&Any> {
        single(self.signer.signed_attrs.as_ref()?.iter(), oid)
    }

    /// The one value of an attribute that is not signed.
    pub fn unsigned_attribute(&self, oid: Oid) -> Option<&Any> {
        single(self.signer.unsigned_attrs.as_ref()?.iter(), oid)
    }

    /// The digest the signer signed.
    pub fn message_digest(&self) -> Option<Vec<u8>> {
        let value: OctetString = self.signed_attribute(oids::MESSAGE_DIGEST)?.decode_as().ok()?;
        Some(value.as_bytes().to_vec())
    }

    /// What is signed, when the message carries it.
    pub fn content(&self) -> Option<Vec<u8>> {
        let value: OctetString = self.signed.encap_content_info.econtent.as_ref()?.decode_as().ok()?;
        Some(value.as_bytes().to_vec())
    }

    /// The timestamp over the signature, encoded.
    pub fn timestamp(&self) -> Option<Vec<u8>> {
        self.unsigned_attribute(oids::SIGNATURE_TIMESTAMP)?.to_der().ok()
    }
}

fn single<'a>(attributes: impl Iterator<Item = &'a x509_cert::attr::Attribute>, oid: Oid) -> Option<&'a Any> {
    let mut found = attributes.filter(|attribute| attribute.oid == oid);
    let (first, None) = (found.next()?, found.next()) else { return None };
    match first.values.as_slice() {
        [value] => Some(value),
        _ => None,
    }
}

pub(crate) fn bad(error: der::Error) -> Error {
    Error::new(Reason::BadCms, error)
}

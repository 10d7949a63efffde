use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{Any, ObjectIdentifier as Oid, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;
use x509_cert::attr::{Attribute, Attributes};

use super::{Algorithm, Digest, Message, oids, parsed::bad};
use crate::Result;

/// `SigningCertificateV2` (RFC 5035, 3): which certificate the signer means.
#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<CertificateId>,
}

#[derive(Sequence)]
struct CertificateId {
    #[asn1(optional = "true")]
    hash_algorithm: Option<AlgorithmIdentifierOwned>,
    hash: OctetString,
}

/// What a signer signs: the attributes, encoded (CAdES baseline B without the time, which PAdES keeps outside).
pub(crate) fn attributes(
    message_digest: &[u8],
    certificate: &Certificate,
    digest: Digest,
) -> Result<Vec<u8>> {
    let hash = digest.over(&[&certificate.to_der().map_err(bad)?]);
    // SHA-256 is the default, and a default is left out (DER).
    let hash_algorithm = (digest != Digest::Sha256).then(|| named(digest.oid()));
    let id = CertificateId { hash_algorithm, hash: OctetString::new(hash).map_err(bad)? };
    let mut attributes = SetOfVec::new();
    for (oid, value) in [
        (oids::CONTENT_TYPE, oids::DATA.to_der()),
        (oids::MESSAGE_DIGEST, OctetString::new(message_digest).and_then(|value| value.to_der())),
        (oids::SIGNING_CERTIFICATE_V2, SigningCertificate { certificates: vec![id] }.to_der()),
    ] {
        attributes.insert(attribute(oid, &value.map_err(bad)?)?).map_err(bad)?;
    }
    attributes.to_der().map_err(bad)
}

/// The signed message, without what it is about (PAdES keeps that in the file).
pub(crate) fn message(
    attributes: &[u8],
    signature: &[u8],
    algorithm: Algorithm,
    (certificate, chain): (&Certificate, &[Certificate]),
) -> Result<Vec<u8>> {
    let tbs = certificate.tbs_certificate();
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: tbs.issuer().clone(),
            serial_number: tbs.serial_number().clone(),
        }),
        digest_alg: named(algorithm.digest().oid()),
        signed_attrs: Some(Attributes::from_der(attributes).map_err(bad)?),
        signature_algorithm: algorithm.identifier(),
        signature: OctetString::new(signature).map_err(bad)?,
        unsigned_attrs: None,
    };
    let mut certificates: Vec<CertificateChoices> = Vec::new();
    for one in std::iter::once(certificate).chain(chain) {
        let choice = CertificateChoices::Certificate(one.clone());
        if !certificates.contains(&choice) {
            certificates.push(choice);
        }
    }
    encode(&SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![signer.digest_alg.clone()]).map_err(bad)?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: oids::DATA, econtent: None },
        certificates: Some(CertificateSet::try_from(certificates).map_err(bad)?),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![signer]).map_err(bad)?,
    })
}

/// The same message with a timestamp over its signature.
pub(crate) fn with_timestamp(message: &Message, token: &[u8]) -> Result<Vec<u8>> {
    let mut signer = message.signer.clone();
    let mut unsigned = signer.unsigned_attrs.take().unwrap_or_default();
    unsigned.insert(attribute(oids::SIGNATURE_TIMESTAMP, token)?).map_err(bad)?;
    signer.unsigned_attrs = Some(unsigned);
    let mut signed = message.signed.clone();
    signed.signer_infos = SignerInfos::try_from(vec![signer]).map_err(bad)?;
    encode(&signed)
}

fn encode(signed: &SignedData) -> Result<Vec<u8>> {
    let content = Any::from_der(&signed.to_der().map_err(bad)?).map_err(bad)?;
    ContentInfo { content_type: oids::SIGNED_DATA, content }.to_der().map_err(bad)
}

fn attribute(oid: Oid, value: &[u8]) -> Result<Attribute> {
    let mut values = SetOfVec::new();
    values.insert(Any::from_der(value).map_err(bad)?).map_err(bad)?;
    Ok(Attribute { oid, values })
}

fn named(oid: Oid) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

//! The signed message (CMS, RFC 5652) of a signature, kept as the bytes that were signed.

use der::asn1::ObjectIdentifier as Oid;
use ring::digest;

use super::Cause;
use crate::cms::{Digest, oids};
use crate::trust::{self, Cert, Elements, Evidence, Tlv, tag};

const REVOCATION: Oid = Oid::new_unwrap("1.2.840.113583.1.1.8");
const PROTECTION: Oid = Oid::new_unwrap("1.2.840.113549.1.9.52");
/// Certificates read from one message.
const CERTIFICATES: usize = 64;

/// A message of one signer; nothing of it is proven by reading it.
#[derive(Debug)]
pub(crate) struct Message<'a> {
    signer: SignerId<'a>,
    digest: Oid,
    attributes: Vec<Attribute<'a>>,
    /// The attributes as they were signed: with the tag of a set.
    signed: Vec<u8>,
    algorithm: &'a [u8],
    signature: &'a [u8],
    unsigned: Vec<Attribute<'a>>,
    content_type: Oid,
    pub(crate) content: Option<&'a [u8]>,
    pub(crate) certificates: Vec<Cert>,
}

#[derive(Debug)]
enum SignerId<'a> {
    Issuer { name: &'a [u8], serial: &'a [u8] },
    Key(&'a [u8]),
}

#[derive(Debug)]
struct Attribute<'a> {
    oid: Oid,
    values: Vec<Tlv<'a>>,
}

impl<'a> Message<'a> {
    /// Reads a message; behind it there may only be the zeros a PDF pads with.
    pub(crate) fn read(bytes: &'a [u8], evidence: &mut Evidence) -> Option<Self> {
        let (info, rest) = Tlv::split(bytes)?;
        if info.tag != tag::SEQUENCE || rest.iter().any(|byte| *byte != 0) {
            return None;
        }
        let mut info = info.elements();
        if info.take(tag::OID)?.oid()? != oids::SIGNED_DATA {
            return None;
        }
        let mut parts = Tlv::only(info.take(tag::TAG_0)?.body, tag::SEQUENCE)?.elements();
        parts.take(tag::INTEGER)?;
        parts.take(tag::SET)?;
        let mut encapsulated = parts.take(tag::SEQUENCE)?.elements();
        let content_type = encapsulated.take(tag::OID)?.oid()?;
        let content = match encapsulated.take(tag::TAG_0) {
            Some(content) => Some(Tlv::only(content.body, tag::OCTETS)?.body),
            None => None,
        };
        let certificates = parts.take(tag::TAG_0).map_or(Some(Vec::new()), |set| set.elements().all())?;
        let certificates =
            certificates.iter().filter(|choice| choice.tag == tag::SEQUENCE).take(CERTIFICATES);
        let certificates = certificates.filter_map(|choice| Cert::read(choice.whole)).collect();
        if let Some(lists) = parts.take(tag::TAG_1) {
            lists.elements().all()?.iter().take(CERTIFICATES).for_each(|list| {
                evidence.add_list(list.whole);
            });
        }
        let signers = parts.take(tag::SET)?.elements().all()?;
        let [signer] = signers.as_slice() else { return None };
        let message = Self::signer(signer.elements(), (content_type, content), certificates)?;
        message.archived(evidence);
        Some(message)
    }

    fn signer(
        mut parts: Elements<'a>,
        (content_type, content): (Oid, Option<&'a [u8]>),
        certificates: Vec<Cert>,
    ) -> Option<Self> {
        parts.take(tag::INTEGER)?;
        let id = parts.any()?;
        let signer = match id.tag {
            tag::SEQUENCE => {
                let mut id = id.elements();
                SignerId::Issuer { name: id.take(tag::SEQUENCE)?.whole, serial: id.take(tag::INTEGER)?.body }
            }
            0x80 => SignerId::Key(id.body),
            _ => return None,
        };
        let digest = parts.take(tag::SEQUENCE)?.elements().take(tag::OID)?.oid()?;
        let attributes = parts.take(tag::TAG_0)?;
        let (_, after_tag) = attributes.whole.split_first()?;
        let signed = [&[tag::SET], after_tag].concat();
        let algorithm = parts.take(tag::SEQUENCE)?.whole;
        let signature = parts.take(tag::OCTETS)?.body;
        let unsigned = parts.take(tag::TAG_1).map_or(Some(Vec::new()), list)?;
        parts.0.is_empty().then_some(())?;
        let attributes = list(attributes)?;
        Some(Self {
            signer,
            digest,
            attributes,
            signed,
            algorithm,
            signature,
            unsigned,
            content_type,
            content,
            certificates,
        })
    }

    /// The certificate the signer names.
    pub(crate) fn certificate(&self) -> Option<&Cert> {
        self.certificates.iter().find(|cert| match self.signer {
            SignerId::Issuer { name, serial } => cert.issuer() == name && cert.serial() == serial,
            SignerId::Key(key) => {
                let own = cert.raw(Oid::new_unwrap("2.5.29.14"));
                own.and_then(|(_, own)| Tlv::only(own, tag::OCTETS)).is_some_and(|own| own.body == key)
            }
        })
    }

    /// Checks that the message signs these bytes with the key of its certificate. Path and time are not looked at.
    pub(crate) fn check(&self, content_type: Oid, signed: &[&[u8]], named: bool) -> Result<(), Cause> {
        let cert = self.certificate().ok_or(Cause::NoCertificate)?;
        let digest = Digest::of(self.digest).ok_or(trust::refused(self.digest))?;
        let own_type = self.attribute(oids::CONTENT_TYPE)?.and_then(|value| value.oid());
        if self.content_type != content_type || own_type != Some(content_type) {
            return Err(Cause::MalformedSignature);
        }
        let said = self.attribute(oids::MESSAGE_DIGEST)?.filter(|value| value.tag == tag::OCTETS);
        let said = said.ok_or(Cause::MalformedSignature)?;
        if said.body != digest.over(signed) {
            return Err(Cause::DigestMismatch);
        }
        self.protected()?;
        self.names(cert, named)?;
        let hint = Some(self.digest);
        trust::check_signature(cert.spki(), self.algorithm, hint, (&self.signed, self.signature))
    }

    /// The one value of a signed attribute. One that is there twice, or has two values, is no attribute but a trick.
    fn attribute(&self, oid: Oid) -> Result<Option<Tlv<'a>>, Cause> {
        one(&self.attributes, oid)
    }

    /// The attribute that repeats the algorithms (RFC 6211), where the signer set it.
    fn protected(&self) -> Result<(), Cause> {
        let Some(value) = self.attribute(PROTECTION)? else { return Ok(()) };
        let mut parts = value.elements();
        let digest = parts.take(tag::SEQUENCE).and_then(|digest| digest.elements().take(tag::OID)?.oid());
        let algorithm = parts.take(tag::TAG_1);
        let own = Tlv::split(self.algorithm).map(|(own, _)| own.body);
        if digest == Some(self.digest) && algorithm.map(|algorithm| algorithm.body) == own {
            Ok(())
        } else {
            Err(Cause::MalformedSignature)
        }
    }

    /// The certificate must be the one the signer named (RFC 5035). `required`: there must be such a name.
    fn names(&self, cert: &Cert, required: bool) -> Result<(), Cause> {
        let (old, new) =
            (self.attribute(oids::SIGNING_CERTIFICATE)?, self.attribute(oids::SIGNING_CERTIFICATE_V2)?);
        let hash = match (new, old) {
            (Some(new), _) => certificate_hash(new, cert, true),
            (None, Some(old)) => certificate_hash(old, cert, false),
            (None, None) if required => return Err(Cause::MalformedSignature),
            (None, None) => return Ok(()),
        };
        match hash {
            Some(true) => Ok(()),
            Some(false) => Err(Cause::CertificateMismatch),
            None => Err(Cause::MalformedSignature),
        }
    }

    /// The timestamp over the signature.
    pub(crate) fn timestamp(&self) -> Result<Option<&'a [u8]>, Cause> {
        Ok(one(&self.unsigned, oids::SIGNATURE_TIMESTAMP)?.map(|value| value.whole))
    }

    pub(crate) fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// The time the signer claims in the message, in seconds.
    pub(crate) fn claimed(&self) -> Option<i64> {
        self.attribute(oids::SIGNING_TIME).ok()??.seconds()
    }

    /// Lists and answers the signer put into the message (`adbe-revocationInfoArchival`).
    fn archived(&self, evidence: &mut Evidence) {
        let values = self.attributes.iter().filter(|attribute| attribute.oid == REVOCATION);
        for value in values.flat_map(|attribute| &attribute.values) {
            for part in value.elements().all().unwrap_or_default() {
                let items = Tlv::only(part.body, tag::SEQUENCE).and_then(|items| items.elements().all());
                for item in items.unwrap_or_default().iter().take(CERTIFICATES) {
                    match part.tag {
                        tag::TAG_0 => {
                            evidence.add_list(item.whole);
                        }
                        tag::TAG_1 => evidence.answers.push(item.whole.to_vec()),
                        _ => {}
                    }
                }
            }
        }
    }
}

fn list(set: Tlv<'_>) -> Option<Vec<Attribute<'_>>> {
    let mut found = Vec::new();
    for attribute in set.elements().all()? {
        let mut parts = Tlv::only(attribute.whole, tag::SEQUENCE)?.elements();
        let (oid, values) = (parts.take(tag::OID)?.oid()?, parts.take(tag::SET)?.elements().all()?);
        found.push(Attribute { oid, values });
    }
    Some(found)
}

fn one<'a>(attributes: &[Attribute<'a>], oid: Oid) -> Result<Option<Tlv<'a>>, Cause> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some(Attribute { values, .. }), None) => match values.as_slice() {
            [value] => Ok(Some(*value)),
            _ => Err(Cause::MalformedSignature),
        },
        (Some(_), Some(_)) => Err(Cause::MalformedSignature),
    }
}

/// Whether the first name in the attribute is that of the certificate. The older attribute uses SHA-1: it only repeats
/// what the signer's certificate is, whose own path is checked, so it is read but proves nothing by itself.
fn certificate_hash(attribute: Tlv<'_>, cert: &Cert, new: bool) -> Option<bool> {
    let first = attribute.elements().take(tag::SEQUENCE)?.elements().take(tag::SEQUENCE)?;
    let mut parts = first.elements();
    let algorithm = parts.take(tag::SEQUENCE);
    let hash = parts.take(tag::OCTETS)?.body;
    let own = match (new, algorithm) {
        (false, _) => digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, cert.der()).as_ref().to_vec(),
        (true, None) => cert.sha256(),
        (true, Some(algorithm)) => {
            Digest::of(algorithm.elements().take(tag::OID)?.oid()?)?.over(&[cert.der()])
        }
    };
    Some(hash == own)
}

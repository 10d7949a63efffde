//! Reading a signature: what it points to, and what is signed with it.

use jiff::Timestamp;
use roxmltree::{Document, Node};
use x509_cert::Certificate;

use crate::document::{algorithm, attributes, children, exactly, text, unexpected};
use crate::names::{DS, EXCLUSIVE, SHA256, SIGNED_PROPERTIES, XADES};
use crate::value::{DIGEST, decode, decode_digest, sha256};
use crate::{Error, Reason, Result, canonical, key};

/// A reference as it stands in the signature.
pub(crate) struct Pointer<'a> {
    pub(crate) uri: &'a str,
    /// Algorithms of the transforms, none when nothing is said of them.
    pub(crate) transforms: Vec<&'a str>,
    pub(crate) sha256: [u8; DIGEST],
    id: Option<&'a str>,
    kind: Option<&'a str>,
}

/// A signature whose value is that of its certificate's key. What its pointers point to is not looked at yet.
pub(crate) struct Read<'a> {
    /// What it points to outside of itself.
    pub(crate) pointers: Vec<Pointer<'a>>,
    /// The certificate, DER.
    pub(crate) certificate: Vec<u8>,
    /// When it was made, where that is signed with it.
    pub(crate) time: Option<Timestamp>,
}

/// Reads a signature and checks everything in it that needs nothing outside.
pub(crate) fn read<'a, 'i: 'a>(document: &'a Document<'i>, signature: Node<'a, 'i>) -> Result<Read<'a>> {
    let parts = children(signature)?;
    let (object, core) = match parts.as_slice() {
        [core @ .., object] if parts.len() == 4 && object.has_tag_name((DS, "Object")) => {
            (Some(*object), core)
        }
        core => (None, core),
    };
    let [info, value, key_info] = core else { return Err(unexpected(signature)) };
    let named = [(info, "SignedInfo"), (value, "SignatureValue"), (key_info, "KeyInfo")];
    if !named.iter().all(|(node, name)| node.has_tag_name((DS, *name))) {
        return Err(unexpected(signature));
    }
    attributes(*value, [])?;
    let der = certificate(*key_info)?;
    let certificate = key::certificate(&der)?;
    let mut pointers = signed(document, *info, (&certificate, decode(text(*value)?)?))?;
    let time = match object {
        Some(object) => Some(properties(document, (signature, object), &mut pointers, &der)?),
        None => None,
    };
    if pointers.iter().any(|pointer| pointer.kind.is_some() || pointer.uri.starts_with('#')) {
        return Err(unexpected(*info));
    }
    Ok(Read { pointers, certificate: der, time })
}

fn certificate(key_info: Node<'_, '_>) -> Result<Vec<u8>> {
    attributes(key_info, [])?;
    let [data] = exactly(key_info, DS, ["X509Data"])?;
    attributes(data, [])?;
    let [certificate] = exactly(data, DS, ["X509Certificate"])?;
    attributes(certificate, [])?;
    decode(text(certificate)?)
}

/// The pointers of a `SignedInfo` that the key of the certificate signed.
fn signed<'a, 'i: 'a>(
    document: &'a Document<'i>,
    info: Node<'a, 'i>,
    (certificate, value): (&Certificate, Vec<u8>),
) -> Result<Vec<Pointer<'a>>> {
    attributes(info, [])?;
    let parts = children(info)?;
    let [canonical_method, signature_method, references @ ..] = parts.as_slice() else {
        return Err(unexpected(info));
    };
    if !canonical_method.has_tag_name((DS, "CanonicalizationMethod"))
        || !signature_method.has_tag_name((DS, "SignatureMethod"))
    {
        return Err(unexpected(info));
    }
    let kind = key::Algorithm::of(certificate)?;
    if algorithm(*canonical_method)? != EXCLUSIVE || algorithm(*signature_method)? != kind.uri() {
        return Err(Error::new(Reason::Algorithm, "of the signature"));
    }
    let pointers = references.iter().map(|reference| pointer(*reference)).collect::<Result<Vec<_>>>()?;
    kind.check(certificate, canonical::of(document, info, None)?.as_bytes(), &value)?;
    Ok(pointers)
}

fn pointer<'a>(reference: Node<'a, '_>) -> Result<Pointer<'a>> {
    if !reference.has_tag_name((DS, "Reference")) {
        return Err(unexpected(reference));
    }
    if !reference.attributes().all(|attribute| matches!(attribute.name(), "Id" | "Type" | "URI")) {
        return Err(unexpected(reference));
    }
    let parts = children(reference)?;
    let (transforms, rest) = match parts.as_slice() {
        [transforms, rest @ ..] if transforms.has_tag_name((DS, "Transforms")) => (Some(transforms), rest),
        rest => (None, rest),
    };
    let [method, value] = rest else { return Err(unexpected(reference)) };
    if !method.has_tag_name((DS, "DigestMethod")) || !value.has_tag_name((DS, "DigestValue")) {
        return Err(unexpected(reference));
    }
    if algorithm(*method)? != SHA256 {
        return Err(Error::new(Reason::Algorithm, "of a digest"));
    }
    let transforms = match transforms {
        Some(transforms) => children(*transforms)?.into_iter().map(transform).collect::<Result<_>>()?,
        None => Vec::new(),
    };
    Ok(Pointer {
        uri: reference.attribute("URI").ok_or_else(|| unexpected(reference))?,
        transforms,
        sha256: decode_digest(text(*value)?)?,
        id: reference.attribute("Id"),
        kind: reference.attribute("Type"),
    })
}

fn transform<'a>(node: Node<'a, '_>) -> Result<&'a str> {
    if node.has_tag_name((DS, "Transform")) { algorithm(node) } else { Err(unexpected(node)) }
}

/// The moment of signing, from properties that are signed, that are those of this signature, and that name this
/// certificate. Their pointer is taken out of the list.
fn properties<'a, 'i: 'a>(
    document: &'a Document<'i>,
    (signature, object): (Node<'a, 'i>, Node<'a, 'i>),
    pointers: &mut Vec<Pointer<'a>>,
    certificate: &[u8],
) -> Result<Timestamp> {
    attributes(object, [])?;
    let [qualifying] = exactly(object, XADES, ["QualifyingProperties"])?;
    let [target] = attributes(qualifying, ["Target"])?;
    let [id] = attributes(signature, ["Id"])?;
    let [signed] = exactly(qualifying, XADES, ["SignedProperties"])?;
    let [signed_id] = attributes(signed, ["Id"])?;
    let own = pointers.pop().filter(|pointer| {
        pointer.kind == Some(SIGNED_PROPERTIES) && pointer.uri.strip_prefix('#') == Some(signed_id)
    });
    let Some(own) = own.filter(|own| own.transforms == [EXCLUSIVE] && target.strip_prefix('#') == Some(id))
    else {
        return Err(unexpected(object));
    };
    if sha256(canonical::of(document, signed, None)?.as_bytes()) != own.sha256 {
        return Err(Error::new(Reason::Digest, "of the signed properties"));
    }
    let [of_signature, of_data] =
        exactly(signed, XADES, ["SignedSignatureProperties", "SignedDataObjectProperties"])?;
    let formats = children(of_data)?;
    let matching = formats.iter().zip(pointers.iter()).all(|(format, pointer)| {
        let about = format.attribute("ObjectReference").and_then(|about| about.strip_prefix('#'));
        format.has_tag_name((XADES, "DataObjectFormat")) && about.is_some() && about == pointer.id
    });
    if formats.len() != pointers.len() || !matching {
        return Err(unexpected(of_data));
    }
    let [time, named] = exactly(of_signature, XADES, ["SigningTime", "SigningCertificateV2"])?;
    if named_certificate(named)? != sha256(certificate) {
        return Err(Error::new(Reason::Certificate, "another one was signed"));
    }
    text(time)?.parse().map_err(|error| Error::new(Reason::Profile, error))
}

fn named_certificate(named: Node<'_, '_>) -> Result<[u8; DIGEST]> {
    let [one] = exactly(named, XADES, ["Cert"])?;
    let [digest] = exactly(one, XADES, ["CertDigest"])?;
    let [method, value] = exactly(digest, DS, ["DigestMethod", "DigestValue"])?;
    match algorithm(method)? {
        SHA256 => decode_digest(text(value)?),
        _ => Err(Error::new(Reason::Algorithm, "of the certificate's digest")),
    }
}

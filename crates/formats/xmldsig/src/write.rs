//! The text of a signature.

use jiff::Timestamp;

use crate::names::{DS, ENVELOPED, EXCLUSIVE, SHA256, SIGNED_PROPERTIES, XADES};
use crate::value::{DIGEST, encode, sha256};
use crate::{Error, Limits, Reason, Result, Signer, canonical, document, key};

/// The identifier of the signature in its document.
const ID: &str = "signature";
/// The identifier of what is signed with it.
const PROPERTIES_ID: &str = "signature-properties";

/// One thing that is signed.
pub(crate) struct Target<'a> {
    /// What the reference points to; empty for the document the signature lies in.
    pub(crate) uri: &'a str,
    pub(crate) sha256: [u8; DIGEST],
}

/// The signature over these, made at that moment (XAdES baseline B).
pub(crate) fn signature(targets: &[Target<'_>], signer: &Signer<'_>, time: Timestamp) -> Result<String> {
    let certificate = key::certificate(signer.certificate)?;
    let algorithm = key::Algorithm::of(&certificate)?;
    let object = object(targets.len(), signer.certificate, time);
    let properties = sha256(part(&object, "SignedProperties")?.as_bytes());
    let mut info = format!(
        "<SignedInfo><CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/><SignatureMethod Algorithm=\"{}\"/>",
        algorithm.uri()
    );
    for (target, n) in targets.iter().zip(1..) {
        let whole = if target.uri.is_empty() { transforms(&[ENVELOPED, EXCLUSIVE]) } else { String::new() };
        let start = format!("<Reference Id=\"reference-{n}\" URI=\"{}\">{whole}", target.uri);
        info.push_str(&start);
        info.push_str(&digest(&target.sha256));
        info.push_str("</Reference>");
    }
    let start = format!("<Reference Type=\"{SIGNED_PROPERTIES}\" URI=\"#{PROPERTIES_ID}\">");
    info.push_str(&start);
    info.push_str(&transforms(&[EXCLUSIVE]));
    info.push_str(&digest(&properties));
    info.push_str("</Reference></SignedInfo>");
    let value = signer.sign(&certificate, part(&info, "SignedInfo")?.as_bytes())?;
    Ok(format!(
        "<Signature xmlns=\"{DS}\" Id=\"{ID}\">{info}<SignatureValue>{}</SignatureValue><KeyInfo><X509Data>\
         <X509Certificate>{}</X509Certificate></X509Data></KeyInfo>{object}</Signature>",
        encode(&value),
        encode(signer.certificate),
    ))
}

fn object(targets: usize, certificate: &[u8], time: Timestamp) -> String {
    let formats: Vec<_> = (1..=targets)
        .map(|n| {
            format!(
                "<xades:DataObjectFormat ObjectReference=\"#reference-{n}\"><xades:MimeType>\
                 application/octet-stream</xades:MimeType></xades:DataObjectFormat>"
            )
        })
        .collect();
    format!(
        "<Object><xades:QualifyingProperties xmlns:xades=\"{XADES}\" Target=\"#{ID}\">\
         <xades:SignedProperties Id=\"{PROPERTIES_ID}\"><xades:SignedSignatureProperties>\
         <xades:SigningTime>{time}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>{}\
         </xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>\
         <xades:SignedDataObjectProperties>{}</xades:SignedDataObjectProperties></xades:SignedProperties>\
         </xades:QualifyingProperties></Object>",
        digest(&sha256(certificate)),
        formats.concat(),
    )
}

fn transforms(algorithms: &[&str]) -> String {
    let each: Vec<_> = algorithms.iter().map(|uri| format!("<Transform Algorithm=\"{uri}\"/>")).collect();
    format!("<Transforms>{}</Transforms>", each.concat())
}

fn digest(sha256: &[u8]) -> String {
    format!("<DigestMethod Algorithm=\"{SHA256}\"/><DigestValue>{}</DigestValue>", encode(sha256))
}

/// An element of ours in canonical form, as a verifier will see it inside the signature.
fn part(text: &str, name: &str) -> Result<String> {
    let whole = format!("<Signature xmlns=\"{DS}\">{text}</Signature>");
    let limits = Limits { bytes: usize::MAX, nodes: u32::MAX };
    let document = document::parse(&whole, &limits)?;
    let node = document.descendants().find(|node| node.tag_name().name() == name);
    let node = node.ok_or_else(|| Error::new(Reason::Profile, name))?;
    canonical::of(&document, node, None)
}

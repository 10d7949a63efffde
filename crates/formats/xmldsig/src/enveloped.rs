//! A signature inside the document it signs.

use jiff::Timestamp;

use crate::names::{ENVELOPED, EXCLUSIVE};
use crate::value::sha256;
use crate::write::{Target, signature};
use crate::{Error, Limits, Reason, Result, Signer, canonical, document, read};

/// What a signature says that is right for its document. The certificate is the caller's to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The signer's certificate, DER.
    pub certificate: Vec<u8>,
    /// When, as the signer says; other programs may not say it.
    pub time: Option<Timestamp>,
}

/// Signs a whole document at that moment and gives it back with the signature at the byte place `at`, which must be
/// between two elements.
///
/// # Errors
/// When the document has a signature or is not one that can be signed, or the signer fails.
pub fn sign(xml: &str, at: usize, signer: &Signer<'_>, time: Timestamp) -> Result<String> {
    let nowhere = || Error::new(Reason::Profile, "no place for a signature");
    let (before, after) = (xml.get(..at).ok_or_else(nowhere)?, xml.get(at..).ok_or_else(nowhere)?);
    let limits = Limits { bytes: usize::MAX, nodes: u32::MAX };
    let digest = sha256(canonical(xml, &limits)?.as_bytes());
    let signature = signature(&[Target { uri: "", sha256: digest }], signer, time)?;
    let signed = [before, &signature, after].concat();
    verify(&signed, &limits)?;
    Ok(signed)
}

/// Reads the one signature of a document, which signs all of it but itself.
///
/// # Errors
/// For everything that is not exactly of the profile or whose signature is not right. A comment or an instruction
/// is refused too: it would be carried without being signed, or mean something to one reader only.
pub fn verify(xml: &str, limits: &Limits) -> Result<Signed> {
    let document = document::parse(xml, limits)?;
    let node = document::only_signature(&document)?;
    if node == document.root_element() {
        return Err(document::unexpected(node));
    }
    if document.descendants().any(|node| node.is_comment() || node.is_pi()) {
        return Err(Error::new(Reason::Profile, "a comment or an instruction"));
    }
    let signature = read::read(&document, node)?;
    let [whole] = signature.pointers.as_slice() else {
        return Err(Error::new(Reason::Profile, "the whole document and nothing else is to be signed"));
    };
    if !whole.uri.is_empty() || whole.transforms != [ENVELOPED, EXCLUSIVE] {
        return Err(Error::new(Reason::Profile, "of the reference"));
    }
    if sha256(canonical::of(&document, document.root(), Some(node.id()))?.as_bytes()) != whole.sha256 {
        return Err(Error::new(Reason::Digest, "of the document"));
    }
    Ok(Signed { certificate: signature.certificate, time: signature.time })
}

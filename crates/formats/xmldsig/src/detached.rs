//! Signatures over things that lie elsewhere, each named and given by its digest.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::names::{ASIC, DS};
use crate::write::{Target, signature};
use crate::{Error, Limits, Reason, Result, Signer, document, read};

/// A name of what is signed has no more bytes than this.
const NAME: usize = 255;

/// One thing that is signed: its name and its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its name: ASCII letters, digits, `.`, `-`, `_`; parts between `/`.
    pub name: String,
    /// Its digest.
    pub sha256: [u8; 32],
}

/// What a signature says that is right in itself. The digests and the certificate are the caller's to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// What was signed, in the signer's order.
    pub references: Vec<Reference>,
    /// The signer's certificate, DER.
    pub certificate: Vec<u8>,
    /// When, as the signer says.
    pub time: Timestamp,
}

impl Signed {
    /// The digest signed under a name.
    pub fn digest(&self, name: &str) -> Option<[u8; 32]> {
        self.references.iter().find(|reference| reference.name == name).map(|reference| reference.sha256)
    }
}

/// Signs these at that moment; the signature is a document of its own.
///
/// # Errors
/// When there is nothing to sign, a name is not of the allowed ones or there twice, or the signer fails.
pub fn sign(references: &[Reference], signer: &Signer<'_>, time: Timestamp) -> Result<String> {
    check(references)?;
    let targets: Vec<_> = references
        .iter()
        .map(|reference| Target { uri: &reference.name, sha256: reference.sha256 })
        .collect();
    signature(&targets, signer, time)
}

/// Reads a signature that is a document of its own, or the only one of an ASiC signature file.
///
/// # Errors
/// For everything that is not exactly of the profile or whose signature is not right.
pub fn verify(xml: &str, limits: &Limits) -> Result<Signed> {
    let document = document::parse(xml, limits)?;
    let node = document::only_signature(&document)?;
    let root = document.root_element();
    if document.root().children().count() != 1 {
        return Err(document::unexpected(root));
    }
    if node != root {
        if !root.has_tag_name((ASIC, "XAdESSignatures")) {
            return Err(document::unexpected(root));
        }
        document::exactly(root, DS, ["Signature"])?;
    }
    let signature = read::read(&document, node)?;
    let time = signature.time.ok_or_else(|| Error::new(Reason::Profile, "no time is signed"))?;
    if signature.pointers.iter().any(|pointer| !pointer.transforms.is_empty()) {
        return Err(Error::new(Reason::Profile, "a transform"));
    }
    let references: Vec<_> = signature
        .pointers
        .iter()
        .map(|pointer| Reference { name: pointer.uri.to_owned(), sha256: pointer.sha256 })
        .collect();
    check(&references)?;
    Ok(Signed { references, certificate: signature.certificate, time })
}

fn check(references: &[Reference]) -> Result<()> {
    let mut names = HashSet::new();
    for Reference { name, .. } in references {
        if !is_name(name) || !names.insert(name) {
            return Err(Error::new(Reason::Profile, format_args!("the name {name:?}")));
        }
    }
    match references {
        [] => Err(Error::new(Reason::Profile, "nothing is signed")),
        _ => Ok(()),
    }
}

fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
            && !part.bytes().all(|byte| byte == b'.')
    };
    name.len() <= NAME && name.split('/').all(part)
}

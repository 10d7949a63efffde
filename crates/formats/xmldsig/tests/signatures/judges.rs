//! The same bytes through xmlsec1.

use std::fs;
use std::path::Path;
use std::process::Command;

use ring::digest::{SHA256, digest};
use tempfile::TempDir;
use xmldsig::detached::{self, Reference};
use xmldsig::{Limits, enveloped};

use crate::detached::base64;
use crate::people::{Person, then};

fn xmlsec1(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let said = Command::new("xmlsec1").args(arguments).current_dir(folder).output().unwrap();
    let text = [said.stdout, said.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    if said.status.success() { Ok(text) } else { Err(text) }
}

fn pem(certificate: &[u8]) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", base64(certificate))
}

fn references(folder: &Path) -> Vec<Reference> {
    ["packet.json", "files/one.pdf"]
        .map(|name| {
            let bytes = name.repeat(3);
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &bytes).unwrap();
            let sha256 = digest(&SHA256, bytes.as_bytes()).as_ref().try_into().unwrap();
            Reference { name: name.to_owned(), sha256 }
        })
        .into()
}

const VERIFY: &[&str] = &[
    "--verify",
    "--trusted-pem",
    "root.pem",
    "--id-attr:Id",
    "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
];

#[test]
fn xmlsec1_verifies_ours_and_finds_what_was_changed() {
    for person in [Person::p256(), Person::rsa()] {
        let folder = TempDir::new().unwrap();
        let folder = folder.path();
        fs::write(folder.join("root.pem"), pem(&person.certificate)).unwrap();
        let xml = person.sign(|signer| detached::sign(&references(folder), signer, then())).unwrap();
        fs::write(folder.join("detached.xml"), xml).unwrap();
        fs::write(folder.join("enveloped.xml"), crate::enveloped::signed(&person)).unwrap();
        for file in ["detached.xml", "enveloped.xml"] {
            let said = xmlsec1(folder, &[VERIFY, &[file]].concat());
            assert!(said.is_ok(), "{file}: {said:?}");
        }
        fs::write(folder.join("packet.json"), "another").unwrap();
        assert!(xmlsec1(folder, &[VERIFY, &["detached.xml"]].concat()).is_err());
    }
}

#[test]
fn we_verify_what_xmlsec1_signed() {
    let person = Person::p256();
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    fs::write(folder.join("key.pem"), person.pem()).unwrap();
    fs::write(folder.join("certificate.pem"), pem(&person.certificate)).unwrap();
    let detached = person.sign(|signer| detached::sign(&references(folder), signer, then())).unwrap();
    let sign = |name: &str, xml: &str| {
        fs::write(folder.join("template.xml"), template(xml)).unwrap();
        let properties = VERIFY[3..].iter().copied();
        let arguments: Vec<&str> = ["--sign", "--privkey-pem", "key.pem,certificate.pem", "--output", name]
            .into_iter()
            .chain(properties)
            .chain(["template.xml"])
            .collect();
        let said = xmlsec1(folder, &arguments);
        assert!(said.is_ok(), "{said:?}");
        fs::read_to_string(folder.join(name)).unwrap()
    };
    let theirs = sign("detached.xml", &detached);
    assert_ne!(theirs, detached);
    let said = detached::verify(&theirs, &Limits::default()).unwrap();
    assert_eq!((said.references, said.time), (references(folder), then()));
    let theirs = sign("enveloped.xml", &crate::enveloped::signed(&person));
    assert_eq!(enveloped::verify(&theirs, &Limits::default()).unwrap().time, Some(then()));
}

/// A signature without what the signer fills in.
fn template(xml: &str) -> String {
    let mut xml = xml.to_owned();
    for element in ["SignatureValue", "X509Certificate"] {
        let (open, close) = (format!("<{element}>"), format!("</{element}>"));
        let start = xml.find(&open).unwrap() + open.len();
        let end = xml.find(&close).unwrap();
        xml.replace_range(start..end, "");
    }
    let info = xml.find("</SignedInfo>").unwrap();
    let mut start = 0;
    while let Some(at) = xml[start..info.min(xml.len())].find("<DigestValue>") {
        let from = start + at + "<DigestValue>".len();
        let to = from + xml[from..].find('<').unwrap();
        if to > xml.find("</SignedInfo>").unwrap() {
            break;
        }
        xml.replace_range(from..to, "");
        start = from;
    }
    xml.replace("<X509Certificate></X509Certificate>", "<X509Certificate/>")
}

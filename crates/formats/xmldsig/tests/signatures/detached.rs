use xmldsig::detached::{Reference, sign, verify};
use xmldsig::{Limits, Reason};

use crate::people::{Person, then};

pub(crate) fn things() -> Vec<Reference> {
    vec![
        Reference { name: "packet.json".to_owned(), sha256: [7; 32] },
        Reference { name: "files/0a1b".to_owned(), sha256: [9; 32] },
    ]
}

fn refused(xml: &str) -> Reason {
    verify(xml, &Limits::default()).unwrap_err().reason
}

#[test]
fn what_was_signed_comes_back_with_certificate_and_time() {
    for person in [Person::p256(), Person::rsa()] {
        let xml = person.sign(|signer| sign(&things(), signer, then())).unwrap();
        let signed = verify(&xml, &Limits::default()).unwrap();
        assert_eq!((signed.references.as_slice(), signed.time), (things().as_slice(), then()));
        assert_eq!(signed.certificate, person.certificate);
        assert_eq!(signed.digest("files/0a1b"), Some([9; 32]));
        assert_eq!(signed.digest("files/0A1B"), None);
    }
}

#[test]
fn no_byte_can_be_another_one() {
    let person = Person::p256();
    let xml = person.sign(|signer| sign(&things(), signer, then())).unwrap();
    let whole = verify(&xml, &Limits::default()).unwrap();
    for at in 0..xml.len() {
        for mask in [0x01, 0x04, 0x20] {
            let mut bytes = xml.clone().into_bytes();
            bytes[at] ^= mask;
            let Ok(altered) = String::from_utf8(bytes) else { continue };
            if let Ok(said) = verify(&altered, &Limits::default()) {
                panic!("byte {at} xor {mask:#x} still verifies: {:?}", said == whole);
            }
        }
    }
}

#[test]
fn no_byte_can_be_left_out() {
    let person = Person::p256();
    let xml = person.sign(|signer| sign(&things(), signer, then())).unwrap();
    for at in 0..xml.len() {
        let less = [&xml[..at], &xml[at + 1..]].concat();
        // Only the space between two attributes' names and values could be spared, and there is none to spare.
        assert!(verify(&less, &Limits::default()).is_err(), "without byte {at}");
    }
}

#[test]
fn a_key_cannot_lend_its_signature_to_another_certificate() {
    let (person, other) = (Person::p256(), Person::p256());
    let encode = |bytes: &[u8]| base64(bytes);
    let xml = person.sign(|signer| sign(&things(), signer, then())).unwrap();
    let swapped = xml.replace(&encode(&person.certificate), &encode(&other.certificate));
    assert_ne!(swapped, xml);
    assert_eq!(refused(&swapped), Reason::Signature);
}

#[test]
fn what_is_not_of_the_profile_is_refused() {
    let person = Person::p256();
    let xml = person.sign(|signer| sign(&things(), signer, then())).unwrap();
    let inner = xml.replace("<Object>", &format!("<Object>{xml}"));
    let twice = format!("<a>{xml}{xml}</a>");
    let sha1 =
        xml.replace("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1");
    let comment = xml.replace("<SignedInfo>", "<SignedInfo><!-- -->");
    let cases = [
        (inner, Reason::Several),
        (twice, Reason::Several),
        (sha1, Reason::Algorithm),
        (comment, Reason::Profile),
        (xml.replace("Id=\"reference-1\"", "Id=\"signature\""), Reason::DoubleId),
        (xml.replace("URI=\"files/0a1b\"", "URI=\"#signature-object\""), Reason::Signature),
        (format!("<a>{xml}</a>"), Reason::Profile),
        (format!("{xml}<?a?>"), Reason::Profile),
        (xml.replace("Signature>", "Sig>").replace("<Signature ", "<Sig "), Reason::Absent),
        (format!("<!DOCTYPE Signature>{xml}"), Reason::NotXml),
    ];
    for (altered, reason) in cases {
        assert_eq!(refused(&altered), reason, "of {altered}");
    }
    let container = "http://uri.etsi.org/02918/v1.2.1#";
    let wrapped = format!("<asic:XAdESSignatures xmlns:asic=\"{container}\">{xml}</asic:XAdESSignatures>");
    assert!(verify(&wrapped, &Limits::default()).is_ok(), "a container's file holds one");
}

#[test]
fn names_are_plain_and_there_once() {
    let person = Person::p256();
    let named = |names: &[&str]| {
        let references: Vec<_> =
            names.iter().map(|name| Reference { name: (*name).to_owned(), sha256: [1; 32] }).collect();
        person.sign(|signer| sign(&references, signer, then())).map(drop).map_err(|error| error.reason)
    };
    for bad in ["", "/etc", "a//b", "../a", "a/..", "a b", "a\"b", "#a", "ký", "a:b", "."] {
        assert_eq!(named(&[bad]), Err(Reason::Profile), "{bad:?}");
    }
    assert_eq!(named(&["a", "a"]), Err(Reason::Profile));
    assert_eq!(named(&[]), Err(Reason::Profile));
    assert_eq!(named(&["a", "a/b", "A"]), Ok(()));
}

#[test]
fn a_signer_that_answers_something_else_is_found_at_once() {
    let (person, other) = (Person::p256(), Person::p256());
    let lying = other.sign(|signer| {
        let with = xmldsig::Signer { certificate: &person.certificate, sign: signer.sign };
        sign(&things(), &with, then()).unwrap_err().reason
    });
    assert_eq!(lying, Reason::Signature);
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes)
}

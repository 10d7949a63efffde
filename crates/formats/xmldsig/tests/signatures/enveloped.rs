use xmldsig::enveloped::{sign, verify};
use xmldsig::{Limits, Reason};

use crate::people::{Person, then};

pub(crate) const PACKET: &str = "<q:edXML xmlns:q=\"urn:packet\"><q:Header Id=\"h\"></q:Header><q:Body>Về việc &amp; như trên</q:Body></q:edXML>";

pub(crate) fn signed(person: &Person) -> String {
    let at = PACKET.find("</q:Header>").unwrap();
    person.sign(|signer| sign(PACKET, at, signer, then())).unwrap()
}

#[test]
fn a_document_carries_its_own_signature() {
    for person in [Person::p256(), Person::rsa()] {
        let said = verify(&signed(&person), &Limits::default()).unwrap();
        assert_eq!((said.certificate, said.time), (person.certificate, Some(then())));
    }
}

#[test]
fn no_byte_of_the_document_can_be_another_one() {
    let xml = signed(&Person::p256());
    for at in 0..xml.len() {
        for mask in [0x01, 0x20] {
            let mut bytes = xml.clone().into_bytes();
            bytes[at] ^= mask;
            let Ok(altered) = String::from_utf8(bytes) else { continue };
            assert!(verify(&altered, &Limits::default()).is_err(), "byte {at} xor {mask:#x}");
        }
    }
}

#[test]
fn the_signature_signs_all_of_its_document_or_nothing() {
    let xml = signed(&Person::p256());
    let code = |altered: &str| verify(altered, &Limits::default()).unwrap_err().reason;
    // The signature wrapped into a document of somebody else's words, which keeps the signed one beside it.
    let wrapped = format!("<q:edXML xmlns:q=\"urn:packet\"><q:Header/><q:Body>giả</q:Body>{xml}</q:edXML>");
    assert_eq!(code(&wrapped), Reason::Digest);
    assert_eq!(code(&xml.replace("URI=\"\"", "URI=\"#h\"")), Reason::Signature);
    assert_eq!(code(&xml.replace("<q:Body>", "<q:Body><!-- -->")), Reason::Profile);
    assert_eq!(code(&xml.replace("như trên", "như dưới")), Reason::Digest);
    assert_eq!(code(PACKET), Reason::Absent);
}

#[test]
fn a_document_is_signed_once_and_only_where_an_element_may_stand() {
    let person = Person::p256();
    let again = person.sign(|signer| sign(&signed(&person), 0, signer, then())).unwrap_err();
    assert!(matches!(again.reason, Reason::NotXml | Reason::Several), "{again}");
    for at in [0, 1, PACKET.len(), PACKET.len() + 1] {
        assert!(person.sign(|signer| sign(PACKET, at, signer, then())).is_err(), "at {at}");
    }
}

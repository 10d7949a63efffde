//! Signed messages that are put together wrongly. The forger holds the key of a certificate that is trusted.

use pades::trust::Trust;

use crate::cases::{Case, none_is_accepted};
use crate::der::{algorithm, attribute, octets, oid, sequence, set, tlv};
use crate::message::*;
use crate::paper::{Paper, Spot};
use crate::people::{Authority, Person, person};

const MALFORMED: &str = "malformed-signature";

fn signed(spot: &Spot<'_>, seal: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut paper = Paper::new();
    paper.sign(spot, seal);
    paper.bytes
}

type Wrong = fn(&mut Message, &Person, &[u8]);

/// One thing wrong in each.
const WRONG: &[(&str, &str, Wrong)] = &[
    ("a SHA-1 digest", "weak-algorithm", |message, _, bytes| {
        message.digest = algorithm(SHA1);
        message.attributes[1] = attribute(MESSAGE_DIGEST, &octets(&sha1(bytes)));
    }),
    ("an MD5 digest", "weak-algorithm", |message, _, _| message.digest = algorithm("1.2.840.113549.2.5")),
    ("a SHA-224 digest", "weak-algorithm", |message, _, _| {
        message.digest = algorithm("2.16.840.1.101.3.4.2.4");
    }),
    ("an unknown digest", "unsupported-algorithm", |message, _, _| message.digest = algorithm("1.2.3.4")),
    ("ECDSA with SHA-1", "weak-algorithm", |message, _, _| {
        message.algorithm = algorithm("1.2.840.10045.4.1");
    }),
    ("an unknown algorithm", "unsupported-algorithm", |message, _, _| {
        message.algorithm = algorithm("1.2.3.4");
    }),
    ("another digest than the algorithm's", MALFORMED, |message, _, _| {
        message.algorithm = algorithm("1.2.840.10045.4.3.3");
    }),
    ("RSA with a key on a curve", "unsupported-algorithm", |message, _, _| {
        message.algorithm = algorithm("1.2.840.113549.1.1.11");
    }),
    ("PSS with a key on a curve", "unsupported-algorithm", |message, _, _| {
        message.algorithm = sequence(&[&oid("1.2.840.113549.1.1.10"), &sequence(&[])]);
    }),
    ("no digest of the file", MALFORMED, |message, _, _| drop(message.attributes.remove(1))),
    ("two digests of the file", MALFORMED, |message, _, _| {
        message.attributes.push(attribute(MESSAGE_DIGEST, &octets(&[0; 32])));
    }),
    ("two digests in one attribute", MALFORMED, |message, _, bytes| {
        let (one, two) = (octets(&sha256(bytes)), octets(&[0; 32]));
        message.attributes[1] = sequence(&[&oid(MESSAGE_DIGEST), &set(&[&one, &two])]);
    }),
    ("the digest of other bytes", "digest-mismatch", |message, _, _| {
        message.attributes[1] = attribute(MESSAGE_DIGEST, &octets(&sha256(b"another file")));
    }),
    ("a digest cut short", "digest-mismatch", |message, _, bytes| {
        message.attributes[1] = attribute(MESSAGE_DIGEST, &octets(&sha256(bytes)[..16]));
    }),
    ("an empty digest", "digest-mismatch", |message, _, _| {
        message.attributes[1] = attribute(MESSAGE_DIGEST, &octets(&[]));
    }),
    ("a digest of another type", MALFORMED, |message, _, bytes| {
        message.attributes[1] = attribute(MESSAGE_DIGEST, &tlv(3, &[&sha256(bytes)]));
    }),
    ("no type of content", MALFORMED, |message, _, _| drop(message.attributes.remove(0))),
    ("another type of content", MALFORMED, |message, _, _| message.content_type = TST_INFO),
    ("another type of content said", MALFORMED, |message, _, _| {
        message.attributes[0] = attribute(CONTENT_TYPE, &oid(TST_INFO));
    }),
    ("nothing that is signed", MALFORMED, |message, _, _| message.attributes.clear()),
    ("content within the message", MALFORMED, |message, _, _| message.content = Some(b"x".to_vec())),
    ("no name of the certificate", MALFORMED, |message, _, _| drop(message.attributes.remove(2))),
    ("the name of another certificate", "certificate-mismatch", |message, _, _| {
        message.attributes[2] = names(b"another certificate");
    }),
    ("the name of a certificate by SHA-1", MALFORMED, |message, person, _| {
        let named = sequence(&[&algorithm(SHA1), &octets(&sha1(&person.der))]);
        message.attributes[2] = attribute(CERTIFICATE_V2, &sequence(&[&sequence(&[&named])]));
    }),
    ("no certificate", "no-certificate", |message, _, _| message.certificates.clear()),
    ("the certificate of another", "no-certificate", |message, _, _| {
        let other = Authority::new().person(&person());
        message.certificates = vec![other.der];
    }),
    ("the authority's certificate only", "no-certificate", |message, _, _| {
        message.certificates = vec![Authority::new().der];
    }),
];

#[test]
fn no_message_put_together_wrongly_is_accepted() {
    let root = Authority::new();
    let leader = root.person(&person());
    let mut cases = Vec::new();
    let mut add = |name, reason, pdf| cases.push(Case { name, reason, pdf, trust: root.trust() });
    for (name, reason, wrong) in WRONG {
        let pdf = signed(&Spot::default(), |bytes| {
            let mut message = Message::of(&leader, bytes);
            wrong(&mut message, &leader, bytes);
            message.seal(|bytes| leader.sign(bytes))
        });
        add(*name, *reason, pdf);
    }
    let forger = root.person(&person());
    add(
        "the key of another",
        "signature-mismatch",
        signed(&Spot::default(), |bytes| Message::of(&leader, bytes).seal(|bytes| forger.sign(bytes))),
    );
    add(
        "the signature of the bytes, not of the attributes",
        "signature-mismatch",
        signed(&Spot::default(), |bytes| Message::of(&leader, bytes).seal(|_| leader.sign(bytes))),
    );
    add(
        "an empty signature",
        "signature-mismatch",
        signed(&Spot::default(), |bytes| Message::of(&leader, bytes).seal(|_| Vec::new())),
    );
    add(
        "a signature of zeros",
        "signature-mismatch",
        signed(&Spot::default(), |bytes| {
            Message::of(&leader, bytes).seal(|_| sequence(&[&tlv(2, &[&[0]]), &tlv(2, &[&[0]])]))
        }),
    );
    add(
        "two signers",
        MALFORMED,
        signed(&Spot::default(), |bytes| {
            let message = Message::of(&leader, bytes);
            message.encode(&[b"one", b"two"])
        }),
    );
    add("no signer", MALFORMED, signed(&Spot::default(), |bytes| Message::of(&leader, bytes).encode(&[])));
    add(
        "no message",
        MALFORMED,
        signed(&Spot::default(), |_| sequence(&[&oid(DATA), &tlv(0xa0, &[&octets(b"x")])])),
    );
    add(
        "an open length",
        MALFORMED,
        signed(&Spot::default(), |bytes| {
            let mut message = message(&leader, bytes);
            message[1] = 0x80;
            message
        }),
    );
    for (name, sub_filter, reason) in [
        ("a digest of SHA-1 within", "adbe.pkcs7.sha1", "weak-algorithm"),
        ("a bare RSA signature", "adbe.x509.rsa_sha1", "weak-algorithm"),
        ("a form of signature nobody knows", "Mine.detached", MALFORMED),
        ("a person's signature as a timestamp", "ETSI.RFC3161", "timestamp-invalid"),
    ] {
        add(name, reason, signed(&Spot { sub_filter, ..Spot::default() }, |bytes| message(&leader, bytes)));
    }
    none_is_accepted("messages", &cases);
}

#[test]
fn trust_is_not_made_of_nothing() {
    for bytes in [
        &b""[..],
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        b"no certificate",
        &[0x30, 0],
    ] {
        assert_eq!(Trust::from_pem(bytes).unwrap_err().code(), "bad-cms");
    }
    let root = Authority::new();
    let half = format!("{}-----BEGIN CERTIFICATE-----\nAAAA", root.pem);
    assert!(Trust::from_pem(half.as_bytes()).is_err(), "less is trusted than was given");
    assert!(root.trust().with_crls(b"no list").is_err());
}

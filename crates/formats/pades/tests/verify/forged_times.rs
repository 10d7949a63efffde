//! Timestamps and revocation: what proves nothing, and what condemns.

use pades::trust::Trust;

use crate::cases::{Case, none_is_accepted};
use crate::der::{algorithm, bits, octets, oid, sequence, time, tlv};
use crate::message::*;
use crate::paper::{Paper, Spot};
use crate::people::{Authority, Person, Recipe, answer, authority, clock, fields, person, sign, usage};

/// What a clock answers.
type Clock<'a> = Box<dyn Fn(&[u8]) -> Vec<u8> + 'a>;

const MOMENT: &str = "20261123023000Z";

fn stamped(person: &Person, clock: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut paper = Paper::new();
    paper.sign(&Spot::default(), |bytes| Message::of(person, bytes).seal_stamped(person, clock));
    paper.bytes
}

fn document_stamped(person: &Person, clock: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut paper = Paper::new();
    paper.sign(&Spot::default(), |bytes| message(person, bytes));
    let spot = Spot {
        name: "Gio",
        kind: "DocTimeStamp",
        sub_filter: "ETSI.RFC3161",
        rect: "[0 0 0 0]",
        shown: false,
        ..Spot::default()
    };
    paper.sign(&spot, clock);
    paper.bytes
}

#[test]
fn no_wrong_timestamp_is_accepted() {
    let (root, other) = (Authority::new(), Authority::root(&authority()));
    let (leader, watch) = (root.person(&person()), root.person(&clock()));
    let invalid = "timestamp-invalid";
    let with = |extensions| root.person(&Recipe { extensions, ..clock() });
    let wrong_clocks = [
        ("a usage that is not critical", with(vec![usage(false, &[8])])),
        ("another usage beside", with(vec![usage(true, &[8, 4])])),
        ("no usage", with(Vec::new())),
        ("the usage of a person", with(vec![usage(true, &[4])])),
        ("a critical extension nobody knows", {
            let mut unknown = rcgen::CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
            unknown.set_criticality(true);
            with(vec![usage(true, &[8]), unknown])
        }),
    ];
    let stranger = other.person(&clock());
    let gone = root.person(&Recipe { years: (2010, 2020), ..clock() });
    let tokens: Vec<(&'static str, &'static str, Clock<'_>)> = vec![
        ("about other bytes", invalid, Box::new(|_| stamp(&watch, b"other", MOMENT))),
        ("of tomorrow", invalid, Box::new(|bytes| stamp(&watch, bytes, "20261124023000Z"))),
        ("at no time", invalid, Box::new(|bytes| stamp(&watch, bytes, "20261323023000Z"))),
        ("on another clock", invalid, Box::new(|bytes| stamp(&watch, bytes, "20261123023000+0700"))),
        ("by SHA-1", invalid, Box::new(|bytes| token(&watch, &said((SHA1, &sha1(bytes)), MOMENT)))),
        ("that says nothing", invalid, Box::new(|_| token(&watch, b"nothing"))),
        ("that is a person's message", invalid, Box::new(|bytes| message(&watch, bytes))),
        ("of a stranger", "timestamp-untrusted", Box::new(|bytes| stamp(&stranger, bytes, MOMENT))),
        (
            "of a clock that is gone",
            "timestamp-untrusted",
            Box::new(|bytes| stamp(&gone, bytes, "20190101000000Z")),
        ),
        (
            "that is changed",
            invalid,
            Box::new(|bytes| {
                let mut token = stamp(&watch, bytes, MOMENT);
                let at = crate::paper::find(&token, MOMENT.as_bytes());
                token[at + 3] = b'5';
                token
            }),
        ),
    ];
    let mut cases = Vec::new();
    let mut names = Vec::new();
    for (name, reason, clock) in &tokens {
        names.push((*name, *reason, stamped(&leader, clock), document_stamped(&leader, clock)));
    }
    for (name, clock) in &wrong_clocks {
        let clock = |bytes: &[u8]| stamp(clock, bytes, MOMENT);
        names.push((*name, invalid, stamped(&leader, &clock), document_stamped(&leader, &clock)));
    }
    for (name, reason, signature, document) in names {
        cases.push(Case { name, reason, pdf: signature, trust: root.trust() });
        let name = Box::leak(format!("{name}, over the document").into_boxed_str());
        cases.push(Case { name, reason, pdf: document, trust: root.trust() });
    }
    none_is_accepted("timestamps", &cases);
}

#[test]
fn no_timestamp_of_a_stranger_saves_an_expired_certificate() {
    let (root, other) = (Authority::new(), Authority::root(&authority()));
    let leader = root.person(&Recipe { years: (2020, 2024), ..person() });
    let (watch, stranger) = (root.person(&clock()), other.person(&clock()));
    let case = |name, clock: &dyn Fn(&[u8]) -> Vec<u8>| Case {
        name,
        reason: "expired",
        pdf: stamped(&leader, clock),
        trust: root.trust(),
    };
    none_is_accepted(
        "late signatures",
        &[
            case("a stranger's timestamp", &|bytes| stamp(&stranger, bytes, "20230101000000Z")),
            case("a timestamp made after the certificate expired", &|bytes| {
                stamp(&watch, bytes, "20250101000000Z")
            }),
            case("a timestamp over other bytes", &|_| stamp(&watch, b"other", "20230101000000Z")),
        ],
    );
}

/// An answer of the authority's responder, or of one it certified.
fn ocsp(
    issuer: &Authority,
    leaf: &Person,
    status: &[u8],
    by: (&[u8], &[u8]),
    times: (&str, &str),
) -> Vec<u8> {
    let names = fields(&leaf.der)[2];
    let key = crate::der::inside(fields(&issuer.der)[5])[1];
    let (name, key) = (octets(&sha1(names)), octets(&sha1(&crate::der::body(key)[1..])));
    let id = sequence(&[&algorithm(SHA1), &name, &key, &tlv(2, &[&leaf.serial()])]);
    let next = tlv(0xa0, &[&time(times.1)]);
    let single = sequence(&[&id, status, &time(times.0), &next]);
    let responder = tlv(0xa2, &[&octets(&[7; 20])]);
    let data = sequence(&[&responder, &time(times.0), &sequence(&[&single])]);
    let (key, certificate) = by;
    let signature = bits(&sign(key, &data));
    let certificates =
        if certificate.is_empty() { Vec::new() } else { tlv(0xa0, &[&sequence(&[certificate])]) };
    let basic = sequence(&[&data, &algorithm(ECDSA_SHA256), &signature, &certificates]);
    let bytes = sequence(&[&oid("1.3.6.1.5.5.7.48.1.1"), &octets(&basic)]);
    sequence(&[&tlv(10, &[&[0]]), &tlv(0xa0, &[&bytes])])
}

fn with_data(mut paper: Paper, key: &str, bytes: &[u8]) -> Paper {
    let number = paper.number();
    paper.catalog = format!("/DSS << /{key} [{number} 0 R] >>");
    let catalog = paper.catalog();
    let (at_catalog, text) = (paper.bytes.len(), format!("1 0 obj\n{catalog}\nendobj\n"));
    paper.bytes.extend(text.as_bytes());
    let at = paper.bytes.len();
    paper.bytes.extend(format!("{number} 0 obj\n<< /Length {} >>\nstream\n", bytes.len()).as_bytes());
    paper.bytes.extend(bytes);
    paper.bytes.extend(b"\nendstream\nendobj\n");
    paper.table(&[(1, at_catalog), (number, at)], "/Info 13 0 R /ID [<00112233> <44556677>]");
    paper
}

#[test]
fn who_is_revoked_is_not_accepted() {
    let root = Authority::new();
    let below = root.authority(&authority());
    let (leader, watch) = (root.person(&person()), root.person(&clock()));
    let deep = below.person(&person());
    let paper = |person: &Person| {
        let mut paper = Paper::new();
        paper.sign(&Spot::default(), |bytes| message(person, bytes));
        paper
    };
    let list = root.revokes(&[&leader.serial()], 2024, (2026, 2027));
    let old = root.revokes(&[&leader.serial()], 2021, (2022, 2023));
    let clean = root.revokes(&[], 2024, (2022, 2023));
    let others = Authority::new().revokes(&[], 2024, (2026, 2027));
    let authority_revoked = root.revokes(&[&crate::people::serial(&below.der)], 2024, (2026, 2027));
    let (revoked, unknown) = ("revoked", "revocation-unknown");
    let direct = (root.issuer.key().serialized_der(), &[][..]);
    let when = tlv(0xa1, &[&time("20240101000000Z")]);
    let (good, now) = (tlv(0x80, &[]), ("20261122000000Z", "20261201000000Z"));
    let ocsp_revoked = ocsp(&root, &leader, &when, direct, now);
    let responder =
        root.person(&Recipe { extensions: vec![usage(false, &[9])], usages: Vec::new(), ..person() });
    let delegated = ocsp(&root, &leader, &when, (responder.key.serialized_der(), &responder.der), now);
    let by_person = ocsp(&root, &leader, &good, (leader.key.serialized_der(), &leader.der), now);
    let stale = ocsp(&root, &leader, &good, direct, ("20250101000000Z", "20250201000000Z"));
    let trust = || root.trust();
    let asks = || root.trust().require_revocation();
    let listed = |list: &[u8]| trust().with_crls(list).unwrap();
    let mut cases = Vec::new();
    let mut add = |name, reason, pdf: Vec<u8>, trust: Trust| cases.push(Case { name, reason, pdf, trust });
    let plain = || paper(&leader).bytes;
    add("by the operator's list", revoked, plain(), listed(&list));
    add("by a list that is out of date", revoked, plain(), listed(&old));
    add("by a list in the file", revoked, with_data(paper(&leader), "CRLs", &list).bytes, trust());
    add("an authority by the operator's list", revoked, paper(&deep).bytes, listed(&authority_revoked));
    add("by an answer the operator has", revoked, plain(), trust().with_ocsp(&ocsp_revoked));
    add(
        "by an answer in the file",
        revoked,
        with_data(paper(&leader), "OCSPs", &ocsp_revoked).bytes,
        trust(),
    );
    add("by an answer of a certified responder", revoked, plain(), trust().with_ocsp(&delegated));
    add(
        "before the timestamp",
        revoked,
        stamped(&leader, &|bytes| stamp(&watch, bytes, MOMENT)),
        listed(&list),
    );
    add("the clock", "timestamp-invalid", stamped(&leader, &|bytes| stamp(&watch, bytes, MOMENT)), {
        listed(&root.revokes(&[&watch.serial()], 2024, (2026, 2027)))
    });
    add("nothing is known", unknown, plain(), asks());
    add("only an old list", unknown, plain(), asks().with_crls(&clean).unwrap());
    add("only the list of another of the same name", unknown, plain(), asks().with_crls(&others).unwrap());
    add("only an answer of the signer himself", unknown, plain(), asks().with_ocsp(&by_person));
    add("only an old answer", unknown, plain(), asks().with_ocsp(&stale));
    add(
        "only about the authority",
        unknown,
        paper(&deep).bytes,
        asks().with_crls(&{ root.revokes(&[], 2024, (2026, 2027)) }).unwrap(),
    );
    none_is_accepted("revoked", &cases);
}

#[test]
fn fresh_lists_and_answers_clear_a_signer() {
    let root = Authority::new();
    let leader = root.person(&person());
    let mut paper = Paper::new();
    paper.sign(&Spot::default(), |bytes| message(&leader, bytes));
    let responder =
        root.person(&Recipe { extensions: vec![usage(false, &[9])], usages: Vec::new(), ..person() });
    let (good, now) = (tlv(0x80, &[]), ("20261122000000Z", "20261201000000Z"));
    let by = (responder.key.serialized_der(), responder.der.as_slice());
    let delegated = ocsp(&root, &leader, &good, by, now);
    let asks = root.trust().require_revocation();
    let file = with_data(paper.clone(), "OCSPs", &delegated);
    for (pdf, trust) in [
        (&file.bytes, asks.clone()),
        (&paper.bytes, asks.clone().with_ocsp(&delegated)),
        (&paper.bytes, asks.with_crls(&root.revokes(&[&[7, 7]], 2024, (2026, 2027))).unwrap()),
    ] {
        let answer = answer(pdf, &trust).unwrap();
        assert!(answer.accepted && answer.signatures[0].revocation_checked, "{answer:#?}");
    }
}

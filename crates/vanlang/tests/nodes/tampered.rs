//! S11 and S13: repeated, altered, replayed and forged packets and receipts.

use crate::country::{Country, FOUR, TWO, rows};
use crate::stranger::{self, ask, hand, handed, node, packet, party, receipt, sealed, sha256, signature};
use base::Instant;
use contracts::packet::{Answer, Handed, Receipt, Receipted, Verdict};
use contracts::{Attachment, Envelope};
use engine::node::Node;
use std::collections::BTreeSet;
use std::sync::Arc;
use testkit::{Engine, Town};
use trust::Authority;

fn arrived(town: &Town) -> Vec<(String,)> {
    rows(town, "SELECT document_id FROM documents_incoming WHERE {scope}")
}

fn refusals(town: &Town) -> usize {
    rows::<(i64,)>(
        town,
        "SELECT seq FROM kernel_audit WHERE {scope} AND act = 'platform.exchange.act.refused'",
    )
    .len()
}

/// Changes the text of a packet's envelope after it was signed.
fn bent(mut handed: Handed, from: &str, to: &str) -> Handed {
    assert!(handed.packet.envelope.contains(from));
    handed.packet.envelope = handed.packet.envelope.replacen(from, to, 1);
    handed
}

fn attachment(bytes: &[u8]) -> Attachment {
    Attachment {
        name: "cong-van.pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
        bytes: i64::try_from(bytes.len()).unwrap(),
        sha256: trust::hex(&sha256(bytes)),
        role: "main".to_owned(),
    }
}

/// Every way in which a packet can be wrong, each with the reason that is named for it.
fn wrong(gov: &Node, now: Instant) -> Vec<(&'static str, &'static str, Handed)> {
    let good = |number| sealed(number, ("Hà Nội", "Phú Thọ"), now, Vec::new());
    let sent = |envelope: &Envelope, at| handed(packet(gov, envelope, &["Phú Thọ"], at));
    let mut stripped = sent(&good(1), now);
    stripped.packet.signature.clear();
    let mut swapped = sent(&good(2), now);
    swapped.packet.signature = sent(&good(3), now).packet.signature;
    let mut further = sent(&good(4), now);
    further.packet.to.push(party("Việt Trì").code);
    let mut other_from = good(5);
    other_from.from = party("Phú Thọ");
    let mut marked = sent(&good(6), now);
    marked.packet.envelope =
        marked.packet.envelope.replacen("\"document_id\"", "\"secrecy\":1,\"document_id\"", 1);
    let parts = [
        ("packet.json".to_owned(), sha256(marked.packet.envelope.as_bytes())),
        ("recipients".to_owned(), sha256(marked.packet.to.join("\n").as_bytes())),
    ];
    marked.packet.signature = signature(gov, &parts, now);
    let mut unread = sent(&good(7), now);
    "{".clone_into(&mut unread.packet.envelope);
    let mut flipped = sent(&good(8), now);
    let at = flipped.packet.signature.find("SignatureValue>").unwrap() + 20;
    let byte = flipped.packet.signature.as_bytes()[at];
    flipped.packet.signature.replace_range(at..=at, if byte == b'A' { "B" } else { "A" });
    let mut elsewhere = sent(&good(9), now);
    elsewhere.deliver = vec![party("Việt Trì").code];
    let files = vec![attachment(b"mot"), attachment(b"hai")];
    let with_files = sent(&sealed(10, ("Hà Nội", "Phú Thọ"), now, files), now);
    vec![
        ("a flipped bit in the subject", "altered", bent(sent(&good(11), now), "lần 11", "lần 12")),
        (
            "another hash of a file",
            "altered",
            bent(with_files, &attachment(b"mot").sha256, &attachment(b"ba").sha256),
        ),
        ("one recipient more", "altered", further),
        ("handed to another", "bad_packet", elsewhere),
        ("no signature", "bad_signature", stripped),
        ("a flipped bit in the signature", "bad_signature", flipped),
        ("the signature of another packet", "altered", swapped),
        ("another From, signed anew", "not_home", sent(&other_from, now)),
        (
            "another From, signature as it was",
            "altered",
            bent(sent(&good(13), now), "000.00.00.G22\",\"name", "000.00.00.H44\",\"name"),
        ),
        ("signed three hours ago", "clock", sent(&good(14), now.plus_hours(-3))),
        ("signed in three hours", "clock", sent(&good(15), now.plus_hours(3))),
        ("a secret document", "secret", marked),
        ("no envelope", "bad_packet", unread),
    ]
}

#[test]
fn whatever_is_wrong_with_a_packet_is_refused_before_anything_changes() {
    let country = Country::of(&Engine::Sqlite, TWO);
    let (gov, prov) = (country.at("Hà Nội"), country.at("Phú Thọ"));
    let mut seen = 0;
    for (what, reason, handed) in wrong(node(gov), gov.now()) {
        let answer = gov.wait(hand(node(gov), "prov", &handed));
        let (receipt, _) = receipt(&answer, node(prov));
        assert_eq!(
            (receipt.verdict, receipt.reason.as_str()),
            (Verdict::Refused, format!("platform.exchange.{reason}").as_str()),
            "{what}"
        );
        assert_eq!(receipt.packet, trust::hex(&sha256(handed.packet.envelope.as_bytes())), "{what}");
        seen += 1;
        assert_eq!(refusals(prov), seen, "{what} is in the audit log");
        assert!(arrived(prov).is_empty(), "{what}");
    }
    // A node of another authority has no connection to begin with; its signature is worth nothing either.
    let second = gov.now().micros() / 1_000_000;
    let foreign = Authority::found("Khác", (second - 60, second + 86_400)).unwrap();
    let clock = Arc::clone(&gov.server().clock);
    let rogue = Node::for_test(&foreign, "gov", clock).unwrap();
    let envelope = sealed(20, ("Hà Nội", "Phú Thọ"), gov.now(), Vec::new());
    let forged = handed(packet(&rogue, &envelope, &["Phú Thọ"], gov.now()));
    let (receipt_, _) = receipt(&gov.wait(hand(node(gov), "prov", &forged)), node(prov));
    assert_eq!(receipt_.reason, "platform.exchange.bad_signature");
    // The same letter, as it should be.
    let good = handed(packet(node(gov), &envelope, &["Phú Thọ"], gov.now()));
    let (receipt_, _) = receipt(&gov.wait(hand(node(gov), "prov", &good)), node(prov));
    assert_eq!(receipt_.verdict, Verdict::Taken);
    assert_eq!(arrived(prov).len(), 1);
}

#[test]
fn a_file_that_is_not_what_its_name_says_never_comes_into_the_store() {
    let country = Country::of(&Engine::Sqlite, TWO);
    let (gov, prov) = (country.at("Hà Nội"), country.at("Phú Thọ"));
    let (right, mut wrong) = (vec![7_u8; 200_000], vec![7_u8; 200_000]);
    wrong[123_456] ^= 1;
    let file = attachment(&right);
    let envelope = sealed(1, ("Hà Nội", "Phú Thọ"), gov.now(), vec![file.clone()]);
    let letter = handed(packet(node(gov), &envelope, &["Phú Thọ"], gov.now()));
    let missing = gov.wait(hand(node(gov), "prov", &letter));
    assert_eq!(missing, Answer::Files { missing: vec![file.sha256.clone()] });
    let path = format!("/node/files/{}?to={}&offset=0&bytes=200000", file.sha256, party("Phú Thọ").code);
    let (status, _) = gov.wait(ask(node(gov), "prov", ("PUT", &path), &wrong));
    assert_eq!(status, 422);
    assert!(!prov.server().tenant("phutho").unwrap().files.has(&file.sha256));
    // More than was said is refused too.
    let short = format!("/node/files/{}?to={}&offset=0&bytes=100000", file.sha256, party("Phú Thọ").code);
    assert_eq!(gov.wait(ask(node(gov), "prov", ("PUT", &short), &right)).0, 422);
    // In two parts, the second from a place nobody asked for, then from the right one.
    let half = gov.wait(ask(node(gov), "prov", ("PUT", &path), &right[..150_000]));
    assert_eq!(half, (409, b"131072".to_vec()), "it goes on after the last whole piece");
    let at = |offset: usize| path.replace("offset=0", &format!("offset={offset}"));
    assert_eq!(gov.wait(ask(node(gov), "prov", ("PUT", &at(150_000)), &right[150_000..])).0, 409);
    assert_eq!(gov.wait(ask(node(gov), "prov", ("HEAD", &path), &[])).0, 404);
    assert_eq!(gov.wait(ask(node(gov), "prov", ("PUT", &at(131_072)), &right[131_072..])).0, 200);
    assert_eq!(gov.wait(ask(node(gov), "prov", ("HEAD", &path), &[])).0, 200);
    let (receipt_, _) = receipt(&gov.wait(hand(node(gov), "prov", &letter)), node(prov));
    assert_eq!(receipt_.verdict, Verdict::Taken);
}

#[test]
fn the_same_packet_fifty_times_at_once_has_one_effect_and_one_receipt() {
    for engine in [Some(Engine::Sqlite), Engine::postgres()].into_iter().flatten() {
        let country = Country::of(&engine, TWO);
        let (gov, prov) = (country.at("Hà Nội"), country.at("Phú Thọ"));
        let envelope = sealed(1, ("Hà Nội", "Phú Thọ"), gov.now(), Vec::new());
        let letter = handed(packet(node(gov), &envelope, &["Phú Thọ"], gov.now()));
        let mut receipts = BTreeSet::new();
        let mut left = 50;
        while left > 0 {
            // Whoever is told to come again comes again.
            let asked = (0..left).map(|_| {
                let (town, letter) = (Arc::clone(gov.server()), letter.clone());
                async move {
                    let body = serde_json::to_vec(&[letter]).unwrap();
                    ask(town.node.as_ref().unwrap(), "prov", ("POST", "/node/packets"), &body).await
                }
            });
            let all: Vec<_> = asked.collect();
            let answers = gov.wait(async {
                let all: Vec<_> = all.into_iter().map(tokio::spawn).collect();
                let mut answers = Vec::new();
                for one in all {
                    answers.push(one.await.unwrap());
                }
                answers
            });
            left = answers.iter().filter(|(status, _)| *status == 503).count();
            for (_, body) in answers.into_iter().filter(|(status, _)| *status == 200) {
                let answers: Vec<Vec<Answer>> = serde_json::from_slice(&body).unwrap();
                let (said, receipted) = receipt(&answers[0][0], node(prov));
                assert_eq!(said.verdict, Verdict::Taken);
                receipts.insert((receipted.receipt, receipted.signature));
            }
        }
        assert_eq!(receipts.len(), 1, "identical receipts");
        assert_eq!(arrived(prov).len(), 1);

        // Nearly a day later, and other bytes under the same envelope.
        prov.pass_minutes(23 * 60);
        let (_, again) = receipt(&gov.wait(hand(node(gov), "prov", &letter)), node(prov));
        assert!(receipts.contains(&(again.receipt, again.signature)));
        prov.set_clock(gov.now());
        let mut other = sealed(2, ("Hà Nội", "Phú Thọ"), gov.now(), Vec::new());
        other.id = envelope.id;
        let other = handed(packet(node(gov), &other, &["Phú Thọ"], gov.now()));
        for _ in 0..2 {
            let (said, _) = receipt(&gov.wait(hand(node(gov), "prov", &other)), node(prov));
            assert_eq!(
                (said.verdict, said.reason.as_str()),
                (Verdict::Refused, "platform.exchange.other_bytes")
            );
        }
        let aside: Vec<(String,)> =
            rows(prov, "SELECT reason FROM platform_inbox WHERE {scope} AND state = 'quarantined'");
        assert_eq!(aside, [("platform.exchange.other_bytes".to_owned(),)]);
        assert_eq!(arrived(prov).len(), 1);
        let whole = prov.wait(engine::verify::verify(prov.db("phutho"))).unwrap();
        assert!(whole.is_ok(), "{whole:?}");
    }
}

#[test]
fn a_receipt_that_is_not_of_the_recipients_home_settles_nothing() {
    let country = Country::of(&Engine::Sqlite, FOUR);
    let (gov, prov, dist) = (country.at("Hà Nội"), country.at("Phú Thọ"), country.at("Việt Trì"));
    country.lines["dist"].faults.down.store(true, std::sync::atomic::Ordering::Relaxed);
    let from = gov.agency("Hà Nội").id;
    gov.act("chinhphu", move |cx| {
        let (to, mut document) = ([party("Việt Trì")], stranger::letter(1, &[party("Việt Trì")], Vec::new()));
        document.urgency = 0;
        platform::exchange::send(cx, from, (contracts::Sealed::Document(Box::new(document)), &to, 0))?;
        cx.record("documents.act.issued", ("outgoing", from), from);
        Ok(())
    });
    gov.work();
    prov.work();
    let state =
        |town: &Town| rows::<(String,)>(town, "SELECT state FROM platform_outbox WHERE {scope}")[0].0.clone();
    assert_eq!(state(gov), "queued", "the province keeps it; nobody has it yet");
    let (envelope, body) =
        rows::<(uuid::Uuid, String)>(gov, "SELECT id, body FROM platform_envelopes WHERE {scope}")[0].clone();
    let hash = trust::hex(&sha256(body.as_bytes()));
    let to = party("Việt Trì").code;
    let forged = |by: &Node, packet: &str| {
        let receipt = Receipt {
            envelope,
            to: to.clone(),
            packet: packet.to_owned(),
            verdict: Verdict::Taken,
            reason: String::new(),
            place: None,
            at: gov.now(),
        };
        let receipt = serde_json::to_string(&receipt).unwrap();
        let parts = [("receipt.json".to_owned(), sha256(receipt.as_bytes()))];
        let signature = signature(by, &parts, gov.now());
        Receipted { receipt, signature }
    };
    let mut unsigned = forged(node(dist), &hash);
    unsigned.receipt = unsigned.receipt.replace("000.00.31.H44", "000.00.42.H44");
    let before = refusals(gov);
    for (n, receipt) in (1..).zip([forged(node(prov), &hash), forged(node(dist), &"0".repeat(64)), unsigned])
    {
        let body = serde_json::to_vec(&[receipt]).unwrap();
        let (status, told) = gov.wait(ask(node(prov), "gov", ("POST", "/node/receipts"), &body));
        assert_eq!((status, told.as_slice()), (200, b"[false]".as_slice()));
        assert_eq!(refusals(gov), before + n, "it is in the audit log");
        assert_eq!(state(gov), "queued");
    }
    country.lines["dist"].faults.down.store(false, std::sync::atomic::Ordering::Relaxed);
    country.pass_minutes(1);
    country.settle();
    assert_eq!(state(gov), "sent");
    country.holds();
}

#[test]
fn what_a_revoked_node_has_signed_is_worth_nothing_whoever_brings_it() {
    let country = Country::of(&Engine::Sqlite, FOUR);
    let (gov, prov, dist) = (country.at("Hà Nội"), country.at("Phú Thọ"), country.at("Việt Trì"));
    let envelope = sealed(1, ("Hà Nội", "Việt Trì"), gov.now(), Vec::new());
    let stolen = handed(packet(node(gov), &envelope, &["Việt Trì"], gov.now()));
    let second = gov.now().micros() / 1_000_000;
    let serial = node(gov).certificate().serial.clone();
    let revoked = [trust::Revoked { serial, at: second }];
    let crl = country.authority.revoke(2, &revoked, (second - 60, second + 86_400)).unwrap();
    node(dist).take_crl(crl.der()).unwrap();
    let (said, _) = receipt(&prov.wait(hand(node(prov), "dist", &stolen)), node(dist));
    assert_eq!((said.verdict, said.reason.as_str()), (Verdict::Refused, "platform.exchange.revoked"));
    assert!(arrived(dist).is_empty());
    assert_eq!(refusals(dist), 1, "it is in the audit log");
}

#[test]
fn more_than_a_packet_may_be_is_not_even_read() {
    let country = Country::of(&Engine::Sqlite, TWO);
    let (gov, prov) = (country.at("Hà Nội"), country.at("Phú Thọ"));
    let long = vec![b'['; 13 * 1024 * 1024];
    let (status, _) = gov.wait(ask(node(gov), "prov", ("POST", "/node/packets"), &long));
    assert_eq!(status, 422);
    let envelope = sealed(1, ("Hà Nội", "Phú Thọ"), gov.now(), Vec::new());
    let mut many = handed(packet(node(gov), &envelope, &["Phú Thọ"], gov.now()));
    many.packet.to.extend((0..3_000).map(|n| format!("000.00.{n}.H44")));
    let (said, _) = receipt(&gov.wait(hand(node(gov), "prov", &many)), node(prov));
    assert_eq!(said.reason, "platform.exchange.too_large");
    assert!(arrived(prov).is_empty());
}

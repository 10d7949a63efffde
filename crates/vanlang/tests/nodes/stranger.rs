//! Whoever holds a node's key and sends what the program itself would never send.

use base::{Date, Instant};
use contracts::packet::{Answer, Handed, Packet, Receipt, Receipted};
use contracts::{Attachment, Document, Envelope, Party, Sealed, Signer};
use engine::node::Node;
use ring::digest::{SHA256, digest};
use std::collections::BTreeSet;
use testkit::{AGENCIES, Town};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use xmldsig::detached::{self, Reference};

pub(crate) fn party(place: &str) -> Party {
    let data = AGENCIES.iter().find(|data| data.place == place).unwrap();
    Party { code: data.code.to_owned(), name: data.name.to_owned() }
}

pub(crate) fn letter(number: usize, to: &[Party], attachments: Vec<Attachment>) -> Document {
    Document {
        document_id: format!("000.00.00.G22,2017/10/16,{number}/VPCP-KSTT"),
        number: number.to_string(),
        notation: "VPCP-KSTT".to_owned(),
        place: "Hà Nội".to_owned(),
        promulgated: Date::parse("2017-10-16").unwrap(),
        type_name: "Công văn".to_owned(),
        subject: format!("Kiểm tra cải cách thủ tục lần {number}"),
        text: String::new(),
        signer: Signer::default(),
        due: None,
        urgency: 0,
        pages: 1,
        to: to.to_vec(),
        to_places: Vec::new(),
        response_for: Vec::new(),
        forwards: None,
        business: contracts::Business::New,
        trace: Vec::new(),
        attachments,
    }
}

/// A letter of one agency to another, sealed at a moment.
pub(crate) fn sealed(
    number: usize,
    (from, to): (&str, &str),
    at: Instant,
    files: Vec<Attachment>,
) -> Envelope {
    let id = base::Id::<()>::born(
        at.micros(),
        std::array::from_fn(|n| u8::try_from((number >> (8 * (n % 4))) & 255).unwrap()),
    )
    .uuid();
    let sealed = Sealed::Document(Box::new(letter(number, &[party(to)], files)));
    Envelope { id, from: party(from), at, sealed }
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest(&SHA256, bytes).as_ref().try_into().unwrap()
}

/// A signature of a node over whatever it likes.
pub(crate) fn signature(node: &Node, parts: &[(String, [u8; 32])], at: Instant) -> String {
    let refs: Vec<Reference> =
        parts.iter().map(|(name, sha256)| Reference { name: name.clone(), sha256: *sha256 }).collect();
    let certificate = node.certificate();
    let sign = |message: &[u8]| node.sign(message).map(|(signature, _)| signature).map_err(|e| e.to_string());
    let signer = xmldsig::Signer { certificate: certificate.der(), sign: &sign };
    detached::sign(&refs, &signer, jiff::Timestamp::from_microsecond(at.micros()).unwrap()).unwrap()
}

/// A packet as a node would sign it.
pub(crate) fn packet(node: &Node, envelope: &Envelope, to: &[&str], at: Instant) -> Packet {
    let text = serde_json::to_string(envelope).unwrap();
    let to: Vec<String> = to.iter().map(|place| party(place).code).collect();
    let mut parts = vec![
        ("packet.json".to_owned(), sha256(text.as_bytes())),
        ("recipients".to_owned(), sha256(to.join("\n").as_bytes())),
    ];
    if let Sealed::Document(document) = &envelope.sealed {
        let hashes: BTreeSet<&String> = document.attachments.iter().map(|file| &file.sha256).collect();
        for hash in hashes {
            let bytes: Vec<u8> =
                (0..32).map(|n| u8::from_str_radix(&hash[2 * n..2 * n + 2], 16).unwrap()).collect();
            parts.push((format!("files/{hash}"), bytes.try_into().unwrap()));
        }
    }
    let signature = signature(node, &parts, at);
    Packet { envelope: text, to, signature, hops: Vec::new() }
}

pub(crate) fn handed(packet: Packet) -> Handed {
    let deliver = packet.to.clone();
    Handed { packet, deliver }
}

/// One request to a node, over a connection of its own: status and body.
pub(crate) async fn ask(node: &Node, to: &str, (method, path): (&str, &str), body: &[u8]) -> (u16, Vec<u8>) {
    let entry = node.directory().unwrap().node(to).unwrap().clone();
    let (mut stream, _) = node.connect(&entry).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {to}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer");
    let status = String::from_utf8_lossy(&answer[9..12]).parse().unwrap();
    (status, answer.split_off(end + 4))
}

/// Hands a packet over; the answer for its first recipient.
pub(crate) async fn hand(node: &Node, to: &str, handed: &Handed) -> Answer {
    let (status, body) =
        ask(node, to, ("POST", "/node/packets"), &serde_json::to_vec(&[handed]).unwrap()).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    let answers: Vec<Vec<Answer>> = serde_json::from_slice(&body).unwrap();
    answers.into_iter().next().unwrap().into_iter().next().unwrap()
}

/// What a receipt says, its signature by just that node.
pub(crate) fn receipt(answer: &Answer, by: &Node) -> (Receipt, Receipted) {
    let Answer::Receipt(receipted) = answer else { panic!("no receipt: {answer:?}") };
    let signed = detached::verify(&receipted.signature, &xmldsig::Limits::default()).unwrap();
    assert_eq!(signed.certificate, by.certificate().der(), "who signed the receipt");
    assert_eq!(signed.digest("receipt.json"), Some(sha256(receipted.receipt.as_bytes())));
    (serde_json::from_str(&receipted.receipt).unwrap(), receipted.clone())
}

pub(crate) fn node(town: &Town) -> &Node {
    town.server().node.as_ref().unwrap()
}

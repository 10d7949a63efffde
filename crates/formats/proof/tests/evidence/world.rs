//! An authority, three nodes, and a delivery between two of them.

use std::io::{Cursor, Read};

use jiff::Timestamp;
use proof::{Direction, Entry, Proof, Seal, Signed, Tree, path, sha256};
use trust::{Agency, Authority, Certificate, Crl, Key, NodeEntry, Request, Revoked, Snapshot};
use xmldsig::Signer;
use xmldsig::detached::{self, Reference};

/// 1 December 2026, 9:00 in Vietnam.
pub(crate) const NOW: i64 = 1_796_090_400;
const DAY: i64 = 86_400;
pub(crate) const FILE: &[u8] = b"%PDF-1.7 invented";

pub(crate) struct Node {
    pub(crate) key: Key,
    pub(crate) certificate: Certificate,
}

pub(crate) struct World {
    pub(crate) authority: Authority,
    pub(crate) sender: Node,
    pub(crate) receiver: Node,
    pub(crate) above: Node,
    pub(crate) crl: Crl,
}

pub(crate) fn node(authority: &Authority, name: &str) -> Node {
    let key = Key::generate().unwrap();
    let request = Request::read(&key.request(name).unwrap()).unwrap();
    let certificate = authority.issue(&request, name, (NOW - DAY, NOW + 100 * DAY)).unwrap();
    Node { key, certificate }
}

impl World {
    pub(crate) fn new() -> Self {
        let authority = Authority::found("Văn phòng", (NOW - DAY, NOW + 3_650 * DAY)).unwrap();
        let [sender, receiver, above] = ["prov", "dist", "gov"].map(|name| node(&authority, name));
        let crl = authority.revoke(1, &[], (NOW - 60, NOW + 4 * DAY)).unwrap();
        Self { authority, sender, receiver, above, crl }
    }

    /// A list that names the certificate of a node.
    pub(crate) fn revoking(&self, node: &Node) -> Crl {
        let one = Revoked { serial: node.certificate.serial.clone(), at: NOW - 3_600 };
        self.authority.revoke(2, &[one], (NOW - 60, NOW + 4 * DAY)).unwrap()
    }

    /// The directory in which the sender's node lies below that one.
    pub(crate) fn directory(&self, above: Option<&str>) -> Vec<u8> {
        self.published(above, "prov")
    }

    /// The directory in which that node is home of the sender.
    pub(crate) fn directory_of(&self, home: &str) -> Vec<u8> {
        self.published(Some("gov"), home)
    }

    fn published(&self, above: Option<&str>, home: &str) -> Vec<u8> {
        let node = |name: &str, above: Option<&str>| NodeEntry {
            name: name.to_owned(),
            title: name.to_owned(),
            address: "127.0.0.1:1".to_owned(),
            above: above.map(str::to_owned),
            ..NodeEntry::default()
        };
        let agency = |code: &str, home: &str| Agency {
            code: code.to_owned(),
            name: code.to_owned(),
            tier: "province".to_owned(),
            valid_from: "2010-01-01".to_owned(),
            home: home.to_owned(),
            ..Agency::default()
        };
        let mut snapshot = Snapshot {
            version: 1,
            issued_at: 1,
            authority: "gov".to_owned(),
            nodes: vec![node("gov", None), node("prov", above), node("dist", Some("gov"))],
            agencies: vec![agency("000.00.00.H44", home), agency("000.00.12.H44", "dist")],
            ..Snapshot::default()
        };
        snapshot.sort();
        self.authority.publish(&snapshot).unwrap().to_bytes()
    }

    pub(crate) fn file_hash() -> String {
        sha256(FILE)
    }

    pub(crate) fn envelope() -> String {
        format!(
            "{{\"id\":\"0193a000-0000-7000-8000-000000000001\",\"from\":{{\"code\":\"000.00.00.H44\",\"name\":\"UBND tỉnh\"}},\
             \"at\":1,\"sealed\":{{\"kind\":\"document\",\"attachments\":[{{\"sha256\":\"{}\"}}]}}}}",
            Self::file_hash()
        )
    }

    pub(crate) fn receipt(packet: &str, place: i64) -> String {
        format!(
            "{{\"envelope\":\"0193a000-0000-7000-8000-000000000001\",\"to\":\"000.00.12.H44\",\"packet\":\"{packet}\",\
             \"verdict\":\"taken\",\"reason\":\"\",\"place\":{place},\"at\":1}}"
        )
    }

    /// What proves the delivery in the sender's journal.
    pub(crate) fn sent(&self) -> Proof {
        self.delivery(Direction::Sent)
    }

    /// What proves it in the recipient's.
    pub(crate) fn received(&self) -> Proof {
        self.delivery(Direction::Received)
    }

    fn delivery(&self, direction: Direction) -> Proof {
        let envelope = Self::envelope();
        let packet = sha256(envelope.as_bytes());
        let recipients = "000.00.12.H44".to_owned();
        let files = format!("files/{}", Self::file_hash());
        let parts =
            [("packet.json", envelope.as_bytes()), ("recipients", recipients.as_bytes()), (&files, FILE)];
        let receipt = Self::receipt(&packet, 3);
        let (agency, counterpart, kept, owner) = match direction {
            Direction::Sent => ("000.00.00.H44", "000.00.12.H44", sha256(receipt.as_bytes()), "prov"),
            Direction::Received => ("000.00.12.H44", "000.00.00.H44", String::new(), "dist"),
        };
        let entry = Entry {
            n: 12,
            agency: agency.to_owned(),
            seq: 3,
            at: NOW * 1_000_000,
            direction,
            envelope: "0193a000-0000-7000-8000-000000000001".to_owned(),
            kind: "document".to_owned(),
            document: "000.00.00.H44,2026/12/01,7/UBND-VX".to_owned(),
            counterpart: counterpart.to_owned(),
            packet,
            receipt: kept,
            previous: "ab".repeat(32),
        };
        let signature = sign(&self.sender, &parts);
        let receipt = Signed {
            signature: sign(&self.receiver, &[("receipt.json", receipt.as_bytes())]),
            bytes: receipt,
        };
        let proof = Proof {
            packet: Signed { bytes: envelope, signature },
            recipients: Some(recipients),
            receipt: Some(receipt),
            entry,
            path: Vec::new(),
            seal: Signed { bytes: String::new(), signature: String::new() },
            crl: Vec::new(),
            directory: None,
            timestamp: None,
        };
        self.sealed(proof, owner, &self.crl)
    }

    /// Seals the line among seven others, countersigned by the node above with this list.
    pub(crate) fn sealed(&self, proof: Proof, owner: &str, crl: &Crl) -> Proof {
        Self::sealed_by(proof, (owner, &self.above), crl)
    }

    pub(crate) fn sealed_by(mut proof: Proof, (owner, witness): (&str, &Node), crl: &Crl) -> Proof {
        let leaves: Vec<_> = (10..18)
            .map(
                |n| if n == proof.entry.n { proof.entry.clone() } else { Entry { n, ..proof.entry.clone() } },
            )
            .map(|entry| entry.hash().unwrap())
            .collect();
        let mut tree = Tree::default();
        for leaf in &leaves {
            tree.push(*leaf);
        }
        let place = usize::try_from(proof.entry.n - 10).unwrap();
        proof.path = path(&leaves, place).unwrap_or_default().iter().map(|hash| trust::hex(hash)).collect();
        let seal = Seal {
            node: owner.to_owned(),
            tenant: "phutho".to_owned(),
            number: 4,
            first: 10,
            last: 17,
            root: trust::hex(&tree.root()),
            previous: "cd".repeat(32),
            at: NOW * 1_000_000,
        };
        let bytes = String::from_utf8(seal.bytes().unwrap()).unwrap();
        let signature = sign(witness, &[("seal", bytes.as_bytes()), ("crl", crl.der())]);
        proof.seal = Signed { bytes, signature };
        proof.crl = crl.der().to_vec();
        proof
    }

    pub(crate) fn check(&self, proof: &Proof) -> Result<proof::Deed, proof::Fault> {
        proof::verify(Cursor::new(bytes(proof)), self.authority.certificate())
    }
}

pub(crate) fn sign(node: &Node, parts: &[(&str, &[u8])]) -> String {
    sign_at(node, parts, NOW)
}

pub(crate) fn sign_at(node: &Node, parts: &[(&str, &[u8])], second: i64) -> String {
    let references: Vec<_> = parts
        .iter()
        .map(|(name, bytes)| Reference { name: (*name).to_owned(), sha256: trust::fingerprint(bytes) })
        .collect();
    let sign = |message: &[u8]| node.key.sign(message).map_err(|error| error.to_string());
    let signer = Signer { certificate: node.certificate.der(), sign: &sign };
    detached::sign(&references, &signer, Timestamp::from_second(second).unwrap()).unwrap()
}

/// The evidence file with its one file.
pub(crate) fn bytes(proof: &Proof) -> Vec<u8> {
    bytes_with(proof, FILE)
}

pub(crate) fn bytes_with(proof: &Proof, file: &'static [u8]) -> Vec<u8> {
    let mut files: Vec<(String, Box<dyn Read + Send>)> = vec![(World::file_hash(), Box::new(file))];
    proof::write(proof, &mut files, Cursor::new(Vec::new())).unwrap().into_inner()
}

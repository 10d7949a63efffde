use std::io::Cursor;

use proof::Cause::{self, Certificate, Container, Journal, Objects, Packet, Receipt, Revoked};
use proof::{Entry, Proof, Signed, sha256, verify};
use trust::Authority;

use crate::world::{NOW, World, bytes, bytes_with, node, sign, sign_at};

fn refused(world: &World, proof: &Proof) -> Cause {
    world.check(proof).unwrap_err().cause
}

#[test]
fn each_part_changed_alone_proves_nothing() {
    let world = World::new();
    let good = world.sent();
    let mut envelope = good.clone();
    envelope.packet.bytes = envelope.packet.bytes.replace("UBND tỉnh", "UBND huyện");
    let mut recipients = good.clone();
    recipients.recipients = Some("000.00.13.H44".to_owned());
    let mut receipt = good.clone();
    receipt.receipt =
        receipt.receipt.map(|receipt| Signed { bytes: receipt.bytes.replace("taken", "refused"), ..receipt });
    let mut seal = good.clone();
    seal.seal.bytes = seal.seal.bytes.replace("phutho", "laocai");
    let mut crl = good.clone();
    crl.crl = world.revoking(&world.above).der().to_vec();
    for proof in [envelope, recipients, receipt, seal, crl] {
        assert_eq!(refused(&world, &proof), Container, "a signature is no longer right");
    }
    assert_eq!(
        verify(Cursor::new(bytes_with(&good, b"another")), world.authority.certificate()).unwrap_err().cause,
        Container
    );
}

#[test]
fn a_line_has_one_path_to_one_root() {
    let world = World::new();
    let good = world.sent();
    let lines: [fn(&mut Entry); 11] = [
        |line| line.n = 13,
        |line| line.agency = "000.00.01.H44".to_owned(),
        |line| line.seq = 4,
        |line| line.at += 1,
        |line| line.envelope = "0193a000-0000-7000-8000-000000000002".to_owned(),
        |line| line.kind = "status".to_owned(),
        |line| line.document = String::new(),
        |line| line.counterpart = "000.00.13.H44".to_owned(),
        |line| line.packet = "00".repeat(32),
        |line| line.receipt = "00".repeat(32),
        |line| line.previous = String::new(),
    ];
    for change in lines {
        let mut proof = good.clone();
        change(&mut proof.entry);
        assert_eq!(refused(&world, &proof), Journal);
    }
    // The path of the line beside it, one that is too short, one that is too long, and none.
    let mut paths = vec![good.path.clone(); 4];
    paths[0].swap(0, 1);
    paths[1].pop();
    let again = paths[2][0].clone();
    paths[2].push(again);
    paths[3].clear();
    for path in paths {
        assert_eq!(refused(&world, &Proof { path, ..good.clone() }), Journal);
    }
    for n in [9, 18, i64::MIN, i64::MAX] {
        let mut proof = good.clone();
        proof.entry.n = n;
        assert_eq!(refused(&world, &proof), Journal, "outside of the seal");
    }
}

#[test]
fn a_sealed_line_is_of_this_packet_only() {
    let world = World::new();
    let with = |change: fn(&mut Entry)| {
        let mut proof = world.sent();
        change(&mut proof.entry);
        refused(&world, &world.sealed(proof, "prov", &world.crl))
    };
    assert_eq!(with(|line| line.packet = "00".repeat(32)), Packet);
    assert_eq!(with(|line| line.envelope = "0193a000-0000-7000-8000-000000000002".to_owned()), Packet);
    assert_eq!(with(|line| line.agency = "000.00.01.H44".to_owned()), Packet);
    assert_eq!(
        with(|line| line.counterpart = "000.00.13.H44".to_owned()),
        Packet,
        "the packet was not for that one"
    );
    assert_eq!(with(|line| line.receipt = "00".repeat(32)), Receipt);
    assert_eq!(with(|line| line.at = (NOW + 3 * 3_600) * 1_000_000), Journal, "younger than its seal");
}

#[test]
fn a_receipt_of_another_packet_is_worth_nothing() {
    let world = World::new();
    let with = |receipt: String, by: &crate::world::Node| {
        let mut proof = world.sent();
        let signature = sign(by, &[("receipt.json", receipt.as_bytes())]);
        proof.entry.receipt = sha256(receipt.as_bytes());
        proof.receipt = Some(Signed { bytes: receipt, signature });
        world.sealed(proof, "prov", &world.crl)
    };
    let packet = sha256(World::envelope().as_bytes());
    let good = World::receipt(&packet, 3);
    assert!(world.check(&with(good.clone(), &world.receiver)).is_ok());
    let swapped = World::receipt(&"00".repeat(32), 3);
    assert_eq!(refused(&world, &with(swapped, &world.receiver)), Receipt);
    assert_eq!(refused(&world, &with(good.replace("taken", "refused"), &world.receiver)), Receipt);
    assert_eq!(refused(&world, &with(good.replace(".12.", ".13."), &world.receiver)), Receipt);
    let stranger = Authority::found("Kẻ lạ", (NOW - 60, NOW + 3_600)).unwrap();
    assert_eq!(refused(&world, &with(good, &node(&stranger, "dist"))), Certificate);
    // The recipient's own line names the place the receipt tells.
    let mut proof = world.received();
    proof.entry.seq = 4;
    assert_eq!(refused(&world, &world.sealed(proof, "dist", &world.crl)), Receipt);
}

#[test]
fn whoever_was_revoked_or_out_of_time_proves_nothing() {
    let world = World::new();
    for node in [&world.sender, &world.receiver, &world.above] {
        let proof = world.sealed(world.sent(), "prov", &world.revoking(node));
        assert_eq!(refused(&world, &proof), Revoked, "{} was revoked", node.certificate.name);
    }
    let stale = world.authority.revoke(1, &[], (NOW - 10 * 86_400, NOW - 60)).unwrap();
    assert_eq!(refused(&world, &world.sealed(world.sent(), "prov", &stale)), Revoked);
    let mut early = world.sent();
    let receipt = early.receipt.clone().unwrap();
    let signature =
        sign_at(&world.receiver, &[("receipt.json", receipt.bytes.as_bytes())], NOW + 200 * 86_400);
    early.receipt = Some(Signed { signature, ..receipt });
    assert_eq!(refused(&world, &early), Certificate, "it signed when its certificate was over");
}

#[test]
fn a_root_or_a_seal_of_another_node_is_refused() {
    let world = World::new();
    assert_eq!(refused(&world, &world.sealed(world.sent(), "dist", &world.crl)), Cause::Seal);
    let other = World::new();
    assert_eq!(other.check(&world.sent()).unwrap_err().cause, Cause::Revoked, "another authority's list");
    let stranger = Authority::found("Kẻ lạ", (NOW - 60, NOW + 3_600)).unwrap();
    let by_stranger = node(&stranger, "gov");
    let proof = World::sealed_by(world.sent(), ("prov", &by_stranger), &world.crl);
    assert_eq!(refused(&world, &proof), Certificate);
    // A node that countersigned its own seal: only a directory can say that it is the topmost one.
    let own = World::sealed_by(world.sent(), ("prov", &world.sender), &world.crl);
    assert_eq!(refused(&world, &own), Cause::Seal);
    let directory = |above: Option<&str>| Some(world.directory(above));
    assert!(world.check(&Proof { directory: directory(None), ..own.clone() }).is_ok());
    assert_eq!(refused(&world, &Proof { directory: directory(Some("gov")), ..own }), Cause::Directory);
    let proof = world.sent();
    assert!(world.check(&Proof { directory: directory(Some("gov")), ..proof.clone() }).unwrap().directory);
    assert_eq!(refused(&world, &Proof { directory: directory(Some("dist")), ..proof }), Cause::Directory);
    // The countersignature of another root over the same list.
    let mut proof = world.sent();
    let mut second = world.sent();
    second.entry.document = "another".to_owned();
    proof.seal = world.sealed(second, "prov", &world.crl).seal;
    assert_eq!(refused(&world, &proof), Journal);
}

#[test]
fn nothing_may_be_left_out_or_put_in() {
    let world = World::new();
    let good = world.sent();
    assert_eq!(refused(&world, &Proof { receipt: None, ..good.clone() }), Receipt);
    let unsigned =
        Proof { packet: Signed { signature: String::new(), ..good.packet.clone() }, ..good.clone() };
    assert_eq!(refused(&world, &unsigned), Packet);
    assert_eq!(refused(&world, &Proof { recipients: None, ..unsigned }), Cause::Seal);
    let fewer = proof::write(&good, &mut [], Cursor::new(Vec::new()));
    let fewer = fewer.unwrap().into_inner();
    assert_eq!(verify(Cursor::new(fewer), world.authority.certificate()).unwrap_err().cause, Container);
    let mut more: Vec<(String, Box<dyn std::io::Read + Send>)> =
        vec![(World::file_hash(), Box::new(crate::world::FILE)), ("00".repeat(32), Box::new(&b"more"[..]))];
    let more = proof::write(&good, &mut more, Cursor::new(Vec::new())).unwrap().into_inner();
    assert_eq!(verify(Cursor::new(more), world.authority.certificate()).unwrap_err().cause, Objects);
}

#[test]
fn a_file_that_was_cut_or_changed_anywhere_proves_nothing_else() {
    let world = World::new();
    let whole = bytes(&world.sent());
    let deed = verify(Cursor::new(&whole), world.authority.certificate()).unwrap();
    for at in (0..whole.len()).step_by(13) {
        assert!(verify(Cursor::new(&whole[..at]), world.authority.certificate()).is_err(), "cut at {at}");
        let mut altered = whole.clone();
        altered[at] ^= 0x08;
        if let Ok(said) = verify(Cursor::new(&altered), world.authority.certificate()) {
            assert_eq!(said, deed, "byte {at}");
        }
    }
}

use proof::{Direction, Signed};

use crate::world::{NOW, World};

#[test]
fn both_sides_prove_a_delivery_with_the_root_certificate_alone() {
    let world = World::new();
    for proof in [world.sent(), world.received()] {
        let deed = world.check(&proof).unwrap();
        assert_eq!((deed.from.as_str(), deed.to.as_str()), ("000.00.00.H44", "000.00.12.H44"));
        assert_eq!((deed.sent_by.as_deref(), deed.received_by.as_deref()), (Some("prov"), Some("dist")));
        assert_eq!((deed.witness.as_str(), deed.witnessed_at), ("gov", NOW * 1_000_000));
        assert_eq!(deed.files, [World::file_hash()]);
        assert_eq!(deed.sealed_by, if proof.entry.direction == Direction::Sent { "prov" } else { "dist" });
    }
}

#[test]
fn what_never_left_one_node_is_proved_by_the_sealed_line() {
    let world = World::new();
    let mut proof = world.sent();
    proof.packet.signature = String::new();
    (proof.recipients, proof.receipt) = (None, None);
    proof.entry.receipt = String::new();
    let proof = world.sealed(proof, "prov", &world.crl);
    let deed = world.check(&proof).unwrap();
    assert_eq!((deed.sent_by, deed.received_by), (None, None));
}

#[test]
fn the_topmost_node_seals_its_own_lines() {
    let world = World::new();
    let mut proof = world.sent();
    let signature = proof.packet.signature.clone();
    let by_top = crate::world::sign(
        &world.above,
        &[
            ("packet.json", proof.packet.bytes.as_bytes()),
            ("recipients", b"000.00.12.H44"),
            (&format!("files/{}", World::file_hash()), crate::world::FILE),
        ],
    );
    assert_ne!(by_top, signature);
    proof.packet = Signed { signature: by_top, ..proof.packet };
    let mut proof = world.sealed(proof, "gov", &world.crl);
    assert!(world.check(&proof).is_err(), "nobody says that it is the topmost");
    proof.directory = Some(world.directory(Some("gov")));
    assert!(world.check(&proof).is_err(), "the sender is at home elsewhere");
    proof.directory = Some(world.directory_of("gov"));
    assert_eq!(world.check(&proof).unwrap().witness, "gov");
}

//! What must be accepted: each forged file differs from one of these in one thing.

use pades::verify::{Cause, Change, Kind, Status};

use crate::message::{Message, message, stamp};
use crate::paper::{EMPTY_FIELD, Paper, Spot};
use crate::people::{Authority, answer, clock, person};

#[test]
fn a_signed_letter_is_accepted() {
    let root = Authority::new();
    let leader = root.person(&person());
    let mut paper = Paper::new();
    paper.sign(&Spot::default(), |bytes| message(&leader, bytes));
    let answer = answer(&paper.bytes, &root.trust()).unwrap();
    assert!(answer.accepted, "{answer:#?}");
    let verdict = &answer.signatures[0];
    assert_eq!(
        (verdict.kind, verdict.status, verdict.covers_whole_file),
        (Kind::Person, Status::Valid, true)
    );
    assert_eq!(verdict.claimed_at, Some("2026-11-23T02:00:00Z".parse().unwrap()));
    assert_eq!(verdict.proven_at, None);
    assert!(verdict.signer.as_ref().unwrap().contains("Nguyễn Văn Mẫu"));
}

#[test]
fn a_second_signature_and_a_timestamp_are_permitted_changes() {
    let root = Authority::new();
    let (leader, watch) = (root.person(&person()), root.person(&clock()));
    let mut paper = Paper::new();
    paper.sign(&Spot::default(), |bytes| message(&leader, bytes));
    let existing =
        Spot { name: "KySan", existing: Some(EMPTY_FIELD), rect: "[300 50 400 100]", ..Spot::default() };
    paper.sign(&existing, |bytes| message(&leader, bytes));
    let document = Spot {
        name: "Gio",
        kind: "DocTimeStamp",
        sub_filter: "ETSI.RFC3161",
        rect: "[0 0 0 0]",
        shown: false,
        ..Spot::default()
    };
    paper.sign(&document, |bytes| stamp(&watch, bytes, "20261123023000Z"));
    let answer = answer(&paper.bytes, &root.trust()).unwrap();
    assert!(answer.accepted, "{answer:#?}");
    let changes = [Change::Signature("KySan".into()), Change::Timestamp("Gio".into())];
    assert_eq!(answer.signatures[0].changes, changes);
    assert_eq!(answer.signatures[0].proven_at, Some("2026-11-23T02:30:00Z".parse().unwrap()));
    assert_eq!(answer.signatures[2].kind, Kind::Timestamp);
}

#[test]
fn a_timestamp_outlives_the_certificate() {
    let root = Authority::new();
    let (leader, watch) =
        (root.person(&crate::people::Recipe { years: (2020, 2024), ..person() }), root.person(&clock()));
    let mut paper = Paper::new();
    paper.sign(&Spot::default(), |bytes| {
        Message::of(&leader, bytes)
            .seal_stamped(&leader, |signature| stamp(&watch, signature, "20231123023000.25Z"))
    });
    let answer = answer(&paper.bytes, &root.trust()).unwrap();
    assert!(answer.accepted, "{answer:#?}");
}

#[test]
fn who_is_revoked_later_has_still_signed_before() {
    let root = Authority::new();
    let (leader, watch) = (root.person(&person()), root.person(&clock()));
    let mut paper = Paper::new();
    paper.sign(&Spot::default(), |bytes| {
        Message::of(&leader, bytes)
            .seal_stamped(&leader, |signature| stamp(&watch, signature, "20231123023000Z"))
    });
    let list = root.revokes(&[&leader.serial()], 2025, (2026, 2027));
    let trust = root.trust().with_crls(&list).unwrap().require_revocation();
    let answer = answer(&paper.bytes, &trust).unwrap();
    assert!(answer.accepted, "{answer:#?}");
    assert!(answer.signatures[0].revocation_checked);
}

#[test]
fn a_paper_without_a_signature_is_not_accepted() {
    let root = Authority::new();
    let answer = answer(&Paper::new().bytes, &root.trust()).unwrap();
    assert!(!answer.accepted);
    assert_eq!(answer.reasons, [Cause::NoSignature]);
}

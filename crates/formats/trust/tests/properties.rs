//! What holds for whatever arrives.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something does not hold"
)]

use proptest::prelude::*;
use std::sync::OnceLock;
use trust::{
    Agency, Authority, Certificate, Crl, Directory, Limits, NodeEntry, Request, Signed, Snapshot, Token,
};

fn authority() -> Authority {
    static KEPT: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    let (key, certificate) = KEPT.get_or_init(|| {
        let made = Authority::found("Gốc", (0, 4_000_000_000)).unwrap();
        (made.pkcs8().to_vec(), made.certificate().der().to_vec())
    });
    Authority::open(key, certificate).unwrap()
}

fn snapshot(codes: std::collections::BTreeSet<String>, homes: &[usize], titles: &[String]) -> Snapshot {
    let names = ["a", "b", "c", "d"];
    let node = |(at, name): (usize, &&str)| NodeEntry {
        name: (*name).to_owned(),
        title: titles[at % titles.len()].clone(),
        address: "x:1".to_owned(),
        above: (at > 0).then(|| names[at - 1].to_owned()),
        relayed: at % 2 == 1,
        ..NodeEntry::default()
    };
    let agency = |(at, code): (usize, String)| Agency {
        code_qd20: format!("q-{code}"),
        name: titles[at % titles.len()].clone(),
        tier: "commune".to_owned(),
        valid_from: "2025-07-01".to_owned(),
        home: names[homes[at % homes.len()] % 4].to_owned(),
        code,
        ..Agency::default()
    };
    Snapshot {
        version: 1,
        authority: "a".to_owned(),
        nodes: names.iter().enumerate().map(node).collect(),
        agencies: codes.into_iter().enumerate().map(agency).collect(),
        ..Snapshot::default()
    }
}

proptest! {
    #[test]
    fn bytes_of_strangers_are_never_trusted_and_never_end_the_program(
        bytes in proptest::collection::vec(any::<u8>(), 0..600)
    ) {
        let authority = authority();
        prop_assert!(Certificate::read(&bytes).is_err());
        prop_assert!(Request::read(&bytes).is_err());
        prop_assert!(Crl::read(&bytes, authority.certificate()).is_err());
        prop_assert!(Directory::read(&bytes, authority.certificate(), &Limits::default()).is_err());
        prop_assert!(Token::read(&String::from_utf8_lossy(&bytes)).is_err());
        if let Ok(signed) = Signed::read(&bytes, 1 << 16) {
            prop_assert_eq!(Signed::read(&signed.to_bytes(), 1 << 17).unwrap(), signed);
        }
    }

    #[test]
    fn a_directory_comes_back_as_it_was_and_finds_each_agency_by_both_codes(
        codes in proptest::collection::btree_set("[0-9A-Z.]{1,12}", 1..40),
        homes in proptest::collection::vec(0_usize..4, 1..8),
        titles in proptest::collection::vec("[ -~ạ-ỹ\"\\\\]{0,30}", 1..5),
    ) {
        let authority = authority();
        let snapshot = snapshot(codes, &homes, &titles);
        let bytes = authority.publish(&snapshot).unwrap().to_bytes();
        let read = Directory::read(&bytes, authority.certificate(), &Limits::default()).unwrap();
        prop_assert_eq!(read.snapshot(), &snapshot);
        for agency in &snapshot.agencies {
            prop_assert_eq!(read.agency(&agency.code), Some(agency));
            prop_assert_eq!(read.agency(&agency.code_qd20), Some(agency));
            prop_assert!(read.may_speak(&agency.home, &agency.code));
        }
        prop_assert_eq!(read.agency("q-"), None);
    }
}

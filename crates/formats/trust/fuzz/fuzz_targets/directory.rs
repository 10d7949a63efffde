//! Whatever the authority is made to sign: a directory that is read has one form, and its ways end.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;
use trust::{Authority, Directory, Limits, Route, Snapshot};

fn authority() -> Authority {
    static KEPT: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    let (key, certificate) = KEPT.get_or_init(|| {
        let made = Authority::found("root", (0, 4_000_000_000)).unwrap();
        (made.pkcs8().to_vec(), made.certificate().der().to_vec())
    });
    Authority::open(key, certificate).unwrap()
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(snapshot) = serde_json::from_slice::<Snapshot>(bytes) else { return };
    let authority = authority();
    let Ok(signed) = authority.publish(&snapshot) else { return };
    let read = Directory::read(&signed.to_bytes(), authority.certificate(), &Limits::default());
    let directory = read.expect("what the authority signs can be read");
    assert_eq!(directory.snapshot(), &snapshot);
    for from in snapshot.nodes.iter().take(20) {
        for agency in snapshot.agencies.iter().take(20) {
            let (mut at, mut hops) = (from.name.as_str(), 0);
            while let Route::Direct(next) | Route::Through(next) = directory.way(&agency.home, at) {
                at = &next.name;
                hops += 1;
                assert!(hops < 40, "a way without an end");
            }
        }
    }
});

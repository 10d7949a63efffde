//! Whatever bytes arrive, checking an evidence file does not panic, and nobody unknown proves anything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::Cursor;
use std::sync::OnceLock;
use trust::{Authority, Certificate};

static ROOT: OnceLock<Certificate> = OnceLock::new();

fuzz_target!(|bytes: &[u8]| {
    let found = || Authority::found("Fuzz", (0, i64::from(i32::MAX))).expect("an authority");
    let root = ROOT.get_or_init(|| found().certificate().clone());
    assert!(proof::verify(Cursor::new(bytes), root).is_err());
});

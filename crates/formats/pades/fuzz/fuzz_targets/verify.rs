//! Whatever bytes arrive, checking neither falls nor accepts: nobody the fuzzer trusts has signed anything.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pades::trust::Trust;
use pades::verify::{Answer, verify};

static TRUST: LazyLock<Trust> = LazyLock::new(|| {
    let root = rcgen::generate_simple_self_signed(vec!["root".to_owned()]).unwrap();
    Trust::from_pem(root.cert.pem().as_bytes()).unwrap()
});

fuzz_target!(|bytes: &[u8]| {
    let at = jiff::Timestamp::from_second(1_795_000_000).unwrap();
    // Half of the inputs begin where the tables begin, so that the fuzzer need not find out what a PDF begins with.
    let whole = [b"%PDF-1.7\n", bytes, b"\nstartxref\n9\n%%EOF\n"].concat();
    for pdf in [bytes, &whole] {
        if let Ok(verdicts) = verify(pdf, &TRUST, at) {
            assert!(!Answer::of(verdicts).accepted);
        }
    }
});

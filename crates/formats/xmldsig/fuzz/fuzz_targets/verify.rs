//! Whatever text arrives, nothing panics or outgrows its limits, and the canonical form is its own.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xmldsig::{Limits, canonical, detached, enveloped};

fuzz_target!(|text: &str| {
    let limits = Limits::default();
    let (alone, within) = (detached::verify(text, &limits), enveloped::verify(text, &limits));
    assert!(alone.is_err() || within.is_err(), "one text cannot be both");
    if let Ok(once) = canonical(text, &limits) {
        let again = Limits { bytes: usize::MAX, ..limits };
        assert_eq!(canonical(&once, &again).as_ref(), Ok(&once));
    }
});

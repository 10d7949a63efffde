//! Whatever an axis answers, it is understood or it is not; nothing breaks, and it means the same twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vxp::{Answer, Heard, Sending, Step, agencies, entries, outcome};

fuzz_target!(|answer: (u16, &[u8])| {
    let (status, body) = answer;
    let once = outcome(status, body);
    assert_eq!(once, outcome(status, body));
    for entry in entries(status, body).unwrap_or_default() {
        assert!(!entry.id.is_empty() && entry.id.bytes().all(|byte| byte.is_ascii_graphic()));
    }
    for agency in agencies(status, body).unwrap_or_default() {
        assert!((1..=35).contains(&agency.code_102.len()));
    }
    let mut sending = Sending::new("ab", true);
    sending.hear(Heard::Sent(entries(status, body)));
    if *sending.step() == Step::Send {
        sending.hear(Heard::Answer(once.clone()));
    }
    assert!(matches!(sending.step(), Step::End(_)), "a turn ends");
    if let Answer::Refused(code, _) = once {
        assert!(code.number() == 20 || !code.may_pass());
    }
});

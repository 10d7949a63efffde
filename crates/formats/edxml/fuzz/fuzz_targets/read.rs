//! Whatever bytes arrive, the reader neither panics nor outgrows its limits, and says the same twice.
#![no_main]

use edxml::{Limits, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { attachment_bytes: 1 << 20, zip_spool_bytes: 1 << 16, ..Limits::default() };
    let once = read(bytes, &limits, |_| Ok(Vec::new()));
    // Small pieces take other paths through the decoder and the sniffer than one large slice.
    let pieces = read(std::io::BufReader::with_capacity(7, bytes), &limits, |_| Ok(Vec::new()));
    match (once, pieces) {
        (Ok(once), Ok(pieces)) => {
            assert_eq!((once.packet, once.sinks), (pieces.packet, pieces.sinks));
            assert_eq!(once.warnings, pieces.warnings);
        }
        (Err(once), Err(pieces)) => assert_eq!(once.reason, pieces.reason),
        (once, pieces) => panic!("{:?} against {:?}", once.is_ok(), pieces.is_ok()),
    }
});

//! Whatever bytes arrive, reading a container neither panics nor outgrows its limits.
#![no_main]

use asic::{Container, Limits};
use libfuzzer_sys::fuzz_target;
use std::io::Cursor;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { entries: 20, bytes: 1 << 20, kept: 1 << 16, kept_together: 1 << 18 };
    if let Ok(container) = Container::read(Cursor::new(bytes), &limits) {
        let kept = container.objects.values().filter_map(|object| object.content.as_ref()).map(Vec::len);
        assert!(kept.sum::<usize>() <= 1 << 18);
    }
});

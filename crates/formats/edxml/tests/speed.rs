//! Measured, not asserted on every machine: `cargo test --release -p edxml --test speed -- --ignored --nocapture`.
#![expect(clippy::unwrap_used, reason = "a test that meets the impossible should stop")]

use std::io;
use std::time::{Duration, Instant};

use edxml::{Limits, read, sample};

fn best(runs: u32, mut work: impl FnMut()) -> Duration {
    let once = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..runs).map(once).min().unwrap()
}

#[test]
#[ignore = "a measurement: only meaningful in a release build on a quiet machine"]
fn a_packet_is_built_and_read_within_its_time() {
    for (bytes, runs, allowed) in
        [(370_000, 200, Duration::from_millis(1)), (50 << 20, 5, Duration::from_millis(500))]
    {
        let mut content = Vec::new();
        io::copy(&mut sample::pdf(bytes), &mut content).unwrap();
        let document = sample::document();
        let mut packet = Vec::with_capacity(content.len() * 3 / 2);
        let build = best(runs, || {
            packet.clear();
            edxml::write_document(&document, &mut [&mut content.as_slice()], &mut packet).unwrap();
        });
        let parse =
            best(runs, || drop(read(packet.as_slice(), &Limits::default(), |_| Ok(io::sink())).unwrap()));
        println!("{bytes} bytes: build {build:?}, read {parse:?}");
        assert!(build <= allowed && parse <= allowed);
    }
}

//! How long checking a signed letter of two pages takes: `cargo run --release -p pades --example verify_speed`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    reason = "a measurement with the people and the papers of the stories"
)]

#[path = "../tests/verify/der.rs"]
mod der;
#[path = "../tests/verify/message.rs"]
mod message;
#[path = "../tests/verify/paper.rs"]
mod paper;
#[path = "../tests/verify/people.rs"]
mod people;

use std::time::Instant;

use message::{Message, stamp};
use paper::{Paper, Spot};
use people::{Authority, answer, authority, clock, person};

const RUNS: u32 = 200;

fn main() {
    let root = Authority::new();
    let below = root.authority(&authority());
    let (leader, watch) = (below.person(&person()), root.person(&clock()));
    let seal = |bytes: &[u8]| {
        Message::of(&leader, bytes).seal_stamped(&leader, |bytes| stamp(&watch, bytes, "20261123023000Z"))
    };
    let mut paper = Paper::new();
    paper.sign(&Spot::default(), seal);
    let one = paper.bytes.clone();
    paper.sign(&Spot { name: "Ky2", rect: "[200 50 300 100]", ..Spot::default() }, seal);
    for (name, pdf) in [("one signature", &one), ("two signatures", &paper.bytes)] {
        let begun = Instant::now();
        for _ in 0..RUNS {
            assert!(answer(pdf, &root.trust()).unwrap().accepted);
        }
        let micros = begun.elapsed().as_micros() / u128::from(RUNS);
        println!("{name} with timestamps: {}.{:03} ms to check", micros / 1000, micros % 1000);
    }
}

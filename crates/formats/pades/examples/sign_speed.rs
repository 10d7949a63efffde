//! How long a signature on a letter of two pages takes with a key in memory:
//! `cargo run --release -p pades --example sign_speed`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    reason = "a measurement with the people and the papers of the stories"
)]

#[path = "../tests/sign/judges.rs"]
mod judges;
#[path = "../tests/sign/papers.rs"]
mod papers;
#[path = "../tests/sign/people.rs"]
mod people;

use std::time::Instant;

use pades::sign::sign;

const RUNS: u32 = 200;

fn main() {
    let root = people::Root::new();
    let letter = papers::letter(papers::Table::ObjectStreams, 0);
    let picture = papers::blue();
    for (name, signer) in [("RSA 2048", root.person().signer()), ("P-256", root.organisation().signer())] {
        let request = papers::persons(&picture);
        let begun = Instant::now();
        for _ in 0..RUNS {
            sign(&letter, &request, &signer, None).unwrap();
        }
        let micros = begun.elapsed().as_micros() / u128::from(RUNS);
        println!("{name}: {}.{:03} ms a signature", micros / 1000, micros % 1000);
    }
}

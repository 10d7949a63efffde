//! The packet tests, as one program.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that meets the impossible should stop"
)]

mod common;
mod hostile;
mod outgoing;
mod round_trip;
mod samples;
mod tolerant;

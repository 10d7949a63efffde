//! Stories of checking: what is good is accepted, what is forged is not, whatever comes in.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a story stops at the first surprise, and says what it skips"
)]

mod der;
mod message;
mod paper;
mod people;

mod accepted;
mod cases;
mod forged_bytes;
mod forged_messages;
mod forged_paths;
mod forged_ranges;
mod forged_rsa;
mod forged_shadow;
mod forged_times;
mod forged_updates;
mod good;
mod hostile;

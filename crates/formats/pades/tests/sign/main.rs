//! Stories of signing, with two readers of others as judges.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a story stops at the first surprise, and says what it skips"
)]

mod authority;
mod judges;
mod papers;
mod people;

mod annexes;
mod decree;
mod hostile;
mod later;
mod service;
mod tokens;
mod two_signatures;

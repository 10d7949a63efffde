//! Signatures made, altered, and judged by a program of others.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test that cannot go on stops"
)]

mod canonical;
mod detached;
mod enveloped;
mod judges;
mod people;

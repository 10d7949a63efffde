//! Several installations under one authority: how they join, and letters, receipts and files between them, over real
//! connections and in processes of their own.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test ends where something does not hold"
)]

mod country;
mod delivery;
mod joining;
mod kills;
mod line;
mod rig;
#[path = "../scenarios/story.rs"]
#[expect(dead_code, reason = "the scenarios of one machine use more of it")]
mod story;
mod stranger;
mod tampered;
mod troubled;

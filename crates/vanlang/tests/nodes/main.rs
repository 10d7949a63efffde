//! Installations on several machines: real processes with their own data folders, over real sockets.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something does not hold"
)]

mod joining;
mod rig;

//! Evidence made, forged and checked.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod forged;
mod good;
mod trees;
mod world;

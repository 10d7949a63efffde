//! Signatures made, altered, and judged by a program of others.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "programs of others judge")]

mod canonical;
mod detached;
mod enveloped;
mod judges;
mod people;

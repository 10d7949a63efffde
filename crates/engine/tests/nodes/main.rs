//! Nodes over real sockets: who is let in, who is not, and what changes while they speak.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something does not hold"
)]

mod rounds;
mod speaking;
mod support;

//! Decisions. Pure: facts in, outcome or refusal out.
pub(crate) mod incoming;
pub(crate) mod difference;
pub(crate) mod outgoing;
pub(crate) mod signing;
pub(crate) mod statuses;
pub(crate) mod types;
pub(crate) mod text;

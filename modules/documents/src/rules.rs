//! Decisions. Pure: facts in, outcome or refusal out.
pub(crate) mod incoming;

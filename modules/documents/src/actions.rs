//! Verbs that change something.
pub(crate) mod arrival;
pub(crate) mod incoming;

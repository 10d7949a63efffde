//! Decisions. Pure: facts in, outcome or refusal out.
pub(crate) mod board;
pub(crate) mod body;
pub(crate) mod capture;
pub(crate) mod difference;
pub(crate) mod escalation;
pub(crate) mod incoming;
pub(crate) mod layout;
pub(crate) mod opinions;
pub(crate) mod outgoing;
pub(crate) mod recall;
pub(crate) mod remarks;
pub(crate) mod secret;
pub(crate) mod signing;
pub(crate) mod statuses;
pub(crate) mod steps;
pub(crate) mod text;
pub(crate) mod types;

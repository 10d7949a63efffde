//! Verbs that change something.
pub(crate) mod approvals;
pub(crate) mod arrival;
pub(crate) mod incoming;
pub(crate) mod issue;
pub(crate) mod outgoing;
pub(crate) mod recipients;
pub(crate) mod reply;
pub(crate) mod statuses;

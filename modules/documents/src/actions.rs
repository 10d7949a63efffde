//! Verbs that change something.
pub(crate) mod approvals;
pub(crate) mod arrival;
pub(crate) mod changes;
pub(crate) mod demands;
pub(crate) mod incoming;
pub(crate) mod issue;
pub(crate) mod opinions;
pub(crate) mod outgoing;
pub(crate) mod recall;
pub(crate) mod recipients;
pub(crate) mod reminders;
pub(crate) mod reply;
pub(crate) mod secret;
pub(crate) mod statuses;
pub(crate) mod versions;

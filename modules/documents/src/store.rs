//! Every SQL statement of the module.
pub(crate) mod arrival;
pub(crate) mod authority;
pub(crate) mod board;
pub(crate) mod changes;
pub(crate) mod incoming;
pub(crate) mod opinions;
pub(crate) mod outgoing;
pub(crate) mod outgoing_list;
pub(crate) mod recall;
pub(crate) mod recipients;
pub(crate) mod registers;
pub(crate) mod reminders;
pub(crate) mod reports;
pub(crate) mod secret;
pub(crate) mod versions;

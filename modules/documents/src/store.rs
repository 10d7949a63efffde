//! Every SQL statement of the module.
pub(crate) mod arrival;
pub(crate) mod incoming;
pub(crate) mod outgoing;
pub(crate) mod outgoing_list;
pub(crate) mod recipients;
pub(crate) mod registers;
pub(crate) mod versions;

//! Every SQL statement of the module.
pub(crate) mod arrival;
pub(crate) mod incoming;

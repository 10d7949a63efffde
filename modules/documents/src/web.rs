//! Screens: handlers above, views below.
pub(crate) mod incoming;
pub(crate) mod incoming_acts;
pub(crate) mod incoming_list;
pub(crate) mod incoming_show;
pub(crate) mod paper;

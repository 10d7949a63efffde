//! Screens: handlers above, views below.
pub(crate) mod incoming;
pub(crate) mod incoming_acts;
pub(crate) mod incoming_list;
pub(crate) mod incoming_show;
pub(crate) mod paper;
pub(crate) mod compose;
pub(crate) mod compose_view;
pub(crate) mod letter;
pub(crate) mod outgoing;
pub(crate) mod outgoing_acts;
pub(crate) mod outgoing_list;
pub(crate) mod outgoing_show;
pub(crate) mod recipients;
pub(crate) mod tracking;
pub(crate) mod tracking_export;
pub(crate) mod tracking_parts;

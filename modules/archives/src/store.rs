//! Every statement of the module.

pub(crate) mod archive;
pub(crate) mod catalogues;
pub(crate) mod dossiers;
pub(crate) mod entries;

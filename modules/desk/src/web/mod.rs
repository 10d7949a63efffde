//! The screens.

pub(crate) mod delegation;
pub(crate) mod home;
pub(crate) mod notices;
pub(crate) mod pin;
pub(crate) mod saved;
pub(crate) mod search;
pub(crate) mod settings;

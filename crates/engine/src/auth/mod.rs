//! Who is asking: passwords, one-time codes, sessions and what the engine signs.

pub(crate) mod password;
pub(crate) mod seal;
pub(crate) mod totp;

//! Notices on devices (Web Push, RFC 8030): who may be written to, how a notice is sealed for one browser, and how the
//! push service knows who we are.

mod key;
mod seal;
mod service;

pub use key::PushKey;
pub use seal::{Browser, sealed};
pub(crate) use service::allowed;

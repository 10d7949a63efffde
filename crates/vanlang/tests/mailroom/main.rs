//! Doors to the outside, with real programs at the other end: a scanner for harmful software, a server of mail boxes, a
//! program that is told.
#![expect(clippy::unwrap_used, reason = "a story stops at the first surprise")]

mod mailbox;
mod scanner;
#[path = "../secure/mod.rs"]
mod secure;
mod webhooks;

/// Where a program of others listens.
///
/// # Panics
/// When it was not started: a story that is skipped shows nothing.
#[expect(
    clippy::disallowed_methods,
    reason = "the chore that runs the tests starts these programs and says where"
)]
fn told(name: &str) -> String {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    value.unwrap_or_else(|| panic!("{name} is not set: run cargo xtask test"))
}

#![doc = include_str!("../README.md")]

mod authority;
mod certificate;
mod crl;
mod directory;
mod error;
mod key;
mod routes;
mod signed;
mod token;

pub use authority::{Authority, Revoked};
pub use certificate::{Certificate, Fingerprint, fingerprint, hex};
pub use crl::Crl;
pub use directory::{Agency, Directory, Issued, Limits, NodeEntry, Order, Snapshot};
pub use error::{Error, Result};
pub use key::{Key, Request};
pub use routes::Route;
pub use signed::{Purpose, Signed};
pub use token::Token;

/// Below this name every node has its own in certificates: `phutho.node.vanlang`.
pub const DOMAIN: &str = "node.vanlang";

/// The name of a node in certificates and when a connection is opened.
pub fn host(node: &str) -> String {
    format!("{node}.{DOMAIN}")
}

/// True for what a node may be called: small letters, digits and hyphens inside, at most 40.
pub fn is_name(name: &str) -> bool {
    let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=40).contains(&name.len())
        && name.bytes().all(inside)
        && !name.starts_with('-')
        && !name.ends_with('-')
        && name != "join"
}

#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod answer;
mod call;
mod open;
mod sending;
pub mod simulator;

pub use answer::{Agency, Answer, Code, Entry, agencies, entries, outcome};
pub use call::{Call, Credentials, Header, Kind, hex_sha256, signed};
pub use open::HASH;
pub use sending::{Heard, Outcome, Sending, Step};

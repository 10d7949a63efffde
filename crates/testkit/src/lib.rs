#![doc = include_str!("../README.md")]
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test kit: what does not hold ends the test, with a message"
)]

mod axis;
mod client;
mod found;
mod html;
pub mod machine;
mod page;
mod setting;
mod stories;
mod town;

pub use axis::AxisServer;
pub use client::{Attachment, Person};
pub use found::{AGENCIES, AgencyData, TENANTS};
pub use html::{Form, Link};
pub use page::Page;
pub use stories::{Engine, tell};
pub use town::{Agency, Town};

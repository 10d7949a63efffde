//! Word documents: what is written in one, as blocks and as text with light marks; and a simple one made of blocks.
//!
//! Bytes come in, values go out; the crate opens no file, knows no clock and depends on nothing of ours. `README.md`
//! states the invariants.
#![warn(missing_docs)]

mod limits;
mod lists;
mod model;
mod package;
mod read;
mod text;
mod write;
mod xml;

pub use limits::Limits;
pub use model::{Block, Document, LeftOut, Row, Run, Unreadable};
pub use read::read;
pub use write::write;

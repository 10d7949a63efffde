//! Systems of others: over a national axis that loses, repeats and reorders, and by folders.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops at the first surprise")]

mod axis;
mod axis_troubles;
mod folder;
mod packets;
mod people;

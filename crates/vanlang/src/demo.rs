//! The demonstration: two tenants, real places, invented people, several months of work.

pub mod cast;
pub mod data;
mod dice;
mod seed;
mod subjects;
mod town;

//! The demonstration: two tenants, real places, invented people, several months of work.

pub mod cast;
pub mod command;
pub mod data;
mod dice;
mod enter;
pub mod page;
pub mod play;
pub mod roster;
pub mod seals;
mod seed;
mod signers;
mod subjects;
mod town;

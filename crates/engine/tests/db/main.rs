//! The tenant's database on both engines, and the file store.
#![cfg(test)]

mod audit;
mod files;
mod schema;
mod scope;
mod sqlite;
mod town;
mod writing;

#![doc = include_str!("../README.md")]

mod antivirus;
mod auth;
mod child;
pub mod config;
mod connectors;
pub mod db;
mod dispatch;
pub mod evidence;
mod exchange;
pub mod files;
mod frame;
mod http;
pub mod jobs;
mod known;
mod left;
mod mailbox;
mod measure;
mod network;
pub mod node;
mod once;
pub mod print;
pub mod push;
mod reading;
mod routes;
pub mod scans;
mod serve;
pub mod server;
mod signing;
mod uploads;
pub mod verify;
mod webhooks;

pub use auth::password::hash_password;
pub use auth::seal::system_chance;
pub use config::Config;
pub use db::Db;
pub use jobs::AsyncJob;
pub use server::{Parts, Server, Tenant, TenantParts};

/// The engine's own texts, Vietnamese.
pub const VI: &str = include_str!("../i18n/vi.toml");
/// The engine's own texts, English.
pub const EN: &str = include_str!("../i18n/en.toml");

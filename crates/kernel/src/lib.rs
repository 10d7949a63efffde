#![doc = include_str!("../README.md")]

mod actor;
mod audit;
mod audit_read;
mod db;
pub mod ddl;
pub mod engine;
mod handle;
#[cfg(feature = "house")]
pub mod house;
pub mod jobs;
mod journal;
mod module;
mod offers;
mod record;
mod request;
mod rows;
pub mod upkeep;

pub use actor::{Actor, Permission, Public, Scope, SignedIn, System};
pub use audit::{Told, hex};
pub use audit_read::{AuditFilter, Audited};
pub use base::{Error, FieldErrors, Id, Refusal, Result};
pub use db::{Database, Dialect, Registered, Sql, Value};
pub use handle::{Raw, Reader, Writer};
#[doc(hidden)]
pub use inventory;
pub use journal::Journal;
pub use module::{JobRun, MenuItem, Method, Migration, Module, Queue, Route, Routes, Run, Topic, Waiting};
pub use offers::{Answerer, Asked, Extra, Offers};
pub use record::{Opened, Record};
pub use request::{Content, Context, Left, LeftJob, Part, Reply, Request, Response};
pub use rows::{Columns, FromRow, FromValue, Row, ValueRef};

/// The kernel's own tables and texts.
pub fn module() -> Module {
    Module::new("kernel", env!("CARGO_MANIFEST_DIR"))
        .migration("0001_kernel", include_str!("../migrations/0001_kernel.sql"))
        .texts(include_str!("../i18n/vi.toml"), include_str!("../i18n/en.toml"))
}

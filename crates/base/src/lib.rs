#![doc = include_str!("../README.md")]

pub mod calendar;
pub mod csv;
pub mod error;
pub mod form;
pub mod id;
pub mod org;
pub mod question;
pub mod text;
pub mod texts;
pub mod time;
pub mod words;

pub use error::{Error, FieldErrors, Refusal, Result, WhileDoing};
pub use id::Id;
pub use org::{AgencyId, PersonId, TaskId, UnitId};
pub use question::Question;
pub use texts::{Lang, T, Texts};
pub use time::{Date, Instant};

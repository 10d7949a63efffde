//! Stories through HTTP.

mod api;
mod forms;
mod sessions;
mod support;
mod uploads;
mod wire;

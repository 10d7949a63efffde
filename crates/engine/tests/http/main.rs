//! Stories through HTTP.
#![cfg(test)]

mod api;
mod attacks;
mod browser;
mod connections;
mod forms;
mod left;
mod mail;
mod sessions;
mod support;
mod uploads;
mod wire;

#![doc = include_str!("../README.md")]

pub mod app;
pub mod commands;
pub mod demo;
pub mod found;
pub mod modules;
pub mod upkeep;

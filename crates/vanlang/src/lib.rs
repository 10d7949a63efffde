#![doc = include_str!("../README.md")]

pub mod app;
pub mod commands;
pub mod demo;
pub mod evidence;
pub mod found;
pub mod modules;
pub mod nodes;
pub mod pdf;
pub mod signatures;
pub mod upkeep;

/// A page is some hundreds of small strings: glibc's allocator took a quarter of a page's time (ADR 12).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

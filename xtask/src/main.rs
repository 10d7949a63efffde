//! Chores of the repository, started with `cargo xtask NAME`.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a command-line tool: it starts programs and talks to the person who called it"
)]

mod assets;
mod bench;
mod browser;
mod check;
mod clamd;
mod counts;
mod demo;
mod dovecot;
mod glossary;
mod install;
mod new_module;
mod postgres;
mod process;
mod python;
mod service;
mod smtp;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Any failure, as a sentence for the person who called us.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[derive(Parser)]
#[command(about = "Chores of the repository", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Check everything that must hold before a change is merged
    Test(check::Options),
    /// Build the web bundle into crates/ui/dist
    Assets,
    /// Build the program and start the demonstration province
    Demo(demo::Options),
    /// Measure, and write the tables into docs/benchmarks.md
    Bench(bench::Options),
    /// Take pictures of the pages in tests/browser/pages.json, and those of the help into modules/help/pictures
    Screenshots(browser::Pictures),
    /// Check that GLOSSARY.md has the words of every module
    Glossary(glossary::Options),
    /// Write a small module that is green, to be turned into a real one
    NewModule(new_module::Options),
}

fn main() -> ExitCode {
    let chore = Arguments::parse().chore;
    match process::enter_root().and_then(|()| perform(chore)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn perform(chore: Chore) -> Result<()> {
    match chore {
        Chore::Test(options) => check::everything(&options),
        Chore::Assets => assets::build(),
        Chore::Demo(options) => demo::start(&options),
        Chore::Bench(options) => bench::measure(&options),
        Chore::Screenshots(options) => browser::take_pictures(&options),
        Chore::Glossary(options) => glossary::check(&options),
        Chore::NewModule(options) => new_module::make(&options),
    }
}

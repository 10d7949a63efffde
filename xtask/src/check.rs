//! `cargo xtask test`: the steps a change must pass before it is merged.

use std::time::Instant;

use clap::{Args, ValueEnum};

use crate::clamd::Clamd;
use crate::counts::Counts;
use crate::dovecot::Dovecot;
use crate::postgres::Postgres;
use crate::smtp::Smtp;
use crate::{Result, assets, browser, install, process, python};

#[derive(Args)]
pub(crate) struct Options {
    /// Only these steps; all when none is named
    steps: Vec<Step>,
}

/// In the order in which they run: what fails fastest comes first.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Install what is missing
    Tools,
    /// Check the formatting
    Format,
    /// Build the web bundle
    Assets,
    /// Look for mistakes
    Clippy,
    /// Build everything
    Build,
    /// Run the tests
    Tests,
    /// Tell the browser stories
    Browser,
}

/// Runs the steps, stops at the first that fails, and always prints the closing line last.
pub(crate) fn everything(options: &Options) -> Result<()> {
    let begun = Instant::now();
    let mut counts = Counts::NONE;
    let named = |step: &&Step| options.steps.is_empty() || options.steps.contains(step);
    for step in Step::value_variants().iter().filter(named) {
        counts += timed(*step);
        if counts.failed > 0 {
            break;
        }
    }
    println!("\nAll in {} s.", begun.elapsed().as_secs());
    println!("{counts}");
    if counts.failed == 0 { Ok(()) } else { Err("The test run failed: see the last step above.".into()) }
}

fn timed(step: Step) -> Counts {
    let name = step.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    println!("\n=== {name} ===");
    let begun = Instant::now();
    let outcome = perform(step);
    let seconds = begun.elapsed().as_secs();
    match outcome {
        Ok(counts) if counts.failed == 0 => {
            println!("--- {name}: done in {seconds} s");
            counts
        }
        Ok(counts) => {
            println!("--- {name}: FAILED after {seconds} s");
            counts
        }
        Err(error) => {
            println!("{error}\n--- {name}: FAILED after {seconds} s");
            Counts::ONE_FAILURE
        }
    }
}

fn perform(step: Step) -> Result<Counts> {
    let done = match step {
        Step::Tools => install::everything(),
        Step::Format => process::run(&mut process::cargo(["fmt", "--all", "--check"])),
        Step::Assets => assets::build(),
        Step::Clippy => process::run(&mut process::cargo([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])),
        // The same units as the next step, and the programs that the stories start.
        Step::Build => process::run(&mut process::cargo(["build", "--workspace", "--all-targets"])),
        Step::Tests => return run_tests(),
        Step::Browser => return browser::tell_stories(),
    };
    done.map(|()| Counts::NONE)
}

/// `cargo test` with a PostgreSQL and a mail server of its own; their addresses are in the environment.
fn run_tests() -> Result<Counts> {
    let postgres = Postgres::start()?;
    let python = python::ready()?;
    let smtp = Smtp::start(&python)?;
    let clamd = Clamd::start()?;
    let dovecot = Dovecot::start()?;
    let mut tests = process::cargo(["test", "--workspace", "--no-fail-fast"]);
    tests.env("VANLANG_TEST_POSTGRES", postgres.url());
    tests.env("VANLANG_TEST_SMTP", &smtp.url);
    tests.env("VANLANG_TEST_MAILBOX", &smtp.mailbox);
    tests.env("VANLANG_TEST_CLAMD", &clamd.socket);
    tests.env("VANLANG_TEST_DOVECOT", &dovecot.folder);
    tests.env("VANLANG_TEST_IMAP", dovecot.port.to_string());
    tests.env("VANLANG_TEST_IMAPS", dovecot.secure.to_string());
    tests.env("VANLANG_TEST_PYHANKO", python.with_file_name("pyhanko"));
    tests.env("VANLANG_TEST_SCHEMATHESIS", python.with_file_name("schemathesis"));
    tests.env("VANLANG_TEST_PDFPLUMBER", &python);
    let mut counts = Counts::NONE;
    let ended_well = process::stream(&mut tests, |line| {
        println!("{line}");
        counts += Counts::of_cargo_line(line).unwrap_or_default();
    })?;
    // A test that does not compile or ends its process has no result line of its own.
    if !ended_well && counts.failed == 0 {
        counts += Counts::ONE_FAILURE;
    }
    Ok(counts)
}

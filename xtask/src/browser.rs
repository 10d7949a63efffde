//! Stories told through a real browser, and pictures of the pages.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::counts::Counts;
use crate::{Result, assets, install, process};

const FOLDER: &str = "tests/browser";

#[derive(Args)]
pub(crate) struct Pictures {
    /// Only the pages whose name or path contains this word; `help` for the pictures of the help
    word: Option<String>,
}

/// Runs every story, after the check that the runner itself tells failure from success.
pub(crate) fn tell_stories() -> Result<Counts> {
    prepare()?;
    process::output(node("runner.test.mjs")?.env_remove("VANLANG_BIN"))
        .map_err(|error| format!("the story runner fails its own check:\n{error}"))?;
    let mut counts = None;
    let ended_well = process::stream(&mut node("run.mjs")?, |line| match Counts::of_closing_line(line) {
        Some(found) => counts = Some(found),
        None => println!("{line}"),
    })?;
    match counts {
        Some(counts) if ended_well || counts.failed > 0 => Ok(counts),
        _ => Err("the story runner stopped half-way".into()),
    }
}

/// Takes the pictures into target/screenshots, and those of the help into its module.
pub(crate) fn take_pictures(options: &Pictures) -> Result<()> {
    install::everything()?;
    prepare()?;
    assets::build()?;
    process::run(&mut process::cargo(["build", "-p", "vanlang"]))?;
    process::run(node("screenshots.mjs")?.args(&options.word))
}

fn prepare() -> Result<()> {
    assets::install_packages(Path::new(FOLDER))
}

fn node(script: &str) -> Result<Command> {
    let browser: PathBuf = process::find(&install::BROWSERS).ok_or("Chromium is missing")?;
    let target = process::target()?;
    let mut command = Command::new("node");
    command.arg(Path::new(FOLDER).join(script));
    command.env("VANLANG_CHROMIUM", browser);
    command.env("VANLANG_BIN", target.join("debug/vanlang"));
    command.env("VANLANG_TARGET", target);
    Ok(command)
}

//! The demonstration province, started from the sources.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use clap::{Args, ValueEnum};

use crate::{Result, assets, process};

#[derive(Args)]
pub(crate) struct Options {
    /// Where the province keeps its data
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Which map of agencies: four levels, or the two since 2025-07-01
    #[arg(long, value_name = "YEAR")]
    picture: Option<Picture>,
    /// Forget the data of an earlier demonstration
    #[arg(long)]
    fresh: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Picture {
    #[value(name = "2017")]
    FourLevels,
    #[value(name = "2025")]
    TwoLevels,
}

/// Builds the program and becomes it, so that signals reach it directly.
pub(crate) fn start(options: &Options) -> Result<()> {
    assets::build()?;
    process::run(&mut process::cargo(["build", "--release", "-p", "vanlang"]))?;
    // A long build, once; a profile of its own keeps it from being as long as `release` would make it.
    process::run(&mut process::cargo(["build", "--profile", "print", "-p", "vanlang-print"]))?;
    Err(command(options)?.exec().into())
}

fn command(options: &Options) -> Result<Command> {
    let mut command = Command::new(process::target()?.join("release/vanlang"));
    command.arg("demo").env("VANLANG_PRINT", process::target()?.join("print/vanlang-print"));
    if let Some(data) = &options.data {
        command.arg("--data").arg(data);
    }
    if let Some(address) = &options.listen {
        command.args(["--listen", address]);
    }
    match options.picture {
        Some(Picture::FourLevels) => command.args(["--picture", "2017"]),
        Some(Picture::TwoLevels) => command.args(["--picture", "2025"]),
        None => &mut command,
    };
    if options.fresh {
        command.arg("--fresh");
    }
    Ok(command)
}

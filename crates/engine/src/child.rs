//! Programs of others, each with a limit on its time, its memory and what it writes.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What a program may cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) time: Duration,
    pub(crate) memory_mb: u32,
}

/// Why there is no result.
#[derive(Debug)]
pub(crate) enum Ended {
    /// There is no such program.
    Missing,
    /// The time was over.
    TooLong,
    /// It said no; its last words.
    Failed(String),
    Io(io::Error),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ended::Missing => f.write_str("the program is missing"),
            Ended::TooLong => f.write_str("it took too long"),
            Ended::Failed(words) => f.write_str(words),
            Ended::Io(cause) => cause.fmt(f),
        }
    }
}

impl From<io::Error> for Ended {
    fn from(cause: io::Error) -> Ended {
        Ended::Io(cause)
    }
}

/// What a shell answers when it finds no program, or none it may run.
const NOT_FOUND: [i32; 2] = [126, 127];
/// Enough for a page of A4 at 600 dpi in grey, in the blocks of 512 bytes that a shell counts.
const WRITTEN_BLOCKS: u32 = 128 * 1024;
const LAST_WORDS: u64 = 2_000;

/// A program with a limit on its memory and an empty environment. The shell sets the limit and becomes the program:
/// the only way to limit a child that needs no unsafe code of ours.
#[expect(clippy::disallowed_methods, reason = "the engine starts the programs that stand beside ours")]
pub(crate) fn command(program: &Path, arguments: &[&str], memory_mb: u32) -> Command {
    let limit = u64::from(memory_mb).saturating_mul(1024);
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", &format!("ulimit -v {limit} && ulimit -f {WRITTEN_BLOCKS} && exec \"$0\" \"$@\"")])
        .arg(program)
        .args(arguments)
        .env_clear()
        .current_dir("/");
    command
}

/// Runs a program with a file as its input and answers what it wrote. Blocks.
///
/// # Errors
/// Why there is nothing.
pub(crate) fn run(
    (program, arguments): (&str, &[&str]),
    mut input: File,
    bounds: Bounds,
) -> Result<File, Ended> {
    // Files instead of pipes: nobody must read while somebody writes, and what was written has a limit.
    let (mut output, mut words) = (tempfile::tempfile()?, tempfile::tempfile()?);
    input.rewind()?;
    let mut process = command(Path::new(program), arguments, bounds.memory_mb)
        .envs([("PATH", "/usr/local/bin:/usr/bin:/bin"), ("LC_ALL", "C.UTF-8"), ("OMP_THREAD_LIMIT", "1")])
        .stdin(input)
        .stdout(output.try_clone()?)
        .stderr(Stdio::from(words.try_clone()?))
        .spawn()?;
    let until = Instant::now() + bounds.time;
    let status = loop {
        match process.try_wait()? {
            Some(status) => break status,
            None if Instant::now() < until => pause(),
            None => {
                // It may have ended by itself; then there is nothing left to end.
                let _ = process.kill();
                let _ = process.wait();
                return Err(Ended::TooLong);
            }
        }
    };
    said(status, &mut words)?;
    output.rewind()?;
    Ok(output)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program of others ends when it likes; there is no clock of ours in it"
)]
fn pause() {
    thread::sleep(Duration::from_millis(15));
}

fn said(status: ExitStatus, words: &mut File) -> Result<(), Ended> {
    if status.success() {
        return Ok(());
    }
    if status.code().is_some_and(|code| NOT_FOUND.contains(&code)) {
        return Err(Ended::Missing);
    }
    let mut last = Vec::new();
    words.rewind()?;
    words.take(LAST_WORDS).read_to_end(&mut last)?;
    Err(Ended::Failed(String::from_utf8_lossy(&last).into_owned()))
}

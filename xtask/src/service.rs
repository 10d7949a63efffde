//! Servers that the tests need, kept by a small shell script.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use crate::Result;

/// A server that lives exactly as long as this value, or as this process, however that ends.
///
/// Its keeper is a shell script which starts the server, prints `ready`, waits for the end of its standard
/// input and cleans up. The other end of that pipe is here: it closes when we are dropped, and also when we
/// are killed.
pub(crate) struct Service {
    keeper: Child,
}

impl Service {
    pub(crate) fn start(keeper: &mut Command) -> Result<Self> {
        // A group of its own: Ctrl-C must reach the keeper as the end of its input, not as a signal.
        let keeper = keeper.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut service = Self { keeper: keeper.spawn()? };
        let stdout = service.keeper.stdout.take().ok_or("a keeper without an output")?;
        let mut printed = String::new();
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            if line == "ready" {
                return Ok(service);
            }
            printed.push_str(&line);
            printed.push('\n');
        }
        Err(printed.into())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("a service did not end: {error}");
        }
    }
}

/// A command that runs `script` in a shell, as the unprivileged user `user` when one is named.
pub(crate) fn shell(user: Option<&str>, script: &str) -> Command {
    let mut command = match user {
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--", "sh"]);
            command
        }
        None => Command::new("sh"),
    };
    command.args(["-c", script, "keeper"]);
    command
}

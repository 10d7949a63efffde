//! Processes of the program, each with a data folder of its own, and what their commands answer.

use serde_json::Value;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// An installation.
pub(crate) struct Installation {
    pub(crate) name: &'static str,
    pub(crate) folder: PathBuf,
    /// Where browsers find it.
    pub(crate) http: u16,
    /// Where nodes find it.
    pub(crate) port: u16,
    running: Option<Child>,
}

impl Drop for Installation {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Installation {
    /// An installation with one tenant of its name and one agency in it.
    pub(crate) fn new(under: &Path, name: &'static str, (code, tier): (&str, &str)) -> Installation {
        let folder = under.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let one = Installation { name, folder, http: free_port(), port: free_port(), running: None };
        let (data, http, port) = (one.data().display().to_string(), one.http, one.port);
        let config = format!(
            "[server]\nlisten = \"127.0.0.1:{http}\"\ndata = \"{data}\"\nantivirus = \"none\"\nmetrics_open = true\n\
             [server.node]\nlisten = \"127.0.0.1:{port}\"\nround_seconds = 1\n\
             [[tenants]]\nname = \"{name}\"\ntitle = \"{name}\"\n"
        );
        std::fs::write(one.folder.join("vanlang.toml"), config).unwrap();
        let agency = format!("UBND {name}");
        let founded = one.command(&[
            "found",
            "--tenant",
            name,
            "--agency",
            &agency,
            "--code",
            code,
            "--code-qd20",
            &reversed(code),
            "--place",
            name,
            "--tier",
            tier,
            "--username",
            "quantri",
            "--name",
            "Nguyễn Văn An",
        ]);
        assert!(founded.status.success(), "{}", String::from_utf8_lossy(&founded.stderr));
        one
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Runs a command of the program on this installation.
    pub(crate) fn command(&self, words: &[&str]) -> Output {
        let config = self.folder.join("vanlang.toml");
        let mut command = program();
        command.args(words).arg("--config").arg(config).output().unwrap()
    }

    /// Runs a command of `vanlang node`; its answer, or what it complained of.
    pub(crate) fn node(&self, words: &[&str]) -> Result<String, String> {
        let done = self.command(&[&["node"], words].concat());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if done.status.success() { Ok(text(&done.stdout)) } else { Err(text(&done.stderr)) }
    }

    pub(crate) fn status(&self) -> Value {
        serde_json::from_str(&self.node(&["status"]).unwrap()).unwrap()
    }

    pub(crate) fn serve(&mut self) {
        let log = std::fs::File::create(self.folder.join("log")).unwrap();
        let mut command = program();
        command.args(["serve", "--config"]).arg(self.folder.join("vanlang.toml"));
        let running =
            command.stdout(log.try_clone().unwrap()).stderr(log).stdin(Stdio::null()).spawn().unwrap();
        self.running = Some(running);
        let http = self.http;
        eventually("the program serves", || std::net::TcpStream::connect(("127.0.0.1", http)).is_ok());
    }

    /// Ends the process as a power cut would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.kill();
            let _ = running.wait();
        }
    }

    /// What the process has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

fn program() -> Command {
    #[expect(clippy::disallowed_methods, reason = "the test is about processes")]
    Command::new(env!("CARGO_BIN_EXE_vanlang"))
}

/// A port of this machine that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn reversed(code: &str) -> String {
    code.rsplit('.').filter(|part| *part != "000" && *part != "00").collect::<Vec<_>>().join(".")
}

/// Waits until something holds, for half a minute at most.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < until, "not within 30 s: {what}");
        #[expect(clippy::disallowed_methods, reason = "other processes have clocks of their own")]
        std::thread::sleep(Duration::from_millis(100));
    }
}

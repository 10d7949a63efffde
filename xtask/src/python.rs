//! Python programs for the tests, in an environment of their own under target/.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::{Result, process};

const REQUIREMENTS: &str = "xtask/requirements.txt";

/// The Python of that environment; made, or brought up to xtask/requirements.txt, when needed.
pub(crate) fn ready() -> Result<PathBuf> {
    let folder = process::target()?.join("python");
    let python = folder.join("bin/python");
    let wanted = fs::read_to_string(REQUIREMENTS)?;
    let stamp = folder.join("requirements.txt");
    if python.is_file() && fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(python);
    }
    let base = process::find(&["python3"]).ok_or("Python 3 is missing")?;
    process::run(Command::new(base).args(["-m", "venv", "--clear"]).arg(&folder))?;
    process::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r", REQUIREMENTS]))?;
    fs::write(stamp, wanted)?;
    Ok(python)
}

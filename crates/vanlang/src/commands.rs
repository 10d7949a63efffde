//! What the command line can do beside serving.

use base::calendar::Calendar;
use base::{Error, Instant, Result, WhileDoing};
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::PathBuf;

/// Which clock counts a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ClockKind {
    /// Whole working days.
    Civil,
    /// Working hours.
    Hours,
}

/// The line `vanlang deadline` prints: a date, or an instant.
///
/// # Errors
/// `Invalid` when the time of receipt cannot be read.
pub fn deadline(received: &str, working_days: u32, clock: ClockKind) -> Result<String> {
    let received = Instant::parse(received).ok_or_else(|| Error::field("received", "form.not_a_time"))?;
    let calendar = Calendar::vietnam();
    Ok(match clock {
        ClockKind::Civil => calendar.due_civil(received, working_days).iso(),
        ClockKind::Hours => calendar.due_hours(received, working_days).rfc3339(),
    })
}

/// Writes one JSON object a line for each edXML file. Answers true when none was quarantined.
///
/// # Errors
/// `Internal` when a file cannot be opened or the output is closed.
pub fn inspect_edxml(files: &[PathBuf], out: &mut dyn Write) -> Result<bool> {
    let mut clean = true;
    for path in files {
        let file = File::open(path).while_doing("opening", path.display())?;
        let found = edxml::inspect(&path.display().to_string(), BufReader::with_capacity(256 * 1024, file));
        clean &= found.verdict != "quarantined";
        let line = serde_json::to_string(&found).while_doing("writing", path.display())?;
        writeln!(out, "{line}").while_doing("writing", path.display())?;
    }
    Ok(clean)
}

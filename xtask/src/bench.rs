//! Measurements, kept in docs/benchmarks.md.

use std::fs;

use clap::Args;

use crate::{Result, process};

const PAGE: &str = "docs/benchmarks.md";

#[derive(Args)]
pub(crate) struct Options {
    /// Which measurement; all when none is named
    name: Option<String>,
    /// Passed on to the measurement
    #[arg(last = true)]
    more: Vec<String>,
}

/// Runs the measurement and replaces its tables on the page.
pub(crate) fn measure(options: &Options) -> Result<()> {
    let mut command = process::cargo(["run", "--release", "-p", "vanlang", "--example", "bench", "--"]);
    command.args(&options.name).args(&options.more);
    let mut lines = Vec::new();
    let ended_well = process::stream(&mut command, |line| {
        println!("{line}");
        lines.push(line.to_owned());
    })?;
    let table = tables(&lines);
    if !ended_well || table.is_empty() {
        return Err("the measurement gave no table: the page stays as it is".into());
    }
    let page = fs::read_to_string(PAGE).unwrap_or_else(|_| "# Measurements\n".to_owned());
    let name = options.name.as_deref().unwrap_or("all");
    Ok(fs::write(PAGE, with_section(&page, &format!("bench {name}"), &table))?)
}

/// The tables among the lines, with an empty line between one table and the next.
fn tables(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        if line.starts_with('|') {
            text.push_str(line);
            text.push('\n');
        } else if !text.is_empty() && !text.ends_with("\n\n") {
            text.push('\n');
        }
    }
    text.trim_end().to_owned()
}

/// The page with `text` between the markers of the section, which are added at the end when it has none.
pub(crate) fn with_section(page: &str, section: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- {section} -->"), format!("<!-- end of {section} -->"));
    let written = format!("{begin}\n{text}\n{end}");
    let found = page.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    match found {
        Some((before, after)) => format!("{before}{written}{after}"),
        None => format!("{}\n\n{written}\n", page.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::{tables, with_section};

    #[test]
    fn a_section_is_added_once_and_then_replaced() {
        let first = with_section("# Measurements\n", "bench all", "| 1 |");
        assert_eq!(first, "# Measurements\n\n<!-- bench all -->\n| 1 |\n<!-- end of bench all -->\n");
        let second = with_section(&first, "bench all", "| 2 |");
        assert_eq!(second, first.replace("| 1 |", "| 2 |"));
    }

    #[test]
    fn only_tables_are_kept() {
        let lines = ["warming up", "| a |", "|---|", "", "done", "| b |", "bye"].map(str::to_owned);
        assert_eq!(tables(&lines), "| a |\n|---|\n\n| b |");
    }
}

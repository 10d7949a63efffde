//! The printer as a program: JSON in, PDF out. It opens no file and no connection.

use std::io::{self, Read, Write};
use std::process::ExitCode;

/// Bad data.
const BAD_DATA: u8 = 2;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let done = match (arguments.next().as_deref(), arguments.next()) {
        (None, None) => once(false),
        (Some("--boxes"), None) => once(true),
        (Some("--serve"), None) => serve(),
        (Some("--letter"), Some(slug)) => letter(&slug),
        _ => usage(),
    };
    // The reader may have closed its end; there is nobody left to tell.
    done.unwrap_or(ExitCode::FAILURE)
}

/// One request. With `areas`, where signatures belong goes to the standard error as one line of JSON.
fn once(areas: bool) -> io::Result<ExitCode> {
    let mut request = Vec::new();
    io::stdin().lock().read_to_end(&mut request)?;
    match print::print(&request) {
        Ok(printed) => {
            io::stdout().lock().write_all(&printed.pdf)?;
            if areas {
                writeln!(io::stderr(), "{}", serde_json::to_string(&printed.areas)?)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(why) => {
            writeln!(io::stderr(), "{}", serde_json::to_string(&why)?)?;
            Ok(ExitCode::from(BAD_DATA))
        }
    }
}

/// Requests until the other side closes its end.
fn serve() -> io::Result<ExitCode> {
    let (mut input, mut output) = (io::stdin().lock(), io::BufWriter::new(io::stdout().lock()));
    while let Some(request) = print::read_frame(&mut input)? {
        print::write_answer(&mut output, &print::make(&request))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The model of a type, to be filled in.
fn letter(slug: &str) -> io::Result<ExitCode> {
    let kind = serde_json::from_value(serde_json::Value::String(slug.to_owned()));
    let Ok(kind) = kind else { return usage() };
    writeln!(io::stdout(), "{}", print::letter(kind))?;
    Ok(ExitCode::SUCCESS)
}

fn usage() -> io::Result<ExitCode> {
    writeln!(
        io::stderr(),
        "vanlang-print [--boxes | --serve | --letter SLUG] < request.json > document.pdf"
    )?;
    Ok(ExitCode::from(BAD_DATA))
}

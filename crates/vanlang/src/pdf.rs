//! Printing from the command line: data in a file, PDF into another.

use base::{Error, Result, WhileDoing};
use contracts::print::DocumentType;
use engine::config::Reading;
use engine::print::{Limits, Printer};
use engine::scans::Reader;
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// What is not one of the 29 types: its slug, and the fields of the request that say so.
const OTHERS: [(&str, &[(&str, &str)]); 11] = [
    ("sao-y", &[("kind", "copy"), ("form", "sao-y")]),
    ("trich-sao", &[("kind", "copy"), ("form", "trich-sao")]),
    ("sao-luc", &[("kind", "copy"), ("form", "sao-luc")]),
    ("register-outgoing", &[("kind", "register"), ("form", "outgoing")]),
    ("register-incoming", &[("kind", "register"), ("form", "incoming")]),
    ("register-follow-up", &[("kind", "register"), ("form", "follow-up")]),
    ("register-post", &[("kind", "register"), ("form", "post")]),
    ("register-loan", &[("kind", "register"), ("form", "loan")]),
    ("arrival-stamp", &[("kind", "arrival-stamp")]),
    ("handling-slip", &[("kind", "handling-slip")]),
    ("text", &[("kind", "text")]),
];

/// Prints the data in `data` as a thing of this type into `out`; where signatures belong goes to `report` as one
/// line of JSON.
///
/// # Errors
/// `Internal` when a file cannot be read or written or the printer is missing; what the printer refuses.
pub fn render(slug: &str, (data, out): (&Path, &Path), report: &mut dyn Write) -> Result<()> {
    let bytes = std::fs::read(data).while_doing("reading", data.display())?;
    let mut request: Map<String, Value> =
        serde_json::from_slice(&bytes).while_doing("reading", data.display())?;
    for (field, value) in fields(slug)? {
        request.insert(field.to_owned(), value.into());
    }
    let request = serde_json::to_vec(&request).while_doing("writing", slug)?;
    let paper = Printer::new(Printer::installed()?, Limits::default()).print_json(&request)?;
    std::fs::write(out, &paper.pdf).while_doing("writing", out.display())?;
    let areas = serde_json::to_string(&paper.areas).while_doing("writing", "the places of signatures")?;
    writeln!(report, "{areas}").while_doing("writing", "the places of signatures")
}

/// Reads a PDF or a scan: each page as a line of JSON. Answers false when something stood in the way; it is the last
/// line.
///
/// # Errors
/// `Internal` when the file cannot be opened or the lines cannot be written.
pub fn read(file: &Path, report: &mut dyn Write) -> Result<bool> {
    let config = Reading::default();
    let opened = File::open(file).while_doing("reading", file.display())?;
    let mut say = |line: Value| writeln!(report, "{line}").while_doing("writing", file.display());
    let mut reader = match Reader::open(opened, &config) {
        Ok(reader) => reader,
        Err(trouble) => return say(json!({ "trouble": trouble.word() })).map(|()| false),
    };
    for number in 1..=reader.wanted {
        match reader.page(number, &config) {
            Ok(page) => say(json!({ "page": number, "text": page.text(), "words": page.words }))?,
            Err(trouble) => return say(json!({ "page": number, "trouble": trouble.word() })).map(|()| false),
        }
    }
    Ok(true)
}

/// All slugs that can be printed, the 29 types first.
pub fn slugs() -> impl Iterator<Item = &'static str> {
    DocumentType::ALL.iter().map(|kind| kind.slug()).chain(OTHERS.iter().map(|(slug, _)| *slug))
}

fn fields(slug: &str) -> Result<Vec<(&'static str, &'static str)>> {
    if let Some(kind) = DocumentType::ALL.iter().find(|kind| kind.slug() == slug) {
        return Ok(vec![("kind", "document"), ("type", kind.slug())]);
    }
    match OTHERS.iter().find(|(other, _)| *other == slug) {
        Some((_, fields)) => Ok(fields.to_vec()),
        None => {
            let known: Vec<&str> = slugs().collect();
            Err(Error::internal(format!("no type {slug}; there are {}", known.join(", "))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{fields, slugs};
    use contracts::print::DocumentType;

    #[test]
    fn the_types_of_the_printer_are_those_of_the_exchange() {
        let mut ours: Vec<_> =
            DocumentType::ALL.iter().map(|kind| (kind.name(), kind.abbreviation())).collect();
        let mut theirs: Vec<_> = edxml::KINDS.iter().map(|kind| (kind.name, kind.abbreviation)).collect();
        ours.sort_unstable();
        theirs.sort_unstable();
        assert_eq!(ours, theirs);
    }

    #[test]
    fn everything_that_can_be_printed_has_a_slug_of_its_own() {
        let all: Vec<_> = slugs().collect();
        assert_eq!(all.len(), 40);
        assert!(all.iter().all(|slug| fields(slug).is_ok()));
        assert!(fields("tho").unwrap_err().to_string().contains("cong-van"));
    }
}

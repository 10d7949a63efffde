//! From a request to a sheet: the texts as they stand on paper, ready to be set.

mod archive;
mod body;
mod document;
mod form;
mod report;

pub(crate) use archive::{List, list_columns};
pub(crate) use form::{Register, RegisterColumn, register_columns};

use base::Date;
use contracts::print::{Binding, Head, PrintRequest, SignatureBlock};
use serde::Serialize;

/// What is set on paper.
pub(crate) enum Sheet {
    Document(Box<document::Document>),
    Form(form::Form),
    Register(Register),
    List(List),
    Binding(Box<Binding>),
    Report(Box<report::Report>),
}

/// The sheet of a request.
pub(crate) fn of(request: &PrintRequest) -> Sheet {
    match request {
        PrintRequest::Document(document) | PrintRequest::Preview(document) => {
            Sheet::Document(Box::new(document::of(document)))
        }
        PrintRequest::Copy(copy) => Sheet::Document(Box::new(document::of_copy(copy))),
        PrintRequest::Register(register) => Sheet::Register(form::register(register)),
        PrintRequest::Report(report) => Sheet::Report(Box::new(report::of(report))),
        PrintRequest::ArrivalStamp(stamp) => Sheet::Form(form::stamp(stamp)),
        PrintRequest::HandlingSlip(slip) => Sheet::Form(form::slip(slip)),
        PrintRequest::ArchiveList(list) => Sheet::List(archive::list(list)),
        PrintRequest::HandoverMinutes(minutes) => Sheet::Form(archive::minutes(minutes)),
        PrintRequest::Binding(binding) => Sheet::Binding(binding.clone()),
        PrintRequest::Text(text) => Sheet::Form(form::text(text)),
    }
}

/// The day a request speaks of.
pub(crate) fn date(request: &PrintRequest) -> Option<Date> {
    match request {
        PrintRequest::Document(document) | PrintRequest::Preview(document) => document.head.date,
        PrintRequest::Copy(copy) => copy.head.date,
        PrintRequest::Register(register) => register.printed,
        PrintRequest::Report(report) => report.printed,
        PrintRequest::ArrivalStamp(stamp) => stamp.date,
        PrintRequest::HandlingSlip(slip) => slip.date,
        PrintRequest::ArchiveList(list) => list.date,
        PrintRequest::HandoverMinutes(minutes) => minutes.date,
        PrintRequest::Binding(binding) => binding.date,
        PrintRequest::Text(_) => None,
    }
}

/// The head of a sheet, boxes 2 to 4.
#[derive(Serialize)]
pub(crate) struct HeadLines {
    parent: Vec<String>,
    agency: Vec<String>,
    number: String,
    place_date: String,
}

fn head(head: &Head) -> HeadLines {
    HeadLines {
        parent: agency(&head.parent),
        agency: agency(&head.agency),
        number: format!("Số: {}", symbol(head.number, &head.notation)),
        place_date: place_date(&head.place, head.date),
    }
}

/// The name of an agency in runs; what kind of agency it is stays on one line.
fn agency(name: &str) -> Vec<String> {
    let name = name.to_uppercase();
    let kind = AGENCY_KINDS.iter().find_map(|kind| Some((*kind, name.strip_prefix(kind)?)));
    match kind {
        Some((kind, rest)) => vec![String::new(), kind.to_owned(), rest.to_owned()],
        None if name.is_empty() => Vec::new(),
        None => vec![name],
    }
}

const AGENCY_KINDS: [&str; 3] = ["ỦY BAN NHÂN DÂN", "UỶ BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN"];

/// `05/QĐ-UBND`; room for a hand where nothing is known yet.
fn symbol(number: Option<u32>, notation: &str) -> String {
    let number = number.map_or_else(|| BLANK.to_owned(), two_digits);
    if notation.is_empty() { format!("{number}/{BLANK}") } else { format!("{number}/{notation}") }
}

fn two_digits(number: u32) -> String {
    format!("{number:02}")
}

/// `Phú Thọ, ngày 05 tháng 3 năm 2026`.
fn place_date(place: &str, date: Option<Date>) -> String {
    let date = long_date(date);
    if place.is_empty() { date } else { format!("{place}, {date}") }
}

fn long_date(date: Option<Date>) -> String {
    date.map_or_else(|| format!("ngày {GAP} tháng {GAP} năm {BLANK}"), Date::long_vi)
}

/// Room for a number.
const BLANK: &str = "\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}";
/// Room for a day or a month.
const GAP: &str = "\u{a0}\u{a0}\u{a0}\u{a0}";

/// One who signs, boxes 7.
#[derive(Serialize)]
pub(crate) struct Signer {
    titles: Vec<String>,
    position: String,
    name: String,
    note: String,
}

fn signer(block: &SignatureBlock) -> Signer {
    Signer {
        titles: block.titles.iter().map(|title| title.to_uppercase()).collect(),
        position: block.position.clone(),
        name: block.name.clone(),
        note: block.note.clone(),
    }
}

/// A list whose lines end with a semicolon and whose last line ends with a full stop.
fn marked(lines: &[String]) -> Vec<String> {
    let lines: Vec<&String> = lines.iter().filter(|line| !line.is_empty()).collect();
    let last = lines.len().saturating_sub(1);
    let mark = |place: usize| if place == last { '.' } else { ';' };
    lines.iter().enumerate().map(|(place, line)| format!("{}{}", bare(line), mark(place))).collect()
}

/// Without the dash it may have been typed with, and without its final mark.
fn bare(line: &str) -> &str {
    let line = bare_dash(line).trim_end();
    // An abbreviation or dots at the end keep theirs.
    if line.ends_with("..") { line } else { line.trim_end_matches([';', '.', ',']).trim_end() }
}

fn bare_dash(line: &str) -> &str {
    line.trim_start_matches(['-', '–', '+']).trim_start()
}

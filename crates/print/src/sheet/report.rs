//! Reports of figures.

use super::{agency, body, place_date};
use contracts::print::{Figure, ReportPart};
use serde::Serialize;

/// A report as its template reads it.
#[derive(Serialize)]
pub(crate) struct Report {
    parent: Vec<String>,
    agency: Vec<String>,
    place_date: String,
    title: String,
    note: String,
    figures: Vec<Figure>,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    title: String,
    bars: Vec<Bar>,
    tables: Vec<body::Piece>,
}

/// A bar; its length in thousandths of the longest.
#[derive(Serialize)]
struct Bar {
    label: String,
    value: i64,
    length: i64,
}

pub(crate) fn of(report: &contracts::print::Report) -> Report {
    Report {
        parent: agency(&report.parent),
        agency: agency(&report.agency),
        place_date: place_date(&report.place, report.printed),
        title: report.title.to_uppercase(),
        note: report.note.clone(),
        figures: report.figures.clone(),
        parts: report.parts.iter().map(part).collect(),
    }
}

fn part(part: &ReportPart) -> Part {
    let longest = part.bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let bar = |bar: &Figure| Bar {
        label: bar.label.clone(),
        value: bar.value,
        length: bar.value.max(0).saturating_mul(1000) / longest,
    };
    let tables = if part.table.columns.is_empty() { Vec::new() } else { vec![body::table(&part.table)] };
    Part { title: part.title.clone(), bars: part.bars.iter().map(bar).collect(), tables }
}

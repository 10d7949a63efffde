//! A report of figures: who reports, of when, tables and simple charts.

use super::Table;
use base::Date;
use serde::{Deserialize, Serialize};

/// A report of figures, on sheets of A4 turned by a quarter. No norm gives its form: it names the agency that reports, the
/// time it speaks of, and the day it was printed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Report {
    /// The agency above; empty when there is none.
    pub parent: String,
    /// The agency that reports.
    pub agency: String,
    /// Where.
    pub place: String,
    /// The day it was printed.
    pub printed: Option<Date>,
    /// Its title.
    pub title: String,
    /// The line below: of when, read when.
    pub note: String,
    /// The numbers it begins with.
    pub figures: Vec<Figure>,
    /// Tables and charts, in order.
    pub parts: Vec<ReportPart>,
}

/// A number with what it counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Figure {
    /// What it counts.
    pub label: String,
    /// How many.
    pub value: i64,
}

/// A part of a report under a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportPart {
    /// Its heading.
    pub title: String,
    /// Drawn as bars, the longest as long as there is room.
    pub bars: Vec<Figure>,
    /// A table; one without columns is none.
    pub table: Table,
}

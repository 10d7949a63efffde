//! The tracking table to take away, as CSV and as a workbook.

use crate::model::Recipient;
use crate::rights::OutgoingRead;
use crate::store::recipients as store;
use crate::web::outgoing_show::live;
use crate::web::tracking::{Asked, opened, reason_text, status_text};
use base::csv::Csv;
use base::{Result, T, WhileDoing, text};
use kernel::{Reader, Reply, Response};
use rust_xlsxwriter::Workbook;

const COLUMNS: [&str; 9] = [
    "documents.tracking.column.recipient",
    "documents.tracking.column.code",
    "documents.tracking.column.tier",
    "documents.tracking.column.area",
    "documents.tracking.column.status",
    "documents.tracking.column.arrived",
    "documents.tracking.column.place",
    "documents.tracking.column.staff",
    "documents.tracking.column.reason",
];

fn line(t: T, one: &Recipient) -> [String; 9] {
    let arrived = one.arrived_at.map(base::Instant::dmy_hhmm).unwrap_or_default();
    [
        one.to_name.clone(),
        one.to_code.clone(),
        t.text(&format!("platform.tier.{}", one.tier)).to_owned(),
        one.area.clone(),
        status_text(t, one.status).to_owned(),
        arrived,
        one.at_place.clone(),
        one.staff.clone(),
        reason_text(t, &one.reason),
    ]
}

/// What the page shows under its filters: the file's name and its lines, the heading first.
fn lines(cx: &Reader<'_, OutgoingRead>) -> Result<(String, Vec<[String; 9]>)> {
    let document = opened(cx)?;
    let (t, asked) = (cx.t(), Asked::of(cx));
    let mut lines = vec![COLUMNS.map(|key| t.text(key).to_owned())];
    lines.extend(
        live(store::of(cx, document.id)?).iter().filter(|one| asked.holds(one)).map(|one| line(t, one)),
    );
    Ok((text::slug_ascii(&document.symbol), lines))
}

/// CSV.
pub(crate) fn csv(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let (name, lines) = lines(cx)?;
    let mut csv = Csv::new();
    for line in lines {
        csv.line(line);
    }
    Ok(Response::csv(&name, csv))
}

/// A workbook.
pub(crate) fn xlsx(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let (name, lines) = lines(cx)?;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0_u32..).zip(&lines) {
        for (column, cell) in (0_u16..).zip(line) {
            sheet.write_string(row, column, cell).while_doing("writing", "a workbook")?;
        }
    }
    sheet.autofit();
    let body = book.save_to_buffer().while_doing("writing", "a workbook")?;
    Ok(Response::Download {
        name: format!("{name}.xlsx"),
        content_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body,
    })
}

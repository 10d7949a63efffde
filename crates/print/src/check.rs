//! What can be said about a request before a page is made.

use crate::Unprintable;
use contracts::print::{ArchiveList, Block, Bound, Copy, OfficialDocument, PrintRequest, Register, Table};

/// # Errors
/// `notation`, `columns`.
pub(crate) fn check(request: &PrintRequest) -> Result<(), Unprintable> {
    match request {
        PrintRequest::Document(document) | PrintRequest::Preview(document) => check_document(document),
        PrintRequest::Copy(copy) => check_copy(copy),
        PrintRequest::Register(register) => check_register(register),
        PrintRequest::Report(report) => {
            report.parts.iter().map(|part| &part.table).try_for_each(check_report_table)
        }
        PrintRequest::ArchiveList(list) => check_list(list),
        PrintRequest::Binding(binding) => binding.parts.iter().try_for_each(check_part),
        PrintRequest::ArrivalStamp(_)
        | PrintRequest::HandlingSlip(_)
        | PrintRequest::HandoverMinutes(_)
        | PrintRequest::Text(_) => Ok(()),
    }
}

/// A binding in a binding has no end.
fn check_part(part: &Bound) -> Result<(), Unprintable> {
    match part {
        Bound::Sheet { request } if matches!(**request, PrintRequest::Binding(_)) => {
            Err(Unprintable::new("json", "a binding in a binding"))
        }
        Bound::Sheet { request } => check(request),
        Bound::File { .. } | Bound::Slip { .. } => Ok(()),
    }
}

fn check_document(document: &OfficialDocument) -> Result<(), Unprintable> {
    notation(&document.head.notation, document.kind.abbreviation())?;
    let annexes = document.annexes.iter().flat_map(|annex| &annex.body);
    document.body.iter().chain(annexes).try_for_each(|block| match block {
        Block::Table(table) => check_table(table),
        _ => Ok(()),
    })
}

fn check_copy(copy: &Copy) -> Result<(), Unprintable> {
    notation(&copy.head.notation, copy.form.abbreviation())?;
    copy.original.as_ref().map_or(Ok(()), check_document)
}

/// `LOẠI-CQ` or, for letters, `CQ-ĐV`: groups of letters and digits with dashes between them (Annex I,
/// part I, II.3). HD and HĐ, DA and ĐA are different types, so the group of the type is compared exactly.
fn notation(notation: &str, abbreviation: &str) -> Result<(), Unprintable> {
    if notation.is_empty() {
        return Ok(());
    }
    let group = |text: &str| {
        text.starts_with(char::is_uppercase) && text.chars().all(|c| c.is_alphanumeric() || c == '.')
    };
    let well_formed = notation.contains('-') && notation.split('-').all(group);
    let first = notation.split('-').next().unwrap_or_default();
    if well_formed && (abbreviation.is_empty() || first == abbreviation) {
        return Ok(());
    }
    let wanted = if abbreviation.is_empty() { "CQ" } else { abbreviation };
    Err(Unprintable::new("notation", format!("“{notation}” ≠ “{wanted}-…”")))
}

fn check_table(table: &Table) -> Result<(), Unprintable> {
    columns(&table.rows, table.columns.len())
}

fn check_report_table(table: &Table) -> Result<(), Unprintable> {
    if table.columns.is_empty() && table.rows.is_empty() { Ok(()) } else { check_table(table) }
}

fn check_register(register: &Register) -> Result<(), Unprintable> {
    columns(&register.rows, crate::sheet::register_columns(register.form).len())
}

/// A row with one cell is a heading.
fn check_list(list: &ArchiveList) -> Result<(), Unprintable> {
    let wanted = crate::sheet::list_columns(list.form).len();
    let rows = list.rows.iter().filter(|row| row.len() != 1);
    rows.map(std::slice::from_ref).try_for_each(|row| columns(row, wanted))
}

fn columns(rows: &[Vec<String>], wanted: usize) -> Result<(), Unprintable> {
    let wrong = rows.iter().enumerate().find(|(_, row)| row.len() != wanted || wanted == 0);
    let Some((place, row)) = wrong else { return Ok(()) };
    let message = format!("row {} has {} cells for {wanted} columns", place.saturating_add(1), row.len());
    Err(Unprintable::new("columns", message))
}

//! The registers to take away, as a workbook and as CSV: the entries of the page, all of them.

use crate::rights::{RegisterRead, RegisterReadSecret};
use crate::store::registers::End;
use crate::web::registers::{Asked, Entry, Holds, Ledger, Register, ends};
use base::csv::Csv;
use base::{Result, WhileDoing, text};
use kernel::{Permission, Raw, Reader, Reply, Response, Routes};
use platform::organisations;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet};

/// The routes of the exports.
pub(crate) fn routes(r: &mut Routes) {
    r.get::<RegisterRead>("/documents/registers/incoming.xlsx", |cx| xlsx(cx, Register::Incoming));
    r.get::<RegisterRead>("/documents/registers/incoming.csv", |cx| csv(cx, Register::Incoming));
    r.get::<RegisterRead>("/documents/registers/outgoing.xlsx", |cx| xlsx(cx, Register::Outgoing));
    r.get::<RegisterRead>("/documents/registers/outgoing.csv", |cx| csv(cx, Register::Outgoing));
    r.get::<RegisterReadSecret>("/documents/registers/secret.xlsx", |cx| xlsx(cx, Register::Secret));
    r.get::<RegisterReadSecret>("/documents/registers/secret.csv", |cx| csv(cx, Register::Secret));
    r.get::<RegisterRead>("/documents/registers/follow-up.xlsx", |cx| xlsx(cx, Register::FollowUp));
    r.get::<RegisterRead>("/documents/registers/follow-up.csv", |cx| csv(cx, Register::FollowUp));
}

/// Entries read at a time.
const BATCH: i64 = 1000;
/// Characters a cell of a workbook holds.
const CELL_CHARS: usize = 32_767;
/// Rows above the entries: agency, title, note, heads, numbers of the form.
const HEAD_ROWS: u32 = 5;

/// Hands on every entry that is asked for, batch by batch, from one snapshot.
pub(crate) fn each_batch(
    ledger: &Ledger<'_, '_>,
    asked: &Asked,
    mut each: impl FnMut(&[Entry]) -> Result<()>,
) -> Result<()> {
    let mut stretch = asked.stretch();
    loop {
        let batch = ledger.entries(&stretch, End::First, BATCH)?;
        if batch.is_empty() {
            return Ok(());
        }
        each(&batch)?;
        stretch.from = ends(&batch).1.saturating_add(1);
    }
}

fn file_name(cx: &Raw<'_>, register: Register, asked: &Asked) -> String {
    format!("{}-{}", text::slug_ascii(cx.text(register.title())), asked.year)
}

fn csv<P: Permission>(cx: &Reader<'_, P>, register: Register) -> Reply {
    let asked = Asked::of(cx.query_input(), cx.now().year());
    let ledger = Ledger::open(cx, register)?;
    let mut csv = Csv::new();
    csv.line(register.columns().iter().map(|(key, _)| cx.text(key)));
    each_batch(&ledger, &asked, |batch| {
        for entry in batch {
            csv.line(&entry.cells);
        }
        Ok(())
    })?;
    Ok(Response::csv(&file_name(cx, register, &asked), csv))
}

/// How the cells of a workbook look.
struct Looks {
    title: Format,
    head: Format,
    words: Format,
}

impl Looks {
    fn new() -> Looks {
        let ruled = Format::new().set_border(FormatBorder::Thin).set_text_wrap();
        Looks {
            title: Format::new().set_bold(),
            head: ruled
                .clone()
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            words: ruled.set_align(FormatAlign::Top),
        }
    }
}

fn xlsx<P: Permission>(cx: &Reader<'_, P>, register: Register) -> Reply {
    let asked = Asked::of(cx.query_input(), cx.now().year());
    let ledger = Ledger::open(cx, register)?;
    let looks = Looks::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().while_doing("opening", "a workbook")?;
    heading(cx, sheet, (&ledger, &asked), &looks).while_doing("writing", "a workbook")?;
    let mut row = HEAD_ROWS;
    each_batch(&ledger, &asked, |batch| {
        for entry in batch {
            write_entry(sheet, (row, entry), register, &looks)?;
            row = row.saturating_add(1);
        }
        Ok(())
    })?;
    let body = book.save_to_buffer().while_doing("writing", "a workbook")?;
    Ok(Response::Download {
        name: format!("{}.xlsx", file_name(cx, register, &asked)),
        content_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body,
    })
}

/// Page, widths, agency, title, heads and the numbers of the form.
fn heading(
    cx: &Raw<'_>,
    sheet: &mut Worksheet,
    (ledger, asked): (&Ledger<'_, '_>, &Asked),
    looks: &Looks,
) -> Result<()> {
    let (t, register) = (cx.t(), ledger.register);
    let first = ledger.entries(&asked.stretch(), End::First, 1)?;
    let last = ledger.entries(&asked.stretch(), End::Last, 1)?;
    let agency = organisations::agency(cx, cx.agency()?)?.name;
    sheet.set_landscape().set_paper_size(PAPER_A4).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEAD_ROWS - 2, HEAD_ROWS - 1).while_doing("setting", "a workbook")?;
    sheet.set_freeze_panes(HEAD_ROWS, 0).while_doing("setting", "a workbook")?;
    for (column, (_, holds)) in (0_u16..).zip(register.columns()) {
        sheet.set_column_width(column, width(*holds)).while_doing("setting", "a workbook")?;
    }
    let note = asked.note(t, (ends(&first).0, ends(&last).1));
    for (row, line) in (0_u32..).zip([agency.as_str(), t.text(register.title()), note.as_str()]) {
        sheet.write_string_with_format(row, 0, line, &looks.title).while_doing("writing", "a workbook")?;
    }
    for (column, (key, _)) in (0_u16..).zip(register.columns()) {
        sheet
            .write_string_with_format(HEAD_ROWS - 2, column, t.text(key), &looks.head)
            .while_doing("writing", "a workbook")?;
    }
    for (column, n) in (0_u16..).zip(1..=register.columns().len()) {
        sheet
            .write_string_with_format(HEAD_ROWS - 1, column, format!("({n})"), &looks.head)
            .while_doing("writing", "a workbook")?;
    }
    Ok(())
}

/// The number of A4 in a workbook.
const PAPER_A4: u8 = 9;

/// Width of a column, in digits.
const fn width(holds: Holds) -> u16 {
    match holds {
        Holds::Words => 18,
        Holds::Day => 11,
        Holds::Number => 8,
        Holds::Name => 45,
        Holds::Hand => 12,
    }
}

fn write_entry(
    sheet: &mut Worksheet,
    (row, entry): (u32, &Entry),
    register: Register,
    looks: &Looks,
) -> Result<()> {
    for ((column, (_, holds)), cell) in (0_u16..).zip(register.columns()).zip(&entry.cells) {
        let number = cell.parse::<u32>().ok().filter(|_| *holds == Holds::Number);
        let written = match number {
            Some(number) => sheet.write_number_with_format(row, column, number, &looks.words),
            None => sheet.write_string_with_format(row, column, fitting(cell), &looks.words),
        };
        written.while_doing("writing", "a workbook")?;
    }
    Ok(())
}

/// As much of a cell as a workbook holds.
fn fitting(cell: &str) -> &str {
    match cell.char_indices().nth(CELL_CHARS) {
        Some((end, _)) => cell.get(..end).unwrap_or(cell),
        None => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::{CELL_CHARS, fitting};

    #[test]
    fn a_cell_longer_than_a_workbook_takes_is_cut() {
        assert_eq!(fitting(&"ă".repeat(CELL_CHARS + 1)).chars().count(), CELL_CHARS);
        assert_eq!(fitting("ngắn"), "ngắn");
    }
}

//! A list in the form of annex V: on the screen, on paper, as a workbook and as CSV.

use base::csv::Csv;
use base::{Result, T, WhileDoing};
use kernel::{Reply, Response};
use maud::{Markup, html};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet};
use ui::{Cell, Column, ExportLink, Table};

/// What a sheet says.
pub(crate) struct Sheet {
    /// The agency.
    pub(crate) agency: String,
    /// What it is.
    pub(crate) title: String,
    /// The line under the title.
    pub(crate) note: String,
    /// Name of the file, without its ending.
    pub(crate) file: String,
    /// The heads of its columns, and what each holds.
    pub(crate) heads: Vec<(String, Cell)>,
    /// Its rows. A row with one cell is a heading.
    pub(crate) rows: Vec<Vec<String>>,
    /// Where the first cells of rows lead; empty for nowhere.
    pub(crate) links: Vec<String>,
}

/// Characters a cell of a workbook holds.
const CELL_CHARS: usize = 32_767;
/// The number of A4 in a workbook.
const PAPER_A4: u8 = 9;
/// Rows above the entries: agency, title, note, heads, numbers of the form.
const HEAD_ROWS: u32 = 5;

impl Sheet {
    /// The sheet on a page; its title stands on paper only, where there is no other.
    pub(crate) fn shown(&self) -> Markup {
        let columns: Vec<Column<'_>> =
            self.heads.iter().map(|(label, cell)| Column::new(label, *cell)).collect();
        let rows: Vec<Vec<Markup>> =
            self.rows.iter().zip(&self.links).map(|(row, link)| self.row(row, link)).collect();
        let table = Table { caption: &self.title, columns: &columns, rows: &rows, register: true };
        html! {
            (ui::register_title(&self.agency, &self.title, &self.note))
            div class="card" { (ui::table(&table)) }
        }
    }

    /// The cells of a row; those of a heading stand where the name of a row would.
    fn row(&self, row: &[String], link: &str) -> Vec<Markup> {
        let title = self.heads.iter().position(|(_, cell)| *cell == Cell::Title).unwrap_or(0);
        if let [heading] = row {
            let cell = |at: usize| html! { @if at == title { b { (heading) } } };
            return (0..self.heads.len()).map(cell).collect();
        }
        let cell = |(at, cell): (usize, &String)| {
            html! { @if at == title && !link.is_empty() { a href=(link) { (cell) } } @else { (cell) } }
        };
        row.iter().enumerate().map(cell).collect()
    }

    /// Ways to take it away; `base` is where the two files are.
    pub(crate) fn export_links(t: T, base: &str) -> Markup {
        let (xlsx, csv) = (format!("{base}.xlsx"), format!("{base}.csv"));
        ui::export_links(
            t,
            &[ExportLink { label: "XLSX", href: &xlsx }, ExportLink { label: "CSV", href: &csv }],
        )
    }

    /// The sheet as CSV.
    pub(crate) fn csv(&self) -> Response {
        let mut csv = Csv::new();
        csv.line(self.heads.iter().map(|(label, _)| label));
        for row in &self.rows {
            csv.line(row);
        }
        Response::csv(&self.file, csv)
    }

    /// The sheet as a workbook.
    pub(crate) fn xlsx(&self) -> Reply {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory().while_doing("opening", "a workbook")?;
        self.write(sheet).while_doing("writing", "a workbook")?;
        let body = book.save_to_buffer().while_doing("writing", "a workbook")?;
        Ok(Response::Download {
            name: format!("{}.xlsx", self.file),
            content_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            body,
        })
    }

    fn write(&self, sheet: &mut Worksheet) -> Result<()> {
        let bold = Format::new().set_bold();
        let ruled = Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::Top);
        let head = ruled.clone().set_bold().set_align(FormatAlign::Center);
        sheet.set_landscape().set_paper_size(PAPER_A4).set_print_fit_to_pages(1, 0);
        sheet.set_freeze_panes(HEAD_ROWS, 0).while_doing("setting", "a workbook")?;
        for (column, (_, cell)) in (0_u16..).zip(&self.heads) {
            sheet.set_column_width(column, width(*cell)).while_doing("setting", "a workbook")?;
        }
        for (row, line) in (0_u32..).zip([&self.agency, &self.title, &self.note]) {
            sheet.write_string_with_format(row, 0, line, &bold).while_doing("writing", "a workbook")?;
        }
        for (column, (label, _)) in (0_u16..).zip(&self.heads) {
            let number = format!("({})", u32::from(column) + 1);
            sheet
                .write_string_with_format(HEAD_ROWS - 2, column, label, &head)
                .while_doing("writing", "a workbook")?;
            sheet
                .write_string_with_format(HEAD_ROWS - 1, column, number, &head)
                .while_doing("writing", "a workbook")?;
        }
        for (at, row) in (HEAD_ROWS..).zip(&self.rows) {
            let look = if row.len() == 1 { &bold } else { &ruled };
            for (column, cell) in (0_u16..).zip(row) {
                sheet
                    .write_string_with_format(at, column, fitting(cell), look)
                    .while_doing("writing", "a workbook")?;
            }
        }
        Ok(())
    }
}

/// Width of a column, in digits.
const fn width(cell: Cell) -> u16 {
    match cell {
        Cell::Title => 48,
        Cell::Number => 8,
        Cell::Nowrap | Cell::Minor => 13,
        Cell::Text | Cell::Span => 20,
    }
}

/// As much of a cell as a workbook holds.
fn fitting(cell: &str) -> &str {
    match cell.char_indices().nth(CELL_CHARS) {
        Some((end, _)) => cell.get(..end).unwrap_or(cell),
        None => cell,
    }
}

//! The monthly report: by unit and by person, on the screen, to print, and to take away.

use crate::rights::BoardRead;
use crate::store::reports::{self as store, Handled, Span};
use base::csv::Csv;
use base::{Date, Result, T, WhileDoing, text};
use kernel::{Reader, Reply, Response, Routes};
use maud::{Markup, html};
use platform::organisations;
use rust_xlsxwriter::{Format, Workbook};
use ui::{ButtonKind, Cell, Column, ExportLink, Table};

/// The routes of the report.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/documents/reports", page);
    r.data("/documents/reports", data);
    r.get("/documents/reports.csv", csv);
    r.get("/documents/reports.xlsx", xlsx);
}

/// A month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Month(Date);

impl Month {
    /// The month a query names as `2017-03`; else that of today.
    fn asked(word: Option<&str>, today: Date) -> Month {
        let named = word.and_then(|word| Date::parse(&format!("{word}-01")));
        let first = named.or_else(|| Date::new(today.year(), today.month(), 1));
        Month(first.unwrap_or(today))
    }

    fn next(self) -> Month {
        let later = self.0.plus_days(31);
        Month(Date::new(later.year(), later.month(), 1).unwrap_or(later))
    }

    fn before(self) -> Month {
        let earlier = self.0.plus_days(-1);
        Month(Date::new(earlier.year(), earlier.month(), 1).unwrap_or(earlier))
    }

    fn span(self) -> Span {
        (self.0.start(), self.next().0.start())
    }

    /// `2017-03`.
    fn word(self) -> String {
        self.0.iso().chars().take(7).collect()
    }

    /// `03/2017`.
    pub(crate) fn shown(self) -> String {
        format!("{:02}/{}", self.0.month(), self.0.year())
    }
}

/// A line: name, figures of `Handled`, and one more.
pub(crate) struct Row {
    pub(crate) name: String,
    handled: Handled,
    more: i64,
}

impl Row {
    pub(crate) fn figures(&self) -> [i64; 6] {
        let Handled { received, in_time, after, open, late } = self.handled;
        [received, in_time, after, open, late, self.more]
    }
}

/// Both tables of a month.
pub(crate) struct Report {
    pub(crate) month: Month,
    pub(crate) units: Vec<Row>,
    pub(crate) people: Vec<Row>,
}

impl Report {
    pub(crate) fn read(cx: &Reader<'_, BoardRead>) -> Result<Report> {
        let month = Month::asked(cx.query("month"), cx.now().date());
        let span = month.span();
        let (handled, issued) = (store::by_unit(cx, span)?, store::issued(cx, span)?);
        let known = organisations::units(cx, cx.agency()?)?;
        let mut units: Vec<Row> = Vec::new();
        let names = known.iter().map(|unit| (Some(unit.id), unit.name.clone()));
        for (unit, name) in names.chain([(None, cx.text("documents.reports.no_unit").to_owned())]) {
            let handled = handled.iter().find(|(of, _)| *of == unit).map(|(_, handled)| *handled);
            let more = issued.iter().find(|(of, _)| *of == unit).map_or(0, |(_, n)| *n);
            if handled.is_some() || more > 0 || unit.is_some() {
                let none = Handled { received: 0, in_time: 0, after: 0, open: 0, late: 0 };
                units.push(Row { name, handled: handled.unwrap_or(none), more });
            }
        }
        let reminded = store::reminded(cx, span)?;
        let people = store::by_person(cx, span)?
            .into_iter()
            .map(|(person, name, handled)| {
                let more = reminded.iter().find(|(of, _)| *of == person).map_or(0, |(_, n)| *n);
                Row { name, handled, more }
            })
            .collect();
        Ok(Report { month, units, people })
    }
}

/// Heads of the figures; the last one differs.
pub(crate) fn heads(t: T, more: &'static str) -> [&'static str; 6] {
    [
        t.text("documents.reports.received"),
        t.text("documents.reports.in_time"),
        t.text("documents.reports.after"),
        t.text("documents.reports.open"),
        t.text("documents.reports.late"),
        t.text(more),
    ]
}

fn data(cx: &Reader<'_, BoardRead>) -> Reply {
    let report = Report::read(cx)?;
    let line = |row: &Row, more: &str| {
        let [received, in_time, after, open, late, last] = row.figures();
        serde_json::json!({ "name": row.name, "received": received, "in_time": in_time, "after": after,
            "open": open, "late": late, more: last })
    };
    let units: Vec<serde_json::Value> = report.units.iter().map(|row| line(row, "issued")).collect();
    let people: Vec<serde_json::Value> = report.people.iter().map(|row| line(row, "reminded")).collect();
    Ok(Response::Json(serde_json::json!({ "month": report.month.word(), "units": units, "people": people })))
}

fn page(cx: &Reader<'_, BoardRead>) -> Reply {
    let t = cx.t();
    let report = Report::read(cx)?;
    let month = report.month.word();
    let (xlsx, csv) =
        (format!("/documents/reports.xlsx?month={month}"), format!("/documents/reports.csv?month={month}"));
    let pdf = format!("/documents/reports.pdf?month={month}");
    let links = [
        ExportLink { label: "PDF", href: &pdf },
        ExportLink { label: "XLSX", href: &xlsx },
        ExportLink { label: "CSV", href: &csv },
    ];
    let title = t.fill("documents.reports.heading", &[("month", &report.month.shown())]);
    let (before, next) = (report.month.before(), report.month.next());
    let acts = html! {
        (ui::link_button(ButtonKind::Quiet, "undo", &before.shown(), &format!("?month={}", before.word())))
        @if next.0 <= cx.now().date() {
            (ui::link_button(ButtonKind::Quiet, "chev", &next.shown(), &format!("?month={}", next.word())))
        }
        (ui::export_links(t, &links))
    };
    let body = html! {
        (ui::head(&title, html! { (t.text("documents.reports.sub")) }, acts))
        (ui::stack(html! {
            (ui::card("units", t.text("documents.reports.by_unit"), html! {},
                table(t, ("documents.reports.by_unit", "documents.reports.issued"), &report.units)))
            @if report.people.is_empty() {
                (ui::empty(t.text("documents.reports.none"), t.text("documents.reports.none_text"), html! {}))
            } @else {
                (ui::card("people", t.text("documents.reports.by_person"), html! {},
                    table(t, ("documents.reports.by_person", "documents.reports.reminded"), &report.people)))
            }
        }))
    };
    cx.page(&title, body.into_string())
}

fn table(t: T, (caption, more): (&'static str, &'static str), rows: &[Row]) -> Markup {
    let mut columns = vec![Column::new(t.text("documents.reports.name"), Cell::Title)];
    columns.extend(heads(t, more).map(|head| Column::new(head, Cell::Number)));
    let mut all: Vec<Vec<Markup>> = rows.iter().map(|row| cells(&row.name, row.figures())).collect();
    all.push(cells(t.text("documents.reports.all"), sums(rows)));
    ui::table_bare(&Table { caption: t.text(caption), columns: &columns, rows: &all, register: false })
}

/// The last line of a table.
pub(crate) fn sums(rows: &[Row]) -> [i64; 6] {
    rows.iter().map(Row::figures).fold([0; 6], |mut sums, figures| {
        for (sum, figure) in sums.iter_mut().zip(figures) {
            *sum += figure;
        }
        sums
    })
}

fn cells(name: &str, figures: [i64; 6]) -> Vec<Markup> {
    let mut cells = vec![html! { (name) }];
    cells.extend(figures.map(|figure| html! { (figure) }));
    cells
}

/// Both tables as lines of cells.
fn lines(t: T, report: &Report) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    for (name, more, rows) in [
        ("documents.reports.by_unit", "documents.reports.issued", &report.units),
        ("documents.reports.by_person", "documents.reports.reminded", &report.people),
    ] {
        let mut head = vec![t.text(name).to_owned()];
        head.extend(heads(t, more).map(str::to_owned));
        lines.push(head);
        for row in rows {
            let mut line = vec![row.name.clone()];
            line.extend(row.figures().map(|figure| figure.to_string()));
            lines.push(line);
        }
        lines.push(Vec::new());
    }
    lines
}

pub(crate) fn file_name(cx: &Reader<'_, BoardRead>, report: &Report) -> String {
    format!("{}-{}", text::slug_ascii(cx.text("documents.reports.title")), report.month.word())
}

fn csv(cx: &Reader<'_, BoardRead>) -> Reply {
    let report = Report::read(cx)?;
    let mut csv = Csv::new();
    for line in lines(cx.t(), &report) {
        csv.line(line);
    }
    Ok(Response::csv(&file_name(cx, &report), csv))
}

fn xlsx(cx: &Reader<'_, BoardRead>) -> Reply {
    let report = Report::read(cx)?;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    sheet.set_column_width(0, 40).while_doing("writing", "a workbook")?;
    let mut head = true;
    for (row, line) in (0..).zip(lines(cx.t(), &report)) {
        for (column, cell) in (0..).zip(&line) {
            let written = match cell.parse::<u32>() {
                Ok(figure) => sheet.write_number(row, column, figure),
                Err(_) if head => sheet.write_string_with_format(row, column, cell, &bold),
                Err(_) => sheet.write_string(row, column, cell),
            };
            written.map(drop).while_doing("writing", "a workbook")?;
        }
        head = line.is_empty();
    }
    let body = book.save_to_buffer().while_doing("writing", "a workbook")?;
    Ok(Response::Download {
        name: format!("{}.xlsx", file_name(cx, &report)),
        content_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::Month;
    use base::Date;

    #[test]
    fn a_month_is_read_and_goes_on() {
        let today = Date::new(2017, 3, 14).unwrap();
        let asked = |word| Month::asked(word, today);
        assert_eq!(asked(Some("2016-12")).next().word(), "2017-01");
        assert_eq!(asked(None).before().shown(), "02/2017");
        assert_eq!(asked(Some("2017-13")).word(), "2017-03");
    }
}

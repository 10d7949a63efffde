//! The board and the monthly report on paper.

use crate::rights::BoardRead;
use crate::rules::board::{WEEKS, days_late};
use crate::store::board as store;
use crate::web::board::{Sums, all_late};
use crate::web::board_parts::{by_hand, step_points, week_points};
use crate::web::print::{above, paper};
use crate::web::reports::{self, Report, Row, heads, sums};
use base::{Result, T};
use contracts::print::{Align, Column, Figure, PrintRequest, Report as Paper, ReportPart, Table};
use kernel::{Reader, Reply, Routes};
use platform::organisations;

/// The routes of what is printed.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/documents/board.pdf", board);
    r.get("/documents/reports.pdf", report);
}

/// A report of the actor's agency, its parts still to come.
fn of_agency(cx: &Reader<'_, BoardRead>, (title, note): (String, String)) -> Result<Paper> {
    let (parent, agency) = above(cx)?;
    let place = organisations::agency(cx, cx.agency()?)?.place;
    Ok(Paper { parent, agency, place, printed: Some(cx.now().date()), title, note, ..Paper::default() })
}

fn board(cx: &Reader<'_, BoardRead>) -> Reply {
    let (t, now) = (cx.t(), cx.now());
    let sums = Sums::read(cx)?;
    let missed = store::missed(cx, now.plus_days(-7 * WEEKS))?;
    let titled = t.text("documents.board.title").to_owned();
    let mut paper_of = of_agency(cx, (titled, t.fill("documents.board.sub", &[("at", &now.dmy_hhmm())])))?;
    paper_of.figures = vec![
        figure(t.text("documents.board.here"), sums.late_here()),
        figure(t.text("documents.board.there"), sums.late_there()),
        figure(t.text("documents.board.soon"), sums.soon()),
    ];
    let bars = |title: &str, points: Vec<ui::Point>| ReportPart {
        title: t.text(title).to_owned(),
        bars: points.into_iter().map(|point| Figure { label: point.label, value: point.value }).collect(),
        table: Table::default(),
    };
    let open = heads_of_open(t);
    let hands = by_hand(&sums.hands).into_iter().map(|hand| {
        let name = if hand.name.is_empty() { t.text("documents.board.nobody") } else { hand.name };
        open_row(name, (hand.late, hand.soon, hand.all), hand.first)
    });
    let agencies =
        sums.agencies.iter().map(|one| open_row(&one.name, (one.late, one.soon, one.all), one.first.dmy()));
    paper_of.parts = vec![
        bars("documents.board.weeks", week_points(&missed, now)),
        bars("documents.board.steps", step_points(t, &sums.hands)),
        part(t, "documents.board.by_hand", (&open, hands.collect())),
        part(t, "documents.board.by_agency", (&open, agencies.collect())),
        late_part(cx)?,
    ];
    paper_of.parts.retain(|part| !part.bars.is_empty() || !part.table.rows.is_empty());
    let name = format!("{} {}", t.text("documents.board.title"), now.date().iso());
    paper(&name, &PrintRequest::Report(Box::new(paper_of)))
}

/// Every late thing, with where it is and since when.
fn late_part(cx: &Reader<'_, BoardRead>) -> Result<ReportPart> {
    let (t, today) = (cx.t(), cx.now().date());
    let rows = all_late(cx)?.into_iter().map(|one| {
        let place = if one.who.is_empty() { one.place } else { format!("{}, {}", one.place, one.who) };
        vec![one.what, place, one.due.dmy(), days_late(one.due, today).to_string()]
    });
    let columns = [
        column(t.text("documents.board.column.what"), (52, Align::Left)),
        column(t.text("documents.board.column.place"), (28, Align::Left)),
        column(t.text("documents.board.print.due"), (11, Align::Centre)),
        column(t.text("documents.board.print.days"), (9, Align::Right)),
    ];
    Ok(part(t, "documents.board.longest", (&columns, rows.collect())))
}

fn heads_of_open(t: T) -> [Column; 6] {
    let number = |key: &'static str| column(t.text(key), (10, Align::Right));
    [
        column(t.text("documents.reports.name"), (46, Align::Left)),
        number("documents.board.late"),
        number("documents.board.soon"),
        number("documents.board.print.on_time"),
        number("documents.reports.all"),
        column(t.text("documents.board.print.first"), (14, Align::Centre)),
    ]
}

fn open_row(name: &str, (late, soon, all): (i64, i64, i64), first: String) -> Vec<String> {
    let on_time = (all - late - soon).max(0);
    vec![name.to_owned(), late.to_string(), soon.to_string(), on_time.to_string(), all.to_string(), first]
}

fn report(cx: &Reader<'_, BoardRead>) -> Reply {
    let t = cx.t();
    let report = Report::read(cx)?;
    let title = t.fill("documents.reports.heading", &[("month", &report.month.shown())]);
    let mut paper_of = of_agency(cx, (title, t.text("documents.reports.sub").to_owned()))?;
    let [received, in_time, after, open, late, _] = sums(&report.units);
    paper_of.figures = vec![
        figure(t.text("documents.reports.received"), received),
        figure(t.text("documents.reports.in_time"), in_time),
        figure(t.text("documents.reports.after"), after),
        figure(t.text("documents.reports.open"), open),
        figure(t.text("documents.reports.late"), late),
    ];
    let bars = report.units.iter().map(|row| figure(&row.name, row.figures()[0]));
    paper_of.parts = vec![
        month_part(t, ("documents.reports.by_unit", "documents.reports.issued"), &report.units),
        month_part(t, ("documents.reports.by_person", "documents.reports.reminded"), &report.people),
    ];
    if let Some(first) = paper_of.parts.first_mut() {
        first.bars = bars.filter(|bar| bar.value > 0).collect();
    }
    paper(&reports::file_name(cx, &report), &PrintRequest::Report(Box::new(paper_of)))
}

fn month_part(t: T, (title, more): (&'static str, &'static str), rows: &[Row]) -> ReportPart {
    let mut columns = vec![column(t.text("documents.reports.name"), (40, Align::Left))];
    columns.extend(heads(t, more).map(|head| column(head, (10, Align::Right))));
    let line = |name: &str, figures: [i64; 6]| {
        let mut line = vec![name.to_owned()];
        line.extend(figures.map(|figure| figure.to_string()));
        line
    };
    let mut lines: Vec<Vec<String>> = rows.iter().map(|row| line(&row.name, row.figures())).collect();
    lines.push(line(t.text("documents.reports.all"), sums(rows)));
    part(t, title, (&columns, lines))
}

fn part(t: T, title: &'static str, (columns, rows): (&[Column], Vec<Vec<String>>)) -> ReportPart {
    let table = Table { columns: columns.to_vec(), rows };
    ReportPart { title: t.text(title).to_owned(), bars: Vec::new(), table }
}

fn column(title: &str, (width, align): (u8, Align)) -> Column {
    Column { title: title.to_owned(), width, align }
}

fn figure(label: &str, value: i64) -> Figure {
    Figure { label: label.to_owned(), value }
}

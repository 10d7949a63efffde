//! The registers: pages, printing and what is asked of them.

mod entries;

pub(crate) use entries::{Entry, Holds, Ledger, Register};

use crate::rights::{OutgoingNumberSecret, RegisterRead, RegisterReadSecret};
use crate::store::registers::{End, Stretch};
use crate::web::registers_export;
use base::form::Input;
use base::{Date, Result, T};
use kernel::{Permission, Raw, Reader, Reply, Routes};
use maud::{Markup, html};
use platform::organisations;
use std::fmt::Write;
use ui::{ButtonKind, Choice, ExportLink, Paging, Tab, Tone};

/// The routes of the registers.
pub(crate) fn routes(r: &mut Routes) {
    r.get::<RegisterRead>("/documents/registers/incoming", |cx| page(cx, Register::Incoming));
    r.get::<RegisterRead>("/documents/registers/outgoing", |cx| page(cx, Register::Outgoing));
    r.get::<RegisterReadSecret>("/documents/registers/secret", |cx| page(cx, Register::Secret));
    r.get::<RegisterRead>("/documents/registers/follow-up", |cx| page(cx, Register::FollowUp));
    registers_export::routes(r);
}

/// Entries on a page of the screen.
const PAGE: i64 = 50;
/// Entries on a page that is printed in one go.
const PRINT: i64 = 2000;

/// What is asked of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) year: i32,
    from: Option<i64>,
    to: Option<i64>,
    since: Option<Date>,
    until: Option<Date>,
    /// A value that could not be read, and so was left out.
    unread: bool,
}

impl Asked {
    pub(crate) fn of(query: &Input, this_year: i32) -> Asked {
        let mut unread = false;
        let mut read = |name: &str| -> Option<String> {
            query.get(name).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
        };
        let [year, from, to, since, until] = ["year", "from", "to", "since", "until"].map(&mut read);
        let mut parsed = |text: Option<String>| {
            let number = text.as_deref().and_then(|text| text.parse::<i64>().ok()).filter(|n| *n > 0);
            unread |= text.is_some() && number.is_none();
            number
        };
        let (year, from, to) = (parsed(year), parsed(from), parsed(to));
        let mut dated = |text: Option<String>| {
            let day = text.as_deref().and_then(Date::parse);
            unread |= text.is_some() && day.is_none();
            day
        };
        let (since, until) = (dated(since), dated(until));
        let year = year.and_then(|year| i32::try_from(year).ok()).unwrap_or(this_year);
        Asked { year, from, to, since, until, unread }
    }

    /// The entries that are asked for.
    pub(crate) fn stretch(&self) -> Stretch {
        Stretch {
            year: self.year,
            from: self.from.unwrap_or(1),
            to: self.to.unwrap_or(i64::MAX),
            days: (self.since, self.until),
        }
    }

    /// The same again as the query of a link, with one more value.
    fn query_with(&self, name: &str, value: i64) -> String {
        format!("{}&{name}={value}", self.query())
    }

    /// The same again as the query of a link.
    fn query(&self) -> String {
        let mut query = format!("?year={}", self.year);
        for (name, value) in [("from", self.from), ("to", self.to)] {
            if let Some(value) = value {
                let _infallible = write!(query, "&{name}={value}");
            }
        }
        for (name, value) in [("since", self.since), ("until", self.until)] {
            if let Some(value) = value {
                let _infallible = write!(query, "&{name}={}", value.iso());
            }
        }
        query
    }

    /// The line under the title of what is printed: year, numbers, days.
    pub(crate) fn note(&self, t: T, (first, last): (i64, i64)) -> String {
        let mut note =
            t.fill("documents.register.note", &[("year", &self.year), ("first", &first), ("last", &last)]);
        for (key, day) in
            [("documents.register.note_since", self.since), ("documents.register.note_until", self.until)]
        {
            if let Some(day) = day {
                note.push_str(&t.fill(key, &[("date", &day.dmy())]));
            }
        }
        note
    }
}

/// Numbers of the first and the last entry.
pub(crate) fn ends(entries: &[Entry]) -> (i64, i64) {
    let number = |entry: Option<&Entry>| entry.map_or(0, |entry| entry.number);
    (number(entries.first()), number(entries.last()))
}

/// What one page shows, and the ways on.
struct Shown {
    entries: Vec<Entry>,
    newer: Option<String>,
    older: Option<String>,
}

fn page<P: Permission>(cx: &Reader<'_, P>, register: Register) -> Reply {
    let asked = Asked::of(cx.query_input(), cx.now().year());
    let ledger = Ledger::open(cx, register)?;
    let printing = cx.query("print").is_some();
    let shown = if printing { whole(&ledger, &asked)? } else { turn(cx, &ledger, &asked)? };
    let title = cx.text(register.title());
    let top = if printing { print_top(cx.t(), register, &asked, &shown) } else { top(cx, &ledger, &asked)? };
    let agency = organisations::agency(cx, cx.agency()?)?.name;
    let body = html! {
        (top)
        @if shown.entries.is_empty() {
            (ui::empty(cx.text("documents.register.empty"), cx.text("documents.register.empty_hint"), html! {}))
        } @else {
            (ui::register_title(&agency, title, &asked.note(cx.t(), ends(&shown.entries))))
            div class="card" {
                (table(cx.t(), register, &shown.entries))
                @if !printing { (pager(cx.t(), &shown)) }
            }
        }
    };
    cx.page(title, body.into_string())
}

/// One page of the screen: a register lies open at its last page, like one on paper, unless a number is named.
fn turn(cx: &Raw<'_>, ledger: &Ledger<'_, '_>, asked: &Asked) -> Result<Shown> {
    let number = |name: &str| cx.query(name).and_then(|value| value.parse::<i64>().ok());
    let mut stretch = asked.stretch();
    let (after, before) = (number("after"), number("before"));
    let end = match (after, before) {
        (Some(after), _) => {
            stretch.from = stretch.from.max(after.saturating_add(1));
            End::First
        }
        (None, Some(before)) => {
            stretch.to = stretch.to.min(before.saturating_sub(1));
            End::Last
        }
        (None, None) if asked.from.is_some() => End::First,
        (None, None) => End::Last,
    };
    let mut entries = ledger.entries(&stretch, end, PAGE + 1)?;
    let more = over(&entries, PAGE);
    if more && end == End::Last {
        entries.remove(0);
    }
    entries.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let (first, last) = ends(&entries);
    let is_newer = if end == End::First { more } else { before.is_some() };
    let is_older = if end == End::Last { more } else { after.is_some() };
    Ok(Shown {
        newer: is_newer.then(|| asked.query_with("after", last)),
        older: is_older.then(|| asked.query_with("before", first)),
        entries,
    })
}

/// All that is asked for, on one page, to print.
fn whole(ledger: &Ledger<'_, '_>, asked: &Asked) -> Result<Shown> {
    let mut entries = ledger.entries(&asked.stretch(), End::First, PRINT + 1)?;
    let more = over(&entries, PRINT);
    entries.truncate(usize::try_from(PRINT).unwrap_or(usize::MAX));
    let rest = Asked { from: Some(ends(&entries).1.saturating_add(1)), ..*asked };
    Ok(Shown { entries, newer: more.then(|| rest.query_with("print", 1)), older: None })
}

fn over(entries: &[Entry], limit: i64) -> bool {
    i64::try_from(entries.len()).is_ok_and(|n| n > limit)
}

/// Title, exports, the other registers and the filters.
fn top(cx: &Raw<'_>, ledger: &Ledger<'_, '_>, asked: &Asked) -> Result<Markup> {
    let (t, register) = (cx.t(), ledger.register);
    let year = Stretch { year: asked.year, from: 1, to: i64::MAX, days: (None, None) };
    let last = ends(&ledger.entries(&year, End::Last, 1)?).1;
    let sub = match last {
        0 => t.fill("documents.register.sub_empty", &[("year", &asked.year)]),
        last => t.fill(register.sub(), &[("year", &asked.year), ("last", &last)]),
    };
    let query = asked.query();
    let (xlsx, csv) = (format!("{}.xlsx{query}", register.path()), format!("{}.csv{query}", register.path()));
    let pdf = format!("{}.pdf{query}", register.path());
    let mut links = vec![ExportLink { label: "XLSX", href: &xlsx }, ExportLink { label: "CSV", href: &csv }];
    if register != Register::Secret {
        links.insert(0, ExportLink { label: "PDF", href: &pdf });
    }
    let acts = html! {
        (ui::export_links(t, &links))
        @if register == Register::Secret && cx.may_at::<OutgoingNumberSecret>(cx.agency()?) {
            (ui::link_button_key(ButtonKind::Primary, "stamp", (t.text("documents.secret.new"), "n"), "/documents/secret/new"))
        }
    };
    Ok(html! {
        (ui::head(cx.text(register.title()), html! { (sub) }, acts))
        (tabs(cx, register, asked.year))
        (filters(cx, ledger, asked)?)
        @if asked.unread {
            (ui::banner(Tone::Soon, "alert", html! { p { (cx.text("documents.register.unread")) } }, html! {}))
        }
    })
}

/// The registers this person may read.
fn tabs(cx: &Raw<'_>, current: Register, year: i32) -> Markup {
    let t = cx.t();
    let open = Register::ALL.into_iter().filter(|register| cx.actor().holds(register.right()));
    let named: Vec<(Register, String)> =
        open.map(|register| (register, format!("{}?year={year}", register.path()))).collect();
    let tabs: Vec<Tab<'_>> = named
        .iter()
        .map(|(register, href)| Tab {
            label: t.text(register.title()),
            href,
            count: None,
            current: *register == current,
        })
        .collect();
    ui::tabs(t.text("documents.menu.registers"), &tabs)
}

fn filters(cx: &Raw<'_>, ledger: &Ledger<'_, '_>, asked: &Asked) -> Result<Markup> {
    let (t, this_year) = (cx.t(), i64::from(cx.now().year()));
    let first_year = match ledger.first_year()? {
        0 => this_year,
        year => year.min(this_year),
    };
    let asked_year = i64::from(asked.year);
    let mut years: Vec<i64> = (first_year..=this_year).rev().collect();
    if !years.contains(&asked_year) {
        years.push(asked_year);
    }
    let years: Vec<String> = years.iter().map(i64::to_string).collect();
    let years: Vec<Choice<'_>> = years.iter().map(|year| Choice::new(year, year)).collect();
    let (since, until) = match ledger.register {
        Register::Outgoing | Register::Secret => {
            ("documents.register.promulgated_since", "documents.register.until")
        }
        Register::Incoming | Register::FollowUp => {
            ("documents.register.arrived_since", "documents.register.until")
        }
    };
    let value = |name: &str| cx.query(name).unwrap_or("").to_owned();
    let print = html! {
        button.btn name="print" value="1" { (ui::icon("print")) (t.text("documents.register.print")) }
    };
    Ok(ui::filters_with(
        t,
        (cx.text("documents.register.filter"), ledger.register.path()),
        html! {
            (ui::filter_choice("year", cx.text("documents.register.year"), &asked.year.to_string(), &years))
            (ui::filter_number("from", cx.text("documents.register.from"), &value("from")))
            (ui::filter_number("to", cx.text("documents.register.to"), &value("to")))
            (ui::filter_date(t, "since", cx.text(since), &value("since")))
            (ui::filter_date(t, "until", cx.text(until), &value("until")))
        },
        print,
    ))
}

/// What stands above a page that is to be printed; none of it is printed.
fn print_top(t: T, register: Register, asked: &Asked, shown: &Shown) -> Markup {
    let (first, last) = ends(&shown.entries);
    let back = format!("{}{}", register.path(), asked.query());
    let acts = ui::link_button(ButtonKind::Plain, "undo", t.text("documents.register.back"), &back);
    html! {
        (ui::head(t.text(register.title()), html! { (asked.note(t, (first, last))) }, acts))
        div class="no-print" {
            (ui::banner(Tone::Info, "print", html! { p { (t.text("documents.register.print_hint")) } }, html! {
                @if let Some(rest) = &shown.newer {
                    (ui::link_button(ButtonKind::Plain, "print", t.text("documents.register.print_rest"), rest))
                }
            }))
        }
    }
}

fn pager(t: T, shown: &Shown) -> Markup {
    let (first, last) = ends(&shown.entries);
    let words = t.fill("documents.register.shown", &[("first", &first), ("last", &last)]);
    ui::pager(t, &Paging { newer: shown.newer.as_deref(), older: shown.older.as_deref(), shown: &words })
}

/// The register itself. Its heads carry the numbers of the form, (1) to (10), on paper.
fn table(t: T, register: Register, entries: &[Entry]) -> Markup {
    let columns: Vec<(&str, Holds)> =
        register.columns().iter().map(|(key, holds)| (t.text(key), *holds)).collect();
    html! {
        div class="scroll" {
            table class="table table--cards table--register table--book" {
                caption class="hidden" { (t.text(register.title())) }
                thead { tr {
                    @for (n, (label, holds)) in (1..).zip(&columns) {
                        th scope="col" class=[class(*holds).filter(|_| *holds != Holds::Day)] {
                            (label) span class="only-print" { "(" (n) ")" }
                        }
                    }
                } }
                tbody {
                    @for entry in entries {
                        tr data-row {
                            @for ((label, holds), cell) in columns.iter().zip(&entry.cells) {
                                (cell_of((label, *holds), &entry.href, cell))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn cell_of((label, holds): (&str, Holds), href: &str, cell: &str) -> Markup {
    let class = match (class(holds), cell.is_empty()) {
        (class, false) => class.map(str::to_owned),
        (class, true) => Some(format!("{} blank", class.unwrap_or_default())),
    };
    html! {
        @match holds {
            Holds::Name => th scope="row" class=[class] { a href=(href) { (cell) } },
            _ => td class=[class] data-label=(label) { (cell) },
        }
    }
}

const fn class(holds: Holds) -> Option<&'static str> {
    match holds {
        Holds::Words => None,
        Holds::Number => Some("n"),
        Holds::Name => Some("wide"),
        // Not "minor": a sheet of A4 is as narrow as a tablet, and people sign by hand.
        Holds::Day | Holds::Hand => Some("nowrap"),
    }
}

#[cfg(test)]
mod tests {
    use super::Asked;
    use base::form::Input;

    #[test]
    fn what_cannot_be_read_is_left_out_and_told() {
        let query = Input::default().with("year", "2016").with("from", "x").with("since", "3/3/2016");
        let asked = Asked::of(&query, 2017);
        assert!(asked.unread);
        assert_eq!(asked.query_with("after", 50), "?year=2016&since=2016-03-03&after=50");
        assert_eq!((asked.stretch().from, asked.stretch().to), (1, i64::MAX));
    }

    #[test]
    fn without_a_question_it_is_this_year() {
        let asked = Asked::of(&Input::default().with("to", " "), 2017);
        assert_eq!((asked.year, asked.unread, asked.query()), (2017, false, "?year=2017".to_owned()));
    }
}

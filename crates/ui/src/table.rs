//! Tables that become cards on phones, their filters and their pages.

use crate::field::date_input;
use crate::form::Choice;
use crate::furniture::ButtonKind;
use crate::icons::icon;
use base::T;
use maud::{Markup, Render, html};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cell {
    /// Text.
    #[default]
    Text,
    /// A number, to the right.
    Number,
    /// The name of the row; one column of a table.
    Title,
    /// Text that may not break.
    Nowrap,
    /// Text that takes a whole line of the card on a phone.
    Span,
    /// Text that a register leaves out on a tablet, where the page of the row shows it.
    Minor,
}

impl Cell {
    fn class(self) -> Option<&'static str> {
        match self {
            Cell::Text => None,
            Cell::Number => Some("n"),
            Cell::Title => Some("wide"),
            Cell::Nowrap => Some("nowrap"),
            Cell::Span => Some("span"),
            Cell::Minor => Some("nowrap minor"),
        }
    }

    /// The class of a cell in which nothing stands.
    fn blank(self) -> &'static str {
        match self {
            Cell::Text => " blank",
            Cell::Number => "n blank",
            Cell::Title => "wide blank",
            Cell::Nowrap => "nowrap blank",
            Cell::Span => "span blank",
            Cell::Minor => "nowrap minor blank",
        }
    }
}

/// The order a column is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorted {
    /// Smallest first.
    Up,
    /// Largest first.
    Down,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// Its heading.
    pub label: &'a str,
    /// What it holds.
    pub cell: Cell,
    /// The order the table is in, on one column.
    pub sorted: Option<Sorted>,
}

impl<'a> Column<'a> {
    /// A column.
    pub const fn new(label: &'a str, cell: Cell) -> Column<'a> {
        Column { label, cell, sorted: None }
    }

    /// The column the table is ordered by.
    #[must_use]
    pub const fn sorted(mut self, sorted: Sorted) -> Column<'a> {
        self.sorted = Some(sorted);
        self
    }
}

/// A table.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// What it lists, for screen readers.
    pub caption: &'a str,
    /// Its columns.
    pub columns: &'a [Column<'a>],
    /// Its rows; each has as many cells as there are columns.
    pub rows: &'a [Vec<Markup>],
    /// True for a register: the heading stays in view, and it prints with lines.
    pub register: bool,
}

/// A table at the edges of a card.
pub fn table(table: &Table<'_>) -> Markup {
    let class =
        if table.register { "table table--cards table--register" } else { "table table--cards table--mid" };
    html! { div class="scroll" { (Whole(class, table)) } }
}

/// A table inside a padded card.
pub fn table_bare(table: &Table<'_>) -> Markup {
    Whole("table table--bare table--cards table--mid", table).render()
}

/// A table with its class, written where it stands: a list has hundreds of cells, those of a column begin and end alike,
/// and nothing of it is copied twice.
struct Whole<'a>(&'static str, &'a Table<'a>);

impl Render for Whole<'_> {
    fn render_to(&self, out: &mut String) {
        let Whole(class, table) = *self;
        let start = html! {
            caption class="hidden" { (table.caption) }
            thead { tr { @for column in table.columns { (heading(column)) } } }
        };
        let edges: Vec<Edges> = table.columns.iter().map(Edges::of).collect();
        let cells: usize = table.rows.iter().flatten().map(|cell| cell.0.len() + 64).sum();
        out.reserve(start.0.len() + cells + 1024);
        for part in ["<table class=\"", class, "\">", &start.0, "<tbody>"] {
            out.push_str(part);
        }
        for row in table.rows {
            out.push_str("<tr data-row>");
            for (edges, cell) in edges.iter().zip(row) {
                out.push_str(if cell.0.is_empty() { &edges.blank } else { &edges.start });
                out.push_str(&cell.0);
                out.push_str(edges.end);
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table>");
    }
}

/// What stands before and behind the content of a cell.
struct Edges {
    start: String,
    blank: String,
    end: &'static str,
}

impl Edges {
    fn of(column: &Column<'_>) -> Edges {
        let title = column.cell == Cell::Title;
        let tag = |class: Option<&str>| {
            let whole = html! {
                @if title { th scope="row" class=[class] {} } @else { td class=[class] data-label=(column.label) {} }
            };
            whole.0.rsplit_once("</").map_or_else(String::new, |(start, _)| start.to_owned())
        };
        let end = if title { "</th>" } else { "</td>" };
        Edges { start: tag(column.cell.class()), blank: tag(Some(column.cell.blank())), end }
    }
}

fn heading(column: &Column<'_>) -> Markup {
    let (order, arrow) = match column.sorted {
        None => (None, ""),
        Some(Sorted::Up) => (Some("ascending"), "up"),
        Some(Sorted::Down) => (Some("descending"), "down"),
    };
    html! {
        th scope="col" class=[column.cell.class()] aria-sort=[order] {
            @if arrow.is_empty() { (column.label) } @else { span class="nowrap" { (column.label) " " (icon(arrow)) } }
        }
    }
}

/// Where a long list stands.
#[derive(Debug, Clone, Copy)]
pub struct Paging<'a> {
    /// Address of the newer rows.
    pub newer: Option<&'a str>,
    /// Address of the older rows.
    pub older: Option<&'a str>,
    /// What is shown, in words.
    pub shown: &'a str,
}

/// Newer and older rows; a list has no page numbers, for rows come in while it is read.
pub fn pager(t: T, paging: &Paging<'_>) -> Markup {
    html! {
        nav class="pager no-print" aria-label=(t.text("ui.pager")) {
            span { (paging.shown) }
            @if paging.newer.is_some() || paging.older.is_some() {
                (page_link(paging.newer, html! { (t.text("ui.pager.newer")) }))
                (page_link(paging.older, html! { (t.text("ui.pager.older")) " " (icon("chev")) }))
            }
        }
    }
}

fn page_link(href: Option<&str>, label: Markup) -> Markup {
    html! {
        @match href {
            Some(href) => a class="btn" href=(href) { (label) },
            None => span class="btn" aria-disabled="true" { (label) },
        }
    }
}

/// The form above a list; it asks by GET, so that a filtered list has an address.
pub fn filters(t: T, label: &str, action: &str, body: Markup) -> Markup {
    filters_with(t, (label, action), body, html! {})
}

/// Filters with other buttons after their own, which Enter presses.
pub fn filters_with(t: T, (label, action): (&str, &str), body: Markup, buttons: Markup) -> Markup {
    html! {
        form class="filters no-print" role="search" aria-label=(label) action=(action) {
            (body)
            button class=(ButtonKind::Plain.class()) { (icon("filter")) (t.text("ui.filter")) }
            (buttons)
        }
    }
}

/// A number to filter by.
pub fn filter_number(name: &str, label: &str, value: &str) -> Markup {
    let id = format!("filter-{name}");
    html! {
        div class="field" {
            label for=(id) { (label) }
            input class="input" id=(id) name=(name) type="text" inputmode="numeric" size="7" value=(value)
                autocomplete="off";
        }
    }
}

/// Text to filter by.
pub fn filter_text(name: &str, label: &str, value: &str) -> Markup {
    let id = format!("filter-{name}");
    html! {
        div class="field field--grow" {
            label for=(id) { (label) }
            input class="input" id=(id) name=(name) type="search" value=(value);
        }
    }
}

/// A date to filter by.
pub fn filter_date(t: T, name: &str, label: &str, value: &str) -> Markup {
    let id = format!("filter-{name}");
    html! {
        div class="field" {
            label for=(id) { (label) }
            (date_input(t, (&id, name), value))
        }
    }
}

/// A choice to filter by; the first option should be "all", with an empty value.
pub fn filter_choice(name: &str, label: &str, value: &str, options: &[Choice<'_>]) -> Markup {
    let id = format!("filter-{name}");
    html! {
        div class="field" {
            label for=(id) { (label) }
            select class="input" id=(id) name=(name) {
                @for option in options { option value=(option.value) selected[option.value == value] { (option.label) } }
            }
        }
    }
}

/// The title of a register, on paper only.
pub fn register_title(agency: &str, title: &str, note: &str) -> Markup {
    html! {
        div class="only-print register-title" { p { (agency) } p class="register-title__name" { (title) } p { (note) } }
    }
}

/// The line of a group that is always seen.
#[derive(Debug, Clone)]
pub struct Group<'a> {
    /// Its name.
    pub title: &'a str,
    /// How many it holds.
    pub note: &'a str,
    /// A thin bar of progress.
    pub bar: Markup,
    /// Its worst state.
    pub state: Markup,
}

/// The summary of a group.
pub fn group_summary(group: &Group<'_>) -> Markup {
    html! {
        span { b { (group.title) } " " span class="muted nowrap" { (group.note) } }
        (group.bar)
        span { (group.state) }
    }
}

/// Rows of one district or unit, closed until someone asks.
pub fn group(open: bool, summary: Markup, body: Markup) -> Markup {
    html! { details class="group" open[open] { summary { (icon("chev")) (summary) } (body) } }
}

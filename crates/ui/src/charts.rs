//! Progress in numbers: stacked bars, tiles per district, each with a table behind it.

use crate::furniture::more;
use crate::table::{Cell, Column, Table, table_bare};
use base::T;
use base::words::grouped;
use maud::{Markup, html};

/// The colour of a part, by what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Overdue, failed, not arrived.
    Late,
    /// Soon due.
    Soon,
    /// Done.
    Ok,
    /// First of four steps.
    Step1,
    /// Second of four steps.
    Step2,
    /// Third of four steps.
    Step3,
    /// Fourth of four steps.
    Step4,
    /// Everything else.
    Rest,
}

impl Fill {
    fn class(self) -> &'static str {
        match self {
            Fill::Late => "f-late",
            Fill::Soon => "f-soon",
            Fill::Ok => "f-ok",
            Fill::Step1 => "f-s1",
            Fill::Step2 => "f-s2",
            Fill::Step3 => "f-s3",
            Fill::Step4 => "f-s4",
            Fill::Rest => "f-rest",
        }
    }
}

/// One part of a whole.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// What it is.
    pub label: &'a str,
    /// How many.
    pub value: i64,
    /// Its colour.
    pub fill: Fill,
    /// Its list; empty for no link.
    pub href: &'a str,
}

/// A stacked bar, its legend, and the same numbers as a table.
pub fn progress_bar(t: T, caption: &str, parts: &[Part<'_>]) -> Markup {
    html! {
        div class="stack stack--form" {
            (stackbar(caption, parts))
            (legend(parts))
            (more(t.text("ui.as_table"), parts_table(t, caption, parts)))
        }
    }
}

/// A stacked bar that names its parts to screen readers.
pub fn stackbar(label: &str, parts: &[Part<'_>]) -> Markup {
    let words: Vec<_> = parts.iter().map(|part| format!("{} {}", part.label, part.value)).collect();
    html! {
        svg class="stackbar" viewBox="0 0 1000 16" preserveAspectRatio="none" role="img"
            aria-label={ (label) ": " (words.join(", ")) } { (bars(parts)) }
    }
}

/// A thin stacked bar beside numbers that stand next to it in words.
pub fn stackbar_thin(parts: &[Part<'_>]) -> Markup {
    html! {
        svg class="stackbar stackbar--thin" viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true" {
            (bars(parts))
        }
    }
}

/// The rectangles, with a gap between two.
fn bars(parts: &[Part<'_>]) -> Markup {
    html! {
        @for (x, width, fill) in spans(parts) {
            rect class=(fill.class()) x=(x) y="0" width=(width) height="16" {}
        }
    }
}

/// Start and width of each part on a bar 1000 wide. A part that is there at all is seen: it is at least
/// `LEAST` wide, and the widest part gives what that takes.
fn spans(parts: &[Part<'_>]) -> Vec<(i64, i64, Fill)> {
    const GAP: i64 = 3;
    const LEAST: i64 = 5;
    let there: Vec<_> = parts.iter().filter(|part| part.value > 0).collect();
    let total = there.iter().map(|part| part.value).sum::<i64>().max(1);
    let gaps = i64::try_from(there.len()).unwrap_or(1).saturating_sub(1) * GAP;
    let room = 1000 - gaps;
    let mut widths: Vec<_> = there.iter().map(|part| (part.value * room / total).max(LEAST)).collect();
    let spare = room - widths.iter().sum::<i64>();
    if let Some(widest) = widths.iter_mut().max() {
        *widest += spare;
    }
    let mut from = 0;
    let mut spans = Vec::new();
    for (part, width) in there.iter().zip(widths) {
        spans.push((from, width, part.fill));
        from += width + GAP;
    }
    spans
}

fn legend(parts: &[Part<'_>]) -> Markup {
    html! {
        ul class="legend" {
            @for part in parts {
                li {
                    svg viewBox="0 0 12 12" aria-hidden="true" { rect class=(part.fill.class()) width="12" height="12" {} }
                    @if part.href.is_empty() { (part.label) } @else { a href=(part.href) { (part.label) } }
                    " " b { (grouped(part.value)) }
                }
            }
        }
    }
}

fn parts_table(t: T, caption: &str, parts: &[Part<'_>]) -> Markup {
    let columns =
        [Column::new(t.text("ui.state"), Cell::Title), Column::new(t.text("ui.number"), Cell::Number)];
    let rows: Vec<_> =
        parts.iter().map(|part| vec![html! { (part.label) }, html! { (grouped(part.value)) }]).collect();
    table_bare(&Table { caption, columns: &columns, rows: &rows, register: false })
}

/// How far a long work is.
pub fn progress(id: &str, label: &str, (done, total): (i64, i64)) -> Markup {
    html! {
        div class="progress" { label for=(id) { (label) } progress id=(id) max=(total.max(1)) value=(done) {} }
    }
}

/// How a place stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nothing to do.
    Fine,
    /// Some wait too long.
    Slow,
    /// Some are missing.
    Bad,
}

/// One place of a map of squares.
#[derive(Debug, Clone, Copy)]
pub struct Tile<'a> {
    /// Its name, short.
    pub name: &'a str,
    /// Its list.
    pub href: &'a str,
    /// Its column, from 0 at the west.
    pub column: i64,
    /// Its row, from 0 at the north.
    pub row: i64,
    /// How many are there.
    pub done: i64,
    /// Of how many.
    pub total: i64,
    /// How it stands.
    pub mark: Mark,
    /// The same in a word: "1 thiếu"; empty for none.
    pub word: &'a str,
}

const TILE_WIDTH: i64 = 91;
const TILE_HEIGHT: i64 = 78;

/// A map of squares, where each place lies about where it lies, and the same as a table.
pub fn tiles(t: T, label: &str, tiles: &[Tile<'_>]) -> Markup {
    let columns = tiles.iter().map(|tile| tile.column + 1).max().unwrap_or(1);
    let rows = tiles.iter().map(|tile| tile.row + 1).max().unwrap_or(1);
    let view = format!("-3 -3 {} {}", columns * TILE_WIDTH + 2, rows * TILE_HEIGHT + 2);
    html! {
        div class="stack stack--form" {
            svg class="map" viewBox=(view) role="group" aria-label=(label) {
                @for tile in tiles { (square(tile)) }
            }
            (more(t.text("ui.as_table"), tiles_table(t, label, tiles)))
        }
    }
}

fn square(tile: &Tile<'_>) -> Markup {
    let (class, word_class, sign) = match tile.mark {
        Mark::Fine => ("tile", "sub", ""),
        Mark::Slow => ("tile tile--slow", "soon", "◔ "),
        Mark::Bad => ("tile tile--bad", "late", "▲ "),
    };
    html! {
        a href=(tile.href) {
            g transform={ "translate(" (tile.column * TILE_WIDTH) " " (tile.row * TILE_HEIGHT) ")" } {
                rect class=(class) width="87" height="74" rx="4" {}
                text x="9" y="23" { (tile.name) } " "
                text class="sub" x="9" y="43" { (tile.done) "/" (tile.total) } " "
                @if !tile.word.is_empty() { text class=(word_class) x="9" y="62" { (sign) (tile.word) } }
            }
        }
    }
}

fn tiles_table(t: T, caption: &str, tiles: &[Tile<'_>]) -> Markup {
    let columns = [
        Column::new(t.text("ui.place"), Cell::Title),
        Column::new(t.text("ui.done_of"), Cell::Number),
        Column::new(t.text("ui.state"), Cell::Text),
    ];
    let rows: Vec<_> = tiles
        .iter()
        .map(|tile| {
            vec![
                html! { a href=(tile.href) { (tile.name) } },
                html! { (tile.done) "/" (tile.total) },
                html! { (tile.word) },
            ]
        })
        .collect();
    table_bare(&Table { caption, columns: &columns, rows: &rows, register: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_missing_place_among_hundreds_is_seen() {
        let part = |value, fill| Part { label: "", value, fill, href: "" };
        let spans = spans(&[part(300, Fill::Ok), part(0, Fill::Soon), part(1, Fill::Late)]);
        assert_eq!(spans.len(), 2);
        assert!(spans.iter().all(|(_, width, _)| *width >= 5), "{spans:?}");
        assert_eq!(spans.last().map(|(from, width, _)| from + width), Some(1000));
    }
}

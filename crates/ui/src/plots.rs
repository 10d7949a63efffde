//! Figures over time and figures beside each other: SVG from the server, the same numbers as a table behind.

use crate::furniture::more;
use crate::table::{Cell, Column, Table, table_bare};
use base::T;
use base::words::grouped;
use maud::{Markup, html};

/// One figure of a chart.
#[derive(Debug, Clone)]
pub struct Point {
    /// What it belongs to: a day, a step.
    pub label: String,
    /// The figure.
    pub value: i64,
}

const WIDTH: i64 = 480;
/// Where the lines of a chart begin and end, from the left.
const LEFT: i64 = 36;
const RIGHT: i64 = 476;
/// Where 0 and the largest figure are, from the top.
const FLOOR: i64 = 156;
const ROOF: i64 = 20;

/// A line through figures in the order of time. `heads` name the two columns of the table.
pub fn line_chart(t: T, caption: &str, heads: (&str, &str), points: &[Point]) -> Markup {
    let top = scale(points.iter().map(|point| point.value).max().unwrap_or(0));
    let count = i64::try_from(points.len()).unwrap_or(1).max(1);
    let x = |n: i64| LEFT + (RIGHT - LEFT) * (2 * n + 1) / (2 * count);
    let y = |value: i64| FLOOR - (FLOOR - ROOF) * value / top;
    let path: Vec<String> =
        (0..).zip(points).map(|(n, point)| format!("{},{}", x(n), y(point.value))).collect();
    let ticks = [0, 1, 2, 3, 4].map(|n| top * n / 4);
    html! {
        div class="stack stack--form" {
            svg class="chart" viewBox={ "0 0 " (WIDTH) " 190" } role="img" aria-label=(spoken(caption, points)) {
                @for tick in ticks {
                    path class="axis" d={ "M" (LEFT) " " (y(tick)) "H" (RIGHT) } {}
                    text x=(LEFT - 8) y=(y(tick) + 4) text-anchor="end" { (tick) }
                }
                polyline class="line" points=(path.join(" ")) {}
                @for (n, point) in (0..).zip(points) {
                    circle class="point" cx=(x(n)) cy=(y(point.value)) r="4" {}
                    text class=[(n + 1 == count).then_some("strong")] x=(x(n)) y=(y(point.value) - 9)
                        text-anchor="middle" { (point.value) }
                    text class=[(n % 2 == 1).then_some("hide-s")] x=(x(n)) y="180" text-anchor="middle" { (point.label) }
                }
            }
            (behind(t, caption, heads, points))
        }
    }
}

/// Bars beside each other, the longest as wide as there is room.
pub fn bar_chart(t: T, caption: &str, heads: (&str, &str), points: &[Point]) -> Markup {
    const ROW: i64 = 28;
    const START: i64 = 184;
    let most = points.iter().map(|point| point.value).max().unwrap_or(0).max(1);
    let height = i64::try_from(points.len()).unwrap_or(0) * ROW + 4;
    let width = |value: i64| ((WIDTH - START - 40) * value / most).max(2);
    html! {
        div class="stack stack--form" {
            svg class="chart" viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label=(spoken(caption, points)) {
                @for (n, point) in (0..).zip(points) {
                    text x="0" y=(n * ROW + 18) { (point.label) }
                    rect class="f-late" x=(START) y=(n * ROW + 6) width=(width(point.value)) height="16" rx="2" {}
                    text class="strong" x=(START + width(point.value) + 8) y=(n * ROW + 18) { (point.value) }
                }
            }
            (behind(t, caption, heads, points))
        }
    }
}

/// The figure at the top of the scale: four equal steps above what is shown.
fn scale(most: i64) -> i64 {
    let mut step = 1;
    while step * 4 < most {
        step = if step.to_string().starts_with('2') { step / 2 * 5 } else { step * 2 };
    }
    step * 4
}

fn spoken(caption: &str, points: &[Point]) -> String {
    let all: Vec<String> = points.iter().map(|point| format!("{} {}", point.label, point.value)).collect();
    format!("{caption}: {}", all.join(", "))
}

fn behind(t: T, caption: &str, (label, value): (&str, &str), points: &[Point]) -> Markup {
    let columns = [Column::new(label, Cell::Title), Column::new(value, Cell::Number)];
    let rows: Vec<Vec<Markup>> =
        points.iter().map(|point| vec![html! { (point.label) }, html! { (grouped(point.value)) }]).collect();
    more(
        t.text("ui.as_table"),
        table_bare(&Table { caption, columns: &columns, rows: &rows, register: false }),
    )
}

#[cfg(test)]
mod tests {
    use super::{Point, bar_chart, line_chart, scale};
    use crate::testing::t;

    #[test]
    fn the_scale_has_four_round_steps_above_the_largest() {
        assert_eq!([0, 3, 9, 37, 52, 390].map(scale), [4, 4, 20, 40, 80, 400]);
    }

    #[test]
    fn a_chart_says_in_words_what_it_shows_and_survives_nothing() {
        let points = [Point { label: "06/03".to_owned(), value: 37 }];
        let chart = line_chart(t(), "Quá hạn", ("Tuần", "Số việc"), &points).into_string();
        assert!(chart.contains("aria-label=\"Quá hạn: 06/03 37\"") && chart.contains("<table"));
        assert!(bar_chart(t(), "Khâu", ("Khâu", "Số việc"), &[]).into_string().contains("<svg"));
    }
}

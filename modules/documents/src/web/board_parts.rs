//! The parts of the board.

use crate::actions::incoming::path;
use crate::actions::outgoing;
use crate::rights::{BoardRead, IncomingRemind};
use crate::rules::board::{days_late, late_at, week_ends};
use crate::store::board::{AgencySum, HandSum, LateHere, LateThere};
use crate::web::incoming_list::status_text;
use crate::web::tracking;
use base::{Date, Instant, T};
use kernel::Reader;
use maud::{Markup, html};
use ui::{ButtonKind, Cell, Column, Fill, Group, Line, Part, Point, Table, Tone};

/// Agencies named one by one; the rest is a line.
const NAMED: usize = 12;

/// One late thing, here or elsewhere.
pub(crate) struct Late {
    pub(crate) what: String,
    href: String,
    pub(crate) place: String,
    pub(crate) who: String,
    pub(crate) due: Date,
    /// Where a reminder is posted; empty when it cannot be.
    remind: String,
    reminded: i64,
}

impl Late {
    pub(crate) fn here(t: T, one: &LateHere) -> Late {
        let nobody = one.lead_name.is_empty();
        Late {
            what: format!("{}: {}", one.symbol, one.subject),
            href: path(one.id),
            place: if nobody { status_text(t, one.status) } else { one.lead_name.clone() },
            who: if nobody { String::new() } else { status_text(t, one.status) },
            due: one.due.date(),
            remind: if one.lead_person.is_some() {
                format!("{}/remind", path(one.id))
            } else {
                String::new()
            },
            reminded: one.reminded,
        }
    }

    pub(crate) fn there(t: T, one: &LateThere) -> Late {
        let mut at: Vec<&str> =
            [one.at_place.as_str(), one.staff.as_str()].into_iter().filter(|word| !word.is_empty()).collect();
        at.dedup();
        Late {
            what: format!("{}: {}", one.symbol, one.subject),
            href: format!("{}/tracking?q={}", outgoing::path(one.id), one.to_name.replace(' ', "+")),
            place: one.to_name.clone(),
            who: if at.is_empty() { tracking::status_text(t, one.status).to_owned() } else { at.join(", ") },
            due: one.due,
            remind: String::new(),
            reminded: 0,
        }
    }
}

/// Late things, each with where it is, since when, and the act.
pub(crate) fn late_table(cx: &Reader<'_, BoardRead>, all: &[Late]) -> Markup {
    let (t, today) = (cx.t(), cx.now().date());
    let columns = [
        Column::new(t.text("documents.board.column.what"), Cell::Title),
        Column::new(t.text("documents.board.column.place"), Cell::Text),
        Column::new(t.text("documents.board.column.late"), Cell::Nowrap),
        Column::new(t.text("documents.board.column.act"), Cell::Nowrap),
    ];
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|one| {
            let days = t.count("documents.board.days", days_late(one.due, today));
            vec![
                html! { a href=(one.href) { (one.what) } },
                html! { (one.place) @if !one.who.is_empty() { ", " span class="muted" { (one.who) } } },
                html! {
                    (ui::chip(Tone::Late, "alert", &days)) " "
                    span class="nowrap" { (t.fill("documents.board.since", &[("day", &one.due.dmy())])) }
                },
                reminder(cx, one),
            ]
        })
        .collect();
    ui::table_bare(&Table {
        caption: t.text("documents.board.longest"),
        columns: &columns,
        rows: &rows,
        register: false,
    })
}

fn reminder(cx: &Reader<'_, BoardRead>, one: &Late) -> Markup {
    let t = cx.t();
    if one.remind.is_empty() || !cx.actor().may::<IncomingRemind>() {
        return html! {};
    }
    let label = if one.reminded > 0 { "documents.board.remind_again" } else { "documents.board.remind" };
    ui::form(
        t,
        &cx.form_state(),
        &one.remind,
        html! {
            input type="hidden" name="back" value="/documents/board";
            (ui::button(t, ButtonKind::Plain, label, ("", "")))
            @if one.reminded > 0 {
                " " span class="muted nowrap" { (t.fill("documents.board.reminded", &[("n", &one.reminded)])) }
            }
        },
    )
}

fn bar((late, soon, all): (i64, i64, i64)) -> [Part<'static>; 3] {
    let part = |label, value, fill| Part { label, value, fill, href: "" };
    [part("", late, Fill::Late), part("", soon, Fill::Soon), part("", (all - late - soon).max(0), Fill::Ok)]
}

fn sums_of(t: T, title: &str, (late, soon, all): (i64, i64, i64), (first, href): (String, String)) -> Markup {
    let state = match late {
        0 => html! { span class="muted" { (t.text("documents.board.on_time")) } },
        n => ui::chip(Tone::Late, "alert", &t.count("documents.board.n_late", n)),
    };
    let group = Group { title, note: "", bar: ui::stackbar_thin(&bar((late, soon, all))), state };
    let values: [(&str, &dyn std::fmt::Display); 4] =
        [("on_time", &(all - late - soon)), ("soon", &soon), ("late", &late), ("first", &first)];
    let note = html! { (t.fill("documents.board.sums", &values)) };
    let line =
        Line { label: t.text("documents.board.see_them"), href: if late > 0 { &href } else { "" }, note };
    ui::group(false, ui::group_summary(&group), html! { div class="card__body" { (ui::lines(&[line])) } })
}

/// Open work of one hand.
pub(crate) struct OfHand<'a> {
    /// Empty for what nobody has.
    pub(crate) name: &'a str,
    pub(crate) late: i64,
    pub(crate) soon: i64,
    pub(crate) all: i64,
    /// The first deadline.
    pub(crate) first: String,
}

/// Open work by who has it, in whichever step; the latest first.
pub(crate) fn by_hand(hands: &[HandSum]) -> Vec<OfHand<'_>> {
    let mut names: Vec<&str> = hands.iter().map(|hand| hand.name.as_str()).collect();
    names.dedup();
    let mut sums: Vec<OfHand<'_>> = names
        .into_iter()
        .map(|name| {
            let own = hands.iter().filter(|hand| hand.name == name);
            let (late, soon, all) = own.clone().fold((0, 0, 0), |(late, soon, all), hand| {
                (late + hand.late, soon + hand.soon, all + hand.all)
            });
            let first = own.map(|hand| hand.first).min().map(|at| at.date().dmy()).unwrap_or_default();
            OfHand { name, late, soon, all, first }
        })
        .collect();
    sums.sort_by_key(|hand| (-hand.late, hand.name));
    sums
}

/// Open work inside the agency, by who has it.
pub(crate) fn hands(t: T, hands: &[HandSum]) -> Markup {
    let body = html! {
        @for hand in by_hand(hands) {
            @let title = if hand.name.is_empty() { t.text("documents.board.nobody") } else { hand.name };
            @let href = format!("/documents/board/late?hand={}", hand.name.replace(' ', "+"));
            (sums_of(t, title, (hand.late, hand.soon, hand.all), (hand.first, href)))
        }
    };
    ui::card_flush("hands", t.text("documents.board.by_hand"), html! {}, body)
}

/// Answers owed by other agencies.
pub(crate) fn agencies(t: T, agencies: &[AgencySum]) -> Markup {
    let (named, rest) = agencies.split_at(agencies.len().min(NAMED));
    let (late, soon, all) = rest
        .iter()
        .fold((0, 0, 0), |(late, soon, all), one| (late + one.late, soon + one.soon, all + one.all));
    let others = t.fill("documents.board.others", &[("n", &rest.len())]);
    let body = html! {
        @if agencies.is_empty() { p class="card__body muted" { (t.text("documents.board.nothing_owed")) } }
        @for one in named {
            @let href = format!("/documents/board/owed?code={}", one.code);
            (sums_of(t, &one.name, (one.late, one.soon, one.all), (one.first.dmy(), href)))
        }
        @if !rest.is_empty() {
            (sums_of(t, &others, (late, soon, all), (String::new(), "/documents/board/owed".to_owned())))
        }
    };
    ui::card_flush("agencies", t.text("documents.board.by_agency"), html! {}, body)
}

/// Late work at the end of each of eight weeks, as points.
pub(crate) fn week_points(missed: &[(Instant, Option<Instant>)], now: Instant) -> Vec<Point> {
    week_ends(now)
        .into_iter()
        .map(|end| {
            let day = end.date();
            Point { label: format!("{:02}/{:02}", day.day(), day.month()), value: late_at(missed, end) }
        })
        .collect()
}

/// Late work at the end of each of eight weeks.
pub(crate) fn weeks(t: T, missed: &[(Instant, Option<Instant>)], now: Instant) -> Markup {
    let points = week_points(missed, now);
    let heads = (t.text("documents.board.column.week"), t.text("documents.board.late"));
    let title = t.text("documents.board.weeks");
    ui::card("weeks", title, html! {}, ui::line_chart(t, title, heads, &points))
}

/// Late work by the step it waits in, as points.
pub(crate) fn step_points(t: T, hands: &[HandSum]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for hand in hands.iter().filter(|hand| hand.late > 0) {
        let label = status_text(t, hand.status);
        match points.iter_mut().find(|point| point.label == label) {
            Some(point) => point.value += hand.late,
            None => points.push(Point { label, value: hand.late }),
        }
    }
    points.sort_by_key(|point| -point.value);
    points
}

/// Late work by the step it waits in.
pub(crate) fn steps(t: T, hands: &[HandSum]) -> Markup {
    let points = step_points(t, hands);
    let heads = (t.text("documents.board.column.step"), t.text("documents.board.late"));
    let title = t.text("documents.board.steps");
    let body = if points.is_empty() {
        html! { p class="muted" { (t.text("documents.board.none")) } }
    } else {
        ui::bar_chart(t, title, heads, &points)
    };
    ui::card("steps", title, html! {}, body)
}

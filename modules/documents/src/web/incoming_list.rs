//! The list of incoming documents.

use crate::actions::incoming::PAGES;
use crate::model::IncomingStatus;
use crate::rights::{IncomingGiveBack, IncomingRead, IncomingRegister};
use crate::store::incoming::Line;
use crate::web::incoming::PAGE;
use crate::web::signatures;
use base::T;
use kernel::{Reader, Reply};
use maud::{Markup, Render, html};
use std::collections::BTreeMap;
use ui::{Cell, Column, Day, Key, Paging, Tab, Table, Tone, Words};

/// The tabs above the list, after "all".
pub(crate) const TABS: &[IncomingStatus] = &[
    IncomingStatus::Arrived,
    IncomingStatus::Registered,
    IncomingStatus::Directed,
    IncomingStatus::Assigned,
    IncomingStatus::InProgress,
    IncomingStatus::Done,
    IncomingStatus::Returned,
    IncomingStatus::Replaced,
    IncomingStatus::Recalled,
];

/// The place in the list after a line.
pub(crate) fn cursor(line: &Line) -> String {
    format!("{}.{}", line.arrived_at.micros(), line.id)
}

/// A line as the API tells it.
pub(crate) fn line_json(line: &Line) -> serde_json::Value {
    serde_json::json!({
        "id": line.id,
        "symbol": line.symbol,
        "from": line.from_name,
        "promulgated": line.promulgated,
        "type": line.type_name,
        "subject": line.subject,
        "urgency": line.urgency,
        "status": line.status.word(),
        "arrived_at": line.arrived_at,
        "arrival_number": line.arrival_number,
        "due_at": line.handle_due,
        "signature": line.signature.word(),
        "with": line.lead_name,
    })
}

/// The word of a status.
pub(crate) fn status_text(t: T, status: IncomingStatus) -> String {
    t.text(&format!("documents.incoming.status.{}", status.word())).to_owned()
}

/// A status as a chip: colour, icon and word.
pub(crate) fn status_chip(t: T, status: IncomingStatus) -> Markup {
    let (tone, icon) = match status {
        IncomingStatus::Arrived => (Tone::Soon, "inbox"),
        IncomingStatus::Registered => (Tone::Plain, "book"),
        IncomingStatus::Directed => (Tone::Info, "users"),
        IncomingStatus::Assigned => (Tone::Info, "user"),
        IncomingStatus::InProgress => (Tone::Info, "pen"),
        IncomingStatus::Done => (Tone::Ok, "check"),
        IncomingStatus::Returned | IncomingStatus::Recalled => (Tone::Late, "undo"),
        IncomingStatus::Replaced => (Tone::Late, "copy"),
    };
    ui::chip(tone, icon, &status_text(t, status))
}

/// False for what nobody has to do anything about any more.
pub(crate) const fn is_open(status: IncomingStatus) -> bool {
    !matches!(
        status,
        IncomingStatus::Done | IncomingStatus::Returned | IncomingStatus::Replaced | IncomingStatus::Recalled
    )
}

/// An urgency as a chip; nothing for the normal one.
pub(crate) fn urgency_chip(t: T, urgency: i64) -> Markup {
    if urgency <= 0 {
        return html! {};
    }
    let tone = if urgency >= 3 { Tone::Urgent } else { Tone::Soon };
    let icon = if urgency >= 3 { "bolt" } else { "flag" };
    ui::chip(tone, icon, t.text(&format!("documents.urgency.{}", urgency.min(4))))
}

pub(crate) fn page(
    cx: &Reader<'_, IncomingRead>,
    status: Option<IncomingStatus>,
    (counts, late): (&[(IncomingStatus, Option<i64>)], i64),
    mut lines: Vec<Line>,
) -> Reply {
    let t = cx.t();
    let page = usize::try_from(PAGE).unwrap_or(50);
    let more = lines.len() > page;
    lines.truncate(page);
    let word = status.map(|s| format!("&status={}", s.word())).unwrap_or_default();
    let older = lines.last().filter(|_| more).map(|line| format!("?after={}{word}", cursor(line)));
    let newer = cx.query("after").map(|_| format!("?{}", word.trim_start_matches('&')));
    let shown = t.count("documents.incoming.shown", i64::try_from(lines.len()).unwrap_or(0));
    let acts = html! {
        @if cx.actor().may::<IncomingGiveBack>() {
            (ui::link_button(ui::ButtonKind::Quiet, "undo", cx.text("documents.demand.title"), "/documents/demands"))
        }
        @if cx.actor().may::<IncomingRegister>() {
            (ui::link_button_key(ui::ButtonKind::Plain, "plus",
                (cx.text("documents.incoming.new"), "n"), "/documents/incoming/new"))
            (ui::link_button(ui::ButtonKind::Quiet, "upload", cx.text("documents.import.title"),
                "/documents/incoming/import"))
        }
    };
    let body = html! {
        (ui::head(cx.text("documents.incoming.title"), html! {}, acts))
        (status_tabs(cx, status, (counts, late)))
        (ui::filters(t, cx.text("documents.incoming.filter"), "/documents/incoming",
            ui::filter_text("symbol", cx.text("documents.field.symbol"), cx.query("symbol").unwrap_or(""))))
        @if lines.is_empty() {
            (ui::empty(cx.text("documents.incoming.empty"), cx.text("documents.incoming.empty_hint"), html! {}))
        } @else {
            (rows(cx, &lines))
            (ui::pager(t, &Paging { newer: newer.as_deref(), older: older.as_deref(), shown: &shown }))
        }
    };
    cx.page(cx.text("documents.incoming.title"), body.into_string())
}

/// True on the list of what is overdue.
pub(crate) fn is_late(cx: &Reader<'_, IncomingRead>) -> bool {
    cx.query("status") == Some("late")
}

/// True on the list of what the actor follows.
pub(crate) fn is_followed(cx: &Reader<'_, IncomingRead>) -> bool {
    cx.query("status") == Some("followed")
}

fn status_tabs(
    cx: &Reader<'_, IncomingRead>,
    current: Option<IncomingStatus>,
    (counts, late): (&[(IncomingStatus, Option<i64>)], i64),
) -> Markup {
    let (t, is_late, is_followed) = (cx.t(), is_late(cx), is_followed(cx));
    let named: Vec<(String, String, Option<i64>, bool)> = counts
        .iter()
        .map(|(status, n)| {
            let href = format!("/documents/incoming?status={}", status.word());
            (status_text(t, *status), href, *n, current == Some(*status))
        })
        .collect();
    let mut tabs = vec![Tab {
        label: t.text("documents.incoming.all"),
        href: "/documents/incoming",
        count: None,
        current: current.is_none() && !is_late && !is_followed,
    }];
    tabs.push(Tab {
        label: t.text("documents.incoming.late"),
        href: "/documents/incoming?status=late",
        count: Some(late),
        current: is_late,
    });
    tabs.extend(named.iter().map(|(label, href, count, current)| Tab {
        label,
        href,
        count: *count,
        current: *current,
    }));
    tabs.push(Tab {
        label: t.text("documents.follow.tab"),
        href: "/documents/incoming?status=followed",
        count: None,
        current: is_followed,
    });
    ui::tabs(t.text("documents.incoming.by_status"), &tabs)
}

fn rows(cx: &Reader<'_, IncomingRead>, lines: &[Line]) -> Markup {
    let t = cx.t();
    let columns = [
        Column::new(cx.text("documents.column.arrival_number"), Cell::Number),
        Column::new(cx.text("documents.column.arrived"), Cell::Nowrap),
        Column::new(cx.text("documents.column.subject"), Cell::Title),
        Column::new(cx.text("documents.column.status"), Cell::Text),
        Column::new(cx.text("documents.column.due"), Cell::Text),
    ];
    // A status looks the same in each row.
    let mut chips: BTreeMap<IncomingStatus, Markup> = BTreeMap::new();
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .map(|line| {
            let chip = chips.entry(line.status).or_insert_with(|| status_chip(t, line.status));
            vec![
                html! { @if let Some(number) = line.arrival_number { (number) } @else { "–" } },
                Day(line.arrived_at).render(),
                html! {
                    a href={ (PAGES) (Key(line.id)) } { (Words(&line.subject)) }
                    div.under { b { (Words(&line.symbol)) } " " (Words(&line.from_name)) " " (urgency_chip(t, line.urgency)) " " (signatures::mark(t, line.signature)) }
                },
                html! {
                    (chip)
                    @if !line.lead_name.is_empty() { div.under { (line.lead_name) } }
                },
                html! {
                    @if is_open(line.status) && line.handle_due.is_some() {
                        (ui::deadline_chip(t, line.handle_due.map(Into::into), cx.now()))
                    }
                },
            ]
        })
        .collect();
    let caption = cx.text("documents.incoming.title");
    ui::table(&Table { caption, columns: &columns, rows: &rows, register: false })
}

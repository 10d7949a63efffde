//! The list of outgoing documents.

use crate::actions::outgoing::path;
use crate::model::OutgoingStatus as S;
use crate::rights::{OutgoingApprove, OutgoingDraft, OutgoingRead};
use crate::store::outgoing_list::{self as store, Line};
use crate::store::recipients::{self as recipients, Trouble};
use crate::web::incoming::{PAGE, after};
use crate::web::incoming_list::urgency_chip;
use crate::web::outgoing::ManyForm;
use crate::web::signing;
use crate::web::tracking::reason_text;
use base::form::Form;
use base::{Id, Result, T};
use kernel::{Reader, Reply, Response};
use maud::{Markup, html};
use platform::search;
use ui::{ButtonKind, Cell, Column, Paging, QueueRow, RowAct, Tab, Table, To, Tone};

/// The tabs above the list, after "all".
const TABS: &[S] = &[
    S::Drafting,
    S::ContentReview,
    S::Consulting,
    S::FormatReview,
    S::LeaderReview,
    S::ToIssue,
    S::Issued,
    S::Voided,
];

/// The word of the list of what the actor follows.
const FOLLOWED: &str = "followed";

/// How many lines a search or the trouble list shows.
const FOUND_MAX: usize = 50;

/// The word of a status.
pub(crate) fn status_text(t: T, status: S) -> &'static str {
    match status {
        S::Drafting => t.text("documents.outgoing.status.drafting"),
        S::ContentReview => t.text("documents.outgoing.status.content_review"),
        S::Consulting => t.text("documents.outgoing.status.consulting"),
        S::FormatReview => t.text("documents.outgoing.status.format_review"),
        S::LeaderReview => t.text("documents.outgoing.status.leader_review"),
        S::ToIssue => t.text("documents.outgoing.status.to_issue"),
        S::Issued => t.text("documents.outgoing.status.issued"),
        S::Voided => t.text("documents.outgoing.status.voided"),
    }
}

/// A status as a chip: colour, icon and word.
pub(crate) fn status_chip(t: T, status: S) -> Markup {
    let (tone, icon) = match status {
        S::Drafting => (Tone::Plain, "pen"),
        S::ContentReview => (Tone::Info, "user"),
        S::Consulting => (Tone::Info, "chat"),
        S::FormatReview => (Tone::Info, "book"),
        S::LeaderReview => (Tone::Soon, "clock"),
        S::ToIssue => (Tone::Soon, "stamp"),
        S::Issued => (Tone::Ok, "send"),
        S::Voided => (Tone::Plain, "x"),
    };
    ui::chip(tone, icon, status_text(t, status))
}

/// The place in the list after a line.
fn cursor(line: &Line) -> String {
    format!("{}.{}", line.updated_at.micros(), line.id)
}

struct Found {
    status: Option<S>,
    lines: Vec<Line>,
    next: Option<String>,
}

fn find(cx: &Reader<'_, OutgoingRead>) -> Result<Found> {
    // The only act of this page is to approve several: where it was refused, they are shown again.
    let refused = cx.refusal().is_some() || !cx.form_state().errors.is_empty();
    let status = if refused { Some(S::LeaderReview) } else { cx.query("status").and_then(S::parse) };
    if let Some(words) = cx.query("q") {
        let mut lines = Vec::new();
        for found in
            search::find(cx, words, FOUND_MAX * 2)?.into_iter().filter(|f| f.subject_kind == "outgoing")
        {
            lines.extend(store::line(cx, Id::of(found.subject))?);
        }
        lines.retain(|line| status.is_none_or(|status| line.status == status));
        return Ok(Found { status, lines, next: None });
    }
    if cx.query("status") == Some(FOLLOWED) {
        let lines = crate::store::follow::outgoing(cx, PAGE)?;
        return Ok(Found { status, lines, next: None });
    }
    let mut lines = store::list(cx, status, after(cx), PAGE + 1)?;
    let page = usize::try_from(PAGE).unwrap_or(FOUND_MAX);
    let next = lines.get(page.saturating_sub(1)).filter(|_| lines.len() > page).map(cursor);
    lines.truncate(page);
    Ok(Found { status, lines, next })
}

/// The list.
pub(crate) fn list(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let t = cx.t();
    let trouble = cx.query("status") == Some("trouble");
    let title = t.text("documents.outgoing.title");
    let body = html! {
        (ui::head(title, html! {}, heading_acts(cx)))
        (tabs(cx, trouble)?)
        @if trouble { (troubles(cx)?) } @else { (documents(cx)?) }
    };
    cx.page(title, body.into_string())
}

fn heading_acts(cx: &Reader<'_, OutgoingRead>) -> Markup {
    let label = cx.text("documents.outgoing.new");
    html! {
        @if cx.actor().may::<OutgoingDraft>() {
            (ui::link_button_key(ButtonKind::Primary, "pen", (label, "n"), "/documents/outgoing/new"))
        }
    }
}

fn tabs(cx: &Reader<'_, OutgoingRead>, trouble: bool) -> Result<Markup> {
    let t = cx.t();
    let current = cx.query("status");
    let mut named: Vec<(&str, String, Option<i64>, bool)> =
        vec![(t.text("documents.outgoing.all"), "/documents/outgoing".to_owned(), None, current.is_none())];
    for status in TABS {
        let count = match status {
            S::Issued | S::Voided => None,
            open => Some(store::count(cx, *open)?),
        };
        let href = format!("/documents/outgoing?status={}", status.word());
        named.push((status_text(t, *status), href, count, current == Some(status.word())));
    }
    let n = recipients::count_troubles(cx)?;
    let href = "/documents/outgoing?status=trouble".to_owned();
    named.insert(7, (t.text("documents.outgoing.trouble"), href, Some(n), trouble));
    let href = format!("/documents/outgoing?status={FOLLOWED}");
    named.push((t.text("documents.follow.tab"), href, None, current == Some(FOLLOWED)));
    let tabs: Vec<Tab<'_>> = named
        .iter()
        .map(|(label, href, count, current)| Tab { label, href, count: *count, current: *current })
        .collect();
    Ok(ui::tabs(t.text("documents.outgoing.by_status"), &tabs))
}

fn documents(cx: &Reader<'_, OutgoingRead>) -> Result<Markup> {
    let t = cx.t();
    let found = find(cx)?;
    let filter = html! {
        (ui::filter_text("q", t.text("documents.outgoing.search"), cx.query("q").unwrap_or("")))
        @if let Some(status) = found.status { input type="hidden" name="status" value=(status.word()); }
    };
    let older = found.next.as_ref().map(|next| {
        let status = found.status.map(|status| format!("status={}&", status.word())).unwrap_or_default();
        format!("/documents/outgoing?{status}after={next}")
    });
    let shown = t.count("documents.outgoing.shown", i64::try_from(found.lines.len()).unwrap_or(0));
    let signing = found.status == Some(S::LeaderReview) && cx.actor().may::<OutgoingApprove>();
    Ok(html! {
        (ui::filters(t, t.text("documents.outgoing.filter"), "/documents/outgoing", filter))
        @if found.lines.is_empty() {
            (ui::empty(t.text("documents.outgoing.empty"), t.text("documents.outgoing.empty_hint"), html! {}))
        } @else if signing {
            (to_approve(cx, &found.lines)?)
        } @else {
            (rows(cx, &found.lines))
        }
        (ui::pager(t, &Paging { newer: None, older: older.as_deref(), shown: &shown }))
    })
}

/// Drafts that wait for the leader, to be approved one by one or together.
fn to_approve(cx: &Reader<'_, OutgoingRead>, lines: &[Line]) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let signs = signing::signs(cx, cx.agency()?)?;
    let (one, many) = if signs {
        ("documents.signing.button.sign", "documents.signing.button.sign_picked")
    } else {
        ("documents.outgoing.button.approve", "documents.outgoing.button.approve_picked")
    };
    let label = t.text(one);
    let rows = html! {
        @for line in lines {
            @let (id, href) = (line.id.to_string(), path(line.id));
            @let act = format!("{href}/approve");
            (ui::queue_row(t, &QueueRow {
                id: &id,
                name: &line.type_name,
                title: &line.subject,
                href: &href,
                chip: urgency_chip(t, line.urgency),
                note: "",
                meta: vec![html! { (line.drafter_name) }, html! { (line.updated_at.dmy_hhmm()) }],
                tone: if line.urgency > 0 { Tone::Urgent } else { Tone::Plain },
                pick: true,
                act: Some(RowAct { label, key: "t", to: To::Post(&act), primary: true }),
            }))
        }
    };
    let batch = [RowAct {
        label: t.text(many),
        key: "",
        to: To::Post("/documents/outgoing/approve-many"),
        primary: true,
    }];
    let title = t.text("documents.outgoing.status.leader_review");
    let section = html! {
        (ui::refused(t, cx.refusal(), cx.path()))
        @if signs {
            (ui::error_summary(t, &state, ManyForm::FIELDS))
            (ui::field(t, ui::find_field::<ManyForm>("pin"), &state, "", &[]))
        }
        (ui::queue_section("to-approve", title, html! {}, rows))
    };
    Ok(ui::queue(t, &state, &batch, section))
}

fn rows(cx: &Reader<'_, OutgoingRead>, lines: &[Line]) -> Markup {
    let t = cx.t();
    let columns = [
        Column::new(t.text("documents.outgoing.column.symbol"), Cell::Nowrap),
        Column::new(t.text("documents.outgoing.column.subject"), Cell::Title),
        Column::new(t.text("documents.outgoing.column.status"), Cell::Text),
        Column::new(t.text("documents.outgoing.column.arrived"), Cell::Number),
        Column::new(t.text("documents.outgoing.column.drafter"), Cell::Text),
        Column::new(t.text("documents.outgoing.column.updated"), Cell::Minor),
    ];
    let rows: Vec<Vec<Markup>> = lines.iter().map(|line| row(t, line)).collect();
    let caption = t.text("documents.outgoing.title");
    ui::table(&Table { caption, columns: &columns, rows: &rows, register: false })
}

fn row(t: T, line: &Line) -> Vec<Markup> {
    let page = path(line.id);
    let href = if line.status == S::Drafting { format!("{page}/edit") } else { page.clone() };
    let subject =
        if line.subject.is_empty() { t.text("documents.outgoing.no_subject") } else { &line.subject };
    vec![
        html! { @if line.symbol.is_empty() { "–" } @else { b { (line.symbol) } } },
        html! {
            a href=(href) { (subject) }
            div.under { (line.type_name) " " (urgency_chip(t, line.urgency)) }
        },
        status_chip(t, line.status),
        html! {
            @if line.recipients > 0 { a href={ (page) "/tracking" } { (line.arrived) "/" (line.recipients) } }
        },
        html! { (line.drafter_name) },
        html! { time datetime=(line.updated_at.rfc3339()) { (line.updated_at.dmy_hhmm()) } },
    ]
}

/// What was refused or could not be delivered.
fn troubles(cx: &Reader<'_, OutgoingRead>) -> Result<Markup> {
    let t = cx.t();
    let found = recipients::troubles(cx, i64::try_from(FOUND_MAX * 4).unwrap_or(200))?;
    if found.is_empty() {
        let text = t.text("documents.tracking.no_trouble_hint");
        return Ok(ui::empty(t.text("documents.tracking.no_trouble"), text, html! {}));
    }
    let columns = [
        Column::new(t.text("documents.tracking.column.recipient"), Cell::Title),
        Column::new(t.text("documents.outgoing.column.symbol"), Cell::Nowrap),
        Column::new(t.text("documents.outgoing.column.subject"), Cell::Text),
        Column::new(t.text("documents.tracking.column.reason"), Cell::Text),
        Column::new(t.text("documents.tracking.column.since"), Cell::Nowrap),
    ];
    let rows: Vec<Vec<Markup>> = found.iter().map(|one| trouble_row(t, one)).collect();
    let caption = t.text("documents.outgoing.trouble");
    Ok(ui::table(&Table { caption, columns: &columns, rows: &rows, register: false }))
}

fn trouble_row(t: T, one: &Trouble) -> Vec<Markup> {
    let href = format!("{}/tracking?trouble={}", path(one.outgoing), one.id);
    vec![
        html! { a href=(href) { (one.to_name) } " " (super::tracking::status_chip(t, one.status)) },
        html! { b { (one.symbol) } },
        html! { (one.subject) },
        html! { (reason_text(t, &one.reason)) },
        html! { @if let Some(at) = one.status_at { (at.dmy_hhmm()) } },
    ]
}

/// The list for programs.
pub(crate) fn list_data(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let found = find(cx)?;
    let items: Vec<serde_json::Value> = found
        .lines
        .iter()
        .map(|line| {
            serde_json::json!({
                "id": line.id, "symbol": line.symbol, "type": line.type_name, "subject": line.subject,
                "urgency": line.urgency, "status": line.status.word(), "drafter": line.drafter_name,
                "updated_at": line.updated_at, "due": line.due, "arrived": line.arrived,
                "recipients": line.recipients,
            })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({ "items": items, "after": found.next })))
}

//! The exchange journal: each packet that left or came, and its evidence as a file.

use crate::rights::AdminAudit;
use base::{Date, Result, T};
use kernel::{Raw, Reader, Reply, Response};
use maud::{Markup, html};
use platform::evidence::{self, Filter, Line};

/// Lines of a page, as the platform gives them.
const PAGE: usize = 50;

/// What was asked for.
fn asked(cx: &Raw<'_>) -> Filter {
    let text = |name| cx.query(name).unwrap_or_default().trim().to_owned();
    let day = |name| cx.query(name).and_then(Date::parse);
    Filter {
        document: text("document"),
        code: text("code"),
        from: day("from").map(Date::start),
        until: day("to").map(|day| day.plus_days(1).start()),
        before: cx.query("before").and_then(|text| text.parse().ok()),
    }
}

/// The journal, the newest line first.
pub(crate) fn list(cx: &Reader<'_, AdminAudit>) -> Reply {
    let t = cx.t();
    let asked = asked(cx);
    let lines = evidence::lines(cx, &asked)?;
    let sealed = evidence::sealed_until(cx)?;
    let last = lines.last().filter(|_| lines.len() == PAGE);
    let older = last.map(|last| format!("/admin/journal?{}&before={}", query(cx, &asked), last.n));
    let newer = asked.before.map(|_| format!("/admin/journal?{}", query(cx, &asked)));
    let body = html! {
        (ui::head(t.text("admin.journal"), html! { (t.text("admin.journal.sub")) }, html! {}))
        (standing(cx)?)
        (filters(cx, &asked))
        @if lines.is_empty() {
            (ui::empty(t.text("admin.journal.none"), t.text("admin.journal.none_text"), html! {}))
        } @else {
            (ui::card_flush("journal", t.text("admin.journal.newest"), html! {}, table(t, &lines, sealed)))
        }
        @if older.is_some() || newer.is_some() {
            (ui::pager(t, &ui::Paging { newer: newer.as_deref(), older: older.as_deref(), shown: "" }))
        }
    };
    cx.page(t.text("admin.journal"), body.into_string())
}

/// The evidence of a line, as a file.
pub(crate) fn export(cx: &Reader<'_, AdminAudit>) -> Reply {
    let (line, files) = evidence::line(cx, cx.path_id::<Line>()?)?;
    Ok(Response::Evidence { line: line.id.uuid(), files })
}

/// Whether sealing fails, said before the exchange stops.
fn standing(cx: &Raw<'_>) -> Result<Markup> {
    let t = cx.t();
    let Some(since) = evidence::sealing(cx)?.failing_since else { return Ok(html! {}) };
    let text = t.fill("admin.journal.failing", &[("since", &since.dmy_hhmm())]);
    Ok(html! { p { (ui::state(ui::Tone::Late, "alert", &text)) } })
}

fn filters(cx: &Raw<'_>, asked: &Filter) -> Markup {
    let t = cx.t();
    let day = |name| cx.query(name).and_then(Date::parse).map(Date::iso).unwrap_or_default();
    ui::filters(
        t,
        t.text("admin.journal"),
        "/admin/journal",
        html! {
            (ui::filter_text("document", t.text("admin.journal.document"), &asked.document))
            (ui::filter_text("code", t.text("admin.journal.code"), &asked.code))
            (ui::filter_date(t, "from", t.text("admin.journal.from"), &day("from")))
            (ui::filter_date(t, "to", t.text("admin.journal.to"), &day("to")))
        },
    )
}

/// The query of a link that keeps the filters.
fn query(cx: &Raw<'_>, asked: &Filter) -> String {
    let day = |name| cx.query(name).and_then(Date::parse).map(Date::iso).unwrap_or_default();
    let encode = |text: &str| {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    format!(
        "document={}&code={}&from={}&to={}",
        encode(&asked.document),
        encode(&asked.code),
        day("from"),
        day("to")
    )
}

fn table(t: T, lines: &[Line], sealed: i64) -> Markup {
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .map(|line| {
            let way = format!("admin.journal.way.{}", line.direction);
            let kind = format!("admin.journal.kind.{}", line.kind);
            vec![
                html! { (line.seq) },
                html! { (line.at.dmy_hhmm()) },
                html! { (line.agency) },
                html! { (t.text(&way)) },
                html! { (line.counterpart) },
                html! { (t.text(&kind)) },
                html! { (line.document) },
                html! {
                    @if line.n <= sealed {
                        a href={ "/admin/journal/" (line.id) "/evidence" } { (t.text("admin.journal.evidence")) }
                    } @else if sealed > 0 {
                        (ui::state(ui::Tone::Soon, "clock", t.text("admin.journal.open")))
                    } @else {
                        // Nothing is ever sealed where there is no node above.
                        "–"
                    }
                },
            ]
        })
        .collect();
    let columns = [
        ui::Column::new(t.text("admin.journal.seq"), ui::Cell::Number),
        ui::Column::new(t.text("admin.journal.at"), ui::Cell::Nowrap).sorted(ui::Sorted::Down),
        ui::Column::new(t.text("admin.journal.agency"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.journal.way"), ui::Cell::Text),
        ui::Column::new(t.text("admin.journal.counterpart"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.journal.kind"), ui::Cell::Text),
        ui::Column::new(t.text("admin.journal.document"), ui::Cell::Title),
        ui::Column::new(t.text("admin.journal.proof"), ui::Cell::Nowrap),
    ];
    ui::table(&ui::Table {
        caption: t.text("admin.journal"),
        columns: &columns,
        rows: &rows,
        register: false,
    })
}

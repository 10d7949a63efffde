//! Notices: what I was told, newest first.

use crate::web::home::notice_lines;
use base::Instant;
use kernel::{Reader, Reply, SignedIn, Writer};
use maud::html;
use platform::notify;

/// Rows of a page.
const PAGE: i64 = 50;

/// The list.
pub(crate) fn list(cx: &Reader<'_, SignedIn>) -> Reply {
    let t = cx.t();
    let before = cx.query("before").and_then(|text| text.parse().ok()).map(Instant::from_micros);
    let mut notices = notify::list(cx, cx.person()?, before.unwrap_or(cx.now().plus_days(1)), PAGE + 1)?;
    let page = usize::try_from(PAGE).unwrap_or(0);
    let more = notices.len() > page;
    notices.truncate(page);
    let older = notices.last().filter(|_| more).map(|last| format!("/notices?before={}", last.at.micros()));
    let newer = before.map(|_| "/notices");
    let unread = notify::unread(cx, cx.person()?)?;
    let acts = html! {
        @if unread > 0 {
            (ui::form(t, &cx.form_state(), "/notices/read", ui::submit(t, "desk.notices.read", "r")))
        }
    };
    let body = html! {
        (ui::head(t.text("desk.notices"), html! { (t.count("desk.notices.sub", unread)) }, acts))
        @if notices.is_empty() {
            (ui::empty(t.text("desk.notices.empty"), t.text("desk.notices.empty_text"), html! {}))
        } @else {
            (ui::card("list", t.text("desk.notices.list"), html! {}, notice_lines(t, &notices)))
        }
        @if older.is_some() || newer.is_some() {
            (ui::pager(t, &ui::Paging { newer, older: older.as_deref(), shown: "" }))
        }
    };
    cx.page(t.text("desk.notices"), body.into_string())
}

/// Marks everything read.
pub(crate) fn read(cx: &mut Writer<'_, SignedIn>) -> Reply {
    let (person, agency) = (cx.person()?, cx.agency()?);
    if notify::read_all(cx, person)? > 0 {
        cx.record("desk.act.notices_read", ("person", person), agency);
    }
    cx.done("desk.notices.were_read", "/notices")
}

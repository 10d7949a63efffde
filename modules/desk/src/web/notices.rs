//! Notices: what I was told, newest first.

use crate::web::home::notice_lines;
use base::{Id, Instant};
use kernel::{Reader, Reply, SignedIn, Writer};
use maud::html;
use platform::notify::{self, Notice};

/// Rows of a page.
const PAGE: i64 = 50;

/// The list.
pub(crate) fn list(cx: &Reader<'_, SignedIn>) -> Reply {
    let t = cx.t();
    let before = cx.query("before").and_then(read_before);
    let newest = notify::from_here(cx.now());
    let mut notices = notify::list(cx, cx.person()?, before.unwrap_or(newest), PAGE + 1)?;
    let page = usize::try_from(PAGE).unwrap_or(0);
    let more = notices.len() > page;
    notices.truncate(page);
    let last = notices.last().filter(|_| more);
    let older = last.map(|last| format!("/notices?before={}_{}", last.at.micros(), last.id));
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

/// Reads `micros_id`, the notice a page ends at.
fn read_before(text: &str) -> Option<(Instant, Id<Notice>)> {
    let (micros, id) = text.split_once('_')?;
    Some((Instant::from_micros(micros.parse().ok()?), id.parse().ok()?))
}

/// Marks everything read.
pub(crate) fn read(cx: &mut Writer<'_, SignedIn>) -> Reply {
    let (person, agency) = (cx.person()?, cx.agency()?);
    if notify::read_all(cx, person)? > 0 {
        cx.record("desk.act.notices_read", ("person", person), agency);
    }
    cx.done("desk.notices.were_read", "/notices")
}

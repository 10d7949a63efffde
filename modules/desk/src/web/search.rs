//! One search box over everything I may see.

use crate::rules::{self, Wanted};
use crate::store;
use crate::web::saved;
use base::{Date, T};
use kernel::{Reader, Reply, Response, SignedIn};
use maud::{Markup, html};
use platform::search::{self, Found};

/// As many as a person reads; more words find the rest.
const MOST: usize = 200;
/// As many as fit under the box.
const SUGGESTED: usize = 8;

/// The page.
pub(crate) fn page(cx: &Reader<'_, SignedIn>) -> Reply {
    let t = cx.t();
    let words = cx.query("q").unwrap_or("");
    let wanted = Wanted {
        kind: cx.query("kind").unwrap_or(""),
        from: cx.query("from").and_then(Date::parse),
        to: cx.query("to").and_then(Date::parse),
    };
    let all = search::find(cx, words, MOST)?;
    let cut = all.len() >= MOST;
    let kinds = kinds(&all);
    let found: Vec<&Found> = all.iter().filter(|one| wanted.takes(&one.subject_kind, one.dated)).collect();
    let body = html! {
        (ui::head(t.text("desk.search"), html! { (summary(t, words, found.len())) }, html! {}))
        (form(t, words, &wanted, &kinds))
        (ui::stack(html! {
            (saved::list(t, &store::mine(cx)?))
            @if found.is_empty() { (nothing(t, words)) }
            @for kind in &kinds {
                (group(t, words, kind, &found))
            }
            @if cut { p class="hint" { (t.text("desk.search.cut")) } }
            @if !words.is_empty() { (saved::keep_card(t, cx, (words, &wanted))) }
        }))
    };
    let title = if words.is_empty() {
        t.text("desk.search").to_owned()
    } else {
        t.fill("desk.search.title", &[("words", &words)])
    };
    cx.page(title, body.into_string())
}

/// The lines under the box while a person types.
pub(crate) fn suggest(cx: &Reader<'_, SignedIn>) -> Reply {
    let found = search::find(cx, cx.query("q").unwrap_or(""), SUGGESTED)?;
    let lines: Vec<ui::Found<'_>> =
        found.iter().map(|one| ui::Found { id: &one.path, label: &one.title, note: &one.detail }).collect();
    Ok(Response::Fragment(ui::picker_options(cx.t(), &lines).into_string()))
}

/// The same as data.
pub(crate) fn data(cx: &Reader<'_, SignedIn>) -> Reply {
    let found = search::find(cx, cx.query("q").unwrap_or(""), MOST)?;
    let rows: Vec<serde_json::Value> = found
        .iter()
        .map(|one| {
            serde_json::json!({
                "kind": one.subject_kind, "id": one.subject.to_string(), "title": one.title,
                "detail": one.detail, "path": one.path, "date": one.dated,
            })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({ "found": rows })))
}

fn summary(t: T, words: &str, count: usize) -> String {
    match (words, count) {
        ("", _) => t.text("desk.search.sub").to_owned(),
        (_, 0) => String::new(),
        _ => t.count("desk.search.count", i64::try_from(count).unwrap_or(i64::MAX)),
    }
}

/// The kinds that were found, in the order of their best hit.
fn kinds(found: &[Found]) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    for one in found {
        if !kinds.contains(&one.subject_kind) {
            kinds.push(one.subject_kind.clone());
        }
    }
    kinds
}

/// What a kind of thing is called.
fn kind_name(t: T, kind: &str) -> String {
    let key = format!("desk.subject.{kind}");
    if t.has(&key) { t.text(&key).to_owned() } else { t.text("desk.subject.other").to_owned() }
}

fn form(t: T, words: &str, wanted: &Wanted<'_>, kinds: &[String]) -> Markup {
    let names: Vec<(&str, String)> = kinds.iter().map(|kind| (kind.as_str(), kind_name(t, kind))).collect();
    let mut options = vec![ui::Choice::new("", t.text("desk.search.any_kind"))];
    options.extend(names.iter().map(|(kind, name)| ui::Choice::new(kind, name)));
    let day = |date: Option<Date>| date.map(Date::iso).unwrap_or_default();
    ui::filters(
        t,
        t.text("desk.search"),
        "/search",
        html! {
            (ui::filter_text("q", t.text("desk.search.words"), words))
            (ui::filter_choice("kind", t.text("desk.search.kind"), wanted.kind, &options))
            (ui::filter_date(t, "from", t.text("desk.search.from"), &day(wanted.from)))
            (ui::filter_date(t, "to", t.text("desk.search.to"), &day(wanted.to)))
        },
    )
}

fn nothing(t: T, words: &str) -> Markup {
    match words {
        "" => ui::empty(t.text("desk.search.start"), t.text("desk.search.start_text"), html! {}),
        _ => ui::empty(
            &t.fill("desk.search.nothing", &[("words", &words)]),
            t.text("desk.search.nothing_text"),
            html! {},
        ),
    }
}

fn group(t: T, words: &str, kind: &str, found: &[&Found]) -> Markup {
    let rows: Vec<Vec<Markup>> = found
        .iter()
        .filter(|one| one.subject_kind == kind)
        .map(|one| {
            vec![
                html! { a href=(one.path) data-open { (marked(&one.title, words)) } },
                html! { (marked(&one.detail, words)) },
                html! { (one.dated.dmy()) },
            ]
        })
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    let name = kind_name(t, kind);
    let count = t.count("desk.search.count", i64::try_from(rows.len()).unwrap_or(i64::MAX));
    let columns = [
        ui::Column::new(t.text("desk.search.subject"), ui::Cell::Title),
        ui::Column::new(t.text("desk.search.detail"), ui::Cell::Text),
        ui::Column::new(t.text("desk.search.dated"), ui::Cell::Nowrap),
    ];
    let table = ui::table(&ui::Table { caption: &name, columns: &columns, rows: &rows, register: false });
    ui::card_flush(&format!("found-{kind}"), &name, html! { span class="hint" { (count) } }, table)
}

/// A text with the words that were searched for marked.
fn marked(text: &str, words: &str) -> Markup {
    html! {
        @for (hit, piece) in rules::highlight(text, words) {
            @if hit { mark { (piece) } } @else { (piece) }
        }
    }
}

//! A scan is handed in, its reading is watched, and what was read is checked and registered.

use crate::actions::arrival::PaperForm;
use crate::actions::capture::{self as actions, ScanForm, path};
use crate::actions::incoming;
use crate::model::capture::{Capture, CaptureState, GuessRow};
use crate::rights::IncomingRegister;
use crate::rules::capture::SURE;
use crate::store::arrival::by_symbol;
use crate::store::captures as store;
use crate::web::paper;
use base::form::Form;
use base::{Date, Error, Result, T};
use kernel::{Opened, Reader, Reply, Response, Routes, Writer};
use maud::{Markup, html};
use ui::{FormOptions, Tone, Viewer};

/// The routes of scans.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/documents/incoming/scan", blank);
    r.post("/documents/incoming/scan", take).form::<ScanForm>().page("/documents/incoming/scan");
    r.get("/documents/incoming/scan/{id}", show);
    r.data("/documents/incoming/scan/{id}", show_data);
    r.get("/documents/incoming/scan/{id}/file", file);
    r.post("/documents/incoming/scan/{id}", enter).form::<PaperForm>().page("/documents/incoming/scan/{id}");
    r.post("/documents/incoming/scan/{id}/drop", put_away).page("/documents/incoming/scan/{id}");
}

pub(crate) fn blank(cx: &Reader<'_, IncomingRegister>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let fields = html! {
        (ui::error_summary(t, &state, ScanForm::FIELDS))
        (ui::pages_field(t, ui::find_field::<ScanForm>("files"), &state))
        (ui::acts(ui::submit(t, "documents.capture.send", "ctrl+enter")))
    };
    let options = FormOptions { id: "scan", multipart: true, ..FormOptions::default() };
    let waiting = store::waiting(cx)?;
    let body = html! {
        (ui::head(cx.text("documents.capture.title"), html! { (cx.text("documents.capture.sub")) }, html! {}))
        (ui::stack(html! {
            (ui::card("hand-in", t.text("documents.field.scan"), html! {},
                ui::form_with(t, &state, ("/documents/incoming/scan", &options), fields)))
            @if !waiting.is_empty() {
                (ui::card("waiting", t.text("documents.capture.waiting"), html! {}, html! {
                    ul.plain { @for one in &waiting { li { (line(t, one)) } } }
                }))
            }
        }))
    };
    cx.page(cx.text("documents.capture.title"), body.into_string())
}

fn line(t: T, one: &store::Waits) -> Markup {
    let word = t.text(&format!("documents.capture.state.{}", one.state.word())).to_owned();
    let name = if one.symbol.is_empty() { t.text("documents.field.scan") } else { &one.symbol };
    html! {
        a href=(path(one.id)) { (name) } " "
        span.muted { (one.person_name) ", " (one.at.dmy_hhmm()) " · " (word) }
    }
}

pub(crate) fn take(cx: &mut Writer<'_, IncomingRegister>) -> Reply {
    let form: ScanForm = cx.form()?;
    let id = actions::take(cx, &form)?;
    cx.done_with("documents.capture.done.taken", path(id), &[], id)
}

pub(crate) fn show(cx: &Reader<'_, IncomingRegister>) -> Reply {
    let capture = cx.open::<Capture>(cx.path_id()?)?;
    let t = cx.t();
    let trail = [
        ui::Crumb { label: cx.text("documents.desk"), href: "/" },
        ui::Crumb { label: cx.text("documents.capture.title"), href: "/documents/incoming/scan" },
    ];
    // Whoever does not want to wait fills in by hand.
    let waits = capture.state == CaptureState::Reading && cx.query("by") != Some("hand");
    let content = if waits {
        progress(t, &capture)
    } else if capture.is_open() {
        desk(cx, &capture)?
    } else {
        closed(t)
    };
    let sub = html! { (capture.person_name) ", " (capture.at.dmy_hhmm()) };
    let body = html! {
        (ui::crumbs(t, &trail, t.text("documents.capture.check_title")))
        (ui::head(t.text("documents.capture.check_title"), sub, html! {}))
        (ui::refused(t, cx.refusal(), cx.path()))
        div #capture { (content) }
    };
    cx.page(cx.text("documents.capture.check_title"), body.into_string())
}

fn closed(t: T) -> Markup {
    let again = ui::link_button(
        ui::ButtonKind::Plain,
        "plus",
        t.text("documents.capture.title"),
        "/documents/incoming/scan",
    );
    ui::empty(t.text("documents.capture.refuse.closed"), t.text("documents.capture.hint.closed"), again)
}

/// How far the reading is. While it goes on the page asks for itself again; without script its link does.
fn progress(t: T, capture: &Capture) -> Markup {
    let page = path(capture.id);
    let counts: [(&str, &dyn std::fmt::Display); 2] = [("n", &capture.done), ("total", &capture.total)];
    let key = if capture.total > 0 { "documents.capture.progress" } else { "documents.capture.begins" };
    html! {
        section.card hx-get=(page) hx-trigger="load delay:700ms" hx-target="#capture" hx-select="#capture"
            hx-swap="outerHTML" {
            div.card__body.stack {
                div role="status" {
                    (ui::progress("reading-bar", &t.fill(key, &counts), (capture.done, capture.total)))
                }
                p.small {
                    a href=(page) { (t.text("documents.import.reload")) } " · "
                    a href={ (page) "?by=hand" } { (t.text("documents.capture.by_hand")) }
                }
            }
        }
    }
}

/// The scan on the left, what was read on the right.
fn desk(cx: &Reader<'_, IncomingRegister>, capture: &Opened<Capture>) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let guesses = store::guesses(cx, capture.id)?;
    let file = format!("{}/file", path(capture.id));
    let kept = capture.kept();
    let is_pdf = kept.first().is_some_and(|file| file.content_type == "application/pdf");
    let pages =
        if capture.pages > 0 { t.count("documents.capture.pages", capture.pages) } else { String::new() };
    let images = [(file.as_str(), t.text("documents.field.scan"))];
    let left = ui::viewer(
        t,
        &Viewer {
            title: t.text("documents.field.scan"),
            note: &pages,
            pdf: is_pdf.then_some(file.as_str()),
            images: if is_pdf { &[] } else { &images },
            sheet: None,
            files: &[],
            download: Some(&file),
        },
    );
    let options = FormOptions { id: "paper", guard: true, ..FormOptions::default() };
    let fields = html! {
        (ui::error_summary(t, &state, PaperForm::FIELDS))
        (paper::fields(cx, Some((&guesses, capture.state == CaptureState::Read))))
        (ui::acts(html! {
            (ui::submit(t, "documents.act_button.enter_paper", "ctrl+enter"))
            (ui::button_to(t, ui::ButtonKind::Quiet, "documents.capture.drop", &format!("{}/drop", path(capture.id))))
        }))
    };
    let right = ui::stack(html! {
        (trouble(t, capture))
        (twin(cx, capture, &guesses)?)
        (ui::card("fields", t.text("documents.facts"), html! {},
            ui::form_with(t, &state, (&path(capture.id), &options), fields)))
    });
    Ok(ui::split_doc(left, right))
}

fn trouble(t: T, capture: &Capture) -> Markup {
    if capture.trouble.is_empty() {
        return html! {};
    }
    let text = t.fill(&format!("documents.capture.trouble.{}", capture.trouble), &[("n", &capture.pages)]);
    let body = html! { b { (text) } @if capture.state == CaptureState::Unread { p { (t.text("documents.capture.all_the_same")) } } };
    ui::banner(Tone::Soon, "alert", body, html! {})
}

/// The document that looks the same by what was read, before anything is typed.
fn twin(cx: &Reader<'_, IncomingRegister>, capture: &Capture, guesses: &[GuessRow]) -> Result<Markup> {
    let of =
        |field: &str| guesses.iter().find(|guess| guess.field == field).map(|guess| guess.value.as_str());
    let (Some(symbol), Some(date), Some(from)) =
        (of("symbol"), of("promulgated").and_then(Date::parse), of("from_name"))
    else {
        return Ok(html! {});
    };
    let Some(twin) = by_symbol(cx, capture.agency, (symbol, date), from)? else { return Ok(html! {}) };
    let link = html! { a href=(incoming::path(twin.id)) { (cx.text("documents.incoming.see_twin")) } };
    Ok(ui::banner(Tone::Soon, "copy", html! { b { (cx.text("documents.incoming.looks_duplicate")) } }, link))
}

pub(crate) fn show_data(cx: &Reader<'_, IncomingRegister>) -> Reply {
    let capture = cx.open::<Capture>(cx.path_id()?)?;
    let guesses = store::guesses(cx, capture.id)?;
    let fields: Vec<serde_json::Value> = guesses
        .iter()
        .map(|one| {
            serde_json::json!({
                "field": one.field, "value": one.value, "sure": one.sure, "check": one.sure < SURE, "page": one.page,
                "box": [one.left, one.top, one.width, one.height],
            })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({
        "id": capture.id, "state": capture.state.word(), "trouble": capture.trouble, "pages": capture.pages,
        "done": capture.done, "total": capture.total, "fields": fields,
    })))
}

pub(crate) fn file(cx: &Reader<'_, IncomingRegister>) -> Reply {
    let capture = cx.open::<Capture>(cx.path_id()?)?;
    let file = capture.kept().into_iter().next().ok_or(Error::NotFound)?;
    Ok(Response::File { sha256: file.sha256, name: file.name, content_type: file.content_type })
}

pub(crate) fn enter(cx: &mut Writer<'_, IncomingRegister>) -> Reply {
    let capture = cx.open::<Capture>(cx.path_id()?)?;
    let form: PaperForm = cx.form()?;
    let (document, number) = actions::enter(cx, &capture, &form)?;
    let values = [("number", number.to_string()), ("symbol", document.symbol.clone())];
    cx.done_with("documents.done.registered", incoming::path(document.id), &values, document.id)
}

pub(crate) fn put_away(cx: &mut Writer<'_, IncomingRegister>) -> Reply {
    let capture = cx.open::<Capture>(cx.path_id()?)?;
    actions::put_away(cx, &capture)?;
    cx.done("documents.capture.done.dropped", "/documents/incoming/scan")
}

//! Registering a document that came on paper.

use crate::actions::arrival::{ImportForm, PaperForm, enter_paper, import};
use crate::actions::capture::read_later;
use crate::actions::incoming::{path, register};
use crate::model::capture::GuessRow;
use crate::rights::IncomingRegister;
use crate::rules::capture::SURE;
use crate::rules::types;
use crate::web::incoming_show::urgency_key;
use base::form::Form;
use base::{Result, T};
use kernel::jobs::{self, Progress};
use kernel::{Reader, Reply, Response, Writer};
use maud::{Markup, html};
use ui::{Choice, FormOptions};

/// The type chosen beforehand, by its legal name.
const LETTER: &str = "Công văn";

pub(crate) fn blank(cx: &Reader<'_, IncomingRegister>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let fields = html! {
        (ui::error_summary(t, &state, PaperForm::FIELDS))
        (fields(cx, None))
        (ui::acts(ui::submit(t, "documents.act_button.enter_paper", "ctrl+enter")))
    };
    let options = FormOptions { id: "paper", multipart: true, guard: true, ..FormOptions::default() };
    let scan = ui::link_button(
        ui::ButtonKind::Plain,
        "scan",
        cx.text("documents.capture.title"),
        "/documents/incoming/scan",
    );
    let body = html! {
        (ui::head(cx.text("documents.paper.title"), html! { (cx.text("documents.paper.sub")) }, scan))
        (ui::refused(t, cx.refusal(), cx.path()))
        (ui::form_with(t, &state, ("/documents/incoming", &options), fields))
    };
    cx.page(cx.text("documents.paper.title"), body.into_string())
}

/// What must be filled in; a scan that did not say it has a mark there.
const NEEDED: &[&str] = &["from_name", "symbol", "promulgated", "subject"];

/// The fields of the register: empty, or with what was read off a scan and a mark where a person is to look. `read`
/// holds what was read, and whether anything could be.
pub(crate) fn fields(cx: &Reader<'_, IncomingRegister>, read: Option<(&[GuessRow], bool)>) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    // The letter comes first: it is what comes most.
    let mut types: Vec<Choice<'_>> =
        types::on(cx.now().date()).iter().map(|kind| Choice::new(&kind.name, &kind.name)).collect();
    types.sort_by_key(|kind| kind.value != LETTER);
    let urgencies: Vec<(String, &str)> = (0..=4).map(|n| (n.to_string(), t.text(urgency_key(n)))).collect();
    let urgencies: Vec<Choice<'_>> =
        urgencies.iter().map(|(value, label)| Choice::new(value, label)).collect();
    let today = cx.now().date().iso();
    let one = |name: &'static str, otherwise: &str, choices: &[Choice<'_>]| {
        let field = ui::find_field::<PaperForm>(name);
        let Some((guesses, was_read)) = read else { return ui::field(t, field, &state, otherwise, choices) };
        let guess = guesses.iter().find(|guess| guess.field == name);
        let value = guess.map_or("", |guess| guess.value.as_str());
        // What a person has written instead needs no second look.
        let changed = state.input.is_some_and(|input| input.get(name).unwrap_or("") != value);
        let mark = match guess {
            _ if changed => None,
            Some(guess) if guess.sure < SURE => Some("documents.capture.check"),
            None if was_read && NEEDED.contains(&name) => Some("documents.capture.unread"),
            _ => None,
        };
        let value = if guess.is_none() && !choices.is_empty() { otherwise } else { value };
        match mark {
            Some(key) => ui::doubtful(t, (field, key, "documents.capture.right"), &state, value, choices),
            None => ui::field(t, field, &state, value, choices),
        }
    };
    html! {
        (one("from_name", "", &[]))
        (ui::fields(html! { (one("symbol", "", &[])) (one("promulgated", &today, &[])) }))
        (ui::fields(html! { (one("type_name", LETTER, &types)) (one("urgency", "0", &urgencies)) }))
        (one("subject", "", &[]))
        (ui::fields(html! { (one("signer_name", "", &[])) (one("signer_position", "", &[])) }))
        (ui::fields(html! { (one("place", "", &[])) (one("pages", "", &[])) (one("due", "", &[])) }))
        @if read.is_none() { (one("files", "", &[])) }
        @if cx.refusal().is_some() { (one("confirm_duplicate", "", &[])) }
    }
}

/// Enters and registers in one press: whoever holds the paper has checked it.
pub(crate) fn enter(cx: &mut Writer<'_, IncomingRegister>) -> Reply {
    let form: PaperForm = cx.form()?;
    let document = enter_paper(cx, &form, &form.files)?;
    read_later(cx, &document, &form.files)?;
    let number = register(cx, &document)?;
    let values = [("number", number.to_string()), ("symbol", document.symbol.clone())];
    cx.done_with("documents.done.registered", path(document.id), &values, document.id)
}

pub(crate) fn import_blank(cx: &Reader<'_, IncomingRegister>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let fields = html! {
        (ui::error_summary(t, &state, ImportForm::FIELDS))
        (ui::field(t, ui::find_field::<ImportForm>("files"), &state, "", &[]))
        (ui::acts(ui::submit(t, "documents.act_button.import", "ctrl+enter")))
    };
    let options = FormOptions { id: "import", multipart: true, ..FormOptions::default() };
    let batch = batch(cx)?;
    let body = html! {
        (ui::head(cx.text("documents.import.title"), html! { (cx.text("documents.import.sub")) }, html! {}))
        (ui::stack(html! {
            @if let Some(batch) = &batch { (import_line(t, batch)) }
            (ui::card("hand-in", t.text("documents.field.edxml"), html! {},
                ui::form_with(t, &state, ("/documents/incoming/import", &options), fields)))
        }))
    };
    cx.page(cx.text("documents.import.title"), body.into_string())
}

/// How far the packets are that the address names.
fn batch(cx: &Reader<'_, IncomingRegister>) -> Result<Option<Progress>> {
    let asked = cx.query("batch").and_then(|id| id.parse().ok());
    asked.map(|id| jobs::progress(cx, id)).transpose()
}

/// The line under the heading. While something is left the page asks for it again; without script its link does.
fn import_line(t: T, batch: &Progress) -> Markup {
    let ended = batch.done + batch.failed;
    let page = format!("/documents/incoming/import?batch={}", batch.id);
    let again = format!("/documents/incoming/import/progress?batch={}", batch.id);
    let counts: [(&str, &dyn std::fmt::Display); 2] = [("n", &ended), ("total", &batch.total)];
    html! {
        section #import-progress.card hx-get=[(ended < batch.total).then_some(again)] hx-trigger="load delay:700ms" hx-swap="outerHTML" {
            div.card__body.stack {
                div role="status" {
                    (ui::progress("import-bar", &t.fill("documents.import.progress", &counts), (ended, batch.total)))
                }
                @if batch.failed > 0 {
                    (ui::state(ui::Tone::Late, "alert", &t.count("documents.import.given_up", batch.failed)))
                }
                p.small {
                    @if ended < batch.total { a href=(page) { (t.text("documents.import.reload")) } }
                    @else { a href="/notices" { (t.text("documents.import.outcome")) } }
                }
            }
        }
    }
}

/// The line alone, for the page that waits.
pub(crate) fn import_progress(cx: &Reader<'_, IncomingRegister>) -> Reply {
    let line = batch(cx)?.map(|batch| import_line(cx.t(), &batch).into_string());
    Ok(Response::Fragment(line.unwrap_or_default()))
}

/// Takes the packets in; they are read after this answer, and a notice says what came of each.
pub(crate) fn import_files(cx: &mut Writer<'_, IncomingRegister>) -> Reply {
    let form: ImportForm = cx.form()?;
    let agency = cx.agency()?;
    let batch = import(cx, &form)?;
    let page = format!("/documents/incoming/import?batch={batch}");
    cx.done_with("documents.done.importing", page, &[("n", form.files.len().to_string())], agency)
}

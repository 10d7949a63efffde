//! Registering a document that came on paper.

use crate::actions::arrival::{ImportForm, PaperForm, enter_paper, import};
use crate::actions::incoming::{path, register};
use crate::rights::IncomingRegister;
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
    // The letter comes first: it is what comes most.
    let mut types: Vec<Choice<'_>> =
        types::on(cx.now().date()).iter().map(|kind| Choice::new(&kind.name, &kind.name)).collect();
    types.sort_by_key(|kind| kind.value != LETTER);
    let urgencies: Vec<(String, &str)> = (0..=4).map(|n| (n.to_string(), t.text(urgency_key(n)))).collect();
    let urgencies: Vec<Choice<'_>> =
        urgencies.iter().map(|(value, label)| Choice::new(value, label)).collect();
    let field = ui::find_field::<PaperForm>;
    let today = cx.now().date().iso();
    let fields = html! {
        (ui::error_summary(t, &state, PaperForm::FIELDS))
        (ui::field(t, field("from_name"), &state, "", &[]))
        (ui::fields(html! {
            (ui::field(t, field("symbol"), &state, "", &[]))
            (ui::field(t, field("promulgated"), &state, &today, &[]))
        }))
        (ui::fields(html! {
            (ui::field(t, field("type_name"), &state, LETTER, &types))
            (ui::field(t, field("urgency"), &state, "0", &urgencies))
        }))
        (ui::field(t, field("subject"), &state, "", &[]))
        (ui::fields(html! {
            (ui::field(t, field("signer_name"), &state, "", &[]))
            (ui::field(t, field("signer_position"), &state, "", &[]))
        }))
        (ui::fields(html! {
            (ui::field(t, field("pages"), &state, "", &[]))
            (ui::field(t, field("due"), &state, "", &[]))
        }))
        (ui::field(t, field("files"), &state, "", &[]))
        @if cx.refusal().is_some() { (ui::field(t, field("confirm_duplicate"), &state, "", &[])) }
        (ui::acts(ui::submit(t, "documents.act_button.enter_paper", "ctrl+enter")))
    };
    let options = FormOptions { id: "paper", multipart: true, guard: true, ..FormOptions::default() };
    let body = html! {
        (ui::head(cx.text("documents.paper.title"), html! { (cx.text("documents.paper.sub")) }, html! {}))
        (ui::refused(t, cx.refusal(), cx.path()))
        (ui::form_with(t, &state, ("/documents/incoming", &options), fields))
    };
    cx.page(cx.text("documents.paper.title"), body.into_string())
}

/// Enters and registers in one press: whoever holds the paper has checked it.
pub(crate) fn enter(cx: &mut Writer<'_, IncomingRegister>) -> Reply {
    let form: PaperForm = cx.form()?;
    let document = enter_paper(cx, &form)?;
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

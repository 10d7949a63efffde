//! Registering a document that came on paper.

use crate::actions::arrival::{ImportForm, PaperForm, enter_paper, import};
use crate::actions::incoming::{path, register};
use crate::rights::IncomingRegister;
use crate::rules::types;
use crate::web::incoming_acts::refused;
use crate::web::incoming_show::urgency_key;
use base::form::Form;
use kernel::{Reader, Reply, Writer};
use maud::html;
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
        @if let Some(refusal) = cx.refusal() { (refused(t, refusal)) }
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
    let body = html! {
        (ui::head(cx.text("documents.import.title"), html! { (cx.text("documents.import.sub")) }, html! {}))
        (ui::form_with(t, &state, ("/documents/incoming/import", &options), fields))
    };
    cx.page(cx.text("documents.import.title"), body.into_string())
}

/// Takes the packets in; they are read after this answer, and a notice says what came of each.
pub(crate) fn import_files(cx: &mut Writer<'_, IncomingRegister>) -> Reply {
    let form: ImportForm = cx.form()?;
    let agency = cx.agency()?;
    let n = import(cx, &form)?;
    cx.done_with("documents.done.importing", "/notices", &[("n", n.to_string())], agency)
}

//! Letters that were set aside, and the form that completes a document which came by e-mail.

use crate::actions::incoming::path;
use crate::actions::letters::{self as actions, CompleteForm, PAGE};
use crate::model::Incoming;
use crate::model::letters::Letter;
use crate::rights::IncomingRegister;
use crate::rules::types;
use crate::store::letters as store;
use crate::web::marked;
use base::form::Form;
use base::{Error, Id, Result};
use kernel::{Raw, Reader, Reply, Response, Routes, Writer};
use maud::{Markup, html};
use platform::files::{self, FileOf};
use ui::{ButtonKind, Choice};

/// The routes of letters.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/documents/incoming/letters", list);
    r.get("/documents/incoming/letters/{id}/files/{file}", file);
    r.post("/documents/incoming/letters/{id}/take", take).page("/documents/incoming/letters");
    r.post("/documents/incoming/letters/{id}/drop", drop_letter).page("/documents/incoming/letters");
    r.post("/documents/incoming/{id}/complete", complete)
        .form::<CompleteForm>()
        .page("/documents/incoming/{id}");
    r.data("/documents/incoming/letters", data);
}

fn list(cx: &Reader<'_, IncomingRegister>) -> Reply {
    let t = cx.t();
    let letters = store::aside(cx)?;
    let mut cards = Vec::new();
    for letter in &letters {
        cards.push(card(cx, letter)?);
    }
    let title = t.text("documents.letter.title");
    let body = html! {
        (ui::head(title, html! { (t.text("documents.letter.sub")) }, html! {}))
        (ui::refused(t, cx.refusal(), cx.path()))
        @if cards.is_empty() {
            (ui::empty(t.text("documents.letter.none"), t.text("documents.letter.none_text"), html! {}))
        }
        (ui::stack(html! { @for card in &cards { (card) } }))
    };
    cx.page(title, body.into_string())
}

fn card(cx: &Reader<'_, IncomingRegister>, letter: &Letter) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let page = format!("{PAGE}/{}", letter.id);
    let held = files::of(cx, letter.id)?;
    let links = marked::links(cx, &page, &held)?;
    let key = format!("documents.letter.reason.{}", letter.reason);
    let reason = t.text(&key);
    let from = html! {
        (letter.from_name) " " span .muted { (letter.from_address) }
    };
    let listed = html! {
        @for (file, link) in held.iter().zip(&links) {
            p {
                @if link.href.is_empty() { (file.name) } @else { a href=(link.href) { (file.name) } }
                " " small .muted { (link.note) }
            }
        }
    };
    let mut rows = vec![
        (t.text("documents.letter.why"), html! { (reason) }),
        (t.text("documents.letter.from"), from),
        (t.text("documents.letter.at"), html! { (letter.arrived_at.dmy_hhmm()) }),
    ];
    if !held.is_empty() {
        rows.push((t.text("documents.letter.files"), listed));
    }
    let unnamed = t.text("documents.letter.no_subject");
    let title = if letter.subject.is_empty() { unnamed } else { &letter.subject };
    let acts = html! {
        @if !matches!(letter.reason.as_str(), "broken" | "too_large" | "too_many") {
            (ui::form(t, &state, &format!("{page}/take"), ui::button(t, ButtonKind::Plain, "documents.letter.take", ("", ""))))
        }
        (ui::form(t, &state, &format!("{page}/drop"), ui::button(t, ButtonKind::Danger, "documents.letter.drop", ("", ""))))
    };
    let body = html! { (ui::facts(&rows)) (ui::acts(acts)) };
    Ok(ui::card(&format!("letter-{}", letter.id), title, html! {}, body))
}

fn data(cx: &Reader<'_, IncomingRegister>) -> Reply {
    let items: Vec<serde_json::Value> = store::aside(cx)?
        .iter()
        .map(|letter| {
            serde_json::json!({
                "id": letter.id, "from_address": letter.from_address, "from_name": letter.from_name,
                "subject": letter.subject, "sent_at": letter.sent_at, "arrived_at": letter.arrived_at,
                "reason": letter.reason,
            })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({ "items": items })))
}

fn file(cx: &Reader<'_, IncomingRegister>) -> Reply {
    let letter = cx.open::<Letter>(cx.path_id()?)?;
    let id: Id<FileOf> = cx.param("file")?.parse().map_err(|_| Error::NotFound)?;
    let file = files::one(cx, letter.id, id)?;
    Ok(Response::File { sha256: file.sha256, name: file.name, content_type: file.content_type })
}

fn take(cx: &mut Writer<'_, IncomingRegister>) -> Reply {
    let letter = cx.open::<Letter>(cx.path_id()?)?;
    let document = actions::take(cx, &letter)?;
    cx.done_with("documents.letter.taken", path(document), &[], document)
}

fn drop_letter(cx: &mut Writer<'_, IncomingRegister>) -> Reply {
    let letter = cx.open::<Letter>(cx.path_id()?)?;
    actions::drop_letter(cx, &letter)?;
    cx.done("documents.letter.dropped", PAGE)
}

/// Completes and registers in one press.
fn complete(cx: &mut Writer<'_, IncomingRegister>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    let form: CompleteForm = cx.form()?;
    let number = actions::complete(cx, &document, &form)?;
    let values = [("number", number.to_string()), ("symbol", form.symbol)];
    cx.done_with("documents.done.registered", path(document.id), &values, document.id)
}

/// What is asked of the clerk before the document can be registered: what the letter proposes stands there.
pub(crate) fn complete_form(cx: &Raw<'_>, document: &Incoming) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let kinds = types::on(cx.now().date());
    let mut types: Vec<Choice<'_>> = kinds.iter().map(|kind| Choice::new(&kind.name, &kind.name)).collect();
    types.insert(0, Choice::new("", t.text("documents.letter.choose_type")));
    let field = ui::find_field::<CompleteForm>;
    let fields = html! {
        (ui::error_summary(t, &state, CompleteForm::FIELDS))
        (ui::field(t, field("from_name"), &state, &document.from_name, &[]))
        (ui::fields(html! {
            (ui::field(t, field("symbol"), &state, "", &[]))
            (ui::field(t, field("promulgated"), &state, "", &[]))
        }))
        (ui::field(t, field("type_name"), &state, "", &types))
        (ui::field(t, field("subject"), &state, &document.subject, &[]))
        (ui::fields(html! {
            (ui::field(t, field("signer_name"), &state, "", &[]))
            (ui::field(t, field("signer_position"), &state, "", &[]))
        }))
        @if cx.refusal().is_some() { (ui::field(t, field("confirm_duplicate"), &state, "", &[])) }
        (ui::acts(ui::submit(t, "documents.letter.complete", "t")))
    };
    ui::form(t, &state, &format!("{}/complete", path(document.id)), fields)
}

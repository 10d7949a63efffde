//! Secret documents: the form that draws a number for paper, and one line of their register.

use crate::actions::secret::{self as actions, SecretForm, VoidSecretForm, path};
use crate::model::secret::{SecrecyLevel, Secret};
use crate::rights::{OutgoingNumberSecret, RegisterReadSecret};
use crate::rules::signing::{Competence, suggested};
use crate::rules::types;
use crate::web::incoming_show::timeline;
use crate::web::outgoing_acts::competence_text;
use base::T;
use base::form::Form;
use kernel::{Opened, Raw, Reader, Reply, Response, Routes, Writer};
use maud::{Markup, html};
use platform::organisations;
use ui::{ButtonKind, Choice, Crumb, FormOptions, Tone};

/// The routes of secret documents.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/documents/secret/new", blank);
    r.post("/documents/secret", number).form::<SecretForm>().page("/documents/secret/new");
    r.get("/documents/secret/{id}", show);
    r.data("/documents/secret/{id}", show_data);
    r.post("/documents/secret/{id}/void", void).form::<VoidSecretForm>().page("/documents/secret/{id}");
}

/// The type chosen beforehand: the letter, which is what is written most.
const LETTER: &str = "CV";
/// The register these documents stand in.
const REGISTER: &str = "/documents/registers/secret";

/// The word of a level.
pub(crate) fn level_text(t: T, level: SecrecyLevel) -> &'static str {
    match level {
        SecrecyLevel::Secret => t.text("documents.secret.level.secret"),
        SecrecyLevel::TopSecret => t.text("documents.secret.level.top_secret"),
        SecrecyLevel::AbsoluteSecret => t.text("documents.secret.level.absolute_secret"),
    }
}

fn crumbs(t: T, here: &str) -> Markup {
    ui::crumbs(t, &[Crumb { label: t.text("documents.register.secret"), href: REGISTER }], here)
}

/// Why there is no field for a text or a file.
fn paper_only(t: T) -> Markup {
    let body = html! {
        b { (t.text("documents.secret.paper_only")) }
        p { (t.text("documents.secret.paper_only_why")) }
    };
    ui::banner(Tone::Soon, "shield", body, html! {})
}

fn blank(cx: &Reader<'_, OutgoingNumberSecret>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let title = t.text("documents.secret.new");
    let options = FormOptions { id: "secret", guard: true, ..FormOptions::default() };
    let body = html! {
        (crumbs(t, title))
        (ui::head(title, html! { (t.text("documents.secret.new_sub")) }, html! {}))
        (ui::stack(html! {
            (paper_only(t))
            (ui::refused(t, cx.refusal(), cx.path()))
            (ui::form_with(t, &state, ("/documents/secret", &options), fields(cx)?))
        }))
    };
    cx.page(title, body.into_string())
}

fn fields(cx: &Reader<'_, OutgoingNumberSecret>) -> base::Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let agency = organisations::agency(cx, cx.agency()?)?;
    // No level is chosen beforehand: a document is never made less secret by a press.
    let mut levels = vec![Choice::new("", t.text("documents.secret.field.choose_level"))];
    levels.extend(SecrecyLevel::ALL.iter().map(|level| Choice::new(level.word(), level_text(t, *level))));
    let types: Vec<Choice<'_>> =
        types::on(cx.now().date()).iter().map(|kind| Choice::new(&kind.code, &kind.name)).collect();
    let named: Vec<(String, String)> = organisations::units(cx, agency.id)?
        .into_iter()
        .map(|unit| (unit.id.to_string(), unit.name))
        .collect();
    let mut units = vec![Choice::new("", t.text("documents.secret.field.any_unit"))];
    units.extend(named.iter().map(|(id, name)| Choice::new(id, name)));
    let competences: Vec<Choice<'_>> =
        Competence::ALL.iter().map(|one| Choice::new(one.word(), competence_text(cx, *one))).collect();
    let competence = suggested("", agency.kind == "committee").word();
    let field = ui::find_field::<SecretForm>;
    Ok(html! {
        (ui::error_summary(t, &state, SecretForm::FIELDS))
        (ui::fields(html! {
            (ui::field(t, field("level"), &state, "", &levels))
            (ui::field(t, field("type_code"), &state, LETTER, &types))
        }))
        (ui::field(t, field("unit"), &state, "", &units))
        (ui::field(t, field("subject"), &state, "", &[]))
        (ui::fields(html! {
            (ui::field(t, field("signer_name"), &state, "", &[]))
            (ui::field(t, field("signer_position"), &state, "", &[]))
        }))
        (ui::field(t, field("competence"), &state, competence, &competences))
        (ui::field(t, field("to_places"), &state, "", &[]))
        (ui::fields(html! {
            (ui::field(t, field("copies"), &state, "", &[]))
            (ui::field(t, field("pages"), &state, "", &[]))
        }))
        (ui::acts(ui::submit(t, "documents.secret.button.number", "ctrl+enter")))
    })
}

fn number(cx: &mut Writer<'_, OutgoingNumberSecret>) -> Reply {
    let form: SecretForm = cx.form()?;
    let document = actions::number(cx, &form)?;
    let values = [("symbol", document.symbol.clone())];
    cx.done_with("documents.done.secret.numbered", path(document.id), &values, document.id)
}

fn void(cx: &mut Writer<'_, OutgoingNumberSecret>) -> Reply {
    let document = cx.open::<Secret>(cx.path_id()?)?;
    let form: VoidSecretForm = cx.form()?;
    actions::void(cx, &document, &form.reason)?;
    let values = [("symbol", document.symbol.clone())];
    cx.done_with("documents.done.secret.voided", path(document.id), &values, document.id)
}

fn show(cx: &Reader<'_, RegisterReadSecret>) -> Reply {
    let document = cx.open::<Secret>(cx.path_id()?)?;
    let t = cx.t();
    let history = cx.told_of(document.id, &[])?;
    let sub = html! {
        (ui::chip(Tone::Late, "lock", level_text(t, document.level)))
        @if document.voided_at.is_some() {
            (ui::chip(Tone::Plain, "x", t.text("documents.secret.is_voided")))
        } @else {
            (ui::chip(Tone::Ok, "stamp", t.text("documents.secret.on_paper")))
        }
    };
    let body = html! {
        (crumbs(t, &document.symbol))
        (ui::head(&document.symbol, sub, html! {}))
        (ui::split(
            ui::card("facts", t.text("documents.secret.facts"), html! {}, facts(cx, &document)?),
            html! {
                (voiding(cx, &document))
                (ui::card("history", t.text("documents.history"), html! {}, timeline((t, cx.now()), &history, None)))
            },
        ))
    };
    cx.page(document.symbol.clone(), body.into_string())
}

fn facts(cx: &Raw<'_>, document: &Opened<Secret>) -> base::Result<Markup> {
    let t = cx.t();
    let units = organisations::units(cx, document.agency)?;
    let unit = units.iter().find(|unit| Some(unit.id) == document.unit).map(|unit| unit.name.as_str());
    let subject = match document.subject.as_str() {
        "" => t.text("documents.secret.no_subject"),
        subject => subject,
    };
    let signer = [&document.signer_competence, &document.signer_position].map(String::as_str).join(" ");
    let mut rows = vec![
        (t.text("documents.secret.field.level"), html! { (level_text(t, document.level)) }),
        (t.text("documents.register.column.promulgated"), html! { (document.promulgated.dmy()) }),
        (t.text("documents.outgoing.field.type"), html! { (document.type_name) }),
        (t.text("documents.outgoing.field.subject"), html! { (subject) }),
        (t.text("documents.outgoing.field.signer"), html! { (document.signer_name) ", " (signer.trim()) }),
        (
            t.text("documents.register.column.places"),
            html! { @for line in document.to_places.lines() { div { (line) } } },
        ),
        (t.text("documents.outgoing.field.copies"), html! { (document.copies) }),
        (t.text("documents.outgoing.field.pages"), html! { (document.pages) }),
        (
            t.text("documents.secret.field.issued_by"),
            html! { (document.issued_by) ", " (document.issued_at.dmy_hhmm()) },
        ),
    ];
    if let Some(unit) = unit {
        rows.push((t.text("documents.secret.field.unit"), html! { (unit) }));
    }
    if let Some(at) = document.voided_at {
        let why = t.fill("documents.register.voided", &[("reason", &document.void_reason)]);
        rows.push((t.text("documents.register.column.remark"), html! { b { (why) } }));
        rows.push((
            t.text("documents.secret.field.voided_by"),
            html! { (document.voided_by) ", " (at.dmy_hhmm()) },
        ));
    }
    Ok(ui::facts(&rows))
}

/// The form that voids a number, for who may, until it is voided.
fn voiding(cx: &Reader<'_, RegisterReadSecret>, document: &Opened<Secret>) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let may = cx.may_at::<OutgoingNumberSecret>(document.agency) && document.voided_at.is_none();
    let form = html! {
        p { (t.text("documents.secret.void_text")) }
        (ui::error_summary(t, &state, VoidSecretForm::FIELDS))
        (ui::field(t, ui::find_field::<VoidSecretForm>("reason"), &state, "", &[]))
        (ui::acts(ui::button(t, ButtonKind::Danger, "documents.secret.button.void", ("", ""))))
    };
    html! {
        (ui::refused(t, cx.refusal(), cx.path()))
        @if may {
            (ui::card("void", t.text("documents.secret.void_title"), html! {},
                ui::form(t, &state, &format!("{}/void", path(document.id)), form)))
        }
    }
}

/// A secret document as the API tells it: what its register holds.
fn show_data(cx: &Reader<'_, RegisterReadSecret>) -> Reply {
    let document = cx.open::<Secret>(cx.path_id()?)?;
    Ok(Response::Json(serde_json::json!({
        "id": document.id,
        "level": document.level.word(),
        "type": document.type_name,
        "number": document.number,
        "symbol": document.symbol,
        "promulgated": document.promulgated,
        "subject": document.subject,
        "signer": {
            "competence": document.signer_competence,
            "position": document.signer_position,
            "name": document.signer_name,
        },
        "to_places": document.to_places.lines().collect::<Vec<_>>(),
        "copies": document.copies,
        "pages": document.pages,
        "issued_at": document.issued_at,
        "issued_by": document.issued_by,
        "voided_at": document.voided_at,
        "voided_by": document.voided_by,
        "void_reason": document.void_reason,
    })))
}

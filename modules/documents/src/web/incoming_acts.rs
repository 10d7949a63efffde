//! The panel of what the person in front of the screen is expected to do with an incoming document.

use crate::actions::incoming::path;
use crate::model::{Incoming, IncomingStatus as S, SignatureVerdict};
use crate::rights::{
    IncomingAssign, IncomingDirect, IncomingHandle, IncomingRead, IncomingRegister, OutgoingDraft,
};
use crate::rules;
use crate::store::incoming as store;
use crate::web::incoming::{AssignForm, DirectForm, NoteForm, ReturnForm};
use crate::web::letters;
use base::form::Form;
use base::{Error, Result};
use kernel::{Opened, Raw, Reader};
use maud::{Markup, html};
use platform::people::Holder;
use platform::{organisations, people};
use ui::{ButtonKind, Choice};

/// The forms for this document that the actor may use, the expected one first.
pub(crate) fn panel(cx: &Reader<'_, IncomingRead>, document: &Opened<Incoming>) -> Result<Markup> {
    let agency = document.agency;
    let inner = match document.status {
        S::Arrived if cx.may_at::<IncomingRegister>(agency) => register(cx, document),
        S::Registered if cx.may_at::<IncomingDirect>(agency) => direct(cx, document)?,
        S::Directed if cx.may_at::<IncomingAssign>(agency) => assign(cx, document)?,
        S::Assigned | S::InProgress => handle(cx, document)?,
        S::Registered | S::Directed if cx.may_at::<OutgoingDraft>(agency) => ui::acts(pass_on(cx, document)),
        _ => html! {},
    };
    if inner.0.is_empty() && cx.refusal().is_none() {
        return Ok(inner);
    }
    Ok(html! {
        div #act {
            (ui::refused(cx.t(), cx.refusal(), cx.path()))
            (inner)
        }
    })
}

fn register(cx: &Reader<'_, IncomingRead>, document: &Opened<Incoming>) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let address = path(document.id);
    let accept = ui::form(
        t,
        &state,
        &format!("{address}/accept"),
        ui::acts(ui::submit(t, "documents.act_button.accept", "t")),
    );
    let reason = ui::find_field::<ReturnForm>("reason");
    let back = ui::form(
        t,
        &state,
        &format!("{address}/return"),
        html! {
            (ui::error_summary(t, &state, ReturnForm::FIELDS))
            (ui::field(t, reason, &state, "", &[]))
            (ui::acts(ui::button(t, ButtonKind::Danger, "documents.act_button.return", ("", ""))))
        },
    );
    let broken = document.signature == SignatureVerdict::Invalid;
    let returning = state.errors.at("reason").is_some() || broken;
    let body = html! {
        @if document.symbol.is_empty() { (letters::complete_form(cx, document)) } @else if !broken { (accept) }
        @if returning { (back) } @else { (ui::more(t.text("documents.incoming.return_instead"), back)) }
    };
    ui::card("register", t.text("documents.incoming.register_title"), html! {}, ui::stack(body))
}

/// The units and people of the agency a direction can name.
fn parties(
    cx: &Reader<'_, IncomingRead>,
    document: &Opened<Incoming>,
) -> Result<Vec<(String, String, bool)>> {
    let mut all = Vec::new();
    for unit in organisations::units(cx, document.agency)? {
        all.push((format!("unit:{}", unit.id), unit.name, true));
    }
    for holder in people::of_agency(cx, document.agency)? {
        if holder.active && holder.role != "admin" {
            all.push((format!("person:{}", holder.person), named(&holder), false));
        }
    }
    Ok(all)
}

fn named(holder: &Holder) -> String {
    format!("{}, {}", holder.name, holder.title)
}

/// The one-tap words of a direction, in the order they stand in the row. Each has a label and, but for the
/// first, what it says.
const TEMPLATES: &[&str] = &["as_before", "advise", "propose", "competence", "coordinate", "inform"];

/// What the leader says: the words of the template, then their own.
pub(crate) fn instruction(
    cx: &Raw<'_>,
    document: &Opened<Incoming>,
    (template, own): (Option<&str>, &str),
) -> Result<String> {
    let said = match template {
        Some("as_before") => store::precedent(cx, document)?.map(|p| p.instruction).unwrap_or_default(),
        Some(word) => {
            if !TEMPLATES.contains(&word) {
                return Err(Error::field("template", "form.choose"));
            }
            cx.text(&format!("documents.direct.template.{word}.says")).to_owned()
        }
        None => String::new(),
    };
    let whole =
        [said.as_str(), own].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    if whole.is_empty() { Err(Error::field("instruction", "form.required")) } else { Ok(whole) }
}

fn direct(cx: &Reader<'_, IncomingRead>, document: &Opened<Incoming>) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let parties = parties(cx, document)?;
    let (units, people) = (t.text("documents.direct.units"), t.text("documents.direct.people"));
    let options: Vec<Choice<'_>> = parties
        .iter()
        .map(|(value, label, unit)| Choice { value, label, group: if *unit { units } else { people } })
        .collect();
    let precedent = store::precedent(cx, document)?;
    let lead = match &precedent {
        Some(p) => p
            .lead_unit
            .map(|unit| format!("unit:{unit}"))
            .or_else(|| p.lead_person.map(|person| format!("person:{person}")))
            .unwrap_or_default(),
        None => parties.first().map(|(value, _, _)| value.clone()).unwrap_or_default(),
    };
    let chosen = if precedent.is_some() { "as_before" } else { "advise" };
    let templates: Vec<(&str, String)> = TEMPLATES
        .iter()
        .filter(|word| **word != "as_before" || precedent.is_some())
        .map(|word| (*word, t.text(&format!("documents.direct.template.{word}")).to_owned()))
        .collect();
    let templates: Vec<Choice<'_>> = templates.iter().map(|(word, label)| Choice::new(word, label)).collect();
    let before = precedent.as_ref().map(|p| p.instruction.as_str()).unwrap_or_default();
    let due = rules::incoming::suggested_due(cx.now(), document.due).iso();
    let field = ui::find_field::<DirectForm>;
    let to = parties.iter().find(|(value, _, _)| *value == lead).map_or("", |(_, label, _)| label.as_str());
    let day = base::Date::parse(&due).map(base::Date::dmy).unwrap_or_default();
    let bar = t.fill("documents.direct.bar", &[("lead", &to), ("due", &day)]);
    let hint =
        if precedent.is_some() { "documents.direct.by_precedent" } else { "documents.direct.by_default" };
    let body = html! {
        (ui::error_summary(t, &state, DirectForm::FIELDS))
        (ui::field(t, field("lead"), &state, &lead, &options))
        (ui::taps(t, field("template"), &state, chosen, &templates))
        @if !before.is_empty() { p .hint { (t.fill("documents.direct.before", &[("words", &before)])) } }
        (ui::field(t, field("instruction"), &state, "", &[]))
        (ui::field(t, field("due"), &state, &due, &[]))
        (ui::more(t.text("documents.field.with"), ui::field(t, field("with"), &state, "", &options)))
        (ui::acts(ui::submit(t, "documents.act_button.direct", "ctrl+enter")))
        (ui::act_bar(t, ("#act", &bar), ui::submit(t, "documents.act_button.direct", "")))
    };
    let form = ui::form(t, &state, &format!("{}/direct", path(document.id)), body);
    let aside = html! { span .hint { (t.text(hint)) } };
    Ok(ui::card("direct", t.text("documents.direct.title"), aside, form))
}

fn assign(cx: &Reader<'_, IncomingRead>, document: &Opened<Incoming>) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let holders: Vec<Holder> = people::of_agency(cx, document.agency)?
        .into_iter()
        .filter(|h| {
            h.active && h.role != "admin" && (document.lead_unit.is_none() || h.unit == document.lead_unit)
        })
        .collect();
    let labels: Vec<(String, String)> = holders.iter().map(|h| (h.person.to_string(), named(h))).collect();
    let options: Vec<Choice<'_>> = labels.iter().map(|(value, label)| Choice::new(value, label)).collect();
    let first = holders.iter().find(|h| h.role == "officer").or(holders.first());
    let value = first.map(|h| h.person.to_string()).unwrap_or_default();
    let due = document.handle_due.map(|due| due.date().iso()).unwrap_or_default();
    let body = html! {
        (ui::error_summary(t, &state, AssignForm::FIELDS))
        (ui::field(t, ui::find_field::<AssignForm>("person"), &state, &value, &options))
        (ui::field(t, ui::find_field::<AssignForm>("due"), &state, &due, &[]))
        (ui::acts(ui::submit(t, "documents.act_button.assign", "ctrl+enter")))
    };
    let form = ui::form(t, &state, &format!("{}/assign", path(document.id)), body);
    Ok(ui::card("assign", t.text("documents.assign.title"), html! {}, form))
}

fn handle(cx: &Reader<'_, IncomingRead>, document: &Opened<Incoming>) -> Result<Markup> {
    let t = cx.t();
    let mine = document
        .lead_person
        .is_some_and(|person| cx.actor().person == Some(person) || cx.actor().stands_for.contains(&person));
    let reassign = if cx.may_at::<IncomingAssign>(document.agency) && !mine {
        ui::more(t.text("documents.assign.another"), assign(cx, document)?)
    } else {
        html! {}
    };
    if !cx.may_at::<IncomingHandle>(document.agency) {
        return Ok(reassign);
    }
    let state = cx.form_state();
    let note = ui::form(
        t,
        &state,
        &format!("{}/note", path(document.id)),
        html! {
            (ui::error_summary(t, &state, NoteForm::FIELDS))
            (ui::field(t, ui::find_field::<NoteForm>("note"), &state, t.text("documents.handle.note_words"), &[]))
            (ui::acts(ui::button(t, ButtonKind::Plain, "documents.act_button.note", ("", ""))))
        },
    );
    let begin = ui::form(
        t,
        &state,
        &format!("{}/begin", path(document.id)),
        ui::button(t, ButtonKind::Quiet, "documents.act_button.begin", ("", "")),
    );
    let body = html! {
        div.acts {
            (pass_on(cx, document))
            @if document.status == S::Assigned && mine { (begin) }
        }
        h3 { (t.text("documents.incoming.close_with_note")) }
        (note)
        (reassign)
    };
    Ok(ui::card("handle", t.text("documents.handle.title"), html! {}, ui::stack(body)))
}

/// The two ways on with a letter: an answer to its sender, or a new letter to those below.
fn pass_on(cx: &Reader<'_, IncomingRead>, document: &Opened<Incoming>) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    if !cx.may_at::<OutgoingDraft>(document.agency) {
        return html! {};
    }
    let address = path(document.id);
    html! {
        (ui::form(t, &state, &format!("{address}/answer"),
            ui::submit(t, "documents.act_button.answer", "r")))
        (ui::form(t, &state, &format!("{address}/forward"),
            ui::button(t, ButtonKind::Plain, "documents.act_button.forward", ("", ""))))
    }
}

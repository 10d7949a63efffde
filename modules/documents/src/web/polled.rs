//! Asking other agencies for their opinion: from an issued document, on the page of the question.

use crate::actions::incoming::path as incoming_path;
use crate::actions::opinions::{path, selves};
use crate::actions::outgoing::path as outgoing_path;
use crate::actions::polled as actions;
use crate::model::opinions::{OpinionAnswer, Poll};
use crate::model::{Outgoing, OutgoingStatus};
use crate::rights::{OpinionAsk, OpinionGive, OutgoingDraft};
use crate::store::polled::{self as store, Polled};
use base::form::{Field, Form, Kind};
use base::{Id, Instant, Result};
use kernel::{Opened, Reader, Reply, Routes, Writer};
use maud::{Markup, html};
use ui::{ButtonKind, Choice};

/// The routes of asking agencies.
pub(crate) fn routes(r: &mut Routes) {
    r.post("/documents/opinions/agencies", ask).form::<AgenciesForm>().page("/documents/opinions/new");
    r.post("/documents/opinions/{id}/agency", set).form::<NotedForm>().page("/documents/opinions/{id}");
    r.post("/documents/opinions/{id}/urge", urge).page("/documents/opinions/{id}");
}

base::form! {
    /// A question to all recipients of an issued document.
    pub(crate) struct AgenciesForm {
        document: Id<Outgoing> = Field::hidden("documents.opinions.field.about").required(),
        until: Instant = Field::new(Kind::DateTime, "documents.opinions.field.due").required(),
    }
}

base::form! {
    /// What an agency says, as whoever asked reads it.
    pub(crate) struct NotedForm {
        polled: Id<Polled> = Field::choice("documents.polled.field.polled").required(),
        answer: OpinionAnswer = Field::choice("documents.opinions.field.answer").required(),
        noted: String = Field::area("documents.polled.field.noted").max(2000),
    }
}

/// Asking everybody a document went to, where the question is about an issued one.
pub(crate) fn asking(cx: &Reader<'_, OpinionAsk>, document: Option<Id<Outgoing>>) -> Result<Markup> {
    let Some(document) = document else { return Ok(html! {}) };
    let document = cx.open::<Outgoing>(document)?;
    if document.status != OutgoingStatus::Issued {
        return Ok(html! {});
    }
    let (t, state) = (cx.t(), cx.form_state());
    let day = base::calendar::Calendar::vietnam().add_working_days(cx.now().date(), 7);
    let due = format!("{}T17:00", document.due.unwrap_or(day).iso());
    let id = document.id.to_string();
    let body = html! {
        (ui::field(t, ui::find_field::<AgenciesForm>("document"), &state, &id, &[]))
        (ui::field(t, ui::find_field::<AgenciesForm>("until"), &state, &due, &[]))
        (ui::acts(ui::button(t, ButtonKind::Plain, "documents.polled.button.ask", ("", ""))))
    };
    let form = ui::form(t, &state, "/documents/opinions/agencies", body);
    let body = html! { p { (t.text("documents.polled.ask_text")) } (form) };
    Ok(ui::card("agencies", t.text("documents.polled.ask"), html! {}, body))
}

/// The agencies of a question with the documents they answered with, and noting what they say.
pub(crate) fn card(cx: &Reader<'_, OpinionGive>, poll: &Opened<Poll>) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let all = store::of(cx, poll)?;
    if all.is_empty() {
        return Ok(html! {});
    }
    let mine =
        poll.closed_at.is_none() && selves(cx).contains(&poll.asked_by) && cx.actor().may::<OpinionAsk>();
    let choices: Vec<(String, &str)> =
        all.iter().map(|one| (one.id.to_string(), one.to_name.as_str())).collect();
    let choices: Vec<Choice<'_>> = choices.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let unread = |one: &&Polled| one.incoming.is_some() && one.answered_by.is_empty();
    let first = all.iter().find(unread).map(|one| one.id.to_string()).unwrap_or_default();
    let silent = all.iter().any(|one| one.answer.is_empty());
    let field = ui::find_field::<NotedForm>;
    let body = html! {
        ul {
            @for one in &all {
                @if let Some(incoming) = one.incoming {
                    li {
                        (one.to_name) ": " a href=(incoming_path(incoming)) { (one.words) }
                        @if one.answered_by.is_empty() { " " span.muted { (t.text("documents.polled.unread")) } }
                    }
                }
            }
        }
        @if mine {
            (ui::form(t, &state, &format!("{}/agency", path(poll.id)), html! {
                (ui::error_summary(t, &state, NotedForm::FIELDS))
                (ui::field(t, field("polled"), &state, &first, &choices))
                (ui::field(t, field("noted"), &state, "", &[]))
                (ui::acts(html! {
                    @for (answer, key) in [
                        (OpinionAnswer::Agree, "documents.opinions.answer.agree"),
                        (OpinionAnswer::Disagree, "documents.opinions.answer.disagree"),
                        (OpinionAnswer::Other, "documents.opinions.answer.other"),
                    ] {
                        (ui::button(t, ButtonKind::Plain, key, ("answer", answer.word())))
                    }
                }))
            }))
            @if silent && cx.actor().may::<OutgoingDraft>() {
                (ui::form(t, &state, &format!("{}/urge", path(poll.id)),
                    ui::acts(ui::button(t, ButtonKind::Plain, "documents.polled.button.urge", ("", "")))))
            }
        }
    };
    Ok(ui::card(
        "polled",
        t.text("documents.polled.title"),
        html! {},
        html! { div class="stack stack--form" { (body) } },
    ))
}

fn ask(cx: &mut Writer<'_, OpinionAsk>) -> Reply {
    let form: AgenciesForm = cx.form()?;
    let document = cx.open::<Outgoing>(form.document)?;
    let poll = actions::ask(cx, &document, form.until)?;
    cx.done_with("documents.polled.done.asked", path(poll.id), &[], poll.id)
}

fn set(cx: &mut Writer<'_, OpinionAsk>) -> Reply {
    let poll = cx.open::<Poll>(cx.path_id()?)?;
    let form: NotedForm = cx.form()?;
    actions::set(cx, &poll, (form.polled, form.answer, form.noted.trim()))?;
    cx.done_with("documents.polled.done.set", path(poll.id), &[], poll.id)
}

fn urge(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    let poll = cx.open::<Poll>(cx.path_id()?)?;
    let draft = actions::urge(cx, &poll)?;
    cx.done_with("documents.polled.done.urged", format!("{}/edit", outgoing_path(draft.id)), &[], draft.id)
}

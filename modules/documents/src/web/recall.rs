//! The sender's side of recall: asking recipients for a document back, and drafts that change an issued one.

use crate::actions::changes::{self, Change};
use crate::actions::outgoing::path;
use crate::actions::recall::{self as actions, last_recall};
use crate::model::recall::{AskState, Asks, Request};
use crate::model::{Outgoing, OutgoingStatus, Recipient};
use crate::rights::{OutgoingDraft, OutgoingRead, OutgoingRecall};
use crate::rules::recall as rules;
use crate::store::recall as store;
use crate::web::outgoing::opened;
use base::form::{Field, Form};
use base::{Id, Result, T};
use kernel::{Opened, Reader, Reply, Response, Routes, Writer};
use maud::{Markup, html};
use ui::{ButtonKind, Cell, Choice, Column, Table, Tone};

/// So many requests are shown at once; more are counted and folded away.
const FEW: usize = 10;

/// The routes.
pub(crate) fn routes(r: &mut Routes) {
    r.post("/documents/outgoing/{id}/recall", recall)
        .form::<RecallForm>()
        .page("/documents/outgoing/{id}/tracking");
    r.post("/documents/outgoing/{id}/update", update).form::<ChangeForm>().page("/documents/outgoing/{id}");
    r.post("/documents/outgoing/{id}/replace", replace).form::<ChangeForm>().page("/documents/outgoing/{id}");
    r.data("/documents/outgoing/{id}/requests", requests_data);
}

base::form! {
    /// Why a document is asked back, and from whom; from everybody when nobody is named.
    pub(crate) struct RecallForm {
        recall_reason: String = Field::area("documents.recall.field.reason").required().max(500),
        from: Vec<Id<Recipient>> = Field::many("documents.recall.field.from"),
    }
}

base::form! {
    /// Why an issued document is updated or replaced.
    pub(crate) struct ChangeForm {
        change_reason: String = Field::area("documents.recall.field.change_reason").required().max(500),
    }
}

fn recall(cx: &mut Writer<'_, OutgoingRecall>) -> Reply {
    let document = opened(cx)?;
    let form: RecallForm = cx.form()?;
    let done = actions::recall(cx, &document, (&form.from, &form.recall_reason))?;
    let values = [
        ("n", done.asked.to_string()),
        ("kept", done.withdrawn.to_string()),
        ("symbol", document.symbol.clone()),
    ];
    let back = format!("{}/tracking", path(document.id));
    cx.done_with("documents.done.outgoing.recalled", back, &values, document.id)
}

fn update(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    begin(cx, (Change::Update, "documents.done.outgoing.update"))
}

fn replace(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    begin(cx, (Change::Replace, "documents.done.outgoing.replace"))
}

fn begin(cx: &mut Writer<'_, OutgoingDraft>, (change, key): (Change, &'static str)) -> Reply {
    let document = opened(cx)?;
    let form: ChangeForm = cx.form()?;
    let draft = changes::draft(cx, &document, (change, &form.change_reason))?;
    let values = [("symbol", document.symbol.clone())];
    cx.done_with(key, format!("{}/edit", path(draft.id)), &values, draft.id)
}

/// On the tracking page: the form that asks a document back, folded away, from all or some of those shown; and
/// what was asked so far.
pub(crate) fn cards(
    cx: &Reader<'_, OutgoingRead>,
    document: &Opened<Outgoing>,
    (all, shown): (&[Recipient], &[Recipient]),
) -> Result<Markup> {
    let requests = store::requests(cx, document.id)?;
    Ok(html! {
        (asking(cx, document, (shown, &requests)))
        (asked(cx.t(), &path(document.id), (all, &requests)))
    })
}

fn asking(
    cx: &Reader<'_, OutgoingRead>,
    document: &Opened<Outgoing>,
    (shown, requests): (&[Recipient], &[Request]),
) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let may = cx.may_at::<OutgoingRecall>(document.agency);
    if !may || rules::issued(document).is_err() {
        return html! {};
    }
    let open = |one: &Recipient| {
        requests.iter().any(|request| request.recipient == one.id && request.state == AskState::Open)
    };
    let from: Vec<(String, &str)> = shown
        .iter()
        .filter(|one| rules::may_be_asked(one.status) && !open(one))
        .map(|one| (one.id.to_string(), one.to_name.as_str()))
        .collect();
    if from.is_empty() {
        return html! {};
    }
    let options: Vec<Choice<'_>> = from.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let form = ui::form(
        t,
        &state,
        &format!("{}/recall", path(document.id)),
        html! {
            @if state.errors.at("recall_reason").is_some() { (ui::error_summary(t, &state, RecallForm::FIELDS)) }
            (ui::field(t, ui::find_field::<RecallForm>("recall_reason"), &state, "", &[]))
            @if options.len() > 1 {
                (ui::more(t.text("documents.recall.only_some"),
                    ui::field(t, ui::find_field::<RecallForm>("from"), &state, "", &options)))
            }
            (ui::acts(ui::button(t, ButtonKind::Danger, "documents.recall.button.recall", ("", ""))))
            p.hint { (t.text("documents.recall.explained")) }
        },
    );
    let wrong = state.errors.at("recall_reason").is_some();
    let body = if wrong { form } else { ui::more(t.text("documents.recall.open"), form) };
    ui::card("recall", t.text("documents.recall.title"), html! {}, body)
}

/// The word of what is asked.
pub(crate) fn kind_text(t: T, kind: Asks) -> &'static str {
    match kind {
        Asks::Recall => t.text("documents.recall.kind.recall"),
        Asks::Removal => t.text("documents.recall.kind.removal"),
        Asks::Update => t.text("documents.recall.kind.update"),
    }
}

/// How far it is, as a chip.
pub(crate) fn state_chip(t: T, state: AskState) -> Markup {
    match state {
        AskState::Open => ui::chip(Tone::Soon, "clock", t.text("documents.recall.state.open")),
        AskState::Granted => ui::chip(Tone::Ok, "check", t.text("documents.recall.state.granted")),
        AskState::Refused => ui::chip(Tone::Late, "x", t.text("documents.recall.state.refused")),
        AskState::Withdrawn => ui::chip(Tone::Plain, "undo", t.text("documents.recall.state.withdrawn")),
    }
}

/// What was asked of each recipient, and what it said.
fn asked(t: T, page: &str, (all, requests): (&[Recipient], &[Request])) -> Markup {
    if requests.is_empty() {
        return html! {};
    }
    let columns = [
        Column::new(t.text("documents.tracking.column.recipient"), Cell::Title),
        Column::new(t.text("documents.recall.column.asked"), Cell::Text),
        Column::new(t.text("documents.recall.column.state"), Cell::Text),
        Column::new(t.text("documents.recall.column.answer"), Cell::Text),
    ];
    let name = |request: &Request| {
        all.iter().find(|one| one.id == request.recipient).map_or("", |one| one.to_name.as_str()).to_owned()
    };
    let rows: Vec<Vec<Markup>> = requests
        .iter()
        .rev()
        .map(|request| {
            vec![
                html! { (name(request)) },
                html! {
                    (kind_text(t, request.kind)) ", " (request.asked_at.dmy_hhmm())
                    " " span.muted { (request.asked_by) ": " (request.reason) }
                    @if request.state != AskState::Withdrawn && request.kind != Asks::Update {
                        " " a.small href={ (page) "/asked/" (request.id) } { "edXML" }
                    }
                },
                state_chip(t, request.state),
                html! {
                    @if let Some(at) = request.answered_at { (at.dmy_hhmm()) " " span.muted { (request.answered_by) } }
                    @if !request.answer.is_empty() { p { (request.answer) } }
                },
            ]
        })
        .collect();
    let caption = t.text("documents.recall.asked");
    let table = ui::table(&Table { caption, columns: &columns, rows: &rows, register: false });
    if requests.len() <= FEW {
        return ui::card_flush("requests", caption, html! {}, table);
    }
    let count = |state: AskState| {
        let n = requests.iter().filter(|request| request.state == state).count();
        html! { @if n > 0 { span { (state_chip(t, state)) " " (n) } " " } }
    };
    let all = t.count("documents.recall.all", i64::try_from(requests.len()).unwrap_or(0));
    ui::card(
        "requests",
        caption,
        html! {},
        html! {
            p { @for state in AskState::ALL { (count(*state)) } }
            (ui::more(&all, table))
        },
    )
}

/// What happened to an issued document since: asked back, replaced, another version.
pub(crate) fn banner(cx: &Reader<'_, OutgoingRead>, document: &Opened<Outgoing>) -> Result<Markup> {
    let t = cx.t();
    let frozen = match document.frozen_at {
        Some(at) => {
            let reason = last_recall(cx, document.updates.unwrap_or(document.id))?.map(|(_, reason)| reason);
            let body = html! {
                b { (t.fill("documents.recall.frozen", &[("at", &at.dmy_hhmm())])) }
                @if let Some(reason) = reason { p { (reason) } }
                p { (t.text("documents.recall.frozen_ground")) }
            };
            ui::banner(Tone::Late, "undo", body, html! {})
        }
        None => html! {},
    };
    let others: [(Option<Id<Outgoing>>, &'static str); 3] = [
        (document.replaced_by, "documents.recall.replaced_by"),
        (document.replaces, "documents.recall.replaces"),
        (document.updates, "documents.recall.updates"),
    ];
    let mut lines = Vec::new();
    for (id, key) in others.iter().filter_map(|(id, key)| Some(((*id)?, *key))) {
        let other = cx.open::<Outgoing>(id)?;
        lines.push((path(id), t.fill(key, &[("symbol", &other.symbol)])));
    }
    if let Some(newest) = store::versions(cx, document.id)?.first() {
        lines.push((path(*newest), t.text("documents.recall.has_version").to_owned()));
    }
    let tone = if document.replaced_by.is_some() { Tone::Late } else { Tone::Info };
    Ok(html! {
        (frozen)
        @for (href, label) in &lines {
            (ui::banner(tone, "copy", html! { b { (label) } }, html! { a href=(href) { (t.text("documents.recall.see")) } }))
        }
    })
}

/// On the page of an issued document: the two ways to change it, folded away.
pub(crate) fn changing(cx: &Reader<'_, OutgoingRead>, document: &Opened<Outgoing>) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let may = cx.may_at::<OutgoingDraft>(document.agency);
    if !may || document.status != OutgoingStatus::Issued || rules::change(document).is_err() {
        return html! {};
    }
    let way = |act: &str, (line, button): (&'static str, &'static str)| {
        let form = ui::form(
            t,
            &state,
            &format!("{}/{act}", path(document.id)),
            html! {
                @if state.errors.at("change_reason").is_some() { (ui::error_summary(t, &state, ChangeForm::FIELDS)) }
                (ui::field(t, ui::find_field::<ChangeForm>("change_reason"), &state, "", &[]))
                (ui::acts(ui::button(t, ButtonKind::Plain, button, ("", ""))))
            },
        );
        ui::more(t.text(line), form)
    };
    let body = html! {
        (way("update", ("documents.recall.update_line", "documents.recall.button.update")))
        (way("replace", ("documents.recall.replace_line", "documents.recall.button.replace")))
    };
    ui::card("change", t.text("documents.recall.change"), html! {}, body)
}

/// What was asked of the recipients, for programs.
fn requests_data(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let document = cx.open::<Outgoing>(cx.path_id()?)?;
    let items: Vec<serde_json::Value> = store::requests(cx, document.id)?
        .iter()
        .map(|one| {
            serde_json::json!({
                "id": one.id, "recipient": one.recipient, "kind": one.kind.word(), "reason": one.reason,
                "state": one.state.word(), "asked_by": one.asked_by, "asked_at": one.asked_at,
                "answered_by": one.answered_by, "answered_at": one.answered_at, "answer": one.answer,
                "forwarded": one.forwarded.lines().collect::<Vec<_>>(),
            })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({
        "symbol": document.symbol, "frozen_at": document.frozen_at, "items": items,
    })))
}

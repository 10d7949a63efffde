//! The receiver's side of recall: what senders ask, the clerk's answer, and what is left afterwards.

use crate::actions::demands as actions;
use crate::actions::incoming::path;
use crate::model::recall::{AskState, Asks, Demand};
use crate::model::{Incoming, IncomingStatus, Source};
use crate::rights::{IncomingGiveBack, IncomingRead};
use crate::store::changes;
use crate::store::recall::{self as store, Waits};
use crate::web::recall::{kind_text, state_chip};
use crate::web::{incoming_show, letter};
use base::form::{Field, Form};
use base::{Error, Id, Result, T};
use contracts::Document;
use kernel::{Opened, Raw, Reader, Reply, Response, Routes, Writer};
use maud::{Markup, html};
use platform::files::{self, FileOf};
use ui::{ButtonKind, Cell, Column, Line, Table, Tone};

/// The routes.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/documents/demands", list);
    r.get("/documents/demands/{id}", show);
    r.get("/documents/demands/{id}/files/{file}", file);
    r.post("/documents/demands/{id}/grant", grant).page("/documents/demands/{id}");
    r.post("/documents/demands/{id}/refuse", refuse).form::<RefuseForm>().page("/documents/demands/{id}");
    r.data("/documents/demands", list_data);
    r.data("/documents/incoming/{id}/demands", demands_data);
}

base::form! {
    /// Why what a sender asks is refused.
    pub(crate) struct RefuseForm {
        refuse_reason: String = Field::area("documents.demand.field.reason").required().max(500),
    }
}

fn address(id: Id<Demand>) -> String {
    format!("/documents/demands/{id}")
}

fn grant(cx: &mut Writer<'_, IncomingGiveBack>) -> Reply {
    let demand = cx.open::<Demand>(cx.path_id()?)?;
    let document = cx.open::<Incoming>(demand.incoming)?;
    actions::grant(cx, &demand, &document)?;
    let key = match demand.kind {
        Asks::Update => "documents.done.version_taken",
        _ => "documents.done.given_back",
    };
    cx.done_with(key, path(document.id), &[("symbol", document.symbol.clone())], document.id)
}

fn refuse(cx: &mut Writer<'_, IncomingGiveBack>) -> Reply {
    let demand = cx.open::<Demand>(cx.path_id()?)?;
    let document = cx.open::<Incoming>(demand.incoming)?;
    let form: RefuseForm = cx.form()?;
    actions::refuse(cx, (&demand, &document), &form.refuse_reason)?;
    let values = [("symbol", document.symbol.clone())];
    cx.done_with("documents.done.demand_refused", path(document.id), &values, document.id)
}

/// What waits for the agency's answer.
fn list(cx: &Reader<'_, IncomingGiveBack>) -> Reply {
    let t = cx.t();
    let waits = store::waits(cx)?;
    let title = t.text("documents.demand.title");
    let body = html! {
        (ui::head(title, html! { (t.text("documents.demand.sub")) }, html! {}))
        @if waits.is_empty() {
            (ui::empty(t.text("documents.demand.none"), t.text("documents.demand.none_hint"), html! {}))
        } @else {
            (rows(t, title, &waits))
        }
    };
    cx.page(title, body.into_string())
}

fn rows(t: T, caption: &str, waits: &[Waits]) -> Markup {
    let columns = [
        Column::new(t.text("documents.column.subject"), Cell::Title),
        Column::new(t.text("documents.field.from_name"), Cell::Text),
        Column::new(t.text("documents.recall.column.asked"), Cell::Text),
        Column::new(t.text("documents.tracking.column.since"), Cell::Nowrap),
    ];
    let rows: Vec<Vec<Markup>> = waits
        .iter()
        .map(|one| {
            vec![
                html! { a href=(address(one.id)) { (one.subject) } " " span.muted { (one.symbol) } },
                html! { (one.from_name) },
                html! { b { (kind_text(t, one.kind)) } " " (one.reason) },
                html! { (one.asked_at.dmy_hhmm()) },
            ]
        })
        .collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, register: false })
}

fn list_data(cx: &Reader<'_, IncomingGiveBack>) -> Reply {
    let items: Vec<serde_json::Value> = store::waits(cx)?
        .iter()
        .map(|one| {
            serde_json::json!({
                "id": one.id, "incoming": one.incoming, "symbol": one.symbol, "subject": one.subject,
                "from": one.from_name, "kind": one.kind.word(), "reason": one.reason, "asked_at": one.asked_at,
            })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({ "items": items })))
}

fn demands_data(cx: &Reader<'_, IncomingRead>) -> Reply {
    let document = cx.open::<Incoming>(cx.path_id()?)?;
    let items: Vec<serde_json::Value> = store::demands(cx, document.id)?
        .iter()
        .map(|one| {
            let version: Option<Document> = serde_json::from_str(&one.version).ok();
            serde_json::json!({
                "id": one.id, "kind": one.kind.word(), "reason": one.reason, "state": one.state.word(),
                "asked_by": one.asked_by, "asked_at": one.asked_at, "answered_by": one.answered_by,
                "answered_at": one.answered_at, "answer": one.answer, "version": version,
            })
        })
        .collect();
    let left: Vec<serde_json::Value> = store::tombstones(cx, document.id)?
        .iter()
        .map(|one| {
            serde_json::json!({
                "role": one.role, "name": one.name, "content_type": one.content_type, "bytes": one.bytes,
                "sha256": one.sha256, "destroyed_at": one.destroyed_at,
            })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({ "items": items, "tombstones": left })))
}

/// The document a demand is about, with the demand on top.
fn show(cx: &Reader<'_, IncomingRead>) -> Reply {
    let demand = cx.open::<Demand>(cx.path_id()?)?;
    incoming_show::page(cx, &cx.open::<Incoming>(demand.incoming)?)
}

/// A file of the other version of a document.
fn file(cx: &Reader<'_, IncomingRead>) -> Reply {
    let demand = cx.open::<Demand>(cx.path_id()?)?;
    let id: Id<FileOf> = cx.param("file")?.parse().map_err(|_| Error::NotFound)?;
    let file = files::one(cx, demand.id, id)?;
    Ok(Response::File { sha256: file.sha256, name: file.name, content_type: file.content_type })
}

/// What is asked about a document, above everything else on its page.
pub(crate) fn panel(cx: &Reader<'_, IncomingRead>, document: &Opened<Incoming>) -> Result<Markup> {
    let t = cx.t();
    let demands = store::demands(cx, document.id)?;
    let mut open = Vec::new();
    for demand in demands.iter().filter(|one| one.state == AskState::Open) {
        open.push(asked(cx, document, demand)?);
    }
    Ok(html! {
        (standing(cx, document)?)
        @for card in &open { (card) }
        (answered(t, document, &demands))
    })
}

/// What became of the document: replaced, given back; and what it replaces.
fn standing(cx: &Raw<'_>, document: &Opened<Incoming>) -> Result<Markup> {
    let t = cx.t();
    let mut banners: Vec<(Tone, Markup, Markup)> = Vec::new();
    if let Some(newer) = document.replaced_by {
        let newer = cx.open::<Incoming>(newer)?;
        let label = t.fill("documents.demand.replaced_by", &[("symbol", &newer.symbol)]);
        let see = html! { a href=(path(newer.id)) { (t.text("documents.recall.see")) } };
        banners.push((Tone::Late, html! { b { (label) } p { (t.text("documents.demand.not_valid")) } }, see));
    }
    for gone in changes::gone(cx, document.id)? {
        let label = t.fill("documents.recall.replaces", &[("symbol", &gone.symbol)]);
        let old = store::received(cx, document.agency, (&gone.document_id, &document.from_code))?;
        let see = html! { @if let Some(id) = old { a href=(path(id)) { (t.text("documents.recall.see")) } } };
        banners.push((Tone::Info, html! { b { (label) } }, see));
    }
    let left = if document.status == IncomingStatus::Recalled {
        left(cx, document)?
    } else {
        html! {}
    };
    Ok(html! {
        @for (tone, body, see) in banners { (ui::banner(tone, "copy", body, see)) }
        (left)
    })
}

/// What is left of a document that was given back.
fn left(cx: &Raw<'_>, document: &Opened<Incoming>) -> Result<Markup> {
    let t = cx.t();
    let stones = store::tombstones(cx, document.id)?;
    let named: Vec<(String, String)> = stones
        .iter()
        .map(|one| {
            let kb = one.bytes / 1024 + 1;
            (t.fill("documents.demand.stone", &[("name", &one.name), ("kb", &kb)]), one.sha256.clone())
        })
        .collect();
    let lines: Vec<Line<'_>> = named
        .iter()
        .map(|(label, hash)| Line { label, href: "", note: html! { code.small { (hash) } } })
        .collect();
    let body = html! {
        b { (t.text("documents.demand.destroyed")) }
        p { (t.text("documents.demand.destroyed_ground")) }
    };
    Ok(html! {
        (ui::banner(Tone::Late, "undo", body, html! {}))
        @if !lines.is_empty() {
            (ui::card("left", t.text("documents.demand.left"), html! {}, ui::lines(&lines)))
        }
    })
}

/// One open demand: what, why, and the two answers for whoever may give them.
fn asked(cx: &Reader<'_, IncomingRead>, document: &Opened<Incoming>, demand: &Demand) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let update = demand.kind == Asks::Update;
    let address = address(demand.id);
    let words = html! {
        p {
            b { (demand.reason) } " "
            span.muted { (demand.asked_by) ", " (demand.asked_at.dmy_hhmm()) }
        }
        @if update { (versions(cx, document, demand, true)?) } @else { (consequences(cx, document)?) }
    };
    let acts = if cx.may_at::<IncomingGiveBack>(document.agency) {
        let label = if update { "documents.demand.button.take" } else { "documents.demand.button.grant" };
        let grant = ui::form(t, &state, &format!("{address}/grant"), ui::acts(ui::submit(t, label, "")));
        let wrong = state.errors.at("refuse_reason").is_some();
        let refuse = ui::form(
            t,
            &state,
            &format!("{address}/refuse"),
            html! {
                @if wrong { (ui::error_summary(t, &state, RefuseForm::FIELDS)) }
                (ui::field(t, ui::find_field::<RefuseForm>("refuse_reason"), &state, "", &[]))
                (ui::acts(ui::button(t, ButtonKind::Danger, "documents.demand.button.refuse", ("", ""))))
            },
        );
        html! { (grant) @if wrong { (refuse) } @else { (ui::more(t.text("documents.demand.refuse_instead"), refuse)) } }
    } else {
        html! { p.hint { (t.text("documents.demand.clerk_answers")) } }
    };
    let title = if update { "documents.demand.update_title" } else { "documents.demand.recall_title" };
    let body = ui::stack(html! { (words) (acts) });
    Ok(ui::card(&format!("demand-{}", demand.id), t.text(title), state_chip(t, demand.state), body))
}

/// What giving back would do: the clerk knows before pressing.
fn consequences(cx: &Raw<'_>, document: &Opened<Incoming>) -> Result<Markup> {
    let t = cx.t();
    let holders = actions::forwarded(cx, document)?;
    let names: Vec<&str> = holders.iter().map(|one| one.name.as_str()).collect();
    Ok(html! {
        p { (t.text("documents.demand.explained")) }
        @if !names.is_empty() {
            p { (t.fill("documents.demand.passed_on", &[("names", &names.join("; "))])) }
            p { (t.text("documents.demand.ask_below")) }
        }
    })
}

/// What is other in the version of a demand than in the document: `newer` when the demand holds the newer one.
fn versions(cx: &Raw<'_>, document: &Incoming, demand: &Demand, newer: bool) -> Result<Markup> {
    let t = cx.t();
    let Ok(other) = serde_json::from_str::<Document>(&demand.version) else { return Ok(html! {}) };
    let here = whole(t, &actions::version_of(cx, document)?);
    let other = whole(t, &other);
    let (old, new) = if newer { (&here, &other) } else { (&other, &here) };
    let links: Vec<(String, String)> = files::of(cx, demand.id)?
        .into_iter()
        .map(|file| (format!("{}/files/{}", address(demand.id), file.id), file.name))
        .collect();
    let lines: Vec<Line<'_>> =
        links.iter().map(|(href, name)| Line { label: name, href, note: html! {} }).collect();
    let title = if newer { "documents.demand.new_files" } else { "documents.demand.old_files" };
    Ok(html! {
        h3 { (t.text("documents.demand.difference")) }
        (letter::difference(t, old, new))
        @if !lines.is_empty() { h3 { (t.text(title)) } (ui::lines(&lines)) }
    })
}

/// A version as lines, so that two can be compared.
fn whole(t: T, document: &Document) -> String {
    let due = document.due.map(base::Date::dmy).unwrap_or_default();
    let mut lines = vec![
        format!("{}: {}", t.text("documents.field.subject"), document.subject),
        format!("{}: {}", t.text("documents.field.type_name"), document.type_name),
        format!("{}: {}", t.text("documents.field.signer_name"), document.signer.name),
        format!("{}: {due}", t.text("documents.field.due")),
        format!("{}: {}", t.text("documents.field.pages"), document.pages),
    ];
    lines.extend(document.text.lines().map(str::to_owned));
    for file in &document.attachments {
        let hash = file.sha256.get(..12).unwrap_or_default();
        lines.push(format!("{}: {} ({hash})", t.text("documents.demand.file"), file.name));
    }
    lines.join("\n")
}

/// What was asked and answered before.
fn answered(t: T, document: &Incoming, demands: &[Demand]) -> Markup {
    // Whoever is not connected gets the answer as a file.
    let by_file = document.source == Source::File;
    let named: Vec<(String, String, &Demand)> = demands
        .iter()
        .filter(|one| one.state != AskState::Open)
        .map(|one| {
            let label = format!("{}: {}", kind_text(t, one.kind), one.reason);
            let href = if by_file { format!("{}/answer.edxml", address(one.id)) } else { String::new() };
            (label, href, one)
        })
        .collect();
    if named.is_empty() {
        return html! {};
    }
    let lines: Vec<Line<'_>> = named
        .iter()
        .map(|(label, href, one)| Line {
            label,
            href,
            note: html! {
                (state_chip(t, one.state))
                @if let Some(at) = one.answered_at { " " span.muted { (at.dmy_hhmm()) " " (one.answered_by) } }
                @if !one.answer.is_empty() { " " (one.answer) }
            },
        })
        .collect();
    ui::card("demands", t.text("documents.demand.answered"), html! {}, ui::lines(&lines))
}

/// The versions a document had before, each with what was changed after it.
pub(crate) fn older(cx: &Raw<'_>, document: &Opened<Incoming>) -> Result<Markup> {
    let t = cx.t();
    let mut cards = Vec::new();
    for demand in store::demands(cx, document.id)? {
        if demand.kind == Asks::Update && demand.state == AskState::Granted && !demand.version.is_empty() {
            let until = demand.answered_at.map(base::Instant::dmy_hhmm).unwrap_or_default();
            let title = t.fill("documents.demand.version_until", &[("at", &until)]);
            let body = versions(cx, document, &demand, false)?;
            cards.push(ui::card(&format!("version-{}", demand.id), &title, html! {}, ui::more(&title, body)));
        }
    }
    Ok(html! { @for card in cards { (card) } })
}

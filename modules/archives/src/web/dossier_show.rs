//! One dossier: what is known of it, what is in it, and what may be done to it now.

use crate::actions::dossiers::{file_code, path};
use crate::actions::people;
use crate::model::{Access, Dossier, DossierState, Entry, EntryKind};
use crate::rights::{ArchiveDecide, DossierKeep, DossierRead};
use crate::rules::dossier::span;
use crate::store::entries as store;
use crate::web::contents;
use crate::web::dossiers::{CloseForm, PassForm, ReopenForm, limited_chip};
use crate::web::keeping::{ConsentForm, KeepForm};
use crate::web::{colleagues, history, retention, state_chip};
use base::Result;
use base::form::{Field, Form};
use kernel::{Opened, Raw, Reader, Reply, Response};
use maud::{Markup, html};
use ui::{ButtonKind, Cell, Choice, Column, Crumb, Table};

/// The page of a dossier.
pub(crate) fn page(cx: &Reader<'_, DossierRead>, dossier: &Opened<Dossier>) -> Reply {
    let t = cx.t();
    let entries = store::of(cx, dossier.id)?;
    let keeps = people(cx).contains(&dossier.keeper) && cx.may_at::<DossierKeep>(dossier.agency);
    let sub = html! {
        (state_chip(t, dossier.state))
        @if dossier.access == Access::Limited { (limited_chip(t)) }
        @if dossier.state == DossierState::Closed && let Some(due) = dossier.kept_until.or(dossier.due_on) {
            (ui::deadline_chip(t, Some(due.into()), cx.now()))
        }
        span { (dossier.notation) " / " (dossier.year) " · " (dossier.keeper_name) }
    };
    let trail = [Crumb { label: t.text("archives.dossier.title"), href: "/archives/dossiers" }];
    let fields: Vec<Field> =
        [CloseForm::FIELDS, ReopenForm::FIELDS, PassForm::FIELDS, KeepForm::FIELDS, ConsentForm::FIELDS]
            .concat();
    let main = html! {
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (ui::error_summary(t, &cx.form_state(), &fields))
        (ui::card_flush("entries", t.text("archives.contents.title"), html! {}, table(cx, &entries)))
    };
    let aside = html! {
        @if keeps { (acts(cx, dossier)?) }
        (consent(cx, dossier))
        (facts(cx, dossier, &entries)?)
    };
    let body = html! {
        (ui::crumbs(t, &trail, &dossier.notation))
        (ui::head(&dossier.title, sub, heading_acts(cx, dossier, keeps)))
        (ui::stack(html! { (ui::split(main, aside)) (history(cx, dossier.id)?) }))
    };
    cx.page(dossier.title.clone(), body.into_string())
}

fn heading_acts(cx: &Reader<'_, DossierRead>, dossier: &Opened<Dossier>, keeps: bool) -> Markup {
    let (t, address) = (cx.t(), path(dossier.id));
    html! {
        @if keeps && dossier.state == DossierState::Open {
            (ui::link_button(ButtonKind::Plain, "upload", t.text("archives.upload.title"), &format!("{address}/upload")))
            (ui::link_button(ButtonKind::Quiet, "pen", t.text("archives.dossier.edit"), &format!("{address}/edit")))
        }
        (ui::link_button(ButtonKind::Plain, "book", t.text("archives.contents.title"), &format!("{address}/contents")))
        @if dossier.state != DossierState::Destroyed {
            form method="post" action={ (address) "/export" } data-once {
                (ui::form_hidden(&cx.form_state()))
                button.btn { (ui::icon("download")) (t.text("archives.export")) }
            }
            form method="post" action={ (address) "/bind" } data-once {
                (ui::form_hidden(&cx.form_state()))
                button.btn { (ui::icon("print")) (t.text("archives.copy.whole")) }
            }
        }
    }
}

/// What is in it, in the order in which it came about.
fn table(cx: &Raw<'_>, entries: &[Entry]) -> Markup {
    let t = cx.t();
    if entries.is_empty() {
        return ui::empty(t.text("archives.contents.none"), t.text("archives.contents.none_hint"), html! {});
    }
    let columns = [
        Column::new(t.text("archives.sheet.ordinal"), Cell::Number),
        Column::new(t.text("archives.sheet.date"), Cell::Nowrap),
        Column::new(t.text("archives.sheet.type_and_subject"), Cell::Title),
        Column::new(t.text("archives.sheet.author"), Cell::Text),
        Column::new(t.text("archives.column.files"), Cell::Number),
    ];
    let rows: Vec<Vec<Markup>> = (1_i64..)
        .zip(entries)
        .map(|(n, entry)| {
            vec![
                html! { (n) },
                html! { (entry.dated.dmy()) },
                html! {
                    a href={ "/archives/entries/" (entry.id) } { (contents::named(entry)) }
                    @if !entry.symbol.is_empty() { " " span.muted { (entry.symbol) } }
                    " " (kind_chip(cx, entry.kind))
                },
                html! { (entry.author) },
                html! { (entry.files) },
            ]
        })
        .collect();
    ui::table(&Table {
        caption: t.text("archives.contents.title"),
        columns: &columns,
        rows: &rows,
        register: false,
    })
}

pub(crate) fn kind_chip(cx: &Raw<'_>, kind: EntryKind) -> Markup {
    let (icon, key) = match kind {
        EntryKind::Incoming => ("inbox", "archives.kind.incoming"),
        EntryKind::Outgoing => ("send", "archives.kind.outgoing"),
        EntryKind::Upload => ("clip", "archives.kind.upload"),
    };
    ui::chip(ui::Tone::Plain, icon, cx.text(key))
}

fn facts(cx: &Raw<'_>, dossier: &Opened<Dossier>, entries: &[Entry]) -> Result<Markup> {
    let t = cx.t();
    let pages: i64 = entries.iter().map(|entry| entry.pages).sum();
    let access = match dossier.access {
        Access::Agency => "archives.access.agency",
        Access::Limited => "archives.access.limited",
    };
    let mut rows: Vec<(&str, Markup)> = vec![
        (t.text("archives.field.file_code"), html! { b { (file_code(cx, dossier)?) } }),
        (t.text("archives.field.years_short"), html! { (retention(t, dossier.years)) }),
        (t.text("archives.field.access"), html! { (t.text(access)) }),
        (t.text("archives.field.keeper"), html! { (dossier.keeper_name) }),
        (t.text("archives.field.language"), html! { (dossier.language) }),
        (t.text("archives.field.started_on"), html! { (dossier.started_on.dmy()) }),
    ];
    let days = [
        ("archives.field.ended_on", dossier.ended_on),
        ("archives.field.due_on", dossier.due_on),
        ("archives.field.kept_until", dossier.kept_until),
        ("archives.field.expires_on", dossier.expires_on),
    ];
    for (key, day) in days {
        if let Some(day) = day {
            rows.push((t.text(key), html! { (day.dmy()) }));
        }
    }
    rows.push((t.text("archives.field.documents"), html! { (entries.len()) }));
    rows.push((t.text("archives.field.pages"), html! { (pages) }));
    if let Some((first, last)) = span(entries) {
        rows.push((t.text("archives.field.span"), html! { (first.dmy()) " – " (last.dmy()) }));
    }
    for (key, words) in
        [("archives.field.note", &dossier.note), ("archives.field.consent", &dossier.keep_consent)]
    {
        if !words.is_empty() {
            rows.push((t.text(key), html! { (words) }));
        }
    }
    if let Some(handover) = dossier.handover {
        rows.push((
            t.text("archives.handover.minutes"),
            html! { a href={ "/archives/handovers/" (handover) } { (t.text("archives.see")) } },
        ));
    }
    if let Some(at) = dossier.destroyed_at {
        rows.push((t.text("archives.field.destroyed_at"), html! { (at.dmy_hhmm()) }));
    }
    Ok(ui::card("facts", t.text("archives.facts"), html! {}, ui::facts(&rows)))
}

/// What its keeper may do next.
fn acts(cx: &Reader<'_, DossierRead>, dossier: &Opened<Dossier>) -> Result<Markup> {
    let t = cx.t();
    let inner = match dossier.state {
        DossierState::Open => html! { (close_form(cx, dossier)) (pass_form(cx, dossier)?) },
        DossierState::Closed => html! {
            @if dossier.due_on.is_some() {
                (ui::acts(ui::link_button(ButtonKind::Primary, "send", t.text("archives.handover.begin"), "/archives/handovers")))
                (keep_form(cx, dossier))
            }
            (reopen_form(cx, dossier))
            (pass_form(cx, dossier)?)
        },
        DossierState::Offered | DossierState::Archived | DossierState::Destroyed => return Ok(html! {}),
    };
    Ok(ui::card("act", t.text("archives.to_do"), html! {}, ui::stack(inner)))
}

fn close_form(cx: &Reader<'_, DossierRead>, dossier: &Dossier) -> Markup {
    let (t, state, field) = (cx.t(), cx.form_state(), ui::find_field::<CloseForm>);
    let inner = html! {
        (ui::field(t, field("ended_on"), &state, &cx.now().date().iso(), &[]))
        (ui::field(t, field("confirm_gaps"), &state, "", &[]))
        (ui::acts(ui::submit(t, "archives.close_act", "ctrl+enter")))
    };
    ui::form(t, &state, &format!("{}/close", path(dossier.id)), inner)
}

fn reopen_form(cx: &Reader<'_, DossierRead>, dossier: &Dossier) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let inner = html! {
        (ui::field(t, ui::find_field::<ReopenForm>("reopen_reason"), &state, "", &[]))
        (ui::acts(html! { button.btn { (t.text("archives.reopen_act")) } }))
    };
    let form = ui::form(t, &state, &format!("{}/reopen", path(dossier.id)), inner);
    ui::more(t.text("archives.reopen_act"), form)
}

fn keep_form(cx: &Reader<'_, DossierRead>, dossier: &Dossier) -> Markup {
    let (t, state, field) = (cx.t(), cx.form_state(), ui::find_field::<KeepForm>);
    let inner = html! {
        (ui::field(t, field("keep_until"), &state, "", &[]))
        (ui::field(t, field("keep_reason"), &state, &dossier.keep_reason, &[]))
        (ui::acts(html! { button.btn { (t.text("archives.keep.ask")) } }))
    };
    let form = ui::form(t, &state, &format!("{}/keep-back", path(dossier.id)), inner);
    ui::more(t.text("archives.keep.title"), form)
}

fn pass_form(cx: &Reader<'_, DossierRead>, dossier: &Dossier) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let keeper = dossier.keeper.to_string();
    let named: Vec<(String, String)> =
        colleagues(cx, dossier.agency)?.into_iter().filter(|(id, _)| *id != keeper).collect();
    let options: Vec<Choice<'_>> = named.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let inner = html! {
        (ui::field(t, ui::find_field::<PassForm>("keeper"), &state, "", &options))
        (ui::acts(html! { button.btn { (t.text("archives.pass_on")) } }))
    };
    let form = ui::form(t, &state, &format!("{}/pass-on", path(dossier.id)), inner);
    Ok(ui::more(t.text("archives.pass_on"), form))
}

/// The head answers a keeper who asks to keep something back.
fn consent(cx: &Reader<'_, DossierRead>, dossier: &Dossier) -> Markup {
    let (Some(until), true) = (dossier.keep_asked, cx.may_at::<ArchiveDecide>(dossier.agency)) else {
        return html! {};
    };
    let (t, state, address) = (cx.t(), cx.form_state(), path(dossier.id));
    let asked = t.fill("archives.keep.asked", &[("who", &dossier.keeper_name), ("date", &until.dmy())]);
    let inner = html! {
        p { (asked) }
        p.muted { (dossier.keep_reason) }
        (ui::field(t, ui::find_field::<ConsentForm>("consent"), &state, "", &[]))
        (ui::acts(html! {
            (ui::submit(t, "archives.keep.grant", "ctrl+enter"))
            (ui::button_to(t, ButtonKind::Danger, "archives.keep.refuse_act", &format!("{address}/keep-back/refuse")))
        }))
    };
    let form = ui::form(t, &state, &format!("{address}/keep-back/grant"), inner);
    ui::card("consent", t.text("archives.keep.title"), html! {}, form)
}

/// A dossier as the API tells it.
pub(crate) fn json(cx: &Reader<'_, DossierRead>, dossier: &Opened<Dossier>) -> Reply {
    let entries = store::of(cx, dossier.id)?;
    let items: Vec<serde_json::Value> =
        (1_i64..).zip(&entries).map(|(n, entry)| entry_json(n, entry)).collect();
    Ok(Response::Json(serde_json::json!({
        "id": dossier.id, "file_code": file_code(cx, dossier)?, "year": dossier.year,
        "notation": dossier.notation, "title": dossier.title, "years": dossier.years,
        "construction": dossier.construction, "access": dossier.access.word(), "keeper": dossier.keeper,
        "keeper_name": dossier.keeper_name, "language": dossier.language, "note": dossier.note,
        "state": dossier.state.word(), "line": dossier.line, "opened_at": dossier.opened_at,
        "started_on": dossier.started_on, "ended_on": dossier.ended_on, "closed_at": dossier.closed_at,
        "due_on": dossier.due_on, "noticed_at": dossier.noticed_at, "keep_asked": dossier.keep_asked,
        "kept_until": dossier.kept_until, "keep_consent": dossier.keep_consent, "handover": dossier.handover,
        "received_at": dossier.received_at, "expires_on": dossier.expires_on,
        "destruction": dossier.destruction, "destroyed_at": dossier.destroyed_at, "documents": items,
    })))
}

fn entry_json(n: i64, entry: &Entry) -> serde_json::Value {
    serde_json::json!({
        "id": entry.id, "ordinal": n, "kind": entry.kind.word(), "document": entry.document,
        "document_id": entry.code, "symbol": entry.symbol, "dated": entry.dated, "type": entry.type_name,
        "subject": entry.subject, "author": entry.author, "pages": entry.pages, "files": entry.files,
        "note": entry.note, "added_at": entry.added_at, "added_by": entry.added_name,
    })
}

//! Destruction: what has outlived its time, proposals, and the head's decision with its record.

use crate::actions::archive::{self as actions, destruction_path};
use crate::model::{Destruction, DestructionState, Dossier};
use crate::rights::{ArchiveDecide, ArchiveKeep, ArchiveRead};
use crate::store::archive::{self as store, Listed};
use crate::store::dossiers;
use crate::web::dossiers::table as dossiers_table;
use crate::web::handovers::{cursor, listed_json};
use crate::web::{PAGE, after, chosen, history, print, retention, turned};
use base::form::{Field, Form};
use base::{Date, Id, T};
use kernel::{Opened, Reader, Reply, Response, Routes, Writer};
use maud::{Markup, html};
use platform::numbering;
use ui::{Cell, Choice, Column, Crumb, Paging, Table, Tone};

/// The routes of destruction.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/archives/destructions", list);
    r.data("/archives/destructions", list_data);
    r.post("/archives/destructions", propose).form::<ProposeForm>().page("/archives/destructions");
    r.get("/archives/destructions/{id}", show);
    r.post("/archives/destructions/{id}/destroy", destroy)
        .form::<DecideForm>()
        .page("/archives/destructions/{id}");
    r.post("/archives/destructions/{id}/spare", spare)
        .form::<SpareForm>()
        .page("/archives/destructions/{id}");
}

base::form! {
    /// What is to be destroyed.
    pub(crate) struct ProposeForm {
        dossiers: Vec<String> = Field::many("archives.field.dossiers").required(),
    }
}

base::form! {
    /// The decision.
    pub(crate) struct DecideForm {
        decision: String = Field::line("archives.field.decision").required().max(41),
        decided_on: Date = Field::date("archives.field.decided_on").required(),
    }
}

base::form! {
    /// Why nothing is destroyed.
    pub(crate) struct SpareForm {
        spare_reason: String = Field::area("archives.field.spare_reason").required().max(500),
    }
}

fn list(cx: &Reader<'_, ArchiveRead>) -> Reply {
    let t = cx.t();
    let agency = cx.agency()?;
    let (at, id) = after::<Destruction>(cx);
    let (rows, older) = turned(store::destructions(cx, agency, (at, id.uuid()), PAGE + 1)?, cursor);
    let shown = t.count("archives.destruction.shown", i64::try_from(rows.len()).unwrap_or(0));
    let (older, newer) =
        (older.map(|at| format!("?after={at}")), cx.query("after").map(|_| "/archives/destructions"));
    let expired = dossiers::expired(cx, agency, cx.now().date())?;
    let body = html! {
        (ui::head(t.text("archives.destruction.title"), html! { (t.text("archives.destruction.sub")) }, html! {}))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (ui::stack(html! {
            @if expired.is_empty() {
                (ui::empty(t.text("archives.destruction.nothing"), t.text("archives.destruction.nothing_hint"), html! {}))
            } @else { (propose_form(cx, &expired)) }
            @if !rows.is_empty() {
                (ui::card_flush("destructions", t.text("archives.destruction.all"), html! {}, html! {
                    (table(t, &rows))
                    (ui::pager(t, &Paging { newer, older: older.as_deref(), shown: &shown }))
                }))
            }
        }))
    };
    cx.page(t.text("archives.destruction.title"), body.into_string())
}

fn list_data(cx: &Reader<'_, ArchiveRead>) -> Reply {
    let (at, id) = after::<Destruction>(cx);
    let (rows, next) = turned(store::destructions(cx, cx.agency()?, (at, id.uuid()), PAGE + 1)?, cursor);
    let items: Vec<serde_json::Value> = rows.iter().map(listed_json).collect();
    Ok(Response::Json(serde_json::json!({ "items": items, "after": next })))
}

fn propose_form(cx: &Reader<'_, ArchiveRead>, expired: &[dossiers::Listed]) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let named: Vec<(String, String)> = expired
        .iter()
        .map(|one| {
            let last = one.expires_on.map(Date::dmy).unwrap_or_default();
            let years = retention(t, one.years);
            let values: [(&str, &dyn std::fmt::Display); 4] =
                [("notation", &one.notation), ("title", &one.title), ("years", &years), ("date", &last)];
            (one.id.to_string(), t.fill("archives.destruction.choice", &values))
        })
        .collect();
    if cx.agency().is_ok_and(|agency| cx.may_at::<ArchiveKeep>(agency)) {
        let options: Vec<Choice<'_>> = named.iter().map(|(id, label)| Choice::new(id, label)).collect();
        let inner = html! {
            (ui::error_summary(t, &state, ProposeForm::FIELDS))
            (ui::field(t, ui::find_field::<ProposeForm>("dossiers"), &state, "", &options))
            (ui::acts(ui::submit(t, "archives.destruction.propose", "ctrl+enter")))
        };
        let form = ui::form(t, &state, "/archives/destructions", inner);
        return ui::card("expired", t.text("archives.destruction.expired"), html! {}, form);
    }
    let lines: Vec<ui::Line<'_>> =
        named.iter().map(|(_, label)| ui::Line { label, href: "", note: html! {} }).collect();
    ui::card("expired", t.text("archives.destruction.expired"), html! {}, ui::lines(&lines))
}

fn table(t: T, rows: &[Listed]) -> Markup {
    let columns = [
        Column::new(t.text("archives.handover.number"), Cell::Title),
        Column::new(t.text("archives.destruction.proposed_by"), Cell::Text),
        Column::new(t.text("archives.field.decision"), Cell::Text),
        Column::new(t.text("archives.column.dossiers"), Cell::Number),
        Column::new(t.text("archives.field.state"), Cell::Text),
    ];
    let rows: Vec<Vec<Markup>> = rows
        .iter()
        .map(|one| {
            vec![
                html! { a href=(destruction_path(Id::of(one.id))) { (numbering::written(one.number)) " / " (one.year) } },
                html! { (one.by) ", " (one.at.date().dmy()) },
                html! { (one.about) },
                html! { (one.dossiers) },
                DestructionState::parse(&one.state).map_or(html! {}, |state| chip(t, state)),
            ]
        })
        .collect();
    let caption = t.text("archives.destruction.all");
    ui::table(&Table { caption, columns: &columns, rows: &rows, register: false })
}

fn chip(t: T, state: DestructionState) -> Markup {
    match state {
        DestructionState::Proposed => ui::chip(Tone::Soon, "wait", t.text("archives.destruction.proposed")),
        DestructionState::Done => ui::chip(Tone::Late, "trash", t.text("archives.destruction.done")),
        DestructionState::Refused => ui::chip(Tone::Ok, "shield", t.text("archives.destruction.refused")),
    }
}

fn show(cx: &Reader<'_, ArchiveRead>) -> Reply {
    let one = cx.open::<Destruction>(cx.path_id()?)?;
    let t = cx.t();
    let rows = dossiers::together(cx, one.id)?;
    let title = t.fill("archives.destruction.name", &[("number", &numbering::written(one.number))]);
    let trail = [Crumb { label: t.text("archives.destruction.title"), href: "/archives/destructions" }];
    let acts = print::link(t, "archives.destruction.list", &format!("{}/list.pdf", destruction_path(one.id)));
    let decides = one.state == DestructionState::Proposed && cx.may_at::<ArchiveDecide>(one.agency);
    let body = html! {
        (ui::crumbs(t, &trail, &title))
        (ui::head(&title, chip(t, one.state), acts))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (ui::stack(html! {
            @if decides { (decide_forms(cx, &one)) }
            (facts(t, &one))
            @if rows.is_empty() { p.muted { (t.text("archives.destruction.spared")) } } @else {
                (ui::card_flush("dossiers", t.text("archives.dossier.title"), html! {}, dossiers_table(cx, &rows)))
            }
            (history(cx, one.id)?)
        }))
    };
    cx.page(title, body.into_string())
}

/// The record: what stays when the files are gone.
fn facts(t: T, one: &Destruction) -> Markup {
    let mut rows: Vec<(&str, Markup)> = vec![(
        t.text("archives.destruction.proposed_by"),
        html! { (one.proposed_by) ", " (one.proposed_at.dmy_hhmm()) },
    )];
    if let Some(at) = one.decided_at {
        rows.push((
            t.text("archives.destruction.decided_by"),
            html! { (one.decided_by) ", " (at.dmy_hhmm()) },
        ));
    }
    if let Some(on) = one.decided_on {
        rows.push((t.text("archives.field.decision"), html! { b { (one.decision) } ", " (on.dmy()) }));
        rows.push((t.text("archives.destruction.files"), html! { (one.files) }));
    }
    if !one.reason.is_empty() {
        rows.push((t.text("archives.field.spare_reason"), html! { (one.reason) }));
    }
    ui::card("facts", t.text("archives.destruction.record"), html! {}, ui::facts(&rows))
}

fn decide_forms(cx: &Reader<'_, ArchiveRead>, one: &Opened<Destruction>) -> Markup {
    let (t, state, field) = (cx.t(), cx.form_state(), ui::find_field::<DecideForm>);
    let address = destruction_path(one.id);
    let fields: Vec<Field> = DecideForm::FIELDS.iter().chain(SpareForm::FIELDS).copied().collect();
    let destroy = html! {
        (ui::fields(html! {
            (ui::field(t, field("decision"), &state, "", &[]))
            (ui::field(t, field("decided_on"), &state, &cx.now().date().iso(), &[]))
        }))
        (ui::acts(html! { button.btn.btn--danger { (t.text("archives.destruction.act")) } }))
    };
    let spare = html! {
        (ui::field(t, ui::find_field::<SpareForm>("spare_reason"), &state, "", &[]))
        (ui::acts(html! { button.btn { (t.text("archives.destruction.spare")) } }))
    };
    let body = ui::stack(html! {
        (ui::error_summary(t, &state, &fields))
        (ui::form(t, &state, &format!("{address}/destroy"), destroy))
        (ui::more(t.text("archives.destruction.spare"), ui::form(t, &state, &format!("{address}/spare"), spare)))
    });
    ui::card("act", t.text("archives.destruction.decide"), html! {}, body)
}

fn propose(cx: &mut Writer<'_, ArchiveKeep>) -> Reply {
    let ask: ProposeForm = cx.form()?;
    let ids: Vec<Id<Dossier>> = chosen(&ask.dossiers);
    let id = actions::propose(cx, &ids)?;
    cx.done_with("archives.done.proposed", destruction_path(id), &[("n", ids.len().to_string())], id)
}

fn destroy(cx: &mut Writer<'_, ArchiveDecide>) -> Reply {
    let one = cx.open::<Destruction>(cx.path_id()?)?;
    let ask: DecideForm = cx.form()?;
    let n = actions::destroy(cx, &one, (&ask.decision, ask.decided_on))?;
    cx.done_with("archives.done.destroyed", destruction_path(one.id), &[("n", n.to_string())], one.id)
}

fn spare(cx: &mut Writer<'_, ArchiveDecide>) -> Reply {
    let one = cx.open::<Destruction>(cx.path_id()?)?;
    let ask: SpareForm = cx.form()?;
    actions::spare(cx, &one, &ask.spare_reason)?;
    cx.done("archives.done.spared", destruction_path(one.id))
}

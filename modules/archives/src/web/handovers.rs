//! Handing over to the agency's archive: what is due, what was handed over, and the archive's answer.

use crate::actions::archive::{self as actions, handover_path};
use crate::actions::dossiers::path;
use crate::model::{Dossier, Handover, HandoverState};
use crate::rights::{ArchiveKeep, ArchiveRead, DossierKeep, DossierRead};
use crate::rules::handover as figures;
use crate::store::archive::{self as store, Listed};
use crate::store::dossiers::{self, Seen};
use crate::web::{PAGE, after, chosen, minutes, retention, turned};
use base::form::{Field, Form};
use base::{Error, Id, Result, T};
use kernel::{Raw, Reader, Reply, Response, Routes, Waiting, Writer};
use maud::{Markup, html};
use platform::numbering;
use ui::{Cell, Choice, Column, Paging, Table, Tone};

/// The routes of hand-overs.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/archives/handovers", list);
    r.data("/archives/handovers", list_data);
    r.post("/archives/handovers", offer).form::<OfferForm>().page("/archives/handovers");
    r.get("/archives/handovers/{id}", minutes::page);
    r.get("/archives/handovers/{id}/list.xlsx", |cx: &Reader<'_, DossierRead>| {
        minutes::list(cx, &opened(cx)?)?.xlsx()
    });
    r.get("/archives/handovers/{id}/list.csv", |cx: &Reader<'_, DossierRead>| {
        Ok(minutes::list(cx, &opened(cx)?)?.csv())
    });
    r.post("/archives/handovers/{id}/receive", receive).page("/archives/handovers/{id}");
    r.post("/archives/handovers/{id}/return", give_back)
        .form::<GiveBackForm>()
        .page("/archives/handovers/{id}");
}

base::form! {
    /// What is handed over.
    pub(crate) struct OfferForm {
        dossiers: Vec<String> = Field::many("archives.field.dossiers").required(),
        block: String = Field::line("archives.field.block").required().max(200),
        condition: String = Field::line("archives.field.condition").required().max(500),
    }
}

base::form! {
    /// Why it is given back.
    pub(crate) struct GiveBackForm {
        give_back_reason: String = Field::area("archives.field.give_back_reason").required().max(500),
    }
}

/// How many of the actor's dossiers are due soon, for the rail; for the archivist those of the whole agency, and the
/// hand-overs that wait to be received.
pub(crate) fn waiting(cx: &Raw<'_>) -> Result<Waiting> {
    let Some(me) = cx.actor().person else { return Ok(Waiting::default()) };
    let today = cx.now().date();
    let soon = today.plus_days(figures::on(today).notice_days());
    if let Ok(agency) = cx.agency()
        && cx.may_at::<ArchiveKeep>(agency)
    {
        let offered = store::offered_count(cx, agency)?;
        let all = dossiers::due_count_of(cx, agency, soon)?;
        let late = dossiers::due_count_of(cx, agency, today.plus_days(-1))?;
        return Ok(Waiting { all: all.saturating_add(offered), late });
    }
    let all = dossiers::due_count(cx, me, soon)?;
    Ok(Waiting { all, late: dossiers::due_count(cx, me, today.plus_days(-1))? })
}

pub(crate) fn opened(cx: &Reader<'_, DossierRead>) -> Result<kernel::Opened<Handover>> {
    cx.open::<Handover>(cx.path_id()?)
}

fn seen(cx: &Raw<'_>, mine: bool) -> Result<Seen> {
    let agency = cx.agency()?;
    Ok(Seen { agency, me: cx.person()?, mine, limited: cx.may_at::<ArchiveRead>(agency) })
}

fn list(cx: &Reader<'_, DossierRead>) -> Reply {
    let t = cx.t();
    let (at, id) = after::<Handover>(cx);
    let rows = store::handovers(cx, cx.agency()?, (at, id.uuid()), PAGE + 1)?;
    let (rows, older) = turned(rows, cursor);
    let shown = t.count("archives.handover.shown", i64::try_from(rows.len()).unwrap_or(0));
    let (older, newer) =
        (older.map(|at| format!("?after={at}")), cx.query("after").map(|_| "/archives/handovers"));
    let body = html! {
        (ui::head(t.text("archives.handover.title"), html! { (t.text("archives.handover.sub")) }, html! {}))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (ui::stack(html! {
            (offered_card(cx)?)
            (due_card(cx)?)
            (offer_form(cx)?)
            (kept_card(cx)?)
            @if rows.is_empty() {
                (ui::empty(t.text("archives.handover.none"), t.text("archives.handover.none_hint"), html! {}))
            } @else {
                (ui::card_flush("handovers", t.text("archives.handover.all"), html! {}, html! {
                    (table(t, &rows))
                    (ui::pager(t, &Paging { newer, older: older.as_deref(), shown: &shown }))
                }))
            }
        }))
    };
    cx.page(t.text("archives.handover.title"), body.into_string())
}

pub(crate) fn cursor(one: &Listed) -> String {
    format!("{}.{}", one.at.micros(), one.id)
}

fn table(t: T, rows: &[Listed]) -> Markup {
    let columns = [
        Column::new(t.text("archives.handover.number"), Cell::Nowrap),
        Column::new(t.text("archives.field.block"), Cell::Title),
        Column::new(t.text("archives.handover.giver"), Cell::Text),
        Column::new(t.text("archives.column.dossiers"), Cell::Number),
        Column::new(t.text("archives.field.state"), Cell::Text),
    ];
    let rows: Vec<Vec<Markup>> = rows
        .iter()
        .map(|one| {
            vec![
                html! { (numbering::written(one.number)) " / " (one.year) },
                html! { a href=(handover_path(Id::of(one.id))) { (one.about) } },
                html! { (one.by) ", " (one.at.date().dmy()) },
                html! { (one.dossiers) },
                HandoverState::parse(&one.state).map_or(html! {}, |state| chip(t, state)),
            ]
        })
        .collect();
    ui::table(&Table {
        caption: t.text("archives.handover.all"),
        columns: &columns,
        rows: &rows,
        register: false,
    })
}

pub(crate) fn chip(t: T, state: HandoverState) -> Markup {
    match state {
        HandoverState::Offered => ui::chip(Tone::Soon, "wait", t.text("archives.handover.offered")),
        HandoverState::Received => ui::chip(Tone::Ok, "check", t.text("archives.handover.received")),
        HandoverState::Returned => ui::chip(Tone::Late, "undo", t.text("archives.handover.returned")),
    }
}

/// The actor's own closed dossiers that go to the archive, to be handed over.
fn offer_form(cx: &Reader<'_, DossierRead>) -> Result<Markup> {
    let (t, state, field) = (cx.t(), cx.form_state(), ui::find_field::<OfferForm>);
    // Everything that will ever be due: handing over early is no fault.
    let far = cx.now().date().plus_days(36_500);
    let mine = dossiers::due(cx, &seen(cx, true)?, far)?;
    if mine.is_empty() {
        return Ok(html! {});
    }
    let named: Vec<(String, String)> = mine
        .iter()
        .map(|one| {
            let due = one.kept_until.or(one.due_on).map(base::Date::dmy).unwrap_or_default();
            (
                one.id.to_string(),
                t.fill(
                    "archives.handover.choice",
                    &[("notation", &one.notation), ("title", &one.title), ("date", &due)],
                ),
            )
        })
        .collect();
    let options: Vec<Choice<'_>> = named.iter().map(|(id, label)| Choice::new(id, label)).collect();
    let inner = html! {
        (ui::error_summary(t, &state, OfferForm::FIELDS))
        (ui::field(t, field("dossiers"), &state, "", &options))
        (ui::fields(html! {
            (ui::field(t, field("block"), &state, "", &[]))
            (ui::field(t, field("condition"), &state, t.text("archives.handover.good"), &[]))
        }))
        (ui::acts(ui::submit(t, "archives.handover.act", "ctrl+enter")))
    };
    let form = ui::form(t, &state, "/archives/handovers", inner);
    Ok(ui::card("offer", t.text("archives.handover.mine"), html! {}, form))
}

/// Hand-overs that wait to be received, oldest first, for the archive.
fn offered_card(cx: &Reader<'_, DossierRead>) -> Result<Markup> {
    let (t, agency) = (cx.t(), cx.agency()?);
    if !cx.may_at::<ArchiveKeep>(agency) {
        return Ok(html! {});
    }
    let all = store::offered(cx, agency)?;
    if all.is_empty() {
        return Ok(html! {});
    }
    let named: Vec<(String, String)> = all
        .iter()
        .map(|one| {
            let number = numbering::written(one.number);
            let name = t.fill("archives.handover.name", &[("number", &number)]);
            (format!("{name}: {}, {}", one.about, one.by), handover_path(Id::of(one.id)))
        })
        .collect();
    let lines: Vec<ui::Line<'_>> = named
        .iter()
        .zip(&all)
        .map(|((label, href), one)| ui::Line {
            label,
            href,
            note: html! { (one.at.date().dmy()) " " (chip(t, HandoverState::Offered)) },
        })
        .collect();
    Ok(ui::card("offered", t.text("archives.handover.waiting"), html! {}, ui::lines(&lines)))
}

/// What is due in the agency within the days of the notice, for the archive.
fn due_card(cx: &Reader<'_, DossierRead>) -> Result<Markup> {
    let t = cx.t();
    if !cx.may_at::<ArchiveRead>(cx.agency()?) {
        return Ok(html! {});
    }
    let today = cx.now().date();
    let all = dossiers::due(cx, &seen(cx, false)?, today.plus_days(figures::on(today).notice_days()))?;
    Ok(lines_card(cx, ("due", t.text("archives.handover.due")), &all))
}

/// The list of what is kept back, which goes to the archive (article 31.3d).
fn kept_card(cx: &Reader<'_, DossierRead>) -> Result<Markup> {
    let t = cx.t();
    let agency = cx.agency()?;
    if !cx.may_at::<ArchiveRead>(agency) {
        return Ok(html! {});
    }
    Ok(lines_card(cx, ("kept", t.text("archives.keep.list")), &dossiers::kept_back(cx, agency)?))
}

fn lines_card(cx: &Raw<'_>, (id, title): (&str, &str), all: &[dossiers::Listed]) -> Markup {
    if all.is_empty() {
        return html! {};
    }
    let t = cx.t();
    let named: Vec<(String, String)> = all
        .iter()
        .map(|one| (format!("{} {}, {}", one.notation, one.title, one.keeper_name), path(one.id)))
        .collect();
    let lines: Vec<ui::Line<'_>> = named
        .iter()
        .zip(all)
        .map(|((label, href), one)| ui::Line {
            label,
            href,
            note: html! {
                (retention(t, one.years)) " "
                (ui::deadline_chip(t, one.kept_until.or(one.due_on).map(Into::into), cx.now()))
            },
        })
        .collect();
    ui::card(id, title, html! {}, ui::lines(&lines))
}

fn list_data(cx: &Reader<'_, DossierRead>) -> Reply {
    let (at, id) = after::<Handover>(cx);
    let rows = store::handovers(cx, cx.agency()?, (at, id.uuid()), PAGE + 1)?;
    let (rows, next) = turned(rows, cursor);
    let items: Vec<serde_json::Value> = rows.iter().map(listed_json).collect();
    Ok(Response::Json(serde_json::json!({ "items": items, "after": next })))
}

pub(crate) fn listed_json(one: &Listed) -> serde_json::Value {
    serde_json::json!({
        "id": one.id, "number": one.number, "year": one.year, "state": one.state, "about": one.about,
        "by": one.by, "at": one.at, "dossiers": one.dossiers,
    })
}

fn offer(cx: &mut Writer<'_, DossierKeep>) -> Reply {
    let ask: OfferForm = cx.form()?;
    let ids: Vec<Id<Dossier>> = chosen(&ask.dossiers);
    let id = actions::offer(cx, &ids, (&ask.block, &ask.condition))?;
    cx.done_with("archives.done.offered", handover_path(id), &[("n", ids.len().to_string())], id)
}

fn receive(cx: &mut Writer<'_, ArchiveKeep>) -> Reply {
    let handover = cx.open::<Handover>(cx.path_id()?)?;
    let n = actions::decide_handover(cx, &handover, None)?;
    cx.done_with("archives.done.received", handover_path(handover.id), &[("n", n.to_string())], handover.id)
}

fn give_back(cx: &mut Writer<'_, ArchiveKeep>) -> Reply {
    let handover = cx.open::<Handover>(cx.path_id()?)?;
    let ask: GiveBackForm = cx.form()?;
    if ask.give_back_reason.trim().is_empty() {
        return Err(Error::field("give_back_reason", "form.required"));
    }
    actions::decide_handover(cx, &handover, Some(&ask.give_back_reason))?;
    cx.done("archives.done.given_back", handover_path(handover.id))
}

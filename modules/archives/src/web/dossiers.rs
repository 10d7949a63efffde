//! Dossiers: the lists, opening one, and what its keeper does to it.

use crate::actions::dossiers::{self as actions, own, path, seen};
use crate::actions::people;
use crate::model::{Catalogue, DossierState, Line};
use crate::rights::{ArchiveRead, DossierKeep, DossierRead};
use crate::store::dossiers::{self as store, Listed, Seen};
use crate::web::forms::{self, EditForm, Filled, OpenForm};
use crate::web::{PAGE, after, dossier_show, retention, state_chip, state_text, turned};
use base::form::{Field, Form};
use base::{Date, Id, PersonId, Result, T};
use kernel::{Raw, Reader, Reply, Response, Routes, Writer};
use maud::{Markup, html};
use ui::{ButtonKind, Cell, Column, Crumb, Paging, Tab, Table, Tone};

const LIST: &str = "/archives/dossiers";

/// The routes of dossiers.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/archives/dossiers", list);
    r.data("/archives/dossiers", list_data);
    r.get("/archives/dossiers/new", blank);
    r.post("/archives/dossiers", open).form::<OpenForm>().page("/archives/dossiers/new");
    r.get("/archives/dossiers/{id}", show);
    r.data("/archives/dossiers/{id}", show_data);
    r.get("/archives/dossiers/{id}/edit", edit_page);
    r.post("/archives/dossiers/{id}/edit", edit).form::<EditForm>().page("/archives/dossiers/{id}/edit");
    r.post("/archives/dossiers/{id}/close", close).form::<CloseForm>().page("/archives/dossiers/{id}");
    r.post("/archives/dossiers/{id}/reopen", reopen).form::<ReopenForm>().page("/archives/dossiers/{id}");
    r.post("/archives/dossiers/{id}/pass-on", pass_on).form::<PassForm>().page("/archives/dossiers/{id}");
}

base::form! {
    /// The end of the work.
    pub(crate) struct CloseForm {
        ended_on: Date = Field::date("archives.field.ended_on").required().hint("archives.hint.ended_on"),
        confirm_gaps: bool = Field::check("archives.field.confirm_gaps"),
    }
}

base::form! {
    /// Why a closed dossier is opened again.
    pub(crate) struct ReopenForm {
        reopen_reason: String = Field::area("archives.field.reopen_reason").required().max(500),
    }
}

base::form! {
    /// Who keeps it from now on.
    pub(crate) struct PassForm {
        keeper: PersonId = Field::choice("archives.field.new_keeper").required(),
    }
}

/// Whose dossiers are shown: with `all` those of the agency, else one's own.
fn asked(cx: &Reader<'_, DossierRead>) -> Result<(Seen, Option<DossierState>)> {
    let agency = cx.agency()?;
    let mine = cx.query("whose") != Some("all");
    let limited = cx.may_at::<ArchiveRead>(agency);
    let seen = Seen { agency, me: cx.person()?, mine, limited };
    Ok((seen, cx.query("state").and_then(DossierState::parse)))
}

fn cursor(line: &Listed) -> String {
    format!("{}.{}", line.opened_at.micros(), line.id)
}

fn list(cx: &Reader<'_, DossierRead>) -> Reply {
    let t = cx.t();
    let (seen, state) = asked(cx)?;
    let (rows, next) = turned(store::list(cx, &seen, state, (after(cx), PAGE + 1))?, cursor);
    let filter = filter(seen.mine, state);
    let older = next.map(|at| format!("?after={at}&{filter}"));
    let newer = cx.query("after").map(|_| format!("?{filter}"));
    let shown = t.count("archives.dossier.shown", i64::try_from(rows.len()).unwrap_or(0));
    let acts = html! {
        @if cx.may_at::<DossierKeep>(seen.agency) {
            (ui::link_button_key(ButtonKind::Primary, "plus", (t.text("archives.dossier.new"), "n"), "/archives/dossiers/new"))
        }
    };
    let body = html! {
        (ui::head(t.text("archives.dossier.title"), html! { (t.text("archives.dossier.sub")) }, acts))
        (whose(t, &seen, state))
        (state_tabs(cx, &seen, state)?)
        @if rows.is_empty() {
            (ui::empty(t.text("archives.dossier.none"), t.text("archives.dossier.none_hint"), html! {}))
        } @else {
            (table(cx, &rows))
            (ui::pager(t, &Paging { newer: newer.as_deref(), older: older.as_deref(), shown: &shown }))
        }
    };
    cx.page(t.text("archives.dossier.title"), body.into_string())
}

fn filter(mine: bool, state: Option<DossierState>) -> String {
    format!("whose={}&state={}", if mine { "mine" } else { "all" }, state.map_or("", DossierState::word))
}

fn whose(t: T, seen: &Seen, state: Option<DossierState>) -> Markup {
    let (mine, all) = (format!("?{}", filter(true, state)), format!("?{}", filter(false, state)));
    ui::tabs(
        t.text("archives.dossier.whose"),
        &[
            Tab { label: t.text("archives.dossier.mine"), href: &mine, count: None, current: seen.mine },
            Tab { label: t.text("archives.dossier.all"), href: &all, count: None, current: !seen.mine },
        ],
    )
}

fn state_tabs(cx: &Raw<'_>, seen: &Seen, state: Option<DossierState>) -> Result<Markup> {
    let t = cx.t();
    let counts = store::counts(cx, seen)?;
    let of = |state: DossierState| counts.iter().find(|(one, _)| *one == state).map_or(0, |(_, n)| *n);
    let all = format!("?{}", filter(seen.mine, None));
    let hrefs: Vec<(DossierState, String)> =
        DossierState::ALL.iter().map(|one| (*one, format!("?{}", filter(seen.mine, Some(*one))))).collect();
    let mut tabs = vec![Tab {
        label: t.text("archives.dossier.any"),
        href: &all,
        count: Some(counts.iter().map(|(_, n)| n).sum()),
        current: state.is_none(),
    }];
    tabs.extend(hrefs.iter().map(|(one, href)| Tab {
        label: state_text(t, *one),
        href,
        count: Some(of(*one)),
        current: state == Some(*one),
    }));
    Ok(ui::tabs(t.text("archives.field.state"), &tabs))
}

/// Dossiers in a table.
pub(crate) fn table(cx: &Raw<'_>, rows: &[Listed]) -> Markup {
    let t = cx.t();
    let columns = [
        Column::new(t.text("archives.field.notation"), Cell::Nowrap),
        Column::new(t.text("archives.field.title"), Cell::Title),
        Column::new(t.text("archives.field.keeper"), Cell::Text),
        Column::new(t.text("archives.field.years_short"), Cell::Nowrap),
        Column::new(t.text("archives.column.entries"), Cell::Number),
        Column::new(t.text("archives.field.state"), Cell::Text),
    ];
    let rows: Vec<Vec<Markup>> = rows
        .iter()
        .map(|one| {
            vec![
                html! { (one.notation) " / " (one.year) },
                html! {
                    a href=(path(one.id)) { (one.title) }
                    @if one.access == crate::model::Access::Limited { " " (limited_chip(t)) }
                },
                html! { (one.keeper_name) },
                html! { (retention(t, one.years)) },
                html! { (one.entries) },
                html! { (state_chip(t, one.state)) " " (when(cx, one)) },
            ]
        })
        .collect();
    ui::table(&Table {
        caption: t.text("archives.dossier.title"),
        columns: &columns,
        rows: &rows,
        register: false,
    })
}

/// What a closed dossier waits for.
fn when(cx: &Raw<'_>, one: &Listed) -> Markup {
    match (one.state, one.kept_until.or(one.due_on)) {
        (DossierState::Closed, Some(due)) => ui::deadline_chip(cx.t(), Some(due.into()), cx.now()),
        _ => html! {},
    }
}

pub(crate) fn limited_chip(t: T) -> Markup {
    ui::chip(Tone::Soon, "lock", t.text("archives.access.limited"))
}

fn list_data(cx: &Reader<'_, DossierRead>) -> Reply {
    let (seen, state) = asked(cx)?;
    let (rows, next) = turned(store::list(cx, &seen, state, (after(cx), PAGE + 1))?, cursor);
    let items: Vec<serde_json::Value> = rows
        .iter()
        .map(|one| {
            serde_json::json!({
                "id": one.id, "year": one.year, "notation": one.notation, "title": one.title,
                "years": one.years, "access": one.access.word(), "keeper": one.keeper,
                "keeper_name": one.keeper_name, "state": one.state.word(), "opened_at": one.opened_at,
                "due_on": one.due_on, "expires_on": one.expires_on, "documents": one.entries,
            })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({ "items": items, "after": next })))
}

/// The document one came from to open a dossier for it, as the query of a link.
fn origin(cx: &Raw<'_>) -> Option<String> {
    let named = |name: &str| {
        cx.query(name).and_then(|id| id.parse::<uuid::Uuid>().ok()).map(|id| format!("?{name}={id}"))
    };
    named("incoming").or_else(|| named("outgoing"))
}

fn blank(cx: &Reader<'_, DossierKeep>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let asked = state.value("line", cx.query("line").unwrap_or("")).to_owned();
    let line = asked.parse::<Id<Line>>().ok().map(|id| cx.open::<Line>(id)).transpose()?;
    let year = match &line {
        Some(line) => cx.open::<Catalogue>(line.catalogue)?.year,
        None => i64::from(cx.now().year()),
    };
    let field = ui::find_field::<OpenForm>;
    let inner = html! {
        (ui::error_summary(t, &state, OpenForm::FIELDS))
        @if let Some(line) = &line {
            (ui::field(t, field("line"), &state, &line.id.to_string(), &[]))
            p { (t.text("archives.field.notation")) ": " b { (line.notation) } " / " (year) }
        } @else {
            (ui::field(t, field("notation"), &state, "", &[]))
        }
        (forms::fields::<OpenForm>(cx, &state, &Filled::of_line(cx, line.as_deref())))
        (ui::acts(ui::submit(t, "archives.open_act", "ctrl+enter")))
    };
    let trail = [Crumb { label: t.text("archives.dossier.title"), href: LIST }];
    let action = format!("{LIST}{}", origin(cx).unwrap_or_default());
    let body = html! {
        (ui::crumbs(t, &trail, t.text("archives.dossier.new")))
        (ui::head(t.text("archives.dossier.new"), html! { (t.text("archives.dossier.new_sub")) }, html! {}))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (ui::form(t, &state, &action, inner))
    };
    cx.page(t.text("archives.dossier.new"), body.into_string())
}

fn open(cx: &mut Writer<'_, DossierKeep>) -> Reply {
    let ask: OpenForm = cx.form()?;
    let (line, notation) = (ask.line, ask.notation.clone());
    let title = ask.title.clone();
    let id = actions::open(cx, line, &notation, ask.into())?;
    // Whoever came from a document goes back to filing it.
    let to = origin(cx).map_or_else(|| path(id), |document| format!("/archives/file{document}&into={id}"));
    cx.done_with("archives.done.opened", to, &[("title", title)], id)
}

fn show(cx: &Reader<'_, DossierRead>) -> Reply {
    let dossier = seen(cx, cx.path_id()?)?;
    dossier_show::page(cx, &dossier)
}

fn show_data(cx: &Reader<'_, DossierRead>) -> Reply {
    let dossier = seen(cx, cx.path_id()?)?;
    dossier_show::json(cx, &dossier)
}

fn edit_page(cx: &Reader<'_, DossierKeep>) -> Reply {
    let dossier = own(cx, cx.path_id()?)?;
    let (t, state, address) = (cx.t(), cx.form_state(), path(dossier.id));
    let inner = html! {
        (ui::error_summary(t, &state, EditForm::FIELDS))
        (forms::fields::<EditForm>(cx, &state, &Filled::of(&dossier)))
        (ui::acts(ui::submit(t, "archives.save", "ctrl+enter")))
    };
    let trail = [
        Crumb { label: t.text("archives.dossier.title"), href: LIST },
        Crumb { label: &dossier.notation, href: &address },
    ];
    let body = html! {
        (ui::crumbs(t, &trail, t.text("archives.dossier.edit")))
        (ui::head(t.text("archives.dossier.edit"), html! { (dossier.notation) }, html! {}))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (ui::form(t, &state, &format!("{address}/edit"), inner))
    };
    cx.page(t.text("archives.dossier.edit"), body.into_string())
}

fn edit(cx: &mut Writer<'_, DossierKeep>) -> Reply {
    let dossier = own(cx, cx.path_id()?)?;
    let ask: EditForm = cx.form()?;
    actions::edit(cx, &dossier, ask.into())?;
    cx.done("archives.done.edited", path(dossier.id))
}

fn close(cx: &mut Writer<'_, DossierKeep>) -> Reply {
    let dossier = own(cx, cx.path_id()?)?;
    let ask: CloseForm = cx.form()?;
    let n = actions::close(cx, &dossier, (ask.ended_on, ask.confirm_gaps))?;
    cx.done_with("archives.done.closed", path(dossier.id), &[("n", n.to_string())], dossier.id)
}

fn reopen(cx: &mut Writer<'_, DossierKeep>) -> Reply {
    let dossier = own(cx, cx.path_id()?)?;
    let ask: ReopenForm = cx.form()?;
    actions::reopen(cx, &dossier, &ask.reopen_reason)?;
    cx.done("archives.done.reopened", path(dossier.id))
}

fn pass_on(cx: &mut Writer<'_, DossierKeep>) -> Reply {
    let dossier = own(cx, cx.path_id()?)?;
    let ask: PassForm = cx.form()?;
    let name = actions::pass_on(cx, &dossier, ask.keeper)?;
    // Of limited access, it is not there any more for the one who gave it away.
    let still = people(cx).contains(&ask.keeper) || dossier.access == crate::model::Access::Agency;
    let to = if still { path(dossier.id) } else { LIST.to_owned() };
    cx.done_with("archives.done.passed_on", to, &[("who", name)], dossier.id)
}

//! Catalogues: the list, the wizard of January, and what is done to one.

use crate::actions::catalogues::{self as actions, path};
use crate::model::{Catalogue, CatalogueState, Heading, Line, Numbering};
use crate::rights::{CatalogueApprove, CatalogueKeep, CatalogueRead};
use crate::store::catalogues::{self as store, Listed, Says};
use crate::web::catalogue_show::{self, retention_of};
use crate::web::{PAGE, colleagues, turned};
use base::form::{Field, Form};
use base::{Date, Id, PersonId, T};
use kernel::{Opened, Raw, Reader, Reply, Response, Routes, Writer};
use maud::{Markup, html};
use ui::{ButtonKind, Cell, Choice, Column, Paging, Table, Tone};

const LIST: &str = "/archives/catalogues";

/// The routes of catalogues.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/archives/catalogues", list);
    r.data("/archives/catalogues", list_data);
    r.get("/archives/catalogues/new", wizard);
    r.post("/archives/catalogues", begin).form::<BeginForm>().page("/archives/catalogues/new");
    r.get("/archives/catalogues/{id}", show);
    r.data("/archives/catalogues/{id}", show_data);
    r.get("/archives/catalogues/{id}/sheet.xlsx", catalogue_show::xlsx);
    r.get("/archives/catalogues/{id}/sheet.csv", catalogue_show::csv);
    r.post("/archives/catalogues/{id}/headings", add_heading)
        .form::<HeadingForm>()
        .page("/archives/catalogues/{id}");
    r.post("/archives/catalogues/{id}/lines", add_line).form::<LineForm>().page("/archives/catalogues/{id}");
    r.post("/archives/catalogues/{id}/approve", approve)
        .form::<ApproveForm>()
        .page("/archives/catalogues/{id}");
    r.post("/archives/catalogues/{id}/withdraw", withdraw)
        .form::<WithdrawForm>()
        .page("/archives/catalogues/{id}");
    r.get("/archives/lines/{id}", line);
    r.post("/archives/lines/{id}", edit_line).form::<EditLineForm>().page("/archives/lines/{id}");
    r.post("/archives/lines/{id}/strike", strike_line).page("/archives/lines/{id}");
}

base::form! {
    /// A catalogue to be begun.
    pub(crate) struct BeginForm {
        year: i64 = Field::number("archives.field.year").required().max(4),
        from: Option<Id<Catalogue>> = Field::choice("archives.field.copy_from").hint("archives.hint.copy_from"),
        numbering: Numbering = Field::choice("archives.field.numbering").required(),
    }
}

base::form! {
    /// A heading to be added.
    pub(crate) struct HeadingForm {
        heading_name: String = Field::line("archives.field.heading_name").required().max(200),
        parent: Option<Id<Heading>> = Field::choice("archives.field.parent"),
        symbol: String = Field::line("archives.field.symbol").max(10).hint("archives.hint.symbol"),
    }
}

base::form! {
    /// A line to be added.
    pub(crate) struct LineForm {
        heading: Id<Heading> = Field::choice("archives.field.heading").required(),
        title: String = Field::area("archives.field.title").required().max(500),
        years: Option<i64> = Field::number("archives.field.years").max(3).hint("archives.hint.years"),
        construction: bool = Field::check("archives.field.construction"),
        person: Option<PersonId> = Field::choice("archives.field.person"),
        note: String = Field::line("archives.field.note").max(500),
    }
}

base::form! {
    /// A line to be changed.
    pub(crate) struct EditLineForm {
        title: String = Field::area("archives.field.title").required().max(500),
        years: Option<i64> = Field::number("archives.field.years").max(3).hint("archives.hint.years"),
        construction: bool = Field::check("archives.field.construction"),
        person: Option<PersonId> = Field::choice("archives.field.person"),
        note: String = Field::line("archives.field.note").max(500),
    }
}

base::form! {
    /// The approval of the head.
    pub(crate) struct ApproveForm {
        decision: String = Field::line("archives.field.decision").required().max(41),
        decided_on: Date = Field::date("archives.field.decided_on").required(),
    }
}

base::form! {
    /// Why an approval is withdrawn.
    pub(crate) struct WithdrawForm {
        withdraw_reason: String = Field::area("archives.field.withdraw_reason").required().max(500),
    }
}

fn page_of_list(cx: &Reader<'_, CatalogueRead>) -> base::Result<(Vec<Listed>, Option<String>)> {
    let before = cx.query("before").and_then(|year| year.parse().ok()).unwrap_or(i64::MAX);
    let rows = store::list(cx, cx.agency()?, before, PAGE + 1)?;
    Ok(turned(rows, |one| one.year.to_string()))
}

fn list(cx: &Reader<'_, CatalogueRead>) -> Reply {
    let t = cx.t();
    let (rows, older) = page_of_list(cx)?;
    let acts = html! {
        @if cx.may_at::<CatalogueKeep>(cx.agency()?) {
            (ui::link_button_key(ButtonKind::Primary, "plus", (t.text("archives.catalogue.new"), "n"), "/archives/catalogues/new"))
        }
    };
    let older = older.map(|year| format!("?before={year}"));
    let newer = cx.query("before").map(|_| LIST);
    let shown = t.count("archives.catalogue.shown", i64::try_from(rows.len()).unwrap_or(0));
    let body = html! {
        (ui::head(t.text("archives.catalogue.title"), html! { (t.text("archives.catalogue.sub")) }, acts))
        @if rows.is_empty() {
            (ui::empty(t.text("archives.catalogue.none"), t.text("archives.catalogue.none_hint"), html! {}))
        } @else {
            (table(t, &rows))
            (ui::pager(t, &Paging { newer, older: older.as_deref(), shown: &shown }))
        }
    };
    cx.page(t.text("archives.catalogue.title"), body.into_string())
}

fn table(t: T, rows: &[Listed]) -> Markup {
    let columns = [
        Column::new(t.text("archives.field.year"), Cell::Title),
        Column::new(t.text("archives.field.state"), Cell::Text),
        Column::new(t.text("archives.column.dossiers"), Cell::Number),
        Column::new(t.text("archives.column.forever"), Cell::Number),
        Column::new(t.text("archives.field.decision"), Cell::Text),
    ];
    let rows: Vec<Vec<Markup>> = rows
        .iter()
        .map(|one| {
            vec![
                html! { a href=(path(one.id)) { (t.fill("archives.catalogue.of_year", &[("year", &one.year)])) } },
                chip(t, one.state),
                html! { (one.lines) },
                html! { (one.forever) },
                html! { (one.decision) @if let Some(on) = one.decided_on { ", " (on.dmy()) } },
            ]
        })
        .collect();
    ui::table(&Table {
        caption: t.text("archives.catalogue.title"),
        columns: &columns,
        rows: &rows,
        register: false,
    })
}

pub(crate) fn chip(t: T, state: CatalogueState) -> Markup {
    match state {
        CatalogueState::Draft => ui::chip(Tone::Soon, "pen", t.text("archives.catalogue.draft")),
        CatalogueState::Approved => ui::chip(Tone::Ok, "stamp", t.text("archives.catalogue.approved")),
    }
}

fn list_data(cx: &Reader<'_, CatalogueRead>) -> Reply {
    let (rows, before) = page_of_list(cx)?;
    let items: Vec<serde_json::Value> = rows
        .iter()
        .map(|one| {
            serde_json::json!({
                "id": one.id, "year": one.year, "state": one.state.word(), "dossiers": one.lines,
                "permanent": one.forever, "decision": one.decision, "decided_on": one.decided_on,
            })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({ "items": items, "before": before })))
}

/// In January the year is this one, in December the next.
fn wizard(cx: &Reader<'_, CatalogueKeep>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let today = cx.now().date();
    let year = if today.month() == 12 { today.year() + 1 } else { today.year() };
    let known = store::list(cx, cx.agency()?, i64::MAX, PAGE)?;
    let named: Vec<(String, String)> = known
        .iter()
        .map(|one| (one.id.to_string(), t.fill("archives.catalogue.of_year", &[("year", &one.year)])))
        .collect();
    let mut from = vec![Choice::new("", t.text("archives.catalogue.from_nothing"))];
    from.extend(named.iter().map(|(id, label)| Choice::new(id, label)));
    let last = named.first().map_or("", |(id, _)| id);
    let field = ui::find_field::<BeginForm>;
    let inner = html! {
        (ui::error_summary(t, &state, BeginForm::FIELDS))
        (ui::field(t, field("year"), &state, &year.to_string(), &[]))
        (ui::field(t, field("from"), &state, last, &from))
        (ui::field(t, field("numbering"), &state, "heading", &numberings(cx)))
        (ui::acts(ui::submit(t, "archives.catalogue.begin", "ctrl+enter")))
    };
    let trail = [ui::Crumb { label: t.text("archives.catalogue.title"), href: LIST }];
    let body = html! {
        (ui::crumbs(t, &trail, t.text("archives.catalogue.new")))
        (ui::head(t.text("archives.catalogue.new"), html! { (t.text("archives.catalogue.wizard")) }, html! {}))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (ui::form(t, &state, LIST, inner))
    };
    cx.page(t.text("archives.catalogue.new"), body.into_string())
}

fn numberings<'a>(cx: &'a Raw<'_>) -> [Choice<'a>; 2] {
    [
        Choice::new("heading", cx.text("archives.numbering.heading")),
        Choice::new("whole", cx.text("archives.numbering.whole")),
    ]
}

fn begin(cx: &mut Writer<'_, CatalogueKeep>) -> Reply {
    let ask: BeginForm = cx.form()?;
    let id = actions::begin(cx, (ask.year, ask.numbering), ask.from)?;
    cx.done_with("archives.done.catalogue", path(id), &[("year", ask.year.to_string())], id)
}

fn show(cx: &Reader<'_, CatalogueRead>) -> Reply {
    let catalogue = cx.open::<Catalogue>(cx.path_id()?)?;
    catalogue_show::page(cx, &catalogue)
}

fn show_data(cx: &Reader<'_, CatalogueRead>) -> Reply {
    let catalogue = cx.open::<Catalogue>(cx.path_id()?)?;
    catalogue_show::json(cx, &catalogue)
}

fn add_heading(cx: &mut Writer<'_, CatalogueKeep>) -> Reply {
    let catalogue = cx.open::<Catalogue>(cx.path_id()?)?;
    let ask: HeadingForm = cx.form()?;
    actions::add_heading(cx, &catalogue, ask.parent, (&ask.heading_name, &ask.symbol))?;
    cx.done("archives.done.heading", path(catalogue.id))
}

fn add_line(cx: &mut Writer<'_, CatalogueKeep>) -> Reply {
    let catalogue = cx.open::<Catalogue>(cx.path_id()?)?;
    let LineForm { heading, title, years, construction, person, note } = cx.form()?;
    let says = Says { title, years, construction, person, person_name: String::new(), note };
    let notation = actions::add_line(cx, &catalogue, heading, says)?;
    cx.done_with("archives.done.line", path(catalogue.id), &[("notation", notation)], catalogue.id)
}

fn approve(cx: &mut Writer<'_, CatalogueApprove>) -> Reply {
    let catalogue = cx.open::<Catalogue>(cx.path_id()?)?;
    let ask: ApproveForm = cx.form()?;
    actions::approve(cx, &catalogue, (&ask.decision, ask.decided_on))?;
    cx.done_with(
        "archives.done.approved",
        path(catalogue.id),
        &[("year", catalogue.year.to_string())],
        catalogue.id,
    )
}

fn withdraw(cx: &mut Writer<'_, CatalogueApprove>) -> Reply {
    let catalogue = cx.open::<Catalogue>(cx.path_id()?)?;
    let ask: WithdrawForm = cx.form()?;
    actions::withdraw(cx, &catalogue, &ask.withdraw_reason)?;
    cx.done("archives.done.withdrawn", path(catalogue.id))
}

fn line(cx: &Reader<'_, CatalogueKeep>) -> Reply {
    let line = cx.open::<Line>(cx.path_id()?)?;
    let catalogue = cx.open::<Catalogue>(line.catalogue)?;
    let (t, state, field) = (cx.t(), cx.form_state(), ui::find_field::<EditLineForm>);
    let title = t.fill("archives.catalogue.line", &[("notation", &line.notation)]);
    let named = colleagues(cx, line.agency)?;
    let mut people = vec![Choice::new("", t.text("archives.nobody"))];
    people.extend(named.iter().map(|(id, name)| Choice::new(id, name)));
    let years = line.years.map(|years| years.to_string()).unwrap_or_default();
    let person = line.person.map(|person| person.to_string()).unwrap_or_default();
    let check = if line.construction { "1" } else { "" };
    let address = format!("/archives/lines/{}", line.id);
    let inner = html! {
        (ui::error_summary(t, &state, EditLineForm::FIELDS))
        (ui::field(t, field("title"), &state, &line.title, &[]))
        (ui::field(t, field("years"), &state, &years, &[]))
        (ui::field(t, field("construction"), &state, check, &[]))
        (ui::field(t, field("person"), &state, &person, &people))
        (ui::field(t, field("note"), &state, &line.note, &[]))
        (ui::acts(html! {
            (ui::submit(t, "archives.save", "ctrl+enter"))
            (ui::button_to(t, ButtonKind::Danger, "archives.catalogue.strike", &format!("{address}/strike")))
        }))
    };
    let of_year = t.fill("archives.catalogue.of_year", &[("year", &catalogue.year)]);
    let trail = [
        ui::Crumb { label: t.text("archives.catalogue.title"), href: LIST },
        ui::Crumb { label: &of_year, href: &path(catalogue.id) },
    ];
    let body = html! {
        (ui::crumbs(t, &trail, &line.notation))
        (ui::head(&title, html! { (retention_of(t, &line)) }, html! {}))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        @if line.voided_at.is_none() && catalogue.state == CatalogueState::Draft {
            (ui::form(t, &state, &address, inner))
        } @else {
            p { (line.title) }
        }
    };
    cx.page(title, body.into_string())
}

fn edit_line(cx: &mut Writer<'_, CatalogueKeep>) -> Reply {
    let line = cx.open::<Line>(cx.path_id()?)?;
    let EditLineForm { title, years, construction, person, note } = cx.form()?;
    let says = Says { title, years, construction, person, person_name: String::new(), note };
    changed(cx, &line, Some(says))
}

fn strike_line(cx: &mut Writer<'_, CatalogueKeep>) -> Reply {
    let line = cx.open::<Line>(cx.path_id()?)?;
    changed(cx, &line, None)
}

fn changed(cx: &mut Writer<'_, CatalogueKeep>, line: &Opened<Line>, says: Option<Says>) -> Reply {
    actions::edit_line(cx, line, says)?;
    let values = [("notation", line.notation.clone())];
    cx.done_with("archives.done.line_changed", path(line.catalogue), &values, line.id)
}

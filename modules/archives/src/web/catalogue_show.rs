//! One catalogue: its headings and lines in the form of annex V, part II, and what is done to it.

use crate::actions::catalogues::path;
use crate::model::{Catalogue, CatalogueState, Heading, Line};
use crate::rights::{CatalogueApprove, CatalogueKeep, CatalogueRead, DossierKeep};
use crate::rules::catalogue::{big, roman};
use crate::store::catalogues as store;
use crate::store::dossiers;
use crate::web::catalogues::{ApproveForm, HeadingForm, LineForm, WithdrawForm, chip};
use crate::web::sheet::Sheet;
use crate::web::{colleagues, history, print, print_banner, print_link, retention};
use base::form::{Field, Form};
use base::{Result, T, text};
use kernel::{Opened, Raw, Reader, Reply, Response};
use maud::{Markup, html};
use platform::organisations;
use ui::{Cell, Choice, Crumb};

/// How long what a line names is kept.
pub(crate) fn retention_of(t: T, line: &Line) -> String {
    retention(t, line.years)
}

/// The lines that stand, each big heading with its own and its small headings after it.
fn in_order<'a>(headings: &'a [Heading], lines: &'a [Line]) -> Vec<(&'a Heading, String, Vec<&'a Line>)> {
    let under = |heading: &Heading| -> Vec<&Line> {
        lines.iter().filter(|line| line.heading == heading.id && line.voided_at.is_none()).collect()
    };
    let mut out = Vec::new();
    for (n, heading) in (1..).zip(headings.iter().filter(|one| one.parent.is_none())) {
        let name = format!("{}. {} ({})", roman(n), heading.name.to_uppercase(), heading.symbol);
        out.push((heading, name, under(heading)));
        let small = headings.iter().filter(|one| one.parent == Some(heading.id));
        for (n, small) in (1..).zip(small) {
            out.push((small, format!("{n}. {}", small.name), under(small)));
        }
    }
    out
}

/// How many dossiers it lists, and how many of them are kept for ever.
pub(crate) fn counts(cx: &Raw<'_>, catalogue: &Catalogue) -> Result<(usize, usize)> {
    let lines = store::lines(cx, catalogue.id)?;
    let stand = lines.iter().filter(|line| line.voided_at.is_none());
    Ok((stand.clone().count(), stand.filter(|line| line.years.is_none()).count()))
}

pub(crate) fn sheet(cx: &Raw<'_>, catalogue: &Catalogue) -> Result<Sheet> {
    let t = cx.t();
    let (headings, lines) = (store::headings(cx, catalogue.id)?, store::lines(cx, catalogue.id)?);
    let (n, forever) = counts(cx, catalogue)?;
    let edits = catalogue.state == CatalogueState::Draft && cx.may_at::<CatalogueKeep>(catalogue.agency);
    let (mut rows, mut links) = (Vec::new(), Vec::new());
    for (_, name, under) in in_order(&headings, &lines) {
        rows.push(vec![name]);
        links.push(String::new());
        for line in under {
            rows.push(vec![
                line.notation.clone(),
                line.title.clone(),
                retention(t, line.years),
                line.person_name.clone(),
                line.note.clone(),
            ]);
            links.push(if edits { format!("/archives/lines/{}", line.id) } else { String::new() });
        }
    }
    let head = |key: &str, cell: Cell| (t.text(key).to_owned(), cell);
    let year = catalogue.year;
    Ok(Sheet {
        agency: organisations::agency(cx, catalogue.agency)?.name,
        title: t.fill("archives.catalogue.heading", &[("year", &year)]),
        note: t.fill(
            "archives.catalogue.counts",
            &[("n", &n), ("forever", &forever), ("limited", &n.saturating_sub(forever))],
        ),
        file: format!("{}-{year}", text::slug_ascii(t.text("archives.catalogue.title"))),
        heads: vec![
            head("archives.sheet.notation", Cell::Nowrap),
            head("archives.sheet.heading_and_title", Cell::Title),
            head("archives.field.years_short", Cell::Nowrap),
            head("archives.field.person", Cell::Text),
            head("archives.field.note", Cell::Text),
        ],
        rows,
        links,
    })
}

pub(crate) fn xlsx(cx: &Reader<'_, CatalogueRead>) -> Reply {
    let catalogue = cx.open::<Catalogue>(cx.path_id()?)?;
    sheet(cx, &catalogue)?.xlsx()
}

pub(crate) fn csv(cx: &Reader<'_, CatalogueRead>) -> Reply {
    let catalogue = cx.open::<Catalogue>(cx.path_id()?)?;
    Ok(sheet(cx, &catalogue)?.csv())
}

pub(crate) fn page(cx: &Reader<'_, CatalogueRead>, catalogue: &Opened<Catalogue>) -> Reply {
    let t = cx.t();
    let sheet = sheet(cx, catalogue)?;
    let title = t.fill("archives.catalogue.of_year", &[("year", &catalogue.year)]);
    let sub = html! {
        (chip(t, catalogue.state))
        span { (sheet.note) }
        @if catalogue.state == CatalogueState::Approved && let Some(on) = catalogue.decided_on {
            span { (t.fill("archives.catalogue.decided", &[("decision", &catalogue.decision), ("date", &on.dmy()), ("who", &catalogue.approved_by)])) }
        }
    };
    let acts = html! {
        (Sheet::export_links(t, &format!("{}/sheet", path(catalogue.id))))
        (print::link(t, "archives.catalogue.title", &format!("{}/catalogue.pdf", path(catalogue.id))))
        (print_link(t, &path(catalogue.id)))
    };
    let trail = [Crumb { label: t.text("archives.catalogue.title"), href: "/archives/catalogues" }];
    let body = html! {
        (ui::crumbs(t, &trail, &title))
        (ui::head(&title, sub, acts))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (print_banner(cx))
        (ui::stack(html! {
            @if sheet.rows.is_empty() {
                (ui::empty(t.text("archives.catalogue.blank"), t.text("archives.catalogue.blank_hint"), html! {}))
            } @else { (sheet.shown()) }
            (to_open(cx, catalogue)?)
            div class="no-print stack" {
                (editing(cx, catalogue)?)
                (approval(cx, catalogue))
                (history(cx, catalogue.id)?)
            }
        }))
    };
    cx.page(title, body.into_string())
}

/// The lines one may open a dossier by: one's own, and those nobody was named for.
fn to_open(cx: &Reader<'_, CatalogueRead>, catalogue: &Opened<Catalogue>) -> Result<Markup> {
    let t = cx.t();
    if catalogue.state != CatalogueState::Approved || !cx.may_at::<DossierKeep>(catalogue.agency) {
        return Ok(html! {});
    }
    let taken = dossiers::of_lines(cx, catalogue.agency, catalogue.year)?;
    let me = crate::actions::people(cx);
    let all = store::lines(cx, catalogue.id)?;
    let free: Vec<(String, String)> = all
        .iter()
        .filter(|line| line.voided_at.is_none() && taken.iter().all(|(of, _)| *of != line.id))
        .filter(|line| line.person.is_none_or(|person| me.contains(&person)))
        .map(|line| {
            (format!("{} {}", line.notation, line.title), format!("/archives/dossiers/new?line={}", line.id))
        })
        .collect();
    let lines: Vec<ui::Line<'_>> = free
        .iter()
        .map(|(label, href)| ui::Line { label, href, note: html! { (t.text("archives.open_act")) } })
        .collect();
    Ok(html! {
        @if !lines.is_empty() {
            div class="no-print" { (ui::card("to-open", t.text("archives.catalogue.to_open"), html! {}, ui::lines(&lines))) }
        }
    })
}

/// The forms that add a heading and a line.
fn editing(cx: &Reader<'_, CatalogueRead>, catalogue: &Opened<Catalogue>) -> Result<Markup> {
    if catalogue.state != CatalogueState::Draft || !cx.may_at::<CatalogueKeep>(catalogue.agency) {
        return Ok(html! {});
    }
    let (t, state) = (cx.t(), cx.form_state());
    let headings = store::headings(cx, catalogue.id)?;
    let address = path(catalogue.id);
    let heading = |name| ui::find_field::<HeadingForm>(name);
    let line = |name| ui::find_field::<LineForm>(name);
    let (big_ones, all) = (big_choices(&headings), all_choices(&headings));
    let mut parents = vec![Choice::new("", t.text("archives.catalogue.no_parent"))];
    parents.extend(big_ones.iter().map(|(id, name)| Choice::new(id, name)));
    let under: Vec<Choice<'_>> = all.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let named = colleagues(cx, catalogue.agency)?;
    let mut people = vec![Choice::new("", t.text("archives.nobody"))];
    people.extend(named.iter().map(|(id, name)| Choice::new(id, name)));
    let add_line = html! {
        (ui::field(t, line("heading"), &state, "", &under))
        (ui::field(t, line("title"), &state, "", &[]))
        (ui::fields(html! {
            (ui::field(t, line("years"), &state, "", &[]))
            (ui::field(t, line("person"), &state, "", &people))
        }))
        (ui::field(t, line("construction"), &state, "", &[]))
        (ui::field(t, line("note"), &state, "", &[]))
        (ui::acts(ui::submit(t, "archives.catalogue.add_line", "ctrl+enter")))
    };
    let add_heading = html! {
        (ui::field(t, heading("heading_name"), &state, "", &[]))
        (ui::fields(html! {
            (ui::field(t, heading("parent"), &state, "", &parents))
            (ui::field(t, heading("symbol"), &state, "", &[]))
        }))
        (ui::acts(html! { button.btn { (t.text("archives.catalogue.add_heading")) } }))
    };
    let fields: Vec<Field> = HeadingForm::FIELDS.iter().chain(LineForm::FIELDS).copied().collect();
    Ok(html! {
        (ui::error_summary(t, &state, &fields))
        @if !under.is_empty() {
            (ui::card("add-line", t.text("archives.catalogue.new_line"), html! {}, ui::form(t, &state, &format!("{address}/lines"), add_line)))
        }
        (ui::card("add-heading", t.text("archives.catalogue.new_heading"), html! {}, ui::form(t, &state, &format!("{address}/headings"), add_heading)))
    })
}

fn big_choices(headings: &[Heading]) -> Vec<(String, String)> {
    let big = headings.iter().filter(|one| one.parent.is_none());
    big.map(|one| (one.id.to_string(), format!("{} ({})", one.name, one.symbol))).collect()
}

fn all_choices(headings: &[Heading]) -> Vec<(String, String)> {
    let name = |one: &Heading| match one.parent {
        None => format!("{} ({})", one.name, one.symbol),
        Some(_) => format!("{} – {}", big(one, headings).name, one.name),
    };
    headings.iter().map(|one| (one.id.to_string(), name(one))).collect()
}

/// The head of the agency approves, or withdraws.
fn approval(cx: &Reader<'_, CatalogueRead>, catalogue: &Opened<Catalogue>) -> Markup {
    if !cx.may_at::<CatalogueApprove>(catalogue.agency) {
        return html! {};
    }
    let (t, state, address) = (cx.t(), cx.form_state(), path(catalogue.id));
    if catalogue.state == CatalogueState::Approved {
        let inner = html! {
            (ui::field(t, ui::find_field::<WithdrawForm>("withdraw_reason"), &state, "", &[]))
            (ui::acts(html! { button.btn.btn--danger { (t.text("archives.catalogue.withdraw")) } }))
        };
        let form = ui::form(t, &state, &format!("{address}/withdraw"), inner);
        return ui::more(t.text("archives.catalogue.withdraw"), form);
    }
    let field = ui::find_field::<ApproveForm>;
    let inner = html! {
        (ui::error_summary(t, &state, ApproveForm::FIELDS))
        (ui::fields(html! {
            (ui::field(t, field("decision"), &state, "", &[]))
            (ui::field(t, field("decided_on"), &state, &cx.now().date().iso(), &[]))
        }))
        (ui::acts(html! { button.btn.btn--primary { (t.text("archives.catalogue.approve_act")) } }))
    };
    let form = ui::form(t, &state, &format!("{address}/approve"), inner);
    ui::card("approval", t.text("archives.catalogue.approve_title"), html! {}, form)
}

/// A catalogue as the API tells it.
pub(crate) fn json(cx: &Reader<'_, CatalogueRead>, catalogue: &Opened<Catalogue>) -> Reply {
    let (headings, lines) = (store::headings(cx, catalogue.id)?, store::lines(cx, catalogue.id)?);
    let headings: Vec<serde_json::Value> = headings
        .iter()
        .map(|one| serde_json::json!({ "id": one.id, "parent": one.parent, "name": one.name, "symbol": one.symbol }))
        .collect();
    let lines: Vec<serde_json::Value> = lines
        .iter()
        .map(|one| {
            serde_json::json!({
                "id": one.id, "heading": one.heading, "notation": one.notation, "title": one.title,
                "years": one.years, "construction": one.construction, "person": one.person,
                "person_name": one.person_name, "note": one.note, "struck_out": one.voided_at.is_some(),
            })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({
        "id": catalogue.id, "year": catalogue.year, "state": catalogue.state.word(),
        "numbering": catalogue.numbering.word(), "decision": catalogue.decision,
        "decided_on": catalogue.decided_on, "approved_at": catalogue.approved_at,
        "approved_by": catalogue.approved_by, "created_at": catalogue.created_at,
        "created_by": catalogue.created_by, "headings": headings, "lines": lines,
    })))
}

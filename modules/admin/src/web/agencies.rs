//! The directory: the tree of agencies, level by level, and one agency.

use crate::model::{AgencyKind, tier_key};
use crate::rights::{AdminOrganisation, AdminPeople};
use crate::web::{agency_in_reach, chosen_agency};
use base::{AgencyId, Error, Result, T};
use kernel::{Raw, Reader, Reply, Response};
use maud::{Markup, html};
use platform::organisations::{self, Agency, Unit};
use platform::people;

/// Rows of a page.
const PAGE: usize = 100;
/// A search shows as many; more words find the rest.
const FOUND: i64 = 50;

/// The agencies right below one, or those that were searched for.
pub(crate) fn list(cx: &Reader<'_, AdminOrganisation>) -> Reply {
    let t = cx.t();
    let words = cx.query("q").unwrap_or("");
    let above = chosen_agency::<AdminOrganisation>(cx)?;
    let body = html! {
        (trail(cx, &above)?)
        (ui::head(&above.name, html! { (t.text("admin.agencies.sub")) }, list_acts(t, &above)))
        (ui::filters(t, t.text("admin.agencies"), "/admin/agencies", html! {
            (ui::filter_text("q", t.text("admin.agencies.words"), words))
        }))
        @if words.is_empty() { (level(cx, &above)?) } @else { (found(cx, words)?) }
    };
    cx.page(t.text("admin.agencies"), body.into_string())
}

fn list_acts(t: T, above: &Agency) -> Markup {
    let (id, plain) = (above.id, ui::ButtonKind::Plain);
    html! {
        (ui::link_button(plain, "agency", t.text("admin.agencies.open"), &format!("/admin/agencies/{id}")))
        (ui::link_button_key(plain, "plus", (t.text("admin.agencies.add"), "n"), &format!("/admin/agencies/new?under={id}")))
    }
}

/// The way from the top of the actor's reach down to an agency.
fn trail(cx: &Raw<'_>, agency: &Agency) -> Result<Markup> {
    let mut above: Vec<Agency> = Vec::new();
    let mut parent = agency.parent;
    // The tree has four tiers and a few steps in each; a loop in the data must not hang the page.
    while let Some(id) = parent.filter(|id| cx.may_at::<AdminOrganisation>(*id) && above.len() < 12) {
        let next = organisations::agency(cx, id)?;
        parent = next.parent;
        above.push(next);
    }
    above.reverse();
    let links: Vec<(String, &str)> =
        above.iter().map(|one| (format!("/admin/agencies?agency={}", one.id), one.name.as_str())).collect();
    let crumbs: Vec<ui::Crumb<'_>> = links.iter().map(|(href, label)| ui::Crumb { label, href }).collect();
    Ok(html! { @if !crumbs.is_empty() { (ui::crumbs(cx.t(), &crumbs, &agency.name)) } })
}

fn level(cx: &Reader<'_, AdminOrganisation>, above: &Agency) -> Result<Markup> {
    let t = cx.t();
    let all = organisations::children(cx, above.id)?;
    let after: Option<AgencyId> = cx.query("after").and_then(|text| text.parse().ok());
    let start = after.and_then(|id| all.iter().position(|child| child.id == id)).map_or(0, |at| at + 1);
    let page: Vec<Agency> = all.iter().skip(start).take(PAGE).cloned().collect();
    if page.is_empty() {
        let act = ui::link_button(
            ui::ButtonKind::Plain,
            "plus",
            t.text("admin.agencies.add"),
            &format!("/admin/agencies/new?under={}", above.id),
        );
        return Ok(ui::empty(t.text("admin.agencies.none"), t.text("admin.agencies.none_text"), act));
    }
    let address = |after: AgencyId| format!("/admin/agencies?agency={}&after={after}", above.id);
    let older = page.last().filter(|_| start + page.len() < all.len()).map(|last| address(last.id));
    let newer = (start > 0).then(|| format!("/admin/agencies?agency={}", above.id));
    let shown = t.fill("admin.agencies.shown", &[("n", &page.len()), ("all", &all.len())]);
    Ok(html! {
        (ui::card_flush("level", t.text("admin.agencies.below"), html! {}, table(cx, &page)))
        (ui::pager(t, &ui::Paging { newer: newer.as_deref(), older: older.as_deref(), shown: &shown }))
    })
}

fn found(cx: &Reader<'_, AdminOrganisation>, words: &str) -> Result<Markup> {
    let t = cx.t();
    let found = organisations::find(cx, words, FOUND)?;
    if found.is_empty() {
        return Ok(ui::empty(
            t.text("admin.agencies.not_found"),
            t.text("admin.agencies.not_found_text"),
            html! {},
        ));
    }
    Ok(ui::card_flush("found", t.text("admin.agencies.found"), html! {}, table(cx, &found)))
}

/// Agencies in lines. The directory is known to all; only those in reach have a page.
fn table(cx: &Raw<'_>, agencies: &[Agency]) -> Markup {
    let t = cx.t();
    let rows: Vec<Vec<Markup>> = agencies
        .iter()
        .map(|agency| {
            let reach = cx.may_at::<AdminOrganisation>(agency.id);
            vec![
                html! {
                    @if reach { a href={ "/admin/agencies/" (agency.id) } data-open { (agency.name) } }
                    @else { (agency.name) }
                },
                html! { (agency.code_102) },
                html! { (t.text(tier_key(agency.tier))) },
                standing(cx, agency),
                html! {
                    @if reach {
                        a href={ "/admin/agencies?agency=" (agency.id) } {
                            (t.text("admin.agencies.see_below")) span class="hidden" { " " (agency.name) }
                        }
                    }
                },
            ]
        })
        .collect();
    let columns = [
        ui::Column::new(t.text("admin.agencies.name"), ui::Cell::Title),
        ui::Column::new(t.text("admin.agencies.code"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.agencies.tier"), ui::Cell::Text),
        ui::Column::new(t.text("admin.agencies.standing"), ui::Cell::Text),
        ui::Column::new(t.text("admin.agencies.below"), ui::Cell::Nowrap),
    ];
    ui::table(&ui::Table {
        caption: t.text("admin.agencies"),
        columns: &columns,
        rows: &rows,
        register: false,
    })
}

/// Whether documents may be sent to it, in a word.
fn standing(cx: &Raw<'_>, agency: &Agency) -> Markup {
    let (t, today) = (cx.t(), cx.now().date());
    match agency.valid_to {
        Some(end) if end < today => {
            ui::state(ui::Tone::Plain, "x", &t.fill("admin.agencies.ended", &[("day", &end.dmy())]))
        }
        Some(end) => {
            ui::state(ui::Tone::Soon, "clock", &t.fill("admin.agencies.ends", &[("day", &end.dmy())]))
        }
        None if agency.locked => ui::state(ui::Tone::Late, "lock", t.text("admin.agencies.locked")),
        None => ui::state(ui::Tone::Ok, "check", t.text("admin.agencies.works")),
    }
}

/// What the agency picker is answered.
pub(crate) fn options(cx: &Reader<'_, AdminOrganisation>) -> Reply {
    let found = organisations::find(cx, cx.query("q").unwrap_or(""), 20)?;
    let lines: Vec<(String, &Agency)> = found.iter().map(|agency| (agency.id.to_string(), agency)).collect();
    let lines: Vec<ui::Found<'_>> = lines
        .iter()
        .map(|(id, agency)| ui::Found { id, label: &agency.name, note: &agency.code_102 })
        .collect();
    Ok(Response::Fragment(ui::picker_options(cx.t(), &lines).into_string()))
}

/// One agency.
pub(crate) fn show(cx: &Reader<'_, AdminOrganisation>) -> Reply {
    let t = cx.t();
    let agency = agency_in_reach::<AdminOrganisation>(cx, cx.path_id()?)?;
    let body = html! {
        (trail(cx, &agency)?)
        (ui::head(&agency.name, standing(cx, &agency), acts(t, &agency)))
        (ui::stack(html! {
            (ui::card("facts", t.text("admin.agencies.facts"), html! {}, facts(cx, &agency)?))
            (ui::card_flush("units", t.text("admin.units"), unit_act(t, &agency), units(t, &organisations::units(cx, agency.id)?)))
            (links(cx, &agency)?)
        }))
    };
    cx.page(agency.name.clone(), body.into_string())
}

fn acts(t: T, agency: &Agency) -> Markup {
    let path = |rest: &str| format!("/admin/agencies/{}/{rest}", agency.id);
    html! {
        @if agency.valid_to.is_none() {
            (ui::link_button_key(ui::ButtonKind::Plain, "pen", (t.text("admin.edit"), "e"), &path("edit")))
            (ui::link_button(ui::ButtonKind::Danger, "x", t.text("admin.agencies.end"), &path("end")))
        }
    }
}

fn facts(cx: &Raw<'_>, agency: &Agency) -> Result<Markup> {
    let t = cx.t();
    let kind = AgencyKind::parse(&agency.kind).map_or("admin.kind.other", AgencyKind::key);
    let local = if agency.local { "admin.agencies.local_yes" } else { "admin.agencies.local_no" };
    let successors = organisations::successors(cx, agency.id)?;
    let parent = match agency.parent {
        Some(id) => organisations::agency(cx, id)?.name,
        None => "–".to_owned(),
    };
    let mut rows = vec![
        (t.text("admin.agencies.code"), html! { (agency.code_102) " · " (agency.code_qd20) }),
        (t.text("admin.agencies.symbol"), html! { (agency.symbol) }),
        (t.text("admin.agencies.place"), html! { (agency.place) }),
        (t.text("admin.agencies.tier"), html! { (t.text(tier_key(agency.tier))) ", " (t.text(kind)) }),
        (t.text("admin.agencies.parent"), html! { (parent) }),
        (t.text("admin.agencies.local"), html! { (t.text(local)) }),
        (t.text("admin.agencies.valid_from"), html! { (agency.valid_from.dmy()) }),
    ];
    if let Some(end) = agency.valid_to {
        rows.push((t.text("admin.agencies.valid_to"), html! { (end.dmy()) }));
        let names: Vec<&str> = successors.iter().map(|other| other.name.as_str()).collect();
        let names = if names.is_empty() {
            t.text("admin.agencies.no_successor").to_owned()
        } else {
            names.join("; ")
        };
        rows.push((t.text("admin.agencies.successors"), html! { (names) }));
    }
    Ok(ui::facts(&rows))
}

fn unit_act(t: T, agency: &Agency) -> Markup {
    html! {
        @if agency.valid_to.is_none() {
            a class="small" href={ "/admin/agencies/" (agency.id) "/units/new" } { (t.text("admin.units.add")) }
        }
    }
}

fn units(t: T, units: &[Unit]) -> Markup {
    if units.is_empty() {
        return ui::empty(t.text("admin.units.none"), t.text("admin.units.none_text"), html! {});
    }
    let rows: Vec<Vec<Markup>> =
        units.iter().map(|unit| vec![html! { (unit.name) }, html! { (unit.symbol) }]).collect();
    let columns = [
        ui::Column::new(t.text("admin.units.name"), ui::Cell::Title),
        ui::Column::new(t.text("admin.units.symbol"), ui::Cell::Nowrap),
    ];
    ui::table(&ui::Table { caption: t.text("admin.units"), columns: &columns, rows: &rows, register: false })
}

/// People and the agencies below, as ways onward.
fn links(cx: &Raw<'_>, agency: &Agency) -> Result<Markup> {
    let t = cx.t();
    let below = organisations::children(cx, agency.id)?.len();
    let below_path = format!("/admin/agencies?agency={}", agency.id);
    let people_path = format!("/admin/people?agency={}", agency.id);
    let mut lines =
        vec![ui::Line { label: t.text("admin.agencies.below"), href: &below_path, note: html! { (below) } }];
    if cx.may_at::<AdminPeople>(agency.id) {
        let people = people::of_agency(cx, agency.id)?.len();
        lines.push(ui::Line { label: t.text("admin.people"), href: &people_path, note: html! { (people) } });
    }
    Ok(ui::card("onward", t.text("admin.agencies.onward"), html! {}, ui::lines(&lines)))
}

/// Reads the ids the picker sent; each must be an agency of the directory.
pub(crate) fn agencies_of(cx: &Raw<'_>, ids: &[AgencyId]) -> Result<Vec<Agency>> {
    let mut agencies = Vec::with_capacity(ids.len());
    for id in ids {
        let found = organisations::agency(cx, *id);
        agencies.push(found.map_err(|_| Error::field("successors", "form.choose"))?);
    }
    Ok(agencies)
}

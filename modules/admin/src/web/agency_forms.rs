//! The forms of the directory: enter, change and end an agency, add a unit.

use crate::model::{AgencyKind, Ending, tier_key};
use crate::rights::AdminOrganisation;
use crate::web::agencies::agencies_of;
use crate::web::agency_in_reach;
use crate::{actions, rules};
use base::form::{Field, Form};
use base::{AgencyId, Date, Error, FieldErrors, Result, T};
use kernel::{Raw, Reader, Reply, Writer};
use maud::{Markup, html};
use platform::connectors;
use platform::organisations::{self, Agency, NewAgency, Tier};

base::form! {
    /// A new agency.
    pub(crate) struct NewAgencyForm {
        under: AgencyId = Field::hidden("admin.agencies.parent").required(),
        name: String = Field::line("admin.agencies.name").required().max(200),
        code_102: String = Field::line("admin.agencies.code_102").hint("admin.hint.code_102").required().max(35),
        code_qd20: String = Field::line("admin.agencies.code_qd20").hint("admin.hint.code_qd20").required().max(35),
        tier: Tier = Field::choice("admin.agencies.tier").required(),
        kind: AgencyKind = Field::choice("admin.agencies.kind").required(),
        symbol: String = Field::line("admin.agencies.symbol").hint("admin.hint.symbol").required().max(30),
        place: String = Field::line("admin.agencies.place").hint("admin.hint.place").required().max(100),
        valid_from: Date = Field::date("admin.agencies.valid_from").required(),
        local: bool = Field::check("admin.agencies.local").hint("admin.hint.local"),
    }
}
base::form! {
    /// What may change in an agency.
    pub(crate) struct EditAgencyForm {
        name: String = Field::line("admin.agencies.name").required().max(200),
        symbol: String = Field::line("admin.agencies.symbol").hint("admin.hint.symbol").required().max(30),
        place: String = Field::line("admin.agencies.place").hint("admin.hint.place").required().max(100),
        locked: bool = Field::check("admin.agencies.lock").hint("admin.hint.lock"),
    }
}
base::form! {
    /// The end of an agency.
    pub(crate) struct EndAgencyForm {
        last_day: Date = Field::date("admin.agencies.valid_to").required(),
        ending: Ending = Field::choice("admin.agencies.ending").required(),
        successors: Vec<AgencyId> = Field::lookups("admin.agencies.successors", "/admin/agencies/options")
            .hint("admin.hint.successors"),
    }
}
base::form! {
    /// A unit.
    pub(crate) struct UnitForm {
        name: String = Field::line("admin.units.name").required().max(200),
        symbol: String = Field::line("admin.units.symbol").hint("admin.hint.unit_symbol").required().max(30),
    }
}

fn path(agency: AgencyId) -> String {
    format!("/admin/agencies/{agency}")
}

/// The frame of a form page: where it stands, what a rule refused, the form.
fn form_page(cx: &Raw<'_>, (title, above): (&str, &Agency), form: Markup) -> Reply {
    let t = cx.t();
    let href = path(above.id);
    let crumbs = [
        ui::Crumb { label: t.text("admin.agencies"), href: "/admin/agencies" },
        ui::Crumb { label: &above.name, href: &href },
    ];
    let body = html! {
        (ui::crumbs(t, &crumbs, title))
        (ui::head(title, html! { (above.name) }, html! {}))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (form)
    };
    cx.page(title, body.into_string())
}

fn tier_choices(t: T) -> Vec<ui::Choice<'static>> {
    Tier::ALL.iter().map(|tier| ui::Choice::new(tier.word(), t.text(tier_key(*tier)))).collect()
}

/// The form of a new agency.
pub(crate) fn new(cx: &Reader<'_, AdminOrganisation>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let asked = state.input.and_then(|input| input.get("under")).or_else(|| cx.query("under"));
    let under: AgencyId = asked.ok_or(Error::NotFound)?.parse().map_err(|_| Error::NotFound)?;
    let above = agency_in_reach::<AdminOrganisation>(cx, under)?;
    let tiers = tier_choices(t);
    let kinds: Vec<ui::Choice<'_>> =
        AgencyKind::ALL.iter().map(|kind| ui::Choice::new(kind.word(), t.text(kind.key()))).collect();
    let today = cx.now().date().iso();
    // What the axis' directory says of it stands there already.
    let listed = match cx.query("axis") {
        Some(code) => connectors::listing(cx, under, code)?,
        None => None,
    };
    let told = |name: &str| match (name, &listed) {
        ("name", Some(one)) => one.name.as_str(),
        ("code_102", Some(one)) => one.code_102.as_str(),
        ("code_qd20", Some(one)) => one.code_qd20.as_str(),
        _ => "",
    };
    let under = under.to_string();
    let form = ui::form(
        t,
        &state,
        "/admin/agencies/new",
        html! {
            (ui::error_summary(t, &state, NewAgencyForm::FIELDS))
            @for field in NewAgencyForm::FIELDS {
                @match field.name {
                    "under" => (ui::field(t, field, &state, &under, &[])),
                    "tier" => (ui::field(t, field, &state, "", &tiers)),
                    "kind" => (ui::field(t, field, &state, "", &kinds)),
                    "valid_from" => (ui::field(t, field, &state, &today, &[])),
                    name => (ui::field(t, field, &state, told(name), &[])),
                }
            }
            (ui::acts(ui::submit(t, "admin.agencies.add", "ctrl+enter")))
        },
    );
    form_page(cx, (t.text("admin.agencies.add"), &above), form)
}

/// Enters an agency.
pub(crate) fn add(cx: &mut Writer<'_, AdminOrganisation>) -> Reply {
    let ask: NewAgencyForm = cx.form()?;
    let above = agency_in_reach::<AdminOrganisation>(cx, ask.under)?;
    check_codes(cx, &ask)?;
    let new = NewAgency {
        code_102: ask.code_102,
        code_qd20: ask.code_qd20,
        name: ask.name,
        symbol: ask.symbol,
        place: ask.place,
        tier: ask.tier,
        kind: ask.kind.word().to_owned(),
        parent: Some(above.id),
        local: ask.local,
        valid_from: ask.valid_from,
    };
    let id = actions::add_agency(cx, &above, &new)?;
    cx.done_with("admin.agencies.added", path(id), &[("name", new.name)], id)
}

/// Both codes in a known shape, and free.
fn check_codes(cx: &Raw<'_>, ask: &NewAgencyForm) -> Result<()> {
    let mut errors = FieldErrors::default();
    for (field, code) in [("code_102", &ask.code_102), ("code_qd20", &ask.code_qd20)] {
        if !rules::is_code(code) {
            errors.add(field, "admin.refuse.code");
        } else if organisations::by_code(cx, code)?.is_some() {
            errors.add(field, "admin.refuse.code_taken");
        }
    }
    errors.into_result(())
}

/// The form of what may change.
pub(crate) fn edit_page(cx: &Reader<'_, AdminOrganisation>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let agency = agency_in_reach::<AdminOrganisation>(cx, cx.path_id()?)?;
    let form = ui::form(
        t,
        &state,
        &format!("{}/edit", path(agency.id)),
        html! {
            (ui::error_summary(t, &state, EditAgencyForm::FIELDS))
            @for field in EditAgencyForm::FIELDS {
                @let value = match field.name {
                    "name" => agency.name.as_str(),
                    "symbol" => agency.symbol.as_str(),
                    "place" => agency.place.as_str(),
                    _ if agency.locked => "1",
                    _ => "",
                };
                (ui::field(t, field, &state, value, &[]))
            }
            (ui::acts(ui::submit(t, "admin.save", "ctrl+enter")))
        },
    );
    form_page(cx, (t.text("admin.agencies.edit"), &agency), form)
}

/// Changes an agency.
pub(crate) fn edit(cx: &mut Writer<'_, AdminOrganisation>) -> Reply {
    let before = agency_in_reach::<AdminOrganisation>(cx, cx.path_id()?)?;
    let ask: EditAgencyForm = cx.form()?;
    let after =
        Agency { name: ask.name, symbol: ask.symbol, place: ask.place, locked: ask.locked, ..before.clone() };
    actions::edit_agency(cx, &before, &after)?;
    cx.done("admin.saved", path(after.id))
}

/// The form of an end.
pub(crate) fn end_page(cx: &Reader<'_, AdminOrganisation>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let agency = agency_in_reach::<AdminOrganisation>(cx, cx.path_id()?)?;
    let known = known_successors(cx)?;
    let known: Vec<ui::Choice<'_>> = known.iter().map(|(id, name)| ui::Choice::new(id, name)).collect();
    let endings: Vec<ui::Choice<'_>> =
        Ending::ALL.iter().map(|ending| ui::Choice::new(ending.word(), t.text(ending.key()))).collect();
    let today = cx.now().date().iso();
    let form = ui::form(
        t,
        &state,
        &format!("{}/end", path(agency.id)),
        html! {
            (ui::error_summary(t, &state, EndAgencyForm::FIELDS))
            @for field in EndAgencyForm::FIELDS {
                @match field.name {
                    "last_day" => (ui::field(t, field, &state, &today, &[])),
                    "ending" => (ui::field(t, field, &state, "", &endings)),
                    _ => (ui::field(t, field, &state, "", &known)),
                }
            }
            (ui::acts(html! {
                (ui::button(t, ui::ButtonKind::Danger, "admin.agencies.end", ("end", "1")))
            }))
        },
    );
    form_page(cx, (t.text("admin.agencies.end"), &agency), form)
}

/// Those that were chosen, and without script those that the words of the picker found.
fn known_successors(cx: &Raw<'_>) -> Result<Vec<(String, String)>> {
    let Some(input) = cx.form_state().input else { return Ok(Vec::new()) };
    let mut known: Vec<(String, String)> = Vec::new();
    for id in input.all("successors").take(100).filter_map(|id| id.parse::<AgencyId>().ok()) {
        if let Ok(agency) = organisations::agency(cx, id) {
            known.push((id.to_string(), agency.name));
        }
    }
    for agency in organisations::find(cx, input.get("successors_q").unwrap_or(""), 10)? {
        let id = agency.id.to_string();
        if !known.iter().any(|(other, _)| *other == id) {
            known.push((id, format!("{} ({})", agency.name, agency.code_102)));
        }
    }
    Ok(known)
}

/// Ends an agency.
pub(crate) fn end(cx: &mut Writer<'_, AdminOrganisation>) -> Reply {
    if cx.posted("_find").is_some() {
        return Err(Error::Invalid(FieldErrors::default()));
    }
    let agency = agency_in_reach::<AdminOrganisation>(cx, cx.path_id()?)?;
    let ask: EndAgencyForm = cx.form()?;
    let successors = agencies_of(cx, &ask.successors)?;
    let end = rules::End { last_day: ask.last_day, ending: ask.ending, successors: &successors };
    actions::end_agency(cx, &agency, &end)?;
    cx.done_with("admin.agencies.was_ended", path(agency.id), &[("name", agency.name)], agency.id)
}

/// The form of a unit.
pub(crate) fn unit_page(cx: &Reader<'_, AdminOrganisation>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let agency = agency_in_reach::<AdminOrganisation>(cx, cx.path_id()?)?;
    let form = ui::form(
        t,
        &state,
        &format!("{}/units/new", path(agency.id)),
        html! {
            (ui::error_summary(t, &state, UnitForm::FIELDS))
            @for field in UnitForm::FIELDS { (ui::field(t, field, &state, "", &[])) }
            (ui::acts(ui::submit(t, "admin.units.add", "ctrl+enter")))
        },
    );
    form_page(cx, (t.text("admin.units.add"), &agency), form)
}

/// Adds a unit.
pub(crate) fn add_unit(cx: &mut Writer<'_, AdminOrganisation>) -> Reply {
    let agency = agency_in_reach::<AdminOrganisation>(cx, cx.path_id()?)?;
    let ask: UnitForm = cx.form()?;
    let taken = organisations::units(cx, agency.id)?.iter().any(|unit| unit.symbol == ask.symbol);
    if taken {
        return Err(Error::field("symbol", "admin.refuse.symbol_taken"));
    }
    let id = actions::add_unit(cx, &agency, (&ask.name, &ask.symbol))?;
    cx.done_with("admin.units.added", path(agency.id), &[("name", ask.name)], id)
}

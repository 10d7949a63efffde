//! The form of a new person.

use crate::actions::{self, Joining};
use crate::model::{Reach, Role};
use crate::rights::AdminPeople;
use crate::rules;
use crate::web::agency_in_reach;
use base::form::{Field, Form};
use base::{AgencyId, Date, Error, FieldErrors, Result, UnitId};
use kernel::{Raw, Reader, Reply, Writer};
use maud::html;
use platform::{identity, organisations};

base::form! {
    /// A person and their post.
    pub(crate) struct PersonForm {
        agency: AgencyId = Field::hidden("admin.agency").required(),
        name: String = Field::line("admin.people.name").hint("admin.hint.name").required().max(100),
        username: String = Field::line("admin.people.username").hint("admin.hint.username").required().max(40),
        email: String = Field::line("admin.people.email").hint("admin.hint.email").max(200),
        title: String = Field::line("admin.people.title").hint("admin.hint.title").required().max(100),
        role: Role = Field::choice("admin.people.role").required(),
        unit: Option<UnitId> = Field::choice("admin.people.unit"),
        reach: Reach = Field::choice("admin.people.reach").hint("admin.hint.reach").required(),
        from: Date = Field::date("admin.people.from").required(),
    }
}

/// The form.
pub(crate) fn new(cx: &Reader<'_, AdminPeople>) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let asked = state.input.and_then(|input| input.get("agency")).or_else(|| cx.query("agency"));
    let id: AgencyId = asked.ok_or(Error::NotFound)?.parse().map_err(|_| Error::NotFound)?;
    let agency = agency_in_reach::<AdminPeople>(cx, id)?;
    let roles: Vec<ui::Choice<'_>> =
        Role::ALL.iter().map(|role| ui::Choice::new(role.word(), t.text(role.key()))).collect();
    let reaches: Vec<ui::Choice<'_>> =
        Reach::ALL.iter().map(|reach| ui::Choice::new(reach.word(), t.text(reach.key()))).collect();
    let units: Vec<(String, String)> =
        organisations::units(cx, id)?.into_iter().map(|unit| (unit.id.to_string(), unit.name)).collect();
    let mut unit_choices = vec![ui::Choice::new("", t.text("admin.people.no_unit"))];
    unit_choices.extend(units.iter().map(|(id, name)| ui::Choice::new(id, name)));
    let (today, id) = (cx.now().date().iso(), id.to_string());
    let form = ui::form(
        t,
        &state,
        "/admin/people/new",
        html! {
            (ui::error_summary(t, &state, PersonForm::FIELDS))
            @for field in PersonForm::FIELDS {
                @match field.name {
                    "agency" => (ui::field(t, field, &state, &id, &[])),
                    "role" => (ui::field(t, field, &state, Role::Officer.word(), &roles)),
                    "unit" => (ui::field(t, field, &state, "", &unit_choices)),
                    "reach" => (ui::field(t, field, &state, Reach::Own.word(), &reaches)),
                    "from" => (ui::field(t, field, &state, &today, &[])),
                    _ => (ui::field(t, field, &state, "", &[])),
                }
            }
            (ui::acts(ui::submit(t, "admin.people.add", "ctrl+enter")))
        },
    );
    let list = format!("/admin/people?agency={id}");
    let crumbs = [
        ui::Crumb { label: t.text("admin.people"), href: "/admin/people" },
        ui::Crumb { label: &agency.name, href: &list },
    ];
    let body = html! {
        (ui::crumbs(t, &crumbs, t.text("admin.people.add")))
        (ui::head(t.text("admin.people.add"), html! { (agency.name) }, html! {}))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (form)
    };
    cx.page(t.text("admin.people.add"), body.into_string())
}

/// Enters a person.
pub(crate) fn add(cx: &mut Writer<'_, AdminPeople>) -> Reply {
    let ask: PersonForm = cx.form()?;
    let agency = agency_in_reach::<AdminPeople>(cx, ask.agency)?;
    check(cx, &ask)?;
    let joining = Joining {
        username: &ask.username,
        name: &ask.name,
        email: &ask.email,
        unit: ask.unit,
        title: &ask.title,
        role: ask.role,
        reach: ask.reach,
        from: ask.from,
    };
    let id = actions::add_person(cx, &agency, &joining)?;
    cx.done_with("admin.people.added", format!("/admin/people/{id}"), &[("name", ask.name)], id)
}

/// A free username of the right shape, an address that looks like one, a unit of this agency, a reach inside
/// the actor's.
fn check(cx: &Raw<'_>, ask: &PersonForm) -> Result<()> {
    let mut errors = FieldErrors::default();
    if !rules::is_username(&ask.username) {
        errors.add("username", "admin.refuse.username");
    } else if identity::credentials(cx, &ask.username)?.is_some() {
        errors.add("username", "admin.refuse.username_taken");
    }
    if !ask.email.is_empty()
        && !ask.email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
    {
        errors.add("email", "admin.refuse.email");
    }
    if let Some(unit) = ask.unit
        && organisations::unit(cx, unit)?.agency != ask.agency
    {
        errors.add("unit", "form.choose");
    }
    if ask.reach == Reach::Subtree {
        // Nobody gives a reach wider than their own.
        let below = organisations::all_below(cx, ask.agency)?;
        if !below.into_iter().all(|id| cx.may_at::<AdminPeople>(id)) {
            errors.add("reach", "admin.refuse.reach");
        }
    }
    errors.into_result(())
}

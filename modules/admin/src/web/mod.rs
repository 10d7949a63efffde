//! The screens.

pub(crate) mod agencies;
pub(crate) mod agency_forms;
pub(crate) mod audit;
pub(crate) mod axis;
pub(crate) mod harmful;
pub(crate) mod health;
pub(crate) mod journal;
pub(crate) mod mailbox;
pub(crate) mod nodes;
pub(crate) mod people;
pub(crate) mod person_form;
pub(crate) mod roles;
pub(crate) mod signers;
pub(crate) mod troubles;
pub(crate) mod webhooks;

use crate::rules;
use base::{AgencyId, Error, Result, T};
use kernel::{Permission, Raw};
use maud::Markup;
use platform::organisations::{self, Agency};

/// An agency the actor may administer under right `P`. Any other does not exist for them.
pub(crate) fn agency_in_reach<P: Permission>(cx: &Raw<'_>, id: AgencyId) -> Result<Agency> {
    if cx.may_at::<P>(id) { organisations::agency(cx, id) } else { Err(Error::NotFound) }
}

/// The agencies of this tenant that the actor may administer under right `P`, top tier first.
pub(crate) fn agencies_in_reach<P: Permission>(cx: &Raw<'_>) -> Result<Vec<Agency>> {
    Ok(organisations::local(cx)?.into_iter().filter(|agency| cx.may_at::<P>(agency.id)).collect())
}

/// The agency named in the query, if it is in reach; else the actor's own.
pub(crate) fn chosen_agency<P: Permission>(cx: &Raw<'_>) -> Result<Agency> {
    let asked = cx.query("agency").map(|text| text.parse().map_err(|_| Error::NotFound)).transpose()?;
    agency_in_reach::<P>(cx, asked.map_or_else(|| cx.agency(), Ok)?)
}

/// True when the actor administers the whole tenant under right `P`, see [`rules::governs`].
pub(crate) fn governs<P: Permission>(cx: &Raw<'_>) -> Result<bool> {
    let own = organisations::agency(cx, cx.agency()?)?;
    let locals = organisations::local(cx)?;
    Ok(rules::governs(own.tier, &locals, |id| cx.may_at::<P>(id)))
}

/// The choice of an agency above a list; `any` offers all of them too.
pub(crate) fn agency_filter(t: T, agencies: &[Agency], (chosen, any): (Option<AgencyId>, bool)) -> Markup {
    let names: Vec<(String, &str)> =
        agencies.iter().map(|agency| (agency.id.to_string(), agency.name.as_str())).collect();
    let mut options: Vec<ui::Choice<'_>> = names.iter().map(|(id, name)| ui::Choice::new(id, name)).collect();
    if any {
        options.insert(0, ui::Choice::new("", t.text("admin.any_agency")));
    }
    let value = chosen.map(|id| id.to_string()).unwrap_or_default();
    ui::filter_choice("agency", t.text("admin.agency"), &value, &options)
}

/// What a right is called; its id where no text names it.
pub(crate) fn right_name(t: T, right: &str) -> String {
    let key = format!("admin.right.{right}");
    if t.has(&key) { t.text(&key).to_owned() } else { right.to_owned() }
}

/// What a role is called.
pub(crate) fn role_name(t: T, role: &str) -> String {
    crate::model::Role::parse(role).map_or_else(|| role.to_owned(), |role| t.text(role.key()).to_owned())
}

/// What a text key says; what went wrong is sometimes no key but words of the machine.
pub(crate) fn key_or_words(t: T, text: &str) -> String {
    if t.has(text) { t.text(text).to_owned() } else { text.to_owned() }
}

//! What an administrator does: open → decide → write → record → tell.

use crate::model::{Reach, Role};
use crate::rights::{AdminOrganisation, AdminPeople, AdminRights};
use crate::rules;
use base::{AgencyId, Date, PersonId, Result, UnitId};
use kernel::Writer;
use platform::notify::note;
use platform::organisations::{self, Agency, NewAgency};
use platform::people::{self, Holder, NewPerson, NewPost};
use platform::{identity, sessions};

/// A hash no password has: the person sets one by an invitation.
const NO_PASSWORD: &str = "!";

/// Enters an agency below one that the actor keeps.
pub(crate) fn add_agency(
    cx: &mut Writer<'_, AdminOrganisation>,
    parent: &Agency,
    new: &NewAgency,
) -> Result<AgencyId> {
    rules::edit_agency(parent)?;
    let id = organisations::add_agency(cx, new)?;
    let values =
        [("name", new.name.clone()), ("code", new.code_102.clone()), ("parent", parent.name.clone())];
    // Told of the new agency, for the one above: the new one is not yet in the actor's reach.
    cx.record_noted("admin.act.agency_added", ("agency", id), parent.id, note(&values));
    Ok(id)
}

/// Changes name, symbol, place, or whether it may be sent to.
pub(crate) fn edit_agency(
    cx: &mut Writer<'_, AdminOrganisation>,
    before: &Agency,
    after: &Agency,
) -> Result<()> {
    rules::edit_agency(before)?;
    organisations::edit_agency(cx, after)?;
    let act = match (before.locked, after.locked) {
        (false, true) => "admin.act.agency_locked",
        (true, false) => "admin.act.agency_unlocked",
        _ => "admin.act.agency_edited",
    };
    let values = [("before", before.name.clone()), ("name", after.name.clone())];
    cx.record_noted(act, ("agency", after.id), after.id, note(&values));
    Ok(())
}

/// Ends an agency and names who takes over.
pub(crate) fn end_agency(
    cx: &mut Writer<'_, AdminOrganisation>,
    agency: &Agency,
    end: &rules::End<'_>,
) -> Result<()> {
    rules::end_agency(agency, end)?;
    let ids: Vec<AgencyId> = end.successors.iter().map(|other| other.id).collect();
    organisations::end_agency(cx, agency.id, (end.last_day, end.ending.word()), &ids)?;
    let names: Vec<&str> = end.successors.iter().map(|other| other.name.as_str()).collect();
    let how = cx.text(end.ending.key()).to_owned();
    let values = [
        ("name", agency.name.clone()),
        ("day", end.last_day.dmy()),
        ("how", how),
        ("to", if names.is_empty() { "–".to_owned() } else { names.join("; ") }),
    ];
    cx.record_noted("admin.act.agency_ended", ("agency", agency.id), agency.id, note(&values));
    Ok(())
}

/// Adds a unit at the end of the agency's list.
pub(crate) fn add_unit(
    cx: &mut Writer<'_, AdminOrganisation>,
    agency: &Agency,
    (name, symbol): (&str, &str),
) -> Result<UnitId> {
    rules::edit_agency(agency)?;
    let sort =
        i64::try_from(organisations::units(cx, agency.id)?.len()).unwrap_or(i64::MAX).saturating_add(1);
    let today = cx.now().date();
    let id = organisations::add_unit(cx, agency.id, (name, symbol), (sort, today))?;
    let values = [("name", name.to_owned())];
    cx.record_noted("admin.act.unit_added", ("unit", id), agency.id, note(&values));
    Ok(id)
}

/// A person and the post they are given.
#[derive(Debug)]
pub(crate) struct Joining<'a> {
    pub(crate) username: &'a str,
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    pub(crate) unit: Option<UnitId>,
    pub(crate) title: &'a str,
    pub(crate) role: Role,
    pub(crate) reach: Reach,
    pub(crate) from: Date,
}

/// Enters a person in a post, without a password.
pub(crate) fn add_person(
    cx: &mut Writer<'_, AdminPeople>,
    agency: &Agency,
    joining: &Joining<'_>,
) -> Result<PersonId> {
    rules::edit_agency(agency)?;
    rules::give_role(joining.role, cx.may_at::<AdminRights>(agency.id))?;
    let (username, name, email) = (joining.username, joining.name, joining.email);
    let person =
        people::add(cx, &NewPerson { agency: agency.id, username, name, email, password_hash: NO_PASSWORD })?;
    let post = NewPost {
        agency: agency.id,
        unit: joining.unit,
        title: joining.title,
        role: joining.role.word(),
        reach: joining.reach.word(),
        from: joining.from,
    };
    people::give_post(cx, person, &post)?;
    let role = cx.text(joining.role.key()).to_owned();
    let values = [("name", joining.name.to_owned()), ("title", joining.title.to_owned()), ("role", role)];
    cx.record_noted("admin.act.person_added", ("person", person), agency.id, note(&values));
    Ok(person)
}

/// Locks a person out, from this moment on, or lets them in again.
pub(crate) fn set_active(cx: &mut Writer<'_, AdminPeople>, holder: &Holder, active: bool) -> Result<()> {
    rules::not_oneself(cx.person()?, holder.person)?;
    own_account(cx, holder)?;
    people::set_active(cx, holder.person, active)?;
    if !active {
        sessions::shut_out(cx, holder.person)?;
    }
    let act = if active { "admin.act.person_unlocked" } else { "admin.act.person_locked" };
    let values = [("name", holder.name.clone())];
    cx.record_noted(act, ("person", holder.person), holder.agency, note(&values));
    Ok(())
}

fn own_account(cx: &Writer<'_, AdminPeople>, holder: &Holder) -> Result<()> {
    let bound = people::bound_to(cx, holder.person)?;
    rules::own_account(bound.into_iter().all(|agency| cx.may_at::<AdminPeople>(agency)))?;
    Ok(())
}

/// Makes the link with which a person sets a password; it is shown once.
pub(crate) fn invite(cx: &mut Writer<'_, AdminPeople>, holder: &Holder) -> Result<String> {
    own_account(cx, holder)?;
    // A new password for an administrator is a way into their rights, whichever of their posts gives them.
    for post in people::posts_of(cx, holder.person)? {
        if let Some(role) = Role::parse(&post.role) {
            rules::give_role(role, cx.may_at::<AdminRights>(post.agency))?;
        }
    }
    let secret = sessions::invite(cx, holder.person)?;
    let values = [("name", holder.name.clone())];
    cx.record_noted("admin.act.person_invited", ("person", holder.person), holder.agency, note(&values));
    Ok(format!("/activate/{secret}"))
}

/// Ends a person's post in the agency they hold it in.
pub(crate) fn end_post(cx: &mut Writer<'_, AdminPeople>, holder: &Holder, last_day: Date) -> Result<()> {
    rules::not_oneself(cx.person()?, holder.person)?;
    people::end_post(cx, holder.person, holder.agency, last_day)?;
    let values = [("name", holder.name.clone()), ("title", holder.title.clone()), ("day", last_day.dmy())];
    cx.record_noted("admin.act.post_ended", ("person", holder.person), holder.agency, note(&values));
    Ok(())
}

/// Gives a right to a role, or takes it back.
pub(crate) fn change_right(
    cx: &mut Writer<'_, AdminRights>,
    role: Role,
    (right, given): (&str, bool),
    governs: bool,
) -> Result<()> {
    rules::change_right(role, (right, given), governs)?;
    identity::set_grant(cx, (role.word(), right), given)?;
    let agency = cx.agency()?;
    let act = if given { "admin.act.right_given" } else { "admin.act.right_taken" };
    let values = [("role", cx.text(role.key()).to_owned()), ("right", crate::web::right_name(cx.t(), right))];
    cx.record_noted(act, ("agency", agency), agency, note(&values));
    Ok(())
}

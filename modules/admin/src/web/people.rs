//! The people of an agency, and one person.

use crate::actions;
use crate::rights::AdminPeople;
use crate::web::{agencies_in_reach, agency_filter, chosen_agency, role_name};
use base::form::{Field, Form};
use base::{Date, PersonId, Result, T, text};
use kernel::{Raw, Reader, Reply, Writer};
use maud::{Markup, html};
use platform::organisations::{self, Agency, Unit};
use platform::people::{self, Holder};

/// Rows of a page.
const PAGE: i64 = 100;

base::form! {
    /// The end of a post.
    pub(crate) struct EndPostForm {
        last_day: Date = Field::date("admin.people.last_day").required(),
    }
}

/// The people of an agency.
pub(crate) fn list(cx: &Reader<'_, AdminPeople>) -> Reply {
    let t = cx.t();
    let agency = chosen_agency::<AdminPeople>(cx)?;
    let words = cx.query("q").unwrap_or("");
    let after: Option<PersonId> = cx.query("after").and_then(|text| text.parse().ok());
    let mut holders = if words.is_empty() {
        people::page(cx, agency.id, after, PAGE + 1)?
    } else {
        matching(people::of_agency(cx, agency.id)?, words)
    };
    let page = usize::try_from(PAGE).unwrap_or(0);
    let more = holders.len() > page;
    holders.truncate(page);
    let start = format!("/admin/people?agency={}", agency.id);
    let last = holders.last().filter(|_| more && words.is_empty());
    let older = last.map(|last| format!("{start}&after={}", last.person));
    let newer = after.map(|_| start.as_str());
    let add = format!("/admin/people/new?agency={}", agency.id);
    let act = ui::link_button_key(ui::ButtonKind::Primary, "plus", (t.text("admin.people.add"), "n"), &add);
    let body = html! {
        (ui::head(t.text("admin.people"), html! { (agency.name) }, act.clone()))
        (ui::filters(t, t.text("admin.people"), "/admin/people", html! {
            (agency_filter(t, &agencies_in_reach::<AdminPeople>(cx)?, (Some(agency.id), false)))
            (ui::filter_text("q", t.text("admin.people.words"), words))
        }))
        @if holders.is_empty() {
            (ui::empty(t.text("admin.people.none"), t.text("admin.people.none_text"), act))
        } @else {
            (ui::card_flush("people", t.text("admin.people"), html! {}, table(t, &holders, &organisations::units(cx, agency.id)?)))
        }
        @if older.is_some() || newer.is_some() {
            (ui::pager(t, &ui::Paging { newer, older: older.as_deref(), shown: "" }))
        }
    };
    cx.page(t.text("admin.people"), body.into_string())
}

/// Those whose name or username holds the words, accents optional.
fn matching(holders: Vec<Holder>, words: &str) -> Vec<Holder> {
    let words = text::fold(words);
    holders
        .into_iter()
        .filter(|holder| text::fold(&holder.name).contains(&words) || holder.username.contains(&words))
        .collect()
}

fn table(t: T, holders: &[Holder], units: &[Unit]) -> Markup {
    let unit = |holder: &Holder| {
        units.iter().find(|unit| Some(unit.id) == holder.unit).map(|unit| unit.name.as_str())
    };
    let rows: Vec<Vec<Markup>> = holders
        .iter()
        .map(|holder| {
            vec![
                html! { a href={ "/admin/people/" (holder.person) } data-open { (holder.name) } },
                html! { (holder.username) },
                html! { (holder.title) },
                html! { (role_name(t, &holder.role)) },
                html! { (unit(holder).unwrap_or("")) },
                standing(t, holder),
            ]
        })
        .collect();
    let columns = [
        ui::Column::new(t.text("admin.people.name"), ui::Cell::Title),
        ui::Column::new(t.text("admin.people.username"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.people.title"), ui::Cell::Text),
        ui::Column::new(t.text("admin.people.role"), ui::Cell::Text),
        ui::Column::new(t.text("admin.people.unit"), ui::Cell::Text),
        ui::Column::new(t.text("admin.people.standing"), ui::Cell::Text),
    ];
    ui::table(&ui::Table { caption: t.text("admin.people"), columns: &columns, rows: &rows, register: false })
}

fn standing(t: T, holder: &Holder) -> Markup {
    if holder.active {
        ui::state(ui::Tone::Ok, "check", t.text("admin.people.active"))
    } else {
        ui::state(ui::Tone::Late, "lock", t.text("admin.people.locked"))
    }
}

fn path(person: PersonId) -> String {
    format!("/admin/people/{person}")
}

/// One person.
pub(crate) fn show(cx: &Reader<'_, AdminPeople>) -> Reply {
    let t = cx.t();
    let holder = people::holder(cx, cx.path_id()?)?;
    let agency = organisations::agency(cx, holder.agency)?;
    let list = format!("/admin/people?agency={}", agency.id);
    let crumbs = [
        ui::Crumb { label: t.text("admin.people"), href: "/admin/people" },
        ui::Crumb { label: &agency.name, href: &list },
    ];
    let body = html! {
        (ui::crumbs(t, &crumbs, &holder.name))
        (ui::head(&holder.name, standing(t, &holder), html! {}))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (ui::stack(html! {
            (ui::card("facts", t.text("admin.people.facts"), html! {}, facts(cx, &holder, &agency)?))
            (ui::card("sign-in", t.text("admin.people.sign_in"), html! {}, sign_in(cx, &holder)))
            (ui::card("end", t.text("admin.people.end_post"), html! {}, end_form(cx, &holder)))
        }))
    };
    cx.page(holder.name.clone(), body.into_string())
}

fn facts(cx: &Raw<'_>, holder: &Holder, agency: &Agency) -> Result<Markup> {
    let t = cx.t();
    let mut rows = vec![
        (t.text("admin.people.username"), html! { (holder.username) }),
        (t.text("admin.people.title"), html! { (holder.title) }),
        (t.text("admin.people.role"), html! { (role_name(t, &holder.role)) }),
        (t.text("admin.agency"), html! { (agency.name) }),
    ];
    if let Some(unit) = holder.unit {
        rows.push((t.text("admin.people.unit"), html! { (organisations::unit(cx, unit)?.name) }));
    }
    let posts = people::posts_of(cx, holder.person)?;
    for post in &posts {
        let reach =
            crate::model::Reach::parse(&post.reach).map_or("admin.reach.own", crate::model::Reach::key);
        rows.push((
            t.text("admin.people.post"),
            html! { (post.title) ", " (post.agency_name) ", " (t.text(reach)) ", " (post.valid_from.dmy()) },
        ));
    }
    Ok(ui::facts(&rows))
}

fn sign_in(cx: &Raw<'_>, holder: &Holder) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let base = path(holder.person);
    let (rest, key, kind) = if holder.active {
        ("lock", "admin.people.lock", ui::ButtonKind::Danger)
    } else {
        ("unlock", "admin.people.unlock", ui::ButtonKind::Plain)
    };
    html! {
        p { (t.text("admin.people.invite_text")) }
        (ui::form(t, &state, &format!("{base}/invite"), ui::acts(html! {
            (ui::button(t, ui::ButtonKind::Plain, "admin.people.invite", ("invite", "1")))
            (ui::button_to(t, kind, key, &format!("{base}/{rest}")))
        })))
    }
}

fn end_form(cx: &Raw<'_>, holder: &Holder) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let today = cx.now().date().iso();
    ui::form(
        t,
        &state,
        &format!("{}/end-post", path(holder.person)),
        html! {
            p { (t.text("admin.people.end_post_text")) }
            (ui::error_summary(t, &state, EndPostForm::FIELDS))
            (ui::field(t, ui::find_field::<EndPostForm>("last_day"), &state, &today, &[]))
            (ui::acts(ui::button(t, ui::ButtonKind::Danger, "admin.people.end_post", ("end", "1"))))
        },
    )
}

/// Locks a person out.
pub(crate) fn lock(cx: &mut Writer<'_, AdminPeople>) -> Reply {
    let holder = people::holder(cx, cx.path_id()?)?;
    actions::set_active(cx, &holder, false)?;
    cx.done_with("admin.people.was_locked", path(holder.person), &[("name", holder.name)], holder.person)
}

/// Lets a person in again.
pub(crate) fn unlock(cx: &mut Writer<'_, AdminPeople>) -> Reply {
    let holder = people::holder(cx, cx.path_id()?)?;
    actions::set_active(cx, &holder, true)?;
    cx.done_with("admin.people.was_unlocked", path(holder.person), &[("name", holder.name)], holder.person)
}

/// Makes an invitation and shows it, this once, in a form that can be printed.
pub(crate) fn invite(cx: &mut Writer<'_, AdminPeople>) -> Reply {
    let holder = people::holder(cx, cx.path_id()?)?;
    let link = actions::invite(cx, &holder)?;
    let t = cx.t();
    let back = path(holder.person);
    let act = ui::link_button(ui::ButtonKind::Plain, "", t.text("admin.people.back"), &back);
    let body = html! {
        (ui::head(t.text("admin.invitation"), html! { (holder.name) ", " (holder.title) }, act))
        (ui::card("invitation", t.text("admin.invitation.how"), html! {}, html! {
            (ui::facts(&[
                (t.text("admin.people.username"), html! { b { (holder.username) } }),
                (t.text("admin.invitation.link"), html! { a href=(link) { code { (link) } } }),
                (t.text("admin.invitation.until"), html! { (cx.now().plus_days(3).dmy_hhmm()) }),
            ]))
            p { (t.text("admin.invitation.text")) }
        }))
    };
    cx.page(t.text("admin.invitation"), body.into_string())
}

/// Ends a person's post.
pub(crate) fn end_post(cx: &mut Writer<'_, AdminPeople>) -> Reply {
    let holder = people::holder(cx, cx.path_id()?)?;
    let ask: EndPostForm = cx.form()?;
    actions::end_post(cx, &holder, ask.last_day)?;
    let list = format!("/admin/people?agency={}", holder.agency);
    cx.done_with("admin.people.post_ended", list, &[("name", holder.name)], holder.person)
}

//! Standing in: who does my work while I am away, and whose work I do.

use crate::rules::{self, Absence};
use base::form::{Field, Form, FormState, Kind};
use base::{Error, Instant, PersonId, T};
use kernel::{Reader, Reply, SignedIn, Writer};
use maud::{Markup, html};
use platform::notify::{self, Say};
use platform::people::{self, Delegation, Holder};

const PAGE: &str = "/settings/delegation";

base::form! {
    /// Somebody stands in for me.
    pub(crate) struct DelegationForm {
        to_person: PersonId = Field::choice("desk.delegation.to").required(),
        from_at: Instant = Field::new(Kind::DateTime, "desk.delegation.from").required(),
        to_at: Instant = Field::new(Kind::DateTime, "desk.delegation.until").required(),
        reason: String = Field::line("desk.delegation.reason").hint("desk.delegation.reason_hint").required().max(200),
    }
}

/// The page.
pub(crate) fn show(cx: &Reader<'_, SignedIn>) -> Reply {
    let (t, now, me) = (cx.t(), cx.now(), cx.person()?);
    let colleagues = colleagues(people::of_agency(cx, cx.agency()?)?, me);
    let all = people::delegations(cx, cx.agency()?)?;
    let (mine, others): (Vec<_>, Vec<_>) = all
        .into_iter()
        .filter(|d| d.from_person == me || d.to_person == me)
        .partition(|d| d.from_person == me);
    let state = cx.form_state();
    let crumbs = [ui::Crumb { label: t.text("desk.settings"), href: "/settings" }];
    let body = html! {
        (ui::crumbs(t, &crumbs, t.text("desk.delegation")))
        (ui::head(t.text("desk.delegation"), html! { (t.text("desk.delegation.sub")) }, html! {}))
        (ui::refused(cx.t(), cx.refusal(), cx.path()))
        (ui::stack(html! {
            (ui::card("mine", t.text("desk.delegation.mine"), html! {}, own(t, &state, &mine)))
            (ui::card("theirs", t.text("desk.delegation.theirs"), html! {}, theirs(t, &others)))
            (ui::card("new", t.text("desk.delegation.new"), html! {}, form(t, &state, now, &colleagues)))
        }))
    };
    cx.page(t.text("desk.delegation"), body.into_string())
}

/// Names somebody who stands in.
pub(crate) fn begin(cx: &mut Writer<'_, SignedIn>) -> Reply {
    let ask: DelegationForm = cx.form()?;
    let (me, agency, now) = (cx.person()?, cx.agency()?, cx.now());
    let holders = people::of_agency(cx, agency)?;
    if ask.to_person != me && !holders.iter().any(|h| h.person == ask.to_person && h.active) {
        return Err(Error::field("to_person", "desk.delegation.refuse.not_a_colleague"));
    }
    let others: Vec<Absence> = people::delegations(cx, agency)?
        .into_iter()
        .filter(|d| d.from_person == me)
        .map(|d| Absence { from: d.from_at, until: d.to_at })
        .collect();
    let absence = Absence { from: ask.from_at, until: ask.to_at };
    rules::delegate((me, ask.to_person), absence, &others, now)?;
    people::delegate(cx, (agency, me, ask.to_person), (absence.from, absence.until), &ask.reason)?;
    let values = [
        ("from", cx.actor().name.clone()),
        ("since", absence.from.dmy_hhmm()),
        ("until", absence.until.dmy_hhmm()),
    ];
    notify::tell(
        cx,
        agency,
        ask.to_person,
        &Say { key: "desk.notice.stands_in", values: &values, path: "/" },
    )?;
    let name = holders.into_iter().find(|h| h.person == ask.to_person).map(|h| h.name).unwrap_or_default();
    let told = [
        ("to", name.clone()),
        ("since", absence.from.dmy_hhmm()),
        ("until", absence.until.dmy_hhmm()),
        ("remark", ask.reason),
    ];
    cx.record_noted("desk.act.delegated", ("person", me), agency, notify::note(&told));
    cx.done_with("desk.delegation.begun", PAGE, &[("to", name)], me)
}

/// Ends a stand-in early.
pub(crate) fn end(cx: &mut Writer<'_, SignedIn>) -> Reply {
    let id = cx.path_id::<Delegation>()?;
    let (me, agency) = (cx.person()?, cx.agency()?);
    let mine =
        people::delegations(cx, agency)?.into_iter().find(|d| d.id == id.uuid() && d.from_person == me);
    let delegation = mine.ok_or(Error::NotFound)?;
    people::end_delegation(cx, id, me)?;
    let values = [("from", cx.actor().name.clone())];
    let say = Say { key: "desk.notice.stands_in_ended", values: &values, path: "/" };
    notify::tell(cx, agency, delegation.to_person, &say)?;
    let told = [("to", delegation.to_name.clone())];
    cx.record_noted("desk.act.delegation_ended", ("person", me), agency, notify::note(&told));
    cx.done_with("desk.delegation.ended", PAGE, &[("to", delegation.to_name)], me)
}

/// Those who can stand in, by role as the directory lists them.
fn colleagues(holders: Vec<Holder>, me: PersonId) -> Vec<(String, String)> {
    let others = holders.into_iter().filter(|holder| holder.active && holder.person != me);
    others.map(|holder| (holder.person.to_string(), format!("{}, {}", holder.name, holder.title))).collect()
}

fn form(t: T, state: &FormState<'_>, now: Instant, colleagues: &[(String, String)]) -> Markup {
    let options: Vec<ui::Choice<'_>> =
        colleagues.iter().map(|(id, name)| ui::Choice::new(id, name)).collect();
    let local = |at: Instant| format!("{}T{}", at.date().iso(), at.hhmm());
    let field = |name| ui::find_field::<DelegationForm>(name);
    ui::form(
        t,
        state,
        PAGE,
        html! {
            (ui::error_summary(t, state, DelegationForm::FIELDS))
            (ui::field(t, field("to_person"), state, "", &options))
            (ui::fields(html! {
                (ui::field(t, field("from_at"), state, &local(now), &[]))
                (ui::field(t, field("to_at"), state, &local(now.date().plus_days(1).at(17, 0)), &[]))
            }))
            (ui::field(t, field("reason"), state, "", &[]))
            (ui::acts(ui::submit(t, "desk.delegation.submit", "ctrl+enter")))
        },
    )
}

fn span(t: T, delegation: &Delegation) -> String {
    t.fill(
        "desk.delegation.span",
        &[("since", &delegation.from_at.dmy_hhmm()), ("until", &delegation.to_at.dmy_hhmm())],
    )
}

fn own(t: T, state: &FormState<'_>, mine: &[Delegation]) -> Markup {
    html! {
        @if mine.is_empty() { p class="muted" { (t.text("desk.delegation.none_mine")) } }
        @for delegation in mine {
            p { b { (delegation.to_name) } ", " (span(t, delegation)) ". " (delegation.reason) }
            (ui::form(t, state, &format!("{PAGE}/{}/end", delegation.id), html! {
                (ui::button(t, ui::ButtonKind::Danger, "desk.delegation.end", ("end", "1")))
            }))
        }
    }
}

fn theirs(t: T, others: &[Delegation]) -> Markup {
    html! {
        @if others.is_empty() { p class="muted" { (t.text("desk.delegation.none_theirs")) } }
        @for delegation in others {
            p { b { (delegation.from_name) } ", " (span(t, delegation)) ". " (delegation.reason) }
        }
    }
}

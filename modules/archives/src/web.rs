//! The pages.

pub(crate) mod catalogue_show;
pub(crate) mod catalogues;
pub(crate) mod contents;
pub(crate) mod copies;
pub(crate) mod destructions;
pub(crate) mod dossier_show;
pub(crate) mod dossiers;
pub(crate) mod entries;
pub(crate) mod export;
pub(crate) mod filing;
pub(crate) mod forms;
pub(crate) mod handovers;
pub(crate) mod keeping;
pub(crate) mod minutes;
pub(crate) mod print;
pub(crate) mod sheet;
pub(crate) mod xml;

use crate::model::DossierState;
use base::{AgencyId, Id, Instant, Result, T};
use kernel::{Raw, Told};
use maud::{Markup, html};
use platform::people;
use ui::{ButtonKind, Event, Step, Tone};

/// How many lines a page of a list shows.
pub(crate) const PAGE: i64 = 50;

/// How long something is kept, as the decree writes it: "Vĩnh viễn" or a number of years.
pub(crate) fn retention(t: T, years: Option<i64>) -> String {
    match years {
        None => t.text("archives.forever").to_owned(),
        Some(years) => t.count("archives.years", years),
    }
}

/// A state as a chip: colour, icon and word.
pub(crate) fn state_chip(t: T, state: DossierState) -> Markup {
    let (tone, icon) = match state {
        DossierState::Open => (Tone::Info, "folder"),
        DossierState::Closed => (Tone::Plain, "check"),
        DossierState::Offered => (Tone::Soon, "send"),
        DossierState::Archived => (Tone::Ok, "lock"),
        DossierState::Destroyed => (Tone::Late, "trash"),
    };
    ui::chip(tone, icon, state_text(t, state))
}

/// The word of a state.
pub(crate) fn state_text(t: T, state: DossierState) -> &'static str {
    match state {
        DossierState::Open => t.text("archives.state.open"),
        DossierState::Closed => t.text("archives.state.closed"),
        DossierState::Offered => t.text("archives.state.offered"),
        DossierState::Archived => t.text("archives.state.archived"),
        DossierState::Destroyed => t.text("archives.state.destroyed"),
    }
}

/// The people of an agency one can choose: id, and name with post.
pub(crate) fn colleagues(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<(String, String)>> {
    let all = people::of_agency(cx, agency)?.into_iter();
    let here = all.filter(|holder| holder.active && holder.role != "admin");
    Ok(here.map(|holder| (holder.person.to_string(), format!("{}, {}", holder.name, holder.title))).collect())
}

/// What was done to a thing, from the audit log.
pub(crate) fn history<N>(cx: &Raw<'_>, of: Id<N>) -> Result<Markup> {
    let t = cx.t();
    let told: Vec<(String, String, String)> = cx.told_of(of, &[])?.iter().map(|one| line(t, one)).collect();
    let events: Vec<Event<'_>> = told
        .iter()
        .map(|(when, what, note)| Event { when, step: Step::Done, what: html! { (what) }, note })
        .collect();
    Ok(ui::card("history", t.text("archives.history"), html! {}, ui::timeline(t, &events)))
}

fn line(t: T, one: &Told) -> (String, String, String) {
    let who = if one.person_name == "system" { t.text("archives.system") } else { &one.person_name };
    (one.at.dmy_hhmm(), format!("{who} {}", one.sentence(t)), one.remark().unwrap_or_default())
}

/// The point of a list to go on from: `micros.id` in the query `after`.
pub(crate) fn after<N>(cx: &Raw<'_>) -> (Instant, Id<N>) {
    let start = (Instant::from_micros(i64::MAX), Id::of(uuid::Uuid::max()));
    let Some((micros, id)) = cx.query("after").and_then(|word| word.split_once('.')) else { return start };
    match (micros.parse(), id.parse()) {
        (Ok(micros), Ok(id)) => (Instant::from_micros(micros), id),
        _ => start,
    }
}

/// One page of a list that was read with one line more, and where the next page begins.
pub(crate) fn turned<R>(mut rows: Vec<R>, cursor: impl Fn(&R) -> String) -> (Vec<R>, Option<String>) {
    let page = usize::try_from(PAGE).unwrap_or(50);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows.last().filter(|_| more).map(cursor);
    (rows, next)
}

/// Ids that were chosen in a form. One that is no id chooses nothing.
pub(crate) fn chosen<N>(words: &[String]) -> Vec<Id<N>> {
    words.iter().filter_map(|word| word.parse().ok()).collect()
}

/// The way to a page that says how it is printed.
pub(crate) fn print_link(t: T, path: &str) -> Markup {
    ui::link_button(ButtonKind::Plain, "print", t.text("archives.print"), &format!("{path}?print=1"))
}

/// How the page is printed, when that was asked.
pub(crate) fn print_banner(cx: &Raw<'_>) -> Markup {
    if cx.query("print").is_none() {
        return html! {};
    }
    let hint = ui::banner(Tone::Info, "print", html! { p { (cx.text("archives.print_hint")) } }, html! {});
    html! { div class="no-print" { (hint) } }
}

//! The other installations this one exchanges documents with: who they are, and what of the trust between them ends soon.

use crate::rights::AdminHealth;
use crate::rules::{Ends, ends};
use base::{Instant, Result, T};
use kernel::{Raw, Reader, Reply, Waiting};
use maud::{Markup, html};
use platform::links::{self, Link};
use platform::nodes::{self, Seen, Standing};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// The page.
pub(crate) fn show(cx: &Reader<'_, AdminHealth>) -> Reply {
    let t = cx.t();
    let title = t.text("admin.nodes");
    let (seen, ways) = (nodes::all(cx)?, links::all(cx)?);
    let body = html! {
        (ui::head(title, html! { (t.text("admin.nodes.sub")) }, html! {}))
        @match nodes::standing(cx)? {
            None => { (ui::empty(t.text("admin.nodes.none"), t.text("admin.nodes.none_hint"), html! {})) }
            Some(standing) => {
                (ui::stack(html! {
                    (ui::card("standing", t.text("admin.nodes.standing"), html! {}, facts(cx, &seen, &standing)))
                    (ui::card_flush("nodes", t.text("admin.nodes.list"), html! {}, table(cx, &seen)))
                    @if !ways.is_empty() {
                        (ui::card_flush("links", t.text("admin.nodes.links"), html! {}, link_table(cx, &seen, &ways)))
                    }
                }))
            }
        }
    };
    cx.page(title, body.into_string())
}

/// How many things of the trust between nodes end soon; those that end within days are late.
pub(crate) fn waiting(cx: &Raw<'_>) -> Result<Waiting> {
    let Some(standing) = nodes::standing(cx)? else { return Ok(Waiting { all: 0, late: 0 }) };
    let mut all: Vec<Ends> = nodes::all(cx)?.iter().filter_map(|one| alarm(one, cx.now())).collect();
    all.extend(list_alarm(&standing, cx.now()));
    let count = |least: Ends| i64::try_from(all.iter().filter(|one| **one >= least).count()).unwrap_or(0);
    Ok(Waiting { all: count(Ends::Soon), late: count(Ends::Now) })
}

/// What the end of a node's certificate calls for. One that was revoked has been dealt with.
fn alarm(seen: &Seen, now: Instant) -> Option<Ends> {
    seen.certificate_until.map(|until| ends(until.since(now).div_euclid(DAY)))
}

/// A list is signed anew long before it ends: one of which less than a quarter is left was not.
fn list_alarm(standing: &Standing, now: Instant) -> Option<Ends> {
    let (life, left) = (standing.crl_until.since(standing.crl_at), standing.crl_until.since(now));
    match left {
        ..0 => Some(Ends::Now),
        left if left < life / 4 => Some(Ends::Sooner),
        _ => None,
    }
}

fn facts(cx: &Raw<'_>, seen: &[Seen], standing: &Standing) -> Markup {
    let (t, now) = (cx.t(), cx.now());
    let own = seen.iter().find(|one| one.own).map_or("", |one| one.name.as_str());
    let directory = match standing.directory_at {
        Some(at) => {
            t.fill("admin.nodes.directory_at", &[("n", &standing.directory_version), ("at", &at.dmy_hhmm())])
        }
        None => t.text("admin.nodes.directory_none").to_owned(),
    };
    let hours = now.since(standing.crl_at).max(0) / HOUR;
    let until = standing.crl_until.dmy_hhmm();
    let age = t.fill("admin.nodes.crl_age", &[("n", &hours), ("until", &until)]);
    let list = match list_alarm(standing, now) {
        Some(Ends::Now) => ui::state(ui::Tone::Late, "alert", t.text("admin.nodes.crl_stale")),
        Some(_) => ui::state(ui::Tone::Soon, "clock", t.text("admin.nodes.crl_soon")),
        None => html! {},
    };
    let at = standing.noted_at.dmy_hhmm();
    let round = if standing.trouble.is_empty() {
        html! { (t.fill("admin.nodes.round_fine", &[("at", &at)])) }
    } else {
        let text = t.fill("admin.nodes.round_failed", &[("at", &at)]);
        html! { (ui::state(ui::Tone::Soon, "alert", &text)) " " (standing.trouble) }
    };
    ui::facts(&[
        (t.text("admin.nodes.own"), html! { (own) }),
        (t.text("admin.nodes.directory"), html! { (directory) }),
        (t.text("admin.nodes.crl"), html! { (age) " " (list) }),
        (t.text("admin.nodes.round"), round),
    ])
}

fn table(cx: &Raw<'_>, seen: &[Seen]) -> Markup {
    let t = cx.t();
    let columns = [
        ui::Column::new(t.text("admin.nodes.node"), ui::Cell::Title),
        ui::Column::new(t.text("admin.nodes.address"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.nodes.above"), ui::Cell::Text),
        ui::Column::new(t.text("admin.nodes.agencies"), ui::Cell::Number),
        ui::Column::new(t.text("admin.nodes.certificate"), ui::Cell::Text),
        ui::Column::new(t.text("admin.nodes.role"), ui::Cell::Text),
    ];
    let title = |name: &str| seen.iter().find(|one| one.name == name).map_or("", |one| one.title.as_str());
    let rows: Vec<Vec<Markup>> = seen
        .iter()
        .map(|one| {
            vec![
                html! { (one.title) " (" (one.name) ")" },
                html! { (one.address) },
                html! { (one.above.as_deref().map_or("", title)) },
                html! { (one.agencies) },
                left(t, one, cx.now()),
                html! { (role(t, one)) },
            ]
        })
        .collect();
    let caption = t.text("admin.nodes.list");
    ui::table(&ui::Table { caption, columns: &columns, rows: &rows, register: false })
}

/// How the way to each node is that something was ever sent to: what waits, since when, and how it answers.
fn link_table(cx: &Raw<'_>, seen: &[Seen], ways: &[Link]) -> Markup {
    let t = cx.t();
    let columns = [
        ui::Column::new(t.text("admin.nodes.node"), ui::Cell::Title),
        ui::Column::new(t.text("admin.nodes.queued"), ui::Cell::Number),
        ui::Column::new(t.text("admin.nodes.oldest"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.nodes.passing"), ui::Cell::Number),
        ui::Column::new(t.text("admin.nodes.trip"), ui::Cell::Number),
        ui::Column::new(t.text("admin.nodes.skew"), ui::Cell::Number),
        ui::Column::new(t.text("admin.nodes.link"), ui::Cell::Text),
    ];
    let title = |name: &str| seen.iter().find(|one| one.name == name).map(|one| one.title.clone());
    let over = |micros: Option<i64>, unit: i64| micros.map(|micros| (micros / unit).to_string());
    let rows: Vec<Vec<Markup>> = ways
        .iter()
        .map(|one| {
            vec![
                html! { (title(&one.node).unwrap_or_default()) " (" (one.node) ")" },
                html! { (one.queued) },
                html! { (one.oldest.map(Instant::dmy_hhmm).unwrap_or_default()) },
                html! { (one.passing) },
                html! { (over(one.round_trip_us, 1000).unwrap_or_default()) },
                html! { (over(one.skew_us, 1_000_000).unwrap_or_default()) },
                how(t, one),
            ]
        })
        .collect();
    let caption = t.text("admin.nodes.links");
    ui::table(&ui::Table { caption, columns: &columns, rows: &rows, register: false })
}

fn how(t: T, link: &Link) -> Markup {
    let told = |key, at: Instant| t.fill(key, &[("at", &at.dmy_hhmm())]);
    match (link.failing_since, link.answered_at) {
        (Some(since), _) => ui::state(ui::Tone::Late, "alert", &told("admin.nodes.silent", since)),
        (None, Some(at)) => ui::state(ui::Tone::Ok, "check", &told("admin.nodes.answered", at)),
        (None, None) => html! {},
    }
}

/// How long a node's certificate still counts.
fn left(t: T, seen: &Seen, now: Instant) -> Markup {
    let Some(until) = seen.certificate_until else {
        return ui::state(ui::Tone::Late, "alert", t.text("admin.nodes.revoked"));
    };
    let days = until.since(now).div_euclid(DAY);
    let text = t.count("admin.nodes.days", days);
    match ends(days) {
        Ends::Later => ui::state(ui::Tone::Ok, "check", &text),
        Ends::Soon => ui::state(ui::Tone::Info, "clock", &text),
        Ends::Sooner => ui::state(ui::Tone::Soon, "clock", &text),
        Ends::Now if days < 0 => ui::state(ui::Tone::Late, "alert", t.text("admin.nodes.ended")),
        Ends::Now => ui::state(ui::Tone::Late, "alert", &text),
    }
}

fn role(t: T, seen: &Seen) -> String {
    let roles = [
        (seen.authority, "admin.nodes.is_authority"),
        (seen.own, "admin.nodes.is_own"),
        (seen.relayed, "admin.nodes.is_relayed"),
    ];
    let held: Vec<&str> = roles.iter().filter(|(is, _)| *is).map(|(_, key)| t.text(key)).collect();
    held.join(", ")
}

//! Parts of the tracking page: the trouble banner, the table by district, the map of squares, the history.

use crate::actions::outgoing::path;
use crate::model::{Outgoing, Recipient, RecipientStatus as R};
use crate::rights::{OutgoingIssue, OutgoingRead};
use crate::rules::statuses::{has_arrived, is_trouble};
use crate::store::recipients as store;
use crate::web::incoming_show::short_time;
use crate::web::outgoing::ResendForm;
use crate::web::recipients::known;
use crate::web::tracking::{Asked, BY_NEED, fill, reason_text, status_chip, status_text};
use base::form::Form;
use base::{Result, T};
use kernel::{Opened, Reader};
use maud::{Markup, html};
use platform::organisations;
use std::cmp::Reverse;
use ui::{ButtonKind, Cell, Column, Event, Group, Line, Mark, Part, Step, Table, Tile, Tone};

/// From so many unregistered recipients on a district is shown as slow.
const SLOW_FROM: usize = 3;
/// How many troubles stand below the first before the rest folds away.
const OTHERS: usize = 4;
/// How many recipients of a district are shown beside the others.
const FIRST: usize = 7;
/// How many squares stand in a row of the map.
const MAP_COLUMNS: i64 = 4;

/// Who did not take the document, why, and how to send it to the right agency.
pub(crate) fn banner(
    cx: &Reader<'_, OutgoingRead>,
    document: &Opened<Outgoing>,
    all: &[Recipient],
) -> Result<Markup> {
    let troubled: Vec<&Recipient> = all.iter().filter(|one| is_trouble(one.status)).collect();
    let asked = cx.query("trouble").or_else(|| cx.posted("recipient"));
    let chosen = troubled.iter().find(|one| asked.is_some_and(|id| one.id.to_string() == id));
    let Some(one) = chosen.or(troubled.first()) else { return Ok(html! {}) };
    let t = cx.t();
    let key = match one.status {
        R::Refused => "documents.tracking.refused_by",
        _ => "documents.tracking.not_reached",
    };
    let body = html! {
        b { (t.fill(key, &[("name", &one.to_name)])) }
        p { (reason_text(t, &one.reason)) @if !one.staff.is_empty() { " " span.muted { (one.staff) } } }
    };
    let (again, elsewhere) = if cx.may_at::<OutgoingIssue>(document.agency) {
        (again(cx, document, one), elsewhere(cx, document, one)?)
    } else {
        (html! {}, html! {})
    };
    let others = others(t, document, (&troubled, one));
    Ok(html! {
        (ui::banner(Tone::Late, "alert", body, again))
        @if !elsewhere.0.is_empty() {
            (ui::card("resend", t.text("documents.tracking.resend_title"), html! {}, elsewhere))
        }
        (others)
    })
}

/// Sending again to the same agency: what could not be delivered may get through now.
fn again(cx: &Reader<'_, OutgoingRead>, document: &Opened<Outgoing>, one: &Recipient) -> Markup {
    if one.status != R::Failed {
        return html! {};
    }
    let (t, state) = (cx.t(), cx.form_state());
    ui::form(
        t,
        &state,
        &format!("{}/resend", path(document.id)),
        html! {
            input type="hidden" name="recipient" value=(one.id);
            (ui::submit(t, "documents.tracking.button.again", ""))
        },
    )
}

/// Sending to the right agency instead.
fn elsewhere(cx: &Reader<'_, OutgoingRead>, document: &Opened<Outgoing>, one: &Recipient) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let address = format!("{}/resend", path(document.id));
    let id = one.id.to_string();
    // The directory may know who took over since; then they are offered.
    let successors = organisations::successors(cx, one.to_agency)?;
    let offered: Vec<base::AgencyId> = successors.iter().take(1).map(|new| new.id).collect();
    let known = known(cx, "to", &offered)?;
    let form = ui::form(
        t,
        &state,
        &address,
        html! {
            input type="hidden" name="recipient" value=(id);
            (ui::error_summary(t, &state, ResendForm::FIELDS))
            div.beside {
                (ui::picker(t, ui::find_field::<ResendForm>("to"), &state, &known, "/documents/recipients"))
                (ui::button(t, ButtonKind::Primary, "documents.tracking.button.resend", ("", "")))
            }
            p.hint { (t.fill("documents.tracking.same_number", &[("symbol", &document.symbol)])) }
        },
    );
    Ok(match one.status {
        R::Failed => ui::more(t.text("documents.tracking.send_elsewhere"), form),
        _ => form,
    })
}

fn others(t: T, document: &Outgoing, (troubled, shown): (&[&Recipient], &Recipient)) -> Markup {
    let here = format!("{}/tracking", path(document.id));
    let named: Vec<(String, &Recipient)> = troubled
        .iter()
        .filter(|one| one.id != shown.id)
        .map(|one| (format!("{here}?trouble={}", one.id), *one))
        .collect();
    if named.is_empty() {
        return html! {};
    }
    let mut lines: Vec<Line<'_>> = named
        .iter()
        .map(|(href, one)| Line { label: &one.to_name, href, note: html! { (reason_text(t, &one.reason)) } })
        .collect();
    let rest = lines.split_off(lines.len().min(OTHERS));
    let more = t.count("documents.tracking.more_trouble", i64::try_from(rest.len()).unwrap_or(0));
    let body = html! {
        (ui::lines(&lines))
        @if !rest.is_empty() { (ui::more(&more, ui::lines(&rest))) }
    };
    ui::card("troubles", t.text("documents.tracking.other_trouble"), html! {}, body)
}

/// Recipients of one district.
struct District<'a> {
    area: &'a str,
    all: Vec<&'a Recipient>,
}

impl District<'_> {
    fn count(&self, is: impl Fn(R) -> bool) -> usize {
        self.all.iter().filter(|one| is(one.status)).count()
    }
    fn trouble(&self) -> usize {
        self.count(is_trouble)
    }
    fn unregistered(&self) -> usize {
        self.count(|status| matches!(status, R::Queued | R::Arrived))
    }
}

fn by_district(all: &[Recipient]) -> Vec<District<'_>> {
    let mut districts: Vec<District<'_>> = Vec::new();
    for one in all {
        match districts.iter_mut().find(|district| district.area == one.area) {
            Some(district) => district.all.push(one),
            None => districts.push(District { area: &one.area, all: vec![one] }),
        }
    }
    districts
}

/// The recipients by district: trouble first, then where most wait; inside, what needs somebody on top.
pub(crate) fn table_of(t: T, here: &str, (shown, asked): (&[Recipient], &Asked<'_>)) -> Markup {
    let mut districts = by_district(shown);
    districts.sort_by_key(|district| (Reverse(district.trouble()), Reverse(district.unregistered())));
    let one = districts.len() == 1;
    let groups = html! {
        @for (at, district) in districts.iter().enumerate() {
            @let whole = one || !asked.is_everything();
            (ui::group(whole || (at == 0 && district.trouble() > 0), summary(t, district), rows(t, here, (district, whole))))
        }
    };
    if districts.is_empty() {
        return ui::empty(
            t.text("documents.tracking.none"),
            t.text("documents.tracking.none_hint"),
            html! {},
        );
    }
    ui::card_flush("by-district", t.text("documents.tracking.by_district"), html! {}, groups)
}

fn summary(t: T, district: &District<'_>) -> Markup {
    let n = |count: usize| i64::try_from(count).unwrap_or(0);
    let counts: Vec<(R, i64)> =
        BY_NEED.iter().rev().map(|status| (*status, n(district.count(|one| one == *status)))).collect();
    let parts: Vec<Part<'_>> = counts
        .iter()
        .map(|(status, n)| Part { label: status_text(t, *status), value: *n, fill: fill(*status), href: "" })
        .collect();
    let (trouble, waiting) = (district.trouble(), district.unregistered());
    let state = if trouble > 0 {
        ui::state(Tone::Late, "alert", &t.count("documents.tracking.n_trouble", n(trouble)))
    } else if waiting > 0 {
        ui::state(Tone::Soon, "clock", &t.count("documents.tracking.n_waiting", n(waiting)))
    } else {
        ui::state(Tone::Ok, "check", t.text("documents.tracking.all_registered"))
    };
    let title = if district.area.is_empty() { t.text("documents.tracking.no_area") } else { district.area };
    let note = t.count("documents.tracking.n_places", n(district.all.len()));
    ui::group_summary(&Group { title, note: &note, bar: ui::stackbar_thin(&parts), state })
}

/// Rows of a district. Unless it is asked for alone, only those that need somebody most are shown.
fn rows(t: T, here: &str, (district, whole): (&District<'_>, bool)) -> Markup {
    let columns = [
        Column::new(t.text("documents.tracking.column.recipient"), Cell::Title),
        Column::new(t.text("documents.tracking.column.status"), Cell::Text),
        Column::new(t.text("documents.tracking.column.arrived"), Cell::Nowrap),
        Column::new(t.text("documents.tracking.column.place"), Cell::Text),
    ];
    let mut all = district.all.clone();
    all.sort_by_key(|one| BY_NEED.iter().position(|status| *status == one.status));
    let shown = if whole { all.len() } else { FIRST };
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .take(shown)
        .map(|one| {
            let place =
                if one.reason.is_empty() { one.at_place.clone() } else { reason_text(t, &one.reason) };
            vec![
                html! { a href={ (here) "?recipient=" (one.id) "#history" } { (one.to_name) } },
                status_chip(t, one.status),
                html! { @match one.arrived_at { Some(at) => (at.dmy_hhmm()), None => "–" } },
                html! { (place) @if !one.staff.is_empty() && one.staff != place { " · " span.muted { (one.staff) } } },
            ]
        })
        .collect();
    let caption = if district.area.is_empty() { t.text("documents.tracking.no_area") } else { district.area };
    let (n, total) = (rows.len(), all.len());
    html! {
        (ui::table(&Table { caption, columns: &columns, rows: &rows, register: false }))
        @if n < total {
            p.pager {
                span { (t.fill("documents.tracking.first_of", &[("n", &n), ("total", &total)])) }
                a href={ (here) "?area=" (base_query(district.area)) } {
                    (t.count("documents.tracking.see_all", i64::try_from(total).unwrap_or(0)))
                }
            }
        }
    }
}

/// A square for each district: how many have it, of how many.
pub(crate) fn districts(t: T, here: &str, all: &[Recipient]) -> Markup {
    let mut districts: Vec<District<'_>> =
        by_district(all).into_iter().filter(|one| !one.area.is_empty()).collect();
    if districts.len() < 2 {
        return html! {};
    }
    // The worst first; districts that are as bad keep the order of their names.
    districts.sort_by_key(|one| (Reverse(one.trouble()), Reverse(one.unregistered())));
    let named: Vec<(String, String, Mark)> = districts
        .iter()
        .map(|district| {
            let query = base_query(district.area);
            let (trouble, waiting) = (district.trouble(), district.unregistered());
            let n = |count: usize| i64::try_from(count).unwrap_or(0);
            let (mark, word) = match (trouble, waiting) {
                (1.., _) => (Mark::Bad, t.count("documents.tracking.tile_missing", n(trouble))),
                (0, SLOW_FROM..) => (Mark::Slow, t.count("documents.tracking.tile_waiting", n(waiting))),
                _ => (Mark::Fine, String::new()),
            };
            (format!("{here}?area={query}"), word, mark)
        })
        .collect();
    let tiles: Vec<Tile<'_>> = (0_i64..)
        .zip(districts.iter().zip(&named))
        .map(|(at, (district, (href, word, mark)))| Tile {
            name: district.area,
            href,
            column: at % MAP_COLUMNS,
            row: at / MAP_COLUMNS,
            done: i64::try_from(district.count(has_arrived)).unwrap_or(0),
            total: i64::try_from(district.all.len()).unwrap_or(0),
            mark: *mark,
            word,
        })
        .collect();
    let title = t.text("documents.tracking.map");
    let hint = html! { span.hint { (t.text("documents.tracking.map_hint")) } };
    ui::card("map", title, hint, ui::tiles(t, title, &tiles))
}

/// A place name inside an address.
fn base_query(name: &str) -> String {
    use std::fmt::Write;
    name.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Every packet one recipient sent back, as it came.
pub(crate) fn history(
    cx: &Reader<'_, OutgoingRead>,
    document: &Opened<Outgoing>,
    all: &[Recipient],
) -> Result<Markup> {
    let t = cx.t();
    let asked = cx.query("recipient");
    let chosen = all.iter().find(|one| asked.is_some_and(|id| one.id.to_string() == id));
    let Some(one) = chosen.or_else(|| all.iter().find(|one| is_trouble(one.status))) else {
        return Ok(html! {});
    };
    let packets = store::packets(cx, document.id, &one.to_code)?;
    let told: Vec<(String, String, String, Step)> = packets
        .iter()
        .map(|packet| {
            let known =
                matches!(packet.code.as_str(), "01" | "02" | "03" | "04" | "05" | "06" | "13" | "15" | "16");
            let what = if known {
                t.text(&format!("documents.tracking.code.{}", packet.code)).to_owned()
            } else {
                t.fill("documents.tracking.code.other", &[("code", &packet.code)])
            };
            let note = [packet.at_place.as_str(), &packet.staff, &packet.description];
            let note: Vec<&str> = note.into_iter().filter(|word| !word.is_empty()).collect();
            let step = if packet.code == "02" { Step::Bad } else { Step::Done };
            (short_time(packet.at, cx.now()), what, note.join(" · "), step)
        })
        .collect();
    let mut events: Vec<Event<'_>> = told
        .iter()
        .map(|(when, what, note, step)| Event { when, step: *step, what: html! { (what) }, note })
        .collect();
    if events.is_empty() {
        events.push(Event {
            when: "",
            step: Step::Next,
            what: html! { (t.text("documents.tracking.nothing_yet")) },
            note: "",
        });
    }
    let title = t.fill("documents.tracking.history_of", &[("name", &one.to_name)]);
    Ok(ui::card("history", &title, html! {}, ui::timeline(t, &events)))
}

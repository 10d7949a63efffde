//! The connection to the national axis that an agency keeps, for itself and for others.

use crate::rights::{AdminDoors, AdminOrganisation};
use crate::rules;
use crate::web::{agencies_in_reach, agency_filter, agency_in_reach, chosen_agency};
use base::form::{Field, Form};
use base::{AgencyId, FieldErrors, Refusal, Result, T};
use kernel::{Raw, Reader, Reply, Writer};
use maud::{Markup, html};
use platform::connectors::{self, Connector, Standing, queue};
use platform::notify::note;
use platform::organisations::{self, Agency};

/// Agencies of the axis that a search shows.
const FOUND: i64 = 30;

base::form! {
    /// A connection.
    pub(crate) struct AxisForm {
        agency: AgencyId = Field::hidden("admin.mailbox.agency").required(),
        address: String = Field::line("admin.axis.address").hint("admin.axis.address_hint").required().max(300),
        system: String = Field::line("admin.axis.system").required().max(100),
        secret: String = Field::sealed("admin.axis.secret").hint("admin.axis.secret_hint").max(2000),
        serves: Vec<String> = Field::many("admin.axis.serves").required(),
        active: bool = Field::check("admin.axis.active"),
    }
}

base::form! {
    /// Whose connection is tried.
    pub(crate) struct TestForm {
        agency: AgencyId = Field::hidden("admin.mailbox.agency").required(),
    }
}

/// The page of an agency's connection.
pub(crate) fn show(cx: &Reader<'_, AdminDoors>) -> Reply {
    let t = cx.t();
    let agency = chosen_agency::<AdminDoors>(cx)?;
    let known = connectors::of(cx, agency.id)?;
    let standing = connectors::standing(cx, agency.id)?;
    let all = agencies_in_reach::<AdminDoors>(cx)?;
    let title = t.text("admin.axis");
    let form = form(cx, (agency.id, &all), known.as_ref())?;
    let directory = directory(cx, agency.id)?;
    let card = match (&known, &standing) {
        (Some(known), Some(standing)) => card(cx, known, standing)?,
        _ => html! {},
    };
    let body = html! {
        (ui::head(title, html! { (t.fill("admin.axis.sub", &[("agency", &agency.name)])) }, html! {}))
        (ui::refused(t, cx.refusal(), cx.path()))
        (ui::stack(html! {
            @if all.len() > 1 {
                (ui::filters(t, title, "/admin/axis", agency_filter(t, &all, (Some(agency.id), false))))
            }
            (card)
            (ui::card("settings", t.text("admin.axis.settings"), html! {}, form))
            @if known.is_some() { (directory) }
        }))
    };
    cx.page(title, body.into_string())
}

fn form(cx: &Raw<'_>, (agency, all): (AgencyId, &[Agency]), known: Option<&Connector>) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let names: Vec<(String, &str)> = all.iter().map(|one| (one.id.to_string(), one.name.as_str())).collect();
    let choices: Vec<ui::Choice<'_>> = names.iter().map(|(id, name)| ui::Choice::new(id, name)).collect();
    let serves = match known {
        Some(_) => connectors::served(cx, agency)?,
        None => vec![agency],
    };
    let serves = serves.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let id = agency.to_string();
    let value = |name: &str| match (name, known) {
        ("agency", _) => id.as_str(),
        ("serves", _) => serves.as_str(),
        ("address", Some(one)) => &one.address,
        ("system", Some(one)) => &one.system,
        ("active", Some(one)) if !one.active => "",
        ("active", _) => "1",
        _ => "",
    };
    let fields = html! {
        (ui::error_summary(t, &state, AxisForm::FIELDS))
        @for field in AxisForm::FIELDS {
            (ui::field(t, field, &state, value(field.name), if field.name == "serves" { &choices } else { &[] }))
        }
        (ui::acts(ui::submit(t, "admin.axis.save", "ctrl+enter")))
    };
    Ok(ui::form(t, &state, "/admin/axis/keep", fields))
}

/// How it goes, and the trial.
fn card(cx: &Raw<'_>, known: &Connector, standing: &Standing) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let when = |at: Option<base::Instant>| {
        at.map_or_else(|| t.text("admin.mailbox.never").to_owned(), base::Instant::dmy_hhmm)
    };
    let outcome = match standing.error.as_str() {
        "" if standing.contact_at.is_none() => html! { "–" },
        "" => ui::state(ui::Tone::Ok, "check", t.text("admin.mailbox.fine")),
        key => ui::state(ui::Tone::Late, "alert", &said(t, key, &standing.detail)),
    };
    let test = match standing.test.as_str() {
        "" => html! { (t.text("admin.mailbox.never")) },
        connectors::WAITING => ui::state(ui::Tone::Soon, "clock", t.text("admin.axis.testing")),
        key @ "platform.axis.works" => ui::state(ui::Tone::Ok, "check", &said(t, key, &standing.test_detail)),
        key => ui::state(ui::Tone::Late, "alert", &said(t, key, &standing.test_detail)),
    };
    let tried =
        html! { (test) @if let Some(at) = standing.tested_at { " " span .muted { (at.dmy_hhmm()) } } };
    let directory = match standing.directory_at {
        Some(at) => {
            let n = connectors::listed(cx, known.agency)?;
            t.fill("admin.axis.directory_of", &[("n", &n), ("at", &at.dmy_hhmm())])
        }
        None => t.text("admin.mailbox.never").to_owned(),
    };
    let on = if known.active { "admin.axis.on" } else { "admin.axis.off" };
    let facts = ui::facts(&[
        (t.text("admin.axis.state"), html! { (t.text(on)) }),
        (t.text("admin.axis.contact"), html! { (when(standing.contact_at)) }),
        (t.text("admin.mailbox.outcome"), outcome),
        (t.text("admin.axis.directory"), html! { (directory) }),
        (t.text("admin.axis.waiting"), html! { (queue::waiting(cx, known.agency)?) }),
        (t.text("admin.axis.handed"), html! { (standing.handed) }),
        (t.text("admin.axis.taken"), html! { (standing.taken) }),
        (t.text("admin.mailbox.tested"), tried),
    ]);
    let id = known.agency.to_string();
    let trial = ui::form(
        t,
        &state,
        "/admin/axis/test",
        html! {
            input type="hidden" name="agency" value=(id);
            (ui::button(t, ui::ButtonKind::Plain, "admin.axis.test", ("", "")))
        },
    );
    let inside = html! { (facts) (ui::acts(trial)) };
    Ok(ui::card("standing", t.text("admin.axis.standing"), html! {}, inside))
}

/// Looks into the axis' directory: who is to be written to must stand in our own.
fn directory(cx: &Raw<'_>, keeper: AgencyId) -> Result<Markup> {
    let t = cx.t();
    let words = cx.query("q").unwrap_or("");
    let found = connectors::find(cx, keeper, (words, FOUND))?;
    let may_add = cx.may_at::<AdminOrganisation>(keeper);
    let mut rows = Vec::with_capacity(found.len());
    for one in &found {
        let here = organisations::by_code(cx, &one.code_102)?.is_some();
        let act = html! {
            @if here { (t.text("admin.axis.listed")) }
            @else if may_add && rules::is_code(&one.code_102) {
                a href=(format!("/admin/agencies/new?under={keeper}&axis={}", one.code_102)) { (t.text("admin.axis.list")) }
            }
        };
        rows.push(vec![html! { (one.name) }, html! { (one.code_102) }, html! { (one.code_qd20) }, act]);
    }
    let columns = [
        ui::Column::new(t.text("admin.agencies.name"), ui::Cell::Title),
        ui::Column::new(t.text("admin.agencies.code_102"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.agencies.code_qd20"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.troubles.act"), ui::Cell::Text),
    ];
    let caption = t.text("admin.axis.directory");
    let inside = html! {
        (ui::filters(t, caption, "/admin/axis", html! {
            input type="hidden" name="agency" value=(keeper);
            (ui::filter_text("q", t.text("admin.axis.find"), words))
        }))
        @if !rows.is_empty() {
            (ui::table(&ui::Table { caption, columns: &columns, rows: &rows, register: false }))
        } @else if !words.is_empty() { p { (t.text("admin.axis.not_found")) } }
    };
    Ok(ui::card("directory", caption, html! {}, inside))
}

/// What went wrong in words, with what the axis said.
fn said(t: T, key: &str, detail: &str) -> String {
    t.fill(key, &[("detail", &detail)]).trim().to_owned()
}

/// Keeps what was entered.
pub(crate) fn keep(cx: &mut Writer<'_, AdminDoors>) -> Reply {
    let ask: AxisForm = cx.form()?;
    let agency = agency_in_reach::<AdminDoors>(cx, ask.agency)?;
    let mut serves: Vec<AgencyId> = Vec::new();
    let mut errors = FieldErrors::default();
    for id in &ask.serves {
        let served = agency_in_reach::<AdminDoors>(cx, id.parse().map_err(|_| base::Error::NotFound)?)?;
        if connectors::keeper(cx, served.id)?.is_some_and(|keeper| keeper != agency.id) {
            errors.add("serves", "admin.axis.taken_by_other");
        }
        if !serves.contains(&served.id) {
            serves.push(served.id);
        }
    }
    let before = connectors::of(cx, agency.id)?;
    let connector = checked(ask, before.as_ref(), errors)?;
    connectors::keep(cx, &connector, &serves)?;
    let key = if connector.active { "admin.axis.on" } else { "admin.axis.off" };
    let values = [
        ("state", cx.text(key).to_owned()),
        ("address", connector.address),
        ("system", connector.system),
        ("count", serves.len().to_string()),
    ];
    cx.record_noted("admin.act.axis_kept", ("agency", agency.id), agency.id, note(&values));
    cx.done("admin.axis.kept", format!("/admin/axis?agency={}", agency.id))
}

fn checked(ask: AxisForm, before: Option<&Connector>, mut errors: FieldErrors) -> Result<Connector> {
    let address = ask.address.trim_end_matches('/');
    if !is_address(address) {
        errors.add("address", "admin.axis.address_wrong");
    }
    if !ask.system.chars().all(|c| c.is_ascii_graphic()) {
        errors.add("system", "admin.axis.ascii");
    }
    // The stored secret goes to the axis and system it was given for, and to no other.
    let kept = before.filter(|old| old.address == address && old.system == ask.system);
    let secret = match (ask.secret.is_empty(), kept) {
        (false, _) => ask.secret,
        (true, Some(old)) => old.secret.clone(),
        (true, None) => {
            errors.add("secret", "form.required");
            String::new()
        }
    };
    errors.into_result(Connector {
        agency: ask.agency,
        address: address.to_owned(),
        system: ask.system,
        secret,
        active: ask.active,
        directory_at: None,
    })
}

/// `https://…`, or `http://` to this machine, and no question behind it.
fn is_address(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| {
        let rest = address.strip_prefix("http://")?;
        let host = rest.split(['/', ':']).next()?;
        matches!(host, "localhost" | "127.0.0.1").then_some(rest)
    });
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or("");
    !host.is_empty() && !address.contains(['@', '?', '#']) && address.chars().all(|c| c.is_ascii_graphic())
}

/// Asks for a trial.
pub(crate) fn test(cx: &mut Writer<'_, AdminDoors>) -> Reply {
    let ask: TestForm = cx.form()?;
    let agency = agency_in_reach::<AdminDoors>(cx, ask.agency)?;
    if connectors::of(cx, agency.id)?.is_none() {
        return Err(Refusal::new("admin.axis.not_yet").into());
    }
    connectors::try_out(cx, agency.id)?;
    cx.record("admin.act.axis_tested", ("agency", agency.id), agency.id);
    cx.done("admin.axis.testing", format!("/admin/axis?agency={}", agency.id))
}

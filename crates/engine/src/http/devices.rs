//! Notices on one's own devices: switched on for the browser one sits at, listed, removed; quiet hours.

use super::settings::{signed_form, write_as};
use super::visit::Visit;
use super::{Reply, respond};
use crate::push::{Browser, allowed};
use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use base::form::{Field, Form, FormState};
use base::{Error, Id, PersonId, Refusal, Result, T};
use maud::{Markup, html};
use platform::push::{self, Device, NewDevice, Wishes};
use ui::Choice;

base::form! {
    /// The browser one sits at. The script fills in what the browser's push service gave.
    struct AddForm {
        name: String = Field::line("engine.devices.name").hint("engine.devices.name_hint").required().max(60),
        endpoint: String = Field::hidden("engine.devices").max(1000),
        p256dh: String = Field::hidden("engine.devices").max(200),
        auth: String = Field::hidden("engine.devices").max(100),
    }
}
base::form! {
    /// A device to remove.
    struct RemoveForm {
        id: Id<Device> = Field::hidden("engine.devices").required(),
    }
}
base::form! {
    /// How one wants to be told.
    struct WishForm {
        subjects: bool = Field::check("engine.devices.subjects").hint("engine.devices.subjects_hint"),
        quiet_from: String = Field::choice("engine.devices.quiet_from"),
        quiet_to: String = Field::choice("engine.devices.quiet_to"),
        urgent: bool = Field::check("engine.devices.urgent"),
    }
}

const PAGE: &str = "/settings/devices";
/// Quiet hours begin and end at full and half hours.
const STEP_MINUTES: i64 = 30;
const DAY_MINUTES: i64 = 24 * 60;

/// The page.
pub(super) async fn show(visit: &mut Visit) -> Reply {
    let Some(person) = visit.caller.actor.person else {
        return Ok(respond::redirect(&super::sign_in::address(visit)));
    };
    let read = move |cx: &kernel::Raw<'_>| Ok((push::devices(cx, person)?, push::wishes(cx, person)?));
    let (devices, wishes) = visit.server.read_as_system(&visit.tenant, visit.caller.now, read).await?;
    let csrf = visit.caller.csrf.clone();
    let state = FormState { input: None, errors: &base::FieldErrors::default(), csrf: &csrf, once: "" };
    let t = visit.t();
    let body = html! {
        (ui::head(t.text("engine.devices"), html! { (t.text("engine.devices.sub")) }, html! {}))
        (ui::stack(html! {
            (ui::card("here", t.text("engine.devices.here"), html! {}, here(visit, &state)))
            (ui::card("devices", t.text("engine.devices.all"), html! {}, list(t, &state, &devices)))
            (ui::card("wishes", t.text("engine.devices.wishes"), html! {}, wish_form(t, &state, &wishes)))
        }))
    };
    respond::page(visit, StatusCode::OK, (t.text("engine.devices"), body)).await
}

/// The form the script completes; without script, or without a push service, it says why there is none.
fn here(visit: &Visit, state: &FormState<'_>) -> Markup {
    let t = visit.t();
    if visit.server.config.push.services.is_empty() {
        return html! { p { (t.text("engine.devices.off")) } };
    }
    let agent = visit.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
    html! {
        p { (t.text("engine.devices.what")) }
        p class="hint" { (t.text("engine.devices.install")) }
        noscript { p { (t.text("engine.devices.no_script")) } }
        div data-push=(visit.tenant.push.public()) data-denied=(t.text("engine.devices.denied"))
            data-unable=(t.text("engine.devices.unable")) data-failed=(t.text("engine.devices.failed")) {
            (ui::form(t, state, PAGE, html! {
                @for field in AddForm::FIELDS {
                    @let value = if field.name == "name" { named(agent) } else { String::new() };
                    (ui::field(t, field, state, &value, &[]))
                }
                (ui::acts(ui::submit(t, "engine.devices.on", "")))
            }))
            p role="status" data-push-says {}
        }
    }
}

fn list(t: T, state: &FormState<'_>, devices: &[Device]) -> Markup {
    html! {
        @if devices.is_empty() { p { (t.text("engine.devices.none")) } }
        @for device in devices {
            (ui::form(t, state, "/settings/devices/remove", html! {
                input type="hidden" name="id" value=(device.id);
                p {
                    b { (device.name) } " · "
                    (t.fill("engine.devices.since", &[("date", &device.created_at.date().dmy())]))
                    @if let Some(used) = device.used_at {
                        " · " (t.fill("engine.devices.used", &[("at", &used.dmy_hhmm())]))
                    }
                }
                (ui::acts(ui::submit(t, "engine.devices.remove", "")))
            }))
        }
    }
}

fn wish_form(t: T, state: &FormState<'_>, wishes: &Wishes) -> Markup {
    let times: Vec<String> = (0..DAY_MINUTES / STEP_MINUTES).map(|step| clock(step * STEP_MINUTES)).collect();
    let times: Vec<Choice<'_>> = times.iter().map(|time| Choice::new(time, time)).collect();
    let tick = |on: bool| if on { "1" } else { "" };
    html! {
        (ui::form(t, state, "/settings/devices/wishes", html! {
            @for field in WishForm::FIELDS {
                @let value = match field.name {
                    "subjects" => tick(wishes.subjects).to_owned(),
                    "quiet_from" => clock(wishes.quiet_from),
                    "quiet_to" => clock(wishes.quiet_to),
                    _ => tick(wishes.urgent).to_owned(),
                };
                (ui::field(t, field, state, &value, &times))
            }
            p class="hint" { (t.text("engine.devices.quiet_hint")) }
            (ui::acts(ui::submit(t, "engine.devices.keep", "")))
        }))
    }
}

/// Adds the browser one sits at.
pub(super) async fn add(visit: &mut Visit, body: Body) -> Reply {
    let posted = signed_form(visit, body).await?;
    let person = me(visit)?;
    visit.fields = AddForm::FIELDS;
    super::pages::take(&visit.server, format!("device {person}"), 10)?;
    let form = AddForm::read(&posted)?;
    let known = allowed(&form.endpoint, &visit.server.config.push.services).is_some();
    if !known || Browser::read(&form.p256dh, &form.auth).is_none() {
        let refusal = Refusal::new("engine.devices.refuse.service").hint("engine.devices.hint.service");
        return Err(Error::from(refusal).into());
    }
    let AddForm { name, endpoint, p256dh, auth } = form;
    let new = NewDevice { endpoint, p256dh, auth, name };
    write_as(visit, move |cx| push::add(cx, person, &new).map(drop)).await?;
    Ok(done(visit, "engine.devices.now_on"))
}

/// Removes a device.
pub(super) async fn remove(visit: &mut Visit, body: Body) -> Reply {
    let posted = signed_form(visit, body).await?;
    let person = me(visit)?;
    let form = RemoveForm::read(&posted)?;
    write_as(visit, move |cx| push::remove(cx, person, form.id)).await?;
    Ok(done(visit, "engine.devices.removed"))
}

/// Keeps how one wants to be told.
pub(super) async fn wish(visit: &mut Visit, body: Body) -> Reply {
    let posted = signed_form(visit, body).await?;
    let person = me(visit)?;
    let form = WishForm::read(&posted)?;
    let time = |name, text: &str| minutes(text).ok_or_else(|| Error::field(name, "engine.devices.no_time"));
    let wishes = Wishes {
        subjects: form.subjects,
        quiet_from: time("quiet_from", &form.quiet_from)?,
        quiet_to: time("quiet_to", &form.quiet_to)?,
        urgent: form.urgent,
    };
    write_as(visit, move |cx| push::wish(cx, person, &wishes)).await?;
    Ok(done(visit, "engine.devices.kept"))
}

fn me(visit: &Visit) -> Result<PersonId> {
    visit.caller.actor.person.ok_or(Error::Forbidden)
}

fn done(visit: &mut Visit, key: &'static str) -> Response<Body> {
    visit.put_flash(visit.text(key));
    respond::redirect(PAGE)
}

fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn minutes(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

/// What a browser may be called, from how it names itself: `Android · Chrome`.
fn named(agent: &str) -> String {
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    // Each of these also names those after it.
    const BROWSERS: [(&str, &str); 4] =
        [("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")];
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| *name)
    };
    let words: Vec<&str> = [first(&SYSTEMS), first(&BROWSERS)].into_iter().flatten().collect();
    words.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::{clock, minutes, named};

    #[test]
    fn a_browser_is_called_after_what_it_says_of_itself() {
        let phone = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36";
        assert_eq!(named(phone), "Android · Chrome");
        assert_eq!(
            named("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1"),
            "iPhone · Safari"
        );
        assert_eq!(named("curl/8"), "");
    }

    #[test]
    fn a_time_is_read_as_it_is_written() {
        assert_eq!(minutes(&clock(22 * 60 + 30)), Some(22 * 60 + 30));
        assert_eq!([minutes("24:00"), minutes("7"), minutes("a:b")], [None; 3]);
    }
}

//! Programs of others that an agency wants told of what happens to its documents.

use crate::rights::AdminDoors;
use crate::web::{agencies_in_reach, agency_filter, agency_in_reach, chosen_agency};
use base::form::{Field, Form};
use base::{AgencyId, Error, Result};
use contracts::events::EVENTS;
use kernel::{Raw, Reader, Reply, Writer};
use maud::{Markup, html};
use platform::notify::note;
use platform::webhooks::{self, Call, Made, Webhook};

base::form! {
    /// An address to tell.
    pub(crate) struct WebhookForm {
        agency: AgencyId = Field::hidden("admin.mailbox.agency").required(),
        url: String = Field::line("admin.webhook.url").hint("admin.webhook.url_hint").required().max(500),
        events: Vec<String> = Field::many("admin.webhook.events").required(),
        secret: String = Field::sealed("admin.webhook.secret").required().max(2000),
    }
}

/// The page of an agency's addresses.
pub(crate) fn show(cx: &Reader<'_, AdminDoors>) -> Reply {
    let t = cx.t();
    let agency = chosen_agency::<AdminDoors>(cx)?;
    let hooks = webhooks::of(cx, agency.id)?;
    let calls = webhooks::last(cx, agency.id)?;
    let all = agencies_in_reach::<AdminDoors>(cx)?;
    let title = t.text("admin.webhook");
    let body = html! {
        (ui::head(title, html! { (t.fill("admin.webhook.sub", &[("agency", &agency.name)])) }, html! {}))
        (ui::refused(t, cx.refusal(), cx.path()))
        (ui::stack(html! {
            @if all.len() > 1 {
                (ui::filters(t, title, "/admin/webhooks", agency_filter(t, &all, (Some(agency.id), false))))
            }
            @for hook in &hooks { (card(cx, hook)) }
            (ui::card("add", t.text("admin.webhook.add"), html! {}, form(cx, agency.id)))
            @if !calls.is_empty() { (ui::card_flush("calls", t.text("admin.webhook.calls"), html! {}, table(cx, &hooks, &calls))) }
        }))
    };
    cx.page(title, body.into_string())
}

fn card(cx: &Raw<'_>, hook: &Webhook) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let standing = match (hook.active, hook.failing_since) {
        (false, _) if hook.off_reason.is_empty() => html! { (t.text("admin.webhook.off")) },
        (false, _) => ui::state(ui::Tone::Late, "alert", t.text(&hook.off_reason)),
        (true, Some(since)) => {
            ui::state(ui::Tone::Soon, "clock", &t.fill("admin.webhook.failing", &[("at", &since.dmy_hhmm())]))
        }
        (true, None) => ui::state(ui::Tone::Ok, "check", t.text("admin.mailbox.fine")),
    };
    let names: Vec<&str> = EVENTS
        .iter()
        .filter(|event| hook.events.split(' ').any(|one| one == event.name))
        .map(|event| event.name)
        .collect();
    let facts = ui::facts(&[
        (t.text("admin.mailbox.outcome"), standing),
        (t.text("admin.webhook.events"), html! { (names.join(", ")) }),
    ]);
    let key = if hook.active { "admin.webhook.switch_off" } else { "admin.webhook.switch_on" };
    let switch = ui::form(
        t,
        &state,
        &format!("/admin/webhooks/{}/switch", hook.id),
        ui::button(t, ui::ButtonKind::Plain, key, ("", "")),
    );
    ui::card(&format!("hook-{}", hook.id), &hook.url, html! {}, html! { (facts) (ui::acts(switch)) })
}

fn form(cx: &Raw<'_>, agency: AgencyId) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let id = agency.to_string();
    let names: Vec<(&str, String)> = EVENTS
        .iter()
        .map(|event| (event.name, t.text(&format!("admin.webhook.event.{}", event.name)).to_owned()))
        .collect();
    let events: Vec<ui::Choice<'_>> =
        names.iter().map(|(name, label)| ui::Choice::new(name, label)).collect();
    // Made for this page and shown on it alone: what is kept is sealed before anybody sees it.
    let secret = cx.secret();
    let field = ui::find_field::<WebhookForm>;
    let fields = html! {
        (ui::error_summary(t, &state, WebhookForm::FIELDS))
        (ui::field(t, field("agency"), &state, &id, &[]))
        (ui::field(t, field("url"), &state, "", &[]))
        (ui::field(t, field("events"), &state, "", &events))
        input type="hidden" name="secret" value=(secret);
        p { (t.text("admin.webhook.secret")) ": " code { (secret) } }
        p .hint { (t.text("admin.webhook.secret_hint")) }
        (ui::acts(ui::submit(t, "admin.webhook.add", "ctrl+enter")))
    };
    ui::form(t, &state, "/admin/webhooks/add", fields)
}

fn table(cx: &Raw<'_>, hooks: &[Webhook], calls: &[Made]) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let rows: Vec<Vec<Markup>> = calls
        .iter()
        .map(|call| {
            let url = hooks.iter().find(|hook| hook.id == call.webhook).map_or("", |hook| hook.url.as_str());
            let standing = match call.state.as_str() {
                "sent" => ui::state(ui::Tone::Ok, "check", t.text("admin.webhook.sent")),
                "failed" => ui::state(ui::Tone::Late, "alert", t.text("admin.troubles.failed")),
                _ => ui::state(ui::Tone::Soon, "clock", t.text("admin.webhook.queued")),
            };
            vec![
                html! { (call.event) },
                html! { (url) },
                html! { (standing) " " (call.error) },
                html! { (call.attempts) },
                html! { (call.at.dmy_hhmm()) },
                html! {
                    @if call.state != "queued" {
                        (ui::form(t, &state, &format!("/admin/webhooks/calls/{}/again", call.id),
                            ui::button(t, ui::ButtonKind::Plain, "admin.webhook.again", ("", ""))))
                    }
                },
            ]
        })
        .collect();
    let columns = [
        ui::Column::new(t.text("admin.webhook.event"), ui::Cell::Title),
        ui::Column::new(t.text("admin.webhook.url"), ui::Cell::Span),
        ui::Column::new(t.text("admin.troubles.state"), ui::Cell::Text),
        ui::Column::new(t.text("admin.troubles.attempts"), ui::Cell::Number),
        ui::Column::new(t.text("admin.troubles.at"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.troubles.act"), ui::Cell::Text),
    ];
    let caption = t.text("admin.webhook.calls");
    ui::table(&ui::Table { caption, columns: &columns, rows: &rows, register: false })
}

/// Enters an address.
pub(crate) fn add(cx: &mut Writer<'_, AdminDoors>) -> Reply {
    let ask: WebhookForm = cx.form()?;
    let agency = agency_in_reach::<AdminDoors>(cx, ask.agency)?;
    check(&ask)?;
    let id = webhooks::add(cx, agency.id, (&ask.url, &ask.events.join(" "), &ask.secret))?;
    let values = [("url", ask.url.clone())];
    cx.record_noted("admin.act.webhook_added", ("webhook", id), agency.id, note(&values));
    cx.done_with("admin.webhook.added", page(agency.id), &values, id)
}

/// `https://…`, or `http://` to this machine, which is what development is done with.
fn check(ask: &WebhookForm) -> Result<()> {
    let rest = ask.url.strip_prefix("https://").or_else(|| {
        let rest = ask.url.strip_prefix("http://")?;
        let host = rest.split(['/', ':']).next()?;
        matches!(host, "localhost" | "127.0.0.1").then_some(rest)
    });
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or("");
    if host.is_empty() || host.contains('@') || !ask.url.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Error::field("url", "admin.webhook.url_wrong"));
    }
    if !ask.events.iter().all(|name| EVENTS.iter().any(|event| event.name == name)) {
        return Err(Error::field("events", "form.choose"));
    }
    Ok(())
}

fn page(agency: AgencyId) -> String {
    format!("/admin/webhooks?agency={agency}")
}

/// Switches an address off, or on again.
pub(crate) fn switch(cx: &mut Writer<'_, AdminDoors>) -> Reply {
    let hook = webhooks::one(cx, cx.path_id()?)?;
    webhooks::switch(cx, hook.id, (!hook.active, ""))?;
    let act = if hook.active { "admin.act.webhook_off" } else { "admin.act.webhook_on" };
    cx.record_noted(act, ("webhook", hook.id), hook.agency, note(&[("url", hook.url)]));
    cx.done("admin.webhook.switched", page(hook.agency))
}

/// Makes a call once more.
pub(crate) fn again(cx: &mut Writer<'_, AdminDoors>) -> Reply {
    let call = cx.path_id::<Call>()?;
    let event = webhooks::again(cx, call)?;
    let agency = cx.agency()?;
    cx.record_noted("admin.act.webhook_again", ("webhook", call), agency, note(&[("event", event)]));
    cx.done("admin.troubles.retried", "/admin/webhooks")
}

//! The mail box an agency has its letters fetched from.

use crate::rights::AdminDoors;
use crate::web::{agencies_in_reach, agency_filter, agency_in_reach, chosen_agency};
use base::form::{Field, Form};
use base::{AgencyId, FieldErrors, Refusal, Result, T};
use kernel::{Raw, Reader, Reply, Writer};
use maud::{Markup, html};
use platform::mailboxes::{self, Mailbox, Security, Standing};
use platform::notify::note;

base::form! {
    /// A mail box.
    pub(crate) struct MailboxForm {
        agency: AgencyId = Field::hidden("admin.mailbox.agency").required(),
        server: String = Field::line("admin.mailbox.server").required().max(200),
        port: i64 = Field::number("admin.mailbox.port").required(),
        security: Security = Field::choice("admin.mailbox.security").required(),
        account: String = Field::line("admin.mailbox.account").required().max(200),
        password: String = Field::sealed("admin.mailbox.password").hint("admin.mailbox.password_hint").max(2000),
        folder: String = Field::line("admin.mailbox.folder").required().max(100),
        processed: String = Field::line("admin.mailbox.processed").hint("admin.mailbox.processed_hint").max(100),
        allowed: String = Field::area("admin.mailbox.allowed").hint("admin.mailbox.allowed_hint").max(10_000),
        active: bool = Field::check("admin.mailbox.active"),
    }
}

base::form! {
    /// Whose mail box is tried.
    pub(crate) struct TestForm {
        agency: AgencyId = Field::hidden("admin.mailbox.agency").required(),
    }
}

/// The page of an agency's mail box.
pub(crate) fn show(cx: &Reader<'_, AdminDoors>) -> Reply {
    let t = cx.t();
    let agency = chosen_agency::<AdminDoors>(cx)?;
    let known = mailboxes::of(cx, agency.id)?;
    let standing = mailboxes::standing(cx, agency.id)?;
    let all = agencies_in_reach::<AdminDoors>(cx)?;
    let title = t.text("admin.mailbox");
    let body = html! {
        (ui::head(title, html! { (t.fill("admin.mailbox.sub", &[("agency", &agency.name)])) }, html! {}))
        (ui::refused(t, cx.refusal(), cx.path()))
        (ui::stack(html! {
            @if all.len() > 1 {
                (ui::filters(t, title, "/admin/mailbox", agency_filter(t, &all, (Some(agency.id), false))))
            }
            @if let Some(standing) = &standing { (card(cx, agency.id, standing)) }
            (ui::card("settings", t.text("admin.mailbox.settings"), html! {}, form(cx, agency.id, known.as_ref())))
        }))
    };
    cx.page(title, body.into_string())
}

fn form(cx: &Raw<'_>, agency: AgencyId, known: Option<&Mailbox>) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let names: Vec<(&str, String)> = Security::ALL
        .iter()
        .map(|how| (how.word(), t.text(&format!("admin.mailbox.security.{}", how.word())).to_owned()))
        .collect();
    let hows: Vec<ui::Choice<'_>> = names.iter().map(|(word, name)| ui::Choice::new(word, name)).collect();
    let id = agency.to_string();
    let port = known.map_or_else(|| "993".to_owned(), |box_| box_.port.to_string());
    let value = |name: &str| match (name, known) {
        ("agency", _) => id.as_str(),
        ("port", _) => port.as_str(),
        ("server", Some(box_)) => &box_.server,
        ("account", Some(box_)) => &box_.account,
        ("allowed", Some(box_)) => &box_.allowed,
        ("folder", Some(box_)) => &box_.folder,
        ("processed", Some(box_)) => &box_.processed,
        ("security", Some(box_)) => box_.security.word(),
        ("active", Some(box_)) if box_.active => "1",
        ("folder", None) => "INBOX",
        ("processed", None) => "VanLang",
        ("security", None) => Security::Tls.word(),
        ("active", None) => "1",
        _ => "",
    };
    let fields = html! {
        (ui::error_summary(t, &state, MailboxForm::FIELDS))
        @for field in MailboxForm::FIELDS {
            (ui::field(t, field, &state, value(field.name), if field.name == "security" { &hows } else { &[] }))
        }
        (ui::acts(ui::submit(t, "admin.mailbox.save", "ctrl+enter")))
    };
    ui::form(t, &state, "/admin/mailbox/keep", fields)
}

/// How it goes, and the trial.
fn card(cx: &Raw<'_>, agency: AgencyId, standing: &Standing) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let when = |at: Option<base::Instant>| {
        at.map_or_else(|| t.text("admin.mailbox.never").to_owned(), base::Instant::dmy_hhmm)
    };
    let outcome = match standing.error.as_str() {
        "" if standing.polled_at.is_none() => html! { "–" },
        "" => ui::state(ui::Tone::Ok, "check", t.text("admin.mailbox.fine")),
        key => ui::state(ui::Tone::Late, "alert", &said(t, key, &standing.detail)),
    };
    let test = match standing.test.as_str() {
        "" => html! { (t.text("admin.mailbox.never")) },
        mailboxes::WAITING => ui::state(ui::Tone::Soon, "clock", t.text("admin.mailbox.testing")),
        key @ "platform.mailbox.works" => {
            ui::state(ui::Tone::Ok, "check", &said(t, key, &standing.test_detail))
        }
        key => ui::state(ui::Tone::Late, "alert", &said(t, key, &standing.test_detail)),
    };
    let tried =
        html! { (test) @if let Some(at) = standing.tested_at { " " span .muted { (at.dmy_hhmm()) } } };
    let facts = ui::facts(&[
        (t.text("admin.mailbox.polled"), html! { (when(standing.polled_at)) }),
        (t.text("admin.mailbox.outcome"), outcome),
        (t.text("admin.mailbox.letters"), html! { (standing.letters) }),
        (t.text("admin.mailbox.tested"), tried),
    ]);
    let id = agency.to_string();
    let trial = ui::form(
        t,
        &state,
        "/admin/mailbox/test",
        html! {
            input type="hidden" name="agency" value=(id);
            (ui::button(t, ui::ButtonKind::Plain, "admin.mailbox.test", ("", "")))
        },
    );
    ui::card("standing", t.text("admin.mailbox.standing"), html! {}, html! { (facts) (ui::acts(trial)) })
}

/// What went wrong in words, with what the other end said.
fn said(t: T, key: &str, detail: &str) -> String {
    t.fill(key, &[("detail", &detail)]).trim().to_owned()
}

/// Keeps what was entered.
pub(crate) fn keep(cx: &mut Writer<'_, AdminDoors>) -> Reply {
    let ask: MailboxForm = cx.form()?;
    let agency = agency_in_reach::<AdminDoors>(cx, ask.agency)?;
    let before = mailboxes::of(cx, agency.id)?;
    let mailbox = checked(ask, before.as_ref())?;
    mailboxes::keep(cx, &mailbox)?;
    let key = if mailbox.active { "admin.mailbox.on" } else { "admin.mailbox.off" };
    let state = cx.text(key).to_owned();
    let values = [("account", mailbox.account), ("server", mailbox.server), ("state", state)];
    cx.record_noted("admin.act.mailbox_kept", ("agency", agency.id), agency.id, note(&values));
    cx.done("admin.mailbox.kept", format!("/admin/mailbox?agency={}", agency.id))
}

fn checked(ask: MailboxForm, before: Option<&Mailbox>) -> Result<Mailbox> {
    let mut errors = FieldErrors::default();
    if !(1..=65_535).contains(&ask.port) {
        errors.add("port", "admin.mailbox.port_range");
    }
    for (name, value) in [("server", &ask.server), ("folder", &ask.folder), ("processed", &ask.processed)] {
        if !value.chars().all(|c| matches!(c, ' '..='~')) {
            errors.add(name, "admin.mailbox.ascii");
        }
    }
    if ask.processed.eq_ignore_ascii_case(&ask.folder) {
        errors.add("processed", "admin.mailbox.same");
    }
    let is_sender = |line: &str| {
        line.split_once('@').is_some_and(|(_, place)| place.contains('.') && !place.contains(['@', ' ']))
    };
    if !ask.allowed.lines().map(str::trim).filter(|line| !line.is_empty()).all(is_sender) {
        errors.add("allowed", "admin.mailbox.allowed_wrong");
    }
    // The stored password goes to the server and account it was given for, and to no other.
    let kept = before.filter(|old| old.server == ask.server && old.account == ask.account);
    let password = match (ask.password.is_empty(), kept) {
        (false, _) => ask.password,
        (true, Some(old)) => old.password.clone(),
        (true, None) => {
            errors.add("password", "form.required");
            String::new()
        }
    };
    errors.into_result(Mailbox {
        agency: ask.agency,
        server: ask.server,
        port: ask.port,
        security: ask.security,
        account: ask.account,
        password,
        folder: ask.folder,
        processed: ask.processed,
        allowed: ask.allowed,
        active: ask.active,
    })
}

/// Asks for a trial.
pub(crate) fn test(cx: &mut Writer<'_, AdminDoors>) -> Reply {
    let ask: TestForm = cx.form()?;
    let agency = agency_in_reach::<AdminDoors>(cx, ask.agency)?;
    if mailboxes::of(cx, agency.id)?.is_none() {
        return Err(Refusal::new("admin.mailbox.not_yet").into());
    }
    mailboxes::try_out(cx, agency.id)?;
    cx.record("admin.act.mailbox_tested", ("agency", agency.id), agency.id);
    cx.done("admin.mailbox.testing", format!("/admin/mailbox?agency={}", agency.id))
}

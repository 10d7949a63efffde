//! What a person decides about their own account: look, password, one-time codes, sessions.

use super::errors::Fault;
use super::visit::Visit;
use super::{Reply, Trace, body, cookies, respond};
use crate::auth::{password as secret, totp};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use base::form::{Field, Form, FormState, Input, Kind};
use base::{Error, FieldErrors, Lang, PersonId, Result};
use kernel::{Database, Scope, System, Writer};
use maud::{Markup, html};
use platform::sessions::{self, Session};
use platform::{identity, people};

base::form! {
    /// A new password.
    struct NewForm {
        password: String = Field::new(Kind::Password, "engine.security.new").hint("engine.security.new_hint").required(),
        repeat: String = Field::new(Kind::Password, "engine.security.repeat").required(),
    }
}
base::form! {
    /// A new password in place of the old one.
    struct ChangeForm {
        old: String = Field::new(Kind::Password, "engine.security.old").required(),
    }
}
base::form! {
    /// Switches one-time codes on.
    struct CodesForm {
        code: String = Field::line("engine.sign_in.code").required().max(20),
        proof: String = Field::new(Kind::Password, "engine.security.old").required(),
    }
}

// NIST SP 800-63B, 5.1.1.2, asks for 8; a password alone should be longer.
const SHORTEST: usize = 10;

/// Theme and language, for visitors too.
pub(super) async fn look(visit: &mut Visit, body: Body) -> Reply {
    let posted = signed_form(visit, body).await?;
    if let Some(theme) = posted.get("theme") {
        let theme = ui::Theme::parse(theme).code();
        visit.set_cookie(cookies::THEME, theme, Some(cookies::YEAR));
        keep(visit, move |cx, person| people::set_theme(cx, person, theme)).await?;
    }
    if let Some(lang) = posted.get("lang") {
        let lang = Lang::parse(lang).code();
        visit.set_cookie(cookies::LANG, lang, Some(cookies::YEAR));
        keep(visit, move |cx, person| people::set_language(cx, person, lang)).await?;
    }
    Ok(respond::redirect(posted.get("back").unwrap_or("/")))
}

/// Keeps a choice for the person's next browser; a visitor's is only in the cookie.
async fn keep(
    visit: &Visit,
    act: impl Fn(&mut Writer<'_, System>, PersonId) -> Result<()> + Send + Sync + 'static,
) -> Result<()> {
    let Some(person) = visit.caller.actor.person else { return Ok(()) };
    let act = move |cx: &mut Writer<'_, System>| {
        act(cx, person)?;
        cx.record_plain("sessions.act.look", ("person", person));
        Ok(())
    };
    write_as(visit, act).await
}

/// Reads a form of this session.
pub(super) async fn signed_form(visit: &Visit, body: Body) -> std::result::Result<Input, Fault> {
    visit.check_origin()?;
    let posted = body::read(visit, body, (&[], false)).await?;
    if visit.holds_token(posted.get("_csrf")) { Ok(posted) } else { Err(Fault::forged()) }
}

/// Writes as the person, with an audit entry.
pub(super) async fn write_as<V: Send + 'static>(
    visit: &Visit,
    act: impl Fn(&mut Writer<'_, System>) -> Result<V> + Send + Sync + 'static,
) -> Result<V> {
    let mut cx = visit.server.system(&visit.tenant, visit.caller.now);
    cx.actor = visit.caller.actor.clone();
    cx.request.path.clone_from(&visit.path);
    let act = move |db: &dyn Database| kernel::engine::write(db, &cx, |cx| act(cx));
    visit.tenant.db.write(Scope::Everything, act).await
}

/// The page: password, one-time codes, where one is signed in.
pub(super) async fn security(visit: &mut Visit) -> Reply {
    security_page(visit, (StatusCode::OK, &FieldErrors::default())).await
}

async fn security_page(visit: &mut Visit, (status, errors): (StatusCode, &FieldErrors)) -> Reply {
    let Some(person) = visit.caller.actor.person else {
        return Ok(respond::redirect(&super::sign_in::address(visit)));
    };
    let read = move |cx: &kernel::Raw<'_>| {
        let codes = identity::preferences(cx, person)?.totp_secret.is_some();
        Ok((sessions::of_person(cx, person)?, sessions::tokens(cx, person)?, codes))
    };
    let (all, tokens, codes) = visit.server.read_as_system(&visit.tenant, visit.caller.now, read).await?;
    let csrf = visit.caller.csrf.clone();
    let state = FormState { input: None, errors, csrf: &csrf, once: "" };
    let t = visit.t();
    let body = html! {
        (ui::head(t.text("engine.security"), html! {}, html! {}))
        (ui::stack(html! {
            (ui::card("password", t.text("engine.security.password"), html! {}, html! {
                (ui::form(t, &state, "/settings/password", html! {
                    @for field in ChangeForm::FIELDS.iter().chain(NewForm::FIELDS) {
                        (ui::field(t, field, &state, "", &[]))
                    }
                    (ui::acts(ui::submit(t, "engine.security.change", "")))
                }))
            }))
            (codes_card(visit, &state, codes))
            (sessions_card(visit, &state, &all))
            (super::tokens::card(visit, &state, &tokens))
        }))
    };
    respond::page(visit, status, (t.text("engine.security"), body)).await
}

fn codes_card(visit: &Visit, state: &FormState<'_>, on: bool) -> Markup {
    let t = visit.t();
    let fresh = totp::new_secret(visit.server.chance);
    let sealed = visit.tenant.seal.wrap("codes", &format!("{} {fresh}", visit.owner));
    ui::card(
        "codes",
        t.text("engine.security.codes"),
        html! {},
        html! {
            @if on {
                p { (t.text("engine.security.codes_on")) }
            } @else {
                p { (t.text("engine.security.codes_off")) }
                p { code { (fresh) } }
            }
            (ui::form(t, state, "/settings/codes", html! {
                @if on { input type="hidden" name="off" value="1"; }
                @else { input type="hidden" name="sealed" value=(sealed); }
                @for field in CodesForm::FIELDS { (ui::field(t, field, state, "", &[])) }
                @let key = if on { "engine.security.switch_off" } else { "engine.security.switch_on" };
                (ui::acts(ui::submit(t, key, "")))
            }))
        },
    )
}

fn sessions_card(visit: &Visit, state: &FormState<'_>, all: &[Session]) -> Markup {
    let t = visit.t();
    let here = visit.session.as_ref().map(|session| session.id);
    ui::card(
        "sessions",
        t.text("engine.security.sessions"),
        html! {},
        html! {
            ul {
                @for session in all {
                    li {
                        (session.agent) " · " (session.address) " · " (session.seen_at.dmy_hhmm())
                        @if here == Some(session.id) { " · " b { (t.text("engine.security.here")) } }
                    }
                }
            }
            (ui::form(t, state, "/sign-out", html! {
                input type="hidden" name="everywhere" value="1";
                (ui::acts(ui::submit(t, "engine.security.everywhere", "")))
            }))
        },
    )
}

/// Sets a new password; every session ends, this one too.
pub(super) async fn password(visit: &mut Visit, body: Body) -> Reply {
    let posted = signed_form(visit, body).await?;
    let person = visit.caller.actor.person.ok_or(Error::Forbidden)?;
    let read = move |cx: &kernel::Raw<'_>| identity::preferences(cx, person);
    let found = visit.server.read_as_system(&visit.tenant, visit.caller.now, read).await?;
    let new = match checked(&posted) {
        Ok(new) => new,
        Err(Error::Invalid(errors)) => {
            return security_page(visit, (StatusCode::UNPROCESSABLE_ENTITY, &errors)).await;
        }
        Err(other) => return Err(other.into()),
    };
    super::pages::take(&visit.server, format!("password {person}"), 10)?;
    let old = posted.get("old").unwrap_or("").to_owned();
    if !secret::verify(Some(found.password_hash), old).await? {
        let Error::Invalid(errors) = Error::field("old", "engine.sign_in.wrong") else {
            return Err(Error::Forbidden.into());
        };
        return security_page(visit, (StatusCode::UNPROCESSABLE_ENTITY, &errors)).await;
    }
    let hash = secret::hash(new).await?;
    write_as(visit, move |cx| sessions::set_password(cx, person, &hash)).await?;
    visit.set_cookie(cookies::SESSION, "", Some(0));
    visit.put_flash(visit.text("engine.security.changed"));
    Ok(respond::redirect("/sign-in"))
}

/// The new password, when it is long enough and was typed twice alike.
fn checked(posted: &Input) -> Result<String> {
    let form = NewForm::read(posted)?;
    if form.password.chars().count() < SHORTEST {
        return Err(Error::field("password", "engine.security.too_short"));
    }
    if form.password != form.repeat {
        return Err(Error::field("repeat", "engine.security.differs"));
    }
    Ok(form.password)
}

/// Switches one-time codes on or off; either way the password and a code that was not used before prove that it is the
/// person, and who guesses is locked out as at the sign-in.
pub(super) async fn codes(visit: &mut Visit, body: Body) -> Reply {
    let posted = signed_form(visit, body).await?;
    let person = visit.caller.actor.person.ok_or(Error::Forbidden)?;
    super::pages::take(&visit.server, format!("codes {person}"), 10)?;
    let read = move |cx: &kernel::Raw<'_>| identity::preferences(cx, person);
    let found = visit.server.read_as_system(&visit.tenant, visit.caller.now, read).await?;
    // No name that is typed holds this sign.
    let counted = format!("\u{1f}codes {person}");
    if !super::sign_in::attempt_as(visit, counted.clone()).await? {
        return codes_wrong(visit, ("code", "engine.sign_in.locked")).await;
    }
    let password = posted.get("proof").unwrap_or("").to_owned();
    if password.len() > 1000 || !secret::verify(Some(found.password_hash), password).await? {
        return codes_wrong(visit, ("proof", "engine.sign_in.wrong")).await;
    }
    let off = posted.get("off").is_some();
    let held = if off {
        found.totp_secret.and_then(|sealed| visit.tenant.files.open_text(&sealed))
    } else {
        let opened = posted.get("sealed").and_then(|sealed| visit.tenant.seal.open("codes", sealed));
        opened.and_then(|text| {
            text.split_once(' ').filter(|(owner, _)| *owner == visit.owner).map(|(_, s)| s.to_owned())
        })
    };
    let code = posted.get("code").unwrap_or("");
    let step = held.as_deref().and_then(|held| totp::step_of(held, code, visit.caller.now));
    let (Some(held), Some(step)) = (held, step) else {
        return codes_wrong(visit, ("code", "engine.sign_in.wrong_code")).await;
    };
    if !super::sign_in::first_use(visit, person, (step, counted)).await? {
        return codes_wrong(visit, ("code", "engine.sign_in.wrong_code")).await;
    }
    let kept = if off { None } else { Some(visit.tenant.files.seal_text(&held)?) };
    write_as(visit, move |cx| sessions::set_totp(cx, person, kept.as_deref())).await?;
    let said = if off { "engine.security.codes_now_off" } else { "engine.security.codes_now_on" };
    visit.put_flash(visit.text(said));
    Ok(respond::redirect("/settings/security"))
}

async fn codes_wrong(visit: &mut Visit, (field, key): (&'static str, &'static str)) -> Reply {
    let mut wrong = FieldErrors::default();
    wrong.add(field, key);
    security_page(visit, (StatusCode::UNPROCESSABLE_ENTITY, &wrong)).await
}

/// The page behind an invitation: the person sets a password.
pub(super) async fn activate(visit: &mut Visit, body: Body, trace: &mut Trace) -> Reply {
    "/activate/{secret}".clone_into(&mut trace.route);
    let invitation = visit.path.trim_start_matches("/activate/").to_owned();
    super::pages::take(&visit.server, format!("activate {}", visit.network), 20)?;
    let (read, now) = (invitation.clone(), visit.caller.now);
    visit.server.read_as_system(&visit.tenant, now, move |cx| sessions::invited(cx, &read)).await?;
    if visit.method != Method::POST {
        return Ok(activate_page(visit, (StatusCode::OK, &FieldErrors::default())));
    }
    let posted = signed_form(visit, body).await?;
    let new = match checked(&posted) {
        Ok(new) => new,
        Err(Error::Invalid(errors)) => {
            return Ok(activate_page(visit, (StatusCode::UNPROCESSABLE_ENTITY, &errors)));
        }
        Err(other) => return Err(other.into()),
    };
    let hash = secret::hash(new).await?;
    write_as(visit, move |cx| sessions::redeem(cx, &invitation, &hash).map(drop)).await?;
    visit.put_flash(visit.text("engine.security.changed"));
    Ok(respond::redirect("/sign-in"))
}

fn activate_page(
    visit: &mut Visit,
    (status, errors): (StatusCode, &FieldErrors),
) -> axum::http::Response<Body> {
    let (t, csrf, path) = (visit.t(), visit.caller.csrf.clone(), visit.path.clone());
    let state = FormState { input: None, errors, csrf: &csrf, once: "" };
    let body = html! {
        h1 { (t.text("engine.security.activate")) }
        (ui::form(t, &state, &path, html! {
            @for field in NewForm::FIELDS { (ui::field(t, field, &state, "", &[])) }
            (ui::acts(ui::submit(t, "engine.security.change", "")))
        }))
    };
    let page = respond::plain(visit, (t.text("engine.security.activate"), body));
    respond::html_response(status, page.into_string())
}

//! Signing in and out.

use super::errors::Fault;
use super::visit::Visit;
use super::{Reply, body, cookies, pages, respond, resume, text};
use crate::auth::{password, seal, totp};
use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use base::form::{Field, Form, FormState, Input, Kind};
use base::{Error, FieldErrors, PersonId, Result};
use kernel::{Actor, Database, Scope};
use maud::{Markup, html};
use platform::identity::{self, Credentials};
use platform::sessions::{self, Lockout, NewSession};
use std::sync::Arc;

base::form! {
    /// Name and password.
    struct NameForm {
        username: String = Field::line("engine.sign_in.username").required().max(100),
        password: String = Field::new(Kind::Password, "engine.sign_in.password").required(),
    }
}
base::form! {
    /// The one-time code.
    struct CodeForm {
        code: String = Field::line("engine.sign_in.code").hint("engine.sign_in.code_hint").required().max(20),
    }
}

/// How the sign-in page is shown.
#[derive(Default)]
pub(super) struct Shown<'a> {
    /// A form that waits behind it.
    pub(super) kept: Option<&'a str>,
    /// A message key above the form.
    pub(super) say: Option<&'static str>,
    /// The name that was typed.
    pub(super) username: &'a str,
    /// The proof that name and password were right: now the code is asked for.
    pub(super) pending: Option<&'a str>,
}

/// The address of the sign-in page that leads back to this one.
pub(super) fn address(visit: &Visit) -> String {
    let here = match visit.query_text.as_str() {
        "" => visit.path.clone(),
        query => format!("{}?{query}", visit.path),
    };
    if here == "/" { "/sign-in".to_owned() } else { format!("/sign-in?next={}", text::encode(&here)) }
}

/// The page.
pub(super) fn show(visit: &mut Visit) -> Response<Body> {
    if visit.signed_in() {
        return respond::redirect(visit.query.get("next").unwrap_or("/"));
    }
    let page = form(visit, &Shown::default());
    respond::html_response(StatusCode::OK, page.into_string())
}

/// The page with its form.
pub(super) fn form(visit: &mut Visit, shown: &Shown<'_>) -> Markup {
    let t = visit.t();
    let (errors, next) = (FieldErrors::default(), visit.query.get("next").unwrap_or("").to_owned());
    let input = Input::default().with("username", shown.username);
    let csrf = visit.caller.csrf.clone();
    let state = FormState { input: Some(&input), errors: &errors, csrf: &csrf, once: "" };
    let fields = if shown.pending.is_some() { CodeForm::FIELDS } else { NameForm::FIELDS };
    let inner = html! {
        @if let Some(kept) = shown.kept { input type="hidden" name="kept" value=(kept); }
        @if let Some(pending) = shown.pending { input type="hidden" name="pending" value=(pending); }
        @if !next.is_empty() { input type="hidden" name="next" value=(next); }
        @for field in fields { (ui::field(t, field, &state, "", &[])) }
        (ui::acts(ui::submit(t, "engine.sign_in.go", "")))
    };
    let body = html! {
        h1 { (t.text("engine.sign_in")) }
        @if let Some(say) = shown.say {
            (ui::banner(ui::Tone::Info, "info", html! { p { (t.text(say)) } }, html! {}))
        }
        (ui::form(t, &state, "/sign-in", inner))
    };
    respond::plain(visit, (t.text("engine.sign_in"), body))
}

/// Takes name and password, or the code.
pub(super) async fn post(visit: &mut Visit, body: Body) -> Reply {
    visit.check_origin()?;
    let server = Arc::clone(&visit.server);
    let posted = body::read(visit, body, (&[], false)).await?;
    if !visit.holds_token(posted.get("_csrf")) {
        return Ok(refuse(visit, &posted, ("engine.error.forged", StatusCode::FORBIDDEN)));
    }
    pages::take(&server, format!("sign-in {}", visit.network), server.config.limits.sign_ins_a_minute)?;
    let outcome = match posted.get("pending") {
        Some(pending) => check_code(visit, pending, posted.get("code").unwrap_or("")).await?,
        None => check_name(visit, &posted).await?,
    };
    match outcome {
        Outcome::In(person, found) => enter(visit, &posted, (person, found)).await,
        Outcome::AskCode(pending) => {
            let shown = Shown { kept: posted.get("kept"), pending: Some(&pending), ..Shown::default() };
            let page = form_with_next(visit, &posted, &shown);
            Ok(respond::html_response(StatusCode::OK, page.into_string()))
        }
        Outcome::No(say) => Ok(refuse(visit, &posted, (say, StatusCode::UNPROCESSABLE_ENTITY))),
    }
}

enum Outcome {
    In(PersonId, Preferences),
    AskCode(String),
    No(&'static str),
}

/// Language and theme the person chose elsewhere, and the name they signed in with.
struct Preferences {
    username: String,
    lang: String,
    theme: String,
}

fn refuse(visit: &mut Visit, posted: &Input, (say, status): (&'static str, StatusCode)) -> Response<Body> {
    let username = posted.get("username").unwrap_or("");
    let pending = posted.get("pending").filter(|_| say == "engine.sign_in.wrong_code");
    let shown = Shown { kept: posted.get("kept"), say: Some(say), username, pending };
    let page = form_with_next(visit, posted, &shown);
    respond::html_response(status, page.into_string())
}

fn form_with_next(visit: &mut Visit, posted: &Input, shown: &Shown<'_>) -> Markup {
    visit.query = Input::default().with("next", posted.get("next").unwrap_or(""));
    form(visit, shown)
}

/// The name as it is counted and looked up.
fn plain_name(posted: &Input) -> String {
    base::text::clean_line(posted.get("username").unwrap_or("")).to_lowercase().chars().take(100).collect()
}

async fn check_name(visit: &Visit, posted: &Input) -> Result<Outcome> {
    let (username, password) = (plain_name(posted), posted.get("password").unwrap_or("").to_owned());
    // Longer ones would only make the hash slower; nobody has one.
    if username.is_empty() || password.is_empty() || password.len() > 1000 {
        return Ok(Outcome::No("engine.sign_in.wrong"));
    }
    if !attempt(visit, &username).await? {
        return Ok(Outcome::No("engine.sign_in.locked"));
    }
    let found = credentials(visit, &username).await?;
    let stored = found.as_ref().filter(|found| found.active).map(|found| found.password_hash.clone());
    let right = password::verify(stored, password).await?;
    let Some(found) = found.filter(|_| right) else { return Ok(Outcome::No("engine.sign_in.wrong")) };
    if found.totp_secret.is_some() {
        let until = visit.caller.now.plus_minutes(5).micros();
        let pending = visit.tenant.seal.wrap("pending", &format!("{until} {username}"));
        return Ok(Outcome::AskCode(pending));
    }
    let counted = counted(visit, &username);
    visit.tenant.db.write(Scope::Everything, move |db| sessions::clear_attempts(db, &counted)).await?;
    Ok(Outcome::In(found.person, Preferences { username, lang: found.lang, theme: found.theme }))
}

async fn check_code(visit: &Visit, pending: &str, code: &str) -> Result<Outcome> {
    let now = visit.caller.now;
    let opened = visit.tenant.seal.open("pending", pending);
    let parts = opened.as_deref().and_then(|text| text.split_once(' '));
    let Some((until, username)) = parts else { return Ok(Outcome::No("engine.sign_in.again")) };
    if until.parse().is_ok_and(|until: i64| until < now.micros()) {
        return Ok(Outcome::No("engine.sign_in.again"));
    }
    if !attempt(visit, username).await? {
        return Ok(Outcome::No("engine.sign_in.locked"));
    }
    let found = credentials(visit, username).await?.filter(|found| found.active);
    let Some(found) = found else { return Ok(Outcome::No("engine.sign_in.again")) };
    let secret = found.totp_secret.as_deref().and_then(|sealed| visit.tenant.files.open_text(sealed));
    let step = secret.and_then(|secret| totp::step_of(&secret, code, now));
    let Some(step) = step else { return Ok(Outcome::No("engine.sign_in.wrong_code")) };
    let person = found.person;
    if !first_use(visit, person, (step, counted(visit, username))).await? {
        return Ok(Outcome::No("engine.sign_in.wrong_code"));
    }
    let username = username.to_owned();
    Ok(Outcome::In(person, Preferences { username, lang: found.lang, theme: found.theme }))
}

/// Uses a right code, and forgets the wrong ones before it. False when it was used already.
pub(super) async fn first_use(
    visit: &Visit,
    person: PersonId,
    (step, counted): (i64, String),
) -> Result<bool> {
    let act = move |db: &dyn Database| {
        let fresh = sessions::use_code(db, person, step)?;
        if fresh {
            sessions::clear_attempts(db, &counted)?;
        }
        Ok(fresh)
    };
    visit.tenant.db.write(Scope::Everything, act).await
}

/// What wrong sign-ins are counted under. A browser from which the name has signed in before has a count of its
/// own: whoever locks a name from elsewhere does not lock its owner out of their desk.
fn counted(visit: &Visit, username: &str) -> String {
    let known =
        cookies::get(&visit.headers, cookies::KNOWN).and_then(|text| visit.tenant.seal.open("known", text));
    let own = known.filter(|known| known.split_once(' ').is_some_and(|(name, _)| name == username));
    own.unwrap_or_else(|| username.to_owned())
}

async fn attempt(visit: &Visit, username: &str) -> Result<bool> {
    attempt_as(visit, counted(visit, username)).await
}

/// Counts what is tried under a name before it is checked; false when the name is locked.
pub(super) async fn attempt_as(visit: &Visit, name: String) -> Result<bool> {
    let limits = &visit.server.config.sessions;
    let limit = Lockout { failures: limits.lock_after, minutes: limits.lock_minutes };
    let now = visit.caller.now;
    let act = move |db: &dyn Database| sessions::attempt(db, &name, now, limit);
    visit.tenant.db.write(Scope::Everything, act).await
}

async fn credentials(visit: &Visit, username: &str) -> Result<Option<Credentials>> {
    let name = username.to_owned();
    let read = move |cx: &kernel::Raw<'_>| identity::credentials(cx, &name);
    visit.server.read_as_system(&visit.tenant, visit.caller.now, read).await
}

/// Begins a session under a new token, whatever the browser held before.
async fn enter(visit: &mut Visit, posted: &Input, (person, look): (PersonId, Preferences)) -> Reply {
    let actor = visit
        .server
        .read_as_system(&visit.tenant, visit.caller.now, move |cx| identity::actor(cx, person))
        .await;
    let actor = match actor {
        Err(Error::Forbidden) => {
            return Ok(refuse(visit, posted, ("engine.sign_in.no_post", StatusCode::UNPROCESSABLE_ENTITY)));
        }
        other => other?,
    };
    let token = begin(visit, person, &actor).await?;
    visit.becomes(person, actor, &sessions::hash(&token));
    visit.set_cookie(cookies::SESSION, &token, Some(visit.server.config.sessions.hours * 3600));
    visit.set_cookie(cookies::VISIT, "", Some(0));
    remember(visit, &look.username);
    let (lang, theme) = (base::Lang::parse(&look.lang), ui::Theme::parse(&look.theme));
    visit.set_cookie(cookies::LANG, lang.code(), Some(cookies::YEAR));
    visit.set_cookie(cookies::THEME, theme.code(), Some(cookies::YEAR));
    (visit.caller.lang, visit.theme) = (lang, theme);
    if let Some(kept) = posted.get("kept")
        && let Some(page) = resume::show(visit, kept).await
    {
        return page;
    }
    Ok(respond::redirect(posted.get("next").filter(|next| !next.is_empty()).unwrap_or("/")))
}

/// Marks the browser as one the name signs in from. A mark that is there stays, and its count with it.
fn remember(visit: &mut Visit, username: &str) {
    if counted(visit, username) == username {
        let mark = format!("{username} {}", seal::fresh(visit.server.chance));
        let sealed = visit.tenant.seal.wrap("known", &mark);
        visit.set_cookie(cookies::KNOWN, &sealed, Some(cookies::YEAR));
    }
}

async fn begin(visit: &Visit, person: PersonId, actor: &Actor) -> Result<String> {
    let token = seal::fresh(visit.server.chance);
    let agent = visit.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
    let new = NewSession {
        token_hash: sessions::hash(&token),
        person,
        address: visit.address.clone(),
        agent: agent.to_owned(),
        ends_at: visit.caller.now.plus_hours(visit.server.config.sessions.hours),
    };
    let old = visit.session.clone();
    let mut cx = visit.server.system(&visit.tenant, visit.caller.now);
    cx.actor = actor.clone();
    cx.request.path.clone_from(&visit.path);
    let act = move |db: &dyn Database| {
        kernel::engine::write(db, &cx, |cx| {
            if let Some(old) = &old {
                sessions::end(cx, old)?;
            }
            sessions::begin(cx, &new)
        })
    };
    visit.tenant.db.write(Scope::Everything, act).await?;
    Ok(token)
}

/// Ends this session, or with `everywhere` all of the person's.
pub(super) async fn sign_out(visit: &mut Visit, body: Body) -> Reply {
    visit.check_origin()?;
    let posted = body::read(visit, body, (&[], false)).await?;
    let Some(session) = visit.session.clone() else { return Ok(respond::redirect("/sign-in")) };
    if !visit.holds_token(posted.get("_csrf")) {
        return Err(Fault::forged());
    }
    let everywhere = posted.get("everywhere").is_some();
    let mut cx = visit.server.system(&visit.tenant, visit.caller.now);
    cx.actor = visit.caller.actor.clone();
    let act = move |db: &dyn Database| {
        kernel::engine::write(db, &cx, |cx| {
            if everywhere {
                sessions::end_all(cx, session.person).map(drop)
            } else {
                sessions::end(cx, &session)
            }
        })
    };
    visit.tenant.db.write(Scope::Everything, act).await?;
    visit.set_cookie(cookies::SESSION, "", Some(0));
    visit.put_flash(visit.text("engine.sign_in.out"));
    Ok(respond::redirect("/sign-in"))
}

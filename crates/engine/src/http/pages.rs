//! Which part of the engine answers a request, and how the manifest's routes are run for a browser.

use super::errors::{self, Fault};
use super::respond;
use super::visit::Visit;
use super::{
    Reply, Trace, api, app, assets, body, devices, events, openapi, resume, settings, sign_in, tokens,
};
use crate::dispatch::{Answer, Asked, Caller};
use crate::once::Once;
use crate::routes::Match;
use crate::server::{Server, Tenant};
use axum::body::Body;
use axum::http::{Method as Verb, Request, Response, StatusCode, header};
use base::form::{Field, Input, Kind};
use base::{Error, FieldErrors};
use kernel::Method;
use maud::PreEscaped;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The field in which several things are named at once.
const PICK: &str = "pick";
/// For so long at most one document is printed and one signature made, beside the signer's own time.
const PRINTED_SECONDS: u64 = 20;

const OWN_SETTINGS: [&str; 10] = [
    "/settings/security",
    "/settings/theme",
    "/settings/language",
    "/settings/password",
    "/settings/codes",
    "/settings/tokens",
    "/settings/tokens/revoke",
    "/settings/devices",
    "/settings/devices/remove",
    "/settings/devices/wishes",
];

/// Answers a request; whatever happens, there is a response.
pub(super) async fn answer(
    server: &Arc<Server>,
    request: Request<Body>,
    (id, trace): (&str, &mut Trace),
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    if let Some(response) = assets::answer(server, &parts, trace).await {
        return response;
    }
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
    let Some(tenant) = server.tenant_of_host(host) else {
        return errors::bare(StatusCode::NOT_FOUND, id);
    };
    trace.tenant.clone_from(&tenant.name);
    if let Some(response) = app::answer(&path, tenant, server.texts) {
        trace.route = path;
        return response;
    }
    let mut visit = match Visit::begin(server, tenant, (parts, id)).await {
        Ok(visit) => visit,
        Err(error) => {
            let fault = Fault::House(error);
            fault.log(id, &path);
            return errors::bare(fault.status(), id);
        }
    };
    if let Some(person) = visit.caller.actor.person {
        trace.actor = person.to_string();
    }
    let response = match route(&mut visit, body, trace).await {
        Ok(response) => response,
        Err(fault) if path.starts_with("/api/") => api::problem(&visit, &fault),
        Err(fault) => Box::pin(errors::page(&mut visit, fault)).await,
    };
    visit.finish(response)
}

async fn route(visit: &mut Visit, body: Body, trace: &mut Trace) -> Reply {
    let server = Arc::clone(&visit.server);
    let limit = server.config.limits.requests_a_minute;
    take(&server, format!("any {}", visit.network), limit)?;
    let path = visit.path.clone();
    let write = visit.method == Verb::POST;
    // A path of the browser's choice is never a label: the metrics would grow without end.
    "none".clone_into(&mut trace.route);
    if matches!(path.as_str(), "/sign-in" | "/sign-out" | "/events" | "/api/openapi.json")
        || OWN_SETTINGS.contains(&path.as_str())
    {
        trace.route.clone_from(&path);
    }
    // What is asked for seldom waits in a box: a request is moved a dozen times on its way, and was as large as its
    // largest branch.
    match (write, path.as_str()) {
        (false, "/sign-in") => Ok(sign_in::show(visit)),
        (true, "/sign-in") => Box::pin(sign_in::post(visit, body)).await,
        (true, "/sign-out") => Box::pin(sign_in::sign_out(visit, body)).await,
        (false, "/settings/security") => Box::pin(settings::security(visit)).await,
        (true, "/settings/theme" | "/settings/language") => Box::pin(settings::look(visit, body)).await,
        (true, "/settings/password") => Box::pin(settings::password(visit, body)).await,
        (true, "/settings/codes") => Box::pin(settings::codes(visit, body)).await,
        (true, "/settings/tokens") => Box::pin(tokens::issue(visit, body)).await,
        (true, "/settings/tokens/revoke") => Box::pin(tokens::revoke(visit, body)).await,
        (false, "/settings/devices") => Box::pin(devices::show(visit)).await,
        (true, "/settings/devices") => Box::pin(devices::add(visit, body)).await,
        (true, "/settings/devices/remove") => Box::pin(devices::remove(visit, body)).await,
        (true, "/settings/devices/wishes") => Box::pin(devices::wish(visit, body)).await,
        (false, "/events") => events::stream(visit),
        (false, "/api/openapi.json") => Ok(openapi::answer(&server)),
        (false, "/_ui") if server.config.development => Box::pin(gallery(visit)).await,
        (_, path) if path.starts_with("/activate/") => Box::pin(settings::activate(visit, body, trace)).await,
        (_, path) if path.starts_with("/api/v1/") => Box::pin(api::answer(visit, body, trace)).await,
        (true, _) => post(visit, body, trace).await,
        (false, _) => get(visit, trace).await,
    }
}

/// Takes one from a bucket.
///
/// # Errors
/// 429 when it is empty.
pub(crate) fn take(server: &Server, key: String, a_minute: u32) -> Result<(), Fault> {
    let wait = server.limiter.take(key, a_minute, Instant::now());
    wait.map_err(|wait| Fault::Often(wait.as_secs().max(1)))
}

/// Limits how long an act may keep a request. The act itself may still be done after that: its once-key
/// makes a second try safe.
///
/// # Errors
/// `Busy` when the time is over.
async fn timed<V>(seconds: u64, act: impl Future<Output = Result<V, Fault>>) -> Result<V, Fault> {
    let Ok(done) = tokio::time::timeout(Duration::from_secs(seconds), act).await else {
        return Err(Fault::House(Error::Busy("a request took too long")));
    };
    done
}

async fn get(visit: &mut Visit, trace: &mut Trace) -> Reply {
    if visit.method != Verb::GET && visit.method != Verb::HEAD {
        return errors::http(StatusCode::METHOD_NOT_ALLOWED, "engine.error.method");
    }
    let server = Arc::clone(&visit.server);
    let Some(found) = server.routes.find(Method::Get, &visit.path) else {
        return missing(visit);
    };
    found.route.path.clone_into(&mut trace.route);
    if !visit.signed_in() && !visit.caller.actor.holds(found.route.right) {
        return Ok(respond::redirect(&sign_in::address(visit)));
    }
    let asked =
        Asked { path: visit.path.clone(), query: visit.query.clone(), framed: true, ..Asked::default() };
    run(visit, found, asked).await
}

/// Nothing lives here. The root leads to the first place in the person's rail.
fn missing(visit: &Visit) -> Reply {
    let server = &visit.server;
    if visit.path == "/" {
        let mut places = server.modules.iter().flat_map(|module| &module.menu);
        let first = places.find(|place| visit.caller.actor.holds(place.right));
        // Somebody who may see no place still has a page of their own.
        let otherwise = if visit.signed_in() { "/settings/security" } else { "/sign-in" };
        return Ok(respond::redirect(first.map_or(otherwise, |place| place.path)));
    }
    if server.routes.exists(&visit.path) {
        return errors::http(StatusCode::METHOD_NOT_ALLOWED, "engine.error.method");
    }
    Err(Error::NotFound.into())
}

async fn run(visit: &mut Visit, found: Match, asked: Asked) -> Reply {
    let answer = in_time(visit, found, asked).await?;
    respond::answer(visit, answer).await
}

/// Runs a route for as long as a request may take.
///
/// # Errors
/// What the route answers; `Busy` when the time is over.
pub(super) async fn in_time(visit: &Visit, found: Match, asked: Asked) -> Result<Answer, Fault> {
    let (server, tenant, caller) =
        (Arc::clone(&visit.server), Arc::clone(&visit.tenant), visit.caller.clone());
    if found.route.outside.is_some() {
        return Box::pin(outside(&server, tenant, caller, (found, asked))).await;
    }
    let act = Box::pin(async { Ok(server.run(&tenant, &caller, found, asked).await?) });
    timed(server.config.limits.seconds, act).await
}

/// Printing and signing take their time for each thing that is signed, and are never cut off in the middle: a task of
/// its own goes on, and keeps the turn of the key, when nobody waits for it any more.
async fn outside(
    server: &Arc<Server>,
    tenant: Arc<Tenant>,
    caller: Caller,
    (found, asked): (Match, Asked),
) -> Result<Answer, Fault> {
    let things =
        asked.posted.as_ref().map_or(1, |posted| posted.pairs().filter(|(name, _)| *name == PICK).count());
    let each = server.config.signing.seconds.saturating_add(PRINTED_SECONDS);
    let more = each.saturating_mul(u64::try_from(things.max(1)).unwrap_or(1));
    let acting = Arc::clone(server);
    let task = tokio::spawn(async move { acting.run(&tenant, &caller, found, asked).await });
    let act = async { Ok(task.await.map_err(|cause| Error::Internal(cause.into()))??) };
    timed(server.config.limits.seconds.saturating_add(more), act).await
}

async fn post(visit: &mut Visit, body: Body, trace: &mut Trace) -> Reply {
    visit.check_origin()?;
    let server = Arc::clone(&visit.server);
    let Some(found) = server.routes.find(Method::Post, &visit.path) else {
        return missing(visit);
    };
    found.route.path.clone_into(&mut trace.route);
    let key = if visit.signed_in() { &visit.owner } else { &visit.network };
    // A page asks while somebody writes; that must not eat up what they may do.
    let (bucket, limit) = if found.route.asks {
        ("ask", server.config.limits.asks_a_minute)
    } else {
        ("write", server.config.limits.writes_a_minute)
    };
    take(&server, format!("{bucket} {key}"), limit)?;
    visit.fields = found.route.fields;
    let may = visit.caller.actor.holds(found.route.right);
    if !may && visit.signed_in() {
        return Err(Error::Forbidden.into());
    }
    let posted = body::read(visit, body, (found.route.fields, may)).await?;
    if !may {
        return Ok(resume::ask(visit, &found, &posted));
    }
    if !visit.holds_token(posted.get("_csrf")) {
        return Err(Fault::forged());
    }
    visit.autosave = posted.holds("_autosave", "1");
    let clean = match body::unseal(visit, found.route.fields, &posted) {
        Ok(clean) => clean,
        Err(error) => return Box::pin(again(visit, (found, posted), error.into())).await,
    };
    let asked = Asked {
        path: visit.path.clone(),
        query: visit.query.clone(),
        once: once(visit, found.route.fields, &posted),
        posted: Some(clean),
        ..Asked::default()
    };
    match run(visit, found.clone(), asked).await {
        Err(fault) => Box::pin(again(visit, (found, posted), fault)).await,
        done => done,
    }
}

/// True for what is kept nowhere, not even in a digest: a PIN has too few digits to hide in one.
pub(super) fn is_secret(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|field| field.name == name && matches!(field.kind, Kind::Password | Kind::Sealed))
}

/// The key under which a posted form acts once.
fn once(visit: &Visit, fields: &[Field], posted: &Input) -> Option<Once> {
    let key = posted.get("_once").filter(|key| !key.is_empty())?;
    let mut sent = visit.path.clone();
    let kept = |name: &str| !matches!(name, "_csrf" | "_once") && !is_secret(fields, name);
    for (name, value) in posted.pairs().filter(|(name, _)| kept(name)) {
        sent.push('\u{1f}');
        sent.push_str(name);
        sent.push('\u{1e}');
        sent.push_str(value);
    }
    Some(Once {
        key: platform::sessions::hash(&format!("{} {key}", visit.owner)),
        digest: platform::sessions::hash(&sent),
    })
}

/// A form that was wrong, or that a rule refused, comes back on its page with everything the person wrote.
async fn again(visit: &mut Visit, (found, posted): (Match, Input), fault: Fault) -> Reply {
    let (errors, refusal, status) = match fault {
        Fault::House(Error::Invalid(errors)) => (errors, None, StatusCode::UNPROCESSABLE_ENTITY),
        Fault::House(Error::Refused(refusal)) => {
            (FieldErrors::default(), Some(refusal), StatusCode::CONFLICT)
        }
        other => return Err(other),
    };
    let Some(path) = found.route.page.map(|page| resume::filled(page, &found.params)) else {
        return Err(match refusal {
            Some(refusal) => Error::Refused(refusal).into(),
            None => Error::Invalid(errors).into(),
        });
    };
    let asked = Asked { errors: errors.clone(), refusal: refusal.clone(), ..Asked::default() };
    let posted = body::without_gone(visit, found.route.fields, &posted);
    match form_page(visit, &path, (posted, asked)).await? {
        Some((title, body)) => respond::page(visit, status, (&title, PreEscaped(body))).await,
        None => Err(refusal.map_or(Error::Invalid(errors), Error::Refused).into()),
    }
}

/// Runs the page that holds a form, with what was written in it. `None` when it is no page.
pub(super) async fn form_page(
    visit: &Visit,
    path: &str,
    (posted, asked): (Input, Asked),
) -> Result<Option<(String, String)>, Fault> {
    let Some(found) = visit.server.routes.find(Method::Get, path) else { return Ok(None) };
    let asked = Asked { path: path.to_owned(), query: visit.query.clone(), posted: Some(posted), ..asked };
    match visit.server.run(&visit.tenant, &visit.caller, found, asked).await? {
        Answer::Page { title, body, .. } => Ok(Some((title, body))),
        _ => Ok(None),
    }
}

async fn gallery(visit: &mut Visit) -> Reply {
    let body = ui::gallery(visit.t(), visit.caller.now);
    respond::page(visit, StatusCode::OK, ("ui", body)).await
}

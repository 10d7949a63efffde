//! The API: every act of the manifest with JSON in and out, under the same rights and rules as the pages.

use super::body;
use super::errors::Fault;
use super::respond::{self, typed};
use super::visit::Visit;
use super::{Reply, Trace, pages};
use crate::dispatch::{Answer, Asked};
use crate::once::Once;
use crate::routes::Match;
use axum::body::Body;
use axum::http::{HeaderValue, Method as Verb, Response, StatusCode, header};
use base::form::Input;
use base::{Error, Lang};
use kernel::{Method, Response as Made, Scope};
use platform::sessions::{self, Marked, Token};
use serde_json::{Value, json};
use std::sync::Arc;

const BASE: &str = "/api/v1";
/// Below it a person settles what concerns themselves.
pub(super) const OWN: &str = "/settings/";

/// Answers below `/api/v1`.
pub(super) async fn answer(visit: &mut Visit, body: Body, trace: &mut Trace) -> Reply {
    if let Some(accepted) = visit.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) {
        visit.caller.lang = Lang::parse(accepted);
    }
    let token = bearer(visit).await?;
    if let Some(person) = visit.caller.actor.person {
        trace.actor = person.to_string();
    }
    let path = visit.path.strip_prefix(BASE).unwrap_or("").to_owned();
    if visit.method == Verb::POST && path == "/uploads" {
        "/api/v1/uploads".clone_into(&mut trace.route);
        token.as_ref().ok_or(Fault::Http(StatusCode::UNAUTHORIZED, "engine.api.no_token"))?;
        let limit = visit.server.config.limits.writes_a_minute;
        pages::take(&visit.server, format!("write {}", visit.owner), limit)?;
        return uploads(visit, body).await;
    }
    let found = match visit.method {
        Verb::GET => visit.server.routes.find_data(&path),
        Verb::POST => visit.server.routes.find(Method::Post, &path),
        _ => return Err(Fault::Http(StatusCode::METHOD_NOT_ALLOWED, "engine.error.method")),
    };
    // What a page asks while somebody writes is answered to pages.
    let found = found.filter(|found| !found.route.asks).ok_or(Error::NotFound)?;
    trace.route = format!("{BASE}{}", found.route.path);
    allowed(visit, token.as_ref(), &found)?;
    let asked = Asked { path, query: visit.query.clone(), ..Asked::default() };
    if visit.method == Verb::GET {
        run(visit, found, asked).await
    } else {
        post(visit, body, (found, asked)).await
    }
}

/// A token acts with those rights of its owner that it was given, and no others.
fn allowed(visit: &Visit, token: Option<&Token>, found: &Match) -> Result<(), Fault> {
    let Some(token) = token else {
        // A page's script may read with the session's cookie; writing takes a token.
        let reads = visit.method == Verb::GET && (visit.signed_in() || found.route.right == "public");
        return if reads {
            Ok(())
        } else {
            Err(Fault::Http(StatusCode::UNAUTHORIZED, "engine.api.no_token"))
        };
    };
    // What a person settles about themselves, such as who stands in for them, would hand a token's finder more
    // than the token holds.
    if visit.method == Verb::POST && found.route.path.starts_with(OWN) {
        return Err(Error::Forbidden.into());
    }
    let given =
        found.route.right == "public" || token.rights.split(' ').any(|right| right == found.route.right);
    if given { Ok(()) } else { Err(Error::Forbidden.into()) }
}

/// Makes the visit that of the token's owner.
async fn bearer(visit: &mut Visit) -> Result<Option<Token>, Fault> {
    let Some(sent) = visit.headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let refused = || Fault::Http(StatusCode::UNAUTHORIZED, "engine.api.bad_token");
    let token = sent.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")).ok_or_else(refused)?;
    let (hash, now) = (sessions::hash(token.trim()), visit.caller.now);
    let (sql, values) = sessions::token(&hash, now);
    let found = visit.tenant.db.glance::<Marked<Token>>(sql, values).await?.ok_or_else(refused)?;
    let actor = visit.server.actor(&visit.tenant, (found.one.person, now), &found).await?;
    let (token, mut actor) = (found.one, actor.ok_or_else(refused)?);
    Arc::make_mut(&mut actor.rights).retain(|right, _| token.rights.split(' ').any(|given| given == right));
    visit.caller.actor = actor;
    visit.owner = token.person.to_string();
    if token.used_at.is_none_or(|used| now.since(used) > 60_000_000) {
        let (tenant, id) = (Arc::clone(&visit.tenant), token.id);
        tokio::spawn(async move {
            tenant.db.write(Scope::Everything, move |db| sessions::token_used(db, id, now)).await
        });
    }
    Ok(Some(token))
}

async fn post(visit: &mut Visit, body: Body, (found, mut asked): (Match, Asked)) -> Reply {
    let server = Arc::clone(&visit.server);
    pages::take(&server, format!("write {}", visit.owner), server.config.limits.writes_a_minute)?;
    let key = visit.headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let key = key.filter(|key| !key.is_empty() && key.len() <= 200);
    let key = key.ok_or(Fault::Http(StatusCode::BAD_REQUEST, "engine.api.no_key"))?;
    let bytes = body::bytes(visit, body).await?;
    let json: Value = if bytes.trim_ascii().is_empty() {
        json!({})
    } else {
        serde_json::from_slice(&bytes)
            .map_err(|_| Fault::Http(StatusCode::BAD_REQUEST, "engine.api.not_json"))?
    };
    let mut told = json.clone();
    if let Some(told) = told.as_object_mut() {
        told.retain(|name, _| !pages::is_secret(found.route.fields, name));
    }
    asked.once = Some(Once {
        key: sessions::hash(&format!("api {} {key}", visit.owner)),
        // Written out again, so that spaces and the order of names make no difference.
        digest: sessions::hash(&format!("{} {told}", asked.path)),
    });
    visit.fields = found.route.fields;
    let sent = Input::from_json(&json)?;
    asked.posted = Some(body::unseal(visit, found.route.fields, &sent)?);
    run(visit, found, asked).await
}

async fn run(visit: &mut Visit, found: Match, asked: Asked) -> Reply {
    match pages::in_time(visit, found, asked).await? {
        Answer::Done { to, message, id } => {
            Ok(json_response(&json!({ "message": message, "location": to, "id": id })))
        }
        Answer::Other(Made::Redirect(to)) => Ok(json_response(&json!({ "location": to }))),
        Answer::Page { title, .. } => Ok(json_response(&json!({ "message": title }))),
        other @ Answer::Other(_) => respond::answer(visit, other).await,
    }
}

/// Stores files; the values answered go into the file fields of a later call by the same person.
async fn uploads(visit: &mut Visit, body: Body) -> Reply {
    let stored = body::uploads(visit, body).await?;
    let values: Vec<&str> = stored.pairs().map(|(_, value)| value).collect();
    Ok(json_response(&json!({ "values": values })))
}

fn json_response(json: &Value) -> Response<Body> {
    typed("application/json", json.to_string().into_bytes())
}

/// A fault as `application/problem+json` (RFC 9457).
pub(super) fn problem(visit: &Visit, fault: &Fault) -> Response<Body> {
    fault.log(&visit.id, &visit.path);
    let t = visit.t();
    let mut status = fault.status();
    let mut problem = json!({
        "type": format!("urn:vanlang:problem:{}", word(fault)),
        "title": t.text(fault.title()),
        "detail": fault.message(t, &visit.id),
        "instance": format!("urn:vanlang:request:{}", visit.id),
    });
    match fault {
        Fault::House(Error::Invalid(errors)) => {
            let errors: serde_json::Map<String, Value> = errors
                .iter()
                .map(|(field, key)| (field.to_owned(), visit.field_text(field, key).into()))
                .collect();
            set(&mut problem, "errors", errors.into());
        }
        Fault::House(Error::Refused(refusal)) => {
            // The key was used for another call: that is a mistake in the request, not in the state.
            if refusal.key == "engine.once.other" {
                status = StatusCode::UNPROCESSABLE_ENTITY;
            }
            set(&mut problem, "code", refusal.key.into());
            if !refusal.ground.is_empty() {
                set(&mut problem, "ground", refusal.ground.as_ref().into());
            }
            if let Some(hint) = refusal.hint {
                set(&mut problem, "hint", t.text(hint).into());
            }
        }
        _ => {}
    }
    set(&mut problem, "status", status.as_u16().into());
    let mut response = typed("application/problem+json", problem.to_string().into_bytes());
    *response.status_mut() = status;
    if let Some(seconds) = fault.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn set(problem: &mut Value, name: &str, value: Value) {
    if let Some(problem) = problem.as_object_mut() {
        problem.insert(name.to_owned(), value);
    }
}

const fn word(fault: &Fault) -> &'static str {
    match fault {
        Fault::House(Error::NotFound) => "not-found",
        Fault::House(Error::Forbidden) => "forbidden",
        Fault::House(Error::Invalid(_)) => "invalid",
        Fault::House(Error::Refused(_)) => "refused",
        Fault::House(Error::Busy(_)) => "busy",
        Fault::House(Error::Internal(_)) => "internal",
        Fault::Http(..) => "request",
        Fault::Often(_) => "too-many-requests",
    }
}

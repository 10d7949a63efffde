//! Signing in without a password: only in the demonstration, where everybody may be anybody.

use crate::demo::seed::context;
use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::routing::get;
use base::texts::Texts;
use base::{Error, Result};
use engine::{Server, Tenant};
use kernel::Scope;
use platform::sessions::{self, NewSession};
use serde::Deserialize;
use std::fmt::Write;
use std::sync::Arc;

/// The session cookie's name, as the engine reads it.
const COOKIE: &str = "__Host-vl";

#[derive(Clone)]
struct Door {
    server: Arc<Server>,
    texts: &'static Texts,
}

#[derive(Deserialize)]
struct Wanted {
    username: String,
}

/// Everything the server answers, and the door without a lock.
pub(crate) fn router(server: &Arc<Server>, texts: &'static Texts) -> Router {
    let door = Door { server: Arc::clone(server), texts };
    Router::new()
        .route("/demo/sign-in", get(enter).post(enter))
        .with_state(door)
        .fallback_service(server.router())
}

async fn enter(State(door): State<Door>, headers: HeaderMap, Query(wanted): Query<Wanted>) -> Response<Body> {
    let to = match begin(&door, &headers, wanted.username).await {
        Ok(cookie) => (StatusCode::SEE_OTHER, "/", Some(cookie)),
        Err(Error::NotFound) => (StatusCode::SEE_OTHER, "/demo", None),
        Err(error) => {
            tracing::error!(%error, "a visitor of the demonstration could not sign in");
            (StatusCode::SEE_OTHER, "/demo", None)
        }
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = to.0;
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static(to.1));
    if let Some(cookie) = to.2 {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Begins a session and answers its cookie.
async fn begin(door: &Door, headers: &HeaderMap, username: String) -> Result<HeaderValue> {
    let tenant = tenant(&door.server, headers).filter(|tenant| tenant.demo).ok_or(Error::NotFound)?;
    let now = door.server.clock.now();
    let cx = context(door.texts, &tenant.name, now);
    let hours = door.server.config.sessions.hours;
    let token = token();
    let hash = sessions::hash(&token);
    let agent =
        headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("").to_owned();
    let act = move |db: &dyn kernel::Database| {
        kernel::engine::write(db, &cx, |cx| {
            let found = platform::identity::credentials(cx, &username)?.ok_or(Error::NotFound)?;
            let new = NewSession {
                token_hash: hash.clone(),
                person: found.person,
                address: String::new(),
                agent: agent.clone(),
                ends_at: now.plus_hours(hours),
            };
            sessions::begin(cx, &new).map(drop)
        })
    };
    tenant.db.write(Scope::Everything, act).await?;
    let cookie =
        format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", hours * 3600);
    HeaderValue::from_str(&cookie).map_err(|cause| Error::internal(format!("a cookie: {cause}")))
}

fn tenant<'s>(server: &'s Server, headers: &HeaderMap) -> Option<&'s Arc<Tenant>> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
    let label = host.split(['.', ':']).next().unwrap_or("");
    server.tenant(label).or_else(|| server.tenant(&server.config.default_tenant))
}

fn token() -> String {
    let mut bytes = [0; 32];
    engine::system_chance(&mut bytes);
    bytes.iter().fold(String::with_capacity(64), |mut out, byte| {
        // Writing into a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

//! What needs no tenant: the program's own files, the health of the process, its counters.

use super::respond::{status, typed};
use super::{Trace, errors};
use crate::server::Server;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, StatusCode, header};
use kernel::{Database, Scope, Sql, q, values};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// For so long the last answer of the databases is given again.
const HEALTH_KEPT: Duration = Duration::from_secs(1);

static ALIVE: Sql = q!("SELECT seq FROM kernel_audit_head WHERE one = $1");

/// Answers when the path is one of ours.
pub(super) async fn answer(
    server: &Arc<Server>,
    request: &Parts,
    trace: &mut Trace,
) -> Option<Response<Body>> {
    let path = request.uri.path();
    if let Some(name) = path.strip_prefix("/assets/") {
        "/assets".clone_into(&mut trace.route);
        return Some(asset(name, request));
    }
    match path {
        "/healthz" => {
            path.clone_into(&mut trace.route);
            Some(health(server).await)
        }
        "/metrics" => {
            path.clone_into(&mut trace.route);
            Some(metrics(server, request).await)
        }
        _ => None,
    }
}

fn asset(name: &str, request: &Parts) -> Response<Body> {
    let Some((bytes, content_type)) = ui::asset(name) else {
        return errors::bare(StatusCode::NOT_FOUND, "");
    };
    // The hash of a hashed name is its version; another name changes only with the program.
    let (version, cache) = if ui::asset_is_hashed(name) {
        (name, "public, max-age=31536000, immutable")
    } else {
        (env!("CARGO_PKG_VERSION"), "public, max-age=300")
    };
    let tag = format!("\"{version}\"");
    let known =
        request.headers.get(header::IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == tag.as_bytes());
    let mut response =
        if known { status(StatusCode::NOT_MODIFIED) } else { typed(content_type, bytes.to_vec()) };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// 200 when every tenant's database answers. Anybody may ask, and as often as they like: so the databases are asked once
/// a second, and which of them is silent stands in the log alone.
async fn health(server: &Arc<Server>) -> Response<Body> {
    let mut last = server.health.lock().await;
    let known = last.filter(|(at, _)| at.elapsed() < HEALTH_KEPT);
    let sound = match known {
        Some((_, sound)) => sound,
        None => all_answer(server).await,
    };
    if known.is_none() {
        *last = Some((Instant::now(), sound));
    }
    if sound {
        typed("text/plain; charset=utf-8", b"ok\n".to_vec())
    } else {
        errors::bare(StatusCode::SERVICE_UNAVAILABLE, "")
    }
}

async fn all_answer(server: &Arc<Server>) -> bool {
    for tenant in server.tenants() {
        let read = |db: &dyn Database| db.query(&ALIVE, values![1_i64], &mut |_| Ok(()));
        if let Err(error) = tenant.db.read(Scope::Everything, read).await {
            tracing::error!(tenant = tenant.name, %error, "a database does not answer");
            return false;
        }
    }
    true
}

async fn metrics(server: &Arc<Server>, request: &Parts) -> Response<Body> {
    let peer = request.extensions.get::<ConnectInfo<SocketAddr>>();
    let near = peer.is_some_and(|ConnectInfo(address)| address.ip().is_loopback());
    // Behind a proxy everybody comes from this machine.
    let forwarded = request.headers.contains_key("x-forwarded-for");
    if !server.config.metrics_open && (!near || forwarded) {
        return errors::bare(StatusCode::NOT_FOUND, "");
    }
    typed("text/plain; version=0.0.4; charset=utf-8", server.metrics_text().await.into_bytes())
}

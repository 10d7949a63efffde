//! HTTP: from a request to a visit, from an answer to a response.

mod api;
mod app;
mod assets;
mod body;
mod bundle;
mod cookies;
mod devices;
mod errors;
mod events;
mod evidence;
mod files;
mod headers;
pub(crate) mod limits;
pub(crate) mod metrics;
mod openapi;
pub(crate) mod packet;
mod pages;
mod respond;
mod resume;
mod settings;
mod sign_in;
mod text;
mod tokens;
mod visit;

use crate::server::Server;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Extensions, HeaderMap, Method, Request, Response, StatusCode, Version, header};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tower_http::compression::CompressionLayer;

pub(crate) use base::form::decode;
pub(crate) use errors::Fault;

/// A response on its way out.
pub(crate) type Reply = std::result::Result<Response<Body>, Fault>;

/// What the log line and the metrics say of a request.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    /// `/documents/incoming/{id}`, not the path itself: a path holds ids, and metrics must stay few.
    pub(crate) route: String,
    /// The person's id.
    pub(crate) actor: String,
    /// The tenant.
    pub(crate) tenant: String,
}

impl Server {
    /// Everything this process answers over HTTP.
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .fallback(enter)
            // Sizes are limited where a body is read: a form and a file have different ones.
            .layer(DefaultBodyLimit::disable())
            .layer(CompressionLayer::new().compress_when(is_text))
            .with_state(Arc::clone(self))
    }
}

/// What is worth compressing. Stored files mostly are already; a stream of events must not wait for more.
fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let text = [
        "text/html",
        "text/css",
        "text/javascript",
        "application/javascript",
        "application/json",
        "image/svg+xml",
    ];
    text.iter().any(|known| kind.starts_with(known))
}

async fn enter(State(server): State<Arc<Server>>, request: Request<Body>) -> Response<Body> {
    let began = std::time::Instant::now();
    let (method, path) = (request.method().clone(), logged(request.uri().path()));
    let mut bytes = [0; 8];
    (server.chance)(&mut bytes);
    let id = bytes.iter().fold(String::new(), |id, byte| format!("{id}{byte:02x}"));
    let mut trace = Trace::default();
    let answer = AssertUnwindSafe(pages::answer(&server, request, (&id, &mut trace))).catch_unwind().await;
    let mut response = answer.unwrap_or_else(|_| {
        tracing::error!(request.id = %id, path, "a request panicked outside its handler");
        errors::bare(StatusCode::INTERNAL_SERVER_ERROR, &id)
    });
    headers::secure(&mut response, &id);
    let took = began.elapsed();
    server.metrics.count(&trace.route, response.status(), took);
    log(&trace, (&id, &method, &path), (response.status(), took));
    response
}

/// A path as the log shows it: the secret of an invitation is for its owner alone.
fn logged(path: &str) -> String {
    if path.starts_with("/activate/") { "/activate/…".to_owned() } else { path.to_owned() }
}

fn log(trace: &Trace, (id, method, path): (&str, &Method, &str), (status, took): (StatusCode, Duration)) {
    let (status, ms) = (status.as_u16(), took.as_millis());
    let Trace { route, actor, tenant } = trace;
    tracing::info!(
        request.id = id, %method, path, route, tenant, actor.id = actor, status, ms, "answered a request"
    );
}

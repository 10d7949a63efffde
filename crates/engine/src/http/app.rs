//! What lets a browser keep the product like a program of its own: the manifest, the worker that shows a page when
//! nobody answers, and that page. None of them holds anything of a person.

use super::respond::typed;
use crate::server::Tenant;
use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use base::{Lang, T, Texts};

/// Answers when the path is one of these.
pub(super) fn answer(path: &str, tenant: &Tenant, texts: &'static Texts) -> Option<Response<Body>> {
    let (kind, body) = match path {
        "/manifest.webmanifest" => ("application/manifest+json", manifest(tenant, texts)),
        "/sw.js" => ("text/javascript; charset=utf-8", ui::worker()?),
        "/offline" => {
            let both = (T::new(texts, Lang::Vi), T::new(texts, Lang::En));
            ("text/html; charset=utf-8", ui::offline_page(both).into_string())
        }
        _ => return None,
    };
    let mut response = typed(kind, body.into_bytes());
    // A browser asks for the worker again and again to see whether there is a new one.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Some(response)
}

fn manifest(tenant: &Tenant, texts: &'static Texts) -> String {
    let t = T::new(texts, Lang::Vi);
    let icon = |name: &str, sizes: &str, kind: &str, purpose: &str| serde_json::json!({ "src": ui::asset_path(name), "sizes": sizes, "type": kind, "purpose": purpose });
    serde_json::json!({
        "id": "/",
        "name": format!("{} · {}", t.text("ui.product"), tenant.title),
        "short_name": t.text("ui.product"),
        "lang": "vi",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": ui::Theme::Light.colour(),
        "theme_color": ui::Theme::Light.colour(),
        "icons": [
            icon("app.svg", "any", "image/svg+xml", "any"),
            icon("app-192.png", "192x192", "image/png", "any"),
            icon("app-512.png", "512x512", "image/png", "any"),
            icon("app-maskable.png", "512x512", "image/png", "maskable"),
        ],
    })
    .to_string()
}

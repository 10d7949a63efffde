//! A form sent after the session ended is not lost: it waits in the sign-in page and comes back after it.

use super::pages::form_page;
use super::visit::Visit;
use super::{Reply, respond, sign_in};
use crate::dispatch::Asked;
use crate::routes::Match;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use base::form::Input;
use kernel::Method;
use maud::{PreEscaped, html};

/// Asks a visitor to sign in, keeping what they sent.
pub(super) fn ask(visit: &mut Visit, found: &Match, posted: &Input) -> Response<Body> {
    let secret = |name: &str| super::pages::is_secret(found.route.fields, name);
    let pairs: Vec<(&str, &str)> =
        posted.pairs().filter(|(name, _)| !matches!(*name, "_csrf" | "_once") && !secret(name)).collect();
    let kept = serde_json::json!({ "path": visit.path, "pairs": pairs });
    let kept = visit.tenant.seal.wrap("resume", &kept.to_string());
    let say = Some("engine.resume.sign_in");
    let page = sign_in::form(visit, &sign_in::Shown { kept: Some(&kept), say, ..sign_in::Shown::default() });
    respond::html_response(StatusCode::UNAUTHORIZED, page.into_string())
}

/// Shows the page of the kept form again, after sign-in. `None` when it cannot be: the person goes home.
pub(super) async fn show(visit: &mut Visit, kept: &str) -> Option<Reply> {
    let kept = visit.tenant.seal.open("resume", kept)?;
    let (path, pairs): (String, Vec<(String, String)>) = {
        let mut kept: serde_json::Value = serde_json::from_str(&kept).ok()?;
        let pairs = kept.get_mut("pairs").map(serde_json::Value::take)?;
        (kept.get("path")?.as_str()?.to_owned(), serde_json::from_value(pairs).ok()?)
    };
    let found = visit.server.routes.find(Method::Post, &path)?;
    let page = found.route.page.map_or(path, |page| filled(page, &found.params));
    let shown = form_page(visit, &page, (Input::from_pairs(pairs), Asked::default())).await.ok()??;
    let (title, body) = shown;
    let say = html! { p { (visit.text("engine.resume.back")) } };
    let body = html! { (ui::banner(ui::Tone::Info, "info", say, html! {})) (PreEscaped(body)) };
    Some(respond::page(visit, StatusCode::OK, (&title, body)).await)
}

/// A page's path with the parameters of the act.
pub(super) fn filled(page: &str, params: &[(String, String)]) -> String {
    params.iter().fold(page.to_owned(), |path, (name, value)| {
        path.replace(&format!("{{{name}}}"), &super::text::encode(value))
    })
}

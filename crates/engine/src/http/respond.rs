//! Answers as responses for browsers.

use super::visit::Visit;
use super::{Reply, bundle, evidence, files};
use crate::dispatch::Answer;
use crate::frame::Frame;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use base::{Refusal, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::Response as Made;
use maud::{Markup, PreEscaped, html};
use std::sync::Arc;

/// An answer as a response.
pub(crate) async fn answer(visit: &mut Visit, answer: Answer) -> Reply {
    match answer {
        // A draft that saved itself wants no new page.
        Answer::Done { .. } if visit.autosave => Ok(status(StatusCode::NO_CONTENT)),
        Answer::Done { to, message, .. } => {
            visit.put_flash(&message);
            Ok(redirect(&to))
        }
        Answer::Page { title, body, frame } => {
            surrounded(visit, StatusCode::OK, (&title, PreEscaped(body), frame)).await
        }
        Answer::Other(Made::Page { title, body }) => {
            page(visit, StatusCode::OK, (&title, PreEscaped(body))).await
        }
        Answer::Other(Made::Redirect(to) | Made::Done { to, .. }) => Ok(redirect(&to)),
        Answer::Other(Made::Fragment(body)) => Ok(html_response(StatusCode::OK, body)),
        Answer::Other(Made::Json(json)) => Ok(typed("application/json", json.to_string().into_bytes())),
        Answer::Other(Made::File { sha256, name, content_type }) => {
            Box::pin(files::stored(visit, &files::Named { sha256, name, content_type })).await
        }
        Answer::Other(Made::Packet { name, envelope }) => {
            Box::pin(super::packet::download(visit, &name, envelope)).await
        }
        Answer::Other(Made::Evidence { line, .. }) => Box::pin(evidence::download(visit, line)).await,
        Answer::Other(Made::Paper { name, request }) => Box::pin(printed(visit, (&name, request))).await,
        Answer::Other(Made::Preview(request)) => Box::pin(previewed(visit, request)).await,
        Answer::Other(Made::Download { name, content_type, body }) => {
            Ok(files::made((&name, content_type), body))
        }
        Answer::Other(Made::Bundle { name, parts }) => Box::pin(bundle::sent(visit, &name, parts)).await,
    }
}

/// The printer is another process that somebody waits for: on a thread where waiting is allowed.
async fn printed(visit: &Visit, (name, mut request): (&str, serde_json::Value)) -> Reply {
    filled(visit, &mut request).await?;
    let printer = Arc::clone(&visit.server.printer);
    let paper = tokio::task::spawn_blocking(move || printer.print_json(request.to_string().as_bytes())).await;
    let paper = paper.map_err(|cause| base::Error::Internal(cause.into()))??;
    Ok(files::made((&format!("{name}.pdf"), "application/pdf"), paper.pdf))
}

/// Puts the content of stored files into a binding, in the place of their names. The printer sees no disk.
async fn filled(visit: &Visit, request: &mut serde_json::Value) -> Result<()> {
    let parts = request.get_mut("parts").and_then(serde_json::Value::as_array_mut);
    let mut room = BOUND_BYTES_MAX;
    for part in parts.into_iter().flatten().filter_map(serde_json::Value::as_object_mut) {
        let Some(sha256) = part.get("stored").and_then(serde_json::Value::as_str) else { continue };
        let (file, _) = visit.tenant.files.get(sha256).await?;
        room = room
            .checked_sub(file.length())
            .ok_or_else(|| Refusal::new("engine.print.too_large").hint("engine.print.hint.smaller"))?;
        let content = STANDARD.encode(file.read_all().await?);
        part.insert("content".to_owned(), content.into());
    }
    Ok(())
}

/// The bytes of files that are bound together; a third more as text, they are the largest request of the printer.
const BOUND_BYTES_MAX: u64 = 40 * 1024 * 1024;

/// The pages as pictures in one part of a page; a refusal stands where they would.
async fn previewed(visit: &Visit, request: serde_json::Value) -> Reply {
    let printer = Arc::clone(&visit.server.printer);
    let request = request.to_string().into_bytes();
    // Who looks at which draft: the newer question ends the older.
    let of = format!("{} {:?} {}", visit.tenant.name, visit.caller.actor.person, visit.path);
    let pages = tokio::task::spawn_blocking(move || printer.pictures(&of, &request)).await;
    let t = visit.t();
    let part = match pages.map_err(|cause| base::Error::Internal(cause.into()))? {
        Ok(pages) => {
            let total = pages.len();
            html! {
                @for (page, picture) in (1_usize..).zip(&pages) {
                    img class="viewer__page" alt=(t.fill("engine.print.page", &[("n", &page), ("total", &total)]))
                        src={ "data:image/svg+xml;base64," (STANDARD.encode(picture)) };
                }
            }
        }
        Err(base::Error::Refused(refusal)) => ui::refused(t, Some(&refusal), &visit.path),
        Err(base::Error::Busy(_)) => html! { p class="muted" { (t.text("engine.print.busy")) } },
        Err(other) => return Err(other.into()),
    };
    Ok(html_response(StatusCode::OK, part.into_string()))
}

/// A page in its frame: the whole frame for people who are signed in, the plain one for visitors.
pub(crate) async fn page(visit: &mut Visit, status: StatusCode, (title, body): (&str, Markup)) -> Reply {
    surrounded(visit, status, (title, body, None)).await
}

/// The same with a frame that was read before, if it was.
pub(crate) async fn surrounded(
    visit: &mut Visit,
    status: StatusCode,
    (title, body, frame): (&str, Markup, Option<Frame>),
) -> Reply {
    if !visit.signed_in() {
        return Ok(html_response(status, plain(visit, (title, body)).into_string()));
    }
    let frame = match frame {
        Some(frame) => frame,
        None => visit.server.frame(&visit.tenant, &visit.caller).await?,
    };
    Ok(html_response(status, framed(visit, (title, body), &frame).into_string()))
}

fn framed(visit: &mut Visit, (title, body): (&str, Markup), frame: &Frame) -> Markup {
    let flash = visit.take_flash().map(flash);
    let address = match visit.query_text.as_str() {
        "" => visit.path.clone(),
        query => format!("{}?{query}", visit.path),
    };
    let sections = frame.rail(visit.t(), &address);
    let (who, at) = (&visit.caller.actor.name, visit.caller.now.dmy_hhmm());
    // Annex VI, I.6k of Decree 30/2020: what is printed from the system says so.
    let mark = visit.t().fill("engine.print_mark", &[("who", who), ("agency", &frame.agency), ("at", &at)]);
    ui::page(
        &ui::Shell {
            t: visit.t(),
            title,
            tenant_name: &visit.tenant.title,
            agency_name: &frame.agency,
            person_name: &visit.caller.actor.name,
            post_title: &visit.caller.actor.post,
            theme: visit.theme,
            sections: &sections,
            notices: frame.notices,
            search_value: if visit.path == "/search" { visit.query.get("q").unwrap_or("") } else { "" },
            flash: flash.as_ref(),
            csrf: &visit.caller.csrf,
            path: &back_path(visit),
            foot: "",
            print_mark: &mark,
            demo: visit.tenant.demo,
        },
        body,
    )
}

/// A page for somebody who has not signed in.
pub(crate) fn plain(visit: &mut Visit, (title, body): (&str, Markup)) -> Markup {
    visit.give_mark();
    let flash = visit.take_flash().map(flash);
    let t = visit.t();
    ui::public_page(
        &ui::Public {
            t,
            title,
            tenant_name: &visit.tenant.title,
            theme: visit.theme,
            csrf: &visit.caller.csrf,
            path: &back_path(visit),
            demo: visit.tenant.demo,
        },
        html! { @if let Some(flash) = &flash { (ui::toast(t, flash, "")) } (body) },
    )
}

/// Where a switch of theme or language comes back to: a page that came from a POST has no address.
fn back_path(visit: &Visit) -> String {
    match (visit.method.as_str(), visit.query_text.as_str()) {
        ("POST", _) => "/".to_owned(),
        (_, "") => visit.path.clone(),
        (_, query) => format!("{}?{query}", visit.path),
    }
}

fn flash(text: String) -> ui::Flash {
    ui::Flash { kind: ui::Tone::Ok, text, undo: None }
}

/// 303 to a path of this site.
pub(crate) fn redirect(to: &str) -> Response<Body> {
    let mut response = status(StatusCode::SEE_OTHER);
    let to = super::text::ascii(super::text::local_path(to));
    let to = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, to);
    response
}

/// Only a status.
pub(crate) fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// HTML.
pub(crate) fn html_response(status: StatusCode, html: String) -> Response<Body> {
    let mut response = typed("text/html; charset=utf-8", html.into_bytes());
    *response.status_mut() = status;
    response
}

/// Bytes of a type.
pub(crate) fn typed(content_type: &'static str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

//! What a person is shown when something did not work.

use super::Reply;
use super::respond;
use super::visit::Visit;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use base::{Error, FieldErrors, Refusal, T};
use maud::{Markup, html};
use std::fmt::Display;

/// What keeps a request from its answer.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Something of the house.
    House(Error),
    /// Something of HTTP: a status and the text key that explains it.
    Http(StatusCode, &'static str),
    /// Too many requests: seconds to wait.
    Often(u64),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::House(error)
    }
}

impl Fault {
    /// A form that did not come from a page of this session.
    pub(crate) const fn forged() -> Fault {
        Fault::Http(StatusCode::FORBIDDEN, "engine.error.forged")
    }

    /// The status it is answered with.
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Fault::House(Error::NotFound) => StatusCode::NOT_FOUND,
            Fault::House(Error::Forbidden) => StatusCode::FORBIDDEN,
            Fault::House(Error::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::House(Error::Refused(_)) => StatusCode::CONFLICT,
            Fault::House(Error::Busy(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Fault::House(Error::Internal(_)) => StatusCode::INTERNAL_SERVER_ERROR,
            Fault::Http(status, _) => *status,
            Fault::Often(_) => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// The seconds after which to try again.
    pub(crate) const fn retry_after(&self) -> Option<u64> {
        match self {
            Fault::House(Error::Busy(_)) => Some(2),
            Fault::Often(seconds) => Some(*seconds),
            _ => None,
        }
    }

    /// The text key of its short name.
    pub(crate) const fn title(&self) -> &'static str {
        match self {
            Fault::House(Error::NotFound) => "engine.error.not_found",
            Fault::House(Error::Forbidden) => "engine.error.forbidden",
            Fault::House(Error::Invalid(_)) => "engine.error.invalid",
            Fault::House(Error::Refused(_)) => "engine.error.refused",
            Fault::House(Error::Busy(_)) => "engine.error.busy",
            Fault::House(Error::Internal(_)) => "engine.error.internal",
            Fault::Http(..) => "engine.error.request",
            Fault::Often(_) => "engine.error.often",
        }
    }

    /// What a person is told.
    pub(crate) fn message(&self, t: T, id: &str) -> String {
        match self {
            Fault::House(Error::NotFound) => t.text("engine.error.not_found.text").to_owned(),
            Fault::House(Error::Forbidden) => t.text("engine.error.forbidden.text").to_owned(),
            Fault::House(Error::Invalid(_)) => t.text("engine.error.invalid.text").to_owned(),
            Fault::House(Error::Refused(refusal)) => refusal_text(t, refusal),
            Fault::House(Error::Busy(_)) => t.text("engine.error.busy.text").to_owned(),
            Fault::House(Error::Internal(_)) => t.fill("engine.error.internal.text", &[("id", &id)]),
            Fault::Http(_, key) => t.text(key).to_owned(),
            Fault::Often(seconds) => t.fill("engine.error.often.text", &[("n", seconds)]),
        }
    }

    /// Writes an incident to the log under the number the person is shown.
    pub(crate) fn log(&self, id: &str, path: &str) {
        if let Fault::House(Error::Internal(cause)) = self {
            let mut chain = cause.to_string();
            let mut next = cause.source();
            while let Some(cause) = next {
                chain.push_str(": ");
                chain.push_str(&cause.to_string());
                next = cause.source();
            }
            tracing::error!(request.id = id, path = super::logged(path), error = chain, "an incident");
        }
    }
}

/// The text of a refusal, its placeholders filled.
pub(crate) fn refusal_text(t: T, refusal: &Refusal) -> String {
    let values: Vec<(&str, &dyn Display)> =
        refusal.values.iter().map(|(name, value)| -> (&str, &dyn Display) { (name, value) }).collect();
    t.fill(refusal.key, &values)
}

/// The page of a fault, with a way back.
pub(crate) async fn page(visit: &mut Visit, fault: Fault) -> Response<Body> {
    fault.log(&visit.id, &visit.path);
    let t = visit.t();
    let title = t.text(fault.title());
    let body = body(visit, &fault, title);
    let shown = respond::page(visit, fault.status(), (title, body)).await;
    let mut response = match shown {
        Ok(response) => response,
        // The frame itself could not be read.
        Err(_) => bare(fault.status(), &visit.id),
    };
    if let Some(seconds) = fault.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn body(visit: &Visit, fault: &Fault, title: &str) -> Markup {
    let t = visit.t();
    let (ground, hint) = match fault {
        Fault::House(Error::Refused(refusal)) => (refusal.ground.as_ref(), refusal.hint),
        _ => ("", None),
    };
    let back = visit.headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let back = back
        .and_then(|address| address.split("://").nth(1))
        .and_then(|rest| rest.find('/').map(|at| rest.split_at(at).1));
    html! {
        h1 { (title) }
        p { (fault.message(t, &visit.id)) }
        @if !ground.is_empty() { p { (t.fill("engine.error.ground", &[("ground", &ground)])) } }
        @if let Some(hint) = hint { p { (t.text(hint)) } }
        @if let Fault::House(Error::Invalid(errors)) = fault { (list(visit, errors)) }
        p class="acts" {
            a class="btn" href=(super::text::local_path(back.unwrap_or("/"))) { (t.text("engine.error.back")) }
            " "
            a href=(ui::help_at(&visit.path)) { (t.text("ui.help_here")) }
        }
    }
}

fn list(visit: &Visit, errors: &FieldErrors) -> Markup {
    html! {
        ul {
            @for (field, key) in errors.iter() {
                li {
                    @if let Some(label) = visit.label_of(field) { (label) ": " }
                    (visit.field_text(field, key))
                }
            }
        }
    }
}

/// The last resort: no database, no texts, only a status and a number.
pub(crate) fn bare(status: StatusCode, id: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(format!("{} {id}\n", status.as_u16())));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// A fault as a reply.
pub(crate) fn http(status: StatusCode, key: &'static str) -> Reply {
    Err(Fault::Http(status, key))
}

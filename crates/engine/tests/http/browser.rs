//! A browser: it keeps cookies, opens pages and fills their forms.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use base::form::Input;
use engine::Server;
use http_body_util::BodyExt;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The value of a hidden input.
    pub(crate) fn input(&self, name: &str) -> String {
        let marks =
            [format!("name=\"{name}\" value=\""), format!("name=\"{name}\" type=\"hidden\" value=\"")];
        let found = marks.iter().find_map(|mark| self.text.split(mark.as_str()).nth(1));
        found.and_then(|rest| rest.split('"').next()).unwrap_or("").to_owned()
    }
}

/// Keeps cookies as a browser does.
pub(crate) struct Browser {
    pub(crate) server: Arc<Server>,
    pub(crate) jar: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub(crate) fn new(server: &Arc<Server>) -> Browser {
        Browser { server: Arc::clone(server), jar: Mutex::default() }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let mut request = request;
        let cookies: Vec<String> =
            self.jar.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = request.headers_mut();
        if !cookies.is_empty() {
            headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        headers.entry(header::HOST).or_insert("phutho.localhost:8080".parse().unwrap());
        let response = self.server.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, rest) = text.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            let mut jar = self.jar.lock().unwrap();
            if text.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        self.send(form(path).body(Body::from(encoded(pairs))).unwrap()).await
    }

    /// Opens a page, fills its form and sends it.
    pub(crate) async fn fill(&self, page: &str, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let shown = self.get(page).await;
        let (csrf, once) = (shown.input("_csrf"), shown.input("_once"));
        let mut all = vec![("_csrf", csrf.as_str()), ("_once", once.as_str())];
        all.extend_from_slice(pairs);
        self.post(path, &all).await
    }

    pub(crate) async fn sign_in(&self, username: &str, password: &str) -> Answer {
        self.fill("/sign-in", "/sign-in", &[("username", username), ("password", password)]).await
    }

    pub(crate) async fn call(
        &self,
        path: &str,
        (token, key): (&str, &str),
        body: &serde_json::Value,
    ) -> Answer {
        let request = Request::post(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }
}

pub(crate) fn form(path: &str) -> axum::http::request::Builder {
    Request::post(path).header("content-type", "application/x-www-form-urlencoded")
}

pub(crate) fn encoded(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect()
    };
    pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

pub(crate) fn input(pairs: &[(&str, &str)]) -> Input {
    pairs.iter().fold(Input::default(), |input, (name, value)| input.with(name, value))
}

//! A person at a browser, or a program with that person's token.

use crate::found::{AgencyData, Settler};
use crate::html::Form;
use crate::page::Page;
use crate::town::{PASSWORD, Town};
use axum::body::Body;
use axum::http::{Request, header};
use base::PersonId;
use http_body_util::BodyExt;
use kernel::{Actor, Method, System};
use platform::sessions::{self, NewSession};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use tower::ServiceExt;

/// What a browser keeps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Jar {
    cookies: BTreeMap<String, String>,
    /// The page on the screen.
    page: Option<Page>,
    /// The form that was sent last.
    sent: Option<Sent>,
    /// The token of this person's program.
    token: Option<String>,
}

#[derive(Debug, Clone)]
struct Sent {
    path: String,
    content_type: String,
    body: Vec<u8>,
}

/// A file a person attaches.
#[derive(Debug, Clone, Copy)]
pub struct Attachment<'a> {
    /// Name of the field.
    pub field: &'a str,
    /// Name of the file.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Somebody with a browser. The same person asked for twice has the same browser.
#[derive(Clone)]
pub struct Person<'t> {
    town: &'t Town,
    /// The tenant whose door they stand at.
    pub tenant: &'static str,
    /// Their id; a visitor has none.
    pub id: Option<PersonId>,
    /// Full name.
    pub name: String,
    /// The name they sign in with.
    pub username: String,
    /// Everybody's password.
    pub password: &'static str,
    jar: String,
}

impl<'t> Person<'t> {
    pub(crate) fn signed_in(town: &'t Town, data: &'static AgencyData, settler: &Settler) -> Person<'t> {
        let person = Person {
            town,
            tenant: data.tenant,
            id: Some(settler.id),
            name: settler.name.clone(),
            username: settler.username.clone(),
            password: PASSWORD,
            jar: settler.username.clone(),
        };
        person.begin_session(settler.id);
        person
    }

    pub(crate) fn visitor(town: &'t Town, tenant: &'static str) -> Person<'t> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let jar = format!("visitor {}", NUMBER.fetch_add(1, Ordering::Relaxed));
        Person {
            town,
            tenant,
            id: None,
            name: String::new(),
            username: String::new(),
            password: PASSWORD,
            jar,
        }
    }

    /// Begins a session without the hundred milliseconds a password takes.
    fn begin_session(&self, person: PersonId) {
        if self.with_jar(|jar| jar.cookies.contains_key("__Host-vl")) {
            return;
        }
        let ends_at = self.town.now().plus_days(50 * 365);
        let token = self.town.act(self.tenant, move |cx| {
            let token = cx.secret();
            let (token_hash, agent) = (sessions::hash(&token), "testkit".to_owned());
            sessions::begin(cx, &NewSession { token_hash, person, address: String::new(), agent, ends_at })?;
            Ok(token)
        });
        self.with_jar(|jar| jar.cookies.insert("__Host-vl".to_owned(), token));
    }

    fn with_jar<V>(&self, act: impl FnOnce(&mut Jar) -> V) -> V {
        let mut jars = self.town.jars.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        act(jars.entry(self.jar.clone()).or_default())
    }

    /// Signs in with name and password, through the form on the screen or else the page of its own.
    pub fn sign_in(&self, username: &str, password: &str) -> Page {
        if self.with_jar(|jar| jar.page.as_ref().and_then(|page| page.form("/sign-in"))).is_none() {
            self.get("/sign-in");
        }
        self.post("/sign-in", &[("username", username), ("password", password)])
    }

    /// Opens a page; redirects are followed.
    pub fn get(&self, path: &str) -> Page {
        let page = self.follow(self.ask(Method::Get, path, ("", Vec::new())));
        self.with_jar(|jar| jar.page = Some(page.clone()));
        page
    }

    /// Opens the first link on the page that reads so.
    pub fn click(&self, text: &str) -> Page {
        self.get(&self.page().link(text))
    }

    /// The page on the screen.
    ///
    /// # Panics
    /// When there is none yet.
    pub fn page(&self) -> Page {
        self.with_jar(|jar| jar.page.clone()).expect("a page on the screen")
    }

    /// Sends a form as a browser would: the form to that address on the page that is open, else on the page the
    /// manifest names, filled as it stands, hidden keys too; `fields` replace what stands in theirs. Without such
    /// a form only `fields` are sent, with the token of any other. Redirects are followed.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_files(path, fields, &[])
    }

    /// As [`Person::post`], with files.
    pub fn post_files(&self, path: &str, fields: &[(&str, &str)], files: &[Attachment<'_>]) -> Page {
        let mut form = self.form_for(path);
        form.values.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
        form.values.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let (content_type, body) = if files.is_empty() {
            ("application/x-www-form-urlencoded".to_owned(), encode_pairs(&form.values).into_bytes())
        } else {
            (format!("multipart/form-data; boundary={BOUNDARY}"), multipart(&form.values, files))
        };
        self.send(Sent { path: path.to_owned(), content_type, body })
    }

    /// Sends the last form once more, byte for byte: a second click.
    ///
    /// # Panics
    /// When none was sent yet.
    pub fn post_again(&self) -> Page {
        self.send(self.with_jar(|jar| jar.sent.clone()).expect("a form that was sent"))
    }

    fn send(&self, sent: Sent) -> Page {
        self.with_jar(|jar| jar.sent = Some(sent.clone()));
        let page = self.follow(self.ask(Method::Post, &sent.path, (&sent.content_type, sent.body)));
        self.with_jar(|jar| jar.page = Some(page.clone()));
        page
    }

    /// Calls the API with a token that holds all rights of this person: GET without `json`, else POST.
    /// `path` begins after `/api/v1`.
    pub fn api(&self, path: &str, json: Option<&Value>) -> Page {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        self.api_once(path, &format!("key-{}", NUMBER.fetch_add(1, Ordering::Relaxed)), json)
    }

    /// As [`Person::api`], with an idempotency key of the caller's.
    pub fn api_once(&self, path: &str, key: &str, json: Option<&Value>) -> Page {
        let path = format!("/api/v1{path}");
        let method = if json.is_some() { "POST" } else { "GET" };
        let request = Request::builder()
            .method(method)
            .uri(&path)
            .header(header::HOST, self.host())
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token()))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .body(Body::from(json.map(Value::to_string).unwrap_or_default()))
            .unwrap();
        self.exchange(request, path)
    }

    /// One request without following anything. `body` is its type and bytes.
    pub fn ask(&self, method: Method, path: &str, (content_type, body): (&str, Vec<u8>)) -> Page {
        let method = if method == Method::Get { "GET" } else { "POST" };
        let cookies = self.with_jar(|jar| {
            jar.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
        });
        let mut request =
            Request::builder().method(method).uri(typed(path)).header(header::HOST, self.host());
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies);
        }
        if !content_type.is_empty() {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        self.exchange(request.body(Body::from(body)).unwrap(), path.to_owned())
    }

    fn host(&self) -> String {
        format!("{}.example.vn", self.tenant)
    }

    fn exchange(&self, request: Request<Body>, path: String) -> Page {
        let router = self.town.router.clone();
        let (parts, bytes) = self.town.wait(async move {
            let response = router.oneshot(request).await.expect("the router answers");
            let (parts, body) = response.into_parts();
            (parts, body.collect().await.expect("a whole answer").to_bytes().to_vec())
        });
        let headers: Vec<(String, String)> = parts
            .headers
            .iter()
            .map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        for (_, cookie) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.keep_cookie(cookie);
        }
        Page { status: parts.status.as_u16(), path, headers, bytes }
    }

    fn keep_cookie(&self, cookie: &str) {
        let (pair, settings) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').expect("a cookie with a value");
        self.with_jar(|jar| {
            jar.cookies.remove(name);
            if !settings.contains("Max-Age=0") {
                jar.cookies.insert(name.to_owned(), value.to_owned());
            }
        });
    }

    fn follow(&self, mut page: Page) -> Page {
        for _ in 0..5 {
            match page.header("location").map(str::to_owned).filter(|_| (300..400).contains(&page.status)) {
                Some(to) => page = self.ask(Method::Get, &to, ("", Vec::new())),
                None => return page,
            }
        }
        panic!("redirects go round in circles at {}", page.path);
    }

    /// The form to an address, as [`Person::post`] says.
    fn form_for(&self, path: &str) -> Form {
        let open = self.with_jar(|jar| jar.page.clone());
        if let Some(form) = open.as_ref().and_then(|page| page.form(path)) {
            return form;
        }
        if let Some(form) = self.page_of(path).and_then(|page| self.get(&page).form(path)) {
            return form;
        }
        let any = |page: &Page| page.forms().iter().find_map(|form| form.value("_csrf").map(str::to_owned));
        let own = if self.id.is_some() { "/settings/security" } else { "/sign-in" };
        let token = open.as_ref().and_then(any).or_else(|| any(&self.get(own)));
        let values = token.map(|token| ("_csrf".to_owned(), token)).into_iter().collect();
        Form { values, ..Form::default() }
    }

    /// The page the manifest names for the form that is sent to an address.
    fn page_of(&self, path: &str) -> Option<String> {
        let path = path.split('?').next().unwrap_or(path);
        let routes = self.town.server().modules.iter().flat_map(|module| &module.routes);
        let routes = routes.filter(|route| route.method == Method::Post);
        let (page, params) = routes
            .filter_map(|route| route.page.zip(params(route.path, path)))
            .min_by_key(|(_, params)| params.len())?;
        Some(
            params
                .iter()
                .fold(page.to_owned(), |page, (name, value)| page.replace(&format!("{{{name}}}"), value)),
        )
    }

    fn token(&self) -> String {
        if let Some(token) = self.with_jar(|jar| jar.token.clone()) {
            return token;
        }
        let person = self.id.expect("a visitor has no token");
        let actor: Actor = self.town.read(self.tenant, move |cx| platform::identity::actor(cx, person));
        let rights = actor.rights.keys().cloned().chain(["signed-in".to_owned()]).collect::<Vec<_>>();
        let (cx, until) = (self.town.context_of(self.tenant, actor), self.town.now().plus_days(365));
        let token = self.town.act_in(self.tenant, cx, move |cx| {
            sessions::issue_token::<System>(cx, "testkit", &rights, until).map(|(_, token)| token)
        });
        self.with_jar(|jar| jar.token = Some(token.clone()));
        token
    }
}

/// The parameters of a path, when it is one of this pattern.
fn params<'p>(pattern: &'p str, path: &'p str) -> Option<Vec<(&'p str, &'p str)>> {
    let (wanted, given): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    if wanted.len() != given.len() {
        return None;
    }
    let mut found = Vec::new();
    for (wanted, given) in wanted.into_iter().zip(given) {
        match wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => found.push((name, given)),
            None if wanted == given => {}
            None => return None,
        }
    }
    Some(found)
}

fn encode_pairs(pairs: &[(String, String)]) -> String {
    let pair = |(name, value): &(String, String)| format!("{}={}", encode(name), encode(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |out, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            out + char::from(byte).encode_utf8(&mut [0; 4])
        }
        _ => out + &format!("%{byte:02X}"),
    })
}

const BOUNDARY: &str = "----testkit-8f14e45fceea167a";

fn multipart(pairs: &[(String, String)], files: &[Attachment<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in pairs {
        let head =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        out.extend_from_slice(head.as_bytes());
    }
    for Attachment { field, name, bytes } in files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(bytes);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    out
}

/// An address as a browser sends it: what is not plain is percent-encoded.
fn typed(address: &str) -> String {
    address
        .bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            byte if byte.is_ascii_graphic() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

//! One request being answered: whose it is, in which tenant, in which language.

use super::cookies;
use super::errors::Fault;
use crate::auth::seal::fresh;
use crate::dispatch::Caller;
use crate::serve::network;
use crate::server::{Server, Tenant};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Response, header};
use base::form::{Field, Input};
use base::{Instant, Lang, PersonId, Result, T};
use kernel::{Actor, Scope};
use platform::sessions::{self, Marked, Session};
use std::net::SocketAddr;
use std::sync::Arc;
use ui::Theme;

/// One request being answered.
pub(crate) struct Visit {
    pub(crate) server: Arc<Server>,
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) caller: Caller,
    pub(crate) session: Option<Session>,
    pub(crate) theme: Theme,
    pub(crate) headers: HeaderMap,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query_text: String,
    pub(crate) query: Input,
    /// The browser's network address.
    pub(crate) address: String,
    /// Whom rates are counted for: that address, or with IPv6 the network of its customer.
    pub(crate) network: String,
    /// The request's id, shown with incidents.
    pub(crate) id: String,
    /// Whom uploads and once-keys belong to: a person, or one browser of a visitor.
    pub(crate) owner: String,
    /// What form tokens are bound to: the session, or the mark of a visitor's browser.
    bound: String,
    /// A message from the page before.
    pub(crate) flash: Option<String>,
    /// True when a script saves a draft in the background: no message is carried to the next page.
    pub(crate) autosave: bool,
    /// The fields of the form that was posted.
    pub(crate) fields: &'static [Field],
    /// Cookies the response sets.
    cookies: Vec<HeaderValue>,
    /// The mark to give this browser when it is shown a page.
    new_mark: Option<String>,
}

impl Visit {
    /// Finds out who is asking.
    ///
    /// # Errors
    /// What the database reports.
    pub(crate) async fn begin(
        server: &Arc<Server>,
        tenant: &Arc<Tenant>,
        (parts, id): (Parts, &str),
    ) -> Result<Visit> {
        let now = server.clock.now();
        let headers = parts.headers;
        let token = cookies::get(&headers, cookies::SESSION).map(sessions::hash);
        let signed_in = match &token {
            Some(hash) => find_session(server, tenant, (hash.clone(), now)).await?,
            None => None,
        };
        // An open page that listens is no use of the session.
        if let Some((session, _)) = signed_in.as_ref().filter(|_| parts.uri.path() != "/events") {
            touch(tenant, session, now);
        }
        let mark = cookies::get(&headers, cookies::VISIT).filter(|mark| mark.len() == 43).map(str::to_owned);
        let new_mark = (signed_in.is_none() && mark.is_none()).then(|| fresh(server.chance));
        let mark = mark.or_else(|| new_mark.clone()).unwrap_or_default();
        let (session, actor, owner, bound) = match signed_in {
            Some((session, actor)) => {
                let owner = session.person.to_string();
                (Some(session), actor, owner, token.unwrap_or_default())
            }
            None => (None, Actor::visitor(), format!("visit:{}", sessions::hash(&mark)), mark),
        };
        let address = address(server, &headers, parts.extensions.get::<ConnectInfo<SocketAddr>>());
        let lang = cookies::get(&headers, cookies::LANG).map_or(Lang::Vi, Lang::parse);
        let theme = cookies::get(&headers, cookies::THEME).map_or(Theme::Auto, Theme::parse);
        let flash = cookies::get(&headers, cookies::FLASH).and_then(|text| tenant.seal.open("flash", text));
        let query_text = parts.uri.query().unwrap_or("").to_owned();
        Ok(Visit {
            caller: Caller { actor, lang, now, csrf: form_token(server, tenant, &bound) },
            bound,
            session,
            theme,
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: Input::from_urlencoded(&query_text),
            query_text,
            network: address.parse().map_or_else(|_| address.clone(), |ip| network(ip).to_string()),
            address,
            id: id.to_owned(),
            owner,
            flash,
            autosave: false,
            fields: &[],
            cookies: Vec::new(),
            new_mark,
            server: Arc::clone(server),
            tenant: Arc::clone(tenant),
            headers,
        })
    }

    /// The texts in the caller's language.
    pub(crate) fn t(&self) -> T {
        T::new(self.server.texts, self.caller.lang)
    }

    /// The text of a key.
    pub(crate) fn text(&self, key: &'static str) -> &'static str {
        self.t().text(key)
    }

    /// The message at a field of the posted form.
    pub(crate) fn field_text(&self, field: &str, key: &'static str) -> String {
        let max = self.fields.iter().find(|known| known.name == field).map_or(0, |field| field.max);
        self.t().fill(key, &[("max", &max)])
    }

    /// What people call a field of the form that was posted.
    pub(crate) fn label_of(&self, field: &str) -> Option<&'static str> {
        let known = self.fields.iter().find(|known| known.name == field);
        known.map(|known| self.t().text(known.label))
    }

    /// True when somebody is signed in.
    pub(crate) fn signed_in(&self) -> bool {
        self.caller.actor.person.is_some()
    }

    /// Sets a cookie with the response.
    pub(crate) fn set_cookie(&mut self, name: &str, value: &str, seconds: Option<i64>) {
        self.cookies.push(cookies::set(name, value, seconds));
    }

    /// Takes the message for this page, and the cookie that carried it away.
    pub(crate) fn take_flash(&mut self) -> Option<String> {
        let flash = self.flash.take()?;
        self.set_cookie(cookies::FLASH, "", Some(0));
        Some(flash)
    }

    /// Carries a message to the next page.
    pub(crate) fn put_flash(&mut self, text: &str) {
        // A browser keeps 4 kB a cookie; no message is that long unless a value in it is.
        let short: String = text.chars().take(400).collect();
        let sealed = self.tenant.seal.wrap("flash", &short);
        self.set_cookie(cookies::FLASH, &sealed, Some(60));
    }

    /// A visitor who is shown a page gets a mark, so that forms of this browser can be told from others'.
    pub(crate) fn give_mark(&mut self) {
        if let Some(mark) = self.new_mark.take() {
            self.set_cookie(cookies::VISIT, &mark, None);
        }
    }

    /// From now on this visit is that of a person who just signed in; their form token is bound to the new
    /// session.
    pub(crate) fn becomes(&mut self, person: PersonId, actor: Actor, token_hash: &str) {
        self.caller.actor = actor;
        token_hash.clone_into(&mut self.bound);
        self.caller.csrf = form_token(&self.server, &self.tenant, token_hash);
        self.owner = person.to_string();
        self.new_mark = None;
    }

    /// Refuses a write that another site made the browser send.
    ///
    /// # Errors
    /// 403.
    pub(crate) fn check_origin(&self) -> std::result::Result<(), Fault> {
        let header = |name| self.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        if header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
            return Err(Fault::forged());
        }
        let Some(origin) = header("origin") else { return Ok(()) };
        let host = header("host").unwrap_or("");
        let own = origin.split_once("://").is_some_and(|(_, rest)| rest == host);
        let known = self.server.config.origins.iter().any(|known| known == origin);
        if own || known { Ok(()) } else { Err(Fault::forged()) }
    }

    /// True when the posted form came from a page of this session.
    pub(crate) fn holds_token(&self, posted: Option<&str>) -> bool {
        let parts = posted.and_then(|token| token.split_once('.'));
        parts.is_some_and(|(salt, mark)| {
            self.tenant.seal.holds("csrf", &format!("{salt} {}", self.bound), mark)
        })
    }

    /// Adds the cookies to the response.
    pub(crate) fn finish(self, mut response: Response<Body>) -> Response<Body> {
        for cookie in self.cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// A form token, another one on each page: pages are compressed, and a secret that stood in each of them
/// could be guessed from their lengths.
fn form_token(server: &Server, tenant: &Tenant, bound: &str) -> String {
    let salt: String = fresh(server.chance).chars().take(11).collect();
    let mark = tenant.seal.mark("csrf", &format!("{salt} {bound}"));
    format!("{salt}.{mark}")
}

/// The browser's address: what the proxy says it is, if there is one, else the other end of the connection.
fn address(server: &Server, headers: &HeaderMap, peer: Option<&ConnectInfo<SocketAddr>>) -> String {
    let forwarded = || {
        // A proxy adds its entry at the end of the line, or as a line of its own after those that were sent.
        let all = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        all.rsplit(',').next().map(|last| last.trim().to_owned())
    };
    let own = peer.map(|ConnectInfo(address)| address.ip().to_string()).unwrap_or_default();
    if server.config.behind_proxy { forwarded().unwrap_or(own) } else { own }
}

type SignedIn = Option<(Session, Actor)>;

async fn find_session(
    server: &Arc<Server>,
    tenant: &Arc<Tenant>,
    (hash, now): (String, Instant),
) -> Result<SignedIn> {
    let used_since = now.plus_minutes(-server.config.sessions.idle_minutes);
    let (sql, values) = sessions::find(&hash, (now, used_since));
    let Some(found) = tenant.db.glance::<Marked<Session>>(sql, values).await? else { return Ok(None) };
    // The last post may have ended while they were signed in.
    let actor = server.actor(tenant, (found.one.person, now), &found).await?;
    Ok(actor.map(|actor| (found.one, actor)))
}

/// Notes once a minute that a session is in use. Nobody waits for it: at worst it looks a minute older.
fn touch(tenant: &Arc<Tenant>, session: &Session, now: Instant) {
    if now.since(session.seen_at) > 60_000_000 {
        let (tenant, id) = (Arc::clone(tenant), session.id);
        tokio::spawn(async move {
            tenant.db.write(Scope::Everything, move |db| sessions::touch(db, id, now)).await
        });
    }
}

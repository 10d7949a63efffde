//! From a matched route to an answer: right, scope, transaction. The same for browsers, programs and calls
//! inside the process.

use crate::antivirus;
use crate::frame::Frame;
use crate::once::{self, Once};
use crate::reading;
use crate::routes::Match;
use crate::server::{Server, Tenant};
use crate::signing::Act;
use crate::uploads;
use base::form::{Field, Input, Kind};
use base::{Error, FieldErrors, Instant, Lang, PersonId, Refusal, Result};
use kernel::{Actor, Context, Database, Method, Request, Response, Route, Scope};
use platform::outside::OutsideRun;
use platform::scans::Policy;
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// On whose behalf a route runs.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) actor: Actor,
    pub(crate) lang: Lang,
    pub(crate) now: Instant,
    /// The form token of their pages.
    pub(crate) csrf: String,
}

/// What is asked of a route.
#[derive(Clone, Default)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) query: Input,
    pub(crate) posted: Option<Input>,
    pub(crate) errors: FieldErrors,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) once: Option<Once>,
    /// True when a browser is to be shown the page in its frame.
    pub(crate) framed: bool,
    /// What reading leaves to be done.
    pub(crate) left: kernel::Left,
}

/// What a route answered, its message already a text.
#[derive(Debug)]
pub(crate) enum Answer {
    /// An act was done.
    Done { to: String, message: String, id: Option<String> },
    /// A page, with what stands around it when it was read along with it.
    Page { title: String, body: String, frame: Option<Frame> },
    /// Anything else.
    Other(Response),
}

impl Server {
    /// Runs a route for a caller.
    ///
    /// # Errors
    /// `Forbidden` when the caller lacks its right; what the handler answers; `Internal` when it panics.
    pub(crate) async fn answer(
        &self,
        tenant: &Arc<Tenant>,
        caller: &Caller,
        found: Match,
        asked: Asked,
    ) -> Result<Answer> {
        let scope = caller.actor.reach(found.route.right).ok_or(Error::Forbidden)?;
        let posted = reading::with(tenant, found.route.fields, asked.posted).await?;
        let posted = posted.map(|posted| sealed(tenant, found.route.fields, posted)).transpose()?;
        let request = Request {
            path: asked.path,
            params: found.params,
            query: asked.query,
            posted,
            errors: asked.errors,
            refusal: asked.refusal,
            csrf: caller.csrf.clone(),
            once: crate::auth::seal::fresh(self.chance),
            left: asked.left,
        };
        let cx = self.context(tenant, caller.actor.clone(), (caller.lang, caller.now), request);
        let (run, cx, now) = (found.route.run.clone(), Arc::new(cx), caller.now);
        let policy = self.config.antivirus.policy();
        match (found.route.method, found.route.asks) {
            (Method::Get, _) | (_, true) => {
                let page = move |db: &dyn Database| told(db, (&cx, policy), run(db, &cx)?);
                if !asked.framed || caller.actor.person.is_none() {
                    return tenant.db.read(scope, page).await;
                }
                tenant.db.read_twice((scope, page), self.around(tenant, caller), &found.pace).await
            }
            (Method::Post, false) => {
                let outside = self.outside(tenant, &found.route, (scope.clone(), &cx, asked.once.clone()));
                if let Some(answer) = Box::pin(outside).await? {
                    return Ok(answer);
                }
                let files = uploads::named(found.route.fields, cx.request.posted.as_ref());
                let store = tenant.files.clone();
                let act = move |db: &dyn Database| {
                    once::run(db, (asked.once.as_ref(), now), || {
                        uploads::present(&store, &files)?;
                        uploads::harmless(db, &files)?;
                        told(db, (&cx, policy), run(db, &cx)?)
                    })
                };
                tenant.writing.fetch_add(1, Ordering::Relaxed);
                let answer = tenant.db.write(scope, act).await;
                tenant.writing.fetch_sub(1, Ordering::Relaxed);
                let answer = answer?;
                tenant.wake(None);
                tenant.work.notify_one();
                Ok(answer)
            }
        }
    }

    /// Puts the frame around a page. It is read on the way back: a second turn would cost as much as its reading.
    fn around(
        &self,
        tenant: &Tenant,
        caller: &Caller,
    ) -> (Scope, impl FnOnce(&dyn Database, Answer) -> Result<Answer> + Send + 'static) {
        let (own, frame) = self.frame_of(tenant, caller);
        let around = move |db: &dyn Database, answer| match answer {
            Answer::Page { title, body, .. } => Ok(Answer::Page { title, body, frame: Some(frame(db)?) }),
            other => Ok(other),
        };
        (own, around)
    }

    /// Does what a route wants of the outside between two transactions; `None` when it wants nothing.
    async fn outside(
        &self,
        tenant: &Arc<Tenant>,
        route: &Route,
        (scope, cx, once): (Scope, &Arc<Context>, Option<Once>),
    ) -> Result<Option<Answer>> {
        let outside =
            route.outside.as_ref().and_then(|outside| outside.downcast_ref::<OutsideRun>().cloned());
        let Some(outside) = outside else { return Ok(None) };
        let act = Act { server: self, tenant, scope, cx: Arc::clone(cx), outside, once };
        let answer = act.run().await?;
        if answer.is_some() {
            tenant.wake(None);
            tenant.work.notify_one();
        }
        Ok(answer)
    }

    /// Reads as the system.
    ///
    /// # Errors
    /// What `read` answers.
    pub(crate) async fn read_as_system<V: Send + 'static>(
        &self,
        tenant: &Tenant,
        now: Instant,
        read: impl Fn(&kernel::Raw<'_>) -> Result<V> + Send + Sync + 'static,
    ) -> Result<V> {
        let cx = self.system(tenant, now);
        let act = move |db: &dyn Database| kernel::engine::read::<kernel::System, V>(db, &cx, |cx| read(cx));
        tenant.db.read(Scope::Everything, act).await
    }

    /// Runs a route for a person at a moment of the caller's choice, without HTTP: for demonstrations and
    /// tests. Every check is made but session and form token. `path` may carry a query.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant or path, and what the route answers.
    pub async fn call(
        &self,
        tenant: &str,
        (person, at): (PersonId, Instant),
        (method, path): (Method, &str),
        input: Input,
    ) -> Result<Response> {
        let tenant = self.tenant(tenant).ok_or(Error::NotFound)?;
        let actor = self.read_as_system(tenant, at, move |cx| platform::identity::actor(cx, person)).await?;
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let found = self.routes.find(method, path).ok_or(Error::NotFound)?;
        let scope = actor.reach(found.route.right).ok_or(Error::Forbidden)?;
        let request = Request {
            path: path.to_owned(),
            params: found.params,
            query: Input::from_urlencoded(query),
            posted: match method {
                Method::Post => Some(sealed(tenant, found.route.fields, input)?),
                Method::Get => None,
            },
            ..Request::default()
        };
        let cx = self.context(tenant, actor, (Lang::Vi, at), request);
        let run = found.route.run.clone();
        let policy = self.config.antivirus.policy();
        let act = move |db: &dyn Database| antivirus::gate(db, (&cx.actor, policy), run(db, &cx)?);
        match method {
            Method::Get => tenant.db.read(scope, act).await,
            Method::Post if found.route.asks => tenant.db.read(scope, act).await,
            Method::Post => {
                let reply = tenant.db.write(scope, act).await;
                tenant.work.notify_one();
                reply
            }
        }
    }
}

/// What was posted, its secrets sealed: no handler, no log and no row ever holds them in clear.
fn sealed(tenant: &Tenant, fields: &[Field], posted: Input) -> Result<Input> {
    if !fields.iter().any(|field| field.kind == Kind::Sealed) {
        return Ok(posted);
    }
    let mut out = Input::default();
    for (name, value) in posted.pairs() {
        let secret = fields.iter().any(|field| field.name == name && field.kind == Kind::Sealed);
        if secret && !value.is_empty() {
            out.push(name, tenant.files.seal_text(value)?);
        } else {
            out.push(name, value);
        }
    }
    Ok(out)
}

/// The answer in words; files that may not be opened do not leave.
pub(crate) fn told(db: &dyn Database, (cx, policy): (&Context, Policy), reply: Response) -> Result<Answer> {
    Ok(match antivirus::gate(db, (&cx.actor, policy), reply)? {
        Response::Done { to, key, values, id } => {
            let values: Vec<(&str, &dyn Display)> =
                values.iter().map(|(name, value)| -> (&str, &dyn Display) { (name, value) }).collect();
            Answer::Done { to, message: cx.t.fill(key, &values), id }
        }
        Response::Page { title, body } => Answer::Page { title, body, frame: None },
        other => Answer::Other(other),
    })
}

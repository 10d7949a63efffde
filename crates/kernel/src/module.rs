//! The manifest of a module: everything about it at a glance.

use crate::actor::{Permission, System};
use crate::db::{Database, Sql};
use crate::handle::{Raw, Reader, Writer};
use crate::offers::{Answerer, Extra};
use crate::request::{Context, Reply};
use base::form::{Field, Form};
use base::{Question, Result};
use std::any::Any;
use std::sync::Arc;

/// One schema step. `sql` is in the portable subset (see `kernel::ddl`).
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// `0001_incoming`.
    pub name: &'static str,
    /// The statements.
    pub sql: &'static str,
}

/// GET or POST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Changes.
    Post,
}

/// A handler with its right folded in.
pub type Run = Arc<dyn Fn(&dyn Database, &Context) -> Reply + Send + Sync>;

/// A background handler: the payload is the job's JSON.
pub type JobRun = Arc<dyn Fn(&dyn Database, &Context, &serde_json::Value) -> Result<()> + Send + Sync>;

/// Background work as a module writes it: the payload is the job's JSON.
pub(crate) type Work = fn(&mut Writer<'_, System>, &serde_json::Value) -> Result<()>;

/// One route of the manifest.
#[derive(Clone)]
pub struct Route {
    /// GET or POST.
    pub method: Method,
    /// `/documents/incoming/{id}`.
    pub path: &'static str,
    /// The right's text id.
    pub right: &'static str,
    /// Roles that hold the right when a tenant is founded.
    pub roles: &'static [&'static str],
    /// The handler.
    pub run: Run,
    /// The handler's name, for logs and the API.
    pub name: &'static str,
    /// The fields of the form it reads.
    pub fields: &'static [Field],
    /// The page that holds the form, shown again when the form is wrong.
    pub page: Option<&'static str>,
    /// True when it answers JSON and lives only under `/api/v1`.
    pub data: bool,
    /// True for a posted question of a page: it changes nothing, and the API has it not.
    pub asks: bool,
    /// Work outside between two transactions (`platform::outside`).
    pub outside: Option<Arc<dyn Any + Send + Sync>>,
}

impl Route {
    /// Declares the form the handler reads.
    pub fn form<F: Form>(&mut self) -> &mut Route {
        self.fields = F::FIELDS;
        self
    }

    /// Declares the page that holds the form.
    pub fn page(&mut self, path: &'static str) -> &mut Route {
        self.page = Some(path);
        self
    }
}

/// Collects routes. The right is the type of the handler's argument; there is no way to leave it out.
#[derive(Default)]
pub struct Routes(Vec<Route>);

impl Routes {
    /// A page.
    pub fn get<P: Permission>(
        &mut self,
        path: &'static str,
        handler: fn(&Reader<'_, P>) -> Reply,
    ) -> &mut Route {
        let run: Run = Arc::new(move |db, cx| handler(&Reader::new(db, cx)));
        self.push::<P>((Method::Get, path), run, std::any::type_name::<P>())
    }

    /// JSON for the API, under `/api/v1`.
    pub fn data<P: Permission>(
        &mut self,
        path: &'static str,
        handler: fn(&Reader<'_, P>) -> Reply,
    ) -> &mut Route {
        let route = self.get(path, handler);
        route.data = true;
        route
    }

    /// An act.
    pub fn post<P: Permission>(
        &mut self,
        path: &'static str,
        handler: fn(&mut Writer<'_, P>) -> Reply,
    ) -> &mut Route {
        let run: Run = Arc::new(move |db, cx| {
            let mut writer = Writer::new(db, cx);
            let reply = handler(&mut writer)?;
            writer.finish()?;
            Ok(reply)
        });
        self.push::<P>((Method::Post, path), run, std::any::type_name::<P>())
    }

    /// A question that is posted because it is too long for an address: it changes nothing.
    pub fn ask<P: Permission>(
        &mut self,
        path: &'static str,
        handler: fn(&Reader<'_, P>) -> Reply,
    ) -> &mut Route {
        let route = self.get(path, handler);
        (route.method, route.asks) = (Method::Post, true);
        route
    }

    fn push<P: Permission>(
        &mut self,
        (method, path): (Method, &'static str),
        run: Run,
        name: &'static str,
    ) -> &mut Route {
        self.0.push_mut(Route {
            method,
            path,
            right: P::ID,
            roles: P::ROLES,
            run,
            name,
            fields: &[],
            page: None,
            data: false,
            asks: false,
            outside: None,
        })
    }
}

/// What waits behind a menu item: how many, and how many of them are late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// All.
    pub all: i64,
    /// Late ones.
    pub late: i64,
}

/// A place in the rail.
#[derive(Clone, Copy)]
pub struct MenuItem {
    /// Text key of the group; items with the same key stand together.
    pub section: &'static str,
    /// Text key of the label.
    pub label: &'static str,
    /// Where it leads.
    pub path: &'static str,
    /// Name of the icon.
    pub icon: &'static str,
    /// The right one needs to see it.
    pub right: &'static str,
    /// Counts what waits there, inside the actor's agency.
    pub waiting: Option<fn(&Raw<'_>) -> Result<Waiting>>,
}

/// A page of help about some screens, in Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Topic {
    /// Its name in addresses: `accept`.
    pub name: &'static str,
    /// Patterns of the screens it explains: `/documents/incoming/{id}`.
    pub screens: &'static [&'static str],
    /// Vietnamese; the first line is the title.
    pub vi: &'static str,
    /// English.
    pub en: &'static str,
}

/// Topics whose texts are `help/vi/NAME.md` and `help/en/NAME.md` beside the module's `src`.
#[macro_export]
macro_rules! topics {
    ($($name:literal for [$($screen:literal),* $(,)?];)+) => {
        &[$($crate::Topic {
            name: $name,
            screens: &[$($screen),*],
            vi: include_str!(concat!("../help/vi/", $name, ".md")),
            en: include_str!(concat!("../help/en/", $name, ".md")),
        }),+]
    };
}

/// A queue in the rail: the actor's open tasks of one kind. All queues of a page are counted together, from the
/// derived counts, so that one more of them costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// Text key of the group; items with the same key stand together.
    pub section: &'static str,
    /// Text key of the label.
    pub label: &'static str,
    /// Where it leads.
    pub path: &'static str,
    /// Name of the icon.
    pub icon: &'static str,
    /// Kind of the tasks; empty for all.
    pub kind: &'static str,
    /// The right one needs to see it.
    pub right: &'static str,
    /// True when it stands there only while something waits: for those who seldom do this work.
    pub quiet: bool,
}

/// Everything about a module.
pub struct Module {
    /// Its name: the prefix of its tables, texts and rights.
    pub name: &'static str,
    /// Its places in the rail.
    pub menu: Vec<MenuItem>,
    /// Its queues in the rail; they stand above the places of their group.
    pub queues: Vec<Queue>,
    /// Its schema, step by step.
    pub migrations: Vec<Migration>,
    /// Its rule files: name and TOML.
    pub rules: Vec<(&'static str, &'static str)>,
    /// Its texts, Vietnamese and English.
    pub texts: (&'static str, &'static str),
    /// Its pages of help.
    pub help: &'static [Topic],
    /// Its routes.
    pub routes: Vec<Route>,
    /// Its background work, by job kind.
    pub jobs: Vec<(&'static str, JobRun)>,
    /// Kinds of its background work that the engine queues once a day.
    pub daily: Vec<&'static str>,
    /// Kinds of its background work that the engine queues every so many minutes.
    pub every: Vec<(&'static str, i64)>,
    /// The questions it answers.
    pub answers: Vec<Answerer>,
    /// Names of the questions it asks.
    pub asks: Vec<&'static str>,
    /// Acts it adds to pages of other modules.
    pub extras: Vec<Extra>,
    /// Statements that find a row of the module which names a stored file, given its SHA-256: such a file stays.
    pub holds_files: Vec<&'static Sql>,
    /// Where its sources are, for the house test.
    pub sources: &'static str,
}

impl Module {
    /// A module by name. `sources` is `env!("CARGO_MANIFEST_DIR")`.
    pub fn new(name: &'static str, sources: &'static str) -> Module {
        Module {
            name,
            menu: Vec::new(),
            queues: Vec::new(),
            migrations: Vec::new(),
            rules: Vec::new(),
            texts: ("", ""),
            help: &[],
            routes: Vec::new(),
            jobs: Vec::new(),
            daily: Vec::new(),
            every: Vec::new(),
            answers: Vec::new(),
            asks: Vec::new(),
            extras: Vec::new(),
            holds_files: Vec::new(),
            sources,
        }
    }

    /// Adds a place in the rail.
    #[must_use]
    pub fn menu(mut self, item: MenuItem) -> Module {
        self.menu.push(item);
        self
    }

    /// Adds a queue to the rail.
    #[must_use]
    pub fn queue(mut self, queue: Queue) -> Module {
        self.queues.push(queue);
        self
    }

    /// Adds a schema step.
    #[must_use]
    pub fn migration(mut self, name: &'static str, sql: &'static str) -> Module {
        self.migrations.push(Migration { name, sql });
        self
    }

    /// Adds a rule file.
    #[must_use]
    pub fn rules(mut self, name: &'static str, toml: &'static str) -> Module {
        self.rules.push((name, toml));
        self
    }

    /// Its texts.
    #[must_use]
    pub fn texts(mut self, vi: &'static str, en: &'static str) -> Module {
        self.texts = (vi, en);
        self
    }

    /// Its pages of help.
    #[must_use]
    pub fn help(mut self, topics: &'static [Topic]) -> Module {
        self.help = topics;
        self
    }

    /// Its routes.
    #[must_use]
    pub fn routes(mut self, declare: impl FnOnce(&mut Routes)) -> Module {
        let mut routes = Routes::default();
        declare(&mut routes);
        self.routes.extend(routes.0);
        self
    }

    /// Declares that rows of the module name stored files: `SELECT sha256 FROM … WHERE {scope} AND sha256 = $1`.
    #[must_use]
    pub fn holds_files(mut self, sql: &'static Sql) -> Module {
        self.holds_files.push(sql);
        self
    }

    /// Background work: runs as the system, in its own transaction, possibly more than once.
    #[must_use]
    pub fn job(mut self, kind: &'static str, handler: Work) -> Module {
        let run: JobRun = Arc::new(move |db, cx, payload| {
            let mut writer = Writer::new(db, cx);
            handler(&mut writer, payload)?;
            writer.finish()
        });
        self.jobs.push((kind, run));
        self
    }

    /// Background work that is to run once a day, and again after a restart: it must not matter how often.
    #[must_use]
    pub fn daily(mut self, kind: &'static str, handler: Work) -> Module {
        self.daily.push(kind);
        self.job(kind, handler)
    }

    /// Background work that is to run whenever the clock passes so many minutes: it must not matter how often, or in
    /// how many processes.
    #[must_use]
    pub fn every(mut self, minutes: i64, kind: &'static str, handler: Work) -> Module {
        self.every.push((kind, minutes.max(1)));
        self.job(kind, handler)
    }

    /// Answers a question of others, under a right of this module that the asker must hold.
    #[must_use]
    pub fn answers<P: Permission, Q: Question>(
        mut self,
        answer: fn(&Reader<'_, P>, &Q) -> Result<Q::Answer>,
    ) -> Module {
        self.answers.push(Answerer::new(answer));
        self
    }

    /// Says that this module asks a question.
    #[must_use]
    pub fn asks<Q: Question>(mut self) -> Module {
        self.asks.push(Q::NAME);
        self
    }

    /// Adds an act to the pages another module opens to others.
    #[must_use]
    pub fn extra(mut self, extra: Extra) -> Module {
        self.extras.push(extra);
        self
    }
}

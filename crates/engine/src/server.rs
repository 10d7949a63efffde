//! One process: its tenants, its modules, its clock.

use crate::auth::seal::{Seal, fresh};
use crate::config::Config;
use crate::db::Db;
use crate::exchange::port::Places;
use crate::files::Store;
use crate::http::limits::Limiter;
use crate::http::metrics::Metrics;
use crate::jobs::AsyncJob;
use crate::known::Known;
use crate::network::Network;
use crate::node::Node;
use crate::print::Printer;
use crate::push::PushKey;
use crate::routes::RouteTable;
use crate::signing::{Turns, trust::Trusted};
use base::texts::Texts;
use base::time::Clock;
use base::{Instant, Lang, PersonId, Result, T};
use kernel::{Actor, Context, Database, Module, Offers, Request, Scope};
use platform::homes::Holding;
use platform::scans::{self, Policy};
use std::collections::BTreeMap;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex};
use tokio::sync::{Notify, Semaphore, broadcast, watch};
use tokio::task::JoinHandle;

/// What a server is made of.
pub struct Parts {
    /// What the operator decided.
    pub config: Config,
    /// Every module, kernel and platform too.
    pub modules: Vec<Module>,
    /// All texts.
    pub texts: &'static Texts,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from: [`crate::system_chance`] outside tests.
    pub chance: fn(&mut [u8]),
    /// The tenants, their databases migrated.
    pub tenants: Vec<TenantParts>,
    /// Background work that waits on the outside world, by job kind; `mail` is built in.
    pub async_jobs: Vec<(&'static str, AsyncJob)>,
    /// The installation among others, where it has joined them.
    pub node: Option<Arc<Node>>,
}

/// What a tenant is made of.
pub struct TenantParts {
    /// First label of its host name: `phutho`.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// True for a demonstration: every page says so.
    pub demo: bool,
    /// Its database.
    pub db: Db,
    /// Its files.
    pub files: Store,
}

/// Whoever rents: its own database, files and keys.
pub struct Tenant {
    /// First label of its host name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// True for a demonstration.
    pub demo: bool,
    /// Its database.
    pub db: Db,
    /// Its files.
    pub files: Store,
    pub(crate) seal: Seal,
    /// The key by which push services know the tenant.
    pub push: PushKey,
    pub(crate) events: broadcast::Sender<Option<PersonId>>,
    pub(crate) work: Notify,
    /// Writes that were begun and not answered yet.
    pub(crate) writing: AtomicI64,
    pub(crate) known: Known,
    /// Which agencies' codes were seen here last, and how they are held.
    pub(crate) codes: Mutex<BTreeMap<String, Option<Holding>>>,
}

impl Tenant {
    /// Something changed for a person, or for everybody: open pages fetch their counts again.
    pub fn wake(&self, person: Option<PersonId>) {
        // Nobody listening is no fault.
        let _ = self.events.send(person);
    }
}

/// One server process.
pub struct Server {
    /// What the operator decided.
    pub config: Config,
    /// Every module.
    pub modules: Vec<Module>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    pub(crate) texts: &'static Texts,
    pub(crate) chance: fn(&mut [u8]),
    pub(crate) routes: RouteTable,
    pub(crate) offers: Arc<Offers>,
    pub(crate) printer: Arc<Printer>,
    pub(crate) network: Arc<Network>,
    /// Who may read a scan now.
    pub(crate) readings: Semaphore,
    pub(crate) later_readings: Semaphore,
    /// Who may judge the signatures of a PDF now.
    pub(crate) verifying: Semaphore,
    pub(crate) trusted: Trusted,
    /// Who signs with which key now.
    pub(crate) turns: Turns,
    pub(crate) async_jobs: BTreeMap<&'static str, AsyncJob>,
    pub(crate) metrics: Metrics,
    pub(crate) limiter: Limiter,
    /// The installation among others, where it has joined them.
    pub node: Option<Arc<Node>>,
    /// How much is taken from other machines at once.
    pub(crate) places: Places,
    /// Whether every database answered, when they were asked last.
    pub(crate) health: tokio::sync::Mutex<Option<(std::time::Instant, bool)>>,
    /// True once the process is to stop: streams end, so that their connections do.
    pub(crate) closing: watch::Sender<bool>,
    tenants: BTreeMap<String, Arc<Tenant>>,
}

impl Server {
    /// Puts a server together; nothing runs yet but what [`Server::router`] and
    /// [`Server::spawn_jobs`](crate::Server::spawn_jobs) are asked to.
    ///
    /// # Errors
    /// `Internal` when two routes claim one path, or a tenant's keys cannot be read.
    pub async fn new(parts: Parts) -> Result<Arc<Server>> {
        let routes = RouteTable::new(&parts.modules)?;
        let mut tenants = BTreeMap::new();
        for tenant in parts.tenants {
            let policy = parts.config.antivirus.policy();
            let tenant = open_tenant(tenant, (parts.chance, parts.clock.now()), policy).await?;
            tenants.insert(tenant.name.clone(), Arc::new(tenant));
        }
        let mut async_jobs: BTreeMap<&'static str, AsyncJob> = parts.async_jobs.into_iter().collect();
        async_jobs.entry("mail").or_insert(crate::jobs::mail::send);
        async_jobs.entry(platform::push::JOB).or_insert(crate::jobs::push::send);
        async_jobs.entry("edxml.import").or_insert(crate::jobs::import::run);
        async_jobs.entry("files.read").or_insert(crate::jobs::read::run);
        async_jobs.entry("files.destroy").or_insert(crate::jobs::destroy::run);
        async_jobs.entry("pdf.augment").or_insert(crate::jobs::augment::run);
        async_jobs.entry("pdf.verify").or_insert(crate::jobs::verify::run);
        async_jobs.entry(platform::mailboxes::TEST).or_insert(crate::mailbox::test);
        async_jobs.entry(platform::connectors::TEST).or_insert(crate::connectors::test);
        let network = Arc::new(Network::new(&parts.config.outside)?);
        let printer = match &parts.config.printer {
            Some(program) => program.clone(),
            None => Printer::installed()?,
        };
        Ok(Arc::new(Server {
            network,
            printer: Arc::new(Printer::new(printer, crate::print::Limits::default())),
            readings: Semaphore::new(1),
            later_readings: Semaphore::new(1),
            verifying: Semaphore::new(2),
            trusted: Trusted::default(),
            turns: Turns::default(),
            config: parts.config,
            offers: Arc::new(Offers::of(&parts.modules)),
            modules: parts.modules,
            clock: parts.clock,
            texts: parts.texts,
            chance: parts.chance,
            routes,
            async_jobs,
            metrics: Metrics::default(),
            limiter: Limiter::default(),
            node: parts.node,
            places: Places::new(parts.chance),
            health: tokio::sync::Mutex::default(),
            closing: watch::Sender::new(false),
            tenants,
        }))
    }

    /// Opens the port of nodes and starts every loop of every tenant. They end when the handles are aborted.
    ///
    /// # Errors
    /// `Internal` when the port of nodes cannot be listened on.
    pub async fn spawn_all(self: &Arc<Self>) -> Result<Vec<JoinHandle<()>>> {
        let mut loops = self.spawn_jobs();
        loops.extend(self.open_port().await?);
        loops.extend(self.spawn_rounds());
        loops.extend(self.spawn_exchange());
        loops.extend(self.spawn_scanner());
        loops.extend(self.spawn_mailboxes());
        loops.extend(self.spawn_webhooks());
        loops.extend(self.spawn_connectors());
        loops.extend(self.spawn_seals());
        Ok(loops)
    }

    /// A tenant by name.
    pub fn tenant(&self, name: &str) -> Option<&Arc<Tenant>> {
        self.tenants.get(name)
    }

    /// All tenants.
    pub fn tenants(&self) -> impl Iterator<Item = &Arc<Tenant>> {
        self.tenants.values()
    }

    /// The tenant a host name means: by its first label, else the default, else the only one.
    pub(crate) fn tenant_of_host(&self, host: &str) -> Option<&Arc<Tenant>> {
        let label = host.split(['.', ':']).next().unwrap_or("");
        let otherwise = || match self.tenants.len() {
            1 => self.tenants.values().next(),
            _ => self.tenants.get(&self.config.default_tenant),
        };
        self.tenants.get(label).or_else(otherwise)
    }

    /// A context in which the system acts at a moment.
    pub(crate) fn system(&self, tenant: &Tenant, now: Instant) -> Context {
        self.context(tenant, Actor::system("system"), (Lang::Vi, now), Request::default())
    }

    /// A context in which an actor acts.
    pub(crate) fn context(
        &self,
        tenant: &Tenant,
        actor: Actor,
        (lang, now): (Lang, Instant),
        request: Request,
    ) -> Context {
        Context {
            actor,
            request,
            t: T::new(self.texts, lang),
            now,
            tenant: tenant.name.clone(),
            chance: self.chance,
            offers: Arc::clone(&self.offers),
        }
    }
}

async fn open_tenant(
    parts: TenantParts,
    (chance, now): (fn(&mut [u8]), Instant),
    policy: Policy,
) -> Result<Tenant> {
    let made = (fresh(chance), PushKey::make(&parts.files)?);
    let store = parts.files.clone();
    let begin = move |db: &dyn Database| {
        // Pages tell from it why a file has no link.
        scans::note_policy(db, policy, now)?;
        platform::sessions::seal_codes(db, &|secret| store.seal_text(secret))?;
        let key = |name, fresh: &str| platform::sessions::key(db, name, (fresh, now));
        Ok((key("seal", &made.0)?, key("push", &made.1)?))
    };
    let (secret, push) = parts.db.write(Scope::Everything, begin).await?;
    let push = PushKey::open(&push, &parts.files)?;
    Ok(Tenant {
        name: parts.name,
        title: parts.title,
        demo: parts.demo,
        db: parts.db,
        files: parts.files,
        seal: Seal::new(&secret),
        push,
        events: broadcast::channel(64).0,
        work: Notify::new(),
        writing: AtomicI64::new(0),
        known: Known::default(),
        codes: Mutex::default(),
    })
}

//! The country of a story: its server, its clock, its people.

use crate::client::{Jar, Person};
use crate::found::{self, AGENCIES, AgencyData, Founded, TENANTS};
use crate::setting::{config, context, texts};
use crate::stories::Engine;
use axum::Router;
use base::texts::Texts;
use base::time::{Clock, FixedClock};
use base::{AgencyId, Instant, Result, UnitId};
use engine::db::Schema;
use engine::files::{Master, Store};
use engine::node::Node;
use engine::{Config, Db, Parts, Server, TenantParts};
use kernel::{Actor, Context, Database, Module, Raw, Scope, Sql, System, Writer, q};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The password of everybody.
pub(crate) const PASSWORD: &str = "cây đa bến nước";

/// A country with its own server and databases; it goes with the story.
pub struct Town {
    server: Arc<Server>,
    pub(crate) router: Router,
    texts: &'static Texts,
    clock: Arc<FixedClock>,
    founded: BTreeMap<&'static str, Founded>,
    pub(crate) jars: Mutex<BTreeMap<String, Jar>>,
    runtime: Runtime,
    // Last, so that the files go when nobody uses them any more.
    folder: TempDir,
}

/// Makes a node under a clock.
type Join = Box<dyn FnOnce(Arc<dyn Clock>) -> Arc<Node>>;

/// An agency, with its id.
#[derive(Debug, Clone, Copy)]
pub struct Agency {
    /// Its id in its own tenant.
    pub id: AgencyId,
    /// Everything else.
    pub data: &'static AgencyData,
}

static TROUBLES: Sql = q!("SELECT kind, error FROM kernel_jobs WHERE error <> '' ORDER BY id");

impl Town {
    /// A town with these modules on SQLite. Kernel and platform are always there.
    pub fn with(modules: Vec<Module>) -> Town {
        Town::on(&Engine::Sqlite, modules)
    }

    /// A town on a database.
    pub fn on(engine: &Engine, modules: Vec<Module>) -> Town {
        Town::configured(engine, modules, |_| ())
    }

    /// A town whose operator decided something: `decide` changes the configuration of the tests.
    pub fn configured(engine: &Engine, modules: Vec<Module>, decide: impl FnOnce(&mut Config)) -> Town {
        let clock = FixedClock::new(Instant::local(2017, 10, 16, 8, 0).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(folder.path());
        decide(&mut config);
        Town::in_folder((engine, folder, config), modules, (clock, None, None))
    }

    /// A town that is a node among others: `join` makes it one under the town's clock.
    pub fn joined(
        engine: &Engine,
        modules: Vec<Module>,
        join: impl FnOnce(Arc<dyn Clock>) -> Arc<Node> + 'static,
    ) -> Town {
        let clock = FixedClock::new(Instant::local(2017, 10, 16, 8, 0).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        Town::in_folder((engine, folder, config), modules, (clock, None, Some(Box::new(join))))
    }

    /// Signatures of this authority, PEM, are trusted from now on.
    pub fn trust(&self, pem: &[u8]) {
        std::fs::write(self.folder().join("roots").join("root.pem"), pem).unwrap();
    }

    /// The same people at the same moment in another place: `bring` fills an empty folder with a data folder, as
    /// a restore does, and the town goes on from there. On SQLite.
    #[must_use]
    pub fn elsewhere(&self, modules: Vec<Module>, bring: impl FnOnce(&Path)) -> Town {
        let folder = tempfile::tempdir().unwrap();
        bring(folder.path());
        let known = (FixedClock::new(self.now()), Some(self.founded.clone()), None);
        let config = config(folder.path());
        Town::in_folder((&Engine::Sqlite, folder, config), modules, known)
    }

    /// The data folder: a folder for each tenant, with its stored files and, on SQLite, its database.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn in_folder(
        (engine, folder, config): (&Engine, TempDir, Config),
        modules: Vec<Module>,
        (clock, known, join): (FixedClock, Option<BTreeMap<&'static str, Founded>>, Option<Join>),
    ) -> Town {
        let mut below = vec![kernel::module(), platform::module()];
        below.retain(|module| modules.iter().all(|given| given.name != module.name));
        let modules: Vec<Module> = below.into_iter().chain(modules).collect();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let clock = Arc::new(clock);
        let texts = texts(&modules);
        let master = Master::open(&folder.path().join("master.key"), true).unwrap();
        let (mut tenants, mut founded) = (Vec::new(), BTreeMap::new());
        for (name, title) in TENANTS {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
            let db = runtime.block_on(open(engine, (folder.path(), name), &modules));
            let (name, title) = ((*name).to_owned(), (*title).to_owned());
            let files = folder.path().join(&name).join("files");
            let files = runtime.block_on(Store::open(&files, &master)).unwrap();
            tenants.push(TenantParts { name, title, demo: false, db, files });
        }
        let modules_of = modules.iter().flat_map(|module| &module.routes);
        let rights: Rights = modules_of.map(|route| (route.right, route.roles)).collect();
        for (tenant, (name, _)) in tenants.iter().zip(TENANTS).filter(|_| known.is_none()) {
            let cx = context((texts, name), clock.now());
            founded.insert(*name, runtime.block_on(settle_in(&tenant.db, cx, rights.clone())));
        }
        let founded = known.unwrap_or(founded);
        let parts = Parts {
            config,
            modules,
            texts,
            clock: Arc::<FixedClock>::clone(&clock),
            chance: engine::system_chance,
            tenants,
            async_jobs: Vec::new(),
            node: join.map(|join| join(Arc::<FixedClock>::clone(&clock))),
        };
        let server = runtime.block_on(Server::new(parts)).expect("the server");
        let router = server.router();
        Town { server, router, texts, clock, founded, jars: Mutex::default(), runtime, folder }
    }

    /// The server.
    pub fn server(&self) -> &Arc<Server> {
        &self.server
    }

    /// The present moment.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Moves the clock to a moment.
    pub fn set_clock(&self, at: Instant) {
        self.clock.set(at);
    }

    /// Lets minutes pass.
    pub fn pass_minutes(&self, minutes: i64) {
        self.clock.set(self.now().plus_minutes(minutes));
    }

    /// Lets days pass.
    pub fn pass_days(&self, days: i64) {
        self.clock.set(self.now().plus_days(days));
    }

    /// Waits for something of the server.
    pub fn wait<V>(&self, what: impl Future<Output = V>) -> V {
        self.runtime.block_on(what)
    }

    /// Runs jobs and deliveries until nothing is left to do now. Answers how many there were.
    ///
    /// # Panics
    /// When a job has failed.
    pub fn settle(&self) -> usize {
        let done = self.work();
        let troubles = self.troubles();
        assert!(troubles.is_empty(), "jobs failed: {troubles:#?}");
        done
    }

    /// As [`Town::settle`], for stories in which a job fails.
    pub fn work(&self) -> usize {
        let mut done = 0;
        loop {
            let now = self.now();
            let mut ran = self.wait(self.server.pump(now)).expect("deliveries");
            for (tenant, _) in TENANTS {
                ran += self.wait(self.server.run_jobs(tenant, now)).expect("jobs");
            }
            ran += self.wait(self.server.pump(now)).expect("deliveries");
            if ran == 0 {
                return done;
            }
            done += ran;
        }
    }

    /// What jobs say that failed and wait for their next turn, or that nobody could finish.
    pub fn troubles(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (tenant, _) in TENANTS {
            let rows = self.read(tenant, |cx| cx.rows::<(String, String)>(&TROUBLES, &[]));
            all.extend(rows.into_iter().map(|(kind, error)| format!("{tenant} {kind}: {error}")));
        }
        all
    }

    /// An agency by its place: `Phú Thọ`, `Hùng Lô`, or by its code.
    ///
    /// # Panics
    /// When there is none.
    pub fn agency(&self, place: &str) -> Agency {
        let found = AGENCIES.iter().find(|data| data.place == place || data.code == place);
        let data = found.unwrap_or_else(|| panic!("nobody lives in {place}"));
        Agency { id: self.founded[data.tenant].agencies[data.code], data }
    }

    /// A unit of an agency by its symbol: `VX` or `KT`.
    pub fn unit(&self, place: &str, symbol: &'static str) -> UnitId {
        let data = self.agency(place).data;
        self.founded[data.tenant].units[&(data.code, symbol)]
    }

    /// The clerk of an agency.
    pub fn clerk(&self, place: &str) -> Person<'_> {
        self.person(place, "clerk", "")
    }

    /// The leader of an agency.
    pub fn leader(&self, place: &str) -> Person<'_> {
        self.person(place, "leader", "")
    }

    /// The head of unit VX of an agency.
    pub fn head(&self, place: &str) -> Person<'_> {
        self.person(place, "head", "VX")
    }

    /// The officer of unit VX of an agency.
    pub fn officer(&self, place: &str) -> Person<'_> {
        self.person(place, "officer", "VX")
    }

    /// The archivist of an agency.
    pub fn archivist(&self, place: &str) -> Person<'_> {
        self.person(place, "archivist", "")
    }

    /// The administrator of the tenant an agency is the highest of: `Phú Thọ` or `Hà Nội`.
    pub fn admin(&self, place: &str) -> Person<'_> {
        self.person(place, "admin", "")
    }

    /// Somebody in a role, and for heads and officers in a unit (`VX`, `KT`).
    ///
    /// # Panics
    /// When nobody is.
    pub fn person(&self, place: &str, role: &'static str, unit: &'static str) -> Person<'_> {
        let data = self.agency(place).data;
        let found = self.founded[data.tenant].people.get(&(data.code, role, unit));
        let settler = found.unwrap_or_else(|| panic!("{place} has no {role} {unit}"));
        Person::signed_in(self, data, settler)
    }

    /// Somebody who has not signed in, at the door of a tenant.
    pub fn visitor(&self, tenant: &'static str) -> Person<'_> {
        Person::visitor(self, tenant)
    }

    /// Reads a tenant's database as the system.
    ///
    /// # Panics
    /// When reading fails.
    pub fn read<V: Send + 'static>(
        &self,
        tenant: &str,
        read: impl Fn(&Raw<'_>) -> Result<V> + Send + 'static,
    ) -> V {
        let cx = context((self.texts, tenant), self.now());
        let act = move |db: &dyn Database| kernel::engine::read::<System, V>(db, &cx, |cx| read(cx));
        self.wait(self.db(tenant).read(Scope::Everything, act)).expect("reading as the system")
    }

    /// Changes a tenant's database as the system. The act must record what it does.
    ///
    /// # Panics
    /// When it fails.
    pub fn act<V: Send + 'static>(
        &self,
        tenant: &str,
        act: impl Fn(&mut Writer<'_, System>) -> Result<V> + Send + Sync + 'static,
    ) -> V {
        let cx = context((self.texts, tenant), self.now());
        self.act_in(tenant, cx, act)
    }

    pub(crate) fn act_in<V: Send + 'static>(
        &self,
        tenant: &str,
        cx: Context,
        act: impl Fn(&mut Writer<'_, System>) -> Result<V> + Send + Sync + 'static,
    ) -> V {
        let act = move |db: &dyn Database| kernel::engine::write(db, &cx, |cx| act(cx));
        self.wait(self.db(tenant).write(Scope::Everything, act)).expect("acting as the system")
    }

    pub(crate) fn context_of(&self, tenant: &str, actor: Actor) -> Context {
        Context { actor, ..context((self.texts, tenant), self.now()) }
    }

    /// A tenant's database.
    ///
    /// # Panics
    /// When there is no such tenant.
    pub fn db(&self, tenant: &str) -> &Db {
        &self.server.tenant(tenant).expect("a tenant").db
    }
}

impl Drop for Town {
    /// Whatever a story did, its audit log must hold.
    fn drop(&mut self) {
        for (tenant, _) in TENANTS {
            let db = self.db(tenant).clone();
            let verified = self.wait(db.read(Scope::Everything, |db| kernel::engine::verify_audit(db)));
            let closed = self.wait(db.close());
            if !std::thread::panicking() {
                verified.expect("reading the audit log").expect("the audit log holds");
                closed.expect("closing the database");
            }
        }
    }
}

async fn open(engine: &Engine, (folder, tenant): (&Path, &str), modules: &[Module]) -> Db {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let schema = Schema::of(modules);
    let (url, name) = match engine {
        Engine::Sqlite => {
            (format!("sqlite:{}", folder.join(tenant).join("vanlang.db").display()), tenant.to_owned())
        }
        Engine::Postgres(url) => {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            (url.clone(), format!("t{}_{number}_{tenant}", std::process::id()))
        }
    };
    let db = Db::open(&url, &name, &schema).await.expect("opening a database");
    db.bulk(true);
    db
}

type Rights = Vec<(&'static str, &'static [&'static str])>;

async fn settle_in(db: &Db, cx: Context, rights: Rights) -> Founded {
    // Hashing is slow on purpose; nobody here has a password of their own.
    static HASH: OnceLock<String> = OnceLock::new();
    let hash = HASH.get_or_init(|| engine::hash_password(PASSWORD).expect("a hash"));
    let act = move |db: &dyn Database| {
        kernel::engine::write(db, &cx, |writer| {
            found::found_rights(writer, &rights)?;
            found::found(writer, &cx.tenant, hash)
        })
    };
    db.write(Scope::Everything, act).await.expect("founding a tenant")
}

//! Puts a server together: texts, modules, tenants.

use base::time::Clock;
use base::{Lang, Result, T, Texts, WhileDoing};
use engine::config::Config;
use engine::db::{Db, Schema};
use engine::files::{Master, Store, has_key};
use engine::node::Node;
use engine::{Parts, Server, TenantParts};
use kernel::{Actor, Context, Request, Scope};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A tenant in the configuration file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantSettings {
    /// First label of its host name: `phutho`.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// `sqlite:PATH` or `postgres://…`; left out, a SQLite file in the data folder.
    pub database: Option<String>,
    /// True for a demonstration.
    #[serde(default)]
    pub demo: bool,
}

/// The configuration file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The process.
    pub server: Config,
    /// Who rents.
    pub tenants: Vec<TenantSettings>,
}

impl Settings {
    /// Reads a file.
    ///
    /// # Errors
    /// `Internal` naming the file when it cannot be read or says something unknown.
    pub fn read(path: &Path) -> Result<Settings> {
        let text = std::fs::read_to_string(path).while_doing("reading", path.display())?;
        toml::from_str(&text).while_doing("reading", path.display())
    }
}

/// Every text of the program. Kept for the life of the process.
///
/// # Errors
/// `Internal` when two modules define one key.
pub fn texts(modules: &[kernel::Module]) -> Result<&'static Texts> {
    let mut texts = Texts::default();
    texts.add(ui::VI, ui::EN)?;
    texts.add(engine::VI, engine::EN)?;
    for module in modules {
        texts.add(module.texts.0, module.texts.1)?;
    }
    Ok(Box::leak(Box::new(texts)))
}

/// Where a tenant's files are.
pub fn files_folder(data: &Path, tenant: &str) -> PathBuf {
    data.join(tenant).join("files")
}

/// The key under which stored files are sealed. It is made at the first start; once a tenant has files, it must be
/// there.
///
/// # Errors
/// `Internal` in plain words when it is missing or damaged.
pub fn master(settings: &Settings) -> Result<Master> {
    let config = &settings.server;
    let used = settings.tenants.iter().any(|tenant| has_key(&files_folder(&config.data, &tenant.name)));
    Master::open(&config.master_key(), !used)
}

/// Where a tenant's database is, unless its settings say otherwise.
pub fn database_url(data: &Path, tenant: &TenantSettings) -> String {
    let own = || format!("sqlite:{}", data.join(&tenant.name).join("vanlang.db").display());
    tenant.database.clone().unwrap_or_else(own)
}

/// Opens every tenant, its schema brought up to date, and puts the server together.
///
/// # Errors
/// `Internal` when a tenant cannot be opened.
pub async fn open(settings: Settings, clock: Arc<dyn Clock>) -> Result<Arc<Server>> {
    let modules = crate::modules::all();
    let texts = texts(&modules)?;
    let schema = Schema::of(&modules);
    let rights = rights(&modules);
    let master = master(&settings)?;
    let mut tenants = Vec::new();
    for tenant in &settings.tenants {
        let files = files_folder(&settings.server.data, &tenant.name);
        std::fs::create_dir_all(&files).while_doing("making", files.display())?;
        let db = Db::open(&database_url(&settings.server.data, tenant), &tenant.name, &schema).await?;
        let cx = founding(texts, &tenant.name, clock.as_ref());
        let rights = rights.clone();
        db.write(Scope::Everything, move |db| {
            kernel::engine::write(db, &cx, |cx| platform::identity::found_rights(cx, &rights))
        })
        .await?;
        tenants.push(TenantParts {
            name: tenant.name.clone(),
            title: tenant.title.clone(),
            demo: tenant.demo,
            db,
            files: Store::open(&files, &master).await?,
        });
    }
    let node = match &settings.server.node {
        Some(_) => Node::open(&settings.server.data, &master, Arc::clone(&clock))?.map(Arc::new),
        None => None,
    };
    if settings.server.node.is_some() && node.is_none() {
        tracing::warn!("server.node is configured, but this installation has not joined: vanlang node join");
    }
    Server::new(Parts {
        config: settings.server,
        modules,
        texts,
        clock,
        chance: engine::system_chance,
        tenants,
        async_jobs: Vec::new(),
        node,
    })
    .await
}

/// Each right that some route asks for, with the roles that hold it at the founding.
pub fn rights(modules: &[kernel::Module]) -> Vec<(&'static str, &'static [&'static str])> {
    let mut rights: Vec<(&'static str, &'static [&'static str])> = modules
        .iter()
        .flat_map(|module| &module.routes)
        .map(|route| (route.right, route.roles))
        .filter(|(right, _)| !matches!(*right, "public" | "signed-in" | "system"))
        .collect();
    rights.sort_unstable();
    rights.dedup();
    rights
}

/// The context in which a tenant is founded.
pub fn founding(texts: &'static Texts, tenant: &str, clock: &dyn Clock) -> Context {
    Context {
        actor: Actor::system("system"),
        request: Request::default(),
        t: T::new(texts, Lang::Vi),
        now: clock.now(),
        tenant: tenant.to_owned(),
        chance: engine::system_chance,
        offers: Arc::default(),
    }
}

/// Done when the process is told to stop: by the keyboard, or by the service manager.
pub async fn told_to_stop() {
    let keyboard = tokio::signal::ctrl_c();
    // Without a signal handler the process is ended by the system itself.
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = keyboard => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(keyboard.await),
    }
}

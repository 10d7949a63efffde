//! What an operator does to data at rest: verify, back up, restore.

use crate::app::{Settings, TenantSettings, database_url, files_folder};
use ::engine::db::{Db, Schema};
use ::engine::files::{self, Master, Store};
use ::engine::verify::verify as verify_db;
use base::time::{Clock, SystemClock};
use base::{Error, Result, WhileDoing};
use kernel::upkeep::Figure;
use kernel::{Actor, Context, Request, Scope, System, engine};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The database of a tenant in a backup, and of a SQLite tenant in its folder.
const DATABASE: &str = "vanlang.db";
const MASTER_KEY: &str = "master.key";
/// What this installation is among others.
const NODE: &str = "node";

/// Where the data is, on the command line.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Place {
    /// The data folder; each subfolder is a tenant.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// The configuration file, for tenants on PostgreSQL.
    #[arg(long)]
    pub config: Option<PathBuf>,
}

impl Place {
    /// The settings of the data there.
    ///
    /// # Errors
    /// `Internal` when there is no tenant there.
    pub fn settings(&self) -> Result<Settings> {
        settings(self.config.as_deref(), self.data.as_deref())
    }

    /// The same, where there may be no tenant yet.
    ///
    /// # Errors
    /// `Internal` when a file cannot be read.
    pub fn bare_settings(&self) -> Result<Settings> {
        read_settings(self.config.as_deref(), self.data.as_deref())
    }
}

/// Which data: a configuration file, or a data folder whose subfolders are tenants.
///
/// # Errors
/// `Internal` when there is no tenant there.
pub fn settings(config: Option<&Path>, data: Option<&Path>) -> Result<Settings> {
    let settings = read_settings(config, data)?;
    if settings.tenants.is_empty() {
        return Err(Error::internal(format!("no tenant in {}", settings.server.data.display())));
    }
    Ok(settings)
}

fn read_settings(config: Option<&Path>, data: Option<&Path>) -> Result<Settings> {
    let mut settings = config.map(Settings::read).transpose()?.unwrap_or_default();
    if let Some(data) = data {
        data.clone_into(&mut settings.server.data);
        if settings.tenants.is_empty() && data.is_dir() {
            settings.tenants = tenants_in(data)?;
        }
    }
    Ok(settings)
}

fn tenants_in(data: &Path) -> Result<Vec<TenantSettings>> {
    let mut tenants = Vec::new();
    for entry in std::fs::read_dir(data).while_doing("reading", data.display())? {
        let entry = entry.while_doing("reading", data.display())?;
        if entry.path().join(DATABASE).is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            tenants.push(TenantSettings { title: name.clone(), name, database: None, demo: false });
        }
    }
    tenants.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tenants)
}

/// Opens a tenant that is there. One that is not is named, never made: an empty database would verify.
pub(crate) async fn open(settings: &Settings, tenant: &TenantSettings) -> Result<Db> {
    let schema = Schema::of(&crate::modules::all());
    Db::open_existing(&database_url(&settings.server.data, tenant), &tenant.name, &schema).await
}

/// Opens a tenant's database, and makes it when it is not there.
///
/// # Errors
/// `Internal` when it cannot be opened.
pub async fn open_or_make(settings: &Settings, tenant: &TenantSettings) -> Result<Db> {
    let schema = Schema::of(&crate::modules::all());
    Db::open(&database_url(&settings.server.data, tenant), &tenant.name, &schema).await
}

/// Verifies every tenant's audit log and journals. Answers false when one does not hold; its first bad row
/// is named on `out`.
///
/// # Errors
/// `Internal` when a tenant cannot be opened.
pub async fn verify(settings: &Settings, out: &mut dyn Write) -> Result<bool> {
    let mut sound = true;
    for tenant in &settings.tenants {
        let db = open(settings, tenant).await?;
        let line = match verify_db(&db).await? {
            Ok(whole) => {
                let (audit, journals) = (whole.audit, whole.journals);
                format!("{}: whole, {audit} audit entries, {journals} journal rows", tenant.name)
            }
            Err(name) => {
                sound = false;
                format!("{}: broken at {name}", tenant.name)
            }
        };
        writeln!(out, "{line}").while_doing("writing", "the verdict")?;
        db.close().await?;
    }
    Ok(sound)
}

/// Copies every tenant into a new folder: the database as one consistent file, every stored file as it lies sealed
/// on disk, and the master key when it is kept in the data folder. It is the same on both engines.
///
/// # Errors
/// `Internal` in plain words when the folder holds something already, or something cannot be copied.
pub async fn backup(settings: &Settings, to: &Path) -> Result<()> {
    new_folder(to)?;
    for tenant in &settings.tenants {
        let db = open(settings, tenant).await?;
        let folder = to.join(&tenant.name);
        std::fs::create_dir_all(&folder).while_doing("making", folder.display())?;
        // The database first: a file it does not name does no harm, a named one that is missing would.
        db.backup(&folder.join(DATABASE)).await?;
        copy_tree(&files_folder(&settings.server.data, &tenant.name), &folder.join("files"))?;
        let done = SystemClock.now();
        db.write(Scope::Everything, move |db| kernel::upkeep::note(db, Figure::Backup, (0, done))).await?;
        db.close().await?;
    }
    let node = settings.server.data.join(NODE);
    if node.is_dir() {
        copy_tree(&node, &to.join(NODE))?;
    }
    let key = settings.server.master_key();
    if settings.server.master_key.is_none() && key.is_file() {
        let copy = to.join(MASTER_KEY);
        std::fs::copy(&key, &copy).while_doing("copying the master key to", copy.display())?;
    }
    Ok(())
}

/// Brings a backup into a new data folder, or to where a configuration says each tenant is, and verifies it. A tenant
/// may come back on the other engine.
///
/// # Errors
/// `Internal` in plain words when the data folder holds something already, a tenant on PostgreSQL has work in it, the
/// master key is missing, or the backup does not verify.
pub async fn restore(
    from: &Path,
    (config, data): (Option<&Path>, Option<&Path>),
    out: &mut dyn Write,
) -> Result<()> {
    let mut settings = config.map(Settings::read).transpose()?.unwrap_or_default();
    if let Some(data) = data {
        data.clone_into(&mut settings.server.data);
    }
    let data = settings.server.data.clone();
    let saved = tenants_in(from)?;
    let configured = config.is_some();
    settings.tenants.retain(|tenant| saved.iter().any(|one| one.name == tenant.name));
    for tenant in saved {
        if settings.tenants.iter().all(|known| known.name != tenant.name) {
            if configured {
                let name = tenant.name;
                return Err(Error::internal(format!("the configuration names no tenant {name}")));
            }
            settings.tenants.push(tenant);
        }
    }
    new_folder(&data)?;
    for tenant in &settings.tenants {
        restore_tenant(&settings, tenant, &from.join(&tenant.name)).await?;
    }
    if from.join(NODE).is_dir() {
        copy_tree(&from.join(NODE), &data.join(NODE))?;
    }
    let (saved_key, key) = (from.join(MASTER_KEY), settings.server.master_key());
    if saved_key.is_file() && !key.exists() {
        std::fs::copy(&saved_key, &key).while_doing("copying the master key to", key.display())?;
    }
    let master = crate::app::master(&settings)?;
    for tenant in &settings.tenants {
        // Opening a store says whether the key fits, and clears what an interrupted upload may have left.
        Store::open(&files_folder(&data, &tenant.name), &master).await?;
    }
    if verify(&settings, out).await? {
        Ok(())
    } else {
        Err(Error::internal(
            "the backup does not verify; what was brought back stays in the data folder to be looked at",
        ))
    }
}

async fn restore_tenant(settings: &Settings, tenant: &TenantSettings, from: &Path) -> Result<()> {
    copy_tree(&from.join("files"), &files_folder(&settings.server.data, &tenant.name))?;
    let file = from.join(DATABASE);
    let Some(path) = database_url(&settings.server.data, tenant).strip_prefix("sqlite:").map(PathBuf::from)
    else {
        let db = open_or_make(settings, tenant).await?;
        db.restore(&file).await?;
        return db.close().await;
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).while_doing("making", folder.display())?;
    }
    std::fs::copy(&file, &path).while_doing("copying", file.display()).map(drop)
}

/// Makes a new master key and wraps every tenant's key under it; no stored file is touched, and a server that runs
/// goes on. Stopped at any point, the files open under the key that is in place then. With `new` the key is written
/// there, for an operator who keeps it elsewhere and then names it in the configuration.
///
/// # Errors
/// `Internal` in plain words when a key is missing, does not fit, or cannot be written.
pub fn rotate_key(settings: &Settings, new: Option<&Path>) -> Result<()> {
    let current = settings.server.master_key();
    let next = new.map_or_else(|| current.with_extension("key.next"), Path::to_owned);
    let old = Master::open(&current, false)?;
    // One that is there was made by a run that was stopped.
    let master = Master::open(&next, true)?;
    let folders = settings.tenants.iter().map(|tenant| files_folder(&settings.server.data, &tenant.name));
    let folders: Vec<PathBuf> = folders.filter(|folder| files::has_key(folder)).collect();
    for folder in &folders {
        files::add_wrapping(folder, (&old, &master))?;
    }
    ::engine::node::add_sealing(&settings.server.data, (&old, &master))?;
    if new.is_none() {
        std::fs::rename(&next, &current).while_doing("putting the new master key in", current.display())?;
    }
    ::engine::node::keep_only(&settings.server.data, &master)?;
    folders.iter().try_for_each(|folder| files::keep_only(folder, &master))
}

fn new_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).while_doing("making", path.display())?;
    let mut entries = std::fs::read_dir(path).while_doing("reading", path.display())?;
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(Error::internal(format!("the folder {} is not empty", path.display()))),
    }
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).while_doing("making", to.display())?;
    if !from.is_dir() {
        return Ok(());
    }
    let mut folders: Vec<(PathBuf, PathBuf)> = vec![(from.to_owned(), to.to_owned())];
    while let Some((from, to)) = folders.pop() {
        for entry in std::fs::read_dir(&from).while_doing("reading", from.display())? {
            let entry = entry.while_doing("reading", from.display())?;
            let (source, target) = (entry.path(), to.join(entry.file_name()));
            // Half an upload is nobody's.
            if source.is_dir() && entry.file_name() == "incoming" {
                continue;
            }
            if source.is_dir() {
                std::fs::create_dir_all(&target).while_doing("making", target.display())?;
                folders.push((source, target));
            } else {
                std::fs::copy(&source, &target).while_doing("copying", source.display())?;
            }
        }
    }
    Ok(())
}

/// Makes an access token for a person, with all the rights they hold. The answer is the only time it is seen.
///
/// # Errors
/// `NotFound` when nobody has that username; what the database reports.
pub async fn issue_token(db: &Db, founding: Context, (username, days): (&str, i64)) -> Result<String> {
    let username = username.to_owned();
    db.write(Scope::Everything, move |db| {
        let actor = engine::read::<System, Actor>(db, &founding, |cx| {
            let found = platform::identity::credentials(cx, &username)?.ok_or(Error::NotFound)?;
            platform::identity::actor(cx, found.person)
        })?;
        let rights: Vec<String> = actor.rights.keys().cloned().collect();
        let cx = Context {
            actor,
            request: Request::default(),
            tenant: founding.tenant.clone(),
            offers: Arc::clone(&founding.offers),
            ..founding
        };
        engine::write(db, &cx, |cx| {
            let ends = cx.now().plus_days(days);
            platform::sessions::issue_token(cx, "vanlang token", &rights, ends).map(|(_, token)| token)
        })
    })
    .await
}

/// The same from the command line: the tenant is one of the settings.
///
/// # Errors
/// `NotFound` when there is no such tenant or person.
pub async fn token(settings: &Settings, tenant: &str, (username, days): (&str, i64)) -> Result<String> {
    let found = settings.tenants.iter().find(|one| one.name == tenant).ok_or(Error::NotFound)?;
    let db = open(settings, found).await?;
    let texts = crate::app::texts(&crate::modules::all())?;
    let cx = crate::app::founding(texts, tenant, &SystemClock);
    let token = issue_token(&db, cx, (username, days)).await?;
    db.close().await?;
    Ok(token)
}

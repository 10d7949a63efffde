//! Folders for agencies with old software: an edXML file that is dropped in is taken, a packet for them is written out.

use super::arrive::{Arrived, Door};
use super::packet::{self, Written};
use crate::config::Folder;
use crate::exchange::Outcome;
use crate::server::{Server, Tenant};
use base::time::{Clock, SystemClock};
use base::{AgencyId, Error, Instant, Result, WhileDoing};
use kernel::{Database, Scope};
use platform::connectors::queue::{self, Way};
use platform::exchange::Due;
use platform::organisations;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;
use tokio::io::AsyncReadExt;

/// A file that was touched since is perhaps still being written.
const STILL_SECONDS: i64 = 5;
const LEASE_MINUTES: i64 = 30;
const BATCH: i64 = 100;

impl Server {
    /// The codes whose packets a tenant's folders take.
    pub(super) fn folder_codes(&self, tenant: &str) -> BTreeSet<String> {
        let all = self.config.folders.iter().filter(|folder| folder.tenant == tenant);
        all.flat_map(|folder| folder.agencies.iter().cloned()).collect()
    }

    /// Writes out what waits for a tenant's folders, and takes what lies in them. Answers how many packets moved.
    pub(super) async fn folders_turn(&self, tenant: &Arc<Tenant>, now: Instant) -> Result<i64> {
        let mut moved = 0;
        for folder in self.config.folders.iter().filter(|folder| folder.tenant == tenant.name) {
            match self.take_files(tenant, folder).await {
                Ok(taken) => moved += taken,
                Err(error) => {
                    tracing::error!(tenant = tenant.name, folder = %folder.incoming.display(), %error, "a folder was not emptied");
                }
            }
        }
        if self.config.folders.is_empty() || !self.read_as_system(tenant, now, queue::any_for_folders).await?
        {
            return Ok(moved);
        }
        // A folder belongs to nobody's connection.
        let nobody = AgencyId::of(uuid::Uuid::nil());
        let until = now.plus_minutes(LEASE_MINUTES);
        let claim = move |db: &dyn Database| queue::claim(db, (Way::Folder, nobody), (now, until), BATCH);
        for (due, _) in tenant.db.write(Scope::Everything, claim).await? {
            let outcome = self.put_out(tenant, &due, now).await?;
            moved += i64::from(matches!(outcome, Outcome::Sent));
            self.left(tenant, (due, outcome), now).await?;
        }
        Ok(moved)
    }

    async fn put_out(&self, tenant: &Arc<Tenant>, due: &Due, now: Instant) -> Result<Outcome> {
        let mut all = self.config.folders.iter().filter(|folder| folder.tenant == tenant.name);
        let Some(folder) = all.find(|folder| folder.agencies.contains(&due.to_code)) else {
            // The operator took the folder away meanwhile.
            return Ok(Outcome::Failed(super::UNKNOWN));
        };
        let written = self.identifier_as_written(tenant, due, now).await?;
        let Some(packet) = packet::write(tenant, due, written).await? else {
            return Ok(Outcome::Failed("platform.axis.unfit"));
        };
        // Tried again it has the same name: it stands in place of itself.
        let name = format!("{}-{}.edxml", packet.kind.word(), due.id);
        let out = folder.out.clone();
        let put = tokio::task::spawn_blocking(move || put(&out, &name, packet)).await;
        match put.map_err(|cause| Error::Internal(cause.into()))? {
            Ok(()) => Ok(Outcome::Sent),
            Err(cause) => Ok(Outcome::Later("platform.axis.folder", cause.to_string())),
        }
    }

    async fn take_files(&self, tenant: &Arc<Tenant>, folder: &Folder) -> Result<i64> {
        // The clock that file times are written by, whatever time the house keeps.
        let (place, now) = (folder.incoming.clone(), SystemClock.now());
        let waiting = tokio::task::spawn_blocking(move || still_files(&place, now)).await;
        let waiting = waiting.map_err(|cause| Error::Internal(cause.into()))?;
        let waiting = waiting.while_doing("looking into", folder.incoming.display())?;
        let mut taken = 0;
        for path in waiting {
            match self.take_dropped(tenant, folder, &path).await {
                Ok(()) => taken += 1,
                // It stays where it lies, and the others go on.
                Err(error) => {
                    tracing::error!(tenant = tenant.name, file = %path.display(), %error, "a file was not taken");
                }
            }
        }
        Ok(taken)
    }

    async fn take_dropped(&self, tenant: &Arc<Tenant>, folder: &Folder, path: &Path) -> Result<()> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut file = tokio::fs::File::open(path).await.while_doing("opening", path.display())?;
        let mut incoming = tenant.files.receive(self.config.outside.packet_bytes).await?;
        let mut piece = vec![0; 256 * 1024];
        let mut too_long = false;
        loop {
            let n = file.read(&mut piece).await.while_doing("reading", path.display())?;
            if n == 0 {
                break;
            }
            match incoming.write(piece.get(..n).unwrap_or_default()).await {
                Ok(()) => {}
                Err(Error::Refused(_)) => {
                    too_long = true;
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        let (arrived, mark) = if too_long {
            (Arrived::Refused("platform.axis.too_long", String::new()), String::new())
        } else {
            let stored = tenant.keep(incoming, (None, self.clock.now())).await?;
            let door = self.folder_door(tenant, folder, &name).await?;
            let mark = stored.sha256.get(..8).unwrap_or_default().to_owned();
            (self.arrive(tenant, &stored.sha256, &door).await?, mark)
        };
        let t = self.system(tenant, self.clock.now()).t;
        let (into, remark) = match arrived {
            Arrived::Taken(missed) if missed.is_empty() => ("done", None),
            Arrived::Taken(missed) => {
                let remark = t.fill("platform.axis.missed", &[("codes", &missed.join(", "))]);
                ("done", Some(remark))
            }
            Arrived::Refused(key, detail) => ("refused", Some(format!("{}\n{detail}\n", t.text(key)))),
        };
        let (path, target) = (path.to_owned(), folder.incoming.join(into));
        let put = move || put_away(&path, &target, (&name, &mark), remark.as_deref());
        let put = tokio::task::spawn_blocking(put).await.map_err(|cause| Error::Internal(cause.into()))?;
        put.while_doing("putting away", "a file")
    }

    /// A folder leads to every agency of its tenant, and only its own agencies speak through it.
    async fn folder_door(&self, tenant: &Tenant, folder: &Folder, name: &str) -> Result<Door> {
        let all = self.read_as_system(tenant, self.clock.now(), organisations::local).await?;
        let keeper = all.first().map(|agency| agency.id).ok_or(Error::NotFound)?;
        Ok(Door {
            keeper,
            serves: all.into_iter().map(|agency| agency.id).collect(),
            speakers: Some(folder.agencies.iter().cloned().collect()),
            name: name.to_owned(),
        })
    }
}

/// Files nobody writes any more, in the order of their names. Names that begin with a dot are not there yet.
fn still_files(place: &Path, now: Instant) -> io::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(place)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        let name = entry.file_name();
        let hidden = name.to_string_lossy().starts_with('.');
        let touched = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        let touched = Instant::from_micros(i64::try_from(touched).unwrap_or(i64::MAX));
        let still = touched.plus_secs(STILL_SECONDS) <= now;
        if meta.is_file() && still && !hidden {
            all.push(entry.path());
        }
    }
    all.sort();
    Ok(all)
}

/// Writes a packet under another name first: whoever looks sees it whole or not at all, also after the power went.
fn put(out: &Path, name: &str, mut packet: Written) -> io::Result<()> {
    fs::create_dir_all(out)?;
    let mut file = tempfile::Builder::new().prefix(".").tempfile_in(out)?;
    io::copy(&mut packet.file, file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(out.join(name)).map_err(|cause| cause.error)?;
    fs::File::open(out)?.sync_all()
}

/// Moves a file that was dealt with, with a remark beside it; another of its name that lies there stays.
fn put_away(path: &Path, target: &Path, (name, mark): (&str, &str), remark: Option<&str>) -> io::Result<()> {
    fs::create_dir_all(target)?;
    let free = if target.join(name).exists() { format!("{mark}-{name}") } else { name.to_owned() };
    if let Some(remark) = remark {
        fs::write(target.join(format!("{free}.txt")), remark)?;
    }
    fs::rename(path, target.join(&free))?;
    fs::File::open(target)?.sync_all()
}

//! Whom the operator trusts, read from files.

use crate::config::Signing;
use base::{Result, WhileDoing};
use pades::trust::Trust;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Revocation lists are fetched by others, and read again so often.
const FRESH: Duration = Duration::from_mins(10);

/// What was read last, and when.
#[derive(Default)]
pub(crate) struct Trusted(Mutex<Option<(Instant, Arc<Trust>)>>);

impl Trusted {
    /// The trust of the configuration.
    ///
    /// # Errors
    /// `Internal` naming the file that cannot be read.
    pub(crate) fn get(&self, config: &Signing) -> Result<Arc<Trust>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, trust)) = kept.as_ref()
            && at.elapsed() < FRESH
        {
            return Ok(Arc::clone(trust));
        }
        let trust = Arc::new(read(config)?);
        *kept = Some((Instant::now(), Arc::clone(&trust)));
        Ok(trust)
    }
}

fn read(config: &Signing) -> Result<Trust> {
    let mut roots = Vec::new();
    for path in files(&config.roots)? {
        roots.extend(fs::read(&path).while_doing("reading", path.display())?);
        roots.push(b'\n');
    }
    let mut trust = Trust::default();
    if !roots.is_empty() {
        trust = Trust::from_pem(&roots).while_doing("reading", "the trusted certificates")?;
    }
    for path in files(&config.intermediates)? {
        let bytes = fs::read(&path).while_doing("reading", path.display())?;
        trust = trust.with_intermediates(&bytes).while_doing("reading", path.display())?;
    }
    for path in files(&config.crls)? {
        let bytes = fs::read(&path).while_doing("reading", path.display())?;
        trust = trust.with_crls(&bytes).while_doing("reading", path.display())?;
    }
    Ok(if config.require_revocation { trust.require_revocation() } else { trust })
}

/// The files that are named, and those in folders that are named.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = fs::read_dir(path).while_doing("reading", path.display())?;
            let mut inside: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            inside.retain(|path| path.is_file());
            inside.sort();
            found.append(&mut inside);
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

//! Files of packets on their way in: which are here, and the rest of those that are not.

use super::port::Place;
use crate::server::{Server, Tenant};
use axum::body::Body;
use base::{Error, Instant, Refusal, Result};
use contracts::packet::Wanted;
use futures_util::StreamExt;
use kernel::{Database, Scope};
use platform::{scans, uploads};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Larger ones go by another way.
const FILE_BYTES: u64 = 3 * 1024 * 1024 * 1024;

impl Server {
    /// For each file where to begin, or nothing when it is here.
    ///
    /// # Errors
    /// What a database reports.
    pub(super) async fn files_wanted(&self, wanted: &[Wanted], now: Instant) -> Result<Vec<Option<u64>>> {
        let codes: BTreeSet<String> = wanted.iter().map(|one| one.to.clone()).collect();
        let homes = self.homes_among(codes, now).await;
        let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut offsets = Vec::with_capacity(wanted.len());
        for one in wanted {
            let tenant = self.landing(&homes, &one.to).ok_or(Error::NotFound)?;
            // Noted once more when it is here: what holds it may be gone before the packet comes.
            expected.entry(tenant.name.clone()).or_default().push(one.sha256.clone());
            let here = tenant.files.has(&one.sha256);
            offsets.push(if here { None } else { Some(tenant.files.part_length(&one.sha256)) });
        }
        for (name, hashes) in expected {
            let Some(tenant) = self.tenant(&name) else { continue };
            let note = move |db: &dyn Database| {
                hashes.iter().try_for_each(|sha256| {
                    uploads::note(db, sha256, now)?;
                    scans::expect(db, sha256, (None, now))
                })
            };
            tenant.db.write(Scope::Everything, note).await?;
        }
        Ok(offsets)
    }

    /// Takes the rest of a file. Answers where to begin when that is somewhere else.
    ///
    /// # Errors
    /// `Refused` when it is not what its name says; `Busy` when somebody else sends it or the disk is full.
    pub(super) async fn take_file(&self, (sha256, place): (&str, &Place), body: Body) -> Result<Option<u64>> {
        if place.bytes > FILE_BYTES {
            return Err(Refusal::new("platform.exchange.too_large").into());
        }
        let now = self.clock.now();
        let homes = self.homes_among(BTreeSet::from([place.to.clone()]), now).await;
        let tenant = Arc::clone(self.landing(&homes, &place.to).ok_or(Error::NotFound)?);
        if tenant.files.has(sha256) {
            return Ok(None);
        }
        self.add(&tenant, (sha256, place), body).await
    }

    async fn add(&self, tenant: &Tenant, (sha256, place): (&str, &Place), body: Body) -> Result<Option<u64>> {
        let mut part = tenant.files.part(sha256, place.bytes).await?;
        if part.offset() != place.offset {
            return Ok(Some(part.offset()));
        }
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(piece) => part = part.write(&piece).await?,
                Err(cause) => {
                    // The line was cut: what is sealed stays for whoever goes on.
                    part.flush().await?;
                    tracing::debug!(%cause, "a file was cut off");
                    return Err(Error::Busy("the line"));
                }
            }
        }
        if !part.is_whole() {
            let part = part.flush().await?;
            return Ok(Some(part.kept()));
        }
        // It was noted when it was asked about; a note more would be a wait for the disk more.
        let name = sha256.to_owned();
        let noted = move |db: &dyn Database| uploads::is_noted(db, &name);
        if !tenant.db.read(Scope::Everything, noted).await? {
            tenant.announce(sha256, (None, self.clock.now())).await?;
        }
        part.finish().await?;
        Ok(None)
    }
}

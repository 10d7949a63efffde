//! One request of a lane: the files the packets need and the other machine does not have, then the packets.

use super::carrier::{Carrier, Sent};
use super::parcels::{Of, Parcel};
use super::settle::Outcome;
use super::wire::{Answered, Wire};
use axum::body::Body;
use axum::http::StatusCode;
use base::{Error, Instant, Result};
use contracts::packet::{Answer, Handed, Receipted, Wanted};
use futures_util::future::join_all;
use kernel::{Database, Scope};
use platform::exchange::Due;
use platform::{links, relays};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

const FILE_GONE: &str = "platform.exchange.file_gone";
const FILE_HASH: &str = "platform.exchange.file_hash";
/// Seconds after which a machine that was not reached is told of its receipts again.
const TELL_AGAIN_SECS: i64 = 30;
const RECEIPTS: i64 = 256;
/// Files that are sent at once.
const AT_ONCE: usize = 4;

/// What became of one file.
enum Upload {
    There,
    /// The packets that name it will never arrive; the text key of why.
    Never(&'static str),
    Busy(Duration),
}

impl Carrier {
    /// Sends packets with their files. Those whose files are gone are taken out and have an outcome.
    ///
    /// # Errors
    /// `Busy` when the machine is not reached.
    pub(super) async fn send(
        &mut self,
        parcels: &mut Vec<Parcel>,
        outcomes: &mut Vec<(Due, Outcome)>,
        now: Instant,
    ) -> Result<Sent> {
        let mut wire = self.connected().await?;
        if let Some(wait) = self.send_files(&mut wire, parcels, outcomes).await? {
            self.wire = Some(wire);
            return Ok(Sent::Busy(wait));
        }
        let handed: Vec<&Handed> = parcels.iter().map(|parcel| &parcel.handed).collect();
        let body = serde_json::to_vec(&handed).map_err(|e| Error::Internal(e.into()))?;
        let path = if self.lane.urgent { "/node/packets?lane=urgent" } else { "/node/packets" };
        let began = std::time::Instant::now();
        let answered = wire.ask(("POST", path), body).await?;
        let took = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
        self.wire = Some(wire);
        if let Some(seconds) = answered.wait() {
            return Ok(Sent::Busy(Duration::from_secs(seconds.unsigned_abs())));
        }
        let answers: Vec<Vec<Answer>> = read(&answered)?;
        let whole = answers.len() == parcels.len()
            && answers
                .iter()
                .zip(parcels.iter())
                .all(|(all, parcel)| all.len() == parcel.handed.deliver.len());
        if !whole {
            return Err(Error::Busy("a machine answers for other packets"));
        }
        self.note_answer(&answered, (took, now)).await?;
        Ok(Sent::Answered(answers))
    }

    /// The connection that is kept, or a new one.
    async fn connected(&mut self) -> Result<Wire> {
        if let Some(wire) = self.wire.take().filter(Wire::is_open) {
            return Ok(wire);
        }
        self.open().await
    }

    async fn open(&self) -> Result<Wire> {
        let directory = self.node.directory().ok_or(Error::Busy("the directory"))?;
        let peer = directory.node(&self.lane.node).ok_or(Error::Busy("a machine that has left"))?;
        Wire::open(&self.node, peer).await
    }

    /// Tells the machine before of receipts of packets that passed here. Answers true when there were some.
    ///
    /// # Errors
    /// `Busy` when the machine is not reached.
    pub(super) async fn tell_receipts(&mut self, now: Instant) -> Result<bool> {
        if self.lane.urgent || !self.server.keeps_passing(&self.tenant) {
            return Ok(false);
        }
        let name = self.lane.node.clone();
        let look = move |db: &dyn Database| relays::untold(db, &name, (now, RECEIPTS));
        let untold = self.tenant.db.read(Scope::Everything, look).await?;
        if untold.is_empty() {
            return Ok(false);
        }
        let receipts: Vec<&Receipted> = untold.iter().map(|(_, receipt)| receipt).collect();
        let body = serde_json::to_vec(&receipts).map_err(|e| Error::Internal(e.into()))?;
        let told = self.post_receipts(body).await;
        let (arrived, ids) = (told.is_ok(), untold.into_iter().map(|(id, _)| id).collect::<Vec<_>>());
        let again = now.plus_secs(TELL_AGAIN_SECS);
        let note = move |db: &dyn Database| {
            ids.iter().try_for_each(|id| {
                if arrived { relays::told(db, *id) } else { relays::told_later(db, *id, again) }
            })
        };
        self.tenant.db.write(Scope::Everything, note).await?;
        told.map(|()| true)
    }

    async fn post_receipts(&mut self, body: Vec<u8>) -> Result<()> {
        let mut wire = self.connected().await?;
        let answered = wire.ask(("POST", "/node/receipts"), body).await?;
        self.wire = Some(wire);
        // Which of them were any good is for its log; sent once more they would be no better.
        read::<Vec<bool>>(&answered).map(drop)
    }

    /// Sends the files the other machine does not have. Answers how long to wait when it has enough to do.
    async fn send_files(
        &mut self,
        wire: &mut Wire,
        parcels: &mut Vec<Parcel>,
        outcomes: &mut Vec<(Due, Outcome)>,
    ) -> Result<Option<Duration>> {
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut seen = BTreeSet::new();
        for parcel in parcels.iter() {
            let Some(to) = parcel.handed.deliver.first() else { continue };
            for file in &parcel.files {
                if seen.insert((file.sha256.clone(), to.clone())) {
                    let bytes = u64::try_from(file.bytes).unwrap_or(0);
                    wanted.push(Wanted { sha256: file.sha256.clone(), bytes, to: to.clone() });
                }
            }
        }
        if wanted.is_empty() {
            return Ok(None);
        }
        let body = serde_json::to_vec(&wanted).map_err(|e| Error::Internal(e.into()))?;
        let answered = wire.ask(("POST", "/node/files"), body).await?;
        if let Some(seconds) = answered.wait() {
            return Ok(Some(Duration::from_secs(seconds.unsigned_abs())));
        }
        let offsets: Vec<Option<u64>> = read(&answered)?;
        let missing = wanted.into_iter().zip(offsets).filter_map(|(file, offset)| Some((file, offset?)));
        // One that two letters name is sent once, then once more for another tenant there that has it by then or not.
        let mut once = BTreeSet::new();
        let (first, again): (Vec<_>, Vec<_>) =
            missing.partition(|(file, _)| once.insert(file.sha256.clone()));
        let mut lost = BTreeMap::new();
        for files in [first, again] {
            match self.upload_all(wire, files).await? {
                Ok(more) => lost.extend(more),
                Err(wait) => return Ok(Some(wait)),
            }
        }
        give_up(parcels, outcomes, &lost);
        Ok(None)
    }

    /// Sends files over a few connections at once: each waits for a disk at the other end. Answers which will never
    /// arrive and why, or how long to wait.
    async fn upload_all(
        &mut self,
        wire: &mut Wire,
        files: Vec<(Wanted, u64)>,
    ) -> Result<std::result::Result<BTreeMap<String, &'static str>, Duration>> {
        let mut spare = std::mem::take(&mut self.spare);
        spare.retain(Wire::is_open);
        while spare.len() + 1 < files.len().min(AT_ONCE) {
            spare.push(self.open().await?);
        }
        let (files, ended) = (Mutex::new(files), Mutex::new(Vec::new()));
        let some = |wire| self.upload_some(wire, &files, &ended);
        let all = std::iter::once(wire).chain(spare.iter_mut()).map(some);
        for done in join_all(all).await {
            done?;
        }
        self.spare = spare;
        let mut lost = BTreeMap::new();
        for (sha256, upload) in ended.into_inner().unwrap_or_else(PoisonError::into_inner) {
            match upload {
                Upload::There => {}
                Upload::Never(why) => drop(lost.insert(sha256, why)),
                Upload::Busy(wait) => return Ok(Err(wait)),
            }
        }
        Ok(Ok(lost))
    }

    /// Sends files over one connection until none is left.
    async fn upload_some(
        &self,
        wire: &mut Wire,
        files: &Mutex<Vec<(Wanted, u64)>>,
        ended: &Mutex<Vec<(String, Upload)>>,
    ) -> Result<()> {
        loop {
            let next = files.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some((file, offset)) = next else { return Ok(()) };
            let upload = self.upload(wire, &file, offset).await?;
            ended.lock().unwrap_or_else(PoisonError::into_inner).push((file.sha256, upload));
        }
    }

    async fn upload(&self, wire: &mut Wire, file: &Wanted, mut offset: u64) -> Result<Upload> {
        let Wanted { sha256, bytes, to } = file;
        // A second time when it lies there in another length by now.
        for _ in 0..2 {
            let (content, length) = match self.tenant.files.get(sha256).await {
                Ok(found) => found,
                Err(Error::NotFound) => return Ok(Upload::Never(FILE_GONE)),
                Err(error) => return Err(error),
            };
            let path = format!("/node/files/{sha256}?to={to}&offset={offset}&bytes={bytes}");
            let answered = wire.upload(&path, Body::from_stream(content.stream(offset, length))).await?;
            match answered.status {
                StatusCode::OK => return Ok(Upload::There),
                StatusCode::CONFLICT => offset = read_any(&answered)?,
                StatusCode::UNPROCESSABLE_ENTITY => return Ok(Upload::Never(FILE_HASH)),
                _ => {
                    let seconds = answered.wait().ok_or(Error::Busy("a machine takes no file"))?;
                    return Ok(Upload::Busy(Duration::from_secs(seconds.unsigned_abs())));
                }
            }
        }
        Ok(Upload::Busy(Duration::from_secs(5)))
    }

    async fn note_answer(&self, answered: &Answered, (took, now): (i64, Instant)) -> Result<()> {
        let middle = Instant::from_micros(now.micros().saturating_add(took / 2));
        let (name, skew) = (self.lane.node.clone(), answered.skew(middle).unwrap_or(0));
        let note = move |db: &dyn Database| links::answered(db, &name, (took, skew, now));
        self.tenant.db.write(Scope::Everything, note).await
    }
}

/// Takes out the packets that name a file that will never arrive.
fn give_up(
    parcels: &mut Vec<Parcel>,
    outcomes: &mut Vec<(Due, Outcome)>,
    lost: &BTreeMap<String, &'static str>,
) {
    let mut kept = Vec::with_capacity(parcels.len());
    for mut parcel in parcels.drain(..) {
        let why = parcel.files.iter().find_map(|file| lost.get(&file.sha256));
        match (why, &mut parcel.of) {
            (Some(why), Of::Ours(due)) => {
                outcomes.extend(due.drain(..).map(|one| (one, Outcome::Failed(why))));
            }
            // The next machine says that it misses them; who sent the packet is asked for them again.
            _ => kept.push(parcel),
        }
    }
    *parcels = kept;
}

fn read<V: DeserializeOwned>(answered: &Answered) -> Result<V> {
    match answered.status {
        StatusCode::OK => read_any(answered),
        _ => Err(Error::Busy("a machine answers with a fault")),
    }
}

fn read_any<V: DeserializeOwned>(answered: &Answered) -> Result<V> {
    serde_json::from_slice(&answered.body).map_err(|_| Error::Busy("a machine answers what cannot be read"))
}

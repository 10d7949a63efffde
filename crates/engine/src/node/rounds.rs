//! Each minute: what is new at the node above and at the authority is fetched, our agencies are told, our certificate is
//! renewed in time, and what is known is noted for people to see.

use super::Node;
use super::ask::{Answer, carry, request};
use super::keeper::{Keeper, TOLD_BYTES, Terms};
use super::ledger::Contested;
use super::port::VERSION;
use super::refused::Refusals;
use super::wire::Told;
use crate::config::NodeSettings;
use crate::server::Server;
use axum::http::{Method, StatusCode};
use base::{Error, Instant, Result, WhileDoing};
use kernel::{Database, Scope, engine};
use platform::nodes::{self, Seen, Standing};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;
use trust::{Agency, Certificate, Directory, Fingerprint, Key, NodeEntry, Purpose, Signed, fingerprint};

/// What agencies said is said again after so long, even when nothing has changed.
const AGAIN: i64 = 3600;
/// So often it is looked whether a command has written something.
const LOOK: Duration = Duration::from_secs(1);
const MOST_CRL: usize = 4 << 20;
const MOST_DIRECTORY: usize = 96 << 20;

/// What a node remembers from one round to the next.
#[derive(Default)]
pub(super) struct Rounds {
    /// What was told last, and when.
    told: Mutex<Option<(Fingerprint, i64)>>,
    /// Why the last round came to nothing; empty when it did not.
    trouble: Mutex<String>,
    pub(super) refusals: Refusals,
}

impl NodeSettings {
    /// How long things count that the authority gives.
    pub fn terms(&self) -> Terms {
        Terms { crl_days: self.crl_days.max(1), certificate_days: self.certificate_days.max(1) }
    }
}

impl Server {
    /// Starts the rounds, where this installation is a node. They end when the handle is aborted.
    pub fn spawn_rounds(self: &Arc<Self>) -> Option<JoinHandle<()>> {
        let settings = self.node.as_ref().and(self.config.node.as_ref())?;
        let pause = Duration::from_secs(settings.round_seconds.max(1));
        let server = Arc::clone(self);
        Some(tokio::spawn(async move {
            loop {
                if let Err(error) = server.node_round().await {
                    tracing::warn!(%error, "a round of nodes was not finished");
                }
                server.watch_folder(pause).await;
            }
        }))
    }

    /// Waits for the next round; what a command writes meanwhile is taken up at once.
    async fn watch_folder(&self, pause: Duration) {
        let Some(node) = &self.node else { return };
        let until = tokio::time::Instant::now() + pause;
        let mut stamps = node.stamps();
        while tokio::time::Instant::now() < until {
            tokio::time::sleep(LOOK.min(pause)).await;
            let now = node.stamps();
            if now == stamps {
                continue;
            }
            stamps = now;
            let reloading = Arc::clone(node);
            if let Err(error) = blocking(move || reloading.reload()).await {
                tracing::error!(%error, "what a command wrote was not taken up");
            }
        }
    }

    /// One round. For the loop and tests.
    ///
    /// # Errors
    /// `Internal` in words when nobody could be asked; what is known goes on to hold.
    pub async fn node_round(self: &Arc<Self>) -> Result<()> {
        let Some(node) = &self.node else { return Ok(()) };
        let asked = self.ask_round(node).await;
        let trouble = asked.as_ref().err().map(ToString::to_string).unwrap_or_default();
        *node.rounds.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
        self.note_nodes(node).await?;
        asked
    }

    async fn ask_round(self: &Arc<Self>, node: &Arc<Node>) -> Result<()> {
        let keeper = self.keeper();
        if let Some(keeper) = keeper.clone() {
            let now = node.now();
            blocking(move || keeper.freshen(now)).await?;
        }
        let reloading = Arc::clone(node);
        blocking(move || reloading.reload()).await?;
        if keeper.is_none() {
            self.fetch_newer(node).await?;
        }
        self.renew(node, keeper.as_ref()).await?;
        self.tell(node, keeper.as_ref()).await
    }

    /// The authority, if this installation is it.
    pub(super) fn keeper(&self) -> Option<Keeper> {
        let folder = self.node.as_ref()?.folder.clone()?;
        let terms = self.config.node.as_ref().map(NodeSettings::terms)?;
        Keeper::in_folder(folder, terms)
    }

    /// A newer list and a newer directory, from the node above and from the authority: a node above that was revoked
    /// does not tell of it.
    async fn fetch_newer(self: &Arc<Self>, node: &Arc<Node>) -> Result<()> {
        let mut outcome = Err(Error::internal("the directory names nobody above"));
        for one in node.elders() {
            let fetched = self.fetch_from(node, &one).await;
            if fetched.is_ok() || outcome.is_err() {
                outcome = fetched;
            }
        }
        outcome
    }

    async fn fetch_from(self: &Arc<Self>, node: &Arc<Node>, from: &NodeEntry) -> Result<()> {
        let path = format!("/node/crl?after={}", node.crl().number);
        let answer = if node.crl().is_fresh(node.now()) {
            node.ask(from, (Method::GET, &path), (Vec::new(), MOST_CRL)).await?
        } else {
            let asking = request(&from.name, (Method::GET, &path), Vec::new())?;
            carry(node.connect_belated(from).await?, asking, MOST_CRL).await?
        };
        if answer.status == StatusCode::OK {
            let node = Arc::clone(node);
            blocking(move || node.take_crl(&answer.body)).await?;
        }
        let version = node.directory().map_or(0, |known| known.version());
        let path = format!("/node/directory?after={version}");
        let answer = node.ask(from, (Method::GET, &path), (Vec::new(), MOST_DIRECTORY)).await?;
        if answer.status != StatusCode::OK {
            return Ok(());
        }
        let taking = Arc::clone(node);
        let taken = blocking(move || taking.take_directory(&answer.body)).await;
        if let Err(error) = &taken {
            self.refuse_node(&from.name, &format!("{error}, {VERSION} after {version}"));
        }
        taken.map(drop)
    }

    /// A new certificate once two thirds of the time of the old one are over.
    async fn renew(self: &Arc<Self>, node: &Arc<Node>, keeper: Option<&Keeper>) -> Result<()> {
        let old = node.certificate();
        let now = node.now();
        if now < old.from + (old.until - old.from) / 3 * 2 {
            return Ok(());
        }
        let key = Key::generate().while_doing("making", "a key")?;
        let asked = key.request(node.name()).while_doing("asking for", "a certificate")?;
        let signed = node.signed(Purpose::Renewal, asked)?;
        let certificate = match keeper.cloned() {
            Some(keeper) => blocking(move || keeper.renew(&signed, now)).await?,
            None => {
                let answer = self.ask_authority(node, "/node/renew", signed.to_bytes()).await?;
                Certificate::read(&answer.body).while_doing("reading", "the new certificate")?
            }
        };
        tracing::info!(
            node = node.name(),
            until = certificate.until,
            "the certificate of this node was renewed"
        );
        let taking = Arc::clone(node);
        blocking(move || taking.take_certificate(Arc::new(key), certificate)).await
    }

    /// Says which agencies are at home here, when that has changed or was not said for long.
    async fn tell(self: &Arc<Self>, node: &Arc<Node>, keeper: Option<&Keeper>) -> Result<()> {
        let agencies = self.own_agencies().await?;
        let address = self.config.node.as_ref().and_then(|settings| settings.address.clone());
        let (name, now) = (node.name().to_owned(), node.now());
        let told = Told { node: name, at: now, address, agencies };
        let said = serde_json::to_vec(&(&told.address, &told.agencies)).while_doing("telling", "agencies")?;
        let print = fingerprint(&said);
        let last = *node.rounds.told.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|(said, at)| said == print && now < at + AGAIN) {
            return Ok(());
        }
        let body = serde_json::to_vec(&told).while_doing("telling", "agencies")?;
        let signed = node.signed(Purpose::Agencies, body)?;
        let contested: Vec<Contested> = match keeper.cloned() {
            Some(keeper) => blocking(move || keeper.tell(&signed, now)).await?,
            None => {
                let answer = self.ask_authority(node, "/node/agencies", signed.to_bytes()).await?;
                serde_json::from_slice(&answer.body).while_doing("reading", "what is contested")?
            }
        };
        for one in contested {
            tracing::warn!(
                code = one.code,
                held_by = one.held_by,
                "another node holds the code of an agency"
            );
        }
        *node.rounds.told.lock().unwrap_or_else(PoisonError::into_inner) = Some((print, now));
        let reloading = Arc::clone(node);
        blocking(move || reloading.reload()).await
    }

    /// Asks the authority, through the node above where that is the way.
    pub(super) async fn ask_authority(&self, node: &Node, path: &str, body: Vec<u8>) -> Result<Answer> {
        let mut last = Error::internal("the directory names nobody above");
        for one in node.elders() {
            match node.ask(&one, (Method::POST, path), (body.clone(), TOLD_BYTES)).await {
                Ok(answer) if answer.status == StatusCode::OK => return Ok(answer),
                Ok(answer) => {
                    let said = String::from_utf8_lossy(&answer.body).into_owned();
                    last = Error::internal(format!("{} answers {}: {said}", one.name, answer.status));
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// The agencies that work in the tenants of this installation, each code once.
    async fn own_agencies(&self) -> Result<Vec<Agency>> {
        let now = self.clock.now();
        let mut all = Vec::new();
        for tenant in self.tenants() {
            for local in self.read_as_system(tenant, now, nodes::local_agencies).await? {
                let agency = Agency {
                    code: local.agency.code_102,
                    code_qd20: local.agency.code_qd20,
                    name: local.agency.name,
                    tier: local.agency.tier.word().to_owned(),
                    valid_from: local.agency.valid_from.iso(),
                    valid_to: local.agency.valid_to.map(base::Date::iso),
                    successors: local.successors,
                    home: String::new(),
                };
                if agency.is_fine() {
                    all.push(agency);
                } else {
                    tracing::warn!(code = agency.code, "an agency cannot stand in the directory");
                }
            }
        }
        all.sort_by(|a, b| a.code.cmp(&b.code));
        all.dedup_by(|a, b| a.code == b.code);
        Ok(all)
    }

    /// Notes in each tenant what is known of the nodes, for its pages.
    async fn note_nodes(&self, node: &Node) -> Result<()> {
        let now = self.clock.now();
        let (seen, standing) = (node.seen(), node.standing(now));
        let mine = Arc::new((seen, standing));
        for tenant in self.tenants() {
            let (cx, mine) = (self.system(tenant, now), Arc::clone(&mine));
            let note =
                move |db: &dyn Database| engine::write(db, &cx, |cx| nodes::note(cx, &mine.0, &mine.1));
            tenant.db.write(Scope::Everything, note).await?;
        }
        Ok(())
    }
}

impl Node {
    /// When the files of the folder were written last.
    fn stamps(&self) -> Vec<Option<std::time::SystemTime>> {
        let written = |name: &&str| {
            let path = self.folder.as_ref()?.path(name);
            std::fs::metadata(path).ok()?.modified().ok()
        };
        ["crl", "directory", "identity"].iter().map(written).collect()
    }

    /// Whom to ask: the node above, then the authority.
    fn elders(&self) -> Vec<NodeEntry> {
        let Some(directory) = self.directory() else { return Vec::new() };
        let above = directory.node(&self.name).and_then(|own| own.above.clone());
        let names = [above, Some(directory.snapshot().authority.clone())];
        let mut elders: Vec<NodeEntry> = Vec::new();
        for name in names.into_iter().flatten().filter(|name| *name != self.name) {
            if elders.iter().all(|one| one.name != name) {
                elders.extend(directory.node(&name).cloned());
            }
        }
        elders
    }

    fn signed(&self, purpose: Purpose, body: Vec<u8>) -> Result<Signed> {
        let known = self.known();
        Signed::make(purpose, body, (&known.key, &known.certificate)).while_doing("signing as", &self.name)
    }

    fn seen(&self) -> Vec<Seen> {
        let Some(directory) = self.directory() else { return Vec::new() };
        let authority = &directory.snapshot().authority;
        let own = self.certificate().until;
        let homes = homes(&directory);
        let seen = |one: &NodeEntry| Seen {
            name: one.name.clone(),
            title: one.title.clone(),
            address: one.address.clone(),
            above: one.above.clone(),
            relayed: one.relayed,
            own: one.name == self.name,
            authority: one.name == *authority,
            agencies: homes.get(one.name.as_str()).copied().unwrap_or(0),
            certificate_until: match one.certificates.iter().map(|one| one.until).max() {
                _ if one.name == self.name => Some(instant(own)),
                until => until.map(instant),
            },
        };
        directory.snapshot().nodes.iter().map(seen).collect()
    }

    fn standing(&self, now: Instant) -> Standing {
        let (crl, directory) = (self.crl(), self.directory());
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        Standing {
            directory_version: directory.as_ref().map_or(0, |known| number(known.version())),
            directory_at: directory.map(|known| instant(known.snapshot().issued_at)),
            crl_number: number(crl.number),
            crl_at: instant(crl.made),
            crl_until: instant(crl.until),
            noted_at: now,
            trouble: self.rounds.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// What is known, in Prometheus text.
    pub(crate) fn gauges(&self, out: &mut String) {
        use std::fmt::Write;
        let (now, crl) = (self.now(), self.crl());
        let version = self.directory().map_or(0, |known| known.version());
        for (name, n) in [
            ("certificate_seconds", self.certificate().until - now),
            ("crl_age_seconds", now - crl.made),
            ("crl_seconds", crl.until - now),
        ] {
            // Writing into a text does not fail.
            let _ = writeln!(out, "vanlang_node_{name}{{node=\"{}\"}} {n}", self.name);
        }
        let _ = writeln!(out, "vanlang_node_directory_version{{node=\"{}\"}} {version}", self.name);
    }
}

/// How many agencies are at home at each node.
fn homes(directory: &Directory) -> BTreeMap<&str, i64> {
    let mut homes = BTreeMap::new();
    for agency in &directory.snapshot().agencies {
        *homes.entry(agency.home.as_str()).or_default() += 1;
    }
    homes
}

/// A second of the epoch as a moment of the house.
pub(super) fn instant(second: i64) -> Instant {
    Instant::from_micros(second.saturating_mul(1_000_000))
}

/// Files and signatures beside the loop that answers others.
pub(super) async fn blocking<V: Send + 'static>(
    work: impl FnOnce() -> Result<V> + Send + 'static,
) -> Result<V> {
    tokio::task::spawn_blocking(work).await.while_doing("working on", "trust")?
}

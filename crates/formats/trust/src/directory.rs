//! The directory: who the nodes are and at which of them each agency is at home. One canonical form, signed by the
//! authority, with a version that only goes up.

use crate::certificate::{fingerprint, hex};
use crate::{Certificate, Error, Fingerprint, Purpose, Result, Signed, is_name};
use serde::{Deserialize, Serialize};

/// How much a directory may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the signed form.
    pub bytes: usize,
    /// Nodes.
    pub nodes: usize,
    /// Agencies.
    pub agencies: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 96 << 20, nodes: 20_000, agencies: 250_000 }
    }
}

/// Longest name, address or code, in bytes.
const TEXT: usize = 400;
/// Certificates of a node that count at one time: the current one and the next.
const CERTIFICATES: usize = 4;
/// Successors of one agency.
const SUCCESSORS: usize = 100;
/// Hashes of earlier versions a directory carries.
const HISTORY: usize = 64;

/// What the authority signs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// One more than the version before.
    pub version: u64,
    /// Second of the epoch.
    pub issued_at: i64,
    /// The node that is the authority.
    pub authority: String,
    /// Hashes of the versions before, the last one first, at most 64.
    pub history: Vec<String>,
    /// The nodes, by name.
    pub nodes: Vec<NodeEntry>,
    /// The agencies, by code.
    pub agencies: Vec<Agency>,
}

/// One node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeEntry {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Where it listens, `host:port`.
    pub address: String,
    /// Its certificates: the current one, and the one before while it counts.
    pub certificates: Vec<Issued>,
    /// The node above.
    pub above: Option<String>,
    /// True when only the node above and those below speak to it; everybody else goes through the node above.
    pub relayed: bool,
}

/// A certificate that a node was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// Its fingerprint, in hexadecimal digits.
    pub sha256: String,
    /// The second of the epoch at which it ends.
    pub until: i64,
}

/// One agency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// Code, QCVN 102 form.
    pub code: String,
    /// Code, QĐ 20/2020 form; empty when it has none.
    pub code_qd20: String,
    /// Name.
    pub name: String,
    /// `central`, `province`, `district` or `commune`.
    pub tier: String,
    /// First day, `2025-07-01`.
    pub valid_from: String,
    /// Last day, once it has ended.
    pub valid_to: Option<String>,
    /// Codes of those who took over.
    pub successors: Vec<String>,
    /// The node it is at home at.
    pub home: String,
}

impl Snapshot {
    /// The canonical form.
    ///
    /// # Errors
    /// What is wrong with it: order, names, sizes.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        self.check(&Limits::default())?;
        serde_json::to_vec(self).map_err(|_| Error::Unmade)
    }

    /// Puts nodes and agencies into the order of the canonical form.
    pub fn sort(&mut self) {
        self.nodes.sort_by(|a, b| a.name.cmp(&b.name));
        self.agencies.sort_by(|a, b| a.code.cmp(&b.code));
    }

    fn check(&self, limits: &Limits) -> Result<()> {
        if self.nodes.len() > limits.nodes || self.agencies.len() > limits.agencies {
            return Err(Error::TooLarge);
        }
        let ordered = rising(self.nodes.iter().map(|node| node.name.as_str()))
            && rising(self.agencies.iter().map(|agency| agency.code.as_str()));
        let history = self.history.len() <= HISTORY && self.history.iter().all(|hash| is_hash(hash));
        let fine = ordered
            && history
            && self.version > 0
            && self.node(&self.authority).is_some()
            && self.nodes.iter().all(|node| node.is_fine() && self.leads_up(node))
            && self.agencies.iter().all(Agency::is_fine)
            && self.agencies.iter().all(|agency| self.node(&agency.home).is_some());
        if fine { Ok(()) } else { Err(Error::Damaged("the directory")) }
    }

    /// True when the way up from a node ends, and every step of it is a node.
    fn leads_up(&self, node: &NodeEntry) -> bool {
        let mut at = node;
        for _ in 0..16 {
            let Some(above) = &at.above else { return true };
            let Some(next) = self.node(above) else { return false };
            at = next;
        }
        false
    }

    /// A node by name.
    pub fn node(&self, name: &str) -> Option<&NodeEntry> {
        let at = self.nodes.binary_search_by(|node| node.name.as_str().cmp(name)).ok()?;
        self.nodes.get(at)
    }
}

impl NodeEntry {
    /// True when it may stand in a directory.
    pub fn is_fine(&self) -> bool {
        is_name(&self.name)
            && is_line(&self.title)
            && is_address(&self.address)
            && self.certificates.len() <= CERTIFICATES
            && self.certificates.iter().all(|one| is_hash(&one.sha256))
    }
}

impl Agency {
    /// True when it may stand in a directory.
    pub fn is_fine(&self) -> bool {
        !self.code.is_empty()
            && [&self.code, &self.code_qd20, &self.name].into_iter().all(|text| is_line(text))
            && matches!(self.tier.as_str(), "central" | "province" | "district" | "commune")
            && is_day(&self.valid_from)
            && self.valid_to.as_ref().is_none_or(|day| is_day(day))
            && self.successors.len() <= SUCCESSORS
            && self.successors.iter().all(|code| !code.is_empty() && is_line(code))
    }
}

/// True when each name comes after the one before it: none is there twice.
fn rising<'a>(mut names: impl Iterator<Item = &'a str>) -> bool {
    let mut last = "";
    names.all(|name| std::mem::replace(&mut last, name) < name)
}

fn is_line(text: &str) -> bool {
    text.len() <= TEXT && !text.chars().any(char::is_control)
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// `2025-07-01`: compared as text, days are in order.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() })
}

fn is_address(text: &str) -> bool {
    let port = text.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port);
    is_line(text)
        && !text.contains(char::is_whitespace)
        && port.is_some_and(|port| port.parse::<u16>().is_ok())
}

/// How one directory stands to another that was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// It is the same.
    Same,
    /// It is newer, and continues it.
    Newer,
}

/// A directory whose signature was checked.
#[derive(Debug, Clone)]
pub struct Directory {
    pub(crate) snapshot: Snapshot,
    /// Places of agencies that have a code of the other form, by it.
    pub(crate) by_qd20: Vec<usize>,
    bytes: Vec<u8>,
    hash: Fingerprint,
}

impl Directory {
    /// Reads the signed form, and checks that the authority signed it.
    ///
    /// # Errors
    /// [`Error::Stranger`] when somebody else did, [`Error::Signature`], [`Error::Damaged`], [`Error::TooLarge`].
    pub fn read(bytes: &[u8], authority: &Certificate, limits: &Limits) -> Result<Directory> {
        let signed = Signed::read(bytes, limits.bytes)?;
        if signed.certificate != authority.der() {
            return Err(Error::Stranger);
        }
        signed.signer(Purpose::Directory)?;
        let damaged = Error::Damaged("the directory");
        let snapshot: Snapshot = serde_json::from_slice(&signed.body).map_err(|_| damaged)?;
        snapshot.check(limits)?;
        // There is one form of each snapshot: its hash is its name.
        if serde_json::to_vec(&snapshot).map_err(|_| damaged)? != signed.body {
            return Err(damaged);
        }
        let key =
            |at: &usize| snapshot.agencies.get(*at).map(|one| one.code_qd20.as_str()).unwrap_or_default();
        let mut by_qd20: Vec<usize> = (0..snapshot.agencies.len()).filter(|at| !key(at).is_empty()).collect();
        by_qd20.sort_by(|a, b| key(a).cmp(key(b)));
        Ok(Directory { by_qd20, hash: fingerprint(&signed.body), bytes: bytes.to_vec(), snapshot })
    }

    /// How it stands to the one that was seen last.
    ///
    /// # Errors
    /// [`Error::Older`], or [`Error::OtherHistory`] when it does not continue that one.
    pub fn after(&self, seen: &Directory) -> Result<Order> {
        let (new, old) = (self.snapshot.version, seen.snapshot.version);
        if new < old {
            return Err(Error::Older);
        }
        if new == old {
            return if self.hash == seen.hash { Ok(Order::Same) } else { Err(Error::OtherHistory) };
        }
        // Beyond what a directory carries of its history the authority's word must do.
        let back = usize::try_from(new - old - 1).unwrap_or(usize::MAX);
        match self.snapshot.history.get(back) {
            Some(hash) if *hash != hex(&seen.hash) => Err(Error::OtherHistory),
            None if back < HISTORY => Err(Error::OtherHistory),
            _ => Ok(Order::Newer),
        }
    }

    /// What the next version carries as its history.
    pub fn history(&self) -> Vec<String> {
        let own = std::iter::once(hex(&self.hash));
        own.chain(self.snapshot.history.iter().cloned()).take(HISTORY).collect()
    }

    /// What it says.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Its version.
    pub fn version(&self) -> u64 {
        self.snapshot.version
    }

    /// The signed form, as it is passed on.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The hash of what was signed.
    pub fn hash(&self) -> Fingerprint {
        self.hash
    }
}

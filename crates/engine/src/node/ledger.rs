//! What the authority keeps beside its key: whom it has admitted and invited, what it has revoked, and which agencies each
//! node says are at home there.

use base::{Error, Refusal, Result, WhileDoing};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use trust::{Agency, Certificate, Issued, NodeEntry, Revoked, Snapshot, hex};

/// A node that the authority admitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Admitted {
    pub(super) title: String,
    pub(super) address: String,
    pub(super) above: Option<String>,
    pub(super) relayed: bool,
    /// Serial number, fingerprint and end of each certificate that counts.
    pub(super) certificates: Vec<(String, String, i64)>,
    /// When it last told of its agencies.
    pub(super) told_at: i64,
}

impl Admitted {
    /// True while one of its certificates counts.
    pub(super) fn counts(&self, now: i64) -> bool {
        self.certificates.iter().any(|(_, _, until)| now <= *until)
    }
}

/// A token that was given out. The token itself is not kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Invited {
    pub(super) hash: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) above: String,
    pub(super) relayed: bool,
    pub(super) until: i64,
    pub(super) used: bool,
}

/// A code that a node says is at home there, and another one holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contested {
    /// The code.
    pub code: String,
    /// Who says so.
    pub by: String,
    /// Who holds it.
    pub held_by: String,
}

/// The book of the authority.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Ledger {
    /// The node that is the authority.
    pub(super) node: String,
    pub(super) crl_number: u64,
    /// Serial number, moment, node.
    pub(super) revoked: Vec<(String, i64, String)>,
    pub(super) nodes: BTreeMap<String, Admitted>,
    pub(super) invited: Vec<Invited>,
    pub(super) contested: Vec<Contested>,
}

impl Ledger {
    pub(super) fn read(bytes: &[u8]) -> Result<Ledger> {
        serde_json::from_slice(bytes).while_doing("reading", "the authority's book")
    }

    /// Notes an invitation. The name must be free, or that of a node whose certificates count no more.
    pub(super) fn invite(&mut self, invited: Invited, now: i64) -> Result<()> {
        let entry = NodeEntry {
            name: invited.name.clone(),
            title: invited.title.clone(),
            address: "a:1".to_owned(),
            ..NodeEntry::default()
        };
        if !entry.is_fine() {
            return Err(trust::Error::Name).while_doing("inviting", &invited.name);
        }
        if !self.leads_up(&invited.above, &invited.name) {
            return Err(Refusal::new(
                "the node given as the one above is none, lies below, or lies too deep",
            )
            .into());
        }
        if self.nodes.get(&invited.name).is_some_and(|node| node.counts(now)) {
            return Err(Refusal::new("a node of this name is there; revoke it first").into());
        }
        self.invited.retain(|one| !one.used && now <= one.until && one.name != invited.name);
        self.invited.push(invited);
        Ok(())
    }

    /// True when the way up from a node ends and does not lead over another one.
    fn leads_up(&self, from: &str, over: &str) -> bool {
        let mut at = Some(from);
        for _ in 0..12 {
            let Some(name) = at else { return true };
            let Some(node) = self.nodes.get(name).filter(|_| name != over) else { return false };
            at = node.above.as_deref();
        }
        false
    }

    /// Notes where a node listens.
    pub(super) fn move_to(&mut self, name: &str, address: &str) -> Result<()> {
        let (title, address) = (String::new(), address.to_owned());
        let entry = NodeEntry { name: name.to_owned(), title, address, ..NodeEntry::default() };
        if !entry.is_fine() {
            return Err(Refusal::new("the address of a node is host:port").into());
        }
        self.nodes.entry(name.to_owned()).or_default().address = entry.address;
        Ok(())
    }

    /// Uses a token up.
    pub(super) fn use_up(&mut self, hash: &str, now: i64) -> Result<Invited> {
        let found = self.invited.iter_mut().find(|one| one.hash == hash && !one.used && now <= one.until);
        let found =
            found.ok_or_else(|| Error::from(Refusal::new("the token was used, has ended, or is none")))?;
        found.used = true;
        Ok(found.clone())
    }

    /// Notes a certificate; those that have ended are forgotten, and no more than two count.
    pub(super) fn note(&mut self, certificate: &Certificate, now: i64) {
        let node = self.nodes.entry(certificate.name.clone()).or_default();
        node.certificates.retain(|(_, _, until)| now <= *until);
        node.certificates.sort_by_key(|(_, _, until)| std::cmp::Reverse(*until));
        node.certificates.truncate(1);
        let (serial, print) = (hex(&certificate.serial), hex(&certificate.fingerprint()));
        node.certificates.insert(0, (serial, print, certificate.until));
    }

    /// Revokes every certificate of a node that counts. Answers how many.
    pub(super) fn revoke(&mut self, name: &str, now: i64) -> Result<usize> {
        let node = self.nodes.get_mut(name).ok_or(Error::NotFound)?;
        let old = std::mem::take(&mut node.certificates);
        let counting = old.len();
        self.revoked.extend(old.into_iter().map(|(serial, _, _)| (serial, now, name.to_owned())));
        self.invited.retain(|one| one.name != name);
        Ok(counting)
    }

    pub(super) fn revoked(&self) -> Vec<Revoked> {
        let serial = |text: &str| crate::files::bytes_of(text).unwrap_or_default();
        self.revoked.iter().map(|(text, at, _)| Revoked { serial: serial(text), at: *at }).collect()
    }

    /// The nodes as the directory tells of them.
    pub(super) fn entries(&self) -> Vec<NodeEntry> {
        let entry = |(name, node): (&String, &Admitted)| NodeEntry {
            name: name.clone(),
            title: node.title.clone(),
            address: node.address.clone(),
            certificates: node
                .certificates
                .iter()
                .map(|(_, sha256, until)| Issued { sha256: sha256.clone(), until: *until })
                .collect(),
            above: node.above.clone(),
            relayed: node.relayed,
        };
        self.nodes.iter().map(entry).collect()
    }

    /// Whose agencies are whose: whoever holds a code keeps it as long as it says so; a free one is the first claimant's.
    /// What a revoked node told stands until somebody else claims it.
    pub(super) fn settle(
        &mut self,
        before: &Snapshot,
        told: &BTreeMap<String, Vec<Agency>>,
        now: i64,
    ) -> Vec<Agency> {
        let held: BTreeMap<&str, &str> =
            before.agencies.iter().map(|agency| (agency.code.as_str(), agency.home.as_str())).collect();
        let mut claims: Vec<(u8, i64, &str, &Agency)> = Vec::new();
        for (name, agencies) in told {
            let Some(node) = self.nodes.get(name) else { continue };
            for agency in agencies {
                let holds = held.get(agency.code.as_str()) == Some(&name.as_str());
                let turn = match (node.counts(now), holds) {
                    (true, true) => 0,
                    (true, false) => 1,
                    (false, true) => 2,
                    (false, false) => 3,
                };
                claims.push((turn, node.told_at, name, agency));
            }
        }
        claims.sort_by(|a, b| (a.0, a.1, a.2, &a.3.code).cmp(&(b.0, b.1, b.2, &b.3.code)));
        let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
        let (mut settled, mut contested) = (Vec::new(), BTreeSet::new());
        for (_, _, name, agency) in claims {
            let names = [agency.code.as_str(), agency.code_qd20.as_str()];
            let other = names.iter().filter(|one| !one.is_empty()).find_map(|one| taken.get(one));
            if let Some(other) = other {
                if *other != name {
                    contested.insert((agency.code.clone(), name.to_owned(), (*other).to_owned()));
                }
                continue;
            }
            taken.extend(names.into_iter().filter(|one| !one.is_empty()).map(|one| (one, name)));
            settled.push(Agency { home: name.to_owned(), ..agency.clone() });
        }
        let one = |(code, by, held_by)| Contested { code, by, held_by };
        self.contested = contested.into_iter().map(one).collect();
        settled.sort_by(|a, b| a.code.cmp(&b.code));
        settled
    }
}

//! What the authority keeps beside its key: whom it has admitted and invited, what it has revoked, and which agencies each
//! node says are at home there.

use base::{Error, Refusal, Result, WhileDoing};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use trust::{Agency, Certificate, Crl, Issued, NodeEntry, Revoked, Snapshot, hex};

/// Certificates of one node that count at a time.
const MOST: usize = 32;
/// Of these the directory names the newest.
const SHOWN: usize = 2;

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

    /// Notes a certificate. Those that have ended are forgotten; every other one stays known, so that it can be revoked.
    pub(super) fn note(&mut self, certificate: &Certificate, now: i64) {
        let node = self.nodes.entry(certificate.name.clone()).or_default();
        node.certificates.retain(|(_, _, until)| now <= *until);
        let (serial, print) = (hex(&certificate.serial), hex(&certificate.fingerprint()));
        node.certificates.insert(0, (serial, print, certificate.until));
    }

    /// True when a node has been given more certificates that count than any honest one asks for.
    pub(super) fn has_its_fill(&self, name: &str, now: i64) -> bool {
        let counting =
            |node: &Admitted| node.certificates.iter().filter(|(_, _, until)| now <= *until).count();
        self.nodes.get(name).map_or(0, counting) >= MOST
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

    /// Takes over what a list says that this book does not know.
    pub(super) fn catch_up(&mut self, list: &Crl) {
        self.crl_number = self.crl_number.max(list.number);
        let known: BTreeSet<String> = self.revoked.iter().map(|(serial, _, _)| serial.clone()).collect();
        let missing = list.serials().map(hex).filter(|serial| !known.contains(serial));
        self.revoked.extend(missing.map(|serial| (serial, list.made, String::new())));
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
                .take(SHOWN)
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

#[cfg(test)]
mod tests {
    use super::{Admitted, Contested, Invited, Ledger};
    use std::collections::BTreeMap;
    use trust::{Agency, Authority, Key, Request, Snapshot};

    const NOW: i64 = 1_796_000_000;

    fn agency(code: &str, qd20: &str) -> Agency {
        Agency { code: code.to_owned(), code_qd20: qd20.to_owned(), ..Agency::default() }
    }

    fn ledger(nodes: &[(&str, i64)]) -> Ledger {
        let mut ledger = Ledger { node: "gov".to_owned(), ..Ledger::default() };
        for (name, told_at) in nodes {
            let certificates = vec![("01".to_owned(), "ab".to_owned(), NOW + 10)];
            let node = Admitted { certificates, told_at: *told_at, ..Admitted::default() };
            ledger.nodes.insert((*name).to_owned(), node);
        }
        ledger
    }

    fn homes(settled: &[Agency]) -> Vec<(&str, &str)> {
        settled.iter().map(|one| (one.code.as_str(), one.home.as_str())).collect()
    }

    #[test]
    fn whoever_holds_a_code_keeps_it_and_a_claim_is_shown() {
        let mut ledger = ledger(&[("a", 9), ("b", 1)]);
        let told: BTreeMap<String, Vec<Agency>> = BTreeMap::from([
            ("a".to_owned(), vec![agency("X", "x"), agency("Y", "")]),
            ("b".to_owned(), vec![agency("X", "x2"), agency("Z", "")]),
        ]);
        let first = ledger.settle(&Snapshot::default(), &told, NOW);
        assert_eq!(homes(&first), [("X", "b"), ("Y", "a"), ("Z", "b")], "b told first");
        let one = |by: &str, held_by: &str| {
            vec![Contested { code: "X".to_owned(), by: by.to_owned(), held_by: held_by.to_owned() }]
        };
        assert_eq!(ledger.contested, one("a", "b"));
        let before = Snapshot { agencies: first, ..Snapshot::default() };
        ledger.nodes.get_mut("b").unwrap().told_at = 100;
        assert_eq!(
            homes(&ledger.settle(&before, &told, NOW))[0],
            ("X", "b"),
            "b holds it, however late it speaks"
        );
        // A code of the other form is a code too.
        let told =
            BTreeMap::from([("a".to_owned(), vec![agency("W", "Z")]), ("b".to_owned(), told["b"].clone())]);
        assert_eq!(homes(&ledger.settle(&before, &told, NOW)), [("X", "b"), ("Z", "b")]);
        // b says it no longer, or was revoked while a claims it: the code is free.
        let told = BTreeMap::from([("a".to_owned(), vec![agency("X", "x")])]);
        assert_eq!(homes(&ledger.settle(&before, &told, NOW)), [("X", "a")]);
    }

    #[test]
    fn what_a_revoked_node_told_stands_until_somebody_claims_it() {
        let mut ledger = ledger(&[("a", 9), ("b", 1)]);
        let mut told = BTreeMap::from([("b".to_owned(), vec![agency("X", "x")])]);
        let before =
            Snapshot { agencies: ledger.settle(&Snapshot::default(), &told, NOW), ..Snapshot::default() };
        assert_eq!(ledger.revoke("b", NOW).unwrap(), 1);
        assert_eq!(homes(&ledger.settle(&before, &told, NOW)), [("X", "b")]);
        told.insert("a".to_owned(), vec![agency("X", "x")]);
        assert_eq!(homes(&ledger.settle(&before, &told, NOW)), [("X", "a")]);
    }

    #[test]
    fn every_certificate_that_counts_is_revoked_however_many_were_given() {
        let mut ledger = Ledger::default();
        let authority = Authority::found("Gốc", (NOW - 10, NOW + 1000)).unwrap();
        let mut given = Vec::new();
        for n in 0..40 {
            let request = Request::read(&Key::generate().unwrap().request("b").unwrap()).unwrap();
            let certificate = authority.issue(&request, "b", (NOW - 10, NOW + 100 + n)).unwrap();
            assert_eq!(ledger.has_its_fill("b", NOW), n >= 32);
            ledger.note(&certificate, NOW);
            given.push(certificate.serial);
        }
        assert_eq!(ledger.entries()[0].certificates.len(), 2);
        assert_eq!(ledger.revoke("b", NOW).unwrap(), 40);
        let list = authority.revoke(1, &ledger.revoked(), (NOW, NOW + 10)).unwrap();
        assert!(given.iter().all(|serial| list.names(serial)));
        let mut older = Ledger::default();
        older.catch_up(&list);
        older.catch_up(&list);
        assert_eq!(
            (older.revoked.len(), older.crl_number),
            (40, 1),
            "a book from a backup learns from the list"
        );
    }

    #[test]
    fn a_name_is_given_once_and_the_way_up_has_no_circle() {
        let mut ledger = ledger(&[("gov", 0), ("a", 0)]);
        ledger.nodes.get_mut("a").unwrap().above = Some("gov".to_owned());
        let invited = |name: &str, above: &str| Invited {
            hash: format!("{name}{above}"),
            name: name.to_owned(),
            title: "Nút".to_owned(),
            above: above.to_owned(),
            relayed: false,
            until: NOW + 5,
            used: false,
        };
        assert!(ledger.invite(invited("a", "gov"), NOW).is_err(), "its certificate counts");
        assert!(ledger.invite(invited("b", "nobody"), NOW).is_err());
        assert!(ledger.invite(invited("B!", "gov"), NOW).is_err());
        ledger.revoke("a", NOW).unwrap();
        assert!(ledger.invite(invited("a", "a"), NOW).is_err(), "above itself");
        ledger.invite(invited("b", "gov"), NOW).unwrap();
        assert!(ledger.use_up("bgov", NOW + 6).is_err(), "it has ended");
        assert_eq!(ledger.use_up("bgov", NOW).unwrap().name, "b");
        assert!(ledger.use_up("bgov", NOW).is_err(), "it was used");
    }
}

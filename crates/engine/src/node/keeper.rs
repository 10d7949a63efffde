//! The authority at work on disk: it invites, admits, renews, revokes and publishes. Commands and the process that serves
//! share its folder; whoever writes holds the lock.

use super::folder::{Folder, Whose};
use super::ledger::{Admitted, Contested, Invited, Ledger};
use super::wire::{Admission, Told};
use crate::files::Master;
use base::{Error, Refusal, Result, WhileDoing};
use rustix::fs::{FlockOperation, flock};
use std::collections::BTreeMap;
use std::fs::{File, create_dir_all};
use std::path::Path;
use trust::{
    Agency, Authority, Certificate, Crl, Directory, Key, Limits, Purpose, Request, Signed, Snapshot, Token,
    hex,
};

const LEDGER: &str = "authority/ledger.json";
/// Certificates are told to count from a little earlier: clocks differ.
const EARLIER: i64 = 300;
const DAY: i64 = 86_400;
/// The authority's own certificate counts so long.
const AUTHORITY_DAYS: i64 = 3650;
/// A token must be used within so long.
const TOKEN_DAYS: i64 = 7;
/// Most bytes of what a node tells of its agencies.
pub(super) const TOLD_BYTES: usize = 64 << 20;

/// How long things count.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Days a list of revoked certificates counts.
    pub crl_days: i64,
    /// Days a certificate counts.
    pub certificate_days: i64,
}

/// Whom a token is for.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The name of the new node.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The node above.
    pub above: String,
    /// True when others reach it through the node above.
    pub relayed: bool,
}

/// The authority in a data folder.
#[derive(Debug, Clone)]
pub struct Keeper {
    folder: Folder,
    terms: Terms,
}

impl Keeper {
    /// The authority of a data folder, if this is the node that is it.
    pub fn of(data: &Path, master: &Master, terms: Terms) -> Option<Keeper> {
        Keeper::in_folder(Folder::of(data, master), terms)
    }

    /// The authority of a folder, if this is the node that is it.
    pub(super) fn in_folder(folder: Folder, terms: Terms) -> Option<Keeper> {
        folder.path(LEDGER).is_file().then_some(Keeper { folder, terms })
    }

    /// Founds an authority and its node in a data folder that has none.
    ///
    /// # Errors
    /// `Refused` when it has one; `Internal` when a file cannot be written.
    pub fn found(
        (data, master, terms): (&Path, &Master, Terms),
        (name, title, address): (&str, &str, &str),
        now: i64,
    ) -> Result<Keeper> {
        let folder = Folder::of(data, master);
        if folder.pair(Whose::Node)?.is_some() {
            return Err(Refusal::new("this installation is a node already").into());
        }
        let mut ledger = Ledger { node: name.to_owned(), ..Ledger::default() };
        ledger.nodes.insert(name.to_owned(), Admitted { title: title.to_owned(), ..Admitted::default() });
        ledger.move_to(name, address)?;
        // What a founding left that was cut off half-way is of another authority.
        folder.forget(&["directory", "crl"])?;
        let times = (now - EARLIER, now + AUTHORITY_DAYS * DAY);
        let authority = Authority::found(title, times).while_doing("founding", "an authority")?;
        let keeper = Keeper { folder, terms };
        let root = authority.certificate().der();
        keeper.folder.keep_pair(Whose::Authority, (authority.pkcs8(), root))?;
        keeper.folder.write("authority.der", root)?;
        let key = Key::generate().while_doing("making", "a key")?;
        let request = key.request(name).while_doing("founding", name)?;
        let certificate = keeper.issue((&authority, &mut ledger), (&request, name), now)?;
        keeper.relist((&authority, &mut ledger), now)?;
        keeper.publish((&authority, &mut ledger), now)?;
        keeper.save(&ledger)?;
        // Last: a folder with an identity is a node.
        keeper.folder.keep_pair(Whose::Node, (key.pkcs8(), certificate.der()))?;
        Ok(keeper)
    }

    /// Makes a token for a new node.
    ///
    /// # Errors
    /// `Refused` when the name is taken or nobody is above.
    pub fn invite(&self, whom: &Invitation, now: i64) -> Result<Token> {
        self.locked(|authority, ledger| {
            let here = ledger.nodes.get(&ledger.node).map(|node| node.address.clone()).unwrap_or_default();
            let token = Token::new(authority.certificate().fingerprint(), &ledger.node, &here);
            let token = token.while_doing("inviting", &whom.name)?;
            let invited = Invited {
                hash: hex(&token.hash()),
                name: whom.name.clone(),
                title: whom.title.clone(),
                above: whom.above.clone(),
                relayed: whom.relayed,
                until: now + TOKEN_DAYS * DAY,
                used: false,
            };
            ledger.invite(invited, now)?;
            Ok(token)
        })
    }

    /// Admits the node that brings a token: the token is used up first.
    ///
    /// # Errors
    /// `Refused` when the token is none, was used, or has ended.
    pub(super) fn admit(
        &self,
        secret: &[u8],
        (request, address): (&[u8], &str),
        now: i64,
    ) -> Result<Admission> {
        self.locked(|authority, ledger| {
            let invited = ledger.use_up(&hex(&trust::fingerprint(secret)), now)?;
            // Whatever goes wrong from here on: the token was shown to somebody.
            self.save(ledger)?;
            ledger.move_to(&invited.name, address)?;
            let node = ledger.nodes.entry(invited.name.clone()).or_default();
            node.title.clone_from(&invited.title);
            node.above = Some(invited.above.clone());
            node.relayed = invited.relayed;
            let certificate = self.issue((authority, ledger), (request, &invited.name), now)?;
            let directory = self.publish((authority, ledger), now)?;
            let crl = self.folder.read("crl")?.unwrap_or_default();
            Ok(Admission::new(&certificate, authority.certificate(), (&crl, &directory)))
        })
    }

    /// Gives a node a new certificate for the one it signs with.
    ///
    /// # Errors
    /// `Refused` when that one does not count.
    pub(super) fn renew(&self, signed: &Signed, now: i64) -> Result<Certificate> {
        self.locked(|authority, ledger| {
            let signer = self.signer(signed, (Purpose::Renewal, authority), now)?;
            if ledger.has_its_fill(&signer.name, now) {
                return Err(Refusal::new("too many certificates were given to this node").into());
            }
            let certificate = self.issue((authority, ledger), (&signed.body, &signer.name), now)?;
            self.publish((authority, ledger), now)?;
            Ok(certificate)
        })
    }

    /// Takes what a node says of its agencies. Answers what others hold already.
    ///
    /// # Errors
    /// `Refused` when its certificate does not count, or it has said something newer.
    pub(super) fn tell(&self, signed: &Signed, now: i64) -> Result<Vec<Contested>> {
        self.locked(|authority, ledger| {
            let signer = self.signer(signed, (Purpose::Agencies, authority), now)?;
            let told = Told::read(&signed.body)?;
            let name = signer.name;
            let node = ledger.nodes.get_mut(&name).ok_or(Error::NotFound)?;
            if told.node != name || told.at < node.told_at {
                return Err(Refusal::new("it has said something newer, or this is of another node").into());
            }
            node.told_at = told.at;
            let moved = told.address.as_ref().is_some_and(|address| *address != node.address);
            if let Some(address) = &told.address {
                ledger.move_to(&name, address)?;
            }
            let agencies = serde_json::to_vec(&told.agencies).while_doing("keeping agencies of", &name)?;
            let file = format!("authority/told/{name}.json");
            // Most of what is told each hour is what was told the hour before.
            if moved || self.folder.read(&file)?.as_ref() != Some(&agencies) {
                self.folder.write(&file, &agencies)?;
                self.publish((authority, ledger), now)?;
            }
            Ok(ledger.contested.iter().filter(|one| one.by == name).cloned().collect())
        })
    }

    /// Revokes every certificate of a node. Answers how many there were.
    ///
    /// # Errors
    /// `NotFound` when there is no such node; `Refused` for the authority itself.
    pub fn revoke(&self, name: &str, now: i64) -> Result<usize> {
        self.locked(|authority, ledger| {
            if name == ledger.node {
                return Err(Refusal::new("the authority does not revoke itself").into());
            }
            let revoked = ledger.revoke(name, now)?;
            self.relist((authority, ledger), now)?;
            self.publish((authority, ledger), now)?;
            Ok(revoked)
        })
    }

    /// Publishes what has changed, and signs a new list of the revoked when a quarter of its time is over. Answers the
    /// version of the directory.
    ///
    /// # Errors
    /// `Internal` when a file cannot be read or written.
    pub fn freshen(&self, now: i64) -> Result<u64> {
        self.locked(|authority, ledger| {
            let crl = self.folder.read("crl")?.unwrap_or_default();
            let old = Crl::read(&crl, authority.certificate());
            if old.is_ok_and(|crl| now >= crl.made && now - crl.made < self.terms.crl_days * DAY / 4) {
                self.publish((authority, ledger), now)?;
            } else {
                self.relist((authority, ledger), now)?;
                self.publish((authority, ledger), now)?;
            }
            Ok(self.published(authority)?.map_or(0, |directory| directory.version()))
        })
    }

    /// Codes that a node claims and another one holds.
    ///
    /// # Errors
    /// `Internal` when the book cannot be read.
    pub fn contested(&self) -> Result<Vec<Contested>> {
        Ok(self.ledger()?.contested)
    }

    fn signer(
        &self,
        signed: &Signed,
        (purpose, authority): (Purpose, &Authority),
        now: i64,
    ) -> Result<Certificate> {
        let judged = signed.signer(purpose).and_then(|signer| {
            signer.issued_by(authority.certificate())?;
            signer.valid_at(now)?;
            Ok(signer)
        });
        let signer =
            judged.map_err(|_| Error::from(Refusal::new("the signer's certificate does not count")))?;
        let ledger = self.ledger()?;
        let serial = hex(&signer.serial);
        if ledger.revoked.iter().any(|(one, _, _)| *one == serial) {
            return Err(Refusal::new("the signer's certificate was revoked").into());
        }
        Ok(signer)
    }

    fn issue(
        &self,
        (authority, ledger): (&Authority, &mut Ledger),
        (request, name): (&[u8], &str),
        now: i64,
    ) -> Result<Certificate> {
        let times = (now - EARLIER, now + self.terms.certificate_days * DAY);
        let issued = Request::read(request).and_then(|request| authority.issue(&request, name, times));
        let issued =
            issued.map_err(|_| Error::from(Refusal::new("the request for a certificate is damaged")))?;
        ledger.note(&issued, now);
        Ok(issued)
    }

    fn relist(&self, (authority, ledger): (&Authority, &mut Ledger), now: i64) -> Result<()> {
        // A book that came back from a backup may know less than the list it lies beside.
        let last = self.folder.read("crl")?.and_then(|crl| Crl::read(&crl, authority.certificate()).ok());
        if let Some(last) = &last {
            ledger.catch_up(last);
        }
        ledger.crl_number += 1;
        let times = (now - EARLIER, now + self.terms.crl_days * DAY);
        let list = authority.revoke(ledger.crl_number, &ledger.revoked(), times);
        self.folder.write("crl", list.while_doing("signing", "the list of the revoked")?.der())
    }

    /// Publishes a new version when nodes or agencies have changed. Answers the signed directory.
    fn publish(&self, (authority, ledger): (&Authority, &mut Ledger), now: i64) -> Result<Vec<u8>> {
        let known = self.published(authority)?;
        let none = Snapshot::default();
        let before = known.as_ref().map_or(&none, Directory::snapshot);
        let agencies = ledger.settle(before, &self.told(ledger)?, now);
        let nodes = ledger.entries();
        if let Some(known) = &known
            && before.nodes == nodes
            && before.agencies == agencies
        {
            return Ok(known.bytes().to_vec());
        }
        let next = Snapshot {
            version: before.version + 1,
            issued_at: now,
            authority: ledger.node.clone(),
            history: known.as_ref().map(Directory::history).unwrap_or_default(),
            nodes,
            agencies,
        };
        let signed = authority.publish(&next).while_doing("publishing", "the directory")?.to_bytes();
        self.folder.write("directory", &signed)?;
        Ok(signed)
    }

    fn published(&self, authority: &Authority) -> Result<Option<Directory>> {
        let Some(bytes) = self.folder.read("directory")? else { return Ok(None) };
        let known = Directory::read(&bytes, authority.certificate(), &Limits::default());
        known.while_doing("reading", "the directory").map(Some)
    }

    fn told(&self, ledger: &Ledger) -> Result<BTreeMap<String, Vec<Agency>>> {
        let mut all = BTreeMap::new();
        for name in ledger.nodes.keys() {
            let Some(bytes) = self.folder.read(&format!("authority/told/{name}.json"))? else { continue };
            let agencies: Vec<Agency> =
                serde_json::from_slice(&bytes).while_doing("reading agencies of", name)?;
            all.insert(name.clone(), agencies);
        }
        Ok(all)
    }

    fn ledger(&self) -> Result<Ledger> {
        Ledger::read(&self.folder.read(LEDGER)?.unwrap_or_default())
    }

    fn save(&self, ledger: &Ledger) -> Result<()> {
        let bytes = serde_json::to_vec_pretty(ledger).while_doing("writing", "the authority's book")?;
        self.folder.write(LEDGER, &bytes)
    }

    /// Does something with the authority's book while nobody else does, and keeps it.
    fn locked<V>(&self, act: impl FnOnce(&Authority, &mut Ledger) -> Result<V>) -> Result<V> {
        let path = self.folder.path("authority/lock");
        if let Some(folder) = path.parent() {
            create_dir_all(folder).while_doing("making", folder.display())?;
        }
        let lock = File::create(&path).while_doing("opening", path.display())?;
        flock(&lock, FlockOperation::LockExclusive).while_doing("locking", path.display())?;
        let pair = self.folder.pair(Whose::Authority)?.ok_or(Error::NotFound)?;
        let authority = Authority::open(&pair.0, &pair.1).while_doing("opening", "the authority")?;
        let mut ledger = self.ledger()?;
        let answer = act(&authority, &mut ledger)?;
        self.save(&ledger)?;
        Ok(answer)
    }
}

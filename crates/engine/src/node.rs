//! This installation among others: who it is, whom it trusts, and what it knows of the others. What is trusted is held
//! in one piece and exchanged whole, so that a new certificate, list or directory holds from one moment to the next.

mod ask;
mod folder;
mod joining;
mod keeper;
mod ledger;
pub(crate) mod port;
mod refused;
mod rounds;
mod tls;
mod wire;

use crate::files::Master;
use base::time::Clock;
use base::{Error, Instant, Result, WhileDoing};
use folder::{Folder, Whose};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::watch;
use tokio_rustls::rustls::{ClientConfig, ServerConfig};
use trust::{Authority, Certificate, Crl, Directory, Key, Order};

pub use ask::Answer;
pub use folder::{add_sealing, keep_only};
pub use joining::{Joined, join};
pub use keeper::{Invitation, Keeper, Terms};
pub use ledger::Contested;
pub use tls::Peer;

/// This installation as a node.
pub struct Node {
    name: String,
    /// The certificate of the authority: what everything else is measured by.
    authority: Certificate,
    clock: Arc<dyn Clock>,
    known: RwLock<Arc<Known>>,
    changed: watch::Sender<()>,
    /// Where it is kept; a node of a test is in memory only.
    folder: Option<Folder>,
    rounds: rounds::Rounds,
}

/// What a node holds at a moment.
struct Known {
    key: Arc<Key>,
    certificate: Certificate,
    crl: Arc<Crl>,
    directory: Option<Arc<Directory>>,
    tls: tls::Configs,
}

/// A key and the certificate that belongs to it.
type Identity = (Arc<Key>, Certificate);

impl Node {
    fn new(
        authority: Certificate,
        (key, certificate): Identity,
        (crl, directory): (Arc<Crl>, Option<Arc<Directory>>),
        clock: Arc<dyn Clock>,
    ) -> Result<Node> {
        let name = certificate.name.clone();
        let parts =
            tls::Parts { authority: &authority, identity: (&key, &certificate), crl: &crl, clock: &clock };
        let tls = tls::Configs::new(&parts)?;
        let known = RwLock::new(Arc::new(Known { key, certificate, crl, directory, tls }));
        let (changed, rounds) = (watch::Sender::new(()), rounds::Rounds::default());
        Ok(Node { name, authority, clock, known, changed, folder: None, rounds })
    }

    /// The node of a data folder; `None` when it has not joined the others.
    ///
    /// # Errors
    /// `Internal` in plain words when what was kept is damaged or sealed under another master key.
    pub fn open(data: &Path, master: &Master, clock: Arc<dyn Clock>) -> Result<Option<Node>> {
        let folder = Folder::of(data, master);
        let Some(identity) = kept_identity(&folder)? else { return Ok(None) };
        let file = |name: &'static str| -> Result<Vec<u8>> {
            let missing = || Error::internal(format!("{} is missing", folder.path(name).display()));
            folder.read(name)?.ok_or_else(missing)
        };
        let authority = Certificate::read(&file("authority.der")?).while_doing("reading", "authority.der")?;
        let crl = Crl::read(&file("crl")?, &authority).while_doing("reading", "the list of the revoked")?;
        let directory = folder.read("directory")?.map(|bytes| {
            Directory::read(&bytes, &authority, &trust::Limits::default())
                .while_doing("reading", "the directory")
        });
        let directory = directory.transpose()?.map(Arc::new);
        let node = Node::new(authority, identity, (Arc::new(crl), directory), clock)?;
        Ok(Some(Node { folder: Some(folder), ..node }))
    }

    /// Takes over what a command has written into the folder meanwhile.
    ///
    /// # Errors
    /// `Internal` in words when a file is damaged.
    pub(crate) fn reload(&self) -> Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        if let Some(crl) = folder.read("crl")?
            && crl != self.crl().der()
        {
            self.take_crl(&crl)?;
        }
        if let Some(directory) = folder.read("directory")?
            && self.directory().is_none_or(|known| known.bytes() != directory)
        {
            self.take_directory(&directory)?;
        }
        match kept_identity(folder)? {
            Some((key, certificate)) if certificate != self.known().certificate => {
                self.take_certificate(key, certificate)
            }
            _ => Ok(()),
        }
    }

    fn keep(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.folder.as_ref().map_or(Ok(()), |folder| folder.write(name, bytes))
    }

    /// A node in memory, admitted by an authority for a day. For tests.
    ///
    /// # Errors
    /// `Internal` for a name no node may have.
    pub fn for_test(authority: &Authority, name: &str, clock: Arc<dyn Clock>) -> Result<Node> {
        let now = second(clock.now());
        let key = Key::generate().while_doing("making", "a key")?;
        let request = key.request(name).and_then(|request| trust::Request::read(&request));
        let times = (now - 60, now + 86_400);
        let certificate = request.and_then(|request| authority.issue(&request, name, times));
        let certificate = certificate.while_doing("admitting", name)?;
        let crl = authority.revoke(1, &[], times).while_doing("making", "a list of revoked certificates")?;
        Node::new(authority.certificate().clone(), (Arc::new(key), certificate), (Arc::new(crl), None), clock)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The certificate of the authority.
    pub fn authority(&self) -> &Certificate {
        &self.authority
    }

    /// Its own certificate of this moment.
    pub fn certificate(&self) -> Certificate {
        self.known().certificate.clone()
    }

    /// Its own certificate and the authority's, DER: what is put beside a signature.
    pub fn certificates(&self) -> Vec<Vec<u8>> {
        vec![self.known().certificate.der().to_vec(), self.authority.der().to_vec()]
    }

    /// Signs bytes with the key of its certificate: ECDSA with SHA-256, in DER. The certificate is answered with it,
    /// because it may be renewed at any moment.
    ///
    /// # Errors
    /// `Internal` when the machine has no chance to give.
    pub fn sign(&self, bytes: &[u8]) -> Result<(Vec<u8>, Certificate)> {
        let known = self.known();
        let signature = known.key.sign(bytes).while_doing("signing as", &self.name)?;
        Ok((signature, known.certificate.clone()))
    }

    /// The directory, once one was seen.
    pub fn directory(&self) -> Option<Arc<Directory>> {
        self.known().directory.clone()
    }

    /// The newest list of revoked certificates.
    pub fn crl(&self) -> Arc<Crl> {
        Arc::clone(&self.known().crl)
    }

    /// How it opens connections.
    pub fn client_config(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.known().tls.client)
    }

    /// How it takes connections.
    pub fn server_config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.known().tls.server)
    }

    /// Takes a directory that is newer than the one that is held. The same one again is no fault.
    ///
    /// # Errors
    /// `Internal` in words: not of the authority, older, or another history.
    pub fn take_directory(&self, bytes: &[u8]) -> Result<Order> {
        let doing = ("taking", "a directory");
        let new = Directory::read(bytes, &self.authority, &trust::Limits::default());
        let new = Arc::new(new.while_doing(doing.0, doing.1)?);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let order = known.directory.as_ref().map_or(Ok(Order::Newer), |seen| new.after(seen));
        let order = order.while_doing(doing.0, doing.1)?;
        if order == Order::Newer {
            self.keep("directory", bytes)?;
            *known = Arc::new(Known { directory: Some(new), ..known.copy() });
            self.changed.send_replace(());
        }
        Ok(order)
    }

    /// Takes a list of revoked certificates that is newer than the one that is held. Answers true when it was.
    ///
    /// # Errors
    /// `Internal` in words when the authority did not sign it.
    pub fn take_crl(&self, der: &[u8]) -> Result<bool> {
        let new = Crl::read(der, &self.authority).while_doing("taking", "a list of revoked certificates")?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if new.number <= known.crl.number {
            return Ok(false);
        }
        self.keep("crl", der)?;
        let identity = (Arc::clone(&known.key), known.certificate.clone());
        *known = self.with(identity, Arc::new(new), known.directory.clone())?;
        self.changed.send_replace(());
        Ok(true)
    }

    /// Goes on under a new certificate. Connections that are open stay open: the old one counts until it ends.
    ///
    /// # Errors
    /// `Internal` in words when it is not this node's, or not of the authority.
    pub fn take_certificate(&self, key: Arc<Key>, certificate: Certificate) -> Result<()> {
        let fits = certificate.name == self.name && certificate.public() == key.public();
        if !fits {
            return Err(Error::internal("a certificate of another node or key"));
        }
        certificate.issued_by(&self.authority).while_doing("taking", "a certificate")?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = &self.folder {
            folder.keep_pair(Whose::Node, (key.pkcs8(), certificate.der()))?;
        }
        *known = self.with((key, certificate), Arc::clone(&known.crl), known.directory.clone())?;
        Ok(())
    }

    fn with(
        &self,
        (key, certificate): Identity,
        crl: Arc<Crl>,
        directory: Option<Arc<Directory>>,
    ) -> Result<Arc<Known>> {
        let authority = &self.authority;
        let identity = (key.as_ref(), &certificate);
        let parts = tls::Parts { authority, identity, crl: &crl, clock: &self.clock };
        let tls = tls::Configs::new(&parts)?;
        Ok(Arc::new(Known { key, certificate, crl, directory, tls }))
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What this node's clock says, in seconds of the epoch.
    pub fn now(&self) -> i64 {
        second(self.clock.now())
    }
}

impl Known {
    fn copy(&self) -> Known {
        Known {
            key: Arc::clone(&self.key),
            certificate: self.certificate.clone(),
            crl: Arc::clone(&self.crl),
            directory: self.directory.clone(),
            tls: self.tls.clone(),
        }
    }
}

fn kept_identity(folder: &Folder) -> Result<Option<Identity>> {
    let Some((key, certificate)) = folder.pair(Whose::Node)? else { return Ok(None) };
    let doing = ("reading", "the identity of this node");
    let key = Key::open(&key).while_doing(doing.0, doing.1)?;
    let certificate = Certificate::read(&certificate).while_doing(doing.0, doing.1)?;
    Ok(Some((Arc::new(key), certificate)))
}

/// A moment as certificates count it.
pub(crate) fn second(at: Instant) -> i64 {
    at.micros().div_euclid(1_000_000)
}

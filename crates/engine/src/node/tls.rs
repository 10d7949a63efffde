//! How nodes speak to each other: TLS 1.3, both sides with a certificate of the authority, and nothing without a fresh
//! list of the revoked. A session is never resumed: each begins with the whole examination.

use super::{Node, second};
use base::time::Clock;
use base::{Error, Result, WhileDoing};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::{Resumption, WebPkiServerVerifier};
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::{
    CertificateDer, CertificateRevocationListDer, PrivateKeyDer, ServerName, UnixTime,
};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::time_provider::TimeProvider;
use tokio_rustls::rustls::version::TLS13;
use tokio_rustls::rustls::{ClientConfig, CommonState, RootCertStore, ServerConfig};
use trust::{Certificate, Crl, Fingerprint, Key, NodeEntry};

/// A node that does not shake hands in so long is not there.
const HANDS: Duration = Duration::from_secs(10);
/// So often an open connection asks whether the other end may still speak.
const LOOK: Duration = Duration::from_secs(1);

/// What a configuration is made of.
pub(super) struct Parts<'a> {
    pub(super) authority: &'a Certificate,
    pub(super) identity: (&'a Key, &'a Certificate),
    pub(super) crl: &'a Crl,
    pub(super) clock: &'a Arc<dyn Clock>,
}

impl Parts<'_> {
    fn roots(&self) -> Made<RootCertStore> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(self.authority.der().to_vec()))?;
        Ok(Arc::new(roots))
    }

    fn crls(&self) -> [CertificateRevocationListDer<'static>; 1] {
        [CertificateRevocationListDer::from(self.crl.der().to_vec())]
    }

    fn chain(&self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let (key, certificate) = self.identity;
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        (chain, PrivateKeyDer::Pkcs8(key.pkcs8().to_vec().into()))
    }

    fn time(&self) -> Arc<dyn TimeProvider> {
        Arc::new(Time(Arc::clone(self.clock)))
    }
}

pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(tokio_rustls::rustls::crypto::ring::default_provider())
}

/// The ways a node speaks TLS.
#[derive(Clone)]
pub(super) struct Configs {
    /// To nodes.
    pub(super) client: Arc<ClientConfig>,
    /// To nodes, for a newer list of the revoked: our own may have ended while we were away.
    pub(super) belated: Arc<ClientConfig>,
    /// For nodes.
    pub(super) server: Arc<ServerConfig>,
    /// For those who want to join and have no certificate yet; the authority's is shown beside our own.
    pub(super) joining: Arc<ServerConfig>,
}

impl Configs {
    pub(super) fn new(parts: &Parts<'_>) -> Result<Configs> {
        let doing = ("preparing", "TLS for nodes");
        Ok(Configs {
            client: parts.client(true).while_doing(doing.0, doing.1)?,
            belated: parts.client(false).while_doing(doing.0, doing.1)?,
            server: parts.server().while_doing(doing.0, doing.1)?,
            joining: parts.joining().while_doing(doing.0, doing.1)?,
        })
    }
}

/// What making a configuration answers.
type Made<T> = std::result::Result<Arc<T>, Box<dyn std::error::Error + Send + Sync>>;

impl Parts<'_> {
    fn client(&self, fresh: bool) -> Made<ClientConfig> {
        let verifier = WebPkiServerVerifier::builder_with_provider(self.roots()?, provider());
        let verifier = verifier.with_crls(self.crls());
        let verifier = if fresh { verifier.enforce_revocation_expiration() } else { verifier };
        let (chain, key) = self.chain();
        let mut config = ClientConfig::builder_with_details(provider(), self.time())
            .with_protocol_versions(&[&TLS13])?
            .with_webpki_verifier(verifier.build()?)
            .with_client_auth_cert(chain, key)?;
        config.resumption = Resumption::disabled();
        Ok(Arc::new(config))
    }

    fn server(&self) -> Made<ServerConfig> {
        let verifier = WebPkiClientVerifier::builder_with_provider(self.roots()?, provider())
            .with_crls(self.crls())
            .enforce_revocation_expiration()
            .build()?;
        let (chain, key) = self.chain();
        let mut config = ServerConfig::builder_with_details(provider(), self.time())
            .with_protocol_versions(&[&TLS13])?
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, key)?;
        config.send_tls13_tickets = 0;
        Ok(Arc::new(config))
    }

    fn joining(&self) -> Made<ServerConfig> {
        let (mut chain, key) = self.chain();
        chain.push(CertificateDer::from(self.authority.der().to_vec()));
        let mut config = ServerConfig::builder_with_details(provider(), self.time())
            .with_protocol_versions(&[&TLS13])?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.send_tls13_tickets = 0;
        Ok(Arc::new(config))
    }
}

/// The clock of the house, for the library.
struct Time(Arc<dyn Clock>);

impl std::fmt::Debug for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the clock")
    }
}

impl TimeProvider for Time {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(second(self.0.now())).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// The node at the other end of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its name, by its certificate.
    pub name: String,
    /// The fingerprint of that certificate.
    pub certificate: Fingerprint,
    serial: Vec<u8>,
    until: i64,
}

impl Peer {
    /// Whose certificate a connection was opened with; `None` when it was opened without.
    pub fn of(connection: &CommonState) -> Option<Peer> {
        let first = connection.peer_certificates().and_then(<[_]>::first)?;
        let read = Certificate::read(first).ok()?;
        let (certificate, until) = (read.fingerprint(), read.until);
        Some(Peer { name: read.name, certificate, serial: read.serial, until })
    }
}

impl Node {
    /// Why a peer may not go on speaking: its certificate has ended or was revoked, our list is stale, or the directory
    /// knows no such node. Asked at each request, not only when the connection was opened.
    ///
    /// # Errors
    /// The reason.
    pub fn judge(&self, peer: &Peer) -> std::result::Result<(), trust::Error> {
        let known = self.known();
        let now = self.now();
        if !known.crl.is_fresh(now) || now > peer.until {
            return Err(trust::Error::OutOfTime);
        }
        if known.crl.names(&peer.serial) {
            return Err(trust::Error::Revoked);
        }
        let listed = known.directory.as_ref().is_none_or(|directory| directory.node(&peer.name).is_some());
        if listed { Ok(()) } else { Err(trust::Error::Stranger) }
    }

    /// Waits until a peer may no longer speak: then its connection is to be closed.
    pub async fn until_unfit(&self, peer: &Peer) -> trust::Error {
        let mut changed = self.changed.subscribe();
        loop {
            if let Err(why) = self.judge(peer) {
                return why;
            }
            let _ = tokio::time::timeout(LOOK, changed.changed()).await;
        }
    }

    /// Opens a connection to a node of the directory and makes sure that it is that node.
    ///
    /// # Errors
    /// `Internal` in words when nobody answers, or somebody else does.
    pub async fn connect(&self, to: &NodeEntry) -> Result<(TlsStream<TcpStream>, Peer)> {
        let (stream, peer) = self.shake(to, self.client_config()).await?;
        self.judge(&peer).while_doing("connecting to", &to.name)?;
        Ok((stream, peer))
    }

    /// The same while our list of the revoked has ended: good for nothing but asking for a newer one, which is signed.
    pub(super) async fn connect_belated(&self, to: &NodeEntry) -> Result<TlsStream<TcpStream>> {
        Ok(self.shake(to, Arc::clone(&self.known().tls.belated)).await?.0)
    }

    pub(super) fn joining_config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.known().tls.joining)
    }

    async fn shake(&self, to: &NodeEntry, config: Arc<ClientConfig>) -> Result<(TlsStream<TcpStream>, Peer)> {
        let name = ServerName::try_from(trust::host(&to.name)).while_doing("connecting to", &to.name)?;
        let hands = async {
            let stream = TcpStream::connect(&to.address).await?;
            stream.set_nodelay(true)?;
            TlsConnector::from(config).connect(name, stream).await
        };
        let hands = tokio::time::timeout(HANDS, hands).await;
        let stream = hands
            .map_err(|_| Error::internal(format!("{} does not answer in time", to.name)))?
            .while_doing("connecting to", &to.name)?;
        let peer = Peer::of(stream.get_ref().1).ok_or_else(|| Error::internal("a node without a name"))?;
        Ok((stream, peer))
    }
}

//! An authority, nodes that listen on this machine, and what they say to each other.

use axum::http::Method;
use base::time::{Clock, FixedClock};
use base::{Instant, Texts};
use engine::node::{Answer, Node};
use engine::{Config, Parts, Server};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{self, ClientConfig, DigitallySignedStruct, SignatureScheme};
use trust::{Authority, Directory, Limits, NodeEntry, Snapshot};

pub(crate) const DAY: i64 = 86_400;

pub(crate) fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::new(Instant::local(2026, 12, 1, 8, 0).unwrap()))
}

pub(crate) fn second(clock: &FixedClock) -> i64 {
    clock.now().micros() / 1_000_000
}

pub(crate) fn authority(clock: &FixedClock, title: &str) -> Authority {
    let now = second(clock);
    Authority::found(title, (now - DAY, now + 3650 * DAY)).unwrap()
}

pub(crate) fn node(authority: &Authority, name: &str, clock: &Arc<FixedClock>) -> Arc<Node> {
    Arc::new(Node::for_test(authority, name, Arc::<FixedClock>::clone(clock)).unwrap())
}

/// A server that is this node and has no tenant.
pub(crate) async fn server(node: &Arc<Node>, clock: &Arc<FixedClock>, config: Config) -> Arc<Server> {
    let parts = Parts {
        config: Config { printer: Some("vanlang-print".into()), ..config },
        modules: Vec::new(),
        texts: Box::leak(Box::new(Texts::default())),
        clock: Arc::<FixedClock>::clone(clock),
        chance: engine::system_chance,
        tenants: Vec::new(),
        async_jobs: Vec::new(),
        node: Some(Arc::clone(node)),
    };
    Server::new(parts).await.unwrap()
}

/// The same, listening until the runtime ends.
pub(crate) async fn listen(node: &Arc<Node>, clock: &Arc<FixedClock>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    server(node, clock, Config::default()).await.serve_port(listener);
    address
}

pub(crate) fn at(name: &str, address: SocketAddr) -> NodeEntry {
    NodeEntry { name: name.to_owned(), address: address.to_string(), ..NodeEntry::default() }
}

/// The directory of these nodes, signed, one version after another.
pub(crate) fn directory(authority: &Authority, nodes: &[&str], version: u64) -> Vec<u8> {
    let entry = |name: &&str| NodeEntry {
        name: (*name).to_owned(),
        title: (*name).to_owned(),
        address: "127.0.0.1:1".to_owned(),
        ..NodeEntry::default()
    };
    let mut snapshot = Snapshot {
        version,
        issued_at: 1,
        authority: nodes[0].to_owned(),
        nodes: nodes.iter().map(entry).collect(),
        ..Snapshot::default()
    };
    snapshot.sort();
    authority.publish(&snapshot).unwrap().to_bytes()
}

pub(crate) async fn ask(from: &Node, to: &NodeEntry, path: &str) -> base::Result<Answer> {
    from.ask(to, (Method::GET, path), (Vec::new(), 1 << 20)).await
}

/// The version after one.
pub(crate) fn next(authority: &Authority, before: &[u8], title: &str) -> Vec<u8> {
    let before = Directory::read(before, authority.certificate(), &Limits::default()).unwrap();
    let mut next = before.snapshot().clone();
    (next.version, next.history) = (before.version() + 1, before.history());
    title.clone_into(&mut next.nodes[0].title);
    authority.publish(&next).unwrap().to_bytes()
}

/// Somebody who trusts everybody asks with the certificate of a node, or without one.
pub(crate) async fn foreign(identity: Option<&Node>, address: &str) -> std::io::Result<Vec<u8>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody));
    let config = match identity {
        Some(node) => {
            let mut own = ClientConfig::clone(&node.client_config());
            own.dangerous().set_certificate_verifier(Arc::new(Anybody));
            own
        }
        None => config.with_no_client_auth(),
    };
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("gov.node.vanlang").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    stream.write_all(b"GET /node/crl HTTP/1.1\r\nhost: gov\r\nconnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer)
}

/// Trusts whoever answers.
#[derive(Debug)]
struct Anybody;

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        rustls::crypto::ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

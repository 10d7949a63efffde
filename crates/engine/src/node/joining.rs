//! How an installation joins the others: it shows the token to the authority the token names, and to nobody else.

use super::ask::{carry, request};
use super::folder::{Folder, Whose};
use super::tls::provider;
use super::wire::{Admission, Joining, encode};
use crate::files::Master;
use axum::http::{Method, StatusCode};
use base::{Error, Refusal, Result, WhileDoing};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::client::{Resumption, WebPkiServerVerifier};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::version::TLS13;
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
};
use trust::{Certificate, Crl, Directory, Fingerprint, Key, Limits, Token, fingerprint};

/// Whoever calls under this name has no certificate and wants one.
pub(super) const HOST: &str = "join.node.vanlang";
const WAIT: Duration = Duration::from_mins(1);
/// Largest admission: a directory in base64, and room.
const MOST: usize = 160 << 20;

/// What has come of joining, for both operators to compare.
#[derive(Debug)]
pub struct Joined {
    /// The name the authority gave.
    pub name: String,
    /// The fingerprint of the authority's certificate.
    pub authority: Fingerprint,
    /// The version of the directory.
    pub directory: u64,
}

/// Joins with a token, and keeps in the data folder what the authority gives.
///
/// # Errors
/// `Refused` when the token is none or was used; `Internal` in words when the authority cannot be reached or is another.
pub async fn join((data, master): (&Path, &Master), token: &str, address: &str) -> Result<Joined> {
    let token =
        Token::read(token).map_err(|_| Error::from(Refusal::new("the token cannot be read whole")))?;
    let folder = Folder::of(data, master);
    if folder.path("authority/ledger.json").is_file() {
        return Err(Refusal::new("this installation is an authority itself").into());
    }
    let known = folder.read("authority.der")?;
    if known.is_some_and(|known| fingerprint(&known) != token.authority) {
        return Err(Refusal::new("this installation belongs to another authority").into());
    }
    let key = Key::generate().while_doing("making", "a key")?;
    // The authority writes the name it has invited; what a request says of names counts for nothing.
    let asked = key.request("new").while_doing("asking for", "a certificate")?;
    let joining =
        Joining { secret: encode(token.secret()), request: encode(&asked), address: address.to_owned() };
    let body = serde_json::to_vec(&joining).while_doing("joining", &token.node)?;
    let answered = tokio::time::timeout(WAIT, send(&token, body)).await;
    let parts = answered.map_err(|_| Error::internal("the authority does not answer in time"))??.parts()?;
    keep((&folder, &key), &token, &parts)
}

async fn send(token: &Token, body: Vec<u8>) -> Result<Admission> {
    let doing = "speaking to the authority at";
    let stream = TcpStream::connect(&token.address).await.while_doing(doing, &token.address)?;
    let host = ServerName::try_from(HOST).while_doing(doing, &token.address)?;
    let tls = TlsConnector::from(config(token)?).connect(host, stream).await;
    let stream = tls.while_doing(doing, &token.address)?;
    let request = request("join", (Method::POST, "/node/join"), body)?;
    let answer = carry(stream, request, MOST).await?;
    match answer.status {
        StatusCode::OK => serde_json::from_slice(&answer.body).while_doing(doing, &token.address),
        StatusCode::CONFLICT => Err(Refusal::new("the token was used, has ended, or is none").into()),
        status => Err(Error::internal(format!("the authority answers {status}"))),
    }
}

fn keep((folder, key): (&Folder, &Key), token: &Token, parts: &[Vec<u8>; 4]) -> Result<Joined> {
    let doing = ("reading", "what the authority gave");
    let [certificate, authority, crl, directory] = parts;
    let root = Certificate::read(authority).while_doing(doing.0, doing.1)?;
    let certificate = Certificate::read(certificate).while_doing(doing.0, doing.1)?;
    if root.fingerprint() != token.authority || certificate.public() != key.public() {
        return Err(Error::internal("the authority gave what does not belong to the token"));
    }
    certificate.issued_by(&root).while_doing(doing.0, doing.1)?;
    Crl::read(crl, &root).while_doing(doing.0, doing.1)?;
    let read = Directory::read(directory, &root, &Limits::default()).while_doing(doing.0, doing.1)?;
    folder.write("authority.der", authority)?;
    folder.write("crl", crl)?;
    folder.write("directory", directory)?;
    // Last: a folder with an identity is a node.
    folder.keep_pair(Whose::Node, (key.pkcs8(), certificate.der()))?;
    Ok(Joined { name: certificate.name, authority: token.authority, directory: read.version() })
}

fn config(token: &Token) -> Result<Arc<ClientConfig>> {
    let doing = ("preparing", "the way to the authority");
    let name = ServerName::try_from(trust::host(&token.node)).while_doing(doing.0, doing.1)?;
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])
        .while_doing(doing.0, doing.1)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(ByToken { authority: token.authority, name }))
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}

/// Trusts the node the token names, when the authority whose fingerprint the token holds has issued its certificate.
#[derive(Debug)]
struct ByToken {
    authority: Fingerprint,
    name: ServerName<'static>,
}

impl ServerCertVerifier for ByToken {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, TlsError> {
        let unknown = TlsError::InvalidCertificate(CertificateError::UnknownIssuer);
        let root = others.iter().find(|one| fingerprint(one) == self.authority).ok_or(unknown)?;
        let mut roots = RootCertStore::empty();
        roots.add(root.clone().into_owned())?;
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build();
        let verifier = verifier.map_err(|cause| TlsError::General(cause.to_string()))?;
        verifier.verify_server_cert(own, &[], &self.name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        Err(TlsError::General("TLS 1.3 alone is spoken".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        let schemes = &provider().signature_verification_algorithms;
        tokio_rustls::rustls::crypto::verify_tls13_signature(message, certificate, signed, schemes)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}

//! Servers of others that speak TLS under a root of their own, played by a story.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// An authority for names of servers.
pub(crate) struct Root {
    issuer: Issuer<'static, KeyPair>,
    folder: TempDir,
}

/// What a server was asked.
pub(crate) struct Asked {
    /// The path, as it came.
    pub(crate) path: String,
    /// The lines of the head, in small letters.
    pub(crate) head: Vec<String>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// What it answers: status, further lines of the head, body. Nothing when it breaks off.
pub(crate) type Answer = Option<(u16, String, Vec<u8>)>;

impl Root {
    pub(crate) fn new() -> Root {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let root = params.self_signed(&key).unwrap();
        std::fs::write(folder.path().join("root.pem"), root.pem()).unwrap();
        Root { issuer: Issuer::new(params, key), folder }
    }

    /// The file an operator names.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    /// A server under this root; answers where it is. It goes with the process.
    pub(crate) fn serve(&self, mut answer: impl FnMut(&Asked) -> Answer + Send + 'static) -> String {
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateDer::from(params.signed_by(&key, &self.issuer).unwrap().der().to_vec());
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let session = ServerConnection::new(Arc::clone(&config)).unwrap();
                // Whoever does not trust us hangs up.
                let _ = told(StreamOwned::new(session, stream.unwrap()), &mut answer);
            }
        });
        format!("https://localhost:{port}")
    }
}

fn told(
    stream: StreamOwned<ServerConnection, TcpStream>,
    answer: &mut impl FnMut(&Asked) -> Answer,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let (mut head, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim().to_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(text) = line.strip_prefix("content-length:") {
            length = text.trim().parse().unwrap();
        }
        head.push(line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let Some((status, more, body)) = answer(&Asked { path, head, body }) else { return Ok(()) };
    let head =
        format!("HTTP/1.1 {status} X\r\n{more}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let stream = reader.get_mut();
    stream.write_all(&[head.as_bytes(), &body].concat())?;
    stream.conn.send_close_notify();
    stream.flush()
}

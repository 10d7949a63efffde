//! Connections to servers that an agency's administrator names. What a name means is looked up once, judged, and the
//! address that was judged is the one that is spoken to: a name that means another address a moment later gains nothing.

pub(crate) mod http;
pub(crate) mod talk;

use self::http::NamedBy;
use crate::config::Outside;
use base::{Error, Result, WhileDoing};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

const CONNECT: Duration = Duration::from_secs(10);

/// Both ways of a connection, whatever carries it.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// Why a server cannot be spoken to.
#[derive(Debug)]
pub(crate) enum Unreached {
    /// The name means nothing.
    Unknown,
    /// It lies in a network the operator keeps closed.
    Closed,
    /// Nobody answers.
    Silent(String),
    /// Its certificate is not to be trusted, or it does not speak TLS.
    Untrusted(String),
}

/// How far the program may reach.
pub(crate) struct Network {
    tls: TlsConnector,
    open: Vec<(IpAddr, u32)>,
}

impl Network {
    pub(crate) fn new(outside: &Outside) -> Result<Network> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(path) = &outside.roots {
            let certificates = CertificateDer::pem_file_iter(path).while_doing("reading", path.display())?;
            for certificate in certificates {
                let certificate = certificate.while_doing("reading", path.display())?;
                roots.add(certificate).while_doing("reading", path.display())?;
            }
        }
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .while_doing("preparing", "TLS")?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let open = outside.private.iter().map(|text| network(text)).collect::<Result<Vec<_>>>()?;
        Ok(Network { tls: TlsConnector::from(Arc::new(config)), open })
    }

    /// Connects to a server by name or address, if that is allowed.
    pub(crate) async fn reach(
        &self,
        host: &str,
        port: u16,
        named_by: NamedBy,
    ) -> std::result::Result<TcpStream, Unreached> {
        let found = tokio::time::timeout(CONNECT, tokio::net::lookup_host((host, port))).await;
        let found: Vec<SocketAddr> =
            found.map_err(|_| Unreached::Unknown)?.map_err(|_| Unreached::Unknown)?.collect();
        let mut last = Unreached::Unknown;
        for address in found {
            if named_by == NamedBy::Agency && !self.may_reach(address.ip()) {
                last = Unreached::Closed;
                continue;
            }
            match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(cause)) => last = Unreached::Silent(cause.to_string()),
                Err(_) => last = Unreached::Silent("no answer in time".to_owned()),
            }
        }
        Err(last)
    }

    /// Encrypts a connection and makes sure who is at the other end.
    pub(crate) async fn encrypt(
        &self,
        host: &str,
        stream: TcpStream,
    ) -> std::result::Result<TlsStream<TcpStream>, Unreached> {
        let untrusted = |cause: String| Unreached::Untrusted(cause);
        let name = ServerName::try_from(host.to_owned()).map_err(|cause| untrusted(cause.to_string()))?;
        let hands = tokio::time::timeout(CONNECT, self.tls.connect(name, stream)).await;
        hands
            .map_err(|_| untrusted("no answer in time".to_owned()))?
            .map_err(|cause| untrusted(cause.to_string()))
    }

    /// Everybody's network, and what the operator opened.
    fn may_reach(&self, address: IpAddr) -> bool {
        let address = plain(address);
        is_public(address) || self.open.iter().any(|open| holds(*open, address))
    }
}

/// `10.1.0.0/16`, or one address.
fn network(text: &str) -> Result<(IpAddr, u32)> {
    let wrong = || Error::internal(format!("outside.private: {text:?} is no network like 10.1.0.0/16"));
    let (address, bits) = text.split_once('/').unwrap_or((text, ""));
    let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
    let all = if address.is_ipv4() { 32 } else { 128 };
    let bits = if bits.is_empty() { all } else { bits.parse().map_err(|_| wrong())? };
    if bits > all { Err(wrong()) } else { Ok((address, bits)) }
}

fn holds((network, bits): (IpAddr, u32), address: IpAddr) -> bool {
    match (network, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => same(u128::from(a.to_bits()), u128::from(b.to_bits()), 32 - bits),
        (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128 - bits),
        _ => false,
    }
}

fn same(a: u128, b: u128, free: u32) -> bool {
    a.checked_shr(free).unwrap_or(0) == b.checked_shr(free).unwrap_or(0)
}

/// An IPv4 address that is written as an IPv6 one is judged as what it is.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => inner(v6).unwrap_or(address),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Mapped, translated (64:ff9b::/96) and 6to4 addresses carry one inside.
fn inner(v6: Ipv6Addr) -> Option<IpAddr> {
    let pair = |high: u16, low: u16| IpAddr::from(((u32::from(high) << 16) | u32::from(low)).to_be_bytes());
    match v6.segments() {
        [0x64, 0xff9b, 0, 0, _, _, high, low] | [0x2002, high, low, ..] => Some(pair(high, low)),
        _ => v6.to_ipv4_mapped().map(IpAddr::V4),
    }
}

/// True for what lies in the network of everybody (the special registries of IANA left out).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let special = v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_documentation()
                || v4.is_multicast()
                || matches!(
                    (a, b, c),
                    (0 | 240..=255, _, _) | (100, 64..=127, _) | (192, 0, 0) | (198, 18 | 19, _)
                );
            !special
        }
        IpAddr::V6(v6) => {
            let [a, b, ..] = v6.segments();
            (0x2000..=0x3fff).contains(&a) && !(a == 0x2001 && (b < 0x200 || b == 0xdb8))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Network, holds, is_public, network, plain};
    use crate::config::Outside;

    #[test]
    fn only_the_network_of_everybody_is_reached_however_an_address_is_written() {
        for closed in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.5.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "::7f00:1",
        ] {
            assert!(!is_public(plain(closed.parse().unwrap())), "{closed}");
        }
        for open in ["8.8.8.8", "203.162.4.190", "2001:4860:4860::8888", "::ffff:8.8.8.8"] {
            assert!(is_public(plain(open.parse().unwrap())), "{open}");
        }
    }

    #[test]
    fn the_operator_opens_networks() {
        let inside = |open: &str, address: &str| holds(network(open).unwrap(), address.parse().unwrap());
        assert!(inside("10.1.0.0/16", "10.1.255.3") && !inside("10.1.0.0/16", "10.2.0.1"));
        assert!(inside("127.0.0.1", "127.0.0.1") && !inside("127.0.0.1", "127.0.0.2"));
        assert!(
            inside("0.0.0.0/0", "9.9.9.9")
                && inside("fd00::/8", "fd12::1")
                && !inside("fd00::/8", "10.0.0.1")
        );
        assert!(network("10.0.0.0/33").is_err() && network("mot").is_err());
        let outside = Outside { private: vec!["127.0.0.0/8".to_owned()], ..Outside::default() };
        let network = Network::new(&outside).unwrap();
        assert!(network.may_reach("::ffff:127.0.0.9".parse().unwrap()));
        assert!(!network.may_reach("10.0.0.1".parse().unwrap()));
    }
}

//! Services a signature may need: an authority of time, a signing service. Plain HTTP, as with mail: what lies outside
//! this network is reached through a relay that ends TLS.

use base::{Error, Result, WhileDoing};
use pades::{Error as SignError, Reason};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// Of an answer; a timestamp is some kilobytes.
const ANSWER_MAX: u64 = 1 << 20;

/// A service at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Service {
    host: String,
    path: String,
    token: Option<String>,
    wait: Duration,
}

impl Service {
    /// Reads an address, `http://host:port/path`. `token` is sent along as `Bearer`.
    ///
    /// # Errors
    /// `Internal` when it is none.
    pub(crate) fn at(address: &str, token: Option<String>, wait: Duration) -> Result<Service> {
        let rest = address
            .strip_prefix("http://")
            .ok_or_else(|| Error::internal(format!("{address} is no address that begins with http://")))?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
        Ok(Service { host, path: format!("/{path}"), token, wait })
    }

    /// Asks an authority of time (RFC 3161, 3.4).
    ///
    /// # Errors
    /// `Timestamp`.
    pub(crate) fn timestamp(&self, query: &[u8]) -> pades::Result<Vec<u8>> {
        self.post(&self.path, "application/timestamp-query", query)
            .map_err(|error| SignError::new(Reason::Timestamp, error))
    }

    /// Calls a signing service.
    ///
    /// # Errors
    /// `Signer`.
    pub(super) fn post_json(&self, path: &str, body: &Value) -> pades::Result<Value> {
        let failed = |error: &dyn std::fmt::Display| SignError::new(Reason::Signer, error);
        let path = format!("{}/{path}", self.path.trim_end_matches('/'));
        let answer = self
            .post(&path, "application/json", body.to_string().as_bytes())
            .map_err(|error| failed(&error))?;
        serde_json::from_slice(&answer).map_err(|error| failed(&error))
    }

    fn post(&self, path: &str, kind: &str, body: &[u8]) -> Result<Vec<u8>> {
        let address = self.host.to_socket_addrs().while_doing("finding", &self.host)?.next();
        let address = address.ok_or_else(|| Error::internal(format!("{} has no address", self.host)))?;
        let mut stream =
            TcpStream::connect_timeout(&address, self.wait).while_doing("reaching", &self.host)?;
        stream.set_read_timeout(Some(self.wait)).while_doing("reaching", &self.host)?;
        stream.set_write_timeout(Some(self.wait)).while_doing("reaching", &self.host)?;
        let token = self.token.as_ref().map(|token| format!("Authorization: Bearer {token}\r\n"));
        let head = format!(
            "POST {path} HTTP/1.0\r\nHost: {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{}\r\n",
            self.host,
            body.len(),
            token.unwrap_or_default()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).while_doing("asking", &self.host)?;
        let mut answer = Vec::new();
        stream.take(ANSWER_MAX).read_to_end(&mut answer).while_doing("asking", &self.host)?;
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n");
        let (head, body) =
            end.and_then(|end| answer.split_at_checked(end.saturating_add(4))).unwrap_or_default();
        let status = String::from_utf8_lossy(head.split(|byte| *byte == b'\r').next().unwrap_or_default());
        match status.split(' ').nth(1) {
            Some("200") => Ok(body.to_vec()),
            _ => Err(Error::internal(format!("{} answers {status:?}", self.host))),
        }
    }
}

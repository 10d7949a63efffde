//! Services a signature may need: an authority of time, a signing service. They are spoken to over HTTPS with the
//! operator's roots; without it only on this machine.

use crate::network::Network;
use crate::network::http::NamedBy;
use axum::http::{Method, Request, StatusCode, Uri, header};
use base::{Error, Result, WhileDoing};
use bytes::Bytes;
use http_body_util::Full;
use pades::{Error as SignError, Reason};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;

/// Of an answer; a timestamp is some kilobytes.
const ANSWER_MAX: usize = 1 << 20;

/// A service at an address.
#[derive(Clone)]
pub(crate) struct Service {
    network: Arc<Network>,
    address: String,
    token: Option<String>,
    wait: Duration,
}

impl Service {
    /// A service at an address, `https://host/path`. `token` is sent along as `Bearer`.
    ///
    /// # Errors
    /// `Internal` when it is no address.
    pub(crate) fn at(
        network: &Arc<Network>,
        address: &str,
        token: Option<String>,
        wait: Duration,
    ) -> Result<Service> {
        let uri: Uri = address.parse().while_doing("reading the address", address)?;
        if uri.host().is_none() || !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(Error::internal(format!("{address} is no address that begins with https://")));
        }
        Ok(Service { network: Arc::clone(network), address: address.to_owned(), token, wait })
    }

    /// Asks an authority of time (RFC 3161, 3.4). Waits; not for threads that serve.
    ///
    /// # Errors
    /// `Timestamp`.
    pub(crate) fn timestamp(&self, query: &[u8]) -> pades::Result<Vec<u8>> {
        self.post(&self.address, "application/timestamp-query", query)
            .map_err(|error| SignError::new(Reason::Timestamp, error))
    }

    /// Calls a signing service. Waits; not for threads that serve.
    ///
    /// # Errors
    /// `Signer`.
    pub(super) fn post_json(&self, path: &str, body: &Value) -> pades::Result<Value> {
        let failed = |error: &dyn std::fmt::Display| SignError::new(Reason::Signer, error);
        let address = format!("{}/{path}", self.address.trim_end_matches('/'));
        let answer = self
            .post(&address, "application/json", body.to_string().as_bytes())
            .map_err(|error| failed(&error))?;
        serde_json::from_slice(&answer).map_err(|error| failed(&error))
    }

    fn post(&self, address: &str, kind: &str, body: &[u8]) -> Result<Vec<u8>> {
        let mut request =
            Request::builder().method(Method::POST).uri(address).header(header::CONTENT_TYPE, kind);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Full::new(Bytes::copy_from_slice(body))).while_doing("asking", address)?;
        let asked = self.network.ask(request, NamedBy::Operator, (ANSWER_MAX, self.wait));
        match Handle::current().block_on(asked) {
            Ok((StatusCode::OK, body)) => Ok(body.to_vec()),
            Ok((status, body)) => {
                let said = String::from_utf8_lossy(body.get(..body.len().min(300)).unwrap_or_default());
                Err(Error::internal(format!("{address} answers {status}: {said}")))
            }
            Err(why) => Err(Error::internal(format!("{address}: {why}"))),
        }
    }
}

//! Speaking to servers of others over HTTP: no redirect is followed, no answer is read longer than it needs to be, and
//! nobody is waited for without end.

use axum::http::{HeaderMap, Request, StatusCode};
use base::{Error, Result, WhileDoing};
use bytes::Bytes;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::sync::OnceLock;
use std::time::Duration;

const WAIT: Duration = Duration::from_secs(20);

/// Sends requests; connections are kept for the next one.
#[derive(Default)]
pub(crate) struct Outside(OnceLock<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>);

impl Outside {
    /// Sends a request and answers with status and headers; the body is left unread.
    ///
    /// # Errors
    /// `Internal` when nobody answers in time.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, HeaderMap)> {
        let to = request.uri().host().unwrap_or("").to_owned();
        let client = self.client()?;
        let answer = tokio::time::timeout(WAIT, client.request(request)).await;
        let answer = answer.map_err(|_| Error::internal(format!("{to} did not answer in time")))?;
        let (head, _) = answer.while_doing("asking", &to)?.into_parts();
        Ok((head.status, head.headers))
    }

    /// Made when it is first needed: the certificates of the machine are read then.
    fn client(&self) -> Result<&Client<HttpsConnector<HttpConnector>, Full<Bytes>>> {
        if let Some(client) = self.0.get() {
            return Ok(client);
        }
        let builder = HttpsConnectorBuilder::new().with_native_roots();
        let connector = builder.while_doing("reading", "the certificates of the machine")?.https_or_http();
        let client = Client::builder(TokioExecutor::new()).build(connector.enable_http1().build());
        Ok(self.0.get_or_init(|| client))
    }
}

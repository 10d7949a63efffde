//! One HTTP request whose answer is read, piece by piece: what it asks with may be as long as a packet, and so may what
//! comes back. As for all requests no redirect is followed.

use super::Network;
use super::http::{NamedBy, address, said};
use axum::http::{HeaderMap, Request};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::task::JoinHandle;

/// For so long the other end may say nothing while its answer is read.
const SILENCE: Duration = Duration::from_mins(1);

type Told<V> = std::result::Result<V, String>;

/// An answer whose body is still to be read.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    body: Incoming,
    carried: JoinHandle<()>,
}

impl Network {
    /// Sends a request with a whole address; the answer's head within `wait`. Without HTTPS only this machine is spoken
    /// to.
    pub(crate) async fn talk<B>(&self, request: Request<B>, (by, wait): (NamedBy, Duration)) -> Told<Answer>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let talked = tokio::time::timeout(wait, self.begin(request, by)).await;
        talked.unwrap_or_else(|_| Err("no answer in time".to_owned()))
    }

    async fn begin<B>(&self, mut request: Request<B>, by: NamedBy) -> Told<Answer>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let uri = std::mem::take(request.uri_mut());
        let host = uri.host().ok_or("the address has no host")?.trim_matches(['[', ']']).to_owned();
        let secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let stream = self.reach(&host, port, by).await.map_err(said)?;
        let here = stream.peer_addr().is_ok_and(|address| address.ip().is_loopback());
        address(&mut request, &uri)?;
        let stream: Box<dyn super::Wire> = match (secure, here) {
            (true, _) => Box::new(self.encrypt(&host, stream).await.map_err(said)?),
            (false, true) => Box::new(stream),
            (false, false) => return Err("only https leaves this machine".to_owned()),
        };
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|cause| cause.to_string())?;
        let carried = tokio::spawn(async move { drop(connection.await) });
        match sender.send_request(request).await {
            Ok(answer) => {
                let (head, body) = answer.into_parts();
                Ok(Answer { status: head.status.as_u16(), headers: head.headers, body, carried })
            }
            Err(cause) => {
                carried.abort();
                Err(cause.to_string())
            }
        }
    }
}

impl Answer {
    /// The next piece of the body; none at its end.
    pub(crate) async fn piece(&mut self) -> Told<Option<Bytes>> {
        loop {
            let frame = tokio::time::timeout(SILENCE, self.body.frame()).await;
            match frame.map_err(|_| "the answer broke off".to_owned())? {
                None => return Ok(None),
                Some(Err(cause)) => return Err(cause.to_string()),
                Some(Ok(frame)) => {
                    if let Ok(piece) = frame.into_data() {
                        return Ok(Some(piece));
                    }
                }
            }
        }
    }

    /// The whole body, if it is no longer than `limit`.
    pub(crate) async fn whole(mut self, limit: usize) -> Told<Vec<u8>> {
        let mut all = Vec::new();
        while let Some(piece) = self.piece().await? {
            if all.len().saturating_add(piece.len()) > limit {
                return Err("the answer is too long".to_owned());
            }
            all.extend_from_slice(&piece);
        }
        Ok(all)
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.carried.abort();
    }
}

//! One connection to another machine's port, kept open: requests go one after the other.

use crate::node::Node;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use base::{Error, Instant, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

const ANSWER: Duration = Duration::from_mins(1);
/// A file of 3 GB by a slow line.
const UPLOAD: Duration = Duration::from_hours(6);
/// Receipts for everything a request may hold.
const ANSWER_BYTES: usize = 16 * 1024 * 1024;
/// What the clock of whoever answers says, in microseconds.
pub(super) const CLOCK: &str = "x-node-clock";

/// What a machine answered.
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// A connection; dropped, it is closed.
pub(super) struct Wire {
    sender: SendRequest<Body>,
    host: String,
    carried: JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.carried.abort();
    }
}

impl Wire {
    /// Connects to a machine of the directory, and makes sure it is that one.
    ///
    /// # Errors
    /// `Busy` when it cannot be reached or is not who it should be.
    pub(super) async fn open(node: &Arc<Node>, peer: &trust::NodeEntry) -> Result<Wire> {
        let (stream, who) = node.connect(peer).await.map_err(unreached)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(unreached)?;
        let node = Arc::clone(node);
        let carried = tokio::spawn(async move {
            tokio::select! {
                ended = connection => if let Err(cause) = ended {
                    tracing::debug!(%cause, "a connection to a node ended early");
                },
                why = node.until_unfit(&who) => {
                    tracing::warn!(node = who.name, %why, "a connection to a node was closed");
                }
            }
        });
        Ok(Wire { sender, host: peer.name.clone(), carried })
    }

    /// False once the other end has closed it.
    pub(super) fn is_open(&self) -> bool {
        !self.sender.is_closed()
    }

    /// Sends a request with a short body.
    ///
    /// # Errors
    /// `Busy` when the connection has ended or the answer takes too long.
    pub(super) async fn ask(&mut self, (method, path): (&str, &str), body: Vec<u8>) -> Result<Answered> {
        self.send((method, path), Body::from(body), ANSWER).await
    }

    /// Sends a request with the rest of a file.
    ///
    /// # Errors
    /// As for `ask`.
    pub(super) async fn upload(&mut self, path: &str, body: Body) -> Result<Answered> {
        self.send(("PUT", path), body, UPLOAD).await
    }

    async fn send(&mut self, (method, path): (&str, &str), body: Body, wait: Duration) -> Result<Answered> {
        let request = Request::builder().method(method).uri(path).header(header::HOST, &self.host).body(body);
        let request = request.map_err(|e| Error::Internal(e.into()))?;
        let asked = async {
            self.sender.ready().await.map_err(unreached)?;
            let (head, body) = self.sender.send_request(request).await.map_err(unreached)?.into_parts();
            let body = Limited::new(body, ANSWER_BYTES).collect().await.map_err(unreached)?.to_bytes();
            Ok(Answered { status: head.status, headers: head.headers, body })
        };
        tokio::time::timeout(wait, asked).await.unwrap_or_else(|_| Err(unreached("no answer in time")))
    }
}

impl Answered {
    /// How far the other clock is ahead of ours at a moment, in microseconds.
    pub(super) fn skew(&self, now: Instant) -> Option<i64> {
        let theirs = self.headers.get(CLOCK)?.to_str().ok()?.parse::<i64>().ok()?;
        Some(theirs.saturating_sub(now.micros()))
    }

    /// Seconds after which we are to come again, when we are to.
    pub(super) fn wait(&self) -> Option<i64> {
        if self.status != StatusCode::SERVICE_UNAVAILABLE {
            return None;
        }
        let seconds =
            self.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        Some(seconds.unwrap_or(1).clamp(1, 600))
    }
}

fn unreached(cause: impl std::fmt::Display) -> Error {
    tracing::debug!(%cause, "a node was not reached");
    Error::Busy("the other machine")
}

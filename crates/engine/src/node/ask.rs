//! One question to another node, over a connection of its own.

use super::Node;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use base::{Error, Result, WhileDoing};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use trust::NodeEntry;

/// An answer of so many seconds is none.
const WAIT: Duration = Duration::from_mins(1);

/// What a node answers.
#[derive(Debug)]
pub struct Answer {
    /// How it went.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Node {
    /// Asks a node of the directory; an answer of more than `most` bytes is none.
    ///
    /// # Errors
    /// `Internal` in words when it cannot be reached, is somebody else, or does not answer.
    pub async fn ask(
        &self,
        to: &NodeEntry,
        (method, path): (Method, &str),
        (body, most): (Vec<u8>, usize),
    ) -> Result<Answer> {
        let asked = async {
            let (stream, _) = self.connect(to).await?;
            let request = request(&to.name, (method, path), body)?;
            carry(stream, request, most).await.while_doing("asking", &to.name)
        };
        let answered = tokio::time::timeout(WAIT, asked).await;
        answered.map_err(|_| Error::internal(format!("{} does not answer in time", to.name)))?
    }
}

pub(super) fn request(
    node: &str,
    (method, path): (Method, &str),
    body: Vec<u8>,
) -> Result<Request<Full<Bytes>>> {
    let host = HeaderValue::from_str(&trust::host(node)).while_doing("asking", node)?;
    let mut request = Request::new(Full::from(body));
    *request.method_mut() = method;
    *request.uri_mut() = path.parse().while_doing("asking for", path)?;
    request.headers_mut().insert(header::HOST, host);
    Ok(request)
}

/// Sends one request over a connection and reads the whole answer.
pub(super) async fn carry(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
    most: usize,
) -> Result<Answer> {
    let doing = ("speaking to", "a node");
    let hands = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = hands.while_doing(doing.0, doing.1)?;
    let carried = tokio::spawn(connection);
    let answer = async {
        let answer = sender.send_request(request).await.while_doing(doing.0, doing.1)?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(Body::new(body), most).collect().await.while_doing(doing.0, doing.1)?;
        Ok(Answer { status: head.status, headers: head.headers, body: body.to_bytes() })
    };
    let answer = answer.await;
    carried.abort();
    answer
}

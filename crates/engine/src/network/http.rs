//! One HTTP request to a server of others: no redirect is followed, and of the answer's body no more is read than asked for.

use super::{Network, Unreached};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header, uri::Authority};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};

const WAIT: Duration = Duration::from_secs(20);

/// Who named the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamedBy {
    /// The operator, who answers for where it lies.
    Operator,
    /// An agency's administrator: it may not lead into a network that the operator keeps closed.
    Agency,
}

type Told<V> = std::result::Result<V, String>;

/// What a server answers: status, headers, and as much of the body as was asked for.
type Answer = (StatusCode, HeaderMap, Bytes);

impl Network {
    /// Sends a request with a whole address and answers with status and headers, or says in words why there is none.
    /// Without HTTPS only this machine is spoken to.
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        named_by: NamedBy,
    ) -> Told<(StatusCode, HeaderMap)> {
        let (status, headers, _) = within(WAIT, self.exchange(request, named_by, 0)).await?;
        Ok((status, headers))
    }

    /// The same with the body of the answer, which may have so many bytes and take so long.
    pub(crate) async fn ask(
        &self,
        request: Request<Full<Bytes>>,
        named_by: NamedBy,
        (bytes_max, wait): (usize, Duration),
    ) -> Told<(StatusCode, Bytes)> {
        let (status, _, body) = within(wait, self.exchange(request, named_by, bytes_max)).await?;
        Ok((status, body))
    }

    async fn exchange(
        &self,
        mut request: Request<Full<Bytes>>,
        named_by: NamedBy,
        bytes_max: usize,
    ) -> Told<Answer> {
        let uri = std::mem::take(request.uri_mut());
        let host = uri.host().ok_or("the address has no host")?.trim_matches(['[', ']']).to_owned();
        let secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let stream = self.reach(&host, port, named_by).await.map_err(said)?;
        let here = stream.peer_addr().is_ok_and(|address| address.ip().is_loopback());
        address(&mut request, &uri)?;
        if secure {
            let stream = self.encrypt(&host, stream).await.map_err(said)?;
            return carry(stream, request, bytes_max).await;
        }
        if here {
            carry(stream, request, bytes_max).await
        } else {
            Err("only https leaves this machine".to_owned())
        }
    }
}

async fn within(wait: Duration, exchange: impl Future<Output = Told<Answer>>) -> Told<Answer> {
    let answered = tokio::time::timeout(wait, exchange).await;
    answered.unwrap_or_else(|_| Err("no answer in time".to_owned()))
}

/// The path in the first line and the host in a header, without the name and password an address may hold.
pub(super) fn address<B>(request: &mut Request<B>, uri: &Uri) -> Told<()> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse().map_err(|_| "the path cannot be read")?;
    let host = uri.authority().map(Authority::as_str).unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = HeaderValue::from_str(host).map_err(|_| "the host cannot be read")?;
    request.headers_mut().insert(header::HOST, host);
    Ok(())
}

async fn carry(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
    bytes_max: usize,
) -> Told<Answer> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|cause| cause.to_string())?;
    let carried = tokio::spawn(connection);
    let answer = async {
        let answer = sender.send_request(request).await.map_err(|cause| cause.to_string())?;
        let (head, body) = answer.into_parts();
        let body = if bytes_max == 0 {
            Bytes::new()
        } else {
            let read = Limited::new(body, bytes_max).collect().await;
            read.map_err(|cause| cause.to_string())?.to_bytes()
        };
        Ok((head.status, head.headers, body))
    };
    let answer = answer.await;
    carried.abort();
    answer
}

pub(super) fn said(why: Unreached) -> String {
    match why {
        Unreached::Unknown => "no server of this name".to_owned(),
        Unreached::Closed => "the operator keeps this network closed".to_owned(),
        Unreached::Silent(why) | Unreached::Untrusted(why) => why,
    }
}

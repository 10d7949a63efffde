//! One HTTP request to a server of others: no redirect is followed, and the body of the answer is not read.

use super::{Network, Unreached};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header, uri::Authority};
use bytes::Bytes;
use http_body_util::Full;
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

impl Network {
    /// Sends a request with a whole address and answers with status and headers, or says in words why there is none.
    /// Without HTTPS only this machine is spoken to.
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        named_by: NamedBy,
    ) -> Told<(StatusCode, HeaderMap)> {
        let sent = tokio::time::timeout(WAIT, self.exchange(request, named_by)).await;
        sent.unwrap_or_else(|_| Err("no answer in time".to_owned()))
    }

    async fn exchange(
        &self,
        mut request: Request<Full<Bytes>>,
        named_by: NamedBy,
    ) -> Told<(StatusCode, HeaderMap)> {
        let uri = std::mem::take(request.uri_mut());
        let host = uri.host().ok_or("the address has no host")?.trim_matches(['[', ']']).to_owned();
        let secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let stream = self.reach(&host, port, named_by).await.map_err(said)?;
        let here = stream.peer_addr().is_ok_and(|address| address.ip().is_loopback());
        address(&mut request, &uri)?;
        if secure {
            let stream = self.encrypt(&host, stream).await.map_err(said)?;
            return carry(stream, request).await;
        }
        if here { carry(stream, request).await } else { Err("only https leaves this machine".to_owned()) }
    }
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
) -> Told<(StatusCode, HeaderMap)> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|cause| cause.to_string())?;
    let carried = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(|cause| cause.to_string());
    carried.abort();
    let (head, _) = answer?.into_parts();
    Ok((head.status, head.headers))
}

pub(super) fn said(why: Unreached) -> String {
    match why {
        Unreached::Unknown => "no server of this name".to_owned(),
        Unreached::Closed => "the operator keeps this network closed".to_owned(),
        Unreached::Silent(why) | Unreached::Untrusted(why) => why,
    }
}

//! The port of nodes: what other installations may ask of this one. Whoever asks is known by a certificate before the
//! first byte is read, and judged anew at each request.

use super::joining::HOST;
use super::keeper::TOLD_BYTES;
use super::rounds::blocking;
use super::wire::{Joining, decode};
use super::{Node, Peer};
use crate::serve::Held;
use crate::serve::patient::Patient;
use crate::server::Server;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Extension, Router};
use base::{Error, Result, WhileDoing};
use bytes::Bytes;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde::Deserialize;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::rustls::server::Acceptor;
use tokio_rustls::server::TlsStream;
use trust::Signed;

/// Both hands must be shaken in so long.
const HANDS: Duration = Duration::from_secs(10);
/// A connection on which nothing is asked for so long is closed.
const IDLE: Duration = Duration::from_mins(2);
/// A node has a few connections open to another; so has each node behind one address.
const CONNECTIONS: usize = 64;
/// Most bytes of a request to join, and of a renewal.
const JOINING: usize = 8192;
const RENEWAL: usize = 16_384;
/// The header that says which version of the directory, or which list of the revoked, an answer is.
pub(crate) const VERSION: &str = "x-vanlang-version";

/// Everything nodes may ask.
pub(crate) fn router(server: &Arc<Server>) -> Router {
    Router::new()
        .route("/node/directory", get(directory))
        .route("/node/crl", get(crl))
        .route("/node/renew", post(renew))
        .route("/node/agencies", post(agencies))
        .merge(crate::exchange::port::routes())
        .merge(crate::evidence::routes())
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(Arc::clone(server), judge))
        .with_state(Arc::clone(server))
}

impl Server {
    /// Listens on the port of nodes, where this installation is one, until the process stops.
    ///
    /// # Errors
    /// `Internal` when the address cannot be listened on.
    pub async fn open_port(self: &Arc<Self>) -> Result<Option<tokio::task::JoinHandle<()>>> {
        let (Some(_), Some(settings)) = (&self.node, &self.config.node) else { return Ok(None) };
        let address = &settings.listen;
        let listener = TcpListener::bind(address).await.while_doing("listening on", address)?;
        Ok(Some(self.serve_port(listener)))
    }

    /// Serves nodes on a socket that listens already.
    pub fn serve_port(self: &Arc<Self>, listener: TcpListener) -> tokio::task::JoinHandle<()> {
        let server = Arc::clone(self);
        tokio::spawn(async move {
            let mut closing = server.closing.subscribe();
            let stop = async { drop(closing.wait_for(|closing| *closing).await) };
            let begin = |stream, from, held| {
                tokio::spawn(Arc::clone(&server).answer_node(stream, from, held));
            };
            server.accept((listener, CONNECTIONS), stop, begin).await;
        })
    }

    async fn answer_node(self: Arc<Self>, stream: TcpStream, from: SocketAddr, _held: Held) {
        let Some(node) = &self.node else { return };
        let _ = stream.set_nodelay(true);
        let stream = Patient::new(stream, Duration::from_secs(self.config.limits.write_seconds));
        let keeps = self.keeper().is_some();
        let hands = async {
            let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
            let joins = keeps && hello.client_hello().server_name() == Some(HOST);
            let config = if joins { node.joining_config() } else { node.server_config() };
            Ok::<_, std::io::Error>((hello.into_stream(config).await?, joins))
        };
        let stream = match tokio::time::timeout(HANDS, hands).await {
            Ok(Ok((stream, true))) => return self.answer_joining(stream).await,
            Ok(Ok((stream, false))) => stream,
            Ok(Err(cause)) => return self.refuse_node(&from.ip().to_string(), &cause.to_string()),
            Err(_) => return,
        };
        let Some(peer) = Peer::of(stream.get_ref().1) else { return };
        let router = router(&self).layer(Extension(peer.clone()));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(IDLE)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
        let (mut connection, mut closing) = (pin!(connection), self.closing.subscribe());
        let told = async { drop(closing.wait_for(|closing| *closing).await) };
        tokio::select! {
            ended = connection.as_mut() => if let Err(cause) = ended {
                tracing::debug!(%from, node = peer.name, %cause, "a node's connection ended early");
            },
            // What was begun is dropped: nothing of somebody who may no longer speak is to be finished.
            why = node.until_unfit(&peer) => {
                self.refuse_node(&peer.name, &why.to_string());
            }
            () = told => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    }
}

impl Server {
    /// One question of somebody who has no certificate yet: may I join.
    async fn answer_joining(self: &Arc<Self>, stream: TlsStream<Patient>) {
        let router = Router::new().route("/node/join", post(join)).with_state(Arc::clone(self));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HANDS)
            .keep_alive(false)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
        let _ = tokio::time::timeout(IDLE, connection).await;
    }
}

/// Lets through whoever may speak at this moment.
async fn judge(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response<Body> {
    let peer = request.extensions().get::<Peer>();
    let judged = match (&server.node, peer) {
        (Some(node), Some(peer)) => node.judge(peer),
        _ => Err(trust::Error::Stranger),
    };
    match judged {
        Ok(()) => next.run(request).await,
        Err(why) => {
            server.refuse_node(peer.map(|peer| peer.name.as_str()).unwrap_or_default(), &why.to_string());
            (StatusCode::FORBIDDEN, why.to_string()).into_response()
        }
    }
}

/// What the asker has already.
#[derive(Deserialize)]
struct Have {
    #[serde(default)]
    after: u64,
}

/// The directory, when it is newer than what the asker has.
async fn directory(State(server): State<Arc<Server>>, Query(have): Query<Have>) -> Response<Body> {
    let known = server.node.as_ref().and_then(|node| node.directory());
    match known.filter(|directory| directory.version() > have.after) {
        Some(directory) => versioned(directory.version(), directory.bytes().to_vec()),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

/// The list of the revoked, when it is newer than what the asker has.
async fn crl(State(server): State<Arc<Server>>, Query(have): Query<Have>) -> Response<Body> {
    let known = server.node.as_ref().map(|node| node.crl());
    match known.filter(|crl| crl.number > have.after) {
        Some(crl) => versioned(crl.number, crl.der().to_vec()),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

fn versioned(version: u64, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(VERSION, HeaderValue::from(version));
    response
}

/// Admits whoever brings a token.
async fn join(State(server): State<Arc<Server>>, body: Body) -> Response<Body> {
    let (Some(keeper), Some(node)) = (server.keeper(), server.node.clone()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let act = async {
        let bytes = to_bytes(body, JOINING).await.while_doing("reading", "a request to join")?;
        let asked: Joining = serde_json::from_slice(&bytes).while_doing("reading", "a request to join")?;
        let (secret, request) = (decode(&asked.secret)?, decode(&asked.request)?);
        blocking(move || {
            let admission = keeper.admit(&secret, (&request, &asked.address), node.now())?;
            node.reload()?;
            serde_json::to_vec(&admission).while_doing("writing", "an admission")
        })
        .await
    };
    answered(&server, "join", act.await)
}

/// Gives the signer of a request a new certificate; passed on to the authority where this is another node.
async fn renew(State(server): State<Arc<Server>>, body: Body) -> Response<Body> {
    let Some(node) = server.node.clone() else { return StatusCode::NOT_FOUND.into_response() };
    let act = async {
        let bytes = to_bytes(body, RENEWAL).await.while_doing("reading", "a renewal")?;
        let Some(keeper) = server.keeper() else {
            return server.pass_on(&node, ("/node/renew", bytes)).await;
        };
        let signed = Signed::read(&bytes, RENEWAL).while_doing("reading", "a renewal")?;
        blocking(move || {
            let certificate = keeper.renew(&signed, node.now())?;
            node.reload()?;
            Ok(certificate.der().to_vec())
        })
        .await
    };
    answered(&server, "renew", act.await)
}

/// Takes what a node says of its agencies; passed on to the authority where this is another node.
async fn agencies(State(server): State<Arc<Server>>, body: Body) -> Response<Body> {
    let Some(node) = server.node.clone() else { return StatusCode::NOT_FOUND.into_response() };
    let act = async {
        let bytes = to_bytes(body, TOLD_BYTES).await.while_doing("reading", "agencies of a node")?;
        let Some(keeper) = server.keeper() else {
            return server.pass_on(&node, ("/node/agencies", bytes)).await;
        };
        let signed = Signed::read(&bytes, TOLD_BYTES).while_doing("reading", "agencies of a node")?;
        blocking(move || {
            let contested = keeper.tell(&signed, node.now())?;
            node.reload()?;
            serde_json::to_vec(&contested).while_doing("writing", "what is contested")
        })
        .await
    };
    answered(&server, "agencies", act.await)
}

impl Server {
    /// The signature is the asker's own and the authority checks it: nobody on the way can say anything else.
    async fn pass_on(&self, node: &Node, (path, bytes): (&str, Bytes)) -> Result<Vec<u8>> {
        Ok(self.ask_authority(node, path, bytes.to_vec()).await?.body.to_vec())
    }
}

fn answered(server: &Arc<Server>, what: &str, answer: Result<Vec<u8>>) -> Response<Body> {
    match answer {
        Ok(bytes) => Response::new(Body::from(bytes)),
        Err(Error::Refused(refusal)) => {
            server.refuse_node(what, refusal.key);
            (StatusCode::CONFLICT, refusal.key).into_response()
        }
        Err(error) => {
            server.refuse_node(what, &error.to_string());
            (StatusCode::BAD_REQUEST, error.to_string()).into_response()
        }
    }
}

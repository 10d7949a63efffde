//! What this machine answers on the port of nodes: packets, receipts, files, and what its clock says.

use super::wire::CLOCK;
use crate::node::Peer;
use crate::server::Server;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::routing::{get, post, put};
use axum::{Extension, Router};
use base::{Error, Result};
use contracts::packet::{Handed, Receipted, Wanted};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Packets of one request: envelopes of 4 MB together, or one such envelope, with room for quoting.
const PACKETS_BYTES: usize = 12 * 1024 * 1024;
const RECEIPTS_BYTES: usize = 4 * 1024 * 1024;
const WANTED: usize = 20_000;
/// Requests with packets that are worked on at once; further ones are told to come again.
const AT_ONCE: usize = 6;

/// How much this process takes at once, and what it is called on the lanes it carries. Urgent letters have places of
/// their own.
pub(crate) struct Places {
    normal: Semaphore,
    urgent: Semaphore,
    pub(super) process: String,
}

impl Places {
    pub(crate) fn new(chance: fn(&mut [u8])) -> Places {
        let mut bytes = [0; 8];
        chance(&mut bytes);
        let process = kernel::hex(&bytes);
        Places { normal: Semaphore::new(AT_ONCE), urgent: Semaphore::new(AT_ONCE), process }
    }
}

#[derive(Deserialize)]
struct InLane {
    #[serde(default)]
    lane: String,
}

/// Which file, for whom, from where on.
#[derive(Deserialize)]
pub(super) struct Place {
    pub(super) to: String,
    #[serde(default)]
    pub(super) offset: u64,
    #[serde(default)]
    pub(super) bytes: u64,
}

/// The routes of the exchange.
pub(crate) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/node/packets", post(packets))
        .route("/node/receipts", post(receipts))
        .route("/node/files", post(wanted))
        .route("/node/files/{sha256}", put(upload).head(have))
        .route("/node/clock", get(clock))
}

async fn packets(
    State(server): State<Arc<Server>>,
    Extension(peer): Extension<Peer>,
    Query(InLane { lane }): Query<InLane>,
    body: Body,
) -> Response<Body> {
    let places = if lane == "urgent" { &server.places.urgent } else { &server.places.normal };
    let Ok(_place) = places.try_acquire() else { return busy(&server, 2) };
    let taken = async {
        let handed: Vec<Handed> = read(body, PACKETS_BYTES).await?;
        let node = server.node.as_ref().ok_or(Error::NotFound)?;
        server.take_packets(node, (handed, &peer.name), server.clock.now()).await
    };
    told(&server, taken.await)
}

async fn receipts(
    State(server): State<Arc<Server>>,
    Extension(peer): Extension<Peer>,
    body: Body,
) -> Response<Body> {
    let taken = async {
        let receipts: Vec<Receipted> = read(body, RECEIPTS_BYTES).await?;
        let node = server.node.as_ref().ok_or(Error::NotFound)?;
        let mut good = Vec::with_capacity(receipts.len());
        for receipt in receipts {
            good.push(server.take_receipt(node, (receipt, &peer.name), server.clock.now()).await?);
        }
        Ok(good)
    };
    told(&server, taken.await)
}

async fn wanted(State(server): State<Arc<Server>>, body: Body) -> Response<Body> {
    let looked = async {
        let wanted: Vec<Wanted> = read(body, RECEIPTS_BYTES).await?;
        if wanted.len() > WANTED {
            return Err(Error::field("wanted", "platform.exchange.too_large"));
        }
        server.files_wanted(&wanted, server.clock.now()).await
    };
    told(&server, looked.await)
}

async fn have(
    State(server): State<Arc<Server>>,
    Path(sha256): Path<String>,
    Query(place): Query<Place>,
) -> Response<Body> {
    let wanted = [Wanted { sha256, bytes: place.bytes, to: place.to }];
    match server.files_wanted(&wanted, server.clock.now()).await.as_deref() {
        Ok([None]) => told(&server, Ok(())),
        Ok([Some(offset)]) => {
            let mut response = answer(&server, StatusCode::NOT_FOUND, Body::empty());
            response.headers_mut().insert("x-node-offset", HeaderValue::from(*offset));
            response
        }
        _ => answer(&server, StatusCode::INTERNAL_SERVER_ERROR, Body::empty()),
    }
}

async fn upload(
    State(server): State<Arc<Server>>,
    Path(sha256): Path<String>,
    Query(place): Query<Place>,
    body: Body,
) -> Response<Body> {
    match server.take_file((&sha256, &place), body).await {
        Ok(Some(offset)) => {
            let body = serde_json::to_vec(&offset).map(Body::from).unwrap_or_default();
            answer(&server, StatusCode::CONFLICT, body)
        }
        Ok(None) => told(&server, Ok(())),
        Err(error) => told::<()>(&server, Err(error)),
    }
}

async fn clock(State(server): State<Arc<Server>>) -> Response<Body> {
    told(&server, Ok(()))
}

async fn read<V: DeserializeOwned>(body: Body, most: usize) -> Result<V> {
    let unread = || Error::field("body", "platform.exchange.bad_packet");
    let bytes = to_bytes(body, most).await.map_err(|_| unread())?;
    serde_json::from_slice(&bytes).map_err(|_| unread())
}

fn told<V: Serialize>(server: &Server, done: Result<V>) -> Response<Body> {
    let done = done.and_then(|value| serde_json::to_vec(&value).map_err(|e| Error::Internal(e.into())));
    match done {
        Ok(body) => answer(server, StatusCode::OK, Body::from(body)),
        Err(Error::Busy(_)) => busy(server, 10),
        Err(Error::NotFound) => answer(server, StatusCode::NOT_FOUND, Body::empty()),
        Err(Error::Invalid(_) | Error::Refused(_)) => {
            answer(server, StatusCode::UNPROCESSABLE_ENTITY, Body::empty())
        }
        Err(error) => {
            tracing::error!(%error, "a request of a node failed");
            answer(server, StatusCode::INTERNAL_SERVER_ERROR, Body::empty())
        }
    }
}

fn busy(server: &Server, seconds: u64) -> Response<Body> {
    let mut response = answer(server, StatusCode::SERVICE_UNAVAILABLE, Body::empty());
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn answer(server: &Server, status: StatusCode, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CLOCK, HeaderValue::from(server.clock.now().micros()));
    response
}

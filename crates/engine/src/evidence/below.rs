//! Seals of the nodes below: each is countersigned once, and each must follow the one before.

use crate::node::{Node, Peer};
use crate::server::Server;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};
use base::{Error, Instant, Result, WhileDoing};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::{Database, Scope};
use platform::evidence::{self, Witnessed};
use proof::{REFERENCES, Seal};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use xmldsig::Signer;
use xmldsig::detached::{self, Reference};

/// A statement has some hundred bytes.
const STATEMENT_BYTES: usize = 4_096;
/// A seal from the future is none.
const SKEW_HOURS: i64 = 2;

/// What is given for a seal.
#[derive(Debug, Clone)]
pub(super) struct Given {
    /// The signature over the seal and the list.
    pub(super) signature: String,
    /// The list of the revoked known at that moment.
    pub(super) crl: Vec<u8>,
}

/// As it travels.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    signature: String,
    crl: String,
}

impl Given {
    fn to_bytes(&self) -> Vec<u8> {
        let answer = Answer { signature: self.signature.clone(), crl: STANDARD.encode(&self.crl) };
        serde_json::to_vec(&answer).unwrap_or_default()
    }

    /// Reads what the node above answers.
    ///
    /// # Errors
    /// `Internal` when it is something else.
    pub(super) fn read(bytes: &[u8]) -> Result<Given> {
        let answer: Answer = serde_json::from_slice(bytes).while_doing("reading", "the answer")?;
        let crl = STANDARD.decode(&answer.crl).while_doing("reading", "the list of the revoked")?;
        Ok(Given { signature: answer.signature, crl })
    }
}

/// What nodes below ask of this one.
pub(crate) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/node/seals", post(seals)).layer(DefaultBodyLimit::max(STATEMENT_BYTES))
}

async fn seals(State(server): State<Arc<Server>>, Extension(peer): Extension<Peer>, body: Bytes) -> Response {
    match server.witness(&peer, &body).await {
        Ok(given) => given.to_bytes().into_response(),
        Err((status, why)) => {
            tracing::warn!(node = peer.name, why, "a seal was not countersigned");
            (status, why).into_response()
        }
    }
}

type Refused = (StatusCode, String);

impl Server {
    /// Countersigns a seal of a node below. What was countersigned is given again, what does not follow it is not.
    async fn witness(&self, peer: &Peer, body: &[u8]) -> std::result::Result<Given, Refused> {
        let no = |status, why: &str| (status, why.to_owned());
        let node = self.node.clone().ok_or_else(|| no(StatusCode::NOT_FOUND, "not a node"))?;
        let seal: Seal =
            serde_json::from_slice(body).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
        let canonical = seal.bytes().is_ok_and(|bytes| bytes == body);
        if !canonical || !trust::is_name(&seal.tenant) || seal.first < 1 || seal.last < seal.first {
            return Err(no(StatusCode::BAD_REQUEST, "not a statement"));
        }
        let directory = node.directory();
        let above = directory.as_ref().and_then(|directory| directory.node(&peer.name)?.above.clone());
        if seal.node != peer.name || above.as_deref() != Some(node.name()) {
            return Err(no(StatusCode::FORBIDDEN, "not a node below this one"));
        }
        let now = self.clock.now();
        if seal.at > now.plus_hours(SKEW_HOURS).micros() {
            return Err(no(StatusCode::CONFLICT, "it is from the future"));
        }
        let tenant =
            self.tenants().next().ok_or_else(|| no(StatusCode::SERVICE_UNAVAILABLE, "nowhere to keep it"))?;
        let statement = String::from_utf8_lossy(body).into_owned();
        let act = move |db: &dyn Database| once(db, &node, (&seal, &statement), now);
        match tenant.db.write(Scope::Everything, act).await {
            Ok(Some(given)) => Ok(given),
            Ok(None) => Err(no(StatusCode::CONFLICT, "it does not follow the last one")),
            Err(error) => Err((StatusCode::SERVICE_UNAVAILABLE, error.to_string())),
        }
    }
}

/// Signs a seal and remembers it, or gives again what was signed. `None` for another history.
fn once(
    db: &dyn Database,
    node: &Node,
    (seal, statement): (&Seal, &str),
    now: Instant,
) -> Result<Option<Given>> {
    let of = (seal.node.as_str(), seal.tenant.as_str());
    let hash = proof::sha256(statement.as_bytes());
    if let Some(last) = evidence::witnessed(db, of)? {
        if (last.number, &last.statement) == (seal.number, &hash) {
            return Ok(Some(Given { signature: last.signature, crl: last.crl }));
        }
        if seal.number != last.number + 1 || seal.previous != last.statement {
            return Ok(None);
        }
    }
    let given = sign(node, statement, now)?;
    let Given { signature, crl } = given.clone();
    evidence::remember(db, of, (&Witnessed { number: seal.number, statement: hash, signature, crl }, now))?;
    Ok(Some(given))
}

/// Signs a statement with the list of the revoked that holds now.
pub(super) fn sign(node: &Node, statement: &str, now: Instant) -> Result<Given> {
    let crl = node.crl();
    if !crl.is_fresh(now.micros() / 1_000_000) {
        return Err(Error::Busy("the list of the revoked is stale"));
    }
    let digests = [trust::fingerprint(statement.as_bytes()), trust::fingerprint(crl.der())];
    let references: Vec<Reference> = REFERENCES
        .iter()
        .zip(digests)
        .map(|(name, sha256)| Reference { name: (*name).to_owned(), sha256 })
        .collect();
    let certificate = node.certificate();
    let sign = |message: &[u8]| node.sign(message).map(|(signature, _)| signature).map_err(|e| e.to_string());
    let signer = Signer { certificate: certificate.der(), sign: &sign };
    let time = jiff::Timestamp::from_microsecond(now.micros()).while_doing("telling", "the time")?;
    let signature = detached::sign(&references, &signer, time).while_doing("signing", "a seal")?;
    Ok(Given { signature, crl: crl.der().to_vec() })
}

//! The calls to one axis: each answered, refused with a code, or lost.

use super::packet::{Written, local};
use crate::files::Stored;
use crate::network::http::NamedBy;
use crate::network::talk::Answer as Reply;
use crate::server::{Server, Tenant};
use axum::http::{Method, Request, header};
use base::{Error, Instant, Result};
use bytes::Bytes;
use http_body_util::{Full, StreamBody};
use hyper::body::Frame;
use std::time::Duration;
use tokio_util::io::ReaderStream;
use vxp::{Agency, Answer, Call, Credentials, Entry, HASH};

const WAIT: Duration = Duration::from_mins(1);
/// A packet may be long and the line slow.
const LONG_WAIT: Duration = Duration::from_mins(10);
const ANSWER_BYTES: usize = 1024 * 1024;
/// A list of a hundred thousand agencies is some megabytes.
const LIST_BYTES: usize = 64 * 1024 * 1024;

/// Who is spoken to, as whom.
pub(super) struct Session<'s> {
    pub(super) server: &'s Server,
    pub(super) address: String,
    pub(super) by: Credentials,
    pub(super) now: Instant,
}

/// What fetching a packet brought.
pub(super) enum Fetched {
    /// It lies in the store.
    Stored(Stored),
    /// It is longer than is taken.
    TooLong,
    /// There was an answer, but no packet.
    Said(Answer),
}

impl Session<'_> {
    /// All agencies of the axis.
    pub(super) async fn agencies(&self) -> std::result::Result<Vec<Agency>, Answer> {
        let (status, body) = self.ask(&Call::Agencies, LIST_BYTES).await.map_err(Answer::Unclear)?;
        vxp::agencies(status, &body)
    }

    /// The packets of a list.
    pub(super) async fn list(&self, call: &Call) -> std::result::Result<Vec<Entry>, Answer> {
        let (status, body) = self.ask(call, LIST_BYTES).await.map_err(Answer::Unclear)?;
        vxp::entries(status, &body)
    }

    /// Says what became of a packet.
    pub(super) async fn settle(&self, id: &str, taken: bool) -> Answer {
        match self.ask(&Call::Settle(id.to_owned(), taken), ANSWER_BYTES).await {
            Ok((status, body)) => vxp::outcome(status, &body),
            Err(why) => Answer::Unclear(why),
        }
    }

    /// Hands a packet in.
    pub(super) async fn send(&self, packet: &Written) -> Result<Answer> {
        let file = packet.file.try_clone().map_err(|cause| Error::Internal(cause.into()))?;
        let pieces = ReaderStream::with_capacity(tokio::fs::File::from_std(file), 64 * 1024);
        let frames = futures_util::StreamExt::map(pieces, |piece| piece.map(Frame::data));
        let call = Call::Send(packet.kind, packet.from.clone());
        let body = StreamBody::new(frames);
        let request = match self.request(&call, &packet.sha256) {
            Ok(request) => request.header(header::CONTENT_TYPE, "application/xml"),
            Err(why) => return Ok(Answer::Unclear(why)),
        };
        let request = request.header(header::CONTENT_LENGTH, packet.bytes).body(body);
        let request = request.map_err(|cause| Error::Internal(cause.into()))?;
        let said = async {
            let answer = self.server.network.talk(request, (NamedBy::Agency, LONG_WAIT)).await?;
            let status = answer.status;
            Ok::<_, String>((status, answer.whole(ANSWER_BYTES).await?))
        };
        Ok(match said.await {
            Ok((status, body)) => vxp::outcome(status, &body),
            Err(why) => Answer::Unclear(why),
        })
    }

    /// Fetches a packet into the store, piece by piece.
    pub(super) async fn fetch(&self, tenant: &Tenant, id: &str) -> Result<Fetched> {
        let unclear = |why: String| Ok(Fetched::Said(Answer::Unclear(why)));
        let mut answer = match self.open(&Call::Get(id.to_owned())).await {
            Ok(answer) => answer,
            Err(why) => return unclear(why),
        };
        let first = match answer.piece().await {
            Ok(first) => first.unwrap_or_default(),
            Err(why) => return unclear(why),
        };
        // A packet is XML, whatever stands before it; an answer in words is an object.
        let is_words = first.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        if !(200..300).contains(&answer.status) || is_words || first.is_empty() {
            let status = answer.status;
            let rest = answer.whole(ANSWER_BYTES).await.unwrap_or_default();
            return Ok(Fetched::Said(match vxp::outcome(status, &[&first, rest.as_slice()].concat()) {
                // All is well, and there is no packet: nobody knows what that means.
                Answer::Done => Answer::Unclear("no packet".to_owned()),
                other => other,
            }));
        }
        let told = answer.headers.get(HASH).and_then(|hash| hash.to_str().ok()).map(str::to_ascii_lowercase);
        let mut incoming = tenant.files.receive(self.server.config.outside.packet_bytes).await?;
        let mut piece = first;
        loop {
            match incoming.write(&piece).await {
                Ok(()) => {}
                Err(Error::Refused(_)) => return Ok(Fetched::TooLong),
                Err(error) => return Err(error),
            }
            piece = match answer.piece().await {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(why) => return unclear(why),
            };
        }
        let stored = tenant.keep(incoming, (None, self.now)).await?;
        match told {
            Some(told) if told != stored.sha256 => unclear("the packet was changed on its way".to_owned()),
            _ => Ok(Fetched::Stored(stored)),
        }
    }

    async fn ask(&self, call: &Call, limit: usize) -> std::result::Result<(u16, Vec<u8>), String> {
        let answer = self.open(call).await?;
        let status = answer.status;
        Ok((status, answer.whole(limit).await?))
    }

    async fn open(&self, call: &Call) -> std::result::Result<Reply, String> {
        let request = self.request(call, &vxp::hex_sha256(b""))?;
        let request = request.header(header::CONTENT_LENGTH, 0).body(Full::new(Bytes::new()));
        let request = request.map_err(|cause| cause.to_string())?;
        self.server.network.talk(request, (NamedBy::Agency, WAIT)).await
    }

    fn request(&self, call: &Call, hash: &str) -> std::result::Result<axum::http::request::Builder, String> {
        let at = local(self.now).ok_or("the clock says no time")?;
        let address = format!("{}{}", self.address.trim_end_matches('/'), call.path());
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(address)
            .header(header::USER_AGENT, concat!("VanLang/", env!("CARGO_PKG_VERSION")));
        for (name, value) in vxp::signed(call, &self.by, (at, hash)) {
            request = request.header(name, value);
        }
        Ok(request)
    }
}

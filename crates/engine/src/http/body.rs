//! Reads what was posted. Files are stored while they arrive; what travels in the form instead is a value we
//! signed for this person, so that nobody can name a file they did not upload.

use super::errors::Fault;
use super::visit::Visit;
use axum::body::Body;
use axum::extract::multipart::{Field as Piece, Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{StatusCode, header};
use base::form::{Field, Input, Kind, Upload};
use base::{Error, FieldErrors, Result};
use futures_util::{StreamExt, stream};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;
use std::{future, io};

type Read<V> = std::result::Result<V, Fault>;

// The reader of parts holds what it cannot tell apart yet, such as a heading without an end: so much at most.
const HELD: usize = 1024 * 1024;
// What a value costs beside its own bytes: many empty ones are not free.
const VALUE_COST: usize = 64;

/// The whole body, when it is short enough and comes in time.
///
/// # Errors
/// 413, 408.
pub(super) async fn bytes(visit: &Visit, body: Body) -> Read<Vec<u8>> {
    let limits = &visit.server.config.limits;
    let read = Limited::new(body, limits.form_bytes).collect();
    let Ok(read) = tokio::time::timeout(Duration::from_secs(limits.seconds), read).await else {
        return Err(slow());
    };
    match read {
        Ok(read) => Ok(read.to_bytes().to_vec()),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => Err(large()),
        Err(_) => Err(Fault::Http(StatusCode::BAD_REQUEST, "engine.error.body")),
    }
}

/// A posted form. `fields` says under which names files may come; they are kept only of somebody who `may` do
/// what the form asks for.
///
/// # Errors
/// 413, 408, 415; `Invalid` at a field that takes no file.
pub(super) async fn read(visit: &Visit, body: Body, (fields, may): (&[Field], bool)) -> Read<Input> {
    let kind = visit.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    if kind.starts_with("multipart/form-data") {
        let limit = Duration::from_secs(visit.server.config.limits.upload_seconds);
        let takes = |name: &str| {
            fields.iter().any(|field| field.name == name && matches!(field.kind, Kind::File | Kind::Files))
        };
        let parts = Parts { visit, takes: &takes, may, token: true };
        let read = Box::pin(parts.read(body));
        return tokio::time::timeout(limit, read).await.unwrap_or_else(|_| Err(slow()));
    }
    let plain = kind.is_empty() || kind.starts_with("application/x-www-form-urlencoded");
    if !plain {
        return Err(Fault::Http(StatusCode::UNSUPPORTED_MEDIA_TYPE, "engine.error.body"));
    }
    let bytes = bytes(visit, body).await?;
    if bytes.split(|byte| *byte == b'&').count() > visit.server.config.limits.form_bytes / VALUE_COST {
        return Err(large());
    }
    // Percent-encoding is ASCII; a browser sends nothing else.
    Ok(Input::from_urlencoded(&String::from_utf8_lossy(&bytes)))
}

/// Files posted by a program with a token: their signed values, under the name `file`.
///
/// # Errors
/// As [`read`].
pub(super) async fn uploads(visit: &Visit, body: Body) -> Read<Input> {
    let limit = Duration::from_secs(visit.server.config.limits.upload_seconds);
    let takes = |name: &str| name == "file";
    let parts = Parts { visit, takes: &takes, may: true, token: false };
    tokio::time::timeout(limit, parts.read(body)).await.unwrap_or_else(|_| Err(slow()))
}

/// Takes the signature off the values of file fields.
///
/// # Errors
/// `Invalid` at a field whose value was not signed for this person.
pub(super) fn unseal(visit: &Visit, fields: &[Field], posted: &Input) -> Result<Input> {
    let (mut clean, mut errors) = (Input::default(), FieldErrors::default());
    for (name, value) in posted.pairs() {
        let field = fields.iter().find(|field| field.name == name);
        let is_file = field.is_some_and(|field| matches!(field.kind, Kind::File | Kind::Files));
        if !is_file || value.is_empty() {
            clean.push(name, value);
            continue;
        }
        let signed = value.rsplit_once('|');
        let signed = signed.filter(|(text, mark)| visit.tenant.seal.holds(&purpose(visit), text, mark));
        match signed {
            // A new file in place of the kept one: the last counts.
            Some((text, _)) if field.is_some_and(|field| field.kind == Kind::File) => {
                clean = without(&clean, name).with(name, text);
            }
            Some((text, _)) => clean.push(name, text),
            None => errors.add(name.to_owned(), "form.not_a_file"),
        }
    }
    errors.into_result(clean)
}

/// What was posted without files that are gone: the page that comes back asks for them again.
pub(super) fn without_gone(visit: &Visit, fields: &[Field], posted: &Input) -> Input {
    let is_file = |name: &str| {
        fields.iter().any(|field| field.name == name && matches!(field.kind, Kind::File | Kind::Files))
    };
    let gone = |value: &str| Upload::decode(value).is_some_and(|file| !visit.tenant.files.has(&file.sha256));
    let left = posted.pairs().filter(|(name, value)| !(is_file(name) && gone(value)));
    Input::from_pairs(left.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

fn without(input: &Input, name: &str) -> Input {
    let others = input.pairs().filter(|(other, _)| *other != name);
    Input::from_pairs(others.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

fn purpose(visit: &Visit) -> String {
    format!("upload {}", visit.owner)
}

struct Parts<'a> {
    visit: &'a Visit,
    takes: &'a (dyn Fn(&str) -> bool + Sync),
    /// False for a visitor whose form waits for a sign-in: nobody without a right fills our disk.
    may: bool,
    /// True when the form token must have come before the first file: nor does anybody else's page.
    token: bool,
}

impl Parts<'_> {
    async fn read(&self, body: Body) -> Read<Input> {
        let pace = Arc::new(Pace::default());
        let mut request = Request::new(Arc::clone(&pace).pieces(body));
        request.headers_mut().clone_from(&self.visit.headers);
        // Each file and all that is no file have limits of their own.
        DefaultBodyLimit::disable().apply(&mut request);
        let unreadable = |_| Fault::Http(StatusCode::BAD_REQUEST, "engine.error.body");
        let mut parts = Multipart::from_request(request, &()).await.map_err(unreadable)?;
        let (mut input, mut files, mut room) =
            (Input::default(), 0, self.visit.server.config.limits.form_bytes);
        while let Some(part) = pace.next(parts.next_field()).await.map_err(broken)? {
            let name = part.name().unwrap_or("").to_owned();
            if let Some(file) = part.file_name().map(str::to_owned) {
                if let Some(value) = self.file(part, (&name, &file), (&input, &pace)).await? {
                    files += 1;
                    if files > self.visit.server.config.limits.files {
                        return Err(large());
                    }
                    input.push(name, value);
                }
                continue;
            }
            let text = text(part, room, &pace).await?;
            room = room.checked_sub(text.len() + name.len() + VALUE_COST).ok_or_else(large)?;
            input.push(name, text);
        }
        Ok(input)
    }

    /// Stores one file and answers its signed value; `None` for an empty one and one that is not let in.
    async fn file(
        &self,
        mut part: Piece<'_>,
        (name, file): (&str, &str),
        (input, pace): (&Input, &Pace),
    ) -> Read<Option<String>> {
        let visit = self.visit;
        if !self.may || (self.token && !visit.holds_token(input.get("_csrf"))) {
            // The form is refused, or waits for a sign-in; its texts are still wanted, its files are not.
            while pace.next(part.chunk()).await.map_err(broken)?.is_some() {}
            return Ok(None);
        }
        let mut incoming = None;
        while let Some(piece) = pace.next(part.chunk()).await.map_err(broken)? {
            if !(self.takes)(name) {
                let mut errors = FieldErrors::default();
                errors.add(name.to_owned(), "form.not_a_file");
                return Err(Error::Invalid(errors).into());
            }
            // A field that was left empty comes as a part without bytes, and as a piece without any.
            if piece.is_empty() {
                continue;
            }
            if incoming.is_none() {
                incoming = Some(visit.tenant.files.receive(visit.server.config.limits.file_bytes).await?);
            }
            if let Some(incoming) = &mut incoming {
                incoming.write(&piece).await?;
            }
        }
        let Some(incoming) = incoming else { return Ok(None) };
        let stored = visit.tenant.keep(incoming, (visit.caller.actor.person, visit.caller.now)).await?;
        let upload = Upload {
            sha256: stored.sha256,
            bytes: i64::try_from(stored.bytes).unwrap_or(i64::MAX),
            content_type: stored.content_type.to_owned(),
            name: shown_name(file),
        };
        let text = upload.encode();
        let mark = visit.tenant.seal.mark(&purpose(visit), &text);
        Ok(Some(format!("{text}|{mark}")))
    }
}

/// Keeps the reader of parts from taking more than it can use. Left alone it takes all that has come, and holds
/// it in memory.
#[derive(Default)]
struct Pace {
    /// What was handed on since the reader last had a result.
    held: AtomicUsize,
    /// True when the reader gets no further with what it has.
    hungry: AtomicBool,
}

impl Pace {
    /// Waits for the reader's next result.
    async fn next<V>(&self, result: impl Future<Output = V>) -> V {
        let mut result = pin!(result);
        let found = future::poll_fn(|cx| {
            let polled = result.as_mut().poll(cx);
            self.hungry.store(polled.is_pending(), Ordering::Relaxed);
            polled
        });
        let found = found.await;
        self.held.store(0, Ordering::Relaxed);
        found
    }

    /// The body in pieces: one at a time, none before it is needed, and an error instead of the one too many.
    fn pieces(self: Arc<Self>, body: Body) -> Body {
        let mut pieces = body.into_data_stream();
        Body::from_stream(stream::poll_fn(move |cx| {
            if !self.hungry.swap(false, Ordering::Relaxed) {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let piece = pieces.poll_next_unpin(cx);
            if let Poll::Ready(Some(Ok(bytes))) = &piece {
                let before = self.held.fetch_add(bytes.len(), Ordering::Relaxed);
                if before > HELD {
                    let cause = io::Error::other("a part of a form without an end");
                    return Poll::Ready(Some(Err(axum::Error::new(cause))));
                }
            }
            piece
        }))
    }
}

async fn text(mut part: Piece<'_>, room: usize, pace: &Pace) -> Read<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = pace.next(part.chunk()).await.map_err(broken)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > room {
            return Err(large());
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The last part of the name a person's machine gave the file, without anything that means something
/// elsewhere.
fn shown_name(file: &str) -> String {
    let last = file.rsplit(['/', '\\']).next().unwrap_or("");
    // Letters that turn the direction of writing make a program look like a letter: they go too.
    let plain: String = base::text::clean_line(last).replace('|', "_").chars().take(200).collect();
    if plain.is_empty() { "file".to_owned() } else { plain }
}

const fn large() -> Fault {
    Fault::Http(StatusCode::PAYLOAD_TOO_LARGE, "engine.error.large")
}

const fn slow() -> Fault {
    Fault::Http(StatusCode::REQUEST_TIMEOUT, "engine.error.slow")
}

fn broken(_: MultipartError) -> Fault {
    Fault::Http(StatusCode::BAD_REQUEST, "engine.error.body")
}

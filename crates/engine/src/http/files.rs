//! Files to the browser: stored ones in ranges, made ones whole.

use super::visit::Visit;
use super::{Reply, text};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};

/// A stored file and the name it is given.
pub(super) struct Named {
    pub(super) sha256: String,
    pub(super) name: String,
    pub(super) content_type: String,
}

/// A stored file: whole, a range of it, or "you have it". Its name is its content's, so its tag never lies.
pub(super) async fn stored(visit: &Visit, named: &Named) -> Reply {
    let tag = format!("\"{}\"", named.sha256);
    let sent = |name| visit.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if sent(header::IF_NONE_MATCH).is_some_and(|tags| tags.contains(&tag)) {
        return Ok(tagged(super::respond::status(StatusCode::NOT_MODIFIED), &tag));
    }
    let (content, length) = visit.tenant.files.get(&named.sha256).await?;
    let fresh = sent(header::IF_RANGE).is_none_or(|known| known == tag);
    let asked = sent(header::RANGE).filter(|_| fresh);
    let (from, to, status) = match asked.map(|asked| range(asked, length)) {
        Some(Range::Part(from, to)) => (from, to, StatusCode::PARTIAL_CONTENT),
        Some(Range::Outside) => {
            let mut response = super::respond::status(StatusCode::RANGE_NOT_SATISFIABLE);
            put(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{length}"));
            return Ok(response);
        }
        Some(Range::Whole) | None => (0, length, StatusCode::OK),
    };
    let mut response = Response::new(Body::from_stream(content.stream(from, to)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    put(headers, header::CONTENT_LENGTH, &to.saturating_sub(from).to_string());
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if status == StatusCode::PARTIAL_CONTENT {
        put(headers, header::CONTENT_RANGE, &format!("bytes {from}-{}/{length}", to.saturating_sub(1)));
    }
    describe(headers, (&named.name, &named.content_type));
    Ok(tagged(response, &tag))
}

/// A file made on the spot.
pub(super) fn made(named: (&str, &str), body: Vec<u8>) -> Response<Body> {
    streamed(named, Body::from(body))
}

/// A file that is made while it is sent.
pub(super) fn streamed((name, content_type): (&str, &str), body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    describe(response.headers_mut(), (name, content_type));
    response
}

fn tagged(mut response: Response<Body>, tag: &str) -> Response<Body> {
    put(response.headers_mut(), header::ETAG, tag);
    // Kept by this browser only, and asked about each time: the right to it may be gone.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

/// Type and name (RFC 6266 with RFC 8187). Only what a browser shows without running it is shown in place.
pub(super) fn describe(headers: &mut HeaderMap, (name, content_type): (&str, &str)) {
    let shown = matches!(
        content_type,
        "application/pdf" | "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "text/plain"
    );
    let content_type = if content_type == "text/plain" { "text/plain; charset=utf-8" } else { content_type };
    put(headers, header::CONTENT_TYPE, content_type);
    let place = if shown { "inline" } else { "attachment" };
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    let text = format!("{place}; filename=\"{plain}\"; filename*=UTF-8''{}", text::encode(name));
    put(headers, header::CONTENT_DISPOSITION, &text);
}

fn put(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

enum Range {
    Whole,
    /// From, and the byte after the last.
    Part(u64, u64),
    Outside,
}

/// Reads `bytes=a-b`. Several ranges are answered with the whole, as the standard allows.
fn range(asked: &str, length: u64) -> Range {
    let Some((from, to)) = asked.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Range::Whole;
    };
    let part = match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => (from, to.saturating_add(1).min(length)),
        (Ok(from), Err(_)) if to.trim().is_empty() => (from, length),
        (Err(_), Ok(last)) if from.trim().is_empty() => (length.saturating_sub(last), length),
        _ => return Range::Whole,
    };
    if part.0 < part.1 { Range::Part(part.0, part.1) } else { Range::Outside }
}

//! Headers on every response.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, header};

// Viewers inside our own pages need `frame-ancestors 'self'` and `object-src 'self'`.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; font-src 'self'; frame-src 'self'; \
    worker-src 'self'; manifest-src 'self'; frame-ancestors 'self'; form-action 'self'; base-uri 'none'; object-src 'self'";

const FIXED: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (HeaderName::from_static("permissions-policy"), "camera=(self), microphone=(self), geolocation=(self)"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Adds the security headers, and `no-store` where nothing else was said: pages hold personal data.
pub(crate) fn secure(response: &mut Response<Body>, id: &str) {
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

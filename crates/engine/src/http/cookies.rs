//! The cookies: all `__Host-` (this host only, HTTPS only, whole site), none readable by scripts.

use axum::http::{HeaderMap, HeaderValue, header};

/// The session's token.
pub(crate) const SESSION: &str = "__Host-vl";
/// A visitor's mark, to bind form tokens to a browser before it signs in.
pub(crate) const VISIT: &str = "__Host-vl-visit";
/// A message for the next page.
pub(crate) const FLASH: &str = "__Host-vl-flash";
/// The name that signed in from this browser before.
pub(crate) const KNOWN: &str = "__Host-vl-known";
/// The language of this browser.
pub(crate) const LANG: &str = "__Host-vl-lang";
/// The theme of this browser.
pub(crate) const THEME: &str = "__Host-vl-theme";

/// One year in seconds.
pub(crate) const YEAR: i64 = 365 * 24 * 3600;

/// A cookie the browser sent.
pub(crate) fn get<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// The header that sets a cookie. `seconds` is its life: `None` until the browser closes, 0 removes it.
pub(crate) fn set(name: &str, value: &str, seconds: Option<i64>) -> HeaderValue {
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let text = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}");
    // All values are base 64 or short words; a stray one is dropped rather than sent wrong.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

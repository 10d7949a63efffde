//! The job kind `push`: a notice goes to one device, through the push service of its browser.

use crate::network::http::NamedBy;
use crate::push::{Browser, allowed, sealed};
use crate::server::{Server, Tenant};
use axum::http::{HeaderMap, Request, StatusCode, Uri, header};
use base::{Error, Id, Instant, Lang, Result, T, WhileDoing};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body_util::Full;
use kernel::{Database, Scope, System, Writer};
use platform::push::{self, Device, Target, Wishes};
use serde_json::Value;
use std::fmt::Display;
use std::sync::Arc;

/// Minutes until the next try; after the last the notice stays in the app alone.
const WAITS: [i64; 5] = [1, 5, 30, 120, 360];
/// Whatever a push service asks for, it is asked again within so many minutes.
const LONGEST_WAIT: i64 = 720;
/// How long a push service keeps a notice for a device that is switched off, in seconds.
const KEPT: &str = "86400";
/// Longest text of a notice, in characters.
const LONGEST: usize = 160;
/// Placeholders a locked screen may always show: numbers and dates, never what a document is about or who did what.
const OPEN: [&str; 9] = ["symbol", "number", "nth", "n", "date", "since", "until", "notation", "year"];

/// Sends one notice. The payload is what `platform::push` queued.
pub(crate) fn send(server: Arc<Server>, tenant: String, payload: Value) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let tenant = Arc::clone(server.tenant(&tenant).ok_or(Error::NotFound)?);
        let device: Id<Device> =
            word(&payload, "device").parse().map_err(|_| Error::internal("a device has no id"))?;
        let read = move |cx: &kernel::Raw<'_>| push::target(cx, device);
        let found = server.read_as_system(&tenant, server.clock.now(), read).await?;
        // The device was removed since, or its owner is locked out.
        let Some((target, wishes)) = found else { return Ok(()) };
        let Some(service) = allowed(&target.endpoint, &server.config.push.services) else {
            tracing::warn!(tenant = tenant.name, "a device's push service is not on the operator's list");
            return Ok(());
        };
        let text = text(&server, (&target, &wishes), &payload);
        let request = request(&server, &tenant, (&target, service), (&text, urgent(&payload)))?;
        let answer = server.network.send(request, NamedBy::Operator).await;
        keep(&server, &tenant, (device, payload), answer).await
    })
}

fn word<'p>(payload: &'p Value, name: &str) -> &'p str {
    payload.get(name).and_then(Value::as_str).unwrap_or("")
}

fn urgent(payload: &Value) -> bool {
    payload.get("urgent").and_then(Value::as_bool) == Some(true)
}

/// What the browser is to show, and where it leads.
fn text(server: &Server, (target, wishes): (&Target, &Wishes), payload: &Value) -> String {
    let note: Value = serde_json::from_str(word(payload, "note")).unwrap_or_default();
    let empty = serde_json::Map::new();
    let words: Vec<(&str, &str)> = note
        .as_object()
        .unwrap_or(&empty)
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
        .map(|(name, value)| (name, if wishes.subjects || OPEN.contains(&name) { value } else { "…" }))
        .collect();
    let values: Vec<(&str, &dyn Display)> =
        words.iter().map(|(name, value)| -> (&str, &dyn Display) { (name, value) }).collect();
    let said = T::new(server.texts, Lang::parse(&target.lang)).fill(word(payload, "key"), &values);
    let title: String = said.chars().take(LONGEST).collect();
    serde_json::json!({
        "title": title, "path": word(payload, "path"), "tag": word(payload, "tag"), "urgent": urgent(payload),
    })
    .to_string()
}

fn request(
    server: &Server,
    tenant: &Tenant,
    (target, service): (&Target, Uri),
    (text, urgent): (&str, bool),
) -> Result<Request<Full<Bytes>>> {
    let browser = Browser::read(&target.p256dh, &target.auth);
    let browser = browser.ok_or_else(|| Error::internal("a device has no keys"))?;
    let body = sealed(text.as_bytes(), &browser, server.chance)?;
    let origin = format!(
        "{}://{}",
        service.scheme_str().unwrap_or("https"),
        service.authority().map_or("", |authority| authority.as_str())
    );
    let config = &server.config;
    let contact = match config.push.contact.as_str() {
        "" => config.origins.first().map_or("", String::as_str),
        contact => contact,
    };
    let authorization = tenant.push.authorization(&origin, contact, server.clock.now())?;
    Request::post(service)
        .header(header::AUTHORIZATION, authorization)
        .header(header::CONTENT_ENCODING, "aes128gcm")
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .header("ttl", KEPT)
        .header("urgency", if urgent { "high" } else { "normal" })
        .body(Full::new(Bytes::from(body)))
        .while_doing("writing to", &origin)
}

/// What the answer of a push service means (RFC 8030, 5 and 7.3).
async fn keep(
    server: &Arc<Server>,
    tenant: &Arc<Tenant>,
    (device, payload): (Id<Device>, Value),
    answer: std::result::Result<(StatusCode, HeaderMap), String>,
) -> Result<()> {
    let tries = payload.get("tries").and_then(Value::as_i64).unwrap_or(0);
    match &answer {
        Ok((status, _)) if status.is_success() => act(server, tenant, move |cx| push::used(cx, device)).await,
        Ok((StatusCode::NOT_FOUND | StatusCode::GONE, _)) => {
            act(server, tenant, move |cx| push::gone(cx, device)).await
        }
        Ok((status, _)) if status.is_client_error() && *status != StatusCode::TOO_MANY_REQUESTS => {
            tracing::warn!(tenant = tenant.name, %status, "a push service does not take a notice");
            Ok(())
        }
        _ => {
            let Some(wait) = next(tries, answer.as_ref().ok()) else {
                tracing::warn!(tenant = tenant.name, tries, "a notice to a device was given up");
                return Ok(());
            };
            if let Err(error) = &answer {
                tracing::info!(tenant = tenant.name, tries, %error, "a push service does not answer");
            }
            let at: Instant = server.clock.now().plus_secs(wait);
            act(server, tenant, move |cx| push::again(cx, &payload, (tries + 1, at))).await
        }
    }
}

/// Seconds until the next try; the push service's own wish counts when it is longer. `None` after the last one.
fn next(tries: i64, answer: Option<&(StatusCode, HeaderMap)>) -> Option<i64> {
    let own = WAITS.get(usize::try_from(tries).ok()?)? * 60;
    let asked =
        answer.and_then(|(_, headers)| headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse::<i64>().ok());
    Some(asked.map_or(own, |asked| own.max(asked)).min(LONGEST_WAIT * 60))
}

async fn act(
    server: &Server,
    tenant: &Arc<Tenant>,
    act: impl Fn(&mut Writer<'_, System>) -> Result<()> + Send + Sync + 'static,
) -> Result<()> {
    let cx = server.system(tenant, server.clock.now());
    let act = move |db: &dyn Database| kernel::engine::write(db, &cx, |cx| act(cx));
    tenant.db.write(Scope::Everything, act).await
}

#[cfg(test)]
mod tests {
    use super::next;
    use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

    #[test]
    fn a_push_service_that_cannot_is_asked_later_and_later_and_then_no_more() {
        let waits: Vec<_> = (0..6).map(|tries| next(tries, None)).collect();
        assert_eq!(waits, [Some(60), Some(300), Some(1800), Some(7200), Some(21_600), None]);
        let wish = |seconds: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
            (StatusCode::TOO_MANY_REQUESTS, headers)
        };
        assert_eq!(next(0, Some(&wish("600"))), Some(600));
        assert_eq!(next(2, Some(&wish("10"))), Some(1800), "not sooner than we would");
        assert_eq!(next(0, Some(&wish("999999999"))), Some(43_200), "not next year");
        assert_eq!(next(0, Some(&wish("Fri, 31 Dec 1999 23:59:59 GMT"))), Some(60));
    }
}

//! The job kind `mail`: a notice leaves through the relay, or only into the log when there is none.

use crate::config::Smtp;
use crate::server::Server;
use base::{Error, Lang, Result, T, WhileDoing};
use futures_util::future::BoxFuture;
use lettre::message::header::ContentType;
use lettre::{Message, SmtpTransport, Transport};
use serde_json::Value;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

const WAIT: Duration = Duration::from_secs(20);

struct Mail {
    to: String,
    subject: String,
    body: String,
}

/// Sends one mail. The payload is `{to, subject, body}`, or `{to, lang, key, note, path}` for a notice: the language
/// its reader chose, text key, values of its placeholders, and the page it leads to.
pub(crate) fn send(server: Arc<Server>, tenant: String, payload: Value) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let mail = written(&server, &tenant, &payload)?;
        let Some(smtp) = server.config.smtp.clone() else {
            tracing::info!(tenant, subject = mail.subject, "a mail was not sent: no relay is configured");
            return Ok(());
        };
        tokio::task::spawn_blocking(move || deliver(&smtp, mail))
            .await
            .map_err(|e| Error::internal(format!("the mail thread ended: {e}")))?
    })
}

fn written(server: &Server, tenant: &str, payload: &Value) -> Result<Mail> {
    let text = |name: &str| payload.get(name).and_then(Value::as_str).map(str::to_owned);
    let to = text("to").ok_or_else(|| Error::internal("a mail has no recipient"))?;
    let (Some(key), None) = (text("key"), text("subject")) else {
        let missing = || Error::internal("a mail has no subject or no body");
        let (subject, body) = (text("subject").ok_or_else(missing)?, text("body").ok_or_else(missing)?);
        return Ok(Mail { to, subject, body });
    };
    let note: Value = serde_json::from_str(&text("note").unwrap_or_default()).unwrap_or_default();
    let empty = serde_json::Map::new();
    let words: Vec<(&String, &str)> = note
        .as_object()
        .unwrap_or(&empty)
        .iter()
        .filter_map(|(name, value)| Some((name, value.as_str()?)))
        .collect();
    let values: Vec<(&str, &dyn Display)> =
        words.iter().map(|(name, value)| -> (&str, &dyn Display) { (name.as_str(), value) }).collect();
    let said = T::new(server.texts, Lang::parse(&text("lang").unwrap_or_default())).fill(&key, &values);
    let link = format!("{}{}", origin(server, tenant), text("path").unwrap_or_default());
    Ok(Mail { to, body: format!("{said}\n\n{link}\n"), subject: said })
}

/// The address under which people reach a tenant; empty when none is configured.
fn origin(server: &Server, tenant: &str) -> String {
    let of_tenant = |origin: &&String| {
        origin
            .split("://")
            .nth(1)
            .and_then(|host| host.split('.').next())
            .is_some_and(|label| label == tenant)
    };
    let origins = &server.config.origins;
    origins.iter().find(of_tenant).or(origins.first()).cloned().unwrap_or_default()
}

fn deliver(smtp: &Smtp, mail: Mail) -> Result<()> {
    let address = |text: &str| text.parse().while_doing("reading the address", text);
    let message = Message::builder()
        .from(address(&smtp.from)?)
        .to(address(&mail.to)?)
        .subject(mail.subject)
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body)
        .while_doing("writing a mail to", &mail.to)?;
    let (host, port) = smtp.server.rsplit_once(':').unwrap_or((&smtp.server, "25"));
    let port: u16 = port.parse().while_doing("reading the port of", &smtp.server)?;
    let relay = SmtpTransport::builder_dangerous(host).port(port).timeout(Some(WAIT)).build();
    relay.send(&message).while_doing("sending a mail through", &smtp.server).map(drop)
}

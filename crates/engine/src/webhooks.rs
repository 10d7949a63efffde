//! Tells programs of others what happened: a loop a tenant. At least once, each call under an id of its own, signed.

use crate::network::http::NamedBy;
use crate::server::{Server, Tenant};
use axum::http::{Method, Request, Uri, header};
use base::{Error, Instant, Result};
use bytes::Bytes;
use http_body_util::Full;
use kernel::{Database, Scope, engine};
use platform::webhooks::{self, Call, Outcome};
use ring::hmac;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

const POLL: Duration = Duration::from_secs(1);
const LEASE_MINUTES: i64 = 5;
const BATCH: i64 = 8;

type Told<V> = std::result::Result<V, String>;

impl Server {
    /// Starts the loops that tell programs of others, one a tenant.
    pub fn spawn_webhooks(self: &Arc<Self>) -> Vec<JoinHandle<()>> {
        self.tenants().map(|tenant| tokio::spawn(Arc::clone(self).tell_forever(Arc::clone(tenant)))).collect()
    }

    async fn tell_forever(self: Arc<Self>, tenant: Arc<Tenant>) {
        loop {
            match self.tell_batch(&tenant, self.clock.now()).await {
                Ok(0) => tokio::time::sleep(POLL).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(tenant = tenant.name, %error, "webhooks could not be called");
                    tokio::time::sleep(POLL * 5).await;
                }
            }
        }
    }

    /// Makes every call of a tenant that is due at a moment. Answers how many were made. For demonstrations and tests.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant, and what the database reports.
    pub async fn call_webhooks(&self, tenant: &str, at: Instant) -> Result<usize> {
        let tenant = Arc::clone(self.tenant(tenant).ok_or(Error::NotFound)?);
        let mut all = 0;
        loop {
            match self.tell_batch(&tenant, at).await? {
                0 => return Ok(all),
                made => all += made,
            }
        }
    }

    async fn tell_batch(&self, tenant: &Arc<Tenant>, now: Instant) -> Result<usize> {
        if !self.read_as_system(tenant, now, webhooks::any_due).await? {
            return Ok(0);
        }
        // Who is far behind is brought up in several transactions, so that others write in between.
        loop {
            let cx = self.system(tenant, now);
            let fan_out = move |db: &dyn Database| engine::write(db, &cx, webhooks::fan_out);
            if !tenant.db.write(Scope::Everything, fan_out).await? {
                break;
            }
        }
        let until = now.plus_minutes(LEASE_MINUTES);
        let claim = move |db: &dyn Database| webhooks::claim(db, (now, until), BATCH);
        let due = tenant.db.write(Scope::Everything, claim).await?;
        let made = due.len();
        let calls = due.into_iter().map(|call| async move {
            let outcome = self.make(tenant, &call, now).await;
            (call, outcome)
        });
        for (call, outcome) in futures_util::future::join_all(calls).await {
            if let Some(error) = &outcome.error {
                tracing::warn!(tenant = tenant.name, webhook = %call.webhook, error, "a webhook was not taken");
            }
            let cx = self.system(tenant, now);
            let keep =
                move |db: &dyn Database| engine::write(db, &cx, |cx| webhooks::made(cx, &call, &outcome));
            tenant.db.write(Scope::Everything, keep).await?;
        }
        tenant.work.notify_one();
        Ok(made)
    }

    async fn make(&self, tenant: &Arc<Tenant>, call: &Call, now: Instant) -> Outcome {
        match self.post(tenant, call, now).await {
            Ok(answer @ 200..=299) => Outcome { answer, error: None },
            Ok(answer) => Outcome { answer, error: Some(format!("HTTP {answer}")) },
            Err(why) => Outcome { answer: 0, error: Some(why.chars().take(300).collect()) },
        }
    }

    /// Sends one call; the answer's status.
    async fn post(&self, tenant: &Arc<Tenant>, call: &Call, now: Instant) -> Told<i64> {
        let id = call.webhook;
        let hook = self.read_as_system(tenant, now, move |cx| webhooks::one(cx, id)).await;
        let hook = hook.map_err(|error| error.to_string())?;
        let secret = tenant.files.open_text(&hook.secret).ok_or("its secret cannot be opened")?;
        let uri: Uri = hook.url.parse().map_err(|_| "the address cannot be read")?;
        let (status, _) = self.network.send(request((uri, &secret), call, now)?, NamedBy::Agency).await?;
        Ok(i64::from(status.as_u16()))
    }
}

/// The signature is over the moment and the body, so that neither can be exchanged: HMAC-SHA256 of `TIMESTAMP.BODY`.
fn request((uri, secret): (Uri, &str), call: &Call, now: Instant) -> Told<Request<Full<Bytes>>> {
    let timestamp = (now.micros() / 1_000_000).to_string();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mark = hmac::sign(&key, format!("{timestamp}.{}", call.body).as_bytes());
    Request::builder()
        .method(Method::POST)
        .uri(uri)
        .header(header::USER_AGENT, concat!("VanLang/", env!("CARGO_PKG_VERSION")))
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-vanlang-event", &call.event)
        .header("x-vanlang-delivery", call.id.to_string())
        .header("x-vanlang-timestamp", timestamp)
        .header("x-vanlang-signature", format!("sha256={}", kernel::hex(mark.as_ref())))
        .body(Full::new(Bytes::from(call.body.clone())))
        .map_err(|cause| cause.to_string())
}

//! Lets the signatures of a stored PDF last: evidence of revocation and a timestamp over all of it, each as one more
//! revision (ETSI EN 319 142-1, 5.4 and 5.5). What was signed stays byte for byte at the front of the new file.

use crate::server::Server;
use crate::signing::refused;
use crate::signing::web::Service;
use base::{Error, Instant, Result, WhileDoing};
use contracts::signing::{AugmentAsk, AugmentTold};
use futures_util::future::BoxFuture;
use pades::Reason;
use pades::pdf::Limits;
use pades::timestamp::{Evidence, add_evidence, add_to_document, standing};
use pades::trust::Trust;
use pades::verify::Answer;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

/// So many days before the certificate of the last timestamp ends another one is added.
const DAYS_BEFORE: i64 = 90;

/// The job: kind `pdf.augment`.
pub(crate) fn run(
    server: Arc<Server>,
    tenant: String,
    payload: serde_json::Value,
) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let ask: AugmentAsk = serde_json::from_value(payload).while_doing("reading", "what is to last")?;
        let here = Arc::clone(server.tenant(&tenant).ok_or(Error::NotFound)?);
        let mut content = match here.files.get(&ask.sha256).await {
            Ok((content, _)) => content,
            // It was given back or destroyed meanwhile.
            Err(Error::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        };
        let (config, now) = (&server.config.signing, server.clock.now());
        let wait = Duration::from_secs(config.seconds);
        let authority = config.timestamp.as_deref();
        let authority = authority.map(|at| Service::at(&server.network, at, None, wait)).transpose()?;
        let trust = server.trusted.get(config)?;
        let made = tokio::task::spawn_blocking(move || {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes).while_doing("reading", "a file")?;
            longer(&bytes, (&trust, authority.as_ref()), now)
        });
        let Some(made) = made.await.map_err(|cause| Error::Internal(cause.into()))?? else { return Ok(()) };
        let mut incoming = here.files.receive(u64::MAX).await?;
        incoming.write(&made).await?;
        let kept = here.keep(incoming, (None, now)).await?;
        let bytes = i64::try_from(kept.bytes).unwrap_or(i64::MAX);
        let told = AugmentTold { before: ask.sha256, sha256: kept.sha256, bytes, about: ask.about };
        let told = serde_json::to_value(told).while_doing("writing", "what lasts longer")?;
        server.run_now(&here, &ask.then, told).await
    })
}

/// The longer file; `None` when the file lasts, or when nothing here would make it last.
fn longer(
    pdf: &[u8],
    (trust, authority): (&Trust, Option<&Service>),
    now: Instant,
) -> Result<Option<Vec<u8>>> {
    let plain = |error: pades::Error| refused(&error, "");
    let limits = Limits::default();
    let Ok(stands) = standing(pdf, &limits) else { return Ok(None) };
    let soon = moment(now.plus_days(DAYS_BEFORE))?;
    let ends = stands.stamped_until.is_none_or(|until| until < soon) && authority.is_some();
    let (certificates, crls) = trust.behind(&stands.certificates);
    let lacks = !crls.is_empty() && !stands.has_revocation;
    if stands.signatures == 0 || !(ends || lacks) || !is_valid(pdf, trust, now)? {
        return Ok(None);
    }
    let evidence = Evidence { certificates: &certificates, crls: &crls, ocsps: &[] };
    let mut made = match add_evidence(pdf, &limits, &evidence) {
        Ok(made) => made,
        // All of it is there.
        Err(error) if error.reason == Reason::BadRequest => pdf.to_vec(),
        Err(error) => return Err(plain(error)),
    };
    if let Some(authority) = authority {
        let ask = |query: &[u8]| authority.timestamp(query);
        let field = format!("LuuTru{}", stands.stamps.saturating_add(1));
        made = add_to_document(&made, &field, &limits, &ask).map_err(plain)?;
    }
    if !made.starts_with(pdf) || !is_valid(&made, trust, now)? {
        return Err(Error::internal("a file that was to last is not valid any more"));
    }
    Ok((made.len() > pdf.len()).then_some(made))
}

/// Only what is valid now is worth keeping so.
fn is_valid(pdf: &[u8], trust: &Trust, now: Instant) -> Result<bool> {
    let verdicts = pades::verify::verify(pdf, trust, moment(now)?);
    Ok(verdicts.is_ok_and(|verdicts| Answer::of(verdicts).accepted))
}

fn moment(at: Instant) -> Result<jiff::Timestamp> {
    at.rfc3339().parse().while_doing("reading", "the moment")
}

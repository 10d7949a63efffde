//! Judges the signatures of a stored PDF, and tells the module that asked.

use crate::server::Server;
use crate::signing::common_name;
use base::{Error, Instant, Result, WhileDoing};
use contracts::signing::{SignatureTold, VerifyAsk, VerifyTold};
use futures_util::future::BoxFuture;
use pades::pdf::Limits;
use pades::trust::Trust;
use pades::verify::{Answer, Kind, Status, Verdict};
use std::io::Read;
use std::sync::Arc;

/// The job: kind `pdf.verify`.
pub(crate) fn run(
    server: Arc<Server>,
    tenant: String,
    payload: serde_json::Value,
) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let ask: VerifyAsk = serde_json::from_value(payload).while_doing("reading", "what to verify")?;
        let here = Arc::clone(server.tenant(&tenant).ok_or(Error::NotFound)?);
        let (mut content, length) = match here.files.get(&ask.sha256).await {
            Ok(found) => found,
            // It was given back or destroyed meanwhile.
            Err(Error::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        };
        let (trust, now) = (server.trusted.get(&server.config.signing)?, server.clock.now());
        // One file may take some hundred megabytes, and sixteen jobs wait on the outside at once.
        let _turn = server.verifying.acquire().await.map_err(|cause| Error::Internal(cause.into()))?;
        let judged = tokio::task::spawn_blocking(move || {
            if usize::try_from(length).is_ok_and(|length| length > Limits::default().file_bytes_max) {
                let too_large = pades::Reason::TooLarge.code().to_owned();
                return Ok(("unverifiable".to_owned(), vec![too_large], Vec::new()));
            }
            let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
            content.read_to_end(&mut bytes).while_doing("reading", "a file")?;
            judge(&bytes, &trust, now)
        });
        let (state, reasons, signatures) = judged.await.map_err(|cause| Error::Internal(cause.into()))??;
        let told = VerifyTold { sha256: ask.sha256, about: ask.about, state, reasons, signatures };
        let told = serde_json::to_value(told).while_doing("writing", "a verdict")?;
        server.run_now(&here, &ask.then, told).await
    })
}

type Judged = (String, Vec<String>, Vec<SignatureTold>);

fn judge(bytes: &[u8], trust: &Trust, now: Instant) -> Result<Judged> {
    let at = now.rfc3339().parse().while_doing("reading", "the moment")?;
    let answer = match pades::verify::verify(bytes, trust, at) {
        Ok(verdicts) => Answer::of(verdicts),
        // A file that cannot be read cannot be judged either; the reason is told.
        Err(error) => return Ok(("unverifiable".to_owned(), vec![error.code().to_owned()], Vec::new())),
    };
    let broken = |verdict: &Verdict| verdict.status == Status::Invalid;
    let state = match (answer.signatures.is_empty(), answer.accepted) {
        (true, _) => "none",
        (_, true) => "valid",
        _ if answer.signatures.iter().any(broken) || !answer.reasons.is_empty() => "invalid",
        _ => "unverifiable",
    };
    let reasons = if answer.signatures.is_empty() { &[] } else { answer.reasons.as_slice() };
    let reasons = reasons.iter().map(|cause| cause.code().to_owned()).collect();
    Ok((state.to_owned(), reasons, answer.signatures.iter().map(told).collect()))
}

fn told(verdict: &Verdict) -> SignatureTold {
    let kind = match verdict.kind {
        Kind::Person => "person",
        Kind::Organisation => "organisation",
        Kind::Timestamp => "timestamp",
        Kind::Unknown => "unknown",
    };
    let state = match verdict.status {
        Status::Valid => "valid",
        Status::Invalid => "invalid",
        Status::Unverifiable => "unverifiable",
    };
    let moment = |at: Option<jiff::Timestamp>| at.map(|at| Instant::from_micros(at.as_microsecond()));
    SignatureTold {
        name: verdict.signer.as_deref().map(common_name).unwrap_or_default(),
        kind: kind.to_owned(),
        state: state.to_owned(),
        claimed_at: moment(verdict.claimed_at),
        proven_at: moment(verdict.proven_at),
        reasons: verdict.reasons.iter().map(|cause| cause.code().to_owned()).collect(),
    }
}

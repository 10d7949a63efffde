//! What the signatures of files are worth: asked of the engine in the background, kept with the file's hash, and told of
//! the document it belongs to.

use crate::actions::incoming::KIND;
use crate::actions::signing::PDF;
use crate::model::{Incoming, IncomingStatus, SignatureVerdict};
use crate::rules;
use crate::store::signatures as store;
use base::{AgencyId, Id, Result, WhileDoing};
use contracts::signing::{VerifyAsk, VerifyTold};
use kernel::{Opened, Permission, System, Writer, jobs};
use platform::notify::note;
use platform::{files, tasks};
use serde::{Deserialize, Serialize};

/// What is handed along with a question, and comes back.
#[derive(Serialize, Deserialize)]
struct About {
    agency: AgencyId,
    incoming: Option<Id<Incoming>>,
}

/// Asks what the signatures of a stored PDF are worth.
pub(crate) fn ask<P: Permission>(
    cx: &mut Writer<'_, P>,
    agency: AgencyId,
    (incoming, sha256): (Option<Id<Incoming>>, &str),
) -> Result<()> {
    let key = match incoming {
        Some(incoming) => format!("{incoming} {sha256}"),
        None => format!("{agency} {sha256}"),
    };
    let about = serde_json::to_value(About { agency, incoming }).while_doing("writing", "a question")?;
    let ask = VerifyAsk { sha256: sha256.to_owned(), then: "document.verified".to_owned(), about };
    let ask = serde_json::to_value(ask).while_doing("writing", "a question")?;
    jobs::enqueue(cx, "pdf.verify", &key, &ask)
}

/// Asks about every PDF of a document that came.
pub(crate) fn ask_all<P: Permission>(cx: &mut Writer<'_, P>, document: &Opened<Incoming>) -> Result<()> {
    for file in files::of(cx, document.id)?.iter().filter(|file| file.content_type == PDF) {
        ask(cx, document.agency, (Some(document.id), &file.sha256))?;
    }
    Ok(())
}

/// Keeps what was found. A document with a broken file cannot be taken on in one press any more.
pub(crate) fn on_verified(cx: &mut Writer<'_, System>, payload: &serde_json::Value) -> Result<()> {
    let told: VerifyTold = serde_json::from_value(payload.clone()).while_doing("reading", "a verdict")?;
    let about: About =
        serde_json::from_value(told.about.clone()).while_doing("reading", "what a verdict is about")?;
    store::judged(cx, about.agency, (&told, &payload.to_string()))?;
    cx.record_nothing("what a check finds is no act; a broken signature is told below");
    let Some(incoming) = about.incoming else { return Ok(()) };
    let document = match cx.open::<Incoming>(incoming) {
        Err(base::Error::NotFound) => return Ok(()),
        opened => opened?,
    };
    let mut found = Vec::new();
    for file in files::of(cx, document.id)? {
        found.extend(store::verdict(cx, document.agency, &file.sha256)?.map(|verdict| verdict.state));
    }
    let state = rules::signatures::together(found);
    if state == SignatureVerdict::None || !store::mark(cx, &document, state)? {
        return Ok(());
    }
    let told = match state {
        SignatureVerdict::Valid => "documents.signature.mark.valid",
        SignatureVerdict::Invalid => "documents.signature.mark.invalid",
        SignatureVerdict::Unverifiable | SignatureVerdict::None => "documents.signature.mark.unverifiable",
    };
    let detail = [document.symbol.as_str(), &document.from_name, told].join(" · ");
    tasks::retell(cx, document.id, ("documents.task.register", &detail))?;
    if state == SignatureVerdict::Invalid {
        let values = [("symbol", document.symbol.clone())];
        cx.record_noted(
            "documents.act.broken_signature",
            (KIND, document.id),
            document.agency,
            note(&values),
        );
        if document.status == IncomingStatus::Arrived {
            tasks::not_at_once(cx, document.id, "documents.task.register")?;
        }
    }
    Ok(())
}

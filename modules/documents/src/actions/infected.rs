//! The scanner found something harmful in a file: the clerks of whoever holds it are told.

use crate::actions::{incoming, outgoing};
use crate::model::{Incoming, Outgoing};
use base::{Error, Id, Result, WhileDoing};
use kernel::{System, Writer};
use platform::scans::{self, Bad};
use platform::tasks::{self, NewTask, Owner};
use serde::Deserialize;

/// What is queued: job kind `file.infected`.
#[derive(Debug, Deserialize)]
struct Told {
    sha256: String,
    /// The only thing that is meant; all that hold the file when it is left out.
    subject: Option<uuid::Uuid>,
}

/// Gives the clerks of each document that holds the file a task, once. It ends when an administrator destroys the file.
pub(crate) fn on_infected(cx: &mut Writer<'_, System>, payload: &serde_json::Value) -> Result<()> {
    let told: Told = serde_json::from_value(payload.clone()).while_doing("reading", "a verdict")?;
    let mut held = scans::holders(cx, &told.sha256)?;
    held.retain(|file| told.subject.is_none_or(|subject| subject == file.subject));
    cx.record_nothing("what was found is in the log already; a task is its consequence");
    for file in held {
        let open = tasks::of(cx, Id::<()>::of(file.subject))?;
        if !open.iter().any(|task| task.kind == scans::TASK && task.done_at.is_none()) {
            warn(cx, &file)?;
        }
    }
    Ok(())
}

fn warn(cx: &mut Writer<'_, System>, file: &Bad) -> Result<()> {
    let (kind, page, title, right) = match cx.open::<Incoming>(Id::of(file.subject)) {
        Ok(document) => {
            let page = incoming::path(document.id);
            (incoming::KIND, page, document.subject.clone(), "documents.incoming.register")
        }
        Err(Error::NotFound) => match cx.open::<Outgoing>(Id::of(file.subject)) {
            Ok(document) => {
                let page = outgoing::path(document.id);
                (outgoing::KIND, page, document.subject.clone(), "documents.outgoing.issue")
            }
            // A version that is not in force, or a thing of another module: its page shows the mark.
            Err(Error::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        },
        Err(error) => return Err(error),
    };
    let task = NewTask {
        kind: scans::TASK,
        subject: (kind, file.subject),
        title: &title,
        detail: &format!("{} · {}", file.name, file.found),
        path: page,
        act_path: None,
        owner: Owner::Pool(right),
        lead: true,
        urgency: 1,
        due: None,
    };
    tasks::give(cx, file.agency, &task).map(drop)
}

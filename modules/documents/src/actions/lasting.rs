//! Signed files last longer than the certificates they were signed with. Each is looked at again and again; the engine adds
//! evidence and a timestamp behind what was signed, and the longer file stands for the one before. Its bytes begin with
//! those of the one before, so nothing is lost with it; the hash of the one before stays in the history.

use crate::actions::copies;
use crate::actions::outgoing;
use crate::actions::signing::PDF;
use crate::actions::verdicts;
use crate::model::Outgoing;
use crate::model::copies::DocumentCopy;
use crate::store::lasting as store;
use base::form::Upload;
use base::{AgencyId, Id, Result, WhileDoing};
use contracts::signing::{AugmentAsk, AugmentTold};
use kernel::{Permission, System, Writer, jobs};
use platform::files::{self, FileOf};
use platform::notify::note;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A file is looked at for the first time after a day: until then what was revoked may not be on a list yet.
const FIRST_DAYS: i64 = 1;
/// And then so often.
const EVERY_DAYS: i64 = 30;
/// Files that are looked at in a day.
const A_DAY: i64 = 2000;

/// Whose file it is.
#[derive(Serialize, Deserialize)]
struct About {
    agency: AgencyId,
    kind: String,
    subject: Uuid,
}

/// A signed file is kept from now on.
pub(crate) fn keep<P: Permission>(
    cx: &mut Writer<'_, P>,
    of: (AgencyId, &'static str, Uuid),
    sha256: &str,
) -> Result<()> {
    let first = cx.now().plus_days(FIRST_DAYS);
    store::enter(cx, of, (sha256, first))
}

/// Once a day: has those looked at that are due.
pub(crate) fn look(cx: &mut Writer<'_, System>, _: &serde_json::Value) -> Result<()> {
    let (now, again) = (cx.now(), cx.now().plus_days(EVERY_DAYS));
    for file in store::due(cx, now, A_DAY)? {
        let about = About { agency: file.agency, kind: file.kind, subject: file.subject };
        let about = serde_json::to_value(about).while_doing("writing", "whose file it is")?;
        let ask = AugmentAsk { sha256: file.sha256, then: "document.augmented".to_owned(), about };
        let ask = serde_json::to_value(ask).while_doing("writing", "what is to last")?;
        jobs::enqueue(cx, "pdf.augment", &file.id.to_string(), &ask)?;
        store::looked(cx, file.id, again)?;
    }
    cx.record_nothing("looking is no act; a longer file is recorded when there is one");
    Ok(())
}

/// A longer file stands for the one before.
pub(crate) fn on_augmented(cx: &mut Writer<'_, System>, payload: &serde_json::Value) -> Result<()> {
    let told: AugmentTold =
        serde_json::from_value(payload.clone()).while_doing("reading", "a longer file")?;
    let about: About =
        serde_json::from_value(told.about.clone()).while_doing("reading", "whose file it is")?;
    match about.kind.as_str() {
        copies::KIND => {
            let copy = cx.open::<DocumentCopy>(Id::of(about.subject))?;
            take(cx, (copy.agency, copies::KIND, copy.id), &told)
        }
        _ => {
            let document = cx.open::<Outgoing>(Id::of(about.subject))?;
            take(cx, (document.agency, outgoing::KIND, document.id), &told)
        }
    }
}

fn take<N>(
    cx: &mut Writer<'_, System>,
    (agency, kind, subject): (AgencyId, &'static str, Id<N>),
    told: &AugmentTold,
) -> Result<()> {
    let old: Option<FileOf> = files::of(cx, subject)?.into_iter().find(|file| file.sha256 == told.before);
    let Some(old) = old else {
        cx.record_nothing("the file is gone meanwhile");
        return Ok(());
    };
    files::destroy_one(cx, subject, &old.sha256)?;
    let upload = Upload {
        sha256: told.sha256.clone(),
        bytes: told.bytes,
        content_type: PDF.to_owned(),
        name: old.name.clone(),
    };
    files::add(cx, (agency, subject), (&old.role, old.sort), &upload)?;
    store::follow(cx, subject.uuid(), (&told.before, &told.sha256))?;
    verdicts::ask(cx, agency, (None, &told.sha256))?;
    let values = [("name", old.name), ("before", told.before.clone()), ("after", told.sha256.clone())];
    cx.record_noted("documents.act.augmented", (kind, subject), agency, note(&values));
    Ok(())
}

//! Updates and replacements as they come in (QCVN 102, `BussinessDocType` 2 and 3).

use crate::actions::arrival::{Imported, heard, keep_files, set_aside};
use crate::actions::demands::{self, end_work, take, tell_all};
use crate::actions::incoming::{KIND, path, report_answer};
use crate::model::Incoming;
use crate::model::recall::{AskState, Asks};
use crate::rules;
use crate::rules::recall::Met;
use crate::store::changes as store;
use crate::store::recall::{self as recall, NewDemand};
use base::{AgencyId, Result, WhileDoing};
use contracts::{Business, Document, Party, Update};
use kernel::{Opened, System, Writer};
use platform::exchange::{self, Arrival};
use platform::notify::note;
use platform::organisations;

/// A version of a document comes, or the word that the agency is no recipient of it any more. Answers false when
/// the document is not here: then the version is entered as the document.
pub(crate) fn on_update(
    cx: &mut Writer<'_, System>,
    (agency, arrival): (AgencyId, &Arrival),
    (document, update): (&Document, &Update),
) -> Result<bool> {
    let from = &arrival.envelope.from;
    let found = recall::received(cx, agency, (&document.document_id, &from.code))?;
    let removed = update.removed.iter().any(|party| party.code == arrival.to);
    let Some(id) = found else {
        if removed {
            exchange::quarantine(cx, agency, arrival.envelope.id, "documents.demand.unknown")?;
            cx.record_nothing("a word about a document that is not here");
        }
        return Ok(removed);
    };
    let here = cx.open::<Incoming>(id)?;
    propose(cx, &here, (from, removed), (document, update))?;
    Ok(true)
}

/// An update that came as a file.
pub(crate) fn on_imported(
    cx: &mut Writer<'_, System>,
    imported: &Imported,
    (from, document, update): (&Party, &Document, &Update),
) -> Result<()> {
    let Some(id) = recall::received(cx, imported.agency, (&document.document_id, &from.code))? else {
        return set_aside(cx, imported, &format!("update_packet: {}", document.document_id));
    };
    let own = organisations::agency(cx, imported.agency)?.code_102;
    let removed = update.removed.iter().any(|party| party.code == own);
    let here = cx.open::<Incoming>(id)?;
    propose(cx, &here, (from, removed), (document, update))?;
    heard(cx, imported, (&here.symbol, &path(id)))
}

/// Puts a version, or a removal, before the clerk.
pub(crate) fn propose(
    cx: &mut Writer<'_, System>,
    here: &Opened<Incoming>,
    (from, removed): (&Party, bool),
    (document, update): (&Document, &Update),
) -> Result<()> {
    let kind = if removed { Asks::Removal } else { Asks::Update };
    let keeps = kind == Asks::Update && rules::recall::met(kind, here.status) == Met::Clerk;
    let mut new = NewDemand {
        kind,
        request: update.request,
        reason: &update.reason,
        by: &from.name,
        version: String::new(),
    };
    if keeps {
        give_way(cx, here)?;
        new.version = serde_json::to_string(document).while_doing("writing", "a version")?;
    }
    let id = take(cx, here, &new)?;
    if keeps { keep_files(cx, (here.agency, id), document) } else { Ok(()) }
}

/// An older version that nobody has answered gives way to a newer one.
fn give_way(cx: &mut Writer<'_, System>, here: &Opened<Incoming>) -> Result<()> {
    for older in recall::demands(cx, here.id)? {
        if older.kind == Asks::Update && older.state == AskState::Open {
            let words = cx.text("documents.demand.too_late.newer").to_owned();
            recall::answer(cx, older.id, (AskState::Refused, &words), &older.version)?;
            report_answer(cx, here, ("16", &words), (older.request, Vec::new()))?;
        }
    }
    demands::close_update_task(cx, here)
}

/// A document that has just come takes the place of those it names; or finds that one came before it which takes
/// its own.
pub(crate) fn take_place(
    cx: &mut Writer<'_, System>,
    new: &Opened<Incoming>,
    business: &Business,
) -> Result<()> {
    if let Business::Replace(replace) = business {
        for of in &replace.of {
            store::replaces(cx, new, of)?;
            if let Some(old) = recall::received(cx, new.agency, (&of.document_id, &new.from_code))? {
                let old = cx.open::<Incoming>(old)?;
                replaced(cx, &old, (new, &replace.reason))?;
            }
        }
    }
    match store::in_place_of(cx, new.agency, (&new.document_id, &new.from_code))? {
        Some(newer) if newer != new.id => {
            let newer = cx.open::<Incoming>(newer)?;
            replaced(cx, new, (&newer, ""))
        }
        _ => Ok(()),
    }
}

fn replaced(
    cx: &mut Writer<'_, System>,
    old: &Opened<Incoming>,
    (new, reason): (&Opened<Incoming>, &str),
) -> Result<()> {
    if !rules::recall::can_be_replaced(old.status) {
        return Ok(());
    }
    store::mark_replaced(cx, old, new.id)?;
    let people = end_work(cx, old, "replaced")?;
    tell_all(cx, old, (&people, "documents.notice.replaced"))?;
    let values = [("symbol", new.symbol.clone()), ("path", path(new.id)), ("remark", reason.to_owned())];
    cx.record_noted("documents.act.replaced", (KIND, old.id), old.agency, note(&values));
    Ok(())
}

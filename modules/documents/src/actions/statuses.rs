//! What comes back from recipients: status packets, and deliveries that cannot be made.

use crate::actions::outgoing::{KIND, give, name_of, path};
use crate::model::{Outgoing, Recipient, RecipientStatus};
use crate::rights::OutgoingIssue;
use crate::rules::statuses as rules;
use crate::store::outgoing as outgoing_store;
use crate::store::recipients::{self as store, Move};
use base::{Result, WhileDoing};
use contracts::{Sealed, Status};
use kernel::{Opened, Permission, System, Writer};
use platform::exchange::{self, Admitted, Arrival, Undelivered};
use platform::notify::{self, Say, note};
use platform::tasks::{self, Owner};

/// A status packet arrives: kept as it came, and the recipient moves as far as the rules let it.
pub(crate) fn on_status(cx: &mut Writer<'_, System>, payload: &serde_json::Value) -> Result<()> {
    let arrival: Arrival =
        serde_json::from_value(payload.clone()).while_doing("reading", "a status packet")?;
    let Sealed::Status(status) = &arrival.envelope.sealed else { return Ok(()) };
    let Admitted::New(agency) = exchange::admit(cx, &arrival, &status.of.document_id)? else { return Ok(()) };
    let envelope = arrival.envelope.id;
    let from = &arrival.envelope.from;
    let found = outgoing_store::by_document(cx, agency, &status.of.document_id)?;
    let recipient = match found {
        Some(id) => store::by_code(cx, id, &from.code)?,
        None => None,
    };
    let Some(recipient) = recipient else {
        // Neither a document of ours nor one we sent there: nothing may move.
        exchange::quarantine(cx, agency, envelope, "documents.tracking.not_ours")?;
        let values = [("symbol", status.of.symbol.clone()), ("from", from.name.clone())];
        let subject = ("envelope", base::Id::<Arrival>::of(envelope));
        cx.record_noted("documents.act.outgoing.stray", subject, agency, note(&values));
        return Ok(());
    };
    let document = cx.open::<Outgoing>(recipient.outgoing)?;
    take(cx, &document, (&recipient, status))
}

fn take(
    cx: &mut Writer<'_, System>,
    document: &Opened<Outgoing>,
    (recipient, status): (&Recipient, &Status),
) -> Result<()> {
    store::keep(cx, document, (&recipient.to_code, status))?;
    let values = [
        ("name", recipient.to_name.clone()),
        ("code", status.code.clone()),
        ("remark", status.description.clone()),
    ];
    cx.record_noted("documents.act.outgoing.status", (KIND, document.id), document.agency, note(&values));
    let Some(next) = rules::advance(recipient.status, &status.code) else { return Ok(()) };
    let refused = next == RecipientStatus::Refused;
    let at_place = if status.at_place.is_empty() { &recipient.at_place } else { &status.at_place };
    let to = Move {
        status: next,
        at_place,
        staff: &status.staff,
        reason: if refused { &status.description } else { "" },
        arrived_at: Some(status.timestamp),
        at: status.timestamp,
    };
    store::advance(cx, recipient, &to)?;
    if refused {
        trouble(cx, document, (recipient, &status.description))?;
    } else if recipient.status == RecipientStatus::Refused && store::troubles_of(cx, document.id)? == 0 {
        tasks::close(cx, document.id, "documents.task.trouble", "registered")?;
    }
    Ok(())
}

/// A delivery was given up: the recipient has failed and somebody must look after it.
pub(crate) fn on_undelivered(cx: &mut Writer<'_, System>, payload: &serde_json::Value) -> Result<()> {
    let lost: Undelivered =
        serde_json::from_value(payload.clone()).while_doing("reading", "an undelivered packet")?;
    let Some(recipient) = store::by_envelope(cx, lost.envelope, &lost.to)? else { return Ok(()) };
    if !rules::may_fail(recipient.status) || recipient.replaced_by.is_some() {
        return Ok(());
    }
    let document = cx.open::<Outgoing>(recipient.outgoing)?;
    let to = Move {
        status: RecipientStatus::Failed,
        at_place: "",
        staff: "",
        reason: &lost.reason,
        arrived_at: None,
        at: cx.now(),
    };
    store::advance(cx, &recipient, &to)?;
    let why = cx.text(&lost.reason).to_owned();
    let values = [("name", recipient.to_name.clone()), ("remark", why.clone())];
    cx.record_noted(
        "documents.act.outgoing.undelivered",
        (KIND, document.id),
        document.agency,
        note(&values),
    );
    trouble(cx, &document, (&recipient, &why))
}

/// One task for the clerks however many recipients are in trouble, and a notice to the drafter for each.
fn trouble(
    cx: &mut Writer<'_, System>,
    document: &Opened<Outgoing>,
    (recipient, reason): (&Recipient, &str),
) -> Result<()> {
    let open = tasks::of(cx, document.id)?;
    if !open.iter().any(|task| task.kind == "documents.task.trouble" && task.done_at.is_none()) {
        give(cx, document, "documents.task.trouble", (Owner::Pool(OutgoingIssue::ID), None))?;
    }
    let values =
        [("symbol", name_of(document)), ("name", recipient.to_name.clone()), ("reason", reason.to_owned())];
    let page = format!("{}/tracking", path(document.id));
    let say = Say { key: "documents.notice.outgoing.trouble", values: &values, path: &page };
    notify::tell(cx, document.agency, document.drafter, &say)
}

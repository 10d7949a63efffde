//! What comes back from recipients: status packets, and deliveries that cannot be made.

use crate::actions::outgoing::{KIND, give, name_of, path};
use crate::actions::{demands, recall};
use crate::model::{Outgoing, Recipient, RecipientStatus};
use crate::rights::OutgoingIssue;
use crate::rules::statuses as rules;
use crate::store::outgoing as outgoing_store;
use crate::store::recipients::{self as store, Move};
use base::{AgencyId, Result, WhileDoing};
use contracts::{Party, Sealed, Status};
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
    let from = &arrival.envelope.from;
    if hear(cx, agency, (from, status))?.is_some() {
        return Ok(());
    }
    // Neither a document of ours nor one we sent there, or one they sent here: nothing may move.
    let (reason, act) = match status.code.as_str() {
        "13" => ("documents.demand.unknown", "documents.act.demand_stray"),
        _ => ("documents.tracking.not_ours", "documents.act.outgoing.stray"),
    };
    exchange::quarantine(cx, agency, arrival.envelope.id, reason)?;
    let values = [("symbol", status.of.symbol.clone()), ("from", from.name.clone())];
    let subject = ("envelope", base::Id::<Arrival>::of(arrival.envelope.id));
    cx.record_noted(act, subject, agency, note(&values));
    Ok(())
}

/// Acts on a status, however it came; answers the page of the document it is about, none when there is none.
pub(crate) fn hear(
    cx: &mut Writer<'_, System>,
    agency: AgencyId,
    (from, status): (&Party, &Status),
) -> Result<Option<String>> {
    // The only status a sender writes to a recipient.
    if status.code == "13" {
        return demands::on_recall(cx, agency, (from, status));
    }
    let found = outgoing_store::by_document(cx, agency, &status.of.document_id)?;
    let recipient = match found {
        Some(id) => store::by_code(cx, id, &from.code)?,
        None => None,
    };
    let Some(recipient) = recipient else { return Ok(None) };
    let document = cx.open::<Outgoing>(recipient.outgoing)?;
    take(cx, &document, (&recipient, status))?;
    Ok(Some(format!("{}/tracking", path(document.id))))
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
    if matches!(status.code.as_str(), "15" | "16") {
        return recall::answered(cx, document, (recipient, status));
    }
    if let Some(replaced) = document.replaces.filter(|_| status.code.as_str() <= "06") {
        recall::has_replacement(cx, replaced, &recipient.to_code)?;
    }
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

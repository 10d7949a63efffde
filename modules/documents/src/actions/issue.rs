//! Number, date and dispatch in one transaction; and sending again to the right agency.

use crate::actions::follow::outgoing_moved;
use crate::actions::outgoing::{KIND, files_of, make_findable, tell};
use crate::actions::recipients::{self, Plan};
use crate::actions::{changes, incoming, recall};
use crate::model::{Incoming, Outgoing, Recipient, RecipientStatus};
use crate::rights::{OutgoingIssue, OutgoingRead};
use crate::rules;
use crate::rules::types;
use crate::store::outgoing::{self as store, Issued};
use crate::store::recipients::{self as recipients_store, NewRecipient};
use base::{AgencyId, Error, Id, Instant, Refusal, Result, WhileDoing};
use contracts::{Attachment, Document, Envelope, Party, Reference, Sealed, Signer, Trace};
use kernel::{Opened, Raw, Writer};
use platform::notify::note;
use platform::organisations::{self, Agency};
use platform::{exchange, numbering, scans, tasks};

/// The one series of administrative documents: the head of the agency decides on others (article 15.1c).
pub(crate) const SERIES: &str = "out";

/// Numbers, dates and sends a document; answers its symbol.
pub(crate) fn issue(
    cx: &mut Writer<'_, OutgoingIssue>,
    draft: &Opened<Outgoing>,
    plan: &Plan,
) -> Result<String> {
    let to = recipients::expand(cx, draft.agency, plan)?;
    rules::outgoing::issue(draft, to.len())?;
    scans::refuse_infected(cx, draft.id)?;
    if let Some(original) = draft.updates {
        let original = cx.open::<Outgoing>(original)?;
        return changes::issue_version(cx, (draft, &original), (&to, &plan.text()));
    }
    for origin in draft.answers.iter().chain(&draft.forwards) {
        rules::incoming::stands(&*cx.open::<Incoming>(*origin)?)?;
    }
    if let Some(replaced) = draft.replaces {
        rules::recall::change(&*cx.open::<Outgoing>(replaced)?)?;
    }
    let agency = organisations::agency(cx, draft.agency)?;
    let issued = match draft.number {
        // It was signed with its number and date.
        Some(_) => as_issued(cx, draft),
        None => {
            let n = numbering::next(cx, draft.agency, SERIES)?;
            numbered(cx, draft, (&agency, n))?
        }
    };
    let parties: Vec<Party> = to.iter().map(party).collect();
    let sealed = letter(cx, draft, (&issued, &agency), (&parties, cx.now()))?;
    let envelope = match parties.as_slice() {
        [] => None,
        parties => Some(exchange::send(cx, draft.agency, (sealed, parties, draft.urgency))?),
    };
    store::issue(cx, draft, &issued, (envelope, &plan.text()))?;
    if let Some(envelope) = envelope {
        enter_recipients(cx, draft, (&to, envelope))?;
    }
    tasks::close_all(cx, draft.id, "issued")?;
    let values = [("symbol", issued.symbol.clone()), ("n", to.len().to_string())];
    cx.record_noted("documents.act.outgoing.issued", (KIND, draft.id), draft.agency, note(&values));
    let document = cx.open::<Outgoing>(draft.id)?;
    make_findable(cx, &document)?;
    tell(cx, &document, document.drafter, "documents.notice.outgoing.issued")?;
    outgoing_moved(cx, &document, document.status)?;
    if let Some(replaced) = document.replaces {
        changes::replace(cx, &cx.open::<Outgoing>(replaced)?, &document)?;
    }
    if let Some(answers) = document.answers {
        incoming::answered(cx, answers, &issued.symbol)?;
    }
    Ok(issued.symbol)
}

/// Symbol, date and identifier of a document under a number, which is drawn in the transaction that uses it: none is
/// lost, none is given twice.
pub(crate) fn numbered(cx: &Raw<'_>, draft: &Outgoing, (agency, n): (&Agency, i64)) -> Result<Issued> {
    let day = cx.now().date();
    let kind = types::find(&draft.type_code, day)
        .ok_or_else(|| Refusal::new("documents.outgoing.refuse.no_type").ground(types::source_on(day)))?;
    let unit = match draft.unit {
        Some(unit) => organisations::unit(cx, unit)?.symbol,
        None => String::new(),
    };
    let symbol = types::symbol(n, kind, &agency.symbol, &unit);
    let whole = symbol.whole();
    Ok(Issued {
        series: SERIES,
        year: day.year(),
        n,
        document_id: types::document_id(&agency.code_102, day, &whole),
        number: symbol.number,
        notation: symbol.notation,
        symbol: whole,
        day,
    })
}

pub(crate) fn party(agency: &Agency) -> Party {
    Party { code: agency.code_102.clone(), name: agency.name.clone() }
}

fn enter_recipients(
    cx: &mut Writer<'_, OutgoingIssue>,
    draft: &Opened<Outgoing>,
    (to, envelope): (&[Agency], uuid::Uuid),
) -> Result<()> {
    let mut known = Vec::new();
    for (sort, agency) in (0_i64..).zip(to) {
        let area = recipients::area(cx, agency, &mut known)?;
        recipients_store::add(cx, draft, &new_recipient(agency, area, (sort, envelope)))?;
    }
    Ok(())
}

pub(crate) fn new_recipient(
    agency: &Agency,
    area: String,
    (sort, envelope): (i64, uuid::Uuid),
) -> NewRecipient {
    NewRecipient {
        to_agency: agency.id,
        to_code: agency.code_102.clone(),
        to_name: agency.name.clone(),
        tier: agency.tier.word(),
        area,
        sort,
        envelope,
    }
}

/// The document as it travels.
pub(crate) fn letter(
    cx: &Raw<'_>,
    document: &Outgoing,
    (issued, agency): (&Issued, &Agency),
    (to, at): (&[Party], Instant),
) -> Result<Sealed> {
    let mut trace = Vec::new();
    let mut forwards = None;
    if let Some(passed_on) = document.forwards {
        let origin = cx.open::<Incoming>(passed_on)?;
        trace = serde_json::from_str(&origin.trace).unwrap_or_default();
        forwards = Some(reference(&origin));
    }
    trace.push(Trace { organ: agency.code_102.clone(), at });
    let response_for = match document.answers {
        Some(answered) => vec![reference(&*cx.open::<Incoming>(answered)?)],
        None => Vec::new(),
    };
    let attachments = (0..)
        .zip(files_of(cx, document)?)
        .map(|(n, file)| Attachment {
            name: file.name,
            content_type: file.content_type,
            bytes: file.bytes,
            sha256: file.sha256,
            role: if n == 0 && file.role != "annex" { "main" } else { "annex" }.to_owned(),
        })
        .collect();
    Ok(Sealed::Document(Box::new(Document {
        document_id: issued.document_id.clone(),
        number: issued.number.clone(),
        notation: issued.notation.clone(),
        place: agency.place.clone(),
        promulgated: issued.day,
        type_name: document.type_name.clone(),
        subject: document.subject.clone(),
        text: document.body.clone(),
        signer: Signer {
            competence: document.signer_competence.clone(),
            position: document.signer_position.clone(),
            name: document.signer_name.clone(),
        },
        due: document.due,
        urgency: document.urgency,
        pages: document.pages,
        to: to.to_vec(),
        to_places: document.to_places.lines().map(str::to_owned).collect(),
        response_for,
        forwards,
        trace,
        attachments,
        business: changes::business(cx, document)?,
    })))
}

fn reference(origin: &Incoming) -> Reference {
    Reference {
        organ: origin.from_code.clone(),
        document_id: origin.document_id.clone(),
        symbol: origin.symbol.clone(),
        promulgated: origin.promulgated,
    }
}

/// An issued document as its envelope, for a file that leaves the house by another way; who took it is logged.
///
/// # Errors
/// `Refused` when it is not issued, or names no recipient: a packet without one is none.
pub(crate) fn packet(
    cx: &mut Writer<'_, OutgoingRead>,
    document: &Opened<Outgoing>,
) -> Result<serde_json::Value> {
    if document.updates.is_some() {
        return changes::packet(cx, document);
    }
    let issued = as_issued(cx, document);
    let all = recipients_store::of(cx, document.id)?;
    let kept = all.into_iter().filter(|one| one.replaced_by.is_none());
    let to: Vec<Party> = kept.map(|one| Party { code: one.to_code, name: one.to_name }).collect();
    rules::outgoing::export(document, to.len())?;
    let agency = organisations::agency(cx, document.agency)?;
    let at = document.issued_at.unwrap_or_else(|| cx.now());
    let sealed = letter(cx, document, (&issued, &agency), (&to, at))?;
    let envelope = Envelope { id: cx.new_id::<()>().uuid(), from: party(&agency), at, sealed };
    cx.record("documents.act.outgoing.exported", (KIND, document.id), document.agency);
    serde_json::to_value(envelope).while_doing("writing", "an envelope")
}

/// Sends a document again for a recipient that refused it or could not be reached: to the same agency when the
/// delivery failed, else to another one. Number and date stay.
pub(crate) fn resend(
    cx: &mut Writer<'_, OutgoingIssue>,
    document: &Opened<Outgoing>,
    (recipient, to): (Id<Recipient>, Option<AgencyId>),
) -> Result<String> {
    rules::recall::frozen(document)?;
    let recipient = recipients_store::one(cx, document, recipient)?;
    if !rules::statuses::is_trouble(recipient.status) || recipient.replaced_by.is_some() {
        return Err(Refusal::new("documents.tracking.refuse.no_trouble").hint("kernel.hint.reload").into());
    }
    let to = to.unwrap_or(recipient.to_agency);
    let name = if to == recipient.to_agency {
        try_again(cx, &recipient)?;
        recipient.to_name.clone()
    } else {
        send_instead(cx, document, (&recipient, to))?
    };
    if recipients_store::troubles_of(cx, document.id)? == 0 {
        tasks::close(cx, document.id, "documents.task.trouble", "resent")?;
    }
    let values =
        [("symbol", document.symbol.clone()), ("name", name.clone()), ("instead", recipient.to_name)];
    cx.record_noted("documents.act.outgoing.resent", (KIND, document.id), document.agency, note(&values));
    Ok(name)
}

/// Number, date and identifier of a document that has them.
pub(crate) fn as_issued(cx: &Raw<'_>, document: &Outgoing) -> Issued {
    let (number, notation) = document.symbol.split_once('/').unwrap_or((&document.symbol, ""));
    Issued {
        series: SERIES,
        year: document.promulgated.map_or_else(|| cx.now().year(), base::Date::year),
        n: document.number.unwrap_or(0),
        number: number.to_owned(),
        notation: notation.to_owned(),
        symbol: document.symbol.clone(),
        day: document.promulgated.unwrap_or_else(|| cx.now().date()),
        document_id: document.document_id.clone(),
    }
}

fn try_again(cx: &mut Writer<'_, OutgoingIssue>, recipient: &Recipient) -> Result<()> {
    if recipient.status != RecipientStatus::Failed {
        return Err(Refusal::new("documents.tracking.refuse.same_agency")
            .with("name", &recipient.to_name)
            .hint("documents.tracking.hint.other_agency")
            .into());
    }
    let envelope = recipient.envelope.ok_or(Error::NotFound)?;
    exchange::again(cx, envelope, &recipient.to_code)?;
    recipients_store::again(cx, recipient)
}

fn send_instead(
    cx: &mut Writer<'_, OutgoingIssue>,
    document: &Opened<Outgoing>,
    (recipient, to): (&Recipient, AgencyId),
) -> Result<String> {
    let all = recipients_store::of(cx, document.id)?;
    let target = organisations::agency(cx, to)?;
    recipients::check(cx, &target, document.agency)?;
    if all.iter().any(|one| one.to_agency == to) {
        return Err(Refusal::new("documents.tracking.refuse.already").with("name", &target.name).into());
    }
    let agency = organisations::agency(cx, document.agency)?;
    let issued = as_issued(cx, document);
    let kept = all.iter().filter(|one| one.id != recipient.id && one.replaced_by.is_none());
    let mut parties: Vec<Party> =
        kept.map(|one| Party { code: one.to_code.clone(), name: one.to_name.clone() }).collect();
    parties.push(party(&target));
    let at = document.issued_at.unwrap_or_else(|| cx.now());
    // Whoever gets it only now gets the newest version.
    let current = recall::current(cx, document)?;
    let sealed = letter(cx, &current, (&issued, &agency), (&parties, at))?;
    let envelope = exchange::send(cx, document.agency, (sealed, &[party(&target)], document.urgency))?;
    let area = recipients::area(cx, &target, &mut Vec::new())?;
    let sort = i64::try_from(all.len()).unwrap_or(0);
    let new = recipients_store::add(cx, document, &new_recipient(&target, area, (sort, envelope)))?;
    recipients_store::replace(cx, recipient, new)?;
    Ok(target.name)
}

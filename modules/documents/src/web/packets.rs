//! Requests and answers as edXML status packets, for agencies that are not connected: 13 as the sender writes it,
//! 15 and 16 as the recipient does.

use crate::model::recall::{AskState, Demand};
use crate::model::{Incoming, Outgoing};
use crate::rights::{IncomingRead, OutgoingRead};
use crate::rules::text::cut;
use crate::store::{recall as store, recipients};
use base::{Date, Error, Instant, Result, text};
use edxml::{Organ, ResponseFor, Staff, Status, StatusCode};
use kernel::{Raw, Reader, Reply, Response, Routes};
use platform::organisations;

/// The longest description a packet takes.
const DESCRIPTION: usize = 500;

/// The routes.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/documents/demands/{id}/answer.edxml", answer);
    r.get("/documents/outgoing/{id}/asked/{asked}", request);
}

/// The answer to a demand.
fn answer(cx: &Reader<'_, IncomingRead>) -> Reply {
    let demand = cx.open::<Demand>(cx.path_id()?)?;
    let document = cx.open::<Incoming>(demand.incoming)?;
    let (code, at) = match (demand.state, demand.answered_at) {
        (AskState::Granted, Some(at)) => (StatusCode::ChangeAgreed, at),
        (AskState::Refused, Some(at)) => (StatusCode::ChangeRefused, at),
        _ => return Err(Error::NotFound),
    };
    let about = about(&document.from_code, (&document.document_id, &document.symbol), document.promulgated);
    let said = (code, demand.answer.as_str(), demand.answered_by.as_str());
    packet(&status(own(cx, document.agency)?, about, said, at))
}

/// The request to one recipient. In 13 the agency that is asked stands where other statuses name the sender.
fn request(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let document = cx.open::<Outgoing>(cx.path_id()?)?;
    let asked = store::requests(cx, document.id)?;
    let wanted = cx.param("asked")?;
    let asked = asked.into_iter().find(|one| one.id.to_string() == wanted).ok_or(Error::NotFound)?;
    let recipient = recipients::one(cx, &document, asked.recipient)?;
    let day = document.promulgated.unwrap_or_else(|| asked.asked_at.date());
    let about = about(&recipient.to_code, (&document.document_id, &document.symbol), day);
    let said = (StatusCode::RecallRequested, asked.reason.as_str(), asked.asked_by.as_str());
    packet(&status(own(cx, document.agency)?, about, said, asked.asked_at))
}

fn own(cx: &Raw<'_>, agency: base::AgencyId) -> Result<Organ> {
    let agency = organisations::agency(cx, agency)?;
    Ok(Organ { id: agency.code_102, name: agency.name, ..Organ::default() })
}

fn about(organ: &str, (document_id, symbol): (&str, &str), day: Date) -> ResponseFor {
    ResponseFor {
        organ_id: organ.to_owned(),
        code: symbol.to_owned(),
        document_id: document_id.to_owned(),
        date: day.iso().parse().ok(),
    }
}

fn status(
    from: Organ,
    response_for: ResponseFor,
    (code, words, staff): (StatusCode, &str, &str),
    at: Instant,
) -> Status {
    // Packets know no zone: they say the hour as it is in Vietnam.
    let at = format!("{}T{}:00", at.date().iso(), at.hhmm());
    Status {
        from,
        response_for,
        staff: Staff { name: staff.to_owned(), ..Staff::default() },
        code,
        description: cut(words, DESCRIPTION),
        at: at.parse().ok(),
        ..Status::default()
    }
}

fn packet(status: &Status) -> Reply {
    let mut body = Vec::new();
    edxml::write_status(status, &mut body).map_err(|error| Error::internal(error.to_string()))?;
    let name = format!("{}-{}.edxml", status.code.code(), text::slug_ascii(&status.response_for.code));
    Ok(Response::Download { name, content_type: "application/xml", body })
}

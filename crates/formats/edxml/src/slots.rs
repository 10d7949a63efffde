//! Where the text of an element belongs, by its path. Order never matters; a path not listed here is ignored.

use jiff::civil::{Date, DateTime};

use crate::attachment::Attachment;
use crate::draft::{Draft, Reference};
use crate::model::{Organ, ResponseFor, Staff};

/// A place for one text.
pub(crate) enum Slot<'d> {
    Text(&'d mut String),
    Day(&'d mut Option<Date>),
    Instant(&'d mut Option<DateTime>),
    Flag(&'d mut Option<bool>),
    Switch(&'d mut bool),
    List(&'d mut Vec<String>),
}

/// The path without root and envelope, so that attachments may stand in or behind the envelope.
pub(crate) fn inner_path<'p>(path: &'p [&'static str]) -> &'p [&'static str] {
    match path {
        ["edXML", "edXMLEnvelope", "edXMLBody", rest @ ..] if rest.first() == Some(&"AttachmentEncoded") => {
            rest
        }
        ["edXML", "edXMLEnvelope", rest @ ..] | ["edXML", rest @ ..] | rest => rest,
    }
}

/// The place for the text of the element at `path`.
pub(crate) fn find<'d>(draft: &'d mut Draft, path: &[&'static str]) -> Option<Slot<'d>> {
    match inner_path(path) {
        ["edXMLHeader", "MessageHeader", rest @ ..] => header(draft, rest),
        ["edXMLHeader", "TraceHeaderList", rest @ ..] => trace(draft, rest),
        ["edXMLBody", "edXMLManifest", "Reference", leaf] => {
            draft.references.last_mut().and_then(|reference| in_reference(reference, leaf))
        }
        ["AttachmentEncoded", "Attachment", leaf] => {
            draft.document.attachments.last_mut().and_then(|attachment| in_attachment(attachment, leaf))
        }
        _ => None,
    }
}

fn header<'d>(draft: &'d mut Draft, path: &[&'static str]) -> Option<Slot<'d>> {
    let document = &mut draft.document;
    let text = match path {
        ["From", leaf] => return in_organ(&mut document.from, leaf),
        ["To", leaf] => return document.to.last_mut().and_then(|organ| in_organ(organ, leaf)),
        ["ResponseFor", leaf] => {
            return document.response_for.last_mut().and_then(|about| in_response(about, leaf));
        }
        ["StaffInfo", leaf] => return in_staff(&mut draft.status.staff, leaf),
        ["PromulgationInfo", "PromulgationDate"] => return Some(Slot::Day(&mut document.promulgation.date)),
        ["DueDate"] => return Some(Slot::Day(&mut document.due)),
        ["Timestamp"] => return Some(Slot::Instant(&mut draft.status.at)),
        ["ToPlaces", "Place"] => return Some(Slot::List(&mut document.to_places)),
        ["OtherInfo", "Appendixes", "Appendix"] => return Some(Slot::List(&mut document.other.appendixes)),
        ["DocumentId"] => &mut document.document_id,
        ["Code", "CodeNumber"] => &mut document.code.number,
        ["Code", "CodeNotation"] => &mut document.code.notation,
        ["PromulgationInfo", "Place"] => &mut document.promulgation.place,
        ["DocumentType", "Type"] => &mut document.document_type.type_number,
        ["DocumentType", "TypeDetail"] => &mut document.document_type.detail_number,
        ["DocumentType", "TypeName"] => &mut document.document_type.name,
        ["Subject"] => &mut document.subject,
        ["Content"] => &mut document.content,
        ["SignerInfo", "Competence"] => &mut document.signer.competence,
        ["SignerInfo", "Position"] => &mut document.signer.position,
        ["SignerInfo", "FullName"] => &mut document.signer.full_name,
        ["OtherInfo", "Priority"] => &mut document.other.priority,
        ["OtherInfo", "SphereOfPromulgation"] => &mut document.other.sphere,
        ["OtherInfo", "TyperNotation"] => &mut document.other.typer_notation,
        ["OtherInfo", "PromulgationAmount"] => &mut document.other.promulgation_amount,
        ["OtherInfo", "PageAmount"] => &mut document.other.page_amount,
        ["SteeringType"] => &mut document.steering_type,
        ["StatusCode"] => &mut draft.status_code,
        ["Description"] => &mut draft.status.description,
        _ => return None,
    };
    Some(Slot::Text(text))
}

fn trace<'d>(draft: &'d mut Draft, path: &[&'static str]) -> Option<Slot<'d>> {
    let document = &mut draft.document;
    let business = &mut document.business;
    match path {
        ["TraceHeader", "OrganId"] => document.trace.last_mut().map(|hop| Slot::Text(&mut hop.organ_id)),
        ["TraceHeader", "Timestamp"] => document.trace.last_mut().map(|hop| Slot::Instant(&mut hop.at)),
        ["Bussiness", "DocumentId"] => Some(Slot::Text(&mut business.document_id)),
        ["Bussiness", "BussinessDocType"] => Some(Slot::Text(&mut draft.business_type)),
        ["Bussiness", "BussinessDocReason"] => Some(Slot::Text(&mut business.reason)),
        ["Bussiness", "Paper"] => Some(Slot::Flag(&mut business.paper)),
        ["Bussiness", "StaffInfo", leaf] => in_staff(&mut business.staff, leaf),
        ["Bussiness", "BussinessDocumentInfo", rest @ ..] => {
            let update = business.update.as_mut()?;
            match rest {
                ["DocumentInfo"] => Some(Slot::Switch(&mut update.document_changed)),
                ["DocumentReceiver"] => Some(Slot::Switch(&mut update.receivers_changed)),
                ["ReceiverList", "Receiver", "OrganId"] => {
                    update.receivers.last_mut().map(|receiver| Slot::Text(&mut receiver.organ_id))
                }
                ["ReceiverList", "Receiver", "ReceiverType"] => {
                    update.receivers.last_mut().map(|receiver| Slot::Flag(&mut receiver.added))
                }
                _ => None,
            }
        }
        ["Bussiness", "ReplacementInfoList", "ReplacementInfo", rest @ ..] => {
            let replacement = business.replacements.last_mut()?;
            match rest {
                ["DocumentId"] => Some(Slot::Text(&mut replacement.document_id)),
                ["OrganIdList", "OrganId"] => Some(Slot::List(&mut replacement.organ_ids)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn in_organ<'d>(organ: &'d mut Organ, leaf: &str) -> Option<Slot<'d>> {
    Some(Slot::Text(match leaf {
        "OrganId" => &mut organ.id,
        "OrganizationInCharge" => &mut organ.in_charge,
        "OrganName" => &mut organ.name,
        "OrganAdd" => &mut organ.address,
        "Email" => &mut organ.email,
        "Telephone" => &mut organ.telephone,
        "Fax" => &mut organ.fax,
        "Website" => &mut organ.website,
        _ => return None,
    }))
}

fn in_response<'d>(about: &'d mut ResponseFor, leaf: &str) -> Option<Slot<'d>> {
    Some(Slot::Text(match leaf {
        "OrganId" => &mut about.organ_id,
        "Code" => &mut about.code,
        "DocumentId" => &mut about.document_id,
        "PromulgationDate" => return Some(Slot::Day(&mut about.date)),
        _ => return None,
    }))
}

fn in_staff<'d>(staff: &'d mut Staff, leaf: &str) -> Option<Slot<'d>> {
    Some(Slot::Text(match leaf {
        "Department" => &mut staff.department,
        "Staff" => &mut staff.name,
        "Email" => &mut staff.email,
        "Mobile" => &mut staff.mobile,
        _ => return None,
    }))
}

fn in_reference<'d>(reference: &'d mut Reference, leaf: &str) -> Option<Slot<'d>> {
    Some(Slot::Text(match leaf {
        "ContentId" => &mut reference.content_id,
        "Description" => &mut reference.description,
        "AttachmentName" => &mut reference.name,
        _ => return None,
    }))
}

fn in_attachment<'d>(attachment: &'d mut Attachment, leaf: &str) -> Option<Slot<'d>> {
    Some(Slot::Text(match leaf {
        "ContentId" => &mut attachment.content_id,
        "Description" => &mut attachment.description,
        "AttachmentName" => &mut attachment.name,
        "ContentType" => &mut attachment.declared_type,
        _ => return None,
    }))
}

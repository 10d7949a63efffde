//! A packet while it is read, and what remains to be decided once it is complete.

use std::collections::HashSet;

use crate::attachment::AttachmentHead;
use crate::dates;
use crate::intake::clean_name;
use crate::limits::Limits;
use crate::model::{
    BusinessKind, Document, Organ, Packet, Receiver, Replacement, ResponseFor, Signature, TraceHeader,
    UpdateInfo,
};
use crate::outcome::{Quarantine, Reason, Warnings};
use crate::slots::{self, Slot};
use crate::status::{Status, StatusCode};

/// An entry of the manifest.
#[derive(Debug, Default)]
pub(crate) struct Reference {
    pub(crate) content_id: String,
    pub(crate) name: String,
    pub(crate) description: String,
}

/// Everything read so far; a packet shows only at its end whether it is a document or a status.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) document: Document,
    pub(crate) status: Status,
    pub(crate) references: Vec<Reference>,
    pub(crate) business_type: String,
    pub(crate) status_code: String,
    once: HashSet<&'static str>,
    items: usize,
}

impl Draft {
    /// An element begins: makes room for its fields and counts it.
    pub(crate) fn open(&mut self, path: &[&'static str], limits: &Limits) -> Result<(), Quarantine> {
        let document = &mut self.document;
        let business = &mut document.business;
        match slots::inner_path(path) {
            [name @ "edXMLHeader"]
            | ["edXMLHeader", name @ "MessageHeader"]
            | ["edXMLHeader", "MessageHeader", name @ "From"]
            | ["edXMLHeader", "TraceHeaderList", name @ "Bussiness"] => return self.only_once(name),
            ["edXMLHeader", "MessageHeader", "To"] => {
                document.to.push(Organ::default());
                if document.to.len() > limits.recipients {
                    return Err(over(Reason::TooManyRecipients, limits.recipients));
                }
            }
            ["edXMLHeader", "MessageHeader", "ResponseFor"] => {
                document.response_for.push(ResponseFor::default());
                return self.count_item(limits);
            }
            ["edXMLHeader", "TraceHeaderList", "TraceHeader"] => {
                document.trace.push(TraceHeader::default());
                return self.count_item(limits);
            }
            ["edXMLHeader", "TraceHeaderList", "Bussiness", rest @ ..] => match rest {
                [name @ "BussinessDocumentInfo"] => {
                    business.update = Some(UpdateInfo::default());
                    return self.only_once(name);
                }
                ["BussinessDocumentInfo", "ReceiverList", "Receiver"] => {
                    if let Some(update) = &mut business.update {
                        update.receivers.push(Receiver::default());
                    }
                    return self.count_item(limits);
                }
                ["ReplacementInfoList", "ReplacementInfo"] => {
                    business.replacements.push(Replacement::default());
                    return self.count_item(limits);
                }
                _ => {}
            },
            ["edXMLBody", "edXMLManifest", "Reference"] => {
                self.references.push(Reference::default());
                if self.references.len() > limits.attachments {
                    return Err(over(Reason::TooManyAttachments, limits.attachments));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// An element without children ends with `text`.
    pub(crate) fn assign(
        &mut self,
        path: &[&'static str],
        text: &str,
        limits: &Limits,
        warnings: &mut Warnings,
    ) -> Result<(), Quarantine> {
        let name = path.last().copied().unwrap_or_default();
        let Some(slot) = slots::find(self, path).filter(|_| !text.is_empty()) else { return Ok(()) };
        match slot {
            Slot::Text(place) if place.is_empty() => text.clone_into(place),
            Slot::Day(place @ None) => match dates::read_date(text) {
                Some((date, odd)) => {
                    *place = Some(date);
                    warn_if(odd, warnings, "date_form", name, text);
                }
                None => warn_if(true, warnings, "date_unreadable", name, text),
            },
            Slot::Instant(place @ None) => match dates::read_datetime(text) {
                Some((at, odd)) => {
                    *place = Some(at);
                    warn_if(odd, warnings, "date_form", name, text);
                }
                None => warn_if(true, warnings, "date_unreadable", name, text),
            },
            Slot::Flag(place @ None) => {
                *place = flag(text);
                warn_if(place.is_none(), warnings, "value_unknown", name, text);
            }
            Slot::Switch(place) => *place = flag(text) == Some(true),
            Slot::List(list) => {
                list.push(text.to_owned());
                return self.count_item(limits);
            }
            // Two values for one field: the first stands, a person may compare.
            _ => warn_if(true, warnings, "field_repeated", name, text),
        }
        Ok(())
    }

    /// What is known of the last attachment; the manifest's name goes before the attachment's own.
    pub(crate) fn attachment_head(&self) -> AttachmentHead {
        let attachments = &self.document.attachments;
        let index = attachments.len().saturating_sub(1);
        let Some(attachment) = attachments.last() else { return AttachmentHead::default() };
        let content_id = bare_id(&attachment.content_id).to_owned();
        let listed = self.reference(&content_id).map(|reference| clean_name(&reference.name));
        let name = listed.filter(|name| !name.is_empty()).unwrap_or_else(|| clean_name(&attachment.name));
        AttachmentHead { index, content_id, name }
    }

    /// The packet is complete.
    pub(crate) fn finish(mut self, signed: bool, warnings: &mut Warnings) -> Result<Packet, Quarantine> {
        if !self.once.contains("MessageHeader") {
            return Err(Quarantine::new(Reason::HeaderMissing, "no MessageHeader"));
        }
        if self.document.from.id.is_empty() {
            return Err(Quarantine::new(Reason::SenderMissing, "no From/OrganId"));
        }
        let signature = if signed { Signature::Unverifiable } else { Signature::None };
        warn_about_code(&self.document.from.id, warnings);
        if !self.status_code.is_empty() {
            return Ok(Packet::Status(Box::new(self.into_status(signature, warnings))));
        }
        self.document.signature = signature;
        self.settle_business(warnings)?;
        self.settle_attachments(warnings);
        let mut document = self.document;
        settle_recipients(&mut document, warnings);
        document.response_for.retain(|about| *about != ResponseFor::default());
        document.trace.retain(|hop| *hop != TraceHeader::default());
        warn_about_fields(&document, warnings);
        Ok(Packet::Document(Box::new(document)))
    }

    fn into_status(self, signature: Signature, warnings: &mut Warnings) -> Status {
        let mut abouts =
            self.document.response_for.into_iter().filter(|about| *about != ResponseFor::default());
        let response_for = abouts.next().unwrap_or_default();
        if response_for == ResponseFor::default() {
            warnings.add("field_missing", "ResponseFor");
        }
        if abouts.next().is_some() {
            warnings.add("field_repeated", "ResponseFor");
        }
        if !self.document.attachments.is_empty() {
            warnings.add("status_with_attachments", "");
        }
        let code = StatusCode::parse(&self.status_code);
        if let StatusCode::Other(text) = &code {
            warnings.add("status_code_unknown", text);
        } else if code.code() != self.status_code {
            warnings.add("status_code_form", &self.status_code);
        }
        Status { from: self.document.from, response_for, code, signature, ..self.status }
    }

    fn settle_business(&mut self, warnings: &mut Warnings) -> Result<(), Quarantine> {
        let business = &mut self.document.business;
        business.kind = match self.business_type.as_str() {
            "" => {
                warnings.add("field_missing", "BussinessDocType");
                BusinessKind::New
            }
            "0" => BusinessKind::New,
            "1" => BusinessKind::Recall,
            "2" => BusinessKind::Update,
            "3" => BusinessKind::Replace,
            // Taking an unknown order for a new document could undo or repeat something: a person decides.
            other => return Err(Quarantine::new(Reason::UnknownBusinessType, other)),
        };
        business.replacements.retain(|replacement| *replacement != Replacement::default());
        if business.kind == BusinessKind::Replace && business.replacements.is_empty() {
            warnings.add("field_missing", "ReplacementInfo");
        }
        if matches!(business.kind, BusinessKind::Recall | BusinessKind::Update) {
            if business.document_id.is_empty() {
                warnings.add("target_from_header", &self.document.document_id);
            }
            if self.document.target().is_none() {
                warnings.add("field_missing", "Bussiness/DocumentId");
            }
        }
        Ok(())
    }

    fn settle_attachments(&mut self, warnings: &mut Warnings) {
        let mut ids = HashSet::new();
        for attachment in &mut self.document.attachments {
            let listed = self.references.iter().find(|r| bare_id(&r.content_id) == attachment.content_id);
            match listed {
                None => warnings.add("attachment_unlisted", &attachment.name),
                Some(reference) if attachment.description.is_empty() => {
                    reference.description.clone_into(&mut attachment.description);
                }
                Some(_) => {}
            }
            if !ids.insert(attachment.content_id.clone()) {
                warnings.add("attachment_id_repeated", &attachment.content_id);
            }
        }
        for reference in &self.references {
            if !ids.contains(bare_id(&reference.content_id)) {
                warnings.add("attachment_missing", &reference.name);
            }
        }
    }

    fn reference(&self, content_id: &str) -> Option<&Reference> {
        self.references.iter().find(|reference| bare_id(&reference.content_id) == content_id)
    }

    fn only_once(&mut self, name: &'static str) -> Result<(), Quarantine> {
        if self.once.insert(name) { Ok(()) } else { Err(Quarantine::new(Reason::DuplicateElement, name)) }
    }

    fn count_item(&mut self, limits: &Limits) -> Result<(), Quarantine> {
        self.items += 1;
        if self.items > limits.list_items {
            Err(over(Reason::TooManyItems, limits.list_items))
        } else {
            Ok(())
        }
    }
}

/// A content id without the optional `cid:`.
pub(crate) fn bare_id(id: &str) -> &str {
    id.strip_prefix("cid:").unwrap_or(id)
}

/// A limit on a number was passed.
pub(crate) fn over(reason: Reason, limit: usize) -> Quarantine {
    Quarantine::new(reason, format!("over {limit}"))
}

/// One entry for each agency: a second one would be delivered, and numbered, twice.
fn settle_recipients(document: &mut Document, warnings: &mut Warnings) {
    let mut seen = HashSet::new();
    document.to.retain(|organ| {
        if organ.id.is_empty() {
            warnings.add("recipient_without_id", &organ.name);
            return *organ != Organ::default();
        }
        let first = seen.insert(organ.id.clone());
        warn_if(!first, warnings, "recipient_repeated", "To", &organ.id);
        first
    });
    if document.to.is_empty() {
        warnings.add("field_missing", "To");
    }
    document.to.iter().for_each(|organ| warn_about_code(&organ.id, warnings));
}

fn warn_about_fields(document: &Document, warnings: &mut Warnings) {
    let required = [
        ("CodeNumber", &document.code.number),
        ("CodeNotation", &document.code.notation),
        ("Subject", &document.subject),
        ("DocumentId", &document.document_id),
    ];
    for (name, _) in required.iter().filter(|(_, text)| text.is_empty()) {
        warnings.add("field_missing", name);
    }
    if document.promulgation.date.is_none() {
        warnings.add("field_missing", "PromulgationDate");
    }
    if !document.other.priority.is_empty() && document.other.urgency().is_none() {
        warnings.add("value_unknown", format!("Priority {}", document.other.priority));
    }
}

/// Agency codes are 1 to 35 capitals, digits and dots; real ones stray from that, so this never refuses.
fn warn_about_code(id: &str, warnings: &mut Warnings) {
    let good = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '.';
    if !id.is_empty() && (id.len() > 35 || !id.chars().all(good)) {
        warnings.add_once("organ_id_form", id);
    }
}

fn warn_if(odd: bool, warnings: &mut Warnings, key: &'static str, name: &str, text: &str) {
    if odd {
        warnings.add(key, format!("{name} {text}"));
    }
}

fn flag(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}

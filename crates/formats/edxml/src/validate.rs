//! What must hold before a packet leaves: limits of Decree 30/2020, appendix VI, and, for fields it does not name,
//! those a receiving hub is known to enforce. Lengths are counted in characters.

use std::collections::HashSet;
use std::fmt;

use jiff::civil::{Date, DateTime};

use crate::intake::clean_name;
use crate::model::{Business, BusinessKind, Document, Organ, OtherInfo, ResponseFor, Staff};
use crate::status::{Status, StatusCode};
use crate::wellformed::is_xml_char;

/// A field that may not be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Element path in the packet, e.g. `To[2]/OrganId`, counted from 1.
    pub field: String,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.problem.key())
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// It is mandatory and empty.
    Required,
    /// It has more than so many characters.
    TooLong(usize),
    /// It is not a number of that many digits, or not a value of the list.
    OutOfRange,
    /// It occurs twice and must be unique.
    Repeated,
    /// It holds a character XML cannot carry, or a file name holds a folder.
    BadCharacter,
    /// It has no place in a packet of this kind.
    NotAllowed,
}

impl Problem {
    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong(_) => "too_long",
            Self::OutOfRange => "out_of_range",
            Self::Repeated => "repeated",
            Self::BadCharacter => "bad_character",
            Self::NotAllowed => "not_allowed",
        }
    }
}

/// Everything that keeps `document` from being sent; empty when nothing does.
pub fn check_document(document: &Document) -> Vec<FieldError> {
    let mut check = Check::default();
    check.organ("From", &document.from);
    check.required("From/OrganName", &document.from.name);
    check.recipients(&document.to);
    check.text("DocumentId", &document.document_id, usize::MAX);
    check.required("Code/CodeNumber", &document.code.number);
    check.text("Code/CodeNumber", &document.code.number, 11);
    check.required("Code/CodeNotation", &document.code.notation);
    check.text("Code/CodeNotation", &document.code.notation, 30);
    check.required("PromulgationInfo/Place", &document.promulgation.place);
    check.text("PromulgationInfo/Place", &document.promulgation.place, 50);
    check.date("PromulgationInfo/PromulgationDate", document.promulgation.date, true);
    check.required("DocumentType/TypeName", &document.document_type.name);
    check.text("DocumentType/TypeName", &document.document_type.name, 100);
    check.text("DocumentType/Type", &document.document_type.type_number, usize::MAX);
    check.text("DocumentType/TypeDetail", &document.document_type.detail_number, usize::MAX);
    check.required("Subject", &document.subject);
    check.text("Subject", &document.subject, 500);
    check.text("Content", &document.content, 500);
    check.text("SignerInfo/Competence", &document.signer.competence, usize::MAX);
    check.text("SignerInfo/Position", &document.signer.position, 100);
    check.text("SignerInfo/FullName", &document.signer.full_name, 50);
    check.date("DueDate", document.due, false);
    check.other(&document.other);
    check.text("SteeringType", &document.steering_type, usize::MAX);
    check.places(&document.to_places);
    for (at, about) in document.response_for.iter().enumerate() {
        check.response(&numbered("ResponseFor", at, ""), about);
    }
    for (at, hop) in document.trace.iter().enumerate() {
        check.organ_id(&numbered("TraceHeader", at, "/OrganId"), &hop.organ_id);
        check.date(&numbered("TraceHeader", at, "/Timestamp"), hop.at.map(DateTime::date), true);
    }
    check.business(document);
    check.attachments(document);
    check.0
}

/// Everything that keeps `status` from being sent; empty when nothing does.
pub fn check_status(status: &Status) -> Vec<FieldError> {
    let mut check = Check::default();
    check.organ("From", &status.from);
    check.response("ResponseFor", &status.response_for);
    check.staff("StaffInfo", &status.staff);
    if let StatusCode::Other(_) = status.code {
        check.add("StatusCode", Problem::OutOfRange);
    }
    check.text("Description", &status.description, 500);
    if matches!(status.code, StatusCode::Refused | StatusCode::RecallRequested) {
        check.required("Description", &status.description);
    }
    check.date("Timestamp", status.at.map(DateTime::date), true);
    check.0
}

#[derive(Default)]
struct Check(Vec<FieldError>);

impl Check {
    fn add(&mut self, field: &str, problem: Problem) {
        self.0.push(FieldError { field: field.to_owned(), problem });
    }

    fn required(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(field, Problem::Required);
        }
    }

    fn text(&mut self, field: &str, text: &str, limit: usize) {
        if text.chars().count() > limit {
            self.add(field, Problem::TooLong(limit));
        }
        if !text.chars().all(is_xml_char) {
            self.add(field, Problem::BadCharacter);
        }
    }

    fn date(&mut self, field: &str, date: Option<Date>, mandatory: bool) {
        match date {
            None if mandatory => self.add(field, Problem::Required),
            Some(date) if date.year() < 1 => self.add(field, Problem::OutOfRange),
            _ => {}
        }
    }

    fn organ_id(&mut self, field: &str, id: &str) {
        self.required(field, id);
        self.text(field, id, 13);
    }

    fn organ(&mut self, field: &str, organ: &Organ) {
        self.organ_id(&format!("{field}/OrganId"), &organ.id);
        let texts = [
            ("OrganizationInCharge", &organ.in_charge, 200),
            ("OrganName", &organ.name, 200),
            ("OrganAdd", &organ.address, usize::MAX),
            ("Email", &organ.email, 100),
            ("Telephone", &organ.telephone, 20),
            ("Fax", &organ.fax, 20),
            ("Website", &organ.website, usize::MAX),
        ];
        for (name, text, limit) in texts {
            self.text(&format!("{field}/{name}"), text, limit);
        }
    }

    fn recipients(&mut self, to: &[Organ]) {
        if to.is_empty() {
            self.add("To", Problem::Required);
        }
        let mut seen = HashSet::new();
        for (at, organ) in to.iter().enumerate() {
            self.organ(&numbered("To", at, ""), organ);
            if !organ.id.is_empty() && !seen.insert(organ.id.trim()) {
                self.add(&numbered("To", at, "/OrganId"), Problem::Repeated);
            }
        }
    }

    fn other(&mut self, other: &OtherInfo) {
        if other.urgency().is_none() || other.priority.len() != 1 {
            self.add("OtherInfo/Priority", Problem::OutOfRange);
        }
        self.text("OtherInfo/SphereOfPromulgation", &other.sphere, 100);
        self.text("OtherInfo/TyperNotation", &other.typer_notation, 10);
        let amounts =
            [("PromulgationAmount", &other.promulgation_amount), ("PageAmount", &other.page_amount)];
        for (name, amount) in amounts {
            if amount.len() > 3 || !amount.bytes().all(|byte| byte.is_ascii_digit()) {
                self.add(&format!("OtherInfo/{name}"), Problem::OutOfRange);
            }
        }
        for (at, appendix) in other.appendixes.iter().enumerate() {
            self.required(&numbered("Appendix", at, ""), appendix);
            self.text(&numbered("Appendix", at, ""), appendix, usize::MAX);
        }
    }

    fn places(&mut self, places: &[String]) {
        for (at, place) in places.iter().enumerate() {
            self.required(&numbered("ToPlaces/Place", at, ""), place);
            self.text(&numbered("ToPlaces/Place", at, ""), place, 150);
        }
        if places.iter().map(|place| place.chars().count()).sum::<usize>() > 1000 {
            self.add("ToPlaces", Problem::TooLong(1000));
        }
    }

    fn response(&mut self, field: &str, about: &ResponseFor) {
        self.organ_id(&format!("{field}/OrganId"), &about.organ_id);
        self.required(&format!("{field}/DocumentId"), &about.document_id);
        self.text(&format!("{field}/DocumentId"), &about.document_id, usize::MAX);
        self.text(&format!("{field}/Code"), &about.code, 11 + 1 + 30);
        self.date(&format!("{field}/PromulgationDate"), about.date, false);
    }

    fn staff(&mut self, field: &str, staff: &Staff) {
        let texts = [
            ("Department", &staff.department, usize::MAX),
            ("Staff", &staff.name, usize::MAX),
            ("Email", &staff.email, 100),
            ("Mobile", &staff.mobile, 20),
        ];
        for (name, text, limit) in texts {
            self.text(&format!("{field}/{name}"), text, limit);
        }
    }

    fn business(&mut self, document: &Document) {
        let business: &Business = &document.business;
        let kind = business.kind;
        if kind != BusinessKind::New {
            self.required("Bussiness/BussinessDocReason", &business.reason);
        }
        self.text("Bussiness/BussinessDocReason", &business.reason, usize::MAX);
        if matches!(kind, BusinessKind::Recall | BusinessKind::Update) {
            self.required("Bussiness/DocumentId", document.target().unwrap_or_default());
        }
        self.text("Bussiness/DocumentId", &business.document_id, usize::MAX);
        self.staff("Bussiness/StaffInfo", &business.staff);
        let info = "Bussiness/BussinessDocumentInfo";
        match (&business.update, kind == BusinessKind::Update) {
            (None, true) => self.add(info, Problem::Required),
            (Some(_), false) => self.add(info, Problem::NotAllowed),
            _ => {}
        }
        for (at, receiver) in business.update.iter().flat_map(|update| &update.receivers).enumerate() {
            self.organ_id(&numbered("Receiver", at, "/OrganId"), &receiver.organ_id);
            if receiver.added.is_none() {
                self.add(&numbered("Receiver", at, "/ReceiverType"), Problem::Required);
            }
        }
        match (business.replacements.is_empty(), kind == BusinessKind::Replace) {
            (true, true) => self.add("ReplacementInfo", Problem::Required),
            (false, false) => self.add("ReplacementInfo", Problem::NotAllowed),
            _ => {}
        }
        for (at, replacement) in business.replacements.iter().enumerate() {
            self.required(&numbered("ReplacementInfo", at, "/DocumentId"), &replacement.document_id);
            self.text(&numbered("ReplacementInfo", at, "/DocumentId"), &replacement.document_id, usize::MAX);
            for id in &replacement.organ_ids {
                self.organ_id(&numbered("ReplacementInfo", at, "/OrganId"), id);
            }
        }
    }

    fn attachments(&mut self, document: &Document) {
        let mut seen = HashSet::new();
        for (at, attachment) in document.attachments.iter().enumerate() {
            let name = numbered("Attachment", at, "/AttachmentName");
            self.required(&name, &attachment.name);
            self.text(&name, &attachment.name, 500);
            if clean_name(&attachment.name) != attachment.name.trim() {
                self.add(&name, Problem::BadCharacter);
            }
            self.text(&numbered("Attachment", at, "/Description"), &attachment.description, 500);
            self.text(&numbered("Attachment", at, "/ContentType"), &attachment.declared_type, usize::MAX);
            let id = numbered("Attachment", at, "/ContentId");
            self.text(&id, &attachment.content_id, usize::MAX);
            if !attachment.content_id.is_empty() && !seen.insert(&attachment.content_id) {
                self.add(&id, Problem::Repeated);
            }
        }
    }
}

fn numbered(name: &str, at: usize, leaf: &str) -> String {
    format!("{name}[{}]{leaf}", at + 1)
}

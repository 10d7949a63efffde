//! The writer: the strict form, in the order VNPT's builder uses, with the `edXML:` prefix spelled out because some
//! peers refuse packets without it.

use std::fmt;
use std::io::{self, Read, Write};

use base64::Engine;
use base64::engine::Simd;
use base64::engine::general_purpose::PAD;
use ring::digest::{Context, SHA256};

use crate::attachment::Attachment;
use crate::dates::{standard_date, standard_datetime};
use crate::intake::hex;
use crate::model::{Business, Code, Document, Organ, ResponseFor, Staff};
use crate::sniff::claimed_type;
use crate::status::Status;
use crate::validate::{FieldError, Problem, check_document, check_status};
use crate::xml::Xml;

/// Bytes encoded at once: a multiple of three, so no padding falls inside the text.
const CHUNK_BYTES: usize = 48 << 10;

/// An attachment as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Size in bytes before encoding.
    pub bytes: u64,
    /// SHA-256 of those bytes in lower-case hexadecimal.
    pub sha256: String,
}

/// Why a packet was not written.
#[derive(Debug)]
pub enum WriteError {
    /// Fields break the rules; nothing was written.
    Invalid(Vec<FieldError>),
    /// A content could not be read or the output not be written; what was written is useless.
    Io(io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(errors) => errors.iter().try_for_each(|error| write!(f, "{error}; ")),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WriteError {}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Writes a document packet. `contents` gives the bytes of `document.attachments`, in order; they are streamed.
/// An empty `document_id` is written as [`Document::key`], an empty summary as the subject, an empty
/// `declared_type` by the file name and an empty `content_id` as its position. The packet is not signed here.
pub fn write_document(
    document: &Document,
    contents: &mut [&mut dyn Read],
    out: &mut dyn Write,
) -> Result<Vec<Sent>, WriteError> {
    let mut errors = check_document(document);
    if contents.len() != document.attachments.len() {
        errors.push(FieldError { field: "AttachmentEncoded".to_owned(), problem: Problem::Required });
    }
    if !errors.is_empty() {
        return Err(WriteError::Invalid(errors));
    }
    let mut xml = Xml::new();
    envelope(&mut xml, |xml| {
        xml.group("edXMLHeader", |xml| {
            xml.group("MessageHeader", |xml| message_header(xml, document));
            xml.group("TraceHeaderList", |xml| trace(xml, document));
        });
        xml.group("edXMLBody", |xml| manifest(xml, &document.attachments));
    });
    if document.attachments.is_empty() {
        xml.end_root();
        out.write_all(xml.take().as_bytes())?;
        return Ok(Vec::new());
    }
    xml.open_plain("AttachmentEncoded");
    let engine = Simd::standard(PAD);
    let mut sent = Vec::new();
    for ((at, attachment), content) in document.attachments.iter().enumerate().zip(contents) {
        xml.open_plain("Attachment");
        xml.plain("ContentId", &content_id(at, attachment));
        xml.plain("AttachmentName", &attachment.name);
        xml.plain("Description", &attachment.description);
        xml.plain("ContentType", declared_type(attachment));
        xml.open_content();
        out.write_all(xml.take().as_bytes())?;
        sent.push(encode(&engine, content, out)?);
        xml.close_content();
        xml.close_plain("Attachment");
    }
    xml.close_plain("AttachmentEncoded");
    xml.end_root();
    out.write_all(xml.take().as_bytes())?;
    Ok(sent)
}

/// Writes a status packet. It is not signed here.
pub fn write_status(status: &Status, out: &mut dyn Write) -> Result<(), WriteError> {
    let errors = check_status(status);
    if !errors.is_empty() {
        return Err(WriteError::Invalid(errors));
    }
    let mut xml = Xml::new();
    envelope(&mut xml, |xml| {
        xml.group("edXMLHeader", |xml| {
            xml.group("MessageHeader", |xml| {
                xml.group("From", |xml| organ(xml, &status.from));
                xml.group("ResponseFor", |xml| response(xml, &status.response_for));
                staff(xml, &status.staff);
                xml.leaf("StatusCode", status.code.code());
                xml.leaf("Description", &status.description);
                xml.optional("Timestamp", &status.at.map(standard_datetime).unwrap_or_default());
            });
        });
    });
    xml.end_root();
    out.write_all(xml.take().as_bytes())?;
    Ok(())
}

fn envelope(xml: &mut Xml, inside: impl FnOnce(&mut Xml)) {
    xml.open_envelope();
    inside(xml);
    xml.close("edXMLEnvelope");
}

fn message_header(xml: &mut Xml, document: &Document) {
    xml.group("From", |xml| organ(xml, &document.from));
    for recipient in &document.to {
        xml.group("To", |xml| organ(xml, recipient));
    }
    let key = document.key();
    xml.leaf("DocumentId", if document.document_id.is_empty() { &key } else { &document.document_id });
    let Code { number, notation } = &document.code;
    xml.group("Code", |xml| {
        xml.leaf("CodeNumber", number);
        xml.leaf("CodeNotation", notation);
    });
    xml.group("PromulgationInfo", |xml| {
        xml.leaf("Place", &document.promulgation.place);
        xml.optional("PromulgationDate", &document.promulgation.date.map(standard_date).unwrap_or_default());
    });
    xml.group("DocumentType", |xml| {
        xml.optional("Type", &document.document_type.type_number);
        xml.optional("TypeDetail", &document.document_type.detail_number);
        xml.leaf("TypeName", &document.document_type.name);
    });
    xml.leaf("Subject", &document.subject);
    xml.leaf("Content", if document.content.is_empty() { &document.subject } else { &document.content });
    xml.group("SignerInfo", |xml| {
        xml.optional("Competence", &document.signer.competence);
        xml.optional("Position", &document.signer.position);
        xml.optional("FullName", &document.signer.full_name);
    });
    xml.optional("DueDate", &document.due.map(standard_date).unwrap_or_default());
    other(xml, document);
    for about in &document.response_for {
        xml.group("ResponseFor", |xml| response(xml, about));
    }
    xml.optional("SteeringType", &document.steering_type);
    xml.group_unless("ToPlaces", document.to_places.is_empty(), |xml| {
        document.to_places.iter().for_each(|place| xml.leaf("Place", place));
    });
}

fn other(xml: &mut Xml, document: &Document) {
    let other = &document.other;
    xml.group("OtherInfo", |xml| {
        xml.leaf("Priority", &other.priority);
        xml.optional("SphereOfPromulgation", &other.sphere);
        xml.optional("TyperNotation", &other.typer_notation);
        xml.optional("PromulgationAmount", &other.promulgation_amount);
        xml.optional("PageAmount", &other.page_amount);
        xml.group_unless("Appendixes", other.appendixes.is_empty(), |xml| {
            other.appendixes.iter().for_each(|appendix| xml.leaf("Appendix", appendix));
        });
    });
}

fn trace(xml: &mut Xml, document: &Document) {
    for hop in &document.trace {
        xml.group("TraceHeader", |xml| {
            xml.leaf("OrganId", &hop.organ_id);
            xml.optional("Timestamp", &hop.at.map(standard_datetime).unwrap_or_default());
        });
    }
    xml.group("Bussiness", |xml| business(xml, &document.business, document.target()));
}

fn business(xml: &mut Xml, business: &Business, target: Option<&str>) {
    xml.optional("DocumentId", target.unwrap_or(&business.document_id));
    xml.leaf("BussinessDocType", business.kind.code());
    xml.optional("BussinessDocReason", &business.reason);
    xml.optional("Paper", business.paper.map(digit).unwrap_or_default());
    if let Some(update) = &business.update {
        xml.group("BussinessDocumentInfo", |xml| {
            xml.leaf("DocumentInfo", digit(update.document_changed));
            xml.leaf("DocumentReceiver", digit(update.receivers_changed));
            xml.group_unless("ReceiverList", update.receivers.is_empty(), |xml| {
                for receiver in &update.receivers {
                    xml.group("Receiver", |xml| {
                        xml.leaf("OrganId", &receiver.organ_id);
                        xml.leaf("ReceiverType", receiver.added.map(digit).unwrap_or_default());
                    });
                }
            });
        });
    }
    xml.group_unless("ReplacementInfoList", business.replacements.is_empty(), |xml| {
        for replacement in &business.replacements {
            xml.group("ReplacementInfo", |xml| {
                xml.leaf("DocumentId", &replacement.document_id);
                xml.group_unless("OrganIdList", replacement.organ_ids.is_empty(), |xml| {
                    replacement.organ_ids.iter().for_each(|id| xml.leaf("OrganId", id));
                });
            });
        }
    });
    staff(xml, &business.staff);
}

fn organ(xml: &mut Xml, organ: &Organ) {
    xml.leaf("OrganId", &organ.id);
    xml.optional("OrganizationInCharge", &organ.in_charge);
    xml.optional("OrganName", &organ.name);
    xml.optional("OrganAdd", &organ.address);
    xml.optional("Email", &organ.email);
    xml.optional("Telephone", &organ.telephone);
    xml.optional("Fax", &organ.fax);
    xml.optional("Website", &organ.website);
}

fn response(xml: &mut Xml, about: &ResponseFor) {
    xml.leaf("OrganId", &about.organ_id);
    xml.optional("Code", &about.code);
    xml.leaf("DocumentId", &about.document_id);
    xml.optional("PromulgationDate", &about.date.map(standard_date).unwrap_or_default());
}

fn staff(xml: &mut Xml, staff: &Staff) {
    xml.group_unless("StaffInfo", *staff == Staff::default(), |xml| {
        xml.optional("Department", &staff.department);
        xml.optional("Staff", &staff.name);
        xml.optional("Email", &staff.email);
        xml.optional("Mobile", &staff.mobile);
    });
}

fn manifest(xml: &mut Xml, attachments: &[Attachment]) {
    xml.open_manifest();
    for (at, attachment) in attachments.iter().enumerate() {
        xml.group("Reference", |xml| {
            xml.leaf("ContentId", &content_id(at, attachment));
            xml.leaf("ContentType", declared_type(attachment));
            xml.leaf("Description", &attachment.description);
            xml.leaf("AttachmentName", &attachment.name);
        });
    }
    xml.close("edXMLManifest");
}

fn content_id(at: usize, attachment: &Attachment) -> String {
    match attachment.content_id.as_str() {
        "" => format!("cid:{}", at + 1),
        id => format!("cid:{id}"),
    }
}

fn declared_type(attachment: &Attachment) -> &str {
    match attachment.declared_type.as_str() {
        "" => claimed_type(&attachment.name),
        declared => declared,
    }
}

fn digit(yes: bool) -> &'static str {
    if yes { "1" } else { "0" }
}

fn encode(engine: &Simd, mut content: &mut dyn Read, out: &mut dyn Write) -> Result<Sent, WriteError> {
    let mut raw = Vec::with_capacity(CHUNK_BYTES);
    let mut text = vec![0; CHUNK_BYTES / 3 * 4];
    let mut digest = Context::new(&SHA256);
    let mut bytes = 0_u64;
    loop {
        raw.clear();
        let room = u64::try_from(CHUNK_BYTES).unwrap_or(u64::MAX);
        let count = Read::take(&mut content, room).read_to_end(&mut raw)?;
        digest.update(&raw);
        bytes = bytes.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        let length = engine.encode_slice(&raw, &mut text).map_err(io::Error::other)?;
        out.write_all(text.get(..length).unwrap_or_default())?;
        if count < CHUNK_BYTES {
            return Ok(Sent { bytes, sha256: hex(digest.finish().as_ref()) });
        }
    }
}

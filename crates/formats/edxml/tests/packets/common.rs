//! Packets put together by hand, and what becomes of them.

use std::io::{Cursor, Write};

use base64::prelude::{BASE64_STANDARD, Engine};
use edxml::{Document, Limits, NAMESPACE, Packet, Quarantine, Reason, Received, read};

/// A packet with this header, body and whatever follows the envelope.
pub(crate) fn packet(header: &str, body: &str, after: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><edXML xmlns=\"{NAMESPACE}\">\
         <e:edXMLEnvelope xmlns:e=\"{NAMESPACE}\"><e:edXMLHeader>{header}</e:edXMLHeader>\
         <e:edXMLBody>{body}</e:edXMLBody></e:edXMLEnvelope>{after}</edXML>"
    )
}

/// The least a document header must hold; `more` goes inside it.
pub(crate) fn header(more: &str) -> String {
    format!(
        "<e:MessageHeader><e:From><e:OrganId>000.00.00.H44</e:OrganId></e:From>\
         <e:To><e:OrganId>000.20.31.H44</e:OrganId></e:To>\
         <e:DocumentId>000.00.00.H44,2026/05/12,1/UBND-VX</e:DocumentId>\
         <e:Code><e:CodeNumber>1</e:CodeNumber><e:CodeNotation>UBND-VX</e:CodeNotation></e:Code>\
         <e:PromulgationInfo><e:PromulgationDate>2026/05/12</e:PromulgationDate></e:PromulgationInfo>\
         <e:Subject>V/v</e:Subject>{more}</e:MessageHeader>\
         <e:TraceHeaderList><e:Bussiness><e:BussinessDocType>0</e:BussinessDocType></e:Bussiness>\
         </e:TraceHeaderList>"
    )
}

/// A packet with one attachment.
pub(crate) fn with_attachment(name: &str, bytes: &[u8]) -> String {
    with_content(name, &BASE64_STANDARD.encode(bytes))
}

/// A packet with one attachment whose content element holds `content`.
pub(crate) fn with_content(name: &str, content: &str) -> String {
    let reference = format!(
        "<e:edXMLManifest><e:Reference><e:ContentId>cid:1</e:ContentId><e:ContentType>application/zip\
         </e:ContentType><e:AttachmentName>{name}</e:AttachmentName></e:Reference></e:edXMLManifest>"
    );
    let attachment = format!(
        "<AttachmentEncoded><Attachment><ContentId>1</ContentId><AttachmentName>{name}</AttachmentName>\
         <ContentTransferEncoded>{content}</ContentTransferEncoded></Attachment></AttachmentEncoded>"
    );
    packet(&header(""), &reference, &attachment)
}

pub(crate) fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) fn received(packet: impl AsRef<[u8]>) -> Result<Received<Vec<u8>>, Quarantine> {
    read(packet.as_ref(), &Limits::default(), |_| Ok(Vec::new()))
}

pub(crate) fn document(packet: impl AsRef<[u8]>) -> (Document, Vec<Vec<u8>>, Vec<String>) {
    let Received { packet, sinks, warnings } = received(packet).unwrap();
    let Packet::Document(document) = packet else { panic!("a status") };
    (*document, sinks, warnings.iter().map(ToString::to_string).collect())
}

pub(crate) fn reason(packet: impl AsRef<[u8]>) -> Reason {
    received(packet).unwrap_err().reason
}

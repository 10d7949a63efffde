//! What real senders do and a receiver must bear.

use crate::common::{document, header, packet, reason, received, with_attachment, with_content, zip_of};
use edxml::{BusinessKind, NAMESPACE, Packet, Reason, Signature, StatusCode, inspect};

#[test]
fn elements_may_come_in_any_order_and_under_any_prefix() {
    let swapped = format!(
        "<q:edXML xmlns:q=\"{NAMESPACE}\"><q:AttachmentEncoded><q:Attachment>\
         <q:ContentTransferEncoded>JVBERi0=</q:ContentTransferEncoded><q:AttachmentName>a.pdf</q:AttachmentName>\
         <q:ContentId>cid:x</q:ContentId></q:Attachment></q:AttachmentEncoded><q:edXMLEnvelope>\
         <q:edXMLBody><q:edXMLManifest><q:Reference><q:AttachmentName>a.pdf</q:AttachmentName>\
         <q:ContentId>x</q:ContentId></q:Reference></q:edXMLManifest></q:edXMLBody>\
         <q:edXMLHeader><q:TraceHeaderList><q:Bussiness><q:BussinessDocType>2</q:BussinessDocType></q:Bussiness>\
         <q:TraceHeader><q:OrganId>000.00.00.G22</q:OrganId></q:TraceHeader></q:TraceHeaderList>\
         <q:MessageHeader><q:DocumentId>9fbfbad2</q:DocumentId><q:Subject>V/v <![CDATA[<b>]]> &amp; &#x1EA1;</q:Subject>\
         <q:To><q:OrganId>000.20.31.H44</q:OrganId></q:To><q:From><q:OrganId>000.00.00.G22</q:OrganId></q:From>\
         </q:MessageHeader></q:edXMLHeader></q:edXMLEnvelope></q:edXML>"
    );
    let (document, sinks, warnings) = document(swapped);
    assert_eq!(document.subject, "V/v <b> & ạ");
    assert_eq!((document.business.kind, document.target()), (BusinessKind::Update, Some("9fbfbad2")));
    assert_eq!(document.trace[0].organ_id, "000.00.00.G22");
    assert_eq!(sinks, [b"%PDF-"]);
    assert_eq!(document.attachments[0].content_id, "x");
    assert!(!warnings.iter().any(|w| w.starts_with("attachment")), "{warnings:?}");
}

#[test]
fn a_lost_namespace_is_forgiven_below_the_root_and_noted() {
    let text = packet(&header(""), "", "").replace("<e:Subject>", "<Subject xmlns=\"\">");
    let (document, _, warnings) = document(text.replace("</e:Subject>", "</Subject>"));
    assert_eq!(document.subject, "V/v");
    assert_eq!(warnings, ["element_without_namespace: Subject"]);
}

#[test]
fn every_form_of_signature_is_seen_and_an_empty_one_is_none() {
    let xmldsig = "http://www.w3.org/2000/09/xmldsig#";
    let value = "<SignedInfo/><SignatureValue>QUFB</SignatureValue>";
    for (signature, state) in [
        (String::new(), Signature::None),
        (
            format!("<e:Signature>{}</e:Signature>", value.replace('<', "<e:").replace("<e:/", "</e:")),
            Signature::Unverifiable,
        ),
        (format!("<Signature xmlns=\"{xmldsig}\">{value}</Signature>"), Signature::Unverifiable),
        (format!("<ds:Signature xmlns:ds=\"{xmldsig}\"> </ds:Signature>"), Signature::None),
        ("<e:DigitalSignature/>".to_owned(), Signature::None),
        ("<e:DigitalSignature>QUFB</e:DigitalSignature>".to_owned(), Signature::Unverifiable),
    ] {
        let (document, _, warnings) = document(packet(&(header("") + &signature), "", ""));
        assert_eq!(document.signature, state, "{signature}");
        let empty = !signature.is_empty() && state == Signature::None;
        assert_eq!(warnings.iter().any(|w| w.starts_with("signature_empty")), empty, "{signature}");
    }
}

#[test]
fn content_is_broken_into_lines_with_references_comments_or_sections() {
    for content in
        ["JVBE\r\n Ri0=", "JVBE&#13;\nRi0=&#xD;", "JVBE<!-- x -->Ri0=", "<![CDATA[JVBERi0=]]>", "JVBERi0"]
    {
        let (document, sinks, _) = document(with_content("a.pdf", content));
        assert_eq!(sinks, [b"%PDF-"], "{content}");
        assert_eq!(document.attachments[0].content_type, "application/pdf");
    }
    for content in ["JVB*", "<b>JVBE</b>", "QQ==QQ==", "JVBE&amp;", "${__StringFromFile(test.txt,,,)}"] {
        assert_eq!(reason(with_content("a.pdf", content)), Reason::AttachmentNotBase64, "{content}");
    }
}

#[test]
fn a_zip_around_one_file_is_taken_off_unless_the_name_says_zip() {
    let pdf = b"%PDF-1.7 body".as_slice();
    let one = zip_of(&[("../../etc/passwd", pdf)]);
    let two = zip_of(&[("a.pdf", pdf), ("b.pdf", pdf)]);
    let docx = zip_of(&[("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<w/>")]);
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    for (name, sent, kept, kind) in [
        ("a.pdf", &one, pdf, "application/pdf"),
        ("a.ZIP", &one, one.as_slice(), "application/zip"),
        ("a.zip", &two, two.as_slice(), "application/zip"),
        ("a.docx", &docx, docx.as_slice(), word),
        ("b.docx", &zip_of(&[("x", &docx)]), docx.as_slice(), word),
    ] {
        let (document, sinks, warnings) = document(with_attachment(name, sent));
        let attachment = &document.attachments[0];
        assert_eq!((attachment.name.as_str(), attachment.content_type.as_str()), (name, kind));
        assert_eq!(sinks, [kept], "{name}");
        assert_eq!(attachment.unwrapped, kept.len() != sent.len());
        assert_eq!(warnings, [""; 0], "{name}");
    }
}

#[test]
fn a_damaged_zip_is_kept_as_it_is_and_noted() {
    let mut zip = zip_of(&[("a", b"%PDF-1.7")]);
    zip.truncate(zip.len() - 10);
    let (_, sinks, warnings) = document(with_attachment("a.pdf", &zip));
    assert_eq!(sinks, [zip]);
    assert!(warnings[0].starts_with("attachment_zip_kept: a.pdf"), "{warnings:?}");
}

#[test]
fn odd_values_are_kept_and_noted_rather_than_refused() {
    let more = "<e:To><e:OrganId>000.20.31.H44</e:OrganId></e:To><e:To><e:OrganId>vxp.saas.03</e:OrganId></e:To>\
        <e:DueDate>30/02/2026</e:DueDate><e:OtherInfo><e:Priority>9</e:Priority></e:OtherInfo>\
        <e:Subject>khác</e:Subject><e:Lạ/><e:SteeringType>1</e:SteeringType>";
    let (document, _, warnings) = document(packet(&header(more), "", ""));
    assert_eq!(document.to.len(), 2);
    assert_eq!((document.due, document.subject.as_str()), (None, "V/v"));
    assert_eq!(document.other.priority, "9");
    let keys: Vec<_> = warnings.iter().map(|w| w.split(':').next().unwrap()).collect();
    assert_eq!(
        keys,
        [
            "date_unreadable",
            "field_repeated",
            "element_unknown",
            "recipient_repeated",
            "organ_id_form",
            "value_unknown"
        ]
    );
}

#[test]
fn an_unknown_status_code_stays_as_it_is() {
    let status = |code: &str| {
        let header = format!(
            "<e:MessageHeader><e:From><e:OrganId>000.20.31.H44</e:OrganId></e:From><e:ResponseFor>\
             <e:OrganId>000.00.00.H44</e:OrganId><e:Code>1/UBND-VX</e:Code><e:DocumentId/>\
             <e:PromulgationDate>2026/05/12</e:PromulgationDate></e:ResponseFor><e:StatusCode>{code}</e:StatusCode>\
             <e:Timestamp>2026/05/12 09:15:00</e:Timestamp></e:MessageHeader>"
        );
        let received = received(packet(&header, "", "")).unwrap();
        let Packet::Status(status) = received.packet else { panic!() };
        (*status, received.warnings.len())
    };
    let (known, warnings) = status("03");
    assert_eq!((known.code.clone(), warnings), (StatusCode::Registered, 0));
    assert_eq!(known.key(), "000.00.00.H44,2026/05/12,1/UBND-VX");
    assert_eq!(status("3").0.code, StatusCode::Registered);
    assert_eq!(status("07").0.code, StatusCode::Other("07".to_owned()));
    // In 13 the agency named is the receiver, so the key is built from the sender.
    let (recall, _) = status("13");
    assert_eq!(recall.key(), "000.20.31.H44,2026/05/12,1/UBND-VX");
    assert_eq!(recall.document_receiver(), "000.00.00.H44");
}

#[test]
fn a_name_cannot_leave_its_folder() {
    let (document, _, warnings) = document(with_attachment("..\\..\\../etc/Công văn.pdf", b"%PDF-1.7"));
    assert_eq!(document.attachments[0].name, "Công văn.pdf");
    assert!(warnings[0].starts_with("attachment_name_cleaned"), "{warnings:?}");
}

#[test]
fn a_program_renamed_to_a_document_is_pointed_out() {
    let seen = inspect("gói tin", with_attachment("Công văn.pdf", b"MZ\x90\0 program").as_bytes());
    assert_eq!(seen.verdict, "document");
    assert!(
        seen.warnings.iter().any(|w| w.starts_with("attachment_type_mismatch: Công văn.pdf")),
        "{seen:?}"
    );
    assert!(seen.warnings.iter().any(|w| w.starts_with("attachment_executable")));
    assert_eq!(seen.attachments[0].content_type, "application/vnd.microsoft.portable-executable");
}

//! What we send: the strict form or nothing.

use std::io::{self, Read};

use edxml::{
    BusinessKind, Document, Organ, Packet, Problem, Replacement, ResponseFor, Status, StatusCode, UpdateInfo,
    WriteError, check_document, check_status, sample, write_document, write_status,
};
use jiff::civil::date;

use crate::common::received;

fn problems(document: &Document) -> Vec<(String, Problem)> {
    check_document(document).into_iter().map(|error| (error.field, error.problem)).collect()
}

fn status(code: StatusCode) -> Status {
    Status {
        from: Organ { id: "000.20.31.H44".to_owned(), name: "UBND xã".to_owned(), ..Organ::default() },
        response_for: ResponseFor {
            organ_id: "000.00.00.H44".to_owned(),
            code: "1234/UBND-VX".to_owned(),
            document_id: sample::document().key(),
            date: Some(date(2026, 5, 12)),
        },
        description: "Gửi sai nơi nhận".to_owned(),
        at: Some(date(2026, 5, 12).at(9, 15, 0, 0)),
        code,
        ..Status::default()
    }
}

#[test]
fn a_document_leaves_in_the_order_and_with_the_prefixes_of_the_standard() {
    let text = String::from_utf8(sample::packet(20).unwrap()).unwrap();
    let order = [
        "<edXML:edXMLHeader>",
        "<edXML:From>",
        "<edXML:To>",
        "<edXML:DocumentId>000.00.00.H44,2026/05/12,1234/UBND-VX<",
        "<edXML:Code>",
        "<edXML:PromulgationInfo>",
        "<edXML:DocumentType>",
        "<edXML:Subject>",
        "<edXML:Content>V/v",
        "<edXML:SignerInfo>",
        "<edXML:OtherInfo>",
        "<edXML:TraceHeader>",
        "<edXML:Bussiness>",
        "<edXML:edXMLManifest",
        "cid:vb",
        "<AttachmentEncoded>",
        "<edXML:ContentTransferEncoded",
    ];
    let places: Vec<usize> =
        order.iter().map(|part| text.find(part).unwrap_or_else(|| panic!("{part}"))).collect();
    assert!(places.is_sorted(), "{text}");
    assert!(received(&text).unwrap().warnings.is_empty());
}

#[test]
fn every_kind_of_business_and_every_status_comes_back() {
    for kind in [BusinessKind::New, BusinessKind::Recall, BusinessKind::Update, BusinessKind::Replace] {
        let mut document = sample::document();
        let business = &mut document.business;
        business.kind = kind;
        business.reason = "Ban hành nhầm".to_owned();
        match kind {
            BusinessKind::New => {}
            BusinessKind::Recall => business.document_id = "cũ".to_owned(),
            BusinessKind::Update => {
                business.document_id = "cũ".to_owned();
                business.update = Some(UpdateInfo { document_changed: true, ..UpdateInfo::default() });
            }
            BusinessKind::Replace => {
                let old = Replacement {
                    document_id: "cũ".to_owned(),
                    organ_ids: vec!["000.20.31.H44".to_owned()],
                };
                business.replacements = vec![old];
            }
        }
        let mut packet = Vec::new();
        write_document(&document, &mut [&mut sample::pdf(10)], &mut packet).unwrap();
        let back = received(&packet).unwrap();
        let Packet::Document(back_document) = &back.packet else { panic!() };
        assert_eq!(back_document.business, document.business);
        assert_eq!(back.warnings, []);
    }
    for code in StatusCode::KNOWN {
        let mut packet = Vec::new();
        write_status(&status(code), &mut packet).unwrap();
        let back = received(&packet).unwrap();
        assert_eq!(
            (back.packet, back.warnings),
            (Packet::Status(Box::new(status(back_code(&packet)))), Vec::new())
        );
    }
}

fn back_code(packet: &[u8]) -> StatusCode {
    match received(packet).unwrap().packet {
        Packet::Status(status) => status.code,
        Packet::Document(_) => panic!("a document"),
    }
}

#[test]
fn fields_that_break_the_decree_are_named_and_nothing_is_written() {
    let mut document = sample::document();
    assert_eq!(problems(&document), []);
    document.to.push(document.to[0].clone());
    document.subject = "ữ".repeat(501);
    document.code.number = String::new();
    document.signer.full_name = "a\u{0}".to_owned();
    document.other.priority = "5".to_owned();
    document.other.page_amount = "1000".to_owned();
    document.business.kind = BusinessKind::Replace;
    document.attachments[0].name = "../a.pdf".to_owned();
    let found = problems(&document);
    let found: Vec<(&str, Problem)> =
        found.iter().map(|(field, problem)| (field.as_str(), *problem)).collect();
    assert_eq!(
        found,
        [
            ("To[2]/OrganId", Problem::Repeated),
            ("Code/CodeNumber", Problem::Required),
            ("Subject", Problem::TooLong(500)),
            ("SignerInfo/FullName", Problem::BadCharacter),
            ("OtherInfo/Priority", Problem::OutOfRange),
            ("OtherInfo/PageAmount", Problem::OutOfRange),
            ("Bussiness/BussinessDocReason", Problem::Required),
            ("ReplacementInfo", Problem::Required),
            ("Attachment[1]/AttachmentName", Problem::BadCharacter),
        ]
    );
    let mut out = Vec::new();
    let refused = write_document(&document, &mut [&mut io::empty()], &mut out).unwrap_err();
    assert!(matches!(refused, WriteError::Invalid(errors) if errors.len() == 9));
    assert!(out.is_empty());
}

#[test]
fn a_refusal_needs_a_reason_and_an_unknown_code_is_not_sent() {
    let silent = Status { description: String::new(), ..status(StatusCode::Refused) };
    assert_eq!(check_status(&silent)[0].field, "Description");
    assert_eq!(check_status(&Status { description: String::new(), ..status(StatusCode::Registered) }), []);
    assert_eq!(check_status(&status(StatusCode::Other("07".to_owned())))[0].field, "StatusCode");
}

#[test]
fn the_hash_of_what_was_sent_is_the_hash_of_what_arrives() {
    let mut packet = Vec::new();
    let sent = write_document(&sample::document(), &mut [&mut sample::pdf(200_001)], &mut packet).unwrap();
    let back = received(&packet).unwrap();
    let Packet::Document(document) = &back.packet else { panic!() };
    let attachment = &document.attachments[0];
    assert_eq!((attachment.bytes, &attachment.sha256), (sent[0].bytes, &sent[0].sha256));
    let mut bytes = Vec::new();
    sample::pdf(200_001).read_to_end(&mut bytes).unwrap();
    assert!(back.sinks == [bytes]);
}

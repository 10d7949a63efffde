//! Whatever may be sent comes back as it was, and whatever arrives never brings the reader down.

use std::io::Read;

use edxml::{
    Attachment, Business, BusinessKind, Code, Document, DocumentType, Limits, Organ, OtherInfo, Packet,
    Promulgation, Receiver, Replacement, ResponseFor, Signer, Staff, TraceHeader, UpdateInfo, read, sample,
    write_document,
};
use jiff::civil::{Date, DateTime, date};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::common::{received, with_attachment, zip_of};

/// A text of at most `max` characters, without the spaces around it that XML pretty-printers add.
fn text(max: usize) -> impl Strategy<Value = String> {
    let any = proptest::string::string_regex(&format!("(\\PC|[\r\n\t&<>\"']){{0,{max}}}")).unwrap();
    any.prop_map(|text| text.trim().to_owned())
}

fn some(max: usize) -> impl Strategy<Value = String> {
    text(max).prop_map(|text| if text.is_empty() { "x".to_owned() } else { text })
}

fn id() -> impl Strategy<Value = String> {
    "[A-Z0-9.]{1,13}"
}

fn day() -> impl Strategy<Value = Date> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn instant() -> impl Strategy<Value = DateTime> {
    (day(), 0_i8..24, 0_i8..60, 0_i8..60).prop_map(|(day, h, m, s)| day.at(h, m, s, 0))
}

fn organ() -> impl Strategy<Value = Organ> {
    let contact = (text(30), text(20), text(20), text(30));
    (id(), text(20), some(20), text(30), contact).prop_map(
        |(id, in_charge, name, address, (email, telephone, fax, website))| Organ {
            id,
            in_charge,
            name,
            address,
            email,
            telephone,
            fax,
            website,
        },
    )
}

fn staff() -> impl Strategy<Value = Staff> {
    (text(20), text(20), text(30), text(20)).prop_map(|(department, name, email, mobile)| Staff {
        department,
        name,
        email,
        mobile,
    })
}

fn business() -> impl Strategy<Value = Business> {
    let receiver =
        (id(), any::<bool>()).prop_map(|(organ_id, added)| Receiver { organ_id, added: Some(added) });
    let update = (any::<bool>(), any::<bool>(), vec(receiver, 0..4)).prop_map(
        |(document_changed, receivers_changed, receivers)| UpdateInfo {
            document_changed,
            receivers_changed,
            receivers,
        },
    );
    let replacement = (some(30), vec(id(), 0..3))
        .prop_map(|(document_id, organ_ids)| Replacement { document_id, organ_ids });
    (0..4, some(30), some(30), option::of(any::<bool>()), update, vec(replacement, 1..3), staff()).prop_map(
        |(kind, document_id, reason, paper, update, replacements, staff)| {
            let base = Business { reason, paper, staff, ..Business::default() };
            match kind {
                0 => base,
                1 => Business { kind: BusinessKind::Recall, document_id, ..base },
                2 => Business { kind: BusinessKind::Update, document_id, update: Some(update), ..base },
                _ => Business { kind: BusinessKind::Replace, replacements, ..base },
            }
        },
    )
}

fn response() -> impl Strategy<Value = ResponseFor> {
    (id(), text(20), some(30), option::of(day()))
        .prop_map(|(organ_id, code, document_id, date)| ResponseFor { organ_id, code, document_id, date })
}

fn other() -> impl Strategy<Value = OtherInfo> {
    ("[0-4]", text(20), text(10), "[0-9]{0,3}", "[0-9]{0,3}", vec(some(20), 0..3)).prop_map(
        |(priority, sphere, typer_notation, promulgation_amount, page_amount, appendixes)| OtherInfo {
            priority,
            sphere,
            typer_notation,
            promulgation_amount,
            page_amount,
            appendixes,
        },
    )
}

fn attachments() -> impl Strategy<Value = Vec<(Attachment, Vec<u8>)>> {
    let one = ("[a-zạ-ỹ ]{1,8}x\\.(pdf|docx|bin|zip)", some(20), vec(any::<u8>(), 0..9000));
    vec(one, 0..4).prop_map(|all| {
        let numbered = all.into_iter().enumerate().map(|(at, (name, description, bytes))| {
            let (name, content_id) = (name.trim().to_owned(), format!("số {at}"));
            (Attachment { content_id, name, description, ..Attachment::default() }, bytes)
        });
        numbered.collect()
    })
}

prop_compose! {
    fn document()(
        from in organ(), to in vec(organ(), 1..4), document_id in some(40), number in "[0-9]{1,11}", notation in some(30),
        head in (some(50), day(), text(9), text(9), some(50), some(80), some(80), option::of(day())),
        signer in (text(20), text(30), text(30)), to_places in vec(some(30), 0..4), other in other(),
        response_for in vec(response(), 0..3), steering_type in "[0-3]?",
        trace in vec((id(), instant()), 0..3), business in business(),
    ) -> Document {
        let (place, day, type_number, detail_number, name, subject, content, due) = head;
        let (competence, position, full_name) = signer;
        let mut to = to;
        to.iter_mut().enumerate().for_each(|(at, organ)| organ.id = format!("{at}{}", &organ.id[..organ.id.len().min(9)]));
        Document {
            from, to, document_id, code: Code { number, notation }, promulgation: Promulgation { place, date: Some(day) },
            document_type: DocumentType { type_number, detail_number, name }, subject, content,
            signer: Signer { competence, position, full_name }, due, to_places, other, response_for, steering_type,
            trace: trace.into_iter().map(|(organ_id, at)| TraceHeader { organ_id, at: Some(at) }).collect(),
            business, ..Document::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_comes_back_as_it_was_sent(document in document(), attached in attachments()) {
        let mut document = document;
        document.attachments = attached.iter().map(|(attachment, _)| attachment.clone()).collect();
        let mut slices: Vec<&[u8]> = attached.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        let mut contents: Vec<&mut dyn Read> = Vec::new();
        for slice in &mut slices {
            contents.push(slice);
        }
        let mut packet = Vec::new();
        let sent = write_document(&document, &mut contents, &mut packet).unwrap();
        let back = received(&packet).unwrap();
        let Packet::Document(mut seen) = back.packet else { panic!("a status") };
        prop_assert_eq!(back.sinks, attached.into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>());
        for (attachment, sent) in seen.attachments.iter_mut().zip(sent) {
            prop_assert_eq!((attachment.bytes, &attachment.sha256), (sent.bytes, &sent.sha256));
            attachment.declared_type.clear();
            attachment.content_type.clear();
            attachment.sha256.clear();
            attachment.bytes = 0;
        }
        prop_assert_eq!(*seen, document);
    }

    #[test]
    fn no_change_of_bytes_brings_the_reader_down(
        edits in vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..12), zipped in any::<bool>(),
    ) {
        let mut packet = if zipped {
            with_attachment("a.xls", &zip_of(&[("a", b"%PDF-1.7 content content")])).into_bytes()
        } else {
            sample::packet(50).unwrap()
        };
        for (at, byte, how) in edits {
            let at = at.index(packet.len());
            match how {
                0 => packet[at] = byte,
                1 => packet.insert(at, byte),
                2 => drop(packet.remove(at)),
                _ => packet.extend_from_within(at..(at + usize::from(byte)).min(packet.len())),
            }
        }
        // Reaching the end is the point; both outcomes are fine.
        let _ = received(&packet);
        packet.truncate(packet.len() / 2);
        prop_assert!(received(&packet).is_err());
    }

    #[test]
    fn no_soup_of_markup_brings_the_reader_down(soup in vec(0..24_usize, 0..60)) {
        const PARTS: [&str; 24] = [
            "<?xml version=\"1.0\"?>", "<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">", "<edXMLEnvelope>",
            "<edXMLHeader>", "<MessageHeader>", "<From>", "<To>", "<OrganId>", "</OrganId>", "</From>", "</To>", "1",
            "</MessageHeader>", "</edXMLHeader>", "</edXMLEnvelope>", "<AttachmentEncoded>", "<Attachment>",
            "<ContentTransferEncoded>", "</ContentTransferEncoded>", "</Attachment>", "</AttachmentEncoded>", "</edXML>",
            "&amp;", "<![CDATA[QUFB]]>",
        ];
        let text: String = soup.into_iter().map(|at| PARTS[at]).collect();
        let _ = read(text.as_bytes(), &Limits::default(), |_| Ok(Vec::new()));
    }
}

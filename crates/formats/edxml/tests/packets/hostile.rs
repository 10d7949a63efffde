//! Packets made to hurt: every one ends in quarantine with its reason.

use std::io::{self, BufRead, Read};

use crate::common::{header, packet, reason, with_attachment, with_content, zip_of};
use edxml::{Limits, NAMESPACE, Reason, inspect, read};

#[test]
fn document_type_definitions_and_entities_are_never_read() {
    let good = packet(&header(""), "", "");
    let dtd = |dtd: &str| good.replacen("?>", &format!("?>{dtd}"), 1);
    let laughs = "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    for attack in [
        "<!DOCTYPE edXML>",
        "<!DOCTYPE l [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE l SYSTEM \"http://127.0.0.1/x.dtd\">",
        laughs,
        "<!DOCTYPE",
    ] {
        assert_eq!(reason(dtd(attack)), Reason::DoctypeRefused, "{attack}");
    }
    assert_eq!(reason(good.replace(">V/v<", ">&b;<")), Reason::EntityRefused);
    assert_eq!(reason(good.replace("<e:Subject>", "<e:Subject a=\"&b;\">")), Reason::EntityRefused);
}

#[test]
fn text_that_is_not_well_formed_is_refused_with_its_reason() {
    let good = packet(&header(""), "", "");
    let cut = &good[..good.len() - 20];
    for (text, wanted) in [
        (String::new(), Reason::NotWellFormed),
        ("không phải XML".to_owned(), Reason::JunkBeforeProlog),
        (format!("1212{good}"), Reason::JunkBeforeProlog),
        (format!("\n{good}"), Reason::JunkBeforeProlog),
        (cut.to_owned(), Reason::NotWellFormed),
        (format!("{good}x"), Reason::NotWellFormed),
        (format!("{good}{good}"), Reason::NotWellFormed),
        (format!("{good}<a/>"), Reason::NotWellFormed),
        (good.replace("</e:Subject>", "</e:Content>"), Reason::NotWellFormed),
        (
            good.replace("<e:Subject>", "<x:Subject>").replace("</e:Subject>", "</x:Subject>"),
            Reason::NotWellFormed,
        ),
        (good.replace("<e:Subject>", "<e:Subject xlink:href=\"\">"), Reason::NotWellFormed),
        (good.replace("<e:Subject>", "<e:Subject a=\"1\" a=\"2\">"), Reason::NotWellFormed),
        (good.replace("<e:Subject>", "<e:Subject a=1>"), Reason::NotWellFormed),
        (good.replace("V/v", "V/v & x"), Reason::NotWellFormed),
        (good.replace("V/v", "a\u{1}b"), Reason::NotWellFormed),
        (good.replace("V/v", "&#1;"), Reason::NotWellFormed),
        (good.replace("V/v", "a]]>b"), Reason::NotWellFormed),
        (good.replace("UTF-8", "UTF-16"), Reason::EncodingUnsupported),
        (good.replace("1.0", "1.1"), Reason::NotWellFormed),
        (good.replace(NAMESPACE, "http://www.e-doc.vn/Schema/"), Reason::LegacyNamespace),
        (good.replace(NAMESPACE, "http://www.go.vn/eDoc"), Reason::LegacyNamespace),
        (good.replace(NAMESPACE, "urn:x"), Reason::NotEdxml),
        ("<html/>".to_owned(), Reason::NotEdxml),
        (format!("<edXML xmlns=\"{NAMESPACE}\"/>"), Reason::HeaderMissing),
        (good.replace("000.00.00.H44</e:OrganId>", "</e:OrganId>"), Reason::SenderMissing),
        (good.replace("<e:To>", "<e:From/><e:To>"), Reason::DuplicateElement),
        (good.replace(">0<", ">7<"), Reason::UnknownBusinessType),
    ] {
        assert_eq!(reason(&text), wanted, "{text}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused() {
    let mut bytes = packet(&header(""), "", "").into_bytes();
    let at = bytes.windows(3).position(|w| w == b"V/v").unwrap();
    bytes[at] = 0xC3;
    assert_eq!(reason(&bytes), Reason::NotUtf8);
    let utf16: Vec<u8> = packet(&header(""), "", "").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(matches!(reason(&utf16), Reason::NotUtf8 | Reason::JunkBeforeProlog | Reason::NotWellFormed));
}

#[test]
fn zip_bombs_are_stopped_while_they_expand() {
    let zeros = vec![0_u8; 30 << 20];
    assert_eq!(reason(with_attachment("a.xls", &zip_of(&[("a", &zeros)]))), Reason::ZipBomb);
    // Nested or with several entries it stays packed, so it cannot expand here at all.
    let (_, sinks, _) =
        crate::common::document(with_attachment("a.xls", &zip_of(&[("a", &zeros), ("b", &zeros)])));
    assert!(sinks[0].len() < 1 << 20);
    let mut corrupt = zip_of(&[("a", &b"0123456789".repeat(50))]);
    corrupt[40] ^= 0xFF;
    let why = reason(with_attachment("a.xls", &corrupt));
    assert_eq!(why, Reason::AttachmentCorrupt);
}

#[test]
fn a_zip_that_claims_a_million_names_is_not_indexed() {
    let names: Vec<String> = (0..2000).map(|n| n.to_string()).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    let (document, ..) = crate::common::document(with_attachment("a.xls", &zip_of(&entries)));
    assert!(!document.attachments[0].unwrapped);
}

#[test]
fn limits_stop_what_is_too_much() {
    let nested = packet(&(header("") + &"<a>".repeat(100)), "", "");
    assert_eq!(reason(nested), Reason::TooDeep);
    let long = "a".repeat(40_000);
    assert_eq!(
        reason(packet(&header(&format!("<e:Content>{long}</e:Content>")), "", "")),
        Reason::FieldTooLong
    );
    let longer = "a".repeat(300_000);
    for piece in [
        format!("<e:Content>{longer}</e:Content>"),
        format!("<!--{longer}-->"),
        format!("<a b=\"{longer}\"/>"),
        format!("<![CDATA[{longer}]]>"),
        format!("&{longer};"),
    ] {
        assert_eq!(reason(packet(&header(&piece), "", "")), Reason::FieldTooLong);
    }
    let many = "<e:ResponseFor/>".repeat(10_001);
    assert_eq!(reason(packet(&header(&many), "", "")), Reason::TooManyItems);
    let attachments = format!("<AttachmentEncoded>{}</AttachmentEncoded>", "<Attachment/>".repeat(101));
    assert_eq!(reason(packet(&header(""), "", &attachments)), Reason::TooManyAttachments);
    let small = Limits { attachment_bytes: 3, ..Limits::default() };
    let refused = read(with_content("a", "QUFBQQ==").as_bytes(), &small, |_| Ok(io::sink())).unwrap_err();
    assert_eq!(refused.reason, Reason::AttachmentTooLarge);
}

#[test]
fn warnings_of_one_packet_are_bounded() {
    let odd = (0..9_000).fold(String::new(), |all, n| all + &format!("<e:x{n}/>"));
    let (.., warnings) = crate::common::document(packet(&header(&odd), "", ""));
    assert_eq!(warnings.len(), 201);
    assert_eq!(warnings[200], "warnings_truncated");
}

#[test]
fn failures_of_source_and_store_are_not_the_packets_fault() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("cable pulled"))
        }
    }
    let good = with_attachment("a.pdf", b"%PDF-1.7");
    let half = good.as_bytes()[..500].chain(Broken);
    let refused = read(io::BufReader::new(half), &Limits::default(), |_| Ok(io::sink())).unwrap_err();
    assert_eq!(refused.reason, Reason::SourceFailed);
    assert!(refused.reason.is_transient());
    let full = |_: &edxml::AttachmentHead| Err::<io::Sink, _>(io::Error::other("disk full"));
    assert_eq!(read(good.as_bytes(), &Limits::default(), full).unwrap_err().reason, Reason::SinkFailed);
}

#[test]
fn script_in_a_subject_is_only_text() {
    let seen = inspect(
        "x",
        packet(&header(""), "", "").replace("V/v", "&lt;script>alert(1)&lt;/script>").as_bytes(),
    );
    assert_eq!(seen.subject.as_deref(), Some("<script>alert(1)</script>"));
}

/// Bytes that arrive one by one must mean the same.
struct Drop<'a>(&'a [u8]);

impl Read for Drop<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.len().min(buf.len());
        buf[..count].copy_from_slice(&self.0[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Drop<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(&self.0[..self.0.len().min(1)])
    }
    fn consume(&mut self, amount: usize) {
        self.0 = &self.0[amount..];
    }
}

#[test]
fn a_packet_that_arrives_byte_by_byte_is_the_same_packet() {
    let text = format!("\u{FEFF}{}", with_attachment("Công văn.pdf", b"%PDF-1.7 content"));
    let whole = crate::common::received(&text).unwrap();
    let drops = read(Drop(text.as_bytes()), &Limits::default(), |_| Ok(Vec::new())).unwrap();
    assert_eq!((whole.packet, whole.sinks, whole.warnings), (drops.packet, drops.sinks, drops.warnings));
}

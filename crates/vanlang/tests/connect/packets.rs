//! S5: every kind of packet that leaves is read by our own reader without a warning, and is as the norm's skeleton.

use crate::people::{THEIRS, axis, connect, everywhere, issue, read, turn};
use contracts::{Business, Envelope, Party, Reference, Replace, Sealed, Status, Update};
use std::collections::BTreeSet;
use vxp::simulator::Faults;

/// Children of a message header in the order of the skeleton.
const HEADER: &[&str] = &[
    "From",
    "To",
    "DocumentId",
    "Code",
    "PromulgationInfo",
    "DocumentType",
    "Subject",
    "Content",
    "SignerInfo",
    "DueDate",
    "OtherInfo",
    "ResponseFor",
    "SteeringType",
    "ToPlaces",
];
const STATUS: &[&str] = &["From", "ResponseFor", "StaffInfo", "StatusCode", "Description", "Timestamp"];
const BUSINESS: &[&str] = &[
    "DocumentId",
    "BussinessDocType",
    "BussinessDocReason",
    "Paper",
    "BussinessDocumentInfo",
    "ReplacementInfoList",
    "StaffInfo",
];

/// The names of an element's children, in order; every one bears the prefix.
fn children(packet: &str, element: &str) -> Vec<String> {
    let begin =
        packet.find(&format!("<edXML:{element}>")).unwrap_or_else(|| panic!("no {element}: {packet}"));
    let inside = &packet[begin + element.len() + 8..];
    let inside = inside.split(&format!("</edXML:{element}>")).next().unwrap();
    let (mut depth, mut names) = (0, Vec::new());
    for tag in inside.split('<').skip(1) {
        let name = tag.split(['>', ' ', '/']).find(|part| !part.is_empty()).unwrap();
        assert!(name.starts_with("edXML:"), "{name} has no prefix");
        if tag.starts_with('/') {
            depth -= 1;
            continue;
        }
        if depth == 0 {
            names.push(name.trim_start_matches("edXML:").to_owned());
        }
        let is_closed = tag.split('>').next().unwrap().ends_with('/');
        depth += i32::from(!is_closed);
    }
    names
}

fn in_order(packet: &str, element: &str, order: &[&str]) {
    let at = |name: &String| {
        order.iter().position(|one| one == name).unwrap_or_else(|| panic!("{name} in {element}"))
    };
    let places: Vec<usize> = children(packet, element).iter().map(at).collect();
    assert!(places.is_sorted(), "{element}: {:?}", children(packet, element));
}

fn is_as_the_skeleton(bytes: &[u8]) {
    let packet = String::from_utf8(bytes.to_vec()).unwrap();
    read(bytes);
    assert!(packet.contains("<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">"), "{packet}");
    assert!(packet.contains("<edXML:edXMLEnvelope xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">"));
    if packet.contains("StatusCode") {
        in_order(&packet, "MessageHeader", STATUS);
        return;
    }
    in_order(&packet, "MessageHeader", HEADER);
    in_order(&packet, "Bussiness", BUSINESS);
    assert_eq!(children(&packet, "edXMLHeader"), ["MessageHeader", "TraceHeaderList"]);
    // What is attached stands outside the envelope.
    let (envelope, rest) = packet.split_once("</edXML:edXMLEnvelope>").unwrap();
    assert!(!envelope.contains("AttachmentEncoded") && rest.contains("<AttachmentEncoded>"));
}

#[test]
fn packets_of_every_kind_are_read_again_and_stand_as_the_norm_has_them() {
    everywhere(|town| {
        let axis = axis(1, Faults::default());
        let theirs = connect(town, &axis);
        turn(town, 1);
        issue(town, "mẫu gốc", &[theirs]);
        turn(town, 1);
        let own = town.agency("Phú Thọ").id;
        // The same envelope as an update, a replacement and an answer, and each status there is.
        let bodies: Vec<(String,)> = {
            static BODIES: kernel::Sql =
                kernel::q!("SELECT body FROM platform_envelopes WHERE {scope} AND kind = 'document'");
            town.read("phutho", |cx| cx.rows(&BODIES, &[]))
        };
        let envelope: Envelope = serde_json::from_str(&bodies[0].0).unwrap();
        let Sealed::Document(first) = envelope.sealed else { panic!("a document") };
        let about = Reference {
            organ: first.document_id.split(',').next().unwrap().to_owned(),
            document_id: first.document_id.clone(),
            symbol: format!("{}/{}", first.number, first.notation),
            promulgated: first.promulgated,
        };
        let to = Party { code: THEIRS.to_owned(), name: "Tỉnh bạn".to_owned() };
        let update = Update {
            request: None,
            reason: "Sửa lỗi trong phụ lục".to_owned(),
            changed: true,
            removed: vec![Party { code: "000.00.31.H53".to_owned(), name: String::new() }],
            added: vec![to.clone()],
        };
        let mut all: Vec<Sealed> = Vec::new();
        for business in [
            Business::Update(update),
            Business::Replace(Replace { reason: "Thay thế".to_owned(), of: vec![about.clone()] }),
        ] {
            let mut document = first.clone();
            document.business = business;
            document.response_for = vec![about.clone()];
            all.push(Sealed::Document(document));
        }
        for code in ["01", "02", "03", "04", "05", "06", "13", "15", "16"] {
            let mut of = about.clone();
            if code == "13" {
                THEIRS.clone_into(&mut of.organ);
            }
            all.push(Sealed::Status(Box::new(Status {
                of,
                code: code.to_owned(),
                description: "Lý do <&> \"đủ\"".to_owned(),
                at_place: "Phòng Văn hóa – Xã hội".to_owned(),
                staff: "Kiều Thị Mến".to_owned(),
                timestamp: town.now(),
                request: None,
                forwarded: Vec::new(),
            })));
        }
        let wanted = all.len() + 1;
        let sealed = std::sync::Mutex::new(all);
        town.act("phutho", move |cx| {
            for one in sealed.lock().unwrap().drain(..) {
                platform::exchange::send(cx, own, (one, std::slice::from_ref(&to), 0))?;
            }
            cx.record_plain("testkit.sent", ("agency", own));
            Ok(())
        });
        turn(town, 1);
        let state = axis.state();
        assert_eq!(state.kept.len(), wanted);
        let mut kinds = BTreeSet::new();
        for one in &state.kept {
            is_as_the_skeleton(&one.bytes);
            match read(&one.bytes) {
                edxml::Packet::Document(document) => kinds.insert(document.business.kind.key().to_owned()),
                edxml::Packet::Status(status) => {
                    assert_eq!(status.description, "Lý do <&> \"đủ\"");
                    kinds.insert(status.code.code().to_owned())
                }
            };
        }
        let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
        assert_eq!(kinds, ["01", "02", "03", "04", "05", "06", "13", "15", "16", "new", "replace", "update"]);
    });
}

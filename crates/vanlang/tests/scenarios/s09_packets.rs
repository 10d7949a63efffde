//! S7 and S9 by file: recall, update and replacement of an agency that is not connected, handed in as edXML.

use crate::invariants;
use crate::s07_recall::{demanded, demands};
use crate::story::{arrived, press, told};
use edxml::{BusinessKind, Document, Replacement, Status, StatusCode, UpdateInfo, sample};
use testkit::{Attachment, Town};

const FIRST: &str = "kiểm tra công tác văn thư";

/// A packet of the sample agency, with an attachment of so many bytes.
fn packet(document: &Document, bytes: u64) -> Vec<u8> {
    let mut out = Vec::new();
    edxml::write_document(document, &mut [&mut sample::pdf(bytes)], &mut out).unwrap();
    out
}

/// The sample under a number, addressed to the agency that reads it.
fn document(number: &str, subject: &str) -> Document {
    let mut document = sample::document();
    document.from.id = "000.00.00.H53".to_owned();
    document.from.name = "Ủy ban nhân dân tỉnh Tây Ninh".to_owned();
    number.clone_into(&mut document.code.number);
    subject.clone_into(&mut document.subject);
    document
}

fn handed_in(town: &Town, name: &str, bytes: &[u8]) {
    let clerk = town.clerk("Phú Thọ");
    clerk.get("/documents/incoming/import").ok();
    clerk
        .post_files("/documents/incoming/import", &[], &[Attachment { field: "files", name, bytes }])
        .ok()
        .sees("Đang đọc");
    town.settle();
}

/// The status a packet holds.
pub(crate) fn status_of(packet: &[u8]) -> Status {
    let received = edxml::read(packet, &edxml::Limits::default(), |_| Ok(Vec::new())).unwrap();
    match received.packet {
        edxml::Packet::Status(status) => *status,
        edxml::Packet::Document(document) => panic!("a document: {document:?}"),
    }
}

/// The document a packet holds, and the SHA-256 of each attachment.
pub(crate) fn document_of(packet: &[u8]) -> (Document, Vec<String>) {
    let received = edxml::read(packet, &edxml::Limits::default(), |_| Ok(Vec::new())).unwrap();
    match received.packet {
        edxml::Packet::Document(document) => {
            let hashes = document.attachments.iter().map(|one| one.sha256.clone()).collect();
            (*document, hashes)
        }
        edxml::Packet::Status(status) => panic!("a status: {status:?}"),
    }
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn packets_of_an_agency_that_is_not_connected_act_on_what_it_has_sent(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        handed_in(&town, "moi.edxml", &packet(&document("1234", FIRST), 3_000));
        let page = arrived(&town, "Phú Thọ", FIRST);
        press(&clerk, &page, "accept", &[]).sees("số đến 1");
        let before = told(&clerk, &page);

        // Type 2: another file and other words, for the clerk to take.
        let mut update = document("1234", "kiểm tra công tác văn thư, lưu trữ");
        update.business.kind = BusinessKind::Update;
        update.business.document_id = update.key();
        "thêm phạm vi".clone_into(&mut update.business.reason);
        update.business.update =
            Some(UpdateInfo { document_changed: true, receivers_changed: false, receivers: Vec::new() });
        handed_in(&town, "cap-nhat.edxml", &packet(&update, 5_000));
        clerk.get("/notices").sees("Tệp cap-nhat.edxml: yêu cầu hoặc trạng thái về văn bản 1234/UBND-VX");
        let demand = demanded(&clerk);
        clerk.get(&page).sees("thêm phạm vi").sees("lưu trữ");
        clerk.post(&format!("{demand}/grant"), &[]).sees("Đã nhận bản cập nhật");
        let after = told(&clerk, &page);
        assert_eq!(after["subject"], "kiểm tra công tác văn thư, lưu trữ");
        assert_ne!(before["files"][0]["sha256"], after["files"][0]["sha256"]);

        // Type 3: the next document stands in place of the first.
        let mut replace = document("1250", "thay công văn 1234");
        replace.business.kind = BusinessKind::Replace;
        "sai căn cứ".clone_into(&mut replace.business.reason);
        replace.business.replacements =
            vec![Replacement { document_id: update.key(), organ_ids: vec!["000.00.00.H44".to_owned()] }];
        handed_in(&town, "thay-the.edxml", &packet(&replace, 3_100));
        let newer = arrived(&town, "Phú Thọ", "thay công văn 1234");
        clerk.get(&page).sees("đã bị thay thế bằng 1250/UBND-VX");
        clerk.get(&newer).sees("Thay thế văn bản 1234/UBND-VX");
        assert_eq!(told(&clerk, &page)["status"], "replaced");

        // Type 1, and a status 13, both about the newer one: it is given back once, and both are answered.
        let mut recall = document("1250", "thu hồi");
        recall.business.kind = BusinessKind::Recall;
        recall.business.document_id = replace.key();
        "ban hành nhầm".clone_into(&mut recall.business.reason);
        handed_in(&town, "thu-hoi.edxml", &packet(&recall, 3_200));
        let demand = demanded(&clerk);
        let mut status = Status { code: StatusCode::RecallRequested, ..Status::default() };
        status.from = replace.from.clone();
        "000.00.00.H44".clone_into(&mut status.response_for.organ_id);
        status.response_for.document_id = replace.key();
        status.response_for.code = replace.code.joined();
        status.response_for.date = replace.promulgation.date;
        status.at = replace.trace[0].at;
        "xin lấy lại".clone_into(&mut status.description);
        let mut out = Vec::new();
        edxml::write_status(&status, &mut out).unwrap();
        handed_in(&town, "13.edxml", &out);
        clerk.get(&demand).ok();
        clerk.post(&format!("{demand}/grant"), &[]).sees("Đã thu hồi");
        let about = demands(&clerk, &newer);
        let states: Vec<&str> =
            about["items"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["granted", "granted"], "{about}");
        assert_eq!(told(&clerk, &newer)["files"].as_array().unwrap().len(), 0);
        // The answer is a file to hand back: 15, naming the sender of the document.
        let answers = clerk.get(&newer).links_to("/documents/demands/");
        let answer = clerk.get(answers.iter().find(|link| link.ends_with("/answer.edxml")).unwrap()).ok().bytes.clone();
        let answer = status_of(&answer);
        assert_eq!(answer.code, StatusCode::ChangeAgreed);
        assert_eq!(answer.document_sender(), "000.00.00.H53");
        assert_eq!(answer.key(), replace.key());

        // What is about nothing that is here is set aside and said.
        let mut stray = document("9999", "thu hồi");
        stray.business.kind = BusinessKind::Recall;
        stray.business.document_id = stray.key();
        "nhầm".clone_into(&mut stray.business.reason);
        handed_in(&town, "la.edxml", &packet(&stray, 3_300));
        clerk.get("/notices").sees("Tệp la.edxml bị giữ lại: Yêu cầu thu hồi một văn bản không có ở cơ quan");
        town.settle();
        invariants::hold(&town);
    }
}

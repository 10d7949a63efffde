//! Stories of incoming documents.

use base::Date;
use contracts::{Document, Party, Sealed, Signer};
use platform::exchange;
use testkit::{Attachment, Town};

/// The Government Office writes to the province; the letter waits at the clerk's desk.
pub(crate) fn letter_to_the_province(town: &Town, number: &str) {
    let (sender, to) = (town.agency("Hà Nội"), town.agency("Phú Thọ"));
    let number = number.to_owned();
    town.act("chinhphu", move |cx| {
        let party = Party { code: to.data.code.to_owned(), name: to.data.name.to_owned() };
        let document = letter(&number, std::slice::from_ref(&party));
        exchange::send(cx, sender.id, (Sealed::Document(Box::new(document)), &[party], 0))?;
        cx.record("documents.act.issued", ("outgoing", sender.id), sender.id);
        Ok(())
    });
    town.settle();
}

fn letter(number: &str, to: &[Party]) -> Document {
    Document {
        document_id: format!("000.00.00.G22,2017/10/13,{number}/VPCP-KSTT"),
        number: number.to_owned(),
        notation: "VPCP-KSTT".to_owned(),
        place: "Hà Nội".to_owned(),
        promulgated: Date::new(2017, 10, 13).unwrap(),
        type_name: "Công văn".to_owned(),
        subject: "Báo cáo tình hình gửi, nhận văn bản điện tử".to_owned(),
        text: "Đề nghị Ủy ban nhân dân tỉnh báo cáo.".to_owned(),
        signer: Signer {
            competence: "KT.".to_owned(),
            position: "Phó Chủ nhiệm".to_owned(),
            name: "Đặng Quốc Hưng".to_owned(),
        },
        due: Date::new(2017, 10, 31),
        urgency: 0,
        pages: 1,
        to: to.to_vec(),
        to_places: vec!["Như trên".to_owned()],
        response_for: Vec::new(),
        forwards: None,
        trace: Vec::new(),
        attachments: Vec::new(),
        business: contracts::Business::New,
    }
}

/// The page of the only document in an agency's list.
fn first(town: &Town, place: &str) -> String {
    let links = town.clerk(place).get("/documents/incoming").links_to("/documents/incoming/");
    links.into_iter().find(|link| link.len() == "/documents/incoming/".len() + 36).expect("a document")
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn a_letter_arrives_is_accepted_in_one_press_and_goes_to_the_leader(town: Town) {
        letter_to_the_province(&town, "7816");
        let clerk = town.clerk("Phú Thọ");
        clerk.get("/").sees("Báo cáo tình hình gửi, nhận văn bản điện tử");
        let page = first(&town, "Phú Thọ");
        clerk.get(&page).sees("7816/VPCP-KSTT").sees("Tiếp nhận & trình");
        clerk.post(&format!("{page}/accept"), &[]).sees("Đã vào sổ số đến 1");
        clerk.get("/").lacks("Báo cáo tình hình gửi, nhận văn bản điện tử");
        town.leader("Phú Thọ").get("/").sees("Báo cáo tình hình gửi, nhận văn bản điện tử");
    }

    fn a_direction_an_assignment_and_a_note_close_the_matter(town: Town) {
        letter_to_the_province(&town, "7817");
        let page = first(&town, "Phú Thọ");
        town.clerk("Phú Thọ").get(&page);
        town.clerk("Phú Thọ").post(&format!("{page}/accept"), &[]).ok();
        let leader = town.leader("Phú Thọ");
        // The suggestion is accepted as it stands, but for the unit in the lead.
        let unit = format!("unit:{}", town.unit("Phú Thọ", "VX"));
        leader.get(&page);
        leader.post(&format!("{page}/direct"), &[("lead", &unit)]).sees("chủ trì");
        let (head, officer) = (town.head("Phú Thọ"), town.officer("Phú Thọ"));
        head.get("/").sees("Báo cáo tình hình");
        head.get(&page);
        let person = officer.id.unwrap().to_string();
        head.post(&format!("{page}/assign"), &[("person", &person)]).sees(&officer.name);
        officer.get(&page);
        officer.post(&format!("{page}/note"), &[("note", "Đã tổng hợp số liệu.")]).sees("Hoàn thành");
        officer.get(&page).sees("Đã tổng hợp số liệu.");
        officer.get("/").sees("Hết việc cần làm");
    }

    fn a_unit_without_a_head_answers_through_its_officer_at_once(town: Town) {
        letter_to_the_province(&town, "7818");
        let (page, head) = (first(&town, "Phú Thọ"), town.head("Phú Thọ").id.unwrap());
        let agency = town.agency("Phú Thọ").id;
        town.act("phutho", move |cx| {
            platform::people::set_active(cx, head, false)?;
            cx.record("documents.act.begun", ("person", head), agency);
            Ok(())
        });
        town.clerk("Phú Thọ").get(&page);
        // Whoever acts from the desk stays at the desk.
        town.clerk("Phú Thọ").post(&format!("{page}/accept"), &[("back", "/")]).sees("Việc cần tôi làm");
        let unit = format!("unit:{}", town.unit("Phú Thọ", "VX"));
        let leader = town.leader("Phú Thọ");
        leader.get(&page);
        let officer = town.officer("Phú Thọ");
        leader.post(&format!("{page}/direct"), &[("lead", &unit)]).sees("Đã phân công");
        officer.get(&page).sees(&officer.name).sees("Bắt đầu xử lý");
        officer.post(&format!("{page}/begin"), &[]).sees("Đang xử lý");
    }

    fn a_wrongly_addressed_letter_goes_back_with_its_reason_and_uses_no_number(town: Town) {
        letter_to_the_province(&town, "1");
        let clerk = town.clerk("Phú Thọ");
        let page = first(&town, "Phú Thọ");
        clerk.get(&page);
        let again = clerk.post(&format!("{page}/return"), &[("reason", "")]);
        again.is(422).sees("Trả lại nơi gửi");
        clerk.post(&format!("{page}/return"), &[("reason", "Gửi sai nơi nhận")]).sees("Đã trả lại");
        letter_to_the_province(&town, "2");
        let second = clerk.get("/documents/incoming?status=arrived").links_to("/documents/incoming/");
        let second = second.into_iter().find(|link| link.len() == page.len()).unwrap();
        clerk.get(&second);
        clerk.post(&format!("{second}/accept"), &[]).sees("Đã vào sổ số đến 1");
    }

    fn a_commune_clerk_cannot_open_a_letter_of_another_agency(town: Town) {
        letter_to_the_province(&town, "3");
        let page = first(&town, "Phú Thọ");
        town.clerk("Hùng Lô").get(&page).is(404);
        town.clerk("Hùng Lô").get("/documents/incoming").lacks("VPCP");
        town.visitor("phutho").get(&page).sees("Đăng nhập");
    }

    fn the_same_letter_twice_is_one_document_and_another_under_its_name_is_set_aside(town: Town) {
        letter_to_the_province(&town, "9");
        letter_to_the_province(&town, "9");
        let (sender, to) = (town.agency("Hà Nội"), town.agency("Phú Thọ"));
        town.act("chinhphu", move |cx| {
            let party = Party { code: to.data.code.to_owned(), name: to.data.name.to_owned() };
            let mut forged = letter("9", std::slice::from_ref(&party));
            forged.subject = "Nội dung khác hẳn".to_owned();
            exchange::send(cx, sender.id, (Sealed::Document(Box::new(forged)), &[party], 0))?;
            cx.record("documents.act.issued", ("outgoing", sender.id), sender.id);
            Ok(())
        });
        town.settle();
        let list = town.clerk("Phú Thọ").get("/documents/incoming");
        list.lacks("Nội dung khác hẳn");
        assert_eq!(list.count("9/VPCP-KSTT"), 1, "{}", list.text());
        let set_aside = town.read("phutho", move |cx| exchange::quarantined(cx, to.id));
        assert_eq!(set_aside.len(), 1);
        assert_eq!(set_aside[0].3, "platform.exchange.conflict");
    }

    fn a_paper_document_is_registered_in_one_press_and_a_second_look_is_asked_for_its_twin(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        let fields = [
            ("from_name", "Bộ Nội vụ"),
            ("symbol", "41/GM-BNV"),
            ("promulgated", "2017-10-12"),
            ("type_name", "Giấy mời"),
            ("subject", "Mời dự tập huấn nghiệp vụ văn thư"),
        ];
        clerk.get("/documents/incoming/new");
        clerk.post("/documents/incoming", &fields).sees("Đã vào sổ số đến 1");
        clerk.get("/documents/incoming/new");
        let twice = clerk.post("/documents/incoming", &fields);
        twice.is(409).sees("Đã có văn bản cùng số").sees("Mời dự tập huấn");
        // What refuses leads to the page of help about this screen.
        let help = twice.links_to("/help?at=");
        assert!(help.iter().any(|link| link.starts_with("/help?at=/documents/incoming")), "{help:?}");
        let mut confirmed = fields.to_vec();
        confirmed.push(("confirm_duplicate", "1"));
        clerk.post("/documents/incoming", &confirmed).sees("Đã vào sổ số đến 2");
    }

    fn what_came_is_found_with_and_without_accents(town: Town) {
        letter_to_the_province(&town, "77");
        let clerk = town.clerk("Phú Thọ");
        clerk.get("/search?q=bao cao tinh hinh gui nhan").sees("77/VPCP-KSTT");
        clerk.get("/search?q=báo cáo tình hình").sees("77/VPCP-KSTT");
        clerk.get("/search?q=77/VPCP").sees("77/VPCP-KSTT");
        town.clerk("Hùng Lô").get("/search?q=bao cao tinh hinh").lacks("77/VPCP-KSTT");
    }

    fn a_program_registers_through_the_api_and_a_repeat_gets_the_same_answer(town: Town) {
        letter_to_the_province(&town, "5");
        let clerk = town.clerk("Phú Thọ");
        let list = clerk.api("/documents/incoming?status=arrived", None).ok().json();
        let id = list["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/documents/incoming/{id}/accept");
        let empty = serde_json::json!({});
        let first = clerk.api_once(&path, "khoa-1", Some(&empty)).ok().json();
        let again = clerk.api_once(&path, "khoa-1", Some(&empty)).ok().json();
        assert_eq!(first, again);
        let shown = clerk.api(&format!("/documents/incoming/{id}"), None).json();
        assert_eq!(shown["arrival_number"], 1);
        assert_eq!(shown["status"], "registered");
        let other = clerk.api_once(&path, "khoa-2", Some(&empty));
        assert_eq!(other.status, 409);
        assert!(other.header("content-type").unwrap().contains("application/problem+json"));
    }

    fn a_clerk_sees_how_far_the_packets_are_that_she_handed_in(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        clerk.get("/documents/incoming/import").ok();
        let packet = |name| Attachment { field: "files", name, bytes: b"<edXML>not a packet" };
        let page = clerk.post_files("/documents/incoming/import", &[], &[packet("mot.edxml"), packet("hai.edxml")]);
        page.ok().sees("Đã đọc 0 trên 2 tệp").sees("Xem lại");
        let line = page.path.replace("import?", "import/progress?");
        clerk.get(&line).ok().sees("Đã đọc 0 trên 2 tệp");
        town.settle();
        clerk.get(&page.path).ok().sees("Đã đọc 2 trên 2 tệp").sees("Kết quả từng tệp ở Thông báo").lacks("Xem lại");
        clerk.get("/notices").sees("mot.edxml").sees("hai.edxml");
        // The line is the clerk's own.
        town.clerk("Hùng Lô").get(&line).is(404);
    }

    fn the_leader_sees_what_is_overdue_in_the_whole_agency(town: Town) {
        letter_to_the_province(&town, "7819");
        let page = first(&town, "Phú Thọ");
        town.clerk("Phú Thọ").get(&page);
        town.clerk("Phú Thọ").post(&format!("{page}/accept"), &[]).ok();
        let (leader, unit) = (town.leader("Phú Thọ"), format!("unit:{}", town.unit("Phú Thọ", "VX")));
        leader.get(&page);
        leader.post(&format!("{page}/direct"), &[("lead", &unit), ("due", "2017-10-18")]).sees("chủ trì");
        leader.get("/documents/incoming?status=late").ok().lacks("7819/VPCP-KSTT").sees("Quá hạn 0");
        town.pass_days(5);
        leader.get("/documents/incoming?status=late").sees("7819/VPCP-KSTT").sees("Quá hạn 1");
        town.leader("Hùng Lô").get("/documents/incoming?status=late").ok().lacks("7819/VPCP-KSTT");
    }
}

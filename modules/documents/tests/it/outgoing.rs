//! Stories of outgoing documents: written, approved, issued, tracked.

#![expect(clippy::expect_used, reason = "a story stops where it does not hold")]

use platform::organisations;
use testkit::{Attachment, Person, Town};

/// Locks an agency of the directory, or opens it again.
fn lock(town: &Town, place: &str, locked: bool) {
    let id = town.agency(place).id;
    town.act("phutho", move |cx| {
        let mut agency = organisations::agency(cx, id)?;
        agency.locked = locked;
        organisations::edit_agency(cx, &agency)?;
        cx.record("documents.act.arrived", ("agency", id), id);
        Ok(())
    });
}

/// The officer of the province drafts and submits; answers the page of the draft.
pub(crate) fn submitted(town: &Town, subject: &str, more: &[(&str, &str)]) -> String {
    let officer = town.officer("Phú Thọ");
    officer.get("/documents/outgoing/new").sees("Soạn văn bản");
    let mut fields = vec![
        ("type_code", "CV"),
        ("subject", subject),
        ("body", "Đề nghị Ủy ban nhân dân các huyện báo cáo trước ngày 20."),
        ("act", "submit"),
    ];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    fields.extend_from_slice(more);
    let page = officer.post("/documents/outgoing", &fields);
    page.sees("Chờ duyệt nội dung");
    page.path.clone()
}

pub(crate) fn press(person: &Person<'_>, page: &str, act: &str, fields: &[(&str, &str)]) -> testkit::Page {
    person.get(page).ok();
    person.post(&format!("{page}/{act}"), fields)
}

/// All three approvals.
pub(crate) fn approved(town: &Town, subject: &str, more: &[(&str, &str)]) -> String {
    let page = submitted(town, subject, more);
    press(&town.head("Phú Thọ"), &page, "approve-content", &[]).sees("Chờ kiểm tra thể thức");
    press(&town.clerk("Phú Thọ"), &page, "approve-format", &[]).sees("Chờ lãnh đạo duyệt");
    press(&town.leader("Phú Thọ"), &page, "approve", &[]).sees("Chờ phát hành");
    page
}

/// The page of the newest incoming document of an agency.
pub(crate) fn arrived_at(town: &Town, place: &str) -> String {
    let links = town.clerk(place).get("/documents/incoming").links_to("/documents/incoming/");
    links.into_iter().find(|link| link.len() == "/documents/incoming/".len() + 36).expect("a document")
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn a_letter_is_written_approved_three_times_issued_to_a_group_and_followed(town: Town) {
        let page = approved(&town, "báo cáo tình hình gửi, nhận văn bản điện tử", &[("groups", "districts")]);
        let clerk = town.clerk("Phú Thọ");
        clerk.get("/").sees("Cấp số & phát hành");
        press(&clerk, &page, "issue", &[]).sees("Đã phát hành 01/UBND-VX");
        clerk.get(&format!("{page}/tracking")).sees("0 trên 2 nơi đã nhận").sees("Đang gửi");
        town.settle();
        let tracking = clerk.get(&format!("{page}/tracking"));
        tracking.sees("2 trên 2 nơi đã nhận").sees("Đã đến, chưa vào sổ").sees("Việt Trì").sees("Thanh Thủy");
        press(&town.clerk("Việt Trì"), &arrived_at(&town, "Việt Trì"), "accept", &[]).ok();
        town.settle();
        let tracking = clerk.get(&format!("{page}/tracking"));
        tracking.sees("Đã vào sổ").sees("số đến 1").sees("1 chưa vào sổ");
        clerk.get(&format!("{page}/tracking?status=registered")).sees("Việt Trì").lacks("huyện Thanh Thủy");
        clerk.get(&format!("{page}/tracking?q=thanh thuy")).sees("huyện Thanh Thủy").lacks("thành phố Việt Trì");
        let csv = clerk.get(&format!("{page}/tracking.csv"));
        csv.ok().sees("000.00.31.H44");
        clerk.get(&format!("{page}/tracking.xlsx")).ok();
        town.officer("Phú Thọ").get("/documents/outgoing?status=issued").sees("01/UBND-VX").sees("2/2");
        clerk.get("/search?q=bao cao tinh hinh gui nhan").sees("01/UBND-VX");
    }

    fn decisions_and_letters_share_one_sequence_and_the_year_begins_at_one(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        let first = approved(&town, "giao nhiệm vụ", &[("type_code", "QĐ"), ("groups", "districts")]);
        press(&clerk, &first, "issue", &[]).sees("01/QĐ-UBND");
        let second = approved(&town, "thực hiện quyết định", &[("groups", "districts")]);
        press(&clerk, &second, "issue", &[]).sees("02/UBND-VX");
        town.set_clock(base::Instant::local(2018, 1, 2, 8, 0).unwrap());
        let third = approved(&town, "công tác năm mới", &[("groups", "districts")]);
        press(&clerk, &third, "issue", &[]).sees("01/UBND-VX");
    }

    fn each_step_waits_for_its_own_person(town: Town) {
        let page = submitted(&town, "kiểm tra công vụ", &[("groups", "districts")]);
        town.head("Phú Thọ").get("/").sees("kiểm tra công vụ").sees("Duyệt nội dung");
        let (clerk, leader) = (town.clerk("Phú Thọ"), town.leader("Phú Thọ"));
        press(&clerk, &page, "approve-format", &[]).is(409);
        press(&leader, &page, "approve", &[]).is(409);
        press(&clerk, &page, "issue", &[]).is(409);
        press(&leader, &page, "approve-content", &[]).is(403);
        let other = town.person("Phú Thọ", "head", "KT");
        press(&other, &page, "approve-content", &[]).is(409).sees("Chỉ trưởng đơn vị soạn thảo");
        press(&town.head("Phú Thọ"), &page, "approve-content", &[("remark", "Số liệu đúng")]).ok();
        clerk.get(&page).sees("Số liệu đúng");
        town.clerk("Hùng Lô").get(&page).is(404);
    }

    fn a_head_writes_and_the_content_is_answered_for(town: Town) {
        let head = town.head("Phú Thọ");
        head.get("/documents/outgoing/new");
        let fields = [("type_code", "CV"), ("subject", "đăng ký thi đua"), ("body", "Nội dung."), ("act", "submit")];
        head.post("/documents/outgoing", &fields).sees("Chờ kiểm tra thể thức");
    }

    fn a_returned_draft_comes_back_with_its_reason_and_is_submitted_again(town: Town) {
        let page = submitted(&town, "tập huấn văn thư", &[("groups", "districts")]);
        press(&town.head("Phú Thọ"), &page, "return-content", &[("reason", "")]).is(422);
        press(&town.head("Phú Thọ"), &page, "return-content", &[("reason", "Thiếu kinh phí")]).sees("Đang soạn");
        let officer = town.officer("Phú Thọ");
        officer.get("/").sees("Sửa dự thảo bị trả");
        officer.get("/notices").sees("Thiếu kinh phí");
        officer.get(&page).sees("Thiếu kinh phí");
        officer.get(&format!("{page}/edit")).holds("subject", "tập huấn văn thư");
        officer.post(&format!("{page}/submit"), &[("body", "Nội dung đủ.\nKinh phí: 10 triệu đồng.")]).sees("Chờ duyệt nội dung");
        officer.get(&format!("{page}/versions")).sees("Kinh phí: 10 triệu đồng.");
        officer.get("/").sees("Hết việc cần làm");
        press(&officer, &page, "void", &[("reason", "Không cần nữa")]).sees("Đã bỏ");
        town.head("Phú Thọ").get("/").sees("Hết việc cần làm");
    }

    fn two_people_never_write_over_each_other(town: Town) {
        let (officer, other) = (town.officer("Phú Thọ"), town.person("Phú Thọ", "officer", "KT"));
        officer.get("/documents/outgoing/new");
        officer.post("/documents/outgoing", &[("type_code", "CV"), ("subject", "chung một bản"), ("body", "Câu gốc.")]).ok();
        let edit = officer.page().path.clone();
        let page = edit.trim_end_matches("/edit").to_owned();
        other.get(&edit);
        officer.get(&edit);
        // The draft saves itself while the first one writes; the same person goes on in the same version.
        for text in ["Câu gốc.\nCâu", "Câu gốc.\nCâu của Tiệp."] {
            officer.post(&format!("{page}/save"), &[("_autosave", "1"), ("body", text)]);
            officer.get(&edit);
        }
        officer.get(&edit).sees("Câu của Tiệp.").sees("bản 2");
        let refused = other.post(&format!("{page}/save"), &[("body", "Câu gốc.\nCâu của Ngân.")]);
        refused.is(409).sees("vừa lưu dự thảo này").sees("Câu của Tiệp.").sees("Câu của Ngân.");
        other.post(&format!("{page}/save"), &[("body", "Câu gốc.\nCâu của Tiệp.\nCâu của Ngân.")]).ok().sees("Câu của Ngân.");
    }

    fn a_refused_letter_goes_to_the_right_agency_under_the_same_number(town: Town) {
        let wrong = town.agency("Việt Trì").id.to_string();
        let page = approved(&town, "mời họp", &[("to", &wrong)]);
        let clerk = town.clerk("Phú Thọ");
        press(&clerk, &page, "issue", &[]).sees("01/UBND-VX");
        town.settle();
        press(&town.clerk("Việt Trì"), &arrived_at(&town, "Việt Trì"), "return", &[("reason", "Gửi sai nơi nhận")]).ok();
        town.settle();
        clerk.get("/").sees("Gửi lại nơi chưa nhận");
        clerk.get("/documents/outgoing?status=trouble").sees("Gửi sai nơi nhận").sees("01/UBND-VX");
        town.officer("Phú Thọ").get("/notices").sees("Gửi sai nơi nhận");
        let tracking = format!("{page}/tracking");
        clerk.get(&tracking).sees("Bị trả lại").sees("Gửi sai nơi nhận");
        let right = town.agency("Thanh Thủy").id.to_string();
        clerk.post(&format!("{page}/resend"), &[("to", &wrong)]).is(409).sees("đã trả lại văn bản này");
        clerk.get(&tracking);
        clerk.post(&format!("{page}/resend"), &[("to", &right)]).sees("Đang gửi 01/UBND-VX");
        town.settle();
        clerk.get(&tracking).sees("1 trên 1 nơi đã nhận").lacks("Gửi sai nơi nhận");
        town.clerk("Thanh Thủy").get("/documents/incoming").sees("01/UBND-VX");
        clerk.get("/").sees("Hết việc cần làm");
    }

    fn a_letter_is_answered_from_its_own_page_and_closes_by_itself(town: Town) {
        let district = town.agency("Việt Trì").id.to_string();
        let page = approved(&town, "báo cáo cải cách hành chính", &[("to", &district)]);
        press(&town.clerk("Phú Thọ"), &page, "issue", &[]).ok();
        town.settle();
        let incoming = arrived_at(&town, "Việt Trì");
        press(&town.clerk("Việt Trì"), &incoming, "accept", &[]).ok();
        let officer = town.officer("Việt Trì");
        let draft = press(&officer, &incoming, "answer", &[]);
        draft.sees("Ủy ban nhân dân tỉnh Phú Thọ").holds("subject", "trả lời Công văn số 01/UBND-VX");
        let answer = draft.path.trim_end_matches("/edit").to_owned();
        assert_eq!(press(&officer, &incoming, "answer", &[]).path, draft.path, "one answer is begun once");
        officer.get(&format!("{answer}/edit"));
        officer.post(&format!("{answer}/submit"), &[]).sees("Chờ duyệt nội dung");
        press(&town.head("Việt Trì"), &answer, "approve-content", &[]).ok();
        press(&town.clerk("Việt Trì"), &answer, "approve-format", &[]).ok();
        press(&town.leader("Việt Trì"), &answer, "approve", &[]).ok();
        press(&town.clerk("Việt Trì"), &answer, "issue", &[]).sees("01/UBND-VX");
        town.clerk("Việt Trì").get(&incoming).sees("Hoàn thành");
        town.settle();
        town.clerk("Phú Thọ").get(&format!("{page}/tracking")).sees("Hoàn thành");
        town.clerk("Phú Thọ").get("/documents/incoming").sees("trả lời Công văn số 01/UBND-VX");
    }

    fn a_letter_is_passed_on_to_the_level_below_with_its_trace(town: Town) {
        let district = town.agency("Việt Trì").id.to_string();
        let page = approved(&town, "phòng, chống bão", &[("to", &district), ("urgency", "2")]);
        press(&town.clerk("Phú Thọ"), &page, "issue", &[]).ok();
        town.settle();
        let incoming = arrived_at(&town, "Việt Trì");
        press(&town.clerk("Việt Trì"), &incoming, "accept", &[]).ok();
        let head = town.head("Việt Trì");
        let draft = press(&head, &incoming, "forward", &[]);
        draft.holds("subject", "triển khai Công văn số 01/UBND-VX").sees("3 xã, phường, thị trấn");
        let onward = draft.path.trim_end_matches("/edit").to_owned();
        head.post(&format!("{onward}/submit"), &[]).sees("Chờ kiểm tra thể thức");
        press(&town.clerk("Việt Trì"), &onward, "approve-format", &[]).ok();
        press(&town.leader("Việt Trì"), &onward, "approve", &[]).ok();
        press(&town.clerk("Việt Trì"), &onward, "issue", &[]).ok();
        town.settle();
        let commune = town.clerk("Hùng Lô");
        let there = arrived_at(&town, "Hùng Lô");
        let id = there.rsplit('/').next().unwrap().to_owned();
        let json = commune.api(&format!("/documents/incoming/{id}"), None).ok().json();
        assert_eq!(json["trace"].as_array().map(Vec::len), Some(2), "{json}");
        assert_eq!(json["forwards"]["symbol"], "01/UBND-VX");
    }

    fn programs_do_the_same_through_the_api(town: Town) {
        let officer = town.officer("Phú Thọ");
        let found = officer.api("/documents/recipients?q=huyen%20thanh%20thuy", None).ok().json();
        let to = found["items"][0]["id"].as_str().unwrap().to_owned();
        let draft = serde_json::json!({
            "type_code": "BC", "subject": "kết quả quý III", "body": "Số liệu kèm theo.", "to": [to], "act": "submit",
        });
        let id = officer.api("/documents/outgoing", Some(&draft)).ok().json()["id"].as_str().unwrap().to_owned();
        let empty = serde_json::json!({});
        let path = format!("/documents/outgoing/{id}");
        town.head("Phú Thọ").api(&format!("{path}/approve-content"), Some(&empty)).ok();
        town.clerk("Phú Thọ").api(&format!("{path}/approve-format"), Some(&empty)).ok();
        town.leader("Phú Thọ").api(&format!("{path}/approve"), Some(&serde_json::json!({"competence": "KT."}))).is(409);
        town.leader("Phú Thọ").api(&format!("{path}/approve"), Some(&empty)).ok();
        town.clerk("Phú Thọ").api(&format!("{path}/issue"), Some(&empty)).ok();
        town.settle();
        let shown = officer.api(&path, None).json();
        assert_eq!(shown["symbol"], "01/BC-UBND");
        assert_eq!(shown["signer"]["competence"], "TM.");
        assert_eq!(shown["document_id"], "000.00.00.H44,2017/10/16,01/BC-UBND");
        let recipients = officer.api(&format!("{path}/recipients"), None).json();
        assert_eq!(recipients["items"][0]["status"], "arrived");
    }

    fn a_saved_group_is_chosen_like_any_other(town: Town) {
        let officer = town.officer("Phú Thọ");
        officer.get("/documents/recipients/groups").sees("2 huyện, thị xã, thành phố");
        let (one, two) = (town.agency("Hùng Lô").id.to_string(), town.agency("Tu Vũ").id.to_string());
        let fields = [("name", "Xã điểm"), ("members", one.as_str()), ("members", two.as_str())];
        officer.post("/documents/recipients/groups", &fields).sees("Xã điểm (2)");
        officer.get("/documents/outgoing/new").sees("Xã điểm (2)").sees("3 xã của Việt Trì");
        officer.get("/documents/recipients?q=hung lo").sees("Hùng Lô");
    }

    fn files_travel_with_the_document_and_can_be_taken_off_again(town: Town) {
        let officer = town.officer("Phú Thọ");
        officer.get("/documents/outgoing/new");
        let annex = testkit::Attachment { field: "files", name: "phu-luc.pdf", bytes: b"%PDF-1.4 phu luc" };
        let fields = [("type_code", "CV"), ("subject", "gửi phụ lục"), ("body", "Gửi kèm phụ lục.")];
        let edit = officer.post_files("/documents/outgoing", &fields, &[annex]);
        edit.sees("phu-luc.pdf");
        let page = edit.path.trim_end_matches("/edit").to_owned();
        let links = officer.get(&page).sees("phu-luc.pdf").links_to(&format!("{page}/files/"));
        officer.get(&links[0]).ok();
        let file = links[0].rsplit('/').next().unwrap().to_owned();
        officer.get(&format!("{page}/edit"));
        officer.post(&format!("{page}/save"), &[("drop", &file)]).lacks("phu-luc.pdf");
    }

    fn a_letter_that_cannot_be_delivered_shows_why_and_is_sent_again_in_one_press(town: Town) {
        let page = approved(&town, "họp giao ban", &[("groups", "districts")]);
        let clerk = town.clerk("Phú Thọ");
        press(&clerk, &page, "issue", &[]).ok();
        lock(&town, "Thanh Thủy", true);
        town.settle();
        let tracking = format!("{page}/tracking");
        clerk.get(&tracking).sees("1 trên 2 nơi đã nhận").sees("Gửi lỗi").sees("mã lỗi 23");
        clerk.get("/documents/outgoing?status=trouble").sees("mã lỗi 23");
        lock(&town, "Thanh Thủy", false);
        clerk.get(&tracking);
        clerk.post(&format!("{page}/resend"), &[]).sees("Đang gửi 01/UBND-VX");
        town.settle();
        clerk.get(&tracking).sees("2 trên 2 nơi đã nhận");
    }

    fn an_agency_that_has_ended_is_shown_with_its_successor_and_not_sent_to(town: Town) {
        let (old, new) = (town.agency("Kim Đức").id, town.agency("Hùng Lô").id);
        town.act("phutho", move |cx| {
            let last = base::Date::new(2017, 9, 30).unwrap();
            organisations::end_agency(cx, old, (last, "merged_into"), &[new])?;
            cx.record("documents.act.arrived", ("agency", old), old);
            Ok(())
        });
        let officer = town.officer("Phú Thọ");
        let found = officer.api("/documents/recipients?q=kim%20duc", None).json();
        assert_eq!(found["items"][0]["open"], false);
        assert!(found["items"][0]["why_not"].as_str().unwrap().contains("xã Hùng Lô"));
        assert_eq!(found["items"][1]["id"], new.to_string());
        officer.get("/documents/recipients?q=kim%20duc").sees("nay là Ủy ban nhân dân xã Hùng Lô");
        let page = approved(&town, "sáp nhập xã", &[("to", &old.to_string())]);
        let clerk = town.clerk("Phú Thọ");
        press(&clerk, &page, "issue", &[]).is(409).sees("hãy gửi Ủy ban nhân dân xã Hùng Lô");
        clerk.get(&page).sees("Chờ phát hành");
        lock(&town, "Hùng Lô", true);
        let locked = officer.api("/documents/recipients?q=hung%20lo", None).json();
        assert_eq!(locked["items"][0]["open"], false);
        clerk.get(&page);
        let right = town.agency("Việt Trì").id.to_string();
        clerk.post(&format!("{page}/issue"), &[("to", &right)]).sees("Đã phát hành 01/UBND-VX");
    }

    fn a_leader_approves_ten_in_one_press(town: Town) {
        for n in 1..=3 {
            let page = submitted(&town, &format!("việc số {n}"), &[("groups", "districts")]);
            press(&town.head("Phú Thọ"), &page, "approve-content", &[]).ok();
            press(&town.clerk("Phú Thọ"), &page, "approve-format", &[]).ok();
        }
        let leader = town.leader("Phú Thọ");
        let list = leader.get("/documents/outgoing?status=leader_review");
        let links = list.sees("việc số 3").links_to("/documents/outgoing/");
        let ids: Vec<String> = links.iter().filter_map(|l| l.strip_prefix("/documents/outgoing/")).map(str::to_owned).collect();
        let picks: Vec<(&str, &str)> = ids.iter().filter(|id| id.len() == 36).map(|id| ("pick", id.as_str())).collect();
        leader.post("/documents/outgoing/approve-many", &picks).sees("Đã duyệt 3 văn bản");
    }

    fn an_issued_document_is_taken_out_as_a_packet_that_reads_back_the_same(town: Town) {
        let officer = town.officer("Phú Thọ");
        officer.get("/documents/outgoing/new");
        let paper = [b"%PDF-1.4\n".to_vec(), vec![b'x'; 300_000]].concat();
        let main = Attachment { field: "main", name: "công văn 7.pdf", bytes: &paper };
        let fields = [("type_code", "CV"), ("subject", "gửi số liệu quý III"), ("groups", "districts"), ("act", "submit"),
            ("to_places", "Như trên\nLưu: VT")];
        let page = officer.post_files("/documents/outgoing", &fields, &[main]).path.clone();
        let clerk = town.clerk("Phú Thọ");
        press(&town.head("Phú Thọ"), &page, "approve-content", &[]).ok();
        press(&clerk, &page, "approve-format", &[]).ok();
        press(&town.leader("Phú Thọ"), &page, "approve", &[]).ok();
        press(&clerk, &page, "edxml", &[]).is(409);
        press(&clerk, &page, "issue", &[]).sees("Đã phát hành 01/UBND-VX");
        clerk.get(&page).sees("Tải gói edXML");
        let packet = press(&officer, &page, "edxml", &[]);
        packet.ok();
        assert!(packet.header("content-disposition").is_some_and(|name| name.contains("01-UBND-VX.edxml")));
        let read = edxml::inspect("01-UBND-VX.edxml", packet.body().as_bytes());
        assert_eq!((read.verdict, read.business, read.signature), ("document", Some("new"), "none"), "{read:?}");
        let known = |text: &Option<String>| text.clone().unwrap_or_default();
        assert_eq!((known(&read.number), known(&read.notation)), ("01".to_owned(), "UBND-VX".to_owned()));
        assert_eq!((known(&read.subject), known(&read.type_name)), ("gửi số liệu quý III".to_owned(), "Công văn".to_owned()));
        assert_eq!(known(&read.document_id), "000.00.00.H44,2017/10/16,01/UBND-VX");
        assert_eq!((known(&read.from), read.to.len()), ("000.00.00.H44".to_owned(), 2));
        let piece = read.attachments.first().expect("its paper");
        assert_eq!((piece.name.as_str(), piece.bytes), ("công văn 7.pdf", u64::try_from(paper.len()).expect("small")));
        assert!(read.warnings.is_empty(), "{:?}", read.warnings);
        clerk.get(&page).sees("tải gói edXML");
        town.clerk("Hùng Lô").post(&format!("{page}/edxml"), &[]).is(404);
    }

    fn signing_by_authorisation_asks_for_the_paper_and_refuses_one_that_has_ended(town: Town) {
        let page = submitted(&town, "thanh tra đột xuất", &[("groups", "districts")]);
        press(&town.head("Phú Thọ"), &page, "approve-content", &[]).ok();
        press(&town.clerk("Phú Thọ"), &page, "approve-format", &[]).ok();
        let leader = town.leader("Phú Thọ");
        let sign = |number, date, until| {
            press(&leader, &page, "approve", &[("competence", "TUQ."), ("authority_number", number),
                ("authority_date", date), ("authority_until", until), ("remark", "Ký gấp")])
        };
        let unwritten = sign("", "", "2017-12-31");
        unwritten.is(422).sees("Số, ký hiệu văn bản ủy quyền").sees("Ngày ủy quyền");
        let kept = unwritten.form(&format!("{page}/approve")).expect("the form");
        assert_eq!((kept.value("authority_until"), kept.value("remark")), (Some("31/12/2017"), Some("Ký gấp")));
        sign("12/GUQ-UBND", "2017-08-01", "2017-09-30").is(409).sees("chỉ có hiệu lực đến hết 30/09/2017").sees("Điều 13.3");
        sign("12/GUQ-UBND", "2017-11-01", "2017-12-31").is(409).sees("mới có hiệu lực");
        sign("12/GUQ-UBND", "2017-10-01", "2017-12-31").sees("Chờ phát hành");
        leader.get(&page).sees("12/GUQ-UBND, ngày 01/10/2017, đến hết 31/12/2017");
    }

    fn by_order_only_what_the_working_rules_list_is_signed(town: Town) {
        let page = submitted(&town, "mời họp giao ban", &[("groups", "districts")]);
        press(&town.head("Phú Thọ"), &page, "approve-content", &[]).ok();
        press(&town.clerk("Phú Thọ"), &page, "approve-format", &[]).ok();
        let leader = town.leader("Phú Thọ");
        press(&leader, &page, "approve", &[("competence", "TL.")]).is(409).sees("danh mục").sees("Điều 13.4");
        leader.get("/documents/outgoing/by-order").ok().sees("Thông báo");
        leader.post("/documents/outgoing/by-order", &[("types", "CV"), ("types", "không có")]).is(422);
        leader.post("/documents/outgoing/by-order", &[("types", "CV"), ("types", "TB")]).sees("Đã lưu danh mục");
        press(&leader, &page, "approve", &[("competence", "TL.")]).sees("Chờ phát hành");
        let other = town.leader("Hùng Lô").get("/documents/outgoing/by-order");
        assert!(!other.ok().body().contains(" checked"), "each agency has its own list");
    }
}

//! Stories of the steps a draft passes: an agency chooses them, drafts keep them, the decree's own stay.

use crate::it::outgoing::{press, submitted};
use testkit::{Page, Person, Town};

const SCREEN: &str = "/documents/steps";

/// The leader of the province chooses steps.
fn chooses(town: &Town, fields: &[(&str, &str)]) -> Page {
    let leader = town.leader("Phú Thọ");
    leader.get(SCREEN).ok();
    leader.post(SCREEN, fields)
}

fn consult(town: &Town, unit: &'static str) -> String {
    format!("consult unit:{}", town.unit("Phú Thọ", unit))
}

fn at_desk(person: &Person<'_>, subject: &str) -> bool {
    person.get("/").count(subject) > 0
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn a_decision_is_asked_about_at_the_other_unit_and_initialled_before_the_leader_sees_it(town: Town) {
        let (kt, head, clerk, leader) =
            (town.person("Phú Thọ", "head", "KT"), town.head("Phú Thọ"), town.clerk("Phú Thọ"), town.leader("Phú Thọ"));
        let (legal, initials) = (consult(&town, "KT"), format!("initials person:{}", head.id.expect("a settler")));
        let fields = [("type_code", "QĐ"), ("from", "2017-10-16"), ("before_1", legal.as_str()), ("after_1", initials.as_str())];
        let mut look = fields.to_vec();
        look.push(("act", "preview"));
        // A look before saving changes nothing.
        chooses(&town, &look).sees("Xem trước").sees("Phòng Kinh tế").sees("ký nháy").sees("Điều 12.2");
        leader.get(SCREEN).lacks("Quyết định, mọi đơn vị");
        chooses(&town, &fields).sees("Đã lưu quy trình").sees("Quyết định, mọi đơn vị");
        town.pass_minutes(1);

        // A letter goes the way of the decree, a decision the way of the agency.
        let letter = submitted(&town, "công văn thường", &[("groups", "districts")]);
        press(&head, &letter, "approve-content", &[]).sees("Chờ kiểm tra thể thức");
        let page = submitted(&town, "quyết định thành lập tổ", &[("type_code", "QĐ"), ("groups", "districts")]);
        press(&head, &page, "approve-content", &[]).sees("Chờ cho ý kiến, ký nháy");
        kt.get("/notices").sees("chờ bạn cho ý kiến: quyết định thành lập tổ");
        assert!(at_desk(&kt, "quyết định thành lập tổ") && !at_desk(&clerk, "quyết định thành lập tổ"));
        // Nobody goes past whoever is asked.
        press(&clerk, &page, "approve-format", &[]).is(409);
        press(&leader, &page, "approve", &[]).is(409);
        press(&town.officer("Phú Thọ"), &page, "consult", &[]).is(409).sees("Người soạn không tự");
        press(&clerk, &page, "consult", &[]).is(409).sees("hỏi người khác");
        press(&clerk, &page, "return-consult", &[("reason", "x")]).is(409).sees("hỏi người khác");
        press(&kt, &page, "consult", &[("remark", "Đúng thẩm quyền")]).sees("Chờ kiểm tra thể thức").sees("Đúng thẩm quyền");
        press(&clerk, &page, "approve-format", &[]).sees("Chờ cho ý kiến, ký nháy");
        press(&kt, &page, "consult", &[]).is(409).sees("hỏi người khác");
        press(&head, &page, "consult", &[]).sees("Chờ lãnh đạo duyệt").sees("ký nháy dự thảo");
        press(&leader, &page, "approve", &[]).sees("Chờ phát hành");
        press(&clerk, &page, "issue", &[]).sees("01/QĐ-UBND");
    }

    fn who_is_asked_returns_a_draft_and_it_is_asked_about_again(town: Town) {
        let legal = consult(&town, "KT");
        chooses(&town, &[("from", "2017-10-16"), ("before_1", &legal)]).sees("Đã lưu quy trình");
        town.pass_minutes(1);
        let page = submitted(&town, "quy chế phối hợp", &[("groups", "districts")]);
        press(&town.head("Phú Thọ"), &page, "approve-content", &[]).ok();
        let kt = town.person("Phú Thọ", "head", "KT");
        press(&kt, &page, "return-consult", &[("reason", "")]).is(422);
        press(&kt, &page, "return-consult", &[("reason", "Trái thẩm quyền")]).sees("Đang soạn");
        let officer = town.officer("Phú Thọ");
        officer.get("/notices").sees("Trái thẩm quyền");
        press(&officer, &page, "submit", &[]).sees("Chờ duyệt nội dung");
        press(&town.head("Phú Thọ"), &page, "approve-content", &[]).sees("Chờ cho ý kiến");
        press(&kt, &page, "consult", &[]).sees("Chờ kiểm tra thể thức");
    }

    fn a_draft_keeps_the_steps_it_began_with(town: Town) {
        let officer = town.officer("Phú Thọ");
        officer.get("/documents/outgoing/new");
        officer.post("/documents/outgoing", &[("type_code", "CV"), ("subject", "bắt đầu trước"), ("body", "Nội dung.")]).ok();
        let edit = officer.page().path.clone();
        let before = edit.trim_end_matches("/edit").to_owned();
        town.pass_minutes(5);
        let legal = consult(&town, "KT");
        chooses(&town, &[("from", "2017-10-15"), ("before_1", &legal)]).is(422).sees("Chọn ngày từ hôm nay");
        chooses(&town, &[("from", "2017-10-16"), ("before_1", &legal)]).sees("Đã lưu quy trình");
        town.pass_minutes(5);
        let later = submitted(&town, "bắt đầu sau", &[("groups", "districts")]);
        let head = town.head("Phú Thọ");
        officer.get(&edit).ok();
        officer.post(&format!("{before}/submit"), &[("type_code", "CV"), ("subject", "bắt đầu trước"), ("body", "Nội dung."), ("version", "1")]).sees("Chờ duyệt nội dung");
        press(&head, &before, "approve-content", &[]).sees("Chờ kiểm tra thể thức");
        press(&head, &later, "approve-content", &[]).sees("Chờ cho ý kiến");
        // Taken back, the chain of what is on its way stays.
        let leader = town.leader("Phú Thọ");
        leader.get(SCREEN).ok();
        leader.post("/documents/steps/end", &[]).sees("Đã thôi áp dụng riêng");
        press(&town.person("Phú Thọ", "head", "KT"), &later, "consult", &[]).sees("Chờ kiểm tra thể thức");
        town.pass_minutes(1);
        let last = submitted(&town, "sau khi thôi", &[("groups", "districts")]);
        press(&head, &last, "approve-content", &[]).sees("Chờ kiểm tra thể thức");
    }

    fn drafts_of_a_unit_go_to_the_leader_in_charge_and_a_step_nobody_is_left_to_give_is_passed(town: Town) {
        let (leader, head) = (town.leader("Phú Thọ"), town.head("Phú Thọ"));
        let (unit, in_charge) = (town.unit("Phú Thọ", "VX").to_string(), leader.id.expect("a settler").to_string());
        // The officer who drafts is the only one of their kind that is named.
        let gone = format!("initials person:{}", town.officer("Phú Thọ").id.expect("a settler"));
        let fields = [("unit", unit.as_str()), ("from", "2017-10-16"), ("before_1", gone.as_str()), ("leader", in_charge.as_str())];
        chooses(&town, &fields).sees("Đã lưu quy trình");
        town.pass_minutes(1);
        let page = submitted(&town, "kinh phí lễ hội", &[("groups", "districts")]);
        press(&head, &page, "approve-content", &[]).sees("Chờ kiểm tra thể thức").sees("không còn ai để hỏi");
        press(&town.clerk("Phú Thọ"), &page, "approve-format", &[]).ok();
        leader.get("/notices").sees("chờ bạn duyệt: kinh phí lễ hội");
        press(&leader, &page, "approve", &[]).sees("Chờ phát hành");
    }

    fn only_who_may_chooses_and_only_for_the_own_agency(town: Town) {
        for person in [town.clerk("Phú Thọ"), town.head("Phú Thọ"), town.officer("Phú Thọ")] {
            person.get(SCREEN).is(403);
            person.post(SCREEN, &[("from", "2017-10-16")]).is(403);
        }
        town.admin("Phú Thọ").get(SCREEN).sees("Các bước bắt buộc").sees("Điều 12.1");
        // A unit of another agency is none of ours.
        let other = format!("consult unit:{}", town.unit("Việt Trì", "KT"));
        chooses(&town, &[("from", "2017-10-16"), ("before_1", &other)]).is(422);
        let unit = town.unit("Việt Trì", "VX").to_string();
        chooses(&town, &[("from", "2017-10-16"), ("unit", &unit)]).is(422);
        chooses(&town, &[("from", "2017-10-16"), ("before_1", "format")]).is(422);
        let twice = consult(&town, "KT");
        chooses(&town, &[("from", "2017-10-16"), ("before_1", &twice), ("after_1", &twice)]).is(409).sees("đứng hai lần");
        let ours = consult(&town, "KT");
        chooses(&town, &[("from", "2017-10-16"), ("before_1", &ours)]).ok();
        town.leader("Việt Trì").get(SCREEN).lacks("Phòng Kinh tế, ");
    }

    fn whatever_can_be_chosen_leads_to_issue_over_content_form_and_approval(town: Town) {
        let (head, kt) = (town.head("Phú Thọ"), town.person("Phú Thọ", "head", "KT"));
        let (leader, clerk, officer) = (town.leader("Phú Thọ"), town.clerk("Phú Thọ"), town.officer("Phú Thọ"));
        let person = |one: &Person<'_>| format!("initials person:{}", one.id.expect("a settler"));
        let all = [
            String::new(),
            consult(&town, "KT"),
            consult(&town, "VX"),
            person(&head),
            person(&kt),
            person(&leader),
            person(&officer),
            "consult right:documents.outgoing.approve".to_owned(),
            "consult right:documents.outgoing.approve-content".to_owned(),
            "initials right:documents.outgoing.approve-format".to_owned(),
        ];
        let in_charge = leader.id.expect("a settler").to_string();
        for (n, code) in ["QĐ", "TB", "BC", "KH", "GM", "CT"].into_iter().enumerate() {
            let pick = |step: usize| all[(n * 7 + step * 3 + step * n) % all.len()].as_str();
            let of = [pick(0), pick(1), pick(2), pick(3), pick(4)];
            let mut once: Vec<&str> = Vec::new();
            let of = of.map(|one| if once.contains(&one) { "" } else { once.push(one); one });
            let fields = [
                ("type_code", code), ("from", "2017-10-16"), ("leader", if n % 2 == 0 { "" } else { &in_charge }),
                ("before_1", of[0]), ("before_2", of[1]), ("before_3", of[2]), ("after_1", of[3]), ("after_2", of[4]),
            ];
            chooses(&town, &fields).sees("Đã lưu quy trình");
            town.pass_minutes(1);
            let page = submitted(&town, &format!("thử bước {n}"), &[("type_code", code), ("groups", "districts")]);
            let mut gone = Vec::new();
            loop {
                let status = clerk.api(&page, None).ok().json()["status"].as_str().expect("a word").to_owned();
                assert!(gone.len() < 9, "{of:?} does not end: {gone:?}");
                match status.as_str() {
                    "content_review" => {
                        press(&head, &page, "approve-content", &[]).ok();
                    }
                    "consulting" => {
                        press(&officer, &page, "consult", &[]).is(409);
                        let may = [&kt, &head, &leader, &clerk].into_iter().find(|one| one.get(&page).count("Trả lại người soạn") > 0);
                        press(may.expect("somebody is asked"), &page, "consult", &[]).ok();
                    }
                    "format_review" => {
                        press(&clerk, &page, "approve-format", &[]).ok();
                    }
                    "leader_review" => {
                        press(&leader, &page, "approve", &[]).ok();
                    }
                    _ => break,
                }
                gone.push(status);
            }
            press(&clerk, &page, "issue", &[]).sees("Đã phát hành");
            let least: Vec<&str> = gone.iter().map(String::as_str).filter(|one| *one != "consulting").collect();
            assert_eq!(least, ["content_review", "format_review", "leader_review"], "{of:?}");
        }
    }
}

//! Stories of taking back what was issued: some recipients, programs, what is refused.

#![expect(clippy::indexing_slicing, reason = "a story stops where it does not hold")]

use testkit::{Page, Person, Town};

fn press(person: &Person<'_>, page: &str, act: &str, fields: &[(&str, &str)]) -> Page {
    person.get(page).ok();
    person.post(&format!("{page}/{act}"), fields)
}

/// The province issues to its districts; answers the page.
fn issued(town: &Town, subject: &str) -> String {
    let head = town.head("Phú Thọ");
    head.get("/documents/outgoing/new").ok();
    let fields = [
        ("type_code", "CV"),
        ("subject", subject),
        ("body", "Đề nghị thực hiện."),
        ("groups", "districts"),
        ("act", "submit"),
    ];
    let page = head.post("/documents/outgoing", &fields).sees("Chờ kiểm tra thể thức").path.clone();
    press(&town.clerk("Phú Thọ"), &page, "approve-format", &[]).ok();
    press(&town.leader("Phú Thọ"), &page, "approve", &[]).ok();
    press(&town.clerk("Phú Thọ"), &page, "issue", &[]).sees("Đã phát hành");
    page
}

/// Id and status of a recipient by its code.
fn recipient(clerk: &Person<'_>, page: &str, code: &str) -> (String, String) {
    let list = clerk.api(&format!("{page}/recipients"), None).ok().json();
    let found = list["items"].as_array().unwrap().iter().find(|one| one["code"] == code).unwrap().clone();
    (found["id"].as_str().unwrap().to_owned(), found["status"].as_str().unwrap().to_owned())
}

const TOWN: &str = "000.00.31.H44";

testkit::stories! {
    of [documents::module(), desk::module()];

    fn some_recipients_are_asked_and_the_document_stands_for_the_others(town: Town) {
        let page = issued(&town, "phân bổ chỉ tiêu");
        town.settle();
        let clerk = town.clerk("Phú Thọ");
        let (id, _) = recipient(&clerk, &page, TOWN);
        let tracking = format!("{page}/tracking");
        clerk.get(&tracking).sees("Chỉ lấy lại từ một số nơi");
        let fields = [("recall_reason", "gửi nhầm nơi nhận"), ("from", id.as_str())];
        clerk.post(&format!("{page}/recall"), &fields).sees("yêu cầu lấy lại từ 1 nơi");
        clerk.get(&page).lacks("bị đóng băng");
        // The same one cannot be asked twice; the others still can, and then all are asked.
        clerk.get(&tracking).ok();
        clerk.post(&format!("{page}/recall"), &fields).is(409).sees("không còn ở bước có thể yêu cầu");
        town.settle();
        let other = town.clerk("Thanh Thủy").api("/documents/demands", None).ok().json();
        assert_eq!(other["items"].as_array().unwrap().len(), 0);
        clerk.get(&tracking).ok();
        clerk.post(&format!("{page}/recall"), &[("recall_reason", "sai số liệu")]).sees("yêu cầu lấy lại từ 1 nơi");
        clerk.get(&page).sees("bị đóng băng");
        clerk.get(&tracking).lacks("Lấy lại văn bản này");
        clerk.post(&format!("{page}/recall"), &[("recall_reason", "nữa")]).is(409);
    }

    fn programs_ask_back_and_give_back_as_people_do(town: Town) {
        let page = issued(&town, "thu thập số liệu");
        town.settle();
        let sender = town.clerk("Phú Thọ");
        let wrong = sender.api(&format!("{page}/recall"), Some(&serde_json::json!({})));
        assert_eq!(wrong.status, 422);
        let ask = serde_json::json!({ "recall_reason": "sai biểu mẫu" });
        let first = sender.api_once(&format!("{page}/recall"), "khoa", Some(&ask)).ok().json();
        assert_eq!(sender.api_once(&format!("{page}/recall"), "khoa", Some(&ask)).ok().json(), first);
        town.settle();
        let city = town.clerk("Việt Trì");
        let waits = city.api("/documents/demands", None).ok().json();
        assert_eq!(waits["items"][0]["reason"], "sai biểu mẫu", "{waits}");
        let demand = waits["items"][0]["id"].as_str().unwrap().to_owned();
        let grant = format!("/documents/demands/{demand}/grant");
        assert_eq!(town.leader("Việt Trì").api(&grant, Some(&serde_json::json!({}))).status, 403);
        assert_eq!(town.clerk("Thanh Thủy").api(&grant, Some(&serde_json::json!({}))).status, 404);
        city.api(&grant, Some(&serde_json::json!({}))).ok();
        assert_eq!(city.api(&grant, Some(&serde_json::json!({}))).status, 409);
        let other = town.clerk("Thanh Thủy").api("/documents/demands", None).ok().json();
        let refuse = format!("/documents/demands/{}/refuse", other["items"][0]["id"].as_str().unwrap());
        let words = serde_json::json!({ "refuse_reason": "đã tổng hợp xong" });
        town.clerk("Thanh Thủy").api(&refuse, Some(&words)).ok();
        town.settle();
        assert_eq!(recipient(&sender, &page, TOWN).1, "recalled");
        let asked = sender.api(&format!("{page}/requests"), None).ok().json();
        let mut states: Vec<&str> =
            asked["items"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
        states.sort_unstable();
        assert_eq!(states, ["granted", "refused"], "{asked}");
        assert!(!asked["frozen_at"].is_null(), "one has given it back");
        // The one that refused can be asked again.
        let again = serde_json::json!({ "recall_reason": "vẫn cần lấy lại" });
        sender.api(&format!("{page}/recall"), Some(&again)).ok();
    }

    fn only_issued_documents_are_taken_back_and_only_by_the_clerk(town: Town) {
        let page = issued(&town, "tổng kết năm");
        let (head, clerk) = (town.head("Phú Thọ"), town.clerk("Phú Thọ"));
        head.get(&format!("{page}/tracking")).lacks("Lấy lại văn bản này");
        head.post(&format!("{page}/recall"), &[("recall_reason", "thử")]).is(403);
        head.get("/documents/outgoing/new").ok();
        let fields = [("type_code", "CV"), ("subject", "nháp"), ("body", "Nháp.")];
        let draft = head.post("/documents/outgoing", &fields).path.trim_end_matches("/edit").to_owned();
        let ask = serde_json::json!({ "recall_reason": "thử" });
        assert_eq!(clerk.api(&format!("{draft}/recall"), Some(&ask)).status, 409);
        head.post(&format!("{draft}/update"), &[("change_reason", "thử")]).is(409);
        town.clerk("Việt Trì").post(&format!("{page}/recall"), &[("recall_reason", "thử")]).is(404);
    }

    fn a_demand_of_another_agency_cannot_be_seen(town: Town) {
        let page = issued(&town, "kiểm tra nội bộ");
        town.settle();
        let clerk = town.clerk("Phú Thọ");
        clerk.get(&format!("{page}/tracking")).ok();
        clerk.post(&format!("{page}/recall"), &[("recall_reason", "nhầm")]).ok();
        town.settle();
        let waits = town.clerk("Việt Trì").api("/documents/demands", None).ok().json();
        let demand = format!("/documents/demands/{}", waits["items"][0]["id"].as_str().unwrap());
        town.clerk("Việt Trì").get(&demand).ok();
        town.clerk("Thanh Thủy").get(&demand).is(404);
        town.clerk("Thanh Thủy").get("/documents/demands").sees("nhầm").lacks(&demand);
    }
}

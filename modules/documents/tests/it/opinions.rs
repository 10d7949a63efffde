//! Stories of opinions: asked, given, put off, reminded, closed.

use testkit::{Person, Town};

pub(crate) fn asked(town: &Town, due: &str) -> String {
    let leader = town.leader("Phú Thọ");
    let people: Vec<String> = [town.head("Phú Thọ"), town.officer("Phú Thọ"), town.clerk("Phú Thọ")]
        .iter()
        .map(|one| one.id.expect("a settler").to_string())
        .collect();
    leader.get("/documents/opinions/new").ok();
    let mut fields = vec![("question", "Phương án trực lũ của các huyện"), ("due", due)];
    fields.extend(people.iter().map(|id| ("people", id.as_str())));
    leader.post("/documents/opinions", &fields).sees("3 chưa trả lời").path.clone()
}

fn says(person: &Person<'_>, page: &str, answer: &str, words: &str) -> testkit::Page {
    person.get(page).ok();
    person.post(&format!("{page}/answer"), &[("answer", answer), ("words", words)])
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn colleagues_are_asked_answer_in_two_presses_and_the_question_is_closed_with_its_counts(town: Town) {
        let page = asked(&town, "2017-10-18T17:00");
        let (officer, head, clerk) = (town.officer("Phú Thọ"), town.head("Phú Thọ"), town.clerk("Phú Thọ"));
        officer.get("/").sees("Phương án trực lũ").sees("Cho ý kiến");
        says(&officer, &page, "agree", "").sees("1 đồng ý").sees("Đã ghi ý kiến");
        officer.get("/").lacks("Phương án trực lũ");
        // Something else needs words, and nothing is lost.
        says(&head, &page, "other", "").is(422);
        says(&head, &page, "other", "Thêm hai xuồng").sees("1 ý kiến khác");
        // A mind may be changed until the question is closed.
        says(&officer, &page, "disagree", "Chưa đủ người").sees("1 không đồng ý").sees("0 đồng ý");

        let leader = town.leader("Phú Thọ");
        leader.get("/notices").sees(&format!("{} đã cho ý kiến", officer.name));
        leader.get(&page).ok();
        leader.post(&format!("{page}/close"), &[("conclusion", "Giao bổ sung")]).sees("Đã kết thúc");
        clerk.get("/").lacks("Phương án trực lũ");
        says(&clerk, &page, "agree", "").is(409).sees("đã kết thúc");
        let csv = leader.get(&format!("{page}/summary.csv")).ok().body();
        assert!(csv.contains("Thêm hai xuồng") && csv.contains("0 đồng ý, 1 không đồng ý, 1 ý kiến khác, 1 chưa trả lời"), "{csv}");
        assert_eq!(leader.api(&page, None).json()["conclusion"], "Giao bổ sung");
        let all = leader.api("/documents/opinions", None).json();
        let first = &all["items"][0];
        assert!(page.ends_with(first["id"].as_str().expect("an id")) && !first["closed_at"].is_null(), "{all}");
        assert_eq!(all["after"], serde_json::Value::Null);
    }

    fn only_who_asked_puts_off_reminds_and_closes_and_only_who_was_asked_answers(town: Town) {
        let page = asked(&town, "2017-10-18T17:00");
        let (leader, officer) = (town.leader("Phú Thọ"), town.officer("Phú Thọ"));
        for act in ["remind", "close"] {
            officer.get(&page).ok();
            officer.post(&format!("{page}/{act}"), &[]).is(409).sees("Chỉ người hỏi");
        }
        leader.get(&page).ok();
        leader.post(&format!("{page}/answer"), &[("answer", "agree")]).is(403);
        leader.get(&page).ok();
        leader.post(&format!("{page}/extend"), &[("due", "2017-10-17T17:00")]).is(422).sees("sau hạn cũ");
        leader.get(&page).ok();
        leader.post(&format!("{page}/extend"), &[("due", "2017-10-20T17:00")]).sees("20/10/2017");
        officer.get("/notices").sees("Gia hạn cho ý kiến");

        says(&officer, &page, "agree", "").ok();
        leader.get(&page).ok();
        leader.post(&format!("{page}/remind"), &[]).sees("Đã gửi 2 đôn đốc");
        town.head("Phú Thọ").get("/notices").sees("đôn đốc lần 1");
        officer.get("/notices").lacks("đôn đốc lần 1");
        town.pass_minutes(13 * 60);
        leader.get(&page).ok();
        leader.post(&format!("{page}/remind"), &[]).is(409).sees("Ngoài giờ làm việc");

        town.leader("Việt Trì").get(&page).is(404);
        town.officer("Việt Trì").get("/documents/opinions").lacks("Phương án trực lũ");
    }
}

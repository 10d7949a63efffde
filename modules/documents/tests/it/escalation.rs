//! Stories of work that waits: it is told further up, each rung once, at the hours people work.

use crate::it::outgoing::{approved, press};
use testkit::{Person, Town};

/// A letter on paper with an urgency; answers its page.
fn came(town: &Town, symbol: &str, urgency: &str) -> String {
    let clerk = town.clerk("Phú Thọ");
    clerk.get("/documents/incoming/new").ok();
    let fields = [
        ("from_name", "Bộ Nội vụ"),
        ("symbol", symbol),
        ("promulgated", "2017-10-12"),
        ("type_name", "Công điện"),
        ("urgency", urgency),
        ("subject", "Ứng phó bão số 11"),
    ];
    clerk.post("/documents/incoming", &fields).ok().path.clone()
}

/// Lets minutes pass, five at a time, and everything run that is due.
fn passes(town: &Town, minutes: i64) {
    for _ in 0..minutes / 5 {
        town.pass_minutes(5);
        turn(town);
    }
}

fn turn(town: &Town) {
    town.wait(town.server().begin_minute("phutho", town.now())).unwrap();
    town.settle();
}

fn told(person: &Person<'_>, words: &str) -> usize {
    person.get("/notices").count(words)
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn an_urgent_document_nobody_opens_is_told_further_up_at_any_hour_and_each_rung_once(town: Town) {
        town.set_clock(base::Instant::local(2017, 10, 21, 22, 0).unwrap());
        let page = came(&town, "1722/CĐ-TW", "3");
        let leader = town.leader("Phú Thọ");
        // What came on paper is registered; the leader's direction waits, on a Saturday night.
        passes(&town, 5);
        assert_eq!(told(&leader, "Khẩn, chưa ai mở xem"), 1, "the owner");
        passes(&town, 55);
        turn(&town);
        turn(&town);
        assert_eq!(told(&leader, "Khẩn, chưa ai mở xem"), 1, "above the chairman is nobody");
        leader.get(&page).sees("khẩn mà chưa mở xem từ 22:00");
        leader.get("/documents/board").sees("Đã báo lên cấp trên trong tuần").sees("Ứng phó bão số 11");
        let rungs = leader.api("/documents/board", None).json();
        let mut rungs: Vec<&str> = rungs["told"].as_array().unwrap().iter().map(|one| one["rung"].as_str().unwrap()).collect();
        rungs.sort_unstable();
        assert_eq!(rungs, ["head", "leader", "owner", "top"]);
    }

    fn what_was_opened_in_time_is_not_told_and_what_was_not_is_told_to_the_leader_after_a_quarter(town: Town) {
        let (clerk, leader) = (town.clerk("Việt Trì"), town.leader("Việt Trì"));
        let to = town.agency("Việt Trì").id.to_string();
        let page = approved(&town, "sơ tán dân", &[("to", &to), ("urgency", "3")]);
        press(&town.clerk("Phú Thọ"), &page, "issue", &[]).ok();
        town.settle();
        let links = clerk.get("/documents/incoming").links_to("/documents/incoming/");
        let opened = links.into_iter().find(|link| link.len() == "/documents/incoming/".len() + 36).unwrap();
        clerk.get(&opened).sees("sơ tán dân");
        town.settle();
        let page = approved(&town, "trực ban", &[("to", &to), ("urgency", "3")]);
        press(&town.clerk("Phú Thọ"), &page, "issue", &[]).ok();
        town.settle();
        passes(&town, 10);
        assert_eq!((told(&clerk, "Khẩn, chưa ai mở xem"), told(&leader, "Khẩn, chưa ai mở xem")), (1, 0));
        passes(&town, 5);
        // The clerks have no head of unit: the leader hears of it in that place.
        assert_eq!((told(&clerk, "Khẩn, chưa ai mở xem"), told(&leader, "Khẩn, chưa ai mở xem")), (1, 1));
        leader.get("/notices").sees("trực ban").lacks("sơ tán dân");
    }

    fn late_work_is_told_to_owner_head_and_leader_in_working_time_and_to_who_stands_in(town: Town) {
        let page = came(&town, "9/BNV", "0");
        let (leader, head, officer) = (town.leader("Phú Thọ"), town.head("Phú Thọ"), town.officer("Phú Thọ"));
        let unit = format!("unit:{}", town.unit("Phú Thọ", "VX"));
        press(&leader, &page, "direct", &[("lead", &unit), ("due", "2017-10-20")]).ok();
        let id = officer.id.expect("a settler").to_string();
        press(&head, &page, "assign", &[("person", &id)]).ok();
        // The head is away from Monday on and has named the head of the other unit.
        let other = town.person("Phú Thọ", "head", "KT");
        let to = other.id.expect("a settler").to_string();
        head.get("/settings/delegation").ok();
        let fields = [("to_person", to.as_str()), ("from_at", "2017-10-22T07:00"), ("to_at", "2017-11-08T17:00"), ("reason", "Nghỉ phép")];
        head.post("/settings/delegation", &fields).ok();

        // Friday 17:30 it was due. On Saturday nobody is told.
        town.set_clock(base::Instant::local(2017, 10, 21, 9, 0).unwrap());
        turn(&town);
        assert_eq!(told(&officer, "Quá hạn từ"), 0);
        town.set_clock(base::Instant::local(2017, 10, 23, 7, 30).unwrap());
        turn(&town);
        assert_eq!((told(&officer, "Quá hạn từ"), told(&other, "Quá hạn từ")), (1, 0));
        town.set_clock(base::Instant::local(2017, 10, 23, 14, 0).unwrap());
        turn(&town);
        turn(&town);
        assert_eq!((told(&officer, "Quá hạn từ"), told(&head, "Quá hạn từ"), told(&other, "Quá hạn từ")), (1, 0, 1));
        assert_eq!(told(&leader, "Quá hạn từ"), 0);
        town.set_clock(base::Instant::local(2017, 10, 24, 8, 0).unwrap());
        turn(&town);
        assert_eq!(told(&leader, "Quá hạn từ"), 1);
        leader.get(&page).sees(&format!("báo {}: quá hạn từ", other.name));
        // Finished work is told to nobody any more.
        press(&officer, &page, "note", &[("note", "Xong")]).ok();
        town.set_clock(base::Instant::local(2017, 10, 26, 8, 0).unwrap());
        turn(&town);
        assert_eq!(told(&leader, "Quá hạn từ"), 1);
    }

    fn an_agency_chooses_its_own_times_and_an_opinion_put_off_is_not_late(town: Town) {
        let leader = town.leader("Phú Thọ");
        let post = |fields: &[(&str, &str)]| {
            leader.get("/documents/steps").sees("Báo lên cấp trên");
            leader.post("/documents/steps/ladder", fields)
        };
        post(&[("late_head", "30"), ("late_leader", "10")]).is(409).sees("không được báo sớm hơn");
        post(&[("opinion_owner", ""), ("opinion_head", ""), ("opinion_leader", "60"), ("opinion_top", "")]).sees("Đã lưu các mốc");
        let officer = town.officer("Phú Thọ");
        let id = officer.id.expect("a settler").to_string();
        let head = town.head("Phú Thọ");
        head.get("/documents/opinions/new").ok();
        let fields = [("question", "Lịch trực"), ("people", id.as_str()), ("due", "2017-10-16T09:00")];
        let page = head.post("/documents/opinions", &fields).ok().path.clone();
        head.get(&page).ok();
        head.post(&format!("{page}/extend"), &[("due", "2017-10-16T10:00")]).ok();
        passes(&town, 115);
        assert_eq!(told(&leader, "Quá hạn cho ý kiến"), 0, "it was put off, and the owner's rung is left out");
        passes(&town, 65);
        assert_eq!((told(&leader, "Quá hạn cho ý kiến"), told(&officer, "Quá hạn cho ý kiến")), (1, 0));
        town.leader("Việt Trì").get("/documents/board").lacks("Lịch trực");
    }
}

//! Stories of the board: what is late is seen by whom it concerns, and reminded of.

use crate::it::outgoing::{approved, press};
use testkit::{Person, Town};

/// A letter on paper, registered, directed with a deadline and assigned to the officer of the unit. Answers its page.
fn given(town: &Town, symbol: &str, due: &str) -> String {
    let clerk = town.clerk("Phú Thọ");
    clerk.get("/documents/incoming/new").ok();
    let page = clerk.post(
        "/documents/incoming",
        &[
            ("from_name", "Bộ Thông tin và Truyền thông"),
            ("symbol", symbol),
            ("promulgated", "2017-10-12"),
            ("type_name", "Công văn"),
            ("urgency", "0"),
            ("subject", "Rà soát trang thiết bị"),
        ],
    );
    let path = page.ok().path.clone();
    let unit = format!("unit:{}", town.unit("Phú Thọ", "VX"));
    press(&town.leader("Phú Thọ"), &path, "direct", &[("lead", &unit), ("due", due)]).ok();
    let officer = town.officer("Phú Thọ").id.expect("a settler").to_string();
    press(&town.head("Phú Thọ"), &path, "assign", &[("person", &officer)]).ok();
    path
}

fn reminded(person: &Person<'_>) -> usize {
    person.get("/notices").count("đôn đốc lần")
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn what_is_late_is_on_the_leaders_board_and_its_officer_is_reminded_by_number(town: Town) {
        let first = given(&town, "742/BTTTT-THH", "2017-10-18");
        given(&town, "743/BTTTT-THH", "2017-11-30");
        let leader = town.leader("Phú Thọ");
        leader.get("/documents/board").sees("Không có việc quá hạn");
        // Nothing is late yet: a reminder is refused with the reason.
        leader.get(&first).ok();
        leader.post(&format!("{first}/remind"), &[]).is(409).sees("chưa quá hạn");

        town.pass_days(7);
        let board = leader.get("/documents/board");
        board.sees("1 việc quá hạn, lâu nhất 5 ngày").sees("742/BTTTT-THH: Rà soát trang thiết bị");
        leader.get("/documents/board/late").sees("742/BTTTT-THH").lacks("743/BTTTT-THH");
        leader.get("/documents/board/late?step=registered").sees("Không có việc quá hạn");
        let told = leader.api("/documents/board", None).ok().json();
        assert_eq!((&told["late_here"], &told["weeks"][7]["late"]), (&1.into(), &1.into()));

        let remind = |nth: &str| {
            leader.get("/documents/board").ok();
            leader.post(&format!("{first}/remind"), &[("back", "/documents/board")]).sees(nth);
        };
        remind("lần 1, số 1");
        remind("lần 2, số 2");
        assert_eq!(reminded(&town.officer("Phú Thọ")), 2);
        leader.get("/documents/board").sees("đã 2 lần");

        // Nobody is reminded at night.
        town.pass_minutes(13 * 60);
        leader.get(&first).ok();
        leader.post(&format!("{first}/remind"), &[]).is(409).sees("Ngoài giờ làm việc");
        assert_eq!(reminded(&town.officer("Phú Thọ")), 2);
    }

    fn all_that_is_late_is_reminded_in_one_press_and_finished_work_is_not(town: Town) {
        let (first, second) = (given(&town, "1/BTTTT", "2017-10-17"), given(&town, "2/BTTTT", "2017-10-17"));
        press(&town.officer("Phú Thọ"), &second, "note", &[("note", "Đã xử lý xong.")]).ok();
        town.pass_days(3);
        let leader = town.leader("Phú Thọ");
        leader.get("/documents/board").ok();
        leader.post("/documents/board/remind-all", &[]).sees("Đã gửi 1 đôn đốc");
        // The month says the same by unit and by person.
        let report = leader.get("/documents/reports?month=2017-10");
        report.sees("Báo cáo tháng 10/2017").sees(&town.officer("Phú Thọ").name);
        let csv = leader.get("/documents/reports.csv?month=2017-10").ok().body();
        let line = csv.lines().find(|line| line.contains(&town.officer("Phú Thọ").name)).expect("the officer's line");
        assert!(line.ends_with(r#""2","1","0","0","1","1""#), "{line}");
        let told = leader.api("/documents/reports?month=2017-10", None).ok().json();
        let people = told["people"].as_array().expect("people");
        let line = people.iter().find(|one| one["name"] == town.officer("Phú Thọ").name).expect("the officer's line");
        assert_eq!((&line["received"], &line["late"], &line["reminded"]), (&2.into(), &1.into(), &1.into()));
        leader.get("/documents/reports?month=2017-09").sees("Chưa ai được giao việc");
        let notices = town.officer("Phú Thọ").get("/notices");
        notices.sees("1/BTTTT").lacks("số 2)");
        leader.get(&first).sees("đôn đốc lần 1");
    }

    fn answers_other_agencies_owe_are_seen_by_the_sender_alone(town: Town) {
        let to = town.agency("Việt Trì").id.to_string();
        let page = approved(&town, "báo cáo quỹ đất", &[("to", &to), ("due", "2017-10-20")]);
        press(&town.clerk("Phú Thọ"), &page, "issue", &[]).ok();
        town.settle();
        town.pass_days(9);
        let leader = town.leader("Phú Thọ");
        leader.get("/documents/board").sees("báo cáo quỹ đất").sees("ở 1 cơ quan");
        let owed = leader.get("/documents/board/owed?code=000.00.31.H44");
        owed.sees("báo cáo quỹ đất").sees("5 ngày");
        // Two steps lead to the place where it stands.
        let link = owed.links_to("/documents/outgoing/").into_iter().next().expect("a way on");
        leader.get(&link).sees("Việt Trì");

        town.leader("Việt Trì").get("/documents/board").lacks("báo cáo quỹ đất");
        town.officer("Phú Thọ").get("/documents/board").is(403);
        town.clerk("Phú Thọ").get("/documents/board/late").is(403);
    }
}

use super::{gives, pools};

testkit::stories! {
    of [desk::module(), crate::it::letters()];

    fn an_empty_desk_says_what_to_do(town: Town) {
        town.officer("Hùng Lô").get("/").ok().sees("Hết việc cần làm").sees("Tra cứu");
    }

    fn what_is_late_stands_above_today_and_today_above_later(town: Town) {
        let (officer, agency) = (town.officer("Hùng Lô"), town.agency("Hùng Lô").id);
        let now = town.now();
        gives(&town, &officer, agency, ("Báo cáo tuần sau", now.plus_days(9)));
        gives(&town, &officer, agency, ("Báo cáo hôm nay", now.plus_minutes(90)));
        gives(&town, &officer, agency, ("Báo cáo hôm qua", now.plus_days(-1)));
        let page = officer.get("/");
        page.ok().sees("3 việc, 1 việc quá hạn").sees("742/BTTTT-THH");
        let text = page.text();
        let at = |word: &str| text.find(word).expect("on the page");
        assert!(at("Làm ngay") < at("Báo cáo hôm qua"));
        assert!(at("Báo cáo hôm qua") < at("Trong hôm nay"));
        assert!(at("Trong hôm nay") < at("Báo cáo hôm nay"));
        assert!(at("Báo cáo hôm nay") < at("Báo cáo tuần sau"));
    }

    fn a_colleague_in_another_commune_sees_nothing_of_it(town: Town) {
        gives(&town, &town.officer("Hùng Lô"), town.agency("Hùng Lô").id, ("Việc riêng", town.now()));
        town.officer("Kim Đức").get("/").ok().lacks("Việc riêng");
        town.head("Hùng Lô").get("/").ok().lacks("Việc riêng");
    }

    fn sixty_tasks_due_at_the_same_minute_are_all_found_on_two_pages(town: Town) {
        let (officer, agency) = (town.officer("Hùng Lô"), town.agency("Hùng Lô").id);
        let due = town.now().plus_days(2);
        for n in 0..60 {
            gives(&town, &officer, agency, (&format!("Việc thứ {n:02}."), due));
        }
        let first = officer.get("/");
        first.ok().sees("50 việc trên trang này");
        let second = officer.click("Cũ hơn");
        second.ok().sees("10 việc trên trang này");
        for n in 0..60 {
            let title = format!("Việc thứ {n:02}.");
            assert_eq!(first.count(&title) + second.count(&title), 1, "{title}");
        }
    }

    fn notices_are_new_until_they_are_read(town: Town) {
        let (head, officer) = (town.head("Hùng Lô"), town.officer("Hùng Lô"));
        head.get("/settings/delegation");
        let to = officer.id.expect("a settler").to_string();
        head.post("/settings/delegation", &[
            ("to_person", to.as_str()), ("from_at", "2017-10-16T08:00"), ("to_at", "2017-10-18T17:00"),
            ("reason", "Nghỉ phép"),
        ]).ok().sees("Đã ủy quyền cho");
        officer.get("/notices").ok().sees("1 thông báo chưa đọc").sees("ủy quyền cho bạn làm thay");
        officer.post("/notices/read", &[]).ok().sees("0 thông báo chưa đọc");
    }

    fn notices_of_one_moment_are_all_read_over_two_pages(town: Town) {
        let officer = town.officer("Hùng Lô");
        let (person, agency) = (officer.id.unwrap(), town.agency("Hùng Lô").id);
        town.act("phutho", move |cx| {
            for n in 0..70 {
                let values = [("name", format!("Người số {n:02}!")), ("n", "1".to_owned()), ("subject", String::new())];
                let say = platform::notify::Say { key: "desk.notice.found", values: &values, path: "/" };
                platform::notify::tell(cx, agency, person, &say)?;
            }
            cx.record("desk.act.delegated", ("person", person), agency);
            Ok(())
        });
        let first = officer.get("/notices");
        let older = first.ok().links_to("/notices?before=");
        let second = officer.get(older.first().expect("an older page"));
        for n in 0..70 {
            let name = format!("Người số {n:02}!");
            assert_eq!(first.count(&name) + second.count(&name), 1, "{name}");
        }
    }

    fn what_a_colleague_finished_is_not_counted_as_mine(town: Town) {
        let (clerk, officer) = (town.clerk("Hùng Lô"), town.officer("Hùng Lô"));
        let letter = pools(&town, town.agency("Hùng Lô").id, "Văn bản chung");
        clerk.get("/").ok().sees("Văn bản chung").sees("Chưa có việc nào xong");
        officer.get("/").ok().sees("Văn bản chung");
        clerk.post(&format!("/letters/{letter}/done"), &[]).ok();
        clerk.get("/").ok().lacks("Văn bản chung").lacks("Chưa có việc nào xong");
        officer.get("/").ok().lacks("Văn bản chung").sees("Chưa có việc nào xong");
    }

    fn the_rail_shows_how_much_waits_and_how_much_of_it_is_late(town: Town) {
        let (officer, agency) = (town.officer("Hùng Lô"), town.agency("Hùng Lô").id);
        officer.get("/").ok().sees("Việc của tôi 0 việc");
        gives(&town, &officer, agency, ("Báo cáo hôm qua", town.now().plus_days(-1)));
        pools(&town, agency, "Văn bản chung");
        officer.get("/notices").ok().sees("Việc của tôi 2 việc, trong đó 1 quá hạn");
        town.officer("Kim Đức").get("/").ok().sees("Việc của tôi 0 việc");
    }
}

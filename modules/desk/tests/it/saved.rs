use base::{AgencyId, Instant, PersonId};
use platform::notify;
use platform::search::{self, Findable};
use testkit::{Person, Town};

/// A thing arrives that holders of a right may find.
fn arrives(town: &Town, agency: AgencyId, (title, right): (&'static str, &'static str)) {
    let dated = town.now().date();
    town.act("phutho", move |cx| {
        let subject = cx.new_id::<()>();
        let path = format!("/letters/{subject}");
        let thing = Findable { kind: "incoming", right, title, detail: "", path: &path, dated, words: title };
        search::put(cx, agency, subject, &thing)?;
        cx.record("desk.act.delegated", ("letter", subject), agency);
        Ok(())
    });
}

fn keeps(who: &Person<'_>, words: &str, alert: &str) {
    let path = format!("/search?q={}", words.replace(' ', "+"));
    who.get(&path).ok();
    let form = format!("/search/saved?q={}", words.replace(' ', "+"));
    who.post(&form, &[("name", "Tin bão"), ("alert", alert), ("words", words)]).ok().sees("Đã lưu tìm kiếm");
}

/// What a person was told by kept searches, the newest first.
fn told(town: &Town, who: &Person<'_>) -> Vec<String> {
    let (person, until): (PersonId, _) = (who.id.unwrap(), notify::from_here(town.now()));
    let all = town.read("phutho", move |cx| notify::list(cx, person, until, 50));
    all.into_iter().filter(|one| one.key == "desk.notice.found").map(|one| one.note).collect()
}

fn at(town: &Town, day: u8, hour: i8, minute: i8) {
    town.set_clock(Instant::local(2017, 10, day, hour, minute).unwrap());
    town.settle();
}

testkit::stories! {
    of [desk::module()];

    fn a_kept_search_tells_once_of_what_is_new_and_not_of_what_was_there(town: Town) {
        let (home, clerk) = (town.agency("Hùng Lô").id, town.clerk("Hùng Lô"));
        arrives(&town, home, ("Bão số 9 đang đến", "signed-in"));
        keeps(&clerk, "bao so", "now");
        at(&town, 16, 8, 15);
        assert!(told(&town, &clerk).is_empty(), "what was there before is not new");
        arrives(&town, home, ("Bão số 10 đang đến", "signed-in"));
        arrives(&town, home, ("Họp tổ dân phố", "signed-in"));
        at(&town, 16, 8, 29);
        assert!(told(&town, &clerk).is_empty(), "not before the quarter ends");
        at(&town, 16, 8, 30);
        let first = told(&town, &clerk);
        assert!(first.len() == 1 && first[0].contains("Bão số 10") && first[0].contains("\"n\":\"1\""), "{first:?}");
        at(&town, 16, 8, 45);
        at(&town, 16, 9, 0);
        assert_eq!(told(&town, &clerk).len(), 1, "never twice");
        arrives(&town, home, ("Bão số 11 đang đến", "signed-in"));
        arrives(&town, home, ("Bão số 12 đang đến", "signed-in"));
        at(&town, 16, 9, 15);
        let second = told(&town, &clerk);
        assert!(second.len() == 2 && second[0].contains("\"n\":\"2\""), "{second:?}");
        clerk.get("/notices").ok().sees("2 kết quả mới cho “Tin bão”");
    }

    fn it_tells_only_what_its_owner_may_see_when_it_looks(town: Town) {
        let (home, clerk) = (town.agency("Hùng Lô").id, town.clerk("Hùng Lô"));
        keeps(&clerk, "bao so", "now");
        arrives(&town, town.agency("Kim Đức").id, ("Bão số 10 ở xã bên", "signed-in"));
        arrives(&town, home, ("Bão số 10, mật", "documents.secret.read"));
        at(&town, 16, 8, 15);
        assert!(told(&town, &clerk).is_empty(), "another agency's, and under a right they lack");
    }

    fn in_the_morning_it_tells_once_however_often_the_program_starts(town: Town) {
        let (home, clerk) = (town.agency("Hùng Lô").id, town.clerk("Hùng Lô"));
        keeps(&clerk, "bao so", "daily");
        arrives(&town, home, ("Bão số 10 đang đến", "signed-in"));
        at(&town, 16, 12, 0);
        assert!(told(&town, &clerk).is_empty());
        town.set_clock(Instant::local(2017, 10, 17, 0, 1).unwrap());
        town.wait(town.server().begin_day("phutho", town.now())).unwrap();
        town.settle();
        assert!(told(&town, &clerk).is_empty(), "not at midnight");
        at(&town, 17, 6, 30);
        assert_eq!(told(&town, &clerk).len(), 1);
        arrives(&town, home, ("Bão số 11 đang đến", "signed-in"));
        town.set_clock(Instant::local(2017, 10, 17, 9, 0).unwrap());
        town.wait(town.server().begin_day("phutho", town.now())).unwrap();
        town.settle();
        assert_eq!(told(&town, &clerk).len(), 1, "started again, the morning is not told again");
    }

    fn a_kept_search_is_renamed_silenced_and_deleted_by_its_owner_alone(town: Town) {
        let (home, clerk) = (town.agency("Hùng Lô").id, town.clerk("Hùng Lô"));
        keeps(&clerk, "bao so", "now");
        let page = clerk.get("/search").links_to("/search/saved/").remove(0);
        town.officer("Hùng Lô").get(&page).is(404);
        town.officer("Hùng Lô").post(&format!("{page}/forget"), &[]).is(404);
        clerk.get(&page).ok();
        clerk.post(&page, &[("name", "Thiên tai"), ("alert", "")]).ok();
        clerk.get("/search").ok().sees("Thiên tai").sees("Không báo");
        arrives(&town, home, ("Bão số 10 đang đến", "signed-in"));
        at(&town, 16, 8, 15);
        assert!(told(&town, &clerk).is_empty());
        clerk.get(&page).ok();
        clerk.post(&format!("{page}/forget"), &[]).ok().sees("Đã xóa tìm kiếm").lacks("Tìm kiếm đã lưu “Thiên tai”");
        clerk.get(&page).is(404);
    }

    fn nobody_keeps_a_search_without_words_or_more_than_twenty(town: Town) {
        let clerk = town.clerk("Hùng Lô");
        for _ in 0..20 {
            keeps(&clerk, "bao so", "");
        }
        clerk.get("/search?q=bao");
        let form = [("name", "Thêm"), ("alert", ""), ("words", "bao")];
        clerk.post("/search/saved?q=bao", &form).is(409).sees("tối đa 20 tìm kiếm");
        assert_eq!(clerk.api("/search/saved", None).json()["saved"].as_array().unwrap().len(), 20);
    }

    fn hundreds_of_searches_are_looked_at_some_at_a_time(town: Town) {
        let home = town.agency("Hùng Lô").id;
        let people = [town.clerk("Hùng Lô"), town.leader("Hùng Lô"), town.officer("Hùng Lô"), town.head("Hùng Lô")];
        for who in &people {
            for _ in 0..15 {
                keeps(who, "bao so", "now");
            }
        }
        arrives(&town, home, ("Bão số 10 đang đến", "signed-in"));
        town.set_clock(Instant::local(2017, 10, 16, 8, 15).unwrap());
        assert!(town.settle() >= 2, "sixty searches are two jobs");
        for who in &people {
            assert_eq!(told(&town, who).len(), 15);
        }
    }
}

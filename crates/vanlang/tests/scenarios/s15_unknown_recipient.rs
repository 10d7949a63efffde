//! S15: nobody, an agency that has ended, an agency that is locked; whoever else was addressed has the letter.

use crate::invariants;
use crate::story::{agency, arrived, brought_out, drafted, id_in, lock, press, recipients, rows};
use base::Date;
use platform::organisations::{self, Tier};
use testkit::{Page, Town};

const NOBODY: &str = "0192f0c1-0000-7000-8000-000000000000";

/// A document that waits to be issued, addressed to nobody yet. Answers its page.
fn ready(town: &Town, subject: &str) -> String {
    let page = drafted(town, "Phú Thọ", (subject, &[]), &[]);
    press(&town.clerk("Phú Thọ"), &page, "approve-format", &[]).ok();
    press(&town.leader("Phú Thọ"), &page, "approve", &[]).ok();
    page
}

/// The clerk chooses recipients while issuing.
fn issued_to(town: &Town, page: &str, to: &[&str]) -> Page {
    let mut fields = vec![("chosen", "1")];
    fields.extend(to.iter().map(|id| ("to", *id)));
    press(&town.clerk("Phú Thọ"), page, "issue", &fields)
}

/// Ends Kim Đức; Hùng Lô takes over.
fn merge(town: &Town) {
    let (old, new) = (town.agency("Kim Đức").id, town.agency("Hùng Lô").id);
    town.act("phutho", move |cx| {
        let last = Date::new(2017, 10, 15).unwrap();
        organisations::end_agency(cx, old, (last, "merged_into"), &[new])?;
        cx.record_plain("testkit.ended", ("agency", old));
        Ok(())
    });
}

fn status_of(town: &Town, page: &str, code: &str) -> (String, String) {
    let all = recipients(&town.clerk("Phú Thọ"), page);
    let found = all.into_iter().find(|one| one.0 == code).unwrap_or_else(|| panic!("{code} is no recipient"));
    (found.1, found.2)
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn nobody_can_be_chosen_and_nobody_is_sent_to(town: Town) {
        let officer = town.officer("Phú Thọ");
        officer.get("/documents/recipients?q=000.99.99.H44").ok().lacks("H44");
        officer.get("/documents/recipients?q=xa khong co").ok().lacks("Ủy ban");
        let page = ready(&town, "gửi nơi không có");
        let good = id_in(&town, "phutho", "Việt Trì");
        let refused = issued_to(&town, &page, &[&good, NOBODY]);
        refused.is(409).sees("Không có nơi nhận này trong danh bạ").sees("18");
        // Nothing left, and no number was used.
        let left: Vec<(i64,)> = rows(&town, "phutho", "SELECT count(*) FROM platform_outbox WHERE {scope}");
        assert_eq!(left, [(0,)]);
        issued_to(&town, &page, &[&good]).sees("Đã phát hành 01/UBND-VX");
        town.settle();
        invariants::hold(&town);
    }

    fn an_agency_nobody_carries_to_fails_with_its_reason_and_the_others_have_the_letter(town: Town) {
        let province = town.agency("Phú Thọ").id;
        let lost = town.act("phutho", move |cx| {
            let mut new = agency(("000.00.77.H44", "Sở Khoa học và Công nghệ"), Tier::Province, province);
            (new.local, new.kind) = (false, "department".to_owned());
            let id = organisations::add_agency(cx, &new)?;
            cx.record_plain("testkit.founded", ("agency", id));
            Ok(id)
        });
        let (one, two) = (id_in(&town, "phutho", "Việt Trì"), id_in(&town, "phutho", "Tu Vũ"));
        let page = ready(&town, "gửi ba nơi");
        issued_to(&town, &page, &[&one, &lost.to_string(), &two]).sees("Đã phát hành");
        town.settle();
        let (status, reason) = status_of(&town, &page, "000.00.77.H44");
        assert_eq!(status, "failed");
        assert!(!reason.is_empty() && !reason.contains("platform."), "a reason a person can read: {reason}");
        let clerk = town.clerk("Phú Thọ");
        clerk.get("/documents/outgoing?status=trouble").sees("Sở Khoa học và Công nghệ").sees(&reason);
        clerk.get(&format!("{page}/tracking")).sees("2 trên 3 nơi đã nhận").sees(&reason);
        for place in ["Việt Trì", "Tu Vũ"] {
            arrived(&town, place, "gửi ba nơi");
        }
        invariants::hold(&town);
    }

    fn an_agency_that_has_ended_is_refused_and_its_successor_offered(town: Town) {
        let (old, new) = (id_in(&town, "phutho", "Kim Đức"), id_in(&town, "phutho", "Hùng Lô"));
        let page = ready(&town, "gửi xã đã sáp nhập");
        merge(&town);
        let refused = issued_to(&town, &page, &[&old]);
        refused.is(409).sees("xã Kim Đức đã chấm dứt hoạt động; hãy gửi Ủy ban nhân dân xã Hùng Lô");
        // The picker names the successor beside the name one searched for; groups leave the old one out.
        town.officer("Phú Thọ").get("/documents/recipients?q=kim duc").sees("Hùng Lô");
        issued_to(&town, &page, &[&new]).sees("Đã phát hành");
        let all = drafted(&town, "Phú Thọ", ("gửi mọi xã", &[("groups", "communes")]), &[]);
        brought_out(&town, "Phú Thọ", &all);
        let codes: Vec<String> = recipients(&town.clerk("Phú Thọ"), &all).into_iter().map(|one| one.0).collect();
        assert_eq!(codes.len(), 5, "{codes:?}");
        assert!(!codes.contains(&"000.37.31.H44".to_owned()));
        town.settle();
        invariants::hold(&town);
    }

    fn a_locked_agency_is_refused_and_one_locked_on_the_way_fails_alone(town: Town) {
        let (locked, other) = (id_in(&town, "phutho", "Bảo Yên"), id_in(&town, "phutho", "Đào Xá"));
        let page = ready(&town, "gửi xã bị khóa");
        lock(&town, "000.26.42.H44", true);
        issued_to(&town, &page, &[&locked, &other]).is(409).sees("đang bị khóa").sees("23");
        lock(&town, "000.26.42.H44", false);
        issued_to(&town, &page, &[&locked, &other]).sees("Đã phát hành");
        lock(&town, "000.26.42.H44", true);
        town.settle();
        let (status, reason) = status_of(&town, &page, "000.26.42.H44");
        assert_eq!(status, "failed");
        assert!(reason.contains("khóa"), "{reason}");
        assert_eq!(status_of(&town, &page, "000.20.42.H44").0, "arrived");
        town.clerk("Phú Thọ").get("/").sees("Gửi lại nơi chưa nhận");
        invariants::hold(&town);
    }

    fn a_picker_shows_who_cannot_be_chosen(town: Town) {
        lock(&town, "000.26.42.H44", true);
        town.officer("Phú Thọ").get("/documents/recipients?q=bao yen").sees("đang khóa");
        merge(&town);
        town.officer("Phú Thọ").get("/documents/recipients?q=kim duc").sees("nay là");
    }
}

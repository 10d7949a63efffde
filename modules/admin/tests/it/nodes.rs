use base::Instant;
use kernel::{Database, Scope};
use platform::links;
use platform::nodes::{Seen, Standing, note};
use testkit::Town;

fn node(name: &str, title: &str, (certificate_until, own): (Option<Instant>, bool)) -> Seen {
    Seen {
        name: name.to_owned(),
        title: title.to_owned(),
        address: format!("{name}.example:8443"),
        above: (name != "gov").then(|| "gov".to_owned()),
        relayed: false,
        own,
        authority: name == "gov",
        agencies: 3,
        certificate_until,
    }
}

fn standing(now: Instant, crl_until: Instant, trouble: &str) -> Standing {
    Standing {
        directory_version: 7,
        directory_at: Some(now),
        crl_number: 2,
        crl_at: now.plus_hours(-5),
        crl_until,
        noted_at: now,
        trouble: trouble.to_owned(),
    }
}

/// What a round of nodes has noted: our own certificate counts for so many days.
fn noted(town: &Town, (days, crl_hours): (i64, i64), trouble: &'static str) {
    let now = town.now();
    town.act("phutho", move |cx| {
        let nodes = [
            node("gov", "Văn phòng Chính phủ", (Some(now.plus_days(170)), false)),
            node("old", "Nút cũ", (None, false)),
            node("phutho", "Tỉnh Phú Thọ", (Some(now.plus_days(days)), true)),
        ];
        note(cx, &nodes, &standing(now, now.plus_hours(crl_hours), trouble))
    });
}

testkit::stories! {
    of [admin::module()];

    fn an_installation_that_has_joined_nobody_says_so(town: Town) {
        town.admin("Phú Thọ").get("/admin/nodes").ok().sees("chưa tham gia liên thông").lacks("Chứng thư còn");
    }

    fn the_page_shows_each_node_and_what_ends_soon(town: Town) {
        let admin = town.admin("Phú Thọ");
        noted(&town, (100, 90), "");
        let page = admin.get("/admin/nodes");
        page.ok().sees("Văn phòng Chính phủ (gov)").sees("gov.example:8443").sees("cơ quan chứng thực");
        page.sees("170 ngày").sees("100 ngày").sees("đã bị thu hồi").sees("phiên bản 7").sees("ký 5 giờ trước");
        page.sees("không có lỗi").lacks("sắp hết hạn");
        assert_eq!(page.body().matches("state--late").count(), 1, "the node that was revoked");
        for (days, tone) in [(60, "state--info"), (30, "state--soon"), (7, "state--late")] {
            noted(&town, (days, 90), "");
            let page = admin.get("/admin/nodes");
            assert!(page.body().contains(tone), "{days}: {tone}");
            page.sees(&format!("{days} ngày"));
        }
    }

    fn a_list_that_ends_and_a_round_that_failed_are_pointed_out(town: Town) {
        let admin = town.admin("Phú Thọ");
        noted(&town, (100, 1), "gov does not answer in time");
        admin.get("/admin/nodes").ok().sees("sắp hết hạn mà chưa có bản mới").sees("gov does not answer in time");
        noted(&town, (100, -1), "");
        admin.get("/admin/nodes").ok().sees("không nhận, không gửi được gì");
    }

    fn the_ways_to_other_nodes_say_how_they_answer_and_since_when_they_do_not(town: Town) {
        let admin = town.admin("Phú Thọ");
        noted(&town, (100, 90), "");
        admin.get("/admin/nodes").ok().lacks("Đường gửi");
        let now = town.now();
        let seen = move |db: &dyn Database| {
            links::answered(db, "gov", (84_000, -3_000_000, now))?;
            links::failing(db, "old", ("platform.exchange.unreachable", now.plus_hours(-2)))
        };
        town.wait(town.db("phutho").write(Scope::Everything, seen)).expect("written");
        let page = admin.get("/admin/nodes");
        page.ok().sees("Đường gửi").sees(&format!("(gov) 0 0 84 -3 trả lời lúc {}", now.dmy_hhmm()));
        page.sees(&format!("không trả lời từ {}", now.plus_hours(-2).dmy_hhmm()));
        // It answers again: nothing is left of the trouble.
        let again = move |db: &dyn Database| links::answered(db, "old", (5_000, 0, now));
        town.wait(town.db("phutho").write(Scope::Everything, again)).expect("written");
        admin.get("/admin/nodes").ok().lacks("không trả lời");
    }

    fn what_was_refused_to_a_node_stands_in_the_audit_log(town: Town) {
        town.act("phutho", |cx| platform::nodes::refused(cx, "prov", "it was revoked"));
        town.admin("Phú Thọ").get("/admin/audit").ok().sees("từ chối nút prov: it was revoked");
    }

    fn whoever_may_not_watch_the_system_does_not_see_the_nodes(town: Town) {
        town.clerk("Phú Thọ").get("/admin/nodes").is(403);
    }
}

//! Documents and statuses over the axis, to and fro; once, whatever is lost.

use crate::people::{
    OURS, THEIRS, axis, connect, everywhere, issue, letter, press, read_document, read_status, received,
    report, standing, turn,
};
use testkit::{AxisServer, Town};
use vxp::Kind;
use vxp::simulator::Faults;

/// What of a kind lies at the axis for them.
fn for_them(axis: &AxisServer, kind: Kind) -> Vec<Vec<u8>> {
    let state = axis.state();
    let all = state.kept.iter().filter(|one| one.kind == kind && one.to.iter().any(|to| to == THEIRS));
    all.map(|one| one.bytes.clone()).collect()
}

#[test]
fn a_document_leaves_by_the_axis_and_its_statuses_come_back() {
    everywhere(|town| {
        let axis = axis(1, Faults::default());
        let theirs = connect(town, &axis);
        assert_eq!(turn(town, 1), 0, "the directory is read first");
        let near = town.agency("Việt Trì").id;
        let page = issue(town, "phối hợp liên tỉnh", &[theirs, near]);
        assert_eq!(turn(town, 1), 1);
        let sent = for_them(&axis, Kind::Document);
        let [packet] = &sent[..] else { panic!("one packet") };
        let document = read_document(packet);
        assert_eq!((document.from.id.as_str(), document.subject.as_str()), (OURS, "phối hợp liên tỉnh"));
        let to: Vec<&str> = document.to.iter().map(|to| to.id.as_str()).collect();
        assert_eq!(to, [THEIRS], "whoever is here has it in another way");
        assert_eq!(document.attachments.len(), 1);
        assert_eq!(standing(town, &page, "000.00.31.H44").0, "arrived");
        assert_eq!(standing(town, &page, THEIRS).0, "queued");
        for (code, status) in [("01", "arrived"), ("03", "registered"), ("05", "in_progress"), ("06", "done")]
        {
            axis.state().lay_in(Kind::Status, &report(THEIRS, &document, (code, "")));
            assert_eq!(turn(town, 1), 1);
            assert_eq!(standing(town, &page, THEIRS).0, status);
        }
        let admin = town.admin("Phú Thọ");
        let own = town.agency("Phú Thọ").id;
        let shown = admin.get(&format!("/admin/axis?agency={own}"));
        shown.ok().sees("Bình thường").sees("3 cơ quan").lacks(crate::people::SECRET);
        town.clerk("Phú Thọ").get("/admin/axis").is(403);
    });
}

#[test]
fn an_agency_of_the_axis_is_found_and_entered_in_the_directory() {
    everywhere(|town| {
        let axis = axis(1, Faults::default());
        crate::people::enter(town, &axis.address, crate::people::SECRET).ok();
        axis.state().agencies.insert("000.00.00.H14".to_owned(), "Ủy ban nhân dân tỉnh Cao Bằng".to_owned());
        turn(town, 1);
        let own = town.agency("Phú Thọ").id;
        let admin = town.admin("Phú Thọ");
        let found = admin.get(&format!("/admin/axis?agency={own}&q=uy+ban+cao+bang"));
        let link = found.ok().sees("Ủy ban nhân dân tỉnh Cao Bằng").link("Đưa vào danh bạ");
        let form = admin.get(&link).ok().form("/admin/agencies/new").unwrap();
        assert_eq!(form.value("code_102"), Some("000.00.00.H14"));
        assert_eq!(form.value("name"), Some("Ủy ban nhân dân tỉnh Cao Bằng"));
        let under = own.to_string();
        let fields = [
            ("under", under.as_str()),
            ("name", "Ủy ban nhân dân tỉnh Cao Bằng"),
            ("code_102", "000.00.00.H14"),
            ("code_qd20", "H14"),
            ("tier", "province"),
            ("kind", "committee"),
            ("symbol", "UBND"),
            ("place", "Cao Bằng"),
            ("valid_from", "2010-01-01"),
        ];
        admin.post("/admin/agencies/new", &fields).ok();
        let there =
            town.read("phutho", |cx| Ok(platform::organisations::by_code(cx, "000.00.00.H14")?.unwrap().id));
        let page = issue(town, "gửi Cao Bằng", &[there]);
        assert_eq!(turn(town, 1), 1);
        assert_eq!(standing(town, &page, "000.00.00.H14").0, "queued");
        admin.get(&format!("/admin/axis?agency={own}&q=cao+bang")).ok().sees("Đã có trong danh bạ");
        admin.get(&format!("/admin/axis?agency={own}&q=khong-co")).ok().sees("không có cơ quan nào như vậy");
        // Nobody reads the directory of a connection they do not keep.
        town.admin("Hà Nội").get(&format!("/admin/axis?agency={own}&q=cao")).is(404);
    });
}

#[test]
fn a_refusal_over_the_axis_is_one_task_with_the_reason() {
    everywhere(|town| {
        let axis = axis(1, Faults::default());
        let theirs = connect(town, &axis);
        turn(town, 1);
        let page = issue(town, "gửi nhầm nơi", &[theirs]);
        turn(town, 1);
        let document = read_document(&for_them(&axis, Kind::Document)[0]);
        axis.state().lay_in(Kind::Status, &report(THEIRS, &document, ("02", "không thuộc thẩm quyền")));
        turn(town, 1);
        assert_eq!(
            standing(town, &page, THEIRS),
            ("refused".to_owned(), "không thuộc thẩm quyền".to_owned())
        );
        town.clerk("Phú Thọ").get("/").ok().sees("Gửi lại nơi chưa nhận");
    });
}

#[test]
fn a_letter_comes_by_the_axis_once_and_its_statuses_go_back_under_the_senders_own_identifier() {
    everywhere(|town| {
        let axis = axis(1, Faults::default());
        connect(town, &axis);
        let packet = letter(THEIRS, &[OURS, "000.00.31.H44", "000.38.31.H44"], ("88", "mời họp vùng"));
        // The same packet twice, as when their system lost the answer.
        axis.state().lay_in(Kind::Document, &packet);
        axis.state().lay_in(Kind::Document, &packet);
        turn(town, 1);
        let [(subject, page)] = &received(town, "Phú Thọ")[..] else { panic!("one letter") };
        assert_eq!(subject, "mời họp vùng");
        assert_eq!(received(town, "Việt Trì").len(), 1);
        assert!(received(town, "Hùng Lô").is_empty(), "the connection does not speak for it");
        assert!(axis.state().kept[..2].iter().all(|one| one.settled.get("HT.44") == Some(&true)));
        press(&town.clerk("Phú Thọ"), page, "accept", &[]).sees("Đã vào sổ");
        turn(town, 1);
        let statuses: Vec<edxml::Status> =
            for_them(&axis, Kind::Status).iter().map(|bytes| read_status(bytes)).collect();
        let mut codes: Vec<(&str, &str)> =
            statuses.iter().map(|one| (one.from.id.as_str(), one.code.code())).collect();
        codes.sort_unstable();
        assert_eq!(codes, [(OURS, "01"), (OURS, "03"), ("000.00.31.H44", "01")]);
        for one in &statuses {
            assert_eq!(one.response_for.document_id, format!("{THEIRS}-2017-88-UBND-NC"));
            assert_eq!(
                (one.response_for.organ_id.as_str(), one.response_for.code.as_str()),
                (THEIRS, "88/UBND-NC")
            );
        }
        // Refused with a reason, it says so.
        let packet = letter(THEIRS, &[OURS], ("89", "nhầm nơi"));
        axis.state().lay_in(Kind::Document, &packet);
        turn(town, 1);
        let other =
            received(town, "Phú Thọ").into_iter().find(|(subject, _)| subject == "nhầm nơi").unwrap().1;
        press(&town.clerk("Phú Thọ"), &other, "return", &[("reason", "Gửi sai nơi nhận")]).ok();
        turn(town, 1);
        let last = for_them(&axis, Kind::Status);
        let refused = read_status(last.last().unwrap());
        assert_eq!((refused.code.code(), refused.description.as_str()), ("02", "Gửi sai nơi nhận"));
    });
}

/// Turns until nothing waits any more on either side.
fn until_quiet(town: &Town, axis: &AxisServer) {
    let waiting = |town: &Town| town.read("phutho", platform::exchange::queued);
    for _ in 0..60 {
        turn(town, 61);
        let open = {
            let state = axis.state();
            let ours = |one: &&vxp::simulator::Kept| one.to.iter().any(|to| to == OURS);
            state.kept.iter().filter(ours).any(|one| !one.settled.contains_key("HT.44"))
        };
        if waiting(town) == 0 && !open {
            return;
        }
    }
    panic!("it does not come to an end: {} wait", waiting(town));
}

#[test]
fn whatever_the_axis_loses_repeats_and_reorders_each_packet_has_one_effect() {
    everywhere(|town| {
        for seed in 1..=4 {
            let axis = axis(seed, Faults::MANY);
            if seed == 1 {
                connect(town, &axis);
            } else {
                crate::people::enter(town, &axis.address, crate::people::SECRET).ok();
            }
            let theirs =
                town.read("phutho", |cx| Ok(platform::organisations::by_code(cx, THEIRS)?.unwrap().id));
            let keeper = town.agency("Phú Thọ").id;
            while town.read("phutho", move |cx| platform::connectors::listed(cx, keeper)) == 0 {
                turn(town, 61);
            }
            let before = received(town, "Phú Thọ").len();
            let pages: Vec<String> =
                (0..3).map(|n| issue(town, &format!("văn bản {seed}.{n}"), &[theirs])).collect();
            for n in 0..3 {
                let number = format!("{seed}{n}");
                axis.state().lay_in(Kind::Document, &letter(THEIRS, &[OURS], (&number, "của bạn")));
            }
            until_quiet(town, &axis);
            let sent = for_them(&axis, Kind::Document);
            assert_eq!(sent.len(), pages.len(), "seed {seed}: nothing twice");
            for page in &pages {
                assert_eq!(standing(town, page, THEIRS).0, "queued", "seed {seed}");
            }
            assert_eq!(received(town, "Phú Thọ").len(), before + 3, "seed {seed}");
            // One 01 for each letter, no more.
            let mut about: Vec<String> = for_them(&axis, Kind::Status)
                .iter()
                .map(|one| read_status(one).response_for.document_id)
                .collect();
            about.sort();
            let all = about.len();
            about.dedup();
            assert_eq!((about.len(), all), (3, 3), "seed {seed}");
        }
    });
}

//! What the axis refuses, and packets that must not come in.

use crate::people::{
    OURS, SECRET, THEIRS, add_theirs, axis, connect, enter, everywhere, issue, letter, press, received,
    standing, turn,
};
use vxp::simulator::Faults;
use vxp::{Code, Kind};

/// How many packets at the axis hold these words.
fn lie_at(axis: &testkit::AxisServer, words: &str) -> usize {
    axis.state().kept.iter().filter(|one| String::from_utf8_lossy(&one.bytes).contains(words)).count()
}

#[test]
fn each_code_ends_a_delivery_with_its_reason_and_only_a_fault_of_the_axis_is_tried_again() {
    everywhere(|town| {
        let axis = axis(1, Faults::default());
        let theirs = connect(town, &axis);
        turn(town, 1);
        for code in Code::KNOWN {
            let number = code.number();
            axis.state().refuse = Some(code);
            let page = issue(town, &format!("mã {number}"), &[theirs]);
            turn(town, 61);
            let (status, reason) = standing(town, &page, THEIRS);
            if code.may_pass() {
                assert_eq!(status, "queued", "not given up");
                axis.state().refuse = None;
                turn(town, 61);
                assert_eq!(lie_at(&axis, "mã 20"), 1);
                continue;
            }
            assert_eq!(status, "failed", "{code:?}");
            assert!(reason.contains(&format!("(mã {number})")), "{code:?}: {reason}");
            let calls = axis.state().calls["/sendEdoc"];
            for _ in 0..3 {
                turn(town, 61);
            }
            assert_eq!(axis.state().calls["/sendEdoc"], calls, "{code:?} is not tried again");
            if code == Code::Credentials {
                // Nothing would go: the connection is off until it is corrected, and others wait.
                let waits = issue(town, "chờ sửa khóa", &[theirs]);
                turn(town, 61);
                assert_eq!(axis.state().calls["/sendEdoc"], calls);
                let own = town.agency("Phú Thọ").id;
                let shown = town.admin("Phú Thọ").get(&format!("/admin/axis?agency={own}"));
                shown.ok().sees("đang tắt").sees("(mã 15)");
                axis.state().refuse = None;
                enter(town, &axis.address, SECRET).ok();
                turn(town, 1);
                assert_eq!(standing(town, &waits, THEIRS).0, "queued");
                assert_eq!(lie_at(&axis, "chờ sửa khóa"), 1);
            }
        }
        // One press sends what failed again.
        axis.state().refuse = Some(Code::Locked);
        issue(town, "gửi lại", &[theirs]);
        turn(town, 61);
        let admin = town.admin("Phú Thọ");
        admin.get("/admin/troubles").ok().sees("Trục báo đơn vị nhận đã khóa (mã 23)");
        axis.state().refuse = None;
        let shown = admin.get("/admin/troubles");
        for form in shown.forms().into_iter().filter(|form| form.action == "/admin/deliveries/retry") {
            let value = |name: &str| form.value(name).unwrap().to_owned();
            let (envelope, code) = (value("envelope"), value("to_code"));
            admin.post(&form.action, &[("envelope", &envelope), ("to_code", &code)]).ok();
        }
        turn(town, 1);
        assert_eq!(lie_at(&axis, "gửi lại"), 1);
    });
}

#[test]
fn a_recipient_neither_here_nor_at_the_axis_is_told_at_once() {
    everywhere(|town| {
        let axis = axis(1, Faults::default());
        connect(town, &axis);
        turn(town, 1);
        let nowhere = add_theirs(town, ("000.00.00.H99", "Cơ quan không có ở đâu"));
        let page = issue(town, "không nơi nào có", &[nowhere]);
        turn(town, 1);
        assert_eq!(standing(town, &page, "000.00.00.H99").0, "failed");
        assert!(!axis.state().calls.contains_key("/sendEdoc"));
    });
}

#[test]
fn an_agency_the_connection_does_not_speak_for_cannot_send_by_it() {
    everywhere(|town| {
        let axis = axis(1, Faults::default());
        connect(town, &axis);
        turn(town, 1);
        let commune = town.agency("Hùng Lô").id;
        let known = |code: &'static str| {
            town.read("phutho", move |cx| platform::connectors::on_axis(cx, commune, code))
        };
        assert!(!known(THEIRS));
    });
}

#[test]
fn what_cannot_be_read_is_for_nobody_or_speaks_for_us_is_set_aside_with_the_reason() {
    everywhere(|town| {
        let axis = axis(1, Faults::default());
        connect(town, &axis);
        let good = letter(THEIRS, &[OURS], ("5", "đọc được"));
        let forged = letter("000.00.00.G22", &[OURS], ("6", "mạo danh"));
        let cut = good[..good.len() / 2].to_vec();
        {
            let mut state = axis.state();
            state.lay_in(Kind::Document, &[b"1212".as_slice(), &good].concat());
            state.lay_in(Kind::Document, &cut);
            state.lay_in(Kind::Document, &forged);
            state.lay_in(Kind::Document, &good);
        }
        turn(town, 1);
        assert_eq!(received(town, "Phú Thọ").len(), 1, "the good one");
        let said: Vec<Option<bool>> =
            axis.state().kept.iter().map(|one| one.settled.get("HT.44").copied()).collect();
        assert_eq!(said, [Some(false), Some(false), Some(false), Some(true)]);
        let own = town.agency("Phú Thọ").id;
        let page = town.admin("Phú Thọ").get(&format!("/admin/troubles?agency={own}"));
        page.ok()
            .sees("không phải gói tin edXML")
            .sees("junk_before_prolog")
            .sees("không được gửi bằng đường này");
        // They are not fetched again.
        let fetched = axis.state().calls["/getEdoc"];
        turn(town, 1);
        assert_eq!(axis.state().calls["/getEdoc"], fetched);
    });
}

#[test]
fn another_document_under_the_same_identifier_is_set_aside() {
    everywhere(|town| {
        let axis = axis(1, Faults::default());
        connect(town, &axis);
        axis.state().lay_in(Kind::Document, &letter(THEIRS, &[OURS], ("7", "bản thứ nhất")));
        turn(town, 1);
        axis.state().lay_in(Kind::Document, &letter(THEIRS, &[OURS], ("7", "bản khác nội dung")));
        turn(town, 1);
        assert_eq!(received(town, "Phú Thọ").len(), 1);
        let own = town.agency("Phú Thọ").id;
        town.admin("Phú Thọ").get(&format!("/admin/troubles?agency={own}")).ok().sees("000.00.00.H53");
    });
}

#[test]
fn a_document_is_asked_back_over_the_axis() {
    everywhere(|town| {
        let axis = axis(1, Faults::default());
        let theirs = connect(town, &axis);
        turn(town, 1);
        let page = issue(town, "xin lại", &[theirs]);
        turn(town, 1);
        let sent = axis.state().kept[0].bytes.clone();
        let document = crate::people::read_document(&sent);
        press(&town.clerk("Phú Thọ"), &page, "recall", &[("recall_reason", "Ban hành nhầm")])
            .sees("yêu cầu lấy lại từ 1 nơi");
        turn(town, 1);
        let request =
            axis.state().kept.iter().find(|one| one.kind == Kind::Status).map(|one| one.bytes.clone());
        let request = crate::people::read_status(&request.expect("a request"));
        assert_eq!((request.code.code(), request.description.as_str()), ("13", "Ban hành nhầm"));
        assert_eq!((request.from.id.as_str(), request.response_for.organ_id.as_str()), (OURS, THEIRS));
        axis.state().lay_in(Kind::Status, &crate::people::report(THEIRS, &document, ("15", "Đồng ý")));
        turn(town, 1);
        assert_eq!(standing(town, &page, THEIRS).0, "recalled");
    });
}

#[test]
fn a_trial_reads_the_directory_or_says_what_is_wrong() {
    everywhere(|town| {
        let axis = axis(1, Faults::default());
        let own = town.agency("Phú Thọ").id.to_string();
        let admin = town.admin("Phú Thọ");
        let said = |secret: &str, address: &str| {
            enter(town, address, secret).ok();
            admin.get(&format!("/admin/axis?agency={own}")).ok();
            admin.post("/admin/axis/test", &[("agency", own.as_str())]).ok();
            town.settle();
            admin.get(&format!("/admin/axis?agency={own}"))
        };
        said(SECRET, &axis.address).sees("Danh bạ của trục có 3 cơ quan");
        said("sai", &axis.address).sees("sai mã hệ thống hoặc khóa bí mật");
        said(SECRET, "http://127.0.0.1:1").sees("Trục không trả lời");
        said(SECRET, "https://10.0.0.1/truc").sees("keeps this network closed");
        for address in
            ["http://truc.example/", "ftp://x.vn/", "https://ai:khoa@x.vn/", "https://x.vn/?a=1", "https://"]
        {
            enter(town, address, SECRET).is(422);
        }
        // Another address gets the old secret from nobody.
        enter(town, "https://noi-khac.example/truc", "").is(422);
    });
}

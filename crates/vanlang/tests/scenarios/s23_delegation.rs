//! S23: A is away and has named B, B is away too and has named C: all of it reaches C, and nobody is reminded on a
//! holiday.

use crate::story::press;
use base::Instant;
use testkit::{Person, Town};

/// Names a stand-in for a fortnight over the new year.
fn names(who: &Person<'_>, to: &Person<'_>) {
    let to = to.id.unwrap().to_string();
    who.get("/settings/delegation").ok();
    let fields = [
        ("to_person", to.as_str()),
        ("from_at", "2017-12-25T07:00"),
        ("to_at", "2018-01-08T17:00"),
        ("reason", "Đi công tác"),
    ];
    who.post("/settings/delegation", &fields).sees("Đã ủy quyền cho");
}

/// A letter on paper that the leader directs to a unit until a day.
fn registered(town: &Town, symbol: &str) -> String {
    let clerk = town.clerk("Phú Thọ");
    clerk.get("/documents/incoming/new").ok();
    let fields = [
        ("from_name", "Bộ Nội vụ"),
        ("symbol", symbol),
        ("promulgated", "2017-12-20"),
        ("type_name", "Công văn"),
        ("urgency", "0"),
        ("subject", "Trực Tết"),
    ];
    clerk.post("/documents/incoming", &fields).ok().path.clone()
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn what_waits_for_a_reaches_c_over_b_and_nobody_is_reminded_on_a_holiday(town: Town) {
        town.set_clock(Instant::local(2017, 12, 25, 8, 0).unwrap());
        let (leader, head, officer) = (town.leader("Phú Thọ"), town.head("Phú Thọ"), town.officer("Phú Thọ"));
        officer.get("/").lacks("Trực Tết");
        names(&leader, &head);
        names(&head, &officer);

        // A's pool, and what only A may do: C directs in A's stead, and the log names the whole chain.
        let page = registered(&town, "1/BNV-TCBC");
        officer.get("/").sees("1/BNV-TCBC");
        let unit = format!("unit:{}", town.unit("Phú Thọ", "VX"));
        press(&officer, &page, "direct", &[("lead", &unit), ("due", "2017-12-27")]).sees("chủ trì");
        // B's own task is C's too.
        officer.get("/").sees("1/BNV-TCBC");
        let own = officer.id.unwrap().to_string();
        press(&officer, &page, "assign", &[("person", &own)]).sees(&officer.name);
        town.admin("Phú Thọ").get("/admin/audit").sees(&leader.name).sees(&head.name);

        // 1 January is a holiday, the 30th and 31st a weekend; the 2nd is a working day.
        for (day, hour) in [((2017, 12, 30), 9), ((2017, 12, 31), 9), ((2018, 1, 1), 9), ((2018, 1, 2), 6)] {
            town.set_clock(Instant::local(day.0, day.1, day.2, hour, 0).unwrap());
            press(&officer, &page, "remind", &[]).is(409).sees("Ngoài giờ làm việc");
        }
        town.set_clock(Instant::local(2018, 1, 2, 9, 0).unwrap());
        press(&officer, &page, "remind", &[]).sees("Đã gửi đôn đốc lần 1, số 1");

        // When A is back nothing is left with C.
        town.set_clock(Instant::local(2018, 1, 9, 8, 0).unwrap());
        let later = registered(&town, "2/BNV-TCBC");
        officer.get("/").lacks("2/BNV-TCBC");
        leader.get("/").sees("2/BNV-TCBC");
        press(&officer, &later, "direct", &[("lead", &unit), ("due", "2018-01-12")]).is(403);
    }
}

use super::gives;
use testkit::{Page, Person};

fn names(who: &Person<'_>, to: &Person<'_>, (from, until): (&str, &str)) -> Page {
    let to = to.id.expect("a settler").to_string();
    who.get("/settings/delegation");
    who.post(
        "/settings/delegation",
        &[("to_person", to.as_str()), ("from_at", from), ("to_at", until), ("reason", "Đi công tác")],
    )
}

testkit::stories! {
    of [desk::module()];

    fn while_the_officer_is_away_the_head_has_the_officers_work(town: Town) {
        let (officer, head, agency) = (town.officer("Hùng Lô"), town.head("Hùng Lô"), town.agency("Hùng Lô").id);
        gives(&town, &officer, agency, ("Trả lời đơn thư", town.now().plus_days(2)));
        head.get("/").lacks("Trả lời đơn thư");
        names(&officer, &head, ("2017-10-16T07:00", "2017-10-20T17:00")).ok().sees("Đã ủy quyền cho");
        head.get("/").ok().sees("Trả lời đơn thư");
        head.get("/settings/delegation").ok().sees("Đi công tác");
        town.pass_days(6);
        head.get("/").ok().lacks("Trả lời đơn thư");
    }

    fn a_stand_in_ended_early_sees_nothing_any_more(town: Town) {
        let (officer, head, agency) = (town.officer("Hùng Lô"), town.head("Hùng Lô"), town.agency("Hùng Lô").id);
        gives(&town, &officer, agency, ("Trả lời đơn thư", town.now().plus_days(2)));
        names(&officer, &head, ("2017-10-16T07:00", "2017-10-20T17:00")).ok();
        let page = officer.get("/settings/delegation");
        let form = page.forms().into_iter().find(|form| form.action.ends_with("/end")).expect("a way to end it");
        // Somebody else's stand-in cannot be ended.
        head.get("/settings/delegation");
        head.post(&form.action, &[]).is(404);
        officer.get("/settings/delegation");
        officer.post(&form.action, &[]).ok().sees("Đã kết thúc ủy quyền");
        head.get("/").lacks("Trả lời đơn thư");
        head.get("/notices").sees("đã kết thúc ủy quyền cho bạn");
    }

    fn the_rules_of_standing_in_are_said_on_the_form(town: Town) {
        let (officer, head) = (town.officer("Hùng Lô"), town.head("Hùng Lô"));
        names(&officer, &officer, ("2017-10-16T08:00", "2017-10-17T08:00")).is(409).sees("tự ủy quyền");
        names(&officer, &head, ("2017-10-17T08:00", "2017-10-16T09:00")).is(409).sees("phải sau thời điểm bắt đầu");
        names(&officer, &head, ("2017-10-16T08:00", "2019-10-17T08:00")).is(409).sees("dài nhất 366 ngày");
        names(&officer, &town.head("Kim Đức"), ("2017-10-16T08:00", "2017-10-17T08:00")).is(422).sees("đang làm việc trong cơ quan");
        names(&officer, &head, ("2017-10-16T08:00", "2017-10-17T08:00")).ok();
        names(&officer, &head, ("2017-10-17T07:00", "2017-10-19T08:00")).is(409).sees("không được chồng nhau");
    }

    fn my_settings_name_my_post_and_its_role(town: Town) {
        let officer = town.officer("Hùng Lô");
        officer.get("/settings").ok().sees("Chuyên viên").sees("Hùng Lô").sees("Quyền của tôi");
    }
}

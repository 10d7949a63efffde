use super::{commune_admin, stranger};
use testkit::Town;

const NEW: &[(&str, &str)] = &[
    ("name", "Đặng Thị Nguyệt Ánh"),
    ("username", "anh.dtn"),
    ("title", "Chuyên viên"),
    ("role", "officer"),
    ("reach", "own"),
    ("from", "2017-10-16"),
];

testkit::stories! {
    of [admin::module()];

    fn a_new_colleague_sets_a_password_by_invitation_and_signs_in(town: Town) {
        let (admin, agency) = (town.admin("Phú Thọ"), town.agency("Hùng Lô").id);
        admin.get(&format!("/admin/people/new?agency={agency}"));
        admin.post("/admin/people/new", NEW).ok().sees("Đã thêm Đặng Thị Nguyệt Ánh");
        let person = admin.page().path;
        let letter = admin.post(&format!("{person}/invite"), &[("invite", "1")]);
        let link = letter.ok().link("/activate/");
        admin.get("/admin/audit").sees("Tạo thư mời đặt mật khẩu cho Đặng Thị Nguyệt Ánh");
        let visitor = town.visitor("phutho");
        visitor.get(&link).ok();
        let password = "nước non ngàn dặm";
        visitor.post(&link, &[("password", password), ("repeat", password)]).ok();
        visitor.get("/admin/people");
        visitor.sign_in("anh.dtn", password).is(403);
        town.visitor("phutho").get(&link).is(404);
    }

    fn a_wrong_name_and_a_taken_one_come_back_at_their_fields(town: Town) {
        stranger(&town, "pao.lv");
        let (admin, agency) = (town.admin("Phú Thọ"), town.agency("Hùng Lô").id);
        admin.get(&format!("/admin/people/new?agency={agency}"));
        let mut wrong = NEW.to_vec();
        wrong[1].1 = "Ánh";
        admin.post("/admin/people/new", &wrong).is(422).sees("chữ thường không dấu");
        wrong[1].1 = "pao.lv";
        admin.post("/admin/people/new", &wrong).is(422).sees("đã có người dùng");
    }

    fn a_locked_person_is_out_at_once_and_nobody_locks_themselves(town: Town) {
        let (admin, clerk) = (town.admin("Phú Thọ"), town.clerk("Hùng Lô"));
        let path = format!("/admin/people/{}", clerk.id.expect("a settler"));
        admin.get(&path).ok().sees(&clerk.username);
        admin.post(&format!("{path}/lock"), &[]).ok().sees("Đã khóa tài khoản");
        clerk.get("/admin/people").lacks("Nhật ký").sees("Đăng nhập");
        admin.post(&format!("{path}/unlock"), &[]).ok().sees("Đã mở khóa");
        let own = format!("/admin/people/{}", admin.id.expect("a settler"));
        admin.get(&own);
        admin.post(&format!("{own}/lock"), &[]).is(409).sees("chính tài khoản của mình");
        admin.post(&format!("{own}/end-post"), &[("last_day", "2017-10-16")]).is(409);
    }

    fn who_leaves_an_agency_is_no_longer_in_its_list(town: Town) {
        let (admin, officer) = (town.admin("Phú Thọ"), town.officer("Hùng Lô"));
        let list = format!("/admin/people?agency={}", town.agency("Hùng Lô").id);
        admin.get(&list).ok().sees(&officer.name);
        admin.get(&format!("{list}&q={}", officer.username)).ok().sees(&officer.name).lacks(&town.clerk("Hùng Lô").name);
        let path = format!("/admin/people/{}", officer.id.expect("a settler"));
        admin.get(&path);
        admin.post(&format!("{path}/end-post"), &[("last_day", "2017-10-15")]).ok().sees("Đã kết thúc chức vụ");
        admin.get(&list).lacks(&officer.username);
    }

    fn who_leaves_next_month_is_listed_until_then_and_can_still_be_locked(town: Town) {
        let (admin, officer) = (town.admin("Phú Thọ"), town.officer("Hùng Lô"));
        let list = format!("/admin/people?agency={}", town.agency("Hùng Lô").id);
        let path = format!("/admin/people/{}", officer.id.expect("a settler"));
        admin.get(&path);
        admin.post(&format!("{path}/end-post"), &[("last_day", "2017-11-15")]).ok().sees("Đã kết thúc chức vụ");
        admin.get(&list).ok().sees(&officer.username);
        admin.get(&path).ok().sees(&officer.username);
        admin.post(&format!("{path}/lock"), &[]).ok().sees("Đã khóa tài khoản");
        admin.post(&format!("{path}/unlock"), &[]).ok().sees("Đã mở khóa");
        // They leave earlier than was thought.
        admin.post(&format!("{path}/end-post"), &[("last_day", "2017-10-20")]).ok().sees("Đã kết thúc chức vụ");
        town.pass_days(4);
        admin.get(&list).ok().sees(&officer.username);
        town.pass_days(1);
        admin.get(&list).ok().lacks(&officer.username);
        admin.get(&path).is(404);
    }

    fn an_administrator_of_one_agency_gives_no_reach_over_those_below_it(town: Town) {
        let admin = commune_admin(&town, "Việt Trì");
        let page = format!("/admin/people/new?agency={}", town.agency("Việt Trì").id);
        let fields = [
            ("name", "Lò Văn Páo"),
            ("username", "lo.van.pao"),
            ("title", "Chuyên viên"),
            ("role", "officer"),
            ("reach", "subtree"),
        ];
        admin.get(&page);
        admin.post("/admin/people/new", &fields).is(422).sees("rộng hơn phạm vi quản trị");
        let wider = town.admin("Phú Thọ");
        wider.get(&page);
        wider.post("/admin/people/new", &fields).ok().sees("lo.van.pao");
    }

    fn the_administrator_of_a_commune_keeps_only_its_people(town: Town) {
        let admin = commune_admin(&town, "Hùng Lô");
        admin.get(&format!("/admin/people/{}", town.clerk("Hùng Lô").id.expect("a settler"))).ok();
        admin.get(&format!("/admin/people/{}", town.clerk("Kim Đức").id.expect("a settler"))).is(404);
        admin.get(&format!("/admin/people?agency={}", town.agency("Kim Đức").id)).is(404);
    }

    fn a_lock_ends_the_sessions_and_the_programs_of_a_person(town: Town) {
        let (admin, clerk) = (town.admin("Phú Thọ"), town.clerk("Hùng Lô"));
        let path = format!("/admin/people/{}", clerk.id.expect("a settler"));
        // The token is good: only the right is missing.
        clerk.api("/admin/health", None).is(403);
        admin.get(&path);
        admin.post(&format!("{path}/lock"), &[]).ok();
        clerk.api("/admin/health", None).is(401);
        admin.post(&format!("{path}/unlock"), &[]).ok();
        // What was ended stays ended.
        clerk.api("/admin/health", None).is(401);
        clerk.get("/settings/security").sees("Đăng nhập");
    }

    fn a_new_password_leaves_no_old_way_in(town: Town) {
        let (admin, clerk) = (town.admin("Phú Thọ"), town.clerk("Hùng Lô"));
        let path = format!("/admin/people/{}", clerk.id.expect("a settler"));
        clerk.api("/admin/health", None).is(403);
        admin.get(&path);
        let first = admin.post(&format!("{path}/invite"), &[("invite", "1")]).ok().link("/activate/");
        admin.get(&path);
        let second = admin.post(&format!("{path}/invite"), &[("invite", "1")]).ok().link("/activate/");
        let password = "nước non ngàn dặm";
        let visitor = town.visitor("phutho");
        visitor.get(&second).ok();
        visitor.post(&second, &[("password", password), ("repeat", password)]).ok();
        clerk.api("/admin/health", None).is(401);
        clerk.get("/settings/security").sees("Đăng nhập");
        town.visitor("phutho").get(&first).is(404);
        // The same when the person changes it: the program of an hour ago is out.
        let other = town.clerk("Kim Đức");
        other.api("/admin/health", None).is(403);
        other.get("/settings/security");
        let change = [("old", other.password), ("password", password), ("repeat", password)];
        other.post("/settings/password", &change).ok();
        other.api("/admin/health", None).is(401);
    }

    fn an_account_that_is_good_elsewhere_is_neither_locked_nor_taken_over(town: Town) {
        let admin = commune_admin(&town, "Hùng Lô");
        let guest = town.clerk("Hùng Lô");
        let path = format!("/admin/people/{}", guest.id.expect("a settler"));
        also(&town, guest.id.expect("a settler"), "Thanh Thủy", "2017-10-16");
        admin.get(&path).ok();
        admin.post(&format!("{path}/lock"), &[]).is(409).sees("ngoài phạm vi quản trị");
        admin.get(&path);
        admin.post(&format!("{path}/invite"), &[("invite", "1")]).is(409).lacks("/activate/");
        guest.api("/admin/health", None).is(403);
        // The province reaches both agencies.
        let province = town.admin("Phú Thọ");
        province.get(&path);
        province.post(&format!("{path}/lock"), &[]).ok().sees("Đã khóa tài khoản");
    }

    fn an_account_kept_by_another_agency_is_not_locked_through_a_post_given_here(town: Town) {
        // The clerk of the district also works in the commune: its administrator sees that post, no more.
        let (admin, clerk) = (commune_admin(&town, "Hùng Lô"), town.clerk("Việt Trì"));
        let person = clerk.id.expect("a settler");
        also(&town, person, "Hùng Lô", "2017-01-01");
        let path = format!("/admin/people/{person}");
        admin.get(&path).ok();
        admin.post(&format!("{path}/lock"), &[]).is(409);
        admin.get(&path);
        admin.post(&format!("{path}/end-post"), &[("last_day", "2017-10-15")]).ok();
        clerk.api("/admin/health", None).is(403);
    }

    fn no_scope_no_account_whatever_the_handler_does(town: Town) {
        let (person, hung_lo) = (town.clerk("Kim Đức").id.expect("a settler"), town.agency("Hùng Lô").id);
        let own = kernel::Scope::Agencies(vec![hung_lo]);
        let hash = |db: &dyn kernel::Database| {
            let mut found = 0;
            let each = &mut |_: &mut kernel::Row| {
                found += 1;
                Ok(())
            };
            db.query(&HASHES, &[], each)?;
            Ok(found)
        };
        let here = town.wait(town.db("phutho").read(own.clone(), hash)).expect("a count");
        let all = town.wait(town.db("phutho").read(kernel::Scope::Everything, hash)).expect("a count");
        assert!(here > 0 && all > here, "{here} of {all}");
        let lock = move |db: &dyn kernel::Database| db.execute(&LOCK, kernel::values![person]);
        let locked = town.wait(town.db("phutho").write(own, lock)).expect("a write");
        assert_eq!(locked, 0);
    }
}

// What a handler of the platform would run; a module that says these words fails the house test.
static HASHES: kernel::Sql = kernel::q!("SELECT password_hash FROM platform_credentials WHERE {scope}");
static LOCK: kernel::Sql = kernel::q!("UPDATE platform_people SET active = 0 WHERE {scope} AND id = $1");

/// One more post for somebody.
fn also(town: &Town, person: base::PersonId, place: &str, from: &'static str) {
    let agency = town.agency(place).id;
    town.act("phutho", move |cx| {
        let from = base::Date::parse(from).expect("a date");
        let (title, role, reach) = ("Kiêm nhiệm", "officer", "own");
        let post = platform::people::NewPost { agency, unit: None, title, role, reach, from };
        platform::people::give_post(cx, person, &post)?;
        cx.record("admin.act.person_added", ("person", person), agency);
        Ok(())
    });
}

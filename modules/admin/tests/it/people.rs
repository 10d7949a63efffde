use super::{commune_admin, stranger};

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
}

use super::commune_admin;
use testkit::{Page, Person};

fn adds_unit(admin: &Person<'_>, agency: impl std::fmt::Display, name: &str) -> Page {
    let path = format!("/admin/agencies/{agency}/units/new");
    admin.get(&path);
    admin.post(&path, &[("name", name), ("symbol", name)])
}

testkit::stories! {
    of [admin::module()];

    fn the_log_is_filtered_by_agency_person_part_and_day(town: Town) {
        let admin = town.admin("Phú Thọ");
        let (here, there) = (town.agency("Hùng Lô").id, town.agency("Kim Đức").id);
        adds_unit(&admin, here, "Tổ Một").ok();
        town.pass_days(1);
        adds_unit(&admin, there, "Tổ Hai").ok();
        admin.get("/admin/audit").ok().sees("Thêm đơn vị Tổ Một").sees("Thêm đơn vị Tổ Hai").sees(&admin.name);
        admin.get(&format!("/admin/audit?agency={here}")).sees("Tổ Một").lacks("Tổ Hai");
        admin.get("/admin/audit?from=2017-10-17").sees("Tổ Hai").lacks("Tổ Một");
        admin.get("/admin/audit?to=2017-10-16").sees("Tổ Một").lacks("Tổ Hai");
        admin.get("/admin/audit?act=desk.").lacks("Tổ Một").sees("Không có việc nào khớp");
        let me = admin.id.expect("a settler");
        admin.get(&format!("/admin/audit?person={me}&act=admin.act.unit_added")).sees("Tổ Một").sees("Tổ Hai");
    }

    fn the_history_of_one_thing_is_one_press_away(town: Town) {
        let admin = town.admin("Phú Thọ");
        adds_unit(&admin, town.agency("Hùng Lô").id, "Tổ Một").ok();
        adds_unit(&admin, town.agency("Hùng Lô").id, "Tổ Hai").ok();
        admin.get("/admin/audit");
        // The newest act is the first row.
        admin.click("Lịch sử").ok().sees("Tổ Hai").lacks("Tổ Một");
    }

    fn the_log_goes_into_a_spreadsheet(town: Town) {
        let admin = town.admin("Phú Thọ");
        adds_unit(&admin, town.agency("Hùng Lô").id, "=1+1").ok();
        let file = admin.get("/admin/audit/export?act=admin.");
        assert!(file.header("content-type").is_some_and(|kind| kind.starts_with("text/csv")));
        assert!(file.body().contains("Thêm đơn vị =1+1"), "{}", file.body());
        assert!(file.body().starts_with('\u{feff}'));
    }

    fn a_commune_reads_only_its_own_log(town: Town) {
        let (province, commune) = (town.admin("Phú Thọ"), commune_admin(&town, "Hùng Lô"));
        adds_unit(&province, town.agency("Hùng Lô").id, "Tổ Một").ok();
        adds_unit(&province, town.agency("Kim Đức").id, "Tổ Hai").ok();
        commune.get("/admin/audit").ok().sees("Tổ Một").lacks("Tổ Hai");
        commune.get(&format!("/admin/audit?agency={}", town.agency("Kim Đức").id)).is(404);
    }
}

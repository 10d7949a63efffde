use super::commune_admin;

testkit::stories! {
    of [admin::module()];

    fn a_right_given_to_a_role_holds_at_once_and_one_taken_is_gone(town: Town) {
        let (admin, leader) = (town.admin("Phú Thọ"), town.leader("Hùng Lô"));
        leader.get("/admin/audit").is(403);
        admin.get("/admin/rights").ok().sees("Xem nhật ký").sees("Lãnh đạo").sees("Lưu trữ").lacks("role:");
        admin.post("/admin/rights", &[("change", "give leader admin.audit.read")]).ok().sees("Đã trao quyền “Xem nhật ký”");
        leader.get("/admin/audit").ok();
        admin.post("/admin/rights", &[("change", "take leader admin.audit.read")]).ok().sees("Đã thu quyền");
        leader.get("/admin/audit").is(403);
        admin.get("/admin/audit").sees("Trao quyền “Xem nhật ký” cho vai trò Lãnh đạo").sees("Thu quyền “Xem nhật ký”");
    }

    fn the_last_right_and_an_unknown_one_are_not_taken(town: Town) {
        let admin = town.admin("Phú Thọ");
        admin.get("/admin/rights");
        admin.post("/admin/rights", &[("change", "take admin admin.rights.manage")]).is(409).sees("phải giữ quyền trao quyền");
        admin.post("/admin/rights", &[("change", "give clerk no.such.right")]).is(404);
        admin.post("/admin/rights", &[("change", "give king admin.audit.read")]).is(404);
    }

    fn the_administrator_of_a_commune_reads_the_matrix_and_changes_nothing(town: Town) {
        let admin = commune_admin(&town, "Hùng Lô");
        let page = admin.get("/admin/rights");
        page.ok().sees("chỉ quản trị viên của cơ quan cao nhất");
        assert!(page.form("/admin/rights").is_none());
        admin.post("/admin/rights", &[("change", "give leader admin.audit.read")]).is(409);
        town.leader("Hùng Lô").get("/admin/audit").is(403);
    }
}

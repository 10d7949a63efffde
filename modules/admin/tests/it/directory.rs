use super::commune_admin;

testkit::stories! {
    of [admin::module()];

    fn the_administrator_walks_down_the_tree_and_finds_without_accents(town: Town) {
        let admin = town.admin("Phú Thọ");
        admin.get("/admin/agencies").ok().sees("thành phố Việt Trì").sees("huyện Thanh Thủy").lacks("Hùng Lô");
        admin.click("Xem cấp dưới Ủy ban nhân dân thành phố Việt Trì").ok().sees("Hùng Lô");
        admin.get("/admin/agencies?q=hung+lo").ok().sees("xã Hùng Lô").lacks("Kim Đức");
        admin.click("xã Hùng Lô").ok().sees("000.38.31.H44").sees("Phòng Kinh tế");
        // The directory names agencies of others, but they have no page here.
        let page = admin.get("/admin/agencies?q=van+phong+chinh+phu");
        page.ok().sees("Văn phòng Chính phủ");
        assert!(page.links().iter().all(|link| link.text != "Văn phòng Chính phủ"));
    }

    fn an_agency_is_entered_edited_and_given_units(town: Town) {
        let (admin, above) = (town.admin("Phú Thọ"), town.agency("Việt Trì").id);
        admin.get(&format!("/admin/agencies/new?under={above}"));
        let taken = [
            ("name", "Ủy ban nhân dân phường Nông Trang"), ("code_102", "000.38.31.H44"), ("code_qd20", "h44"),
            ("tier", "commune"), ("kind", "committee"), ("symbol", "UBND"), ("place", "Nông Trang"),
            ("valid_from", "2017-01-01"), ("local", "1"),
        ];
        admin.post("/admin/agencies/new", &taken).is(422).sees("đã có trong danh bạ").sees("chữ in hoa");
        let mut good = taken;
        (good[1].1, good[2].1) = ("000.25.31.H44", "H44.31.25");
        admin.post("/admin/agencies/new", &good).ok().sees("Đã thêm Ủy ban nhân dân phường Nông Trang");
        admin.click("Thêm đơn vị");
        let path = admin.page().path;
        admin.post(&path, &[("name", "Bộ phận Một cửa"), ("symbol", "MC")]).ok().sees("Bộ phận Một cửa");
        admin.click("Sửa");
        let path = admin.page().path;
        admin.post(&path, &[("place", "Việt Trì"), ("locked", "1")]).ok().sees("Đang khóa");
        admin.get("/admin/audit").sees("Khóa cơ quan Ủy ban nhân dân phường Nông Trang");
    }

    fn two_communes_become_one_and_only_with_a_fitting_successor(town: Town) {
        let admin = town.admin("Phú Thọ");
        let (old, new) = (town.agency("Kim Đức").id, town.agency("Hùng Lô").id.to_string());
        let path = format!("/admin/agencies/{old}/end");
        admin.get(&path);
        admin.post(&path, &[("last_day", "2017-12-31"), ("ending", "merged_into")]).is(409).sees("không khớp");
        // Without script the picker asks the server: the form comes back with what was found.
        let found = admin.post(&path, &[("successors_q", "hung lo"), ("_find", "successors")]);
        found.sees("xã Hùng Lô (000.38.31.H44)");
        let ends = [("last_day", "2017-12-31"), ("ending", "merged_into"), ("successors", new.as_str())];
        admin.post(&path, &ends).ok().sees("Kết thúc vào ngày 31/12/2017").sees("Ủy ban nhân dân xã Hùng Lô");
        admin.get(&path);
        admin.post(&path, &ends).is(409).sees("không sửa được nữa");
    }

    fn outside_ones_reach_an_agency_does_not_exist(town: Town) {
        let admin = commune_admin(&town, "Hùng Lô");
        admin.get(&format!("/admin/agencies/{}", town.agency("Hùng Lô").id)).ok();
        for rest in ["", "/edit", "/end", "/units/new"] {
            admin.get(&format!("/admin/agencies/{}{rest}", town.agency("Kim Đức").id)).is(404);
        }
        admin.get(&format!("/admin/agencies?agency={}", town.agency("Phú Thọ").id)).is(404);
        admin.post(&format!("/admin/agencies/{}/units/new", town.agency("Kim Đức").id), &[("name", "A"), ("symbol", "B")]).is(404);
        town.clerk("Hùng Lô").get("/admin/agencies").is(403);
    }
}

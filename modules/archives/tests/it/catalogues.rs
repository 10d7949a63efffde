//! The catalogue of the year.

use testkit::{Page, Town};

fn begun(town: &Town, year: &str, more: &[(&str, &str)]) -> Page {
    let clerk = town.clerk("Hùng Lô");
    clerk.get("/archives/catalogues/new").ok();
    let mut fields = vec![("year", year), ("numbering", "heading")];
    fields.extend_from_slice(more);
    clerk.post("/archives/catalogues", &fields)
}

testkit::stories! {
    of [archives::module(), documents::module(), desk::module()];

    fn a_catalogue_is_drawn_up_approved_and_dossiers_are_opened_by_it(town: Town) {
        let (clerk, leader, officer) = (town.clerk("Hùng Lô"), town.leader("Hùng Lô"), town.officer("Hùng Lô"));
        let page = begun(&town, "2017", &[("from", "")]);
        page.ok().sees("Đã lập Danh mục hồ sơ năm 2017").sees("Đang lập");
        let catalogue = page.path;
        clerk.post(&format!("{catalogue}/headings"), &[("heading_name", "Tổ chức"), ("symbol", "")]).is(422);
        clerk.post(&format!("{catalogue}/headings"), &[("heading_name", "Tổ chức"), ("symbol", "TCCB")]).ok();
        let heading = clerk.api(&catalogue, None).json()["headings"][0]["id"].as_str().unwrap().to_owned();
        clerk.get(&catalogue).ok();
        let line = [("heading", heading.as_str()), ("title", "Thi đua năm 2017"), ("years", "20")];
        clerk.post(&format!("{catalogue}/lines"), &line).sees("Đã thêm hồ sơ 01.TCCB").sees("20 năm");
        let me = officer.id.unwrap().to_string();
        let line = [("heading", heading.as_str()), ("title", "Đào tạo"), ("years", ""), ("person", me.as_str())];
        clerk.post(&format!("{catalogue}/lines"), &line).sees("02.TCCB").sees("Vĩnh viễn");
        clerk.post(&format!("{catalogue}/lines"), &[("heading", heading.as_str()), ("title", "A"), ("years", "0")]).is(422);

        // Nobody opens by what was not approved; who draws it up does not approve it.
        let json = clerk.api(&catalogue, None).json();
        let free = json["lines"][0]["id"].as_str().unwrap().to_owned();
        let own = json["lines"][1]["id"].as_str().unwrap().to_owned();
        officer.get(&catalogue).ok().lacks("Hồ sơ bạn cần mở").lacks("Thêm đề mục");
        let open = |line: &str| {
            officer.get(&format!("/archives/dossiers/new?line={line}")).ok();
            officer.post("/archives/dossiers", &[("line", line), ("title", "Thi đua năm 2017"), ("years", "20")])
        };
        open(&free).is(409).sees("chưa được người đứng đầu phê duyệt").sees("Điều 28");
        clerk.post(&format!("{catalogue}/approve"), &[("decision", "12/QĐ-UBND"), ("decided_on", "2017-01-05")]).is(403);
        leader.get(&catalogue).ok();
        leader
            .post(&format!("{catalogue}/approve"), &[("decision", "12/QĐ-UBND"), ("decided_on", "2017-01-05")])
            .sees("Đã phê duyệt").sees("Quyết định số 12/QĐ-UBND ngày 05/01/2017");
        officer.get("/notices").sees("Danh mục hồ sơ năm 2017 đã được phê duyệt");
        clerk.post(&format!("{catalogue}/headings"), &[("heading_name", "Khác"), ("symbol", "K")])
            .is(409).sees("Danh mục đã được phê duyệt");

        // By the line: number, symbol and title come from it, and once only.
        officer.get(&catalogue).sees("Hồ sơ bạn cần mở");
        open(&free).ok().sees("01.TCCB").sees("20 năm");
        open(&free).is(409).sees("đã được mở");
        open(&own).ok().sees("02.TCCB");
    }

    fn in_january_last_years_catalogue_is_copied_with_numbers_and_years_made_new(town: Town) {
        let clerk = town.clerk("Hùng Lô");
        let page = begun(&town, "2016", &[("from", "")]).path;
        clerk.post(&format!("{page}/headings"), &[("heading_name", "Văn phòng"), ("symbol", "VP")]).ok();
        let heading = clerk.api(&page, None).json()["headings"][0]["id"].as_str().unwrap().to_owned();
        for title in ["Báo cáo năm 2016", "Hội nghị"] {
            clerk.get(&page).ok();
            clerk.post(&format!("{page}/lines"), &[("heading", &heading), ("title", title), ("years", "10")]).ok();
        }
        let first = clerk.api(&page, None).json()["lines"][0]["id"].as_str().unwrap().to_owned();
        clerk.get(&format!("/archives/lines/{first}")).ok().sees("Báo cáo năm 2016");
        let second = clerk.api(&page, None).json()["lines"][1]["id"].as_str().unwrap().to_owned();
        clerk.get(&format!("/archives/lines/{second}")).ok();
        clerk.post(&format!("/archives/lines/{second}/strike"), &[]).sees("Đã sửa dòng 02.VP").lacks("02.VP Hội nghị");

        let id = page.rsplit('/').next().unwrap().to_owned();
        let copied = begun(&town, "2017", &[("from", &id)]);
        copied.ok().sees("01.VP").sees("Báo cáo năm 2017").lacks("Hội nghị");
        begun(&town, "2017", &[("from", &id)]).is(409).sees("Năm 2017 đã có Danh mục");
        let csv = clerk.get(&format!("{}/sheet.csv", copied.path)).body();
        assert!(csv.contains("\"01.VP\",\"Báo cáo năm 2017\",\"10 năm\""), "{csv}");
        assert!(clerk.get(&format!("{}/sheet.xlsx", copied.path)).ok().body().starts_with("PK"));
        clerk.get("/archives/catalogues").sees("Danh mục hồ sơ năm 2017").sees("Danh mục hồ sơ năm 2016");
        town.clerk("Kim Đức").get(&copied.path).is(404);
    }
}

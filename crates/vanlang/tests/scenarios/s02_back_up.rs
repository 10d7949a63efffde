//! S2: the answer comes back up; each level's own task closes with the answer it issues, by itself.

use crate::invariants;
use crate::s01_down_four_levels::{SUBJECT, down};
use crate::story::{arrived, carried, press, recipients, taken_in, told};
use testkit::{Person, Town};

/// The only recipient of a document and where it stands.
fn only(person: &Person<'_>, page: &str) -> String {
    let all = recipients(person, page);
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].1.clone()
}

/// An officer answers what was received; the answer leaves. Answers its symbol.
fn answered(town: &Town, place: &str, page: &str) -> String {
    let draft = press(&town.officer(place), page, "answer", &[]);
    let (_, symbol) = carried(town, place, &draft, &[("type_code", "BC")]);
    town.settle();
    symbol
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn the_answer_comes_back_up_and_closes_each_task_by_itself(town: Town) {
        let journey = down(&town);
        let (gov, province) = (town.clerk("Hà Nội"), town.clerk("Phú Thọ"));
        let district = town.clerk("Việt Trì");
        taken_in(&town, "Hùng Lô", &journey.commune);
        let from_commune = answered(&town, "Hùng Lô", &journey.commune);
        assert_eq!(from_commune, "01/BC-UBND");
        assert_eq!(only(&district, &journey.district.1), "done", "the commune is done, as its district sees it");
        assert_eq!(only(&province, &journey.province.1), "in_progress");

        // The report reaches the district, which consolidates and answers in its own name; then the province.
        let report = arrived(&town, "Việt Trì", "trả lời");
        let json = told(&district, &report);
        let asked = told(&district, &journey.district.1);
        assert_eq!(json["response_for"][0]["document_id"], asked["document_id"]);
        let links = district.get(&report).links_to(&journey.district.1);
        assert!(links.contains(&journey.district.1), "from the report to what it answers");
        let from_district = answered(&town, "Việt Trì", &journey.district.0);
        assert_eq!(only(&province, &journey.province.1), "done");
        assert_eq!(only(&gov, &journey.from_gov), "in_progress");
        let from_province = answered(&town, "Phú Thọ", &journey.province.0);
        assert_eq!(only(&gov, &journey.from_gov), "done");

        // Nothing is left of the task, and the register says which document closed it.
        let levels = [
            ("Hùng Lô", &journey.commune, &from_commune),
            ("Việt Trì", &journey.district.0, &from_district),
            ("Phú Thọ", &journey.province.0, &from_province),
        ];
        for (place, page, symbol) in levels {
            let json = told(&town.clerk(place), page);
            assert_eq!(json["status"], "done", "{place}");
            assert_eq!(json["answer_symbol"].as_str(), Some(symbol.as_str()), "{place}");
            town.officer(place).get("/").sees("Hết việc cần làm");
            town.clerk(place).get("/documents/registers/follow-up").sees(symbol);
            town.clerk(place).get(page).sees("Hoàn thành").sees(symbol);
        }
        gov.get("/documents/incoming").sees(SUBJECT).sees(&from_province);
        invariants::hold(&town);
    }
}

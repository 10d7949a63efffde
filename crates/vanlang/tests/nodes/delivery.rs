//! Letters between machines, told by people: S1, S2 and S6 to S8, over real connections.

use crate::country::{Country, FOUR};
use crate::story::{
    arrived, brought_out, carried, docx, drafted, id_in, pdf, press, recipients, taken_in, told,
};
use testkit::{Attachment, Engine};

const SUBJECT: &str = "tình hình gửi, nhận văn bản điện tử";

/// An agency takes the letter in and passes it on: the page it received, the page it issued.
fn passed_on(country: &Country, place: &str, to: &str) -> (String, String) {
    let town = country.at(place);
    let page = arrived(town, place, SUBJECT);
    taken_in(town, place, &page);
    let to = id_in(town, "phutho", to);
    let draft = press(&town.officer(place), &page, "forward", &[("to", &to)]);
    let (issued, _) = carried(town, place, &draft, &[]);
    country.settle();
    (page, issued)
}

fn answered(country: &Country, place: &str, page: &str) -> String {
    let town = country.at(place);
    let draft = press(&town.officer(place), page, "answer", &[]);
    let (_, symbol) = carried(town, place, &draft, &[("type_code", "BC")]);
    country.settle();
    symbol
}

fn only(country: &Country, place: &str, page: &str) -> String {
    let all = recipients(&country.at(place).clerk(place), page);
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].1.clone()
}

fn down_and_back_up(engine: &Engine) {
    let country = Country::of(engine, FOUR);
    let (main, annex) = (pdf("7816/VPCP-KSTT", 370_000), docx("Đề cương báo cáo"));
    let files = [
        Attachment { field: "main", name: "7816_VPCP-KSTT.pdf", bytes: &main },
        Attachment { field: "files", name: "de-cuong.docx", bytes: &annex },
    ];
    let gov = country.at("Hà Nội");
    let to = id_in(gov, "chinhphu", "Phú Thọ");
    let from_gov = drafted(gov, "Hà Nội", (SUBJECT, &[("to", &to), ("due", "2017-10-31")]), &files);
    brought_out(gov, "Hà Nội", &from_gov);
    country.settle();
    let province = passed_on(&country, "Phú Thọ", "Việt Trì");
    let district = passed_on(&country, "Việt Trì", "Hùng Lô");
    let commune = arrived(country.at("Hùng Lô"), "Hùng Lô", SUBJECT);
    taken_in(country.at("Hùng Lô"), "Hùng Lô", &commune);
    country.settle();
    for (hops, (place, page)) in
        (1..).zip([("Phú Thọ", &province.0), ("Việt Trì", &district.0), ("Hùng Lô", &commune)])
    {
        let json = told(&country.at(place).clerk(place), page);
        assert_eq!(json["arrival_number"], 1, "{place}: {json}");
        assert_eq!(json["trace"].as_array().map(Vec::len), Some(hops), "{place}: {json}");
    }
    assert_eq!(only(&country, "Hà Nội", &from_gov), "in_progress");

    answered(&country, "Hùng Lô", &commune);
    assert_eq!(only(&country, "Việt Trì", &district.1), "done");
    answered(&country, "Việt Trì", &district.0);
    assert_eq!(only(&country, "Phú Thọ", &province.1), "done");
    assert_eq!(only(&country, "Hà Nội", &from_gov), "in_progress");
    let symbol = answered(&country, "Phú Thọ", &province.0);
    assert_eq!(only(&country, "Hà Nội", &from_gov), "done");
    gov.clerk("Hà Nội").get("/documents/incoming").sees(SUBJECT).sees(&symbol);
    country.holds();
}

#[test]
fn a_letter_goes_down_four_machines_and_the_answer_comes_back_up() {
    down_and_back_up(&Engine::Sqlite);
}

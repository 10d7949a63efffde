//! S1: the Government Office writes; province, district and commune pass it down, each by a document of its own.

use crate::invariants;
use crate::story::{
    arrived, brought_out, carried, docx, drafted, id_in, pdf, press, recipients, rows, taken_in, told,
};
use testkit::{Attachment, Town};

/// What the letter is about.
pub(crate) const SUBJECT: &str = "tình hình gửi, nhận văn bản điện tử";

/// The pages of the journey, at each agency.
pub(crate) struct Journey {
    /// Issued by the Government Office.
    pub(crate) from_gov: String,
    /// Received and issued by the province.
    pub(crate) province: (String, String),
    /// Received and issued by the district.
    pub(crate) district: (String, String),
    /// Received by the commune.
    pub(crate) commune: String,
}

/// All the way down.
pub(crate) fn down(town: &Town) -> Journey {
    let (main, annex) = (pdf("7816/VPCP-KSTT", 370_000), docx("Đề cương báo cáo"));
    let files = [
        Attachment { field: "main", name: "7816_VPCP-KSTT.pdf", bytes: &main },
        Attachment { field: "files", name: "de-cuong.docx", bytes: &annex },
    ];
    let to = id_in(town, "chinhphu", "Phú Thọ");
    let from_gov = drafted(town, "Hà Nội", (SUBJECT, &[("to", &to), ("due", "2017-10-31")]), &files);
    brought_out(town, "Hà Nội", &from_gov);
    town.settle();
    let province = passed_on(town, "Phú Thọ", "Việt Trì");
    let district = passed_on(town, "Việt Trì", "Hùng Lô");
    let commune = arrived(town, "Hùng Lô", SUBJECT);
    Journey { from_gov, province, district, commune }
}

/// An agency takes the letter in and passes it on to another: the page it received, the page it issued.
fn passed_on(town: &Town, place: &str, to: &str) -> (String, String) {
    let page = arrived(town, place, SUBJECT);
    taken_in(town, place, &page);
    let to = id_in(town, "phutho", to);
    let draft = press(&town.officer(place), &page, "forward", &[("to", &to)]);
    let (issued, _) = carried(town, place, &draft, &[]);
    town.settle();
    (page, issued)
}

/// The codes a sender was told for a recipient, in the order they happened.
fn codes(town: &Town, tenant: &str, from: &str) -> Vec<String> {
    let all: Vec<(String, String)> =
        rows(town, tenant, "SELECT from_code, code FROM documents_statuses WHERE {scope} ORDER BY at, code");
    let code = town.agency(from).data.code;
    all.into_iter().filter(|(sender, _)| sender == code).map(|(_, code)| code).collect()
}

/// The bytes of every file of a page, as its reader gets them.
fn files(town: &Town, place: &str, page: &str) -> Vec<Vec<u8>> {
    let clerk = town.clerk(place);
    let mut all: Vec<Vec<u8>> = told(&clerk, page)["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| clerk.get(&format!("{page}/files/{}", file["id"].as_str().unwrap())).ok().bytes.clone())
        .collect();
    all.sort();
    all
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn a_letter_goes_down_through_four_levels(town: Town) {
        let journey = down(&town);
        let commune = town.clerk("Hùng Lô");
        press(&commune, &journey.commune, "accept", &[]).sees("Đã vào sổ số đến 1");
        town.settle();

        // The first number of each register.
        let pages =
            [("Phú Thọ", &journey.province.0), ("Việt Trì", &journey.district.0), ("Hùng Lô", &journey.commune)];
        for (hops, (place, page)) in (1..).zip(pages) {
            let json = told(&town.clerk(place), page);
            assert_eq!(json["arrival_number"], 1, "{place}: {json}");
            assert_eq!(json["trace"].as_array().map(Vec::len), Some(hops), "{place}: {json}");
        }

        // The chain is whole in the data: each document names the one it passes on.
        let above = told(&town.clerk("Hà Nội"), &journey.from_gov);
        let at_province = told(&town.clerk("Phú Thọ"), &journey.province.0);
        let from_province = told(&town.clerk("Phú Thọ"), &journey.province.1);
        let at_district = told(&town.clerk("Việt Trì"), &journey.district.0);
        let at_commune = told(&commune, &journey.commune);
        assert_eq!(at_province["document_id"], above["document_id"]);
        assert_eq!(at_district["document_id"], from_province["document_id"]);
        assert_eq!(at_district["forwards"]["document_id"], above["document_id"]);
        assert_eq!(at_commune["forwards"]["document_id"], at_district["document_id"]);

        // And on the pages, both ways.
        for (place, (received, issued)) in [("Phú Thọ", &journey.province), ("Việt Trì", &journey.district)] {
            let officer = town.officer(place);
            assert!(officer.get(issued).links_to(received).contains(received), "{place}: back to what came");
            assert!(officer.get(received).links_to(issued).contains(issued), "{place}: on to what left");
        }

        // Everybody follows the level below, and no further.
        assert_eq!(codes(&town, "chinhphu", "Phú Thọ"), ["01", "03", "04", "04", "05"]);
        let seen = recipients(&town.clerk("Hà Nội"), &journey.from_gov);
        assert_eq!(seen.len(), 1);
        assert_eq!((seen[0].0.as_str(), seen[0].1.as_str()), ("000.00.00.H44", "in_progress"));
        let tracking = town.clerk("Hà Nội").get(&format!("{}/tracking", journey.from_gov));
        tracking.sees("1 trên 1 nơi đã nhận").sees("Đang xử lý").lacks("Việt Trì").lacks("Hùng Lô");
        let tracking = town.clerk("Phú Thọ").get(&format!("{}/tracking", journey.province.1));
        tracking.sees("Việt Trì").sees("Đang xử lý").lacks("Hùng Lô");
        assert_eq!(codes(&town, "phutho", "Việt Trì"), ["01", "03", "04", "04", "05"]);
        assert_eq!(codes(&town, "phutho", "Hùng Lô"), ["01", "03"]);

        // The same bytes at the top and at the bottom.
        let sent = files(&town, "Hà Nội", &journey.from_gov);
        assert_eq!(sent.len(), 2);
        assert!(sent.contains(&pdf("7816/VPCP-KSTT", 370_000)) && sent.contains(&docx("Đề cương báo cáo")));
        assert_eq!(files(&town, "Phú Thọ", &journey.province.0), sent);
        assert_eq!(files(&town, "Hùng Lô", &journey.commune), sent);
        invariants::hold(&town);
    }
}

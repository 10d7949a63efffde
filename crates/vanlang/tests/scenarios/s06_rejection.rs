//! S6: a wrongly addressed letter is sent back with its reason and goes to the right agency under its number.

use crate::invariants;
use crate::story::{arrived, brought_out, drafted, id_in, press, recipients, told};

const SUBJECT: &str = "rà soát quy hoạch nuôi trồng thủy sản";
const REASON: &str = "gửi sai nơi nhận";

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn a_wrongly_addressed_letter_comes_back_and_goes_to_the_right_agency(town: Town) {
        let (wrong, right) = (id_in(&town, "phutho", "Việt Trì"), id_in(&town, "phutho", "Thanh Thủy"));
        let page = drafted(&town, "Phú Thọ", (SUBJECT, &[("to", &wrong)]), &[]);
        let symbol = brought_out(&town, "Phú Thọ", &page);
        town.settle();
        let sender = town.clerk("Phú Thọ");
        sender.get("/").sees("Hết việc cần làm");

        // No reason, no return.
        let received = arrived(&town, "Việt Trì", SUBJECT);
        let district = town.clerk("Việt Trì");
        press(&district, &received, "return", &[("reason", "")]).is(422);
        press(&district, &received, "return", &[("reason", REASON)]).sees("Đã trả lại");
        town.settle();

        // It waits for nobody there, cannot be worked on, and has used no number.
        for person in [town.clerk("Việt Trì"), town.leader("Việt Trì"), town.head("Việt Trì")] {
            person.get("/").sees("Hết việc cần làm").lacks(SUBJECT);
        }
        press(&district, &received, "accept", &[]).is(409);
        assert!(told(&district, &received)["arrival_number"].is_null());
        let unit = format!("unit:{}", town.unit("Việt Trì", "VX"));
        press(&town.leader("Việt Trì"), &received, "direct", &[("lead", &unit), ("instruction", "Giao")]).is(409);

        // The sender sees who, why, and what to do.
        sender.get("/").sees("Gửi lại nơi chưa nhận").sees(SUBJECT);
        sender.get("/documents/outgoing?status=trouble").sees(REASON).sees(&symbol);
        let tracking = format!("{page}/tracking");
        sender.get(&tracking).sees("Bị trả lại").sees(REASON).sees("thành phố Việt Trì trả lại văn bản");
        let seen = recipients(&sender, &page);
        assert_eq!(seen[0], ("000.00.31.H44".to_owned(), "refused".to_owned(), REASON.to_owned()));

        // Two requests: the page, the press.
        sender.get(&tracking).ok();
        sender.post(&format!("{page}/resend"), &[("to", &right)]).sees(&symbol);
        town.settle();
        let arrived_right = told(&town.clerk("Thanh Thủy"), &arrived(&town, "Thanh Thủy", SUBJECT));
        assert_eq!(arrived_right["symbol"].as_str(), Some(symbol.as_str()));
        assert_eq!(arrived_right["document_id"], told(&sender, &page)["document_id"]);
        sender.get(&tracking).sees("1 trên 1 nơi đã nhận").lacks(REASON);
        sender.get("/").sees("Hết việc cần làm");

        // The next letter takes the first number of the district's register, and of the sender's the second.
        let next = drafted(&town, "Phú Thọ", ("họp giao ban tháng", &[("to", &wrong)]), &[]);
        assert_eq!(brought_out(&town, "Phú Thọ", &next), "02/UBND-VX");
        town.settle();
        press(&district, &arrived(&town, "Việt Trì", "họp giao ban"), "accept", &[]).sees("Đã vào sổ số đến 1");
        town.settle();
        invariants::hold(&town);
    }
}

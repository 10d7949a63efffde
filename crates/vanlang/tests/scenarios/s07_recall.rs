//! S7: the sender asks for a document back; the recipient gives it back, and what that means is carried out.

use crate::invariants;
use crate::s09_packets::status_of;
use crate::story::{
    arrived, brought_out, carried, drafted, id_in, pdf, press, recipients, rows, taken_in, told,
};
use serde_json::Value;
use testkit::{Attachment, Person, Town};

const SUBJECT: &str = "bố trí kinh phí phòng chống thiên tai";
const BODY: &str = "Khắc phục sạt lở bờ bao trước mùa lũ.";
const REASON: &str = "ban hành nhầm số liệu kinh phí";

/// The page of the only open demand at an agency.
pub(crate) fn demanded(clerk: &Person<'_>) -> String {
    let list = clerk.api("/documents/demands", None).ok().json();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{list}");
    format!("/documents/demands/{}", items[0]["id"].as_str().unwrap())
}

/// What was asked of recipients, and what is left at one.
pub(crate) fn requests(person: &Person<'_>, page: &str) -> Value {
    person.api(&format!("{page}/requests"), None).ok().json()
}

pub(crate) fn demands(person: &Person<'_>, page: &str) -> Value {
    person.api(&format!("{page}/demands"), None).ok().json()
}

/// True when the bytes of a content are in a tenant's store.
fn stored(town: &Town, tenant: &str, sha256: &str) -> bool {
    let store = town.server().tenant(tenant).unwrap().files.clone();
    let sha256 = sha256.to_owned();
    store.has(&sha256)
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn a_document_is_given_back_and_nothing_is_left_but_its_tombstone(town: Town) {
        // The province writes to Việt Trì; work has begun there, an answer is being drafted, a copy went down.
        let main = pdf("Kinh phi", 50_000);
        let file = Attachment { field: "main", name: "kinh-phi.pdf", bytes: &main };
        let to = id_in(&town, "phutho", "Việt Trì");
        let page = drafted(&town, "Phú Thọ", (SUBJECT, &[("to", &to), ("body", BODY)]), &[file]);
        let symbol = brought_out(&town, "Phú Thọ", &page);
        town.settle();
        let received = arrived(&town, "Việt Trì", SUBJECT);
        town.clerk("Việt Trì").get("/search?q=sat lo bo bao").sees(SUBJECT);
        taken_in(&town, "Việt Trì", &received);
        let officer = town.officer("Việt Trì");
        let down = press(&officer, &received, "forward", &[("to", &id_in(&town, "phutho", "Hùng Lô"))]);
        carried(&town, "Việt Trì", &down, &[]);
        let answer = press(&officer, &received, "answer", &[]).path.trim_end_matches("/edit").to_owned();
        town.settle();
        let sender = town.clerk("Phú Thọ");
        assert_eq!(recipients(&sender, &page)[0].1, "in_progress");
        let hash = told(&town.clerk("Việt Trì"), &received)["files"][0]["sha256"].as_str().unwrap().to_owned();

        // Asked for without a reason: no. With one: three presses, page, fold, button.
        let tracking = format!("{page}/tracking");
        sender.get(&tracking).sees("Lấy lại văn bản này");
        sender.post(&format!("{page}/recall"), &[("recall_reason", "")]).is(422);
        sender.get(&tracking).ok();
        sender.post(&format!("{page}/recall"), &[("recall_reason", REASON)]).sees("yêu cầu lấy lại từ 1 nơi");

        // Frozen at once: nothing of it changes any more, with the ground said.
        let frozen = "Phụ lục VI, mục I.8.a";
        let author = town.head("Phú Thọ");
        author.get(&page).sees("đóng băng").sees(REASON).lacks("Cập nhật: giữ nguyên số");
        let fields = [("type_code", "CV"), ("subject", "khác"), ("body", "khác")];
        author.post(&format!("{page}/save"), &fields).is(409).sees(frozen);
        author.post(&format!("{page}/comment"), &[("words", "Sửa giúp")]).is(409).sees(frozen);
        author.post(&format!("{page}/update"), &[("change_reason", "sửa")]).is(409).sees(frozen);
        author.post(&format!("{page}/replace"), &[("change_reason", "sửa")]).is(409).sees(frozen);
        sender.post(&format!("{page}/recall"), &[("recall_reason", REASON)]).is(409).sees(frozen);
        town.settle();

        // For a recipient that is not connected there is the packet: 13, in which the two agencies change places.
        let links = sender.get(&tracking).links_to(&format!("{page}/asked/"));
        let packet = status_of(&sender.get(&links[0]).ok().bytes.clone());
        assert_eq!(packet.code, edxml::StatusCode::RecallRequested);
        assert_eq!(packet.document_sender(), "000.00.00.H44");
        assert_eq!(packet.document_receiver(), "000.00.31.H44");
        assert_eq!(packet.description, REASON);

        // The clerk of the district: one press on the row of the queue, one on the button.
        let district = town.clerk("Việt Trì");
        district.get("/?kind=documents.task.recall").sees("Yêu cầu lấy lại").sees(SUBJECT);
        district.get(&received).sees("Nơi gửi yêu cầu lấy lại văn bản này").sees(REASON).sees("Hùng Lô");
        officer.get(&received).sees("Văn thư trả lời yêu cầu này").lacks("Đồng ý trả lại");
        let demand = demanded(&district);
        officer.post(&format!("{demand}/grant"), &[]).is(403);
        district.get(&received).ok();
        district.post(&format!("{demand}/grant"), &[]).sees("Đã trả lại").sees("Đã thu hồi");
        town.settle();

        // The copy is gone; its hash and the recall's own data stay; its number stays in the register.
        let left = told(&district, &received);
        assert_eq!(left["status"], "recalled", "{left}");
        assert_eq!(left["files"].as_array().unwrap().len(), 0);
        assert_eq!(left["arrival_number"], 1);
        let about = demands(&district, &received);
        assert_eq!(about["tombstones"][0]["sha256"].as_str(), Some(hash.as_str()), "{about}");
        assert_eq!(about["tombstones"][0]["name"], "kinh-phi.pdf");
        assert_eq!(about["items"][0]["reason"].as_str(), Some(REASON));
        assert_eq!(about["items"][0]["state"], "granted");
        district.get(&received).sees("Đã thu hồi").sees(&hash).lacks("Tiếp nhận & trình");
        district.get("/documents/registers/incoming").sees(SUBJECT).sees("Đã thu hồi");
        district.get("/search?q=sat lo bo bao").lacks(SUBJECT);
        let words: Vec<(String,)> =
            rows(&town, "phutho", "SELECT words FROM documents_incoming WHERE {scope} AND status = 'recalled'");
        assert_eq!(words, [(String::new(),)]);

        // Nobody works on it: the task is cancelled and the person told, the draft of the answer closed.
        officer.get("/").sees("Hết việc cần làm");
        officer.get("/notices").sees("đã trả lại nơi gửi, việc của bạn dừng ở đây");
        officer.get(&answer).sees("Đã bỏ").sees("đã trả lại theo yêu cầu lấy lại");
        press(&officer, &received, "answer", &[]).is(409).sees("đã bị thu hồi");
        press(&officer, &received, "note", &[("note", "xong")]).is(409);
        district.post(&format!("{demand}/grant"), &[]).is(409);

        // The province knows: given back, and who below still holds a copy that was passed on.
        assert_eq!(recipients(&sender, &page)[0].1, "recalled");
        let asked = requests(&sender, &page);
        assert_eq!(asked["items"][0]["state"], "granted", "{asked}");
        assert!(asked["items"][0]["forwarded"][0].as_str().unwrap().contains("Hùng Lô"), "{asked}");
        sender.get(&tracking).sees("Đã lấy lại").sees("Hùng Lô").sees(REASON);
        sender.get("/documents/registers/outgoing").sees("Đã yêu cầu lấy lại");
        town.head("Phú Thọ").get("/notices").sees(&format!("đã trả lại {symbol}"));
        invariants::hold(&town);
    }

    fn copies_that_were_passed_on_are_asked_back_level_by_level_and_told_of_to_the_top(town: Town) {
        // The Government writes to the province, which passes it on to the district, which passes it on to the commune.
        let main = pdf("Kinh phi", 9_000);
        let file = Attachment { field: "main", name: "kinh-phi.pdf", bytes: &main };
        let to = id_in(&town, "chinhphu", "Phú Thọ");
        let page = drafted(&town, "Hà Nội", (SUBJECT, &[("to", &to)]), &[file]);
        brought_out(&town, "Hà Nội", &page);
        town.settle();
        let mut papers = Vec::new();
        for (place, below) in [("Phú Thọ", "Việt Trì"), ("Việt Trì", "Hùng Lô")] {
            let received = arrived(&town, place, SUBJECT);
            taken_in(&town, place, &received);
            let down = press(&town.officer(place), &received, "forward", &[("to", &id_in(&town, "phutho", below))]);
            let (sent, _) = carried(&town, place, &down, &[]);
            town.settle();
            papers.push((received, sent));
        }
        let at_commune = arrived(&town, "Hùng Lô", SUBJECT);
        press(&town.clerk("Hùng Lô"), &at_commune, "accept", &[]).sees("Đã vào sổ");
        let [(at_province, from_province), (at_district, from_district)] = papers.as_slice() else { panic!() };
        let hash = told(&town.clerk("Hùng Lô"), &at_commune)["files"][0]["sha256"].as_str().unwrap().to_owned();
        town.settle();

        let gives_back = |place: &str, received: &str| {
            let clerk = town.clerk(place);
            let demand = demanded(&clerk);
            clerk.get(received).sees(REASON);
            clerk.post(&format!("{demand}/grant"), &[]).sees("Đã thu hồi");
            town.settle();
        };
        let held = |person: &Person<'_>, page: &str| -> Vec<String> {
            let asked = requests(person, page);
            let names = asked["items"][0]["forwarded"].as_array().unwrap().iter();
            names.map(|name| name.as_str().unwrap().to_owned()).collect()
        };
        let (government, province, district) = (town.clerk("Hà Nội"), town.clerk("Phú Thọ"), town.clerk("Việt Trì"));
        let name = |place: &str| vec![town.agency(place).data.name.to_owned()];
        government.get(&format!("{page}/tracking")).ok();
        government.post(&format!("{page}/recall"), &[("recall_reason", REASON)]).ok();
        town.settle();

        // The province gives back: the district is asked by the province, and the Government knows of the district.
        province.get(at_province).sees("Việt Trì").sees("hệ thống gửi tiếp yêu cầu lấy lại");
        gives_back("Phú Thọ", at_province);
        assert_eq!(held(&government, &page), name("Việt Trì"));
        let asked = requests(&province, from_province);
        assert_eq!((asked["items"][0]["state"].as_str(), asked["items"][0]["reason"].as_str()), (Some("open"), Some(REASON)));
        province.get(from_province).sees("đóng băng");
        assert_eq!(town.clerk("Hùng Lô").api("/documents/demands", None).json()["items"].as_array().unwrap().len(), 0);

        // The district gives back: the commune is asked by the district; both above know of the commune.
        gives_back("Việt Trì", at_district);
        assert_eq!(held(&province, from_province), name("Hùng Lô"));
        assert_eq!(held(&government, &page), name("Hùng Lô"));
        assert!(stored(&town, "phutho", &hash), "the commune still holds it");

        // The commune gives back: nobody holds a copy any more, and everybody above is told.
        gives_back("Hùng Lô", &at_commune);
        for (person, page) in [(&district, from_district), (&province, from_province), (&government, &page)] {
            assert_eq!(held(person, page), Vec::<String>::new());
            assert_eq!(recipients(person, page)[0].1, "recalled");
        }
        assert!(stored(&town, "chinhphu", &hash), "the original stays with who issued it");
        invariants::hold(&town);
    }

    fn who_keeps_a_copy_that_was_passed_on_is_named_to_the_top(town: Town) {
        let to = id_in(&town, "chinhphu", "Phú Thọ");
        let page = drafted(&town, "Hà Nội", (SUBJECT, &[("to", &to)]), &[]);
        brought_out(&town, "Hà Nội", &page);
        town.settle();
        let received = arrived(&town, "Phú Thọ", SUBJECT);
        taken_in(&town, "Phú Thọ", &received);
        let to = id_in(&town, "phutho", "Việt Trì");
        let down = press(&town.officer("Phú Thọ"), &received, "forward", &[("to", &to)]);
        carried(&town, "Phú Thọ", &down, &[]);
        town.settle();
        let (government, province, district) = (town.clerk("Hà Nội"), town.clerk("Phú Thọ"), town.clerk("Việt Trì"));
        government.get(&format!("{page}/tracking")).ok();
        government.post(&format!("{page}/recall"), &[("recall_reason", REASON)]).ok();
        town.settle();
        let demand = demanded(&province);
        province.get(&demand).ok();
        province.post(&format!("{demand}/grant"), &[]).ok();
        town.settle();
        let demand = demanded(&district);
        district.get(&demand).ok();
        district.post(&format!("{demand}/refuse"), &[("refuse_reason", "đã thi hành")]).ok();
        town.settle();
        let asked = requests(&government, &page);
        assert!(asked["items"][0]["forwarded"][0].as_str().unwrap().contains("Việt Trì"), "{asked}");
        government.get(&format!("{page}/tracking")).sees("Việt Trì");
        invariants::hold(&town);
    }

    fn the_bytes_go_when_nobody_else_of_the_tenant_holds_them(town: Town) {
        // The Government writes twice to the province with one file, and once more with another.
        let (shared, own) = (pdf("Chung", 9_000), pdf("Rieng", 9_000));
        let to = id_in(&town, "chinhphu", "Phú Thọ");
        let mut pages = Vec::new();
        for (subject, bytes) in [("rà soát thứ nhất", &shared), ("rà soát thứ hai", &shared), ("rà soát thứ ba", &own)] {
            let file = Attachment { field: "main", name: "ra-soat.pdf", bytes };
            let page = drafted(&town, "Hà Nội", (subject, &[("to", &to)]), &[file]);
            brought_out(&town, "Hà Nội", &page);
            pages.push(page);
        }
        town.settle();
        let (gov, province) = (town.clerk("Hà Nội"), town.clerk("Phú Thọ"));
        let hash = |subject: &str| {
            let page = arrived(&town, "Phú Thọ", subject);
            told(&province, &page)["files"][0]["sha256"].as_str().unwrap().to_owned()
        };
        let (of_two, of_one) = (hash("thứ nhất"), hash("thứ ba"));
        assert!(stored(&town, "phutho", &of_two) && stored(&town, "phutho", &of_one));
        let gives_back = |page: &str| {
            gov.get(&format!("{page}/tracking")).ok();
            gov.post(&format!("{page}/recall"), &[("recall_reason", REASON)]).ok();
            town.settle();
            let demand = demanded(&province);
            province.get(&demand).ok();
            province.post(&format!("{demand}/grant"), &[]).sees("Đã trả lại");
            town.settle();
        };
        gives_back(&pages[2]);
        assert!(!stored(&town, "phutho", &of_one), "nobody else holds it");
        assert!(stored(&town, "chinhphu", &of_one), "the original stays with who issued it");
        gives_back(&pages[0]);
        assert!(stored(&town, "phutho", &of_two), "the second letter holds it");
        gives_back(&pages[1]);
        assert!(!stored(&town, "phutho", &of_two));
        invariants::hold(&town);
    }

    fn a_stranger_cannot_ask_for_what_another_has_sent(town: Town) {
        let to = id_in(&town, "phutho", "Việt Trì");
        let page = drafted(&town, "Phú Thọ", (SUBJECT, &[("to", &to)]), &[]);
        let symbol = brought_out(&town, "Phú Thọ", &page);
        town.settle();
        let stranger = town.agency("Thanh Thủy").id;
        let promulgated = town.now().date();
        town.act("phutho", move |cx| {
            let status = contracts::Status {
                of: contracts::Reference {
                    organ: "000.00.31.H44".to_owned(),
                    document_id: format!("000.00.00.H44,2017/10/16,{symbol}"),
                    symbol: symbol.clone(),
                    promulgated,
                },
                code: "13".to_owned(),
                description: "xin lại".to_owned(),
                at_place: String::new(),
                staff: String::new(),
                timestamp: cx.now(),
                request: None,
                forwarded: Vec::new(),
            };
            let to = contracts::Party { code: "000.00.31.H44".to_owned(), name: String::new() };
            platform::exchange::send(cx, stranger, (contracts::Sealed::Status(Box::new(status)), &[to], 0))?;
            cx.record_plain("testkit.said", ("agency", stranger));
            Ok(())
        });
        town.settle();
        let list = town.clerk("Việt Trì").api("/documents/demands", None).ok().json();
        assert_eq!(list["items"].as_array().unwrap().len(), 0, "{list}");
        let received = arrived(&town, "Việt Trì", SUBJECT);
        press(&town.clerk("Việt Trì"), &received, "accept", &[]).sees("Đã vào sổ");
        town.settle();
        invariants::hold(&town);
    }
}

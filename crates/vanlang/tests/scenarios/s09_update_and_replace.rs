//! S9: an issued document gets another version, other recipients, and at last another document in its place.

use crate::invariants;
use crate::s07_recall::{demanded, demands, requests};
use crate::s09_packets::document_of;
use crate::story::{arrived, brought_out, drafted, id_in, pdf, press, recipients, taken_in, told};
use edxml::BusinessKind;
use serde_json::Value;
use testkit::{Attachment, Page, Person, Town};

const SUBJECT: &str = "lịch trực ban phòng chống bão";
const CHANGED: &str = "lịch trực ban phòng chống bão số 11";

/// Where an agency stands, as the sender sees it.
fn stands(person: &Person<'_>, page: &str, code: &str) -> Option<String> {
    recipients(person, page).into_iter().find(|one| one.0 == code).map(|one| one.1)
}

const TOWN: &str = "000.00.31.H44";
const COMMUNE: &str = "000.38.31.H44";

fn code(town: &Town, place: &str) -> &'static str {
    town.agency(place).data.code
}

/// The head changes what a draft holds and submits it; it goes the same way of approval.
fn submitted(town: &Town, draft: &Page, fields: &[(&str, &str)], files: &[Attachment<'_>]) -> String {
    let page = draft.path.trim_end_matches("/edit").to_owned();
    let head = town.head("Phú Thọ");
    head.get(&draft.path).ok();
    head.post_files(&format!("{page}/submit"), fields, files).sees("Chờ kiểm tra thể thức");
    page
}

/// The hashes of the files of a page.
fn hashes(json: &Value) -> Vec<&str> {
    json["files"].as_array().unwrap().iter().map(|file| file["sha256"].as_str().unwrap()).collect()
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn a_version_goes_to_those_who_have_it_a_word_to_those_taken_off_and_all_of_it_to_new_ones(town: Town) {
        assert_eq!((code(&town, "Việt Trì"), code(&town, "Hùng Lô")), (TOWN, COMMUNE));
        let (first, second) = (pdf("Lich truc", 4_000), pdf("Lich truc moi", 4_000));
        let file = |bytes| Attachment { field: "main", name: "lich-truc.pdf", bytes };
        let ids = ["Việt Trì", "Hùng Lô", "Thanh Thủy"].map(|place| id_in(&town, "phutho", place));
        let page = drafted(
            &town,
            "Phú Thọ",
            (SUBJECT, &[("to", &ids[0]), ("to", &ids[1])]),
            &[file(&first)],
        );
        let symbol = brought_out(&town, "Phú Thọ", &page);
        town.settle();
        let (at_town, at_commune) = (arrived(&town, "Việt Trì", SUBJECT), arrived(&town, "Hùng Lô", SUBJECT));
        taken_in(&town, "Hùng Lô", &at_commune);
        town.settle();

        // A new version: other words, another file, one recipient off, one on. The number stays.
        let head = town.head("Phú Thọ");
        head.get(&page).sees("Cập nhật: giữ nguyên số").sees("Thay thế bằng văn bản mới");
        head.post(&format!("{page}/update"), &[("change_reason", "")]).is(422);
        head.get(&page).ok();
        let draft = head.post(&format!("{page}/update"), &[("change_reason", "bão đổi hướng")]);
        draft.sees("Soạn dự thảo").holds("subject", SUBJECT);
        // Whoever asks twice gets the same draft.
        assert_eq!(press(&head, &page, "update", &[("change_reason", "bão đổi hướng")]).path, draft.path);
        let fields = [("subject", CHANGED), ("to", ids[1].as_str()), ("to", ids[2].as_str())];
        let version = submitted(&town, &draft, &fields, &[file(&second)]);
        assert_eq!(brought_out(&town, "Phú Thọ", &version), symbol, "a version keeps the number");
        town.settle();

        // The commune: the clerk sees what is other, takes it, and the old version is kept.
        let (sender, commune) = (town.clerk("Phú Thọ"), town.clerk("Hùng Lô"));
        let before = told(&commune, &at_commune);
        assert_eq!(before["subject"].as_str(), Some(SUBJECT), "nothing changes before the clerk says so");
        commune.get("/?kind=documents.task.update").sees("Yêu cầu cập nhật");
        let demand = demanded(&commune);
        commune.get(&at_commune).sees("Nơi gửi có bản cập nhật").sees("bão số 11").sees("bão đổi hướng");
        commune.post(&format!("{demand}/grant"), &[]).sees("Đã nhận bản cập nhật");
        town.settle();
        let after = told(&commune, &at_commune);
        assert_eq!(after["subject"].as_str(), Some(CHANGED));
        assert_eq!(after["status"], "assigned", "the work goes on");
        assert_ne!(hashes(&before), hashes(&after));
        let about = demands(&commune, &at_commune);
        let kept = &about["items"][0]["version"];
        assert_eq!(kept["subject"].as_str(), Some(SUBJECT), "{about}");
        assert_eq!(kept["attachments"][0]["sha256"].as_str(), Some(hashes(&before)[0]));
        let shown = commune.get(&at_commune);
        shown.sees("Bản cũ, dùng đến").sees(SUBJECT).sees(CHANGED);
        let old_file = shown.links_to(&format!("{demand}/files/"));
        assert_eq!(commune.get(&old_file[0]).ok().bytes, first);
        town.officer("Hùng Lô").get("/notices").sees("có bản mới");
        commune.get("/search?q=bao so 11").sees(CHANGED);

        // The town is taken off: its clerk gives the copy back.
        let city = town.clerk("Việt Trì");
        let removal = demanded(&city);
        city.get(&at_town).sees("Nơi gửi yêu cầu lấy lại văn bản này").sees("bão đổi hướng").lacks("bão số 11");
        city.post(&format!("{removal}/grant"), &[]).sees("Đã thu hồi");
        town.settle();
        assert_eq!(stands(&sender, &page, TOWN).as_deref(), Some("recalled"));

        // The new one has the whole document, in its new version.
        let at_new = told(&town.clerk("Thanh Thủy"), &arrived(&town, "Thanh Thủy", CHANGED));
        assert_eq!(at_new["symbol"].as_str(), Some(symbol.as_str()));
        assert_eq!(hashes(&at_new), hashes(&after));
        assert_eq!(stands(&sender, &page, code(&town, "Thanh Thủy")).as_deref(), Some("arrived"));

        // For those who are not connected there is the packet of the version: type 2, what it was sent as.
        let (packet, attached) = document_of(&press(&sender, &version, "edxml", &[]).ok().bytes);
        let update = packet.business.update.clone().unwrap();
        assert_eq!(packet.business.kind, BusinessKind::Update);
        assert_eq!(packet.business.reason, "bão đổi hướng");
        assert_eq!(packet.target().unwrap(), told(&sender, &page)["document_id"].as_str().unwrap());
        assert_eq!((packet.subject.as_str(), packet.code.joined()), (CHANGED, symbol.clone()));
        let to: Vec<&str> = packet.to.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(to, [COMMUNE, code(&town, "Thanh Thủy")]);
        let mut changed: Vec<(String, Option<bool>)> =
            update.receivers.iter().map(|one| (one.organ_id.clone(), one.added)).collect();
        changed.sort();
        assert_eq!(changed, [(TOWN.to_owned(), Some(false)), (code(&town, "Thanh Thủy").to_owned(), Some(true))]);
        assert!(update.document_changed && update.receivers_changed);
        assert_eq!(attached, hashes(&after));
        // The first one is still the document as it was: type 0.
        let (first_packet, _) = document_of(&press(&sender, &page, "edxml", &[]).ok().bytes);
        assert_eq!(first_packet.business.kind, BusinessKind::New);
        town.clerk("Hùng Lô").post(&format!("{version}/edxml"), &[]).is(404);

        // The sender reads all of it on one page; the version leads to it, and back.
        sender.get(&format!("{version}/tracking")).sees("Đã lấy lại").sees("Bỏ khỏi nơi nhận").sees("Cập nhật");
        sender.get(&page).sees("Đã có bản cập nhật mới hơn");
        sender.get(&version).sees("Bản cập nhật của");
        let mut states: Vec<String> = requests(&sender, &page)["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{} {}", one["kind"].as_str().unwrap(), one["state"].as_str().unwrap()))
            .collect();
        states.sort();
        assert_eq!(states, ["removal granted", "update granted"]);
        invariants::hold(&town);
    }

    fn a_version_that_changes_recipients_only_asks_nothing_of_those_who_stay(town: Town) {
        let ids = ["Việt Trì", "Hùng Lô", "Thanh Thủy"].map(|place| id_in(&town, "phutho", place));
        let page = drafted(&town, "Phú Thọ", (SUBJECT, &[("to", &ids[0]), ("to", &ids[1])]), &[]);
        let symbol = brought_out(&town, "Phú Thọ", &page);
        town.settle();
        let (at_town, at_commune) = (arrived(&town, "Việt Trì", SUBJECT), arrived(&town, "Hùng Lô", SUBJECT));
        taken_in(&town, "Hùng Lô", &at_commune);
        town.settle();
        let (sender, commune, city) = (town.clerk("Phú Thọ"), town.clerk("Hùng Lô"), town.clerk("Việt Trì"));
        let before = told(&commune, &at_commune);

        let head = town.head("Phú Thọ");
        let draft = press(&head, &page, "update", &[("change_reason", "sai nơi nhận")]);
        let version = submitted(&town, &draft, &[("to", ids[1].as_str()), ("to", ids[2].as_str())], &[]);
        assert_eq!(brought_out(&town, "Phú Thọ", &version), symbol);
        town.settle();
        // Who stays is asked nothing, and works on.
        assert_eq!(demands(&commune, &at_commune)["items"].as_array().map(Vec::len), Some(0));
        assert_eq!(told(&commune, &at_commune)["history"], before["history"]);
        commune.get(&at_commune).lacks("Nơi gửi có bản cập nhật");
        // Who is new has the document as the others have it.
        let at_new = told(&town.clerk("Thanh Thủy"), &arrived(&town, "Thanh Thủy", SUBJECT));
        assert_eq!((at_new["symbol"].as_str(), at_new["subject"].as_str()), (Some(symbol.as_str()), Some(SUBJECT)));
        // The packet says that the recipients changed and the document did not.
        let (packet, _) = document_of(&press(&sender, &version, "edxml", &[]).ok().bytes);
        let update = packet.business.update.clone().unwrap();
        assert!(!update.document_changed && update.receivers_changed);

        // Crossing: the one who is taken off refuses, for it has begun; it stays a recipient.
        let removal = demanded(&city);
        city.get(&removal).ok();
        city.post(&format!("{removal}/refuse"), &[("refuse_reason", "đã triển khai")]).ok();
        town.settle();
        assert_eq!(stands(&sender, &page, TOWN).as_deref(), Some("arrived"));
        assert_eq!(told(&city, &at_town)["subject"].as_str(), Some(SUBJECT));
        invariants::hold(&town);
    }

    fn two_versions_that_change_recipients_only_cross_on_the_way(town: Town) {
        let ids = ["Việt Trì", "Hùng Lô", "Thanh Thủy"].map(|place| id_in(&town, "phutho", place));
        let page = drafted(&town, "Phú Thọ", (SUBJECT, &[("to", &ids[0]), ("to", &ids[1])]), &[]);
        brought_out(&town, "Phú Thọ", &page);
        town.settle();
        let at_town = arrived(&town, "Việt Trì", SUBJECT);
        let head = town.head("Phú Thọ");
        let version = |to: &[&str], reason: &str| {
            let draft = press(&head, &page, "update", &[("change_reason", reason)]);
            let fields: Vec<(&str, &str)> = to.iter().map(|id| ("to", *id)).collect();
            let version = submitted(&town, &draft, &fields, &[]);
            brought_out(&town, "Phú Thọ", &version);
        };
        // The town is taken off; before it has answered a third is added and the town is put on again.
        version(&[&ids[1]], "bớt một nơi");
        version(&[&ids[0], &ids[1], &ids[2]], "thêm lại");
        town.settle();
        let (city, sender) = (town.clerk("Việt Trì"), town.clerk("Phú Thọ"));
        assert_eq!(told(&city, &at_town)["subject"].as_str(), Some(SUBJECT));
        assert_eq!(stands(&sender, &page, code(&town, "Thanh Thủy")).as_deref(), Some("arrived"));
        invariants::hold(&town);
    }

    fn a_refused_version_leaves_the_old_one_and_nothing_changed_is_no_version(town: Town) {
        let to = id_in(&town, "phutho", "Việt Trì");
        let page = drafted(&town, "Phú Thọ", (SUBJECT, &[("to", &to)]), &[]);
        brought_out(&town, "Phú Thọ", &page);
        town.settle();
        let received = arrived(&town, "Việt Trì", SUBJECT);
        let head = town.head("Phú Thọ");
        let draft = press(&head, &page, "update", &[("change_reason", "sửa")]);
        let version = submitted(&town, &draft, &[], &[]);
        press(&town.clerk("Phú Thọ"), &version, "approve-format", &[]).ok();
        press(&town.leader("Phú Thọ"), &version, "approve", &[]).ok();
        press(&town.clerk("Phú Thọ"), &version, "issue", &[]).is(409).sees("không khác văn bản đang có");
        press(&town.clerk("Phú Thọ"), &version, "return-issue", &[("reason", "chưa sửa gì")]).ok();
        press(&town.leader("Phú Thọ"), &version, "return-approve", &[("reason", "sửa đi")]).ok();
        let again = head.get(&format!("{version}/edit"));
        submitted(&town, &again, &[("subject", CHANGED)], &[]);
        brought_out(&town, "Phú Thọ", &version);
        town.settle();
        let city = town.clerk("Việt Trì");
        let demand = demanded(&city);
        city.get(&demand).ok();
        city.post(&format!("{demand}/refuse"), &[("refuse_reason", "đã triển khai bản trước")]).ok();
        town.settle();
        assert_eq!(told(&city, &received)["subject"].as_str(), Some(SUBJECT));
        let asked = requests(&town.clerk("Phú Thọ"), &page);
        assert_eq!(asked["items"][0]["state"], "refused", "{asked}");
        assert_eq!(stands(&town.clerk("Phú Thọ"), &page, TOWN).as_deref(), Some("arrived"));
        invariants::hold(&town);
    }

    fn a_replaced_document_says_so_leads_to_the_new_one_and_is_worked_on_no_more(town: Town) {
        let to = ["Việt Trì", "Hùng Lô"].map(|place| id_in(&town, "phutho", place));
        let page = drafted(&town, "Phú Thọ", (SUBJECT, &[("to", &to[0]), ("to", &to[1])]), &[]);
        let symbol = brought_out(&town, "Phú Thọ", &page);
        town.settle();
        let (at_town, at_commune) = (arrived(&town, "Việt Trì", SUBJECT), arrived(&town, "Hùng Lô", SUBJECT));
        taken_in(&town, "Việt Trì", &at_town);
        taken_in(&town, "Hùng Lô", &at_commune);
        let answer = press(&town.officer("Hùng Lô"), &at_commune, "answer", &[]);
        town.settle();

        let head = town.head("Phú Thọ");
        let draft = press(&head, &page, "replace", &[("change_reason", "sai căn cứ")]);
        let fields = [("subject", "thay lịch trực ban mùa bão")];
        let newer = submitted(&town, &draft, &fields, &[]);
        let new_symbol = brought_out(&town, "Phú Thọ", &newer);
        assert_ne!(new_symbol, symbol);
        // It crosses the word that the town is done.
        press(&town.officer("Việt Trì"), &at_town, "note", &[("note", "Đã trực.")]).sees("Hoàn thành");
        town.settle();

        // At both: a banner, a link, no work; the new one waits to be registered.
        for (place, old) in [("Việt Trì", &at_town), ("Hùng Lô", &at_commune)] {
            let clerk = town.clerk(place);
            let new = arrived(&town, place, "thay lịch trực ban");
            let shown = clerk.get(old);
            shown.sees("đã bị thay thế bằng").sees(&new_symbol).sees("Không còn hiệu lực");
            assert!(shown.links_to(&new).contains(&new), "{place}: on to the new one");
            assert_eq!(told(&clerk, old)["status"], "replaced");
            clerk.get(&new).sees("Thay thế văn bản").sees(&symbol);
            clerk.get("/documents/registers/incoming").sees("Đã bị thay thế");
            press(&town.officer(place), old, "note", &[("note", "xong")]).is(409).sees("không còn hiệu lực");
            press(&town.officer(place), old, "answer", &[]).is(409);
            town.officer(place).get("/").sees("Hết việc cần làm");
            town.officer(place).get("/notices").sees("đã bị thay thế, việc của bạn dừng ở đây");
        }

        // An answer that was in hand cannot leave any more.
        let page_of_answer = answer.path.trim_end_matches("/edit").to_owned();
        let officer = town.officer("Hùng Lô");
        officer.get(&answer.path).ok();
        officer.post(&format!("{page_of_answer}/submit"), &[("type_code", "BC")]).ok();
        press(&town.head("Hùng Lô"), &page_of_answer, "approve-content", &[]).ok();
        press(&town.clerk("Hùng Lô"), &page_of_answer, "approve-format", &[]).ok();
        press(&town.leader("Hùng Lô"), &page_of_answer, "approve", &[]).ok();
        let refused = press(&town.clerk("Hùng Lô"), &page_of_answer, "issue", &[]);
        refused.is(409).sees("không còn hiệu lực");

        // The sender: the old one is replaced everywhere, cannot be changed again, and says by what.
        let sender = town.clerk("Phú Thọ");
        assert_eq!(stands(&sender, &page, TOWN).as_deref(), Some("replaced"));
        assert_eq!(stands(&sender, &page, COMMUNE).as_deref(), Some("replaced"));
        sender.get(&page).sees("đã được thay thế bằng").sees(&new_symbol);
        sender.get(&newer).sees("Thay thế văn bản").sees(&symbol);
        sender.get("/documents/registers/outgoing").sees("Đã bị thay thế");
        press(&head, &page, "replace", &[("change_reason", "lại")]).is(409);

        // The packet of the new one says what it stands in place of, and for whom: type 3.
        let (packet, _) = document_of(&press(&sender, &newer, "edxml", &[]).ok().bytes);
        assert_eq!(packet.business.kind, BusinessKind::Replace);
        assert_eq!(packet.business.reason, "sai căn cứ");
        assert_eq!(packet.code.joined(), new_symbol);
        let [replaced] = packet.business.replacements.as_slice() else { panic!("{packet:?}") };
        assert_eq!(replaced.document_id, told(&sender, &page)["document_id"].as_str().unwrap());
        assert_eq!(replaced.organ_ids, [TOWN, COMMUNE]);
        invariants::hold(&town);
    }
}

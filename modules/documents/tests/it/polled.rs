//! Stories of asking other agencies: by an issued document, answered by documents, counted in one question.

use crate::it::outgoing::{approved, press};
use testkit::{Person, Town};

/// The page of the newest incoming document of an agency.
fn arrived_at(clerk: &Person<'_>) -> String {
    let links = clerk.get("/documents/incoming").links_to("/documents/incoming/");
    links.into_iter().find(|link| link.len() == "/documents/incoming/".len() + 36).expect("a document")
}

/// A letter to two districts that asks for their opinion; answers the page of the question.
fn asked(town: &Town) -> (String, String) {
    let page = approved(town, "góp ý dự thảo quy hoạch", &[("groups", "districts"), ("due", "2017-10-25")]);
    press(&town.clerk("Phú Thọ"), &page, "issue", &[]).ok();
    town.settle();
    let officer = town.officer("Phú Thọ");
    let id = page.rsplit('/').next().expect("an id").to_owned();
    officer.get(&format!("/documents/opinions/new?outgoing={id}")).sees("Hỏi các nơi nhận văn bản này");
    let poll = officer
        .post("/documents/opinions/agencies", &[("document", id.as_str()), ("until", "2017-10-25T17:00")]);
    (page, poll.sees("2 chưa trả lời").path.clone())
}

/// A district answers the letter by one of its own; answers the page there.
fn answers(town: &Town, place: &str, subject: &str) -> String {
    let clerk = town.clerk(place);
    let came = arrived_at(&clerk);
    press(&clerk, &came, "accept", &[]).ok();
    let head = town.head(place);
    let draft = press(&head, &came, "answer", &[]).ok().path.clone();
    let page = draft.trim_end_matches("/edit").to_owned();
    head.get(&draft).ok();
    head.post(
        &format!("{page}/submit"),
        &[("type_code", "CV"), ("subject", subject), ("body", "Nhất trí."), ("version", "1")],
    )
    .sees("Chờ kiểm tra thể thức");
    press(&clerk, &page, "approve-format", &[]).ok();
    press(&town.leader(place), &page, "approve", &[]).ok();
    press(&clerk, &page, "issue", &[]).sees("Đã phát hành");
    town.settle();
    page
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn an_answer_of_an_agency_is_counted_by_itself_and_read_by_who_asked(town: Town) {
        let (_, poll) = asked(&town);
        answers(&town, "Việt Trì", "góp ý quy hoạch của Việt Trì");
        let officer = town.officer("Phú Thọ");
        officer.get("/notices").sees("đã trả lời bằng 01/UBND-VX");
        officer.get("/").sees("Đọc ý kiến của cơ quan");
        let page = officer.get(&poll);
        page.sees("0 đồng ý, 0 không đồng ý, 1 ý kiến khác, 1 chưa trả lời").sees("chưa đọc");
        let links = page.links_to("/documents/incoming/");
        officer.get(&links[0]).sees("góp ý quy hoạch của Việt Trì");

        let told = officer.api(&poll, None).json();
        assert_eq!((&told["other"], &told["open"]), (&1.into(), &1.into()));
        // Another's question is not theirs to note.
        let id = town.read("phutho", |cx| cx.rows::<(uuid::Uuid,)>(&POLLED, &[])).into_iter().next().unwrap().0.to_string();
        press(&town.head("Phú Thọ"), &poll, "agency", &[("polled", &id), ("answer", "agree")]).is(409).sees("Chỉ người hỏi");
        press(&officer, &poll, "agency", &[("polled", &id), ("answer", "agree")]).sees("1 đồng ý, 0 không đồng ý, 0 ý kiến khác, 1 chưa trả lời").lacks("chưa đọc");
        officer.get("/").lacks("Đọc ý kiến của cơ quan");
        officer.get(&format!("{poll}/summary.csv")).ok();
        town.leader("Việt Trì").get(&poll).is(404);
    }

    fn who_is_silent_is_urged_by_a_letter_and_what_comes_too_late_is_not_counted(town: Town) {
        let (page, poll) = asked(&town);
        let officer = town.officer("Phú Thọ");
        let id = page.rsplit('/').next().expect("an id").to_owned();
        officer.get(&format!("/documents/opinions/new?outgoing={id}")).ok();
        officer.post("/documents/opinions/agencies", &[("document", id.as_str()), ("until", "2017-10-26T17:00")]).is(409).sees("đang được lấy ý kiến rồi");
        let mut draft = press(&officer, &poll, "urge", &[]);
        draft.holds("subject", "đôn đốc cho ý kiến về góp ý dự thảo quy hoạch").holds("body", "01/UBND-VX");
        let edit = draft.path.clone();
        draft = officer.get(&edit);
        draft.sees("Việt Trì").sees("Thanh Thủy");
        press(&officer, &poll, "close", &[("conclusion", "Trình thông qua")]).ok();
        answers(&town, "Việt Trì", "góp ý muộn");
        officer.get(&poll).sees("2 chưa trả lời");
        officer.get("/notices").lacks("đã trả lời bằng");
    }

    fn an_answer_that_is_sent_back_counts_no_more_and_a_draft_asks_nobody(town: Town) {
        let (_, poll) = asked(&town);
        answers(&town, "Việt Trì", "gửi nhầm");
        let (clerk, officer) = (town.clerk("Phú Thọ"), town.officer("Phú Thọ"));
        officer.get(&poll).sees("1 chưa trả lời");
        press(&clerk, &arrived_at(&clerk), "return", &[("reason", "Gửi nhầm")]).ok();
        officer.get(&poll).sees("2 chưa trả lời");

        let draft = crate::it::outgoing::submitted(&town, "chưa phát hành", &[("groups", "districts")]);
        let id = draft.rsplit('/').next().expect("an id").to_owned();
        officer.get(&format!("/documents/opinions/new?outgoing={id}")).lacks("Hỏi các nơi nhận");
        officer.post("/documents/opinions/agencies", &[("document", id.as_str()), ("until", "2017-10-26T17:00")]).is(409).sees("đã phát hành");
    }
}

static POLLED: kernel::Sql = kernel::q!("SELECT id FROM documents_polled WHERE {scope} AND answer <> ''");

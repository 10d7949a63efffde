//! Stories of writing: structured text on paper, a preview that stores nothing, words of a DOCX, a PDF in place of the words,
//! remarks that are settled.

use crate::it::outgoing::{approved, press};
use crate::it::print::says;
use docx::{Block, Run};
use testkit::{Attachment, Page, Town};

const BODY: &str = "Căn cứ Luật Tổ chức chính quyền địa phương;\nChương I. Quy định chung\nĐiều 1. Ban hành **Quy chế** văn thư.\n\
    1. Phạm vi.\na) Cấp tỉnh;\n- Bản giấy.\n| TT | Đơn vị | Số lượng |\n| 1 | Sở Nội vụ | 120 |\n| 2 | Chi cục Văn thư | 8 |\n\
    Điều 2. Quyết định có hiệu lực từ ngày ký.";

/// A draft that was begun; its page.
fn begun(town: &Town, body: &str) -> String {
    let officer = town.officer("Phú Thọ");
    officer.get("/documents/outgoing/new").ok();
    let page = officer
        .post("/documents/outgoing", &[("type_code", "QĐ"), ("subject", "quy chế văn thư"), ("body", body)]);
    page.sees("Soạn dự thảo");
    page.path.trim_end_matches("/edit").to_owned()
}

fn form<'a>(body: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields =
        vec![("type_code", "QĐ"), ("subject", "quy chế văn thư"), ("body", body), ("version", "9")];
    fields.extend_from_slice(more);
    fields
}

fn word(bytes: &[u8]) -> Attachment<'_> {
    Attachment { field: "docx", name: "du-thao.docx", bytes }
}

fn sample() -> Vec<u8> {
    let cell = |text: &str| vec![Run::plain(text)];
    docx::write(&[
        Block::Paragraph(vec![Run::plain("Điều 1. Giao Sở Nội vụ chủ trì.")]),
        Block::Table(vec![vec![cell("TT"), cell("Việc")], vec![cell("1"), cell("Rà soát")]]),
    ])
    .expect("a file")
}

/// The smallest PDF of some pages that a strict reader opens.
fn pdf(pages: usize, trailer: &str) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|n| format!("{} 0 R", n + 3)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {pages}/Kids[{}]>>", kids.join(" ")),
    ];
    objects.extend((0..pages).map(|_| "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>".to_owned()));
    let (mut text, mut places) = ("%PDF-1.7\n".to_owned(), Vec::new());
    for (n, object) in objects.iter().enumerate() {
        places.push(text.len());
        text.extend([format!("{} 0 obj\n{object}\nendobj\n", n + 1)]);
    }
    let begin = text.len();
    text.extend([format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1)]);
    for place in &places {
        text.extend([format!("{place:010} 00000 n \n")]);
    }
    text.extend([format!(
        "trailer\n<</Size {}/Root 1 0 R{trailer}>>\nstartxref\n{begin}\n%%EOF\n",
        places.len() + 1
    )]);
    text.into_bytes()
}

fn bring(town: &Town, page: &str, bytes: &[u8]) -> Page {
    let officer = town.officer("Phú Thọ");
    officer.get(&format!("{page}/edit")).ok();
    let file = Attachment { field: "body_pdf", name: "quyet-dinh.pdf", bytes };
    officer.post_files(&format!("{page}/save"), &form("Điều 1. Chữ.", &[]), &[file])
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn structured_words_are_printed_as_the_decree_has_them(town: Town) {
        let to = town.agency("Việt Trì").id.to_string();
        let page = approved(&town, "quy chế văn thư", &[("type_code", "QĐ"), ("to", &to), ("body", BODY)]);
        let clerk = town.clerk("Phú Thọ");
        let text = says(&clerk, &format!("{page}/document.pdf"), &[
            "Căn cứ Luật Tổ chức chính quyền địa phương", "Chương I", "QUY ĐỊNH CHUNG", "Điều 1. Ban hành Quy chế văn thư.",
            "1. Phạm vi.", "a) Cấp tỉnh;", "- Bản giấy.", "TT Đơn vị Số lượng", "1 Sở Nội vụ 120", "2 Chi cục Văn thư 8",
            "Điều 2. Quyết định có hiệu lực từ ngày ký./.",
        ]);
        assert!(!text.contains("**") && !text.contains('|'), "{text}");
        // On the screen it reads the same, without marks.
        clerk.get(&page).sees("Chi cục Văn thư").sees("Ban hành Quy chế văn thư").lacks("**").lacks("| 1 |");
    }

    fn a_preview_shows_what_is_written_and_stores_nothing(town: Town) {
        let page = begun(&town, "Điều 1. Cũ.");
        let officer = town.officer("Phú Thọ");
        officer.get(&format!("{page}/edit")).sees("Bản in (PDF)");
        let before = officer.api(&page, None).json();
        let preview = officer.post(&format!("{page}/preview"), &form(BODY, &[]));
        preview.ok();
        let pages = preview.body().matches("data:image/svg+xml;base64,").count();
        assert_eq!(pages, 1, "{}", preview.body().len());
        assert!(preview.body().contains("Trang 1 trên 1"), "pages say which they are");
        let after = officer.api(&page, None).json();
        assert_eq!((&before["version"], &before["body"]), (&after["version"], &after["body"]));
        // The printer's refusal stands where the pages would; nobody else sees a draft so.
        officer.post(&format!("{page}/preview"), &form("Điều 1. Chữ 漢.", &[])).ok().sees("không có trong phông chữ");
        town.officer("Việt Trì").post(&format!("{page}/preview"), &form(BODY, &[])).is(404);
    }

    fn a_draft_is_seen_as_it_will_be_printed_before_its_first_save_and_on_its_own_page(town: Town) {
        let officer = town.officer("Phú Thọ");
        let blank = officer.get("/documents/outgoing/new");
        assert!(blank.body().contains("data-preview=\"/documents/outgoing/preview\""), "{}", blank.body());
        let preview = officer.post("/documents/outgoing/preview", &form(BODY, &[]));
        assert_eq!(preview.ok().body().matches("data:image/svg+xml;base64,").count(), 1);
        officer.get("/documents/outgoing").lacks("quy chế văn thư");
        // The page of a draft has its printed pages, and its words for whoever reads those.
        let page = begun(&town, BODY);
        let shown = officer.get(&page);
        shown.sees("Đọc dưới dạng chữ").sees("Chi cục Văn thư");
        assert!(shown.body().contains(&format!("data-pages=\"{page}/pages.html\"")));
        let pages = officer.get(&format!("{page}/pages.html"));
        assert!(pages.ok().body().contains("Trang 1 trên 1"), "{}", pages.body().len());
        town.officer("Việt Trì").get(&format!("{page}/pages.html")).is(404);
        // A file that stands for the words is shown as itself.
        bring(&town, &page, &pdf(1, ""));
        officer.get(&format!("{page}/pages.html")).is(404);
    }

    fn words_of_a_docx_come_after_what_is_there_and_bad_files_lose_nothing(town: Town) {
        let page = begun(&town, "Đã viết.");
        let officer = town.officer("Phú Thọ");
        officer.get(&format!("{page}/edit")).ok();
        // With script: the words are answered, and nothing is saved.
        let answered = officer.post_files("/documents/outgoing/words", &[], &[word(&sample())]).json();
        assert_eq!(answered["text"], "Điều 1. Giao Sở Nội vụ chủ trì.\n| **TT** | **Việc** |\n| 1 | Rà soát |");
        assert_eq!(answered["told"], "Đã nhập toàn bộ nội dung.");
        assert_eq!(officer.api(&page, None).json()["body"], "Đã viết.");
        // Without: the form brings them.
        officer.get(&format!("{page}/edit")).ok();
        officer.post_files(&format!("{page}/save"), &form("Đã viết thêm.", &[]), &[word(&sample())]).sees("Đã nhập toàn bộ");
        let body = officer.api(&page, None).json()["body"].as_str().expect("words").to_owned();
        assert!(body.starts_with("Đã viết thêm.\nĐiều 1. Giao Sở Nội vụ"), "{body}");
        for (bytes, reason) in [
            (b"%PDF-1.7 rest".as_slice(), "không phải DOCX"),
            (&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0], "đời cũ hoặc có mật khẩu"),
            (b"PK\x03\x04 broken", "bị hỏng"),
        ] {
            officer.get(&format!("{page}/edit")).ok();
            let refused = officer.post_files("/documents/outgoing/words", &[], &[word(bytes)]).json();
            assert!(refused["refused"].as_str().is_some_and(|why| why.contains(reason)), "{refused}");
            officer.get(&format!("{page}/edit")).ok();
            let back = officer.post_files(&format!("{page}/save"), &form("Còn nguyên.", &[]), &[word(bytes)]);
            back.is(422).sees(reason).sees("Còn nguyên.");
        }
        // Nobody makes words up that no file holds.
        officer.get(&format!("{page}/edit")).ok();
        officer.post(&format!("{page}/save"), &form("Một.", &[("docx.text", "Giả.")])).ok();
        assert_eq!(officer.api(&page, None).json()["body"], "Một.");
    }

    fn a_pdf_stands_for_the_words_until_it_is_taken_back(town: Town) {
        let page = begun(&town, "Điều 1. Chữ.");
        let officer = town.officer("Phú Thọ");
        let file = pdf(2, "");
        bring(&town, &page, &file).sees("Nội dung là tệp quyet-dinh.pdf, 2 trang").sees("Trở lại nội dung soạn ở đây");
        assert_eq!(officer.get(&format!("{page}/document.pdf")).bytes, file, "it is the file itself");
        officer.get(&format!("{page}/versions")).sees("nội dung là tệp quyet-dinh.pdf");
        officer.get(&format!("{page}/edit")).ok();
        officer.post(&format!("{page}/take-back-file"), &form("Điều 1. Chữ mới.", &[])).lacks("Nội dung là tệp");
        says(&officer, &format!("{page}/document.pdf"), &["Điều 1. Chữ mới./."]);
        officer.get(&format!("{page}/versions")).sees("nội dung là tệp quyet-dinh.pdf");
        officer.get(&format!("{page}/edit")).ok();
        officer.post(&format!("{page}/take-back-file"), &form("Điều 1. Chữ mới.", &[])).is(409);
    }

    fn a_pdf_that_cannot_stand_is_refused_with_the_reason(town: Town) {
        let page = begun(&town, "Điều 1. Chữ.");
        for (bytes, reason) in [
            (b"PK\x03\x04".to_vec(), "không phải PDF"),
            (pdf(1, "/Encrypt<</Filter/Standard>>"), "có mật khẩu hoặc bị khóa"),
            (b"%PDF-1.7\nnothing".to_vec(), "bị hỏng"),
            (pdf(1_000, ""), "quá 999 trang"),
        ] {
            bring(&town, &page, &bytes).is(422).sees(reason);
        }
        says(&town.officer("Phú Thọ"), &format!("{page}/document.pdf"), &["Điều 1. Chữ./."]);
    }

    fn a_remark_is_told_to_the_drafter_and_settled_once(town: Town) {
        let page = begun(&town, "Điều 1. Chữ.");
        let head = town.head("Phú Thọ");
        press(&head, &page, "comment", &[("words", "Bổ sung căn cứ")]).ok();
        let officer = town.officer("Phú Thọ");
        officer.get("/notices").sees("Quyết định");
        let shown = officer.get(&page);
        shown.sees("Bổ sung căn cứ").lacks("Đã xử lý:");
        let settle = shown.forms().iter().find(|form| form.action.contains("/settle/")).expect("a form").action.clone();
        officer.post(&settle, &[]).sees("Đã xử lý:");
        officer.post(&settle, &[]).is(409);
        town.officer("Việt Trì").post(&settle, &[]).is(404);
    }

    fn versions_of_structured_words_show_what_changed(town: Town) {
        let page = begun(&town, "Điều 1. Một.\n| TT | Việc |\n| 1 | Rà soát |");
        let officer = town.officer("Phú Thọ");
        officer.get(&format!("{page}/edit")).ok();
        officer.post(&format!("{page}/save"), &form("Điều 1. **Một**.\n| TT | Việc |\n| 1 | Báo cáo |", &[])).ok();
        let page = officer.get(&format!("{page}/versions"));
        let body = page.body();
        assert!(body.contains("<ins>| 1 | Báo cáo |</ins>") && body.contains("<del>| 1 | Rà soát |</del>"), "{body}");
        assert!(body.contains("<ins>Điều 1. <b>Một</b>.</ins>"), "{body}");
    }
}

//! Stories of what is printed: the PDF says what the page says, and to the same people.

use crate::it::opinions::asked;
use crate::it::outgoing::{approved, press};
use std::io::Write;
use std::process::{Command, Stdio};
use testkit::{Page, Person};

/// The words of a PDF, in the order they are read.
#[expect(clippy::disallowed_methods, reason = "a test reads PDF with the tool that people have")]
fn words(page: &Page) -> String {
    page.ok();
    assert_eq!(page.header("content-type"), Some("application/pdf"));
    let mut reader = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext, of poppler-utils");
    reader.stdin.take().expect("a pipe").write_all(&page.bytes).expect("a reader");
    let read = reader.wait_with_output().expect("words");
    let text = String::from_utf8(read.stdout).expect("UTF-8");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn says(person: &Person<'_>, path: &str, expected: &[&str]) -> String {
    let text = words(&person.get(path));
    for one in expected {
        assert!(text.contains(one), "{one} is not in {path}: {text}");
    }
    text
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn a_document_is_printed_as_a_draft_without_a_number_and_as_issued_with_it(town: Town) {
        let to = town.agency("Việt Trì").id.to_string();
        let body = "Căn cứ Nghị định số 30/2020/NĐ-CP;\n1. Rà soát quỹ đất.\na) Đất bãi bồi.";
        let page = approved(&town, "rà soát quỹ đất", &[("to", &to), ("body", body), ("urgency", "3")]);
        let (clerk, pdf) = (town.clerk("Phú Thọ"), format!("{page}/document.pdf"));
        clerk.get(&page).sees("Bản in (PDF)");
        let draft = says(&clerk, &pdf, &["DỰ THẢO, BẢN 1", "ỦY BAN NHÂN DÂN", "rà soát quỹ đất", "HỎA TỐC"]);
        assert!(!draft.contains("01/UBND"), "{draft}");

        press(&clerk, &page, "issue", &[]).sees("Đã phát hành");
        let symbol = clerk.api(&page, None).json()["symbol"].as_str().expect("a symbol").to_owned();
        let issued = says(&clerk, &pdf, &[
            &format!("Số: {symbol}"), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ngày 16 tháng 10 năm 2017", "Kính gửi",
            "Căn cứ Nghị định số 30/2020/NĐ-CP", "1. Rà soát quỹ đất.", "a) Đất bãi bồi.", "CHỦ TỊCH",
        ]);
        assert!(!issued.contains("DỰ THẢO"), "{issued}");
        // The same bytes each time, and nothing for strangers.
        assert_eq!(clerk.get(&pdf).bytes, clerk.get(&pdf).bytes);
        town.clerk("Việt Trì").get(&pdf).is(404);
    }

    fn the_board_and_the_month_are_printed_with_the_agency_and_their_figures(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        clerk.get("/documents/incoming/new").ok();
        let page = clerk.post("/documents/incoming", &[
            ("from_name", "Bộ Thông tin và Truyền thông"), ("symbol", "742/BTTTT-THH"), ("promulgated", "2017-10-12"),
            ("type_name", "Công văn"), ("urgency", "0"), ("subject", "Rà soát trang thiết bị"),
        ]).ok().path.clone();
        let unit = format!("unit:{}", town.unit("Phú Thọ", "VX"));
        let leader = town.leader("Phú Thọ");
        press(&leader, &page, "direct", &[("lead", &unit), ("due", "2017-10-18")]).ok();
        town.pass_days(5);
        leader.get("/documents/board").ok().sees("PDF");
        says(&leader, "/documents/board.pdf", &[
            "ỦY BAN NHÂN DÂN", "TỈNH PHÚ THỌ", "BẢNG ĐIỀU HÀNH", "Quá hạn trong cơ quan", "ngày 21 tháng 10 năm 2017",
            "742/BTTTT-THH: Rà soát trang thiết bị", "Trễ (ngày)", "18/10/2017",
        ]);
        leader.get("/documents/reports?month=2017-10").ok().sees("PDF");
        let month = says(&leader, "/documents/reports.pdf?month=2017-10", &[
            "BÁO CÁO THÁNG 10/2017", "Theo đơn vị", "Đã nhận", "Xong đúng hạn", "Cộng",
        ]);
        assert!(!month.contains("09/2017"), "{month}");
        town.officer("Phú Thọ").get("/documents/board.pdf").is(403);
        town.clerk("Việt Trì").get("/documents/reports.pdf").is(403);
    }

    fn slip_register_and_summary_say_what_their_pages_say(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        clerk.get("/documents/incoming/new").ok();
        let page = clerk.post("/documents/incoming", &[
            ("from_name", "Bộ Thông tin và Truyền thông"), ("symbol", "742/BTTTT-THH"), ("promulgated", "2017-10-12"),
            ("type_name", "Công văn"), ("urgency", "0"), ("subject", "Rà soát trang thiết bị"),
        ]).ok().path.clone();
        let unit = format!("unit:{}", town.unit("Phú Thọ", "VX"));
        let leader = town.leader("Phú Thọ");
        press(&leader, &page, "direct", &[("lead", &unit), ("instruction", "Tham mưu trước ngày 20")]).ok();
        says(&clerk, &format!("{page}/slip.pdf"), &["PHIẾU GIẢI QUYẾT", "742/BTTTT-THH", "Tham mưu trước ngày 20"]);
        says(&clerk, "/documents/registers/incoming.pdf?year=2017", &[
            "ĐĂNG KÝ VĂN BẢN ĐẾN", "742/BTTTT-", "Rà soát trang thiết bị", "16/10/2017",
        ]);
        town.officer("Phú Thọ").get("/documents/registers/incoming.pdf").is(403);

        let poll = asked(&town, "2017-10-18T17:00");
        says(&leader, &format!("{poll}/summary.pdf"), &[
            "Tổng hợp ý kiến", "Phương án trực lũ", "Chưa trả lời", "3 chưa trả lời",
        ]);
        town.clerk("Việt Trì").get(&format!("{poll}/summary.pdf")).is(404);
    }
}

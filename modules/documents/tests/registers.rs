//! Stories of the registers: what stands in them, and that paper, screen and exports tell the same.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets the impossible should stop"
)]

use kernel::{Sql, q, values};
use std::io::Read;
use testkit::{Page, Person, Town};

const INCOMING: [&str; 10] = [
    "Ngày đến",
    "Số đến",
    "Tác giả",
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Đơn vị hoặc người nhận",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
];
const OUTGOING: [&str; 10] = [
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Người ký",
    "Nơi nhận văn bản",
    "Đơn vị, người nhận bản lưu",
    "Số lượng bản",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
];
const FOLLOW_UP: [&str; 7] = [
    "Số đến",
    "Tên loại, số, ký hiệu, ngày, tháng và tên cơ quan, tổ chức ban hành văn bản",
    "Đơn vị hoặc người nhận",
    "Thời hạn giải quyết",
    "Tiến độ giải quyết",
    "Số, ký hiệu văn bản trả lời",
    "Ghi chú",
];

/// Enters a document that came on paper.
fn paper(clerk: &Person<'_>, from: &str, symbol: &str, subject: &str) {
    clerk.get("/documents/incoming/new").ok();
    let fields = [
        ("from_name", from),
        ("symbol", symbol),
        ("promulgated", "2017-10-12"),
        ("type_name", "Công văn"),
        ("subject", subject),
        ("urgency", "1"),
    ];
    clerk.post("/documents/incoming", &fields).sees("Đã vào sổ");
}

/// The text between tags.
fn plain(html: &str) -> String {
    let text: String =
        html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The pieces of a text that stand between two marks.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    text.split(open).skip(1).map(|part| part.split(close).next().unwrap_or("")).collect()
}

/// The table of a page: its heads, without the numbers of the form, and its rows.
fn screen(page: &Page) -> Vec<Vec<String>> {
    let body = page.body();
    let table = between(&body, "<table", "</table>").first().copied().unwrap_or("").to_owned();
    let rows = between(&table, "<tr", "</tr>");
    let cells = |row: &str| -> Vec<String> {
        let row = row.replace("<th ", "<td ").replace("<th>", "<td>").replace("</th>", "</td>");
        between(&row, "<td", "</td>")
            .into_iter()
            .map(|cell| {
                plain(&format!("<td{}", cell.split("<span class=\"only-print\">").next().unwrap_or("")))
            })
            .collect()
    };
    rows.into_iter().map(cells).collect()
}

/// The lines of a CSV, the guard against formulas taken off.
fn csv(page: &Page) -> Vec<Vec<String>> {
    let body = page.body();
    let lines = body.strip_prefix('\u{feff}').expect("a byte order mark").trim_end().split("\r\n");
    let cell = |cell: &str| cell.strip_prefix('\'').unwrap_or(cell).replace("\"\"", "\"");
    let inner = |line: &'_ str| line.strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
    lines.map(|line| inner(line).expect("cells in quotes").split("\",\"").map(cell).collect()).collect()
}

/// The rows of a workbook below agency, title and note; without the numbers of the form.
fn xlsx(page: &Page) -> Vec<Vec<String>> {
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(page.bytes.clone())).expect("a workbook");
    let mut xml = String::new();
    book.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut xml).unwrap();
    assert!(!xml.contains("<f>"), "a formula");
    let rows = between(&xml, "<row ", "</row>");
    let mut rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|row| row.split("<c ").skip(1).map(|cell| plain(&format!("<c {cell}"))).collect())
        .collect();
    assert_eq!(rows[4].first().map(String::as_str), Some("(1)"));
    assert_eq!(rows[4].last().map(String::as_str), Some(format!("({})", rows[4].len()).as_str()));
    rows.remove(4);
    rows.split_off(3)
}

/// The three ways to read a register tell the same.
fn agrees(clerk: &Person<'_>, register: &str, query: &str) -> Vec<Vec<String>> {
    let path = format!("/documents/registers/{register}");
    let shown = screen(clerk.get(&format!("{path}{query}")).ok());
    assert_eq!(csv(clerk.get(&format!("{path}.csv{query}")).ok()), shown);
    assert_eq!(xlsx(clerk.get(&format!("{path}.xlsx{query}")).ok()), shown);
    shown
}

fn press(person: &Person<'_>, page: &str, act: &str, fields: &[(&str, &str)]) {
    person.get(page).ok();
    person.post(&format!("{page}/{act}"), fields).ok();
}

/// A letter of the province to its districts, with its number.
fn issued(town: &Town, subject: &str) {
    let officer = town.officer("Phú Thọ");
    officer.get("/documents/outgoing/new").ok();
    let fields = [
        ("type_code", "CV"),
        ("subject", subject),
        ("body", "Nội dung."),
        ("to_places", "- Như trên;\n- Sở Nội vụ;\n- Lưu: VT, VX."),
        ("groups", "districts"),
        ("act", "submit"),
    ];
    let page = officer.post("/documents/outgoing", &fields).path;
    press(&town.head("Phú Thọ"), &page, "approve-content", &[]);
    press(&town.clerk("Phú Thọ"), &page, "approve-format", &[]);
    press(&town.leader("Phú Thọ"), &page, "approve", &[]);
    press(&town.clerk("Phú Thọ"), &page, "issue", &[]);
}

static ENTRY: Sql = q!(
    "INSERT INTO documents_incoming (id, agency_id, source, document_id, from_code, from_name, symbol, place,
        promulgated, type_name, subject, words, signer_competence, signer_position, signer_name, urgency, pages,
        to_places, trace, response_for, signature, content_hash, status, arrived_at, series, arrival_year,
        arrival_number, registered_at, instruction, lead_name, outcome, answer_symbol, return_reason)
     VALUES ($1, $2, 'paper', '', '', 'Bộ Nội vụ', $3, 'Hà Nội', '2017-10-12', 'Công văn', $4, '', '', '', '', 0, 1,
        '', '[]', '[]', 'none', '', 'registered', $5, 'in', 2017, $6, $5, '', '', '', '', '')"
);

/// Fills the register of the province with numbers 1 to `n`.
fn fill(town: &Town, n: i64) {
    let agency = town.agency("Phú Thọ").id;
    town.act("phutho", move |cx| {
        let now = cx.now();
        for number in 1..=n {
            let (id, symbol) = (cx.new_id::<()>(), format!("{number}/BNV-VTLT"));
            let subject = format!("hướng dẫn quản lý văn bản điện tử và lập hồ sơ, đợt {number}");
            cx.write(&ENTRY, values![id, agency, symbol, subject, now, number])?;
        }
        cx.record("documents.act.registered", ("incoming", agency), agency);
        Ok(())
    });
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn the_incoming_register_has_its_ten_columns_and_the_exports_tell_the_same(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        paper(&clerk, "=Bộ \"Nội vụ\" & Sở", "41/BNV-VTLT", "hướng dẫn lập hồ sơ");
        paper(&clerk, "Sở Y tế", "412/SYT-VP", "Báo cáo tuần <b>10</b>");
        let shown = agrees(&clerk, "incoming", "");
        assert_eq!(shown[0], INCOMING);
        assert_eq!(shown.len(), 3);
        let first = [
            "16/10/2017", "1", "=Bộ \"Nội vụ\" & Sở", "41/BNV-VTLT", "12/10/2017", "Công văn hướng dẫn lập hồ sơ",
            "", "16/10/2017", "", "Khẩn; Bản giấy",
        ];
        assert_eq!(shown[1], first);
        assert_eq!(shown[2][5], "Công văn: Báo cáo tuần <b>10</b>");
        let csv = clerk.get("/documents/registers/incoming.csv").body();
        assert!(csv.contains("\"'=Bộ"), "{csv}");
        let page = clerk.get("/documents/registers/incoming");
        page.sees("từ số 1 đến số 2").sees("(10)");
        let document = page.link("hướng dẫn lập hồ sơ");
        clerk.get(&document).sees("41/BNV-VTLT");
    }

    fn numbers_and_days_choose_the_same_entries_everywhere(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        for n in 1..=3 {
            paper(&clerk, "Sở Y tế", &format!("{n}/SYT"), "báo cáo");
            town.pass_days(1);
        }
        let numbers = |query: &str| -> Vec<String> {
            agrees(&clerk, "incoming", query).into_iter().skip(1).map(|row| row[1].clone()).collect()
        };
        assert_eq!(numbers("?from=2"), ["2", "3"]);
        assert_eq!(numbers("?from=1&to=2"), ["1", "2"]);
        assert_eq!(numbers("?since=17/10/2017&until=2017-10-17"), ["2"]);
        assert_eq!(numbers("?until=16/10/2017"), ["1"]);
        clerk.get("/documents/registers/incoming?year=2016").sees("chưa có số nào").sees("Không có văn bản nào");
        clerk.get("/documents/registers/incoming?since=hôm qua").sees("không đọc được");
    }

    fn a_direction_shows_in_the_register_and_in_the_follow_up(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        paper(&clerk, "Bộ Nội vụ", "41/BNV-VTLT", "hướng dẫn lập hồ sơ");
        let page = clerk.get("/documents/registers/incoming").link("hướng dẫn lập hồ sơ");
        town.pass_days(1);
        let unit = format!("unit:{}", town.unit("Phú Thọ", "VX"));
        press(&town.leader("Phú Thọ"), &page, "direct", &[("lead", &unit), ("due", "2017-10-20")]);
        let incoming = agrees(&clerk, "incoming", "");
        assert!(!incoming[1][6].is_empty(), "{incoming:?}");
        assert_eq!(incoming[1][7], "17/10/2017");
        let shown = agrees(&clerk, "follow-up", "");
        assert_eq!(shown[0], FOLLOW_UP);
        let row = &shown[1];
        assert_eq!(row[1], "Công văn số 41/BNV-VTLT, ngày 12/10/2017, Bộ Nội vụ");
        assert_eq!((row[0].as_str(), row[3].as_str(), row[4].as_str()), ("1", "20/10/2017", "Chờ phân công"));
        assert_eq!((row[5].as_str(), row[6].as_str()), ("", "Khẩn"));
        town.pass_days(7);
        assert_eq!(agrees(&clerk, "follow-up", "")[1][6], "Khẩn; Quá hạn");
    }

    fn the_outgoing_register_has_its_ten_columns(town: Town) {
        issued(&town, "báo cáo tình hình gửi, nhận văn bản điện tử");
        let clerk = town.clerk("Phú Thọ");
        let shown = agrees(&clerk, "outgoing", "");
        assert_eq!(shown[0], OUTGOING);
        let row = &shown[1];
        assert_eq!((row[0].as_str(), row[1].as_str()), ("01/UBND-VX", "16/10/2017"));
        assert_eq!(row[2], "Công văn báo cáo tình hình gửi, nhận văn bản điện tử");
        assert_eq!(row[3], town.leader("Phú Thọ").name);
        assert_eq!(row[4], "2 nơi nhận điện tử; Sở Nội vụ");
        assert!(!row[5].is_empty() && row[7] == "16/10/2017" && row[8].is_empty(), "{row:?}");
        let document = clerk.get("/documents/registers/outgoing").link("báo cáo tình hình");
        clerk.get(&document).sees("01/UBND-VX");
    }

    fn the_register_of_secret_documents_has_the_columns_of_the_outgoing_one(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        clerk.get("/documents/secret/new").ok();
        let fields = [
            ("level", "secret"),
            ("type_code", "BC"),
            ("subject", "=kết quả"),
            ("signer_name", "Bùi Minh Châu"),
            ("competence", "TM."),
            ("signer_position", "Chủ tịch"),
            ("to_places", "- Công an tỉnh;\n- Lưu: VT."),
            ("copies", "2"),
            ("pages", "4"),
        ];
        let page = clerk.post("/documents/secret", &fields);
        press(&clerk, &page.path, "void", &[("reason", "Cấp nhầm")]);
        let shown = agrees(&clerk, "secret", "");
        assert_eq!(shown[0], OUTGOING);
        let row = [
            "01/BC-UBND", "16/10/2017", "Báo cáo =kết quả", "Bùi Minh Châu", "Công an tỉnh", &clerk.name, "2",
            "16/10/2017", "", "Mật; Đã hủy: Cấp nhầm",
        ];
        assert_eq!(shown[1], row);
        assert_eq!(agrees(&clerk, "secret", "?from=1&until=16/10/2017").len(), 2);
        for nothing in ["?from=2", "?since=17/10/2017", "?year=2016"] {
            assert_eq!(csv(clerk.get(&format!("/documents/registers/secret.csv{nothing}")).ok()).len(), 1);
        }
    }

    fn a_clerk_of_another_agency_sees_none_of_it(town: Town) {
        paper(&town.clerk("Phú Thọ"), "Bộ Nội vụ", "41/BNV-VTLT", "hướng dẫn lập hồ sơ");
        issued(&town, "kiểm tra công vụ");
        let other = town.clerk("Hùng Lô");
        for register in ["incoming", "outgoing", "secret", "follow-up"] {
            let path = format!("/documents/registers/{register}");
            other.get(&path).sees("Không có văn bản nào");
            assert_eq!(csv(other.get(&format!("{path}.csv")).ok()).len(), 1);
            assert_eq!(xlsx(other.get(&format!("{path}.xlsx")).ok()).len(), 1);
            town.officer("Phú Thọ").get(&path).is(403);
            town.visitor("phutho").get(&path).sees("Đăng nhập");
        }
    }

    fn a_register_lies_open_at_its_last_page_and_is_leafed_through(town: Town) {
        fill(&town, 120);
        let clerk = town.clerk("Phú Thọ");
        let path = "/documents/registers/incoming";
        let page = clerk.get(path);
        let numbers = |page: &Page| -> (String, String, usize) {
            let rows = screen(page);
            (rows[1][1].clone(), rows[rows.len() - 1][1].clone(), rows.len() - 1)
        };
        let is = |first: &str, last: &str, n| (first.to_owned(), last.to_owned(), n);
        assert_eq!(numbers(&page), is("71", "120", 50));
        let page = clerk.get(&format!("{path}{}", page.link("Cũ hơn")));
        assert_eq!(numbers(&page), is("21", "70", 50));
        let older = clerk.get(&format!("{path}{}", page.link("Cũ hơn")));
        assert_eq!(numbers(&older), is("1", "20", 20));
        let page = clerk.get(&format!("{path}{}", older.link("Mới hơn")));
        assert_eq!(numbers(&page), is("21", "70", 50));
        assert_eq!(numbers(&clerk.get(&format!("{path}?from=5"))), is("5", "54", 50));
        let printed = clerk.get(&format!("{path}?print=1&from=10&to=110"));
        assert_eq!(numbers(&printed), is("10", "110", 101));
        printed.sees("từ số 10 đến số 110").sees("Ctrl+P");
        assert_eq!(csv(clerk.get(&format!("{path}.csv?from=10&to=110")).ok()), screen(&printed));
    }
}

/// Ten thousand entries are read in pages of a thousand; how long it takes is told, not asserted: a debug build
/// on a busy machine says nothing. Measured: `cargo test --release -p documents --test registers -- --nocapture`.
#[test]
fn ten_thousand_entries_are_exported_whole() {
    let town = Town::on(&testkit::Engine::Sqlite, vec![documents::module(), desk::module()]);
    fill(&town, 10_000);
    let clerk = town.clerk("Phú Thọ");
    clerk.get("/documents/registers/incoming").ok();
    let timed = |ending: &str| {
        let start = std::time::Instant::now();
        let page = clerk.get(&format!("/documents/registers/incoming.{ending}"));
        println!("10,000 entries as {ending}: {:?}, {} kB", start.elapsed(), page.bytes.len() / 1024);
        page
    };
    let (csv, xlsx) = (csv(timed("csv").ok()), xlsx(timed("xlsx").ok()));
    assert_eq!(csv.len(), 10_001);
    assert_eq!(csv, xlsx);
    assert_eq!(csv[10_000][1], "10000");
    let start = std::time::Instant::now();
    let printed = clerk.get("/documents/registers/incoming?print=1");
    println!("2,000 entries to print: {:?}", start.elapsed());
    assert_eq!(screen(&printed).len(), 2001);
    printed.sees("In phần còn lại");
}

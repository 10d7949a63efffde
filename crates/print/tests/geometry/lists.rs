//! Lists and minutes of dossiers (Annex V), as another program measures them, and copies that are bound.

use crate::measure::{self, Line, Page};
use crate::{mm, within};
use base::Date;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contracts::print::{ArchiveForm, ArchiveList, Binding, Bound, HandoverMinutes, Issue, PrintRequest};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::LazyLock;

/// The columns of each list, as the annex has them.
const COLUMNS: [(&str, ArchiveForm, &[&str]); 3] = [
    (
        "catalogue",
        ArchiveForm::Catalogue,
        &[
            "Số và ký hiệu hồ sơ",
            "Tên đề mục và tiêu đề hồ sơ",
            "Thời hạn bảo quản",
            "Người lập hồ sơ",
            "Ghi chú",
        ],
    ),
    (
        "handed-over",
        ArchiveForm::HandedOver,
        &[
            "Số TT",
            "Số, ký hiệu hồ sơ",
            "Tiêu đề hồ sơ",
            "Thời gian tài liệu",
            "Thời hạn bảo quản",
            "Số tờ/ Số trang",
            "Ghi chú",
        ],
    ),
    (
        "contents",
        ArchiveForm::Contents,
        &[
            "STT",
            "Số, ký hiệu văn bản",
            "Ngày tháng năm văn bản",
            "Tên loại và trích yếu nội dung văn bản",
            "Tác giả văn bản",
            "Tờ số/ Trang số",
            "Ghi chú",
        ],
    ),
];

fn list(form: ArchiveForm, columns: usize) -> PrintRequest {
    let mut rows: Vec<Vec<String>> = vec![vec!["I. TỔ CHỨC CÁN BỘ (TCCB)".to_owned()]];
    for n in 1..=80 {
        let cell = |column: usize| match column {
            0 => format!("{n:02}"),
            2 if columns == 7 => format!("Hồ sơ số {n} về nâng lương, chuyển ngạch của cán bộ"),
            _ => format!("ô {column}"),
        };
        rows.push((0..columns).map(cell).collect());
    }
    PrintRequest::ArchiveList(Box::new(ArchiveList {
        form,
        parent: "Chính phủ".to_owned(),
        agency: "Ủy ban nhân dân tỉnh Phú Thọ".to_owned(),
        about: "01.TCCB".to_owned(),
        year: Some(2026),
        issued_with: Issue {
            symbol: "15/QĐ-UBND".to_owned(),
            date: Date::new(2026, 1, 5),
            agency: "Ủy ban nhân dân tỉnh Phú Thọ".to_owned(),
            ..Issue::default()
        },
        dossiers: 80,
        forever: 12,
        maker: "Vi Thị Sâm, Lưu trữ".to_owned(),
        place: "Phú Thọ".to_owned(),
        date: Date::new(2026, 2, 5),
        rows,
    }))
}

fn minutes() -> PrintRequest {
    PrintRequest::HandoverMinutes(Box::new(HandoverMinutes {
        parent: "Chính phủ".to_owned(),
        agency: "Ủy ban nhân dân tỉnh Phú Thọ".to_owned(),
        place: "Phú Thọ".to_owned(),
        date: Date::new(2026, 2, 5),
        year: Some(2026),
        giver: ("Nguyễn Văn Mẫu".to_owned(), "Chuyên viên".to_owned()),
        receiver: ("Vi Thị Sâm".to_owned(), "Lưu trữ".to_owned()),
        block: "Hồ sơ văn phòng".to_owned(),
        span: "02/01/2025 – 30/12/2025".to_owned(),
        dossiers: 3,
        files: 41,
        condition: "Tốt".to_owned(),
    }))
}

/// A page turned by a quarter, with a stamp lying over it.
fn stamped() -> Vec<u8> {
    let draws = |words: &str| format!("BT /F1 12 Tf 20 20 Td ({words}) Tj ET");
    let (content, stamp) = (draws("Own words"), draws("Stamp over it"));
    let fonts = "/Resources << /Font << /F1 6 0 R >> >>";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 600] /Rotate 90 /Contents 4 0 R {fonts} /Annots [5 0 R] >>"
        ),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Annot /Subtype /Stamp /Rect [50 200 250 300] /F 4 /AP << /N 7 0 R >> >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 200 100] {fonts} /Length {} >>\nstream\n{stamp}\nendstream",
            stamp.len()
        ),
    ];
    let (mut out, mut places) = ("%PDF-1.7\n".to_owned(), Vec::new());
    for (n, object) in (1..).zip(&objects) {
        places.push(out.len());
        let _infallible = writeln!(out, "{n} 0 obj\n{object}\nendobj");
    }
    let start = out.len();
    out.push_str("xref\n0 8\n0000000000 65535 f \n");
    for place in places {
        let _infallible = writeln!(out, "{place:010} 00000 n ");
    }
    let _infallible = writeln!(out, "trailer << /Size 8 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF");
    out.into_bytes()
}

fn file(bytes: &[u8], instead: &[&str]) -> Bound {
    Bound::File {
        name: "van-ban.pdf".to_owned(),
        stored: String::new(),
        content: STANDARD.encode(bytes),
        instead: instead.iter().map(|line| (*line).to_owned()).collect(),
    }
}

fn binding(parts: Vec<Bound>) -> PrintRequest {
    PrintRequest::Binding(Box::new(Binding {
        title: "01.TCCB Nâng lương".to_owned(),
        agency: "Ủy ban nhân dân tỉnh Phú Thọ".to_owned(),
        date: Date::new(2026, 2, 5),
        mark: "BẢN SAO".to_owned(),
        line: "Bản sao in từ Văn Lang: Vi Thị Sâm, 08:00, 05/02/2026".to_owned(),
        parts,
    }))
}

fn printed(request: &PrintRequest) -> Result<Vec<u8>, print::Unprintable> {
    print::print(&serde_json::to_vec(request).unwrap()).map(|paper| paper.pdf)
}

static MEASURED: LazyLock<Option<BTreeMap<String, Vec<Page>>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lists");
    std::fs::create_dir_all(&folder).unwrap();
    let mut all: Vec<(String, PrintRequest)> =
        COLUMNS.iter().map(|(name, form, titles)| ((*name).to_owned(), list(*form, titles.len()))).collect();
    all.push(("minutes".to_owned(), minutes()));
    let sheet = Bound::Sheet { request: Box::new(list(ArchiveForm::Contents, 7)) };
    let parts = vec![sheet, file(&stamped(), &[]), file(b"%PDF-1.7 broken", &["Tệp không đọc được"])];
    all.push(("bound".to_owned(), binding(parts)));
    for (name, request) in &all {
        std::fs::write(folder.join(name), printed(request).unwrap_or_else(|why| panic!("{name}: {why}")))
            .unwrap();
    }
    let names: Vec<String> = all.into_iter().map(|(name, _)| name).collect();
    measure::measure(&folder, &names)
});

fn pages(name: &str) -> Option<&'static [Page]> {
    MEASURED.as_ref().map(|all| all[name].as_slice())
}

/// Words without the spaces and breaks between them.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn lists_have_the_columns_of_the_annex_in_their_order_on_a4_with_its_margins() {
    for (name, _, titles) in COLUMNS {
        let Some(pages) = pages(name) else { return };
        assert!(pages.len() > 1, "{name}");
        for (place, page) in pages.iter().enumerate() {
            within(name, "width", page.width, 209.9..=210.1);
            // What closes a list stands alone where the table fills the page before.
            if page.drawn.is_empty() {
                assert_eq!(place + 1, pages.len(), "{name}");
                continue;
            }
            let text: Vec<&Line> = page.lines.iter().filter(|line| line.base > 20.0).collect();
            let left = text.iter().map(|line| line.left).fold(f64::MAX, f64::min);
            let right = page.drawn.iter().map(|rule| rule.right).fold(0.0, f64::max);
            assert!(left >= 30.0, "{name}: {left}");
            within(name, "right margin", page.width - right, 15.0..=20.0);
            let bottom = page.drawn.iter().map(|rule| rule.bottom).fold(0.0, f64::max);
            assert!(page.height - bottom >= 20.0, "{name}: lower margin {}", page.height - bottom);
            let number = page.lines.iter().find(|line| line.base < 20.0);
            assert_eq!(number.map(|line| line.text.clone()), (place > 0).then(|| (place + 1).to_string()));
            // The head of the table comes again: titles from left to right, and their numbers below.
            let numbers: Vec<&Line> = (1..=titles.len()).map(|n| page.line(&format!("({n})"))).collect();
            assert!(numbers.windows(2).all(|pair| pair[0].left < pair[1].left), "{name}");
            // Column after column, as they are read.
            let above = text.iter().filter(|line| {
                (numbers[0].base - 25.0..numbers[0].base).contains(&line.base)
                    && line.is("-Bold", 11.0..=11.0)
            });
            let words: String = above.map(|line| line.text.as_str()).collect();
            assert_eq!(squeezed(&words), squeezed(&titles.concat()), "{name}");
        }
        let heading = pages[0].line("I. TỔ");
        assert!(heading.is("-Bold", 11.0..=11.0), "{heading:?}");
    }
}

#[test]
fn the_head_of_a_list_is_that_of_documents_and_the_table_of_contents_has_none() {
    for name in ["catalogue", "handed-over", "minutes"] {
        let Some(pages) = pages(name) else { return };
        let page = &pages[0];
        let (nation, motto) = (page.line("CỘNG HÒA XÃ HỘI"), page.line("Độc lập - Tự do"));
        assert!(nation.is("-Bold", 12.0..=13.0) && motto.is("-Bold", 13.0..=14.0), "{name}");
        within(name, "nation and motto", (nation.centre() - motto.centre()).abs(), 0.0..=0.5);
        within(name, "rule", page.rule_below(motto) / motto.width(), 0.98..=1.02);
        let agency = page.line("TỈNH PHÚ THỌ");
        assert!(agency.is("-Bold", 12.0..=13.0) && agency.right < nation.left, "{name}");
        within(name, "rule of the agency", page.rule_below(agency) / agency.width(), 0.333..=0.5);
    }
    let Some(pages) = pages("contents") else { return };
    assert!(pages[0].lines.iter().all(|line| !line.text.contains("CỘNG HÒA")));
    let title = pages[0].line("MỤC LỤC VĂN BẢN, TÀI LIỆU");
    assert!(title.is("-Bold", 13.0..=14.0));
    within("contents", "upper margin", title.base - 0.891 * mm(title.size), 20.0..=26.0);
}

#[test]
fn minutes_say_who_gives_and_who_receives_and_leave_room_to_sign() {
    let Some(pages) = pages("minutes") else { return };
    let last = pages.last().unwrap();
    let (giver, receiver) = (last.line("ĐẠI DIỆN BÊN GIAO"), last.line("ĐẠI DIỆN BÊN NHẬN"));
    assert!(giver.right < receiver.left && (giver.base - receiver.base).abs() < 0.1);
    let names: Vec<&Line> = last.lines.iter().filter(|line| line.base > giver.base + 25.0).collect();
    let text: Vec<&str> = names.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(text, ["Nguyễn Văn Mẫu", "Vi Thị Sâm"]);
}

#[test]
fn a_bound_copy_marks_each_page_and_keeps_stamps_and_turned_pages() {
    let Some(pages) = pages("bound") else { return };
    let turned = &pages[pages.len() - 2];
    within("bound", "width of a turned page", turned.width, mm(599.0)..=mm(601.0));
    // Turned, each letter has a line of its own.
    let words: String = turned.lines.iter().map(|line| line.text.as_str()).collect();
    assert!(squeezed(&words).starts_with("OwnwordsStampoverit"), "{words}");
    pages.last().unwrap().line("Tệp không đọc được");
    for page in pages {
        let line = page.line("Bản sao in từ Văn Lang: Vi Thị Sâm");
        assert!(line.base > page.height - 8.0 && line.right < page.width, "{line:?}");
        let mark: String = page.lines.iter().map(|line| line.text.as_str()).collect();
        assert!(squeezed(&mark).contains("BẢNSAO"), "{mark}");
    }
}

#[test]
fn what_cannot_be_bound_is_named_and_a_binding_holds_no_other() {
    let why = printed(&binding(vec![file(b"%PDF-1.7 broken", &[])])).unwrap_err();
    assert_eq!((why.code, why.message.as_str()), ("file", "van-ban.pdf"));
    let inner = Bound::Sheet { request: Box::new(binding(Vec::new())) };
    assert_eq!(printed(&binding(vec![inner])).unwrap_err().code, "json");
    let short = PrintRequest::ArchiveList(Box::new(ArchiveList {
        rows: vec![vec!["a".to_owned(), "b".to_owned()]],
        ..ArchiveList::default()
    }));
    assert_eq!(printed(&short).unwrap_err().code, "columns");
}

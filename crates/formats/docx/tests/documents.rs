//! Documents as Word, LibreOffice and python-docx write them, and what hostile hands make of them.
#![expect(clippy::unwrap_used, reason = "a test ends where something does not hold")]

use docx::{Block, Document, LeftOut, Limits, Run, Unreadable, read, write};
use proptest::prelude::*;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

fn file(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn body(inside: &str) -> String {
    format!("<?xml version=\"1.0\"?><w:document {W}><w:body>{inside}<w:sectPr/></w:body></w:document>")
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

fn item(list: &str, level: usize, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr>\
         <w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

fn told(parts: &[(&str, &str)]) -> Document {
    read(&file(parts), &Limits::default()).unwrap()
}

fn why(bytes: &[u8]) -> Unreadable {
    read(bytes, &Limits::default()).unwrap_err()
}

const NUMBERING: &str = r#"<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Điều %1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val=""/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>"#;

#[test]
fn a_decision_comes_over_as_lines() {
    let text = [
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>UBND TỈNH</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>CỘNG HÒA XÃ HỘI CHỦ NGHĨA \
         VIỆT NAM</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        "<w:p><w:r><w:rPr><w:i/></w:rPr><w:t>Căn cứ Luật Lưu trữ số 33/2024/QH15;</w:t></w:r></w:p>",
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">Điều 1. </w:t></w:r><w:r><w:t>Ban hành Quy chế &amp; phụ \
         lục.</w:t></w:r></w:p>",
        &p("1. Phạm vi."),
        "<w:p><w:r><w:t xml:space=\"preserve\">Giao </w:t></w:r><w:r><w:rPr><w:b w:val=\"1\"/></w:rPr><w:t>Sở Nội vụ</w:t></w:r>\
         <w:r><w:rPr><w:b w:val=\"0\"/></w:rPr><w:tab/><w:t>chủ trì.</w:t></w:r></w:p>",
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>TT</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Việc</w:t></w:r></w:p></w:tc></w:tr>\
         <w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>A|B</w:t></w:r></w:p><w:p><w:r><w:t>C</w:t></w:r>\
         </w:p></w:tc></w:tr></w:tbl>",
    ]
    .concat();
    let document = told(&[("word/document.xml", &body(&text)), ("word/footer1.xml", "<a/>")]);
    assert_eq!(
        document.text(),
        "Căn cứ Luật Lưu trữ số 33/2024/QH15;\nĐiều 1. Ban hành Quy chế & phụ lục.\n1. Phạm vi.\n\
         Giao **Sở Nội vụ** chủ trì.\n| TT | Việc |\n| 1 | A\\|B C |"
    );
    let left: Vec<_> = document.left_out.into_iter().collect();
    assert_eq!(left, [(LeftOut::HeadFoot, 1), (LeftOut::Letterhead, 1)]);
}

#[test]
fn numbers_that_word_computes_are_computed() {
    let text = [
        item("1", 0, "Một"),
        item("1", 1, "Khoản"),
        item("1", 2, "Điểm"),
        item("1", 2, "Điểm"),
        item("1", 1, "Khoản"),
        item("2", 0, "Gạch"),
        item("1", 0, "Hai"),
        item("1", 1, "Lại từ đầu"),
        item("3", 1, "Danh sách mới"),
    ]
    .concat();
    let document = told(&[("word/document.xml", &body(&text)), ("word/numbering.xml", NUMBERING)]);
    assert_eq!(
        document.text(),
        "Điều 1. Một\n1. Khoản\na) Điểm\nb) Điểm\n2. Khoản\n- Gạch\nĐiều 2. Hai\n1. Lại từ đầu\n1. Danh sách mới"
    );
}

#[test]
fn what_is_no_text_is_counted() {
    let text = [
        "<w:p><w:r><w:t>Một</w:t><w:drawing><wp:x xmlns:wp=\"x\"><w:t>trong hình</w:t></wp:x></w:drawing></w:r></w:p>",
        "<w:p><w:r><w:t>Hai</w:t><w:footnoteReference w:id=\"1\"/></w:r><w:del><w:r><w:delText>xóa</w:delText></w:r></w:del>\
         <w:ins><w:r><w:t xml:space=\"preserve\"> thêm</w:t></w:r></w:ins></w:p>",
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><m:oMath \
         xmlns:m=\"m\"><m:r><m:t>x</m:t></m:r></m:oMath><w:r><w:t>Ba</w:t></w:r></w:p>",
        "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>trong</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>",
    ]
    .concat();
    let document = told(&[("word/document.xml", &body(&text))]);
    assert_eq!(document.text(), "Một\nHai thêm\nBa\n| trong |");
    let left: Vec<_> = document.left_out.into_iter().collect();
    assert_eq!(
        left,
        [
            (LeftOut::Picture, 1),
            (LeftOut::Note, 1),
            (LeftOut::Deleted, 1),
            (LeftOut::Formula, 1),
            (LeftOut::NestedTable, 1)
        ]
    );
}

#[test]
fn headings_are_known_by_style_and_outline() {
    let styles = format!(
        "<w:styles {W}><w:style w:styleId=\"H\"><w:name w:val=\"heading 2\"/></w:style><w:style w:styleId=\"K\">\
         <w:basedOn w:val=\"H\"/></w:style><w:style w:styleId=\"O\"><w:basedOn w:val=\"O\"/></w:style></w:styles>"
    );
    let styled = |style: &str, text: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let text = [styled("K", "Tình hình"), styled("H", "I. Kết quả"), styled("O", "Vòng tròn")].concat();
    let document = told(&[("word/document.xml", &body(&text)), ("word/styles.xml", &styles)]);
    assert!(matches!(document.blocks.first(), Some(Block::Heading { level: 2, .. })));
    assert_eq!(document.text(), "**Tình hình**\nI. Kết quả\nVòng tròn");
}

#[test]
fn hostile_files_get_a_reason() {
    assert_eq!(why(b"%PDF-1.7"), Unreadable::NotDocx);
    assert_eq!(why(b""), Unreadable::NotDocx);
    assert_eq!(why(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]), Unreadable::OldOrLocked);
    assert_eq!(why(b"PK\x03\x04 nothing more"), Unreadable::Damaged);
    assert_eq!(why(&file(&[("xl/workbook.xml", "<a/>")])), Unreadable::NotDocx);
    assert_eq!(why(&file(&[("word/document.xml", &body(""))])), Unreadable::Empty);
    let entities = format!(
        "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><w:document {W}><w:body>{}</w:body></w:document>",
        p("&a;")
    );
    assert_eq!(why(&file(&[("word/document.xml", &entities)])), Unreadable::Damaged);
    assert_eq!(why(&file(&[("word/document.xml", &body(&p("&a;")))])), Unreadable::Damaged);
    assert_eq!(why(&file(&[("word/document.xml", &body("<w:p><w:r>"))])), Unreadable::Damaged);
    let deep = format!("{}{}", "<w:x>".repeat(100_000), "</w:x>".repeat(100_000));
    assert_eq!(why(&file(&[("word/document.xml", &body(&deep))])), Unreadable::TooLarge);
    let many = "<w:p/>".repeat(30_000);
    assert_eq!(why(&file(&[("word/document.xml", &body(&many))])), Unreadable::TooLarge);
    let bomb = " ".repeat(40 << 20);
    let bomb = file(&[("word/document.xml", &bomb)]);
    assert!(bomb.len() < 100_000, "it packs well: {}", bomb.len());
    assert_eq!(why(&bomb), Unreadable::TooLarge);
}

#[test]
fn nested_tables_do_not_exhaust_the_stack() {
    let deep = format!("{}{}", "<w:tbl><w:tr><w:tc>".repeat(60), "</w:tc></w:tr></w:tbl>".repeat(60));
    let document = told(&[("word/document.xml", &body(&format!("{}{deep}", p("Một"))))]);
    assert_eq!(document.text(), "Một");
    let deeper = format!("{}{}", "<w:tbl><w:tr><w:tc>".repeat(9_000), "</w:tc></w:tr></w:tbl>".repeat(9_000));
    assert_eq!(why(&file(&[("word/document.xml", &body(&deeper))])), Unreadable::TooLarge);
}

#[test]
fn what_is_written_is_read_again() {
    let run = |text: &str, bold, italic| Run { text: text.to_owned(), bold, italic };
    let blocks = vec![
        Block::Heading { level: 1, runs: vec![run("TỔNG HỢP Ý KIẾN", false, false)] },
        Block::Paragraph(vec![run("Về <phương án> & ", false, false), run("kinh phí", true, true)]),
        Block::Table(vec![
            vec![vec![run("Họ tên", false, false)], vec![run("Ý kiến", false, false)]],
            vec![vec![run("Nguyễn Thị Lan", false, false)], vec![]],
        ]),
    ];
    let bytes = write(&blocks).unwrap();
    assert_eq!(bytes, write(&blocks).unwrap(), "the same blocks give the same bytes");
    let document = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(document.blocks.len(), 3);
    assert_eq!(
        document.text(),
        "**TỔNG HỢP Ý KIẾN**\nVề <phương án> & ***kinh phí***\n| **Họ tên** | **Ý kiến** |\n| Nguyễn Thị Lan |  |"
    );
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000), as_part in any::<bool>()) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let bytes = if as_part { file(&[("word/document.xml", &text)]) } else { bytes };
        let _ = read(&bytes, &Limits::default());
    }

    #[test]
    fn no_elements_make_it_panic(names in prop::collection::vec((0_usize..16, any::<bool>()), 0..60)) {
        const NAMES: [&str; 16] = ["p", "r", "t", "tbl", "tr", "tc", "pPr", "rPr", "b", "numPr", "numId", "del", "drawing", "br",
            "sdt", "oMath"];
        let inside: String = names.iter().map(|(name, closes)| {
            let name = NAMES[*name % 16];
            if *closes { format!("</w:{name}>") } else { format!("<w:{name} w:val=\"1\">a") }
        }).collect();
        let _ = read(&file(&[("word/document.xml", &body(&inside)), ("word/numbering.xml", &inside)]), &Limits::default());
    }

    #[test]
    fn paragraphs_survive_writing_and_reading(texts in prop::collection::vec("[a-zđĐ0-9 .,;<>&\"']{1,40}", 1..10)) {
        let blocks: Vec<Block> = texts.iter().map(|text| Block::Paragraph(vec![Run::plain(text)])).collect();
        let kept: Vec<String> = texts.iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty()).collect();
        match read(&write(&blocks).unwrap(), &Limits::default()) {
            Ok(document) => prop_assert_eq!(document.text(), kept.join("\n")),
            Err(why) => prop_assert!(why == Unreadable::Empty && kept.is_empty()),
        }
    }
}

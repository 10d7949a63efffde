//! What is printed and what leaves: PDF in the forms of the decree, marked copies, XML that another program checks.

use crate::it::people::{dossier, filed, id, letter_with, settled};
use std::fmt::Write;
use std::io::{Cursor, Read, Write as _};
use std::process::{Command, Stdio};
use testkit::{Attachment, Page, Person, Town};
use zip::ZipArchive;

/// What a program of others writes on its standard output when it is given a file; what it complains of otherwise.
#[expect(clippy::disallowed_methods, reason = "a test reads files with the tools that people have")]
fn asked(program: &str, arguments: &[&str], input: &[u8]) -> Result<String, String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|why| panic!("{program}: {why}"));
    child.stdin.take().unwrap().write_all(input).unwrap();
    let done = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if done.status.success() { Ok(text(done.stdout)) } else { Err(text(done.stderr)) }
}

/// The words of a PDF, in the order they are read.
fn words(page: &Page) -> String {
    page.ok();
    assert_eq!(page.header("content-type"), Some("application/pdf"));
    let text = asked("pdftotext", &["-layout", "-", "-"], &page.bytes).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn says(person: &Person<'_>, path: &str, expected: &[&str]) {
    let text = words(&person.get(path));
    for one in expected {
        assert!(text.contains(one), "{one} is not in {path}: {text}");
    }
}

/// A PDF of one page with these words, drawn by hand.
fn pdf(words: &str) -> Vec<u8> {
    let content = format!("BT /F1 12 Tf 72 700 Td ({words}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let (mut out, mut places) = ("%PDF-1.7\n".to_owned(), Vec::new());
    for (n, object) in (1..).zip(&objects) {
        places.push(out.len());
        let _infallible = writeln!(out, "{n} 0 obj\n{object}\nendobj");
    }
    let start = out.len();
    out.push_str("xref\n0 6\n0000000000 65535 f \n");
    for place in places {
        let _infallible = writeln!(out, "{place:010} 00000 n ");
    }
    let _infallible = writeln!(out, "trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF");
    out.into_bytes()
}

/// A dossier of the clerk with a letter that is a PDF, one whose file is none, and a sound.
fn filled(town: &Town) -> String {
    let clerk = town.clerk("Hùng Lô");
    let page = dossier(&clerk, "01.VP", &[("years", "20")]);
    let late = letter_with(town, "Hùng Lô", ("9/SNV", "2017-05-02"), &pdf("Second letter"));
    let early = letter_with(town, "Hùng Lô", ("3/SNV", "2017-02-01"), &pdf("First letter"));
    let broken = letter_with(town, "Hùng Lô", ("5/SNV", "2017-03-01"), b"%PDF-1.7 broken");
    for letter in [&late, &early, &broken] {
        settled(town, "Hùng Lô", letter);
        filed(&clerk, letter, &[&page]);
    }
    clerk.get(&format!("{page}/upload")).ok();
    let sound = [Attachment { field: "files", name: "ghi-am.bin", bytes: b"sound" }];
    clerk
        .post_files(&format!("{page}/upload"), &[("subject", "Ghi âm"), ("dated", "2017-06-01")], &sound)
        .ok();
    page
}

testkit::stories! {
    of [archives::module(), documents::module(), desk::module()];

    fn lists_and_minutes_are_printed_in_the_forms_of_the_decree(town: Town) {
        let (clerk, archivist) = (town.clerk("Hùng Lô"), town.archivist("Hùng Lô"));
        let page = filled(&town);
        clerk.get(&page).ok();
        clerk.post(&format!("{page}/close"), &[("ended_on", "2017-10-16")]).sees("Đã kết thúc");
        clerk.get(&format!("{page}/contents")).sees("(PDF)");
        says(&clerk, &format!("{page}/contents.pdf"), &[
            "MỤC LỤC VĂN BẢN, TÀI LIỆU", "Số, ký hiệu hồ sơ: 01.VP", "Năm 2017", "STT", "(7)", "3/SNV", "01/02/2017",
            "Sở Nội vụ",
        ]);
        clerk.get("/archives/handovers").ok();
        let fields = [("dossiers", id(&page)), ("block", "Hồ sơ văn phòng"), ("condition", "Tốt")];
        let handover = clerk.post("/archives/handovers", &fields).path;

        // The archivist's own queue: on the rail, on the first page, on top of the list.
        archivist.get("/").sees("Nhận hồ sơ vào Lưu trữ");
        archivist.get("/archives/handovers").sees("Chờ nhận vào Lưu trữ").sees("Hồ sơ văn phòng");
        let minutes = format!("{handover}/minutes.pdf");
        says(&archivist, &minutes, &[
            "BIÊN BẢN", "Giao nhận hồ sơ, tài liệu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Căn cứ Danh mục hồ sơ năm 2017",
            "1. Tên khối tài liệu giao nộp: Hồ sơ văn phòng", "Tổng số hồ sơ: 1", "Tổng số tệp tin trong hồ sơ: 4",
            "ĐẠI DIỆN BÊN GIAO", "ĐẠI DIỆN BÊN NHẬN", &clerk.name,
        ]);
        assert!(!words(&archivist.get(&minutes)).contains(&archivist.name));
        archivist.get(&handover).ok();
        archivist.post(&format!("{handover}/receive"), &[]).sees("Đã nhận");
        says(&archivist, &minutes, &[&archivist.name]);
        says(&archivist, &format!("{handover}/list.pdf"), &[
            "MỤC LỤC HỒ SƠ, TÀI LIỆU NỘP LƯU", "Hồ sơ văn phòng", "Tiêu đề hồ sơ", "01.VP", "20 năm", "Người lập",
            "Mục lục này gồm: 1 hồ sơ (đơn vị bảo quản).", "Viết bằng chữ: một hồ sơ",
        ]);
        for path in [minutes, format!("{handover}/list.pdf"), format!("{page}/contents.pdf")] {
            town.clerk("Kim Đức").get(&path).is(404);
        }
        archivist.get("/archives/handovers").lacks("Chờ nhận vào Lưu trữ");
    }

    fn a_catalogue_and_a_destruction_are_printed(town: Town) {
        let (archivist, leader) = (town.archivist("Hùng Lô"), town.leader("Hùng Lô"));
        archivist.get("/archives/catalogues/new").ok();
        let page = archivist.post("/archives/catalogues", &[("year", "2018"), ("numbering", "heading")]).path;
        archivist.get(&page).ok();
        archivist.post(&format!("{page}/headings"), &[("heading_name", "Tổ chức cán bộ"), ("symbol", "TCCB")]).ok();
        let heading = archivist.api(&page, None).json()["headings"][0]["id"].as_str().unwrap().to_owned();
        for (title, years) in [("Hồ sơ nâng lương", "20"), ("Hồ sơ quy hoạch", "")] {
            let fields = [("heading", heading.as_str()), ("title", title), ("years", years)];
            archivist.post(&format!("{page}/lines"), &fields).ok();
        }
        says(&leader, &format!("{page}/catalogue.pdf"), &[
            "DANH MỤC HỒ SƠ", "Năm 2018", "Kèm theo Quyết định số", "I. TỔ CHỨC CÁN BỘ", "01.TCCB", "Hồ sơ nâng lương", "20 năm",
            "Vĩnh viễn", "Danh mục hồ sơ này có 2 hồ sơ", "1 hồ sơ bảo quản vĩnh viễn", "1 hồ sơ bảo quản có thời hạn",
        ]);
        town.clerk("Kim Đức").get(&format!("{page}/catalogue.pdf")).is(404);

        let clerk = town.clerk("Hùng Lô");
        let old = dossier(&clerk, "02.VP", &[("years", "1")]);
        clerk.get(&format!("{old}/upload")).ok();
        let file = [Attachment { field: "files", name: "a.bin", bytes: b"old" }];
        clerk.post_files(&format!("{old}/upload"), &[("subject", "Ghi âm"), ("dated", "2017-06-01")], &file).ok();
        clerk.get(&old).ok();
        clerk.post(&format!("{old}/close"), &[("ended_on", "2017-10-16")]).ok();
        town.set_clock(base::Instant::local(2019, 1, 2, 8, 0).unwrap());
        archivist.get("/archives/destructions").ok();
        let destruction = archivist.post("/archives/destructions", &[("dossiers", id(&old))]).path;
        says(&leader, &format!("{destruction}/list.pdf"), &[
            "DANH MỤC HỒ SƠ, TÀI LIỆU HỦY", "02.VP", "01/06/2017", "1 năm", "16/10/2018", &archivist.name,
        ]);
        town.officer("Hùng Lô").get(&format!("{destruction}/list.pdf")).is(403);
    }

    fn a_whole_dossier_is_one_marked_pdf_in_the_order_of_time(town: Town) {
        let clerk = town.clerk("Hùng Lô");
        let page = filled(&town);
        clerk.get(&page).sees("Cả hồ sơ (PDF)");
        let sent = clerk.post(&format!("{page}/bind"), &[]);
        let text = words(&sent);
        let places: Vec<usize> = ["MỤC LỤC VĂN BẢN, TÀI LIỆU", "First letter", "5/SNV Công văn", "Second letter", "Ghi âm Tệp ghi-am.bin"]
            .iter()
            .map(|one| text.find(one).unwrap_or_else(|| panic!("{one} is not in {text}")))
            .collect();
        assert!(places.is_sorted(), "{places:?} in {text}");
        let line = format!("{}, Ủy ban nhân dân xã Hùng Lô, 08:00, 16/10/2017", clerk.name);
        // Cover, contents, two letters, two pages for files that cannot be bound: each marked.
        assert_eq!(text.matches(&line).count(), 6, "{text}");
        clerk.get(&page).sees("kết xuất toàn bộ hồ sơ");
        town.clerk("Kim Đức").get(&sent.path).is(404);
        town.officer("Hùng Lô").get(&sent.path).is(404);
    }

    fn a_printed_copy_is_marked_and_the_stored_file_stays_as_it_is(town: Town) {
        let clerk = town.clerk("Hùng Lô");
        let page = filled(&town);
        let entries = clerk.get(&page).links_to("/archives/entries/");
        let entry = |n: usize| entries[n].clone();
        clerk.get(&entry(0)).sees("In bản sao");
        let copy = clerk.post(&format!("{}/copy", entry(0)), &[]);
        let text = words(&copy);
        assert!(text.contains("First letter") && text.contains(&clerk.name), "{text}");
        assert!(text.contains("hồ sơ 000.38.31.H44.2017.01.VP"), "the dossier is named: {text}");
        clerk.get(&page).sees("in bản sao có dấu của văn bản").sees("3/SNV");
        // The original by right, byte for byte.
        let letter = clerk.get(&entry(0)).link("Mở văn bản");
        let file = clerk.get(&letter).links_to(&format!("{letter}/files/"))[0].clone();
        assert_eq!(clerk.get(&file).bytes, pdf("First letter"));
        // What cannot be read is refused with the way to the original; a sound has nothing to print.
        clerk.get(&entry(1)).ok();
        clerk.post(&format!("{}/copy", entry(1)), &[]).is(409).sees("Không đọc được tệp PDF");
        clerk.get(&entry(3)).ok();
        clerk.post(&format!("{}/copy", entry(3)), &[]).is(409).sees("không có tệp PDF nào");
        town.clerk("Kim Đức").get(&entry(0)).is(404);
        town.clerk("Kim Đức").post(&format!("{}/copy", entry(0)), &[]).is(404);
    }

    fn the_xml_of_a_dossier_is_valid_by_its_schema(town: Town) {
        let clerk = town.clerk("Hùng Lô");
        let page = filled(&town);
        clerk.get(&page).ok();
        let sent = clerk.post(&format!("{page}/export"), &[]);
        let mut zip = ZipArchive::new(Cursor::new(sent.bytes.clone())).unwrap();
        let mut xml = String::new();
        zip.by_name("ho-so.xml").unwrap().read_to_string(&mut xml).unwrap();
        let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/dossier.xsd");
        let judged = |xml: &str| asked("xmllint", &["--noout", "--schema", schema, "-"], xml.as_bytes());
        judged(&xml).unwrap();
        // The validator can say no: an element out of its place is none.
        let wrong = xml.replacen("<DocTotal>4</DocTotal>", "<Sum>4</Sum>", 1);
        assert_ne!(wrong, xml);
        assert!(judged(&wrong).unwrap_err().contains("Sum"));
    }
}

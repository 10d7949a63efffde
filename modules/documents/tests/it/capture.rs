//! Stories of scans: handed in, read, checked, registered, found by their words.

use std::io::Write;
use std::process::{Command, Stdio};
use testkit::{Attachment, Page, Person, Town};

/// A program of the machine, fed and heard.
#[expect(clippy::disallowed_methods, reason = "a test makes its scans with the tools that people have")]
fn with(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut process = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|why| panic!("{program}: {why}; `cargo xtask test tools` installs it"));
    process.stdin.take().expect("a pipe").write_all(input).expect("a reader");
    let output = process.wait_with_output().expect("an end");
    assert!(output.status.success(), "{program} {arguments:?}");
    output.stdout
}

/// A page without a word on it.
const BLANK: &[u8] =
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>\
    endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n";

/// A letter that the town's own printer has made of a draft's words.
fn letter_of_the_town(town: &Town, subject: &str) -> Vec<u8> {
    let to = town.agency("Việt Trì").id.to_string();
    let body = "Thực hiện chỉ đạo của cấp trên, đề nghị các xã rà soát hệ thống thủy nông nội đồng, gia cố bờ bao và báo \
        cáo kết quả trước ngày 20 tháng 10.\nCác xã ven sông bố trí người trực ban suốt ngày đêm.";
    let page = crate::it::outgoing::approved(town, subject, &[("to", &to), ("body", body)]);
    let clerk = town.clerk("Phú Thọ");
    crate::it::outgoing::press(&clerk, &page, "issue", &[]).sees("Đã phát hành");
    let pdf = clerk.get(&format!("{page}/document.pdf"));
    pdf.ok();
    pdf.bytes.clone()
}

/// A scan of the first page: a picture without a letter of text in it.
fn scan(pdf: &[u8], kind: &str) -> Vec<u8> {
    with("pdftoppm", &["-r", "200", "-f", "1", "-l", "1", kind, "-"], pdf)
}

/// The same sheet so many times in one TIFF, black and white, as a scanner with a feeder writes it.
fn tiff(pdf: &[u8], sheets: usize) -> Vec<u8> {
    let drawn = scan(pdf, "-gray");
    let head: Vec<&[u8]> = drawn.splitn(4, u8::is_ascii_whitespace).take(3).collect();
    let number = |at: usize| -> u32 {
        let digits = head.get(at).copied().unwrap_or_default();
        String::from_utf8_lossy(digits).parse().expect("a number")
    };
    let (width, height) = (number(1), number(2));
    let before = drawn.len() - usize::try_from(width * height).expect("small");
    let (_, grey) = drawn.split_at(before);
    let eight = |points: &[u8]| {
        points.iter().enumerate().fold(0_u8, |byte, (at, grey)| byte | (u8::from(*grey > 127) << (7 - at)))
    };
    let rows = grey.chunks(usize::try_from(width).expect("small"));
    let points: Vec<u8> = rows.flat_map(|row| row.chunks(8).map(eight).collect::<Vec<u8>>()).collect();
    let mut out = b"II*\0".to_vec();
    let long = |n: usize| u32::try_from(n).expect("small").to_le_bytes();
    out.extend(long(8 + points.len()));
    out.extend(&points);
    for sheet in 1..=sheets {
        let size = u32::try_from(points.len()).expect("small");
        let entries = [
            (256_u16, width),
            (257, height),
            (258, 1),
            (259, 1),
            (262, 1),
            (273, 8),
            (277, 1),
            (278, height),
            (279, size),
        ];
        out.extend(9_u16.to_le_bytes());
        for (tag, value) in entries {
            out.extend(tag.to_le_bytes());
            out.extend(4_u16.to_le_bytes());
            out.extend(1_u32.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        // All sheets share their points; the next table follows, or none.
        let next = if sheet < sheets { long(out.len() + 4) } else { [0; 4] };
        out.extend(next);
    }
    out
}

fn hand_in(clerk: &Person<'_>, files: &[(&str, &[u8])]) -> Page {
    clerk.get("/documents/incoming/scan").ok();
    let files: Vec<Attachment<'_>> =
        files.iter().map(|(name, bytes)| Attachment { field: "files", name, bytes }).collect();
    clerk.post_files("/documents/incoming/scan", &[], &files)
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn a_scan_is_read_checked_registered_and_found_by_its_words(town: Town) {
        // It was sent to another agency; this one has it on paper.
        let pdf = letter_of_the_town(&town, "gia cố bờ bao");
        let clerk = town.clerk("Hùng Lô");
        let page = hand_in(&clerk, &[("trang1.jpg", &scan(&pdf, "-jpeg")), ("trang2.png", &scan(&pdf, "-png"))]);
        page.sees("Đang chuẩn bị đọc");
        let path = page.path.clone();
        town.settle();
        let read = clerk.get(&path);
        read.sees("2 trang");
        let form = read.form(&path).expect("the fields");
        for (field, expected) in [
            ("from_name", "Ủy ban nhân dân tỉnh Phú Thọ"), ("symbol", "01/UBND-VX"), ("promulgated", "16/10/2017"),
            ("place", "Phú Thọ"), ("type_name", "Công văn"), ("urgency", "0"), ("subject", "Gia cố bờ bao"), ("pages", "2"),
        ] {
            assert_eq!(form.value(field).map(str::trim), Some(expected), "{field}");
        }
        // A program sees how sure each value is, and where it stands.
        let told = clerk.api(&path, None).json();
        let symbol = told["fields"].as_array().unwrap().iter().find(|one| one["field"] == "symbol").unwrap().clone();
        assert!(symbol["sure"].as_i64() > Some(30) && symbol["page"] == 1, "{told}");
        assert_eq!(symbol["check"], symbol["sure"].as_i64() < Some(85), "{told}");
        assert!(symbol["box"][0].as_i64() < Some(500), "in the left half: {told}");

        // Pictures have become one PDF, and what hangs at them is not in it.
        let kept = clerk.get(&format!("{path}/file"));
        assert_eq!(kept.header("content-type"), Some("application/pdf"));
        let facts = String::from_utf8(with("pdfinfo", &["-"], &kept.bytes)).unwrap();
        assert!(facts.contains("Pages:           2") && facts.contains("A4"), "{facts}");

        clerk.get(&path);
        let document = clerk.post(&path, &[]);
        document.sees("Đã vào sổ số đến 1");
        let of_document = document.path.clone();
        clerk.get(&of_document).sees("Bản quét.pdf");
        for words in ["thủy+nông+nội+đồng", "thuy+nong+noi+dong"] {
            clerk.get(&format!("/search?q={words}")).sees("1 kết quả").sees("01/UBND-VX");
        }
        // Another agency has no such document, and no such scan.
        town.clerk("Kim Đức").get("/search?q=thủy+nông").lacks("01/UBND-VX");
        town.clerk("Kim Đức").get(&of_document).is(404);
        town.clerk("Phú Thọ").get(&path).is(404);
        town.clerk("Phú Thọ").get(&format!("{path}/file")).is(404);
        town.officer("Phú Thọ").get("/documents/incoming/scan").is(403);
        // It is registered once.
        clerk.post_again();
        clerk.get(&path).sees("Bản quét này đã vào sổ");

        // The same paper once more: the page says so before anything is typed, and asks before it registers.
        let again = hand_in(&clerk, &[("trang1.jpg", &scan(&pdf, "-jpeg"))]).path.clone();
        town.settle();
        clerk.get(&again).sees("Có thể trùng với một văn bản đã đến");
        clerk.post(&again, &[]).is(409).sees("Đã có văn bản cùng số");
    }

    fn a_tiff_of_the_feeder_is_as_many_pages_as_it_has_sheets(town: Town) {
        let pdf = letter_of_the_town(&town, "gia cố bờ bao");
        let clerk = town.clerk("Hùng Lô");
        let page = hand_in(&clerk, &[("may-quet.tif", &tiff(&pdf, 2))]);
        page.sees("Đang chuẩn bị đọc");
        let path = page.path.clone();
        town.settle();
        let read = clerk.get(&path);
        read.sees("2 trang");
        let form = read.form(&path).expect("the fields");
        assert_eq!(form.value("symbol").map(str::trim), Some("01/UBND-VX"));
        let kept = clerk.get(&format!("{path}/file"));
        assert_eq!(kept.header("content-type"), Some("application/pdf"));
        // Half of one is no page.
        let half = tiff(&pdf, 1);
        let path = hand_in(&clerk, &[("hong.tif", &half[..half.len() / 2])]).path.clone();
        town.settle();
        clerk.get(&path).lacks("01/UBND-VX");
    }

    fn a_pdf_with_text_needs_no_picture_and_scans_of_the_paper_form_are_found_too(town: Town) {
        let pdf = letter_of_the_town(&town, "gia cố bờ bao");
        let clerk = town.clerk("Việt Trì");
        clerk.get("/documents/incoming/new").ok();
        let fields = [
            ("from_name", "Ủy ban nhân dân tỉnh"), ("symbol", "9/UBND-TL"), ("promulgated", "2017-10-12"),
            ("type_name", "Công văn"), ("urgency", "0"), ("subject", "Một việc khác"), ("place", "Phú Thọ"),
        ];
        let file = Attachment { field: "files", name: "goc.pdf", bytes: &pdf };
        let page = clerk.post_files("/documents/incoming", &fields, &[file]).ok().path.clone();
        clerk.get("/search?q=thuy+nong").lacks("Một việc khác");
        town.settle();
        clerk.get("/search?q=thuy+nong").sees("Một việc khác");
        clerk.get(&page).sees("Phú Thọ");
    }

    fn what_cannot_be_read_is_said_and_can_be_registered_by_hand(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        let png = |width: u32, height: u32| {
            // A header that promises more than any scanner makes, and nothing behind it.
            let mut head = b"IHDR".to_vec();
            head.extend(width.to_be_bytes());
            head.extend(height.to_be_bytes());
            head.extend([8, 2, 0, 0, 0]);
            [b"\x89PNG\r\n\x1a\n\0\0\0\r".as_slice(), &head, &[0; 4], b"\0\0\0\0IDAT\0\0\0\0"].concat()
        };
        let jpeg = with("pdftoppm", &["-r", "30", "-jpeg", "-"], BLANK);
        let half = &jpeg[..jpeg.len() / 2];
        let broken = b"%PDF-1.4\n1 0 obj <<>> endobj\n".as_slice();
        for (name, bytes, says) in [
            ("lon.png", png(100_000, 100_000).as_slice(), "Có ảnh quá lớn: trên 64 triệu điểm"),
            ("nua.jpg", half, "Có ảnh bị hỏng hoặc thiếu một phần"),
            ("hong.pdf", broken, "Tệp PDF hỏng"),
            ("trang.pdf", BLANK, "Không thấy chữ nào trên bản quét"),
        ] {
            let path = hand_in(&clerk, &[(name, bytes)]).path.clone();
            town.settle();
            clerk.get(&path).sees(says).sees("Vẫn vào sổ được");
            let fields = [
                ("from_name", "Sở Y tế"), ("symbol", &*format!("7/{name}")), ("promulgated", "2017-10-12"),
                ("type_name", "Công văn"), ("urgency", "0"), ("subject", "Tiêm chủng"),
            ];
            clerk.post(&path, &fields).sees("Đã vào sổ số đến").sees(name);
        }
        hand_in(&clerk, &[("a.txt", b"plain words")]).is(422).sees("Chọn một tệp PDF");
        hand_in(&clerk, &[("a.pdf", broken), ("b.jpg", &jpeg)]).is(422).sees("không lẫn cả hai");
    }

    fn the_words_of_a_scan_go_when_the_document_is_given_back(town: Town) {
        letter_of_the_town(&town, "gia cố bờ bao");
        town.settle();
        let clerk = town.clerk("Việt Trì");
        let page = crate::it::outgoing::arrived_at(&town, "Việt Trì");
        let (document, agency) = (page.rsplit('/').next().unwrap().to_owned(), town.agency("Việt Trì").id);
        town.act("phutho", move |cx| {
            let word = contracts::ReadWord { text: "chổi".to_owned(), sure: 90, ..contracts::ReadWord::default() };
            let page = contracts::ReadPage { width: 1, height: 1, words: vec![word] };
            let told = contracts::WereRead {
                about: "incoming:0".to_owned(),
                subject: document.parse().unwrap(),
                total: 1,
                pages: vec![page],
                trouble: String::new(),
            };
            kernel::jobs::enqueue(cx, "files.were-read", "one", &serde_json::to_value(told).unwrap())?;
            cx.record("documents.act.again", ("incoming", agency), agency);
            Ok(())
        });
        town.settle();
        clerk.get("/search?q=choi").sees("1 kết quả");
        let sender = town.clerk("Phú Thọ");
        let sent = sender.get("/documents/outgoing").links_to("/documents/outgoing/");
        let sent = sent.into_iter().find(|link| link.len() == "/documents/outgoing/".len() + 36).expect("a document");
        sender.api(&format!("{sent}/recall"), Some(&serde_json::json!({ "recall_reason": "nhầm" }))).ok();
        town.settle();
        let waits = clerk.api("/documents/demands", None).ok().json();
        let demand = waits["items"][0]["id"].as_str().unwrap();
        clerk.api(&format!("/documents/demands/{demand}/grant"), Some(&serde_json::json!({}))).ok();
        town.settle();
        clerk.get("/search?q=choi").lacks("1 kết quả");
        clerk.get(&page).sees("Đã thu hồi");
    }

    fn a_scan_that_is_put_away_is_not_read_and_one_that_is_forgotten_goes(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        let broken = b"%PDF-1.4\n".as_slice();
        let path = hand_in(&clerk, &[("a.pdf", broken)]).path.clone();
        clerk.get(&format!("{path}?by=hand"));
        clerk.post(&format!("{path}/drop"), &[]).sees("Đã bỏ bản quét");
        town.settle();
        clerk.get(&path).sees("Bản quét này đã vào sổ hoặc đã bỏ");
        let other = hand_in(&clerk, &[("b.pdf", broken)]).path.clone();
        town.settle();
        clerk.get("/documents/incoming/scan").sees("chờ điền tay");
        town.pass_days(8);
        town.wait(town.server().begin_day("phutho", town.now())).unwrap();
        town.settle();
        clerk.get("/documents/incoming/scan").lacks("chờ điền tay");
        clerk.get(&other).sees("Bản quét này đã vào sổ hoặc đã bỏ");
    }
}

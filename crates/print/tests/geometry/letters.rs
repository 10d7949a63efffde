//! What does not need measuring: bytes, texts, notations.

use crate::sample;
use base::Date;
use contracts::print::{
    Align, Column, DocumentType, Figure, PrintRequest, Register, RegisterForm, Report, ReportPart, Table,
};
use unicode_normalization::UnicodeNormalization;

fn json(request: &PrintRequest) -> String {
    serde_json::to_string(request).unwrap()
}

fn print(request: &str) -> Vec<u8> {
    print::print(request.as_bytes()).unwrap_or_else(|why| panic!("{why}")).pdf
}

#[test]
fn the_same_data_gives_the_same_bytes_whichever_way_its_letters_are_composed() {
    for (name, request) in sample::all().into_iter().step_by(5) {
        let request = json(&request);
        let decomposed: String = request.nfd().collect();
        assert_ne!(request, decomposed);
        let first = print(&request);
        assert!(first == print(&request) && first == print(&decomposed), "{name}");
    }
}

#[test]
fn every_file_says_that_it_is_pdf_a_2u_and_tagged() {
    for (name, request) in sample::all().into_iter().step_by(7) {
        let pdf = print(&json(&request));
        let text = String::from_utf8_lossy(&pdf);
        for said in [
            "<pdfaid:part>2</pdfaid:part>",
            "<pdfaid:conformance>U</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
        ] {
            assert!(text.contains(said), "{name}: no {said}");
        }
        assert!(text.contains("/MarkInfo") && text.contains("/StructTreeRoot"), "{name}: not tagged");
    }
}

#[test]
fn an_empty_model_of_every_type_can_be_printed() {
    for kind in DocumentType::ALL {
        print(&print::letter(*kind));
    }
    for form in ["copy", "register", "arrival-stamp", "handling-slip", "text"] {
        print(&format!(r#"{{"kind":"{form}"}}"#));
    }
}

#[test]
fn abbreviations_that_differ_by_one_mark_are_told_apart() {
    for (kind, notation, fine) in [
        ("huong-dan", "HD-UBND", true),
        ("huong-dan", "HĐ-UBND", false),
        ("hop-dong", "HĐ-UBND", true),
        ("hop-dong", "HD-UBND", false),
        ("de-an", "DA-UBND", false),
        ("quyet-dinh", "QyĐ-UBND", false),
        ("quyet-dinh", "QĐ-TTg", true),
        ("cong-van", "UBND-KGVX", true),
        ("cong-van", "UBND KGVX", false),
        ("cong-van", "05/UBND-KGVX", false),
    ] {
        let request = format!(r#"{{"kind":"document","type":"{kind}","head":{{"notation":"{notation}"}}}}"#);
        let printed = print::print(request.as_bytes()).map_err(|why| why.code);
        assert_eq!(printed.is_ok(), fine, "{kind} {notation}");
        assert!(fine || printed.is_err_and(|code| code == "notation"));
    }
}

#[test]
fn what_cannot_be_printed_is_said_with_a_code() {
    for (request, code) in [
        ("", "json"),
        (r#"{"kind":"poem"}"#, "json"),
        (r#"{"kind":"document","colour":"red"}"#, "json"),
        (r#"{"kind":"document","subject":"vui 🎉"}"#, "letter"),
        (r#"{"kind":"register","form":"incoming","rows":[["một"]]}"#, "columns"),
        (r#"{"kind":"document","body":[{"block":"table","columns":[],"rows":[["một"]]}]}"#, "columns"),
    ] {
        let why = print::print(request.as_bytes()).unwrap_err();
        assert_eq!(why.code, code, "{request}: {why}");
    }
}

#[test]
fn a_preview_is_the_same_pages_as_pictures_and_no_file() {
    let body: Vec<String> = (0..80)
        .map(|n| format!(r#"{{"block":"paragraph","text":"Đoạn {n} có **chữ đậm** và *chữ nghiêng*."}}"#))
        .collect();
    let request = |kind: &str| {
        format!(r#"{{"kind":"{kind}","type":"quyet-dinh","subject":"x","body":[{}]}}"#, body.join(","))
    };
    let pages = print::print(request("document").as_bytes()).unwrap().pages;
    let Ok(print::Made::Pictures(pictures)) = print::make(request("preview").as_bytes()) else {
        panic!("pictures")
    };
    assert_eq!((pictures.len(), pages > 1), (pages, true));
    for picture in &pictures {
        // A4 in points; letters are outlines, so that no font of the reader's machine is asked for.
        assert!(picture.starts_with("<svg") && picture.contains("viewBox=\"0 0 595.2"), "{picture:.200}");
        assert!(
            !picture.contains("<text") && !picture.contains("<script") && !picture.contains("href=\"http")
        );
    }
}

#[test]
fn a_register_is_printed_in_spite_of_a_strange_letter() {
    print(r#"{"kind":"register","form":"post","rows":[["05/3/2026","01/UBND-VX","Hội vui 🎉","1","",""]]}"#);
}

#[test]
fn a_template_in_the_data_stays_what_it_is_text() {
    let trick =
        r##"{"kind":"document","body":[{"block":"paragraph","text":"#while true {} $x$ *a* @b <c> = d"}]}"##;
    print(trick);
}

#[test]
fn all_four_faces_have_every_vietnamese_letter_with_its_tone() {
    let vowels = "aăâeêioôơuưy";
    let tones = ["", "\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"];
    let toned =
        vowels.chars().flat_map(|vowel| tones.map(|tone| format!("{vowel}{tone}").nfc().collect::<String>()));
    let small: String = toned.chain(["đ".to_owned()]).collect();
    let text = format!("{small} {}", small.to_uppercase());
    // One face that lacks one of them would refuse the whole.
    print(&format!(r#"{{"kind":"text","lines":["{text}"]}}"#));
}

#[test]
fn a_register_goes_on_over_pages_and_a_row_higher_than_a_page_over_several() {
    let row = |number: usize, subject: &str| {
        let cells = [
            "05/3/2026",
            &number.to_string(),
            "UBND xã",
            "05/BC-UBND",
            "04/3/2026",
            subject,
            "VP",
            "",
            "",
            "",
        ];
        cells.map(str::to_owned).to_vec()
    };
    let long = "Báo cáo dài hơn một trang. ".repeat(400);
    let rows = (0..200).map(|number| row(number, if number == 100 { &long } else { "Báo cáo" })).collect();
    let register = Register { form: RegisterForm::Incoming, rows, year: Some(2026), ..Register::default() };
    let printed = print::print(json(&PrintRequest::Register(register)).as_bytes()).unwrap();
    assert!(printed.pages > 12, "{} pages", printed.pages);
}

#[test]
fn a_report_has_its_agency_its_figures_and_tables_that_go_on_over_pages() {
    let columns = [("Việc", 60, Align::Left), ("Trễ", 10, Align::Right)]
        .map(|(title, width, align)| Column { title: title.to_owned(), width, align })
        .to_vec();
    let rows = (0..120).map(|number| vec![format!("Việc số {number} ☃"), number.to_string()]).collect();
    let bar = |label: &str, value| Figure { label: label.to_owned(), value };
    let report = Report {
        agency: "Ủy ban nhân dân tỉnh Phú Thọ".to_owned(),
        place: "Phú Thọ".to_owned(),
        printed: Date::new(2026, 3, 5),
        title: "Bảng điều hành".to_owned(),
        figures: vec![bar("Quá hạn", 7), bar("Sắp đến hạn", 0)],
        parts: vec![
            ReportPart {
                title: "Tám tuần".to_owned(),
                bars: vec![bar("05/03", 7), bar("12/03", 0)],
                ..ReportPart::default()
            },
            ReportPart {
                title: "Trễ lâu nhất".to_owned(),
                table: Table { columns, rows },
                ..ReportPart::default()
            },
        ],
        ..Report::default()
    };
    let request = json(&PrintRequest::Report(Box::new(report.clone())));
    let printed = print::print(request.as_bytes()).unwrap();
    assert!((4..=8).contains(&printed.pages), "{} pages", printed.pages);
    assert_eq!(printed.pdf, print::print(request.as_bytes()).unwrap().pdf, "the same bytes");
    let mut short = report;
    short.parts[1].table.rows[5].pop();
    let why = print::print(json(&PrintRequest::Report(Box::new(short))).as_bytes()).unwrap_err();
    assert_eq!(why.code, "columns");
}

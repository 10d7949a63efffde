//! Pages as another program measures them, against the ranges of Decree 30/2020/NĐ-CP, Annex I.
#![expect(
    clippy::float_arithmetic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "lengths measured on a page; a test ends where something does not hold, and says when it measures nothing"
)]

mod letters;
mod lists;
mod measure;
mod sample;

use contracts::print::{DocumentType, PrintRequest, SignatureArea, SignatureOf, Urgency};
use measure::{Line, Page};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// A printed sample and what was measured on it.
struct Sheet {
    pages: Vec<Page>,
    areas: Vec<SignatureArea>,
    request: PrintRequest,
}

/// Every sample, measured in one go; nothing where nobody measures.
static SHEETS: LazyLock<Option<BTreeMap<String, Sheet>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("geometry");
    std::fs::create_dir_all(&folder).unwrap();
    let mut printed = BTreeMap::new();
    for (name, request) in sample::all() {
        let paper = print::print(&serde_json::to_vec(&request).unwrap())
            .unwrap_or_else(|why| panic!("{name}: {why}"));
        std::fs::write(folder.join(&name), &paper.pdf).unwrap();
        printed.insert(name, (paper.areas, request));
    }
    let names: Vec<String> = printed.keys().cloned().collect();
    let mut measured = measure::measure(&folder, &names)?;
    let sheets = printed.into_iter().map(|(name, (areas, request))| {
        let pages = measured.remove(&name).unwrap();
        (name, Sheet { pages, areas, request })
    });
    Some(sheets.collect())
});

fn sheets() -> impl Iterator<Item = (&'static String, &'static Sheet)> {
    SHEETS.iter().flatten()
}

fn within(name: &str, what: &str, value: f64, range: std::ops::RangeInclusive<f64>) {
    assert!(range.contains(&value), "{name}: {what} is {value}, not within {range:?}");
}

/// Everything but the page number.
fn text(page: &Page) -> impl Iterator<Item = &Line> {
    page.lines.iter().filter(|line| line.base > 20.0)
}

#[test]
fn every_sheet_is_a4_with_the_margins_of_the_decree() {
    for (name, sheet) in sheets() {
        assert!(sheet.pages.len() > 1, "{name} has one page");
        for page in &sheet.pages {
            within(name, "width", page.width, 209.9..=210.1);
            within(name, "height", page.height, 296.9..=297.1);
            let left = text(page).map(|line| line.left).fold(f64::MAX, f64::min);
            let right = text(page).map(|line| line.right).fold(0.0, f64::max);
            within(name, "left margin", left, 30.0..=35.0);
            within(name, "right margin", page.width - right, 15.0..=20.0);
            let top = text(page).map(|line| line.base - 0.891 * mm(line.size)).fold(f64::MAX, f64::min);
            within(name, "upper margin", top, 20.0..=25.0);
            let bottom = text(page).map(|line| line.base + 0.216 * mm(line.size)).fold(0.0, f64::max);
            assert!(page.height - bottom >= 20.0, "{name}: lower margin {}", page.height - bottom);
        }
    }
}

/// Points as millimetres.
fn mm(points: f64) -> f64 {
    points * 25.4 / 72.0
}

#[test]
fn the_only_face_is_the_times_of_the_fonts_and_only_the_urgency_stamp_is_not_black() {
    for (name, sheet) in sheets() {
        for line in sheet.pages.iter().flat_map(|page| &page.lines) {
            assert!(line.font.starts_with("LiberationSerif"), "{name}: {line:?}");
            assert!(line.black || line.text.contains("KHẨN") || line.text == "HỎA TỐC", "{name}: {line:?}");
            within(name, &line.text, line.size, 11.0..=14.0);
        }
    }
}

#[test]
fn pages_are_numbered_from_the_second_in_the_upper_margin() {
    for (name, sheet) in sheets() {
        let numbers: Vec<Vec<&Line>> = sheet
            .pages
            .iter()
            .map(|page| page.lines.iter().filter(|line| line.base < 20.0).collect())
            .collect();
        for (place, lines) in numbers.iter().enumerate() {
            if place == 0 {
                assert!(lines.is_empty(), "{name}: {lines:?}");
                continue;
            }
            let [number] = lines.as_slice() else { panic!("{name}: {lines:?}") };
            assert_eq!(number.text, (place + 1).to_string());
            assert!(number.is("", 13.0..=14.0), "{name}: {number:?}");
            // Centred in the text, which is 31 mm from the left and 16 from the right.
            within(name, "page number", number.centre(), 112.0..=113.0);
        }
    }
}

#[test]
fn the_nation_stands_at_the_right_with_a_rule_as_long_as_its_motto() {
    for (name, sheet) in sheets() {
        let page = &sheet.pages[0];
        let nation = page.line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
        let motto = page.line("Độc lập - Tự do - Hạnh phúc");
        assert!(nation.is("-Bold", 12.0..=13.0) && motto.is("-Bold", 13.0..=14.0), "{name}");
        within(name, "nation and motto", (nation.centre() - motto.centre()).abs(), 0.0..=0.5);
        within(name, "rule", page.rule_below(motto) / motto.width(), 0.98..=1.02);
        assert!(nation.left > 90.0, "{name}: {nation:?}");
    }
}

#[test]
fn the_agency_stands_at_the_left_above_its_number() {
    for (name, sheet) in sheets() {
        let page = &sheet.pages[0];
        let (parent, agency) = (page.line("CHÍNH PHỦ"), page.line("TỈNH PHÚ THỌ"));
        assert!(parent.is("", 12.0..=13.0) && agency.is("-Bold", 12.0..=13.0), "{name}");
        within(name, "rule of the agency", page.rule_below(agency) / agency.width(), 0.333..=0.5);
        if let Some(number) = page.lines.iter().find(|line| line.text.starts_with("Số: 05/")) {
            assert!(number.is("", 13.0..=13.0), "{name}: {number:?}");
            within(name, "number below the agency", (number.centre() - agency.centre()).abs(), 0.0..=0.5);
            if let Some(date) = page.lines.iter().find(|line| line.text.contains("ngày 05 tháng 02 năm 2026"))
            {
                assert!(date.is("-Italic", 13.0..=14.0) && (date.base - number.base).abs() < 0.1, "{name}");
                let nation = page.line("CỘNG HÒA");
                within(name, "date below the nation", (date.centre() - nation.centre()).abs(), 0.0..=0.5);
            }
        }
    }
}

#[test]
fn type_and_subject_stand_in_the_middle_and_those_of_a_letter_below_the_number() {
    for (name, sheet) in sheets() {
        let PrintRequest::Document(document) = &sheet.request else { continue };
        let page = &sheet.pages[0];
        if document.kind == DocumentType::OfficialLetter {
            let (number, about) = (page.line("Số: 05/"), page.line("V/v rà soát"));
            assert!(about.is("", 12.0..=13.0), "{about:?}");
            let gap = (about.base - 0.891 * mm(about.size)) - (number.base + 0.216 * mm(number.size));
            within(name, "6 points below the number", gap, mm(5.5)..=mm(6.5));
            within(name, "below the number", (about.centre() - number.centre()).abs(), 0.0..=0.5);
            continue;
        }
        let title = page.lines.iter().find(|line| line.text == document.kind.name().to_uppercase()).unwrap();
        assert!(title.is("-Bold", 13.0..=14.0), "{name}: {title:?}");
        within(name, "title", title.centre(), 112.0..=113.0);
        let subject: Vec<&Line> = page
            .lines
            .iter()
            .filter(|line| {
                line.font.ends_with("-Bold") && line.base > title.base && line.base < title.base + 13.0
            })
            .take_while(|line| sample::SUBJECT.contains(line.text.trim()))
            .collect();
        let last =
            if document.issued_with.is_some() { page.line("của ") } else { subject[subject.len() - 1] };
        assert!(subject.iter().all(|line| line.is("-Bold", 13.0..=14.0)), "{name}");
        let widest = subject.iter().map(|line| line.width()).fold(0.0, f64::max);
        let reference = if document.issued_with.is_some() { last.width() } else { widest };
        within(name, "rule below the subject", page.rule_below(last) / reference, 0.333..=0.5);
    }
}

#[test]
fn the_body_is_justified_with_indent_and_spacing_of_the_decree() {
    for (name, sheet) in sheets() {
        let page = sheet
            .pages
            .iter()
            .find(|page| page.lines.iter().any(|line| line.text.starts_with("Đoạn 2.")))
            .unwrap();
        let first = page.line("Đoạn 2.");
        let at = page.lines.iter().position(|line| std::ptr::eq(line, first)).unwrap();
        let (before, second) = (&page.lines[at.saturating_sub(1)], &page.lines[at + 1]);
        within(name, "size", first.size, 13.0..=14.0);
        within(name, "indent", first.left - second.left, 12.4..=13.0);
        // A single line of Times is 1.149 of its size.
        let single = 1.149 * mm(first.size);
        let pitch = second.base - first.base;
        within(name, "line spacing", pitch / single, 1.0..=1.5);
        if before.base < first.base && before.base > first.base - 12.0 && before.base > 25.0 {
            within(name, "between paragraphs", first.base - before.base - pitch, mm(5.99)..=mm(12.0));
        }
    }
}

#[test]
fn who_signs_stands_at_the_right_with_room_for_the_signature_and_the_seal() {
    for (name, sheet) in sheets() {
        let person = sheet.areas.iter().find(|area| area.who == SignatureOf::Person).unwrap();
        let seal = sheet.areas.iter().find(|area| area.who == SignatureOf::Organisation).unwrap();
        let at = |hundredths: i32| f64::from(hundredths) / 100.0;
        let page = &sheet.pages[usize::try_from(person.page - 1).unwrap()];
        let middle = at(person.left) + at(person.width) / 2.0;
        let signed = |line: &&Line| line.is("-Bold", 13.0..=14.0) && (line.centre() - middle).abs() < 0.5;
        let above = page.lines.iter().filter(signed).rfind(|line| line.base < at(person.top)).unwrap();
        let below = page.lines.iter().filter(signed).find(|line| line.base > at(person.top)).unwrap();
        assert_eq!(above.text, above.text.to_uppercase(), "{name}");
        assert!(["Nguyễn Văn Mẫu", "Đỗ Thị Thử"].contains(&below.text.as_str()), "{name}");
        assert!(above.base < at(person.top) && below.base - 4.4 > at(person.top + person.height), "{name}");
        let signers = match &sheet.request {
            PrintRequest::Document(document) => document.signers.len(),
            // Only the copy is signed, not the original above it.
            _ => 1,
        };
        assert_eq!(sheet.areas.len(), 2 * signers, "{name}");
        // The seal covers a third of the signature, on its left.
        let covered = at(seal.left + seal.width - person.left) / at(person.width);
        within(name, "covered by the seal", covered, 0.3..=0.36);
        let titles = page.lines.iter().find(|line| line.text.starts_with("TM. ỦY BAN"));
        let to = page.lines.iter().find(|line| line.text.starts_with("Nơi nhận:")).unwrap();
        assert!(to.is("-BoldItalic", 12.0..=12.0) && to.left < 31.5, "{name}: {to:?}");
        if let Some(titles) = titles {
            within(name, "level with the titles", (titles.base - to.base).abs(), 0.0..=1.0);
        }
        let list = page.line("- Lưu: VT");
        assert!(list.is("", 11.0..=11.0) && list.left < 31.5 && list.text.ends_with('.'), "{name}: {list:?}");
    }
}

#[test]
fn stamps_have_the_size_of_the_decree_and_the_address_stands_below_a_rule() {
    for (name, sheet) in sheets() {
        let PrintRequest::Document(document) = &sheet.request else { continue };
        let page = &sheet.pages[0];
        let (width, words) = match document.urgency.unwrap() {
            Urgency::Express => (30.0, "HỎA TỐC"),
            Urgency::VeryUrgent => (40.0, "THƯỢNG KHẨN"),
            Urgency::Urgent => (20.0, "KHẨN"),
        };
        assert!(page.has_box(width, 8.0), "{name}: no box of {width} mm: {:?}", page.drawn);
        let stamp = page.lines.iter().find(|line| line.text == words).unwrap();
        assert!(stamp.is("-Bold", 13.0..=14.0) && !stamp.black, "{name}");
        let address = page.line("Số 1 đường Trần Phú");
        assert!(address.is("", 11.0..=12.0), "{name}");
        let rule = page.drawn.iter().find(|rule| rule.right - rule.left > 162.0 && rule.top < address.base);
        within(name, "rule above the address", rule.map_or(0.0, |rule| address.base - rule.top), 3.0..=8.0);
    }
}

#[test]
fn what_is_read_from_the_file_is_what_was_written_in_nfc() {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    for (name, sheet) in sheets() {
        let PrintRequest::Document(document) = &sheet.request else { continue };
        let lines = sheet.pages.iter().flat_map(text);
        // The address stands between the first page and what goes on upon the second.
        let lines = lines.filter(|line| !document.address.iter().any(|address| line.text.contains(address)));
        let read = squeezed(&lines.map(|line| line.text.as_str()).collect::<String>());
        assert_eq!(read, read.nfc().collect::<String>(), "{name}");
        let subject = sample::SUBJECT.trim_start_matches("Về việc ").to_owned();
        let paragraphs =
            (1..=9).map(|number| format!("Đoạn {number}. {}", sample::PARAGRAPH.trim_end_matches('.')));
        for written in paragraphs.chain([subject, document.head.agency.to_uppercase()]) {
            assert!(read.contains(&squeezed(&written)), "{name}: no {written} in {read}");
        }
    }
}

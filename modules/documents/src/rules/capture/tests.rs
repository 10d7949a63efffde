use super::{Guess, SURE, read};
use base::Date;
use contracts::{ReadPage, ReadWord};

/// A column and a line of the laid out letters, and how high a letter is.
const COLUMN: u32 = 12;
const LINE: u32 = 20;
const LETTER: u32 = 13;

/// The letters by their names.
fn letters() -> Vec<(String, ReadPage)> {
    let text = include_str!("../../../rules/cases/letters.txt");
    let letters = text.split("=== ").skip(1).map(|letter| letter.split_once('\n').unwrap());
    letters.map(|(name, lines)| (name.to_owned(), page(lines))).collect()
}

fn page(lines: &str) -> ReadPage {
    let mut page = ReadPage { width: 84 * COLUMN, height: 84 * COLUMN * 3 / 2, words: Vec::new() };
    for (number, line) in (0_u32..).zip(lines.lines()) {
        let mut column = 0;
        for word in line.split(' ') {
            let text = word.trim_start_matches('~');
            let length = u32::try_from(text.chars().count()).unwrap();
            if length > 0 {
                page.words.push(ReadWord {
                    text: text.to_owned(),
                    sure: if text == word { 96 } else { 55 },
                    left: column * COLUMN,
                    top: number * LINE,
                    width: length * COLUMN,
                    height: LETTER,
                    line: number,
                });
            }
            column += length + 1;
        }
    }
    page
}

fn value<'a>(guesses: &'a [Guess], field: &str) -> &'a str {
    guesses.iter().find(|guess| guess.field == field).map_or("", |guess| &guess.value)
}

#[test]
fn every_invented_letter_is_read_as_an_expert_reads_it() {
    let fields = [
        "from_name",
        "symbol",
        "place",
        "promulgated",
        "type_name",
        "subject",
        "urgency",
        "signer_name",
        "signer_position",
    ];
    let letters = letters();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for row in include_str!("../../../rules/cases/capture.csv").lines().filter(|row| !row.starts_with('#')) {
        let cells: Vec<&str> = row.split('|').collect();
        let (_, page) = letters.iter().find(|(name, _)| name == cells[0]).expect(cells[0]);
        let guesses = read(std::slice::from_ref(page), 1, Date::new(2026, 12, 1).unwrap());
        for (field, expected) in fields.iter().zip(&cells[1..]) {
            let found = value(&guesses, field);
            if found != *expected {
                wrong.push(format!("{}: {field} is {found:?}, not {expected:?}", cells[0]));
            }
        }
        let doubtful: Vec<&str> = guesses.iter().filter(|g| g.sure < SURE).map(|g| g.field).collect();
        if doubtful.join(" ") != cells[10] {
            wrong.push(format!("{}: doubtful are {doubtful:?}, not {:?}", cells[0], cells[10]));
        }
        count += 1;
    }
    assert_eq!(count, letters.len(), "a letter without its row");
    assert!(wrong.is_empty(), "{} of {count} letters:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_value_says_where_on_the_page_it_stands() {
    let (_, page) = letters().into_iter().next().unwrap();
    let guesses = read(&[page], 3, Date::new(2026, 12, 1).unwrap());
    let symbol = guesses.iter().find(|guess| guess.field == "symbol").unwrap();
    let [left, top, width, height] = symbol.place;
    assert_eq!(symbol.page, 1);
    assert!(left + width < 500 && top + height < 200, "in the upper left: {:?}", symbol.place);
    assert_eq!(value(&guesses, "pages"), "3");
}

#[test]
fn nothing_is_made_up_for_an_empty_page_or_a_text_that_is_no_letter() {
    let today = Date::new(2026, 12, 1).unwrap();
    assert!(read(&[], 0, today).is_empty());
    let prose = page("Truyện kể rằng ngày xưa\ncó một người thợ săn\nsố phận long đong");
    let guesses = read(&[prose], 1, today);
    for field in ["from_name", "promulgated", "subject", "signer_name"] {
        assert_eq!(value(&guesses, field), "", "{field}");
    }
    assert!(
        guesses.iter().filter(|guess| ["symbol", "type_name"].contains(&guess.field)).all(|g| g.sure < SURE)
    );
}

#[test]
fn a_stamp_of_urgency_is_known_in_its_frame_and_without() {
    let letter = |stamp: &str| {
        page(&format!(
            "UBND TỈNH PHÚ THỌ            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ XÂY DỰNG                     \
             Độc lập - Tự do - Hạnh phúc\n\nSố: 12/SXD-QH            Phú Thọ, ngày 05 tháng 3 năm 2026\nV/v rà soát\n\n\
             {stamp}\n\n          Kính gửi: Các sở\n\nĐề nghị thực hiện."
        ))
    };
    let cases = [
        ("HỎA TỐC", "3"),
        ("| HỎA TỐC |", "3"),
        ("l HỎA TỐC I", "3"),
        ("[ KHẨN ]", "1"),
        ("I THƯỢNG KHẨN. |", "2"),
        ("HỎA TỐC HẸN GIỜ", "4"),
        // Words in a sentence are none.
        ("Việc khẩn", "0"),
        ("khẩn", "0"),
        ("I I", "0"),
    ];
    for (stamp, degree) in cases {
        let guesses = read(&[letter(stamp)], 1, Date::new(2026, 3, 6).unwrap());
        assert_eq!(value(&guesses, "urgency"), degree, "{stamp}");
    }
}

//! The words of a draft as the pieces of a page: grounds, articles, clauses, points (Decree 30/2020, Annex I, part I,
//! II.6). People write them as lines; what is not recognised is a paragraph.

use contracts::print::{Block, Numbered, Words};

/// The grounds a text begins with, and the pieces after them.
pub(crate) fn blocks(text: &str) -> (Vec<String>, Vec<Block>) {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    let mut basis = Vec::new();
    // What ends with a colon leads over to something and is no ground.
    while let Some(line) = lines.next_if(|line| line.starts_with("Căn cứ ") && !line.ends_with(':')) {
        basis.push(line.trim_end_matches([';', '.', ',']).to_owned());
    }
    (basis, lines.map(block).collect())
}

fn block(line: &str) -> Block {
    if let Some(rest) = line.strip_prefix("Điều ")
        && let Some((number, words)) = numbered(rest, is_number)
    {
        return Block::Article(Numbered { number, title: String::new(), text: words });
    }
    if let Some(words) = ["- ", "– ", "+ "].iter().find_map(|dash| line.strip_prefix(dash)) {
        return Block::Dash(Words { text: words.to_owned() });
    }
    if let Some((number, words)) = numbered(line, is_roman) {
        return Block::Heading(Numbered { number, title: words, text: String::new() });
    }
    if let Some((number, words)) = numbered(line, is_number) {
        return Block::Clause(Numbered { number, title: String::new(), text: words });
    }
    match line.split_once(") ") {
        Some((letter, words)) if is_letter(letter) => {
            Block::Point(Numbered { number: letter.to_owned(), title: String::new(), text: words.to_owned() })
        }
        _ => Block::Paragraph(Words { text: line.to_owned() }),
    }
}

/// A number, a full stop, and words.
fn numbered(line: &str, is: fn(&str) -> bool) -> Option<(String, String)> {
    let (number, words) = line.split_once('.')?;
    let words = words.trim_start();
    (is(number) && !words.is_empty()).then(|| (number.to_owned(), words.to_owned()))
}

fn is_number(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_roman(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.chars().all(|letter| matches!(letter, 'I' | 'V' | 'X'))
}

/// Points go by the Vietnamese alphabet, `đ` after `d`.
fn is_letter(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|letter| letter == 'đ' || letter.is_ascii_lowercase())
        && letters.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::blocks;
    use contracts::print::{Block, Numbered, Words};

    fn numbered(number: &str, text: &str) -> Numbered {
        Numbered { number: number.to_owned(), title: String::new(), text: text.to_owned() }
    }

    #[test]
    fn a_decision_is_taken_apart_as_the_decree_builds_it() {
        let (basis, body) = blocks(
            "Căn cứ Luật Tổ chức chính quyền địa phương;\nCăn cứ Nghị định số 30/2020/NĐ-CP.\n\n\
             Điều 1. Ban hành quy chế.\n1. Phạm vi.\nđ) Cấp xã.\n- Bản giấy.\nI. TÌNH HÌNH\nThực hiện từ nay./.",
        );
        assert_eq!(
            basis,
            ["Căn cứ Luật Tổ chức chính quyền địa phương", "Căn cứ Nghị định số 30/2020/NĐ-CP"]
        );
        let heading =
            Numbered { number: "I".to_owned(), title: "TÌNH HÌNH".to_owned(), text: String::new() };
        assert_eq!(
            body,
            [
                Block::Article(numbered("1", "Ban hành quy chế.")),
                Block::Clause(numbered("1", "Phạm vi.")),
                Block::Point(numbered("đ", "Cấp xã.")),
                Block::Dash(Words { text: "Bản giấy.".to_owned() }),
                Block::Heading(heading),
                Block::Paragraph(Words { text: "Thực hiện từ nay./.".to_owned() }),
            ]
        );
    }

    #[test]
    fn what_only_looks_like_a_number_stays_a_paragraph() {
        for line in ["30/2020 là năm.", "2017. ", "Điều này. Là câu.", "1.", "aa) không"] {
            assert!(matches!(blocks(line).1.as_slice(), [Block::Paragraph(_)]), "{line}");
        }
        assert_eq!(blocks(" \n\n"), (Vec::new(), Vec::new()));
        assert!(blocks("Căn cứ đề nghị của Sở, Ủy ban quyết định:").0.is_empty());
    }
}

//! The words of a draft as the pieces of a page: grounds, chapters, articles, clauses, points (Decree 30/2020, Annex I,
//! part I, II.6) and tables. People write them as lines; what is not recognised is a paragraph. The editor in the browser
//! reads and writes the same lines (`crates/ui/web/src/editor/lines.ts`).

use contracts::print::{Align, Block, Column, Numbered, Table, Words, plain};

/// Most columns of a table that still fit on a sheet.
pub(crate) const COLUMNS_MAX: usize = 12;

/// The grounds a text begins with, and the pieces after them.
pub(crate) fn blocks(text: &str) -> (Vec<String>, Vec<Block>) {
    let mut lines = text.lines().map(str::trim).peekable();
    let mut basis = Vec::new();
    // What ends with a colon leads over to something and is no ground.
    while let Some(line) =
        lines.next_if(|line| line.is_empty() || (plain(line).starts_with("Căn cứ ") && !line.ends_with(':')))
    {
        if !line.is_empty() {
            basis.push(plain(line).trim_end_matches([';', '.', ',']).to_owned());
        }
    }
    let mut body = Vec::new();
    while let Some(line) = lines.next() {
        if line.is_empty() {
            continue;
        }
        if !is_row(line) {
            body.push(block(line));
            continue;
        }
        let mut rows = vec![cells(line)];
        while let Some(line) = lines.next_if(|line| is_row(line)) {
            // A line of dashes under the titles is how others mark them.
            if !is_rule(line) {
                rows.push(cells(line));
            }
        }
        body.push(Block::Table(table(rows)));
    }
    (basis, body)
}

fn block(line: &str) -> Block {
    if let Some(rest) = line.strip_prefix("Điều ")
        && let Some((number, words)) = numbered(rest, is_number)
    {
        return Block::Article(Numbered { number, title: String::new(), text: words });
    }
    for (word, is, make) in DIVISIONS {
        if let Some(number) = line.strip_prefix(word).and_then(|rest| division(rest, is)) {
            return make(number);
        }
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

/// A word, what its number may be, and what it begins.
type Division = (&'static str, fn(&str) -> bool, fn(Numbered) -> Block);

/// What a document is divided into above its articles.
const DIVISIONS: [Division; 4] = [
    ("Phần ", is_roman, Block::Part),
    ("Chương ", is_roman, Block::Chapter),
    ("Mục ", is_number, Block::Section),
    ("Tiểu mục ", is_number, Block::Subsection),
];

/// A number with a title after a full stop, or by itself.
fn division(rest: &str, is: fn(&str) -> bool) -> Option<Numbered> {
    let (number, title) = rest.split_once('.').unwrap_or((rest, ""));
    let title = title.trim_start().to_owned();
    is(number).then(|| Numbered { number: number.to_owned(), title, text: String::new() })
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

fn is_row(line: &str) -> bool {
    line.len() > 2 && line.starts_with('|') && line.ends_with('|')
}

fn is_rule(line: &str) -> bool {
    line.contains('-') && line.chars().all(|letter| matches!(letter, '|' | '-' | ':' | ' '))
}

/// The cells between the bars of a line; `\|` is a bar in a cell.
fn cells(line: &str) -> Vec<String> {
    let inner = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')).unwrap_or(line);
    let (mut cells, mut cell, mut escaped) = (Vec::new(), String::new(), false);
    for letter in inner.chars() {
        match letter {
            '|' if escaped => {
                cell.pop();
                cell.push('|');
            }
            '|' => cells.push(std::mem::take(&mut cell)),
            _ => cell.push(letter),
        }
        escaped = letter == '\\';
    }
    cells.push(cell);
    // What does not fit beside the others goes into the last cell: nothing written is lost.
    let rest = cells.split_off(cells.len().min(COLUMNS_MAX));
    if let Some(last) = cells.last_mut() {
        last.extend(rest);
    }
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

/// A table whose first row are its titles. Columns are as wide as what stands in them asks for; numbers stand right.
fn table(mut rows: Vec<Vec<String>>) -> Table {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    for row in &mut rows {
        row.resize(columns, String::new());
    }
    let titles = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
    let column = |(at, title): (usize, String)| {
        let inside = || rows.iter().filter_map(|row| row.get(at)).map(|cell| plain(cell));
        let longest = inside().map(|cell| cell.chars().count()).max().unwrap_or(0);
        let width = longest.max(plain(&title).chars().count() / 2).clamp(5, 40);
        let is_number = |cell: String| {
            cell.chars().any(|c| c.is_ascii_digit())
                && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | ' ' | '-'))
        };
        let numbers = longest > 0 && inside().filter(|cell| !cell.is_empty()).all(is_number);
        let align = match (numbers, longest) {
            (true, ..=3) => Align::Centre,
            (true, _) => Align::Right,
            (false, _) => Align::Left,
        };
        Column { title, width: u8::try_from(width).unwrap_or(40), align }
    };
    let columns = titles.into_iter().enumerate().map(column).collect();
    Table { columns, rows }
}

#[cfg(test)]
mod tests {
    use super::blocks;
    use contracts::print::{Align, Block, Numbered, Words};

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

    #[test]
    fn chapters_and_tables_are_told_apart() {
        let (basis, body) = blocks(
            "*Căn cứ Luật Lưu trữ;*\n\nChương I. Quy định chung\nMục 2\n| TT | Đơn vị | Số lượng |\n|---|---|---|\n\
             | 1 | Phòng \\| Ban | 1.200 |\n| 2 | **Chi cục** |\n\n| a |\n| b |",
        );
        assert_eq!(basis, ["Căn cứ Luật Lưu trữ"]);
        let [Block::Chapter(chapter), Block::Section(section), Block::Table(wide), Block::Table(narrow)] =
            body.as_slice()
        else {
            panic!("{body:?}")
        };
        assert_eq!((chapter.number.as_str(), chapter.title.as_str()), ("I", "Quy định chung"));
        assert_eq!((section.number.as_str(), section.title.as_str()), ("2", ""));
        let aligns: Vec<Align> = wide.columns.iter().map(|column| column.align).collect();
        assert_eq!(aligns, [Align::Centre, Align::Left, Align::Right]);
        assert_eq!(wide.rows, [["1", "Phòng | Ban", "1.200"], ["2", "**Chi cục**", ""]]);
        assert_eq!((narrow.columns.len(), narrow.rows.len()), (1, 1));
    }

    #[test]
    fn no_row_is_wider_than_a_sheet_and_nothing_is_lost() {
        let line = format!("|{}", "x|".repeat(40));
        let (_, body) = blocks(&format!("{line}\n{line}"));
        let [Block::Table(table)] = body.as_slice() else { panic!("{body:?}") };
        assert_eq!(table.columns.len(), super::COLUMNS_MAX);
        let letters: usize = table.rows.iter().flatten().map(String::len).sum();
        assert_eq!(letters, 40);
        for line in ["|", "||", "| dở dang", "Chương một", "Mục lục"] {
            assert!(matches!(blocks(line).1.as_slice(), [Block::Paragraph(_)]), "{line}");
        }
    }
}

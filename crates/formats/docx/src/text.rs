//! Blocks as lines of text with light marks.

use crate::model::{Block, Document, Row, Run};

impl Document {
    /// The document as text: a line for each paragraph, a line with bars for each row of a table.
    pub fn text(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        let mut after_table = false;
        for block in &self.blocks {
            let is_table = matches!(block, Block::Table(_));
            // Two tables in a row stay two.
            if is_table && after_table {
                lines.push(String::new());
            }
            after_table = is_table;
            match block {
                Block::Heading { runs, .. } => lines.push(line(runs, true)),
                Block::Paragraph(runs) => lines.push(line(runs, false)),
                Block::Table(rows) => lines.extend(rows.iter().map(row)),
            }
        }
        lines.join("\n")
    }
}

/// A line. What it begins with – a number, a ground's first words – is set by what it is, so marks there go. A heading
/// with a number needs none at all; one without is bold.
fn line(runs: &[Run], heading: bool) -> String {
    let whole = plain(runs);
    if whole.starts_with("Căn cứ ") {
        return whole;
    }
    let label = label_length(&whole);
    if heading {
        let bold = [Run { text: whole.clone(), bold: true, italic: false }];
        return if label > 0 { whole } else { marked(&bold) };
    }
    let mut left = label;
    let unmarked = runs.iter().flat_map(|run| {
        let at = floor(&run.text, left.min(run.text.len()));
        left = left.saturating_sub(at);
        let (head, tail) = run.text.split_at(at);
        [Run::plain(head), Run { text: tail.to_owned(), ..run.clone() }]
    });
    marked(&joined(unmarked.collect()))
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn row(row: &Row) -> String {
    let cells: Vec<String> = row.iter().map(|cell| marked(cell).replace('|', "\\|")).collect();
    format!("| {} |", cells.join(" | "))
}

/// Letters with the marks of their hands. Spaces at the edges of a hand stand outside its marks.
fn marked(runs: &[Run]) -> String {
    let (mut text, mut closed) = (String::new(), false);
    for run in runs {
        let letters = run.text.replace('*', "\\*");
        let mark = match (run.bold, run.italic) {
            (true, true) => "***",
            (true, false) => "**",
            (false, true) => "*",
            (false, false) => "",
        };
        let inner = letters.trim();
        let touches = closed && letters.starts_with(inner);
        closed = false;
        // Marks that touch would be read as one: the second hand gives way.
        if mark.is_empty() || touches || !inner.chars().any(char::is_alphanumeric) {
            text.push_str(&letters);
            continue;
        }
        let (before, after) = letters.split_once(inner).unwrap_or(("", ""));
        text.extend([before, mark, inner, mark, after]);
        closed = after.is_empty();
    }
    text.trim().to_owned()
}

pub(crate) fn plain(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect::<String>().trim().to_owned()
}

/// How many bytes of a line say what it is: `Điều 12.`, `Chương IV`, `3.`, `II.`, `đ)`, `-`.
fn label_length(line: &str) -> usize {
    for word in ["Điều ", "Chương ", "Mục ", "Phần ", "Tiểu mục "] {
        if let Some(rest) = line.strip_prefix(word) {
            let is_number = |c: char| c.is_ascii_digit() || "IVX".contains(c);
            let number = rest.find(|c| !is_number(c)).unwrap_or(rest.len());
            return match rest.get(number..).and_then(|rest| rest.chars().next()) {
                Some('.') if number > 0 => word.len().saturating_add(number).saturating_add(1),
                None if number > 0 => line.len(),
                _ => 0,
            };
        }
    }
    if line.starts_with("- ") || line.starts_with("+ ") {
        return 1;
    }
    let head: String = line.chars().take_while(|c| !matches!(c, '.' | ')') && !c.is_whitespace()).collect();
    let is_number = !head.is_empty() && head.len() <= 3 && head.bytes().all(|byte| byte.is_ascii_digit());
    let is_roman = !head.is_empty() && head.len() <= 5 && head.chars().all(|c| "IVX".contains(c));
    let is_letter = head.chars().count() == 1 && head.chars().all(char::is_lowercase);
    match line.get(head.len()..).and_then(|rest| rest.chars().next()) {
        Some('.') if is_number || is_roman => head.len().saturating_add(1),
        Some(')') if is_letter => head.len().saturating_add(1),
        _ => 0,
    }
}

/// Runs of the same hand in one, with single spaces, without empty ones and without spaces at the ends.
pub(crate) fn joined(runs: Vec<Run>) -> Vec<Run> {
    let mut whole: Vec<Run> = Vec::new();
    // At the beginning a space would be one too many.
    let mut spaced = true;
    for run in runs {
        let mut text = String::new();
        for letter in run.text.chars() {
            let is_space = letter.is_whitespace() || letter == '\u{a0}';
            if is_space && !spaced {
                text.push(' ');
            } else if !is_space && !letter.is_control() {
                text.push(letter);
            }
            spaced = is_space || (spaced && letter.is_control());
        }
        match whole.last_mut() {
            Some(last) if last.bold == run.bold && last.italic == run.italic => last.text.push_str(&text),
            _ if text.is_empty() => {}
            _ => whole.push(Run { text, ..run }),
        }
    }
    while let Some(last) = whole.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            break;
        }
        whole.pop();
    }
    whole
}

/// A number and the words after it.
pub(crate) fn labelled(label: &str, mut runs: Vec<Run>) -> Vec<Run> {
    if label.is_empty() {
        return runs;
    }
    match runs.first_mut() {
        Some(first) => first.text.insert_str(0, &format!("{label} ")),
        None => runs.push(Run::plain(label)),
    }
    runs
}

/// Adds runs after a space.
pub(crate) fn append(runs: &mut Vec<Run>, more: Vec<Run>) {
    if !runs.is_empty() && !more.is_empty() {
        runs.push(Run::plain(" "));
    }
    runs.extend(more);
    *runs = joined(std::mem::take(runs));
}

/// True for the table in which a sheet of the state has its head or its end.
pub(crate) fn is_letterhead(rows: &[Row]) -> bool {
    let whole = rows.iter().flatten().map(|cell| plain(cell)).collect::<Vec<_>>().join(" ");
    let whole = whole.to_uppercase();
    // Both ways to write the tone mark of the first word are in use.
    let motto = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA", "NƠI NHẬN:"];
    rows.len() <= 6 && motto.iter().any(|words| whole.contains(words))
}

#[cfg(test)]
mod tests {
    use super::{label_length, line};
    use crate::model::Run;

    fn bold(text: &str) -> Run {
        Run { text: text.to_owned(), bold: true, italic: false }
    }

    #[test]
    fn what_a_line_is_needs_no_marks() {
        assert_eq!(line(&[bold("Điều 1. Phạm vi")], false), "Điều 1. **Phạm vi**");
        assert_eq!(line(&[bold("Điều 1."), Run::plain(" Ban hành.")], false), "Điều 1. Ban hành.");
        let ground = Run { text: "Căn cứ Luật Lưu trữ;".to_owned(), bold: false, italic: true };
        assert_eq!(line(&[ground], false), "Căn cứ Luật Lưu trữ;");
        assert_eq!(line(&[bold("Tình hình")], true), "**Tình hình**");
        assert_eq!(line(&[bold("I. Tình hình")], true), "I. Tình hình");
        assert_eq!(line(&[Run::plain("giá 5 * 3")], false), r"giá 5 \* 3");
        let both = Run { text: "Nội vụ".to_owned(), bold: true, italic: true };
        assert_eq!(line(&[Run::plain("Giao "), bold("Sở"), both], false), "Giao **Sở**Nội vụ");
    }

    #[test]
    fn a_number_is_told_from_a_sentence() {
        for (text, length) in
            [("12. Một", 3), ("đ) Hai", 3), ("IV. Ba", 3), ("2017 là năm", 0), ("Điều này", 0)]
        {
            assert_eq!(label_length(text), length, "{text}");
        }
    }
}

//! The body: what is numbered, what is a heading of which level, and which words stay on one line.

use contracts::print::{self, Align, Block, Field, Numbered, Table, plain};
use serde::Serialize;

/// A piece of the body as a template reads it.
#[derive(Serialize)]
#[serde(tag = "set", rename_all = "kebab-case")]
pub(crate) enum Piece {
    /// A heading in the middle, its title in capitals below: parts, chapters, sections.
    Heading { level: usize, label: String, title: String },
    /// A heading at the left: an article or a clause with a title.
    Title { level: usize, text: String },
    /// A paragraph with words in bold before it.
    Paragraph { lead: String, runs: Vec<Run> },
    /// Words in the middle.
    Centred { text: String },
    /// A line of a form.
    Field { label: String, value: String },
    /// A table.
    Table { titles: Vec<String>, widths: Vec<u8>, aligns: Vec<&'static str>, rows: Vec<Vec<Vec<Run>>> },
}

/// Letters in one hand.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Run {
    text: String,
    bold: bool,
    italic: bool,
    /// A symbol such as `30/2020/NĐ-CP`, which no line may break.
    whole: bool,
}

/// The pieces of a body. `top` is the level its first headings get.
pub(crate) fn pieces(blocks: &[Block], top: usize) -> Vec<Piece> {
    let mut levels = Levels { top, open: Vec::new() };
    blocks.iter().flat_map(|block| piece(block, &mut levels)).collect()
}

/// The same with the mark that ends a document, "./.".
pub(crate) fn closed(blocks: &[Block], top: usize) -> Vec<Piece> {
    let mut pieces = pieces(blocks, top);
    match pieces.last_mut() {
        None => {}
        Some(Piece::Paragraph { lead, runs }) if runs.is_empty() => *lead = ended(lead),
        Some(Piece::Paragraph { runs, .. }) => {
            if let Some(last) = runs.last_mut() {
                last.text = ended(&last.text);
            }
        }
        Some(Piece::Field { value: text, .. }) if !text.is_empty() => *text = ended(text),
        Some(Piece::Centred { text } | Piece::Title { text, .. }) => *text = ended(text),
        Some(Piece::Field { .. } | Piece::Heading { .. } | Piece::Table { .. }) => {
            pieces.push(Piece::Paragraph { lead: String::new(), runs: runs(END) });
        }
    }
    pieces
}

const END: &str = "./.";

fn ended(text: &str) -> String {
    if text.ends_with(END) {
        return text.to_owned();
    }
    let text = text.trim_end();
    let text = text.strip_suffix('.').filter(|rest| !rest.ends_with('.')).unwrap_or(text);
    format!("{}{END}", text.trim_end_matches(';'))
}

/// Levels of headings without a gap, whatever ranks a document uses.
struct Levels {
    top: usize,
    open: Vec<u8>,
}

impl Levels {
    fn enter(&mut self, rank: u8) -> usize {
        while self.open.last().is_some_and(|last| *last >= rank) {
            self.open.pop();
        }
        let level = self.top.saturating_add(self.open.len());
        self.open.push(rank);
        level
    }
}

fn piece(block: &Block, levels: &mut Levels) -> Vec<Piece> {
    let mut heading = |rank: u8, label: String, numbered: &Numbered| {
        let (level, title) = (levels.enter(rank), plain(&numbered.title).to_uppercase());
        let mut pieces = vec![Piece::Heading { level, label, title }];
        pieces.extend(words(&numbered.text));
        pieces
    };
    match block {
        Block::Part(one) => heading(0, format!("Phần {}", one.number), one),
        Block::Chapter(one) => heading(1, format!("Chương {}", one.number), one),
        Block::Section(one) => heading(2, format!("Mục {}", one.number), one),
        Block::Subsection(one) => heading(3, format!("Tiểu mục {}", one.number), one),
        Block::Heading(one) => {
            let title = plain(&one.title).to_uppercase();
            let text = if one.number.is_empty() { title } else { format!("{}. {title}", one.number) };
            titled(levels.enter(2), text, &one.text)
        }
        Block::Article(one) => numbered(one, &format!("Điều {}.", one.number), (levels, 4)),
        Block::Clause(one) => numbered(one, &format!("{}.", one.number), (levels, 5)),
        Block::Point(one) => {
            let text = [one.title.as_str(), one.text.as_str()].join(" ");
            vec![paragraph(&format!("{}) {}", one.number, text.trim()))]
        }
        Block::Paragraph(one) => vec![paragraph(&one.text)],
        Block::Dash(one) => vec![paragraph(&format!("- {}", super::bare_dash(&one.text)))],
        Block::Centred(one) => vec![Piece::Centred { text: plain(&one.text) }],
        Block::Field(Field { label, value }) => {
            vec![Piece::Field { label: label.clone(), value: value.clone() }]
        }
        Block::Table(one) => vec![table(one)],
    }
}

/// An article or a clause. With a title it is a heading; without, its number begins the paragraph: in bold for
/// an article, upright for a clause (Annex I, part I, II.6.d).
fn numbered(one: &Numbered, label: &str, (levels, rank): (&mut Levels, u8)) -> Vec<Piece> {
    if !one.title.is_empty() {
        return titled(levels.enter(rank), format!("{label} {}", one.title), &one.text);
    }
    if rank == 4 {
        vec![Piece::Paragraph { lead: label.to_owned(), runs: runs(&one.text) }]
    } else {
        vec![paragraph(&format!("{label} {}", one.text))]
    }
}

fn titled(level: usize, text: String, words_below: &str) -> Vec<Piece> {
    let mut pieces = vec![Piece::Title { level, text: plain(&text) }];
    pieces.extend(words(words_below));
    pieces
}

fn words(text: &str) -> Option<Piece> {
    (!text.is_empty()).then(|| paragraph(text))
}

fn paragraph(text: &str) -> Piece {
    Piece::Paragraph { lead: String::new(), runs: runs(text) }
}

pub(crate) fn table(table: &Table) -> Piece {
    let align = |align: Align| match align {
        Align::Left => "left",
        Align::Centre => "center",
        Align::Right => "right",
    };
    Piece::Table {
        titles: table.columns.iter().map(|column| plain(&column.title)).collect(),
        widths: table.columns.iter().map(|column| column.width.max(1)).collect(),
        aligns: table.columns.iter().map(|column| align(column.align)).collect(),
        rows: table.rows.iter().map(|row| row.iter().map(|cell| runs(cell)).collect()).collect(),
    }
}

/// The text in runs: marks become hands, and a symbol is a run of its own.
pub(crate) fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for print::Run { text, bold, italic } in print::runs(text) {
        let mut words = String::new();
        for (place, word) in text.split(' ').enumerate() {
            if place > 0 {
                words.push(' ');
            }
            if is_symbol(word) {
                runs.push(Run { text: std::mem::take(&mut words), bold, italic, whole: false });
                runs.push(Run { text: word.to_owned(), bold, italic, whole: true });
            } else {
                words.push_str(word);
            }
        }
        runs.push(Run { text: words, bold, italic, whole: false });
    }
    runs.retain(|run| !run.text.is_empty());
    runs
}

fn is_symbol(word: &str) -> bool {
    let breakable = word.contains(['/', '-']) && word.len() > 2;
    breakable && word.chars().count() <= 24 && word.contains(|c: char| c.is_uppercase() || c.is_ascii_digit())
}

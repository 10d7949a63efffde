//! What a document is made of.

use std::collections::BTreeMap;
use std::fmt;

/// Letters in one hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// The letters.
    pub text: String,
    /// In bold.
    pub bold: bool,
    /// In italic.
    pub italic: bool,
}

impl Run {
    /// Upright letters.
    pub fn plain(text: impl Into<String>) -> Run {
        Run { text: text.into(), bold: false, italic: false }
    }
}

/// A row of a table: what is in each of its cells.
pub type Row = Vec<Vec<Run>>;

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading {
        /// From 1.
        level: u8,
        /// Its words, with the number Word gives it.
        runs: Vec<Run>,
    },
    /// A paragraph, with the number or dash Word gives it.
    Paragraph(Vec<Run>),
    /// A table; rows may be of different lengths.
    Table(Vec<Row>),
}

/// A document that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// What is written in it.
    pub blocks: Vec<Block>,
    /// What it has besides, and how often.
    pub left_out: BTreeMap<LeftOut, usize>,
}

/// What is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// Pictures, drawings, embedded things.
    Picture,
    /// Footnotes and endnotes.
    Note,
    /// Remarks of reviewers.
    Remark,
    /// Words that a tracked change deletes.
    Deleted,
    /// Formulas.
    Formula,
    /// Tables within tables: their words stay in the cell.
    NestedTable,
    /// Text in the head or foot of pages.
    HeadFoot,
    /// The form of the sheet: state's name and motto, agency, signature, recipients.
    Letterhead,
}

impl LeftOut {
    /// A word for programs and text keys.
    pub const fn word(self) -> &'static str {
        match self {
            LeftOut::Picture => "picture",
            LeftOut::Note => "note",
            LeftOut::Remark => "remark",
            LeftOut::Deleted => "deleted",
            LeftOut::Formula => "formula",
            LeftOut::NestedTable => "nested_table",
            LeftOut::HeadFoot => "head_foot",
            LeftOut::Letterhead => "letterhead",
        }
    }
}

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Something else than a DOCX.
    NotDocx,
    /// A document of an older Word, or one locked with a password: both begin with the same bytes.
    OldOrLocked,
    /// More than the limits allow.
    TooLarge,
    /// Damaged, or written so that it could be read in two ways.
    Damaged,
    /// It holds no text.
    Empty,
}

impl Unreadable {
    /// A word for programs and text keys.
    pub const fn word(self) -> &'static str {
        match self {
            Unreadable::NotDocx => "not_docx",
            Unreadable::OldOrLocked => "old_or_locked",
            Unreadable::TooLarge => "too_large",
            Unreadable::Damaged => "damaged",
            Unreadable::Empty => "empty",
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl std::error::Error for Unreadable {}

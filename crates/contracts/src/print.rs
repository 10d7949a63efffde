//! What may be asked of the printer: official documents, copies, registers and forms of Decree 30/2020, and reports of figures, as data.

use base::Date;
use serde::{Deserialize, Serialize};

pub use archive::{ArchiveForm, ArchiveList, HandoverMinutes};
pub use binding::{Binding, Bound};
pub use forms::{ArrivalStamp, Direction, HandlingSlip, Register, RegisterForm, Text};
pub use marks::{Run, plain, runs};
pub use report::{Figure, Report, ReportPart};
pub use types::DocumentType;

mod archive;
mod binding;
mod forms;
mod marks;
mod report;
mod types;

/// One thing to print. In JSON the field `kind` says which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PrintRequest {
    /// An official document (Annex I, part I).
    Document(Box<OfficialDocument>),
    /// A copy on paper (Annex I, part II).
    Copy(Box<Copy>),
    /// A register with its cover (Annex IV).
    Register(Register),
    /// A report of figures: no form of the decree.
    Report(Box<Report>),
    /// The stamp "ĐẾN" (Annex IV, V).
    ArrivalStamp(ArrivalStamp),
    /// The slip on which leaders direct an incoming document (Annex IV, VII).
    HandlingSlip(Box<HandlingSlip>),
    /// A list of dossiers, or of what is in one (Annex V).
    ArchiveList(Box<ArchiveList>),
    /// Minutes of a hand-over (Annex V, part V).
    HandoverMinutes(Box<HandoverMinutes>),
    /// Files that exist, bound into a marked copy (Annex VI, I.6k).
    Binding(Box<Binding>),
    /// An official document as pictures of its pages, for the screen.
    Preview(Box<OfficialDocument>),
    /// Lines for the place of a signature without a picture (Annex I, part I, III.1.d and part II, I.3).
    Text(Text),
}

/// An official document. What is not known yet is left out and stays blank on the paper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfficialDocument {
    /// Which of the 29.
    #[serde(rename = "type")]
    pub kind: DocumentType,
    /// Number and notation; box 3.
    pub head: Head,
    /// Trích yếu; box 5a or, in an official letter, after "V/v" in box 5b.
    pub subject: String,
    /// Who decides (`CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH`), or who wires in a telegram.
    pub authority: String,
    /// The grounds, without their final marks.
    pub basis: Vec<String>,
    /// "Kính gửi"; box 9a.
    pub addressees: Vec<String>,
    /// The words; box 6.
    pub body: Vec<Block>,
    /// "Nơi nhận", the archive last; box 9b.
    pub recipients: Vec<String>,
    /// Who signs, from left to right: one, or two in minutes and contracts; boxes 7.
    pub signers: Vec<SignatureBlock>,
    /// Who confirms on the same sheet: the place of a leave.
    pub confirmation: Option<SignatureBlock>,
    /// Box 10a.
    pub secrecy: Option<Secrecy>,
    /// Box 10b.
    pub urgency: Option<Urgency>,
    /// Box 11: `XEM XONG TRẢ LẠI`, `LƯU HÀNH NỘI BỘ`.
    pub circulation: String,
    /// Box 12: `PL.(300)`.
    pub typist: String,
    /// Box 13, a line each.
    pub address: Vec<String>,
    /// The decision that this document is issued with (model 1.3).
    pub issued_with: Option<Issue>,
    /// Annexes in the same file.
    pub annexes: Vec<Annex>,
}

/// The head of a document or of a copy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Head {
    /// The agency above; empty when there is none.
    pub parent: String,
    /// The agency that issues.
    pub agency: String,
    /// Number in the year.
    pub number: Option<u32>,
    /// After the slash: `QĐ-UBND`, `UBND-KGVX`.
    pub notation: String,
    /// Place.
    pub place: String,
    /// Date of issue.
    pub date: Option<Date>,
}

/// A document that another one names as the one it was issued with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Issue {
    /// `Quyết định`.
    pub name: String,
    /// `15/QĐ-UBND`.
    pub symbol: String,
    /// Its date.
    pub date: Option<Date>,
    /// Who issued it.
    pub agency: String,
}

/// An annex; its pages are counted from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Annex {
    /// `I`, `II`; empty when there is one annex.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its words.
    pub body: Vec<Block>,
    /// On a sheet turned by a quarter, for wide tables.
    pub landscape: bool,
}

/// A piece of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Block {
    /// "Phần I" with its title.
    Part(Numbered),
    /// "Chương I" with its title.
    Chapter(Numbered),
    /// "Mục 1" with its title.
    Section(Numbered),
    /// "Tiểu mục 1" with its title.
    Subsection(Numbered),
    /// "I. NHỮNG KẾT QUẢ": a section of a document without articles.
    Heading(Numbered),
    /// "Điều 1." with a title, words, or both.
    Article(Numbered),
    /// "1." with a title, words, or both.
    Clause(Numbered),
    /// "a)".
    Point(Numbered),
    /// A paragraph.
    Paragraph(Words),
    /// A paragraph after a dash.
    Dash(Words),
    /// A line in the middle.
    Centred(Words),
    /// A label with what is filled in after it; dots when nothing is.
    Field(Field),
    /// A table.
    Table(Table),
}

/// A numbered piece.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Numbered {
    /// As it is written: `1`, `I`, `đ`.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its words.
    pub text: String,
}

/// Words; `**bold**` and `*italic*` are marks, here, in the words of numbered pieces and in the cells of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The words.
    pub text: String,
}

/// A line of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Field {
    /// `Thời gian:`.
    pub label: String,
    /// What is filled in.
    pub value: String,
}

/// A table in the body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Table {
    /// Titles and relative widths.
    pub columns: Vec<Column>,
    /// Cells, as many in a row as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Column {
    /// Its title.
    pub title: String,
    /// Its share of the width; 0 counts as 1.
    pub width: u8,
    /// How its cells stand.
    pub align: Align,
}

/// How the cells of a column stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// Words.
    #[default]
    Left,
    /// Short codes and dates.
    Centre,
    /// Numbers.
    Right,
}

/// Who signs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignatureBlock {
    /// Authority and position, a line each: `TM. Ủy ban nhân dân`, `KT. Chủ tịch`, `Phó Chủ tịch`; box 7a.
    pub titles: Vec<String>,
    /// Other position, above the name; box 7b.
    pub position: String,
    /// Name; box 7b.
    pub name: String,
    /// Words where the signature would be: `(Đã ký)` in a copy, `(Chữ ký)` in a form.
    pub note: String,
}

/// Secrecy marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Secrecy {
    /// MẬT.
    Secret,
    /// TỐI MẬT.
    TopSecret,
    /// TUYỆT MẬT.
    Ultra,
}

/// Urgency stamps (Annex I, part I, III.2.b).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// KHẨN, 20 mm × 8 mm.
    Urgent,
    /// THƯỢNG KHẨN, 40 mm × 8 mm.
    VeryUrgent,
    /// HỎA TỐC, 30 mm × 8 mm.
    Express,
}

/// A copy on paper: the original above, the copy's own parts below a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Copy {
    /// Which of the three.
    pub form: CopyForm,
    /// Agency, number among the copies, notation (`SY-UBND`), place and date of the copy.
    pub head: Head,
    /// "Nơi nhận" of the copy.
    pub recipients: Vec<String>,
    /// Who signs the copy.
    pub signers: Vec<SignatureBlock>,
    /// What is copied, whole or in extract; nothing when the lines go below a sheet that exists.
    pub original: Option<OfficialDocument>,
}

/// The three forms of a copy (Articles 25 to 27).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyForm {
    /// SAO Y.
    #[default]
    SaoY,
    /// TRÍCH SAO.
    TrichSao,
    /// SAO LỤC.
    SaoLuc,
}

impl CopyForm {
    /// What is written on the copy.
    pub const fn name(self) -> &'static str {
        match self {
            CopyForm::SaoY => "SAO Y",
            CopyForm::TrichSao => "TRÍCH SAO",
            CopyForm::SaoLuc => "SAO LỤC",
        }
    }

    /// Its abbreviation in the notation.
    pub const fn abbreviation(self) -> &'static str {
        match self {
            CopyForm::SaoY => "SY",
            CopyForm::TrichSao => "TrS",
            CopyForm::SaoLuc => "SL",
        }
    }
}

/// Where a signature belongs on a printed page: hundredths of a millimetre from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureArea {
    /// A person, or the seal of the organisation.
    pub who: SignatureOf,
    /// Which of the signers, from 0.
    pub signer: u16,
    /// Page, from 1.
    pub page: u32,
    /// From the left edge.
    pub left: i32,
    /// From the upper edge.
    pub top: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

/// Whose signature an area is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureOf {
    /// The person who signs; centred between position and name.
    Person,
    /// The organisation; over a third of the person's, on its left.
    Organisation,
}

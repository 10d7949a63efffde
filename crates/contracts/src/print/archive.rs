//! Lists and minutes of dossiers (Decree 30/2020, Annex V).

use super::Issue;
use base::Date;
use serde::{Deserialize, Serialize};

/// A list of dossiers, or of what is in one. A row has as many cells as the form has columns; a row with one cell is
/// a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArchiveList {
    /// Which list.
    pub form: ArchiveForm,
    /// The agency above; empty when there is none.
    pub parent: String,
    /// The agency, or its unit, that draws it up.
    pub agency: String,
    /// What stands between title and year: the notation of the dossier, the name of the holding.
    pub about: String,
    /// Year.
    pub year: Option<u16>,
    /// The decision a catalogue is issued with.
    pub issued_with: Issue,
    /// How many dossiers it lists.
    pub dossiers: u32,
    /// How many of them are kept for ever.
    pub forever: u32,
    /// Who drew it up, with name and position, below the list; nobody signs the table of contents.
    pub maker: String,
    /// Place, for the line above the maker.
    pub place: String,
    /// Date, for the line above the maker and for the properties of the file.
    pub date: Option<Date>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// The lists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArchiveForm {
    /// Danh mục hồ sơ, 5 columns (part II).
    #[default]
    Catalogue,
    /// Mục lục hồ sơ, tài liệu nộp lưu, 7 columns (part III).
    HandedOver,
    /// Mục lục văn bản, tài liệu trong hồ sơ, 7 columns (part IV).
    Contents,
    /// Danh mục hồ sơ hủy. The decree has no form of it: the columns of part III with the last day of the time in
    /// place of the sheets.
    Destroyed,
}

/// Minutes of a hand-over (part V). What is empty stays dotted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HandoverMinutes {
    /// The agency above; empty when there is none.
    pub parent: String,
    /// The agency.
    pub agency: String,
    /// Place.
    pub place: String,
    /// Date.
    pub date: Option<Date>,
    /// Year of the catalogue the hand-over rests on.
    pub year: Option<u16>,
    /// Who hands over: name and position.
    pub giver: (String, String),
    /// Who receives: name and position.
    pub receiver: (String, String),
    /// What is handed over.
    pub block: String,
    /// Of which time it is.
    pub span: String,
    /// How many electronic dossiers.
    pub dossiers: u32,
    /// How many files they hold.
    pub files: u32,
    /// In what condition they are.
    pub condition: String,
}

//! Registers and forms.

use base::Date;
use serde::{Deserialize, Serialize};

/// A register. A row has as many cells as the form has columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Register {
    /// Which register.
    pub form: RegisterForm,
    /// The agency above; empty when there is none.
    pub parent: String,
    /// The agency that keeps it.
    pub agency: String,
    /// Year, for the cover.
    pub year: Option<u16>,
    /// Volume, for the cover.
    pub volume: String,
    /// What part of the year it shows: `Từ ngày 01/01/2026 đến ngày 31/3/2026`.
    pub span: String,
    /// The day it was printed, for the properties of the file.
    pub printed: Option<Date>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// The registers of Annex IV.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegisterForm {
    /// Sổ đăng ký văn bản đi, 10 columns.
    #[default]
    Outgoing,
    /// Sổ đăng ký văn bản đến, 10 columns.
    Incoming,
    /// Sổ theo dõi giải quyết văn bản đến, 7 columns.
    FollowUp,
    /// Sổ gửi văn bản đi bưu điện, 6 columns.
    Post,
    /// Sổ sử dụng bản lưu, 9 columns.
    Loan,
}

/// The stamp "ĐẾN", 50 mm wide and 35 mm high.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArrivalStamp {
    /// Who received.
    pub agency: String,
    /// Arrival number.
    pub number: Option<u32>,
    /// Day of arrival.
    pub date: Option<Date>,
    /// To whom it was passed.
    pub passed_to: String,
    /// Number and notation of the file it belongs to.
    pub file: String,
}

/// The handling slip.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HandlingSlip {
    /// The agency.
    pub agency: String,
    /// Place.
    pub place: String,
    /// Date of the slip.
    pub date: Option<Date>,
    /// Type, number and notation, date, author and subject of the incoming document.
    pub document: String,
    /// The leader of the agency.
    pub leader: Direction,
    /// The leader of the unit.
    pub unit: Direction,
    /// The officer.
    pub proposal: Direction,
}

/// What one person wrote on a handling slip.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Direction {
    /// Who leads, or to whom it is given.
    pub lead: String,
    /// Who works with them.
    pub partners: Vec<String>,
    /// Until when.
    pub due: String,
    /// The words.
    pub text: String,
    /// Who wrote.
    pub name: String,
    /// When.
    pub date: Option<Date>,
}

/// Lines in the size, colour and face of a signature without a picture: 10 points, black.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Text {
    /// The lines.
    pub lines: Vec<String>,
    /// Width of the page in millimetres; 0 counts as 70.
    pub width_mm: u16,
    /// Height of the page in millimetres; 0 is as high as the lines are.
    pub height_mm: u16,
}

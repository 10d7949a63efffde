//! Registers, the arrival stamp, the handling slip and lines of text.

use super::{GAP, agency, place_date, two_digits};
use base::Date;
use contracts::print::{ArrivalStamp, Direction, HandlingSlip, RegisterForm, Text};
use serde::Serialize;

/// A register: its cover, its columns, its rows.
pub(crate) struct Register {
    pub(crate) parent: Vec<String>,
    pub(crate) agency: Vec<String>,
    pub(crate) title: &'static str,
    pub(crate) year: String,
    pub(crate) volume: String,
    pub(crate) span: String,
    pub(crate) columns: &'static [RegisterColumn],
    pub(crate) rows: Vec<Vec<String>>,
}

/// A column of a register.
pub(crate) struct RegisterColumn {
    pub(crate) title: &'static str,
    /// Its share of the width.
    pub(crate) width: u8,
    pub(crate) align: &'static str,
}

pub(crate) fn register(register: &contracts::print::Register) -> Register {
    Register {
        parent: agency(&register.parent),
        agency: agency(&register.agency),
        title: match register.form {
            RegisterForm::Outgoing => "SỔ ĐĂNG KÝ VĂN BẢN ĐI",
            RegisterForm::Incoming => "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN",
            RegisterForm::FollowUp => "SỔ THEO DÕI GIẢI QUYẾT VĂN BẢN ĐẾN",
            RegisterForm::Post => "SỔ GỬI VĂN BẢN ĐI BƯU ĐIỆN",
            RegisterForm::Loan => "SỔ SỬ DỤNG BẢN LƯU",
        },
        year: register.year.map(|year| format!("Năm: {year}")).unwrap_or_default(),
        volume: register.volume.clone(),
        span: register.span.clone(),
        columns: register_columns(register.form),
        rows: register.rows.clone(),
    }
}

pub(super) const fn column(title: &'static str, width: u8, align: &'static str) -> RegisterColumn {
    RegisterColumn { title, width, align }
}

/// The columns of a register, in the order and with the titles of Annex IV.
pub(crate) const fn register_columns(form: RegisterForm) -> &'static [RegisterColumn] {
    match form {
        RegisterForm::Outgoing => &OUTGOING,
        RegisterForm::Incoming => &INCOMING,
        RegisterForm::FollowUp => &FOLLOW_UP,
        RegisterForm::Post => &POST,
        RegisterForm::Loan => &LOAN,
    }
}

static OUTGOING: [RegisterColumn; 10] = [
    column("Số, ký hiệu văn bản", 27, "left"),
    column("Ngày tháng văn bản", 21, "center"),
    column("Tên loại và trích yếu nội dung văn bản", 59, "left"),
    column("Người ký", 25, "left"),
    column("Nơi nhận văn bản", 31, "left"),
    column("Đơn vị, người nhận bản lưu", 24, "left"),
    column("Số lượng bản", 13, "center"),
    column("Ngày chuyển", 21, "center"),
    column("Ký nhận", 14, "left"),
    column("Ghi chú", 15, "left"),
];

static INCOMING: [RegisterColumn; 10] = [
    column("Ngày đến", 21, "center"),
    column("Số đến", 13, "center"),
    column("Tác giả", 30, "left"),
    column("Số, ký hiệu văn bản", 27, "left"),
    column("Ngày tháng văn bản", 21, "center"),
    column("Tên loại và trích yếu nội dung văn bản", 59, "left"),
    column("Đơn vị hoặc người nhận", 29, "left"),
    column("Ngày chuyển", 21, "center"),
    column("Ký nhận", 14, "left"),
    column("Ghi chú", 15, "left"),
];

static FOLLOW_UP: [RegisterColumn; 7] = [
    column("Số đến", 14, "center"),
    column("Tên loại, số, ký hiệu, ngày, tháng và tên cơ quan, tổ chức ban hành văn bản", 82, "left"),
    column("Đơn vị hoặc người nhận", 40, "left"),
    column("Thời hạn giải quyết", 23, "center"),
    column("Tiến độ giải quyết", 38, "left"),
    column("Số, ký hiệu văn bản trả lời", 32, "left"),
    column("Ghi chú", 21, "left"),
];

static POST: [RegisterColumn; 6] = [
    column("Ngày chuyển", 24, "center"),
    column("Số, ký hiệu văn bản", 42, "left"),
    column("Nơi nhận văn bản", 92, "left"),
    column("Số lượng bì", 18, "center"),
    column("Ký nhận và dấu bưu điện", 46, "left"),
    column("Ghi chú", 28, "left"),
];

static LOAN: [RegisterColumn; 9] = [
    column("Ngày tháng", 21, "center"),
    column("Họ tên người sử dụng", 31, "left"),
    column("Số, ký hiệu ngày tháng văn bản", 33, "left"),
    column("Tên loại và trích yếu nội dung văn bản", 62, "left"),
    column("Số và ký hiệu HS", 23, "left"),
    column("Ký nhận", 16, "left"),
    column("Ngày trả", 21, "center"),
    column("Người cho phép sử dụng", 26, "left"),
    column("Ghi chú", 17, "left"),
];

/// A form as its template reads it.
#[derive(Serialize)]
#[serde(tag = "form", rename_all = "kebab-case")]
pub(crate) enum Form {
    Stamp {
        agency: Vec<String>,
        number: String,
        date: String,
        passed_to: String,
        file: String,
    },
    Slip {
        agency: Vec<String>,
        place_date: String,
        document: String,
        parts: Vec<Part>,
    },
    Minutes {
        parent: Vec<String>,
        agency: Vec<String>,
        place_date: String,
        grounds: String,
        lines: Vec<Line>,
        signers: [String; 2],
    },
    Text {
        lines: Vec<String>,
        width_mm: u16,
        height_mm: u16,
    },
}

/// A part of a handling slip.
#[derive(Serialize)]
pub(crate) struct Part {
    title: &'static str,
    lines: Vec<Line>,
}

/// A line of a form; dots when nothing is filled in.
#[derive(Serialize)]
pub(crate) struct Line {
    pub(crate) label: &'static str,
    pub(crate) value: Option<String>,
}

pub(crate) fn stamp(stamp: &ArrivalStamp) -> Form {
    Form::Stamp {
        agency: agency(&stamp.agency),
        number: stamp.number.map(two_digits).unwrap_or_default(),
        date: stamp.date.map(Date::dmy).unwrap_or_default(),
        passed_to: stamp.passed_to.clone(),
        file: stamp.file.clone(),
    }
}

pub(crate) fn slip(slip: &HandlingSlip) -> Form {
    let line = |label, value: &str| Line { label, value: Some(value.to_owned()) };
    let day = |direction: &Direction| direction.date.map_or_else(|| GAP.to_owned(), Date::dmy);
    let (leader, unit, proposal) = (&slip.leader, &slip.unit, &slip.proposal);
    let mut first = vec![
        line("Đơn vị, cá nhân chủ trì:", &leader.lead),
        line("Đơn vị, cá nhân phối hợp:", &leader.partners.join("; ")),
        line("Thời hạn giải quyết:", &leader.due),
    ];
    first.extend(signed(leader, "Ý kiến:", &day(leader)));
    let mut second = vec![line("Giao cho cá nhân:", &unit.lead), line("Thời hạn giải quyết:", &unit.due)];
    second.extend(signed(unit, "Ý kiến:", &day(unit)));
    let third = signed(proposal, "Ý kiến đề xuất:", &day(proposal));
    Form::Slip {
        agency: agency(&slip.agency),
        place_date: place_date(&slip.place, slip.date),
        document: slip.document.clone(),
        parts: vec![
            Part { title: "1. Ý kiến của lãnh đạo cơ quan, tổ chức", lines: first },
            Part { title: "2. Ý kiến của lãnh đạo đơn vị", lines: second },
            Part { title: "3. Ý kiến đề xuất của người giải quyết", lines: third },
        ],
    }
}

/// The words, and who wrote them when.
fn signed(direction: &Direction, label: &'static str, day: &str) -> Vec<Line> {
    let day = [day, direction.name.as_str()].join(" ").trim().to_owned();
    vec![
        Line { label, value: Some(direction.text.clone()) },
        Line { label: "Ngày, tháng, năm:", value: Some(day) },
    ]
}

pub(crate) fn text(text: &Text) -> Form {
    let width_mm = if text.width_mm == 0 { 70 } else { text.width_mm };
    Form::Text { lines: text.lines.clone(), width_mm, height_mm: text.height_mm }
}

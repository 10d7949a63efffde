//! Lists of dossiers and minutes of hand-overs, in the words of Annex V.

use super::form::{Form, Line, RegisterColumn, column};
use super::{BLANK, agency, long_date, place_date};
use base::words::number_words;
use contracts::print::{ArchiveForm, ArchiveList, HandoverMinutes, Issue};

/// A list as it stands on paper.
pub(crate) struct List {
    pub(crate) parent: Vec<String>,
    pub(crate) agency: Vec<String>,
    /// The table of contents lies inside its dossier and has no head of its own.
    pub(crate) is_headed: bool,
    pub(crate) title: &'static str,
    /// Bold lines below the title.
    pub(crate) about: Vec<String>,
    /// An italic line below those.
    pub(crate) issued_with: String,
    pub(crate) columns: &'static [RegisterColumn],
    pub(crate) rows: Vec<Vec<String>>,
    /// Lines below the table.
    pub(crate) totals: Vec<String>,
    /// Place and date, and who drew it up.
    pub(crate) made: Option<(String, String)>,
}

pub(crate) fn list(list: &ArchiveList) -> List {
    let year = list.year.map_or_else(|| format!("Năm {BLANK}"), |year| format!("Năm {year}"));
    let about = match list.form {
        ArchiveForm::Catalogue | ArchiveForm::Destroyed => vec![year],
        ArchiveForm::HandedOver => vec![list.about.clone(), year],
        ArchiveForm::Contents => vec![format!("Số, ký hiệu hồ sơ: {}", list.about), year],
    };
    List {
        parent: agency(&list.parent),
        agency: agency(&list.agency),
        is_headed: list.form != ArchiveForm::Contents,
        title: title(list.form),
        about: about.into_iter().filter(|line| !line.is_empty()).collect(),
        issued_with: if list.form == ArchiveForm::Catalogue {
            issued_with(&list.issued_with)
        } else {
            String::new()
        },
        columns: list_columns(list.form),
        rows: list.rows.clone(),
        totals: totals(list),
        made: match list.form {
            ArchiveForm::HandedOver | ArchiveForm::Destroyed => {
                Some((place_date(&list.place, list.date), list.maker.clone()))
            }
            ArchiveForm::Catalogue | ArchiveForm::Contents => None,
        },
    }
}

const fn title(form: ArchiveForm) -> &'static str {
    match form {
        ArchiveForm::Catalogue => "DANH MỤC HỒ SƠ",
        ArchiveForm::HandedOver => "MỤC LỤC HỒ SƠ, TÀI LIỆU NỘP LƯU",
        ArchiveForm::Contents => "MỤC LỤC VĂN BẢN, TÀI LIỆU",
        ArchiveForm::Destroyed => "DANH MỤC HỒ SƠ, TÀI LIỆU HỦY",
    }
}

fn issued_with(issue: &Issue) -> String {
    let symbol = if issue.symbol.is_empty() { BLANK } else { &issue.symbol };
    let by = if issue.agency.is_empty() { BLANK } else { &issue.agency };
    format!("(Kèm theo Quyết định số {symbol} {} của {by})", long_date(issue.date))
}

fn totals(list: &ArchiveList) -> Vec<String> {
    let (all, forever) = (list.dossiers, list.forever);
    match list.form {
        ArchiveForm::Catalogue => vec![
            format!("Danh mục hồ sơ này có {all} hồ sơ, bao gồm:"),
            format!("{forever} hồ sơ bảo quản vĩnh viễn;"),
            format!("{} hồ sơ bảo quản có thời hạn.", all.saturating_sub(forever)),
        ],
        ArchiveForm::HandedOver | ArchiveForm::Destroyed => vec![
            format!("Mục lục này gồm: {all} hồ sơ (đơn vị bảo quản)."),
            format!("Viết bằng chữ: {} hồ sơ (đơn vị bảo quản).", number_words(u64::from(all))),
        ],
        ArchiveForm::Contents => Vec::new(),
    }
}

/// The columns of a list, in the order and with the titles of Annex V.
pub(crate) const fn list_columns(form: ArchiveForm) -> &'static [RegisterColumn] {
    match form {
        ArchiveForm::Catalogue => &CATALOGUE,
        ArchiveForm::HandedOver => &HANDED_OVER,
        ArchiveForm::Contents => &CONTENTS,
        ArchiveForm::Destroyed => &DESTROYED,
    }
}

static CATALOGUE: [RegisterColumn; 5] = [
    column("Số và ký hiệu hồ sơ", 24, "left"),
    column("Tên đề mục và tiêu đề hồ sơ", 69, "left"),
    column("Thời hạn bảo quản", 23, "center"),
    column("Người lập hồ sơ", 29, "left"),
    column("Ghi chú", 18, "left"),
];

static HANDED_OVER: [RegisterColumn; 7] = [
    column("Số TT", 11, "center"),
    column("Số, ký hiệu hồ sơ", 23, "left"),
    column("Tiêu đề hồ sơ", 51, "left"),
    column("Thời gian tài liệu", 24, "center"),
    column("Thời hạn bảo quản", 20, "center"),
    column("Số tờ/ Số\u{a0}trang", 17, "center"),
    column("Ghi chú", 17, "left"),
];

static CONTENTS: [RegisterColumn; 7] = [
    column("STT", 11, "center"),
    column("Số, ký hiệu văn bản", 25, "left"),
    column("Ngày tháng năm văn bản", 22, "center"),
    column("Tên loại và trích yếu nội dung văn bản", 46, "left"),
    column("Tác giả văn bản", 26, "left"),
    column("Tờ số/ Trang\u{a0}số", 17, "center"),
    column("Ghi chú", 16, "left"),
];

static DESTROYED: [RegisterColumn; 7] = [
    column("Số TT", 11, "center"),
    column("Số, ký hiệu hồ sơ", 23, "left"),
    column("Tiêu đề hồ sơ", 49, "left"),
    column("Thời gian tài liệu", 22, "center"),
    column("Thời hạn bảo quản", 20, "center"),
    column("Hết thời hạn", 21, "center"),
    column("Ghi chú", 17, "left"),
];

/// The minutes, line by line.
pub(crate) fn minutes(minutes: &HandoverMinutes) -> Form {
    let line = |label, value: &str| Line { label, value: Some(value.to_owned()) };
    let words = |label| Line { label, value: None };
    let (giver, receiver) = (&minutes.giver, &minutes.receiver);
    let year = minutes.year.map_or_else(|| BLANK.to_owned(), |year| year.to_string());
    let lines = vec![
        words("Chúng tôi gồm:"),
        words("BÊN GIAO:"),
        line("Ông (bà):", &giver.0),
        line("Chức vụ công tác:", &giver.1),
        words("BÊN NHẬN: Lưu trữ cơ quan"),
        line("Ông (bà):", &receiver.0),
        line("Chức vụ công tác:", &receiver.1),
        words("Thống nhất lập biên bản giao nhận tài liệu với những nội dung như sau:"),
        line("1. Tên khối tài liệu giao nộp:", &minutes.block),
        line("2. Thời gian của hồ sơ, tài liệu:", &minutes.span),
        words("3. Số lượng tài liệu:"),
        words("a) Đối với hồ sơ, tài liệu giấy"),
        line("- Tổng số hộp (cặp):", ""),
        line("- Tổng số hồ sơ (đơn vị bảo quản) và quy ra mét giá:", ""),
        words("b) Đối với hồ sơ, tài liệu điện tử"),
        line("- Tổng số hồ sơ:", &minutes.dossiers.to_string()),
        line("- Tổng số tệp tin trong hồ sơ:", &minutes.files.to_string()),
        line("4. Tình trạng tài liệu giao nộp:", &minutes.condition),
        words("5. Mục lục hồ sơ, tài liệu nộp lưu kèm theo."),
        words("Biên bản này được lập thành hai bản; bên giao giữ một bản, bên nhận giữ một bản./."),
    ];
    Form::Minutes {
        parent: agency(&minutes.parent),
        agency: agency(&minutes.agency),
        place_date: place_date(&minutes.place, minutes.date),
        grounds: format!("Căn cứ Danh mục hồ sơ năm {year},"),
        lines,
        signers: [giver.0.clone(), receiver.0.clone()],
    }
}

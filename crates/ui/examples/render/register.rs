//! The register of incoming letters.

use base::T;
use maud::{Markup, html};
#[expect(clippy::wildcard_imports, reason = "the pages use nearly every component")]
use ui::*;

/// Number, author, symbol, kind and subject, receiver.
const LETTERS: [[&str; 5]; 6] = [
    [
        "1562",
        "Bộ Thông tin và Truyền thông",
        "742/BTTTT-THH",
        "Công văn báo cáo tình hình gửi, nhận văn bản điện tử liên thông giữa các cấp chính quyền",
        "Lương Đình Khải",
    ],
    [
        "1561",
        "Sở Giáo dục và Đào tạo",
        "289/SGDĐT-KHTC",
        "Công văn đề nghị bổ sung dự toán sửa chữa trường học sau mưa đá",
        "Phòng KGVX",
    ],
    [
        "1560",
        "UBND huyện Hạ Hòa",
        "74/TTr-UBND",
        "Tờ trình xin phê duyệt chủ trương đầu tư đường liên xã Hiền Lương – Quân Khê",
        "Phòng KTN",
    ],
    [
        "1559",
        "Văn phòng Chính phủ",
        "2190/VPCP-NN",
        "Công văn thông báo ý kiến chỉ đạo về phòng, chống hạn hán vụ xuân",
        "Lương Đình Khải",
    ],
    [
        "1558",
        "Bộ Nội vụ",
        "1088/BNV-VTLT",
        "Công văn hướng dẫn quản lý văn bản điện tử và lập hồ sơ",
        "Phòng HC – TC",
    ],
    [
        "1557",
        "Sở Y tế",
        "412/BC-SYT",
        "Báo cáo tình hình dịch bệnh truyền nhiễm tuần 10 năm 2017",
        "Phòng KGVX",
    ],
];

const COLUMNS: [Column<'_>; 10] = [
    Column::new("Ngày đến", Cell::Nowrap),
    Column::new("Số đến", Cell::Number).sorted(Sorted::Down),
    Column::new("Tác giả", Cell::Span),
    Column::new("Số, ký hiệu", Cell::Text),
    Column::new("Ngày tháng", Cell::Nowrap),
    Column::new("Tên loại và trích yếu", Cell::Title),
    Column::new("Đơn vị, người nhận", Cell::Text),
    Column::new("Ngày chuyển", Cell::Minor),
    Column::new("Ký nhận", Cell::Minor),
    Column::new("Ghi chú", Cell::Text),
];

pub(crate) fn register(t: T) -> Markup {
    let rows: Vec<_> = LETTERS.iter().map(row).collect();
    let title = "Sổ đăng ký văn bản đến";
    html! {
        (head(title, html! { "Năm 2017, từ số 1 đến số 1562." }, html! {
            (link_button_key(ButtonKind::Plain, "plus", ("Vào sổ bản giấy", "n"), "#giay"))
            (export_links(t, &[ExportLink { label: "XLSX", href: "#x" }, ExportLink { label: "CSV", href: "#c" }]))
        }))
        (filters(t, "Lọc sổ", "#loc", html! {
            (filter_text("q", "Trích yếu, số ký hiệu", ""))
            (filter_date(t, "from", "Đến từ ngày", "2017-01-01"))
            (filter_date(t, "to", "đến ngày", "2017-03-14"))
            (filter_choice("unit", "Đơn vị nhận", "", &[Choice::new("", "Tất cả"), Choice::new("1", "Phòng KGVX")]))
        }))
        (register_title("ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ", title, "Năm 2017"))
        div class="card" {
            (table(&Table { caption: title, columns: &COLUMNS, rows: &rows, register: true }))
            (pager(t, &Paging { newer: None, older: Some("?before=1557"), shown: "Số 1562 đến 1557" }))
        }
    }
}

fn row([number, from, symbol, title, to]: &[&str; 5]) -> Vec<Markup> {
    vec![
        html! { "14/03" },
        html! { b { (number) } },
        html! { (from) },
        html! { (symbol) },
        html! { "10/03" },
        html! { a href="#vb" { (title) } },
        html! { (to) },
        html! { "14/03" },
        html! { "Ký số 08:53" },
        html! { @if *to == "Lương Đình Khải" { (chip(Tone::Soon, "flag", "Khẩn")) } },
    ]
}

//! The way of one letter to 290 places.

use base::T;
use maud::{Markup, html};
#[expect(clippy::wildcard_imports, reason = "the pages use nearly every component")]
use ui::*;

/// Name, column and row on the map, number of places.
const DISTRICTS: [(&str, i64, i64, i64); 13] = [
    ("Hạ Hòa", 1, 0, 34),
    ("Đoan Hùng", 2, 0, 29),
    ("Cẩm Khê", 0, 1, 32),
    ("Thanh Ba", 1, 1, 28),
    ("TX Phú Thọ", 2, 1, 11),
    ("Phù Ninh", 3, 1, 20),
    ("Yên Lập", 0, 2, 18),
    ("Tam Nông", 1, 2, 21),
    ("Lâm Thao", 2, 2, 15),
    ("Việt Trì", 3, 2, 24),
    ("Tân Sơn", 0, 3, 18),
    ("Thanh Sơn", 1, 3, 24),
    ("Thanh Thủy", 2, 3, 16),
];

const COLUMNS: [Column<'_>; 5] = [
    Column::new("Nơi nhận", Cell::Title),
    Column::new("Trạng thái", Cell::Text),
    Column::new("Đã đến", Cell::Nowrap),
    Column::new("Số đến", Cell::Number),
    Column::new("Đang ở", Cell::Text),
];

const fn part(label: &'static str, value: i64, fill: Fill) -> Part<'static> {
    Part { label, value, fill, href: "?tt" }
}

const PARTS: [Part<'_>; 6] = [
    part("Hoàn thành", 41, Fill::Ok),
    part("Đang xử lý", 96, Fill::Step4),
    part("Đã phân công", 58, Fill::Step3),
    part("Đã vào sổ", 71, Fill::Step2),
    part("Đã đến, chưa vào sổ", 23, Fill::Step1),
    part("Chưa đến", 1, Fill::Late),
];

pub(crate) fn tracking(t: T) -> Markup {
    let squares = DISTRICTS.map(square);
    let missing = html! {
        b { "UBND xã Thượng Cửu, huyện Thanh Sơn chưa nhận" }
        p { "Máy chủ của xã mất kết nối từ 08:12 hôm qua. Đã thử 7 lần." }
    };
    let again = html! {
        button class="btn btn--primary" type="button" { "Gửi lại ngay" }
        button class="btn" type="button" { "Gửi bản giấy" }
    };
    html! {
        (head("289 trên 290 nơi đã nhận", html! { b { "1234/UBND-KGVX" } span { "gửi 08:14, 13/03/2017" } }, html! {
            (export_links(t, &[ExportLink { label: "XLSX", href: "#x" }]))
            (dialog_button("recall", "Thu hồi", Tone::Late))
        }))
        div class="stack stack--airy" {
            (banner(Tone::Late, "alert", missing, again))
            (card("progress", "Tiến độ 290 nơi nhận", html! { span class="hint" { "hạn xử lý 24/03/2017" } },
                progress_bar(t, "Số nơi nhận theo trạng thái", &PARTS)))
            (split_wide(html! { div class="card" { (groups()) } },
                card("map", "Theo địa bàn", html! { span class="hint" { "đã đến / tổng số" } },
                    tiles(t, "Số nơi đã đến trên tổng số, theo huyện", &squares))))
        }
        (dialog("recall", "Thu hồi ở 289 nơi đã nhận?", html! {
            (acts(dialog_close("recall", "Không thu hồi")))
        }))
    }
}

fn square((name, column, row, total): (&'static str, i64, i64, i64)) -> Tile<'static> {
    let (mark, word, done) = match name {
        "Thanh Sơn" => (Mark::Bad, "1 thiếu", total - 1),
        "Việt Trì" => (Mark::Slow, "3 chờ", total),
        _ => (Mark::Fine, "", total),
    };
    Tile { name, href: "?h", column, row, done, total, mark, word }
}

fn groups() -> Markup {
    let summary =
        |title, note, state| group_summary(&Group { title, note, bar: stackbar_thin(&PARTS), state });
    let rows = [
        line("UBND xã Thượng Cửu", chip(Tone::Late, "x", "Chưa đến"), "", ""),
        line(
            "UBND huyện Thanh Sơn",
            chip(Tone::Info, "pen", "Đang xử lý"),
            "61",
            "Phòng Văn hóa – Thông tin",
        ),
        line("UBND thị trấn Thanh Sơn", chip(Tone::Ok, "check", "Hoàn thành"), "112", "Nguyễn Khắc Lượng"),
    ];
    let places =
        Table {
            caption: "Nơi nhận thuộc huyện Thanh Sơn", columns: &COLUMNS, rows: &rows, register: false
        };
    html! {
        (group(true, summary("Huyện Thanh Sơn", "24 nơi", state(Tone::Late, "alert", "1 chưa đến")), table(&places)))
        (group(false, summary("Huyện Cẩm Khê", "32 nơi", state(Tone::Soon, "clock", "3 chưa vào sổ")), html! {}))
        (group(false, summary("Huyện Đoan Hùng", "29 nơi", state(Tone::Ok, "check", "đến đủ")), html! {}))
    }
}

fn line(name: &str, chip: Markup, number: &str, at: &str) -> Vec<Markup> {
    let came = if number.is_empty() { "" } else { "08:14, 13/03" };
    vec![html! { a href="#noi" { (name) } }, chip, html! { (came) }, html! { (number) }, html! { (at) }]
}

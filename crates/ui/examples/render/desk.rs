//! The desk of a records clerk.

use base::form::FormState;
use base::{FieldErrors, Instant, T};
use maud::{Markup, html};
#[expect(clippy::wildcard_imports, reason = "the pages use nearly every component")]
use ui::*;

pub(crate) fn desk(t: T, now: Instant) -> Markup {
    let errors = FieldErrors::default();
    let state_of = FormState { input: None, errors: &errors, csrf: "csrf", once: "once" };
    html! {
        (head("Việc cần tôi làm", html! { "23 việc, 3 việc phải làm ngay. Việc gấp nhất ở trên cùng." },
            link_button_key(ButtonKind::Plain, "plus", ("Đăng ký văn bản giấy", "n"), "#giay")))
        (tabs("Lọc việc", &[
            Tab { label: "Tất cả", href: "?", count: Some(23), current: true },
            Tab { label: "Chờ tiếp nhận", href: "?a", count: Some(14), current: false },
            Tab { label: "Chờ phát hành", href: "?b", count: Some(5), current: false },
            Tab { label: "Gửi lỗi, bị trả", href: "?c", count: Some(2), current: false },
        ]))
        (split(
            queue(t, &state_of, &[act("Tiếp nhận & trình tất cả", "", true)], html! {
                (queue_section("now", "Làm ngay", html! { "3 việc" }, rows(t, &now_rows(t, now))))
                (queue_section("today", "Trong hôm nay", html! { "9 việc, tiếp nhận trước 17:00" }, rows(t, &today_rows(t, now))))
            }),
            aside(),
        ))
    }
}

fn rows(t: T, rows: &[QueueRow<'_>]) -> Markup {
    html! { @for row in rows { (queue_row(t, row)) } }
}

fn act<'a>(label: &'a str, key: &'a str, primary: bool) -> RowAct<'a> {
    RowAct { label, key, to: To::Post("/do"), primary }
}

fn row<'a>(t: T, name: &'a str, title: &'a str, from: &'a str) -> QueueRow<'a> {
    QueueRow {
        id: name,
        name,
        title,
        href: "incoming-light-vi.html",
        chip: chip(Tone::Plain, "clock", "Trong hôm nay"),
        note: "đến 09:31",
        meta: vec![
            html! { b { (name) } },
            html! { (from) },
            state(Tone::Ok, "shield", "Chữ ký hợp lệ"),
            files_count(t, 2),
        ],
        tone: Tone::Plain,
        pick: true,
        act: Some(act("Tiếp nhận & trình", "t", false)),
    }
}

fn now_rows(t: T, now: Instant) -> Vec<QueueRow<'static>> {
    vec![
        QueueRow {
            chip: chip(Tone::Urgent, "bolt", "Hỏa tốc"),
            note: "còn 4 phút: 09:46",
            tone: Tone::Late,
            pick: false,
            act: Some(act("Tiếp nhận & trình", "t", true)),
            ..row(
                t,
                "27/CĐ-TWPCTT",
                "Chủ động ứng phó mưa lớn, sạt lở đất tại các huyện miền núi",
                "Ban Chỉ đạo TW phòng, chống thiên tai",
            )
        },
        QueueRow {
            chip: deadline_chip(t, Some(Due::Day(now.date().plus_days(-1))), now),
            note: "hạn 12:00, 13/03",
            tone: Tone::Late,
            pick: false,
            act: Some(act("Ký số & gửi", "p", false)),
            ..row(t, "612/QĐ-UBND", "Phê duyệt kế hoạch ứng dụng công nghệ thông tin năm 2017", "gửi 32 nơi")
        },
    ]
}

fn today_rows(t: T, now: Instant) -> Vec<QueueRow<'static>> {
    vec![
        QueueRow {
            chip: chip(Tone::Soon, "flag", "Khẩn"),
            tone: Tone::Soon,
            ..row(
                t,
                "742/BTTTT-THH",
                "Báo cáo tình hình gửi, nhận văn bản điện tử liên thông giữa các cấp chính quyền",
                "Bộ Thông tin và Truyền thông",
            )
        },
        QueueRow {
            chip: deadline_chip(t, Some(Due::Moment(now.plus_minutes(138))), now),
            note: "hạn 12:00 hôm nay",
            tone: Tone::Soon,
            pick: false,
            act: Some(act("Cấp số & gửi", "p", false)),
            ..row(
                t,
                "Chờ cấp số",
                "Phân công lịch trực phòng, chống cháy rừng mùa khô tại các huyện, thị xã, thành phố",
                "gửi 13 huyện",
            )
        },
        row(
            t,
            "318/UBND-VX",
            "Đề nghị hỗ trợ kinh phí sửa chữa Trường THCS Cao Mại sau mưa đá",
            "UBND huyện Lâm Thao",
        ),
        QueueRow {
            chip: chip(Tone::Late, "shieldx", "Chữ ký hỏng"),
            note: "đến 09:02",
            pick: false,
            act: Some(act("Trả lại nơi gửi", "r", false)),
            ..row(t, "55/BC-UBND", "Tình hình dịch cúm gia cầm trên địa bàn huyện", "UBND huyện Tân Sơn")
        },
    ]
}

fn aside() -> Markup {
    html! {
        (card("numbers", "Hôm nay của bạn", html! {}, facts_num(&[
            ("Đã tiếp nhận", html! { "47" }), ("Đã phát hành", html! { "19" }), ("Số đến gần nhất", html! { "1562" }),
        ])))
        (card("bus", "Trục liên thông", state(Tone::Ok, "check", "Thông suốt"), lines(&[
            Line { label: "Trung ương", href: "", note: html! { "09:42, 0 chờ gửi" } },
            Line { label: "277 xã, phường", href: "#xa", note: state(Tone::Late, "alert", "1 xã mất kết nối") },
        ])))
    }
}

//! A letter before the chairman.

use base::form::{Field, FormState};
use base::{FieldErrors, Instant, T};
use maud::{Markup, html};
#[expect(clippy::wildcard_imports, reason = "the pages use nearly every component")]
use ui::*;

const WORDS: Field = Field::area("ui.gallery.comment").named("words");
const QUICK: Field = Field::choice("ui.gallery.quick").named("quick");
const LEAD: Field = Field::lookup("ui.gallery.lead", "/directory").named("lead");
const OTHERS: Field = Field::lookups("ui.gallery.to", "/directory").named("others");

pub(crate) fn incoming(t: T, now: Instant) -> Markup {
    let due = now.date().plus_days(11);
    html! {
        (crumbs(t, &[Crumb { label: "Việc của tôi", href: "#a" }, Crumb { label: "Chờ cho ý kiến", href: "#b" }], "742/BTTTT-THH"))
        (head("Báo cáo tình hình gửi, nhận văn bản điện tử liên thông", html! {
            (chip(Tone::Soon, "flag", "Khẩn")) (deadline_chip(t, Some(Due::Day(due)), now)) span { "Bộ yêu cầu" }
        }, html! {
            (link_button_key(ButtonKind::Quiet, "up", ("Trước", "k"), "#k"))
            (link_button_key(ButtonKind::Quiet, "down", ("Sau", "j"), "#j"))
        }))
        (stack(html! {
            (trip(t, &[
                Leg { name: "Trung ương", note: "Bộ TTTT ký số 16:32, 10/03; gửi 08:40, 14/03", step: Step::Done },
                Leg { name: "Tỉnh", note: "Bạn đang giữ từ 09:20, đã 22 phút", step: Step::Now },
                Leg { name: "Huyện", note: "13 huyện nhận sau khi bạn cho ý kiến", step: Step::Next },
                Leg { name: "Xã", note: "277 xã nhận từ huyện, dự kiến 15/03", step: Step::Next },
            ]))
            (split_doc(letter(t), beside(t)))
        }))
        (sticky_act("#direct", "Cho ý kiến"))
    }
}

fn letter(t: T) -> Markup {
    let page = sheet(
        t,
        &Sheet {
            parent: "",
            agency: "Bộ Thông tin và Truyền thông",
            number: "742/BTTTT-THH",
            about: "báo cáo tình hình gửi, nhận văn bản điện tử liên thông",
            urgent: "KHẨN",
            arrival: &[
                ("UBND TỈNH PHÚ THỌ", ""),
                ("ĐẾN", "Số: 1562"),
                ("", "Ngày: 14/03/2017"),
                ("", "Chuyển: Chủ tịch UBND tỉnh"),
                ("", "Số và ký hiệu HS: 04.CNTT"),
            ],
            place_date: "Hà Nội, ngày 10 tháng 3 năm 2017",
            kind: "",
            to: &["Ủy ban nhân dân tỉnh Phú Thọ"],
            body: html! {
                p { "Thực hiện nhiệm vụ được Thủ tướng Chính phủ giao về kết nối, liên thông các phần mềm quản lý văn bản giữa bốn cấp chính quyền, Bộ Thông tin và Truyền thông đề nghị Ủy ban nhân dân tỉnh Phú Thọ báo cáo các nội dung sau:" }
                p { "1. Số cơ quan đã gửi, nhận văn bản điện tử có chữ ký số, chia theo cấp tỉnh, cấp huyện và cấp xã; số cơ quan còn gửi song song bản giấy và lý do." }
                p { "2. Khó khăn, vướng mắc tại các xã miền núi về đường truyền, thiết bị, nhân lực và kiến nghị của địa phương." }
            },
            recipients: &["Như trên;", "Bộ trưởng (để b/c);", "Văn phòng Chính phủ;", "Lưu: VT, THH, ĐT.30."],
            authority: &["KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"],
            signer: "Mạc Đăng Tuyển",
            signed: true,
            seal: Some("Bộ Thông tin và Truyền thông"),
            watermark: "",
        },
    );
    viewer(
        t,
        &Viewer {
            title: "Công văn",
            note: "trang 1/1, bản gốc ký số",
            pdf: None,
            images: &[],
            sheet: Some(page),
            files: &[
                FileLink {
                    name: "Phụ lục 1. Mẫu báo cáo cấp xã", href: "#1", note: "XLSX, 48 kB"
                },
                FileLink {
                    name: "Phụ lục 2. Hướng dẫn thống kê", href: "#2", note: "PDF, 212 kB, 4 trang"
                },
            ],
            download: Some("#goc"),
        },
    )
}

fn beside(t: T) -> Markup {
    let errors = FieldErrors::default();
    let fresh = FormState { input: None, errors: &errors, csrf: "csrf", once: "once" };
    let quick = [
        Choice::new("1", "Tham mưu"),
        Choice::new("2", "Đề xuất"),
        Choice::new("3", "Theo thẩm quyền"),
        Choice::new("4", "Phối hợp"),
        Choice::new("5", "Để biết"),
    ];
    html! {
        (banner(Tone::Ok, "shield", html! { b { "Chữ ký số hợp lệ, tệp còn nguyên vẹn" } p { "Mạc Đăng Tuyển và Bộ TTTT ký; kiểm tra lúc 08:41" } }, html! { a class="small" href="#chung-cu" { "Bằng chứng" } }))
        (card("direct", "Ý kiến chỉ đạo", html! { span class="hint" { "gợi ý theo 12 văn bản tương tự" } }, form(t, &fresh, "/direct", html! {
            (taps(t, &QUICK, &fresh, "1", &quick))
            (field(t, &WORDS, &fresh, "Giao Sở TTTT chủ trì, tổng hợp số liệu 13 huyện và 277 xã, tham mưu UBND tỉnh báo cáo Bộ.", &[]))
            (fields(html! {
                (field(t, &LEAD, &fresh, "", &[Choice::new("1", "Sở Thông tin và Truyền thông")]))
                (field(t, &OTHERS, &fresh, "", &[Choice::new("2", "13 huyện"), Choice::new("3", "Sở Nội vụ")]))
            }))
            (acts(html! { (submit(t, "ui.gallery.to_act", "ctrl+enter")) (button(t, ButtonKind::Plain, "ui.gallery.pass_on", ("act", "pass"))) (button(t, ButtonKind::Quiet, "ui.gallery.send_back", ("act", "back"))) }))
        })))
        (card("facts", "Thông tin văn bản", html! { a class="small" href="#tat-ca" { "Tất cả trường" } }, facts(&[
            ("Số, ký hiệu", html! { b { "742/BTTTT-THH" } ", ngày 10/03/2017" }),
            ("Số đến", html! { b { "1562" } ", ngày 14/03/2017" }),
            ("Nơi gửi", html! { "Bộ Thông tin và Truyền thông" }),
        ])))
        (card("events", "Diễn biến", html! { span class="hint" { "thứ Ba 14/03/2017" } }, timeline(t, &[
            Event { when: "08:41", step: Step::Done, what: html! { "Đã đến UBND tỉnh" }, note: "Trục liên thông chuyển từ Bộ trong 38 giây." },
            Event { when: "08:52", step: Step::Done, what: html! { "Trần Thị Hồng Nhạn vào sổ, số đến 1562" }, note: "" },
            Event { when: "bây giờ", step: Step::Now, what: html! { "Chờ Lương Đình Khải cho ý kiến" }, note: "Văn bản khẩn: nên cho ý kiến trong buổi sáng." },
            Event { when: "trước 25/03", step: Step::Next, what: html! { "UBND tỉnh ký, gửi Bộ; việc khép lại" }, note: "" },
        ])))
    }
}

//! Four pages as clerks and leaders see them, with invented content.

use base::form::{Field, FormState};
use base::{FieldErrors, Instant, T};
use maud::{Markup, html};
#[expect(clippy::wildcard_imports, reason = "the pages use nearly every component")]
use ui::*;

const WORDS: Field = Field::area("ui.gallery.comment").named("words");
const QUICK: Field = Field::choice("ui.gallery.quick").named("quick");
const LEAD: Field = Field::lookup("ui.gallery.lead", "/directory").named("lead");
const OTHERS: Field = Field::lookups("ui.gallery.to", "/directory").named("others");

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

pub(crate) fn register(t: T) -> Markup {
    let columns = [
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
    let letters = [
        (
            "1562",
            "Bộ Thông tin và Truyền thông",
            "742/BTTTT-THH",
            "Công văn báo cáo tình hình gửi, nhận văn bản điện tử liên thông giữa các cấp chính quyền",
            "Lương Đình Khải",
            true,
        ),
        (
            "1561",
            "Sở Giáo dục và Đào tạo",
            "289/SGDĐT-KHTC",
            "Công văn đề nghị bổ sung dự toán sửa chữa trường học sau mưa đá",
            "Phòng KGVX",
            false,
        ),
        (
            "1560",
            "UBND huyện Hạ Hòa",
            "74/TTr-UBND",
            "Tờ trình xin phê duyệt chủ trương đầu tư đường liên xã Hiền Lương – Quân Khê",
            "Phòng KTN",
            false,
        ),
        (
            "1559",
            "Văn phòng Chính phủ",
            "2190/VPCP-NN",
            "Công văn thông báo ý kiến chỉ đạo về phòng, chống hạn hán vụ xuân",
            "Lương Đình Khải",
            true,
        ),
        (
            "1558",
            "Bộ Nội vụ",
            "1088/BNV-VTLT",
            "Công văn hướng dẫn quản lý văn bản điện tử và lập hồ sơ",
            "Phòng HC – TC",
            false,
        ),
        (
            "1557",
            "Sở Y tế",
            "412/BC-SYT",
            "Báo cáo tình hình dịch bệnh truyền nhiễm tuần 10 năm 2017",
            "Phòng KGVX",
            false,
        ),
    ];
    let rows: Vec<Vec<Markup>> = letters
        .iter()
        .map(|(number, from, code, title, to, urgent)| {
            vec![
                html! { "14/03" },
                html! { b { (number) } },
                html! { (from) },
                html! { (code) },
                html! { "10/03" },
                html! { a href="#vb" { (title) } },
                html! { (to) },
                html! { "14/03" },
                html! { "Ký số 08:53" },
                html! { @if *urgent { (chip(Tone::Soon, "flag", "Khẩn")) } },
            ]
        })
        .collect();
    html! {
        (head("Sổ đăng ký văn bản đến", html! { "Năm 2017, từ số 1 đến số 1562." }, html! {
            (link_button_key(ButtonKind::Plain, "plus", ("Vào sổ bản giấy", "n"), "#giay"))
            (export_links(t, &[ExportLink { label: "XLSX", href: "#x" }, ExportLink { label: "CSV", href: "#c" }]))
        }))
        (filters(t, "Lọc sổ", "#loc", html! {
            (filter_text("q", "Trích yếu, số ký hiệu", "")) (filter_date(t, "from", "Đến từ ngày", "2017-01-01")) (filter_date(t, "to", "đến ngày", "2017-03-14"))
            (filter_choice("unit", "Đơn vị nhận", "", &[Choice::new("", "Tất cả"), Choice::new("1", "Phòng KGVX")]))
        }))
        (register_title("ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ", "Sổ đăng ký văn bản đến", "Năm 2017"))
        div class="card" {
            (table(&Table { caption: "Sổ đăng ký văn bản đến, số mới nhất ở trên", columns: &columns, rows: &rows, register: true }))
            (pager(t, &Paging { newer: None, older: Some("?before=1549"), shown: "Số 1562 đến 1549, trong 1.562 văn bản" }))
        }
    }
}

pub(crate) fn tracking(t: T) -> Markup {
    let part = |label, value, fill| Part { label, value, fill, href: "?tt" };
    let parts = [
        part("Hoàn thành", 41, Fill::Ok),
        part("Đang xử lý", 96, Fill::Step4),
        part("Đã phân công", 58, Fill::Step3),
        part("Đã vào sổ", 71, Fill::Step2),
        part("Đã đến, chưa vào sổ", 23, Fill::Step1),
        part("Chưa đến", 1, Fill::Late),
    ];
    let places = [
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
    let squares: Vec<_> = places
        .iter()
        .map(|(name, column, row, total)| {
            let (mark, word, done) = match *name {
                "Thanh Sơn" => (Mark::Bad, "1 thiếu", total - 1),
                "Việt Trì" => (Mark::Slow, "3 chờ", *total),
                _ => (Mark::Fine, "", *total),
            };
            Tile { name, href: "?h", column: *column, row: *row, done, total: *total, mark, word }
        })
        .collect();
    let columns = [
        Column::new("Nơi nhận", Cell::Title),
        Column::new("Trạng thái", Cell::Text),
        Column::new("Đã đến", Cell::Nowrap),
        Column::new("Số đến", Cell::Number),
        Column::new("Đang ở", Cell::Text),
    ];
    let line = |name: &str, chip: Markup, number: &str, at: &str| {
        vec![
            html! { a href="#noi" { (name) } },
            chip,
            html! { "08:14, 13/03" },
            html! { (number) },
            html! { (at) },
        ]
    };
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
    let summary =
        |title, note, state| group_summary(&Group { title, note, bar: stackbar_thin(&parts), state });
    html! {
        (head("289 trên 290 nơi đã nhận", html! { b { "1234/UBND-KGVX" } span { "gửi 08:14, 13/03/2017" } }, html! {
            (export_links(t, &[ExportLink { label: "XLSX", href: "#x" }])) (dialog_button("recall", "Thu hồi", Tone::Late))
        }))
        div class="stack stack--airy" {
            (banner(Tone::Late, "alert", html! { b { "UBND xã Thượng Cửu, huyện Thanh Sơn chưa nhận" } p { "Máy chủ của xã mất kết nối từ 08:12 hôm qua. Đã thử 7 lần." } }, html! { button class="btn btn--primary" type="button" { "Gửi lại ngay" } button class="btn" type="button" { "Gửi bản giấy" } }))
            (card("progress", "Tiến độ 290 nơi nhận", html! { span class="hint" { "hạn xử lý 24/03/2017" } }, progress_bar(t, "Số nơi nhận theo trạng thái", &parts)))
            (split_wide(html! { div class="card" {
                (group(true, summary("Huyện Thanh Sơn", "24 nơi", state(Tone::Late, "alert", "1 chưa đến")), table(&Table { caption: "Nơi nhận thuộc huyện Thanh Sơn", columns: &columns, rows: &rows, register: false })))
                (group(false, summary("Huyện Cẩm Khê", "32 nơi", state(Tone::Soon, "clock", "3 chưa vào sổ")), html! {}))
                (group(false, summary("Huyện Đoan Hùng", "29 nơi", state(Tone::Ok, "check", "đến đủ")), html! {}))
            } }, card("map", "Theo địa bàn", html! { span class="hint" { "đã đến / tổng số" } }, tiles(t, "Số nơi đã đến trên tổng số, theo huyện", &squares))))
        }
        (dialog("recall", "Thu hồi ở 289 nơi đã nhận?", html! { (acts(dialog_close("recall", "Không thu hồi"))) }))
    }
}

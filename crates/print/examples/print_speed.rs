//! How fast pages are made: a process from its start, pages after the first, a register of 10,000 rows.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a measurement for people"
)]

use contracts::print::{Block, OfficialDocument, PrintRequest, Register, RegisterForm, Words};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const TIMES: u32 = 20;

fn main() {
    let cold = (0..TIMES).map(|number| cold(&letter(number, 3))).min().unwrap();
    println!("one page, process and all: {} ms (best of {TIMES})", cold.as_millis());

    let (mut warm, mut pages) = (Duration::ZERO, 0);
    for number in 0..TIMES {
        let begun = Instant::now();
        let printed = print::print(&letter(number, 40)).unwrap();
        // The first one also reads fonts and templates.
        if number > 0 {
            warm = warm.saturating_add(begun.elapsed());
            pages += u32::try_from(printed.pages).unwrap();
        }
    }
    println!(
        "warm: {} µs a page ({pages} pages)",
        warm.as_micros().checked_div(u128::from(pages)).unwrap_or(0)
    );

    let request = register(10_000);
    let begun = Instant::now();
    let printed = print::print(&request).unwrap();
    println!(
        "register of 10,000 rows: {} ms, {} pages, {} bytes",
        begun.elapsed().as_millis(),
        printed.pages,
        printed.pdf.len()
    );
}

/// The whole life of a process.
fn cold(request: &[u8]) -> Duration {
    let program = std::env::current_exe().unwrap().parent().unwrap().with_file_name("vanlang-print");
    let begun = Instant::now();
    let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(request).unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    begun.elapsed()
}

fn letter(number: u32, paragraphs: u32) -> Vec<u8> {
    let words = "yêu cầu các cơ quan, đơn vị khẩn trương rà soát việc gửi, nhận văn bản điện tử theo Nghị định số \
        30/2020/NĐ-CP và báo cáo kết quả trước ngày 20 tháng 3 năm 2026";
    let paragraph = |place| {
        Block::Paragraph(Words { text: format!("Đoạn {place} của văn bản {number}: {words}.") })
    };
    let document = OfficialDocument {
        subject: format!("kiểm tra lần {number}"),
        body: (0..paragraphs).map(paragraph).collect(),
        ..OfficialDocument::default()
    };
    serde_json::to_vec(&PrintRequest::Document(Box::new(document))).unwrap()
}

fn register(rows: u32) -> Vec<u8> {
    let row = |number: u32| {
        let texts = [
            format!("{:02}/{:02}/2026", number % 28 + 1, number % 12 + 1),
            number.to_string(),
            "Ủy ban nhân dân xã Hùng Lô".to_owned(),
            format!("{number}/BC-UBND"),
            format!("{:02}/{:02}/2026", number % 28 + 1, number % 12 + 1),
            format!("Báo cáo về kết quả thực hiện nhiệm vụ số {number} trong kỳ"),
            "Phòng Tổng hợp".to_owned(),
            format!("{:02}/{:02}/2026", number % 28 + 1, number % 12 + 1),
            String::new(),
            String::new(),
        ];
        texts.to_vec()
    };
    let rows = (1..=rows).map(row).collect();
    let register = Register { form: RegisterForm::Incoming, rows, ..Register::default() };
    serde_json::to_vec(&PrintRequest::Register(register)).unwrap()
}

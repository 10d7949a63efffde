//! The printer as the engine uses it: warm, limited, and never a danger to the process that asks.

use base::Error;
use contracts::print::{Block, OfficialDocument, PrintRequest, Register, RegisterForm, Words};
use engine::print::{Limits, Printer};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The program, where it was built; it is a long build, so that a run of these tests alone may do without.
#[expect(clippy::print_stdout, clippy::unwrap_used, reason = "a test says why it does nothing")]
fn program() -> Option<PathBuf> {
    let program = Printer::installed().unwrap();
    if program.is_file() {
        return Some(program);
    }
    println!("skipped: vanlang-print is not built (cargo build -p vanlang-print)");
    None
}

fn letter(text: &str) -> PrintRequest {
    let words = Words { text: text.to_owned() };
    PrintRequest::Document(Box::new(OfficialDocument {
        subject: "kiểm tra máy in".to_owned(),
        body: vec![Block::Paragraph(words)],
        ..OfficialDocument::default()
    }))
}

fn register(rows: usize) -> PrintRequest {
    let row = |n: usize| {
        (0..10).map(|column| format!("Ô {column} của dòng {n}, nội dung dài hơn một dòng")).collect()
    };
    let rows = (0..rows).map(row).collect();
    PrintRequest::Register(Register { form: RegisterForm::Incoming, rows, ..Register::default() })
}

#[test]
fn one_process_prints_letter_after_letter_with_the_same_bytes() {
    let Some(program) = program() else { return };
    let printer = Printer::new(program, Limits::default());
    let first = printer.print(&letter("Văn bản thứ nhất.")).unwrap();
    let other = printer.print(&letter("Văn bản thứ hai.")).unwrap();
    let again = printer.print(&letter("Văn bản thứ nhất.")).unwrap();
    assert!(first.pdf.starts_with(b"%PDF-"));
    assert!(first == again && first.pdf != other.pdf);
}

#[test]
fn a_letter_that_no_font_has_is_refused_by_name_and_the_next_document_is_printed() {
    let Some(program) = program() else { return };
    let printer = Printer::new(program, Limits::default());
    let Err(Error::Refused(refusal)) = printer.print(&letter("Chúc mừng 🎉")) else {
        panic!("an emoji was printed")
    };
    assert_eq!(refusal.key, "engine.print.letter");
    assert_eq!(refusal.values, [("what", "“🎉” (U+1F389)".to_owned())]);
    printer.print(&letter("Chúc mừng")).unwrap();
}

#[test]
fn a_hostile_table_runs_out_of_time_or_memory_and_the_printer_goes_on() {
    let Some(program) = program() else { return };
    let huge = register(20_000);
    let short = Limits { time: Duration::from_millis(300), ..Limits::default() };
    let small = Limits { memory_mb: 300, time: Duration::from_mins(2), ..Limits::default() };
    for limits in [short, small] {
        let printer = Printer::new(program.clone(), limits);
        let begun = Instant::now();
        let refused = printer.print(&huge).map(|paper| paper.pdf.len());
        assert!(
            matches!(&refused, Err(Error::Refused(why)) if why.key == "engine.print.too_large"),
            "{refused:?}"
        );
        assert!(begun.elapsed() < limits.time + Duration::from_secs(10), "{limits:?}");
        let next = Printer::new(program.clone(), Limits::default());
        next.print(&letter("Tiếp tục.")).unwrap();
    }
}

#[test]
fn one_that_ended_while_it_waited_is_replaced_without_a_word() {
    let Some(program) = program() else { return };
    let first = letter("Một.");
    let length = serde_json::to_vec(&first).unwrap().len() + 4;
    // A printer that goes home after its first letter.
    let tired = tempfile::NamedTempFile::new().unwrap().into_temp_path();
    let script = format!("#!/bin/sh\nhead -c {length} | {} \"$@\"\n", program.display());
    std::fs::write(&tired, script).unwrap();
    std::fs::set_permissions(&tired, std::fs::Permissions::from_mode(0o755)).unwrap();
    let printer = Printer::new(tired.to_path_buf(), Limits::default());
    let one = printer.print(&first).unwrap();
    assert!(one == printer.print(&first).unwrap() && one == printer.print(&first).unwrap());
}

#[test]
fn a_program_that_is_missing_is_told_in_words() {
    let printer = Printer::new(PathBuf::from("/nowhere/vanlang-print"), Limits::default());
    let error = printer.print(&letter("Không.")).unwrap_err();
    let Error::Refused(refusal) = error else { panic!("{error:?}") };
    assert_eq!((refusal.key, refusal.hint), ("engine.print.missing", Some("engine.print.hint.install")));
}

/// A long wait for a preview that nobody wants any more is over at once, and the newer one is drawn.
#[test]
fn a_newer_preview_of_the_same_draft_ends_the_older_one() {
    let Some(program) = program() else { return };
    let preview = |lines: usize| {
        let line = Block::Paragraph(Words {
            text: "Một đoạn dài của dự thảo, viết đi viết lại. ".repeat(20),
        });
        let document = OfficialDocument { body: vec![line; lines], ..OfficialDocument::default() };
        serde_json::to_vec(&PrintRequest::Preview(Box::new(document))).unwrap()
    };
    let (long, short) = (preview(20_000), preview(1));
    let printer =
        Printer::new(program, Limits { at_once: 1, time: Duration::from_mins(2), ..Limits::default() });
    std::thread::scope(|scope| {
        // Another draft may have the only place for a moment.
        let older = scope.spawn(|| {
            loop {
                match printer.pictures("draft 1", &long) {
                    Err(Error::Busy("printer")) => {}
                    ended => return ended,
                }
            }
        });
        let begun = Instant::now();
        // While the older one is drawn nobody else finds room; its own successor does.
        while !matches!(printer.pictures("draft 2", &short), Err(Error::Busy("printer"))) {
            assert!(begun.elapsed() < Duration::from_secs(30), "the long preview never began");
        }
        let newer = printer.pictures("draft 1", &short).unwrap();
        assert_eq!(newer.len(), 1);
        assert!(matches!(older.join().unwrap(), Err(Error::Busy("a newer preview"))));
        assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
    });
    assert_eq!(printer.pictures("draft 2", &short).unwrap().len(), 1);
}

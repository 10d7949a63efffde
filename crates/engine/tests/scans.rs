//! Reading scans: what stands in the way is said, and nothing keeps the server waiting.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where something does not hold")]

use engine::config::Reading;
use engine::scans::{Reader, Trouble};
use std::fs::{self, File, Permissions};
use std::io::{Seek, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// A PDF of so many empty pages.
fn pages(count: usize) -> Vec<u8> {
    let kids = (3..count + 3).map(|n| format!("{n} 0 R ")).collect::<Vec<_>>().concat();
    let mut pdf = format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[{kids}]/Count {count}>>endobj\n"
    );
    let page = |n| format!("{n} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n");
    pdf.extend((3..count + 3).map(page));
    pdf.push_str("trailer<</Root 1 0 R>>\n");
    pdf.into_bytes()
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}

/// A program of ours in place of another.
fn program(folder: &Path, name: &str, script: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

fn trouble(bytes: &[u8], config: &Reading) -> Trouble {
    match Reader::open(file(bytes), config) {
        Err(trouble) => trouble,
        Ok(mut reader) => reader.page(1, config).expect_err("something in the way"),
    }
}

#[test]
fn a_program_that_hangs_is_ended_and_one_that_is_missing_is_named_missing() {
    let folder = tempfile::tempdir().unwrap();
    let hangs = program(folder.path(), "hangs", "exec sleep 600");
    let began = Instant::now();
    let config = Reading { tesseract: hangs, page_seconds: 1, ..Reading::default() };
    assert_eq!(trouble(&pages(1), &config), Trouble::TooLong);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    for config in [
        Reading { tesseract: "/nowhere/tesseract".to_owned(), ..Reading::default() },
        Reading { pdfinfo: "no-such-program".to_owned(), ..Reading::default() },
        Reading { pdftoppm: folder.path().to_str().unwrap().to_owned(), ..Reading::default() },
    ] {
        assert_eq!(trouble(&pages(1), &config), Trouble::Missing, "{config:?}");
    }
}

#[test]
fn a_program_that_writes_without_end_or_fails_is_a_damaged_file() {
    let folder = tempfile::tempdir().unwrap();
    let floods = program(folder.path(), "floods", "exec cat /dev/zero");
    let fails = program(folder.path(), "fails", "echo 'something is wrong' >&2; exit 1");
    for tesseract in [floods, fails] {
        let config = Reading { tesseract, page_seconds: 30, ..Reading::default() };
        assert_eq!(trouble(&pages(1), &config), Trouble::Broken);
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test locks its file with the tool that people have")]
fn a_locked_file_is_called_locked_and_a_damaged_one_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let [open, locked] = ["open.pdf", "locked.pdf"].map(|name| folder.path().join(name));
    fs::write(&open, pages(1)).unwrap();
    let done = Command::new("qpdf")
        .args(["--encrypt", "secret", "owner", "256", "--"])
        .args([&open, &locked])
        .status()
        .expect("qpdf; `cargo xtask test tools` installs it");
    // It warns that the file has no table of its objects.
    assert!(matches!(done.code(), Some(0 | 3)), "{done}");
    let config = Reading::default();
    assert_eq!(trouble(&fs::read(&locked).unwrap(), &config), Trouble::Locked);
    for bytes in [b"".as_slice(), b"%PDF-1.7\n", b"\x89PNG\r\n", &pages(1)[..60]] {
        assert_eq!(trouble(bytes, &config), Trouble::Broken, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn of_five_thousand_pages_the_first_are_read_and_a_sheet_as_large_as_a_field_is_drawn_small() {
    let config = Reading { pages: 2, ..Reading::default() };
    let mut reader = Reader::open(file(&pages(5_000)), &config).unwrap();
    assert_eq!((reader.total, reader.wanted), (5_000, 2));
    assert!(reader.page(1, &config).unwrap().words.is_empty());
    let field = String::from_utf8(pages(1)).unwrap().replace("595 842", "14000 14000");
    let mut reader = Reader::open(file(field.as_bytes()), &config).unwrap();
    assert!(reader.page(1, &config).unwrap().width < 3_600);
}

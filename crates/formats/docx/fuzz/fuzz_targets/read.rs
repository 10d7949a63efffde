//! Whatever bytes arrive, as a file or as the main part of one, the reader neither panics nor outgrows its limits, and
//! what it read can be written and read again.
#![no_main]

use docx::{Limits, read, write};
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { part_bytes: 1 << 20, letters: 100_000, ..Limits::default() };
    let _ = read(bytes, &limits);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for part in ["word/document.xml", "word/numbering.xml", "word/styles.xml"] {
        zip.start_file(part, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let file = zip.finish().unwrap().into_inner();
    if let Ok(document) = read(&file, &limits) {
        assert!(document.text().len() <= 8 * limits.letters + 64 * limits.blocks);
        let again = read(&write(&document.blocks).unwrap(), &Limits::default());
        assert!(again.is_ok());
    }
});

//! Files that mean harm, and files that were hurt on the way: a plain refusal, never a panic, in bounded memory.

use std::fmt::Write as _;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use pades::Reason;
use pades::pdf::{Limits, Pdf};
use pades::sign::{Appearance, Place, Request, sign};
use pades::signer::SoftwareKey;
use pades::timestamp::{Evidence, add_evidence, add_to_document, add_to_signature};
use proptest::prelude::*;

use crate::judges::program;
use crate::papers::{Table, blue, letter, line_of_text, organisations, persons, red};
use crate::people::Root;

struct Bench {
    key: SoftwareKey,
    blue: Vec<u8>,
    red: Vec<u8>,
    signed: Vec<Vec<u8>>,
}

fn bench() -> &'static Bench {
    static BENCH: OnceLock<Bench> = OnceLock::new();
    BENCH.get_or_init(|| {
        let key = Root::new().organisation().signer();
        let (blue, red) = (blue(), red());
        let sign = |table| sign(&letter(table, 0), &persons(&blue), &key, None).unwrap();
        let signed = [Table::Classic, Table::Stream, Table::ObjectStreams].map(sign).to_vec();
        Bench { key, blue, red, signed }
    })
}

/// Every way into the crate that takes a file.
fn try_everything(pdf: &[u8]) -> Vec<Reason> {
    let bench = bench();
    let limits = Limits::default();
    let authority = |_: &[u8]| Ok(b"0\x030\x01\x00".to_vec());
    let evidence = Evidence { certificates: &[vec![0x30, 0]], ..Evidence::default() };
    let anchored = Request {
        field: "P2",
        place: Place::Anchor { name: "ky", area: pades::pdf::Area::mm(0, 0, 20, 10) },
        ..persons(&bench.blue)
    };
    let outcomes = [
        sign(pdf, &anchored, &bench.key, None),
        sign(pdf, &organisations(&bench.red), &bench.key, None),
        sign(&letter(Table::Classic, 0), &with_page(pdf), &bench.key, None),
        add_to_signature(pdf, "Person1", &limits, &authority),
        add_to_document(pdf, "T1", &limits, &authority),
        add_evidence(pdf, &limits, &evidence),
    ];
    let mut reasons = Vec::new();
    for outcome in outcomes {
        reasons.extend(outcome.err().map(|error| error.reason));
    }
    if let Ok(opened) = Pdf::open(pdf, &limits) {
        drop(opened.signature_fields());
    }
    reasons
}

fn with_page(pdf: &[u8]) -> Request<'_> {
    Request { appearance: Appearance::Page(pdf), ..persons(&[]) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_file_with_changed_bytes_is_read_or_refused(
        which in 0..3_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut pdf = bench().signed[which].clone();
        let places = worth_changing(&pdf);
        for (place, byte) in changes {
            pdf[*place.get(&places)] = byte;
        }
        if let Some(cut) = cut {
            pdf.truncate(cut.index(pdf.len()));
        }
        try_everything(&pdf);
    }

    #[test]
    fn a_file_with_changed_numbers_is_read_or_refused(
        which in 0..3_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<i64>()), 1..4),
    ) {
        let mut pdf = bench().signed[which].clone();
        for (place, number) in changes {
            let digits: Vec<usize> =
                (1..pdf.len()).filter(|at| pdf[*at].is_ascii_digit() && !pdf[at - 1].is_ascii_digit()).collect();
            let start = digits[place.index(digits.len())];
            let end = (start..pdf.len()).find(|at| !pdf[*at].is_ascii_digit()).unwrap_or(pdf.len());
            pdf.splice(start..end, number.to_string().into_bytes());
        }
        try_everything(&pdf);
    }
}

/// Half the file is the room beside the signature, where a change tells nothing.
fn worth_changing(pdf: &[u8]) -> Vec<usize> {
    let is_room = |at: usize| pdf[at.saturating_sub(20)..=at].iter().all(|byte| *byte == b'0');
    (0..pdf.len()).filter(|at| !is_room(*at)).collect()
}

/// A file made of these objects, numbered from 1, with a right table; the first is the catalog.
fn file(objects: &[&str], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f\r\n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n\r", bytes.len()).unwrap();
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let start = bytes.len();
    let size = objects.len() + 1;
    bytes.extend(
        format!("{table}trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    bytes
}

const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>";

#[test]
fn files_that_lead_in_circles_end() {
    let pages = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
    let catalog = "<</Type/Catalog/Pages 2 0 R>>";
    let circles: [&[&str]; 9] = [
        &["1 0 R"],
        &[catalog, "<</Type/Pages/Kids[2 0 R]/Count 1>>"],
        &[catalog, "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Pages/Kids[2 0 R]/Count 1/Parent 3 0 R>>"],
        &["<</Type/Catalog/Pages 2 0 R/AcroForm 1 0 R/Fields 1 0 R>>", pages, PAGE],
        &[
            "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
            pages,
            PAGE,
            "<</Fields[4 0 R]/Kids[4 0 R]/FT/Sig>>",
        ],
        &[
            "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
            pages,
            PAGE,
            "<</Fields[5 0 R]>>",
            "<</T(a)/FT/Sig/Kids[5 0 R]/V 5 0 R>>",
        ],
        &[
            "<</Type/Catalog/Pages 2 0 R/Names<</Dests 4 0 R>>>>",
            pages,
            PAGE,
            "<</Kids[4 0 R 4 0 R]/Names[(ky) 4 0 R]>>",
        ],
        &[catalog, pages, "<</Type/Page/Parent 3 0 R/Annots 3 0 R>>"],
        &[catalog, pages, PAGE, "<</Length 4 0 R>>\nstream\n\nendstream"],
    ];
    for objects in circles {
        let begun = Instant::now();
        try_everything(&file(objects, ""));
        assert!(begun.elapsed() < Duration::from_secs(5), "{objects:?}");
    }
    let good = file(&[catalog, pages, PAGE], "");
    assert!(
        sign(&good, &Request { place: Place::Nowhere, ..with_page(&line_of_text()) }, &bench().key, None)
            .is_ok()
    );
    let code = |trailer: &str| Pdf::open(&file(&[catalog, pages, PAGE], trailer), &Limits::default()).err();
    for trailer in ["/Prev 9", "/Prev -1", "/Prev 99999999999999999999", "/XRefStm 9"] {
        assert_eq!(code(trailer).map(|error| error.reason), Some(Reason::Corrupt), "{trailer}");
    }
    let far = String::from_utf8(good).unwrap().replace("startxref\n", "startxref\n-");
    assert_eq!(Pdf::open(far.as_bytes(), &Limits::default()).unwrap_err().reason, Reason::Corrupt);
}

#[test]
fn a_file_that_would_grow_in_memory_is_refused() {
    let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
    let wide = format!("[{}]", "0 ".repeat(3_000_000));
    for kids in [deep, wide] {
        let catalog = "<</Type/Catalog/Pages 2 0 R>>";
        let pages = format!("<</Type/Pages/Kids {kids}/Count 1>>");
        let reasons = try_everything(&file(&[catalog, &pages], ""));
        assert_eq!(reasons.len(), 6, "{reasons:?}");
    }
    let limits = Limits { file_bytes_max: 1000, ..Limits::default() };
    let error = Pdf::open(&bench().signed[0], &limits).unwrap_err();
    assert_eq!(error.reason, Reason::TooLarge);
    let limits = Limits { objects_bytes_max: 1000, ..Limits::default() };
    let error = Pdf::open(&bench().signed[0], &limits).unwrap_err();
    assert_eq!(error.reason, Reason::TooLarge);
    let limits = Limits { fields_max: 0, ..Limits::default() };
    let pdf = Pdf::open(&bench().signed[0], &limits).unwrap();
    assert_eq!(pdf.signature_fields().unwrap_err().reason, Reason::TooLarge);
}

#[test]
fn an_encrypted_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, locked) = (folder.path().join("plain.pdf"), folder.path().join("locked.pdf"));
    std::fs::write(&plain, letter(Table::Classic, 0)).unwrap();
    let mut qpdf = program("qpdf");
    qpdf.args(["--encrypt", "", "owner", "256", "--"]).arg(&plain).arg(&locked);
    let Ok(output) = qpdf.output() else {
        println!("skipped: qpdf is not installed");
        return;
    };
    assert!(output.status.success());
    let reasons = try_everything(&std::fs::read(locked).unwrap());
    assert_eq!(reasons.iter().filter(|reason| **reason == Reason::Encrypted).count(), 5, "{reasons:?}");
}

#[test]
fn a_picture_that_would_grow_in_memory_is_refused() {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 60_000, 60_000);
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().unwrap();
    writer.write_chunk(png::chunk::IDAT, &[0x78, 0x9C, 3, 0, 0, 0, 0, 1]).unwrap();
    drop(writer);
    let error = sign(&letter(Table::Classic, 0), &persons(&bytes), &bench().key, None).unwrap_err();
    assert!(matches!(error.reason, Reason::TooLarge | Reason::BadAppearance), "{error}");
}

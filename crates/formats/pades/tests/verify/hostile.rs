//! Whatever comes in: a clear answer, within bounds, and never a fall.

use std::time::Instant;

use pades::verify::verify;
use proptest::prelude::*;

use crate::message::message;
use crate::paper::{Paper, Spot, stream};
use crate::people::{Authority, NOW, answer, person};

fn signed() -> (Paper, pades::trust::Trust) {
    let root = Authority::new();
    let leader = root.person(&person());
    let mut paper = Paper::new();
    paper.sign(&Spot::default(), |bytes| message(&leader, bytes));
    (paper, root.trust())
}

fn with_object(body: &str) -> Vec<u8> {
    let mut paper = Paper::new();
    paper.fields.push(30);
    paper.next = 40;
    let form = paper.form();
    paper.update(&[(9, &form), (30, body)]);
    paper.bytes
}

#[test]
fn hostile_files_are_answered_quickly_and_not_accepted() {
    let (_, trust) = signed();
    let long = |text: &str, times: usize| text.repeat(times);
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("no PDF", b"PK\x03\x04 a zip".to_vec()),
        ("a head only", b"%PDF-1.7".to_vec()),
        ("no table", b"%PDF-1.7\nstartxref\n9\n%%EOF".to_vec()),
        ("a table of tables", format!("%PDF-1.7\n{}", long("startxref\n9\n%%EOF\n", 100_000)).into_bytes()),
        ("lists in lists", with_object(&(long("[", 100_000) + &long("]", 100_000)))),
        ("dictionaries in dictionaries", with_object(&(long("<< /A ", 100_000) + &long(">>", 100_000)))),
        ("brackets in a text", with_object(&format!("<< /T ({}", long("(", 1_000_000)))),
        ("a very long list", with_object(&format!("[{}]", long("0 ", 1_000_000)))),
        ("a field that is its own parent", with_object("<< /T (a) /Kids [30 0 R] >>")),
        ("a value that leads to itself", with_object("30 0 R")),
        ("a field whose value leads to itself", with_object("<< /FT /Sig /T 30 0 R /V 30 0 R >>")),
        (
            "a huge number of fields",
            with_object(&format!("<< /T (a) /Kids [{}] >>", long("11 0 R ", 100_000))),
        ),
        ("a stream of objects that holds itself", packed(30)),
        ("a table that promises much", promising("/W [0 0 0] /Index [0 4000000000] /Size 1")),
        ("a table that promises more", promising("/W [1 8 8] /Index [0 99999999999999] /Size 1")),
        ("a table of odd widths", promising("/W [9 9 9] /Size 10")),
        ("a table of negative size", promising("/W [1 2 1] /Size -5")),
        ("a bomb for a table", bomb()),
    ];
    for (name, pdf) in files {
        let start = Instant::now();
        match answer(&pdf, &trust) {
            Ok(answer) => assert!(!answer.accepted, "{name}"),
            Err(error) => assert!(["corrupt-pdf", "too-large"].contains(&error.code()), "{name}: {error}"),
        }
        assert!(start.elapsed().as_secs() < 10, "{name}: {:?}", start.elapsed());
    }
}

fn packed(number: u32) -> Vec<u8> {
    let body = format!("{number} 0 30 0 R");
    with_object(&stream("/Type /ObjStm /N 1 /First 5", &body))
}

fn promising(entries: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend(
        format!("5 0 obj\n{}\nendobj\n", stream(&format!("/Type /XRef {entries} /Root 1 0 R"), "abc"))
            .as_bytes(),
    );
    bytes.extend(b"startxref\n9\n%%EOF\n");
    bytes
}

/// 200 MB of zeros in 200 kB.
fn bomb() -> Vec<u8> {
    use std::io::Write;
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..200 {
        packer.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let packed = packer.finish().unwrap();
    let mut bytes =
        b"%PDF-1.7\n5 0 obj\n<< /Type /XRef /W [1 2 1] /Size 9 /Filter /FlateDecode /Length ".to_vec();
    bytes.extend(format!("{} >>\nstream\n", packed.len()).as_bytes());
    bytes.extend(packed);
    bytes.extend(b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n");
    bytes
}

#[test]
fn a_message_of_any_bytes_is_no_signature() {
    let root = Authority::new();
    for bytes in [&[][..], &[0x30], &[0x30, 0x80], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30, 0x82, 0x10]]
    {
        let mut paper = Paper::new();
        paper.sign(&Spot::default(), |_| bytes.to_vec());
        let answer = answer(&paper.bytes, &root.trust()).unwrap();
        assert_eq!(answer.signatures[0].reasons[0].code(), "malformed-signature");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_mutation_is_accepted(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6)) {
        let (paper, trust) = signed_once();
        let mut bytes = paper.bytes.clone();
        for (place, byte, kind) in edits {
            let at = place.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at.max(1)),
            }
        }
        if bytes != paper.bytes
            && let Ok(answer) = answer(&bytes, trust)
        {
            // The letters within the hexadecimal string may be written large or small: both are the same signature.
            let same = bytes.eq_ignore_ascii_case(&paper.bytes) && answer.accepted;
            prop_assert!(!answer.accepted || same);
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let (_, trust) = signed_once();
        let pdf = [b"%PDF-1.7\n", bytes.as_slice(), b"\nstartxref\n9\n%%EOF\n"].concat();
        let _ = verify(&pdf, trust, NOW.parse().unwrap());
    }
}

fn signed_once() -> &'static (Paper, pades::trust::Trust) {
    static ONCE: std::sync::OnceLock<(Paper, pades::trust::Trust)> = std::sync::OnceLock::new();
    ONCE.get_or_init(signed)
}

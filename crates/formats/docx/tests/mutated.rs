//! The fuzz target without a fuzzer: parts of real documents, cut, doubled, swapped and bent, so many seconds long
//! (`VANLANG_FUZZ_SECONDS`, else a moment). What fails prints the seed that makes it again.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something does not hold"
)]

use docx::{Limits, read, write};
use std::io::{Cursor, Write};
use std::time::{Duration, Instant};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// Pieces of markup the reader has an opinion on.
const PIECES: &[&str] = &[
    "<w:t xml:space=\"preserve\"> Điều 1. </w:t>",
    "<w:t>a) </w:t>",
    "<w:r><w:t>Giao Sở Nội vụ</w:t></w:r>",
    "<w:tab/>",
    "<w:pPr><w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr>",
    "<w:br w:type=\"page\"/>",
    "<w:cr/>",
    "<w:pPr><w:numPr><w:ilvl w:val=\"-1\"/><w:numId w:val=\"9999999999\"/></w:numPr></w:pPr>",
    "<w:noBreakHyphen/>",
    "<w:pPr><w:pStyle w:val=\"S\"/></w:pPr>",
    "<w:rPr><w:b/><w:i w:val=\"0\"/></w:rPr>",
    "<w:drawing/>",
    "<w:footnoteReference w:id=\"2\"/>",
    "<w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>",
    "<w:tcPr><w:gridSpan w:val=\"99999\"/></w:tcPr>",
    "<w:vMerge w:val=\"restart\"/>",
    "<w:tcPr><w:vMerge/></w:tcPr>",
    "<w:fldChar w:fldCharType=\"begin\"/>",
    "<w:instrText>PAGE</w:instrText>",
    "<w:sym w:char=\"F0B7\"/>",
    "<w:fldChar w:fldCharType=\"separate\"/>",
    "<w:fldChar w:fldCharType=\"end\"/>",
    "&#x1F389;",
    "&amp;",
    "<![CDATA[ a ]]>",
    "<!-- x -->",
    "|",
    "**",
    "\\",
    "\u{202e}",
    "- ",
    "\u{301}",
    "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>",
    "<w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"9223372036854775807\"/><w:numFmt w:val=\"lowerLetter\"/><w:lvlText w:val=\"%1%2%9)\"/></w:lvl><w:lvl w:ilvl=\"1\"><w:start w:val=\"-5\"/><w:numFmt w:val=\"upperRoman\"/><w:lvlText w:val=\"%2%%\"/></w:lvl></w:abstractNum>",
    "<w:style w:styleId=\"S\"><w:basedOn w:val=\"S\"/><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style>",
];

/// What pieces stand in.
const AROUND: &[&str] = &[
    "w:p",
    "w:p",
    "w:p",
    "w:r",
    "w:r",
    "w:tbl",
    "w:tr",
    "w:tc",
    "w:ins",
    "w:hyperlink",
    "w:smartTag",
    "w:sdtContent",
    "w:txbxContent",
    "mc:AlternateContent",
    "mc:Choice",
    "mc:Fallback",
    "w:pPr",
    "w:oMath",
    "w:moveFrom",
    "w:moveTo",
    "w:lvl",
    "w:num",
];

/// A small generator that gives the same row of numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(n.max(1)).unwrap()).unwrap()
    }
}

/// A piece, or some of them in something.
fn grow(dice: &mut Dice, text: &mut String, depth: usize) {
    if depth > 6 || dice.below(3) == 0 {
        text.push_str(PIECES[dice.below(PIECES.len())]);
        return;
    }
    let around = AROUND[dice.below(AROUND.len())];
    text.extend(["<", around, ">"]);
    for _ in 0..dice.below(5) {
        grow(dice, text, depth + 1);
    }
    text.extend(["</", around, ">"]);
}

fn part(dice: &mut Dice, root: &str) -> Vec<u8> {
    let mut inside = String::new();
    for _ in 0..dice.below(12) {
        grow(dice, &mut inside, 0);
    }
    let mut bytes = format!("<w:{root} xmlns:w=\"{W}\"><w:body>{inside}</w:body></w:{root}>").into_bytes();
    if dice.below(3) > 0 {
        return bytes;
    }
    for _ in 0..dice.below(6) {
        let (from, to) = (dice.below(bytes.len()), dice.below(bytes.len()));
        let (from, to) = (from.min(to), from.max(to));
        match dice.below(5) {
            0 => drop(bytes.drain(from..to.min(from + 20))),
            1 => bytes[from] = u8::try_from(dice.below(256)).unwrap(),
            2 => bytes.splice(from..from, PIECES[dice.below(PIECES.len())].bytes()).for_each(drop),
            3 => {
                let copy = bytes[from..to].to_vec();
                bytes.splice(to..to, copy).for_each(drop);
            }
            _ => bytes.truncate(to.max(1)),
        }
    }
    bytes
}

fn holds(dice: &mut Dice) -> bool {
    let limits = Limits { part_bytes: 1 << 20, letters: 100_000, ..Limits::default() };
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, root) in [
        ("word/document.xml", "document"),
        ("word/numbering.xml", "numbering"),
        ("word/styles.xml", "styles"),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&part(dice, root)).unwrap();
    }
    let mut file = zip.finish().unwrap().into_inner();
    let whole = dice.below(4) > 0;
    if !whole {
        for _ in 0..dice.below(8) {
            let at = dice.below(file.len());
            file[at] = u8::try_from(dice.below(256)).unwrap();
        }
    }
    let Ok(document) = read(&file, &limits) else { return false };
    assert!(document.text().len() <= 8 * limits.letters + 64 * limits.blocks);
    let again = read(&write(&document.blocks).unwrap(), &Limits::default());
    assert!(again.is_ok(), "{again:?}");
    true
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long to look is said from outside")]
fn whatever_is_done_to_a_document_it_is_read_or_refused() {
    let seconds = std::env::var("VANLANG_FUZZ_SECONDS").ok().and_then(|said| said.parse().ok()).unwrap_or(1);
    let (begun, mut read) = (Instant::now(), 0_u64);
    for seed in 1_u64.. {
        let held =
            std::panic::catch_unwind(|| holds(&mut Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)));
        assert!(held.is_ok(), "seed {seed}");
        read += u64::from(held.unwrap());
        if begun.elapsed() > Duration::from_secs(seconds) {
            println!("{seed} files, {read} of them read");
            break;
        }
    }
    assert!(read > 0, "no file was read at all");
}

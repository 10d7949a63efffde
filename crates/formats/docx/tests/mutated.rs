//! The fuzz target without a fuzzer: parts of real documents, cut, doubled, swapped and bent, so many seconds long
//! (`VANLANG_FUZZ_SECONDS`, else a moment). What fails prints the seed that makes it again.
#![expect(clippy::unwrap_used, reason = "a test ends where something does not hold")]

use docx::{Limits, read, write};
use std::io::{Cursor, Write};
use std::time::{Duration, Instant};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// Pieces of markup the reader has an opinion on.
const PIECES: &[&str] = &[
    "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t xml:space=\"preserve\"> Điều 1. </w:t>", "<w:t>", "</w:t>", "<w:tbl>", "</w:tbl>",
    "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>", "<w:pPr><w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr>",
    "<w:pPr><w:pStyle w:val=\"S\"/></w:pPr>", "<w:rPr><w:b/><w:i w:val=\"0\"/></w:rPr>", "<w:tab/>", "<w:br w:type=\"page\"/>",
    "<w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>", "<w:ins>", "</w:ins>", "<w:drawing/>", "<w:footnoteReference w:id=\"2\"/>",
    "<w:gridSpan w:val=\"99999\"/>", "<w:vMerge/>", "<w:vMerge w:val=\"restart\"/>", "<w:fldChar w:fldCharType=\"begin\"/>",
    "<w:instrText>PAGE</w:instrText>", "<w:fldChar w:fldCharType=\"end\"/>", "<w:sym w:char=\"F0B7\"/>", "<w:smartTag>",
    "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", "<mc:AlternateContent>", "<mc:Fallback>", "</mc:Fallback>", "&#0;", "&#x1F389;",
    "&amp;", "&x;", "<![CDATA[ a ]]>", "<!-- x -->", "<?pi?>", "|", "**", "\\", "\u{feff}", "\u{202e}", "a) ", "- ", "\u{301}",
    "<w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"9223372036854775807\"/><w:numFmt w:val=\"lowerLetter\"/><w:lvlText w:val=\"%1%2%9)\"/></w:lvl></w:abstractNum>",
    "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>", "<w:numFmt w:val=\"upperRoman\"/>", "<w:start w:val=\"-5\"/>",
    "<w:style w:styleId=\"S\"><w:basedOn w:val=\"S\"/><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style>",
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

fn part(dice: &mut Dice, root: &str) -> Vec<u8> {
    let mut inside = String::new();
    for _ in 0..dice.below(60) {
        inside.push_str(PIECES[dice.below(PIECES.len())]);
    }
    let mut bytes = format!("<w:{root} xmlns:w=\"{W}\"><w:body>{inside}</w:body></w:{root}>").into_bytes();
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
    for (name, root) in
        [("word/document.xml", "document"), ("word/numbering.xml", "numbering"), ("word/styles.xml", "styles")]
    {
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
        let held = std::panic::catch_unwind(|| holds(&mut Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)));
        assert!(held.is_ok(), "seed {seed}");
        read += u64::from(held.unwrap());
        if begun.elapsed() > Duration::from_secs(seconds) {
            println!("{seed} files, {read} of them read");
            break;
        }
    }
    assert!(read > 0, "no file was read at all");
}

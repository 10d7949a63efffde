//! Pictures of pages become one PDF, whole and without what a telephone adds; hostile ones are refused in plain words.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where something does not hold")]

use scan::{Error, Limits, Reason, pdf};
use std::io::{Cursor, Write};
use std::process::{Command, Stdio};
use tiff::encoder::colortype::{Gray8, RGB8};
use tiff::encoder::{Compression, DeflateLevel, TiffEncoder};

/// A JPEG of the reader's own making: 16 × 24 points, grey, one block of nothing; `parts` stand before the frame.
fn jpeg(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    let mut part = |marker: u8, bytes: &[u8]| {
        out.extend([0xFF, marker]);
        out.extend(u16::try_from(bytes.len() + 2).unwrap().to_be_bytes());
        out.extend(bytes);
    };
    for bytes in parts {
        part(0xE1, bytes);
    }
    part(0xFE, b"a remark");
    part(0xDB, &[[0].as_slice(), &[1; 64]].concat());
    part(0xC0, &[8, 0, 8, 0, 16, 1, 1, 0x11, 0]);
    let codes = |class: u8| [[class].as_slice(), &[1], &[0; 15], &[0]].concat();
    part(0xC4, &codes(0));
    part(0xC4, &codes(0x10));
    part(0xDA, &[1, 1, 0, 0, 63, 0]);
    out.extend([0x0F, 0xFF, 0x00, 0xFF, 0xD9]);
    out
}

/// EXIF with an orientation, and a position that is nobody's business.
fn exif(turn: u8) -> Vec<u8> {
    [
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(),
        &[turn],
        b"\0\0\0\0\0\0GPS 21.32 N",
    ]
    .concat()
}

fn png(width: u32, height: u32, kind: png::ColorType, row: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(kind);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&row.repeat(usize::try_from(height).unwrap())).unwrap();
    writer.finish().unwrap();
    out
}

fn made(pictures: &[Vec<u8>]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    pdf(pictures.iter().cloned().map(Ok), &mut out, &Limits::default()).map(|_| out)
}

fn refused(picture: &[u8]) -> Reason {
    match made(&[jpeg(&[]), picture.to_vec()]) {
        Err(Error::Refused(2, reason)) => reason,
        other => panic!("{other:?}"),
    }
}

/// A TIFF of grey and coloured pages, as a scanner with a feeder writes one.
fn tiff(compression: Compression, pages: &[(u32, u32, [u8; 3])]) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut out).unwrap().with_compression(compression);
    for (width, height, colour) in pages {
        let points = usize::try_from(width * height).unwrap();
        if colour[0] == colour[1] {
            encoder.write_image::<Gray8>(*width, *height, &vec![colour[0]; points]).unwrap();
        } else {
            encoder.write_image::<RGB8>(*width, *height, &colour.repeat(points)).unwrap();
        }
    }
    out.into_inner()
}

/// A page in CCITT group 4, sixteen points wide and high: white on its left, black on its right.
fn group_4() -> Vec<u8> {
    // Horizontal mode with eight white and eight black; then fifteen rows like the one before; the end of the block.
    let rows = ["001", "10011", "000101", &"11".repeat(15), "000000000001", "000000000001"].concat();
    let bits: Vec<char> = rows.chars().collect();
    let byte = |bits: &[char]| {
        bits.iter().enumerate().fold(0_u8, |byte, (at, bit)| byte | (u8::from(*bit == '1') << (7 - at)))
    };
    let data: Vec<u8> = bits.chunks(8).map(byte).collect();
    let entries: [(u16, u32); 9] = [
        (256, 16),
        (257, 16),
        (258, 1),
        (259, 4),
        (262, 0),
        (273, 8 + 2 + 9 * 12 + 4),
        (277, 1),
        (278, 16),
        (279, u32::try_from(data.len()).unwrap()),
    ];
    let mut out = b"II*\0\x08\0\0\0\x09\0".to_vec();
    for (tag, value) in entries {
        out.extend(tag.to_le_bytes());
        out.extend(4_u16.to_le_bytes());
        out.extend(1_u32.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend([0; 4]);
    out.extend(data);
    out
}

/// What another program says of a PDF.
#[expect(clippy::disallowed_methods, reason = "a test reads PDF with the tool that people have")]
fn told(program: &str, arguments: &[&str], pdf: &[u8]) -> Vec<u8> {
    let mut process = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("poppler-utils");
    process.stdin.take().unwrap().write_all(pdf).unwrap();
    let told = process.wait_with_output().unwrap();
    assert!(told.status.success(), "{program}");
    told.stdout
}

#[test]
fn several_pictures_are_one_pdf_of_a4_that_other_programs_read() {
    let pictures = [
        jpeg(&[&exif(1)]),
        png(300, 200, png::ColorType::Rgb, &[200, 0, 0].repeat(300)),
        png(200, 300, png::ColorType::Rgba, &[0, 0, 0, 0].repeat(200)),
    ];
    let pdf = made(&pictures).unwrap();
    let facts = String::from_utf8(told("pdfinfo", &["-l", "3", "-"], &pdf)).unwrap();
    assert!(facts.contains("Pages:           3"), "{facts}");
    let sizes: Vec<&str> =
        facts.lines().filter(|line| line.contains("size:") && line.starts_with("Page ")).collect();
    assert!(
        sizes[0].contains("842 x 595") && sizes[1].contains("842 x 595") && sizes[2].contains("595 x 842"),
        "{facts}"
    );
    // What one sees through is paper.
    let third = told("pdftoppm", &["-r", "10", "-f", "3", "-gray", "-"], &pdf);
    assert!(third[third.len() - 4000] > 250);
    let second = told("pdftoppm", &["-r", "10", "-f", "2", "-l", "2", "-"], &pdf);
    let middle = &second[second.len() / 2..][..30];
    // Whoever draws it may round.
    assert!(middle.windows(3).any(|point| point[0].abs_diff(200) <= 2 && point[1..] == [0, 0]), "{middle:?}");
}

#[test]
fn a_tiff_of_many_pages_becomes_as_many_pages() {
    for compression in [
        Compression::Uncompressed,
        Compression::Lzw,
        Compression::Packbits,
        Compression::Deflate(DeflateLevel::Fast),
    ] {
        let pages = [(200, 300, [90, 90, 90]), (300, 200, [200, 0, 0])];
        let pdf = made(&[tiff(compression, &pages), jpeg(&[])]).unwrap();
        let facts = String::from_utf8(told("pdfinfo", &["-l", "3", "-"], &pdf)).unwrap();
        assert!(facts.contains("Pages:           3"), "{facts}");
        let drawn = told("pdftoppm", &["-r", "10", "-f", "1", "-l", "1", "-gray", "-"], &pdf);
        assert!(drawn[drawn.len() / 2].abs_diff(90) <= 2);
        let drawn = told("pdftoppm", &["-r", "10", "-f", "2", "-l", "2", "-"], &pdf);
        let middle = &drawn[drawn.len() / 2..][..30];
        assert!(
            middle.windows(3).any(|point| point[0].abs_diff(200) <= 2 && point[1..] == [0, 0]),
            "{middle:?}"
        );
    }
}

#[test]
fn black_and_white_is_taken_as_fax_machines_write_it() {
    let pdf = made(&[group_4()]).unwrap();
    let drawn = told("pdftoppm", &["-r", "10", "-gray", "-"], &pdf);
    // A row from the middle: white on the left, black on the right.
    let (width, height) = (83, 117);
    let row = &drawn[drawn.len() - width * height..][width * (height / 2)..][..width];
    assert!(row[width / 4] > 250 && row[3 * width / 4] < 5, "{row:?}");
}

#[test]
fn a_damaged_or_endless_tiff_is_refused() {
    let whole = tiff(Compression::Lzw, &[(200, 300, [90, 90, 90])]);
    for at in (8..whole.len()).step_by(whole.len() / 40) {
        // However it is cut, there is an answer.
        let _ = made(&[whole[..at].to_vec()]);
        let mut other = whole.clone();
        other[at] ^= 0xFF;
        let _ = made(&[other]);
    }
    assert_eq!(refused(b"II*\0\x08\0\0\0"), Reason::Broken);
    let many = vec![(8, 8, [0, 0, 0]); Limits::default().pictures + 1];
    assert!(matches!(
        made(&[tiff(Compression::Uncompressed, &many)]),
        Err(Error::Refused(1, Reason::Number))
    ));
    let mut out = Vec::new();
    let limits = Limits { points: 1_000, ..Limits::default() };
    let large = pdf([Ok(tiff(Compression::Lzw, &[(200, 300, [90, 90, 90])]))], &mut out, &limits);
    assert!(matches!(large, Err(Error::Refused(1, Reason::Points))), "{large:?}");
}

#[test]
fn a_picture_is_turned_as_it_says_and_where_it_was_taken_is_left_out() {
    for turn in 1..=8 {
        let pdf = made(&[jpeg(&[&exif(turn)])]).unwrap();
        let text = String::from_utf8_lossy(&pdf);
        assert_eq!(text.contains("MediaBox[0 0 595 842]"), turn >= 5, "{turn}");
        assert!(!text.contains("GPS") && !text.contains("remark") && !text.contains("Exif"));
    }
    // The upper edge of what was stored is on the right.
    let matrix = String::from_utf8_lossy(&made(&[jpeg(&[&exif(6)])]).unwrap()).into_owned();
    assert!(matrix.contains("q 0 -842 421 0 87 842 cm"), "{matrix}");
}

#[test]
fn what_hangs_behind_a_picture_is_left_out() {
    let mut picture = jpeg(&[]);
    picture.extend(b"another picture with its place");
    let pdf = made(&[picture]).unwrap();
    assert!(!String::from_utf8_lossy(&pdf).contains("another picture"));
}

#[test]
fn hostile_pictures_are_refused_with_their_place_and_a_reason() {
    let whole = jpeg(&[]);
    for length in [2, 10, 60, whole.len() - 2] {
        assert_eq!(refused(&whole[..length]), Reason::Broken, "{length}");
    }
    let mut endless = whole.clone();
    endless.truncate(whole.len() - 2);
    endless.extend(std::iter::repeat_n(0x55, 100_000));
    assert_eq!(refused(&endless), Reason::Broken);
    // A frame of 65,535 points each way.
    let at = whole.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    let mut large = whole.clone();
    large[at + 5..at + 9].copy_from_slice(&[0xFF; 4]);
    assert_eq!(refused(&large), Reason::Points);
    let mut lossless = whole.clone();
    lossless[at + 1] = 0xC3;
    assert_eq!(refused(&lossless), Reason::Kind);

    let small = png(20, 20, png::ColorType::Grayscale, &[7; 20]);
    assert_eq!(refused(&small[..small.len() / 2]), Reason::Broken);
    let mut promises = small.clone();
    promises[16..24].copy_from_slice(&[0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0]);
    assert_eq!(refused(&promises), Reason::Points);
    assert_eq!(refused(b"GIF89a"), Reason::Kind);
    assert_eq!(refused(&[]), Reason::Kind);
    assert_eq!(refused(&vec![0xFF; (32 << 20) + 1]), Reason::Bytes);
    assert!(matches!(made(&[]), Err(Error::Refused(0, Reason::Number))));
    assert!(matches!(made(&vec![whole; 51]), Err(Error::Refused(51, Reason::Number))));
}

#[test]
fn a_small_file_that_unpacks_to_very_much_costs_no_memory() {
    // 60 million black points in some tens of kilobytes: within the limit, read row by row, and packed anew.
    let bomb = png(10_000, 6_000, png::ColorType::Grayscale, &[0; 10_000]);
    assert!(bomb.len() < 400_000, "{}", bomb.len());
    let pdf = made(&[bomb]).unwrap();
    assert!(pdf.len() < 1_000_000, "{}", pdf.len());
}

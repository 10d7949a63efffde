//! One picture, checked and ready to be put on a page.

use crate::{Limits, Reason, jpeg};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use png::{ColorType, Decoder, Transformations};
use std::io::{Cursor, Write};

/// What a point is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colours {
    Grey,
    Rgb,
}

/// Points as a PDF keeps them.
#[derive(Debug)]
pub(crate) enum Packed {
    Jpeg(Vec<u8>),
    Deflated(Vec<u8>),
}

#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) colours: Colours,
    /// The orientation as EXIF counts it, 1 to 8.
    pub(crate) turn: u8,
    pub(crate) packed: Packed,
}

impl Picture {
    /// Reads a JPEG or a PNG.
    pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Picture, Reason> {
        if bytes.len() > limits.bytes {
            return Err(Reason::Bytes);
        }
        match bytes {
            [0xFF, 0xD8, ..] => jpeg::read(bytes, limits.points),
            [0x89, b'P', b'N', b'G', ..] => png(bytes, limits.points),
            _ => Err(Reason::Kind),
        }
    }
}

fn png(bytes: &[u8], points: u64) -> Result<Picture, Reason> {
    // The size stands at a fixed place: it is looked at before anything is unpacked.
    let (Some((_, [w0, w1, w2, w3, h0, h1, h2, h3, ..])), Some(_)) =
        (bytes.split_at_checked(16), bytes.get(24))
    else {
        return Err(Reason::Broken);
    };
    let (width, height) =
        (u32::from_be_bytes([*w0, *w1, *w2, *w3]), u32::from_be_bytes([*h0, *h1, *h2, *h3]));
    if u64::from(width) * u64::from(height) > points {
        return Err(Reason::Points);
    }
    let mut decoder = Decoder::new(Cursor::new(bytes));
    // Text and colour profiles are left out, so they need not be unpacked.
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let head = decoder.read_header_info().map_err(|_| Reason::Broken)?;
    if head.interlaced {
        return Err(Reason::Kind);
    }
    let mut reader = decoder.read_info().map_err(|_| Reason::Broken)?;
    let (kind, _) = reader.output_color_type();
    let colours = match kind {
        ColorType::Grayscale | ColorType::GrayscaleAlpha => Colours::Grey,
        _ => Colours::Rgb,
    };
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    let mut rows = 0;
    while let Some(row) = reader.next_row().map_err(|_| Reason::Broken)? {
        let written = match kind {
            ColorType::GrayscaleAlpha => packer.write_all(&on_white::<2, 1>(row.data())),
            ColorType::Rgba => packer.write_all(&on_white::<4, 3>(row.data())),
            _ => packer.write_all(row.data()),
        };
        written.map_err(|_| Reason::Broken)?;
        rows += 1;
    }
    let packed = packer.finish().map_err(|_| Reason::Broken)?;
    if rows != height {
        return Err(Reason::Broken);
    }
    Ok(Picture { width, height, colours, turn: 1, packed: Packed::Deflated(packed) })
}

/// Points whose last byte is their alpha, laid on white paper.
pub(crate) fn on_white<const WITH: usize, const WITHOUT: usize>(row: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(row.len() / WITH * WITHOUT);
    for point in row.as_chunks::<WITH>().0 {
        let alpha = u32::from(point.last().copied().unwrap_or(255));
        for colour in point.iter().take(WITHOUT) {
            let mixed = (u32::from(*colour) * alpha + 255 * (255 - alpha)) / 255;
            out.push(u8::try_from(mixed).unwrap_or(255));
        }
    }
    out
}

//! TIFF, as scanners with a feeder write it: one file, many pages.

use crate::picture::{Colours, Packed, Picture, on_white};
use crate::{Error, Limits, Reason};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::{Cursor, Write};
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;

type Pages<'a> = Decoder<Cursor<&'a [u8]>>;

/// Whether bytes begin as a TIFF does, in either order of bytes.
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*")
}

/// Hands on each page in its order.
///
/// # Errors
/// Why a page is not taken; what `each` answers.
pub(crate) fn pages(
    bytes: &[u8],
    limits: &Limits,
    mut each: impl FnMut(std::result::Result<Picture, Reason>) -> Result<(), Error>,
) -> Result<(), Error> {
    if bytes.len() > limits.bytes {
        return each(Err(Reason::Bytes));
    }
    let mut bounds = tiff::decoder::Limits::default();
    bounds.decoding_buffer_size = usize::try_from(limits.points.saturating_mul(3)).unwrap_or(usize::MAX);
    let mut decoder = match Decoder::new(Cursor::new(bytes)) {
        Ok(decoder) => decoder.with_limits(bounds),
        Err(why) => return each(Err(reason(&why))),
    };
    loop {
        each(page(&mut decoder, limits.points))?;
        if !decoder.more_images() {
            return Ok(());
        }
        if let Err(why) = decoder.next_image() {
            return each(Err(reason(&why)));
        }
    }
}

fn page(decoder: &mut Pages<'_>, points: u64) -> Result<Picture, Reason> {
    let failed = |why: tiff::TiffError| reason(&why);
    let (width, height) = decoder.dimensions().map_err(failed)?;
    if u64::from(width) * u64::from(height) > points {
        return Err(Reason::Points);
    }
    if width == 0 || height == 0 {
        return Err(Reason::Broken);
    }
    let kind = decoder.colortype().map_err(failed)?;
    let turn = decoder.find_tag_unsigned::<u8>(Tag::Orientation).ok().flatten().filter(|turn| *turn <= 8);
    let bytes = match decoder.read_image().map_err(failed)? {
        DecodingResult::U8(bytes) => bytes,
        DecodingResult::U16(words) => words.into_iter().map(|word| word.to_be_bytes()[0]).collect(),
        _ => return Err(Reason::Kind),
    };
    let row = usize::try_from(width).unwrap_or(usize::MAX);
    let (colours, bytes) = match kind {
        ColorType::Gray(1) => (Colours::Grey, spread(&bytes, row)),
        ColorType::Gray(8 | 16) => (Colours::Grey, bytes),
        ColorType::RGB(8 | 16) => (Colours::Rgb, bytes),
        ColorType::RGBA(8 | 16) => (Colours::Rgb, on_white::<4, 3>(&bytes)),
        ColorType::GrayA(8 | 16) => (Colours::Grey, on_white::<2, 1>(&bytes)),
        _ => return Err(Reason::Kind),
    };
    let wide = if colours == Colours::Grey { row } else { row.saturating_mul(3) };
    if bytes.len() != wide.saturating_mul(usize::try_from(height).unwrap_or(usize::MAX)) {
        return Err(Reason::Broken);
    }
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(&bytes).map_err(|_| Reason::Broken)?;
    let packed = packer.finish().map_err(|_| Reason::Broken)?;
    Ok(Picture { width, height, colours, turn: turn.unwrap_or(1).max(1), packed: Packed::Deflated(packed) })
}

/// Eight points a byte, each row from a byte of its own, become a byte a point.
fn spread(bytes: &[u8], row: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().saturating_mul(8));
    for line in bytes.chunks(row.div_ceil(8)) {
        let points =
            line.iter().flat_map(|byte| (0..8).map(move |bit| if byte << bit & 0x80 == 0 { 0 } else { 255 }));
        out.extend(points.take(row));
    }
    out
}

fn reason(why: &tiff::TiffError) -> Reason {
    match why {
        tiff::TiffError::UnsupportedError(_) => Reason::Kind,
        tiff::TiffError::LimitsExceeded => Reason::Points,
        _ => Reason::Broken,
    }
}

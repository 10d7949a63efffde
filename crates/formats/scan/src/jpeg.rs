//! The parts of a JPEG file (ITU-T T.81, annex B): which of them a page needs, and how it is to be turned.

use crate::Reason;
use crate::picture::{Colours, Packed, Picture};

type Read<V> = Result<V, Reason>;

const START: u8 = 0xD8;
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;
const EXIF: u8 = 0xE1;

/// Copies what a page needs of a JPEG.
pub(crate) fn read(bytes: &[u8], points: u64) -> Read<Picture> {
    let mut parts = Parts { bytes, at: 2 };
    let mut kept = vec![0xFF, START];
    let (mut frame, mut turn) = (None, 1);
    loop {
        let marker = parts.marker()?;
        if marker == END {
            break;
        }
        let part = parts.part()?;
        match marker {
            0xC0..=0xC2 => frame = Some(size(part, points)?),
            // Without loss, in layers, or with arithmetic coding: readers of PDF do not know them.
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => return Err(Reason::Kind),
            EXIF => turn = orientation(part).unwrap_or(turn),
            _ => {}
        }
        // What says how the points are packed stays, and the two that say what the colours are.
        let stays = matches!(marker, 0xC0..=0xC2 | 0xC4 | 0xDA | 0xDB | 0xDD | 0xE0 | 0xEE);
        if stays {
            let length = u16::try_from(part.len() + 2).map_err(|_| Reason::Broken)?;
            kept.extend([0xFF, marker]);
            kept.extend(length.to_be_bytes());
            kept.extend(part);
        }
        if marker == SCAN {
            kept.extend(parts.points()?);
        }
    }
    let (width, height, colours) = frame.ok_or(Reason::Broken)?;
    kept.extend([0xFF, END]);
    Ok(Picture { width, height, colours, turn, packed: Packed::Jpeg(kept) })
}

/// A walk over the parts.
struct Parts<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Parts<'a> {
    fn byte(&mut self) -> Read<u8> {
        let byte = self.bytes.get(self.at).copied().ok_or(Reason::Broken)?;
        self.at += 1;
        Ok(byte)
    }

    /// The next marker; it may be filled up with more of its first byte.
    fn marker(&mut self) -> Read<u8> {
        if self.byte()? != 0xFF {
            return Err(Reason::Broken);
        }
        let mut marker = self.byte()?;
        while marker == 0xFF {
            marker = self.byte()?;
        }
        Ok(marker)
    }

    /// What stands behind a marker, without its length.
    fn part(&mut self) -> Read<&'a [u8]> {
        let length = usize::from(u16::from_be_bytes([self.byte()?, self.byte()?]));
        let end = length.checked_sub(2).map(|length| self.at + length).ok_or(Reason::Broken)?;
        let part = self.bytes.get(self.at..end).ok_or(Reason::Broken)?;
        self.at = end;
        Ok(part)
    }

    /// The packed points of a scan, up to the next marker that is none of theirs.
    fn points(&mut self) -> Read<&'a [u8]> {
        let from = self.at;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let next = rest.iter().position(|byte| *byte == 0xFF).ok_or(Reason::Broken)?;
            self.at += next;
            match self.bytes.get(self.at + 1).copied().ok_or(Reason::Broken)? {
                0x00 | 0xD0..=0xD7 => self.at += 2,
                0xFF => self.at += 1,
                _ => return self.bytes.get(from..self.at).ok_or(Reason::Broken),
            }
        }
    }
}

fn size(frame: &[u8], points: u64) -> Read<(u32, u32, Colours)> {
    let [depth, h0, h1, w0, w1, components, ..] = *frame else { return Err(Reason::Broken) };
    let (height, width) = (u16::from_be_bytes([h0, h1]), u16::from_be_bytes([w0, w1]));
    let colours = match (depth, components) {
        (8, 1) => Colours::Grey,
        (8, 3) => Colours::Rgb,
        _ => return Err(Reason::Kind),
    };
    if width == 0 || height == 0 {
        return Err(Reason::Broken);
    }
    if u64::from(width) * u64::from(height) > points {
        return Err(Reason::Points);
    }
    Ok((width.into(), height.into(), colours))
}

/// The orientation in a part of EXIF (tag 0x0112 of its first directory), 1 to 8.
fn orientation(part: &[u8]) -> Option<u8> {
    let tiff = part.strip_prefix(b"Exif\0\0")?;
    let little = tiff.starts_with(b"II");
    let short = |at: usize| {
        let two: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let long = |at: usize| {
        let four: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        usize::try_from(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) }).ok()
    };
    let directory = long(4)?;
    let entries = usize::from(short(directory)?);
    let found =
        (0..entries).map(|n| directory.saturating_add(2 + n * 12)).find(|at| short(*at) == Some(0x0112))?;
    let turn = u8::try_from(short(found.checked_add(8)?)?).ok()?;
    (1..=8).contains(&turn).then_some(turn)
}

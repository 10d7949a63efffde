use std::io::Cursor;

use png::{ColorType, Decoder, Limits, Transformations};

use crate::{Error, Reason, Result};

/// Bytes a picture may inflate to: a seal or a signature at 600 dpi needs 8 MiB.
const BYTES_MAX: usize = 32 << 20;

/// A picture that was read.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Red, green, blue.
    pub(crate) colours: Vec<u8>,
    /// One byte a point; 0 is transparent.
    pub(crate) alpha: Vec<u8>,
}

impl Picture {
    /// Reads a PNG of any kind.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self> {
        let bad = |error: png::DecodingError| Error::new(Reason::BadAppearance, error);
        let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: BYTES_MAX });
        decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
        let mut reader = decoder.read_info().map_err(bad)?;
        let size = reader.output_buffer_size().filter(|size| *size <= BYTES_MAX);
        let size = size.ok_or_else(|| Error::new(Reason::TooLarge, "picture"))?;
        let mut points = vec![0; size];
        let frame = reader.next_frame(&mut points).map_err(bad)?;
        let (mut colours, mut alpha) = (Vec::with_capacity(size), Vec::with_capacity(size / 4));
        match frame.color_type {
            ColorType::Rgba => {
                for [red, green, blue, opaque] in points.as_chunks::<4>().0 {
                    colours.extend([red, green, blue]);
                    alpha.push(*opaque);
                }
            }
            ColorType::GrayscaleAlpha => {
                for [grey, opaque] in points.as_chunks::<2>().0 {
                    colours.extend([grey, grey, grey]);
                    alpha.push(*opaque);
                }
            }
            other => return Err(Error::new(Reason::BadAppearance, format!("{other:?}"))),
        }
        Ok(Self { width: frame.width, height: frame.height, colours, alpha })
    }

    /// Whether one sees through it somewhere.
    pub(crate) fn has_transparent_ground(&self) -> bool {
        self.alpha.contains(&0)
    }

    /// The sums of red, green and blue over what is not transparent.
    pub(crate) fn inks(&self) -> [u64; 3] {
        let mut sums = [0; 3];
        for ([red, green, blue], opaque) in self.colours.as_chunks::<3>().0.iter().zip(&self.alpha) {
            if *opaque > 127 {
                let [reds, greens, blues] = &mut sums;
                *reds += u64::from(*red);
                *greens += u64::from(*green);
                *blues += u64::from(*blue);
            }
        }
        sums
    }
}

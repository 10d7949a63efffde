use std::ops::Range;

use jiff::Timestamp;
use jiff::tz::Offset;
use lopdf::{Dictionary, Object, StringFormat};

use crate::cms::Digest;
use crate::pdf::{Written, hexadecimal};
use crate::{Error, Reason, Result};

/// Ten digits: wide enough for any offset, and replaced when the offsets are known.
const UNKNOWN: i64 = 9_999_999_999;

/// Vietnam has one time, seven hours before Greenwich, without summer time.
const VIETNAM: Offset = Offset::constant(7);

/// The dictionary with room for its value and its numbers.
pub(crate) fn with_room(mut dictionary: Dictionary, room_bytes: usize) -> Dictionary {
    dictionary.set("ByteRange", vec![Object::Integer(0), UNKNOWN.into(), UNKNOWN.into(), UNKNOWN.into()]);
    dictionary.set("Contents", Object::String(vec![0; room_bytes], StringFormat::Hexadecimal));
    dictionary
}

/// A moment as PDF writes it, in Vietnamese time: `D:20261123090000+07'00'`.
pub(crate) fn date(time: Timestamp) -> String {
    VIETNAM.to_datetime(time).strftime("D:%Y%m%d%H%M%S+07'00'").to_string()
}

/// A file whose new revision says what it covers and waits for the value.
#[derive(Debug)]
pub(crate) struct Value {
    bytes: Vec<u8>,
    place: Range<usize>,
}

impl Value {
    /// Fills in the four numbers.
    pub(crate) fn of(written: Written) -> Result<Self> {
        let Written { mut bytes, contents: place, byte_range } = written;
        let rest = bytes.len() - place.end;
        let numbers = format!("[0 {} {} {rest}", place.start, place.end);
        let width = byte_range.len().saturating_sub(1);
        let numbers = format!("{numbers:width$}]");
        match bytes.get_mut(byte_range) {
            Some(slot) if slot.len() == numbers.len() => slot.copy_from_slice(numbers.as_bytes()),
            _ => return Err(Error::new(Reason::TooLarge, "offsets of more than ten digits")),
        }
        Ok(Self { bytes, place })
    }

    /// The digest of everything but the value.
    pub(crate) fn digest(&self, digest: Digest) -> Result<Vec<u8>> {
        Ok(digest.over(&self.parts()?))
    }

    /// Everything but the value.
    pub(crate) fn parts(&self) -> Result<[&[u8]; 2]> {
        let parts = self.bytes.get(..self.place.start).zip(self.bytes.get(self.place.end..));
        parts.map(<[&[u8]; 2]>::from).ok_or_else(|| Error::new(Reason::NoRoom, ""))
    }

    /// The file with the value; what is left of the room stays zero.
    pub(crate) fn fill(mut self, message: &[u8]) -> Result<Vec<u8>> {
        let slot = self.bytes.get_mut(self.place).unwrap_or_default();
        fill(slot, message)?;
        Ok(self.bytes)
    }
}

/// Writes `message` into the brackets of `slot`.
pub(crate) fn fill(slot: &mut [u8], message: &[u8]) -> Result<()> {
    let mut digits = Vec::with_capacity(slot.len());
    hexadecimal(&mut digits, message);
    digits.pop();
    let last = slot.len().saturating_sub(1);
    if digits.len() > last {
        return Err(Error::new(Reason::NoRoom, format!("{} bytes", message.len())));
    }
    digits.resize(last, b'0');
    digits.push(b'>');
    slot.copy_from_slice(&digits);
    Ok(())
}

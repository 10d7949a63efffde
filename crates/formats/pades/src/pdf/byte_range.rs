use std::ops::Range;

use lopdf::Object;

/// The two stretches of bytes a signature covers, around the place of its own value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByteRange {
    /// From the beginning of the file to the value.
    pub before: Range<usize>,
    /// From behind the value to the end of the signed revision.
    pub after: Range<usize>,
}

impl ByteRange {
    /// Reads the four numbers; `None` unless they are not negative, in order, start at 0 and leave a gap.
    pub fn of(object: &Object) -> Option<Self> {
        let [first, length, second, rest] = object.as_array().ok()?.as_slice() else { return None };
        let number = |object: &Object| usize::try_from(object.as_i64().ok()?).ok();
        let (first, length) = (number(first)?, number(length)?);
        let (second, rest) = (number(second)?, number(rest)?);
        let range =
            Self { before: first..first.checked_add(length)?, after: second..second.checked_add(rest)? };
        (first == 0 && range.before.end < range.after.start).then_some(range)
    }

    /// Where the value stands in the file, with its angle brackets.
    pub fn gap(&self) -> Range<usize> {
        self.before.end..self.after.start
    }

    /// The two parts of `bytes`; `None` when the file is shorter.
    pub fn parts<'a>(&self, bytes: &'a [u8]) -> Option<[&'a [u8]; 2]> {
        Some([bytes.get(self.before.clone())?, bytes.get(self.after.clone())?])
    }

    /// Whether the gap holds exactly the value `contents` as one string of hexadecimal digits.
    ///
    /// A gap that is wider than the value lets a forger hide objects in it; a narrower one lets the value be read
    /// from somewhere else.
    pub fn gap_is(&self, bytes: &[u8], contents: &[u8]) -> bool {
        let Some([b'<', digits @ .., b'>']) = bytes.get(self.gap()) else { return false };
        let (pairs, rest) = digits.as_chunks::<2>();
        rest.is_empty()
            && pairs.len() == contents.len()
            && pairs.iter().zip(contents).all(|([high, low], byte)| {
                let value = |digit: &u8| char::from(*digit).to_digit(16);
                value(high).zip(value(low)).map(|(high, low)| high * 16 + low) == Some(u32::from(*byte))
            })
    }
}

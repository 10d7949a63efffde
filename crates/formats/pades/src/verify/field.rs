//! Signature fields, and whether the bytes each signature covers are the ones it must cover.

use std::collections::BTreeSet;

use super::Cause;
use super::file::{Dict, Entry, Fault, File, Object};

/// Fields of a form looked at.
const FIELDS: usize = 20_000;
/// Signatures of a file.
const SIGNATURES: usize = 100;

/// A signature field that is signed.
#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) name: String,
    /// The object of the field.
    pub(crate) field: u32,
    pub(crate) dict: Dict,
    /// The object of the signature; `None` when it is written within the field.
    pub(crate) value: Option<u32>,
    pub(crate) signature: Dict,
}

/// A field of the form, with what it inherits.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) number: u32,
    pub(crate) dict: Dict,
    pub(crate) name: String,
    pub(crate) kind: Vec<u8>,
}

/// Every terminal field of the form.
pub(crate) fn fields(file: &File<'_>) -> Result<Vec<Field>, Fault> {
    let mut found = Vec::new();
    let Some(form) = file.dict(&file.catalog()?, "AcroForm")? else { return Ok(found) };
    let Some(Object::Array(items)) = file.value(&form, "Fields")? else { return Ok(found) };
    let mut seen = BTreeSet::new();
    let mut open: Vec<(Object, String, Vec<u8>)> =
        items.into_iter().rev().map(|item| (item, String::new(), Vec::new())).collect();
    while let Some((item, above, kind)) = open.pop() {
        let Object::Reference(number) = item else { continue };
        if !seen.insert(number) {
            continue;
        }
        if seen.len() > FIELDS {
            return Err(Fault { at: 0, what: "too many fields" });
        }
        let Object::Dict(dict) = file.get(number)? else { continue };
        let kind = dict.name("FT").map_or(kind, <[u8]>::to_vec);
        let name = match (file.value(&dict, "T")?.as_ref().and_then(Object::as_text), above.as_str()) {
            (Some(own), "") => text(&own.bytes),
            (Some(own), above) => format!("{above}.{}", text(&own.bytes)),
            (None, above) => above.to_owned(),
        };
        match file.value(&dict, "Kids")? {
            Some(Object::Array(kids)) if has_fields(file, &kids)? => {
                open.extend(kids.into_iter().rev().map(|kid| (kid, name.clone(), kind.clone())));
            }
            _ => found.push(Field { number, dict, name, kind }),
        }
    }
    Ok(found)
}

/// Kids with a name or a kind of their own are fields; others are only places where the field is shown.
fn has_fields(file: &File<'_>, kids: &[Object]) -> Result<bool, Fault> {
    for kid in kids.iter().take(FIELDS) {
        let kid = file.follow(kid)?;
        if kid.as_dict().is_some_and(|kid| kid.get("T").is_some() || kid.get("FT").is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The signature fields that are signed, in the order of the form.
pub(crate) fn signed(file: &File<'_>) -> Result<Vec<Signed>, Fault> {
    let mut found = Vec::new();
    for Field { number, dict, name, kind } in fields(file)? {
        let Some(value) = dict.get("V").filter(|_| kind == b"Sig") else { continue };
        let value = (value.as_reference(), file.follow(value)?);
        let (value, Object::Dict(signature)) = value else { continue };
        found.push(Signed { name, field: number, dict, value, signature });
        if found.len() > SIGNATURES {
            return Err(Fault { at: 0, what: "too many signatures" });
        }
    }
    Ok(found)
}

/// The bytes a signature covers: up to the value of its own `Contents`, and from there to the end of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Covered {
    pub(crate) gap: (usize, usize),
    pub(crate) end: usize,
}

impl Covered {
    /// Reads the range. Only one form is accepted, which closes the door to signatures that are moved or wrapped: the
    /// range begins at 0, leaves out exactly the string of this dictionary as it stands in the file, and ends where a
    /// revision ends.
    pub(crate) fn read(file: &File<'_>, signed: &Signed) -> Result<Self, Cause> {
        let bytes = file.bytes();
        let items =
            signed.signature.get("ByteRange").and_then(Object::as_array).ok_or(Cause::ByteRangeGap)?;
        let number = |item: &Object| item.as_integer().and_then(|value| usize::try_from(value).ok());
        let numbers: Option<Vec<usize>> = items.iter().map(number).collect();
        let Some([0, first, second, length]) = numbers.as_deref() else { return Err(Cause::ByteRangeGap) };
        let end = second.checked_add(*length).filter(|end| *end <= bytes.len()).ok_or(Cause::ByteRangeGap)?;
        let contents =
            signed.signature.get("Contents").and_then(Object::as_text).ok_or(Cause::ByteRangeGap)?;
        if contents.span != (*first..*second) || second > &end || signed.signature.doubled() {
            return Err(Cause::ByteRangeGap);
        }
        let gap = bytes.get(*first..*second).ok_or(Cause::ByteRangeGap)?;
        let digits =
            gap.strip_prefix(b"<").and_then(|gap| gap.strip_suffix(b">")).ok_or(Cause::ByteRangeGap)?;
        if digits.len() % 2 != 0 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(Cause::ByteRangeGap);
        }
        let placed = match signed.value.and_then(|value| file.entry(value)) {
            Some(Entry::At(offset)) => file.placed(offset).map_err(|_| Cause::ByteRangeGap)?,
            _ => return Err(Cause::ByteRangeGap),
        };
        if placed.span.start >= *first || placed.span.end <= *second || placed.span.end > end {
            return Err(Cause::ByteRangeGap);
        }
        let tail = bytes.get(..end).unwrap_or_default().trim_ascii_end();
        if !tail.ends_with(b"%%EOF") || end.saturating_sub(tail.len()) > 2 {
            return Err(Cause::ByteRangeGap);
        }
        Ok(Self { gap: (*first, *second), end })
    }

    /// The covered bytes, in two parts.
    pub(crate) fn parts<'a>(&self, bytes: &'a [u8]) -> [&'a [u8]; 2] {
        let part = |from, to| bytes.get(from..to).unwrap_or_default();
        [part(0, self.gap.0), part(self.gap.1, self.end)]
    }
}

/// A text string: UTF-16 or UTF-8 when it says so, and what PDF calls its own encoding otherwise (as Latin-1, which
/// differs from it only in signs no field name needs).
pub(crate) fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest
                .chunks(2)
                .map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte)))
                .collect();
            String::from_utf16_lossy(&units)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        other => other.iter().map(|byte| char::from(*byte)).collect(),
    }
}

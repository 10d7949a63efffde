//! Objects as bytes (ISO 32000-1, 7.3).

use std::ops::Range;

use lopdf::{Dictionary, Object, ObjectId, StringFormat};

/// Where the parts of a signature stand that are filled in at the end.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    pub(crate) contents: Range<usize>,
    pub(crate) byte_range: Range<usize>,
}

/// `1 0 obj … endobj`; with marks, notes where the value and the numbers of a signature stand.
pub(crate) fn indirect(out: &mut Vec<u8>, id: ObjectId, value: &Object, marks: Option<&mut Marks>) {
    out.extend_from_slice(format!("{} {} obj\n", id.0, id.1).as_bytes());
    match (value, marks) {
        (Object::Dictionary(entries), Some(marks)) => {
            dictionary(out, entries, |key, place| match key {
                b"Contents" => marks.contents = place,
                b"ByteRange" => marks.byte_range = place,
                _ => {}
            });
        }
        (value, _) => object(out, value),
    }
    out.extend_from_slice(b"\nendobj\n");
}

/// One object.
pub(crate) fn object(out: &mut Vec<u8>, value: &Object) {
    match value {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Integer(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Real(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Name(value) => name(out, value),
        Object::String(value, StringFormat::Literal) => literal(out, value),
        Object::String(value, StringFormat::Hexadecimal) => hexadecimal(out, value),
        Object::Array(values) => {
            out.push(b'[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                object(out, value);
            }
            out.push(b']');
        }
        Object::Dictionary(entries) => dictionary(out, entries, |_, _| {}),
        Object::Reference((number, generation)) => {
            out.extend_from_slice(format!("{number} {generation} R").as_bytes());
        }
        Object::Stream(stream) => {
            let mut entries = stream.dict.clone();
            entries.set("Length", i64::try_from(stream.content.len()).unwrap_or(i64::MAX));
            dictionary(out, &entries, |_, _| {});
            out.extend_from_slice(b"\nstream\n");
            out.extend_from_slice(&stream.content);
            out.extend_from_slice(b"\nendstream");
        }
    }
}

/// Bytes as a string of hexadecimal digits.
pub(crate) fn hexadecimal(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'<');
    out.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
    out.push(b'>');
}

fn digit(value: u8) -> u8 {
    match value {
        0..=9 => b'0' + value,
        _ => b'a' + value - 10,
    }
}

fn dictionary(out: &mut Vec<u8>, entries: &Dictionary, mut tell: impl FnMut(&[u8], Range<usize>)) {
    out.extend_from_slice(b"<<");
    for (key, value) in entries {
        name(out, key);
        out.push(b' ');
        let start = out.len();
        object(out, value);
        tell(key, start..out.len());
    }
    out.extend_from_slice(b">>");
}

fn name(out: &mut Vec<u8>, value: &[u8]) {
    out.push(b'/');
    for byte in value {
        match byte {
            b'#' | b'/' | b'%' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' => {
                out.extend_from_slice(&[b'#', digit(byte >> 4), digit(byte & 15)]);
            }
            b'!'..=b'~' => out.push(*byte),
            _ => out.extend_from_slice(&[b'#', digit(byte >> 4), digit(byte & 15)]),
        }
    }
}

fn literal(out: &mut Vec<u8>, value: &[u8]) {
    out.push(b'(');
    for byte in value {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            // A reader takes a bare carriage return for a line feed.
            b'\r' => out.extend_from_slice(b"\\r"),
            _ => out.push(*byte),
        }
    }
    out.push(b')');
}

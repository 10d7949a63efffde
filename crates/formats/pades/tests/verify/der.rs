//! Just enough DER to write what a forger writes.

pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut out = vec![tag];
    match body.len() {
        length @ 0..=0x7f => out.push(u8::try_from(length).unwrap()),
        length @ 0x80..=0xff => out.extend([0x81, u8::try_from(length).unwrap()]),
        length => {
            out.push(0x82);
            out.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    out.extend(body);
    out
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, parts)
}

pub(crate) fn set(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x31, parts)
}

pub(crate) fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(4, &[bytes])
}

pub(crate) fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(3, &[&[0], bytes])
}

pub(crate) fn integer(value: u8) -> Vec<u8> {
    tlv(2, &[&[value]])
}

pub(crate) fn time(text: &str) -> Vec<u8> {
    tlv(0x18, &[text.as_bytes()])
}

pub(crate) fn oid(text: &str) -> Vec<u8> {
    let arcs: Vec<u64> = text.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut body = vec![u8::try_from(arcs[0] * 40 + arcs[1]).unwrap()];
    for arc in &arcs[2..] {
        let mut digits = vec![u8::try_from(arc & 0x7f).unwrap()];
        let mut rest = arc >> 7;
        while rest > 0 {
            digits.push(u8::try_from(rest & 0x7f).unwrap() | 0x80);
            rest >>= 7;
        }
        digits.reverse();
        body.extend(digits);
    }
    tlv(6, &[&body])
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// An algorithm without parameters.
pub(crate) fn algorithm(text: &str) -> Vec<u8> {
    sequence(&[&oid(text)])
}

pub(crate) fn attribute(name: &str, value: &[u8]) -> Vec<u8> {
    sequence(&[&oid(name), &set(&[value])])
}

/// The elements within one element.
pub(crate) fn inside(bytes: &[u8]) -> Vec<&[u8]> {
    let mut rest = body(bytes);
    let mut found = Vec::new();
    while !rest.is_empty() {
        let length = rest.len() - after(rest).len();
        found.push(&rest[..length]);
        rest = after(rest);
    }
    found
}

fn header(bytes: &[u8]) -> (usize, usize) {
    match bytes[1] {
        length @ 0..=0x7f => (2, length.into()),
        0x81 => (3, bytes[2].into()),
        _ => (4, u16::from_be_bytes([bytes[2], bytes[3]]).into()),
    }
}

pub(crate) fn body(bytes: &[u8]) -> &[u8] {
    let (head, length) = header(bytes);
    &bytes[head..head + length]
}

fn after(bytes: &[u8]) -> &[u8] {
    let (head, length) = header(bytes);
    &bytes[head + length..]
}

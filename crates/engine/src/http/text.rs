//! The text forms of HTTP: percent-encoding, and addresses inside this site.

/// Encodes everything but letters, digits and `-._~`, as a header or an address takes it.
pub(crate) fn encode(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Encodes only what a header may not hold.
pub(crate) fn ascii(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if c.is_ascii_graphic() {
            out.push(c);
        } else {
            out.push_str(&encode(c.encode_utf8(&mut [0; 4])));
        }
        out
    })
}

/// A path inside this site to go to after an act; anything else becomes `/`.
pub(crate) fn local_path(path: &str) -> &str {
    // A second slash or a backslash would let a browser read another host out of it.
    let local = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control);
    if local { path } else { "/" }
}

//! What a file is, told from its content.

const UNKNOWN: &str = "application/octet-stream";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// Tells the type of a file from its first bytes, whatever its name says. `head` should hold 16 KiB or the
/// whole file.
pub fn sniff(head: &[u8]) -> &'static str {
    match infer::get(head).map(|found| found.mime_type()) {
        Some("application/zip") => packed(head),
        Some("text/xml") if contains(head, b"<svg") => "image/svg+xml",
        Some("text/xml") => "application/xml",
        Some(known) => known,
        None => written(head),
    }
}

/// An office file is a ZIP; some programs write its entries in an unusual order.
fn packed(head: &[u8]) -> &'static str {
    match head {
        head if contains(head, b"word/") => WORD,
        head if contains(head, b"xl/") => SHEET,
        head if contains(head, b"ppt/") => SLIDES,
        _ => "application/zip",
    }
}

/// Text, or XML without its first line, as some senders of eDoc packages leave it out.
fn written(head: &[u8]) -> &'static str {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let is_text = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A letter cut in two by the end of the piece.
        Err(cause) => cause.error_len().is_none(),
    };
    let is_text = is_text && !head.iter().any(|b| matches!(b, 0..=8 | 11 | 14..=31 | 127));
    match head {
        [] => UNKNOWN,
        _ if !is_text => UNKNOWN,
        [b'<', ..] if head.starts_with(b"<svg") => "image/svg+xml",
        [b'<', ..] if contains(head, b"xmlns") => "application/xml",
        _ => "text/plain",
    }
}

fn contains(head: &[u8], wanted: &[u8]) -> bool {
    head.windows(wanted.len()).any(|window| window == wanted)
}

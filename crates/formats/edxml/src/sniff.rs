//! What a file really is, by its bytes. Declared types lie: real packets call a PDF `application/zip`.

/// Bytes from the start of a file that decide its type.
pub(crate) const HEAD_BYTES: usize = 64 << 10;

pub(crate) const ZIP: &str = "application/zip";
const OLE: &str = "application/x-ole-storage";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const EXE: &str = "application/vnd.microsoft.portable-executable";
const UNKNOWN: &str = "application/octet-stream";

/// Signatures at the start of a file.
const MAGIC: [(&[u8], &str); 18] = [
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x7fELF", "application/x-elf"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe", "application/java-vm"),
    (b"MZ", EXE),
    (b"#!", "text/x-shellscript"),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
];

/// The content type of a file that starts with `head`. `name` only tells Word from Excel where the bytes show no
/// more than the common container of the old Office formats.
pub(crate) fn content_type(head: &[u8], name: &str) -> &'static str {
    if head.starts_with(b"PK\x03\x04") {
        return zip_family(head);
    }
    match MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| *kind) {
        Some(OLE) => match extension(name).as_str() {
            "doc" | "dot" => "application/msword",
            "xls" | "xlt" => "application/vnd.ms-excel",
            "ppt" | "pps" => "application/vnd.ms-powerpoint",
            _ => OLE,
        },
        Some(kind) => kind,
        None => text_family(head),
    }
}

/// Whether Office macros are in the ZIP entries seen.
pub(crate) fn has_macros(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") && contains(head, b"vbaProject.bin")
}

/// Whether a computer would run the file.
pub(crate) fn is_executable(content_type: &str) -> bool {
    matches!(
        content_type,
        EXE | "application/x-elf"
            | "application/x-mach-binary"
            | "application/java-vm"
            | "text/x-shellscript"
            | "application/x-ms-shortcut"
    )
}

/// Whether the bytes contradict the file name. Names with an extension we do not know contradict nothing.
pub(crate) fn contradicts(content_type: &str, name: &str) -> bool {
    let expected: &[&str] = match extension(name).as_str() {
        "pdf" => &["application/pdf"],
        // Word opens all of these under any of its names, and so do people.
        "doc" | "docx" => &["application/msword", DOCX, "application/rtf", OLE],
        "xls" | "xlsx" => &["application/vnd.ms-excel", XLSX, OLE],
        "ppt" | "pptx" => &["application/vnd.ms-powerpoint", PPTX, OLE],
        "png" => &["image/png"],
        "jpg" | "jpeg" => &["image/jpeg"],
        "gif" => &["image/gif"],
        "tif" | "tiff" => &["image/tiff"],
        "rtf" => &["application/rtf"],
        "zip" => &[ZIP],
        "rar" => &["application/vnd.rar"],
        "7z" => &["application/x-7z-compressed"],
        "xml" | "edxml" => &["text/xml"],
        "htm" | "html" => &["text/html"],
        "txt" | "csv" => &["text/plain"],
        _ => return false,
    };
    !expected.contains(&content_type)
}

/// The type a file of this name claims to be, for the packets we send.
pub(crate) fn claimed_type(name: &str) -> &'static str {
    match extension(name).as_str() {
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "docx" => DOCX,
        "xls" => "application/vnd.ms-excel",
        "xlsx" => XLSX,
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => PPTX,
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "zip" => ZIP,
        "xml" => "text/xml",
        "txt" => "text/plain",
        _ => UNKNOWN,
    }
}

/// Lower-case extension without the dot, empty when there is none.
pub(crate) fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, end)| end.trim().to_lowercase()).unwrap_or_default()
}

fn zip_family(head: &[u8]) -> &'static str {
    // OpenDocument stores its type, unpacked, as the first entry.
    match head.get(30..).unwrap_or_default() {
        first if first.starts_with(b"mimetypeapplication/vnd.oasis.opendocument.text") => {
            return "application/vnd.oasis.opendocument.text";
        }
        first if first.starts_with(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet") => {
            return "application/vnd.oasis.opendocument.spreadsheet";
        }
        _ => {}
    }
    if !contains(head, b"[Content_Types].xml") {
        return ZIP;
    }
    let office: [(&[u8], &str); 3] = [(b"word/", DOCX), (b"xl/", XLSX), (b"ppt/", PPTX)];
    let found = office.iter().find(|(folder, _)| has_entry_in(head, folder));
    found.map_or(ZIP, |(_, kind)| kind)
}

/// Whether an entry name starts with `folder`, by the local (name at 30) and central (name at 46) headers seen.
fn has_entry_in(head: &[u8], folder: &[u8]) -> bool {
    let named = |signature: &[u8], at: usize| {
        head.windows(at + folder.len()).any(|w| w.starts_with(signature) && w.ends_with(folder))
    };
    named(b"PK\x03\x04", 30) || named(b"PK\x01\x02", 46)
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn text_family(head: &[u8]) -> &'static str {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The head may end in the middle of a character.
        Err(error) if error.error_len().is_none() && head.len() >= HEAD_BYTES => "",
        Err(_) => return UNKNOWN,
    };
    let start: String = text.trim_start().chars().take(20).collect::<String>().to_lowercase();
    let binary = head.iter().any(|byte| *byte < b' ' && !byte.is_ascii_whitespace());
    match start.as_str() {
        _ if head.is_empty() || binary => UNKNOWN,
        s if s.starts_with("<?xml") => "text/xml",
        s if s.starts_with("<!doctype html") || s.starts_with("<html") => "text/html",
        _ => "text/plain",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_decide() {
        for (head, name, kind) in [
            (&b"%PDF-1.4"[..], "a.exe", "application/pdf"),
            (b"MZ\x90\0", "a.pdf", EXE),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "application/msword"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.pdf", OLE),
            (b"<?xml version='1.0'?>", "a.xml", "text/xml"),
            ("Kính gửi".as_bytes(), "a.txt", "text/plain"),
            (b"\0\x01\x02", "a", UNKNOWN),
            (b"\xff\xfe\x00", "a", UNKNOWN),
            (b"", "a.txt", UNKNOWN),
        ] {
            assert_eq!(content_type(head, name), kind, "{name}");
        }
    }

    #[test]
    fn a_renamed_program_contradicts_its_name() {
        assert!(contradicts(EXE, "Công văn.PDF"));
        assert!(is_executable(EXE));
        assert!(!contradicts("application/pdf", "Công văn.PDF"));
        assert!(!contradicts(EXE, "không tên"));
    }
}

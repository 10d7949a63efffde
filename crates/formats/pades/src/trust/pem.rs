use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The blocks with this label; bytes that are no PEM are one block, as they are. A block that cannot be decoded is empty,
/// so that whoever reads it refuses the whole rather than trust less than was given.
pub(crate) fn blocks(bytes: &[u8], label: &str) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(bytes);
    if !text.contains("-----BEGIN ") {
        return vec![bytes.to_vec()];
    }
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let mut found = Vec::new();
    for part in text.split(begin.as_str()).skip(1) {
        let body = part.split_once(end.as_str()).map_or("", |(body, _)| body);
        let body: String = body.split_whitespace().collect();
        found.push(STANDARD.decode(body).unwrap_or_default());
    }
    found
}

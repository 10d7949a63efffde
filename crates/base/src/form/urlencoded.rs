//! The form browsers send: `a=1&b=2`, percent-encoded.

use super::Input;

impl Input {
    /// Reads a query or a posted form. Whatever comes is read somehow: a stray percent sign stands for itself,
    /// bytes that are no UTF-8 become the replacement mark.
    pub fn from_urlencoded(text: &str) -> Input {
        let pair = |part: &str| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(name, true), decode(value, true))
        };
        Input::from_pairs(text.split('&').filter(|part| !part.is_empty()).map(pair).collect())
    }
}

/// Decodes `%41` and, in forms, `+`. Bytes that are no UTF-8 become the replacement mark.
pub fn decode(text: &str, plus_is_space: bool) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, after) {
            (b'%', [high, low, tail @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high * 16 + low);
                    rest = tail;
                }
                _ => out.push(b'%'),
            },
            (b'+', _) if plus_is_space => out.push(b' '),
            (byte, _) => out.push(*byte),
        }
    }
    String::from_utf8(out).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

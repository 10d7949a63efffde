//! One-time codes (RFC 6238): six digits, 30 seconds, one step of tolerance.

use base::Instant;
use totp_rs::{Builder, Totp};

/// The time step whose code this is, if it is one now.
pub(crate) fn step_of(secret: &str, code: &str, now: Instant) -> Option<i64> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let seconds = u64::try_from(now.micros() / 1_000_000).ok()?;
    i64::try_from(codes(secret)?.check(&digits, seconds)?).ok()
}

/// A new secret, base 32 without padding, of 160 bits.
pub(crate) fn new_secret(chance: fn(&mut [u8])) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut bytes = [0; 32];
    chance(&mut bytes);
    bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32))).map(|b| char::from(*b)).collect()
}

fn codes(secret: &str) -> Option<Totp> {
    let bytes = base32(secret)?;
    Builder::new().with_secret(bytes).build().ok()
}

/// Reads base 32 (RFC 4648); spaces, case and padding do not matter.
fn base32(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for letter in text.bytes().filter(|b| !matches!(b, b' ' | b'=' | b'-')) {
        let value = match letter.to_ascii_uppercase() {
            b @ b'A'..=b'Z' => b - b'A',
            b @ b'2'..=b'7' => b - b'2' + 26,
            _ => return None,
        };
        held = (held << 5) | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 0xff).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    Some(out)
}

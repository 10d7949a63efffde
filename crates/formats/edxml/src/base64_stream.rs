//! Base64 in pieces of any size, with line breaks anywhere, in constant memory.

use base64::Engine;
use base64::engine::general_purpose::GeneralPurposeConfig;
use base64::engine::{DecodePaddingMode, Simd};

use crate::outcome::{Quarantine, Reason};

/// Runs shorter than this are gathered first: one decode a line of 76 characters would be slow.
const DIRECT_BYTES: usize = 4 << 10;
const GATHER_BYTES: usize = 32 << 10;
/// Bytes looked at together when searching for something other than base64 text.
const BLOCK_BYTES: usize = 256;

pub(crate) struct Decoder {
    engine: Simd,
    carry: Vec<u8>,
    out: Vec<u8>,
    ended: bool,
}

impl Decoder {
    pub(crate) fn new() -> Self {
        // Some senders leave the padding out or bits in it; the bytes are the same.
        let config = GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent);
        Self { engine: Simd::standard(config), carry: Vec::new(), out: Vec::new(), ended: false }
    }

    /// Forgets the last stream.
    pub(crate) fn reset(&mut self) {
        self.carry.clear();
        self.ended = false;
    }

    /// Decodes up to the next `<` or `&`, gives the bytes to `sink` and returns how much of `chunk` was used.
    pub(crate) fn push(
        &mut self,
        chunk: &[u8],
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Quarantine>,
    ) -> Result<usize, Quarantine> {
        let mut rest = chunk;
        loop {
            let (run, after) = rest.split_at(plain_prefix(rest));
            self.run(run, sink)?;
            match after.split_first() {
                None => return Ok(chunk.len()),
                Some((b'<' | b'&', _)) => return Ok(chunk.len() - after.len()),
                // Everything else a plain run stops at is white space or a control character.
                Some((b' ' | b'\t' | b'\r' | b'\n', next)) => rest = next,
                Some((other, _)) => return Err(refused(format!("byte {other:#04x}"))),
            }
        }
    }

    /// Decodes what is left at the end of the content.
    pub(crate) fn finish(
        &mut self,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Quarantine>,
    ) -> Result<(), Quarantine> {
        let carry = std::mem::take(&mut self.carry);
        self.decode(&carry, sink)
    }

    fn run(
        &mut self,
        mut run: &[u8],
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Quarantine>,
    ) -> Result<(), Quarantine> {
        if run.len() >= DIRECT_BYTES {
            let (fill, rest) = run.split_at((4 - self.carry.len() % 4) % 4);
            self.carry.extend_from_slice(fill);
            self.flush(sink)?;
            let (whole, tail) = rest.split_at(rest.len() - rest.len() % 4);
            self.decode(whole, sink)?;
            run = tail;
        }
        self.carry.extend_from_slice(run);
        if self.carry.len() >= GATHER_BYTES { self.flush(sink) } else { Ok(()) }
    }

    /// Decodes the whole groups of four in the carry.
    fn flush(&mut self, sink: &mut dyn FnMut(&[u8]) -> Result<(), Quarantine>) -> Result<(), Quarantine> {
        let mut carry = std::mem::take(&mut self.carry);
        let tail = carry.split_off(carry.len() - carry.len() % 4);
        self.decode(&carry, sink)?;
        carry.clear();
        carry.extend_from_slice(&tail);
        self.carry = carry;
        Ok(())
    }

    fn decode(
        &mut self,
        text: &[u8],
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Quarantine>,
    ) -> Result<(), Quarantine> {
        let Some(last) = text.last() else { return Ok(()) };
        if self.ended {
            return Err(refused("text behind the padding".to_owned()));
        }
        self.ended = *last == b'=';
        let room = text.len() / 4 * 3 + 3;
        if self.out.len() < room {
            self.out.resize(room, 0);
        }
        let count =
            self.engine.decode_slice(text, &mut self.out).map_err(|error| refused(error.to_string()))?;
        sink(self.out.get(..count).unwrap_or_default())
    }
}

fn refused(detail: String) -> Quarantine {
    Quarantine::new(Reason::AttachmentNotBase64, detail)
}

/// Length of the prefix without white space, control characters, `<` and `&`. Whole blocks are tested without
/// branching, which the compiler turns into vector instructions.
fn plain_prefix(bytes: &[u8]) -> usize {
    let stops = |byte: &u8| *byte <= b' ' || *byte == b'<' || *byte == b'&';
    let clean = |block: &&[u8]| !block.iter().fold(false, |any, byte| any | stops(byte));
    let skipped = bytes.chunks_exact(BLOCK_BYTES).take_while(clean).count() * BLOCK_BYTES;
    let rest = bytes.get(skipped..).unwrap_or_default();
    skipped + rest.iter().position(stops).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(pieces: &[&str]) -> Result<Vec<u8>, Quarantine> {
        let mut bytes = Vec::new();
        let mut decoder = Decoder::new();
        let mut sink = |part: &[u8]| {
            bytes.extend_from_slice(part);
            Ok(())
        };
        for piece in pieces {
            assert_eq!(decoder.push(piece.as_bytes(), &mut sink)?, piece.len());
        }
        decoder.finish(&mut sink)?;
        Ok(bytes)
    }

    #[test]
    fn text_may_be_broken_anywhere() {
        assert_eq!(decoded(&["JV", "BE\r\nRi0", "x\t", "LjQ="]).unwrap(), b"%PDF-1.4");
        assert_eq!(decoded(&["JVBERi0xLjQ"]).unwrap(), b"%PDF-1.4");
        assert_eq!(decoded(&[]).unwrap(), b"");
    }

    #[test]
    fn other_text_is_refused() {
        for pieces in [&["JVBE$i0x"][..], &["QQ==", "QUFB"], &["QQ==\nQUFB"], &["Q"], &["QUFB\0QUFB"]] {
            assert_eq!(decoded(pieces).unwrap_err().reason, Reason::AttachmentNotBase64, "{pieces:?}");
        }
    }

    #[test]
    fn lines_of_any_length_give_the_same_bytes() {
        let bytes: Vec<u8> =
            (0..70_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let text = base64::prelude::BASE64_STANDARD.encode(&bytes);
        for line in [1, 3, 76, 4095, 4097, 70_000] {
            let lines: Vec<&str> =
                text.as_bytes().chunks(line).map(|l| std::str::from_utf8(l).unwrap()).collect();
            assert_eq!(decoded(&[&lines.join("\n")]).unwrap(), bytes, "{line}");
            assert_eq!(decoded(&lines).unwrap(), bytes, "{line}");
        }
    }
}

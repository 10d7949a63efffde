//! Reads PKCS #12 (RFC 7292) as programs of today write it: PBES2 with AES and PBKDF2. Older encryption is refused, for
//! what it protects can be read without the password.

use aes::cipher::{BlockCipherDecrypt, KeyInit};
use aes::{Aes128, Aes256, Block};
use ring::pbkdf2;
use std::num::NonZeroU32;

/// What a file holds.
pub(super) struct Opened {
    /// The key, PKCS #8.
    pub(super) key: Vec<u8>,
    /// The certificates, DER, in the order of the file.
    pub(super) certificates: Vec<Vec<u8>>,
}

const SEQUENCE: u8 = 0x30;
const OCTETS: u8 = 0x04;
const INTEGER: u8 = 0x02;
const OID: u8 = 0x06;
const TAG_0: u8 = 0xA0;
const IMPLICIT_0: u8 = 0x80;

/// 1.2.840.113549.1.7.1 and .6
const DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01];
const ENCRYPTED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x06];
/// 1.2.840.113549.1.12.10.1: the kinds of bags end in 1, 2, 3.
const BAG: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x0A, 0x01];
/// 1.2.840.113549.1.5.13 and .12
const PBES2: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0D];
const PBKDF2: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0C];
/// 1.2.840.113549.2: the digests of HMAC end in 7 (SHA-1), 9, 10, 11.
const HMAC: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x02];
/// 2.16.840.1.101.3.4.1.2 and .42
const AES_128: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x02];
const AES_256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2A];
/// More rounds than any program asks for would only be to keep us busy.
const ROUNDS_MAX: u32 = 2_000_000;

/// Opens a file; `None` when it is no such file, is written in another way, or the password is another.
pub(super) fn open(file: &[u8], password: &str) -> Option<Opened> {
    let mut pfx = Reader::within(file, SEQUENCE)?;
    pfx.take(INTEGER)?;
    let safe = content(pfx.take(SEQUENCE)?, DATA)?;
    let mut infos = Reader::within(Reader(safe).take(OCTETS)?, SEQUENCE)?;
    let mut opened = Opened { key: Vec::new(), certificates: Vec::new() };
    while let Some(info) = infos.take(SEQUENCE) {
        if let Some(plain) = content(info, DATA) {
            bags(Reader(plain).take(OCTETS)?, password, &mut opened)?;
        } else {
            let mut inner = Reader::within(content(info, ENCRYPTED)?, SEQUENCE)?;
            inner.take(INTEGER)?;
            let mut encrypted = Reader(inner.take(SEQUENCE)?);
            encrypted.take(OID)?;
            let algorithm = encrypted.take(SEQUENCE)?;
            let plain = decrypt(algorithm, encrypted.take(IMPLICIT_0)?, password)?;
            bags(&plain, password, &mut opened)?;
        }
    }
    (!opened.key.is_empty() && !opened.certificates.is_empty()).then_some(opened)
}

/// The content of a `ContentInfo` of this type.
fn content<'a>(info: &'a [u8], of: &[u8]) -> Option<&'a [u8]> {
    let mut info = Reader(info);
    (info.take(OID)? == of).then(|| info.take(TAG_0)).flatten()
}

fn bags(contents: &[u8], password: &str, opened: &mut Opened) -> Option<()> {
    let mut all = Reader::within(contents, SEQUENCE)?;
    while let Some(bag) = all.take(SEQUENCE) {
        let mut bag = Reader(bag);
        let kind = bag.take(OID)?.strip_prefix(BAG)?;
        let value = bag.take(TAG_0)?;
        match kind {
            [1] => opened.key = value.to_vec(),
            [2] => {
                let mut shrouded = Reader::within(value, SEQUENCE)?;
                let algorithm = shrouded.take(SEQUENCE)?;
                opened.key = decrypt(algorithm, shrouded.take(OCTETS)?, password)?;
            }
            [3] => {
                let mut certificate = Reader::within(value, SEQUENCE)?;
                certificate.take(OID)?;
                opened.certificates.push(Reader(certificate.take(TAG_0)?).take(OCTETS)?.to_vec());
            }
            _ => {}
        }
    }
    Some(())
}

/// Decrypts under an `AlgorithmIdentifier` of PBES2 (RFC 8018).
fn decrypt(algorithm: &[u8], encrypted: &[u8], password: &str) -> Option<Vec<u8>> {
    let mut algorithm = Reader(algorithm);
    if algorithm.take(OID)? != PBES2 {
        return None;
    }
    let mut parameters = Reader(algorithm.take(SEQUENCE)?);
    let (mut derivation, mut scheme) =
        (Reader(parameters.take(SEQUENCE)?), Reader(parameters.take(SEQUENCE)?));
    if derivation.take(OID)? != PBKDF2 {
        return None;
    }
    let mut derivation = Reader(derivation.take(SEQUENCE)?);
    let (salt, rounds) = (derivation.take(OCTETS)?, number(derivation.take(INTEGER)?)?);
    let _length = derivation.take(INTEGER);
    let digest = match derivation.take(SEQUENCE) {
        None => pbkdf2::PBKDF2_HMAC_SHA1,
        Some(digest) => match Reader(digest).take(OID)?.strip_prefix(HMAC)? {
            [7] => pbkdf2::PBKDF2_HMAC_SHA1,
            [9] => pbkdf2::PBKDF2_HMAC_SHA256,
            [10] => pbkdf2::PBKDF2_HMAC_SHA384,
            [11] => pbkdf2::PBKDF2_HMAC_SHA512,
            _ => return None,
        },
    };
    let mut key = [0; 32];
    let cipher = scheme.take(OID)?;
    let key = if cipher == AES_256 { key.as_mut_slice() } else { key.get_mut(..16)? };
    let rounds = NonZeroU32::new(rounds).filter(|rounds| rounds.get() <= ROUNDS_MAX)?;
    pbkdf2::derive(digest, rounds, salt, password.as_bytes(), key);
    let iv = scheme.take(OCTETS)?;
    match cipher {
        AES_256 => cbc(&Aes256::new_from_slice(key).ok()?, iv, encrypted),
        AES_128 => cbc(&Aes128::new_from_slice(key).ok()?, iv, encrypted),
        _ => None,
    }
}

/// CBC with the padding of PKCS #7.
fn cbc(
    cipher: &impl BlockCipherDecrypt<BlockSize = aes::cipher::consts::U16>,
    iv: &[u8],
    encrypted: &[u8],
) -> Option<Vec<u8>> {
    let (mut before, mut out) = (iv, Vec::with_capacity(encrypted.len()));
    for piece in encrypted.chunks(16) {
        let mut block = Block::try_from(piece).ok()?;
        cipher.decrypt_block(&mut block);
        out.extend(block.iter().zip(before).map(|(byte, before)| byte ^ before));
        before = piece;
    }
    let padding = *out.last()?;
    let length = out.len().checked_sub(usize::from(padding))?;
    let is_padding = (1..=16).contains(&padding) && out.get(length..)?.iter().all(|byte| *byte == padding);
    out.truncate(length);
    is_padding.then_some(out)
}

fn number(bytes: &[u8]) -> Option<u32> {
    (bytes.len() <= 4).then(|| bytes.iter().fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte)))
}

/// Elements of DER, one after the other.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// What is inside one element of this tag.
    fn within(bytes: &'a [u8], tag: u8) -> Option<Reader<'a>> {
        Reader(bytes).take(tag).map(Reader)
    }

    /// The next element when it has this tag.
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(2)?;
        let [found, first] = *head else { return None };
        if found != tag {
            return None;
        }
        let (length, rest) = match first {
            0..=0x7F => (usize::from(first), rest),
            0x81..=0x84 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
                (usize::try_from(number(digits)?).ok()?, rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(content)
    }
}

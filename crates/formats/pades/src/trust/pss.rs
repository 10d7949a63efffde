//! RSASSA-PSS with a salt of any length (RFC 8017, 8.1.2).
//!
//! ring checks it only where the salt is as long as the digest; OpenSSL and others write the longest one. Everything here
//! is public – the key, the signature, the file – so nothing depends on how long a step takes.

use crate::cms::Digest;

/// Bits of the largest public exponent: larger ones only cost time.
const EXPONENT_BITS: u32 = 33;

/// Whether a signature is that of the message. Modulus and exponent are as DER writes them, without the leading zeros.
pub(crate) fn holds(
    (modulus, exponent): (&[u8], &[u8]),
    (digest, salt): (Digest, usize),
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let exponent =
        exponent.iter().try_fold(0_u64, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(*byte)))?;
    let odd = modulus.last().is_some_and(|last| last % 2 == 1);
    if !odd
        || exponent < 3
        || exponent.checked_shr(EXPONENT_BITS) != Some(0)
        || !(256..=512).contains(&modulus.len())
    {
        return None;
    }
    let (n, s) = (limbs(modulus), limbs(signature));
    if signature.len() != modulus.len() || !less(&s, &n) {
        return Some(false);
    }
    let bits = modulus.len().checked_mul(8)? - usize::try_from(modulus.first()?.leading_zeros()).ok()? - 1;
    let encoded = bytes(&power(&s, exponent, &n), modulus.len());
    let (above, encoded) = encoded.split_at_checked(modulus.len().checked_sub(bits.div_ceil(8))?)?;
    Some(
        above.iter().all(|byte| *byte == 0)
            && encoding_holds(encoded, bits, (digest, salt), message).unwrap_or(false),
    )
}

/// EMSA-PSS-VERIFY (RFC 8017, 9.1.2).
fn encoding_holds(
    encoded: &[u8],
    bits: usize,
    (digest, salt): (Digest, usize),
    message: &[u8],
) -> Option<bool> {
    let hash = digest.over(&[message]);
    let (rest, last) = encoded.split_at_checked(encoded.len().checked_sub(1)?)?;
    let (masked, own) = rest.split_at_checked(rest.len().checked_sub(hash.len())?)?;
    let unused = encoded.len().checked_mul(8)?.checked_sub(bits)?;
    let top = u8::MAX.checked_shr(u32::try_from(unused).ok()?)?;
    let mask = mask(digest, own, masked.len());
    let mut data: Vec<u8> = masked.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
    let first = data.first_mut()?;
    *first &= top;
    let (padding, salt) = data.split_at_checked(data.len().checked_sub(salt)?)?;
    let (one, zeros) = padding.split_last()?;
    let again = digest.over(&[&[0; 8], &hash, salt]);
    let framed = last == [0xbc] && *one == 1 && zeros.iter().all(|byte| *byte == 0);
    Some(framed && masked.first()? & !top == 0 && again == own)
}

/// MGF1 (RFC 8017, B.2.1).
fn mask(digest: Digest, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::new();
    let mut counter = 0_u32;
    while mask.len() < length {
        mask.extend(digest.over(&[seed, &counter.to_be_bytes()]));
        counter = counter.wrapping_add(1);
    }
    mask.truncate(length);
    mask
}

/// A number in digits of 32 bits, the lowest first.
fn limbs(bytes: &[u8]) -> Vec<u32> {
    bytes.rchunks(4).map(|digit| digit.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))).collect()
}

fn bytes(limbs: &[u32], length: usize) -> Vec<u8> {
    let all: Vec<u8> = limbs.iter().rev().flat_map(|limb| limb.to_be_bytes()).collect();
    all.get(all.len().saturating_sub(length)..).unwrap_or_default().to_vec()
}

/// Both numbers have as many digits.
fn less(one: &[u32], other: &[u32]) -> bool {
    one.iter().rev().lt(other.iter().rev())
}

/// By Montgomery's products: `R` is the power of two just above the numbers.
fn power(base: &[u32], exponent: u64, n: &[u32]) -> Vec<u32> {
    let mut square = vec![0; n.len()];
    if let Some(lowest) = square.first_mut() {
        *lowest = 1;
    }
    // One, doubled until it is the square of R.
    for _ in 0..n.len() * 64 {
        let double = square.clone();
        add(&mut square, &double, n);
    }
    let own = product(base, &square, n);
    let mut result = own.clone();
    let bits = u64::BITS - exponent.leading_zeros();
    for bit in (0..bits.saturating_sub(1)).rev() {
        result = product(&result, &result, n);
        if exponent.checked_shr(bit).is_some_and(|rest| rest % 2 == 1) {
            result = product(&result, &own, n);
        }
    }
    let one: Vec<u32> = std::iter::once(1).chain(std::iter::repeat(0)).take(n.len()).collect();
    product(&result, &one, n)
}

/// The product of two numbers divided by R, modulo `n` (Montgomery 1985, a digit at a time).
fn product(one: &[u32], other: &[u32], n: &[u32]) -> Vec<u32> {
    let lowest = n.first().copied().unwrap_or(1);
    // The inverse of the lowest digit: each step doubles the bits that are right.
    let mut inverse = lowest;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(lowest.wrapping_mul(inverse)));
    }
    let mut sum = vec![0_u32; n.len()];
    let mut above = 0_u32;
    for digit in one {
        let carried = add_times(&mut sum, *digit, other);
        let (mut top, mut over) = above.overflowing_add(carried);
        let factor = sum.first().copied().unwrap_or(0).wrapping_mul(inverse.wrapping_neg());
        let carried = add_times(&mut sum, factor, n);
        let (more, again) = top.overflowing_add(carried);
        top = more;
        over |= again;
        // The lowest digit is zero now.
        sum.rotate_left(1);
        if let Some(last) = sum.last_mut() {
            *last = top;
        }
        above = u32::from(over);
    }
    if above != 0 || !less(&sum, n) {
        subtract(&mut sum, n);
    }
    sum
}

/// Adds a multiple; answers what goes beyond the digits.
fn add_times(to: &mut [u32], factor: u32, what: &[u32]) -> u32 {
    let mut carry = 0_u64;
    for (digit, more) in to.iter_mut().zip(what) {
        let sum = u64::from(*digit) + u64::from(factor) * u64::from(*more) + carry;
        *digit = u32::try_from(sum & u64::from(u32::MAX)).unwrap_or_default();
        carry = sum >> 32;
    }
    u32::try_from(carry).unwrap_or_default()
}

/// Adds modulo `n`; both numbers are less than it.
fn add(to: &mut [u32], what: &[u32], n: &[u32]) {
    let mut carry = false;
    for (digit, more) in to.iter_mut().zip(what) {
        let (sum, one) = digit.overflowing_add(*more);
        let (sum, two) = sum.overflowing_add(u32::from(carry));
        *digit = sum;
        carry = one || two;
    }
    if !carry && less(to, n) {
        return;
    }
    subtract(to, n);
}

fn subtract(from: &mut [u32], what: &[u32]) {
    let mut borrow = false;
    for (digit, less) in from.iter_mut().zip(what) {
        let (rest, one) = digit.overflowing_sub(*less);
        let (rest, two) = rest.overflowing_sub(u32::from(borrow));
        *digit = rest;
        borrow = one || two;
    }
}

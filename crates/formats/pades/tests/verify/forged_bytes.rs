//! Bytes that were changed under a signature.

use crate::cases::{Case, none_is_accepted};
use crate::message::message;
use crate::paper::{Paper, SPACE, Spot, find};
use crate::people::{Authority, person};

#[test]
fn no_changed_byte_is_accepted() {
    let root = Authority::new();
    let leader = root.person(&person());
    let mut good = Paper::new();
    good.sign(&Spot::default(), |bytes| message(&leader, bytes));
    let other = {
        let mut other = Paper::new();
        other.replace("1.000.000", "2.000.000");
        other.sign(&Spot::default(), |bytes| message(&leader, bytes));
        other
    };
    let at = find(&good.bytes, b"/Contents <") + 11;
    let length = {
        let digits = &good.bytes[at..at + SPACE];
        SPACE - digits.iter().rev().take_while(|digit| **digit == b'0').count()
    };
    let mut cases = Vec::new();
    let mut add = |name, reason, change: &dyn Fn(&mut Paper)| {
        let mut paper = good.clone();
        change(&mut paper);
        assert!(paper.bytes != good.bytes, "{name} changes nothing");
        cases.push(Case { name, reason, pdf: paper.bytes, trust: root.trust() });
    };
    let digest = "digest-mismatch";
    add("a sum on page one", digest, &|paper| paper.replace("1.000.000", "7.000.000"));
    add("a word on page two", digest, &|paper| paper.replace("Trang 2", "Trang 3"));
    add("a swapped picture", digest, &|paper| paper.replace("abcd", "dcba"));
    add("another font", digest, &|paper| paper.replace("Helvetica", "Helvetic4"));
    add("another comment in the head", digest, &|paper| paper.bytes[11] = b'x');
    add("another reason to sign", digest, &|paper| paper.replace("/Reason (Ky)", "/Reason (Xy)"));
    add("another time to sign", digest, &|paper| paper.replace("(D:20261123", "(D:20251123"));
    add("another value of a field", digest, &|paper| paper.replace("/V (cu)", "/V (ma)"));
    add("a moved signature", digest, &|paper| paper.replace("[50 50 150 100]", "[50 90 150 140]"));
    add("another look of the signature", digest, &|paper| paper.replace("100 50 re S", "100 51 re S"));
    add("another title", digest, &|paper| paper.replace("(Quyet dinh)", "(Nghi quyet)"));
    add("another link", digest, &|paper| paper.replace("[4 0 R /Fit]", "[3 0 R /Fit]"));
    add("a page counted twice", digest, &|paper| paper.replace("[3 0 R 4 0 R]", "[4 0 R 4 0 R]"));
    add("another size in the last trailer", digest, &|paper| {
        let at = paper.bytes.windows(5).rposition(|window| window == b"/Size").unwrap();
        paper.bytes[at + 6] = b'9';
    });
    add("white space instead of an end of line", digest, &|paper| {
        let last = paper.bytes.len() - 1;
        paper.bytes[last] = b' ';
    });
    add("the signature of another letter", digest, &|paper| {
        let theirs = find(&other.bytes, b"/Contents <") + 11;
        let digits = other.bytes[theirs..theirs + SPACE].to_vec();
        paper.bytes[at..at + SPACE].copy_from_slice(&digits);
    });
    add("a digit of the signature", "signature-mismatch", &|paper| {
        let digit = &mut paper.bytes[at + length - 3];
        *digit = if *digit == b'1' { b'2' } else { b'1' };
    });
    add("a signature of zeros", "malformed-signature", &|paper| paper.bytes[at..at + SPACE].fill(b'0'));
    add("a signature cut short", "malformed-signature", &|paper| {
        paper.bytes[at + length - 40..at + SPACE].fill(b'0');
        paper.bytes[at + 9] = b'f';
    });
    add("more behind the message", "malformed-signature", &|paper| {
        paper.bytes[at + length + 20..at + length + 24].copy_from_slice(b"beef");
    });
    add("white space within the signature", "byte-range-gap", &|paper| paper.bytes[at + SPACE - 2] = b' ');
    add("an end cut off", "no-signature", &|paper| paper.bytes.truncate(at + SPACE));
    none_is_accepted("bytes", &cases);
}

#[test]
fn no_bit_that_is_covered_can_be_flipped() {
    let root = Authority::new();
    let (leader, trust) = (root.person(&person()), root.trust());
    let mut good = Paper::new();
    good.sign(&Spot::default(), |bytes| message(&leader, bytes));
    let gap = find(&good.bytes, b"/Contents <") + 11;
    let places = (0..good.bytes.len()).filter(|at| *at < gap || *at >= gap + SPACE);
    for (count, at) in places.enumerate().filter(|(count, _)| count % 5 == 0) {
        let mut bytes = good.bytes.clone();
        bytes[at] ^= 1 << (count / 5 % 8);
        let accepted = crate::people::answer(&bytes, &trust).is_ok_and(|answer| answer.accepted);
        assert!(!accepted, "accepted with byte {at} changed");
    }
}

//! Numbers in words and in figures.

use base::words::{dong, grouped, number_words};
use proptest::prelude::*;

#[test]
fn numbers_are_read_as_a_cashier_reads_them() {
    let cases = [
        (0, "không"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (104, "một trăm linh bốn"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (115, "một trăm mười lăm"),
        (999, "chín trăm chín mươi chín"),
        (1_000, "một nghìn"),
        (1_005, "một nghìn không trăm linh năm"),
        (1_050, "một nghìn không trăm năm mươi"),
        (21_000, "hai mươi mốt nghìn"),
        (315_404, "ba trăm mười lăm nghìn bốn trăm linh bốn"),
        (1_500_000, "một triệu năm trăm nghìn"),
        (1_000_005, "một triệu không trăm linh năm"),
        (1_000_000_000, "một tỷ"),
        (2_050_000_000, "hai tỷ không trăm năm mươi triệu"),
        (3_000_000_000_000, "ba nghìn tỷ"),
        (1_000_000_000_000_000_000, "một tỷ tỷ"),
    ];
    for (number, words) in cases {
        assert_eq!(number_words(number), words, "{number}");
    }
}

#[test]
fn amounts_have_a_point_every_three_digits() {
    assert_eq!(dong(1_500_000), "1.500.000 ₫");
    assert_eq!(dong(0), "0 ₫");
    assert_eq!(dong(-20_000), "-20.000 ₫");
    assert_eq!(grouped(999), "999");
    assert_eq!(grouped(1_000), "1.000");
    assert_eq!(grouped(-123_456), "-123.456");
    assert_eq!(grouped(i64::MIN), "-9.223.372.036.854.775.808");
}

/// Reads words back, to prove that no two numbers are read alike.
fn understood(words: &str) -> u64 {
    let digit = |word: &str| match word {
        "không" => 0,
        "một" | "mốt" => 1,
        "hai" => 2,
        "ba" => 3,
        "bốn" | "tư" => 4,
        "năm" | "lăm" => 5,
        "sáu" => 6,
        "bảy" => 7,
        "tám" => 8,
        "chín" => 9,
        other => panic!("{other}"),
    };
    let (mut billions, mut done, mut group, mut last) = (0_u64, 0, 0, 0);
    for word in words.split(' ') {
        match word {
            "linh" => {}
            "mười" => group += 10,
            "mươi" => (group, last) = (group + last * 10, 0),
            "trăm" => (group, last) = (group + last * 100, 0),
            "nghìn" => (done, group, last) = (done + (group + last) * 1_000, 0, 0),
            "triệu" => (done, group, last) = (done + (group + last) * 1_000_000, 0, 0),
            "tỷ" => {
                (billions, done, group, last) = ((billions + done + group + last) * 1_000_000_000, 0, 0, 0);
            }
            word => last = digit(word),
        }
    }
    billions + done + group + last
}

proptest! {
    #[test]
    fn every_number_has_words_that_mean_it(number: u64) {
        let words = number_words(number);
        prop_assert!(!words.is_empty());
        prop_assert_eq!(understood(&words), number);
    }

    #[test]
    fn every_number_of_everyday_size_has_words_that_mean_it(number in 0_u64..2_000_000_000) {
        prop_assert_eq!(understood(&number_words(number)), number);
    }

    #[test]
    fn points_do_not_change_a_number(number: i64) {
        prop_assert_eq!(grouped(number).replace('.', "").parse::<i64>().unwrap(), number);
    }
}

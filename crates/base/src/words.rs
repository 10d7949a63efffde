//! Numbers as Vietnamese readers write and say them.

const UNITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
const BILLION: u64 = 1_000_000_000;

/// A count in words: `1_500_000` is "một triệu năm trăm nghìn". Northern forms (linh, nghìn); groups of
/// three zeros are not read. Lower case, without a unit.
pub fn number_words(number: u64) -> String {
    if number == 0 {
        return unit(0).to_owned();
    }
    let mut words = Vec::new();
    read(number, false, &mut words);
    words.join(" ")
}

/// An amount of đồng in figures: "1.500.000 ₫".
pub fn dong(amount: i64) -> String {
    format!("{} ₫", grouped(amount))
}

/// A number with a point between thousands: "1.500.000".
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

/// Reads a number. `after` is true when a larger part has been read, so that missing hundreds are said.
fn read(number: u64, mut after: bool, words: &mut Vec<&'static str>) {
    let (billions, rest) = (number / BILLION, number % BILLION);
    if billions > 0 {
        // Above a thousand billions the language starts again: "hai nghìn tỷ", "một tỷ tỷ".
        read(billions, after, words);
        words.push("tỷ");
        after = true;
    }
    for (group, name) in [(rest / 1_000_000, "triệu"), (rest / 1000 % 1000, "nghìn"), (rest % 1000, "")] {
        if group == 0 {
            continue;
        }
        hundreds(group, after, words);
        after = true;
        if !name.is_empty() {
            words.push(name);
        }
    }
}

/// Reads 1 to 999.
fn hundreds(group: u64, after: bool, words: &mut Vec<&'static str>) {
    let (hundred, ten, one) = (group / 100, group / 10 % 10, group % 10);
    let said = hundred > 0 || after;
    if said {
        words.extend([unit(hundred), "trăm"]);
    }
    match ten {
        0 if said && one > 0 => words.push("linh"),
        0 => {}
        1 => words.push("mười"),
        _ => words.extend([unit(ten), "mươi"]),
    }
    match (ten, one) {
        (_, 0) => {}
        (2.., 1) => words.push("mốt"),
        (2.., 4) => words.push("tư"),
        (1.., 5) => words.push("lăm"),
        _ => words.push(unit(one)),
    }
}

fn unit(digit: u64) -> &'static str {
    usize::try_from(digit).ok().and_then(|place| UNITS.get(place)).copied().unwrap_or_default()
}

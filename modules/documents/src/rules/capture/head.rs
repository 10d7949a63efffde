//! The head of the first page: who issues, under which number, where and when (annex I, boxes 2 to 4).

use super::names::name_case;
use super::runs::Run;
use super::{Guess, Sheet};
use crate::rules::types;
use base::Date;
use base::text::fold;

/// The head ends above this, in hundredths of the page.
pub(crate) const HEAD: u32 = 45;

/// How the names of agencies begin, without accents: where one begins, the one above it has ended.
const BEGINNINGS: &[&str] = &[
    "uy ban",
    "ubnd",
    "hoi dong",
    "hdnd",
    "so ",
    "bo ",
    "cuc ",
    "chi cuc",
    "tong cuc",
    "van phong",
    "phong ",
    "ban ",
    "truong ",
    "trung tam",
    "benh vien",
    "vien ",
    "hoc vien",
    "dai hoc",
    "toa an",
    "thanh tra",
    "kho bac",
    "bao hiem",
    "cong an",
    "cong ty",
    "tap doan",
    "ngan hang",
    "chinh phu",
    "quoc hoi",
    "thu tuong",
    "hoi ",
    "lien doan",
    "doan ",
    "mat tran",
    "uy vien",
    "quy ",
    "hat ",
    "tram ",
    "doi ",
    "dai ",
    "thue ",
    "chi nhanh",
    "bo chi huy",
    "tinh uy",
    "huyen uy",
    "thanh uy",
    "dang uy",
    "nha ",
    "vuon ",
    "bao ",
    "lien hiep",
    "lien minh",
    "tong cong ty",
    "chi thue",
];

pub(crate) fn read(sheet: &Sheet<'_>, today: Date) -> Vec<Guess> {
    let motto = sheet.above(HEAD).find(|run| run.plain().contains("chu nghia viet nam"));
    let column = motto.map_or(sheet.page.width / 2, |motto| motto.left);
    let number = number(sheet, (column, today));
    let until = number.as_ref().map_or(sheet.page.height / 5, |(run, _)| run.top);
    let mut guesses = Vec::new();
    guesses.extend(issuer(sheet, (column, until)));
    guesses.extend(number.map(|(run, symbol)| sheet.guess(("symbol", symbol.text), &[&run], symbol.fit)));
    guesses.extend(dated(sheet));
    guesses
}

/// The lines on the left above the number: the agency above, and the one that issues.
fn issuer(sheet: &Sheet<'_>, (column, until): (u32, u32)) -> Option<Guess> {
    let lines: Vec<&Run<'_>> = sheet
        .above(HEAD)
        .filter(|run| run.middle() < column && run.top < until && run.is_upper() && !is_urgency(run))
        .collect();
    let begins = |run: &&Run<'_>| {
        let plain = format!("{} ", run.plain());
        BEGINNINGS.iter().any(|word| plain.starts_with(&fold(word)))
    };
    let last = lines.iter().rposition(begins);
    let fit = if last.is_some() { 100 } else { 80 };
    let own = lines.get(last.unwrap_or(0)..).filter(|own| !own.is_empty())?;
    let name = own.iter().map(|run| run.text()).collect::<Vec<_>>().join(" ");
    Some(sheet.guess(("from_name", name_case(&name)), own, fit))
}

/// What was read as a number and symbol.
struct Symbol {
    text: String,
    fit: i64,
}

/// The line that begins with "Số"; a number written by hand stands away from the rest.
fn number<'a>(sheet: &Sheet<'a>, (column, today): (u32, Date)) -> Option<(Run<'a>, Symbol)> {
    let mut left = sheet.above(HEAD).filter(|run| run.left < column);
    let begin = left.find(|run| {
        let first = run.words.first().map(|word| fold(&word.text)).unwrap_or_default();
        let first: String = first.chars().filter(|c| c.is_alphanumeric()).collect();
        // Without its marks "Sở" reads as "Số" does; a number has a colon or digits, and small letters.
        let is_name = run.is_upper() && !run.text().contains(|c: char| c == ':' || c.is_ascii_digit());
        !is_name
            && (first == "so"
                || (first.starts_with("so") && first.chars().nth(2).is_some_and(|c| c.is_ascii_digit())))
    })?;
    let mut whole = begin.clone();
    for other in sheet.above(HEAD) {
        let beside = other.left > whole.right
            && other.middle() < column
            && other.top < begin.bottom
            && other.bottom > begin.top;
        if beside {
            whole = whole.with(other);
        }
    }
    let symbol = symbol(&whole.text(), today);
    Some((whole, symbol))
}

/// Reads `Số: 742/STNMT-VP`.
fn symbol(text: &str, today: Date) -> Symbol {
    let after = text
        .split_once([':', '.'])
        .map_or_else(|| text.chars().skip(2).collect(), |(_, after)| after.to_owned());
    let joined: String =
        after.chars().filter(|c| !c.is_whitespace()).map(|c| if c == '–' { '-' } else { c }).collect();
    let joined = joined.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
    let Some((number, notation)) = joined.split_once('/') else {
        return Symbol { text: joined.to_owned(), fit: 40 };
    };
    let (digits, certain) = digits(number);
    let (notation, known) = abbreviated(notation, today);
    let shaped = notation.chars().all(|c| c.is_alphanumeric() || "-&./".contains(c)) && !notation.is_empty();
    let fit = match (digits.is_empty(), certain && known, shaped) {
        (true, ..) => 20,
        (_, true, true) => 100,
        (_, false, true) => 75,
        (_, _, false) => 50,
    };
    Symbol { text: format!("{digits}/{notation}"), fit }
}

/// Letters that look like digits are digits here; then it is not certain.
fn digits(number: &str) -> (String, bool) {
    let mut certain = true;
    let digits = number.chars().filter_map(|c| {
        let digit = match c {
            '0'..='9' => return Some(c),
            'O' | 'o' | 'Ô' | 'Q' => '0',
            'l' | 'I' | '|' | 'i' => '1',
            'S' => '5',
            'B' => '8',
            _ => {
                certain = false;
                return None;
            }
        };
        certain = false;
        Some(digit)
    });
    let digits: String = digits.collect();
    (digits, certain)
}

/// The abbreviation of a type whose stroke was not seen, `QD`, as it is written, `QĐ`; false when it was changed.
fn abbreviated(notation: &str, today: Date) -> (String, bool) {
    let (first, rest) = notation.split_once('-').unwrap_or((notation, ""));
    let all = || types::on(today).iter().map(|kind| kind.abbreviation.as_str()).filter(|a| !a.is_empty());
    if rest.is_empty() || all().any(|abbreviation| abbreviation == first) {
        return (notation.to_owned(), true);
    }
    let alike: Vec<&str> = all().filter(|abbreviation| fold(abbreviation) == fold(first)).collect();
    match alike.as_slice() {
        [one] => (format!("{one}-{rest}"), false),
        _ => (notation.to_owned(), true),
    }
}

/// The line with place and date. In the body dates stand in sentences; here there is a place, a comma, and the year last.
fn dated(sheet: &Sheet<'_>) -> Vec<Guess> {
    let found = sheet.above(HEAD).find_map(|run| {
        let at = run.words.iter().position(|word| fold(&word.text).starts_with("ngay"))?;
        let (before, after) = run.words.split_at(at);
        let place: Vec<&str> = before.iter().map(|word| word.text.as_str()).collect();
        let place = place.join(" ");
        let date: Vec<String> = after.iter().map(|word| fold(&word.text)).collect();
        let date = date_in(&date.concat());
        let is_head = (1..=6).contains(&before.len()) && place.trim_end().ends_with([',', '.']);
        (is_head && run.right > sheet.page.width / 2).then_some((run, place, date))
    });
    let Some((run, place, date)) = found else { return Vec::new() };
    let place = place.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let mut guesses = vec![sheet.guess(("place", place), &[run], 100)];
    guesses.extend(date.map(|date| sheet.guess(("promulgated", date.iso()), &[run], 100)));
    guesses
}

/// The date in `ngay05thang3nam2026`.
fn date_in(text: &str) -> Option<Date> {
    let (day, rest) = text.strip_prefix("ngay")?.split_once("thang")?;
    let (month, rest) = rest.split_once("nam")?;
    let number = |text: &str| text.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u8>().ok();
    let year: String =
        rest.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    (year.len() == 4).then_some(())?;
    Date::new(year.parse().ok()?, number(month)?, number(day)?)
}

/// The stamp of urgency is no agency.
pub(crate) fn is_urgency(run: &Run<'_>) -> bool {
    urgency(run).is_some()
}

/// The degree of urgency a stamp says (box 10b), 1 to 4.
pub(crate) fn urgency(run: &Run<'_>) -> Option<i64> {
    match run.stamp()?.as_str() {
        "khan" => Some(1),
        "thuong khan" => Some(2),
        "hoa toc" => Some(3),
        "hoa toc hen gio" => Some(4),
        _ => None,
    }
}

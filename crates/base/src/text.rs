//! Vietnamese text: one normal form, one analyser for search, one order for lists.

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// The composed form (NFC), in which the house stores every text.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// One clean line: NFC, control and invisible characters removed, runs of white space made one space,
/// none at the ends.
pub fn clean_line(text: &str) -> String {
    let visible: String = text.chars().filter(|c| c.is_whitespace() || !is_invisible(*c)).nfc().collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The folded form, equal for texts that differ in case, tone, diacritics or i/y: "Kỹ thuật" is
/// "ki thuat". Punctuation and spaces stay. For comparing and filtering, not for showing.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.nfc() {
        if is_word(c) {
            word.push(c);
            continue;
        }
        out.push_str(&analyse(&word).folded);
        word.clear();
        out.push(c);
    }
    out.push_str(&analyse(&word).folded);
    out
}

/// One word as the search index keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// With vowels and tone; the tone is a digit at the end, so that its place in the word does not
    /// matter: "Thuỷ" and "Thủy" are both "thuy3".
    pub exact: String,
    /// Without diacritics: "thuy".
    pub folded: String,
}

/// The words of a text, for the index and for a query alike. A word longer than any is known by its beginning.
pub fn tokens(text: &str) -> Vec<Token> {
    let text = nfc(text);
    text.split(|c| !is_word(c))
        .map(|word| analyse(cut(word)))
        .filter(|token| !token.folded.is_empty())
        .collect()
}

/// The two columns of the search index, words joined by spaces: (exact, folded).
pub fn search_text(text: &str) -> (String, String) {
    let (exact, folded): (Vec<_>, Vec<_>) =
        tokens(text).into_iter().map(|token| (token.exact, token.folded)).unzip();
    (exact.join(" "), folded.join(" "))
}

/// True when the writer typed diacritics or đ; then a search ranks exact words first.
pub fn has_marks(text: &str) -> bool {
    text.nfd().any(|c| is_mark(c) || matches!(c, 'đ' | 'Đ' | 'ð' | 'Ð'))
}

/// Bytes that sort as Vietnamese does (a ă â b c d đ e ê …, then tones), for an index column.
pub fn sort_key(text: &str) -> Vec<u8> {
    let mut key = Vec::new();
    let Ok(()) = COLLATOR.write_sort_key_to(text, &mut key);
    key
}

/// The order of Vietnamese name lists: given name (the last word), then family and middle names.
pub fn person_sort_key(name: &str) -> Vec<u8> {
    let name = clean_line(name);
    let (family, given) = name.rsplit_once(' ').unwrap_or(("", &name));
    let mut key = sort_key(given);
    // A sort key has no zero byte, so the shorter given name comes first whatever follows.
    key.push(0);
    key.extend(sort_key(family));
    key
}

/// A file or link name in plain letters: "Quyết định số 12/QĐ-UBND" is "quyet-dinh-so-12-qd-ubnd".
/// Empty when the text has no Latin letter or digit.
pub fn slug_ascii(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase).nfd().filter(|c| !is_mark(*c)).map(plain_d) {
        let c = if c == 'đ' { 'd' } else { c };
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

static COLLATOR: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(collator);

#[expect(clippy::expect_used, reason = "the rules of Vietnamese order are compiled in")]
fn collator() -> CollatorBorrowed<'static> {
    Collator::try_new(locale!("vi").into(), CollatorOptions::default()).expect("Vietnamese collation")
}

/// The first hundred letters: what is longer is no word, and an index takes only so much of it.
fn cut(word: &str) -> &str {
    word.char_indices().nth(100).and_then(|(end, _)| word.get(..end)).unwrap_or(word)
}

/// Both forms of one word, which is in NFC.
fn analyse(word: &str) -> Token {
    let (mut exact, mut folded, mut tone_digit) = (String::new(), String::new(), None);
    for c in word.chars().flat_map(char::to_lowercase).nfd().map(plain_d) {
        match c {
            // Breve, circumflex and horn make other vowels; every other mark that is no tone is foreign.
            '\u{306}' | '\u{302}' | '\u{31b}' => exact.push(c),
            c if is_mark(c) => tone_digit = tone(c).or(tone_digit),
            'đ' => {
                exact.push('đ');
                folded.push('d');
            }
            c if c.is_alphanumeric() => {
                exact.push(c);
                folded.push(c);
            }
            _ => {}
        }
    }
    if spells_i_or_y(&folded) {
        exact = exact.replacen('y', "i", 1);
        folded = folded.replacen('y', "i", 1);
    }
    exact = nfc(&exact);
    exact.extend(tone_digit);
    Token { exact, folded: nfc(&folded) }
}

/// Words that are written both ways: kỹ/kĩ, lý/lí, ty/ti after one of these consonants, and quý/quí.
/// All of "quy…" moves, so that the beginning of a word finds the whole of it.
fn spells_i_or_y(folded: &str) -> bool {
    folded.starts_with("quy") || matches!(folded, "hy" | "ky" | "ly" | "my" | "sy" | "ty" | "vy")
}

/// The digit of a tone mark, after vowels were separated from their marks (NFD).
fn tone(c: char) -> Option<char> {
    match c {
        '\u{301}' => Some('1'),
        '\u{300}' => Some('2'),
        '\u{309}' => Some('3'),
        '\u{303}' => Some('4'),
        '\u{323}' => Some('5'),
        _ => None,
    }
}

/// Old fonts and keyboards wrote the Icelandic letter that looks like Đ.
fn plain_d(c: char) -> char {
    match c {
        'ð' => 'đ',
        'Ð' => 'Đ',
        other => other,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Control characters, and those that take no room or turn the direction of writing: pasted from office
/// programs, they make two equal lines different and can disguise a name.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

//! Names that stand in capitals on the paper, as they are written in a sentence (Decree 30/2020, annex II, IV and V).

use base::text::{fold, tokens};

/// What parts of the state are called. What is none of these is taken for a proper name.
const PHRASES: &[&str] = &[
    "ủy ban nhân dân",
    "ủy ban nhân dân tỉnh",
    "ủy ban nhân dân thành phố",
    "ủy ban nhân dân huyện",
    "ủy ban nhân dân xã",
    "ủy ban nhân dân phường",
    "ủy ban nhân dân thị xã",
    "hội đồng nhân dân tỉnh",
    "hội đồng nhân dân xã",
    "hội đồng nhân dân phường",
    "hội đồng nhân dân",
    "ủy ban Mặt trận Tổ quốc",
    "Mặt trận Tổ quốc Việt Nam",
    "tỉnh",
    "thành phố",
    "huyện",
    "thị xã",
    "thị trấn",
    "quận",
    "xã",
    "phường",
    "đặc khu",
    "sở",
    "bộ",
    "cục",
    "chi cục",
    "tổng cục",
    "vụ",
    "phòng",
    "ban",
    "ban quản lý",
    "văn phòng",
    "trung tâm",
    "trường",
    "bệnh viện",
    "viện",
    "công an",
    "công ty",
    "tập đoàn",
    "chi nhánh",
    "hội",
    "đội",
    "trạm",
    "hạt",
    "quỹ",
    "đài",
    "tỉnh ủy",
    "huyện ủy",
    "thành ủy",
    "đảng ủy",
    "và",
    "của",
    "khu vực",
    "thanh tra",
    "kho bạc Nhà nước",
    "ngân hàng Nhà nước",
    "tòa án nhân dân",
    "viện kiểm sát nhân dân",
    "bảo hiểm xã hội",
    "Chính phủ",
    "Quốc hội",
    "Thủ tướng Chính phủ",
    "văn phòng Chính phủ",
    "Tài nguyên và Môi trường",
    "Nội vụ",
    "Tài chính",
    "Kế hoạch và Đầu tư",
    "Giáo dục và Đào tạo",
    "Y tế",
    "Công Thương",
    "Giao thông vận tải",
    "Xây dựng",
    "Tư pháp",
    "Nông nghiệp và Phát triển nông thôn",
    "Nông nghiệp và Môi trường",
    "Văn hóa, Thể thao và Du lịch",
    "Ngoại vụ",
    "Ngoại giao",
    "Quốc phòng",
    "Thông tin và Truyền thông",
    "Khoa học và Công nghệ",
    "Dân tộc và Tôn giáo",
    "Lao động - Thương binh và Xã hội",
    "Văn hóa - Xã hội",
    "Kinh tế",
    "Kinh tế, Hạ tầng và Đô thị",
    "Tổ chức cán bộ",
    "Chi cục Thuế",
    "Thuế",
    "Hải quan",
    "Thống kê",
    "Kiểm lâm",
    "Thú y",
    "Tổng hợp",
    "Hành chính",
    "Quản trị",
    "Phục vụ hành chính công",
    "tiểu học",
    "trung học cơ sở",
    "trung học phổ thông",
    "mầm non",
    "đại học",
    "cao đẳng",
    "đa khoa",
    "kiểm soát bệnh tật",
    "quản lý",
    "dự án",
    "đầu tư",
    "xây dựng cơ bản",
    "bộ chỉ huy quân sự",
    "liên đoàn lao động",
    "hội nông dân",
    "hội liên hiệp phụ nữ",
    "đoàn Thanh niên Cộng sản Hồ Chí Minh",
    "thủy lợi",
    "Dân tộc",
    "Công nghiệp",
    "phát triển",
];

/// What is written in capitals in a sentence too.
const CAPITALS: &[&str] = &[
    "UBND", "HĐND", "BHXH", "TNHH", "MTV", "THCS", "THPT", "MTTQ", "CP", "TTHC", "II", "III", "IV", "VI",
    "VII", "VIII", "IX",
];

/// Positions, as they are written.
const POSITIONS: &[&str] = &[
    "Chủ tịch",
    "Phó Chủ tịch",
    "Phó Chủ tịch Thường trực",
    "Giám đốc",
    "Phó Giám đốc",
    "Tổng Giám đốc",
    "Phó Tổng Giám đốc",
    "Bộ trưởng",
    "Thứ trưởng",
    "Thủ tướng",
    "Phó Thủ tướng",
    "Chánh Văn phòng",
    "Phó Chánh Văn phòng",
    "Trưởng phòng",
    "Phó Trưởng phòng",
    "Cục trưởng",
    "Phó Cục trưởng",
    "Chi cục trưởng",
    "Phó Chi cục trưởng",
    "Tổng cục trưởng",
    "Phó Tổng cục trưởng",
    "Vụ trưởng",
    "Phó Vụ trưởng",
    "Hiệu trưởng",
    "Phó Hiệu trưởng",
    "Viện trưởng",
    "Phó Viện trưởng",
    "Trưởng ban",
    "Phó Trưởng ban",
    "Chủ nhiệm",
    "Phó Chủ nhiệm",
    "Bộ trưởng, Chủ nhiệm",
    "Chánh Thanh tra",
    "Phó Chánh Thanh tra",
    "Tổng Thanh tra",
    "Hạt trưởng",
    "Trạm trưởng",
    "Đội trưởng",
    "Trưởng Công an",
    "Phó Trưởng Công an",
    "Chánh án",
    "Phó Chánh án",
    "Bí thư",
    "Phó Bí thư",
    "Kế toán trưởng",
    "Tổng Biên tập",
    "Trưởng đoàn",
    "Chỉ huy trưởng",
    "Trưởng Thuế",
    "Phó Trưởng Thuế",
    "Giám đốc Sở",
    "Phó Giám đốc Sở",
];

/// A name in capitals as it is written in a sentence: known parts by the table, others with a capital each.
pub(crate) fn name_case(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < words.len() {
        let rest = words.get(at..).unwrap_or_default();
        match longest(rest) {
            Some((phrase, length)) => {
                let comma = words.get(at + length - 1).is_some_and(|word| word.ends_with(','));
                out.push(format!("{phrase}{}", if comma { "," } else { "" }));
                at += length;
            }
            None => {
                out.push(words.get(at).map(|word| proper(word)).unwrap_or_default());
                at += 1;
            }
        }
    }
    first_upper(&out.join(" "))
}

/// A position as it is written, and in percent how well it is known.
pub(crate) fn position(text: &str) -> (String, i64) {
    let plain = fold(text.trim());
    let known = POSITIONS.iter().filter(|one| plain.starts_with(&fold(one))).max_by_key(|one| one.len());
    let Some(known) = known else { return (name_case(text), 80) };
    let rest: String = text.trim().chars().skip(known.chars().count()).collect();
    if rest.trim().is_empty() {
        ((*known).to_owned(), 100)
    } else {
        (format!("{known} {}", unit_case(&rest)), 90)
    }
}

/// The longest known phrase these words begin with, and how many words it has. A mark may be read wrong in a long
/// phrase, which is still no other; in a short one it may be.
fn longest(words: &[&str]) -> Option<(&'static str, usize)> {
    let size = |phrase: &str| phrase.split(' ').count();
    let begin = |phrase: &str, same: fn(&str) -> String| {
        words.len() >= size(phrase)
            && phrase.split(' ').zip(words).all(|(part, word)| same(part) == same(word))
    };
    let exact = |phrase: &&&str| begin(phrase, key);
    let alike = |phrase: &&&str| size(phrase) > 2 && begin(phrase, unmarked);
    let longest = |found: Option<&&'static str>| found.map(|phrase| (*phrase, size(phrase)));
    let exactly = longest(PHRASES.iter().filter(exact).max_by_key(|phrase| size(phrase)));
    let nearly = longest(PHRASES.iter().filter(alike).max_by_key(|phrase| size(phrase)));
    match (exactly, nearly) {
        (Some((_, short)), Some((_, long))) if long > short => nearly,
        (None, _) => nearly,
        _ => exactly,
    }
}

fn unmarked(word: &str) -> String {
    fold(word.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// A word with its marks, whether in capitals or not and wherever the tone is written: "UỶ" is "ủy", and "QUÂN" no "quận".
fn key(word: &str) -> String {
    let exact: Vec<String> = tokens(word).into_iter().map(|token| token.exact).collect();
    if exact.is_empty() { word.to_owned() } else { exact.concat() }
}

fn proper(word: &str) -> String {
    if CAPITALS.contains(&word.trim_matches(|c: char| !c.is_alphanumeric())) {
        return word.to_owned();
    }
    // Parts of a place joined by a dash have a capital each.
    word.split('-').map(|part| first_upper(&part.to_lowercase())).collect::<Vec<_>>().join("-")
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What stands behind a position: `TRƯỞNG PHÒNG GIÁM ĐỊNH`. A part of an agency has one capital, at its beginning.
fn unit_case(text: &str) -> String {
    let text = text.trim();
    let words: Vec<&str> = text.split_whitespace().collect();
    match longest(&words) {
        Some(_) => name_case(text),
        None => first_upper(&text.to_lowercase()),
    }
}

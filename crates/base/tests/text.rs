//! Vietnamese text as it arrives, is searched for, and is put in order.

use base::text::*;
use proptest::prelude::*;

#[test]
fn both_ways_of_typing_are_one_text() {
    assert_eq!(nfc("u\u{309}y ban nha\u{302}n da\u{302}n"), "ủy ban nhân dân");
    assert_eq!(clean_line("  Công\u{200b} văn\t\r\n số\u{a0}12\u{202e} \u{7}"), "Công văn số 12");
    assert_eq!(clean_line("e\u{200d}\u{302}"), "ê");
    assert_eq!(clean_line(" \n "), "");
}

#[test]
fn folding_forgets_case_tone_and_marks() {
    assert_eq!(fold("Kỹ thuật số 12/QĐ-UBND"), "ki thuat so 12/qd-ubnd");
    assert_eq!(fold("KĨ THUẬT"), fold("kỹ thuật"));
    assert_eq!(fold("Công ty"), fold("công ti"));
    assert_eq!(fold("quý III, quyết định"), fold("quí iii, quiết định"));
    assert_eq!(fold("Đường Ðường đường"), "duong duong duong");
    assert_eq!(fold("y tế, thuỷ, ủy"), "y te, thuy, uy");
}

#[test]
fn the_place_of_the_tone_mark_does_not_matter() {
    for (old, new) in
        [("hòa", "hoà"), ("thủy", "thuỷ"), ("lóe", "loé"), ("ủy", "uỷ"), ("kỹ", "kĩ"), ("quý", "quí")]
    {
        assert_eq!(tokens(old), tokens(new), "{old}");
    }
    assert_eq!(tokens("thuỷ"), [Token { exact: "thuy3".into(), folded: "thuy".into() }]);
    assert_eq!(tokens("đường"), [Token { exact: "đương2".into(), folded: "duong".into() }]);
    assert_eq!(tokens("ð\u{301} … \u{301}").len(), 1);
    let exact: Vec<_> = tokens("ma má mà mả mã mạ").into_iter().map(|token| token.exact).collect();
    assert_eq!(exact, ["ma", "ma1", "ma2", "ma3", "ma4", "ma5"]);
}

#[test]
fn the_index_gets_two_columns_of_words() {
    let (exact, folded) = search_text("Số 123/QĐ-UBND: Hoà Bình");
    assert_eq!(exact, "sô1 123 qđ ubnd hoa2 binh2");
    assert_eq!(folded, "so 123 qd ubnd hoa binh");
    assert!(has_marks("đo") && has_marks("ma\u{301}") && !has_marks("Viet Tri 2017"));
}

const LETTERS: [&str; 12] = [
    "Quyết định số 45/QĐ-UBND phân công trực Tết",
    "Công văn đề nghị sửa chữa đường liên xã Chân Mộng",
    "Báo cáo của bà Lê Thị Dương về công tác dân số",
    "Kế hoạch thuỷ lợi vụ chiêm xuân, trạm Hạ Hoà",
    "Thông tư về kỹ thuật viên y tế",
    "Đơn đề nghị của ông Đỗ Quý Lý",
    "Danh sách công ty dịch vụ bảo vệ",
    "Giấy mời họp Ủy ban nhân dân thị trấn Hùng Sơn",
    "Văn bản công nhận kết quả thi đua",
    "Má, mả, mạ: bài tập đánh vần",
    "Tờ trình xin kinh phí bảo hiểm xã hội",
    "Thông báo nghỉ mát hè của công đoàn",
];

/// What an index does with the analyser: all words, the last as a prefix; exact words count first.
fn found(query: &str) -> Vec<usize> {
    let (words, marks) = (tokens(query), has_marks(query));
    let mut hits = Vec::new();
    for (place, letter) in LETTERS.iter().enumerate() {
        let letter = tokens(letter);
        let holds = words.iter().enumerate().all(|(i, word)| {
            let last = i + 1 == words.len();
            letter
                .iter()
                .any(|own| own.folded == word.folded || (last && own.folded.starts_with(&word.folded)))
        });
        let exact =
            words.iter().filter(|word| marks && letter.iter().any(|own| own.exact == word.exact)).count();
        if holds {
            hits.push((usize::MAX - exact, place));
        }
    }
    hits.sort_unstable();
    hits.into_iter().map(|(_, place)| place).collect()
}

#[test]
fn a_clerk_finds_letters_however_she_types() {
    // Query, letters in the order expected.
    let cases: [(&str, &[usize]); 24] = [
        ("duong", &[1, 2]),
        ("dương", &[2, 1]),
        ("đường", &[1, 2]),
        ("ĐƯỜNG liên", &[1]),
        ("quyet dinh", &[0]),
        ("quy", &[0, 5]),
        ("quí", &[5, 0]),
        ("45/qd", &[0]),
        ("45/QĐ-UBND", &[0]),
        ("hạ hòa", &[3]),
        ("ha hoà", &[3]),
        ("thủy lợi", &[3]),
        ("thuy loi", &[3]),
        ("kĩ thuật", &[4]),
        ("ki thuat", &[4]),
        ("công ti", &[6]),
        ("do quy ly", &[5]),
        ("đỗ quí lí", &[5]),
        ("u\u{309}y ban nha\u{302}n da\u{302}n", &[7]),
        ("UY BAN NHAN DAN", &[7]),
        ("mạ", &[9, 11]),
        ("bao hiem xa h", &[10]),
        ("công nhận", &[8]),
        ("hop thi tran", &[7]),
    ];
    for (query, expected) in cases {
        let hits = found(query);
        assert_eq!(hits, expected, "{query}");
    }
}

fn ordered(mut words: Vec<&str>, key: fn(&str) -> Vec<u8>) -> Vec<&str> {
    words.sort_by_key(|word| key(word));
    words
}

#[test]
fn lists_follow_the_vietnamese_alphabet() {
    let right = vec![
        "An", "Ăn", "Ân", "Bình", "Chi", "Dũng", "Đào", "Em", "Ế", "Oanh", "Ông", "Ơn", "Tú", "Uyên", "Ưng",
        "Y",
    ];
    let mut mixed = right.clone();
    mixed.reverse();
    assert_eq!(ordered(mixed, sort_key), right);
    let tones = vec!["a", "à", "ả", "ã", "á", "ạ"];
    assert_eq!(ordered(vec!["ạ", "á", "ã", "ả", "à", "a"], sort_key), tones);
}

#[test]
fn people_are_listed_by_given_name() {
    let right = vec!["An", "Đỗ Thị An", "Nguyễn Văn An", "Trần Ân", "Lê Thị Đào", "Bùi Văn Yên"];
    let mut mixed = right.clone();
    mixed.reverse();
    assert_eq!(ordered(mixed, person_sort_key), right);
    assert_eq!(person_sort_key(" Trần  Ân "), person_sort_key("Trần Ân"));
}

#[test]
fn names_for_files_are_made_from_titles() {
    assert_eq!(slug_ascii("Quyết định số 12/QĐ-UBND (bản ký)"), "quyet-dinh-so-12-qd-ubnd-ban-ky");
    assert_eq!(slug_ascii("  …文 "), "");
    assert_eq!(slug_ascii("Ðường Đất"), "duong-dat");
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing(text in ".{0,40}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn folding_twice_changes_nothing_in_vietnamese(text in "[a-zăâđêôơưAĂÂĐÊÔƠƯ\u{300}\u{301}\u{303}\u{309}\u{323}\u{302}\u{31b} ,/-]{0,40}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn typing_form_never_matters(text in "[a-zđàáảãạăằâầêềôồơờưừ ]{0,40}") {
        use unicode_normalization::UnicodeNormalization;
        let apart: String = text.nfd().collect();
        prop_assert_eq!(tokens(&apart), tokens(&text));
        prop_assert_eq!(sort_key(&apart), sort_key(&text));
        prop_assert_eq!(clean_line(&apart), clean_line(&text));
        prop_assert_eq!(slug_ascii(&apart), slug_ascii(&text));
    }

    #[test]
    fn a_clean_line_is_clean(text in ".{0,40}") {
        let once = clean_line(&text);
        prop_assert!(!once.chars().any(char::is_control));
        prop_assert_eq!(clean_line(&once), once);
    }

    #[test]
    fn the_index_has_as_many_exact_words_as_folded_ones(text in ".{0,40}") {
        let (exact, folded) = search_text(&text);
        prop_assert_eq!(exact.split(' ').count(), folded.split(' ').count());
        prop_assert!(slug_ascii(&text).is_ascii());
        prop_assert!(!sort_key(&text).contains(&0));
    }
}

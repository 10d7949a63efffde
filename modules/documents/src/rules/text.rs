//! Small decisions on words.

/// A subject continued inside a sentence: its first letter small, unless the first word is an abbreviation.
pub(crate) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            let rest = text.split_at(first.len_utf8()).1;
            first.to_lowercase().chain(rest.chars()).collect()
        }
        _ => text.to_owned(),
    }
}

/// An agency's name as a letterhead has it: in full (Decree 30/2020, annex I: only the governing agency above it may
/// shorten its common words).
pub(crate) fn full_name(name: &str) -> String {
    const WORDS: &[(&str, &str)] =
        &[("UBND", "Ủy ban nhân dân"), ("HĐND", "Hội đồng nhân dân"), ("VP", "Văn phòng")];
    let long = |word: &str| {
        let known = WORDS.iter().find(|(short, _)| *short == word);
        known.map_or_else(|| word.to_owned(), |(_, long)| (*long).to_owned())
    };
    name.split(' ').map(long).collect::<Vec<_>>().join(" ")
}

/// The same in short, for the line of the governing agency.
pub(crate) fn short_name(name: &str) -> String {
    name.replace("Ủy ban nhân dân", "UBND").replace("Hội đồng nhân dân", "HĐND")
}

/// At most so many characters.
pub(crate) fn cut(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

/// What a file is, as people call it: the ending of its name. A name without one falls back on its media type.
pub(crate) fn file_kind(name: &str, content_type: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, ending)) if (2..=5).contains(&ending.len()) => ending.to_uppercase(),
        _ => content_type.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_goes_on_in_a_sentence_and_abbreviations_stay() {
        assert_eq!(lower_first("Ứng phó mưa lớn"), "ứng phó mưa lớn");
        assert_eq!(lower_first("UBND tỉnh"), "UBND tỉnh");
        assert_eq!(cut("ứng phó", 3), "ứng");
    }

    #[test]
    fn a_letterhead_names_its_agency_in_full_and_the_one_above_in_short() {
        assert_eq!(full_name("UBND tỉnh Phú Thọ"), "Ủy ban nhân dân tỉnh Phú Thọ");
        assert_eq!(full_name("Văn phòng HĐND và UBND"), "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân");
        assert_eq!(full_name("Sở Y tế"), "Sở Y tế");
        assert_eq!(short_name("Ủy ban nhân dân tỉnh Phú Thọ"), "UBND tỉnh Phú Thọ");
    }

    #[test]
    fn a_file_is_called_by_its_ending() {
        assert_eq!(file_kind("Phụ lục 1. Biểu tổng hợp.xlsx", "application/octet-stream"), "XLSX");
        assert_eq!(file_kind("cong-van", "application/pdf"), "application/pdf");
    }
}

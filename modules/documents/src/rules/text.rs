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

/// At most so many characters.
pub(crate) fn cut(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
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
}

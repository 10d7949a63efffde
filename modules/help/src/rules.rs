//! Which page of help fits a screen, and which speak of some words.

use base::text;

/// True when a path is one of a screen's pattern: `{…}` stands for one part.
pub(crate) fn is_of(screen: &str, path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let (wanted, given): (Vec<&str>, Vec<&str>) = (screen.split('/').collect(), path.split('/').collect());
    wanted.len() == given.len()
        && wanted.iter().zip(&given).all(|(part, word)| part == word || part.starts_with('{'))
}

/// How exactly a screen names a path: parts that are no place-holder.
pub(crate) fn exactness(screen: &str) -> usize {
    screen.split('/').filter(|part| !part.is_empty() && !part.starts_with('{')).count()
}

/// Title and the rest of a page.
pub(crate) fn parts(markdown: &str) -> (&str, &str) {
    let (first, rest) = markdown.split_once('\n').unwrap_or((markdown, ""));
    (first.trim_start_matches('#').trim(), rest)
}

/// How well a page answers some words, folded: 0 when one of them is missing; a word of the title weighs more.
pub(crate) fn score(markdown: &str, words: &str) -> usize {
    let (title, body) = parts(markdown);
    let (title, body) = (text::fold(title), text::fold(body));
    let words = text::fold(words);
    let mut score = 0;
    for word in words.split_whitespace() {
        let found = title.matches(word).count() * 20 + body.matches(word).count();
        if found == 0 {
            return 0;
        }
        score += found;
    }
    score
}

#[cfg(test)]
mod tests {
    use super::{exactness, is_of, parts, score};

    #[test]
    fn a_screen_is_a_pattern() {
        assert!(is_of("/documents/incoming/{id}", "/documents/incoming/018f?back=/"));
        assert!(!is_of("/documents/incoming/{id}", "/documents/incoming"));
        assert!(exactness("/documents/incoming/new") > exactness("/documents/incoming/{id}"));
    }

    #[test]
    fn words_are_found_without_accents_and_titles_first() {
        let accept = "# Tiếp nhận văn bản đến\n\nSố đến liên tục.";
        let tour = "# Ngày đầu tiên\n\nTiếp nhận một văn bản.";
        assert_eq!(parts(accept).0, "Tiếp nhận văn bản đến");
        assert!(score(accept, "tiep nhan") > score(tour, "tiep nhan"));
        assert_eq!(score(tour, "số đến"), 0);
    }
}

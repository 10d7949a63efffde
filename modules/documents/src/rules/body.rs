//! What may come into a draft from another editor: words of a DOCX, a PDF that stands for the whole.

/// Pages of a PDF that stands for a document: as many as the form of a document has room to say.
const PAGES_MAX: i64 = 999;

/// Letters of a draft.
pub(crate) const LETTERS_MAX: usize = 200_000;

/// The words of a draft with those of a file after them; nothing is written over.
pub(crate) fn with_words(body: &str, words: &str) -> Result<String, &'static str> {
    let whole = match (body.trim_end(), words) {
        ("", words) => words.to_owned(),
        (body, words) => format!("{body}\n{words}"),
    };
    if whole.chars().count() > LETTERS_MAX { Err("documents.editor.docx.too_long") } else { Ok(whole) }
}

/// Why a DOCX is not taken, as a person reads it.
pub(crate) fn no_words(refused: &str) -> &'static str {
    match refused {
        "not_docx" => "documents.editor.docx.not_docx",
        "old_or_locked" => "documents.editor.docx.old_or_locked",
        "too_large" => "documents.editor.docx.too_large",
        "empty" => "documents.editor.docx.empty",
        _ => "documents.editor.docx.damaged",
    }
}

/// The pages of a PDF that may stand for a document, or why it may not.
pub(crate) fn pdf(pages: Option<&str>, refused: Option<&str>) -> Result<i64, &'static str> {
    match (refused, pages.and_then(|pages| pages.parse::<i64>().ok())) {
        (Some("not_pdf"), _) => Err("documents.editor.pdf.not_pdf"),
        (Some("locked"), _) => Err("documents.editor.pdf.locked"),
        (Some("too_large"), _) => Err("documents.editor.pdf.too_large"),
        (None, Some(pages)) if pages > PAGES_MAX => Err("documents.editor.pdf.too_large"),
        (None, Some(pages)) if pages > 0 => Ok(pages),
        _ => Err("documents.editor.pdf.damaged"),
    }
}

#[cfg(test)]
mod tests {
    use super::{LETTERS_MAX, no_words, pdf, with_words};

    #[test]
    fn words_come_after_what_is_there() {
        assert_eq!(with_words("", "Điều 1. Một."), Ok("Điều 1. Một.".to_owned()));
        assert_eq!(with_words("Đã viết.\n", "Điều 1. Một."), Ok("Đã viết.\nĐiều 1. Một.".to_owned()));
        let long = "đ".repeat(LETTERS_MAX);
        assert_eq!(with_words(&long, "a"), Err("documents.editor.docx.too_long"));
        assert_eq!(no_words("new reason"), "documents.editor.docx.damaged");
    }

    #[test]
    fn a_file_stands_for_a_document_only_when_it_can_be_read() {
        assert_eq!(pdf(Some("3"), None), Ok(3));
        assert_eq!(pdf(Some("1000"), None), Err("documents.editor.pdf.too_large"));
        assert_eq!(pdf(Some("0"), None), Err("documents.editor.pdf.damaged"));
        assert_eq!(pdf(None, Some("locked")), Err("documents.editor.pdf.locked"));
        assert_eq!(pdf(None, None), Err("documents.editor.pdf.damaged"));
    }
}

//! Bold and italic in a text: `**bold**`, `*italic*`, `***both***`; `\*` is a star. What has no partner is a star too.

/// Letters in one hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// The letters.
    pub text: String,
    /// In bold.
    pub bold: bool,
    /// In italic.
    pub italic: bool,
}

/// A piece of a text: letters, or stars that may be a mark.
enum Piece {
    Letters(String),
    Stars { many: usize, opens: bool, closes: bool },
}

/// A text in runs, without its marks.
pub fn runs(text: &str) -> Vec<Run> {
    let pieces = pieces(text);
    let (bold, italic) = (paired(&pieces, 2), paired(&pieces, 1));
    let mut runs: Vec<Run> = Vec::new();
    let (mut is_bold, mut is_italic) = (false, false);
    let mut add = |text: &str, bold: bool, italic: bool| match runs.last_mut() {
        Some(last) if last.bold == bold && last.italic == italic => last.text.push_str(text),
        _ if text.is_empty() => {}
        _ => runs.push(Run { text: text.to_owned(), bold, italic }),
    };
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Letters(letters) => add(letters, is_bold, is_italic),
            Piece::Stars { many, .. } => {
                let (turns_bold, turns_italic) = (bold.contains(&at), italic.contains(&at));
                let used = if turns_bold { 2 } else { 0 } + usize::from(turns_italic);
                is_bold ^= turns_bold;
                is_italic ^= turns_italic;
                add(&"*".repeat(many.saturating_sub(used)), is_bold, is_italic);
            }
        }
    }
    runs
}

/// A text without its marks.
pub fn plain(text: &str) -> String {
    runs(text).into_iter().map(|run| run.text).collect()
}

fn pieces(text: &str) -> Vec<Piece> {
    let letters: Vec<char> = text.chars().collect();
    let (mut pieces, mut held, mut at) = (Vec::new(), String::new(), 0);
    while let Some(letter) = letters.get(at) {
        if *letter == '\\' && letters.get(at.saturating_add(1)) == Some(&'*') {
            held.push('*');
            at = at.saturating_add(2);
        } else if *letter == '*' {
            let many = letters.iter().skip(at).take_while(|one| **one == '*').count();
            let before = at.checked_sub(1).and_then(|before| letters.get(before));
            let end = at.saturating_add(many);
            let opens = letters.get(end).is_some_and(|next| next.is_alphanumeric() || "“\"(".contains(*next));
            let closes = before.is_some_and(|last| !last.is_whitespace() && *last != '(');
            pieces.push(Piece::Letters(std::mem::take(&mut held)));
            pieces.push(Piece::Stars { many, opens, closes });
            at = end;
        } else {
            held.push(*letter);
            at = at.saturating_add(1);
        }
    }
    pieces.push(Piece::Letters(held));
    pieces
}

/// Where marks of a size begin and end; three stars are both sizes.
fn paired(pieces: &[Piece], size: usize) -> Vec<usize> {
    let (mut pairs, mut open) = (Vec::new(), None);
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Stars { many, opens, closes } = piece else { continue };
        if *many != size && *many != 3 {
            continue;
        }
        match open {
            Some(first) if *closes => {
                pairs.extend([first, at]);
                open = None;
            }
            None if *opens => open = Some(at),
            _ => {}
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::{Run, plain, runs};

    fn run(text: &str, bold: bool, italic: bool) -> Run {
        Run { text: text.to_owned(), bold, italic }
    }

    #[test]
    fn marks_turn_on_and_off() {
        assert_eq!(
            runs("Giao **Sở Nội vụ** chủ trì, *phối hợp* và ***báo cáo***."),
            [
                run("Giao ", false, false),
                run("Sở Nội vụ", true, false),
                run(" chủ trì, ", false, false),
                run("phối hợp", false, true),
                run(" và ", false, false),
                run("báo cáo", true, true),
                run(".", false, false),
            ]
        );
        assert_eq!(
            runs("**a *b* c**"),
            [run("a ", true, false), run("b", true, true), run(" c", true, false)]
        );
    }

    #[test]
    fn what_has_no_partner_is_a_star() {
        for text in ["(*) Ghi chú; (*)", "5 * 3 * 2", "**dở dang", "*", "a* b*", "****bốn****"] {
            assert_eq!(plain(text), text);
        }
        assert_eq!(plain(r"\*nguyên văn\*"), "*nguyên văn*");
        assert_eq!(runs(""), []);
    }
}

//! Pieces of lines: words that stand beside each other. The two columns of a letter's head are two pieces.

use base::text::fold;
use contracts::{ReadPage, ReadWord};

/// Words beside each other.
#[derive(Debug, Clone)]
pub(crate) struct Run<'a> {
    pub(crate) words: Vec<&'a ReadWord>,
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) top: u32,
    pub(crate) bottom: u32,
}

/// The pieces of a page, from above.
pub(crate) fn runs(page: &ReadPage) -> Vec<Run<'_>> {
    let words: Vec<&ReadWord> = page.words.iter().filter(|word| is_word(word)).collect();
    let mut runs: Vec<Run<'_>> = Vec::new();
    for line in words.chunk_by(|a, b| a.line == b.line) {
        let height = line.iter().map(|word| word.height).max().unwrap_or(0);
        for piece in line.chunk_by(|a, b| b.left <= a.left + a.width + height * 3 / 2) {
            runs.extend(Run::of(piece));
        }
    }
    runs.sort_by_key(|run| (run.top, run.left));
    runs
}

/// What is drawn – a rule, a seal, a speck – is read as marks without a letter.
fn is_word(word: &ReadWord) -> bool {
    let marks = !word.text.chars().any(char::is_alphanumeric);
    !(marks && (word.text.chars().count() > 2 || word.sure < 40)) && word.height > 0
}

impl<'a> Run<'a> {
    fn of(words: &[&'a ReadWord]) -> Option<Run<'a>> {
        Some(Run {
            left: words.iter().map(|word| word.left).min()?,
            right: words.iter().map(|word| word.left + word.width).max()?,
            top: words.iter().map(|word| word.top).min()?,
            bottom: words.iter().map(|word| word.top + word.height).max()?,
            words: words.to_vec(),
        })
    }

    /// Two pieces as one, the left one first.
    pub(crate) fn with(&self, other: &Run<'a>) -> Run<'a> {
        let words: Vec<&ReadWord> = self.words.iter().chain(&other.words).copied().collect();
        Run::of(&words).unwrap_or_else(|| self.clone())
    }

    pub(crate) fn text(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Its words without accents, in small letters.
    pub(crate) fn plain(&self) -> String {
        fold(&self.text())
    }

    /// What a stamp says, without accents, in small letters: words in capitals. The sides of the frame around a stamp are
    /// read as strokes or single letters; those at its ends are none of its words.
    pub(crate) fn stamp(&self) -> Option<String> {
        let letters = |word: &ReadWord| word.text.chars().filter(|c| c.is_alphanumeric()).count();
        let first = self.words.iter().position(|word| letters(word) > 1)?;
        let last = self.words.iter().rposition(|word| letters(word) > 1)?;
        let words = self.words.get(first..=last)?;
        let mut all = words.iter().flat_map(|word| word.text.chars()).filter(|c| c.is_alphabetic());
        let words = words.iter().map(|word| word.text.trim_matches(|c: char| !c.is_alphanumeric()));
        all.all(char::is_uppercase).then(|| fold(&words.collect::<Vec<_>>().join(" ")))
    }

    /// How sure the reader is of its words: halfway between the least sure and the middle, so that one bad word in a long
    /// line is seen and does not spoil it.
    pub(crate) fn sure(&self) -> i64 {
        let all = self.words.iter().map(|word| i64::from(word.sure));
        let least = all.clone().min().unwrap_or(0);
        let count = i64::try_from(self.words.len()).unwrap_or(1).max(1);
        i64::midpoint(least, all.sum::<i64>() / count)
    }

    pub(crate) fn middle(&self) -> u32 {
        u32::midpoint(self.left, self.right)
    }

    pub(crate) fn height(&self) -> u32 {
        self.bottom.saturating_sub(self.top)
    }

    /// True when all its letters are capitals, and it has some.
    pub(crate) fn is_upper(&self) -> bool {
        let mut letters = self.words.iter().flat_map(|word| word.text.chars()).filter(|c| c.is_alphabetic());
        letters.clone().count() > 1 && letters.all(char::is_uppercase)
    }

    /// True when this piece begins close under another one.
    pub(crate) fn follows(&self, above: &Run<'_>) -> bool {
        let gap = i64::from(self.top) - i64::from(above.bottom);
        let line = i64::from(self.height().max(above.height()));
        // Lines of one paragraph; letters without marks above and below make the gap look larger.
        gap <= line && gap > -line
    }
}

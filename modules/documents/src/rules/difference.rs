//! What changed between two versions of a text, line by line.

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Stands in both.
    Kept,
    /// Stands only in the newer.
    Added,
    /// Stood only in the older.
    Removed,
}

/// More lines than this are shown as one block replaced by another: the table below grows with the square.
const LINES_MAX: usize = 2000;

/// The lines of both texts in reading order, by the longest common run of lines.
pub(crate) fn lines<'a>(old: &'a str, new: &'a str) -> Vec<(Change, &'a str)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let begin = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (head, old) = old.split_at(begin);
    let new = new.split_at(begin).1;
    let mut out: Vec<(Change, &str)> = head.iter().map(|line| (Change::Kept, *line)).collect();
    if old.len().max(new.len()) > LINES_MAX {
        out.extend(old.iter().map(|line| (Change::Removed, *line)));
        out.extend(new.iter().map(|line| (Change::Added, *line)));
        return out;
    }
    out.extend(common(old, new));
    out
}

/// `table[i][j]` is how many lines `old[i..]` and `new[j..]` share in order.
fn common<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(Change, &'a str)> {
    let width = new.len() + 1;
    let mut table = vec![0_u16; width * (old.len() + 1)];
    let at = |table: &[u16], i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(0);
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let best = if a == b {
                at(&table, i + 1, j + 1) + 1
            } else {
                at(&table, i + 1, j).max(at(&table, i, j + 1))
            };
            if let Some(cell) = table.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                out.push((Change::Kept, *a));
                (i, j) = (i + 1, j + 1);
            }
            (Some(a), b) if b.is_none() || at(&table, i + 1, j) >= at(&table, i, j + 1) => {
                out.push((Change::Removed, *a));
                i += 1;
            }
            (_, Some(b)) => {
                out.push((Change::Added, *b));
                j += 1;
            }
            _ => return out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Change::{Added, Kept, Removed};

    #[test]
    fn one_changed_line_is_one_out_and_one_in() {
        let changed = lines("Kính gửi\n1. Cũ\nTrân trọng", "Kính gửi\n1. Mới\nTrân trọng");
        assert_eq!(
            changed,
            [(Kept, "Kính gửi"), (Removed, "1. Cũ"), (Added, "1. Mới"), (Kept, "Trân trọng")]
        );
    }

    #[test]
    fn both_texts_can_be_read_back_from_the_difference() {
        let (old, new) = ("a\nb\nc\nd\ne", "b\nx\nd\ne\nf\na");
        let changed = lines(old, new);
        let read = |skip: Change| {
            let kept: Vec<&str> = changed.iter().filter(|(c, _)| *c != skip).map(|(_, line)| *line).collect();
            kept.join("\n")
        };
        assert_eq!((read(Added), read(Removed)), (old.to_owned(), new.to_owned()));
    }
}

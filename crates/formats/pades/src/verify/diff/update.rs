//! Whether what follows a revision is nothing but the updates its tables list.

use std::collections::{BTreeMap, BTreeSet};

use super::{Refused, refuse};
use crate::verify::file::{Entry, File, Lexer, Object};

/// The objects the updates write or free; `None` when there is no update.
///
/// Readers that find a damaged table look for objects on their own. So every byte of an update must belong to an object
/// its table lists, to the table, or be white space; every entry must point into the update; and the tables of the signed
/// revision must follow unchanged.
pub(super) fn numbers(before: &File<'_>, after: &File<'_>) -> Result<Option<BTreeSet<u32>>, Refused> {
    let (signed, all) = (before.sections(), after.sections());
    let newer = all.len().checked_sub(signed.len()).ok_or(Refused("tables are missing".into()))?;
    let (newer, rest) = all.split_at_checked(newer).unwrap_or_default();
    if rest.iter().map(|section| section.at).ne(signed.iter().map(|section| section.at)) {
        return refuse("the tables of the signed revision are left out");
    }
    let end = before.bytes().len();
    if newer.is_empty() {
        return Ok(None);
    }
    let listed: BTreeMap<usize, u32> = newer
        .iter()
        .flat_map(|section| &section.entries)
        .filter_map(|(number, entry)| match entry {
            Entry::At(offset) => Some((*offset, *number)),
            _ => None,
        })
        .collect();
    let tables: BTreeMap<usize, (usize, bool)> =
        newer.iter().map(|section| (section.at, (section.end, section.stream.is_some()))).collect();
    if listed.keys().chain(tables.keys()).any(|offset| *offset < end) {
        return refuse("an update points into the signed revision");
    }
    if newer
        .iter()
        .any(|section| section.later || !(section.stream.is_some() || canonical(after, section.at)))
    {
        return refuse("the table of an update is not written as readers expect");
    }
    let written = written(after, end, &listed, &tables)?;
    if listed.keys().any(|offset| !written.contains(offset)) {
        return refuse("an update lists an object that is not there");
    }
    let numbers: BTreeSet<u32> =
        newer.iter().flat_map(|section| &section.entries).map(|(number, _)| *number).collect();
    containers(before, after, &numbers, end)?;
    Ok(Some(numbers))
}

/// Walks the updates from the end of the signed revision; answers the offsets of their objects.
fn written(
    file: &File<'_>,
    end: usize,
    listed: &BTreeMap<usize, u32>,
    tables: &BTreeMap<usize, (usize, bool)>,
) -> Result<BTreeSet<usize>, Refused> {
    let mut lexer = Lexer::new(file.bytes(), end);
    let mut written = BTreeSet::new();
    let mut passed = BTreeSet::new();
    loop {
        lexer.skip_space();
        let at = lexer.at();
        if at >= file.bytes().len() {
            return Ok(written);
        }
        if let Some((behind, stream)) = tables.get(&at) {
            passed.insert(at);
            if *stream {
                written.insert(at);
            }
            lexer.jump(*behind);
            continue;
        }
        if lexer.keyword("startxref") {
            let table = lexer.number().and_then(|table| usize::try_from(table).ok());
            if !table.is_some_and(|table| passed.contains(&table)) {
                return refuse("an update names a table that is not its own");
            }
            continue;
        }
        let placed = file.placed(at)?;
        let head = format!("{} 0 obj", placed.number);
        if listed.get(&at) != Some(&placed.number) || !begins(file, at, head.as_bytes()) {
            return refuse(format!("object {} is in no table", placed.number));
        }
        if placed.object.as_dict().is_some_and(twice) {
            return refuse(format!("object {} has a key twice", placed.number));
        }
        written.insert(at);
        lexer.jump(placed.span.end);
    }
}

fn begins(file: &File<'_>, at: usize, with: &[u8]) -> bool {
    file.bytes().get(at..).is_some_and(|rest| rest.starts_with(with))
}

/// Whether a table is written to the letter (ISO 32000-1, 7.5.4), entries of 20 bytes: what this reader understands
/// and another does not would make the other look for objects on its own.
fn canonical(file: &File<'_>, at: usize) -> bool {
    let lines = |bytes: &[u8]| bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    let mut rest = match file.bytes().get(at..).and_then(|rest| rest.strip_prefix(b"xref")) {
        Some(rest) => rest.trim_ascii_start(),
        None => return false,
    };
    while !rest.starts_with(b"trailer") {
        let Some((head, after)) = lines(rest).and_then(|end| rest.split_at_checked(end)) else {
            return false;
        };
        let mut words = head.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
        let (Some(_), Some(count), None) = (words.next(), words.next(), words.next()) else { return false };
        let count = std::str::from_utf8(count).ok().and_then(|count| count.parse::<usize>().ok());
        let table = after.trim_ascii_start();
        let Some((table, after)) =
            count.and_then(|count| count.checked_mul(20)).and_then(|bytes| table.split_at_checked(bytes))
        else {
            return false;
        };
        if !table.chunks(20).all(canonical_entry) {
            return false;
        }
        rest = after;
    }
    true
}

fn canonical_entry(entry: &[u8]) -> bool {
    let digits = |from, to| entry.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let used = match entry.get(17) {
        Some(b'n') => entry.get(11..16) == Some(b"00000"),
        Some(b'f') => true,
        _ => false,
    };
    let spaced = entry.get(10) == Some(&b' ') && entry.get(16) == Some(&b' ');
    let ended = matches!(entry.get(18..), Some(b" \n" | b" \r" | b"\r\n"));
    digits(0, 10) && digits(11, 16) && used && spaced && ended
}

fn twice(dict: &crate::verify::file::Dict) -> bool {
    dict.doubled() || dict.iter().any(|(_, value)| twice_within(value))
}

fn twice_within(value: &Object) -> bool {
    match value {
        Object::Dict(inner) => twice(inner),
        Object::Array(items) => items.iter().any(twice_within),
        _ => false,
    }
}

/// Objects within a stream of objects change with it, though no table says so.
fn containers(
    before: &File<'_>,
    after: &File<'_>,
    numbers: &BTreeSet<u32>,
    end: usize,
) -> Result<(), Refused> {
    if before.containers().any(|stream| numbers.contains(&stream)) {
        return refuse("a stream of objects was replaced");
    }
    for number in numbers {
        if let Some(Entry::Packed { stream, .. }) = after.entry(*number)
            && !matches!(after.entry(stream), Some(Entry::At(offset)) if offset >= end)
        {
            return refuse("an update takes an object out of the signed revision");
        }
    }
    Ok(())
}

use std::cell::Cell;
use std::collections::BTreeSet;

use super::filter::inflate;
use super::{Dict, Fault, Lexer, Object, Placed, Stream, limits};

/// Where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Free,
    At(usize),
    Packed { stream: u32, index: usize },
}

/// One cross-reference section with its trailer.
#[derive(Debug)]
pub(crate) struct Section {
    /// The byte at which it begins.
    pub(crate) at: usize,
    /// The byte behind its table, trailer or stream.
    pub(crate) end: usize,
    pub(crate) entries: Vec<(u32, Entry)>,
    pub(crate) trailer: Dict,
    /// Whether, being a stream, it names objects of a later generation.
    pub(crate) later: bool,
    /// The number of the stream, when the section is one.
    pub(crate) stream: Option<u32>,
}

/// All sections, the last one first. A section that continues another (`XRefStm`) stands right behind it.
pub(crate) fn sections(bytes: &[u8], inflated: &Cell<usize>) -> Result<Vec<Section>, Fault> {
    let mut sections: Vec<Section> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut objects = 0_usize;
    let mut next = Some(start(bytes)?);
    while let Some(at) = next {
        if !seen.insert(at) || sections.len() >= limits::SECTIONS {
            return Err(Fault { at, what: "cross-reference sections in a circle" });
        }
        let section = section(bytes, at, inflated)?;
        next = offset(&section.trailer, "Prev")?;
        let hybrid = offset(&section.trailer, "XRefStm")?;
        sections.push(section);
        if let Some(at) = hybrid {
            if !seen.insert(at) {
                return Err(Fault { at, what: "cross-reference sections in a circle" });
            }
            sections.push(stream_section(bytes, at, inflated)?);
        }
        objects = objects.saturating_add(sections.last().map_or(0, |section| section.entries.len()));
        if objects > limits::OBJECTS {
            return Err(Fault { at, what: "too many objects" });
        }
    }
    Ok(sections)
}

/// The object at an offset. The length of a stream may be written elsewhere; `length` looks it up.
pub(crate) fn placed(
    bytes: &[u8],
    offset: usize,
    length: &dyn Fn(u32) -> Option<usize>,
) -> Result<Placed, Fault> {
    let mut lexer = Lexer::new(bytes, offset);
    lexer.skip_space();
    let start = lexer.at();
    let number = lexer.number().and_then(|number| u32::try_from(number).ok());
    let (Some(number), Some(_), true) = (number, lexer.number(), lexer.keyword("obj")) else {
        return Err(Fault { at: offset, what: "no object" });
    };
    let mut object = lexer.object()?;
    if let Object::Dict(dict) = &object
        && lexer.keyword("stream")
    {
        let from = lexer.stream_start()?;
        let bytes_long = match dict.get("Length") {
            Some(Object::Integer(value)) => usize::try_from(*value).ok(),
            Some(Object::Reference(number)) => length(*number),
            _ => None,
        };
        let to = bytes_long.and_then(|long| from.checked_add(long)).filter(|to| *to <= bytes.len());
        let to = to.ok_or(lexer.fault("a stream without its length"))?;
        lexer.jump(to);
        if !lexer.keyword("endstream") {
            return Err(lexer.fault("the stream has another length"));
        }
        object = Object::Stream(Stream { dict: dict.clone(), data: from..to });
    }
    if lexer.keyword("endobj") {
        Ok(Placed { number, object, span: start..lexer.at() })
    } else {
        Err(lexer.fault("no endobj"))
    }
}

/// The offset behind the last `startxref`.
fn start(bytes: &[u8]) -> Result<usize, Fault> {
    let fault = Fault { at: bytes.len(), what: "no startxref" };
    let word = b"startxref";
    let at = bytes.windows(word.len()).rposition(|window| window == word).ok_or(fault)?;
    let offset = Lexer::new(bytes, at.saturating_add(word.len())).number();
    offset.and_then(|offset| usize::try_from(offset).ok()).filter(|offset| *offset < at).ok_or(fault)
}

fn offset(trailer: &Dict, key: &str) -> Result<Option<usize>, Fault> {
    match trailer.get(key) {
        None => Ok(None),
        Some(value) => {
            let offset = value.as_integer().and_then(|value| usize::try_from(value).ok());
            offset.map(Some).ok_or(Fault { at: 0, what: "no offset of a cross-reference section" })
        }
    }
}

fn section(bytes: &[u8], at: usize, inflated: &Cell<usize>) -> Result<Section, Fault> {
    let mut lexer = Lexer::new(bytes, at);
    if !lexer.keyword("xref") {
        return stream_section(bytes, at, inflated);
    }
    let mut entries = Vec::new();
    while !lexer.keyword("trailer") {
        let first = lexer.number().and_then(|first| u32::try_from(first).ok());
        let (Some(first), Some(count)) = (first, lexer.number()) else {
            return Err(lexer.fault("no table of objects"));
        };
        for ahead in 0..count {
            let number = u32::try_from(ahead).ok().and_then(|ahead| first.checked_add(ahead));
            let number = number.ok_or(lexer.fault("no number of an object"))?;
            if entries.len() >= limits::OBJECTS {
                return Err(lexer.fault("too many objects"));
            }
            entries.push((number, table_entry(&mut lexer)?));
        }
    }
    match lexer.object()? {
        Object::Dict(trailer) => {
            Ok(Section { at, end: lexer.at(), entries, trailer, later: false, stream: None })
        }
        _ => Err(lexer.fault("no trailer")),
    }
}

fn table_entry(lexer: &mut Lexer<'_>) -> Result<Entry, Fault> {
    let offset = lexer.number().and_then(|offset| usize::try_from(offset).ok());
    let generation = lexer.number().and_then(|generation| u16::try_from(generation).ok());
    let (Some(offset), Some(_)) = (offset, generation) else {
        return Err(lexer.fault("no entry of an object"));
    };
    match (lexer.keyword("n"), offset) {
        // Some writers enter an object that does not exist as lying at 0.
        (true, 0) => Ok(Entry::Free),
        (true, _) => Ok(Entry::At(offset)),
        (false, _) if lexer.keyword("f") => Ok(Entry::Free),
        _ => Err(lexer.fault("neither used nor free")),
    }
}

fn stream_section(bytes: &[u8], at: usize, inflated: &Cell<usize>) -> Result<Section, Fault> {
    let fault = |what| Fault { at, what };
    let placed = placed(bytes, at, &|_| None)?;
    let Object::Stream(stream) = placed.object else { return Err(fault("no cross-reference section")) };
    if !stream.dict.is("Type", "XRef") {
        return Err(fault("no cross-reference section"));
    }
    let widths =
        numbers(stream.dict.get("W")).filter(|widths| widths.len() == 3 && widths.iter().all(|w| *w <= 8));
    let (Some(widths), Some(size)) = (widths, stream.dict.integer("Size")) else {
        return Err(fault("no widths or size"));
    };
    let index = match stream.dict.get("Index") {
        None => vec![0, u64::try_from(size).map_err(|_| fault("no size"))?],
        index => numbers(index).ok_or(fault("no index"))?,
    };
    let data = inflate(bytes, &stream, inflated)?;
    let mut rest = data.as_slice();
    let (mut entries, mut later) = (Vec::new(), false);
    for range in index.chunks(2) {
        let [first, count] = range else { return Err(fault("no index")) };
        for number in *first..first.saturating_add(*count) {
            let mut fields = [1_u64, 0, 0];
            for (field, width) in fields.iter_mut().zip(&widths) {
                let width = usize::try_from(*width).map_err(|_| fault("no widths"))?;
                let (head, tail) = rest.split_at_checked(width).ok_or(fault("the table is too short"))?;
                if width > 0 {
                    *field = head.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
                }
                rest = tail;
            }
            let number = u32::try_from(number).map_err(|_| fault("no number of an object"))?;
            if entries.len() >= limits::OBJECTS {
                return Err(fault("too many objects"));
            }
            later |= fields[0] == 1 && fields[2] != 0;
            entries.extend(stream_entry(fields).map(|entry| (number, entry)));
        }
    }
    let (end, stream_number) = (placed.span.end, Some(placed.number));
    Ok(Section { at, end, entries, trailer: stream.dict, later, stream: stream_number })
}

/// A kind that is unknown is a reference to null (ISO 32000-1, 7.5.8.3).
fn stream_entry([kind, one, two]: [u64; 3]) -> Option<Entry> {
    match kind {
        1 => Some(Entry::At(usize::try_from(one).ok()?)),
        2 => Some(Entry::Packed { stream: u32::try_from(one).ok()?, index: usize::try_from(two).ok()? }),
        _ => Some(Entry::Free),
    }
}

fn numbers(value: Option<&Object>) -> Option<Vec<u64>> {
    let items = value?.as_array()?.iter();
    items.map(|item| item.as_integer().and_then(|value| u64::try_from(value).ok())).collect()
}

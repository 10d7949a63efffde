//! A reader of PDF files that repairs nothing and knows where in the file each thing is written.
//!
//! Signing reads with lopdf. Checking does not: whether the bytes left out of a signature are the string of its own
//! dictionary, and whether an update touches only what it lists, are questions about places in the file.

mod filter;
mod lex;
mod object;
mod table;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

pub(crate) use lex::Lexer;
pub(crate) use object::{Dict, Object, Stream, Text};
pub(crate) use table::{Entry, Section};

/// What a file may cost.
pub(crate) mod limits {
    /// Bytes of a file.
    pub(crate) const FILE: usize = 512 << 20;
    /// Arrays and dictionaries within each other.
    pub(crate) const DEPTH: usize = 64;
    /// Values in one object.
    pub(crate) const NODES: usize = 400_000;
    /// Bytes all tables and streams of objects of one reading may inflate to.
    pub(crate) const INFLATED: usize = 64 << 20;
    /// Cross-reference sections: one or two for each revision.
    pub(crate) const SECTIONS: usize = 1000;
    /// Objects of a file.
    pub(crate) const OBJECTS: usize = 2_000_000;
    /// Bytes of all objects read, as a multiple of the file: an object may be asked for more than once.
    pub(crate) const READ_AGAIN: usize = 12;
}

/// What cannot be read, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) what: &'static str,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at byte {}", self.what, self.at)
    }
}

/// An object as it stands in the file.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) number: u32,
    pub(crate) object: Object,
    pub(crate) span: Range<usize>,
}

/// A file, or the beginning of one up to the end of a revision.
#[derive(Debug)]
pub(crate) struct File<'a> {
    bytes: &'a [u8],
    sections: Vec<Section>,
    entries: BTreeMap<u32, Entry>,
    inflated: Cell<usize>,
    read: Cell<usize>,
    packed: RefCell<BTreeMap<u32, Rc<Packed>>>,
}

/// A stream of objects, inflated: where each begins.
#[derive(Debug)]
struct Packed {
    bytes: Vec<u8>,
    starts: Vec<(u32, usize)>,
}

impl<'a> File<'a> {
    /// Reads the tables of a file that begins at its first byte.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        if !bytes.starts_with(b"%PDF-") {
            return Err(Fault { at: 0, what: "does not begin with %PDF-" });
        }
        let inflated = Cell::new(0);
        let sections = table::sections(bytes, &inflated)?;
        let mut entries = BTreeMap::new();
        for section in &sections {
            for (number, entry) in &section.entries {
                entries.entry(*number).or_insert(*entry);
            }
        }
        Ok(Self { bytes, sections, entries, inflated, read: Cell::new(0), packed: RefCell::default() })
    }

    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The cross-reference sections, the last one first.
    pub(crate) fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The trailer of the last revision.
    pub(crate) fn trailer(&self) -> Option<&Dict> {
        self.sections.first().map(|section| &section.trailer)
    }

    pub(crate) fn entry(&self, number: u32) -> Option<Entry> {
        self.entries.get(&number).copied()
    }

    /// The streams that hold objects.
    pub(crate) fn containers(&self) -> impl Iterator<Item = u32> {
        self.entries.values().filter_map(|entry| match entry {
            Entry::Packed { stream, .. } => Some(*stream),
            _ => None,
        })
    }

    /// An object by its number; `Null` when there is none.
    pub(crate) fn get(&self, number: u32) -> Result<Object, Fault> {
        match self.entry(number) {
            None | Some(Entry::Free) => Ok(Object::Null),
            Some(Entry::At(offset)) => {
                let placed = self.placed(offset)?;
                if placed.number == number {
                    Ok(placed.object)
                } else {
                    Err(Fault { at: offset, what: "the table names another object" })
                }
            }
            Some(Entry::Packed { stream, index }) => self.packed(number, stream, index),
        }
    }

    /// What a value is when it is followed to where it is written.
    pub(crate) fn follow(&self, value: &Object) -> Result<Object, Fault> {
        let mut value = value.clone();
        for _ in 0..limits::DEPTH {
            match value {
                Object::Reference(number) => value = self.get(number)?,
                other => return Ok(other),
            }
        }
        Err(Fault { at: 0, what: "references in a circle" })
    }

    /// The value of a key, followed.
    pub(crate) fn value(&self, dict: &Dict, key: &str) -> Result<Option<Object>, Fault> {
        let Some(value) = dict.get(key) else { return Ok(None) };
        Ok(Some(self.follow(value)?).filter(|value| *value != Object::Null))
    }

    /// The dictionary a key leads to; `None` when it is absent or something else.
    pub(crate) fn dict(&self, dict: &Dict, key: &str) -> Result<Option<Dict>, Fault> {
        Ok(match self.value(dict, key)? {
            Some(Object::Dict(dict) | Object::Stream(Stream { dict, .. })) => Some(dict),
            _ => None,
        })
    }

    pub(crate) fn catalog(&self) -> Result<Dict, Fault> {
        let fault = Fault { at: 0, what: "no catalog" };
        self.dict(self.trailer().ok_or(fault)?, "Root")?.ok_or(fault)
    }

    /// The object written at an offset.
    pub(crate) fn placed(&self, offset: usize) -> Result<Placed, Fault> {
        let placed = table::placed(self.bytes, offset, &|length| self.length(length))?;
        let read = self.read.get().saturating_add(placed.span.len());
        self.read.set(read);
        if read > self.bytes.len().saturating_mul(limits::READ_AGAIN).saturating_add(1 << 20) {
            return Err(Fault { at: offset, what: "too much to read" });
        }
        Ok(placed)
    }

    /// The bytes of a stream as a reader sees them. Filters that only pictures use are refused.
    pub(crate) fn inflate(&self, stream: &Stream) -> Result<Vec<u8>, Fault> {
        filter::inflate(self.bytes, stream, &self.inflated)
    }

    /// Whether two objects are the same, streams byte for byte.
    pub(crate) fn same(&self, one: &Object, other: &Object) -> bool {
        match (one, other) {
            (Object::Stream(one), Object::Stream(other)) => {
                one.dict == other.dict
                    && self.bytes.get(one.data.clone()) == self.bytes.get(other.data.clone())
            }
            _ => one == other,
        }
    }

    /// The length of a stream that is written elsewhere: a whole number, plain.
    fn length(&self, number: u32) -> Option<usize> {
        let Some(Entry::At(offset)) = self.entry(number) else { return None };
        let placed = table::placed(self.bytes, offset, &|_| None).ok()?;
        let value = placed.object.as_integer().filter(|_| placed.number == number)?;
        usize::try_from(value).ok()
    }

    fn packed(&self, number: u32, stream: u32, index: usize) -> Result<Object, Fault> {
        let found = self.packed.borrow().get(&stream).cloned();
        let packed = match found {
            Some(packed) => packed,
            None => {
                let packed = Rc::new(self.unpack(stream)?);
                self.packed.borrow_mut().insert(stream, Rc::clone(&packed));
                packed
            }
        };
        match packed.starts.get(index) {
            Some((own, start)) if *own == number => {
                let object = Lexer::new(&packed.bytes, *start).object()?;
                Ok(unplaced(object))
            }
            _ => Err(Fault { at: 0, what: "the stream of objects holds another object" }),
        }
    }

    fn unpack(&self, number: u32) -> Result<Packed, Fault> {
        let fault = |what| Fault { at: 0, what };
        let Some(Entry::At(offset)) = self.entry(number) else {
            return Err(fault("no stream of objects"));
        };
        let placed = self.placed(offset)?;
        let Object::Stream(stream) = &placed.object else { return Err(fault("no stream of objects")) };
        if placed.number != number || !stream.dict.is("Type", "ObjStm") {
            return Err(fault("no stream of objects"));
        }
        let bytes = self.inflate(stream)?;
        let count = stream.dict.integer("N").and_then(|count| usize::try_from(count).ok());
        let first = stream.dict.integer("First").and_then(|first| usize::try_from(first).ok());
        let (Some(count), Some(first)) = (count, first) else { return Err(fault("no N or First")) };
        if count > bytes.len() {
            return Err(fault("more objects than bytes"));
        }
        let mut head = Lexer::new(&bytes, 0);
        let mut starts = Vec::new();
        for _ in 0..count {
            let own = head.number().and_then(|own| u32::try_from(own).ok());
            let start = head.number().and_then(|start| usize::try_from(start).ok()?.checked_add(first));
            let (Some(own), Some(start)) = (own, start) else { return Err(fault("no list of objects")) };
            starts.push((own, start));
        }
        Ok(Packed { bytes, starts })
    }
}

/// Places within an inflated stream are no places in the file.
fn unplaced(object: Object) -> Object {
    match object {
        Object::Text(text) => Object::Text(Text { span: 0..0, ..text }),
        Object::Array(items) => Object::Array(items.into_iter().map(unplaced).collect()),
        Object::Dict(dict) => {
            let entries = dict.iter().map(|(key, value)| (key.to_vec(), unplaced(value.clone())));
            Object::Dict(Dict::new(entries.collect()))
        }
        other => other,
    }
}

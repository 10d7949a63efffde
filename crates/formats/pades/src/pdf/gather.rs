//! From the strict reader to the objects signing works with.
//!
//! A file may be a scan of a thousand pages: only what leads to the pages, the form, the destinations and the evidence
//! is read, each object once, and not more than the limits allow.

use std::collections::HashSet;

use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat};

use crate::verify::file::{Entry, Fault, File, Lexer, Object as Read};
use crate::{Error, Reason, Result};

/// The keys that lead from the catalog to what signing reads or changes.
const WAYS: &[&str] = &[
    "AcroForm",
    "CRLs",
    "Certs",
    "CropBox",
    "D",
    "DSS",
    "Dests",
    "DocMDP",
    "Fields",
    "Kids",
    "MediaBox",
    "Names",
    "OCSPs",
    "Pages",
    "Perms",
    "Reference",
    "Root",
    "Rotate",
    "TransformParams",
    "V",
];

/// What one value costs in memory, about.
const VALUE_BYTES: usize = 96;

/// How much of a file is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What signing reads or changes.
    Frame,
    /// Everything the catalog reaches.
    Whole,
}

/// The objects in scope, with the trailer and where the next revision continues.
pub(crate) fn gather(file: &File<'_>, scope: Scope, bytes_max: usize) -> Result<Document> {
    let last = file.sections().first().ok_or_else(|| Error::new(Reason::Corrupt, "no trailer"))?;
    let mut gathering = Gathering { file, scope, left: bytes_max, seen: HashSet::new(), waiting: Vec::new() };
    let mut document = Document::new();
    document.reference_table.cross_reference_type = match last.stream {
        Some(_) => XrefType::CrossReferenceStream,
        None => XrefType::CrossReferenceTable,
    };
    document.xref_start = last.at;
    let numbers =
        file.sections().iter().flat_map(|section| section.entries.iter().map(|(number, _)| *number));
    document.max_id = numbers.max().unwrap_or(0);
    document.version = version(file.bytes());
    for (key, value) in last.trailer.iter() {
        let follow = if key == b"Root" { Follow::Ways } else { Follow::No };
        let value = gathering.object(value, follow)?;
        document.trailer.set(key, value);
    }
    while let Some((number, follow)) = gathering.waiting.pop() {
        let object = file.get(number).map_err(fault)?;
        let object = gathering.object(&object, follow)?;
        document.objects.insert(gathering.id(number), object);
    }
    Ok(document)
}

fn version(bytes: &[u8]) -> String {
    let digits = bytes.get(5..8).unwrap_or_default();
    String::from_utf8_lossy(digits).into_owned()
}

fn fault(fault: Fault) -> Error {
    Error::new(Reason::Corrupt, fault)
}

/// Which references of a value are read too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Follow {
    /// None.
    No,
    /// In dictionaries those under the keys that lead somewhere; in arrays all.
    Ways,
    /// All.
    All,
}

struct Gathering<'f, 'b> {
    file: &'f File<'b>,
    scope: Scope,
    left: usize,
    seen: HashSet<u32>,
    waiting: Vec<(u32, Follow)>,
}

impl Gathering<'_, '_> {
    fn object(&mut self, value: &Read, follow: Follow) -> Result<Object> {
        self.pay(VALUE_BYTES)?;
        Ok(match value {
            Read::Null => Object::Null,
            Read::Bool(value) => Object::Boolean(*value),
            Read::Integer(value) => Object::Integer(*value),
            Read::Real(digits) => Object::Real(String::from_utf8_lossy(digits).parse().unwrap_or(0.0)),
            Read::Name(name) => Object::Name(name.clone()),
            Read::Text(text) => {
                self.pay(text.bytes.len())?;
                Object::String(text.bytes.clone(), StringFormat::Literal)
            }
            Read::Array(items) => {
                let items = items.iter().map(|item| self.object(item, follow));
                Object::Array(items.collect::<Result<_>>()?)
            }
            Read::Dict(dict) => Object::Dictionary(self.entries(dict.iter(), follow)?),
            Read::Reference(number) => {
                if follow != Follow::No && self.seen.insert(*number) {
                    self.waiting.push((*number, follow));
                }
                Object::Reference(self.id(*number))
            }
            Read::Stream(stream) => {
                let content = self.file.bytes().get(stream.data.clone()).unwrap_or_default();
                self.pay(content.len())?;
                let dict = self.entries(stream.dict.iter(), follow)?;
                Object::Stream(Stream::new(dict, content.to_vec()))
            }
        })
    }

    fn entries<'e>(
        &mut self,
        entries: impl Iterator<Item = (&'e [u8], &'e Read)>,
        follow: Follow,
    ) -> Result<Dictionary> {
        let mut dictionary = Dictionary::new();
        for (key, value) in entries {
            let is_way = WAYS.iter().any(|way| way.as_bytes() == key);
            let below = match (self.scope, key, follow) {
                (Scope::Whole, ..) => Follow::All,
                (_, _, Follow::No) => Follow::No,
                // The list of annotations is changed; the annotations are not.
                (_, b"Annots", _) => {
                    if let Read::Reference(number) = value
                        && self.seen.insert(*number)
                    {
                        self.waiting.push((*number, Follow::No));
                    }
                    Follow::No
                }
                // The keys of old destinations are names of the document.
                (_, b"Dests", _) | (_, _, Follow::All) => Follow::All,
                (..) if is_way => Follow::Ways,
                (..) => Follow::No,
            };
            self.pay(key.len())?;
            dictionary.set(key, self.object(value, below)?);
        }
        Ok(dictionary)
    }

    /// The number with the generation that is written where the object is.
    fn id(&self, number: u32) -> ObjectId {
        let Some(Entry::At(offset)) = self.file.entry(number) else { return (number, 0) };
        let mut head = Lexer::new(self.file.bytes(), offset);
        head.skip_space();
        let generation = head.number().and_then(|_| head.number());
        (number, generation.and_then(|generation| generation.try_into().ok()).unwrap_or(0))
    }

    fn pay(&mut self, bytes: usize) -> Result<()> {
        self.left = self
            .left
            .checked_sub(bytes)
            .ok_or_else(|| Error::new(Reason::TooLarge, "the objects of the file"))?;
        Ok(())
    }
}

use std::collections::BTreeMap;
use std::ops::Range;

use lopdf::xref::XrefType;
use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat};

use super::{Pdf, open::corrupt, write};
use crate::cms::Digest;
use crate::{Error, Reason, Result};

/// No reader counts further (ISO 32000-1, annex C).
const OBJECTS_MAX: u32 = 8_388_607;

/// What is to be added behind the last byte of a file.
#[derive(Debug)]
pub(crate) struct Update<'a> {
    pdf: &'a Pdf<'a>,
    objects: BTreeMap<ObjectId, Object>,
    next: u32,
}

/// A file with one more revision.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    /// Where the value of the new signature stands, with its brackets.
    pub(crate) contents: Range<usize>,
    /// Where the four numbers stand, with their brackets.
    pub(crate) byte_range: Range<usize>,
}

impl<'a> Update<'a> {
    pub(crate) fn new(pdf: &'a Pdf<'a>) -> Result<Self> {
        let document = pdf.document();
        let size = document.trailer.get(b"Size").and_then(Object::as_i64).unwrap_or(0);
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        let last = document.reference_table.entries.keys().next_back().copied().unwrap_or(0);
        let next = size.max(last.saturating_add(1)).max(document.max_id.saturating_add(1));
        if next > OBJECTS_MAX / 2 {
            return Err(Error::new(Reason::Corrupt, format!("object number {next}")));
        }
        Ok(Self { pdf, objects: BTreeMap::new(), next })
    }

    pub(crate) fn pdf(&self) -> &'a Pdf<'a> {
        self.pdf
    }

    /// A number for an object whose content comes later.
    pub(crate) fn reserve(&mut self) -> ObjectId {
        let id = (self.next, 0);
        self.next += 1;
        id
    }

    pub(crate) fn set(&mut self, id: ObjectId, object: impl Into<Object>) {
        self.objects.insert(id, object.into());
    }

    pub(crate) fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        let id = self.reserve();
        self.set(id, object);
        id
    }

    /// The new version of an object, begun as a copy of the one in the file.
    pub(crate) fn change(&mut self, id: ObjectId) -> Result<&mut Object> {
        let old = self.pdf.document();
        match self.objects.entry(id) {
            std::collections::btree_map::Entry::Occupied(new) => Ok(new.into_mut()),
            std::collections::btree_map::Entry::Vacant(place) => {
                Ok(place.insert(old.get_object(id).map_err(corrupt)?.clone()))
            }
        }
    }

    pub(crate) fn change_dictionary(&mut self, id: ObjectId) -> Result<&mut Dictionary> {
        self.change(id)?.as_dict_mut().map_err(corrupt)
    }

    /// Adds `item` to the array `key` of the object `holder`, wherever that array stands.
    pub(crate) fn push(&mut self, holder: ObjectId, key: &[u8], item: ObjectId) -> Result<()> {
        let current = self.change_dictionary(holder)?.get(key).ok().cloned();
        let array = match current {
            Some(Object::Reference(id)) if self.pdf.document().get_object(id).is_ok_and(|o| !o.is_null()) => {
                self.change(id)?.as_array_mut().map_err(corrupt)?
            }
            Some(Object::Array(_)) => {
                let dictionary = self.change_dictionary(holder)?;
                dictionary.get_mut(key).and_then(Object::as_array_mut).map_err(corrupt)?
            }
            Some(Object::Null | Object::Reference(_)) | None => {
                self.change_dictionary(holder)?.set(key, vec![Object::Reference(item)]);
                return Ok(());
            }
            Some(_) => return Err(Error::new(Reason::Corrupt, "an array is something else")),
        };
        array.push(Object::Reference(item));
        Ok(())
    }

    /// The file with the update behind it; `signature` is the object whose value is still zeros.
    pub(crate) fn write(self, signature: Option<ObjectId>) -> Result<Written> {
        let old = self.pdf.bytes();
        let mut out = Vec::with_capacity(old.len() + 65_536);
        out.extend_from_slice(old);
        if !old.ends_with(b"\n") {
            out.push(b'\n');
        }
        let mut offsets = BTreeMap::new();
        let mut marks = write::Marks::default();
        for (id, object) in &self.objects {
            offsets.insert(*id, out.len());
            write::indirect(&mut out, *id, object, (signature == Some(*id)).then_some(&mut marks));
        }
        let start = out.len();
        match self.pdf.document().reference_table.cross_reference_type {
            XrefType::CrossReferenceTable => self.write_table(&mut out, &offsets),
            XrefType::CrossReferenceStream => self.write_stream(&mut out, offsets)?,
        }
        out.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        Ok(Written { bytes: out, contents: marks.contents, byte_range: marks.byte_range })
    }

    fn write_table(&self, out: &mut Vec<u8>, offsets: &BTreeMap<ObjectId, usize>) {
        out.extend_from_slice(b"xref\n");
        for section in sections(offsets) {
            let first = section.first().map_or(0, |((number, _), _)| *number);
            out.extend_from_slice(format!("{first} {}\n", section.len()).as_bytes());
            for ((_, generation), offset) in section {
                out.extend_from_slice(format!("{offset:010} {generation:05} n\r\n").as_bytes());
            }
        }
        out.extend_from_slice(b"trailer\n");
        write::object(out, &Object::Dictionary(self.trailer(self.next)));
        out.push(b'\n');
    }

    fn write_stream(&self, out: &mut Vec<u8>, mut offsets: BTreeMap<ObjectId, usize>) -> Result<()> {
        let id = (self.next, 0);
        offsets.insert(id, out.len());
        let mut index = Vec::new();
        let mut content = Vec::new();
        for section in sections(&offsets) {
            index.push(Object::from(section.first().map_or(0, |((number, _), _)| *number)));
            index.push(Object::from(u32::try_from(section.len()).unwrap_or(0)));
            for ((_, generation), offset) in section {
                let offset = u32::try_from(offset).map_err(|_| Error::new(Reason::TooLarge, "4 GiB"))?;
                content.push(1);
                content.extend(offset.to_be_bytes());
                content.extend(generation.to_be_bytes());
            }
        }
        let mut dictionary = self.trailer(self.next + 1);
        dictionary.set("Type", Object::Name(b"XRef".to_vec()));
        dictionary.set("W", [1, 4, 2].map(Object::from).to_vec());
        dictionary.set("Index", index);
        write::indirect(out, id, &Object::Stream(Stream::new(dictionary, content)), None);
        Ok(())
    }

    fn trailer(&self, size: u32) -> Dictionary {
        let document = self.pdf.document();
        let mut trailer = Dictionary::new();
        trailer.set("Size", size);
        for key in ["Root", "Info"] {
            if let Ok(value) = document.trailer.get(key.as_bytes()) {
                trailer.set(key, value.clone());
            }
        }
        trailer.set("Prev", i64::try_from(document.xref_start).unwrap_or(0));
        trailer.set("ID", self.identifier());
        trailer
    }

    /// The first half names the document and stays; the second names this revision (ISO 32000-1, 14.4).
    fn identifier(&self) -> Vec<Object> {
        let string = |bytes: Vec<u8>| Object::String(bytes, StringFormat::Hexadecimal);
        let old = self.pdf.document().trailer.get(b"ID").and_then(Object::as_array).ok();
        let first = old.and_then(|old| old.first()).and_then(|first| first.as_str().ok());
        let mut text = Vec::new();
        for object in old.into_iter().flatten() {
            write::object(&mut text, object);
        }
        for object in self.objects.values() {
            write::object(&mut text, object);
        }
        let mut fresh = Digest::Sha256.over(&[&text]);
        fresh.truncate(16);
        let first = first.map_or_else(|| fresh.clone(), <[u8]>::to_vec);
        vec![string(first), string(fresh)]
    }
}

/// Runs of object numbers without a hole.
fn sections(offsets: &BTreeMap<ObjectId, usize>) -> Vec<Vec<(ObjectId, usize)>> {
    let mut sections: Vec<Vec<(ObjectId, usize)>> = Vec::new();
    for (id, offset) in offsets {
        let follows = |section: &&mut Vec<(ObjectId, usize)>| {
            section.last().is_some_and(|((last, _), _)| last + 1 == id.0)
        };
        match sections.last_mut().filter(follows) {
            Some(section) => section.push((*id, *offset)),
            None => sections.push(vec![(*id, *offset)]),
        }
    }
    sections
}

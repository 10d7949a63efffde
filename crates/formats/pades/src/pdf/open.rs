use lopdf::{Dictionary, Document, Object, ObjectId};

use super::gather::{Scope, gather};
use crate::verify::file::File;
use crate::{Error, Reason, Result};

/// How much a file may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes_max: usize,
    /// Bytes of memory for its objects.
    pub objects_bytes_max: usize,
    /// Signature fields in one file.
    pub fields_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes_max: 256 << 20, objects_bytes_max: 128 << 20, fields_max: 200 }
    }
}

/// A file that was read: its bytes, and of its last revision the objects that signing reads or changes.
#[derive(Debug)]
pub struct Pdf<'a> {
    bytes: &'a [u8],
    document: Document,
    limits: Limits,
}

impl<'a> Pdf<'a> {
    /// Reads the tables, and what leads to the pages, the form, the destinations and the evidence.
    ///
    /// # Errors
    /// `TooLarge`, `Encrypted`, and `Corrupt` for whatever would have to be guessed: two readers that repair a file
    /// each in their way would see two documents under one signature.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self> {
        Self::read(bytes, limits, Scope::Frame)
    }

    /// Reads everything the catalog reaches.
    pub(crate) fn open_whole(bytes: &'a [u8], limits: &Limits) -> Result<Self> {
        Self::read(bytes, limits, Scope::Whole)
    }

    fn read(bytes: &'a [u8], limits: &Limits, scope: Scope) -> Result<Self> {
        if bytes.len() > limits.file_bytes_max {
            return Err(Error::new(Reason::TooLarge, format!("{} bytes", bytes.len())));
        }
        let file = File::open(bytes).map_err(|fault| Error::new(Reason::Corrupt, fault))?;
        if file.sections().iter().any(|section| section.trailer.get("Encrypt").is_some()) {
            return Err(Error::new(Reason::Encrypted, ""));
        }
        let document = gather(&file, scope, limits.objects_bytes_max)?;
        Ok(Self { bytes, document, limits: *limits })
    }

    /// The whole file.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Those objects.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The limits the file was opened with.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Where the catalog is.
    pub fn catalog_id(&self) -> Result<ObjectId> {
        self.document.trailer.get(b"Root").and_then(Object::as_reference).map_err(corrupt)
    }

    /// The catalog.
    pub fn catalog(&self) -> Result<&Dictionary> {
        self.document.get_dictionary(self.catalog_id()?).map_err(corrupt)
    }

    /// The object behind any number of references; `None` for what is absent, null or refers to itself.
    pub fn resolve<'b>(&'b self, object: &'b Object) -> Option<&'b Object> {
        match self.document.dereference(object) {
            Ok((_, Object::Null)) | Err(_) => None,
            Ok((_, object)) => Some(object),
        }
    }

    /// An entry of a dictionary, behind its references.
    pub fn entry<'b>(&'b self, dictionary: &'b Dictionary, key: &[u8]) -> Option<&'b Object> {
        self.resolve(dictionary.get(key).ok()?)
    }
}

pub(crate) fn corrupt(error: lopdf::Error) -> Error {
    Error::new(Reason::Corrupt, error)
}

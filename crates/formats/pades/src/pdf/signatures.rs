use std::collections::{HashMap, HashSet};

use lopdf::{Dictionary, Object, ObjectId};

use super::{ByteRange, Pdf, open::corrupt};
use crate::{Error, Reason, Result};

/// For whom a signature stands, as the signing program wrote it into the signed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The competent person (Decree 30/2020, appendix I, part I, II.7).
    Person,
    /// The organisation, on the document itself (appendix I, part I, II.8.a).
    Organisation,
    /// The organisation, on an annex in a file of its own (appendix I, part I, II.8.b and III.1.d).
    Annex,
    /// The organisation, on an electronic copy or a scan (appendix I, part III, I.3).
    Copy,
}

impl Kind {
    /// The key in the signature dictionary, with the second-class prefix ISO 32000 asks for.
    pub(crate) const KEY: &'static [u8] = b"VNVL_Kind";

    const NAMES: [(Self, &'static str); 4] = [
        (Self::Person, "Person"),
        (Self::Organisation, "Organisation"),
        (Self::Annex, "Annex"),
        (Self::Copy, "Copy"),
    ];

    /// The word in the file.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    fn of(dictionary: &Dictionary) -> Option<Self> {
        let name = dictionary.get(Self::KEY).and_then(Object::as_name).ok()?;
        Self::NAMES.iter().find(|(_, known)| known.as_bytes() == name).map(|(kind, _)| *kind)
    }
}

/// A signature field of the last revision. Its numbers come from the file and are not to be trusted.
#[derive(Debug, Clone)]
pub struct SignatureField {
    /// The full name, dots between the levels.
    pub name: String,
    /// The object of the field.
    pub id: ObjectId,
    /// The dictionary of the field.
    pub field: Dictionary,
    /// The dictionary of the signature; `None` while the field is empty.
    pub value: Option<Dictionary>,
    /// The page the field is drawn on, counted from 1, when it can be told.
    pub page: Option<u32>,
}

impl SignatureField {
    /// The value as it stands in the file, with the zeros behind the message.
    pub fn contents(&self) -> Option<&[u8]> {
        self.value.as_ref()?.get(b"Contents").and_then(Object::as_str).ok()
    }

    /// What the signature says it covers.
    pub fn byte_range(&self) -> Option<ByteRange> {
        ByteRange::of(self.value.as_ref()?.get(b"ByteRange").ok()?)
    }

    /// `ETSI.CAdES.detached`, `adbe.pkcs7.detached`, `ETSI.RFC3161` …
    pub fn sub_filter(&self) -> Option<&[u8]> {
        self.value.as_ref()?.get(b"SubFilter").and_then(Object::as_name).ok()
    }

    /// Whether it is a timestamp over the document, not the signature of somebody.
    pub fn is_timestamp(&self) -> bool {
        self.sub_filter() == Some(b"ETSI.RFC3161")
            || self.value.as_ref().is_some_and(|value| value.has_type(b"DocTimeStamp"))
    }

    /// For whom it stands; `None` when another program made it.
    pub fn kind(&self) -> Option<Kind> {
        Kind::of(self.value.as_ref()?)
    }

    /// Whether its bytes reach to the end of `bytes`.
    pub fn covers_whole(&self, bytes: &[u8]) -> bool {
        self.byte_range().is_some_and(|range| range.after.end == bytes.len())
    }
}

impl Pdf<'_> {
    /// The form of the document, when it has one.
    pub fn form(&self) -> Result<Option<&Dictionary>> {
        Ok(self.entry(self.catalog()?, b"AcroForm").and_then(|form| form.as_dict().ok()))
    }

    /// All signature fields, signed and empty, in the order of the file.
    ///
    /// # Errors
    /// `TooLarge` beyond the limit of fields; `Corrupt` when the form is not one.
    pub fn signature_fields(&self) -> Result<Vec<SignatureField>> {
        let Some(fields) = self.form()?.and_then(|form| self.entry(form, b"Fields")) else {
            return Ok(Vec::new());
        };
        let fields = fields.as_array().map_err(corrupt)?;
        let pages: HashMap<ObjectId, u32> =
            self.document().get_pages().into_iter().map(|(number, id)| (id, number)).collect();
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting: Vec<(ObjectId, Above)> =
            ids(fields).rev().map(|id| (id, Above::default())).collect();
        // A field that is its own kid, or the kid of two, is visited once.
        while let Some((id, above)) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            if seen.len() > self.limits().fields_max * 20 {
                return Err(Error::new(Reason::TooLarge, "fields of the form"));
            }
            let Ok(field) = self.document().get_dictionary(id) else { continue };
            let here = above.below(field);
            let kids = self.entry(field, b"Kids").and_then(|kids| kids.as_array().ok());
            let kids: Vec<ObjectId> = kids.map(|kids| ids(kids).collect()).unwrap_or_default();
            // Kids without a name of their own are only the places where this field is drawn.
            let is_named =
                |kid: &ObjectId| self.document().get_dictionary(*kid).is_ok_and(|kid| kid.has(b"T"));
            if here.is_signature && !kids.iter().any(is_named) {
                let page = field.get(b"P").and_then(Object::as_reference).ok();
                let page = page.and_then(|page| pages.get(&page).copied());
                found.push(self.signature_field(id, field, here.name, page));
            } else {
                waiting.extend(kids.into_iter().rev().map(|kid| (kid, here.clone())));
            }
        }
        if found.len() > self.limits().fields_max {
            return Err(Error::new(Reason::TooLarge, "signature fields"));
        }
        Ok(found)
    }

    fn signature_field(
        &self,
        id: ObjectId,
        field: &Dictionary,
        name: String,
        page: Option<u32>,
    ) -> SignatureField {
        let value = self.entry(field, b"V").and_then(|value| value.as_dict().ok()).cloned();
        SignatureField { name, id, field: field.clone(), value, page }
    }
}

/// What a field inherits.
#[derive(Debug, Clone, Default)]
struct Above {
    name: String,
    is_signature: bool,
}

impl Above {
    fn below(&self, field: &Dictionary) -> Self {
        let own = field.get(b"T").and_then(Object::as_str).map(text).ok();
        let name = match (self.name.as_str(), own) {
            (_, None) => self.name.clone(),
            ("", Some(own)) => own,
            (above, Some(own)) => format!("{above}.{own}"),
        };
        let own = field.get(b"FT").and_then(Object::as_name).ok();
        Self { name, is_signature: own.map_or(self.is_signature, |kind| kind == b"Sig") }
    }
}

fn ids(objects: &[Object]) -> impl DoubleEndedIterator<Item = ObjectId> + '_ {
    objects.iter().filter_map(|object| object.as_reference().ok())
}

/// A text string: UTF-16 with its mark, UTF-8 with its mark, or a byte a character.
pub(crate) fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let (pairs, _) = rest.as_chunks::<2>();
            let units: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            String::from_utf16_lossy(&units)
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

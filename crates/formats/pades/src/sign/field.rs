use lopdf::{Dictionary, Object, ObjectId, StringFormat, dictionary};

use crate::Result;
use crate::pdf::{Page, SignatureField, Update, number};

/// Print, and locked: it is not moved (ISO 32000-1, 12.5.3).
const FLAGS: i64 = 4 | 128;
/// There are signatures, and whoever saves only adds (ISO 32000-1, 12.7.2).
const SIGNATURES_EXIST_APPEND_ONLY: i64 = 1 | 2;

/// A signature field to be written.
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    /// What a reader that cannot see is told.
    pub(crate) label: &'a str,
    /// The object of the signature.
    pub(crate) value: ObjectId,
    pub(crate) page: &'a Page,
    /// Left, bottom, right, top in thousandths of a point.
    pub(crate) rectangle: [i64; 4],
    /// The drawing.
    pub(crate) form: ObjectId,
}

/// Writes the field, new or empty so far, into the page and the form of the document.
pub(crate) fn write(
    update: &mut Update<'_>,
    field: &Field<'_>,
    empty: Option<&SignatureField>,
) -> Result<()> {
    let mut widget = dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Sig", "F" => FLAGS, "T" => text(field.name),
        "P" => field.page.id, "V" => field.value, "Rect" => field.rectangle.map(number).to_vec(),
        "AP" => dictionary! { "N" => field.form },
    };
    if !field.label.is_empty() {
        widget.set("TU", text(field.label));
    }
    if let Some(empty) = empty {
        widget.remove(b"T");
        let old = update.change_dictionary(empty.id)?;
        for (key, value) in widget {
            old.set(key, value);
        }
        return signatures_exist(update);
    }
    let id = update.add(widget);
    update.push(field.page.id, b"Annots", id)?;
    match form_id(update)? {
        Some(form) => update.push(form, b"Fields", id)?,
        None => {
            let catalog = update.pdf().catalog_id()?;
            let mut form = update.pdf().form()?.cloned().unwrap_or_else(Dictionary::new);
            // The form stood inside the catalog; as an object of its own the next signature changes only it.
            let fields = form.get(b"Fields").ok().cloned();
            let form_id = update.reserve();
            if fields.is_none() {
                form.set("Fields", Vec::<Object>::new());
            }
            update.set(form_id, form);
            update.push(form_id, b"Fields", id)?;
            update.change_dictionary(catalog)?.set("AcroForm", form_id);
            update.change_dictionary(form_id)?.set("SigFlags", SIGNATURES_EXIST_APPEND_ONLY);
            return Ok(());
        }
    }
    signatures_exist(update)
}

fn form_id(update: &Update<'_>) -> Result<Option<ObjectId>> {
    let catalog = update.pdf().catalog()?;
    let id = catalog.get(b"AcroForm").and_then(Object::as_reference).ok();
    Ok(id.filter(|id| update.pdf().document().get_dictionary(*id).is_ok()))
}

fn signatures_exist(update: &mut Update<'_>) -> Result<()> {
    match form_id(update)? {
        Some(id) => update.change_dictionary(id)?.set("SigFlags", SIGNATURES_EXIST_APPEND_ONLY),
        None => {
            let catalog = update.pdf().catalog_id()?;
            let form = update.change_dictionary(catalog)?.get_mut(b"AcroForm");
            if let Ok(Object::Dictionary(form)) = form {
                form.set("SigFlags", SIGNATURES_EXIST_APPEND_ONLY);
            }
        }
    }
    Ok(())
}

/// A text string any reader understands.
pub(crate) fn text(value: &str) -> Object {
    if value.is_ascii() {
        return Object::String(value.as_bytes().to_vec(), StringFormat::Literal);
    }
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(value.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

use lopdf::dictionary;

use super::{Authority, TIMESTAMP_ROOM_BYTES, token};
use crate::Result;
use crate::cms::Digest;
use crate::pdf::{Frame, Limits, Page, Pdf, Update, form_of_nothing};
use crate::sign::{Field, Value, empty_field, with_room, write_field};

/// Adds a timestamp over the whole document (a `DocTimeStamp`, ETSI EN 319 142-1, 5.5) in a field of its own that
/// shows nothing. Over evidence it makes B-LT to B-LTA; over a signature without a timestamp it proves the same.
///
/// # Errors
/// `FieldTaken`; `Timestamp`; what [`crate::pdf::Pdf::open`] refuses.
pub fn add_to_document(
    pdf: &[u8],
    field: &str,
    limits: &Limits,
    authority: &Authority<'_>,
) -> Result<Vec<u8>> {
    let opened = Pdf::open(pdf, limits)?;
    let fields = opened.signature_fields()?;
    let empty = empty_field(&fields, field)?;
    let page = Page::find(&opened, 1)?;
    let mut update = Update::new(&opened)?;
    let rectangle = [0; 4];
    let form = form_of_nothing(&mut update, &Frame { page: &page, rectangle });
    let value = dictionary! {
        "Type" => "DocTimeStamp", "Filter" => "Adobe.PPKLite", "SubFilter" => "ETSI.RFC3161",
    };
    let value = update.add(with_room(value, TIMESTAMP_ROOM_BYTES));
    let field = Field { name: field, label: "", value, page: &page, rectangle, form };
    write_field(&mut update, &field, empty)?;
    let value = Value::of(update.write(Some(value))?)?;
    let token = token(&value.parts()?, Digest::Sha256, authority)?;
    value.fill(&token)
}

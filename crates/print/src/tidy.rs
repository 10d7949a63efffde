//! Every text that comes in: one normal form, and only letters that the fonts have.

use crate::{Unprintable, world};
use serde_json::Value;

/// Puts all texts into NFC, with control characters and doubled spaces removed.
///
/// # Errors
/// `letter` for one that the fonts lack, when `strict`; else it becomes an empty box.
pub(crate) fn tidy(value: &mut Value, strict: bool) -> Result<(), Unprintable> {
    match value {
        Value::String(text) => {
            *text = base::text::clean_line(text);
            let Some(strange) = text.chars().find(|c| !world::has_letter(*c)) else { return Ok(()) };
            if strict {
                let message = format!("“{strange}” (U+{:04X})", u32::from(strange));
                return Err(Unprintable::new("letter", message));
            }
            *text = text.chars().map(|c| if world::has_letter(c) { c } else { UNKNOWN }).collect();
            Ok(())
        }
        Value::Array(items) => items.iter_mut().try_for_each(|item| tidy(item, strict)),
        Value::Object(fields) => fields.values_mut().try_for_each(|field| tidy(field, strict)),
        _ => Ok(()),
    }
}

/// Stands for a letter that cannot be shown.
const UNKNOWN: char = '□';

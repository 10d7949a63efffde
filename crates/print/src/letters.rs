//! The models of Annex III as data, to be filled in.

use contracts::print::DocumentType;
use serde_json::{Map, Value};

/// The model of a type with its formulas and nothing else: JSON of a request, to be filled in. Types without a
/// model of their own have the one for all documents with a name (Annex III, model 1.4).
pub fn letter(kind: DocumentType) -> String {
    let mut letter = Map::new();
    letter.insert("kind".to_owned(), "document".into());
    letter.insert("type".to_owned(), kind.slug().into());
    letter.insert("head".to_owned(), head(kind));
    letter.insert("subject".to_owned(), "".into());
    for of in ["", kind.slug()] {
        if let Some(Value::Object(own)) = models().get(of) {
            letter.extend(own.clone());
        }
    }
    serde_json::to_string_pretty(&letter).unwrap_or_default()
}

/// All that is known of the head is the first group of the notation.
fn head(kind: DocumentType) -> Value {
    let notation = match kind.abbreviation() {
        "" => String::new(),
        abbreviation => format!("{abbreviation}-CQ"),
    };
    serde_json::json!({ "parent": "", "agency": "", "number": null, "notation": notation, "place": "", "date": null })
}

#[expect(clippy::expect_used, reason = "the models are compiled in and every test run reads them")]
fn models() -> Value {
    serde_json::from_str(include_str!("letters.json")).expect("letters.json")
}

//! What a secret document needs before it has a number, and when a number may be voided (Decree 30/2020, article
//! 15.1: secret documents have a series of their own).

use crate::model::secret::Secret;
use base::{FieldErrors, Refusal};

/// A sheet of paper has a page and a copy, and goes to somebody.
pub(crate) fn lacks(copies: i64, pages: i64) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for (name, n) in [("copies", copies), ("pages", pages)] {
        if n < 1 {
            errors.add(name, "documents.secret.error.at_least_one");
        }
    }
    errors
}

/// A number that was drawn by mistake is voided once. It is not given again: the series only goes on.
pub(crate) fn void(document: &Secret) -> Result<(), Refusal> {
    match document.voided_at {
        None => Ok(()),
        Some(_) => Err(Refusal::new("documents.secret.refuse.voided").with("symbol", &document.symbol)),
    }
}

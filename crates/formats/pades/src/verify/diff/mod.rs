//! What was changed after a signature was made.
//!
//! The revision that was signed and the file as it is now are compared object by object. Every object that can be
//! reached in the signed revision must be as it was; the few places where a permitted change is written (further
//! signatures, timestamps, validation data, permitted form filling) are each compared by a rule of their own. What is
//! on no list is refused: new kinds of attack need no new code.

mod fields;
mod metadata;
mod permission;
mod roles;
mod rules;
mod update;

use serde::Serialize;

use super::field::Signed;
use super::file::{Fault, File};
use permission::Permission;
pub(crate) use permission::level;

/// A change after signing that the signature permits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "change", content = "field", rename_all = "kebab-case")]
pub enum Change {
    /// A further signature, in this field.
    Signature(String),
    /// A timestamp over the document, in this field.
    Timestamp(String),
    /// An empty field for a signature to come.
    EmptyField(String),
    /// A field that was filled in, as a certification permits.
    Filled(String),
    /// Certificates, revocation lists and answers (DSS).
    ValidationData,
    /// The date of the change and the program that made it.
    Metadata,
}

impl Change {
    /// Whether the change says nothing to a reader, so that no signature need cover it.
    pub(crate) fn silent(&self) -> bool {
        matches!(self, Self::ValidationData | Self::Metadata)
    }
}

/// Why a change is refused; for logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused(pub(crate) String);

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self(fault.to_string())
    }
}

pub(crate) fn refuse<T>(why: impl Into<String>) -> Result<T, Refused> {
    Err(Refused(why.into()))
}

/// The changes between the revision that ends at `before` and the file as it is, all of them permitted.
pub(crate) fn changes(before: &File<'_>, after: &File<'_>, signed: &Signed) -> Result<Vec<Change>, Refused> {
    let Some(numbers) = update::numbers(before, after)? else { return Ok(Vec::new()) };
    let permission = Permission::of(before, signed)?;
    let mut touched = Vec::new();
    for number in numbers {
        let (old, new) = (before.get(number)?, after.get(number)?);
        if !after.same(&old, &new) {
            touched.push(number);
        }
    }
    let mut compared = rules::Compared::new(before, after, &permission, &touched)?;
    compared.trailer()?;
    compared.reachable()?;
    compared.catalog()?;
    compared.pages()?;
    compared.fields()?;
    Ok(compared.finish())
}

//! Decisions: pure, without a database. Each rule that comes from a law names its article.

pub(crate) mod archive;
pub(crate) mod catalogue;
pub(crate) mod dossier;
pub(crate) mod handover;

/// What a rule answers: a value, or a refusal that speaks to a person.
pub(crate) type Ruled<T = ()> = std::result::Result<T, base::Refusal>;

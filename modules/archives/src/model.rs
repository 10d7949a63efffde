//! The nouns: catalogues, dossiers and what is in them, hand-overs, destructions.

mod archive;
mod catalogue;
mod dossier;

pub(crate) use archive::{Destruction, DestructionState, Handover, HandoverState};
pub(crate) use catalogue::{Catalogue, CatalogueState, Heading, Line, Numbering};
pub(crate) use dossier::{Access, Dossier, DossierState, Entry, EntryKind};

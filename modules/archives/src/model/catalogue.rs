//! The catalogue of a year: headings, and the dossiers to be opened under them.

use base::{AgencyId, Date, Id, Instant, PersonId};
use kernel::{record, row, states};

states! {
    /// Where a catalogue stands.
    pub(crate) enum CatalogueState {
        /// Being drawn up.
        Draft = "draft",
        /// Approved by the head of the agency: dossiers are opened by it.
        Approved = "approved",
    }
}

states! {
    /// How dossiers are numbered (annex V, I.2).
    pub(crate) enum Numbering {
        /// From 01 through the whole catalogue.
        Whole = "whole",
        /// From 01 under each big heading.
        Heading = "heading",
    }
}

record! {
    "archives_catalogues",
    "SELECT id, agency_id, year, state, numbering, decision, decided_on, approved_at, approved_by, created_at,
        created_by
     FROM archives_catalogues
     WHERE {scope} AND id = $1";
    /// The dossiers an agency means to open in a year.
    pub(crate) struct Catalogue {
        /// Id.
        id: Id<Catalogue>,
        /// The agency.
        agency: AgencyId,
        /// The year.
        year: i64,
        /// Where it stands.
        state: CatalogueState,
        /// How its dossiers are numbered.
        numbering: Numbering,
        /// Number and notation of the decision that approved it.
        decision: String,
        /// Date of that decision.
        decided_on: Option<Date>,
        /// When it was approved.
        approved_at: Option<Instant>,
        /// By whom.
        approved_by: String,
        /// When it was begun.
        created_at: Instant,
        /// By whom.
        created_by: String,
    }
}

row! {
    /// A heading. A big one has a symbol, a small one a parent.
    pub(crate) struct Heading {
        /// Id.
        id: Id<Heading>,
        /// The big heading it stands under.
        parent: Option<Id<Heading>>,
        /// Place in the catalogue.
        sort: i64,
        /// Name: a unit or a field of work.
        name: String,
        /// Abbreviation of a big heading.
        symbol: String,
    }
}

record! {
    "archives_lines",
    "SELECT id, agency_id, catalogue_id, heading_id, number, notation, title, years, construction, person_id,
        person_name, note, voided_at
     FROM archives_lines
     WHERE {scope} AND id = $1";
    /// A dossier that is to be opened.
    pub(crate) struct Line {
        /// Id.
        id: Id<Line>,
        /// The agency.
        agency: AgencyId,
        /// Its catalogue.
        catalogue: Id<Catalogue>,
        /// The heading it stands under.
        heading: Id<Heading>,
        /// Its number.
        number: i64,
        /// Number and symbol: `01.TCCB`.
        notation: String,
        /// Title of the dossier.
        title: String,
        /// Years it is kept; none is for ever.
        years: Option<i64>,
        /// True for a construction, which is handed over sooner.
        construction: bool,
        /// Who is to open it.
        person: Option<PersonId>,
        /// Their name.
        person_name: String,
        /// Remark.
        note: String,
        /// When it was struck out.
        voided_at: Option<Instant>,
    }
}

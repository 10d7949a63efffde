//! The nouns of the desk.

use base::{AgencyId, Date, Id, PersonId};

kernel::states! {
    /// When a person is told of what a kept search finds anew.
    pub enum Alert {
        /// Never.
        Never = "",
        /// Within a quarter of an hour.
        Now = "now",
        /// In the morning.
        Daily = "daily",
    }
}

kernel::record! {
    "desk_searches",
    "SELECT id, agency_id, person_id, name, words, kind, from_date, to_date, alert, mark
     FROM desk_searches
     WHERE {scope} AND id = $1";
    /// A search a person keeps.
    pub struct Kept {
        /// Id.
        id: Id<Kept>,
        /// The agency it searches.
        agency: AgencyId,
        /// Whose it is.
        person: PersonId,
        /// What its owner calls it.
        name: String,
        /// What is searched for.
        words: String,
        /// One kind of things; empty for all.
        kind: String,
        /// Not before.
        from: Option<Date>,
        /// Not after.
        to: Option<Date>,
        /// When its owner is told.
        alert: Alert,
        /// The last row number that was looked at.
        mark: i64,
    }
}

//! Copies of documents: sao y, sao lục, trích sao.

use crate::model::{Incoming, Outgoing};
use base::{AgencyId, Date, Id, Instant};
use kernel::{record, states};

states! {
    /// The three forms of a copy (Decree 30/2020, article 25).
    pub(crate) enum CopyForm {
        /// Sao y: the whole, of the original.
        Whole = "sao_y",
        /// Sao lục: the whole, of a copy.
        OfCopy = "sao_luc",
        /// Trích sao: a part.
        Extract = "trich_sao",
    }
}

states! {
    /// What a copy is on.
    pub(crate) enum Medium {
        /// A file that the agency has signed.
        Electronic = "electronic",
        /// Paper, printed and signed by hand.
        Paper = "paper",
    }
}

record! {
    "documents_copies",
    "SELECT id, agency_id, incoming_id, outgoing_id, form, medium, number, symbol, of_symbol, subject, extract,
        signer_competence, signer_position, signer_name, to_places, made_on, sha256, made_at, made_by
     FROM documents_copies
     WHERE {scope} AND id = $1";
    /// A copy an agency has made.
    pub(crate) struct DocumentCopy {
        /// Id.
        id: Id<DocumentCopy>,
        /// The agency that made it.
        agency: AgencyId,
        /// The document that came and was copied.
        incoming: Option<Id<Incoming>>,
        /// The document of the agency's own that was copied.
        outgoing: Option<Id<Outgoing>>,
        /// Which of the three.
        form: CopyForm,
        /// On paper or not.
        medium: Medium,
        /// Its number in the series of all copies.
        number: i64,
        /// Number and notation: `01/SY-UBND`.
        symbol: String,
        /// Number and notation of what was copied.
        of_symbol: String,
        /// Trích yếu of what was copied.
        subject: String,
        /// The part that was copied; empty for the whole.
        extract: String,
        /// `TM.`, `KT.`, `TL.`, `TUQ.` or empty.
        signer_competence: String,
        /// Position of who decides that it is made, and signs one on paper.
        signer_position: String,
        /// Name of the same.
        signer_name: String,
        /// "Nơi nhận", a line each.
        to_places: String,
        /// Its date.
        made_on: Date,
        /// The signed file, by its name in the store; empty on paper.
        sha256: String,
        /// When its number was drawn.
        made_at: Instant,
        /// Who drew it.
        made_by: String,
    }
}

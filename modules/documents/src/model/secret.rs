//! Secret documents: what the register of an agency knows of a state secret that was issued on paper.

use base::{AgencyId, Date, Id, Instant, UnitId};
use kernel::{record, states};

states! {
    /// The three levels of a state secret, lowest first.
    pub(crate) enum SecrecyLevel {
        /// Mật.
        Secret = "secret",
        /// Tối mật.
        TopSecret = "top_secret",
        /// Tuyệt mật.
        AbsoluteSecret = "absolute_secret",
    }
}

record! {
    "documents_secret",
    "SELECT id, agency_id, level, type_name, subject, unit_id, signer_competence, signer_position, signer_name,
        to_places, copies, pages, number, symbol, promulgated, issued_at, issued_by, voided_at, voided_by,
        void_reason
     FROM documents_secret
     WHERE {scope} AND id = $1";
    /// A secret document. Its text is on paper and nowhere else.
    pub(crate) struct Secret {
        /// Id.
        id: Id<Secret>,
        /// The agency that issued it.
        agency: AgencyId,
        /// How secret it is.
        level: SecrecyLevel,
        /// Type.
        type_name: String,
        /// Trích yếu; empty when it is a secret itself.
        subject: String,
        /// The drafting unit.
        unit: Option<UnitId>,
        /// `TM.`, `KT.`, `TL.`, `TUQ.` or empty.
        signer_competence: String,
        /// Position of the signer.
        signer_position: String,
        /// Name of the signer.
        signer_name: String,
        /// "Nơi nhận", a line each.
        to_places: String,
        /// Paper copies.
        copies: i64,
        /// Pages.
        pages: i64,
        /// Its number in the series of secret documents.
        number: i64,
        /// Number and notation.
        symbol: String,
        /// Date of promulgation.
        promulgated: Date,
        /// When the number was drawn.
        issued_at: Instant,
        /// Who drew it.
        issued_by: String,
        /// When the number was voided.
        voided_at: Option<Instant>,
        /// Who voided it.
        voided_by: String,
        /// Why.
        void_reason: String,
    }
}

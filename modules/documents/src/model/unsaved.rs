//! A document that is only looked at: what a draft would be if it were saved now.

use crate::model::{Outgoing, OutgoingStatus};
use base::{AgencyId, Id, Instant, PersonId};

impl Outgoing {
    /// A draft with nothing in it, which no database knows.
    pub(crate) fn unsaved(agency: AgencyId, drafter: PersonId, now: Instant) -> Outgoing {
        Outgoing {
            id: Id::of(uuid::Uuid::nil()),
            agency,
            unit: None,
            drafter,
            drafter_name: String::new(),
            type_code: String::new(),
            type_name: String::new(),
            subject: String::new(),
            body: String::new(),
            urgency: 0,
            pages: 1,
            copies: 1,
            due: None,
            to_places: String::new(),
            answers: None,
            forwards: None,
            status: OutgoingStatus::Drafting,
            version: 1,
            created_at: now,
            updated_at: now,
            content_by: String::new(),
            content_at: None,
            format_by: String::new(),
            format_at: None,
            signer: None,
            signer_competence: String::new(),
            signer_position: String::new(),
            signer_name: String::new(),
            signed_at: None,
            series: String::new(),
            number_year: None,
            number: None,
            symbol: String::new(),
            promulgated: None,
            issued_at: None,
            issued_by: String::new(),
            document_id: String::new(),
            envelope: None,
            content_person: None,
            format_person: None,
            plan: String::new(),
            dropped_files: String::new(),
            voided_at: None,
            voided_by: String::new(),
            void_reason: String::new(),
            updates: None,
            replaces: None,
            change_reason: String::new(),
            replaced_by: None,
            frozen_at: None,
        }
    }
}

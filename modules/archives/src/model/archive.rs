//! What the archive does: hand-overs and destructions.

use base::{AgencyId, Date, Id, Instant, PersonId};
use kernel::{record, states};

states! {
    /// Where a hand-over stands.
    pub(crate) enum HandoverState {
        /// Waits for the archive.
        Offered = "offered",
        /// The archive has it.
        Received = "received",
        /// The archive gave it back.
        Returned = "returned",
    }
}

states! {
    /// Where a destruction stands.
    pub(crate) enum DestructionState {
        /// Waits for the head of the agency.
        Proposed = "proposed",
        /// Decided and carried out.
        Done = "done",
        /// The head said no.
        Refused = "refused",
    }
}

record! {
    "archives_handovers",
    "SELECT id, agency_id, year, number, state, block, condition, giver, giver_name, giver_post, offered_at,
        receiver_name, receiver_post, decided_at, reason
     FROM archives_handovers
     WHERE {scope} AND id = $1";
    /// Dossiers that go to the archive together, with minutes.
    pub(crate) struct Handover {
        /// Id.
        id: Id<Handover>,
        /// The agency.
        agency: AgencyId,
        /// Year of its number.
        year: i64,
        /// Its number.
        number: i64,
        /// Where it stands.
        state: HandoverState,
        /// What is handed over, in a few words.
        block: String,
        /// The condition it is in.
        condition: String,
        /// Who hands over.
        giver: PersonId,
        /// Their name.
        giver_name: String,
        /// Their post.
        giver_post: String,
        /// When.
        offered_at: Instant,
        /// Who received it.
        receiver_name: String,
        /// Their post.
        receiver_post: String,
        /// When it was received or given back.
        decided_at: Option<Instant>,
        /// Why it was given back.
        reason: String,
    }
}

record! {
    "archives_destructions",
    "SELECT id, agency_id, year, number, state, proposed_at, proposed_by, decision, decided_on, decided_at,
        decided_by, reason, files
     FROM archives_destructions
     WHERE {scope} AND id = $1";
    /// Dossiers that are destroyed together, and the record of it.
    pub(crate) struct Destruction {
        /// Id.
        id: Id<Destruction>,
        /// The agency.
        agency: AgencyId,
        /// Year of its number.
        year: i64,
        /// Its number.
        number: i64,
        /// Where it stands.
        state: DestructionState,
        /// When it was proposed.
        proposed_at: Instant,
        /// By whom.
        proposed_by: String,
        /// Number and notation of the decision.
        decision: String,
        /// Its date.
        decided_on: Option<Date>,
        /// When it was carried out or refused.
        decided_at: Option<Instant>,
        /// By whom.
        decided_by: String,
        /// Why it was refused, or a remark.
        reason: String,
        /// How many files were destroyed.
        files: i64,
    }
}

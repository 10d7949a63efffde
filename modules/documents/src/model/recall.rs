//! The nouns of recall: what a sender asks, what a recipient is asked, what is left of a file.

use crate::model::{Incoming, Outgoing, Recipient};
use base::{AgencyId, Id, Instant, PersonId};
use kernel::{record, row, states};

states! {
    /// What is asked.
    pub enum Asks {
        /// The document back.
        Recall = "recall",
        /// The document back, from an agency that is no recipient any more.
        Removal = "removal",
        /// To take another version of it.
        Update = "update",
    }
}

states! {
    /// How far a request or a demand is.
    pub enum AskState {
        /// Waits for the recipient.
        Open = "open",
        /// 15.
        Granted = "granted",
        /// 16.
        Refused = "refused",
        /// There was nobody to ask: the document had not left.
        Withdrawn = "withdrawn",
    }
}

row! {
    /// What the agency asks of a recipient.
    pub struct Request {
        /// Id; travels with the request and comes back with the answer.
        id: Id<Request>,
        /// The document.
        outgoing: Id<Outgoing>,
        /// Whom.
        recipient: Id<Recipient>,
        /// The version that asks; one envelope asks many then, and their answers name it.
        version: Option<Id<Outgoing>>,
        /// What.
        kind: Asks,
        /// Why.
        reason: String,
        /// How far it is.
        state: AskState,
        /// Who asked.
        asked_by: String,
        /// The person; none when the system did.
        asked_person: Option<PersonId>,
        /// When.
        asked_at: Instant,
        /// Who answered.
        answered_by: String,
        /// When.
        answered_at: Option<Instant>,
        /// What they said.
        answer: String,
        /// Names of the agencies that hold a copy which was passed on, a line each.
        forwarded: String,
        /// The same as JSON of parties, to be told upwards; empty when nobody said.
        holders: String,
    }
}

record! {
    "documents_demands",
    "SELECT id, agency_id, incoming_id, kind, request, reason, asked_by, asked_at, version, state, answered_by,
        answered_at, answer
     FROM documents_demands
     WHERE {scope} AND id = $1";
    /// What the sender of a document asks of the agency.
    pub struct Demand {
        /// Id.
        id: Id<Demand>,
        /// The agency that is asked.
        agency: AgencyId,
        /// The document.
        incoming: Id<Incoming>,
        /// What.
        kind: Asks,
        /// The sender's id of its request.
        request: Option<uuid::Uuid>,
        /// Why.
        reason: String,
        /// Who asked.
        asked_by: String,
        /// When.
        asked_at: Instant,
        /// The other version of an update, JSON of `contracts::Document`.
        version: String,
        /// How far it is.
        state: AskState,
        /// Who answered.
        answered_by: String,
        /// When.
        answered_at: Option<Instant>,
        /// What they said.
        answer: String,
    }
}

row! {
    /// What is left of a file.
    pub struct Tombstone {
        /// Its role.
        role: String,
        /// Its name.
        name: String,
        /// What its bytes were.
        content_type: String,
        /// Its size in bytes.
        bytes: i64,
        /// SHA-256 of what it held.
        sha256: String,
        /// When it was destroyed.
        destroyed_at: Instant,
    }
}

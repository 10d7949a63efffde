//! Letters that came by e-mail.

use base::{AgencyId, Id, Instant};
use kernel::{record, states};

use super::Incoming;

states! {
    /// What became of a letter.
    pub(crate) enum LetterState {
        /// It is an incoming document, or its packets were read.
        Taken = "taken",
        /// It waits for a clerk to look at it.
        Aside = "aside",
        /// A clerk did not want it.
        Dropped = "dropped",
    }
}

record! {
    "documents_letters",
    "SELECT id, agency_id, from_address, from_name, subject, words, sent_at, arrived_at, state, reason, hash,
        incoming_id
     FROM documents_letters
     WHERE {scope} AND id = $1";
    /// A letter of the agency's mail box.
    pub(crate) struct Letter {
        /// Id.
        id: Id<Letter>,
        /// Whose mail box it lay in.
        agency: AgencyId,
        /// Address of the sender, as the letter says.
        from_address: String,
        /// Name of the sender, as the letter says.
        from_name: String,
        /// Its subject line.
        subject: String,
        /// Its words.
        words: String,
        /// When it was sent, as it says.
        sent_at: Option<Instant>,
        /// When it was fetched.
        arrived_at: Instant,
        /// What became of it.
        state: LetterState,
        /// Why it was set aside: a word; empty when it was not.
        reason: String,
        /// Hash of what it holds.
        hash: String,
        /// The document that was made of it.
        incoming: Option<Id<Incoming>>,
    }
}

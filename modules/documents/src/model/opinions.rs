//! Questions put to colleagues, and what each of them says.

use base::{AgencyId, Id, Instant, PersonId};
use kernel::{record, row, states};

states! {
    /// What somebody says to a question.
    pub enum OpinionAnswer {
        /// Yes.
        Agree = "agree",
        /// No.
        Disagree = "disagree",
        /// Something else, in words.
        Other = "other",
    }
}

record! {
    "documents_polls",
    "SELECT id, agency_id, subject, subject_path, question, asked_by, asked_name, asked_at, due, extended, closed_at,
        closed_by, conclusion
     FROM documents_polls
     WHERE {scope} AND id = $1";
    /// A question put to colleagues.
    pub struct Poll {
        /// Id.
        id: Id<Poll>,
        /// The agency.
        agency: AgencyId,
        /// What it is about: symbol and subject of a document; empty for none.
        subject: String,
        /// The page of that document; empty for none.
        subject_path: String,
        /// The question.
        question: String,
        /// Who asks.
        asked_by: PersonId,
        /// Their name.
        asked_name: String,
        /// Since when.
        asked_at: Instant,
        /// Until when.
        due: Instant,
        /// How often it was put off.
        extended: i64,
        /// When it was closed.
        closed_at: Option<Instant>,
        /// Who closed it.
        closed_by: String,
        /// What was concluded.
        conclusion: String,
    }
}

row! {
    /// One person's opinion.
    pub struct Opinion {
        /// Id.
        id: Id<Opinion>,
        /// The person asked.
        person: PersonId,
        /// Name.
        name: String,
        /// Title.
        title: String,
        /// `agree`, `disagree`, `other`, or empty.
        answer: String,
        /// In their words.
        words: String,
        /// When.
        answered_at: Option<Instant>,
        /// Who wrote it down, when it was a stand-in.
        answered_by: String,
        /// How often they were reminded.
        reminded: i64,
    }
}

impl Opinion {
    /// What was answered; `None` while it is open.
    pub(crate) fn said(&self) -> Option<OpinionAnswer> {
        OpinionAnswer::parse(&self.answer)
    }
}

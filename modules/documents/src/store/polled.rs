//! Statements of agencies that are asked by an issued document.

use crate::model::opinions::{Opinion, OpinionAnswer, Poll};
use crate::model::{Incoming, Outgoing, Recipient};
use crate::rights::OpinionAsk;
use crate::store::opinions;
use base::{AgencyId, Id, Instant, PersonId, Result};
use kernel::{Opened, Permission, Raw, Sql, Writer, q, row, values};

row! {
    /// An agency that is asked.
    pub(crate) struct Polled {
        /// Id.
        id: Id<Polled>,
        /// The document that asks.
        outgoing: Id<Outgoing>,
        /// The agency.
        to_agency: AgencyId,
        /// Its name.
        to_name: String,
        /// `agree`, `disagree`, `other`, or empty.
        answer: String,
        /// Symbol of its answer, or what was noted.
        words: String,
        /// The document it answered with.
        incoming: Option<Id<Incoming>>,
        /// When.
        answered_at: Option<Instant>,
        /// Who read the answer; empty while nobody has.
        answered_by: String,
    }
}

static OF: Sql =
    q!("SELECT id, outgoing_id, to_agency, to_name, answer, words, incoming_id, answered_at, answered_by
     FROM documents_polled
     WHERE {scope} AND poll_id = $1
     ORDER BY sort");
static INVITE: Sql = q!(
    "INSERT INTO documents_polled (id, agency_id, poll_id, outgoing_id, to_agency, to_code, to_name, sort, answer,
        words, answered_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '')"
);
static OPEN_OF: Sql = q!("SELECT p.poll_id
     FROM documents_polled p JOIN documents_polls q ON q.id = p.poll_id
     WHERE {scope:p} AND {scope:q} AND p.outgoing_id = $1 AND q.closed_at IS NULL
     LIMIT 1");
static WAITING: Sql = q!("SELECT p.id, p.poll_id
     FROM documents_polled p
     JOIN documents_polls q ON q.id = p.poll_id
     JOIN documents_outgoing o ON o.id = p.outgoing_id
     WHERE {scope:p} AND {scope:q} AND {scope:o} AND p.agency_id = $1 AND p.to_code = $2 AND o.document_id = $3
        AND q.closed_at IS NULL AND p.incoming_id IS NULL");
static CAME: Sql = q!("UPDATE documents_polled
     SET incoming_id = $2, answer = CASE answer WHEN '' THEN 'other' ELSE answer END,
        words = CASE words WHEN '' THEN $3 ELSE words END, answered_at = $4
     WHERE {scope} AND id = $1 AND incoming_id IS NULL");
static SET: Sql = q!("UPDATE documents_polled
     SET answer = $3, words = $4, answered_at = COALESCE(answered_at, $5), answered_by = $6
     WHERE {scope} AND id = $1 AND poll_id = $2");
static GONE: Sql = q!("UPDATE documents_polled
     SET incoming_id = NULL, answer = '', words = '', answered_at = NULL, answered_by = ''
     WHERE {scope} AND incoming_id = $1");

/// The agencies a question asks, in the order of the document's recipients.
pub(crate) fn of(cx: &Raw<'_>, poll: &Opened<Poll>) -> Result<Vec<Polled>> {
    cx.rows(&OF, values![poll.id])
}

/// What everybody says to a question: people first, then agencies, which are counted like them.
pub(crate) fn all_of(cx: &Raw<'_>, poll: &Opened<Poll>) -> Result<Vec<Opinion>> {
    let mut all = opinions::of(cx, poll)?;
    all.extend(of(cx, poll)?.into_iter().map(|one| Opinion {
        id: Id::of(one.id.uuid()),
        // Nobody is this person: an agency speaks by its documents.
        person: PersonId::of(uuid::Uuid::nil()),
        name: one.to_name,
        title: String::new(),
        answer: one.answer,
        words: one.words,
        answered_at: one.answered_at,
        answered_by: String::new(),
        reminded: 0,
    }));
    Ok(all)
}

/// The open question a document asks, if it asks one.
pub(crate) fn open_of(cx: &Raw<'_>, document: Id<Outgoing>) -> Result<Option<Id<Poll>>> {
    Ok(cx.row::<(Id<Poll>,)>(&OPEN_OF, values![document])?.map(|(id,)| id))
}

/// Enters an agency that is asked.
pub(crate) fn invite(
    cx: &mut Writer<'_, OpinionAsk>,
    poll: &Opened<Poll>,
    (to, sort): (&Recipient, i64),
) -> Result<()> {
    let id = cx.new_id::<Polled>();
    let values = values![id, poll.agency, poll.id, to.outgoing, to.to_agency, &to.to_code, &to.to_name, sort];
    cx.write(&INVITE, values).map(drop)
}

/// Open questions of an agency that wait for another one's answer to a document.
pub(crate) fn waiting(
    cx: &Raw<'_>,
    agency: AgencyId,
    (from_code, document_id): (&str, &str),
) -> Result<Vec<(Id<Polled>, Id<Poll>)>> {
    cx.rows(&WAITING, values![agency, from_code, document_id])
}

/// The answer of an agency has come; until somebody has read it, it counts as something else than yes or no.
pub(crate) fn came<P: Permission>(
    cx: &mut Writer<'_, P>,
    polled: Id<Polled>,
    document: &Incoming,
) -> Result<()> {
    let now = cx.now();
    cx.write_any(&CAME, values![polled, document.id, &document.symbol, now]).map(drop)
}

/// Notes what an agency says.
pub(crate) fn set(
    cx: &mut Writer<'_, OpinionAsk>,
    poll: &Opened<Poll>,
    polled: Id<Polled>,
    (answer, words): (OpinionAnswer, &str),
) -> Result<()> {
    let (now, by) = (cx.now(), cx.actor().name.clone());
    cx.write(&SET, values![polled, poll.id, answer, words, now, by]).map(drop)
}

/// An answer was sent back or asked back: it counts no more.
pub(crate) fn gone<P: Permission>(cx: &mut Writer<'_, P>, document: Id<Incoming>) -> Result<()> {
    cx.write_any(&GONE, values![document]).map(drop)
}

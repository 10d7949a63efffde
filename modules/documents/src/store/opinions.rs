//! Statements of questions and opinions.

use crate::model::opinions::{Opinion, OpinionAnswer, Poll};
use crate::rights::{OpinionAsk, OpinionGive};
use base::{AgencyId, Id, Instant, PersonId, Result};
use kernel::{Opened, Raw, Sql, Writer, q, row, values};

row! {
    /// A question in a list.
    pub(crate) struct PollLine {
        /// Id.
        id: Id<Poll>,
        /// The question.
        question: String,
        /// What it is about.
        subject: String,
        /// Who asks.
        asked_name: String,
        /// Since when.
        asked_at: Instant,
        /// Until when.
        due: Instant,
        /// When it was closed.
        closed_at: Option<Instant>,
        /// How many were asked.
        asked: i64,
        /// How many have answered.
        answered: i64,
    }
}

static LIST: Sql = q!("SELECT p.id, p.question, p.subject, p.asked_name, p.asked_at, p.due, p.closed_at,
        (SELECT count(*) FROM documents_opinions o WHERE {scope:o} AND o.poll_id = p.id),
        (SELECT count(*) FROM documents_opinions o WHERE {scope:o} AND o.poll_id = p.id AND o.answer <> '')
     FROM documents_polls p
     WHERE {scope:p} AND p.agency_id = $1 AND (p.asked_at, p.id) < ($2, $3)
     ORDER BY p.asked_at DESC, p.id DESC
     LIMIT $4");
static OPINIONS: Sql =
    q!("SELECT o.id, o.person_id, o.person_name, o.person_title, o.answer, o.words, o.answered_at,
        o.answered_by,
        (SELECT count(*) FROM documents_reminders r
         WHERE {scope:r} AND r.subject_id = o.poll_id AND r.person_id = o.person_id)
     FROM documents_opinions o
     WHERE {scope:o} AND o.poll_id = $1
     ORDER BY o.sort");
static ASK: Sql =
    q!("INSERT INTO documents_polls (id, agency_id, subject, subject_path, question, asked_by, asked_name,
        asked_at, due, extended, closed_by, conclusion)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, '', '')");
static INVITE: Sql =
    q!("INSERT INTO documents_opinions (id, agency_id, poll_id, person_id, person_name, person_title,
        sort, answer, words, answered_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', '')");
static ANSWER: Sql = q!("UPDATE documents_opinions
     SET answer = $3, words = $4, answered_at = $5, answered_by = $6
     WHERE {scope} AND poll_id = $1 AND person_id = $2");
static EXTEND: Sql = q!("UPDATE documents_polls
     SET due = $2, extended = extended + 1
     WHERE {scope} AND id = $1 AND closed_at IS NULL");
static CLOSE: Sql = q!("UPDATE documents_polls
     SET closed_at = $2, closed_by = $3, conclusion = $4
     WHERE {scope} AND id = $1 AND closed_at IS NULL");
/// Everything a question begins with.
#[derive(Debug)]
pub(crate) struct NewPoll<'a> {
    pub(crate) agency: AgencyId,
    pub(crate) subject: &'a str,
    pub(crate) subject_path: &'a str,
    pub(crate) question: &'a str,
    pub(crate) due: Instant,
}

/// Questions of an agency before a point, the newest first.
pub(crate) fn list(cx: &Raw<'_>, (before, id): (Instant, Id<Poll>), limit: i64) -> Result<Vec<PollLine>> {
    cx.rows(&LIST, values![cx.agency()?, before, id, limit])
}

/// What each person says to a question, in the order they were asked.
pub(crate) fn of(cx: &Raw<'_>, poll: &Opened<Poll>) -> Result<Vec<Opinion>> {
    cx.rows(&OPINIONS, values![poll.id])
}

/// Enters a question.
pub(crate) fn ask(
    cx: &mut Writer<'_, OpinionAsk>,
    new: &NewPoll<'_>,
    (person, name): (PersonId, &str),
) -> Result<Id<Poll>> {
    let (id, now) = (cx.new_id(), cx.now());
    let values =
        values![id, new.agency, new.subject, new.subject_path, new.question, person, name, now, new.due];
    cx.write(&ASK, values)?;
    Ok(id)
}

/// Enters somebody who is asked.
pub(crate) fn invite(
    cx: &mut Writer<'_, OpinionAsk>,
    (agency, poll, sort): (AgencyId, Id<Poll>, i64),
    (person, name, title): (PersonId, &str, &str),
) -> Result<()> {
    let id = cx.new_id::<Opinion>();
    cx.write(&INVITE, values![id, agency, poll, person, name, title, sort]).map(drop)
}

/// Keeps what a person says.
pub(crate) fn answer(
    cx: &mut Writer<'_, OpinionGive>,
    poll: &Opened<Poll>,
    person: PersonId,
    (answer, words, by): (OpinionAnswer, &str, &str),
) -> Result<()> {
    let now = cx.now();
    cx.write(&ANSWER, values![poll.id, person, answer, words, now, by]).map(drop)
}

/// Puts a question off.
pub(crate) fn extend(cx: &mut Writer<'_, OpinionAsk>, poll: &Opened<Poll>, due: Instant) -> Result<()> {
    cx.write(&EXTEND, values![poll.id, due]).map(drop)
}

/// Closes a question.
pub(crate) fn close(
    cx: &mut Writer<'_, OpinionAsk>,
    poll: &Opened<Poll>,
    (by, conclusion): (&str, &str),
) -> Result<()> {
    let now = cx.now();
    cx.write(&CLOSE, values![poll.id, now, by, conclusion]).map(drop)
}

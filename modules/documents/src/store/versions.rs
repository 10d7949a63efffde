//! Statements of versions and comments of drafts.

use crate::model::Outgoing;
use crate::rights::OutgoingDraft;
use base::{Id, Instant, PersonId, Result};
use kernel::{Opened, Raw, Sql, Writer, q, row, values};

row! {
    /// A kept version of a draft.
    pub(crate) struct Version {
        /// Its number.
        n: i64,
        /// Trích yếu.
        subject: String,
        /// The text.
        body: String,
        /// Who saved it.
        person: PersonId,
        /// Their name.
        person_name: String,
        /// True when it saved itself: the same person's next save continues it.
        auto: bool,
        /// When.
        at: Instant,
    }
}

row! {
    /// What somebody said of a draft.
    pub(crate) struct Comment {
        /// Id.
        id: Id<Comment>,
        /// Who.
        person_name: String,
        /// In what post.
        post: String,
        /// What.
        words: String,
        /// When.
        at: Instant,
        /// Who settled it.
        settled_by: Option<String>,
        /// When.
        settled_at: Option<Instant>,
    }
}

static ALL: Sql = q!("SELECT version, subject, body, person_id, person_name, auto, at
     FROM documents_versions
     WHERE {scope} AND outgoing_id = $1
     ORDER BY version DESC
     LIMIT 200");
static ADD: Sql = q!(
    "INSERT INTO documents_versions (id, agency_id, outgoing_id, version, subject, body, person_id, person_name,
        auto, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
);
static CONTINUE: Sql = q!("UPDATE documents_versions
     SET subject = $3, body = $4, auto = $5, at = $6
     WHERE {scope} AND outgoing_id = $1 AND version = $2 AND auto = 1");
static COMMENTS: Sql = q!("SELECT c.id, c.person_name, c.post, c.words, c.at, s.by_name, s.at
     FROM documents_comments c
     LEFT JOIN documents_settled s ON s.comment_id = c.id AND {scope:s}
     WHERE {scope:c} AND c.outgoing_id = $1
     ORDER BY c.at, c.id
     LIMIT 500");
static COMMENT: Sql =
    q!("INSERT INTO documents_comments (id, agency_id, outgoing_id, person_name, post, words, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)");

static SETTLE: Sql = q!("INSERT INTO documents_settled (comment_id, agency_id, by_name, at)
     VALUES ($1, $2, $3, $4)");

/// The versions of a draft, newest first.
pub(crate) fn all(cx: &Raw<'_>, draft: Id<Outgoing>) -> Result<Vec<Version>> {
    cx.rows(&ALL, values![draft])
}

/// Keeps a new version.
pub(crate) fn add(
    cx: &mut Writer<'_, OutgoingDraft>,
    draft: &Opened<Outgoing>,
    (version, auto): (i64, bool),
    (subject, body): (&str, &str),
) -> Result<()> {
    let (id, now, person) = (cx.new_id::<Version>(), cx.now(), cx.person()?);
    let name = cx.actor().name.clone();
    cx.write(&ADD, values![id, draft.agency, draft.id, version, subject, body, person, name, auto, now])
        .map(drop)
}

/// Writes on in a version that saved itself.
pub(crate) fn go_on(
    cx: &mut Writer<'_, OutgoingDraft>,
    draft: &Opened<Outgoing>,
    (version, auto): (i64, bool),
    (subject, body): (&str, &str),
) -> Result<()> {
    let now = cx.now();
    cx.write(&CONTINUE, values![draft.id, version, subject, body, auto, now]).map(drop)
}

/// What was said of a draft, oldest first.
pub(crate) fn comments(cx: &Raw<'_>, draft: Id<Outgoing>) -> Result<Vec<Comment>> {
    cx.rows(&COMMENTS, values![draft])
}

/// Says something of a draft.
pub(crate) fn comment(
    cx: &mut Writer<'_, OutgoingDraft>,
    draft: &Opened<Outgoing>,
    words: &str,
) -> Result<()> {
    let (id, now) = (cx.new_id::<Comment>(), cx.now());
    let (name, post) = (cx.actor().name.clone(), cx.actor().post.clone());
    cx.write(&COMMENT, values![id, draft.agency, draft.id, name, post, words, now]).map(drop)
}

/// Says of a remark that it is settled.
pub(crate) fn settle(
    cx: &mut Writer<'_, OutgoingDraft>,
    draft: &Opened<Outgoing>,
    comment: Id<Comment>,
) -> Result<()> {
    let (now, by) = (cx.now(), cx.actor().name.clone());
    cx.write(&SETTLE, values![comment, draft.agency, by, now]).map(drop)
}

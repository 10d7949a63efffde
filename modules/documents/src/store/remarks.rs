//! Statements of what is said of incoming documents.

use crate::model::Incoming;
use crate::rights::IncomingComment;
use base::{Id, Instant, PersonId, Result};
use kernel::{Opened, Permission, Raw, Sql, Writer, q, row, values};

row! {
    /// What somebody said.
    pub(crate) struct Remark {
        /// Who.
        person: PersonId,
        /// Their name.
        person_name: String,
        /// In what post.
        post: String,
        /// What; empty once the document was given back.
        words: String,
        /// When.
        at: Instant,
    }
}

static OF: Sql = q!("SELECT person_id, person_name, post, words, at
     FROM documents_remarks
     WHERE {scope} AND incoming_id = $1
     ORDER BY at, id
     LIMIT 500");
static SAY: Sql =
    q!("INSERT INTO documents_remarks (id, agency_id, incoming_id, person_id, person_name, post, words, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
static EMPTY: Sql = q!("UPDATE documents_remarks SET words = '' WHERE {scope} AND incoming_id = $1");

/// What was said of a document, oldest first.
pub(crate) fn of(cx: &Raw<'_>, document: Id<Incoming>) -> Result<Vec<Remark>> {
    cx.rows(&OF, values![document])
}

/// Says something.
pub(crate) fn say(
    cx: &mut Writer<'_, IncomingComment>,
    document: &Opened<Incoming>,
    words: &str,
) -> Result<()> {
    let (id, now, person) = (cx.new_id::<Remark>(), cx.now(), cx.person()?);
    let (name, post) = (cx.actor().name.clone(), cx.actor().post.clone());
    cx.write(&SAY, values![id, document.agency, document.id, person, name, post, words, now]).map(drop)
}

/// Takes the words away: they may repeat what was given back.
pub(crate) fn empty<P: Permission>(cx: &mut Writer<'_, P>, document: &Opened<Incoming>) -> Result<()> {
    cx.write_any(&EMPTY, values![document.id]).map(drop)
}

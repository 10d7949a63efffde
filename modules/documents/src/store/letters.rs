//! Statements about letters that came by e-mail.

use crate::model::Incoming;
use crate::model::letters::{Letter, LetterState};
use base::{AgencyId, Date, Id, Instant, Result};
use kernel::{Opened, Permission, Raw, Sql, Writer, q, row, values};

/// What a letter is entered with.
#[derive(Debug)]
pub(crate) struct NewLetter<'a> {
    pub(crate) message_id: &'a str,
    pub(crate) hash: &'a str,
    pub(crate) from_address: &'a str,
    pub(crate) from_name: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) words: &'a str,
    pub(crate) sent_at: Option<Instant>,
    pub(crate) reason: &'a str,
}

row! {
    /// A letter that is here under the same Message-ID.
    pub(crate) struct Known {
        /// Hash of what it holds.
        hash: String,
    }
}

static ADD: Sql = q!(
    "INSERT INTO documents_letters (id, agency_id, message_id, hash, from_address, from_name, subject, words,
        sent_at, arrived_at, state, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
);
static KNOWN: Sql =
    q!("SELECT hash FROM documents_letters WHERE {scope} AND agency_id = $1 AND message_id = $2");
static SETTLE: Sql = q!("UPDATE documents_letters SET state = $2, incoming_id = $3
     WHERE {scope} AND id = $1 AND state = $4");
static ASIDE: Sql = q!(
    "SELECT id, agency_id, from_address, from_name, subject, words, sent_at, arrived_at, state, reason, hash,
        incoming_id
     FROM documents_letters
     WHERE {scope} AND state = 'aside'
     ORDER BY arrived_at DESC, id DESC
     LIMIT 200"
);
static COMPLETE: Sql =
    q!("UPDATE documents_incoming SET symbol = $2, promulgated = $3, type_name = $4, subject = $5,
        from_name = $6, signer_name = $7, signer_position = $8, duplicate_of = $9
     WHERE {scope} AND id = $1 AND status = 'arrived' AND source = 'mail' AND symbol = ''");

/// Enters a letter.
///
/// # Errors
/// What the database reports.
pub(crate) fn add<P: Permission>(
    cx: &mut Writer<'_, P>,
    (agency, state): (AgencyId, LetterState),
    new: &NewLetter<'_>,
) -> Result<Id<Letter>> {
    let (id, now) = (cx.new_id::<Letter>(), cx.now());
    let row = values![
        id,
        agency,
        new.message_id,
        new.hash,
        new.from_address,
        new.from_name,
        new.subject,
        new.words,
        new.sent_at,
        now,
        state,
        new.reason
    ];
    cx.write(&ADD, row)?;
    Ok(id)
}

/// Letters under one Message-ID.
pub(crate) fn known(cx: &Raw<'_>, agency: AgencyId, message_id: &str) -> Result<Vec<Known>> {
    cx.rows(&KNOWN, values![agency, message_id])
}

/// Says what became of a letter.
pub(crate) fn settle<P: Permission>(
    cx: &mut Writer<'_, P>,
    letter: &Opened<Letter>,
    (state, incoming): (LetterState, Option<Id<Incoming>>),
) -> Result<()> {
    cx.write(&SETTLE, values![letter.id, state, incoming, letter.state]).map(drop)
}

/// Letters that wait for a clerk, newest first.
pub(crate) fn aside(cx: &Raw<'_>) -> Result<Vec<Letter>> {
    cx.rows(&ASIDE, &[])
}

/// What a clerk reads off the paper in a letter.
#[derive(Debug)]
pub(crate) struct Completed<'a> {
    pub(crate) symbol: &'a str,
    pub(crate) promulgated: Date,
    pub(crate) type_name: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) from_name: &'a str,
    pub(crate) signer_name: &'a str,
    pub(crate) signer_position: &'a str,
    pub(crate) duplicate_of: Option<Id<Incoming>>,
}

/// Completes a document that came by e-mail.
pub(crate) fn complete<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Incoming>,
    with: &Completed<'_>,
) -> Result<()> {
    let row = values![
        document.id,
        with.symbol,
        with.promulgated,
        with.type_name,
        with.subject,
        with.from_name,
        with.signer_name,
        with.signer_position,
        with.duplicate_of
    ];
    cx.write(&COMPLETE, row).map(drop)
}

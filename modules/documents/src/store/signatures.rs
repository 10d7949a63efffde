//! Statements of signed documents, and of what signatures were found to be worth.

use crate::model::{Incoming, Outgoing, SignatureVerdict};
use crate::rights::OutgoingApprove;
use crate::store::outgoing::Issued;
use base::{AgencyId, Id, Instant, Result};
use contracts::signing::{Signed, VerifyTold};
use kernel::{Opened, Permission, Raw, Sql, System, Writer, q, row, values};

row! {
    /// A document as its leader signed it.
    pub(crate) struct SignedCopy {
        /// Its name in the store.
        sha256: String,
        /// The stored file it was made of; empty for what was printed.
        made_of: String,
        /// Who signed.
        by: String,
        /// When.
        at: Instant,
    }
}
row! {
    /// What the signatures of a file are worth.
    pub(crate) struct Verdict {
        /// The file.
        sha256: String,
        /// In one word.
        state: SignatureVerdict,
        /// JSON of `contracts::signing::VerifyTold`.
        told: String,
        /// When it was judged.
        at: Instant,
    }
}

static KEEP: Sql =
    q!("INSERT INTO documents_signed (id, agency_id, outgoing_id, sha256, made_of, bytes, signed_by,
        signed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
static LIVE: Sql = q!("SELECT sha256, made_of, signed_by, signed_at
     FROM documents_signed
     WHERE {scope} AND outgoing_id = $1 AND ended_at IS NULL
     ORDER BY signed_at DESC
     LIMIT 1");
static MADE_OF: Sql = q!("SELECT made_of
     FROM documents_signed
     WHERE {scope} AND outgoing_id = $1
     ORDER BY signed_at DESC
     LIMIT 1");
static END: Sql = q!("UPDATE documents_signed SET ended_at = $2
     WHERE {scope} AND outgoing_id = $1 AND ended_at IS NULL
     RETURNING sha256");
static NUMBER: Sql = q!("UPDATE documents_outgoing
     SET series = $2, number_year = $3, number = $4, symbol = $5, promulgated = $6, document_id = $7
     WHERE {scope} AND id = $1 AND status = 'to_issue'");
static JUDGED: Sql = q!("INSERT INTO documents_verdicts (id, agency_id, sha256, state, told, checked_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (agency_id, sha256) DO UPDATE SET state = $4, told = $5, checked_at = $6");
static VERDICT: Sql = q!("SELECT sha256, state, told, checked_at
     FROM documents_verdicts
     WHERE {scope} AND agency_id = $1 AND sha256 = $2");
static MARK: Sql = q!("UPDATE documents_incoming SET signature = $2
     WHERE {scope} AND id = $1 AND signature <> $2");

/// A signed copy stays in the store until it has ended.
pub(crate) static HELD: Sql =
    q!("SELECT sha256 FROM documents_signed WHERE {scope} AND sha256 = $1 AND ended_at IS NULL LIMIT 1");

/// Keeps what a leader signed.
pub(crate) fn keep(
    cx: &mut Writer<'_, OutgoingApprove>,
    draft: &Opened<Outgoing>,
    file: &Signed,
) -> Result<()> {
    let (id, now, by) = (cx.new_id::<Signed>(), cx.now(), cx.actor().name.clone());
    let values = values![id, draft.agency, draft.id, &file.sha256, &file.made_of, file.bytes, by, now];
    cx.write(&KEEP, values).map(drop)
}

/// What a leader signed and the agency has not sealed yet.
pub(crate) fn live(cx: &Raw<'_>, document: Id<Outgoing>) -> Result<Option<SignedCopy>> {
    cx.row(&LIVE, values![document])
}

/// The stored file the signed document was made of; empty when it was printed, or never signed.
pub(crate) fn made_of(cx: &Raw<'_>, document: Id<Outgoing>) -> Result<String> {
    Ok(cx.row::<(String,)>(&MADE_OF, values![document])?.map(|(made_of,)| made_of).unwrap_or_default())
}

/// The signed copy has ended: sealed, or void because the document goes back. Answers the files to let go of.
pub(crate) fn end<P: Permission>(cx: &mut Writer<'_, P>, document: Id<Outgoing>) -> Result<Vec<String>> {
    let now = cx.now();
    let ended: Vec<(String,)> = cx.write_returning_all(&END, values![document, now])?;
    Ok(ended.into_iter().map(|(sha256,)| sha256).collect())
}

/// Number and date of a document that was signed with them.
pub(crate) fn number(
    cx: &mut Writer<'_, OutgoingApprove>,
    draft: &Opened<Outgoing>,
    issued: &Issued,
) -> Result<()> {
    cx.write(
        &NUMBER,
        values![
            draft.id,
            issued.series,
            i64::from(issued.year),
            issued.n,
            &issued.symbol,
            issued.day,
            &issued.document_id
        ],
    )
    .map(drop)
}

/// Keeps what was found of a file.
pub(crate) fn judged(
    cx: &mut Writer<'_, System>,
    agency: AgencyId,
    (told, json): (&VerifyTold, &str),
) -> Result<()> {
    let (id, now) = (cx.new_id::<Verdict>(), cx.now());
    cx.write(&JUDGED, values![id, agency, &told.sha256, &told.state, json, now]).map(drop)
}

/// What was found of a file.
pub(crate) fn verdict(cx: &Raw<'_>, agency: AgencyId, sha256: &str) -> Result<Option<Verdict>> {
    cx.row(&VERDICT, values![agency, sha256])
}

/// Keeps with a document what was found of its files together. Answers true when that is news.
pub(crate) fn mark(
    cx: &mut Writer<'_, System>,
    document: &Opened<Incoming>,
    state: SignatureVerdict,
) -> Result<bool> {
    Ok(cx.write_any(&MARK, values![document.id, state])? > 0)
}

//! Statements of what is in a dossier.

use crate::model::{Dossier, Entry, EntryKind};
use crate::rights::DossierKeep;
use base::{Date, Id, Instant, Result};
use kernel::{Opened, Raw, Sql, Writer, q, row, values};
use uuid::Uuid;

row! {
    /// A dossier a document lies in.
    pub(crate) struct LiesIn {
        /// The dossier.
        dossier: Id<Dossier>,
    }
}

static OF: Sql = q!("SELECT id, agency_id, dossier_id, kind, document_id, code, symbol, dated, type_name, subject,
        author, signer_position, signer_name, pages, urgency, arrival_number, arrived_at, due, files, note, path,
        ordinal, added_at, added_name
     FROM archives_entries
     WHERE {scope} AND dossier_id = $1 AND removed_at IS NULL
     ORDER BY dated, COALESCE(arrived_at, added_at), id");
static DOSSIERS_OF: Sql = q!("SELECT dossier_id
     FROM archives_entries
     WHERE {scope} AND document_id = $1 AND removed_at IS NULL
     ORDER BY added_at");
static ADD: Sql = q!("INSERT INTO archives_entries (id, agency_id, dossier_id, kind, document_id, code, symbol,
        dated, type_name, subject, author, signer_position, signer_name, pages, urgency, arrival_number, arrived_at,
        due, files, note, path, added_at, added_name)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        $23)");
static REMOVE: Sql = q!("UPDATE archives_entries SET removed_at = $2
     WHERE {scope} AND id = $1 AND removed_at IS NULL");
static NUMBER: Sql = q!("UPDATE archives_entries SET ordinal = $2 WHERE {scope} AND id = $1");

/// What is in a dossier, in the order in which it came about.
pub(crate) fn of(cx: &Raw<'_>, dossier: Id<Dossier>) -> Result<Vec<Entry>> {
    cx.rows(&OF, values![dossier])
}

/// The dossiers a document lies in.
pub(crate) fn dossiers_of(cx: &Raw<'_>, document: Uuid) -> Result<Vec<Id<Dossier>>> {
    Ok(cx.rows::<LiesIn>(&DOSSIERS_OF, values![document])?.into_iter().map(|one| one.dossier).collect())
}

/// What is known of a document when it is filed.
#[derive(Debug, Clone)]
pub(crate) struct New {
    pub(crate) kind: EntryKind,
    pub(crate) document: Uuid,
    pub(crate) code: String,
    pub(crate) symbol: String,
    pub(crate) dated: Date,
    pub(crate) type_name: String,
    pub(crate) subject: String,
    pub(crate) author: String,
    pub(crate) signer: (String, String),
    pub(crate) pages: i64,
    pub(crate) urgency: i64,
    pub(crate) arrival: (Option<i64>, Option<Instant>),
    pub(crate) due: Option<Date>,
    pub(crate) files: i64,
    pub(crate) note: String,
    pub(crate) path: String,
}

/// Puts a document into a dossier, under the id it is given.
pub(crate) fn add(
    cx: &mut Writer<'_, DossierKeep>,
    dossier: &Opened<Dossier>,
    id: Id<Entry>,
    new: &New,
) -> Result<()> {
    let (now, name) = (cx.now(), cx.actor().name.clone());
    cx.write(
        &ADD,
        values![
            id,
            dossier.agency,
            dossier.id,
            new.kind,
            new.document,
            &new.code,
            &new.symbol,
            new.dated,
            &new.type_name,
            &new.subject,
            &new.author,
            &new.signer.0,
            &new.signer.1,
            new.pages,
            new.urgency,
            new.arrival.0,
            new.arrival.1,
            new.due,
            new.files,
            &new.note,
            &new.path,
            now,
            name
        ],
    )
    .map(drop)
}

/// Takes an entry out; the row stays.
pub(crate) fn remove(cx: &mut Writer<'_, DossierKeep>, entry: &Opened<Entry>) -> Result<()> {
    let now = cx.now();
    cx.write(&REMOVE, values![entry.id, now]).map(drop)
}

/// Gives every entry of a closing dossier its number.
pub(crate) fn number(
    cx: &mut Writer<'_, DossierKeep>,
    _closing: &Opened<Dossier>,
    entries: &[Entry],
) -> Result<()> {
    for (ordinal, entry) in (1_i64..).zip(entries) {
        cx.write(&NUMBER, values![entry.id, ordinal])?;
    }
    Ok(())
}

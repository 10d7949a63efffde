//! Statements of files that stand for the words of a draft.

use crate::model::Outgoing;
use crate::rights::OutgoingDraft;
use base::{Id, Instant, Result};
use kernel::{Opened, Raw, Sql, Writer, q, row, values};
use platform::files::FileOf;

row! {
    /// A file of another editor that stands for the words.
    pub(crate) struct BodyFile {
        /// The file of the draft it is.
        file: Id<FileOf>,
        /// Its name, for show.
        name: String,
        /// How many pages it has.
        pages: i64,
        /// Who brought it.
        by_name: String,
        /// When.
        at: Instant,
        /// From which version on.
        since_version: i64,
        /// The first version it no longer stands for.
        until_version: Option<i64>,
    }
}

static OF: Sql = q!("SELECT file_id, name, pages, by_name, at, since_version, until_version
     FROM documents_bodies
     WHERE {scope} AND outgoing_id = $1
     ORDER BY since_version DESC, at DESC
     LIMIT 200");
static ADD: Sql = q!(
    "INSERT INTO documents_bodies (id, agency_id, outgoing_id, file_id, name, pages, by_name, at, since_version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
);
static END: Sql = q!("UPDATE documents_bodies SET until_version = $2
     WHERE {scope} AND outgoing_id = $1 AND until_version IS NULL");

/// All there ever were, the newest first.
pub(crate) fn of(cx: &Raw<'_>, document: Id<Outgoing>) -> Result<Vec<BodyFile>> {
    cx.rows(&OF, values![document])
}

/// A file stands for the words from a version on.
pub(crate) fn begin(
    cx: &mut Writer<'_, OutgoingDraft>,
    draft: &Opened<Outgoing>,
    (file, pages): (&FileOf, i64),
    version: i64,
) -> Result<()> {
    end(cx, draft, version)?;
    let (id, now, by) = (cx.new_id::<BodyFile>(), cx.now(), cx.actor().name.clone());
    cx.write(&ADD, values![id, draft.agency, draft.id, file.id, &file.name, pages, by, now, version])
        .map(drop)
}

/// From a version on the words count again. Answers whether a file stood for them.
pub(crate) fn end(
    cx: &mut Writer<'_, OutgoingDraft>,
    draft: &Opened<Outgoing>,
    version: i64,
) -> Result<bool> {
    Ok(cx.write_any(&END, values![draft.id, version])? > 0)
}

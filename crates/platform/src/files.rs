//! Files that belong to a thing. Their bytes are in the content-addressed store, once, however many
//! things hold them.

use base::form::Upload;
use base::{AgencyId, Id, Instant, Result};
use kernel::{Permission, Raw, Sql, Writer, q, row, values};

row! {
    /// A file of a thing.
    pub struct FileOf {
        /// Id.
        id: Id<FileOf>,
        /// Agency that holds it.
        agency: AgencyId,
        /// The thing.
        subject: uuid::Uuid,
        /// `main`, `annex` or `scan`.
        role: String,
        /// Its name, for show.
        name: String,
        /// What its bytes are.
        content_type: String,
        /// Size in bytes.
        bytes: i64,
        /// SHA-256: its name in the store.
        sha256: String,
        /// Place in the list.
        sort: i64,
        /// Since when.
        added_at: Instant,
    }
}

static ADD: Sql = q!(
    "INSERT INTO platform_files (id, agency_id, subject_id, role, name, content_type, bytes, sha256, sort,
        added_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
);
static OF: Sql =
    q!("SELECT id, agency_id, subject_id, role, name, content_type, bytes, sha256, sort, added_at
     FROM platform_files
     WHERE {scope} AND subject_id = $1
     ORDER BY sort, added_at");
static ONE: Sql =
    q!("SELECT id, agency_id, subject_id, role, name, content_type, bytes, sha256, sort, added_at
     FROM platform_files
     WHERE {scope} AND id = $1 AND subject_id = $2");

/// Adds an uploaded file to a thing.
///
/// # Errors
/// What the database reports.
pub fn add<P: Permission, N: ?Sized>(
    cx: &mut Writer<'_, P>,
    (agency, subject): (AgencyId, Id<N>),
    (role, sort): (&str, i64),
    file: &Upload,
) -> Result<()> {
    let (id, now) = (cx.new_id::<FileOf>(), cx.now());
    cx.write(
        &ADD,
        values![
            id,
            agency,
            subject,
            role,
            &file.name,
            &file.content_type,
            file.bytes,
            &file.sha256,
            sort,
            now
        ],
    )
    .map(drop)
}

/// The files of a thing, the document itself first.
///
/// # Errors
/// What the database reports.
pub fn of<N: ?Sized>(cx: &Raw<'_>, subject: Id<N>) -> Result<Vec<FileOf>> {
    cx.rows(&OF, values![subject])
}

/// One file of a thing the actor has opened.
///
/// # Errors
/// `NotFound` when the thing has no such file.
pub fn one<N: ?Sized>(cx: &Raw<'_>, subject: Id<N>, file: Id<FileOf>) -> Result<FileOf> {
    cx.one(&ONE, values![file, subject])
}
